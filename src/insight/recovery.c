/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/recovery.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "insight/recovery_internal.h"

/* A fall is to this share of the load before, or less. */
#define RECOVERY_FALL_SHARE 0.8

struct recovery *recovery_new(const struct recovery_limit *limit)
{
    struct recovery *r = xcalloc(1, sizeof *r);

    base_init(&r->base, limit);
    climb_init(&r->climb);
    r->names = outages_named_new();
    return r;
}

void recovery_free(struct recovery **r)
{
    if (*r == NULL) {
        return;
    }
    base_clear(&(*r)->base);
    climb_clear(&(*r)->climb);
    outages_named_free(&(*r)->names);
    free((*r)->list);
    free(*r);
    *r = NULL;
}

struct recovery_episode *recovery_last(struct recovery *r)
{
    MUST(r->at < r->n);
    return &r->list[r->at];
}

struct recovery_episode *recovery_add(struct recovery *r)
{
    /* The oldest, but not the one that goes on. */
    size_t i = r->going && r->at == 0 ? 1 : 0;

    if (r->n == RECOVERY_MAX) {
        recovery_sum_add(&r->gone, &r->list[i]);
        memmove(&r->list[i], &r->list[i + 1], (r->n - 1 - i) * sizeof *r->list);
        r->n--;
        r->at -= i < r->at;
        r->dropped++;
    }
    r->list = xgrow(r->list, r->n, &r->cap, sizeof *r->list);
    memset(&r->list[r->n], 0, sizeof *r->list);
    return &r->list[r->n++];
}

void recovery_out(struct recovery *r)
{
    struct recovery_episode *e = recovery_last(r);

    e->state = RECOVERY_RECOVERING;
    e->return_us = e->held_us = 0;
    r->n_dwell = 0;
    r->empty = 0;
    base_reset(&r->base, r->load, r->who); /* this is no baseline */
}

/* What is slow may be the generator. */
static void recovery_suspect(struct recovery *r, bool suspect)
{
    struct recovery_episode *e = recovery_last(r);

    if (suspect && e->state != RECOVERY_RECOVERED) {
        e->suspect = true;
        e->confidence = RECOVERY_LOW;
    }
}

/* What the answer is worth. */
static void recovery_confidence(struct recovery *r)
{
    struct recovery_episode *e = recovery_last(r);
    double gap = r->ref.by_limit ? 0 : fabs(r->ref.load / e->load_to - 1);

    e->confidence = RECOVERY_LOW;
    if (r->ref.by_limit) {
        e->why = r->ref.rules != NULL
                     ? "no baseline that is long and calm enough: measured "
                       "against the limits"
                     : "no baseline that is long and calm enough: measured "
                       "against the limit";
    } else if (gap > 0.1 && fabs(r->ref.load - e->load_to) > 0.5) {
        e->why = "the baseline is of another load";
    } else if (r->ref.noisy) {
        e->why = "too few requests, or they vary too much by themselves";
    } else {
        e->confidence = RECOVERY_MEDIUM;
        e->why = "";
    }
}

/* Since when it was out of the band. A window that the rise is in began before
 * it: that is at once; so is what was out already. */
static void recovery_degraded(const struct recovery *r)
{
    struct recovery_episode *e = &r->list[r->at];
    uint64_t at_us = 0;

    e->degraded = band_out_since(&r->ref, e->rise_us, &at_us);
    if (e->degraded) {
        e->degrade_us = at_us > e->rise_us ? at_us - e->rise_us : 0;
        e->before = at_us + e->window_us <= e->rise_us;
    }
}

/* What was before t0, and what it did. */
static void recovery_before(struct recovery *r, const struct moment *x)
{
    struct recovery_episode *e = recovery_last(r);
    struct climb_sum sum;

    switch (e->cause) {
    case RECOVERY_FALL:
        sum = climb_since(&r->climb, x->load);
        e->rise_us = sum.start_us;
        e->requests = sum.requests;
        e->failed = sum.failed;
        e->worst_us = sum.worst_us;
        recovery_degraded(r);
        return;
    case RECOVERY_MARK:
        e->rise_us = x->start_us;
        return;
    case RECOVERY_OUTAGE:
        recovery_outage_fill(r, e);
        return;
    }
}

void recovery_begin(struct recovery *r, const struct moment *x,
                    enum recovery_cause cause, double from)
{
    struct recovery_episode *e = recovery_add(r);

    r->at = r->n - 1;
    e->cause = cause;
    e->t0_us = x->start_us;
    e->to_t0 = e->to_return = r->asked;
    e->load_from = from;
    e->load_to = x->load;
    e->why = "";
    r->ref = base_for(&r->base, x->load, x->who);
    if (!r->ref.any) {
        e->state = RECOVERY_UNMEASURED;
        e->why = base_without(&r->base);
        e->over = true;
        return;
    }
    r->going = true;
    r->counts = r->latest = (struct band_counts){0};
    r->from_us = 0;
    r->from = r->asked;
    r->begun = r->no_vu = 0;
    r->n_dwell = 0;
    r->clear_end_us = 0;
    r->missing = r->named_window = false;
    r->empty = r->clear = 0;
    r->drained = r->fresh = false;
    e->reference = r->ref.by_limit ? RECOVERY_BY_LIMIT : RECOVERY_BY_BASELINE;
    e->usual = r->ref.by_limit && r->base.limit.usual;
    e->p95_us = r->ref.by_limit ? 0 : r->ref.p95_us;
    e->base_load = r->ref.by_limit ? 0 : r->ref.load;
    e->limits = r->ref.rules != NULL;
    e->tolerance_us = r->ref.in_us;
    e->error_rate = r->ref.error_limit;
    e->window_us = r->ref.window_us;
    e->dwell_us = r->ref.dwell_us;
    recovery_confidence(r);
    recovery_suspect(r, r->ref.suspect);
    recovery_before(r, x);
    if (cause != RECOVERY_MARK && r->ref.disturbed) {
        recovery_out(r);
    }
    base_forget(&r->base);
}

/* The newest that is within no other. */
static size_t recovery_newest(const struct recovery *r)
{
    size_t i = r->n;

    while (i > 0 && r->list[i - 1].within) {
        i--;
    }
    return i > 0 ? i - 1 : 0;
}

static enum recovery_state recovery_ended(enum recovery_state s)
{
    switch (s) {
    case RECOVERY_WATCHING:
        return RECOVERY_UNDISTURBED;
    case RECOVERY_RECOVERING:
        return RECOVERY_NOT;
    case RECOVERY_CANDIDATE:
        return RECOVERY_HELD;
    case RECOVERY_RECOVERED:
    case RECOVERY_NOT:
    case RECOVERY_HELD:
    case RECOVERY_UNDISTURBED:
    case RECOVERY_UNMEASURED:
        break;
    }
    return s;
}

static bool recovery_vain(const struct recovery_episode *e)
{
    return e->state == RECOVERY_UNDISTURBED && e->cause == RECOVERY_MARK;
}

void recovery_close(struct recovery *r)
{
    struct recovery_episode *e;

    if (!r->going) {
        return;
    }
    r->going = false;
    e = recovery_last(r);
    e->over = true;
    recovery_unseen(r);
    e->state = recovery_ended(e->state);
    recovery_within(r);
    while (r->n > r->at && recovery_vain(&r->list[r->n - 1])) {
        r->n--;
    }
    r->at = recovery_newest(r);
}

/* A recovery may begin with what is worse than the spike was. */
static void recovery_worst(struct recovery *r, const struct moment *x)
{
    uint64_t p95;
    size_t i;

    if (recovery_last(r)->state != RECOVERY_RECOVERING ||
        histo_count(x->good) < CLIMB_FEWEST) {
        return;
    }
    p95 = histo_percentile(x->good, 95);
    for (i = r->at; i < r->n; i++) {
        r->list[i].worst_us =
            p95 > r->list[i].worst_us ? p95 : r->list[i].worst_us;
    }
}

/* Adds a stretch to the open window, and judges that once it is full. */
static void recovery_go(struct recovery *r, const struct moment *x)
{
    struct recovery_episode *e = recovery_last(r);
    struct recovery_window w;

    if (e->state != RECOVERY_RECOVERED) {
        e->elapsed_us += x->active_us;
    }
    if (x->draining > 0 && !r->drained) {
        e->drain_us = e->elapsed_us;
    } else {
        r->drained = true;
    }
    recovery_suspect(r, x->suspect);
    r->begun += x->begun;
    r->no_vu += x->dropped;
    band_add(&r->ref, &r->counts, x);
    if (r->latest.active_us + x->active_us >= 2 * RECOVERY_LATEST_US) {
        r->latest = (struct band_counts){0};
    }
    band_add(&r->ref, &r->latest, x);
    recovery_worst(r, x);
    if (!band_full(&r->ref, &r->counts)) {
        return;
    }
    w = (struct recovery_window){.counts = r->counts,
                                 .from_us = r->from_us,
                                 .before = r->from,
                                 .named = r->named_window};
    r->named_window = false;
    r->from_us += r->counts.active_us;
    r->from = r->asked;
    r->counts = (struct band_counts){0};
    recovery_window(r, &w);
    if (!r->going) {
        return;
    }
    if (e->state == RECOVERY_RECOVERED && r->clear == 0) {
        recovery_hand_on(r);
    }
    recovery_last(r)->out_us = r->from_us;
}

/* The load is another than before. */
static void recovery_moved(struct recovery *r, const struct moment *x)
{
    size_t i;

    for (i = r->at; i < r->n; i++) {
        if (x->load > 1.1 * r->list[i].load_to + 0.5) {
            r->list[i].past = true;
        }
    }
    if (!base_same(&r->base, x)) {
        recovery_close(r);
        base_keep(&r->base, x);
        base_reset(&r->base, x->load, x->who);
    }
    r->falling = x->load < r->load || (r->falling && x->load <= r->load);
    r->peak = x->load > r->peak ? x->load : r->peak;
    r->load = x->load;
    r->who = x->who;
}

/* What is measured now may be a baseline. */
static bool recovery_calm(struct recovery *r)
{
    enum recovery_state s =
        r->going ? recovery_last(r)->state : RECOVERY_WATCHING;

    return !recovery_named_at(r, r->now_us) &&
           (s == RECOVERY_WATCHING || s == RECOVERY_RECOVERED);
}

/* A step down of a fall that goes on: what was told of the steps before it is
 * told of all of them. */
static bool recovery_step(struct recovery *r, const struct moment *x)
{
    struct recovery_episode *e = r->n > 0 ? recovery_last(r) : NULL;

    if (r->fall_end == 0 || x->start_us - r->fall_end > RECOVERY_STEPS_US) {
        return false;
    }
    if (e != NULL && e->cause == RECOVERY_FALL && e->t0_us == r->fall_end) {
        recovery_close(r);
        if (e->state == RECOVERY_NOT || e->state == RECOVERY_HELD) {
            base_disturbed(&r->base);
        }
        r->n = r->at;
        r->at = recovery_newest(r);
    }
    return true;
}

/* The load has come down to where it stays, for the moment. */
static void recovery_fall(struct recovery *r, const struct moment *x)
{
    double from = recovery_step(r, x) ? fmax(r->fall_from, r->peak) : r->peak;

    r->fall_from = from;
    r->fall_end = x->start_us;
    if (x->load <= RECOVERY_FALL_SHARE * from && x->load > 0) {
        recovery_close(r);
        recovery_begin(r, x, RECOVERY_FALL, from);
        r->peak = x->load;
    }
}

/* Is anything wrong, or may have gone wrong just now? */
static bool recovery_troubled(struct recovery *r)
{
    enum recovery_state s = recovery_last(r)->state;

    return s == RECOVERY_RECOVERING || s == RECOVERY_CANDIDATE ||
           r->clear > 0 || r->outage_us > 0 ||
           recovery_named_at(r, r->now_us) ||
           (r->counts.active_us > 0 && band_clearly_out(&r->ref, &r->counts));
}

/* Nothing has changed but what the mark is for: normal is what was there. */
static bool recovery_normal(const struct recovery *r, const struct moment *x)
{
    struct band_ref ref = base_for(&r->base, x->load, x->who);
    bool same = fabs(ref.load - x->load) <= fmax(0.1 * x->load, 0.5);

    return ref.any && (ref.by_limit ? r->was_in : same);
}

static void recovery_mark(struct recovery *r, const struct moment *x)
{
    bool troubled = r->going && recovery_troubled(r);

    if (!troubled) {
        base_keep(&r->base, x);
    }
    if (!troubled && recovery_normal(r, x)) {
        recovery_close(r);
        recovery_begin(r, x, RECOVERY_MARK, x->load);
    } else if (r->going) {
        recovery_within_add(r, x, RECOVERY_MARK);
    }
}

void recovery_feed(struct recovery *r, const struct moment *x)
{
    if (!r->fed) {
        r->fed = true;
        r->load = r->peak = x->load;
        r->who = x->who;
        base_reset(&r->base, x->load, x->who);
    }
    r->now_us = x->end_us;
    if (x->active_us == 0) {
        recovery_asked(r, x);
        return;
    }
    recovery_moved(r, x);
    if (r->falling && x->still) {
        r->falling = false;
        recovery_fall(r, x);
    }
    if (x->mark && x->load > 0) {
        recovery_mark(r, x);
    }
    recovery_outage(r, x);
    recovery_named(r, x);
    recovery_asked(r, x);
    if (r->going) {
        recovery_go(r, x);
        recovery_within(r);
    }
    base_watch(&r->base, x);
    climb_add(&r->climb, x);
    if (x->requests > 0) {
        r->was_in = base_within(&r->base, x);
    }
    if (recovery_calm(r)) {
        base_add(&r->base, x);
    }
}

void recovery_end(struct recovery *r)
{
    recovery_close(r);
    recovery_outage_end(r);
    r->fed = false;
}

size_t recovery_count(const struct recovery *r)
{
    return r->n;
}

const struct recovery_episode *recovery_at(const struct recovery *r, size_t i)
{
    MUST(i < r->n);
    return &r->list[i];
}

size_t recovery_dropped(const struct recovery *r)
{
    return r->dropped;
}

const struct recovery_episode *recovery_now(const struct recovery *r)
{
    return r->n > 0 ? &r->list[r->at] : NULL;
}
