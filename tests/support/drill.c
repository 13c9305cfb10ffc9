/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/drill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "base/must.h"

static struct plan *drill_plan(const char *text, const char *base)
{
    struct plan_errors errors = {.list = NULL};
    struct plan_input in = {.file = ""};
    struct plan *plan;
    struct buf b;
    char line[1024];

    buf_init(&b, 1u << 20);
    for (const char *t = text; *t != '\0'; t++) {
        if (*t == '@') {
            buf_adds(&b, base);
        } else {
            buf_addc(&b, *t);
        }
    }
    plan = plan_parse(buf_str(&b), b.len, &in, &errors);
    if (plan == NULL) {
        fatal("drill: %s", err_str(&errors.list[0], line, sizeof line));
    }
    plan_errors_clear(&errors);
    buf_clear(&b);
    return plan;
}

static void drill_on_report(void *ctx)
{
    struct drill *d = ctx;

    pthread_mutex_lock(&d->lock);
    d->ready = true;
    pthread_cond_signal(&d->rang);
    pthread_mutex_unlock(&d->lock);
}

void drill_start(struct drill *d, const char *text, const char *base)
{
    struct worker_config c = {.clk = clk_system(), .workers = 1};
    struct load_scenario load = {.curve = &d->curve};
    struct err e = ERR_INIT;

    memset(d, 0, sizeof *d);
    d->plan = drill_plan(text, base);
    curve_init(&d->curve, &d->plan->lineups[0].list[0], 1.);
    d->duration = histo_new();
    d->waiting = histo_new();
    d->lag = histo_new();
    pthread_mutex_init(&d->lock, NULL);
    pthread_cond_init(&d->rang, NULL);
    load.scenario = &d->plan->lineups[0].list[0];
    load.flow = &d->plan->flows[0];
    c.plan = d->plan;
    c.scenarios = &load;
    c.n_scenarios = 1;
    c.seed = 1;
    c.notify = drill_on_report;
    c.ctx = d;
    if (!worker_start(&c, &d->worker, &e)) {
        fatal("drill: %s", e.text);
    }
    worker_set_run_start(d->worker, clk_now(clk_system()));
}

void drill_post(struct drill *d, enum load_phase phase, uint32_t vus)
{
    d->desired.revision++;
    d->desired.phase = phase;
    d->desired.level = vus;
    d->desired.max_vus = UINT32_MAX;
    d->desired.graceful_us = 30 * US_PER_SEC;
    worker_post(d->worker, &d->desired);
}

static void drill_add(struct drill *d, const struct delta *x)
{
    struct drill_totals *t = &d->totals;

    for (size_t i = 0; i < x->n_series; i++) {
        const struct delta_series *s = &x->series[i];

        t->requests += s->count;
        t->failed += s->failed;
        t->responses += s->phase[PHASE_DURATION].count;
        t->sent += s->sent;
        t->received += s->received;
        histo_add_sparse(d->duration, &s->phase[PHASE_DURATION]);
        histo_add_sparse(d->waiting, &s->phase[PHASE_WAITING]);
    }
    for (size_t i = 0; i < x->n_checks; i++) {
        t->passes += x->checks[i].passes;
        t->fails += x->checks[i].fails;
    }
    t->iterations += x->iterations;
    t->interrupted += x->interrupted;
    t->interrupted_requests += x->interrupted_requests;
    t->retries += x->retries;
    histo_add_sparse(d->lag, &x->lag);
}

const struct worker_report *drill_report(struct drill *d)
{
    struct delta *x;

    worker_ask(d->worker);
    /* It rings when it comes to rest, too. */
    while (!worker_collect(d->worker, &d->last)) {
        pthread_mutex_lock(&d->lock);
        while (!d->ready) {
            pthread_cond_wait(&d->rang, &d->lock);
        }
        d->ready = false;
        pthread_mutex_unlock(&d->lock);
    }
    x = delta_new(d->plan, &d->last.shard, 1);
    drill_add(d, x);
    delta_free(&x);
    shard_clear(d->last.shard);
    worker_return(d->worker, d->last.shard);
    d->last.shard = NULL;
    return &d->last;
}

void drill_drain(struct drill *d)
{
    const struct worker_report *r;

    drill_post(d, LOAD_DRAIN, 0);
    do {
        r = drill_report(d);
    } while (r->squads[0].active + r->squads[0].draining > 0);
    drill_report(d);
}

void drill_stop(struct drill *d)
{
    worker_stop(&d->worker);
    MUST(d->worker == NULL);
    curve_clear(&d->curve);
    histo_free(&d->duration);
    histo_free(&d->waiting);
    histo_free(&d->lag);
    plan_free(&d->plan);
    pthread_cond_destroy(&d->rang);
    pthread_mutex_destroy(&d->lock);
}
