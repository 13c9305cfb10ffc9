/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/breach.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/xalloc.h"
#include "insight/binom.h"

#define BREACH_REQUESTS  60
#define BREACH_LATENCY_Q 0.95
#define BREACH_ERRORS_Q  0.999
#define BREACH_HELD      0.9
#define BREACH_BEGUN     0.95 /* of what was due */
/* Iterations that the count may be off by at a window's edges. */
#define BREACH_EDGE 2
/* Good ones behind each other that end it. */
#define BREACH_GOOD 3
/* Windows that are kept: a run that is not yet long enough, and what was before
 * it. */
#define BREACH_PAST 64
/* Loads that were good, each another than the one before. */
#define BREACH_LOADS 128
/* Active time after an outage in which a bad window is of that. */
#define BREACH_AFTER_US (30 * UINT64_C(1000000))
/* Kinds of a window's breaks: each rule, and throughput. */
#define BREACH_KINDS (PLATEAUS_RULES_MAX + 1)

struct breach_window {
    uint64_t start_us, end_us, active_us;
    double from, load; /* load at its start and its end */
    double mean_us;    /* of its responses */
    bool ramp, bad, suspect;
    uint64_t requests;
    bool broke[BREACH_KINDS];
    bool clear[BREACH_KINDS];   /* not by chance below the limit */
    double worst[BREACH_KINDS]; /* µs, shares */
};

struct breach {
    struct plateau_rule rules[PLATEAUS_RULES_MAX];
    size_t n_rules;
    struct breach_window open; /* what is being filled */
    struct histo *good;        /* owned; of open */
    uint64_t requests, failed, begun;
    double due;
    uint32_t in_flight;
    bool any;                   /* something is in open */
    double rate;                /* requests a second of the window before */
    double load;                /* of the moment before */
    double loads[BREACH_LOADS]; /* good ones, a ring */
    size_t n_loads;
    struct breach_window past[BREACH_PAST]; /* oldest first */
    size_t n_past;
    size_t n_run; /* the last of them that may be a breach: from a bad one */
    uint64_t after_us; /* left of what comes of an outage */
    bool is;           /* found */
    size_t row;        /* good windows behind each other since */
    uint64_t since_us; /* active time since its last bad one ended */
    struct breach_found found;
};

const char *breach_by_name(enum breach_by by)
{
    static const char *const names[] = {
        [BREACH_LATENCY] = "latency",
        [BREACH_ERRORS] = "errors",
        [BREACH_THROUGHPUT] = "throughput",
    };

    return names[by];
}

struct breach *breach_new(const struct plateau_rule *rules, size_t n_rules)
{
    struct breach *b = xcalloc(1, sizeof *b);

    b->n_rules = n_rules < PLATEAUS_RULES_MAX ? n_rules : PLATEAUS_RULES_MAX;
    if (b->n_rules > 0) {
        memcpy(b->rules, rules, b->n_rules * sizeof *rules);
    }
    b->good = histo_new();
    return b;
}

void breach_free(struct breach **b)
{
    if (*b == NULL) {
        return;
    }
    histo_free(&(*b)->good);
    free(*b);
    *b = NULL;
}

static uint64_t breach_window_us(double rate)
{
    static const unsigned sizes[] = {1, 2, 5, 10, 15, 30};
    size_t i = 0;

    while (i + 1 < sizeof sizes / sizeof sizes[0] &&
           rate * sizes[i] < BREACH_REQUESTS) {
        i++;
    }
    return sizes[i] * UINT64_C(1000000);
}

/* A share of n may be p: is k more than chance explains, or less? At few
 * requests no failure at all is as few as there can be. */
static void breach_count(struct breach_window *w, size_t rule, uint64_t k,
                         uint64_t n, double p, double q)
{
    w->broke[rule] = k > binom_quantile(n, p, q);
    w->clear[rule] = k < binom_quantile(n, p, 1 - BREACH_LATENCY_Q);
}

static void breach_judge(const struct breach *b, struct breach_window *w)
{
    uint64_t n = histo_count(b->good);
    bool silent = b->requests == 0 && b->in_flight > 0;
    size_t t = b->n_rules, i;

    for (i = 0; i < b->n_rules; i++) {
        const struct plateau_rule *r = &b->rules[i];

        if (r->percentile >= 0) {
            breach_count(w, i, histo_count_above(b->good, num_whole(r->limit)),
                         n, 1 - r->percentile / 100, BREACH_LATENCY_Q);
            w->worst[i] = (double)histo_percentile(b->good, r->percentile);
        } else {
            breach_count(w, i, b->failed, b->requests, r->limit,
                         BREACH_ERRORS_Q);
            w->clear[i] = w->clear[i] || b->failed == 0;
            w->worst[i] =
                b->requests > 0 ? (double)b->failed / (double)b->requests : 0;
        }
        w->bad = w->bad || w->broke[i];
    }
    w->broke[t] =
        silent || (double)(b->begun + BREACH_EDGE) < BREACH_BEGUN * b->due;
    w->clear[t] = !w->broke[t];
    w->worst[t] = silent ? 0 : b->due > 0 ? (double)b->begun / b->due : 1;
    w->bad = w->bad || w->broke[t];
    w->requests = b->requests;
    w->mean_us = histo_mean(b->good);
}

/* The most load that was good and is less. */
static double breach_below(const struct breach *b, double load)
{
    size_t n = b->n_loads < BREACH_LOADS ? b->n_loads : BREACH_LOADS, i;
    double most = 0;

    for (i = 0; i < n; i++) {
        if (b->loads[i] < load - 0.5 && b->loads[i] > most) {
            most = b->loads[i];
        }
    }
    return most;
}

/* The load that window i says something about. What overload does takes its
 * time: where it rose by more than a tenth in ten seconds, that is the least of
 * these. */
static double breach_held(const struct breach *b, size_t i)
{
    double load = b->past[i].load, least = load;
    uint64_t us = 0;

    for (i++; i-- > 0 && us < BREACH_LEAST_US; us += b->past[i].active_us) {
        least = fmin(least, fmin(b->past[i].from, b->past[i].load));
    }
    return least < BREACH_HELD * load ? least : load;
}

static void breach_good(struct breach *b, double load)
{
    double last =
        b->n_loads > 0 ? b->loads[(b->n_loads - 1) % BREACH_LOADS] : -1;

    if (fabs(last - load) >= 0.5) {
        b->loads[b->n_loads++ % BREACH_LOADS] = load;
    }
}

/* What most windows of the run broke; of several the first of the rules. */
static void breach_cause(struct breach *b)
{
    size_t counts[BREACH_KINDS] = {0}, most = b->n_rules, i, k;

    for (k = 0; k <= b->n_rules; k++) {
        for (i = b->n_past - b->n_run; i < b->n_past; i++) {
            counts[k] += b->past[i].broke[k];
        }
    }
    for (k = b->n_rules; k-- > 0;) {
        most = counts[k] >= counts[most] ? k : most;
    }
    b->found.rule = most < b->n_rules ? (int)most : -1;
    b->found.by = most == b->n_rules               ? BREACH_THROUGHPUT
                  : b->rules[most].percentile >= 0 ? BREACH_LATENCY
                                                   : BREACH_ERRORS;
    b->found.worst = b->found.by == BREACH_THROUGHPUT ? 1 : 0;
}

/* Adds a bad window's figures. */
static void breach_evidence(struct breach *b, const struct breach_window *w)
{
    struct breach_found *f = &b->found;
    size_t k = f->rule >= 0 ? (size_t)f->rule : b->n_rules;

    f->end_us = w->end_us;
    f->suspect = f->suspect || w->suspect;
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

/* In a ramp, windows near the limit are bad by chance and good by chance: it
 * begins with the first bad one after the last that was clearly good. Where
 * that is, in past. */
static size_t breach_start(const struct breach *b, size_t rule)
{
    size_t start = b->n_past - b->n_run, i = start;

    while (i > 0 && b->past[i - 1].ramp && !b->past[i - 1].clear[rule]) {
        i--;
        start = b->past[i].broke[rule] ? i : start;
    }
    return start;
}

/* The last load before it that was good, and clearly so in a ramp. */
static double breach_before(const struct breach *b, size_t start, size_t rule)
{
    size_t i = start;

    while (i > 0 && b->past[i - 1].ramp) {
        i--;
        if (b->past[i].clear[rule]) {
            return fmin(breach_held(b, i), b->past[start].from);
        }
    }
    return breach_below(b, b->past[start].load);
}

/* Between which loads: see the head of the header. */
static void breach_place(struct breach *b, size_t start, size_t rule)
{
    const struct breach_window *w = &b->past[start];
    struct breach_found *f = &b->found;
    double v = w->ramp ? (w->load - w->from) / (double)w->active_us : 0;

    f->ramp = v > 0;
    f->high = v < 0 ? w->from : w->load;
    f->low = v > 0 ? breach_before(b, start, rule) : breach_below(b, f->high);
    if (v > 0) {
        double low = w->from - v * ((double)w->active_us + 2 * w->mean_us);

        f->low = fmax(fmin(f->low, low), 0);
    }
}

/* Requests a second of the good windows before, of 10 s at most, and of one
 * level where there are any. */
static void breach_calm(struct breach *b, size_t start)
{
    uint64_t us = 0, requests = 0;
    double load = -1;
    size_t i = start;

    while (i-- > 0 && us < BREACH_LEAST_US) {
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
    b->found.rps = us > 0 ? (double)requests * 1e6 / (double)us : 0;
    b->found.rps_us = us;
}

static void breach_take(struct breach *b)
{
    size_t start, rule, i;

    b->is = true;
    b->found = (struct breach_found){.end_us = 0};
    breach_cause(b);
    rule = b->found.rule >= 0 ? (size_t)b->found.rule : b->n_rules;
    start = breach_start(b, rule);
    b->found.start_us = b->past[start].start_us;
    breach_place(b, start, rule);
    breach_calm(b, start);
    b->since_us = 0;
    for (i = start; i < b->n_past; i++) {
        b->since_us += b->past[i].active_us;
        if (b->past[i].bad) {
            breach_evidence(b, &b->past[i]);
            b->found.lasted_us += b->since_us;
            b->since_us = 0;
        }
    }
}

/* A run begins with a bad window, or is none. */
static void breach_shift(struct breach *b)
{
    while (b->n_run > 0) {
        b->n_run--;
        if (b->n_run > 0 && b->past[b->n_past - b->n_run].bad) {
            return;
        }
    }
}

static void breach_keep(struct breach *b, const struct breach_window *w)
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

/* How the run stands: too few of them bad, long enough, or neither. */
static void breach_run(struct breach *b)
{
    while (b->n_run > 0) {
        uint64_t active_us = 0;
        size_t bad = 0, i;

        for (i = b->n_past - b->n_run; i < b->n_past; i++) {
            bad += b->past[i].bad;
            active_us += b->past[i].active_us;
        }
        if ((double)bad >= BREACH_SHARE * (double)b->n_run) {
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

static void breach_go(struct breach *b, const struct breach_window *w)
{
    b->since_us += w->active_us;
    if (!w->bad) {
        b->found.over = ++b->row == BREACH_GOOD;
        return;
    }
    b->row = 0;
    b->found.lasted_us += b->since_us;
    b->since_us = 0;
    breach_evidence(b, w);
}

/* It is bad for what was before it. */
static bool breach_after(struct breach *b, const struct breach_window *w)
{
    bool after = w->bad && b->after_us > 0;

    b->after_us =
        !w->bad || b->after_us < w->active_us ? 0 : b->after_us - w->active_us;
    return after;
}

static void breach_close(struct breach *b)
{
    struct breach_window *w = &b->open;

    if (!b->any) {
        return;
    }
    b->any = false;
    if (b->requests == 0 && b->in_flight == 0) {
        return; /* nothing was asked: nothing is known */
    }
    breach_judge(b, w);
    if (b->requests > 0) {
        b->rate = (double)b->requests * 1e6 / (double)w->active_us;
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
        breach_good(b, breach_held(b, b->n_past - 1));
    }
    breach_run(b);
}

/* What was before it says nothing of what comes after it. */
static void breach_down(struct breach *b)
{
    breach_close(b);
    b->n_run = 0;
    b->after_us = BREACH_AFTER_US;
}

/* It goes on as it was: a ramp, or one level. */
static bool breach_goes_on(const struct breach *b, const struct moment *x)
{
    return b->open.ramp == !x->still &&
           (!x->still || fabs(b->load - x->load) < 0.5);
}

void breach_feed(struct breach *b, const struct moment *x)
{
    struct breach_window *w = &b->open;
    double rate;

    if (x->active_us == 0 || b->found.over) {
        return;
    }
    if (x->down) {
        breach_down(b);
        b->load = x->load;
        return;
    }
    if (b->any && !breach_goes_on(b, x)) {
        breach_close(b);
    }
    if (!b->any) {
        *w = (struct breach_window){.start_us = x->start_us,
                                    .ramp = !x->still,
                                    .from = x->still ? x->load : b->load};
        histo_clear(b->good);
        b->requests = b->failed = b->begun = 0;
        b->due = 0;
        b->any = true;
    }
    w->end_us = x->end_us;
    w->active_us += x->active_us;
    w->load = b->load = x->load;
    w->suspect = w->suspect || x->suspect;
    histo_merge(b->good, x->good);
    b->requests += x->requests;
    b->failed += x->failed;
    b->begun += x->begun;
    b->due += x->due;
    b->in_flight = x->in_flight;
    rate = fmax(b->rate, (double)b->requests * 1e6 / (double)w->active_us);
    if (w->active_us + w->active_us / 10 >= breach_window_us(rate)) {
        breach_close(b);
    }
}

void breach_end(struct breach *b)
{
    breach_close(b);
    b->found.over = b->is;
}

const struct breach_found *breach_found(const struct breach *b)
{
    return b->is ? &b->found : NULL;
}

double breach_good_load(const struct breach *b)
{
    return breach_below(b, HUGE_VAL);
}
