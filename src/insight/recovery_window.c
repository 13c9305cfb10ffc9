/* SPDX-License-Identifier: MIT
 *
 * recovery_window - what each full window does to an episode: out of the band,
 * back in it, held for the dwell, out again. */
#include "config.h"

#include <string.h>

#include "base/must.h"
#include "insight/binom.h"
#include "insight/recovery_internal.h"

/* A mark waits so long for something to go wrong. */
#define RECOVERY_MARK_US (60 * UINT64_C(1000000))
/* Windows without a request, one after the other, that end a return. */
#define RECOVERY_EMPTY_MAX 3
/* More iterations than this share dropped: the load was not there. */
#define RECOVERY_DROPPED_MAX 0.05

static void recovery_candidate(struct recovery *r,
                               const struct recovery_window *w)
{
    struct recovery_episode *e = recovery_last(r);

    r->fresh = false;
    e->state = RECOVERY_CANDIDATE;
    e->return_us = w->from_us;
    e->to_return = w->before;
    e->held_us = w->counts.active_us;
    r->dwell[0] = *w;
    r->n_dwell = 1;
}

/* The first of the dwell goes; a return begins with a window that is in. */
static void recovery_shift(struct recovery *r)
{
    struct recovery_episode *e = recovery_last(r);
    size_t i = 1;

    while (i < r->n_dwell && !r->dwell[i].in) {
        i++;
    }
    r->n_dwell -= i;
    memmove(&r->dwell[0], &r->dwell[i], r->n_dwell * sizeof r->dwell[0]);
    if (r->n_dwell == 0) {
        recovery_out(r);
        return;
    }
    e->return_us = r->dwell[0].from_us;
    e->to_return = r->dwell[0].before;
    e->held_us = 0;
    for (i = 0; i < r->n_dwell; i++) {
        e->held_us += r->dwell[i].counts.active_us;
    }
}

static void recovery_join(const struct recovery *r, struct band_counts *c,
                          const struct band_counts *from)
{
    if (r->ref.rules != NULL) {
        band_rules_join(c, from, r->ref.rules->n);
    }
}

/* Each percentile that is limited, as p95 of all. */
static bool recovery_rules_hold(const struct recovery *r,
                                const struct band_counts *all,
                                const struct band_counts *first)
{
    const struct band_rules *l = r->ref.rules;
    size_t i;

    for (i = 0; l != NULL && i < l->n; i++) {
        const struct band_tally *a = &all->rules[i], *f = &first->rules[i];
        double p = l->list[i].share;

        if (l->list[i].latency && ((double)a->above > p * (double)a->n + 1e-9 ||
                                   f->above > binom_quantile(f->n, p, 0.80))) {
            return false;
        }
    }
    return true;
}

/* The whole dwell, and its first third for itself, are as they should be. */
static bool recovery_holds(const struct recovery *r)
{
    struct band_counts all = {0}, first = {0};
    uint64_t n = 0, above = 0, first_n = 0, first_above = 0;
    size_t i;

    for (i = 0; i < r->n_dwell; i++) {
        const struct band_counts *c = &r->dwell[i].counts;

        n += c->n;
        above += c->above;
        recovery_join(r, &all, c);
        if (i < (r->n_dwell + 2) / 3) {
            first_n += c->n;
            first_above += c->above;
            recovery_join(r, &first, c);
        }
    }
    return above <= n / 20 &&
           first_above <= binom_quantile(first_n, 0.05, 0.80) &&
           recovery_rules_hold(r, &all, &first);
}

static void recovery_accept(struct recovery *r)
{
    struct recovery_episode *e = recovery_last(r);
    struct band_counts all = {.who = r->who};
    uint64_t n = 0;
    size_t i;

    if (r->no_vu > 0 && (double)r->no_vu > RECOVERY_DROPPED_MAX *
                                               (double)(r->no_vu + r->begun)) {
        e->state = RECOVERY_UNMEASURED;
        e->why = "iterations were dropped: the load was not what it was to be";
        r->going = false;
        e->over = true;
        return;
    }
    for (i = 0; i < r->n_dwell; i++) {
        n += r->dwell[i].counts.n;
        recovery_join(r, &all, &r->dwell[i].counts);
    }
    e->state = RECOVERY_RECOVERED;
    if (band_unasked(&r->ref, &all)) {
        e->why = "no baseline that is long and calm enough: measured against "
                 "the limits, of which one had no sample";
    }
    if (e->confidence == RECOVERY_MEDIUM && n >= 1000) {
        e->confidence = RECOVERY_HIGH;
    }
    r->clear = 0;
}

static void recovery_dwell(struct recovery *r, const struct recovery_window *w)
{
    struct recovery_episode *e = recovery_last(r);
    size_t plain = 0, i;

    if (r->n_dwell == RECOVERY_WINDOWS) {
        recovery_shift(r);
        if (e->state != RECOVERY_CANDIDATE) {
            return;
        }
    }
    r->dwell[r->n_dwell++] = *w;
    e->held_us += w->counts.active_us;
    for (i = 0; i < r->n_dwell; i++) {
        plain += !r->dwell[i].in;
    }
    if (plain > 1 && plain * 10 > r->n_dwell) {
        recovery_out(r);
        return;
    }
    if (e->held_us + e->window_us / 10 < e->dwell_us) {
        return;
    }
    if (recovery_holds(r)) {
        recovery_accept(r);
    } else {
        recovery_shift(r);
    }
}

static void recovery_watch(struct recovery *r, const struct recovery_window *w,
                           bool clearly)
{
    struct recovery_episode *e = recovery_last(r);
    uint64_t most = e->cause == RECOVERY_MARK ? RECOVERY_MARK_US : e->dwell_us;

    if (clearly && r->clear == 0) {
        r->clear_us = w->from_us;
    }
    r->clear = clearly ? r->clear + 1 : 0;
    if (r->clear >= 2 || band_surely_out(&r->ref, &w->counts)) {
        if (!e->degraded && e->rise_us <= e->t0_us) {
            /* The first of them. */
            e->degrade_us = e->t0_us - e->rise_us +
                            (r->clear >= 2 ? r->clear_us : w->from_us);
            e->degraded = true;
        }
        recovery_out(r);
    } else if (w->from_us + w->counts.active_us >= most) {
        if (!recovery_hand_on(r)) {
            recovery_close(r);
        }
    }
}

/* Two clearly out, one behind the other. They may be an outage of its own, or
 * one that was too short for it. */
static void recovery_relapse(struct recovery *r,
                             const struct recovery_window *w, bool clearly)
{
    struct recovery_episode *e = recovery_last(r);

    if (clearly) {
        r->clear_us = r->clear == 0 ? w->from_us : r->clear_us;
        r->clear++;
    }
    if (r->clear < 2 || (clearly && r->outage_us > 0)) {
        r->clear = clearly ? r->clear : 0;
        return;
    }
    r->kept = *e;
    if (!e->relapsed) {
        e->relapsed = true;
        e->first_us = e->return_us;
        e->relapse_us = r->clear_us;
    }
    e->elapsed_us = r->from_us; /* it stood still while all was well */
    recovery_out(r);
    r->fresh = true;
    if (w->in && !band_missing(&r->ref, &w->counts)) {
        recovery_candidate(r, w);
    }
}

/* Each rule that has samples, as p95 of all. */
static bool recovery_rules_surely(const struct recovery *r,
                                  const struct band_counts *c, double chance)
{
    const struct band_rules *l = r->ref.rules;
    size_t i;

    for (i = 0; l != NULL && i < l->n; i++) {
        const struct band_tally *t = &c->rules[i];

        if (t->n > 0 &&
            t->above >= binom_quantile(t->n, l->list[i].share, chance)) {
            return false;
        }
    }
    return true;
}

/* So few responses of one to three windows up to the i-th are above the
 * tolerance that it is hardly chance: by the end of that it was in. */
static bool recovery_surely(const struct recovery *r, size_t i)
{
    static const double chance[] = {0.001, 0.001, 0.01};
    struct band_counts all = {0};
    uint64_t n = 0, above = 0;
    size_t m;

    for (m = 0; m < sizeof chance / sizeof chance[0] && m <= i; m++) {
        n += r->dwell[i - m].counts.n;
        above += r->dwell[i - m].counts.above;
        recovery_join(r, &all, &r->dwell[i - m].counts);
        if ((r->ref.in_us == 0 ||
             above < binom_quantile(n, BAND_P, chance[m])) &&
            recovery_rules_surely(r, &all, chance[m])) {
            return true;
        }
    }
    return false;
}

/* How far off the return may be. */
static void recovery_bounds(struct recovery *r)
{
    struct recovery_episode *e = recovery_last(r);
    bool longer = r->clear_end_us > e->return_us;
    uint64_t low = longer ? e->return_us : r->clear_end_us;
    /* Of rules windows differ: those that are out are shorter. */
    uint64_t step =
        r->ref.rules != NULL && !longer ? r->clear_length_us : e->window_us;
    size_t i = 0;

    while (i + 1 < r->n_dwell && !recovery_surely(r, i)) {
        i++;
    }
    r->surely = recovery_surely(r, i);
    e->low_us = low > step ? low - step : 0;
    e->high_us = r->dwell[i].from_us + r->dwell[i].counts.active_us;
}

/* A slow return may take longer than the dwell to be sure: a quarter of the
 * time that it took. */
static void recovery_go_on(struct recovery *r, const struct recovery_window *w)
{
    const struct recovery_episode *e = recovery_last(r);

    if (!r->surely && r->n_dwell < RECOVERY_WINDOWS &&
        w->from_us <= e->return_us + e->return_us / 4) {
        r->dwell[r->n_dwell++] = *w;
        recovery_bounds(r);
    }
}

/* A window that had to be longer, by more than a part of a second, is the
 * grain, and two of it the dwell. What is rare may hang: without a sample a
 * return has to hold for as long as one would be waited for. */
static void recovery_longer(struct recovery *r, const struct band_counts *c)
{
    struct recovery_episode *e = recovery_last(r);
    uint64_t us = c->active_us;

    if (e->state != RECOVERY_RECOVERED && e->dwell_us < BAND_WAIT_US &&
        band_unasked(&r->ref, c)) {
        e->dwell_us = BAND_WAIT_US;
    }
    if (r->ref.rules != NULL && us > e->window_us + e->window_us / 10) {
        e->window_us = us;
        e->dwell_us = 2 * us > e->dwell_us ? 2 * us : e->dwell_us;
    }
}

/* It was back for good. Is it still? */
static void recovery_stays(struct recovery *r, const struct recovery_window *w,
                           bool clearly, bool missing)
{
    if (!missing) {
        recovery_go_on(r, w);
    }
    recovery_relapse(r, w, clearly);
    if (recovery_last(r)->state == RECOVERY_CANDIDATE) {
        recovery_bounds(r);
    }
}

void recovery_unseen(struct recovery *r)
{
    struct recovery_episode *e = recovery_last(r);

    if (e->state != RECOVERY_RECOVERING) {
        return;
    }
    if (r->missing) {
        e->state = RECOVERY_UNMEASURED;
        e->why = "what one of the limits is about was no longer answered";
    } else if (r->from_us == 0 && !r->named_window &&
               !band_silent(&r->latest) &&
               !band_clearly_out(&r->ref, &r->latest) &&
               (r->latest.n >= RECOVERY_LATEST_N ||
                !band_clearly_out(&r->ref, &r->counts))) {
        e->state = RECOVERY_UNMEASURED;
        e->why = "it was over before one of its windows was full";
    }
}

void recovery_window(struct recovery *r, struct recovery_window *w)
{
    struct recovery_episode *e = recovery_last(r);
    bool silent = band_silent(&w->counts);
    bool clearly = silent || w->named || band_clearly_out(&r->ref, &w->counts);
    bool missing;

    if (w->counts.requests == 0 && !silent) {
        /* Nothing was asked: nothing is known. */
        if (++r->empty > RECOVERY_EMPTY_MAX && e->state == RECOVERY_CANDIDATE) {
            recovery_out(r);
        }
        return;
    }
    r->empty = 0;
    missing = !clearly && band_missing(&r->ref, &w->counts);
    r->missing = missing && (e->state == RECOVERY_RECOVERING ||
                             e->state == RECOVERY_CANDIDATE);
    if (r->missing) {
        return;
    }
    recovery_longer(r, &w->counts);
    w->in = !silent && !w->named && band_in(&r->ref, &w->counts);
    if (clearly) {
        r->clear_end_us = w->from_us + w->counts.active_us;
        r->clear_length_us = w->counts.active_us;
    }
    switch (e->state) {
    case RECOVERY_WATCHING:
        recovery_watch(r, w, clearly);
        return;
    case RECOVERY_RECOVERING:
        if (w->in) {
            recovery_candidate(r, w);
            recovery_bounds(r);
        }
        return;
    case RECOVERY_CANDIDATE:
        if (clearly) {
            recovery_out(r);
            return;
        }
        recovery_dwell(r, w);
        if (e->state != RECOVERY_RECOVERING) {
            recovery_bounds(r);
        }
        return;
    case RECOVERY_RECOVERED:
        recovery_stays(r, w, clearly, missing);
        return;
    case RECOVERY_NOT:
    case RECOVERY_HELD:
    case RECOVERY_UNDISTURBED:
    case RECOVERY_UNMEASURED:
        break;
    }
    MUST(!"an episode that goes on");
}
