/* SPDX-License-Identifier: MIT
 *
 * breach_place - between which loads a breach lies, and what was still done
 * before it. */
#include "config.h"

#include <math.h>

#include "insight/breach_internal.h"

#define BREACH_HELD 0.9

/* The most load of those scenarios that was good and is less. */
static double breach_below(const struct breach_part *b, uint64_t who,
                           double load)
{
    size_t n = b->n_loads < BREACH_LOADS ? b->n_loads : BREACH_LOADS, i;
    double most = 0;

    for (i = 0; i < n; i++) {
        const struct breach_load *l = &b->loads[i];

        if (l->who == who && l->load < load - 0.5 && l->load > most) {
            most = l->load;
        }
    }
    return most;
}

/* The load that window i says something about. What overload does takes its
 * time: where it rose by more than a tenth in ten seconds, that is the least of
 * these. */
double breach_held(const struct breach_part *b, size_t i)
{
    double load = b->past[i].load, least = load;
    uint64_t who = b->past[i].who, us = 0;

    for (i++; i-- > 0 && us < BREACH_LEAST_US && b->past[i].who == who;
         us += b->past[i].active_us) {
        least = fmin(least, fmin(b->past[i].from, b->past[i].load));
    }
    return least < BREACH_HELD * load ? least : load;
}

/* In a ramp, windows near the limit are bad by chance and good by chance: it
 * begins with the first bad one after the last that was clearly good. Where
 * that is, in past. */
size_t breach_start(const struct breach_part *b, size_t rule)
{
    size_t start = b->n_past - b->n_run, i = start;

    while (i > 0 && b->past[i - 1].ramp &&
           b->past[i - 1].who == b->past[i].who &&
           !b->past[i - 1].clear[rule]) {
        i--;
        start = b->past[i].broke[rule] ? i : start;
    }
    return start;
}

/* The last load before it that was good, and clearly so in a ramp. */
static double breach_before(const struct breach_part *b, size_t start,
                            size_t rule)
{
    size_t i = start;

    while (i > 0 && b->past[i - 1].ramp &&
           b->past[i - 1].who == b->past[i].who) {
        i--;
        if (b->past[i].clear[rule]) {
            return fmin(breach_held(b, i), b->past[start].from);
        }
    }
    return breach_below(b, b->past[start].who, b->past[start].load);
}

/* Between which loads: see the head of the header. */
void breach_place(const struct breach_part *b, size_t start, size_t rule,
                  struct breach_found *f)
{
    const struct breach_window *w = &b->past[start];
    double v = w->ramp ? (w->load - w->from) / (double)w->active_us : 0;

    f->ramp = v > 0;
    f->high = v < 0 ? w->from : w->load;
    f->who = w->who;
    f->low = v > 0 ? breach_before(b, start, rule)
                   : breach_below(b, w->who, f->high);
    if (v > 0) {
        double low = w->from - v * ((double)w->active_us + 2 * w->mean_us);

        f->low = fmax(fmin(f->low, low), 0);
    }
}

bool breach_of_names(const struct breach_found *f)
{
    return f->held && f->out_us > 0 && f->end_us <= f->out_us + BREACH_AFTER_US;
}

bool breach_held_before(const struct breach_part *b, size_t start, double load)
{
    uint64_t who = b->past[start].who, us = 0;
    size_t i = start;

    while (i-- > 0 && !b->past[i].bad && b->past[i].who == who &&
           fmin(b->past[i].from, b->past[i].load) > load - 0.5) {
        us += b->past[i].active_us;
    }
    return us >= BREACH_LEAST_US;
}

bool breach_went_on(const struct breach_part *b, size_t start, double load)
{
    size_t i;

    for (i = start; i < b->n_past; i++) {
        const struct breach_window *w = &b->past[i];

        if (w->who != b->past[start].who || w->load <= load - 0.5 ||
            (i > start && w->start_us > b->past[i - 1].end_us)) {
            return false;
        }
    }
    return true;
}

/* Requests a second of the good windows before, of 10 s at most, and of one
 * level where there are any. */
void breach_calm(const struct breach_part *b, size_t start,
                 struct breach_found *f)
{
    uint64_t us = 0, requests = 0;
    double load = -1;
    size_t i = start;

    while (i-- > 0 && us < BREACH_LEAST_US && b->past[i].who == f->who) {
        if (us > 0 && fabs(b->past[i].load - load) >= 0.5 &&
            !b->past[i + 1].ramp) {
            break;
        }
        if (!b->past[i].bad) {
            load = b->past[i].load;
            us += b->past[i].active_us;
            requests += b->past[i].requests;
        }
    }
    f->rps = us > 0 ? (double)requests * 1e6 / (double)us : 0;
    f->rps_us = us;
}
