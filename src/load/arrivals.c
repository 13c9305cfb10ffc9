/* SPDX-License-Identifier: MIT
 *
 * arrivals - iterations that begin when they are due, whoever is free. The n-th
 * is due at a time that the schedule alone says (never "now + gap"), so what a
 * late loop delays is not lost. All workers count the same iterations and each
 * begins its own: iteration n goes to the worker on which VU (n - 1) mod maxVUs
 * lives, so that each has as many as it has VUs for. Where two states of the
 * conductor meet, what was due before begins late, and nothing twice. */
#include "config.h"

#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "load/feeder.h"
#include "load/squad_internal.h"
#include "plan/schedule.h"

/* Iterations of one worker that may wait for a VU ("whenBusy": "queue"): what
 * is due beyond is dropped, so that memory does not grow with time. */
#define ARRIVALS_QUEUE_MAX (UINT64_C(1) << 20)

static const struct curve *arrivals_curve(const struct squad *s)
{
    return s->config.load.curve;
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

static void arrivals_idle(struct arrivals *a, struct vu *v)
{
    a->idle = xgrow(a->idle, a->n_idle, &a->cap_idle, sizeof *a->idle);
    a->idle[a->n_idle++] = v;
}

/* One VU more: the next place's; NULL: there may be no more. */
static struct vu *arrivals_grow(struct squad *s)
{
    size_t share = squad_share(s, arrivals_max(s));

    while (s->arrivals.made < share) {
        struct vu *v = squad_vu(s, s->arrivals.made++);

        if (!v->on) {
            vu_on(v);
            return v;
        }
    }
    return NULL;
}

/* A VU that is free; NULL: none is. The one that was
 * free last is the first to go again: few work much rather than many a bit. */
static struct vu *arrivals_free_vu(struct squad *s)
{
    struct arrivals *a = &s->arrivals;

    if (a->n_idle > 0) {
        return a->idle[--a->n_idle];
    }
    return arrivals_grow(s);
}

static void arrivals_drop(struct squad *s, uint64_t n)
{
    shard_dropped(s->crew.shard, s->config.load.scenario->index, n);
}

static void arrivals_enqueue(struct squad *s, mono_us due)
{
    struct arrivals *a = &s->arrivals;
    size_t cap = a->cap_queue;

    if (a->n_queue == ARRIVALS_QUEUE_MAX) {
        arrivals_drop(s, 1);
        return;
    }
    if (a->n_queue == cap) {
        mono_us *list =
            xreallocarray(NULL, cap == 0 ? 64 : cap * 2, sizeof *list);

        for (size_t i = 0; i < cap; i++) {
            list[i] = a->queue[(a->first + i) % cap];
        }
        free(a->queue);
        a->queue = list;
        a->first = 0;
        a->cap_queue = cap == 0 ? 64 : cap * 2;
    }
    a->queue[(a->first + a->n_queue++) % a->cap_queue] = due;
}

static mono_us arrivals_dequeue(struct arrivals *a)
{
    mono_us due = a->queue[a->first];

    a->first = (a->first + 1) % a->cap_queue;
    a->n_queue--;
    return due;
}

/* v, which is free, begins the iteration that was due then. */
static void arrivals_begin(struct squad *s, struct vu *v, mono_us due)
{
    s->arrivals.chosen = v;
    v->due = due;
    vu_go(v);
    MUST(s->arrivals.chosen == NULL);
}

/* An iteration is due: begins it, or does what is to be done when all are
 * busy. */
static void arrivals_take(struct squad *s, mono_us due)
{
    const struct scenario *scenario = s->config.load.scenario;
    struct arrivals *a = &s->arrivals;
    mono_us now = crew_now(&s->crew);
    struct vu *v = a->n_queue > 0 ? NULL : arrivals_free_vu(s);

    shard_late(s->crew.shard, scenario->index, now > due ? now - due : 0);
    if (v != NULL) {
        arrivals_begin(s, v, due);
    } else if (scenario->when_busy == BUSY_QUEUE) {
        arrivals_enqueue(s, due);
    } else {
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
    }
    arrivals_arm(s);
}

bool arrivals_may_begin(struct squad *s, struct vu *v)
{
    struct arrivals *a = &s->arrivals;

    if (v->pending) {
        v->pending = false;
    } else if (a->chosen == v) {
        a->chosen = NULL;
    } else if (arrivals_go(s) && a->n_queue > 0) {
        v->due = arrivals_dequeue(a);
    } else {
        arrivals_idle(a, v);
        return false;
    }
    if (!vu_take_rows(v)) {
        arrivals_idle(a, v);
        arrivals_drop(s, 1);
        return false;
    }
    squad_begin(s);
    return true;
}

bool arrivals_may_set_up(struct squad *s, struct vu *v)
{
    struct arrivals *a = &s->arrivals;

    if (a->chosen == v) {
        a->chosen = NULL;
        v->pending = true;
    } else if (!v->pending) {
        arrivals_idle(a, v);
        return false;
    }
    /* Without a row it is tried again with the next iteration, which has none
     * either: nothing more begins. */
    if (!vu_take_rows(v)) {
        v->pending = false;
        arrivals_idle(a, v);
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
        v->pending = false;
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

/* The run begins: the VUs that it begins with, the lowest first to go. */
static void arrivals_open(struct squad *s)
{
    const struct scenario *scenario = s->config.load.scenario;
    uint32_t first = scenario->pre_allocated_vus;
    uint32_t max = arrivals_max(s);
    size_t n = squad_share(s, first < max ? first : max);
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
}

/* None begins any more: the free ones go, the others end their iteration. What
 * waits in the queue never began. */
static void arrivals_close(struct squad *s)
{
    struct arrivals *a = &s->arrivals;
    mono_us deadline = crew_now(&s->crew) + s->desired.graceful_us;

    arrivals_drop(s, a->n_queue);
    a->n_queue = 0;
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

/* VUs that wait for work take what waits for them, after a pause. */
static void arrivals_serve(struct squad *s)
{
    struct arrivals *a = &s->arrivals;

    while (arrivals_go(s) && a->n_queue > 0) {
        struct vu *v = arrivals_free_vu(s);

        if (v == NULL) {
            return;
        }
        arrivals_begin(s, v, arrivals_dequeue(a));
    }
}

void arrivals_obey(struct squad *s, const struct desired *before)
{
    struct arrivals *a = &s->arrivals;

    if (s->desired.phase == LOAD_RUN && before->phase != LOAD_RUN) {
        arrivals_open(s);
        a->next = arrivals_own(
            s, schedule_count(arrivals_curve(s), s->desired.area) + 1);
    } else if (before->phase == LOAD_RUN) {
        arrivals_catch_up(s, before);
    }
    if (s->desired.phase != LOAD_RUN && before->phase == LOAD_RUN) {
        arrivals_close(s);
    }
    arrivals_serve(s);
    arrivals_look(s);
    arrivals_arm(s);
}

void arrivals_init(struct squad *s)
{
    s->arrivals.timer.fire = arrivals_fire;
    s->arrivals.timer.ctx = s;
    s->arrivals.due = UINT64_MAX;
}

void arrivals_clear(struct squad *s)
{
    timers_disarm(s->crew.timers, &s->arrivals.timer);
    free(s->arrivals.idle);
    free(s->arrivals.queue);
}

void arrivals_state(const struct squad *s, struct squad_state *state)
{
    const struct arrivals *a = &s->arrivals;

    state->active = s->running - (uint32_t)a->draining;
    state->draining = (uint32_t)a->draining;
    state->allocated = (uint32_t)a->made;
    state->queued = a->n_queue;
    state->exhausted = s->config.feeder != NULL && s->running == 0 &&
                       feeder_is_done(s->config.feeder, s->config.load.flow);
}
