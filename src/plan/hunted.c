/* SPDX-License-Identifier: MIT
 *
 * hunted - what a hunt for the breaking point makes of a plan: the scenario's
 * flow under a load without end, and the limit that it is hunted for. */
#include "config.h"

#include "plan/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clk.h"
#include "base/must.h"
#include "base/num.h"
#include "base/xalloc.h"
#include "plan/plan_internal.h"

/* VUs that a rate has from its begin: more come as they are needed. */
#define HUNTED_VUS 20

struct lineup *plan_hunted(const struct lineup *l, const struct plan_hunt *h,
                           struct err *e)
{
    struct lineup *made;
    struct scenario *s;
    size_t i;

    if (l->n > 1) {
        err_set(e, ERR_RANGE,
                "'%s' runs %zu scenarios at once, and a hunt drives one: name "
                "another that has a \"flow\" of its own, or write one of "
                "these as such into the plan",
                l->name, l->n);
        return NULL;
    }
    made = lineup_copy(l);
    s = &made->list[0];
    for (i = 0; i < s->n_stages; i++) {
        free(s->stages[i].name);
    }
    free(s->stages);
    scenario_set_stages(s, NULL, 0);
    s->start_time_us = 0;
    s->duration_us = UINT64_MAX;
    if (h->rate) {
        s->executor = EXECUTOR_CONSTANT_ARRIVAL_RATE;
        s->rate = h->start;
        s->time_unit_us = US_PER_SEC;
        s->max_vus = h->max_vus;
        s->pre_allocated_vus =
            h->max_vus < HUNTED_VUS ? h->max_vus : HUNTED_VUS;
        s->when_busy = BUSY_DROP;
    } else {
        s->executor = EXECUTOR_CONSTANT_VUS;
        s->vus = h->start;
    }
    return made;
}

static bool hunted_replaces(const struct threshold *t)
{
    return t->selector.metric == METRIC_HTTP_REQ_DURATION &&
           t->selector.n_tags == 0 && (t->agg == AGG_P || t->agg == AGG_MED);
}

void plan_set_limit(struct plan *p, uint64_t limit_us)
{
    struct threshold *t;
    char text[64], ms[NUM_MAX];
    struct err e = ERR_INIT;
    size_t n = 0, i;

    for (i = 0; i < p->n_thresholds; i++) {
        if (hunted_replaces(&p->thresholds[i])) {
            threshold_clear(&p->thresholds[i]);
        } else {
            p->thresholds[n++] = p->thresholds[i];
        }
    }
    p->thresholds = xreallocarray(p->thresholds, n + 1, sizeof *p->thresholds);
    t = &p->thresholds[0]; /* it is what all is about */
    memmove(t + 1, t, n * sizeof *t);
    memset(t, 0, sizeof *t);
    snprintf(text, sizeof text, "p(95)<%s",
             num_plain(ms, (double)limit_us / 1000.0));
    MUST(threshold_parse_expression(text, METRIC_TREND, METRIC_TIME, t, &e));
    t->selector.metric = METRIC_HTTP_REQ_DURATION;
    t->metric_text = xstrdup("http_req_duration");
    if (t->expression == NULL) {
        t->expression = xstrdup(text);
    }
    p->n_thresholds = n + 1;
}
