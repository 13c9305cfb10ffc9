/* SPDX-License-Identifier: MIT
 *
 * extract - numbers from a service are bounded before they become integers. */
#include "config.h"

#include "load/extract.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/xalloc.h"
#include "load/head.h"
#include "measure/histo.h"

/* Beyond 2^53 a double has no thousandths, nor even ones. */
#define EXTRACT_MAX 9007199254740992.0

static char *extract_json(const struct extract *e, struct answer *a)
{
    const cJSON *v = answer_at(a, e->name);
    char *printed, *text;

    if (v == NULL) {
        return NULL;
    }
    if (cJSON_IsString(v)) {
        return xstrdup(v->valuestring);
    }
    printed = cJSON_PrintUnformatted(v);
    text = printed != NULL ? xstrdup(printed) : NULL;
    cJSON_free(printed);
    return text;
}

/* Bytes that came over the wire as a string: what stands behind a NUL would not
 * be seen by anything later, so there is no such value. */
static char *extract_bytes(const char *s, size_t n)
{
    return s != NULL && memchr(s, '\0', n) == NULL ? xstrndup(s, n) : NULL;
}

static char *extract_header(const struct extract *e, const struct answer *a)
{
    struct head_text v;

    return head_find(buf_str(&a->x->head), a->x->head.len, e->name, &v)
               ? extract_bytes(v.s, v.n)
               : NULL;
}

/* "NAME=value; Path=/": the value, when that is the name (RFC 6265 section
 * 5.2). */
static bool extract_is_cookie(const char *name, const struct head_text *field,
                              struct head_text *value)
{
    size_t n = strlen(name);
    const char *end, *semicolon;

    if (field->n <= n || memcmp(field->s, name, n) != 0 || field->s[n] != '=') {
        return false;
    }
    value->s = field->s + n + 1;
    end = field->s + field->n;
    semicolon = memchr(value->s, ';', (size_t)(end - value->s));
    end = semicolon != NULL ? semicolon : end;
    while (end > value->s && (end[-1] == ' ' || end[-1] == '\t')) {
        end--;
    }
    value->n = (size_t)(end - value->s);
    return true;
}

/* The last of that name is what stays set. */
static char *extract_cookie(const struct extract *e, const struct answer *a)
{
    struct head_text value = {NULL, 0};
    struct head_walk walk;
    struct head_field f;

    head_begin(&walk, buf_str(&a->x->head), a->x->head.len);
    while (head_next(&walk, &f)) {
        if (head_name_is(&f.name, "Set-Cookie")) {
            (void)extract_is_cookie(e->name, &f.value, &value);
        }
    }
    return extract_bytes(value.s, value.n);
}

static char *extract_regexp(const struct extract *e, const struct answer *a)
{
    const struct buf *body = &a->x->body;
    const char *at = NULL;
    size_t n = 0;

    if (body->cut ||
        regexp_find(e->regexp, a->scratch, buf_str(body), body->len, e->group,
                    &at, &n) != REGEXP_FOUND) {
        return NULL;
    }
    return extract_bytes(at, n);
}

static char *extract_found(const struct extract *e, struct answer *a)
{
    if (!answer_came(a)) {
        return NULL;
    }
    switch (e->from) {
    case EXTRACT_JSON:
        return extract_json(e, a);
    case EXTRACT_HEADER:
        return extract_header(e, a);
    case EXTRACT_COOKIE:
        return extract_cookie(e, a);
    case EXTRACT_REGEXP:
        return extract_regexp(e, a);
    }
    MUST(!"a source");
    return NULL;
}

char *extract_text(const struct extract *e, struct answer *a)
{
    char *text = extract_found(e, a);

    if (text == NULL && e->by_default != NULL) {
        text = xstrdup(e->by_default);
    }
    return text;
}

static bool extract_usable(double v, double most)
{
    return isfinite(v) && v >= 0 && v <= most;
}

static void extract_count(const struct feed *f, const struct request *r,
                          const cJSON *v, struct shard *shard)
{
    if (cJSON_IsArray(v)) {
        shard_count(shard, f->metric, r->index, (double)cJSON_GetArraySize(v));
    } else if (cJSON_IsNumber(v) &&
               extract_usable(v->valuedouble, EXTRACT_MAX)) {
        shard_count(shard, f->metric, r->index, v->valuedouble);
    } else {
        shard_rejected(shard, f->metric);
    }
}

static void extract_number(const struct feed *f, const struct request *r,
                           double v, struct shard *shard)
{
    if (extract_usable(v, HISTO_VALUE_MAX / 1000)) {
        shard_trend(shard, f->metric, r->index, (uint64_t)(v * 1000 + 0.5));
    } else {
        shard_rejected(shard, f->metric);
    }
}

static void extract_value(const struct feed *f, const struct request *r,
                          const cJSON *v, struct shard *shard)
{
    if (cJSON_IsNumber(v)) {
        extract_number(f, r, v->valuedouble, shard);
    } else {
        shard_rejected(shard, f->metric);
    }
}

static void extract_from_header(const struct feed *f, const struct request *r,
                                const struct answer *a, struct shard *shard)
{
    struct head_text v;
    char text[NUM_MAX];
    double d;

    if (!answer_came(a) ||
        !head_find(buf_str(&a->x->head), a->x->head.len, f->name, &v)) {
        return;
    }
    text[0] = '\0';
    if (v.n < sizeof text) {
        memcpy(text, v.s, v.n);
        text[v.n] = '\0';
    }
    if (num_double(text, &d)) {
        extract_number(f, r, d, shard);
    } else {
        shard_rejected(shard, f->metric);
    }
}

void extract_feed(const struct feed *f, const struct request *r,
                  struct answer *a, const struct extract_outcome *o,
                  struct shard *shard)
{
    const cJSON *v;

    switch (f->kind) {
    case FEED_DURATION:
        if (answer_came(a)) {
            shard_trend(shard, f->metric, r->index, o->duration);
        }
        return;
    case FEED_FAILED:
        shard_rate(shard, f->metric, r->index, o->failed);
        return;
    case FEED_COUNT:
        v = answer_at(a, f->json);
        if (v != NULL) {
            extract_count(f, r, v, shard);
        }
        return;
    case FEED_VALUE:
        v = answer_at(a, f->json);
        if (v != NULL) {
            extract_value(f, r, v, shard);
        }
        return;
    case FEED_HEADER:
        extract_from_header(f, r, a, shard);
        return;
    case FEED_SSE:
        return; /* fed by the stream, while it runs */
    }
    MUST(!"a kind of feed");
}
