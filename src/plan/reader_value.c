/* SPDX-License-Identifier: MIT
 *
 * reader_value - typed values of a plan's text: each is what it is to be, or a
 * mistake is told. */
#include "config.h"

#include "plan/reader.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/num.h"
#include "base/xalloc.h"

bool reader_string(struct reader *r, const cJSON *v, const char **out)
{
    if (!cJSON_IsString(v)) {
        reader_fail(r, "expected a string, not %s", reader_kind(v));
        return false;
    }
    *out = v->valuestring;
    return true;
}

bool reader_name(struct reader *r, const cJSON *v, const char **out)
{
    const char *s = NULL;

    if (!reader_string(r, v, &s)) {
        return false;
    }
    if (*s == '\0') {
        reader_fail(r, "expected some text, not an empty string");
        return false;
    }
    if (strlen(s) > PLAN_NAME_MAX) {
        reader_fail(r, "%zu bytes of text (at most %d)", strlen(s),
                    PLAN_NAME_MAX);
        return false;
    }
    *out = s;
    return true;
}

char *reader_scalar(struct reader *r, const cJSON *v)
{
    char *printed, *copy;

    if (cJSON_IsString(v)) {
        return xstrdup(v->valuestring);
    }
    if (!cJSON_IsNumber(v) && !cJSON_IsBool(v)) {
        reader_fail(r, "expected a string, a number, true or false, not %s",
                    reader_kind(v));
        return NULL;
    }
    printed = cJSON_PrintUnformatted(v);
    copy = xstrdup(printed == NULL ? "" : printed);
    cJSON_free(printed);
    return copy;
}

static bool reader_bool(struct reader *r, const cJSON *v, bool *out)
{
    if (!cJSON_IsBool(v)) {
        reader_fail(r, "expected true or false, not %s", reader_kind(v));
        return false;
    }
    *out = cJSON_IsTrue(v) != 0;
    return true;
}

bool reader_u64(struct reader *r, const cJSON *v, uint64_t lo, uint64_t hi,
                uint64_t *out)
{
    char a[NUM_MAX], b[NUM_MAX];
    double d;

    if (!cJSON_IsNumber(v)) {
        reader_fail(r, "expected a whole number, not %s", reader_kind(v));
        return false;
    }
    d = v->valuedouble;
    if (!(d >= (double)lo && d <= (double)hi) || floor(d) < d) {
        reader_fail(r, "expected a whole number from %s to %s, not %.10g",
                    num_count(a, lo), num_count(b, hi), d);
        return false;
    }
    *out = (uint64_t)d;
    return true;
}

bool reader_duration(struct reader *r, const cJSON *v, uint64_t lo, uint64_t hi,
                     uint64_t *us)
{
    char a[NUM_MAX], b[NUM_MAX];
    uint64_t got;

    if (!cJSON_IsString(v)) {
        reader_fail(r, "expected a duration such as \"30s\", not %s",
                    reader_kind(v));
        return false;
    }
    if (!dur_parse(v->valuestring, &got)) {
        reader_fail(r,
                    "'%.120s' is not a duration (such as 90s, 1m30s or 500ms)",
                    v->valuestring);
        return false;
    }
    if (got < lo || got > hi) {
        reader_fail(r, "'%.120s' is out of range (%s to %s)", v->valuestring,
                    num_dur(a, lo), num_dur(b, hi));
        return false;
    }
    *us = got;
    return true;
}

static bool reader_pointer(struct reader *r, const cJSON *v, const char **out)
{
    const char *s = NULL;

    if (!reader_string(r, v, &s)) {
        return false;
    }
    if (!json_pointer_valid(s)) {
        reader_fail(r, "'%.120s' is not a JSON Pointer (such as /items/0/id)",
                    s);
        return false;
    }
    *out = s;
    return true;
}

/* Down to a member, if there is one. */
static bool reader_down(struct reader *r, const cJSON *obj, const char *key,
                        const cJSON **v, size_t *mark)
{
    *v = reader_get(obj, key);
    if (*v == NULL) {
        return false;
    }
    *mark = reader_enter(r, key);
    return true;
}

static bool reader_up(struct reader *r, size_t mark, bool ok)
{
    reader_leave(r, mark);
    return ok;
}

void reader_m(struct reader *r, const cJSON *obj, const char *key,
              reader_fn *read)
{
    const cJSON *v;
    size_t mark;

    if (reader_down(r, obj, key, &v, &mark)) {
        read(r, v);
        reader_leave(r, mark);
    }
}

bool reader_m_name(struct reader *r, const cJSON *obj, const char *key,
                   const char **out)
{
    const cJSON *v;
    size_t mark;

    return reader_down(r, obj, key, &v, &mark) &&
           reader_up(r, mark, reader_name(r, v, out));
}

bool reader_m_string(struct reader *r, const cJSON *obj, const char *key,
                     const char **out)
{
    const cJSON *v;
    size_t mark;

    return reader_down(r, obj, key, &v, &mark) &&
           reader_up(r, mark, reader_string(r, v, out));
}

bool reader_m_bool(struct reader *r, const cJSON *obj, const char *key,
                   bool *out)
{
    const cJSON *v;
    size_t mark;

    return reader_down(r, obj, key, &v, &mark) &&
           reader_up(r, mark, reader_bool(r, v, out));
}

bool reader_m_u64(struct reader *r, const cJSON *obj, const char *key,
                  uint64_t lo, uint64_t hi, uint64_t *out)
{
    const cJSON *v;
    size_t mark;

    return reader_down(r, obj, key, &v, &mark) &&
           reader_up(r, mark, reader_u64(r, v, lo, hi, out));
}

bool reader_m_duration(struct reader *r, const cJSON *obj, const char *key,
                       uint64_t lo, uint64_t hi, uint64_t *us)
{
    const cJSON *v;
    size_t mark;

    return reader_down(r, obj, key, &v, &mark) &&
           reader_up(r, mark, reader_duration(r, v, lo, hi, us));
}

bool reader_m_pointer(struct reader *r, const cJSON *obj, const char *key,
                      const char **out)
{
    const cJSON *v;
    size_t mark;

    return reader_down(r, obj, key, &v, &mark) &&
           reader_up(r, mark, reader_pointer(r, v, out));
}
