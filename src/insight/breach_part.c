/* SPDX-License-Identifier: MIT
 *
 * breach_part - breaches of the rules on one part of the samples: its windows,
 * and the runs of them. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/xalloc.h"
#include "insight/binom.h"
#include "insight/breach_internal.h"

#define BREACH_LATENCY_Q 0.95
#define BREACH_BEGUN     0.95 /* of what was due */
/* Iterations that the count may be off by at a window's edges. */
#define BREACH_EDGE 2
/* Good ones without a bad one between them that end it. */
#define BREACH_GOOD 3

struct breach_part *breach_part_new(const struct rule *rules, size_t n_rules,
                                    unsigned part)
{
    struct breach_part *b = xcalloc(1, sizeof *b);
    size_t i;

    b->part = part;
    for (i = 0; i < n_rules; i++) {
        if (rules[i].part == part) {
            b->number[b->n_rules] = (int)i;
            b->rules[b->n_rules++] = rules[i];
        }
    }
    b->good = histo_new();
    return b;
}

void breach_part_free(struct breach_part **b)
{
    if (*b == NULL) {
        return;
    }
    histo_free(&(*b)->good);
    free(*b);
    *b = NULL;
}

/* A share of n may be p: is k more than chance explains, or less? Of few none
 * at all is as few as there can be. */
static void breach_chance(struct breach_window *w, size_t rule, uint64_t k,
                          uint64_t n, double p, double q)
{
    w->broke[rule] = k > binom_quantile(n, p, q);
    w->clear[rule] = k == 0 || k < binom_quantile(n, p, 1 - BREACH_LATENCY_Q);
}

static void breach_judge(const struct breach_part *b, struct breach_window *w)
{
    bool whole = b->part == 0;
    bool silent = whole && b->requests == 0 && b->in_flight > 0;
    size_t t = b->n_rules, i;

    for (i = 0; i < b->n_rules; i++) {
        const struct rule *r = &b->rules[i];

        if (r->percentile >= 0) {
            breach_chance(w, i, histo_count_above(b->good, num_whole(r->limit)),
                          histo_count(b->good), 1 - r->percentile / 100,
                          BREACH_LATENCY_Q);
            w->worst[i] = (double)histo_percentile(b->good, r->percentile);
        } else {
            breach_chance(w, i, b->n_bad, b->n_of, r->limit, BREACH_ERRORS_Q);
            w->worst[i] = b->n_of > 0 ? (double)b->n_bad / (double)b->n_of : 0;
        }
        w->bad = w->bad || w->broke[i];
    }
    w->broke[t] = silent || (whole && (double)(b->begun + BREACH_EDGE) <
                                          BREACH_BEGUN * b->due);
    w->clear[t] = !w->broke[t];
    w->worst[t] = silent ? 0 : b->due > 0 ? (double)b->begun / b->due : 1;
    w->bad = w->bad || w->broke[t];
    w->requests = b->requests;
    w->n_of = b->n_of;
    w->n_bad = b->n_bad;
    w->mean_us = b->n_good > 0 ? (double)b->good_us / (double)b->n_good : 0;
}

static void breach_good(struct breach_part *b, uint64_t who, double load)
{
    const struct breach_load *last =
        b->n_loads > 0 ? &b->loads[(b->n_loads - 1) % BREACH_LOADS] : NULL;

    if (last == NULL || last->who != who || fabs(last->load - load) >= 0.5) {
        b->loads[b->n_loads++ % BREACH_LOADS] =
            (struct breach_load){.load = load, .who = who};
    }
}

/* The one that goes on, or is to come. */
static struct breach_found *breach_last(struct breach_part *b)
{
    return &b->list[b->n];
}

/* What most windows of the run broke; of several the first of the rules. */
static void breach_cause(struct breach_part *b)
{
    struct breach_found *f = breach_last(b);
    size_t counts[BREACH_KINDS] = {0}, most = b->n_rules, over, i, k;

    for (k = 0; k <= b->n_rules; k++) {
        for (i = b->n_past - b->n_run; i < b->n_past; i++) {
            counts[k] += b->past[i].broke[k];
        }
        if (k < b->n_rules && breach_together(b, &b->rules[k], &over)) {
            counts[k] = over;
        }
    }
    for (k = b->n_rules; k-- > 0;) {
        most = counts[k] >= counts[most] ? k : most;
    }
    b->kind = most;
    f->rule = most < b->n_rules ? b->number[most] : -1;
    f->by = most == b->n_rules               ? BREACH_THROUGHPUT
            : b->rules[most].percentile >= 0 ? BREACH_LATENCY
                                             : BREACH_ERRORS;
    f->worst = f->by == BREACH_THROUGHPUT ? 1 : 0;
}

/* Adds a bad window's figures. */
static void breach_evidence(struct breach_part *b,
                            const struct breach_window *w)
{
    struct breach_found *f = breach_last(b);
    size_t k = b->kind;

    f->end_us = w->end_us;
    f->suspect = f->suspect || w->suspect;
    if (w->out_since_us <= f->start_us + f->grain_us) {
        f->out_us = w->end_us;
    }
    f->passing = breach_of_names(f);
    if (!w->broke[k]) {
        return;
    }
    switch (f->by) {
    case BREACH_LATENCY:
        f->worst_us = w->worst[k] > (double)f->worst_us ? (uint64_t)w->worst[k]
                                                        : f->worst_us;
        return;
    case BREACH_ERRORS:
        f->worst = fmax(f->worst, w->worst[k]);
        return;
    case BREACH_THROUGHPUT:
        f->worst = fmin(f->worst, w->worst[k]);
        return;
    }
    MUST(!"a cause");
}

/* It is back before its load had held again: the one before did not pass. */
static void breach_is_back(struct breach_part *b)
{
    const struct breach_found *f = breach_last(b);
    struct breach_found *was = b->n > 0 ? &b->list[b->n - 1] : NULL;

    if (was != NULL && !f->held && was->who == f->who &&
        was->high > f->high - 0.5) {
        was->passing = false;
    }
}

static void breach_take(struct breach_part *b)
{
    struct breach_found *f = breach_last(b);
    size_t start, i;

    b->is = true;
    *f = (struct breach_found){.end_us = 0};
    breach_cause(b);
    start = breach_start(b, b->kind);
    f->start_us = b->past[start].start_us;
    f->grain_us = b->past[start].active_us;
    breach_place(b, start, b->kind, f);
    breach_calm(b, start, f);
    f->held = breach_held_before(b, start, f->high);
    b->again = breach_went_on(b, start, f->high);
    breach_is_back(b);
    b->since_us = 0;
    for (i = start; i < b->n_past; i++) {
        b->since_us += b->past[i].active_us;
        if (b->past[i].bad) {
            breach_evidence(b, &b->past[i]);
            f->lasted_us += b->since_us;
            b->since_us = 0;
        }
    }
}

/* A run begins with a bad window, or is none. */
static void breach_shift(struct breach_part *b)
{
    while (b->n_run > 0) {
        b->n_run--;
        if (b->n_run > 0 && b->past[b->n_past - b->n_run].bad) {
            return;
        }
    }
}

static void breach_keep(struct breach_part *b, const struct breach_window *w)
{
    if (b->n_past == BREACH_PAST) {
        if (b->n_run == BREACH_PAST) {
            breach_shift(b);
        }
        b->n_past--;
        memmove(&b->past[0], &b->past[1], b->n_past * sizeof b->past[0]);
    }
    b->past[b->n_past++] = *w;
    if (w->bad || b->n_run > 0) {
        b->n_run++;
    }
}

/* Enough of its windows are bad. */
static bool breach_holds(const struct breach_part *b, size_t bad)
{
    bool holds = (double)bad >= BREACH_SHARE * (double)b->n_run;
    size_t over, i;

    for (i = 0; i < b->n_rules && !holds; i++) {
        holds = breach_together(b, &b->rules[i], &over);
    }
    return holds;
}

/* How the run stands: too few of them bad, long enough, or neither. */
static void breach_run(struct breach_part *b)
{
    while (b->n_run > 0) {
        uint64_t active_us = 0;
        size_t bad = 0, i;

        for (i = b->n_past - b->n_run; i < b->n_past; i++) {
            bad += b->past[i].bad;
            active_us += b->past[i].active_us;
        }
        if (breach_holds(b, bad)) {
            if (b->past[b->n_past - 1].bad &&
                b->n_run >= BREACH_LEAST_WINDOWS &&
                active_us >= BREACH_LEAST_US) {
                breach_take(b);
            }
            return;
        }
        breach_shift(b);
    }
}

/* Of too many the one at the most load goes, never the first. */
static void breach_drop(struct breach_part *b)
{
    size_t most = 1, i;

    for (i = 2; i < b->n; i++) {
        most = b->list[i].high >= b->list[most].high ? i : most;
    }
    b->n--;
    memmove(&b->list[most], &b->list[most + 1],
            (b->n - most) * sizeof b->list[0]);
}

/* Another one passed by itself at so much load: it is no different. */
static bool breach_came_before(const struct breach_part *b,
                               const struct breach_found *f)
{
    size_t i;

    for (i = 0; i < b->n; i++) {
        if (b->list[i].passing && b->list[i].who == f->who &&
            b->list[i].high > f->high - 0.5) {
            return true;
        }
    }
    return false;
}

/* It is over: the next one has a past of its own. */
static void breach_over(struct breach_part *b, bool again)
{
    struct breach_found *f = breach_last(b);

    f->over = true;
    f->passing =
        breach_of_names(f) || (f->held && (again || breach_came_before(b, f)));
    b->n++;
    if (b->n > BREACH_MAX) {
        breach_drop(b);
    }
    b->is = false;
    b->n_past = b->n_run = b->row = 0;
}

/* What it broke is kept, as far as the window tells: one that is beyond by
 * little is neither good nor bad. */
static bool breach_within(const struct breach_part *b,
                          const struct breach_window *w)
{
    return !w->bad && (b->kind == b->n_rules ||
                       w->worst[b->kind] <= b->rules[b->kind].limit);
}

static void breach_go(struct breach_part *b, const struct breach_window *w)
{
    b->since_us += w->active_us;
    if (!w->bad) {
        b->row += breach_within(b, w);
        if (b->row == BREACH_GOOD) {
            breach_over(b, b->again);
        }
        return;
    }
    b->row = 0;
    breach_last(b)->lasted_us += b->since_us;
    b->since_us = 0;
    breach_evidence(b, w);
}

/* It is bad for what was before it. */
static bool breach_after(struct breach_part *b, const struct breach_window *w)
{
    bool after = w->bad && b->after_us > 0;

    b->after_us =
        !w->bad || b->after_us < w->active_us ? 0 : b->after_us - w->active_us;
    return after;
}

static void breach_close(struct breach_part *b)
{
    struct breach_window *w = &b->open;

    if (!b->any) {
        return;
    }
    b->any = false;
    if (b->n_of == 0 && (b->part > 0 || b->in_flight == 0)) {
        return; /* nothing was asked: nothing is known */
    }
    b->seen = true;
    breach_judge(b, w);
    if (b->n_of > 0) {
        b->rate = (double)b->n_of * 1e6 / (double)w->active_us;
    }
    if (breach_after(b, w)) {
        return;
    }
    if (b->is) {
        breach_go(b, w);
        return;
    }
    breach_keep(b, w);
    if (!w->bad) {
        breach_good(b, w->who, breach_held(b, b->n_past - 1));
    }
    breach_run(b);
}

/* What was before it says nothing of what comes after it. */
static void breach_down(struct breach_part *b)
{
    breach_close(b);
    b->n_run = 0;
    b->after_us = BREACH_AFTER_US;
}

/* It goes on as it was: a ramp, or one level. */
static bool breach_goes_on(const struct breach_part *b, const struct moment *x)
{
    return b->open.ramp == !x->still && b->open.who == x->who &&
           (!x->still || fabs(b->load - x->load) < 0.5);
}

/* What a window is made of, at its first moment. */
static void breach_open(struct breach_part *b, const struct moment *x)
{
    b->open = (struct breach_window){
        .start_us = x->start_us,
        .ramp = !x->still,
        .out_since_us = UINT64_MAX,
        .who = x->who,
        .from = x->still || b->who != x->who ? x->load : b->load};
    histo_clear(b->good);
    b->requests = b->n_of = b->n_bad = b->begun = 0;
    b->n_good = b->good_us = 0;
    b->due = 0;
    b->any = true;
}

static void breach_add(struct breach_part *b, const struct moment *x)
{
    struct sifted of = moment_part(x, b->part);
    struct breach_window *w = &b->open;

    w->end_us = x->end_us;
    w->active_us += x->active_us;
    w->load = x->load;
    w->suspect = w->suspect || x->suspect;
    w->out_since_us = x->out && x->out_since_us < w->out_since_us
                          ? x->out_since_us
                          : w->out_since_us;
    histo_merge(b->good, of.good);
    b->n_of += of.n;
    b->n_bad += of.bad;
    b->requests += x->requests;
    b->n_good += histo_count(x->good);
    b->good_us += histo_sum(x->good);
    b->begun += x->begun;
    b->due += x->due;
    b->in_flight = x->in_flight;
}

/* Is so much still asked for as when it began? A pause relieves the service,
 * and so does its own fall. */
static void breach_relieved(struct breach_part *b, const struct moment *x)
{
    const struct breach_found *f = breach_last(b);

    if (b->is && (x->active_us == 0 || x->down || x->way || x->who != f->who ||
                  x->load <= f->high - 0.5)) {
        b->again = false;
    }
}

void breach_part_feed(struct breach_part *b, const struct moment *x)
{
    double rate;

    breach_relieved(b, x);
    if (x->active_us == 0) {
        return;
    }
    if (x->down) {
        breach_down(b);
    } else if (x->way || (b->any && !breach_goes_on(b, x))) {
        breach_close(b);
    }
    if (!x->down && !x->way) {
        if (!b->any) {
            breach_open(b, x);
        }
        breach_add(b, x);
    }
    b->load = x->load;
    b->who = x->who;
    if (!b->any) {
        return;
    }
    rate = fmax(b->rate, (double)b->n_of * 1e6 / (double)b->open.active_us);
    if (b->open.active_us + b->open.active_us / 10 >= binom_window_us(rate)) {
        breach_close(b);
    }
}

void breach_part_end(struct breach_part *b)
{
    breach_close(b);
    if (b->is) {
        breach_over(b, false);
    }
}

double breach_part_good(const struct breach_part *b)
{
    size_t n = b->n_loads < BREACH_LOADS ? b->n_loads : BREACH_LOADS, i;
    double most = 0;

    for (i = 0; i < n; i++) {
        most = fmax(most, b->loads[i].load);
    }
    return most;
}
