/* SPDX-License-Identifier: MIT
 *
 * expand - what is put into a template comes from data files, from the service
 * or from chance: it is escaped here, so that it stays one string, one path
 * segment or one line. */
#include "config.h"

#include "load/expand.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "base/wall.h"
#include "load/feeder.h"
#include "plan/table.h"

/* NULL: there is no row left. */
static const char *expand_cell(const struct expand *x,
                               const struct value_part *p)
{
    const struct plan_data *d;
    uint32_t row;

    MUST(p->index < x->plan->n_data && x->rows != NULL);
    d = &x->plan->data[p->index];
    row = x->rows[d->feed];
    return row != FEEDER_NONE ? table_cell(d->table, row, p->column) : NULL;
}

/* The text of a part before escaping, in tmp unless it stands elsewhere; NULL:
 * a variable or data without value. */
static const char *expand_text(struct expand *x, const struct value_part *p,
                               char *tmp, size_t size)
{
    const struct plan_data *d;

    tmp[0] = '\0';
    switch (p->kind) {
    case VALUE_LITERAL:
    case VALUE_FILE:
        break;
    case VALUE_DATA:
        MUST(p->index < x->plan->n_data);
        d = &x->plan->data[p->index];
        return d->values[rng_range(x->rng, 0, d->n - 1)];
    case VALUE_COLUMN:
        return expand_cell(x, p);
    case VALUE_VU:
        (void)snprintf(tmp, size, "%" PRIu32, x->vu);
        return tmp;
    case VALUE_ITER:
        (void)snprintf(tmp, size, "%" PRIu64, x->iter);
        return tmp;
    case VALUE_UUID:
        rng_uuid(x->rng, tmp);
        return tmp;
    case VALUE_VU_UUID:
        return x->uuid;
    case VALUE_RANDOM:
        /* Unsigned, so that a range over all of int64 does not overflow. */
        (void)snprintf(
            tmp, size, "%" PRId64,
            (int64_t)((uint64_t)p->lo +
                      rng_range(x->rng, 0, (uint64_t)p->hi - (uint64_t)p->lo)));
        return tmp;
    case VALUE_TIMESTAMP:
        (void)snprintf(tmp, size, "%" PRId64, wall_now().us / 1000);
        return tmp;
    case VALUE_VAR:
        MUST(p->index < x->plan->n_vars);
        return x->vars != NULL ? x->vars[p->index] : NULL;
    }
    MUST(!"a kind of value");
    return NULL;
}

static bool expand_part(struct expand *x, const struct value_part *p,
                        struct buf *out, bool *put)
{
    char tmp[64];
    const char *s = expand_text(x, p, tmp, sizeof tmp);
    size_t n;

    if (s == NULL) {
        if (p->kind == VALUE_COLUMN) {
            (void)snprintf(x->why, sizeof x->why, "'%s' has no row left",
                           x->plan->data[p->index].name);
        } else {
            (void)snprintf(x->why, sizeof x->why, "'%s' has no value",
                           x->plan->vars[p->index]);
        }
        return false;
    }
    n = strlen(s);
    if (p->escape == ESCAPE_LINE && strpbrk(s, "\r\n") != NULL) {
        /* Without it it would be another value, and nobody would know. */
        (void)snprintf(
            x->why, sizeof x->why,
            "'%.80s' has a line break, which no header and no URL can "
            "have",
            p->kind == VALUE_VAR ? x->plan->vars[p->index]
                                 : x->plan->data[p->index].name);
        return false;
    }
    if (p->number && !value_is_number(s, n)) {
        (void)snprintf(x->why, sizeof x->why, "'%.60s' is not a number", s);
        return false;
    }
    if (n > 0) {
        *put = true;
    }
    value_escape(out, p->escape, s, n);
    return true;
}

bool expand_value(struct expand *x, const struct value *v, struct buf *out,
                  bool *blank)
{
    bool any = false, put = false;

    for (size_t i = 0; i < v->n; i++) {
        const struct value_part *p = &v->parts[i];

        if (p->kind == VALUE_LITERAL) {
            buf_add(out, p->text, p->len);
            continue;
        }
        if (p->kind == VALUE_FILE) {
            MUST(p->index < x->plan->n_files);
            buf_add(out, x->plan->files[p->index].data,
                    x->plan->files[p->index].n);
            continue;
        }
        any = true;
        if (!expand_part(x, p, out, &put)) {
            return false;
        }
    }
    if (blank != NULL) {
        *blank = any && !put;
    }
    if (out->cut) {
        (void)snprintf(x->why, sizeof x->why, "larger than %zu bytes",
                       out->max);
        return false;
    }
    return true;
}
