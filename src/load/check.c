/* SPDX-License-Identifier: MIT
 *
 * check - one function a condition; the first that does not hold says why. */
#include "config.h"

#include "load/check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/text.h"
#include "load/head.h"

/* Where the reason goes; nowhere when nobody asked. */
struct check_why {
    char *text;
    size_t size;
};

static bool check_no(const struct check_why *w, const char *fmt, ...)
    ATTR_PRINTF(2, 3);
static bool check_no(const struct check_why *w, const char *fmt, ...)
{
    va_list args;

    if (w->text != NULL) {
        va_start(args, fmt);
        text_vprint(w->text, w->size, fmt, args);
        va_end(args);
    }
    return false;
}

static bool check_contains(const struct check *c, const struct answer *a,
                           const struct check_why *w)
{
    const struct buf *body = &a->x->body;

    if (body->cut) {
        return check_no(w, "the body is larger than %u bytes",
                        EXCHANGE_BODY_MAX);
    }
    if (memmem(buf_str(body), body->len, c->contains, strlen(c->contains)) ==
        NULL) {
        return check_no(w, "the body does not contain '%.60s'", c->contains);
    }
    return true;
}

static bool check_regexp(const struct check *c, const struct answer *a,
                         const struct check_why *w)
{
    const struct buf *body = &a->x->body;

    if (body->cut) {
        return check_no(w, "the body is larger than %u bytes",
                        EXCHANGE_BODY_MAX);
    }
    switch (regexp_find(c->regexp, a->scratch, buf_str(body), body->len, 0,
                        NULL, NULL)) {
    case REGEXP_FOUND:
        return true;
    case REGEXP_NOT_FOUND:
        return check_no(w, "the body does not match the pattern");
    case REGEXP_TOO_HARD:
        return check_no(w, "the body is too hard for the pattern: it was "
                           "given up");
    }
    MUST(!"a result");
    return false;
}

static bool check_duration(const struct check *c, const struct answer *a,
                           const struct check_why *w)
{
    uint64_t took = a->x->sending + a->x->waiting + a->x->receiving;
    char got[NUM_MAX], want[NUM_MAX];

    if (took > c->max_us) {
        return check_no(w, "took %s, expected at most %s",
                        num_period(got, took), num_period(want, c->max_us));
    }
    return true;
}

static enum json_type check_type_of(const cJSON *v)
{
    switch (v->type & 0xff) {
    case cJSON_String:
        return JSON_STRING;
    case cJSON_Number:
        return JSON_NUMBER;
    case cJSON_True:
    case cJSON_False:
        return JSON_BOOLEAN;
    case cJSON_Array:
        return JSON_ARRAY;
    case cJSON_Object:
        return JSON_OBJECT;
    default: /* cJSON's types are bits, not an enum */
        return JSON_NULL;
    }
}

static const char *check_type_name(enum json_type t)
{
    switch (t) {
    case JSON_ANY:
        return "anything";
    case JSON_STRING:
        return "a string";
    case JSON_NUMBER:
        return "a number";
    case JSON_BOOLEAN:
        return "a boolean";
    case JSON_ARRAY:
        return "an array";
    case JSON_OBJECT:
        return "an object";
    case JSON_NULL:
        return "null";
    }
    MUST(!"a type");
    return "";
}

static uint64_t check_characters(const char *s)
{
    size_t n = strlen(s);
    uint64_t count = 0;
    uint32_t cp;

    for (size_t i = 0; i < n; count++) {
        i += text_next(s + i, n - i, &cp);
    }
    return count;
}

static bool check_length(const struct check *c, const cJSON *v,
                         const struct check_why *w)
{
    enum json_type type = check_type_of(v);
    uint64_t length;

    if (type == JSON_STRING) {
        length = check_characters(v->valuestring);
    } else if (type == JSON_ARRAY || type == JSON_OBJECT) {
        length = (uint64_t)cJSON_GetArraySize(v);
    } else {
        return check_no(w, "'%.60s' is %s, which has no length", c->json,
                        check_type_name(type));
    }
    if (length < c->json_min_length) {
        return check_no(
            w, "'%.60s' has length %" PRIu64 ", expected at least %" PRIu64,
            c->json, length, c->json_min_length);
    }
    return true;
}

static bool check_equals(const struct check *c, const cJSON *v,
                         const struct check_why *w)
{
    char *got, *want;

    if (cJSON_Compare(v, c->json_equals, true)) {
        return true;
    }
    if (w->text != NULL) {
        got = cJSON_PrintUnformatted(v);
        want = cJSON_PrintUnformatted(c->json_equals);
        (void)check_no(w, "'%.40s' is %.40s, expected %.40s", c->json,
                       got != NULL ? got : "?", want != NULL ? want : "?");
        cJSON_free(got);
        cJSON_free(want);
    }
    return false;
}

static bool check_json(const struct check *c, struct answer *a,
                       const struct check_why *w)
{
    const cJSON *v;

    if (a->x->body.cut) {
        return check_no(w, "the body is larger than %u bytes",
                        EXCHANGE_BODY_MAX);
    }
    if (answer_json(a) == NULL) {
        return check_no(w, "the body is not JSON");
    }
    v = answer_at(a, c->json);
    if (v == NULL) {
        return check_no(w, "'%.60s' is missing", c->json);
    }
    if (c->json_type != JSON_ANY && check_type_of(v) != c->json_type) {
        return check_no(w, "'%.60s' is %s, expected %s", c->json,
                        check_type_name(check_type_of(v)),
                        check_type_name(c->json_type));
    }
    if (c->json_equals != NULL && !check_equals(c, v, w)) {
        return false;
    }
    return c->json_min_length == 0 || check_length(c, v, w);
}

static bool check_value(const struct check *c, const struct answer *a,
                        const struct head_text *v)
{
    if (c->regexp != NULL && regexp_find(c->regexp, a->scratch, v->s, v->n, 0,
                                         NULL, NULL) != REGEXP_FOUND) {
        return false;
    }
    if (c->header_equals != NULL &&
        (v->n != strlen(c->header_equals) ||
         memcmp(v->s, c->header_equals, v->n) != 0)) {
        return false;
    }
    return c->header_contains == NULL ||
           memmem(v->s, v->n, c->header_contains, strlen(c->header_contains)) !=
               NULL;
}

/* A field may come several times: one that fits is enough. */
static bool check_header(const struct check *c, const struct answer *a,
                         const struct check_why *w)
{
    struct head_walk walk;
    struct head_field f;
    struct head_text last = {NULL, 0};

    head_begin(&walk, buf_str(&a->x->head), a->x->head.len);
    while (head_next(&walk, &f)) {
        if (!head_name_is(&f.name, c->header)) {
            continue;
        }
        if (check_value(c, a, &f.value)) {
            return true;
        }
        last = f.value;
    }
    if (last.s == NULL) {
        return check_no(w, "header '%.60s' is missing", c->header);
    }
    if (c->header_equals == NULL && c->header_contains == NULL) {
        return check_no(w,
                        "header '%.40s' is '%.*s', which does not match "
                        "the pattern",
                        c->header, (int)(last.n < 40 ? last.n : 40), last.s);
    }
    return check_no(w, "header '%.40s' is '%.*s', expected %s'%.40s'",
                    c->header, (int)(last.n < 40 ? last.n : 40), last.s,
                    c->header_equals != NULL ? "" : "it to contain ",
                    c->header_equals != NULL ? c->header_equals
                                             : c->header_contains);
}

static bool check_sse(const struct check *c, size_t i, const struct answer *a,
                      const struct check_why *w)
{
    uint64_t came = a->stream != NULL ? a->stream->by_check[i] : 0;

    if (came < c->sse_min_count) {
        return check_no(
            w, "%" PRIu64 " events '%.60s', expected at least %" PRIu64, came,
            c->sse, c->sse_min_count);
    }
    return true;
}

bool check_holds(const struct check *c, size_t i, struct answer *a, char *why,
                 size_t size)
{
    struct check_why w = {why, size};

    if (!answer_came(a)) {
        return check_no(
            &w, "%s",
            failure_help(a->x != NULL ? a->x->failure : FAILURE_UNRESOLVED));
    }
    if (c->status != 0 && a->x->status != (unsigned)c->status) {
        return check_no(&w, "status %u, expected %d", a->x->status, c->status);
    }
    if (c->header != NULL && !check_header(c, a, &w)) {
        return false;
    }
    if (c->contains != NULL && !check_contains(c, a, &w)) {
        return false;
    }
    if (c->regexp != NULL && c->header == NULL && !check_regexp(c, a, &w)) {
        return false;
    }
    if (c->max_us != 0 && !check_duration(c, a, &w)) {
        return false;
    }
    if (c->json != NULL && !check_json(c, a, &w)) {
        return false;
    }
    return c->sse == NULL || check_sse(c, i, a, &w);
}
