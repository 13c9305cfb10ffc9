/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "plan_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/xalloc.h"

#define PLAN_TEXT_SHOWN_MAX 65536

struct plan *plan_text_with(const char *text, const struct plan_input *in)
{
    struct plan_errors errors = {.n = 0};
    struct plan *p = plan_parse(text, strlen(text), in, &errors);

    if (p == NULL) {
        fail_msg("%s %s", errors.list[0].where, errors.list[0].text);
    }
    assert_int_equal(errors.n, 0);
    plan_errors_clear(&errors);
    return p;
}

struct plan *plan_text(const char *text)
{
    struct plan_input in = {.file = "test.json"};

    return plan_text_with(text, &in);
}

struct plan *plan_text_of(const char *members)
{
    char *text = xasprintf("{ %s, \"scenarios\": { \"s\": { \"executor\": "
                           "\"constant-vus\", \"duration\": \"1s\" } } }",
                           members);
    struct plan *p = plan_text(text);

    free(text);
    return p;
}

static void plan_text_part(struct buf *out, const struct value_part *p)
{
    static const char *const names[] = {
        [VALUE_DATA] = "data",           [VALUE_VU] = "vu",
        [VALUE_ITER] = "iter",           [VALUE_UUID] = "uuid",
        [VALUE_VU_UUID] = "vu.uuid",     [VALUE_RANDOM] = "random",
        [VALUE_TIMESTAMP] = "timestamp", [VALUE_VAR] = "var",
        [VALUE_COLUMN] = "column",       [VALUE_FILE] = "file",
    };

    if (p->kind == VALUE_LITERAL) {
        (void)buf_add(out, p->text, p->len);
        return;
    }
    (void)buf_addf(out, "%s%s<%s", p->number ? "#" : "",
                   p->escape == ESCAPE_URL ? "%" : "", names[p->kind]);
    if (p->kind == VALUE_DATA || p->kind == VALUE_VAR) {
        (void)buf_addf(out, " %u", (unsigned)p->index);
    } else if (p->kind == VALUE_RANDOM) {
        (void)buf_addf(out, " %lld %lld", (long long)p->lo, (long long)p->hi);
    }
    (void)buf_addc(out, '>');
}

char *plan_text_value(const struct value *v)
{
    struct buf out;

    buf_init(&out, PLAN_TEXT_SHOWN_MAX);
    for (size_t i = 0; i < v->n; i++) {
        plan_text_part(&out, &v->parts[i]);
    }
    return buf_take(&out);
}
