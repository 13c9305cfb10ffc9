/* SPDX-License-Identifier: MIT
 *
 * read_feed - what a request's response feeds: values that later steps use, and
 * the plan's own metrics. */
#include "config.h"

#include "plan/read.h"

#include <stdlib.h>
#include <string.h>

#include "base/regexp.h"
#include "base/xalloc.h"
#include "plan/compile.h"

#define FEED_NAME_MAX     128
#define FEED_METRICS_MAX  256
#define FEED_EXTRACTS_MAX 100

static bool feed_is_env(const struct plan *p, const char *name)
{
    for (size_t i = 0; i < p->n_env; i++) {
        if (strcmp(p->env[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Which of its sources an extract names; false: none or several, reported. */
static bool feed_extract_from(struct reader *r, const cJSON *v,
                              enum extract_from *from)
{
    static const char *const keys[] = {
        [EXTRACT_JSON] = "json",
        [EXTRACT_HEADER] = "header",
        [EXTRACT_COOKIE] = "cookie",
        [EXTRACT_REGEXP] = "regexp",
    };
    size_t n = 0;

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (reader_get(v, keys[i]) != NULL) {
            *from = (enum extract_from)i;
            n++;
        }
    }
    if (n != 1) {
        reader_fail(r, "expected one of json, header, cookie, regexp");
    }
    if (reader_get(v, "group") != NULL && reader_get(v, "regexp") == NULL) {
        reader_fail_key(r, "group",
                        "is a group of a regexp, which is not "
                        "there");
    }
    return n == 1;
}

static void feed_extract_group(struct reader *r, const cJSON *v,
                               struct extract *x)
{
    const cJSON *group = reader_get(v, "group");
    unsigned groups = regexp_groups(x->regexp);
    size_t mark;
    uint64_t n = 0;
    int found;

    x->group = groups > 0 ? 1 : 0;
    if (group == NULL) {
        return;
    }
    mark = reader_enter(r, "group");
    if (cJSON_IsString(group)) {
        found = regexp_group(x->regexp, group->valuestring);
        if (found < 0) {
            reader_fail(r, "the pattern has no group '%.60s'",
                        group->valuestring);
        } else {
            x->group = (unsigned)found;
        }
    } else if (reader_u64(r, group, 0, groups, &n)) {
        x->group = (unsigned)n;
    }
    reader_leave(r, mark);
}

/* A header's or cookie's name: a token (RFC 9110 section 5.6.2). */
static char *feed_token(struct reader *r, const cJSON *v, const char *key)
{
    const char *name = NULL;

    if (!reader_m_name(r, v, key, &name)) {
        return NULL;
    }
    for (const char *s = name; *s != '\0'; s++) {
        if (*s <= ' ' || *s == 0x7f || strchr("\"(),/:;<=>?@[\\]{}", *s)) {
            reader_fail_member(r, key, "'%.60s' cannot be such a name", name);
            return NULL;
        }
    }
    return xstrdup(name);
}

static void feed_extract(struct reader *r, const cJSON *v, struct extract *x)
{
    const cJSON *by_default = reader_get(v, "default");
    const char *pointer = NULL;

    if (feed_extract_from(r, v, &x->from)) {
        switch (x->from) {
        case EXTRACT_JSON:
            if (reader_m_pointer(r, v, "json", &pointer)) {
                x->name = xstrdup(pointer);
            }
            break;
        case EXTRACT_HEADER:
            x->name = feed_token(r, v, "header");
            break;
        case EXTRACT_COOKIE:
            x->name = feed_token(r, v, "cookie");
            break;
        case EXTRACT_REGEXP:
            x->regexp = read_regexp(r, v, "regexp");
            if (x->regexp != NULL) {
                feed_extract_group(r, v, x);
            }
            break;
        }
    }
    if (by_default != NULL) {
        size_t mark = reader_enter(r, "default");
        char *text = reader_scalar(r, by_default);

        x->by_default = text == NULL ? NULL : compile_settled(r, text);
        free(text);
        reader_leave(r, mark);
    }
}

void read_extracts(struct reader *r, const cJSON *v, struct request *q)
{
    const cJSON *m;

    if (!reader_names(r, v, "extracted names", FEED_EXTRACTS_MAX)) {
        return;
    }
    q->extracts =
        xcalloc((size_t)cJSON_GetArraySize(v) + 1, sizeof *q->extracts);
    cJSON_ArrayForEach(m, v)
    {
        struct extract *x = &q->extracts[q->n_extracts];
        size_t mark;

        if (feed_is_env(r->plan, m->string)) {
            reader_fail_key(r, m->string, "env has this name already");
            continue;
        }
        if (!compile_name_ok(r, m->string)) {
            continue;
        }
        mark = reader_enter(r, m->string);
        if (reader_object(r, m, KEY_EXTRACT)) {
            feed_extract(r, m, x);
        }
        reader_leave(r, mark);
        x->var = compile_var(r, m->string);
        q->n_extracts++;
    }
}

/* The id of the plan's metric of that name and type, made if new; -1: a
 * mistake, reported. */
static int feed_metric(struct reader *r, const char *name,
                       enum metric_type type, enum metric_contains contains)
{
    struct plan *p = r->plan;
    int id = plan_metric_id(p, name);

    if (id >= 0 && id < METRIC_COUNT) {
        reader_fail_key(r, name, "a built-in metric has this name");
        return -1;
    }
    if (id >= 0) {
        const struct plan_metric *m = &p->metrics[id - METRIC_COUNT];

        if (m->type == type && m->contains == contains) {
            return id;
        }
        reader_fail_key(r, name, "one name, two types: elsewhere it is a %s%s",
                        metric_type_name(m->type),
                        m->contains == METRIC_TIME ? " of times" : "");
        return -1;
    }
    if (!compile_is_word(name) || strlen(name) > FEED_NAME_MAX) {
        reader_fail_key(r, name,
                        "a metric's name has letters, digits and _ only, at "
                        "most %d, and begins with no digit",
                        FEED_NAME_MAX);
        return -1;
    }
    if (p->n_metrics >= FEED_METRICS_MAX) {
        reader_fail_key(r, name, "more than %d metrics", FEED_METRICS_MAX);
        return -1;
    }
    p->metrics =
        xgrow(p->metrics, p->n_metrics, &r->metrics_cap, sizeof *p->metrics);
    p->metrics[p->n_metrics] =
        (struct plan_metric){xstrdup(name), type, contains};
    return METRIC_COUNT + (int)p->n_metrics++;
}

static bool feed_has_room(struct reader *r, const struct request *q)
{
    size_t n = 0;

    for (size_t i = 0; i < q->n_feeds; i++) {
        n += q->feeds[i].kind == FEED_SSE;
    }
    if (n >= FEED_SSE_MAX) {
        reader_fail(r, "more than %d metrics of events in one request",
                    FEED_SSE_MAX);
    }
    return n < FEED_SSE_MAX;
}

/* What an object says a metric is fed by. */
static bool feed_object(struct reader *r, const cJSON *v, struct feed *f,
                        const struct request *q)
{
    static const struct {
        const char *key;
        enum feed_kind kind;
    } rows[] = {
        {"count", FEED_COUNT},
        {"value", FEED_VALUE},
        {"header", FEED_HEADER},
        {"sse", FEED_SSE},
    };
    const char *key = NULL, *text = NULL;
    size_t n = 0;

    (void)reader_object(r, v, KEY_FEED);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (reader_get(v, rows[i].key) != NULL) {
            key = rows[i].key;
            f->kind = rows[i].kind;
            n++;
        }
    }
    if (n != 1) {
        reader_fail(r, "expected one of count, value, header, sse");
        return false;
    }
    if (f->kind == FEED_HEADER) {
        f->name = feed_token(r, v, key);
        return f->name != NULL;
    }
    if (f->kind == FEED_SSE) {
        if (!q->sse.on) {
            reader_fail_key(r, key,
                            "the request has no sse: give it "
                            "\"sse\": true");
        }
        f->name = reader_m_name(r, v, key, &text) ? xstrdup(text) : NULL;
        return f->name != NULL && feed_has_room(r, q);
    }
    f->json = reader_m_pointer(r, v, key, &text) ? xstrdup(text) : NULL;
    return f->json != NULL;
}

/* "duration", "failed" or an object. */
static bool feed_source(struct reader *r, const cJSON *v, struct feed *f,
                        const struct request *q)
{
    static const char *const words[] = {"duration", "failed"};
    char hint[64];

    if (cJSON_IsString(v)) {
        for (size_t i = 0; i < 2; i++) {
            if (strcmp(v->valuestring, words[i]) == 0) {
                f->kind = i == 0 ? FEED_DURATION : FEED_FAILED;
                return true;
            }
        }
        reader_fail(r, "'%.120s' is no source of a metric%s", v->valuestring,
                    reader_hint(hint, sizeof hint, v->valuestring, words, 2));
        return false;
    }
    if (!cJSON_IsObject(v)) {
        reader_fail(r,
                    "expected \"duration\", \"failed\" or an object with "
                    "count, value, header or sse, not %s",
                    reader_kind(v));
        return false;
    }
    return feed_object(r, v, f, q);
}

static void feed_read(struct reader *r, const cJSON *m, struct request *q)
{
    static const struct {
        enum metric_type type;
        enum metric_contains contains;
    } types[] = {
        [FEED_DURATION] = {METRIC_TREND, METRIC_TIME},
        [FEED_FAILED] = {METRIC_RATE, METRIC_DEFAULT},
        [FEED_COUNT] = {METRIC_COUNTER, METRIC_DEFAULT},
        [FEED_VALUE] = {METRIC_TREND, METRIC_DEFAULT},
        [FEED_HEADER] = {METRIC_TREND, METRIC_DEFAULT},
        [FEED_SSE] = {METRIC_TREND, METRIC_TIME},
    };
    size_t mark = reader_enter(r, m->string);
    struct feed f = {.json = NULL};
    bool ok = feed_source(r, m, &f, q);
    int id = -1;

    reader_leave(r, mark);
    if (ok) {
        id = feed_metric(r, m->string, types[f.kind].type,
                         types[f.kind].contains);
    }
    if (id >= 0) {
        f.metric = (unsigned)id;
        q->feeds[q->n_feeds++] = f;
    } else {
        free(f.json);
        free(f.name);
    }
}

void read_feeds(struct reader *r, const cJSON *v, struct request *q)
{
    const cJSON *m;

    if (!reader_names(r, v, "metrics", FEED_METRICS_MAX)) {
        return;
    }
    q->feeds = xcalloc((size_t)cJSON_GetArraySize(v) + 1, sizeof *q->feeds);
    cJSON_ArrayForEach(m, v)
    {
        feed_read(r, m, q);
    }
}
