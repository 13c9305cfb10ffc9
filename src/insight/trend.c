/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/trend.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "insight/changes.h"
#include "insight/student.h"
#include "insight/trend_internal.h"
#include "insight/warmup.h"

/* |z| of growth that is no chance: 1 % two-sided. Below, of what is left in
 * neighbours, blocks count as independent; below the other they may still be
 * believed. */
#define TREND_Z_ALARM    2.58
#define TREND_Z_HALF     1.645 /* of one half: 5 %, one-sided */
#define TREND_LAG_DOUBLE 0.2
#define TREND_LAG_ALARM  0.35
/* What may hide in noise and is still called stable, in floors. */
#define TREND_HIDDEN 2.0
/* A fall of so much of the whole range is a garbage collection. */
#define TREND_FALL 0.25
/* Half of the run in so many pieces says how it ends, for the warm-up. */
#define TREND_PIECES 20
/* The whole in so many says whether it went in one step. */
#define TREND_STEP_PIECES 40
/* What begins with less than so many cells is held against as many. */
#define TREND_WARM_CELLS 6

/* The standard error of a median, in those of a mean. */
#define TREND_MEDIAN_SE 1.2533

/* The cells in which something was seen. */
struct trend_work {
    const struct trend_rule *rule;
    double *at, *v, *weight, *scratch; /* owned */
    size_t n;
    size_t from; /* the first after the warm-up */
    double cell_s;
};

struct trend_blocks {
    double t[TREND_BLOCKS_MAX], x[TREND_BLOCKS_MAX];
    size_t n;
};

const char *trend_state_name(enum trend_state s)
{
    switch (s) {
    case TREND_SHORT:
        return "too_short";
    case TREND_UNSETTLED:
        return "unsettled";
    case TREND_UNSURE:
        return "unsure";
    case TREND_STABLE:
        return "stable";
    case TREND_GROWING:
        return "growing";
    case TREND_FALLING:
        return "falling";
    case TREND_STEPPED_UP:
        return "stepped_up";
    case TREND_STEPPED_DOWN:
        return "stepped_down";
    case TREND_SETTLING:
        break;
    }
    return "settling";
}

static void work_open(struct trend_work *w, const struct trend_cells *c,
                      const struct trend_rule *rule)
{
    size_t i;

    *w = (struct trend_work){.rule = rule, .cell_s = c->cell_s};
    w->at = xcalloc(c->n + 1, sizeof *w->at);
    w->v = xcalloc(c->n + 1, sizeof *w->v);
    w->weight = xcalloc(c->n + 1, sizeof *w->weight);
    w->scratch = xcalloc(c->n + 1, sizeof *w->scratch);
    for (i = 0; i < c->n; i++) {
        if (!isfinite(c->x[i])) {
            continue;
        }
        w->at[w->n] = c->at_s[i];
        w->v[w->n] = c->x[i];
        w->weight[w->n++] = c->weight[i];
    }
}

static void work_close(struct trend_work *w)
{
    free(w->at);
    free(w->v);
    free(w->weight);
    free(w->scratch);
}

/* Of the cells from..to (to excluded), at least one. *t is the block's middle;
 * of a minimum it becomes when that was. */
static double work_block(struct trend_work *w, size_t from, size_t to,
                         double *t)
{
    double sum = 0, weight = 0;
    size_t low = from, i;

    if (w->rule->kind == TREND_MEDIAN) {
        memcpy(w->scratch, w->v + from, (to - from) * sizeof *w->v);
        trend_sort(w->scratch, to - from);
        return trend_middle(w->scratch, to - from);
    }
    for (i = from; i < to; i++) {
        sum += w->v[i] * w->weight[i];
        weight += w->weight[i];
        low = w->v[i] < w->v[low] ? i : low;
    }
    if (w->rule->kind == TREND_LOWEST) {
        *t = w->at[low];
        return w->v[low];
    }
    return weight > 0 ? sum / weight : w->v[from];
}

static double trend_floor(const struct trend_rule *rule, double level)
{
    return fmax(rule->floor, rule->floor_share * fabs(level));
}

static double work_span(const struct trend_work *w, size_t from)
{
    return w->n > from ? w->at[w->n - 1] - w->at[from] + w->cell_s : 0;
}

/* Whole blocks, up to the end: what does not fill one is at the beginning. */
static void work_blocks(struct trend_work *w, size_t first, double block_s,
                        struct trend_blocks *b)
{
    double end = w->at[w->n - 1] + w->cell_s / 2;
    double whole = floor(work_span(w, first) / block_s + 1e-9);
    size_t i = first, from;

    b->n = 0;
    while (i < w->n && w->at[i] < end - whole * block_s) {
        i++;
    }
    for (; i < w->n && b->n < TREND_BLOCKS_MAX; b->n++) {
        double left = floor((end - w->at[i]) / block_s);

        from = i;
        while (i < w->n && floor((end - w->at[i]) / block_s) >= left) {
            i++;
        }
        b->t[b->n] = end - (left + 0.5) * block_s;
        b->x[b->n] = work_block(w, from, i, &b->t[b->n]);
    }
}

/* Is what the slope leaves of the first half elsewhere than that of the second
 * by so much that it matters? */
static bool work_bends(const struct trend_work *w, const double *z)
{
    double early = 0, late = 0, level = 0;
    size_t half = w->n / 2, i;

    for (i = 0; i < half; i++) {
        early += z[i] / (double)half;
        late += z[w->n - 1 - i] / (double)half;
        level += w->v[w->n - 1 - i] / (double)half;
    }
    /* as much as half a trend */
    return fabs(early - late) > trend_floor(w->rule, level) / 2;
}

/* What is left out begins (a third of it) worse than what follows it for as
 * long, by half of what matters as growth: a service that is better at first
 * has not begun to be itself later, but got worse. Memory is loaded as well as
 * freed. */
static bool work_is_cold(const struct trend_work *w)
{
    size_t next = w->from > TREND_WARM_CELLS ? w->from : TREND_WARM_CELLS;
    size_t first = (w->from + 2) / 3, i;
    double cold = 0, warm = 0;

    if (w->from == 0 || w->rule->kind == TREND_LOWEST) {
        return true;
    }
    next = w->from + next < w->n ? next : w->n - w->from;
    for (i = 0; i < first; i++) {
        cold += w->v[i] / (double)first;
    }
    for (i = 0; i < next; i++) {
        warm += w->v[w->from + i] / (double)next;
    }
    return cold - warm > trend_floor(w->rule, warm) / 2;
}

/* A trend has no steady state, but the rest of it has: what is held against
 * the end is what the slope of the second half leaves. */
static bool work_warmup(struct trend_work *w)
{
    double *z = w->scratch;
    struct trend_blocks b;
    struct trend_test half = {0};
    bool steady;
    size_t i;

    work_blocks(w, w->n / 2, work_span(w, w->n / 2) / TREND_PIECES, &b);
    if (b.n >= 2) {
        half = trend_test(b.t, b.x, b.n);
    }
    for (i = 0; i < w->n; i++) {
        z[i] = w->v[i] - half.slope * (w->at[i] - w->at[0]);
    }
    w->from = warmup_mser(z, w->n, &steady);
    if (!steady && !work_bends(w, z)) {
        w->from = 0; /* of what is too even to have a beginning */
        steady = true;
    }
    if (!work_is_cold(w)) {
        w->from = 0;
        steady = true;
    }
    return steady;
}

/* How long a garbage collector takes from one collection to the next; 0: there
 * is none to be seen. */
static double work_period(const struct trend_work *w)
{
    double low = INFINITY, high = -INFINITY;
    size_t falls = 0, i;

    for (i = w->from; i < w->n; i++) {
        low = w->v[i] < low ? w->v[i] : low;
        high = w->v[i] > high ? w->v[i] : high;
    }
    for (i = w->from + 1; i < w->n; i++) {
        falls += w->v[i - 1] - w->v[i] > TREND_FALL * (high - low) ? 1u : 0u;
    }
    return falls >= 2 ? work_span(w, w->from) / (double)falls : 0;
}

static double work_first_block(const struct trend_work *w)
{
    double block = TREND_BLOCK_S;

    if (w->rule->kind == TREND_LOWEST) {
        block = fmax(TREND_WINDOW_S, 2 * work_period(w));
    }
    block = fmax(block, w->cell_s);
    while (work_span(w, w->from) / block > TREND_BLOCKS_MAX) {
        block *= 2;
    }
    return block;
}

/* Longer blocks, as long as neighbours are alike. */
static struct trend_test work_test(struct trend_work *w, double *block_s,
                                   struct trend_blocks *b)
{
    struct trend_test r = trend_test_careful(b->t, b->x, b->n);

    while (r.lag1 >= TREND_LAG_DOUBLE && b->n / 2 >= TREND_BLOCKS_KEEP) {
        *block_s *= 2;
        work_blocks(w, w->from, *block_s, b);
        r = trend_test_careful(b->t, b->x, b->n);
    }
    return r;
}

/* Does the second half go on as the first? It settles where it clearly grows
 * less than half as fast; where it may not grow at all, nobody can tell. */
static enum trend_state blocks_halves(const struct trend_blocks *b)
{
    size_t n = b->n / 2;
    struct trend_test early = trend_test(b->t, b->x, n);
    struct trend_test late = trend_test(b->t + b->n - n, b->x + b->n - n, n);

    if (early.slope <= 2 * late.slope) {
        return TREND_GROWING;
    }
    if (early.slope > late.high && early.low > late.slope) {
        return TREND_SETTLING;
    }
    return late.z < TREND_Z_HALF ? TREND_UNSURE : TREND_GROWING;
}

static double trend_hidden(const struct trend *t)
{
    return fmax(fabs(t->low), fabs(t->high)) * t->span_s;
}

static enum trend_state trend_judge(const struct trend *t,
                                    const struct trend_test *r,
                                    const struct trend_blocks *b,
                                    const struct trend_rule *rule)
{
    double least = trend_floor(rule, t->level);
    bool leak = rule->kind == TREND_LOWEST && t->growth >= least;
    enum trend_state halves = leak ? blocks_halves(b) : TREND_GROWING;

    /* What bends leaves neighbours alike, and is no chance all the same. */
    if (halves == TREND_SETTLING &&
        trend_test(b->t, b->x, b->n).z > TREND_Z_ALARM) {
        return TREND_SETTLING;
    }
    if (fabs(r->z) > TREND_Z_ALARM && fabs(t->growth) >= least) {
        if (r->lag1 >= TREND_LAG_ALARM) {
            return TREND_UNSURE;
        }
        return t->growth < 0 ? TREND_FALLING : halves;
    }
    return trend_hidden(t) > TREND_HIDDEN * least ? TREND_UNSURE : TREND_STABLE;
}

/* By a line of that slope, at t. */
static double blocks_at(const struct trend_blocks *b, double slope, double t)
{
    double x[TREND_BLOCKS_MAX];
    size_t i;

    for (i = 0; i < b->n; i++) {
        x[i] = b->x[i] + slope * (t - b->t[i]);
    }
    trend_sort(x, b->n);
    return trend_middle(x, b->n);
}

/* How far off the level of the line may be (95 %): it is a median, of blocks
 * that have something in common. */
static double blocks_off(const struct trend_blocks *b,
                         const struct trend_test *r)
{
    double n = (double)b->n, squares = 0;
    size_t i;

    for (i = 0; i < b->n; i++) {
        double left = b->x[i] - blocks_at(b, r->slope, b->t[i]);

        squares += left * left;
    }
    return student_two_sided(0.05, (unsigned)b->n - 2) * TREND_MEDIAN_SE *
           sqrt(squares / (n - 2) / n * r->factor);
}

static void trend_figures(struct trend *t, const struct trend_test *r,
                          const struct trend_blocks *b,
                          const struct trend_work *w)
{
    double end = w->at[w->n - 1] + w->cell_s / 2, off = blocks_off(b, r);

    t->level = blocks_at(b, 0, end);
    t->last = blocks_at(b, r->slope, end);
    t->last_low = blocks_at(b, r->low, end) - off;
    t->last_high = blocks_at(b, r->high, end) + off;
    if (w->rule->kind == TREND_LOWEST) { /* a cell's may be its beginning */
        t->last_high += fmax(r->high, 0) * w->cell_s / 2;
    }
    t->growth = r->slope * t->span_s;
    t->slope = r->slope;
    t->low = r->low;
    t->high = r->high;
    t->z = r->z;
    t->any = true;
}

static double blocks_left(const struct trend_blocks *b, const double *fit)
{
    double mean = 0, squares = 0;
    size_t i;

    for (i = 0; i < b->n; i++) {
        mean += (b->x[i] - fit[i]) / (double)b->n;
    }
    for (i = 0; i < b->n; i++) {
        squares += (b->x[i] - fit[i] - mean) * (b->x[i] - fit[i] - mean);
    }
    return squares;
}

/* It is one step where that is sure, matters, and leaves less than a line: of a
 * step a line leaves neighbours that are alike, as noise does that remembers.
 */
static void trend_step(struct trend_work *w, struct trend *t)
{
    double unit = CHANGES_LEAST / trend_floor(w->rule, t->level);
    double line[TREND_BLOCKS_MAX], step[TREND_BLOCKS_MAX];
    double piece = fmax(t->span_s / TREND_STEP_PIECES, w->cell_s);
    struct trend_blocks b;
    struct changes_split c;
    size_t i;

    work_blocks(w, w->from, piece, &b);
    for (i = 0; i < b.n; i++) {
        b.x[i] *= unit;
    }
    if (!changes_split(b.x, b.n, &c)) {
        return;
    }
    for (i = 0; i < b.n; i++) {
        line[i] = t->slope * unit * b.t[i];
        step[i] = i < c.at ? c.before : c.after;
    }
    if (blocks_left(&b, step) < blocks_left(&b, line)) {
        t->growth = (c.after - c.before) / unit;
        t->state = t->growth > 0 ? TREND_STEPPED_UP : TREND_STEPPED_DOWN;
    }
}

static void trend_conclude(struct trend_work *w, struct trend *t)
{
    struct trend_blocks b;
    struct trend_test r;

    t->warmup_s = w->from > 0 ? w->at[w->from] - w->at[0] : 0;
    t->block_s = work_first_block(w);
    t->span_s = work_span(w, w->from);
    t->needs_s = t->warmup_s + TREND_BLOCKS_MIN * t->block_s;
    if (t->span_s < TREND_BLOCKS_MIN * t->block_s) {
        return;
    }
    work_blocks(w, w->from, t->block_s, &b);
    t->blocks = b.n;
    if (b.n < TREND_BLOCKS_MIN) {
        t->needs_s = 2 * work_span(w, 0); /* there are holes */
        return;
    }
    r = work_test(w, &t->block_s, &b);
    t->blocks = b.n;
    t->span_s = (double)b.n * t->block_s;
    trend_figures(t, &r, &b, w);
    t->state = trend_judge(t, &r, &b, w->rule);
    if (w->rule->kind != TREND_LOWEST) {
        trend_step(w, t);
    }
    t->needs_s = t->state == TREND_UNSURE ? 2 * work_span(w, 0) : 0;
}

struct trend trend_of(const struct trend_cells *cells,
                      const struct trend_rule *rule)
{
    struct trend t = {.state = TREND_SHORT};
    struct trend_work w;
    bool steady;

    MUST(cells->cell_s > 0);
    work_open(&w, cells, rule);
    t.needs_s = TREND_BLOCKS_MIN *
                (rule->kind == TREND_LOWEST ? TREND_WINDOW_S : TREND_BLOCK_S);
    if (w.n >= WARMUP_LEAST) {
        steady = work_warmup(&w);
        /* What settles all the time is looked at as a whole. */
        w.from = !steady && rule->kind == TREND_LOWEST ? 0 : w.from;
        trend_conclude(&w, &t);
        if (!steady && rule->kind != TREND_LOWEST && t.state != TREND_SHORT) {
            t = (struct trend){.state = TREND_UNSETTLED,
                               .warmup_s = t.warmup_s,
                               .needs_s = 2 * work_span(&w, 0)};
        }
    }
    work_close(&w);
    return t;
}
