/* SPDX-License-Identifier: MIT
 *
 * arrivals - iterations that begin when they are due, whoever is free. The n-th
 * is due at a time that the schedule alone says (never "now + gap"), so what a
 * late loop delays is not lost. All workers count the same iterations and each
 * looks after its own: iteration n is the worker's on which VU (n - 1) mod
 * maxVUs lives, so that each has as many as it has VUs for. Whose VUs are all
 * busy hands what is due to a worker that has one free (load/rota.h). Where two
 * states of the conductor meet, what was due before begins late, and nothing
 * twice. */
#include "config.h"

#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "load/feeder.h"
#include "load/rota.h"
#include "load/squad_internal.h"
#include "plan/schedule.h"

static const struct curve *arrivals_curve(const struct squad *s)
{
    return s->config.load.curve;
}

static struct rota *arrivals_rota(const struct squad *s)
{
    return s->config.load.rota;
}

static bool arrivals_go(const struct squad *s)
{
    return s->desired.phase == LOAD_RUN && !s->desired.paused;
}

/* Most VUs, over all workers. */
static uint32_t arrivals_max(const struct squad *s)
{
    uint32_t max = s->config.load.scenario->max_vus;

    return max < s->desired.max_vus ? max : s->desired.max_vus;
}

/* The first iteration of this worker from the n-th on; UINT64_MAX = it has
 * none. */
static uint64_t arrivals_own(const struct squad *s, uint64_t n)
{
    uint64_t max = arrivals_max(s);
    uint64_t place = max > 0 ? (n - 1) % max : 0;

    if (max <= s->config.index) {
        return UINT64_MAX;
    }
    while (place % s->config.workers != s->config.index) {
        place = place + 1 < max ? place + 1 : 0;
        n++;
    }
    return n;
}

/* The next iteration, by the present state. */
static void arrivals_look(struct squad *s)
{
    struct arrivals *a = &s->arrivals;
    const struct curve *c = arrivals_curve(s);

    a->due = UINT64_MAX;
    if (arrivals_go(s) && a->next != UINT64_MAX) {
        a->due = desired_when(&s->desired, c, schedule_need(c, a->next));
    }
}

static void arrivals_arm(struct squad *s)
{
    struct arrivals *a = &s->arrivals;

    if (a->due != UINT64_MAX) {
        timers_arm(s->crew.timers, &a->timer, a->due);
    } else {
        timers_disarm(s->crew.timers, &a->timer);
    }
}

/* v is free; others may know of it at once when it is told (rota_release). */
static void arrivals_idle(struct arrivals *a, struct vu *v)
{
    a->idle = xgrow(a->idle, a->n_idle, &a->cap_idle, sizeof *a->idle);
    a->idle[a->n_idle++] = v;
}

static void arrivals_free(struct squad *s, struct vu *v)
{
    arrivals_idle(&s->arrivals, v);
    rota_release(arrivals_rota(s), s->config.index);
}

/* A free VU that has been claimed. The one that was free last is the first to
 * go again: few work much rather than many a bit. */
static struct vu *arrivals_claimed(struct squad *s)
{
    MUST(s->arrivals.n_idle > 0);
    return s->arrivals.idle[--s->arrivals.n_idle];
}

/* One VU more, which has been claimed: the next place's. */
static struct vu *arrivals_grow(struct squad *s)
{
    size_t share = squad_share(s, arrivals_max(s));
    struct vu *v;

    do {
        MUST(s->arrivals.made < share);
        v = squad_vu(s, s->arrivals.made++);
    } while (v->on);
    vu_on(v);
    return v;
}

static void arrivals_drop(struct squad *s, uint64_t n)
{
    shard_dropped(s->crew.shard, s->config.load.scenario->index, n);
}

/* v, which is free, begins the iteration that was due then. */
static void arrivals_begin(struct squad *s, struct vu *v, mono_us due)
{
    s->arrivals.chosen = v;
    v->due = due;
    vu_go(v);
    MUST(s->arrivals.chosen == NULL);
}

void arrivals_receive(struct squad *s)
{
    struct rota *r = arrivals_rota(s);
    unsigned index = s->config.index;
    struct rota_given g;

    /* Handed over before this worker has come to the beginning: then. */
    while (s->desired.phase == LOAD_RUN && rota_take(r, index, &g)) {
        if (g.grow && rota_claim(r, index)) {
            rota_spare(r, index); /* one has become free meanwhile */
            g.grow = false;
        }
        arrivals_begin(s, g.grow ? arrivals_grow(s) : arrivals_claimed(s),
                       g.due);
    }
}

/* An iteration is due: begins it, or hands it to whoever has a VU, or does what
 * is to be done when all are busy. */
static void arrivals_take(struct squad *s, mono_us due)
{
    const struct scenario *scenario = s->config.load.scenario;
    struct rota *r = arrivals_rota(s);
    unsigned index = s->config.index;
    mono_us now = crew_now(&s->crew);

    shard_late(s->crew.shard, scenario->index, now > due ? now - due : 0);
    if (!rota_waits(r) && rota_claim(r, index)) {
        arrivals_begin(s, arrivals_claimed(s), due);
        return;
    }
    if (rota_place(r, index, due, scenario->when_busy == BUSY_QUEUE) ==
        ROTA_DROPPED) {
        arrivals_drop(s, 1);
    }
}

static void arrivals_fire(void *ctx, mono_us now)
{
    struct squad *s = ctx;
    struct arrivals *a;

    (void)now;
    OBJ_CHECK(s, SQUAD_MAGIC);
    a = &s->arrivals;
    for (unsigned i = 0; i < SQUAD_SLICE && a->due <= now; i++) {
        mono_us due = a->due;

        a->next = arrivals_own(s, a->next + 1);
        arrivals_look(s);
        arrivals_take(s, due);
        arrivals_receive(s);
    }
    arrivals_arm(s);
}

static void arrivals_pend(struct squad *s, struct vu *v, bool pending)
{
    if (v->pending != pending) {
        v->pending = pending;
        s->arrivals.n_pending -= pending ? 0 : 1;
        s->arrivals.n_pending += pending ? 1 : 0;
    }
}

/* v is told as free; may it begin what waits all the same? Something may have
 * been put in line since it was last looked at: by whom, has not seen v. */
static bool arrivals_free_or_next(struct squad *s, struct vu *v)
{
    struct rota *r = arrivals_rota(s);

    if (arrivals_go(s) && rota_next(r, &v->due)) {
        return true;
    }
    arrivals_free(s, v);
    while (arrivals_go(s) && rota_waits(r) && rota_claim(r, s->config.index)) {
        if (rota_next(r, &v->due)) {
            MUST(arrivals_claimed(s) == v);
            return true;
        }
        rota_release(r, s->config.index);
    }
    return false;
}

/* Is there an iteration for v? false: v is free. */
static bool arrivals_has(struct squad *s, struct vu *v)
{
    if (s->arrivals.chosen == v) {
        s->arrivals.chosen = NULL;
        return true;
    }
    return v->pending || arrivals_free_or_next(s, v);
}

bool arrivals_may_begin(struct squad *s, struct vu *v)
{
    if (!arrivals_has(s, v)) {
        return false;
    }
    arrivals_pend(s, v, false);
    if (!vu_take_rows(v)) {
        arrivals_free(s, v);
        arrivals_drop(s, 1);
        return false;
    }
    squad_begin(s);
    return true;
}

bool arrivals_may_set_up(struct squad *s, struct vu *v)
{
    if (!arrivals_has(s, v)) {
        return false;
    }
    arrivals_pend(s, v, true);
    /* Without a row it is tried again with the next iteration, which has none
     * either: nothing more begins. */
    if (!vu_take_rows(v)) {
        arrivals_pend(s, v, false);
        arrivals_free(s, v);
        arrivals_drop(s, 1);
        return false;
    }
    s->set_up++;
    squad_works(s);
    return true;
}

/* v is switched off; what waited for its setup does not begin any more. */
static void arrivals_off(struct squad *s, struct vu *v)
{
    if (v->pending) {
        arrivals_pend(s, v, false);
        arrivals_drop(s, 1);
    }
    vu_off(v);
}

void arrivals_drained(struct squad *s, struct vu *v)
{
    s->arrivals.draining--;
    arrivals_off(s, v);
}

/* What was due in the state before, which this worker has not come to yet. */
static void arrivals_catch_up(struct squad *s, const struct desired *before)
{
    const struct curve *c = arrivals_curve(s);
    struct arrivals *a = &s->arrivals;
    uint64_t count = schedule_count(c, s->desired.area);
    mono_us since = s->desired.since;

    while (a->next <= count) {
        mono_us due = desired_when(before, c, schedule_need(c, a->next));

        if (s->desired.phase == LOAD_CUT) {
            arrivals_drop(s, 1);
        } else {
            arrivals_take(s, due < since ? due : since);
        }
        a->next = arrivals_own(s, a->next + 1);
    }
}

static uint32_t arrivals_first(const struct squad *s)
{
    uint32_t first = s->config.load.scenario->pre_allocated_vus;
    uint32_t max = arrivals_max(s);

    return first < max ? first : max;
}

/* What a worker begins with: of this one it is known. */
static uint32_t arrivals_free_of(void *ctx, unsigned index)
{
    const struct squad *s = ctx;

    OBJ_CHECK(s, SQUAD_MAGIC);
    return index == s->config.index
               ? (uint32_t)s->arrivals.n_idle
               : squad_share_of(s, index, arrivals_first(s));
}

static uint32_t arrivals_room_of(void *ctx, unsigned index)
{
    const struct squad *s = ctx;
    uint32_t share = squad_share_of(s, index, arrivals_max(s));
    uint32_t room = share - squad_share_of(s, index, arrivals_first(s));

    OBJ_CHECK(s, SQUAD_MAGIC);
    /* Those that still run from before a new beginning are there already. */
    for (size_t i = s->arrivals.made;
         index == s->config.index && i < share && i < s->n_vus; i++) {
        room -= s->vus[i] != NULL && s->vus[i]->on ? 1 : 0;
    }
    return room;
}

/* The run begins: the VUs that it begins with, the lowest first to go. */
static void arrivals_open(struct squad *s)
{
    struct rota_opening opening = {
        .free_of = arrivals_free_of, .room_of = arrivals_room_of, .ctx = s};
    size_t n = squad_share(s, arrivals_first(s));
    struct arrivals *a = &s->arrivals;

    for (size_t i = 0; i < s->n_vus; i++) {
        if (s->vus[i] != NULL && s->vus[i]->draining) {
            vu_undrain(s->vus[i]);
            a->draining--;
        }
    }
    for (size_t i = n; i > 0; i--) {
        struct vu *v = squad_vu(s, i - 1);

        if (!v->on) {
            vu_on(v);
            arrivals_idle(a, v);
        }
    }
    a->made = n;
    rota_open(arrivals_rota(s), s->config.index, &opening);
}

/* None begins any more: the free ones go, the others end their iteration. What
 * waits in line never began. */
static void arrivals_close(struct squad *s)
{
    struct arrivals *a = &s->arrivals;
    mono_us deadline = crew_now(&s->crew) + s->desired.graceful_us;

    arrivals_drop(s, rota_close(arrivals_rota(s), s->config.index));
    a->n_idle = 0;
    a->made = 0;
    for (size_t i = 0; i < s->n_vus; i++) {
        struct vu *v = s->vus[i];

        if (v == NULL || !v->on || v->draining) {
            continue;
        }
        if (v->running) {
            a->draining++;
            vu_drain(v, deadline);
        } else {
            arrivals_off(s, v);
        }
    }
}

void arrivals_obey(struct squad *s, const struct desired *before)
{
    struct arrivals *a = &s->arrivals;
    struct rota *r = arrivals_rota(s);

    rota_obey(r, s->desired.revision, arrivals_go(s));
    if (s->desired.phase == LOAD_RUN && before->phase != LOAD_RUN) {
        arrivals_open(s);
        a->next = arrivals_own(
            s, schedule_count(arrivals_curve(s), s->desired.area) + 1);
    } else if (before->phase == LOAD_RUN) {
        arrivals_catch_up(s, before);
    }
    if (s->desired.phase != LOAD_RUN && s->desired.phase != before->phase) {
        arrivals_close(s);
    }
    /* After a pause, what waited in it. */
    rota_serve(r, s->config.index);
    arrivals_receive(s);
    arrivals_look(s);
    arrivals_arm(s);
}

void arrivals_init(struct squad *s)
{
    s->arrivals.timer.fire = arrivals_fire;
    s->arrivals.timer.ctx = s;
    s->arrivals.due = UINT64_MAX;
    if (s->arrival) {
        MUST(arrivals_rota(s) != NULL);
        rota_join(arrivals_rota(s), s->config.index, s->config.wake,
                  s->config.wake_ctx);
    }
}

void arrivals_clear(struct squad *s)
{
    timers_disarm(s->crew.timers, &s->arrivals.timer);
    free(s->arrivals.idle);
    if (s->arrival) {
        rota_leave(arrivals_rota(s), s->config.index);
    }
}

void arrivals_state(const struct squad *s, struct squad_state *state)
{
    const struct arrivals *a = &s->arrivals;

    state->active = s->running - (uint32_t)a->draining;
    state->draining = (uint32_t)a->draining;
    state->allocated = (uint32_t)a->made;
    state->setting_up = (uint32_t)a->n_pending;
    state->queued = rota_given(arrivals_rota(s), s->config.index);
    if (s->config.index == 0) {
        state->queued += rota_queued(arrivals_rota(s)); /* told once */
    }
    state->exhausted = s->config.feeder != NULL && s->running == 0 &&
                       feeder_is_done(s->config.feeder, s->config.load.flow);
}
