/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/hunt_second.h"

#include <stdio.h>
#include <string.h>

#include "base/clk.h"
#include "base/num.h"
#include "measure/failure.h"
#include "run/vitals.h"

/* Of the requests: more that this machine could not make, and it is at fault.
 */
#define HUNT_LOCAL 0.01
/* Of the limit: a loop lag above that falsifies a percentile near it. */
#define HUNT_LAG 0.1

void hunt_second_init(struct hunt_second *s, uint64_t unit_us,
                      uint64_t limit_us, struct rule_parts *parts)
{
    double lag_ms = HUNT_LAG * (double)limit_us / 1000.0;

    memset(s, 0, sizeof *s);
    s->lag_ms = lag_ms > VITALS_LAG_MS ? lag_ms : VITALS_LAG_MS;
    s->good = histo_new();
    s->parts = parts;
    s->unit_us = unit_us;
    hunt_second_reset(s);
}

void hunt_second_clear(struct hunt_second *s)
{
    histo_free(&s->good);
    rule_parts_free(&s->parts);
}

void hunt_second_reset(struct hunt_second *s)
{
    histo_clear(s->good);
    rule_parts_clear(s->parts);
    s->open = (struct moment){
        .still = true, .open = s->unit_us > 0, .all = s->good, .good = s->good};
    s->local = 0;
    s->fault[0] = '\0';
}

static void second_requests(struct hunt_second *s, const struct delta *d)
{
    size_t i;

    for (i = 0; i < d->n_series; i++) {
        const struct delta_series *x = &d->series[i];

        s->open.requests += x->count;
        s->open.failed += x->failed;
        s->local += x->failure == FAILURE_LOCAL ? x->count : 0;
        if (x->failed == 0) {
            histo_add_sparse(s->good, &x->phase[PHASE_DURATION]);
        }
    }
}

static void second_fault(struct hunt_second *s, const struct tick *t)
{
    const struct health *h = &t->health;
    char num[NUM_MAX];

    if (h->cpu > VITALS_CPU) {
        snprintf(s->fault, sizeof s->fault, "a worker's CPU at %s",
                 num_percent(num, h->cpu));
    } else if (h->lag_p99_ms > s->lag_ms) {
        snprintf(s->fault, sizeof s->fault, "loop lag p99 %s",
                 num_ms(num, h->lag_p99_ms));
    } else if ((double)h->fds > VITALS_FDS * (double)h->fds_max ||
               (double)s->local > HUNT_LOCAL * (double)s->open.requests) {
        snprintf(s->fault, sizeof s->fault,
                 "this machine has no ports or descriptors left");
    }
}

bool hunt_second_add(struct hunt_second *s, const struct tick *t)
{
    const struct tick_scenario *at = &t->scenarios[0];
    struct moment *x = &s->open;

    if (x->active_us == 0) {
        x->start_us = t->t_us - t->dt_us;
    }
    x->end_us = t->t_us;
    x->active_us += t->active_us;
    x->load = at->wanted;
    x->vus = t->vus;
    x->draining = t->draining;
    x->in_flight = t->in_flight;
    x->begun += at->begun;
    x->dropped += at->dropped;
    if (s->unit_us > 0) {
        x->due +=
            (double)at->wanted * (double)t->active_us / (double)s->unit_us;
    }
    second_requests(s, t->delta);
    rule_parts_add(s->parts, t->delta);
    rule_parts_of(s->parts, x);
    second_fault(s, t);
    /* Ticks are not exact: ten of them are a second. */
    return x->active_us + TICK_US / 2 >= US_PER_SEC;
}
