/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/results_anomalies.h"

#include "run/study_anomaly.h"

static void anomalies_stall(cJSON *o, const struct stall *s)
{
    cJSON_AddNumberToObject(o, "lasted_s", (double)s->lasted_us / 1e6);
    cJSON_AddNumberToObject(o, "in_flight", s->in_flight);
    cJSON_AddNumberToObject(o, "suspect", s->suspect);
}

static void anomalies_limit(cJSON *o, const struct throttles_found *l)
{
    const struct throttle_answer *t = &l->t;

    cJSON_AddNumberToObject(o, "passed", (double)t->passed);
    cJSON_AddNumberToObject(o, "limited", (double)t->limited);
    if (l->retry_after_s >= 0) {
        cJSON_AddNumberToObject(o, "retry_after_s", l->retry_after_s);
        cJSON_AddNumberToObject(o, "retry_after_least_s", l->retry_least_s);
    }
    if (t->way != THROTTLE_UNKNOWN) {
        cJSON_AddNumberToObject(o, "limit_per_s", t->rate);
    }
    if (t->way == THROTTLE_STEADY) {
        cJSON_AddNumberToObject(o, "burst", t->burst);
    }
    if (t->way == THROTTLE_WINDOW) {
        cJSON_AddNumberToObject(o, "window_s", t->window_s);
        cJSON_AddNumberToObject(o, "in_window", t->in_window);
    }
}

static void anomalies_errors(cJSON *o, const struct culprit_found *f)
{
    cJSON_AddNumberToObject(o, "failed", (double)f->failed);
    cJSON_AddNumberToObject(o, "requests", (double)f->requests);
    cJSON_AddNumberToObject(o, "others_failed", (double)f->other_failed);
    cJSON_AddNumberToObject(o, "others", (double)f->others);
}

static void anomalies_modes(cJSON *o, const struct anomaly_modes *m)
{
    cJSON_AddNumberToObject(o, "low_ms", m->m.low_us / 1e3);
    cJSON_AddNumberToObject(o, "high_ms", m->m.high_us / 1e3);
    cJSON_AddNumberToObject(o, "high_share", m->m.share);
    cJSON_AddNumberToObject(o, "requests", (double)m->n);
}

static void anomalies_queue(cJSON *o, const struct anomaly_queue *q)
{
    cJSON_AddNumberToObject(o, "load_before", q->load_from);
    cJSON_AddNumberToObject(o, "load", q->load_to);
    cJSON_AddNumberToObject(o, "rps_before", q->was.rate);
    cJSON_AddNumberToObject(o, "rps", q->is.rate);
    cJSON_AddNumberToObject(o, "response_before_ms", q->was.response_s * 1e3);
    cJSON_AddNumberToObject(o, "response_ms", q->is.response_s * 1e3);
}

static void anomalies_shift(cJSON *o, const struct shift *s)
{
    cJSON_AddNumberToObject(o, "p95_before_ms", s->before_us / 1e3);
    cJSON_AddNumberToObject(o, "p95_ms", s->after_us / 1e3);
    cJSON_AddNumberToObject(o, "grain_s", (double)s->grain_us / 1e6);
}

static void anomalies_figures(cJSON *o, const struct anomaly *x)
{
    switch (x->kind) {
    case ANOMALY_STALL:
        anomalies_stall(o, &x->u.stall);
        break;
    case ANOMALY_OUTAGE:
        cJSON_AddNumberToObject(o, "lost", (double)x->u.outage.lost);
        if (x->u.outage.named) {
            cJSON_AddNumberToObject(o, "names", x->u.outage.more + 1);
        }
        break;
    case ANOMALY_LIMIT:
        anomalies_limit(o, &x->u.limit);
        break;
    case ANOMALY_ERRORS:
        anomalies_errors(o, &x->u.errors);
        break;
    case ANOMALY_MODES:
        anomalies_modes(o, &x->u.modes);
        break;
    case ANOMALY_QUEUE:
        anomalies_queue(o, &x->u.queue);
        break;
    case ANOMALY_WARMUP:
    case ANOMALY_CHANGE:
        anomalies_shift(o, &x->u.shift);
        break;
    case ANOMALY_KINDS:
        break;
    }
}

static const char *anomalies_how(const struct anomaly *x)
{
    switch (x->kind) {
    case ANOMALY_LIMIT:
        return throttle_way_name(x->u.limit.t.way);
    case ANOMALY_CHANGE:
        return queueing_name(x->u.shift.why);
    case ANOMALY_STALL:
    case ANOMALY_OUTAGE:
    case ANOMALY_ERRORS:
    case ANOMALY_MODES:
    case ANOMALY_QUEUE:
    case ANOMALY_WARMUP:
    case ANOMALY_KINDS:
        break;
    }
    return "";
}

/* What is of a moment has one time. */
static void anomalies_time(cJSON *o, const struct study *s,
                           const struct anomaly *x)
{
    uint64_t t = study_anomaly_us(s, x);
    uint64_t end = x->end_us == x->start_us ? t : x->end_us;

    cJSON_AddNumberToObject(o, "t", (double)(t / 1000) / 1e3);
    cJSON_AddNumberToObject(o, "end", (double)(end / 1000) / 1e3);
}

void results_anomalies(cJSON *insights, const struct study *s)
{
    const struct anomalies *a = study_anomalies(s);
    cJSON *list = cJSON_AddArrayToObject(insights, "anomalies");
    size_t i;

    for (i = 0; i < anomalies_count(a); i++) {
        const struct anomaly *x = anomalies_at(a, i);
        const char *request = study_anomaly_request(s, x);
        cJSON *o = cJSON_CreateObject();
        char text[256];

        anomalies_time(o, s, x);
        cJSON_AddBoolToObject(o, "over", x->over);
        cJSON_AddStringToObject(o, "kind", anomaly_kind_name(x->kind));
        if (request != NULL) {
            cJSON_AddStringToObject(o, "request", request);
        } else {
            cJSON_AddNullToObject(o, "request");
        }
        cJSON_AddStringToObject(o, "how", anomalies_how(x));
        cJSON_AddStringToObject(o, "beside",
                                study_tell_beside(s, x, text, sizeof text));
        anomalies_figures(cJSON_AddObjectToObject(o, "figures"), x);
        cJSON_AddStringToObject(o, "text",
                                study_tell_anomaly(s, x, text, sizeof text));
        cJSON_AddItemToArray(list, o);
    }
    if (anomalies_dropped(a) > 0) {
        cJSON_AddNumberToObject(insights, "anomalies_dropped",
                                (double)anomalies_dropped(a));
    }
}
