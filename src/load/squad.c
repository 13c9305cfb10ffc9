/* SPDX-License-Identifier: MIT
 *
 * squad - what is the same for every executor: its VUs, their iterations' ends,
 * cutting, setup. Which VU may begin, and when, muster.c and arrivals.c know.
 */
#include "config.h"

#include "load/squad.h"

#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "load/squad_internal.h"

struct vu *squad_vu(struct squad *s, size_t place)
{
    size_t nth = place * s->config.workers + s->config.index;
    uint32_t number = (uint32_t)(nth * s->config.scenarios +
                                 s->config.load.scenario->index + 1);

    while (s->n_vus <= place) {
        s->vus = xgrow(s->vus, s->n_vus, &s->cap_vus, sizeof *s->vus);
        s->vus[s->n_vus++] = NULL;
    }
    if (s->vus[place] == NULL) {
        s->vus[place] =
            vu_new(&s->crew, &s->owner, s->config.load.flow, number);
        s->vus[place]->place = place;
        s->vus[place]->timed = s->arrival;
    }
    return s->vus[place];
}

uint32_t squad_share_of(const struct squad *s, unsigned index, uint32_t total)
{
    return total > index ? (total - index - 1) / s->config.workers + 1 : 0;
}

size_t squad_share(const struct squad *s, uint32_t total)
{
    return squad_share_of(s, s->config.index, total);
}

uint64_t squad_stage_clock(const struct squad *s)
{
    const struct desired *d = &s->desired;

    /* Wraps rightly when a jump put the origin before the machine's start. */
    return d->held ? d->held_us : crew_now(&s->crew) - d->origin;
}

static uint32_t squad_active(const struct squad *s)
{
    return s->arrival ? s->running - (uint32_t)s->arrivals.draining
                      : (uint32_t)s->muster.places.count[PLACE_ACTIVE];
}

/* What is over before a tick was there all the same. */
void squad_works(struct squad *s)
{
    uint32_t now;

    s->running++;
    now = squad_active(s);
    s->most = now > s->most ? now : s->most;
}

void squad_begin(struct squad *s)
{
    s->begun++;
    squad_works(s);
}

static bool squad_may_begin(void *ctx, struct vu *v)
{
    struct squad *s = ctx;

    OBJ_CHECK(s, SQUAD_MAGIC);
    return s->arrival ? arrivals_may_begin(s, v) : muster_may_begin(s, v);
}

static bool squad_may_set_up(void *ctx, struct vu *v)
{
    struct squad *s = ctx;

    OBJ_CHECK(s, SQUAD_MAGIC);
    return s->arrival ? arrivals_may_set_up(s, v) : muster_may_set_up(s, v);
}

static void squad_ended(void *ctx, struct vu *v, const struct vu_end *end)
{
    struct squad *s = ctx;
    unsigned scenario;

    OBJ_CHECK(s, SQUAD_MAGIC);
    scenario = s->config.load.scenario->index;
    s->running--;
    s->ended = crew_now(&s->crew);
    if (end->setup) {
        shard_interrupted_setup(s->crew.shard, !end->whole && end->sent);
        s->not_set_up += end->whole && !v->set_up;
    } else if (end->whole) {
        shard_iteration(s->crew.shard, scenario, end->took_us);
    } else {
        shard_interrupted(s->crew.shard, scenario, end->sent);
    }
    if (v->draining && s->arrival) {
        arrivals_drained(s, v);
    } else if (v->draining) {
        muster_drained(s, v);
    }
}

/* Ends all that runs, here and now. */
static void squad_cut(struct squad *s)
{
    for (size_t i = 0; i < s->n_vus; i++) {
        struct vu *v = s->vus[i];

        if (v != NULL && v->on && v->running) {
            vu_cut(v);
        }
    }
    once_cut(&s->once);
}

/* Those that drain already keep their time, but for a shorter one. */
static void squad_hurry(struct squad *s)
{
    mono_us deadline = crew_now(&s->crew) + s->desired.graceful_us;

    for (size_t i = 0; i < s->n_vus; i++) {
        if (s->vus[i] != NULL && s->vus[i]->draining) {
            vu_drain(s->vus[i], deadline);
        }
    }
}

void squad_set_desired(struct squad *s, const struct desired *d)
{
    struct desired before;

    OBJ_CHECK(s, SQUAD_MAGIC);
    before = s->desired;
    s->desired = *d;
    if (d->phase != before.phase && d->phase != LOAD_RUN) {
        squad_hurry(s);
    }
    if (s->arrival) {
        arrivals_obey(s, &before);
    } else {
        muster_obey(s, &before);
    }
    if (d->phase == LOAD_CUT && before.phase != LOAD_CUT) {
        squad_cut(s);
    }
}

void squad_follow(struct squad *s, const struct desired *d, bool last)
{
    if (last || s->arrival) {
        squad_set_desired(s, d);
    }
}

void squad_receive(struct squad *s)
{
    OBJ_CHECK(s, SQUAD_MAGIC);
    if (s->arrival) {
        arrivals_receive(s);
    }
}

struct squad *squad_new(const struct squad_config *config)
{
    struct squad *s = xcalloc(1, sizeof *s);

    MUST(config->workers > 0 && config->index < config->workers);
    MUST(config->load.scenario->index < config->scenarios);
    s->magic = SQUAD_MAGIC;
    s->config = *config;
    crew_init(&s->crew, config->plan);
    s->crew.clk = config->clk;
    s->crew.timers = config->timers;
    s->crew.transport = config->transport;
    s->crew.feeder = config->feeder;
    s->crew.gate = config->gate;
    s->crew.seed = config->seed;
    s->crew.run_start = config->run_start;
    s->owner = (struct vu_owner){.may_begin = squad_may_begin,
                                 .may_set_up = squad_may_set_up,
                                 .ended = squad_ended,
                                 .ctx = s};
    s->desired.phase = LOAD_WAIT;
    s->arrival = executor_is_arrival(config->load.scenario->executor);
    muster_init(s);
    arrivals_init(s);
    once_init(&s->once, &s->crew);
    return s;
}

void squad_free(struct squad **sp)
{
    struct squad *s = *sp;

    if (s == NULL) {
        return;
    }
    *sp = NULL;
    once_clear(&s->once);
    for (size_t i = 0; i < s->n_vus; i++) {
        vu_free(&s->vus[i]);
    }
    free(s->vus);
    muster_clear(s);
    arrivals_clear(s);
    crew_clear(&s->crew);
    s->magic = 0;
    free(s);
}

void squad_set_shard(struct squad *s, struct shard *shard)
{
    s->crew.shard = shard;
    s->most = 0;
}

void squad_set_run_start(struct squad *s, mono_us at)
{
    s->crew.run_start = at;
}

void squad_set_vars(struct squad *s, const char *const *vars)
{
    crew_vars_copy(s->crew.vars, vars, s->config.plan->n_vars);
}

void squad_run_once(struct squad *s, const struct flow *flow,
                    uint64_t timeout_us)
{
    once_run(&s->once, flow, timeout_us);
}

enum once_state squad_once(const struct squad *s, const char **text)
{
    if (text != NULL) {
        *text = s->once.text;
    }
    return s->once.state;
}

const char *const *squad_once_vars(const struct squad *s)
{
    return s->once.vu != NULL ? (const char *const *)s->once.vu->vars : NULL;
}

struct squad_state squad_state(const struct squad *s)
{
    struct squad_state state = {.in_flight = s->crew.in_flight,
                                .not_set_up = s->not_set_up,
                                .iterations_begun = s->begun,
                                .ended = s->ended};

    if (s->arrival) {
        arrivals_state(s, &state);
    } else {
        muster_state(s, &state);
    }
    state.most = s->most > state.active ? s->most : state.active;
    return state;
}

bool squad_at_rest(const struct squad *s)
{
    if (s->running > 0 || s->crew.in_flight > 0 ||
        s->once.state == ONCE_RUNNING) {
        return false;
    }
    return s->desired.phase != LOAD_RUN || squad_state(s).exhausted;
}
