/* SPDX-License-Identifier: MIT
 *
 * test_lineup_storm - several scenarios at once, VUs and arrival rates, steered
 * as a run is: more, fewer, stage jumps, holds, pauses, spikes, undone and at
 * the end cut or drained, at random from fixed seeds, by workers that look at
 * once or late. On a virtual clock; whatever comes, the counts add up. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "base/rng.h"
#include "load/rota.h"
#include "plan/schedule.h"
#include "run/steer.h"
#include "support/squad_world.h"

#define MS      US_PER_MS
#define S       US_PER_SEC
#define PARTS   4
#define WORKERS 3
#define VUS_MAX 600

static const char plan_storm[] =
    "{\"flow\":[{\"get\":\"http://h/${vu}\",\"timeout\":\"5s\"}],"
    "\"scenarios\":{\"all\":["
    "{\"name\":\"ramp\",\"executor\":\"ramping-vus\",\"startVUs\":2,\"stages\":"
    "["
    "{\"duration\":\"10s\",\"target\":30},{\"duration\":\"0s\",\"target\":4},"
    "{\"duration\":\"20s\",\"target\":12}],\"gracefulRampDown\":\"150ms\"},"
    "{\"name\":\"drop\",\"executor\":\"ramping-arrival-rate\",\"startRate\":5,"
    "\"stages\":[{\"duration\":\"9s\",\"target\":90},{\"duration\":\"9s\","
    "\"target\":20},{\"duration\":\"20s\",\"target\":60}],"
    "\"preAllocatedVUs\":2,\"maxVUs\":7},"
    "{\"name\":\"queue\",\"executor\":\"constant-arrival-rate\",\"rate\":40,"
    "\"timeUnit\":\"700ms\",\"duration\":\"40s\",\"startTime\":\"2s\","
    "\"preAllocatedVUs\":1,\"maxVUs\":5,\"whenBusy\":\"queue\"},"
    "{\"name\":\"flat\",\"executor\":\"constant-vus\",\"vus\":3,"
    "\"duration\":\"30s\"}]}}";

/* One scenario, by what was counted of it. */
struct part {
    const struct scenario *scenario;
    struct curve curve;
    struct steer *steer;
    struct squad *squads[WORKERS];
    struct world_bell bells[WORKERS];
    struct rota *rota;
    struct posts posts; /* that nobody has looked at */
    uint64_t posted;    /* revision of the steer's state */
    uint64_t ended, interrupted, dropped;
};

struct storm {
    struct world *w; /* clock, timers, transport, shard; its squad is unused */
    struct part parts[PARTS];
    struct rng rng;
    mono_us busy[VUS_MAX]; /* by VU: its request is under way until then */
    uint64_t requests, interrupted_requests;
    bool asleep; /* workers look later */
};

/* No number is at work twice: a VU asks again only after its answer. */
static void storm_answer(void *ctx, const struct fake_call *call,
                         struct fake_reply *reply)
{
    struct storm *s = ctx;
    uint64_t vu = 0;

    assert_true(
        num_u64(strrchr(call->call->url, '/') + 1, 1, VUS_MAX - 1, &vu));
    assert_true(call->at >= s->busy[vu]);
    reply->after_us = rng_range(&s->rng, 0, 200 * MS);
    s->busy[vu] = call->at + reply->after_us;
}

static void storm_part(struct storm *s, size_t i)
{
    struct part *p = &s->parts[i];
    struct world *w = s->w;
    bool rate;

    p->scenario = &w->plan->lineups[0].list[i];
    curve_init(&p->curve, p->scenario, 1);
    rate = executor_is_arrival(p->scenario->executor);
    p->steer = steer_new(&(struct steer_config){
        .curve = &p->curve,
        /* Long enough that nothing is cut but by a cut, which knows who. */
        .graceful_stop_us = 10 * S,
        .graceful_ramp_down_us = 10 * S,
        .max_vus = rate ? p->scenario->max_vus : 40,
        .limit = "test",
    });
    p->posts.width = 1;
    p->rota = rate ? rota_new(WORKERS) : NULL;
    for (unsigned k = 0; k < WORKERS; k++) {
        struct squad_config c = {
            .plan = w->plan,
            .load = {.scenario = p->scenario,
                     .flow = &w->plan->flows[p->scenario->flow],
                     .curve = &p->curve,
                     .rota = p->rota},
            .clk = &w->clk.clk,
            .timers = w->timers,
            .transport = fake_transport(&w->fake),
            .feeder = w->feeder,
            .seed = 1,
            .index = k,
            .workers = WORKERS,
            .scenarios = PARTS,
            .run_start = WORLD_START,
            .wake = world_wake,
            .wake_ctx = &p->bells[k],
        };

        world_bell_init(&p->bells[k], w);
        p->squads[k] = p->bells[k].squad = squad_new(&c);
        squad_set_shard(p->squads[k], w->shard);
    }
}

/* As a conductor does: what is due, then what is new is posted. */
static void storm_sync(struct storm *s)
{
    struct steer_news n;

    for (size_t i = 0; i < PARTS; i++) {
        struct part *p = &s->parts[i];

        while (steer_due(p->steer, s->w->clk.now, &n)) {
        }
        if (p->posted != steer_desired(p->steer)->revision) {
            p->posted = steer_desired(p->steer)->revision;
            posts_add(&p->posts, steer_desired(p->steer), 0);
        }
    }
}

static void storm_look(struct storm *s)
{
    for (size_t i = 0; i < PARTS; i++) {
        struct part *p = &s->parts[i];
        struct posts taken = {.width = 1};

        posts_take(&p->posts, &taken);
        for (size_t n = 0; n < taken.n; n++) {
            for (unsigned k = 0; k < WORKERS; k++) {
                squad_follow(p->squads[k], &taken.list[n], n + 1 == taken.n);
            }
        }
        posts_clear(&taken);
    }
}

/* Time goes on, in steps no longer than a change of the steers is away. */
static void storm_pass(struct storm *s, uint64_t us)
{
    mono_us to = s->w->clk.now + us;

    while (s->w->clk.now < to) {
        mono_us next = to;

        for (size_t i = 0; i < PARTS; i++) {
            mono_us at = steer_next(s->parts[i].steer);

            next = at < next && at > s->w->clk.now ? at : next;
        }
        world_until(s->w, next);
        storm_sync(s);
        if (!s->asleep) {
            storm_look(s);
        }
    }
}

static void storm_count(struct storm *s)
{
    struct delta *d = world_take(s->w);

    for (size_t i = 0; i < d->n_scenarios; i++) {
        struct part *p = &s->parts[d->scenarios[i].scenario];

        p->ended += d->scenarios[i].iterations;
        p->interrupted += d->scenarios[i].interrupted;
        p->dropped += d->scenarios[i].dropped;
    }
    s->requests += delta_requests(d, -1, -1);
    s->interrupted_requests += d->interrupted_requests;
    delta_free(&d);
}

static struct squad_state part_state(const struct part *p)
{
    struct squad_state sum = {0};

    for (unsigned k = 0; k < WORKERS; k++) {
        struct squad_state s = squad_state(p->squads[k]);

        sum.active += s.active;
        sum.draining += s.draining;
        sum.allocated += s.allocated;
        sum.queued += s.queued;
        sum.in_flight += s.in_flight;
        sum.iterations_begun += s.iterations_begun;
    }
    return sum;
}

static void part_check(const struct storm *s, const struct part *p)
{
    const struct desired *d = steer_desired(p->steer);
    struct squad_state t = part_state(p);
    uint64_t ended = p->ended + p->interrupted;

    assert_true(t.active + t.draining <= 2 * d->max_vus);
    assert_true(t.iterations_begun >= ended);
    assert_true(t.iterations_begun <= ended + t.active + t.draining);
    if (!executor_is_arrival(p->scenario->executor)) {
        assert_int_equal(p->dropped, 0);
        assert_true(t.active <= d->max_vus);
        return;
    }
    assert_int_equal(t.iterations_begun, ended + t.active + t.draining);
    assert_true(t.allocated <= p->scenario->max_vus);
    assert_true(t.active + t.draining <= p->scenario->max_vus);
    if (d->phase <= LOAD_DRAIN) {
        uint64_t due = schedule_count(
            &p->curve, desired_area(d, &p->curve, s->w->clk.now));

        /* One is due at the nearest µs, which may be this one. */
        assert_in_range(t.iterations_begun + p->dropped + t.queued, due,
                        due + 1);
    }
}

static void storm_check(struct storm *s)
{
    unsigned in_flight = 0;

    storm_count(s);
    for (size_t i = 0; i < PARTS; i++) {
        part_check(s, &s->parts[i]);
        in_flight += part_state(&s->parts[i]).in_flight;
    }
    assert_int_equal(in_flight, s->w->fake.in_flight);
    assert_int_equal(s->requests, s->w->fake.done);
    assert_int_equal(s->interrupted_requests, s->w->fake.cancelled);
}

static void storm_command(struct storm *s)
{
    static const enum command_kind kinds[] = {
        COMMAND_SET_VUS,    COMMAND_ADD_VUS,    COMMAND_ADD_VUS,
        COMMAND_FOLLOW,     COMMAND_NEXT_STAGE, COMMAND_PREV_STAGE,
        COMMAND_JUMP_STAGE, COMMAND_HOLD,       COMMAND_PAUSE,
        COMMAND_SPIKE,      COMMAND_UNDO,
    };
    struct command c = {
        .kind = kinds[rng_range(&s->rng, 0, sizeof kinds / sizeof *kinds - 1)]};
    bool all = c.kind == COMMAND_HOLD || c.kind == COMMAND_PAUSE;
    size_t which = (size_t)rng_range(&s->rng, 0, PARTS - 1);
    struct steer_news n;

    /* Of two pauses in a row most end at once: a storm that stands is none. */
    if (c.kind == COMMAND_SET_VUS) {
        c.number = (int64_t)rng_range(&s->rng, 0, 50);
    } else if (c.kind == COMMAND_ADD_VUS) {
        c.number = (int64_t)rng_range(&s->rng, 0, 40) - 20;
    } else if (c.kind == COMMAND_JUMP_STAGE) {
        c.number = (int64_t)rng_range(&s->rng, 1, 3);
    } else if (c.kind == COMMAND_NEXT_STAGE &&
               steer_view(s->parts[which].steer, s->w->clk.now).stage + 1 >=
                   s->parts[which].curve.n) {
        return; /* on the last stage it is the end */
    }
    for (size_t i = 0; i < PARTS; i++) {
        if (all || i == which) {
            steer_command(s->parts[i].steer, s->w->clk.now, &c, &n);
        }
    }
}

static void storm_begin(struct storm *s, uint64_t seed)
{
    memset(s, 0, sizeof *s);
    s->w = world_new(plan_storm, 0, 1);
    s->w->fake.answer = storm_answer;
    s->w->fake.ctx = s;
    rng_seed(&s->rng, seed, 1);
    for (size_t i = 0; i < PARTS; i++) {
        storm_part(s, i);
        steer_start(s->parts[i].steer, s->w->clk.now);
    }
    storm_sync(s);
    storm_look(s);
}

static void storm_end(struct storm *s, bool cut)
{
    for (size_t i = 0; i < PARTS; i++) {
        if (cut) {
            steer_cut(s->parts[i].steer, s->w->clk.now);
        } else {
            steer_drain(s->parts[i].steer, s->w->clk.now);
        }
    }
    storm_sync(s);
    storm_look(s);
    storm_pass(s, 20 * S);
    storm_check(s);
    for (size_t i = 0; i < PARTS; i++) {
        struct part *p = &s->parts[i];
        struct squad_state t = part_state(p);

        assert_int_equal(t.active + t.draining + t.queued + t.in_flight, 0);
        assert_int_equal(t.iterations_begun, p->ended + p->interrupted);
        assert_true(cut || p->interrupted == 0);
        for (unsigned k = 0; k < WORKERS; k++) {
            squad_free(&p->squads[k]);
        }
        rota_free(&p->rota);
        steer_free(&p->steer);
        curve_clear(&p->curve);
        posts_clear(&p->posts);
    }
    assert_int_equal(s->w->fake.open_ports, 0);
    world_free(&s->w);
}

static void storm(uint64_t seed, uint64_t *ended, uint64_t *dropped,
                  uint64_t *interrupted)
{
    static struct storm s;

    storm_begin(&s, seed);
    for (int i = 0; i < 250; i++) {
        storm_command(&s);
        storm_sync(&s);
        /* Workers look now, or when more has been posted and time has gone. */
        s.asleep = rng_range(&s.rng, 0, 3) == 0;
        if (s.asleep) {
            s.w->clk.now += rng_range(&s.rng, 0, 80 * MS);
            storm_sync(&s);
            storm_command(&s);
            storm_sync(&s);
            s.asleep = false;
        }
        storm_look(&s);
        storm_pass(&s, rng_range(&s.rng, 1, 300 * MS));
        storm_check(&s);
    }
    for (size_t i = 0; i < PARTS; i++) {
        *ended += s.parts[i].ended;
        *dropped += s.parts[i].dropped;
    }
    storm_end(&s, seed % 2 == 0);
    for (size_t i = 0; i < PARTS; i++) {
        *interrupted += s.parts[i].interrupted;
    }
}

static void whatever_is_steered_the_counts_of_all_scenarios_add_up(void **state)
{
    uint64_t ended = 0, dropped = 0, interrupted = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        storm(seed, &ended, &dropped, &interrupted);
    }
    /* It was a storm. */
    assert_true(ended > 10000);
    assert_true(dropped > 1000);
    assert_true(interrupted > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            whatever_is_steered_the_counts_of_all_scenarios_add_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
