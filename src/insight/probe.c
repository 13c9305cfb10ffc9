/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/probe.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "insight/probe_internal.h"

#define PROBE_SEC UINT64_C(1000000)
/* Blocks of settling: what they last, what they have to hold, and how far two
 * neighbours may differ. */
#define PROBE_BLOCK_US     (5 * PROBE_SEC)
#define PROBE_BLOCK_MAX_US (10 * PROBE_SEC)
#define PROBE_QUICK_US     (3 * PROBE_SEC) /* where a quick one is wanted */
#define PROBE_BLOCK_COUNT  60
#define PROBE_ALIKE        0.10
/* What is far beyond so soon may only be new. */
#define PROBE_NEW_US (8 * PROBE_SEC)
/* Clear is what so many standard errors say, after so long. */
#define PROBE_CLEAR_Z  3.0
#define PROBE_CLEAR_US (10 * PROBE_SEC)
/* 95 % on one side. */
#define PROBE_Z 1.645

const char *probe_reason_name(enum probe_reason r)
{
    switch (r) {
    case PROBE_LATENCY:
        return "latency";
    case PROBE_ERRORS:
        return "errors";
    case PROBE_THROUGHPUT:
        return "throughput";
    case PROBE_SATURATED:
        return "saturated";
    case PROBE_GENERATOR:
        return "generator";
    }
    MUST(!"a reason");
    return "";
}

struct probe *probe_new(const struct rule *rules, size_t n_rules)
{
    struct probe *p = xcalloc(1, sizeof *p);
    size_t i;

    MUST(n_rules >= 1);
    p->n_rules = n_rules < RULES_MAX ? n_rules : RULES_MAX;
    memcpy(p->rules, rules, p->n_rules * sizeof *rules);
    for (i = 0; i < p->n_rules; i++) {
        MUST(p->rules[i].part <= RULES_MAX);
        p->out[i] = p->rules[i].percentile >= 100;
    }
    probe_times_new(p, &p->good);
    for (i = 0; i < PROBE_BLOCKS; i++) {
        probe_times_new(p, &p->blocks[i].good);
    }
    return p;
}

void probe_free(struct probe **p)
{
    size_t i;

    if (*p == NULL) {
        return;
    }
    probe_times_free(&(*p)->good);
    for (i = 0; i < PROBE_BLOCKS; i++) {
        probe_times_free(&(*p)->blocks[i].good);
    }
    free(*p);
    *p = NULL;
}

void probe_leave_out(struct probe *p, size_t rule)
{
    MUST(rule < p->n_rules);
    p->out[rule] = true;
}

void probe_mark(struct probe *p, size_t rule, unsigned marks)
{
    MUST(rule < p->n_rules);
    p->marks[rule] |= marks;
}

static void probe_open_block(struct probe *p)
{
    struct probe_block *b = &p->blocks[p->n_blocks++];

    probe_times_clear(&b->good);
    b->from = p->n;
    b->n = 0;
    b->active_us = 0;
}

void probe_begin(struct probe *p, uint64_t measure_us, bool may_double)
{
    p->measure_us = measure_us;
    p->may_double = may_double;
    p->state = PROBE_SETTLING;
    p->n = p->n_blocks = p->from = 0;
    p->since_us = p->measured_us = 0;
    p->open = false;
    p->easy = true;
    p->fault[0] = '\0';
    probe_times_clear(&p->good);
    memset(&p->report, 0, sizeof p->report);
    p->report.rule = p->report.without = p->value_rule = -1;
    probe_open_block(p);
}

static void probe_keep(struct probe *p, const struct moment *x,
                       const char *fault)
{
    struct probe_second *s = &p->seconds[p->n++];

    *s = (struct probe_second){.active_us = x->active_us,
                               .requests = (uint32_t)x->requests,
                               .failed = (uint32_t)x->failed,
                               .in_flight = x->in_flight,
                               .due = x->due,
                               .begun = (double)x->begun,
                               .dropped = (double)x->dropped,
                               .fault = fault != NULL};
    probe_count(p, s, x);
    if (fault != NULL) {
        snprintf(p->fault, sizeof p->fault, "%s", fault);
    }
    p->open = p->open || x->open;
    p->load = x->load;
    p->since_us += x->active_us;
}

/* How long the open block has to be, by what is in it. */
static uint64_t probe_block_us(const struct probe *p,
                               const struct probe_block *b)
{
    uint64_t least = p->measure_us <= PROBE_MEASURE_QUICK_US ? PROBE_QUICK_US
                                                             : PROBE_BLOCK_US;
    const struct histo *all = b->good.of[0];
    double us = 2 * histo_mean(all), n = (double)histo_count(all);

    if (n > 0 && p->easy) {
        /* as short as it goes */
    } else if (n > 0) {
        us = fmax(us, PROBE_BLOCK_COUNT / n * (double)b->active_us);
    } else {
        us = (double)PROBE_BLOCK_MAX_US;
    }
    us = fmax(us, (double)least);
    return us < (double)PROBE_BLOCK_MAX_US ? (uint64_t)us : PROBE_BLOCK_MAX_US;
}

/* Mean of requests in flight, and its standard error. */
static double probe_flight(const struct probe *p, const struct probe_block *b,
                           double *error)
{
    double sum = 0, squares = 0, mean;
    size_t i;

    for (i = b->from; i < b->from + b->n; i++) {
        sum += p->seconds[i].in_flight;
        squares += p->seconds[i].in_flight * p->seconds[i].in_flight;
    }
    mean = sum / (double)b->n;
    *error = sqrt(fmax(squares / (double)b->n - mean * mean, 0) / (double)b->n);
    return mean;
}

/* Two neighbours differ by no more than a tenth, and what chance does. */
static bool probe_alike(const struct probe *p, const struct probe_block *a,
                        const struct probe_block *b)
{
    const struct histo *all_a = a->good.of[0], *all_b = b->good.of[0];
    double n = fmin((double)histo_count(all_a), (double)histo_count(all_b));
    double p50a = (double)histo_percentile(all_a, 50);
    double p50b = (double)histo_percentile(all_b, 50);
    double ea, eb, fa = probe_flight(p, a, &ea), fb = probe_flight(p, b, &eb);

    if (n < 1) {
        return false;
    }
    return (p->easy || fabs(log(fmax(p50b, 1)) - log(fmax(p50a, 1))) <
                           PROBE_ALIKE + 1 / sqrt(n)) &&
           fabs(fb - fa) < PROBE_ALIKE * fmax(fa, 1) + 2 * hypot(ea, eb);
}

static void probe_measure_from(struct probe *p, size_t block, bool steady)
{
    size_t i;

    p->state = PROBE_MEASURING;
    p->from = p->blocks[block].from;
    p->measured_us = 0;
    for (i = block; i < p->n_blocks; i++) {
        probe_times_join(&p->good, &p->blocks[i].good);
        p->measured_us += p->blocks[i].active_us;
    }
    p->report.steady = steady;
    p->report.settle_us = p->since_us - p->measured_us;
}

/* The open block has its time: are the last ones alike? */
static void probe_close_block(struct probe *p)
{
    size_t n = p->n_blocks;
    struct probe_block first;

    if (n >= PROBE_BLOCKS &&
        probe_alike(p, &p->blocks[n - 3], &p->blocks[n - 2]) &&
        probe_alike(p, &p->blocks[n - 2], &p->blocks[n - 1])) {
        probe_measure_from(p, n - 2, true);
        return;
    }
    if (n == PROBE_BLOCKS) {
        first = p->blocks[0];
        memmove(&p->blocks[0], &p->blocks[1],
                (PROBE_BLOCKS - 1) * sizeof p->blocks[0]);
        p->blocks[PROBE_BLOCKS - 1] = first;
        p->n_blocks--;
    }
    probe_open_block(p);
}

/* In vain: either it grows, or it is as it is. */
static void probe_unsettled(struct probe *p)
{
    size_t last = p->n_blocks - (p->n_blocks > 1 ? 2 : 1);

    if (probe_grows(p, p->n / 4)) {
        probe_measure_from(p, last, false);
        probe_break(p, PROBE_SATURATED, -1);
        return;
    }
    probe_measure_from(p, last, false);
}

static void probe_settle(struct probe *p, const struct moment *x)
{
    struct probe_block *b = &p->blocks[p->n_blocks - 1];

    probe_times_add(&b->good, x);
    b->active_us += x->active_us;
    b->n++;
    /* A tick more or less does not make another second. */
    if (b->active_us + PROBE_SEC / 10 >= probe_block_us(p, b)) {
        probe_close_block(p);
    }
    if (p->state == PROBE_SETTLING && p->since_us >= PROBE_SETTLE_US) {
        probe_unsettled(p);
    }
}

static void probe_measure(struct probe *p, const struct moment *x)
{
    probe_times_add(&p->good, x);
    p->measured_us += x->active_us;
}

/* Longer ones are there to be sure: they are not cut short. */
static bool probe_early(const struct probe *p)
{
    uint64_t least = p->measure_us <= PROBE_MEASURE_QUICK_US
                         ? 2 * PROBE_QUICK_US
                         : PROBE_CLEAR_US;

    return p->measure_us < PROBE_MEASURE_LONG_US &&
           p->measured_us + PROBE_SEC / 10 >= least;
}

static void probe_judge(struct probe *p)
{
    bool full = p->n == PROBE_SECONDS_MAX;

    if (p->measured_us + PROBE_SEC / 10 < p->measure_us && !full) {
        if (probe_early(p) && probe_decide(p, PROBE_CLEAR_Z)) {
            p->state = PROBE_DECIDED;
        }
        return;
    }
    probe_waited(p);
    if (probe_decide(p, PROBE_Z) || !p->may_double || full) {
        p->state = PROBE_DECIDED;
        return;
    }
    p->measure_us *= 2;
    p->may_double = false;
}

static void probe_abort(struct probe *p, int rule)
{
    bool silent = (size_t)rule == p->n_rules;

    if (p->state == PROBE_SETTLING) {
        size_t last = p->n_blocks - 1;

        /* One that was opened just now has nothing yet. */
        last -= last > 0 && p->blocks[last].n == 0 ? 1 : 0;
        probe_measure_from(p, last, false);
    }
    p->report.aborted = true;
    probe_break(p,
                silent                           ? PROBE_THROUGHPUT
                : p->rules[rule].percentile >= 0 ? PROBE_LATENCY
                                                 : PROBE_ERRORS,
                silent ? -1 : rule);
}

bool probe_feed(struct probe *p, const struct moment *x, const char *fault)
{
    int far;

    if (p->state == PROBE_DECIDED || x->active_us == 0) {
        return p->state != PROBE_DECIDED;
    }
    MUST(p->n < PROBE_SECONDS_MAX);
    probe_keep(p, x, fault);
    if (p->state == PROBE_SETTLING) {
        probe_settle(p, x);
    } else {
        probe_measure(p, x);
    }
    far = p->since_us >= PROBE_NEW_US ? probe_far(p) : -1;
    if (p->state != PROBE_DECIDED && far >= 0 && fault == NULL) {
        probe_abort(p, far);
    } else if (p->state == PROBE_MEASURING) {
        probe_judge(p);
    }
    if (p->state == PROBE_DECIDED) {
        probe_remember(p);
    }
    return p->state != PROBE_DECIDED;
}

enum probe_state probe_state(const struct probe *p)
{
    return p->state;
}

void probe_passed(const struct probe *p, uint64_t *since_us,
                  uint64_t *measured_us)
{
    *since_us = p->since_us;
    *measured_us = p->measured_us;
}

uint64_t probe_measure_us(const struct probe *p)
{
    return p->measure_us;
}

const struct probe_report *probe_report(const struct probe *p)
{
    MUST(p->state == PROBE_DECIDED);
    return &p->report;
}

int probe_value_rule(const struct probe *p)
{
    MUST(p->state == PROBE_DECIDED);
    return p->value_rule;
}
