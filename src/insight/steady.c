/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/steady.h"

#include <math.h>

#define STEADY_WINDOW 15.0 /* s; two and three times that */
#define STEADY_LONGER 3
#define STEADY_CHANGE 0.1 /* in a window */
#define STEADY_Z      1.0
#define STEADY_CHANCE 3.0 /* standard errors that are nothing */
#define STEADY_FEW    5   /* responses, and seconds that have some */
#define STEADY_TICK   0.1 /* one more or less does not make another second */

/* What is looked at. */
enum steady_what { STEADY_TIMES, STEADY_FAILED, STEADY_FLIGHT };

/* A line through it. */
struct steady_line {
    size_t m; /* seconds */
    double n; /* sum of their weights */
    double mean, slope, error;
};

void steady_feed(struct steady *s, const struct moment *x, unsigned part)
{
    const struct histo *good = moment_part(x, part).good;
    double before = s->n > 0 ? s->list[s->n - 1].at_s : 0;
    struct steady_second *k;

    if (s->n == STEADY_MAX) {
        return;
    }
    k = &s->list[s->n++];
    *k = (struct steady_second){.at_s = before + (double)x->active_us / 1e6,
                                .n = (double)histo_count(good),
                                .requests = (double)x->requests,
                                .failed = (double)x->failed,
                                .flight = x->in_flight};
    k->mean = log(fmax(histo_mean(good), 1));
    k->mid = log(fmax((double)histo_percentile(good, 50), 1));
}

static double steady_value(const struct steady_second *k, enum steady_what what,
                           double *weight)
{
    switch (what) {
    case STEADY_TIMES:
        *weight = k->n;
        return k->mean;
    case STEADY_FAILED:
        *weight = k->requests;
        return k->requests > 0 ? k->failed / k->requests : 0;
    case STEADY_FLIGHT:
        break;
    }
    *weight = 1;
    return k->flight;
}

/* The first of the last so many seconds; n: there are not so many. */
static size_t steady_from(const struct steady *s, double seconds)
{
    double end = s->n > 0 ? s->list[s->n - 1].at_s : 0;
    size_t from = s->n;

    if (end + STEADY_TICK < seconds) {
        return s->n;
    }
    while (from > 0 && s->list[from - 1].at_s > end - seconds + STEADY_TICK) {
        from--;
    }
    return from;
}

/* By least squares; the seconds' scatter about it is what chance does. */
static struct steady_line steady_line(const struct steady *s, size_t from,
                                      enum steady_what what)
{
    struct steady_line l = {.m = 0};
    double w, x, y, t = 0, tt = 0, ty = 0, ee = 0;
    size_t i;

    for (i = from; i < s->n; i++) {
        y = steady_value(&s->list[i], what, &w);
        l.m += w > 0;
        l.n += w;
        t += w * s->list[i].at_s;
        l.mean += w * y;
    }
    if (l.m < STEADY_FEW) {
        return l;
    }
    t /= l.n;
    l.mean /= l.n;
    for (i = from; i < s->n; i++) {
        y = steady_value(&s->list[i], what, &w);
        x = s->list[i].at_s - t;
        tt += w * x * x;
        ty += w * x * (y - l.mean);
    }
    l.slope = ty / tt;
    for (i = from; i < s->n; i++) {
        y = steady_value(&s->list[i], what, &w);
        x = y - l.mean - l.slope * (s->list[i].at_s - t);
        ee += w * x * x;
    }
    l.error = sqrt(ee / (double)(l.m - 2) / tt);
    return l;
}

/* By more than so much in a window, and than chance? */
static bool steady_falls(const struct steady_line *l, double by)
{
    return l->m >= STEADY_FEW &&
           -l->slope * STEADY_WINDOW >
               by + STEADY_CHANCE * l->error * STEADY_WINDOW;
}

static bool steady_relieved(const struct steady *s, size_t from)
{
    struct steady_line failed = steady_line(s, from, STEADY_FAILED);
    struct steady_line flight = steady_line(s, from, STEADY_FLIGHT);

    return steady_falls(&failed, STEADY_CHANGE) ||
           steady_falls(&flight, STEADY_CHANGE * fmax(flight.mean, 1));
}

bool steady_is(const struct steady *s)
{
    unsigned k;

    for (k = 1; k <= STEADY_LONGER; k++) {
        size_t from = steady_from(s, k * STEADY_WINDOW);
        struct steady_line l = steady_line(s, from, STEADY_TIMES);

        if (l.m >= STEADY_FEW &&
            (fabs(l.slope) + STEADY_Z * l.error) * STEADY_WINDOW <
                STEADY_CHANGE &&
            !steady_relieved(s, from)) {
            return true;
        }
    }
    return false;
}

bool steady_may_be(const struct steady *s)
{
    size_t from = steady_from(s, STEADY_LONGER * STEADY_WINDOW);
    struct steady_line l = steady_line(s, from, STEADY_TIMES);

    return l.m >= STEADY_FEW && fabs(l.slope) <= STEADY_CHANCE * l.error &&
           !steady_relieved(s, from);
}

double steady_median(const struct steady *s)
{
    double sum = 0, n = 0;
    size_t i;

    for (i = steady_from(s, STEADY_WINDOW); i < s->n; i++) {
        sum += s->list[i].n * s->list[i].mid;
        n += s->list[i].n;
    }
    return n > 0 ? exp(sum / n) : 0;
}

double steady_failed(const struct steady *s)
{
    double failed = 0, n = 0;
    size_t i;

    for (i = steady_from(s, STEADY_WINDOW); i < s->n; i++) {
        failed += s->list[i].failed;
        n += s->list[i].requests;
    }
    return n > 0 ? failed / n : 0;
}
