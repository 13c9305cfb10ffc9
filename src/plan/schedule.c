/* SPDX-License-Identifier: MIT
 *
 * schedule - the area under a rate, and its inverse. Whole stages are summed up
 * in whole numbers: after a thousand of them nothing is lost. Within a stage
 * the area is a trapezium, and the inverse the root of a square equation in the
 * form that does not cancel: with a = (to - from) / length,
 * x = 2n / (from + sqrt(from² + 2an)). */
#include "config.h"

#include "plan/schedule.h"

#include <math.h>

#include "base/must.h"

/* An area as whole iterations and a rest in 1 / (2 · time unit in µs), the
 * unit in which the area of a stage of whole µs and levels is a whole number.
 */
struct schedule_sum {
    uint64_t whole, rest;
};

static uint64_t schedule_unit(const struct curve *c)
{
    MUST(c->time_unit_us > 0);
    return 2 * c->time_unit_us;
}

static void schedule_add(struct schedule_sum *sum, uint64_t area, uint64_t unit)
{
    area += sum->rest;
    sum->whole += area / unit;
    sum->rest = area % unit;
}

/* Of a stage as a whole. */
static uint64_t schedule_stage(const struct curve_stage *s)
{
    return ((uint64_t)s->from + s->to) * (s->end_us - s->start_us);
}

/* Of a stage's first x_us. */
static uint64_t schedule_part(const struct curve_stage *s, uint64_t x_us)
{
    long double x = (long double)x_us;
    long double length = (long double)(s->end_us - s->start_us);
    long double slope = ((long double)s->to - (long double)s->from) / length;

    if (s->from == s->to) {
        return 2 * (uint64_t)s->from * x_us;
    }
    return (uint64_t)llroundl(x * (2 * (long double)s->from + slope * x));
}

/* The inverse of schedule_part. */
static uint64_t schedule_solve(const struct curve_stage *s, uint64_t need)
{
    long double from = (long double)s->from, n = (long double)need;
    long double length = (long double)(s->end_us - s->start_us);
    long double slope = ((long double)s->to - from) / length;
    long double root;

    if (need == 0) {
        return 0;
    }
    if (s->from == s->to) {
        return (need + s->from) / (2 * (uint64_t)s->from);
    }
    root = from * from + slope * n;
    return (uint64_t)llroundl(n / (from + sqrtl(root > 0 ? root : 0)));
}

uint64_t schedule_area(const struct curve *c, uint64_t t_us)
{
    struct schedule_sum sum = {0, 0};
    uint64_t unit = schedule_unit(c);

    for (size_t i = 0; i < c->n && c->stages[i].start_us < t_us; i++) {
        const struct curve_stage *s = &c->stages[i];

        schedule_add(&sum,
                     t_us >= s->end_us ? schedule_stage(s)
                                       : schedule_part(s, t_us - s->start_us),
                     unit);
    }
    return sum.whole * SCHEDULE_ONE +
           (uint64_t)((long double)sum.rest * SCHEDULE_ONE / (long double)unit);
}

/* sum as it would be with a stage added is beyond need, or there. */
static bool schedule_reaches(const struct schedule_sum *a,
                             const struct schedule_sum *need, bool early)
{
    if (a->whole != need->whole) {
        return a->whole > need->whole;
    }
    return early ? a->rest > need->rest : a->rest >= need->rest;
}

uint64_t schedule_when(const struct curve *c, uint64_t area)
{
    uint64_t unit = schedule_unit(c);
    struct schedule_sum sum = {0, 0};
    struct schedule_sum need = {area / SCHEDULE_ONE,
                                (uint64_t)((long double)(area % SCHEDULE_ONE) *
                                           (long double)unit / SCHEDULE_ONE)};

    for (size_t i = 0; i < c->n; i++) {
        const struct curve_stage *s = &c->stages[i];
        struct schedule_sum then = sum;

        schedule_add(&then, schedule_stage(s), unit);
        if (s->end_us > s->start_us &&
            schedule_reaches(&then, &need, c->early)) {
            return s->start_us +
                   schedule_solve(s, (need.whole - sum.whole) * unit +
                                         need.rest - sum.rest);
        }
        sum = then;
    }
    return UINT64_MAX;
}

double schedule_rate(const struct curve *c, uint64_t t_us)
{
    const struct curve_stage *s = &c->stages[curve_stage_at(c, t_us)];

    if (t_us >= c->length_us) {
        return 0;
    }
    return (double)s->from + ((double)s->to - (double)s->from) *
                                 (double)(t_us - s->start_us) /
                                 (double)(s->end_us - s->start_us);
}
