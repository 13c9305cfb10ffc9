/* SPDX-License-Identifier: MIT
 *
 * worker - the thread around a squad and its lane: its loop, its beginning and
 * its end. What others say to it is in worker_mail.c. */
#include "config.h"

#include "load/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/thread.h"
#include "base/xalloc.h"
#include "load/crew.h"
#include "load/worker_internal.h"
#include "measure/tap.h"

/* The loop's lateness is also known when no VU waits for anything. */
#define WORKER_PROBE_US (10 * US_PER_MS)
/* Samples that one stall counts for at most. */
#define WORKER_PROBE_MISSED 100

static const struct clk *worker_clk(const struct worker *w)
{
    return w->config.gapless != NULL ? gapless_clk(w->config.gapless)
                                     : w->config.clk;
}

/* Run time 0 as VUs tell the time: run time goes on in a gap. */
static void worker_place_start(struct worker *w)
{
    w->gaps_us = worker_gaps_us(w);
    for (size_t i = 0; i < w->config.n_scenarios; i++) {
        squad_set_run_start(w->squads[i], w->run_start - w->gaps_us);
    }
}

/* A state as VUs tell the time, from when it was posted: a gap since then is
 * not in it. Where a moment has no meaning nobody asks for it. */
static struct desired worker_place(const struct desired *d, uint64_t gaps_us)
{
    struct desired placed = *d;

    placed.origin -= gaps_us;
    placed.since = d->since > gaps_us ? d->since - gaps_us : 0;
    return placed;
}

/* How late a timer is when its turn comes, those before it included. */
static void worker_on_late(void *ctx, uint64_t us)
{
    struct worker *w = ctx;

    OBJ_CHECK(w, WORKER_MAGIC);
    shard_lag(w->shard, us + clk_now(worker_clk(w)) - w->run_at);
}

/* The n-th probe is due at a time of the schedule, not after the one before:
 * each that a stall has swallowed is a sample of its own. */
static void worker_on_probe(void *ctx, mono_us now)
{
    struct worker *w = ctx;
    mono_us due;
    int missed = 0;

    OBJ_CHECK(w, WORKER_MAGIC);
    due = w->probe.due + WORKER_PROBE_US;
    while (due <= now && missed < WORKER_PROBE_MISSED) {
        shard_lag(w->shard, now - due);
        due += WORKER_PROBE_US;
        missed++;
    }
    timers_arm(w->timers, &w->probe, due > now ? due : now + WORKER_PROBE_US);
}

/* Who waits for the end of all work need not ask for it ten times a second. */
static void worker_look_at_rest(struct worker *w)
{
    bool rest = true, rested = atomic_load(&w->rests) % 2 != 0;

    for (size_t i = 0; i < w->config.n_scenarios && rest; i++) {
        rest = squad_at_rest(w->squads[i]);
    }
    if (rest == rested) {
        return;
    }
    atomic_fetch_add(&w->rests, 1);
    if (rest && w->config.notify != NULL) {
        w->config.notify(w->config.ctx);
    }
}

static void worker_on_prepare(struct ev_loop *loop, struct ev_prepare *p,
                              int revents)
{
    struct worker *w = p->data;
    mono_us now, next;

    (void)loop;
    (void)revents;
    OBJ_CHECK(w, WORKER_MAGIC);
    now = clk_now(worker_clk(w));
    if (w->run_start != 0 && w->gaps_us != worker_gaps_us(w)) {
        worker_place_start(w);
    }
    if (timers_next(w->timers) <= now) {
        w->run_at = now;
        timers_run(w->timers, now, worker_on_late, w);
    }
    worker_look_at_rest(w);
    next = timers_next(w->timers);
    /* The pacer wakes by the system's clock: before a gap is known too early,
     * and then again. */
    pacer_set(w->pacer, next == UINT64_MAX ? next : next + worker_gaps_us(w));
}

/* With the lock held, and a spare shard at hand. */
static void worker_make_report(struct worker *w)
{
    struct worker_report *r = &w->mail.report;
    struct transport t = lanes_transport(w->lanes);
    const char *text = NULL;

    memset(r, 0, sizeof *r);
    r->shard = w->shard;
    w->shard = w->mail.spare;
    w->mail.spare = NULL;
    r->revision = w->revision;
    for (size_t i = 0; i < w->config.n_scenarios; i++) {
        r->squads[i] = squad_state(w->squads[i]);
        squad_set_shard(w->squads[i], w->shard);
        if (r->squads[i].ended != 0) {
            r->squads[i].ended += worker_gaps_us(w);
        }
    }
    r->connections = t.ops->connections(t.self);
    r->connections_most = t.ops->connections_most(t.self);
    r->opened = t.ops->opened(t.self);
    r->cpu_us = clk_thread_cpu_us();
    r->once = squad_once(w->squads[0], &text);
    if (r->once == ONCE_FAILED && text != NULL) {
        snprintf(r->once_text, sizeof r->once_text, "%s", text);
    }
    if (r->once == ONCE_PASSED && !w->reported_once) {
        crew_vars_free(&w->mail.result, w->n_vars);
        w->mail.result =
            worker_vars_copy(squad_once_vars(w->squads[0]), w->n_vars);
        w->reported_once = true;
    }
    r->at = clk_now(w->config.clk);
    w->mail.has_report = true;
    w->mail.ask = false;
}

/* Takes the orders out of the mailbox into a copy, to act on without the
 * lock. */
static void worker_take_orders(struct worker *w, struct worker_mail *orders)
{
    struct worker_mail *m = &w->mail;

    pthread_mutex_lock(&m->lock);
    posts_take(&m->posts, &w->posts);
    orders->has_once = m->has_once;
    orders->once = m->once;
    orders->once_timeout_us = m->once_timeout_us;
    orders->has_run_start = m->has_run_start;
    orders->run_start = m->run_start;
    orders->vars = m->vars;
    orders->stop = m->stop;
    m->vars = NULL;
    m->has_once = m->has_run_start = false;
    pthread_mutex_unlock(&m->lock);
}

/* The states of one scenario that were posted since the last look. */
static void worker_follow(struct worker *w, size_t scenario)
{
    const struct posts *p = &w->posts;

    for (size_t i = 0; i < p->n; i++) {
        struct desired d =
            worker_place(&p->list[i * p->width + scenario], p->gaps_us[i]);

        w->revision = d.revision;
        squad_follow(w->squads[scenario], &d, i + 1 == p->n);
    }
}

static void worker_obey(struct worker *w, struct worker_mail *orders)
{
    if (orders->has_run_start) {
        w->run_start = orders->run_start;
        worker_place_start(w);
    }
    for (size_t i = 0; i < w->config.n_scenarios; i++) {
        struct squad *squad = w->squads[i];

        if (orders->vars != NULL) {
            squad_set_vars(squad, (const char *const *)orders->vars);
        }
        worker_follow(w, i);
    }
    crew_vars_free(&orders->vars, w->n_vars);
    if (orders->has_once) {
        w->reported_once = false;
        squad_run_once(w->squads[0], orders->once, orders->once_timeout_us);
    }
}

static void worker_on_ring(struct ev_loop *loop, struct ev_async *a,
                           int revents)
{
    struct worker *w = a->data;
    struct worker_mail orders = {.vars = NULL};
    bool ready;

    (void)revents;
    OBJ_CHECK(w, WORKER_MAGIC);
    worker_take_orders(w, &orders);
    worker_obey(w, &orders);
    for (size_t i = 0; i < w->config.n_scenarios; i++) {
        squad_receive(w->squads[i]);
    }
    pthread_mutex_lock(&w->mail.lock);
    ready = w->mail.ask && w->mail.spare != NULL && !w->mail.has_report;
    if (ready) {
        worker_make_report(w);
    }
    pthread_mutex_unlock(&w->mail.lock);
    if (ready && w->config.notify != NULL) {
        w->config.notify(w->config.ctx);
    }
    if (orders.stop) {
        ev_break(loop, EVBREAK_ALL);
    }
}

static void *worker_main(void *arg)
{
    struct worker *w = arg;

    OBJ_CHECK(w, WORKER_MAGIC);
    ev_run(w->loop, 0);
    return NULL;
}

/* Another worker's thread: something was handed over. */
static void worker_wake(void *ctx)
{
    struct worker *w = ctx;

    OBJ_CHECK(w, WORKER_MAGIC);
    ev_async_send(w->loop, &w->ring);
}

static void worker_make_squads(struct worker *w)
{
    const struct worker_config *c = &w->config;

    MUST(c->n_scenarios >= 1 && c->n_scenarios <= LINEUP_MAX);
    for (size_t i = 0; i < c->n_scenarios; i++) {
        struct squad_config s = {
            .plan = c->plan,
            .load = c->scenarios[i],
            .feeder = c->feeder,
            .clk = worker_clk(w),
            .timers = w->timers,
            .transport = lanes_transport(w->lanes),
            .gate = c->gate,
            .seed = c->seed,
            .index = c->index,
            .workers = c->workers,
            .scenarios = (unsigned)c->n_scenarios,
            .wake = worker_wake,
            .wake_ctx = w,
        };

        w->squads[i] = squad_new(&s);
        squad_set_shard(w->squads[i], w->shard);
    }
    w->config.scenarios = NULL; /* the caller's, and copied by now */
}

/* All that the thread will use, made before it runs. */
static void worker_furnish(struct worker *w)
{
    const struct worker_config *c = &w->config;

    w->shard = shard_new(c->plan);
    w->mail.spare = shard_new(c->plan);
    if (c->taps != NULL) {
        struct tap *tap = taps_add(c->taps);

        shard_set_tap(w->shard, tap);
        shard_set_tap(w->mail.spare, tap);
    }
    w->posts.width = w->mail.posts.width = c->n_scenarios;
    w->timers = timers_new();
    w->pacer = pacer_new(w->loop, c->clk);
    lane_options_init(&w->options, &c->plan->http.dial);
    w->options.apart = c->plan->http.reuse == REUSE_ITERATION;
    w->lanes = lanes_new(w->loop, worker_clk(w), &w->options);
    worker_make_squads(w);
    atomic_init(&w->rests, 1);
    ev_async_init(&w->ring, worker_on_ring);
    w->ring.data = w;
    ev_async_start(w->loop, &w->ring);
    ev_prepare_init(&w->prepare, worker_on_prepare);
    w->prepare.data = w;
    ev_set_priority(&w->prepare, EV_MAXPRI); /* before the lane's */
    ev_prepare_start(w->loop, &w->prepare);
    w->probe.fire = worker_on_probe;
    w->probe.ctx = w;
    timers_arm(w->timers, &w->probe, clk_now(worker_clk(w)) + WORKER_PROBE_US);
}

static void worker_free(struct worker *w)
{
    for (size_t i = 0; i < w->config.n_scenarios; i++) {
        squad_free(&w->squads[i]);
    }
    posts_clear(&w->posts);
    posts_clear(&w->mail.posts);
    lanes_free(&w->lanes);
    lane_options_clear(&w->options);
    pacer_free(&w->pacer);
    timers_free(&w->timers);
    ev_loop_destroy(w->loop);
    shard_free(&w->shard);
    shard_free(&w->mail.spare);
    if (w->mail.has_report) {
        shard_free(&w->mail.report.shard);
    }
    crew_vars_free(&w->mail.vars, w->n_vars);
    crew_vars_free(&w->mail.result, w->n_vars);
    pthread_mutex_destroy(&w->mail.lock);
    w->magic = 0;
    free(w);
}

bool worker_start(const struct worker_config *config, struct worker **out,
                  struct err *e)
{
    struct ev_loop *loop = ev_loop_new(EVFLAG_NOENV);
    struct worker *w;
    int rc;

    if (loop == NULL) {
        err_set(e, ERR_LIMIT, "worker %u: no event loop: descriptors or memory",
                config->index);
        return false;
    }
    w = xcalloc(1, sizeof *w);
    w->magic = WORKER_MAGIC;
    w->config = *config;
    w->n_vars = config->plan->n_vars;
    w->loop = loop;
    rc = pthread_mutex_init(&w->mail.lock, NULL);
    MUST(rc == 0);
    worker_furnish(w);
    rc = thread_start(&w->thread, worker_main, w);
    if (rc != 0) {
        err_set(e, ERR_LIMIT, "worker %u: no thread: %s", config->index,
                strerror(rc));
        worker_free(w);
        return false;
    }
    *out = w;
    return true;
}

void worker_stop(struct worker **w)
{
    if (*w == NULL) {
        return;
    }
    OBJ_CHECK(*w, WORKER_MAGIC);
    pthread_mutex_lock(&(*w)->mail.lock);
    (*w)->mail.stop = true;
    pthread_mutex_unlock(&(*w)->mail.lock);
    ev_async_send((*w)->loop, &(*w)->ring);
    pthread_join((*w)->thread, NULL);
    worker_free(*w);
    *w = NULL;
}
