/* SPDX-License-Identifier: MIT
 *
 * throttle_way - what the seconds of a limit say of it: doors that shut and
 * open in time, or an even flow. Inside insight only. */
#include "config.h"

#include <math.h>

#include "insight/throttle_internal.h"

/* A run of 429 shuts a door where chance makes none like it in a hundred times
 * so many answers. */
#define DOOR_CHANCE 0.01
/* The shortest times between openings are within this of each other: in the
 * others a window was not felt. They are no fewer than this share, and all but
 * one of five are that long or a multiple, to this share. */
#define DOOR_NEXT 1.25
#define DOOR_MOST 0.25
#define DOOR_FIT  0.8
#define DOOR_SAME 0.15
/* What opens more often, seconds, flows. */
#define DOOR_SHORT 0.8
/* No shut door is longer than the window, but for what times are rounded by. */
#define DOOR_LONG   1.05
#define DOOR_LONG_S 0.5
/* What is used up is shut until the end: of a window's 429 no more than this
 * share, or so many, are before its last run. */
#define DOOR_STRAY   0.5
#define DOOR_STRAY_N 2
/* Doors that let no more than one through each time are a flow. */
#define DOOR_LEAST 1.5
/* So many 429, in standard errors of what came through: nobody who asks by
 * chance has left that window unfelt. Else it takes some windows that have let
 * as many through, to this share. */
#define DOOR_FELT  2
#define DOOR_SOME  3
#define DOOR_EQUAL 0.02

/* The flow is even when it strays by no more than this share of what chance
 * makes of so many 429 and of what is asked for. */
#define EVEN_STRAY 0.05
/* Enough for five of a hundred. */
#define EVEN_PASSED 20
/* Between 429 that are so many times as far from each other as others are, the
 * limit was not felt. */
#define EVEN_GAP   3
#define EVEN_GAP_S 5

/* From one opening to the next. */
struct gap {
    double time, passed, limited;
    double run; /* of 429, up to its end */
};

struct doors {
    struct gap gaps[THROTTLE_SLOTS];
    unsigned n;
    double longest; /* that one was shut, seconds */
};

/* So long a run is no chance. */
static double doors_run(const struct throttle *t, uint64_t from)
{
    double passed = 0, limited = 0;
    uint64_t i;

    for (i = from; i < t->second; i++) {
        passed += throttle_slot(t, i)->passed;
        limited += throttle_slot(t, i)->limited;
    }
    if (passed <= 0 || limited <= 0) {
        return INFINITY;
    }
    return fmax(log(DOOR_CHANCE / (passed + limited)) /
                    log(limited / (passed + limited)),
                2);
}

static void doors_find(const struct throttle *t, struct doors *d)
{
    uint64_t from = throttle_from(t), i;
    double run = doors_run(t, from), at = -1;
    struct gap g = {0};

    d->n = 0;
    d->longest = 0;
    for (i = from; i < t->second; i++) {
        const struct throttle_slot *s = throttle_slot(t, i);
        double now = (double)(i - from) + s->open_us / 1e6;

        if (s->run < run) {
            g.passed += s->passed;
            g.limited += s->limited;
            continue;
        }
        if (at >= 0) {
            g.time = now - at;
            g.passed += s->before;
            g.run = s->run;
            d->gaps[d->n++] = g;
        }
        at = now;
        g = (struct gap){.passed = s->passed - s->before};
        d->longest = fmax(d->longest, s->shut_ms / 1e3);
    }
}

/* What the shortest gaps come to. */
struct windows {
    double n, time, passed;
    double least, most; /* of passed, in one */
    bool felt, clean;   /* each */
};

static struct windows doors_shortest(const struct doors *d)
{
    struct windows w = {.least = INFINITY, .felt = true, .clean = true};
    double least = INFINITY;
    unsigned i;

    for (i = 0; i < d->n; i++) {
        least = fmin(least, d->gaps[i].time);
    }
    for (i = 0; i < d->n; i++) {
        const struct gap *g = &d->gaps[i];

        if (g->time <= DOOR_NEXT * least) {
            w.n++;
            w.time += g->time;
            w.passed += g->passed;
            w.least = fmin(w.least, g->passed);
            w.most = fmax(w.most, g->passed);
            w.felt = w.felt && g->run >= DOOR_FELT * sqrt(g->passed);
            w.clean =
                w.clean && g->limited - g->run <=
                               fmax(DOOR_STRAY * g->limited, DOOR_STRAY_N);
        }
    }
    return w;
}

/* The others are of as many windows. */
static bool doors_fit(const struct doors *d, const struct windows *w)
{
    double fit = 0;
    unsigned i;

    for (i = 0; i < d->n; i++) {
        double times = d->gaps[i].time * w->n / w->time;

        fit += fabs(times - fmax(round(times), 1)) <= DOOR_SAME;
    }
    return fit >= DOOR_FIT * d->n && w->n >= DOOR_MOST * d->n && w->clean &&
           w->time >= DOOR_SHORT * w->n &&
           d->longest <= DOOR_LONG * w->time / w->n + DOOR_LONG_S;
}

enum throttle_doors throttle_doors(const struct throttle *t,
                                   struct throttle_answer *a)
{
    struct doors d;
    struct windows w;

    doors_find(t, &d);
    w = doors_shortest(&d);
    if (d.n == 0) {
        return THROTTLE_DOORS_FEW;
    }
    if (w.passed < DOOR_LEAST * w.n || !doors_fit(&d, &w)) {
        return THROTTLE_DOORS_MIXED;
    }
    if (!w.felt && (w.n < DOOR_SOME ||
                    w.most - w.least > fmax(DOOR_EQUAL * w.passed / w.n, 1))) {
        return THROTTLE_DOORS_FEW;
    }
    a->window_s = w.time / w.n;
    a->in_window = w.passed / w.n;
    a->rate = w.passed / w.time;
    return THROTTLE_DOORS_TIMED;
}

/* What came through from one limited second to the next, of those that are no
 * further from each other than usual, as if they followed each other. */
struct flow {
    double time[THROTTLE_SLOTS], passed[THROTTLE_SLOTS], asked[THROTTLE_SLOTS];
    unsigned n;
    double limited;
};

/* Behind the second with the first 429 and the one after it. */
static uint64_t flow_from(const struct throttle *t)
{
    uint64_t from = throttle_from(t);

    return from < t->first + 2 ? t->first + 2 : from;
}

/* Seconds from one limited second to the next, on average. */
static double flow_gap(const struct throttle *t)
{
    uint64_t first = UINT64_MAX, last = 0, i;
    double n = 0;

    for (i = flow_from(t); i < t->second; i++) {
        if (throttle_is_limited(throttle_slot(t, i))) {
            first = first == UINT64_MAX ? i : first;
            last = i;
            n++;
        }
    }
    return n >= 2 ? (double)(last - first) / (n - 1) : 0;
}

static void flow_find(const struct throttle *t, double gap, struct flow *f)
{
    double most = fmax(EVEN_GAP * gap, EVEN_GAP_S);
    double passed = 0, limited = 0;
    uint64_t last = UINT64_MAX, i;

    f->n = 0;
    f->limited = 0;
    for (i = flow_from(t); i < t->second; i++) {
        const struct throttle_slot *s = throttle_slot(t, i);

        passed += s->passed;
        limited += s->limited;
        if (!throttle_is_limited(s)) {
            continue;
        }
        if (last != UINT64_MAX && (double)(i - last) <= most) {
            unsigned k = f->n++;

            f->time[k] = (k > 0 ? f->time[k - 1] : 0) + (double)(i - last);
            f->passed[k] = (k > 0 ? f->passed[k - 1] : 0) + passed;
            f->asked[k] = (k > 0 ? f->asked[k - 1] : 0) + passed + limited;
            f->limited += limited;
        }
        last = i;
        passed = limited = 0;
    }
}

/* How far a sum strays from a straight line to its end, squared, on average. */
static double flow_stray(const struct flow *f, const double *sum)
{
    double rate = sum[f->n - 1] / f->time[f->n - 1], squares = 0;
    unsigned i;

    for (i = 0; i < f->n; i++) {
        double off = sum[i] - rate * f->time[i];

        squares += off * off;
    }
    return squares / f->n;
}

/* What came through beyond the rate, up to the second behind the first 429:
 * the most that any stretch that ends there has. */
static double even_burst(const struct throttle *t, double rate)
{
    uint64_t oldest =
        t->second >= THROTTLE_SLOTS ? t->second - THROTTLE_SLOTS + 1 : 0;
    uint64_t i = t->first + 2;
    double sum = 0, most = 0;

    if (t->first < oldest) {
        return 0; /* it is forgotten */
    }
    while (i-- > oldest) {
        sum += (double)throttle_slot(t, i)->passed - rate;
        most = fmax(most, sum);
    }
    /* Less than a second's worth may as well be how requests came. */
    return most < fmax(rate, 3) ? 0 : most;
}

bool throttle_even(const struct throttle *t, struct throttle_answer *a)
{
    struct flow f;
    double gap = flow_gap(t), let, chance;

    flow_find(t, gap, &f);
    if (f.n + 2 < THROTTLE_LEAST || f.passed[f.n - 1] < EVEN_PASSED) {
        return false;
    }
    /* A bridge of so many coin tosses strays by a sixth of their variance; what
     * is asked for is let through in that share. */
    let = f.passed[f.n - 1] / f.asked[f.n - 1];
    chance = let * let * flow_stray(&f, f.asked) + let * f.limited / 6;
    if (flow_stray(&f, f.passed) > EVEN_STRAY * chance) {
        return false;
    }
    a->rate = f.passed[f.n - 1] / f.time[f.n - 1];
    a->gap_s = gap;
    a->burst = even_burst(t, a->rate);
    return true;
}
