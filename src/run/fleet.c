/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/fleet.h"

#include <stdlib.h>
#include <string.h>

#include <ev.h>

#include "base/must.h"
#include "base/xalloc.h"

#define FLEET_MAGIC 0xf1ee7001u

struct fleet_member {
    struct worker *worker;       /* owned */
    struct worker_report report; /* the latest; its shard until the close */
    bool has_shard;
    bool waiting;  /* was asked, and its report has not been collected */
    bool answered; /* the present ask; be it with the report of an earlier one
                      that came late */
    uint64_t ask;  /* number of the ask that the report is, or will be, of */
};

struct fleet {
    unsigned magic;
    struct fleet_config config;
    ev_async bell;                /* a report is ready */
    struct fleet_member *members; /* owned: n of them */
    unsigned n;
    struct shard **shards; /* owned: room for n */
    bool asked;
    uint64_t ask;   /* number of the latest ask, from 1 */
    uint64_t once;  /* that of the last one before the last run_once */
    uint64_t rests; /* of all workers together, when rest was last told */
};

static void fleet_ring(void *ctx)
{
    struct fleet *f = ctx;

    OBJ_CHECK(f, FLEET_MAGIC);
    ev_async_send(f->config.loop, &f->bell);
}

static bool fleet_all_answered(const struct fleet *f)
{
    unsigned i;

    for (i = 0; i < f->n; i++) {
        if (!f->members[i].answered) {
            return false;
        }
    }
    return true;
}

static void fleet_collect(struct fleet *f)
{
    unsigned i;

    for (i = 0; i < f->n; i++) {
        struct fleet_member *m = &f->members[i];
        struct worker_report r;

        if (m->waiting && worker_collect(m->worker, &r)) {
            m->report = r;
            m->has_shard = true;
            m->waiting = false;
            m->answered = true;
        }
    }
}

static uint64_t fleet_rests(const struct fleet *f, bool *all)
{
    uint64_t sum = 0;
    unsigned i;

    *all = true;
    for (i = 0; i < f->n; i++) {
        uint64_t rests = worker_rests(f->members[i].worker);

        *all = *all && rests % 2 != 0;
        sum += rests;
    }
    return sum;
}

/* All are at rest, and one of them was not when that was last told. */
static bool fleet_news_of_rest(struct fleet *f)
{
    bool all;
    uint64_t rests = fleet_rests(f, &all);

    if (!all || rests == f->rests) {
        return false;
    }
    f->rests = rests;
    return true;
}

static void fleet_on_bell(struct ev_loop *loop, ev_async *w, int revents)
{
    struct fleet *f = w->data;

    (void)loop;
    (void)revents;
    OBJ_CHECK(f, FLEET_MAGIC);
    if (fleet_news_of_rest(f)) {
        f->config.rested(f->config.ctx);
    }
    if (!f->asked) {
        return; /* a late answer waits for the next ask */
    }
    fleet_collect(f);
    if (fleet_all_answered(f)) {
        f->config.answered(f->config.ctx);
    }
}

bool fleet_start(const struct fleet_config *config, struct fleet **out,
                 struct err *e)
{
    struct fleet *f = xcalloc(1, sizeof *f);
    struct worker_config c = config->worker;

    MUST(c.workers >= 1);
    f->magic = FLEET_MAGIC;
    f->config = *config;
    f->members = xcalloc(c.workers, sizeof *f->members);
    f->shards = xcalloc(c.workers, sizeof *f->shards);
    ev_async_init(&f->bell, fleet_on_bell);
    f->bell.data = f;
    ev_async_start(config->loop, &f->bell);
    c.notify = fleet_ring;
    c.ctx = f;
    for (f->n = 0; f->n < c.workers; f->n++) {
        c.index = f->n;
        if (!worker_start(&c, &f->members[f->n].worker, e)) {
            fleet_stop(&f);
            return false;
        }
    }
    f->rests = f->n; /* each is at rest, once */
    *out = f;
    return true;
}

void fleet_stop(struct fleet **fp)
{
    struct fleet *f = *fp;
    unsigned i;

    if (f == NULL) {
        return;
    }
    for (i = 0; i < f->n; i++) {
        if (f->members[i].has_shard) {
            worker_return(f->members[i].worker, f->members[i].report.shard);
        }
        worker_stop(&f->members[i].worker);
    }
    ev_async_stop(f->config.loop, &f->bell);
    free(f->members);
    free(f->shards);
    f->magic = 0;
    free(f);
    *fp = NULL;
}

void fleet_post(struct fleet *f, const struct desired *list)
{
    unsigned i;

    for (i = 0; i < f->n; i++) {
        worker_post(f->members[i].worker, list);
    }
}

void fleet_set_vars(struct fleet *f, const char *const *vars)
{
    unsigned i;

    for (i = 0; i < f->n; i++) {
        worker_set_vars(f->members[i].worker, vars);
    }
}

void fleet_set_run_start(struct fleet *f, mono_us at)
{
    unsigned i;

    for (i = 0; i < f->n; i++) {
        worker_set_run_start(f->members[i].worker, at);
    }
}

void fleet_run_once(struct fleet *f, const struct flow *flow,
                    uint64_t timeout_us)
{
    worker_run_once(f->members[0].worker, flow, timeout_us);
    f->once = f->ask;
}

char **fleet_take_vars(struct fleet *f)
{
    return worker_take_vars(f->members[0].worker);
}

void fleet_ask(struct fleet *f)
{
    unsigned i;

    MUST(!f->asked);
    f->asked = true;
    f->ask++;
    for (i = 0; i < f->n; i++) {
        struct fleet_member *m = &f->members[i];

        m->answered = false;
        if (!m->waiting) {
            m->waiting = true;
            m->ask = f->ask;
            worker_ask(m->worker);
        }
    }
    /* Late answers lie ready, and nobody rings for them again. */
    ev_async_send(f->config.loop, &f->bell);
}

bool fleet_asked(const struct fleet *f)
{
    return f->asked;
}

static void fleet_add(struct fleet_state *s, const struct worker_report *r,
                      size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        struct fleet_scenario *to = &s->scenarios[i];
        const struct squad_state *from = &r->squads[i];

        to->active += from->active;
        to->most += from->most > from->active ? from->most : from->active;
        to->draining += from->draining;
        to->setting_up += from->setting_up;
        to->in_flight += from->in_flight;
        to->allocated += from->allocated;
        to->begun += from->iterations_begun;
        to->not_set_up += from->not_set_up;
        to->ended = from->ended > to->ended ? from->ended : to->ended;
        to->exhausted = to->exhausted && from->exhausted;
        s->in_flight += from->in_flight;
    }
    s->connections += r->connections;
    s->connections_most += r->connections_most > r->connections
                               ? r->connections_most
                               : r->connections;
    s->opened += r->opened;
    if (r->revision < s->revision) {
        s->revision = r->revision;
    }
}

struct delta *fleet_close(struct fleet *f, struct fleet_state *s)
{
    struct delta *d;
    size_t n = 0;
    unsigned i;

    MUST(f->asked);
    fleet_collect(f);
    f->asked = false;
    memset(s, 0, sizeof *s);
    for (i = 0; i < LINEUP_MAX; i++) {
        s->scenarios[i].exhausted = true;
    }
    s->revision = UINT64_MAX;
    for (i = 0; i < f->n; i++) {
        struct fleet_member *m = &f->members[i];

        fleet_add(s, &m->report, f->config.worker.n_scenarios);
        /* It has been told; who is late next time says nothing of that tick. */
        for (size_t k = 0; k < f->config.worker.n_scenarios; k++) {
            m->report.squads[k].most = 0;
        }
        m->report.connections_most = 0;
        s->late += m->answered ? 0u : 1u;
        if (m->has_shard) {
            f->shards[n++] = m->report.shard;
        }
    }
    if (!f->members[0].waiting && f->members[0].ask > f->once) {
        s->once = f->members[0].report.once;
        memcpy(s->once_text, f->members[0].report.once_text,
               sizeof s->once_text);
    } else {
        s->once = ONCE_RUNNING;
    }
    d = delta_new(f->config.worker.plan, f->shards, n);
    for (i = 0; i < f->n; i++) {
        struct fleet_member *m = &f->members[i];

        if (m->has_shard) {
            shard_clear(m->report.shard);
            worker_return(m->worker, m->report.shard);
            m->report.shard = NULL;
            m->has_shard = false;
        }
    }
    return d;
}

unsigned fleet_count(const struct fleet *f)
{
    return f->n;
}

uint64_t fleet_cpu_us(const struct fleet *f, unsigned i)
{
    MUST(i < f->n);
    return f->members[i].report.cpu_us;
}
