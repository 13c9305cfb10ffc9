/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/shifts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "insight/changes.h"
#include "insight/warmup.h"

/* A warm-up is so much slower, and so many standard errors. */
#define SHIFTS_WARM_LEAST 0.22314355131420976 /* ln 1.25 */
#define SHIFTS_WARM_SURE  6
/* A stretch is looked at when it has grown by an eighth. */
#define SHIFTS_NEWS 8
/* So much more is more load. */
#define SHIFTS_MORE_LOAD 1.1
/* For the place of a change so many blocks are waited for at most. */
#define SHIFTS_WAIT      20
#define SHIFTS_SECOND_US UINT64_C(1000000)
/* Seconds end where ticks do. */
#define SHIFTS_TICK_US UINT64_C(150000)
/* Less is of no interest to anybody. */
#define SHIFTS_FLOOR_US 1000

struct shifts_block {
    uint64_t start_us, end_us, active_us;
    uint64_t responses;
    bool suspect;   /* the generator was */
    double load_us; /* times active time, as the next */
    double in_flight_us;
    double sum_us; /* of responses' times */
};

struct shifts {
    double ln_p95[SHIFTS_BLOCKS_MAX]; /* of the stretch */
    struct shifts_block blocks[SHIFTS_BLOCKS_MAX];
    size_t n;
    size_t look_at; /* blocks at which to look again */
    uint64_t block_us;
    struct shifts_block open;
    struct histo *good; /* owned; of it */
    bool going;
    bool first;    /* nothing but this stretch was yet */
    bool ran;      /* a stretch has begun */
    bool arrivals; /* its load is a rate */
    double load;
    uint64_t who;
};

struct shifts *shifts_new(void)
{
    struct shifts *s = xcalloc(1, sizeof *s);

    s->good = histo_new();
    return s;
}

void shifts_free(struct shifts **s)
{
    if (*s == NULL) {
        return;
    }
    histo_free(&(*s)->good);
    free(*s);
    *s = NULL;
}

static void shifts_open_block(struct shifts *s)
{
    memset(&s->open, 0, sizeof s->open);
    histo_clear(s->good);
}

static void shifts_begin(struct shifts *s, const struct moment *x)
{
    s->first = !s->ran;
    s->ran = s->going = true;
    s->n = 0;
    s->look_at = 2 * CHANGES_SIDE;
    s->block_us = SHIFTS_BLOCK_US;
    s->load = x->load;
    s->who = x->who;
    s->arrivals = x->open;
    shifts_open_block(s);
}

/* Two by two; ln p95 of two is about their mean. */
static void shifts_halve(struct shifts *s)
{
    size_t i;

    s->n /= 2;
    for (i = 0; i < s->n; i++) {
        const struct shifts_block *a = &s->blocks[2 * i], *b = a + 1;

        s->ln_p95[i] = (s->ln_p95[2 * i] + s->ln_p95[2 * i + 1]) / 2;
        s->blocks[i] = (struct shifts_block){
            .start_us = a->start_us,
            .end_us = b->end_us,
            .active_us = a->active_us + b->active_us,
            .responses = a->responses + b->responses,
            .suspect = a->suspect || b->suspect,
            .load_us = a->load_us + b->load_us,
            .in_flight_us = a->in_flight_us + b->in_flight_us,
            .sum_us = a->sum_us + b->sum_us,
        };
    }
    s->block_us *= 2;
    s->look_at = s->n + 1 + s->n / SHIFTS_NEWS;
}

static void shifts_close_block(struct shifts *s)
{
    uint64_t p95 = histo_percentile(s->good, 95);

    if (s->n == SHIFTS_BLOCKS_MAX) {
        shifts_halve(s);
    }
    /* Of hardly any responses there is no p95. */
    if (histo_count(s->good) >= SHIFTS_RESPONSES / 2) {
        s->ln_p95[s->n] = log((double)(p95 > 0 ? p95 : 1));
        s->blocks[s->n++] = s->open;
    }
    shifts_open_block(s);
}

static struct queueing_side shifts_side(const struct shifts *s, size_t from,
                                        size_t to)
{
    double active_us = 0, responses = 0, in_flight_us = 0, sum_us = 0;
    size_t i;

    for (i = from; i < to; i++) {
        active_us += (double)s->blocks[i].active_us;
        responses += (double)s->blocks[i].responses;
        in_flight_us += s->blocks[i].in_flight_us;
        sum_us += s->blocks[i].sum_us;
    }
    if (active_us <= 0 || responses <= 0) {
        return (struct queueing_side){0, 0, 0};
    }
    return (struct queueing_side){.rate = responses * 1e6 / active_us,
                                  .in_flight = in_flight_us / active_us,
                                  .response_s = sum_us / responses / 1e6};
}

/* More are in flight in the last third of the blocks than in the first, by a
 * fifth. */
static bool shifts_grows(const struct shifts *s, size_t from)
{
    size_t third = (s->n - from) / 3;

    return third > 0 && shifts_side(s, s->n - third, s->n).in_flight >
                            1.2 * shifts_side(s, from, from + third).in_flight;
}

static double shifts_load(const struct shifts *s, size_t from, size_t to)
{
    double active_us = 0, load_us = 0;

    for (; from < to; from++) {
        active_us += (double)s->blocks[from].active_us;
        load_us += s->blocks[from].load_us;
    }
    return active_us > 0 ? load_us / active_us : 0;
}

/* Why responses take longer. Users who think have more in flight of any slower
 * service, as rates of arrival have: without more load that is no queue. */
static enum queueing shifts_why(const struct shifts *s, size_t at,
                                const struct shift *x)
{
    bool more =
        shifts_load(s, at, s->n) > SHIFTS_MORE_LOAD * shifts_load(s, 0, at);

    return queueing_of(&x->was, &x->is, s->arrivals || !more,
                       s->arrivals && shifts_grows(s, at));
}

/* So many blocks in which the generator was suspect. */
static size_t shifts_suspect(const struct shifts *s, size_t from, size_t to)
{
    size_t n = 0;

    for (; from < to; from++) {
        n += s->blocks[from].suspect;
    }
    return n;
}

static void shifts_fill(const struct shifts *s, size_t at, struct shift *out)
{
    *out = (struct shift){.start_us = s->blocks[0].start_us,
                          .at_us = s->blocks[at].start_us,
                          .block_us = s->block_us,
                          .grain_us = s->block_us,
                          .was = shifts_side(s, 0, at),
                          .is = shifts_side(s, at, s->n)};
    out->suspect = shifts_suspect(s, at, s->n) > 0;
    out->why = shifts_why(s, at, out);
}

static double shifts_mean(const double *x, size_t n)
{
    double sum = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        sum += x[i];
    }
    return n > 0 ? sum / (double)n : 0;
}

/* Standard error of the mean of `of` values, by the spread of n others. */
static double shifts_error(const double *x, size_t n, size_t of)
{
    double mean = shifts_mean(x, n), squares = 0, lag = 0, was = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        double v = x[i] - mean;

        squares += v * v;
        lag += i > 0 ? v * was : 0;
        was = v;
    }
    lag = squares > 0 ? fmin(fmax(lag / squares, 0), 0.9) : 0;
    return sqrt(squares / (double)(n - 1) * (1 + lag) / (1 - lag) *
                (1 / (double)of + 1 / (double)n));
}

static bool shifts_warm(const struct shifts *s, struct shift *out)
{
    bool steady;
    size_t d = warmup_mser(s->ln_p95, s->n, &steady);
    double before, after;

    if (!s->first || !steady || d == 0) {
        return false;
    }
    before = shifts_mean(s->ln_p95, d);
    after = shifts_mean(s->ln_p95 + d, s->n - d);
    if (before - after < SHIFTS_WARM_LEAST ||
        exp(before) - exp(after) < SHIFTS_FLOOR_US ||
        before - after <=
            SHIFTS_WARM_SURE * shifts_error(s->ln_p95 + d, s->n - d, d)) {
        return false;
    }
    shifts_fill(s, d, out);
    out->warmup = true;
    out->before_us = exp(before);
    out->after_us = exp(after);
    return true;
}

/* For half of the time the generator was slow itself: that explains it. */
static bool shifts_generator(const struct shifts *s, const struct shift *x,
                             size_t at)
{
    return x->warmup && 2 * shifts_suspect(s, 0, at) >= at;
}

/* What is before it has been looked at. */
static void shifts_cut(struct shifts *s, size_t at)
{
    s->n -= at;
    memmove(&s->ln_p95[0], &s->ln_p95[at], s->n * sizeof s->ln_p95[0]);
    memmove(&s->blocks[0], &s->blocks[at], s->n * sizeof s->blocks[0]);
    s->look_at = 2 * CHANGES_SIDE;
    s->first = false;
}

static size_t shifts_index(const struct shifts *s, uint64_t start_us)
{
    size_t i = 0;

    while (i < s->n && s->blocks[i].start_us < start_us) {
        i++;
    }
    return i;
}

/* There is enough after it: more would hardly move it. */
static bool shifts_settled(const struct shifts *s,
                           const struct changes_place *p)
{
    return s->n > p->high + CHANGES_MEAN || s->n > p->at + SHIFTS_WAIT;
}

/* It happened in the block before or in the one after it, or in one of those
 * that are as likely. */
static uint64_t shifts_grain(const struct shifts *s,
                             const struct changes_place *p)
{
    uint64_t at_us = s->blocks[p->at].start_us;
    uint64_t low = at_us - s->blocks[p->low - 1].start_us;
    uint64_t high = s->blocks[p->high].end_us - at_us;

    /* In whole seconds: a tick more is none. */
    return ((low > high ? low : high) + SHIFTS_SECOND_US - SHIFTS_TICK_US) /
           SHIFTS_SECOND_US * SHIFTS_SECOND_US;
}

/* What follows has nothing of before: not the block in which it happened. */
static void shifts_cut_after(struct shifts *s, const struct changes_place *p)
{
    size_t at = p->high > p->at ? p->high : p->at + 1;

    shifts_cut(s, at < s->n ? at : p->at);
}

/* So much that anybody cares. */
static bool shifts_matters(double before, double after)
{
    return fabs(after - before) >= CHANGES_LEAST &&
           fabs(exp(after) - exp(before)) >= SHIFTS_FLOOR_US;
}

static bool shifts_change(struct shifts *s, bool last, struct shift *out)
{
    struct changes_split c;
    struct changes_place p;
    bool told;

    if (!changes_split(s->ln_p95, s->n, &c) ||
        !shifts_matters(c.before, c.after)) {
        return false;
    }
    p = changes_locate(s->ln_p95, s->n, &c);
    /* What is told is not quite what was found. */
    if (!shifts_matters(p.before, p.after) ||
        (p.after > p.before) != (c.after > c.before)) {
        return false;
    }
    if (!last && !shifts_settled(s, &p)) {
        s->look_at = s->n + 1;
        return false;
    }
    shifts_fill(s, p.at, out);
    out->grain_us = shifts_grain(s, &p);
    out->before_us = exp(p.before);
    out->after_us = exp(p.after);
    out->warmup = s->first && p.after < p.before;
    told = !shifts_generator(s, out, p.at);
    shifts_cut_after(s, &p);
    return told;
}

/* last: no more will come. */
static bool shifts_look(struct shifts *s, bool last, struct shift *out)
{
    s->look_at = s->n + 1 + s->n / SHIFTS_NEWS;
    if (shifts_warm(s, out)) {
        size_t at = shifts_index(s, out->at_us);
        bool told = !shifts_generator(s, out, at);

        shifts_cut(s, at);
        return told;
    }
    return shifts_change(s, last, out);
}

bool shifts_end(struct shifts *s, struct shift *out)
{
    if (!s->going) {
        return false;
    }
    s->going = false;
    return shifts_look(s, true, out);
}

/* The load is another, and by itself: that ends the stretch. */
static bool shifts_left(const struct shifts *s, const struct moment *x)
{
    double gap = fabs(x->load - s->load);

    return !x->still || x->who != s->who ||
           (gap >= 0.5 &&
            (strcmp(x->by, "plan") == 0 || strcmp(x->by, "hunt") == 0));
}

bool shifts_feed(struct shifts *s, const struct moment *x, struct shift *out)
{
    bool found = false;

    if (x->active_us == 0 || x->down) {
        return false;
    }
    if (s->going && shifts_left(s, x)) {
        found = shifts_end(s, out);
    }
    if (!x->still || x->load <= 0) {
        s->going = false;
        return found;
    }
    if (!s->going) {
        shifts_begin(s, x);
    }
    s->load = x->load;
    if (s->open.active_us == 0) {
        s->open.start_us = x->start_us;
    }
    s->open.end_us = x->end_us;
    s->open.suspect = s->open.suspect || x->suspect;
    s->open.active_us += x->active_us;
    s->open.responses += histo_count(x->all);
    s->open.load_us += x->load * (double)x->active_us;
    s->open.in_flight_us += (double)x->in_flight * (double)x->active_us;
    s->open.sum_us += (double)histo_sum(x->all);
    histo_merge(s->good, x->good);
    if (s->open.active_us >= s->block_us &&
        (histo_count(s->good) >= SHIFTS_RESPONSES ||
         s->open.active_us >= SHIFTS_PATIENT_US)) {
        shifts_close_block(s);
        if (!found && s->n >= s->look_at) {
            found = shifts_look(s, false, out);
        }
    }
    return found;
}
