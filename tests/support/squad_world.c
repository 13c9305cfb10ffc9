/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/squad_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "load/feeder.h"
#include "load/gate.h"
#include "load/rota.h"

static struct plan *world_parse(const char *text, size_t n)
{
    struct plan_input in = {.file = "test.json"};
    struct plan_errors errors = {0};
    struct plan *p = plan_parse(text, n, &in, &errors);
    char line[1024];

    for (size_t i = 0; i < errors.n; i++) {
        print_error("%s\n", err_str(&errors.list[i], line, sizeof line));
    }
    plan_errors_clear(&errors);
    if (p == NULL) {
        fail_msg("the test's plan has mistakes");
    }
    return p;
}

struct plan *world_plan(const char *text)
{
    return world_parse(text, strlen(text));
}

static void world_bell_fire(void *ctx, mono_us now)
{
    struct world_bell *b = ctx;

    (void)now;
    squad_receive(b->squad);
}

void world_bell_init(struct world_bell *b, struct world *w)
{
    *b = (struct world_bell){.timers = w->timers,
                             .clk = &w->clk,
                             .timer = {.fire = world_bell_fire, .ctx = b}};
}

void world_wake(void *ctx)
{
    struct world_bell *b = ctx;

    timers_arm(b->timers, &b->timer, b->clk->now);
}

static struct world *world_of(struct plan *plan, const struct scenario *s,
                              unsigned n, double time_scale,
                              struct iteration_pool *pool, uint32_t rps)
{
    struct world *w = xcalloc(1, sizeof *w);

    MUST(n <= WORLD_SQUADS_MAX);
    w->plan = plan;
    w->scenario = s;
    w->n = n;
    w->posts.width = 1;
    w->pool = pool;
    w->gate = rps > 0 ? gate_new(rps) : NULL;
    w->rota = n > 0 && executor_is_arrival(s->executor) ? rota_new(n) : NULL;
    manual_clk_init(&w->clk, WORLD_START);
    w->timers = timers_new();
    fake_init(&w->fake, &w->clk.clk, w->timers);
    curve_init(&w->curve, s, time_scale);
    w->shard = shard_new(plan);
    w->feeder = feeder_new(plan);
    w->desired.max_vus = UINT32_MAX;
    w->desired.graceful_us = s->graceful_ramp_down_us;
    for (unsigned i = 0; i < n; i++) {
        struct squad_config c = {
            .plan = plan,
            .load = {.scenario = s,
                     .flow = &plan->flows[s->flow],
                     .curve = &w->curve,
                     .pool = pool,
                     .rota = w->rota},
            .clk = &w->clk.clk,
            .timers = w->timers,
            .transport = fake_transport(&w->fake),
            .scenarios = 1,
            .feeder = w->feeder,
            .gate = w->gate,
            .seed = 1,
            .index = i,
            .workers = n,
            .run_start = WORLD_START,
            .wake = world_wake,
            .wake_ctx = &w->bells[i],
        };

        world_bell_init(&w->bells[i], w);
        w->squads[i] = w->bells[i].squad = squad_new(&c);
        squad_set_shard(w->squads[i], w->shard);
    }
    return w;
}

struct world *world_new(const char *plan, unsigned n, double time_scale)
{
    struct plan *p = world_plan(plan);

    return world_of(p, &p->lineups[0].list[0], n, time_scale, NULL, 0);
}

struct world *world_pool(const char *plan, unsigned n, uint64_t iterations)
{
    struct plan *p = world_plan(plan);

    return world_of(p, &p->lineups[0].list[0], n, 1,
                    iteration_pool_new(iterations), 0);
}

struct world *world_capped(const char *plan, unsigned n, uint32_t rps)
{
    struct plan *p = world_plan(plan);

    return world_of(p, &p->lineups[0].list[0], n, 1, NULL, rps);
}

struct world *world_builtin(const char *plan, const char *scenario, unsigned n,
                            double time_scale)
{
    size_t len;
    const char *text = plan_builtin(plan, &len);
    struct plan *p;

    assert_non_null(text);
    p = world_parse(text, len);
    return world_of(p, &plan_lineup(p, scenario)->list[0], n, time_scale, NULL,
                    0);
}

void world_free(struct world **wp)
{
    struct world *w = *wp;

    for (unsigned i = 0; i < w->n; i++) {
        squad_free(&w->squads[i]);
        timers_disarm(w->timers, &w->bells[i].timer);
    }
    assert_int_equal(w->fake.open_ports, 0);
    assert_true(timers_next(w->timers) == UINT64_MAX);
    posts_clear(&w->posts);
    fake_clear(&w->fake);
    timers_free(&w->timers);
    shard_free(&w->shard);
    curve_clear(&w->curve);
    iteration_pool_free(&w->pool);
    gate_free(&w->gate);
    rota_free(&w->rota);
    feeder_free(&w->feeder);
    plan_free(&w->plan);
    free(w);
    *wp = NULL;
}

void world_post(struct world *w)
{
    w->desired.revision++;
    w->desired.since = w->clk.now;
    if (executor_is_arrival(w->scenario->executor)) {
        w->desired.area = desired_area(&w->posted, &w->curve, w->clk.now);
    }
    w->posted = w->desired;
    if (w->asleep) {
        posts_add(&w->posts, &w->desired, 0);
        return;
    }
    for (unsigned i = 0; i < w->n; i++) {
        squad_set_desired(w->squads[i], &w->desired);
    }
}

void world_look(struct world *w)
{
    struct posts taken = {.width = 1};

    posts_take(&w->posts, &taken);
    for (unsigned i = 0; i < w->n; i++) {
        for (size_t k = 0; k < taken.n; k++) {
            squad_follow(w->squads[i], &taken.list[k], k + 1 == taken.n);
        }
    }
    posts_clear(&taken);
    w->asleep = false;
}

void world_vus(struct world *w, uint32_t vus)
{
    w->desired.phase = LOAD_RUN;
    w->desired.follow = false;
    w->desired.level = vus;
    world_post(w);
}

void world_follow(struct world *w, uint64_t stage_us)
{
    w->desired.phase = LOAD_RUN;
    w->desired.follow = true;
    w->desired.held = false;
    w->desired.origin = w->clk.now - stage_us;
    world_post(w);
}

void world_phase(struct world *w, enum load_phase phase)
{
    w->desired.phase = phase;
    world_post(w);
}

void world_turn(struct world *w)
{
    timers_run(w->timers, w->clk.now, NULL, NULL);
}

void world_until(struct world *w, mono_us to)
{
    unsigned turns = 0;

    for (;;) {
        mono_us next = timers_next(w->timers);

        if (next > to) {
            break;
        }
        turns = next > w->clk.now ? 0 : turns + 1;
        if (turns > 1000) {
            fail_msg("a thousand turns without time passing");
        }
        w->clk.now = next > w->clk.now ? next : w->clk.now;
        world_turn(w);
    }
    w->clk.now = to;
}

void world_pass(struct world *w, uint64_t us)
{
    world_until(w, w->clk.now + us);
}

struct squad_state world_state(const struct world *w)
{
    struct squad_state sum = {.exhausted = true};

    for (unsigned i = 0; i < w->n; i++) {
        struct squad_state s = squad_state(w->squads[i]);

        sum.active += s.active;
        sum.draining += s.draining;
        sum.allocated += s.allocated;
        sum.queued += s.queued;
        sum.in_flight += s.in_flight;
        sum.exhausted = sum.exhausted && s.exhausted;
        sum.iterations_begun += s.iterations_begun;
        sum.ended = s.ended > sum.ended ? s.ended : sum.ended;
    }
    return sum;
}

uint32_t world_active(const struct world *w)
{
    return world_state(w).active;
}

struct delta *world_take(struct world *w)
{
    struct delta *d = delta_new(w->plan, &w->shard, 1);

    shard_clear(w->shard);
    return d;
}

uint64_t delta_requests(const struct delta *d, int request, int status)
{
    uint64_t n = 0;

    for (size_t i = 0; i < d->n_series; i++) {
        const struct delta_series *s = &d->series[i];

        if ((request < 0 || s->request == request) &&
            (status < 0 || s->status == status)) {
            n += s->count;
        }
    }
    return n;
}

uint64_t delta_failures(const struct delta *d, enum failure failure)
{
    uint64_t n = 0;

    for (size_t i = 0; i < d->n_series; i++) {
        n += d->series[i].failure == failure ? d->series[i].count : 0;
    }
    return n;
}

uint64_t delta_failed(const struct delta *d)
{
    uint64_t n = 0;

    for (size_t i = 0; i < d->n_series; i++) {
        n += d->series[i].failed;
    }
    return n;
}

static const struct delta_check *delta_check_of(const struct delta *d,
                                                unsigned check)
{
    static const struct delta_check none = {0, 0, 0, 0};

    for (size_t i = 0; i < d->n_checks; i++) {
        if (d->checks[i].check == check) {
            return &d->checks[i];
        }
    }
    return &none;
}

uint64_t delta_check_passes(const struct delta *d, unsigned check)
{
    return delta_check_of(d, check)->passes;
}

uint64_t delta_check_fails(const struct delta *d, unsigned check)
{
    return delta_check_of(d, check)->fails;
}

const struct delta_custom *delta_custom(const struct delta *d, unsigned metric)
{
    for (size_t i = 0; i < d->n_customs; i++) {
        if (d->customs[i].metric == metric) {
            return &d->customs[i];
        }
    }
    return NULL;
}

const struct failure_sample *delta_sample(const struct delta *d,
                                          enum failure kind)
{
    for (size_t i = 0; i < d->n_failures; i++) {
        if (d->failures[i].kind == kind) {
            return &d->failures[i];
        }
    }
    return NULL;
}
