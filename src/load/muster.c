/* SPDX-License-Identifier: MIT
 *
 * muster - one number rules: `want`, how many places are to be held. Whoever
 * begins an iteration asks first, so a late timer never lets one VU too many
 * begin. Fewer: the highest stop. More: draining ones go on first, whatever
 * their place, then the lowest free one starts. */
#include "config.h"

#include <stdlib.h>

#include "base/must.h"
#include "load/feeder.h"
#include "load/squad_internal.h"

static uint32_t muster_total(const struct squad *s)
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

/* The highest place is one too many. */
static void muster_drop(struct squad *s)
{
    struct places *p = &s->muster.places;
    size_t place = places_highest_held(p);
    struct vu *v = s->vus[place];

    if (v->on && v->running) {
        places_set(p, place, PLACE_DRAINING);
        vu_drain(v, crew_now(&s->crew) + s->desired.graceful_us);
        return;
    }
    places_set(p, place, PLACE_FREE);
    if (v->on) {
        vu_off(v);
    }
}

/* One more place is held; does not begin. Returns its VU. */
static struct vu *muster_raise(struct squad *s)
{
    struct places *p = &s->muster.places;
    size_t place;
    struct vu *v;

    if (p->count[PLACE_DRAINING] > 0) {
        place = places_lowest_draining(p);
        v = s->vus[place];
        vu_undrain(v);
    } else {
        place = places_lowest_free(p);
        v = squad_vu(s, place);
        vu_on(v);
    }
    places_set(p, place, PLACE_ACTIVE);
    return v;
}

static bool muster_has_work(const struct squad *s)
{
    return places_held(&s->muster.places) < s->muster.want ||
           s->muster.wake_at < s->muster.places.n;
}

static void muster_arm_fill(struct squad *s)
{
    if (muster_has_work(s)) {
        timers_arm(s->crew.timers, &s->muster.fill, crew_now(&s->crew));
    } else {
        timers_disarm(s->crew.timers, &s->muster.fill);
    }
}

/* The VU of the next place that has not been told to go on; NULL: it has none
 * that could. */
static struct vu *muster_wake(struct squad *s)
{
    size_t place = s->muster.wake_at++;

    return places_get(&s->muster.places, place) == PLACE_ACTIVE ? s->vus[place]
                                                                : NULL;
}

static void muster_fill(struct squad *s)
{
    struct muster *m = &s->muster;
    uint64_t enough = s->begun + s->set_up + SQUAD_SLICE;

    /* Beginning may itself lower want: the curve is asked each time. */
    while (muster_has_work(s) && s->begun + s->set_up < enough) {
        struct vu *v = places_held(&m->places) < m->want ? muster_raise(s)
                                                         : muster_wake(s);

        if (v != NULL && !v->running && !s->desired.paused) {
            vu_go(v);
        }
    }
    muster_arm_fill(s);
}

/* Makes want what it should be now; drops at once, and leaves the filling to
 * the caller or to the next turn. */
static void muster_follow(struct squad *s)
{
    s->muster.want = squad_share(s, muster_total(s));
    while (places_held(&s->muster.places) > s->muster.want) {
        muster_drop(s);
    }
}

static void muster_arm_change(struct squad *s)
{
    const struct desired *d = &s->desired;
    uint64_t clock, next = UINT64_MAX;

    if (d->phase == LOAD_RUN && d->follow && !d->held) {
        clock = squad_stage_clock(s);
        next = curve_next_change(s->config.load.curve, clock);
    }
    if (next == UINT64_MAX) {
        timers_disarm(s->crew.timers, &s->muster.change);
    } else {
        timers_arm(s->crew.timers, &s->muster.change,
                   crew_now(&s->crew) + (next - clock));
    }
}

static void muster_change_fire(void *ctx, mono_us now)
{
    struct squad *s = ctx;

    (void)now;
    OBJ_CHECK(s, SQUAD_MAGIC);
    muster_follow(s);
    muster_arm_change(s);
    muster_fill(s);
}

static void muster_fill_fire(void *ctx, mono_us now)
{
    struct squad *s = ctx;

    (void)now;
    OBJ_CHECK(s, SQUAD_MAGIC);
    muster_fill(s);
}

/* Is there an iteration left for v? */
static bool muster_has_iteration(const struct squad *s, const struct vu *v)
{
    const struct load_scenario *load = &s->config.load;

    if (load->scenario->executor == EXECUTOR_PER_VU_ITERATIONS) {
        return v->iter < load->scenario->iterations;
    }
    return load->pool == NULL || iteration_pool_left(load->pool) > 0;
}

/* Takes one, and data for it. No row is lost on one that is not there. */
static bool muster_take(struct squad *s, struct vu *v)
{
    struct iteration_pool *pool = s->config.load.pool;

    return muster_has_iteration(s, v) && vu_take_rows(v) &&
           (pool == NULL || iteration_pool_take(pool));
}

/* May v begin anything now? */
static bool muster_may_run(struct squad *s, const struct vu *v)
{
    struct muster *m = &s->muster;

    if (s->desired.follow) {
        muster_follow(s); /* may switch v off */
        if (muster_has_work(s) && m->fill.place == 0) {
            muster_arm_fill(s);
        }
    }
    return places_get(&m->places, v->place) == PLACE_ACTIVE &&
           !s->desired.paused;
}

static void muster_spend(struct squad *s, struct vu *v)
{
    places_set(&s->muster.places, v->place, PLACE_SPENT);
    vu_off(v);
}

bool muster_may_begin(struct squad *s, struct vu *v)
{
    if (!muster_may_run(s, v)) {
        return false;
    }
    if (!muster_take(s, v)) {
        muster_spend(s, v);
        return false;
    }
    squad_begin(s);
    return true;
}

bool muster_may_set_up(struct squad *s, struct vu *v)
{
    if (!muster_may_run(s, v)) {
        return false;
    }
    if (!muster_has_iteration(s, v) || !vu_take_rows(v)) {
        muster_spend(s, v);
        return false;
    }
    s->set_up++;
    squad_works(s);
    return true;
}

void muster_drained(struct squad *s, struct vu *v)
{
    places_set(&s->muster.places, v->place, PLACE_FREE);
    vu_off(v);
}

void muster_obey(struct squad *s, const struct desired *before)
{
    if (before->paused && !s->desired.paused) {
        s->muster.wake_at = 0;
    }
    muster_follow(s);
    muster_arm_change(s);
    muster_fill(s);
}

void muster_init(struct squad *s)
{
    s->muster.fill.fire = muster_fill_fire;
    s->muster.fill.ctx = s;
    s->muster.change.fire = muster_change_fire;
    s->muster.change.ctx = s;
}

void muster_clear(struct squad *s)
{
    places_clear(&s->muster.places);
    timers_disarm(s->crew.timers, &s->muster.fill);
    timers_disarm(s->crew.timers, &s->muster.change);
}

/* A worker that holds no place because others have them all is done when these
 * are; with a level of 0 nobody is. */
static bool muster_exhausted(const struct squad *s)
{
    const struct load_scenario *load = &s->config.load;
    const struct places *p = &s->muster.places;

    if (s->config.feeder != NULL && s->running == 0 &&
        feeder_is_done(s->config.feeder, load->flow)) {
        return true;
    }
    if (load->pool != NULL) {
        return iteration_pool_left(load->pool) == 0 && s->running == 0;
    }
    return load->scenario->executor == EXECUTOR_PER_VU_ITERATIONS &&
           s->running == 0 && muster_total(s) > 0 &&
           p->count[PLACE_SPENT] == s->muster.want;
}

void muster_state(const struct squad *s, struct squad_state *state)
{
    const struct places *p = &s->muster.places;

    state->active = (uint32_t)p->count[PLACE_ACTIVE];
    state->draining = (uint32_t)p->count[PLACE_DRAINING];
    state->allocated = state->active;
    state->exhausted = muster_exhausted(s);
}
