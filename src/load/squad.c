/* SPDX-License-Identifier: MIT
 *
 * squad - one number rules: `want`, how many of its places are to be active.
 * Places below it are filled, places from it on are drained. Whoever begins an
 * iteration asks first, so a late timer never lets one VU too many begin. */
#include "config.h"

#include "load/squad.h"

#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "load/crew.h"
#include "load/once.h"
#include "load/vu.h"

#define SQUAD_MAGIC 0x53514421u

/* VUs that are begun in one go before the loop gets its turn. */
#define SQUAD_SLICE 1000u

struct squad {
    unsigned magic;
    struct squad_config config;
    struct crew crew;
    struct vu_owner owner;
    struct desired desired; /* LOAD_WAIT before the first */
    struct vu **vus;        /* owned: place i holds VU i * workers + index + 1,
                               NULL until it first begins */
    size_t n_vus, cap_vus;
    bool *spent; /* owned, n_vus: found the pool empty */
    size_t cap_spent;
    size_t want;
    size_t fill_at;      /* places below it are filled */
    struct timer fill;   /* the next slice */
    struct timer change; /* the curve's next change */
    uint32_t active, draining;
    uint32_t running; /* iterations under way */
    uint64_t begun;
    struct once once;
};

static size_t squad_place(const struct squad *s, const struct vu *v)
{
    return (v->number - 1) / s->config.scenarios / s->config.workers;
}

/* How many of the VUs 1..total live here. */
static size_t squad_share(const struct squad *s, uint32_t total)
{
    unsigned index = s->config.index;

    return total > index ? (total - index - 1) / s->config.workers + 1 : 0;
}

static uint64_t squad_stage_clock(const struct squad *s)
{
    const struct desired *d = &s->desired;

    /* Wraps rightly when a jump put the origin before the machine's start. */
    return d->held ? d->held_us : crew_now(&s->crew) - d->origin;
}

static uint32_t squad_total(const struct squad *s)
{
    const struct desired *d = &s->desired;
    uint32_t total;

    if (d->phase != LOAD_RUN) {
        return 0;
    }
    total = d->follow ? curve_at(s->config.load.curve, squad_stage_clock(s))
                      : d->level;
    return total < d->max_vus ? total : d->max_vus;
}

static struct vu *squad_vu(struct squad *s, size_t place)
{
    size_t nth = place * s->config.workers + s->config.index;
    uint32_t number = (uint32_t)(nth * s->config.scenarios +
                                 s->config.load.scenario->index + 1);

    while (s->n_vus <= place) {
        s->vus = xgrow(s->vus, s->n_vus, &s->cap_vus, sizeof *s->vus);
        s->spent = xgrow(s->spent, s->n_vus, &s->cap_spent, sizeof *s->spent);
        s->spent[s->n_vus] = false;
        s->vus[s->n_vus++] = NULL;
    }
    if (s->vus[place] == NULL) {
        s->vus[place] =
            vu_new(&s->crew, &s->owner, s->config.load.flow, number);
    }
    return s->vus[place];
}

/* Place i is one too many. */
static void squad_drop(struct squad *s, size_t i)
{
    struct vu *v = s->vus[i];

    if (v == NULL || !v->on) {
        return;
    }
    if (v->draining) {
        return;
    }
    s->active--;
    if (v->running) {
        s->draining++;
        vu_drain(v, crew_now(&s->crew) + s->desired.graceful_us);
    } else {
        vu_off(v);
    }
}

/* Place i is wanted: true when it began an iteration. */
static bool squad_raise(struct squad *s, size_t i)
{
    struct vu *v = squad_vu(s, i);
    uint64_t begun = s->begun;

    if (v->draining) {
        vu_undrain(v);
        s->draining--;
        s->active++;
    } else if (!v->on && !s->spent[i]) {
        vu_on(v);
        s->active++;
    }
    if (v->on && !v->running && !s->desired.paused) {
        vu_go(v);
    }
    return s->begun != begun;
}

static void squad_arm_fill(struct squad *s)
{
    if (s->fill_at < s->want) {
        timers_arm(s->crew.timers, &s->fill, crew_now(&s->crew));
    } else {
        timers_disarm(s->crew.timers, &s->fill);
    }
}

static void squad_fill(struct squad *s)
{
    unsigned begun = 0;

    /* Beginning may itself lower want: the curve is asked each time. */
    while (s->fill_at < s->want && begun < SQUAD_SLICE) {
        begun += squad_raise(s, s->fill_at++);
    }
    squad_arm_fill(s);
}

/* Makes want what it should be now; drops at once, and leaves the filling to
 * the caller or to the next turn. */
static void squad_follow(struct squad *s)
{
    size_t want = squad_share(s, squad_total(s));
    size_t end = s->want < s->n_vus ? s->want : s->n_vus;

    if (s->fill_at > want) {
        s->fill_at = want;
    }
    s->want = want;
    for (size_t i = want; i < end; i++) {
        squad_drop(s, i);
    }
}

static void squad_arm_change(struct squad *s)
{
    const struct desired *d = &s->desired;
    uint64_t clock, next = UINT64_MAX;

    if (d->phase == LOAD_RUN && d->follow && !d->held) {
        clock = squad_stage_clock(s);
        next = curve_next_change(s->config.load.curve, clock);
    }
    if (next == UINT64_MAX) {
        timers_disarm(s->crew.timers, &s->change);
    } else {
        timers_arm(s->crew.timers, &s->change,
                   crew_now(&s->crew) + (next - clock));
    }
}

static void squad_change_fire(void *ctx, mono_us now)
{
    struct squad *s = ctx;

    (void)now;
    OBJ_CHECK(s, SQUAD_MAGIC);
    squad_follow(s);
    squad_arm_change(s);
    squad_fill(s);
}

static void squad_fill_fire(void *ctx, mono_us now)
{
    struct squad *s = ctx;

    (void)now;
    OBJ_CHECK(s, SQUAD_MAGIC);
    squad_fill(s);
}

static bool squad_may_begin(void *ctx, struct vu *v)
{
    struct squad *s = ctx;
    size_t place = squad_place(s, v);

    OBJ_CHECK(s, SQUAD_MAGIC);
    if (s->desired.follow) {
        squad_follow(s); /* may switch v off */
        if (s->fill_at < s->want && s->fill.place == 0) {
            squad_arm_fill(s);
        }
    }
    if (!v->on || place >= s->want || s->desired.paused) {
        return false;
    }
    if (s->config.load.pool != NULL &&
        !iteration_pool_take(s->config.load.pool)) {
        s->spent[place] = true;
        s->active--;
        vu_off(v);
        return false;
    }
    s->begun++;
    s->running++;
    return true;
}

static void squad_ended(void *ctx, struct vu *v, const struct vu_end *end)
{
    struct squad *s = ctx;

    OBJ_CHECK(s, SQUAD_MAGIC);
    s->running--;
    if (end->whole) {
        shard_iteration(s->crew.shard, s->config.load.scenario->index,
                        end->took_us);
    } else {
        shard_interrupted(s->crew.shard, s->config.load.scenario->index,
                          end->sent);
    }
    if (v->draining) {
        s->draining--;
        vu_off(v);
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
    enum load_phase before = s->desired.phase;
    bool was_paused = s->desired.paused;

    OBJ_CHECK(s, SQUAD_MAGIC);
    s->desired = *d;
    if (was_paused && !d->paused) {
        s->fill_at = 0;
    }
    squad_follow(s);
    squad_arm_change(s);
    if (d->phase != before && d->phase != LOAD_RUN) {
        squad_hurry(s);
    }
    if (d->phase == LOAD_CUT && before != LOAD_CUT) {
        squad_cut(s);
    }
    squad_fill(s);
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
    s->crew.seed = config->seed;
    s->crew.run_start = config->run_start;
    s->owner = (struct vu_owner){squad_may_begin, squad_ended, NULL, s};
    s->desired.phase = LOAD_WAIT;
    s->fill.fire = squad_fill_fire;
    s->fill.ctx = s;
    s->change.fire = squad_change_fire;
    s->change.ctx = s;
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
    free(s->spent);
    timers_disarm(s->crew.timers, &s->fill);
    timers_disarm(s->crew.timers, &s->change);
    crew_clear(&s->crew);
    s->magic = 0;
    free(s);
}

void squad_set_shard(struct squad *s, struct shard *shard)
{
    s->crew.shard = shard;
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
    return (struct squad_state){
        .active = s->active,
        .draining = s->draining,
        .allocated = s->active,
        .in_flight = s->crew.in_flight,
        .exhausted = s->config.load.pool != NULL &&
                     iteration_pool_left(s->config.load.pool) == 0 &&
                     s->running == 0,
        .iterations_begun = s->begun,
    };
}
