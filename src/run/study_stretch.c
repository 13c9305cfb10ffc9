/* SPDX-License-Identifier: MIT
 *
 * study_stretch - the stretches of time that insight is fed: a second each, and
 * less where something changes; cut where ticks are that are put together, so
 * that they come to the same. Time in which nothing finds a connection is
 * held back until it is an outage: refusals come so fast that its first tenth
 * of a second would outweigh the minute before it. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/clk.h"
#include "run/study_internal.h"

/* So long without any answer is an outage; as in watch.c. */
#define STRETCH_DOWN_US (2 * UINT64_C(1000000))

void stretch_init(const struct study *s, struct study_stretch *a)
{
    a->all = histo_new();
    a->good = histo_new();
    a->parts = rule_parts_new(&s->rules, s->info->plan, s->info->lineup);
}

void stretch_clear(struct study_stretch *a)
{
    histo_free(&a->all);
    histo_free(&a->good);
    rule_parts_free(&a->parts);
}

/* It goes on as it was. */
static bool stretch_goes_on(const struct study_stretch *a,
                            const struct moment *x)
{
    return a->any && fabs(a->x.load - x->load) < 0.5 && a->x.who == x->who &&
           a->x.still == x->still && a->x.way == x->way && !x->mark &&
           strcmp(a->x.by, x->by) == 0;
}

/* Times of those that ended; squares are to the bucket. */
static void stretch_iterations(struct moment *x, const struct delta_scenario *d)
{
    uint32_t i;

    x->iterations += d->duration.count;
    x->iteration_us += (double)d->duration.sum;
    for (i = 0; i < d->duration.n; i++) {
        const struct histo_pair *p = &d->duration.pairs[i];
        double us = (double)histo_bucket_low(p->bucket);

        x->iteration_us2 += us * us * p->count;
    }
}

static void stretch_series(struct study_stretch *a,
                           const struct delta_series *d)
{
    const struct histo_sparse *us = &d->phase[PHASE_DURATION];

    a->x.requests += d->count;
    a->x.failed += d->failed;
    if (d->failure != FAILURE_NONE) {
        a->x.errors[error_class_of(d->failure)] += d->count;
    }
    histo_add_sparse(a->all, us);
    if (d->failed == 0) {
        histo_add_sparse(a->good, us);
    }
}

/* What is as it is at the end, and what is added up. */
static void stretch_extend(struct study_stretch *a, const struct moment *x)
{
    struct moment *m = &a->x;

    if (!a->any) {
        *m = (struct moment){.start_us = x->start_us, .mark = x->mark};
        a->any = true;
    }
    m->end_us = x->end_us;
    a->second = tick_second(x->end_us, x->active_us);
    m->load = x->load;
    m->still = x->still;
    m->way = x->way;
    m->open = x->open;
    m->who = x->who;
    m->vus = x->vus;
    m->draining = x->draining;
    m->in_flight = x->in_flight;
    m->server_rss = x->server_rss;
    m->server_cpu_seen = x->server_cpu_seen;
    m->server_cpu = x->server_cpu;
    m->stage = x->stage;
    memcpy(m->by, x->by, sizeof m->by);
    m->suspect = m->suspect || x->suspect;
    m->last_us = x->last_us > 0 ? x->last_us : m->last_us;
    m->active_us += x->active_us;
    m->suspect_us += x->suspect_us;
    m->begun += x->begun;
    m->dropped += x->dropped;
    m->due += x->due;
    m->vus_us += x->vus_us;
}

static void stretch_tick(struct study_stretch *a, const struct tick *t,
                         const struct moment *x)
{
    struct moment_gap gap = study_gap(t);
    size_t i;

    stretch_extend(a, x);
    moment_gap_join(&a->x.gap, &gap);
    for (i = 0; i < t->delta->n_scenarios; i++) {
        stretch_iterations(&a->x, &t->delta->scenarios[i]);
    }
    for (i = 0; i < t->delta->n_series; i++) {
        stretch_series(a, &t->delta->series[i]);
    }
    rule_parts_add(a->parts, t->delta);
}

/* Adds what came behind it. */
static void stretch_join(struct study_stretch *a, const struct study_stretch *b)
{
    int k;

    stretch_extend(a, &b->x);
    a->second = b->second;
    moment_gap_join(&a->x.gap, &b->x.gap);
    a->x.requests += b->x.requests;
    a->x.failed += b->x.failed;
    for (k = 0; k < ERRORS_COUNT; k++) {
        a->x.errors[k] += b->x.errors[k];
    }
    a->x.iterations += b->x.iterations;
    a->x.iteration_us += b->x.iteration_us;
    a->x.iteration_us2 += b->x.iteration_us2;
    histo_merge(a->all, b->all);
    histo_merge(a->good, b->good);
    rule_parts_join(a->parts, b->parts);
}

static void stretch_empty(struct study_stretch *a)
{
    histo_clear(a->all);
    histo_clear(a->good);
    rule_parts_clear(a->parts);
    a->any = false;
}

static void stretch_feed(struct study *s, struct study_stretch *a, bool down)
{
    if (!a->any) {
        return;
    }
    a->x.all = a->all;
    a->x.good = a->good;
    rule_parts_of(a->parts, &a->x);
    a->x.down = down;
    a->x.out = recovery_named_now(s->recovery, a->x.end_us, &a->x.out_since_us);
    study_insight(s, &a->x);
    stretch_empty(a);
}

/* Nothing that still comes is of its second; else that is seen when it comes.
 */
static bool stretch_full(const struct study_stretch *a)
{
    return a->any && a->x.end_us >= (a->second + 1) * US_PER_SEC;
}

/* What was held back is an outage, or a part of what was before it. */
static void stretch_settle(struct study *s)
{
    if (!s->held.any) {
        return;
    }
    if (s->down) {
        stretch_feed(s, &s->open, false);
        stretch_feed(s, &s->held, true);
        s->down = !s->back;
        s->back = false;
        return;
    }
    stretch_join(&s->open, &s->held);
    stretch_empty(&s->held);
    if (stretch_full(&s->open)) {
        stretch_feed(s, &s->open, false);
    }
}

void study_close(struct study *s)
{
    stretch_settle(s);
    stretch_feed(s, &s->open, false);
}

/* The tick is of another second: what is open is fed. What is held back is,
 * once it is an outage. */
static void stretch_turn(struct study *s, const struct moment *x)
{
    struct study_stretch *last = s->held.any ? &s->held : &s->open;

    if (!last->any || last->second == tick_second(x->end_us, x->active_us)) {
        return;
    }
    if (last == &s->open) {
        stretch_feed(s, &s->open, false);
    } else if (s->down) {
        stretch_settle(s);
    }
}

/* Some are answered, at an edge of an outage or within no outage: the edge is a
 * stretch of its own at the end of one, and the beginning of the next one's
 * first stretch. Frames put such ticks of a second together. */
static void stretch_edge(struct study *s, const struct tick *t,
                         const struct moment *x)
{
    bool more = s->held.any && s->silent_us == 0 && (s->back || !s->down) &&
                s->held.second == tick_second(x->end_us, x->active_us);

    if (!more) {
        stretch_settle(s);
        stretch_turn(s, x);
        s->back = s->down;
    }
    s->silent_us = 0;
    stretch_tick(&s->held, t, x);
}

static void stretch_hold(struct study *s, const struct tick *t,
                         const struct moment *x)
{
    if (s->back) {
        stretch_settle(s);
    }
    stretch_tick(&s->held, t, x);
    s->silent_us += x->active_us;
    s->down = s->down || s->silent_us >= STRETCH_DOWN_US;
    if (s->down && stretch_full(&s->held)) {
        stretch_settle(s);
    }
}

uint64_t study_suspect(struct study *s, const struct tick *t)
{
    uint64_t was = s->suspect_us, now = t->health.suspect_us;

    s->suspect_us = now;
    return now <= was ? 0 : now - was < t->active_us ? now - was : t->active_us;
}

void study_add(struct study *s, const struct tick *t, const struct moment *x)
{
    const struct study_stretch *last = s->held.any ? &s->held : &s->open;
    enum tick_answers kind = tick_answers(t->delta);
    bool goes_on = stretch_goes_on(last, x);

    stretch_turn(s, x);
    /* In a ramp every tick has another load: seconds of it will do. */
    if (!goes_on && !(last->any && !last->x.still && !x->still)) {
        study_close(s);
    }
    if (kind == ANSWERS_MIXED) {
        stretch_edge(s, t, x);
        return;
    }
    if (kind == ANSWERS_LOST ||
        (kind == ANSWERS_NONE && ((s->down && !s->back) || s->silent_us > 0))) {
        stretch_hold(s, t, x);
        return;
    }
    stretch_settle(s);
    stretch_turn(s, x);
    s->down = false;
    s->silent_us = 0;
    stretch_tick(&s->open, t, x);
    if (stretch_full(&s->open)) {
        study_close(s);
    }
}
