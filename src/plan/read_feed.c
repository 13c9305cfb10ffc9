/* SPDX-License-Identifier: MIT
 *
 * read_feed - what a request's response feeds: values that later steps use, and
 * the plan's own metrics. */
#include "config.h"

#include "plan/read.h"

#include <string.h>

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
        const char *pointer = "";
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
            if (reader_get(m, "json") == NULL && m->child == NULL) {
                reader_fail(r, "'json' is missing");
            }
            (void)reader_m_pointer(r, m, "json", &pointer);
        }
        reader_leave(r, mark);
        q->extracts[q->n_extracts++] = (struct extract){
            .var = compile_var(r, m->string),
            .json = xstrdup(pointer),
        };
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

/* "duration", "failed", {"count": POINTER} or {"value": POINTER}. */
static bool feed_source(struct reader *r, const cJSON *v, enum feed_kind *kind,
                        const char **pointer)
{
    static const char *const words[] = {"duration", "failed"};
    bool count, value;
    char hint[64];

    if (cJSON_IsString(v)) {
        for (size_t i = 0; i < 2; i++) {
            if (strcmp(v->valuestring, words[i]) == 0) {
                *kind = i == 0 ? FEED_DURATION : FEED_FAILED;
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
                    "count or value, not %s",
                    reader_kind(v));
        return false;
    }
    (void)reader_object(r, v, KEY_FEED);
    count = reader_get(v, "count") != NULL;
    value = reader_get(v, "value") != NULL;
    if (count == value) {
        reader_fail(r, "expected either count or value");
        return false;
    }
    *kind = count ? FEED_COUNT : FEED_VALUE;
    return reader_m_pointer(r, v, count ? "count" : "value", pointer);
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
    };
    size_t mark = reader_enter(r, m->string);
    const char *pointer = NULL;
    enum feed_kind kind;
    bool ok = feed_source(r, m, &kind, &pointer);
    int id;

    reader_leave(r, mark);
    if (!ok) {
        return;
    }
    id = feed_metric(r, m->string, types[kind].type, types[kind].contains);
    if (id >= 0) {
        q->feeds[q->n_feeds++] = (struct feed){
            .metric = (unsigned)id,
            .kind = kind,
            .json = pointer == NULL ? NULL : xstrdup(pointer),
        };
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
