/* SPDX-License-Identifier: MIT
 *
 * lineup_code - thresholds and the scenarios that run, as bytes. */
#include "config.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "record/plan_code.h"
#include "record/plan_code_internal.h"

#define LINEUP_STAGES_MAX 10000u
/* µs: a century, and what is longer has no end. */
#define LINEUP_TIME_MAX (UINT64_C(3155760000) * 1000000)

void selector_encode(struct buf *b, const struct selector *s)
{
    size_t i;

    code_put(b, s->metric);
    code_put(b, s->n_tags);
    for (i = 0; i < s->n_tags; i++) {
        code_put(b, (uint64_t)s->tags[i].tag);
        code_put_text(b, s->tags[i].value);
        code_put_text(b, s->tags[i].name != NULL ? s->tags[i].name : "");
    }
}

void selector_decode(struct code_in *in, const struct plan *p,
                     struct selector *s)
{
    size_t i;

    s->metric = (unsigned)code_get(in, METRIC_COUNT + p->n_metrics - 1,
                                   "a threshold's metric");
    s->n_tags = code_get_count(in, 64, 3, "a threshold's tags");
    s->tags = xcalloc(s->n_tags + 1, sizeof *s->tags);
    for (i = 0; i < s->n_tags; i++) {
        s->tags[i].tag =
            (enum tag_id)code_get(in, TAG_COUNT - 1, "a threshold's tag");
        s->tags[i].value =
            code_get_string(in, PLAN_TEXT_MAX, "a threshold's tag");
        s->tags[i].name =
            code_get_string(in, PLAN_TEXT_MAX, "a threshold's tag");
    }
}

void thresholds_encode(struct buf *b, const struct plan *p)
{
    size_t i;

    code_put(b, p->n_thresholds);
    for (i = 0; i < p->n_thresholds; i++) {
        const struct threshold *t = &p->thresholds[i];

        selector_encode(b, &t->selector);
        code_put_text(b, t->metric_text);
        code_put_text(b, t->expression);
        code_put(b, (uint64_t)t->agg);
        code_put_double(b, t->percentile);
        code_put(b, (uint64_t)t->op);
        code_put_double(b, t->limit);
        code_put(b, t->abort_on_fail);
        code_put(b, t->delay_abort_us);
        code_put(b, t->window_us);
    }
}

bool agg_fits(enum threshold_agg agg, enum metric_type type)
{
    switch (type) {
    case METRIC_COUNTER:
        return agg == AGG_COUNT || agg == AGG_RATE;
    case METRIC_GAUGE:
        return agg == AGG_VALUE;
    case METRIC_RATE:
        return agg == AGG_RATE;
    case METRIC_TREND:
        return agg >= AGG_AVG;
    }
    return false;
}

void thresholds_decode(struct code_in *in, struct plan *p)
{
    size_t i;

    p->n_thresholds = code_get_count(in, 4096, 20, "thresholds");
    p->thresholds = xcalloc(p->n_thresholds + 1, sizeof *p->thresholds);
    for (i = 0; i < p->n_thresholds; i++) {
        struct threshold *t = &p->thresholds[i];

        selector_decode(in, p, &t->selector);
        t->metric_text = code_get_string(in, PLAN_TEXT_MAX, "a threshold");
        t->expression = code_get_string(in, PLAN_TEXT_MAX, "a threshold");
        t->agg = (enum threshold_agg)code_get(in, AGG_P, "a threshold");
        t->percentile = code_get_double(in, "a percentile");
        t->op = (enum threshold_op)code_get(in, OP_NE, "a threshold");
        t->limit = code_get_double(in, "a limit");
        t->abort_on_fail = code_get_bool(in, "whether it aborts");
        t->delay_abort_us = code_get(in, UINT64_MAX, "a delay");
        t->window_us = code_get(in, UINT64_MAX, "a window");
        if (t->percentile < 0 || t->percentile > 100 ||
            !agg_fits(t->agg, plan_metric_info(p, t->selector.metric).type)) {
            code_bad(in, "a threshold");
        }
    }
}

static void put_time(struct buf *b, uint64_t us)
{
    code_put(b, us < LINEUP_TIME_MAX ? us : LINEUP_TIME_MAX);
}

static void scenario_encode(struct buf *b, const struct scenario *s,
                            const struct plan *p)
{
    size_t i;

    code_put_text(b, s->name);
    code_put_text(b, s->purpose);
    code_put(b, (uint64_t)s->executor);
    code_put(b, s->vus);
    code_put(b, s->start_vus);
    put_time(b, s->duration_us == UINT64_MAX ? 0 : s->duration_us + 1);
    code_put(b, s->iterations);
    code_put(b, s->rate);
    code_put(b, s->start_rate);
    put_time(b, s->time_unit_us);
    code_put(b, s->pre_allocated_vus);
    code_put(b, s->max_vus);
    code_put(b, (uint64_t)s->when_busy);
    put_time(b, s->start_time_us);
    put_time(b, s->graceful_stop_us);
    put_time(b, s->graceful_ramp_down_us);
    code_put(b, s->flow);
    code_put(b, s->own);
    plan_put_tags(b, p, s->tags, s->n_tags);
    code_put(b, s->n_stages);
    for (i = 0; i < s->n_stages; i++) {
        put_time(b, s->stages[i].duration_us);
        code_put(b, s->stages[i].target);
        code_put(b, s->stages[i].name != NULL);
        code_put_text(b, s->stages[i].name != NULL ? s->stages[i].name : "");
    }
}

void lineup_encode(struct buf *b, const struct lineup *l, const struct plan *p)
{
    size_t i;

    code_put_text(b, l->name);
    code_put_text(b, l->purpose);
    code_put(b, l->n);
    for (i = 0; i < l->n; i++) {
        scenario_encode(b, &l->list[i], p);
    }
}

static uint32_t get_number(struct code_in *in)
{
    return (uint32_t)code_get(in, UINT32_MAX, "a number of a scenario");
}

static uint64_t get_time(struct code_in *in)
{
    return code_get(in, LINEUP_TIME_MAX, "a time of a scenario");
}

static void stages_decode(struct code_in *in, struct scenario *s)
{
    bool ramps = s->executor == EXECUTOR_RAMPING_VUS ||
                 s->executor == EXECUTOR_RAMPING_ARRIVAL_RATE;
    size_t i;

    s->n_stages = code_get_count(in, LINEUP_STAGES_MAX, 4, "stages");
    s->stages = xcalloc(s->n_stages + 1, sizeof *s->stages);
    for (i = 0; i < s->n_stages; i++) {
        bool named;
        char *name;

        s->stages[i].duration_us = get_time(in);
        s->stages[i].target = get_number(in);
        named = code_get_bool(in, "whether a stage has a name");
        name = code_get_string(in, PLAN_TEXT_MAX, "a stage's name");
        if (named) {
            s->stages[i].name = name;
        } else {
            free(name);
        }
    }
    if (ramps && s->n_stages == 0) {
        code_bad(in, "a ramp without stages");
    }
}

static void scenario_decode(struct code_in *in, const struct plan *p,
                            struct scenario *s)
{
    uint64_t length;

    s->name = code_get_string(in, PLAN_TEXT_MAX, "a scenario's name");
    s->purpose = code_get_string(in, PLAN_TEXT_MAX, "a scenario's purpose");
    s->executor =
        (enum executor)code_get(in, EXECUTOR_COUNT - 1, "an executor");
    s->vus = get_number(in);
    s->start_vus = get_number(in);
    length = get_time(in);
    s->duration_us = length == 0 ? UINT64_MAX : length - 1;
    s->iterations = code_get(in, UINT64_MAX, "iterations");
    s->rate = get_number(in);
    s->start_rate = get_number(in);
    s->time_unit_us = get_time(in);
    s->pre_allocated_vus = get_number(in);
    s->max_vus = get_number(in);
    s->when_busy = (enum when_busy)code_get(in, BUSY_QUEUE, "a scenario");
    s->start_time_us = get_time(in);
    s->graceful_stop_us = get_time(in);
    s->graceful_ramp_down_us = get_time(in);
    s->flow = (unsigned)code_get(in, p->n_flows > 0 ? p->n_flows - 1 : 0,
                                 "a scenario's flow");
    s->own = code_get_bool(in, "a scenario");
    s->tags = plan_get_tags(in, &s->n_tags);
    stages_decode(in, s);
    if (executor_is_arrival(s->executor) && s->time_unit_us == 0) {
        code_bad(in, "a rate without a time unit");
    }
}

struct lineup *lineup_decode(struct code_in *in, const struct plan *p)
{
    struct lineup *l = xcalloc(1, sizeof *l);
    size_t i;

    l->name = code_get_string(in, PLAN_TEXT_MAX, "a name");
    l->purpose = code_get_string(in, PLAN_TEXT_MAX, "a purpose");
    l->n = code_get_count(in, p->n_together, 20, "scenarios");
    if (l->n == 0) {
        code_bad(in, "no scenario");
    }
    l->list = xcalloc(LINEUP_MAX, sizeof *l->list);
    for (i = 0; i < l->n; i++) {
        l->list[i].index = (unsigned)i;
        scenario_decode(in, p, &l->list[i]);
    }
    return l;
}
