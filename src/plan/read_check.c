/* SPDX-License-Identifier: MIT
 *
 * read_check - the checks of a request. */
#include "config.h"

#include "plan/read.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/regexp.h"
#include "base/xalloc.h"
#include "plan/compile.h"

#define CHECK_LENGTH_MAX (UINT64_C(1) << 20)
#define CHECK_COUNT_MAX  UINT64_C(1000000)

static const char *const check_types[] = {
    [JSON_STRING] = "string",   [JSON_NUMBER] = "number",
    [JSON_BOOLEAN] = "boolean", [JSON_ARRAY] = "array",
    [JSON_OBJECT] = "object",   [JSON_NULL] = "null",
};

/* A string member that is known before the run, owned by the caller, or NULL:
 * not there or wrong (reported). */
static char *check_text(struct reader *r, const cJSON *v, const char *key)
{
    const char *s = NULL;
    char *out = NULL;

    if (reader_m_string(r, v, key, &s)) {
        size_t mark = reader_enter(r, key);

        if (*s == '\0') {
            reader_fail(r, "expected some text, not an empty string");
        } else {
            out = compile_settled(r, s);
        }
        reader_leave(r, mark);
    }
    return out;
}

struct regexp *read_regexp(struct reader *r, const cJSON *v, const char *key)
{
    char *pattern = check_text(r, v, key);
    struct regexp *regexp = NULL;
    struct err e = ERR_INIT;

    if (pattern != NULL) {
        regexp = regexp_new(pattern, &e);
        if (regexp == NULL) {
            reader_fail_member(r, key, "'%.120s' is no pattern: %s", pattern,
                               e.text);
        }
    }
    free(pattern);
    return regexp;
}

/* Env variables in the strings of a value to compare with. Recursion is bounded
 * by JSON_DEPTH_MAX. */
static void check_settle(struct reader *r, cJSON *v)
{
    cJSON *m;
    char *s;

    if (cJSON_IsString(v) && strchr(v->valuestring, '$') != NULL) {
        s = compile_settled(r, v->valuestring);
        if (s != NULL) {
            (void)cJSON_SetValuestring(v, s);
        }
        free(s);
    }
    if (cJSON_IsObject(v) || cJSON_IsArray(v)) {
        cJSON_ArrayForEach(m, v)
        {
            check_settle(r, m);
        }
    }
}

static void check_type(struct reader *r, const cJSON *v, struct check *c)
{
    const char *s = NULL;
    char hint[256];

    if (!reader_m_string(r, v, "type", &s)) {
        return;
    }
    for (size_t i = JSON_STRING; i <= JSON_NULL; i++) {
        if (strcmp(s, check_types[i]) == 0) {
            c->json_type = (enum json_type)i;
            return;
        }
    }
    reader_fail_member(r, "type", "'%.120s' is no JSON type%s", s,
                       reader_hint(hint, sizeof hint, s,
                                   check_types + JSON_STRING,
                                   JSON_NULL - JSON_STRING + 1));
}

static void check_json(struct reader *r, const cJSON *v, struct check *c)
{
    const cJSON *equals = reader_get(v, "equals");
    const char *pointer = NULL;

    if (reader_m_pointer(r, v, "json", &pointer)) {
        c->json = xstrdup(pointer);
    }
    check_type(r, v, c);
    (void)reader_m_u64(r, v, "min_length", 0, CHECK_LENGTH_MAX,
                       &c->json_min_length);
    if (equals != NULL) {
        size_t mark = reader_enter(r, "equals");

        c->json_equals = cJSON_Duplicate(equals, true);
        check_settle(r, c->json_equals);
        reader_leave(r, mark);
    }
}

static void check_header(struct reader *r, const cJSON *v, struct check *c)
{
    const cJSON *equals = reader_get(v, "equals");
    char *text;

    c->header = check_text(r, v, "header");
    c->header_contains = check_text(r, v, "contains");
    if (equals != NULL) {
        size_t mark = reader_enter(r, "equals");

        text = reader_scalar(r, equals);
        if (text != NULL) {
            c->header_equals = compile_settled(r, text);
        }
        free(text);
        reader_leave(r, mark);
    }
}

static void check_sse(struct reader *r, const cJSON *v, struct check *c,
                      const struct request *q)
{
    const char *s = NULL;

    if (reader_m_name(r, v, "sse", &s)) {
        c->sse = xstrdup(s);
    }
    c->sse_min_count = 1;
    (void)reader_m_u64(r, v, "min_count", 1, CHECK_COUNT_MAX,
                       &c->sse_min_count);
    if (!q->sse.on) {
        reader_fail_key(r, "sse",
                        "the request has no sse: give it "
                        "\"sse\": true");
    }
}

/* What only means something beside another key. */
static void check_companions(struct reader *r, const cJSON *v)
{
    static const struct {
        const char *key, *beside, *or_beside;
    } rows[] = {
        {"equals", "json", "header"},
        {"type", "json", NULL},
        {"min_length", "json", NULL},
        {"min_count", "sse", NULL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *other = rows[i].or_beside;

        if (reader_get(v, rows[i].key) == NULL ||
            reader_get(v, rows[i].beside) != NULL ||
            (other != NULL && reader_get(v, other) != NULL)) {
            continue;
        }
        reader_fail_key(r, rows[i].key,
                        "asks something of '%.120s', which is not "
                        "there",
                        rows[i].beside);
    }
    if (reader_get(v, "json") != NULL && reader_get(v, "header") != NULL) {
        reader_fail(r, "json and header in one check: make two of it");
    }
}

static bool check_asks(const cJSON *v)
{
    static const char *const keys[] = {"status",      "contains", "json",
                                       "header",      "sse",      "regexp",
                                       "max_duration"};

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (reader_get(v, keys[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static void check_read(struct reader *r, const cJSON *v, struct check *c,
                       const struct request *q)
{
    size_t before = reader_mistakes(r);
    uint64_t status = 0;

    if (!reader_object(r, v, KEY_CHECK)) {
        return;
    }
    check_companions(r, v);
    if (reader_mistakes(r) == before && !check_asks(v)) {
        reader_fail(r, "a check asks for at least one of status, contains, "
                       "json, header, sse, regexp, max_duration");
    }
    if (reader_m_u64(r, v, "status", 100, 599, &status)) {
        c->status = (int)status;
    }
    c->regexp = read_regexp(r, v, "regexp");
    (void)reader_m_duration(r, v, "max_duration", 1, PLAN_DUR_MAX_US,
                            &c->max_us);
    if (reader_get(v, "json") != NULL) {
        check_json(r, v, c);
    }
    if (reader_get(v, "header") != NULL) {
        check_header(r, v, c);
    } else {
        c->contains = check_text(r, v, "contains");
    }
    if (reader_get(v, "sse") != NULL) {
        check_sse(r, v, c, q);
    }
}

/* The checks of a request's copy are counted with those of its twin. */
static void check_index(struct reader *r, const struct request *q,
                        struct check *c)
{
    struct plan *p = r->plan;

    if (r->own.lineup >= 0) {
        c->index = p->requests[r->own.twin - 1]->checks[q->n_checks - 1].index;
        return;
    }
    c->index = (unsigned)p->n_checks;
    p->checks =
        xgrow(p->checks, p->n_checks, &r->checks_cap, sizeof *p->checks);
    p->checks[p->n_checks++] = c;
}

void read_checks(struct reader *r, const cJSON *v, struct request *q)
{
    const cJSON *m;

    if (!reader_names(r, v, "checks", PLAN_LIST_MAX)) {
        return;
    }
    /* The plan points into this array: it is made in one piece. */
    q->checks = xcalloc((size_t)cJSON_GetArraySize(v) + 1, sizeof *q->checks);
    cJSON_ArrayForEach(m, v)
    {
        struct check *c = &q->checks[q->n_checks++];
        size_t mark = reader_enter(r, m->string);

        c->name = xstrdup(m->string);
        check_index(r, q, c);
        check_read(r, m, c, q);
        reader_leave(r, mark);
    }
}
