/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/search.h"

#include <math.h>
#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"

/* Points of the distribution, evenly over the logarithm of the load. */
#define SEARCH_POINTS 2048
/* Share of verdicts that are wrong; of soft ones. */
#define SEARCH_WRONG      0.03
#define SEARCH_WRONG_SOFT 0.10
/* How far chance blurs the limit: of the logarithm, one standard deviation. */
#define SEARCH_BLUR        0.05
#define SEARCH_BLUR_LONGER 0.04
/* What may lie outside of the answer at each end. */
#define SEARCH_TAIL 0.08
/* Whole units cannot be told apart more finely: two neighbours, and the blur
 * of either. */
#define SEARCH_UNITS 1.6
/* So far a load that was confirmed may lie from the end that it is for. */
#define SEARCH_NEAR 0.03
/* Tries behind each other that say nothing: a machine that is busy for a moment
 * is not at its limit. */
#define SEARCH_INVALID_MAX 3
/* Down to a sixteenth of the first. */
#define SEARCH_DESCENTS 2

struct search {
    struct search_config config;
    double first, step; /* logarithm of the first point's load; of their ratio
                         */
    double weight[SEARCH_POINTS]; /* their sum is 1 */
    struct search_step next;
    uint32_t held, broke;         /* highest load that held; 0 = none; lowest
                                     that broke; 0 = none */
    uint32_t climbed;             /* highest that held before any broke */
    uint32_t sure_low, sure_high; /* longer tries; 0 = none */
    unsigned descents, invalid;   /* so many behind each other */
    bool afterwards;              /* climbed was tried once more */
    struct search_answer answer;
};

const char *search_why_name(enum search_why w)
{
    switch (w) {
    case SEARCH_CLIMB:
        return "climb";
    case SEARCH_DESCEND:
        return "descend";
    case SEARCH_NARROW:
        return "narrow";
    case SEARCH_CONFIRM_LOW:
    case SEARCH_CONFIRM_HIGH:
    case SEARCH_CONFIRM_TOP:
    case SEARCH_AFTERWARDS:
        return "confirm";
    }
    MUST(!"a reason");
    return "";
}

const char *search_outcome_name(enum search_outcome o)
{
    switch (o) {
    case SEARCH_OPEN:
        return "searching";
    case SEARCH_FOUND:
        return "found";
    case SEARCH_NONE:
        return "none";
    case SEARCH_BELOW:
        return "below";
    case SEARCH_GENERATOR:
        return "generator";
    case SEARCH_UNCONFIRMED:
        return "unconfirmed";
    }
    MUST(!"an outcome");
    return "";
}

/* From well below what a descent ends at to well above the highest, so that
 * both ends can be said to be passed. */
struct search *search_new(const struct search_config *config)
{
    struct search *s = xcalloc(1, sizeof *s);
    double last;
    size_t i;

    MUST(config->start >= 1 && config->start <= config->max);
    s->config = *config;
    s->first = log(fmax((double)config->start / 64, 0.5));
    last = log(4.0 * config->max);
    s->step = (last - s->first) / (SEARCH_POINTS - 1);
    for (i = 0; i < SEARCH_POINTS; i++) {
        s->weight[i] = 1.0 / SEARCH_POINTS;
    }
    s->next = (struct search_step){config->start, SEARCH_CLIMB, false};
    return s;
}

void search_free(struct search **s)
{
    free(*s);
    *s = NULL;
}

static void search_weigh(struct search *s, bool holds, bool soft)
{
    double wrong = soft ? SEARCH_WRONG_SOFT : SEARCH_WRONG;
    double blur = s->next.longer ? SEARCH_BLUR_LONGER : SEARCH_BLUR;
    double at = log(s->next.load), sum = 0;
    size_t i;

    for (i = 0; i < SEARCH_POINTS; i++) {
        double z = (s->first + s->step * (double)i - at) / blur;
        double p = wrong + (1 - 2 * wrong) * 0.5 * erfc(-z / sqrt(2.0));

        s->weight[i] *= holds ? p : 1 - p;
        sum += s->weight[i];
    }
    for (i = 0; i < SEARCH_POINTS; i++) {
        s->weight[i] /= sum;
    }
}

/* The load that the capacity is below with probability p. */
static double search_quantile(const struct search *s, double p)
{
    double sum = 0;
    size_t i;

    for (i = 0; i + 1 < SEARCH_POINTS; i++) {
        if (sum + s->weight[i] >= p) {
            break;
        }
        sum += s->weight[i];
    }
    return exp(s->first + s->step * ((double)i - 0.5 +
                                     (p - sum) / fmax(s->weight[i], 1e-300)));
}

static uint32_t search_round(const struct search *s, double load)
{
    double x = floor(load + 0.5);

    return x < 1 ? 1 : x > s->config.max ? s->config.max : (uint32_t)x;
}

static void search_end(struct search *s, enum search_outcome o)
{
    s->answer.outcome = o;
}

static void search_go(struct search *s, double load, enum search_why why)
{
    s->next.load = search_round(s, load);
    s->next.why = why;
    s->next.longer = why >= SEARCH_CONFIRM_LOW;
}

static void search_climb(struct search *s)
{
    if (s->next.load < s->config.max) {
        search_go(s, 2.0 * s->next.load, SEARCH_CLIMB);
    } else if (s->config.quick || s->sure_low == s->config.max) {
        search_end(s, SEARCH_NONE);
    } else {
        search_go(s, s->config.max, SEARCH_CONFIRM_TOP);
    }
}

/* 1 is tried twice, as its first verdict may be a wrong one. */
static void search_descend(struct search *s)
{
    if (s->descents == SEARCH_DESCENTS ||
        (s->next.load == 1 && s->descents > 0)) {
        search_end(s, SEARCH_BELOW);
        return;
    }
    s->descents++;
    search_go(s, s->next.load / 4, SEARCH_DESCEND);
}

/* Is the answer as narrow as it should be? Fills its ends. */
static bool search_narrow(const struct search *s, uint32_t *low, uint32_t *high)
{
    double a = search_quantile(s, SEARCH_TAIL);
    double b = search_quantile(s, 1 - SEARCH_TAIL);
    double width = s->config.quick ? SEARCH_WIDTH_QUICK : SEARCH_WIDTH;

    *low = search_round(s, a);
    *high = search_round(s, b);
    if (*high == *low) {
        *high += 1;
    }
    return b - a <= fmax(width * a, SEARCH_UNITS);
}

/* What is known now, from the distribution and, where they are further apart,
 * the loads that longer tries were about. */
static void search_tell(struct search *s, uint32_t low, uint32_t high)
{
    struct search_answer *a = &s->answer;
    double point = search_quantile(s, 0.5);

    a->low = s->sure_low > 0 && s->sure_low < low ? s->sure_low : low;
    a->high = s->sure_high > high ? s->sure_high : high;
    a->point = search_round(s, point);
    a->point = a->point < a->low ? a->low : a->point;
    a->point = a->point > a->high ? a->high : a->point;
}

/* Both ends, and what held on the way up. true: there is nothing left to
 * confirm. */
static bool search_confirm(struct search *s, uint32_t low, uint32_t high)
{
    double near = fmax(0.5, SEARCH_NEAR * low);

    if (s->sure_low == 0 || s->sure_low + near < low) {
        search_go(s, low, SEARCH_CONFIRM_LOW);
        return false;
    }
    if (s->sure_high == 0 || s->sure_high > high + near) {
        search_go(s, high, SEARCH_CONFIRM_HIGH);
        return false;
    }
    s->answer.confirmed = true;
    return true;
}

static void search_found(struct search *s)
{
    if (s->climbed > s->answer.high && !s->afterwards) {
        s->afterwards = true;
        search_go(s, s->climbed, SEARCH_AFTERWARDS);
        return;
    }
    s->answer.before = s->climbed > s->answer.high ? s->climbed : 0;
    search_end(s, SEARCH_FOUND);
}

static void search_bisect(struct search *s)
{
    double median = search_quantile(s, 0.5);
    uint32_t low, high;

    s->answer.confirmed = false;
    if (!search_narrow(s, &low, &high)) {
        /* The ends of a wide distribution are far out: what was seen says more
         * where it does not contradict itself. */
        search_tell(s, s->held < s->broke ? s->held : low,
                    s->held < s->broke ? s->broke : high);
        if (search_quantile(s, SEARCH_TAIL) >= s->config.max) {
            search_end(s, SEARCH_NONE);
            return;
        }
        search_go(s, fmin(median, 2.0 * s->held), SEARCH_NARROW);
        return;
    }
    if (s->config.quick || search_confirm(s, low, high)) {
        search_tell(s, low, high);
        search_found(s);
    } else {
        search_tell(s, low, high);
    }
}

static void search_note(struct search *s, bool holds)
{
    uint32_t load = s->next.load;

    if (holds) {
        s->held = load > s->held ? load : s->held;
        s->climbed = s->broke == 0 ? s->held : s->climbed;
        if (s->next.longer && load > s->sure_low) {
            s->sure_low = load;
        }
        /* What broke before it did so by chance, or no longer does. */
        s->sure_high = s->sure_high > load ? s->sure_high : 0;
    } else {
        s->broke = s->broke == 0 || load < s->broke ? load : s->broke;
        if (s->next.longer && (s->sure_high == 0 || load < s->sure_high)) {
            s->sure_high = load;
        }
        s->sure_low = s->sure_low < load ? s->sure_low : 0;
    }
}

static void search_step_on(struct search *s, bool holds)
{
    if (s->broke == 0) {
        search_climb(s);
    } else if (s->held == 0 && !holds) {
        search_descend(s);
    } else {
        search_bisect(s);
    }
    if (s->broke == 0 || s->held == 0) {
        s->answer.low = s->held;
        s->answer.high = s->broke;
        s->answer.point = s->held > 0 ? s->held : 0;
    }
}

void search_take(struct search *s, enum search_verdict v, bool soft)
{
    MUST(s->answer.outcome == SEARCH_OPEN);
    s->answer.probes++;
    if (v == SEARCH_INVALID) {
        if (++s->invalid == SEARCH_INVALID_MAX) {
            s->answer.low = s->held;
            s->answer.high = s->broke;
            search_end(s, SEARCH_GENERATOR);
            return;
        }
    } else {
        s->invalid = 0;
        s->answer.soft += soft ? 1 : 0;
        search_weigh(s, v == SEARCH_HOLDS, soft);
        search_note(s, v == SEARCH_HOLDS);
        search_step_on(s, v == SEARCH_HOLDS);
    }
    if (s->answer.outcome == SEARCH_OPEN &&
        s->answer.probes == SEARCH_PROBES_MAX) {
        search_stop(s);
    }
}

void search_stop(struct search *s)
{
    if (s->answer.outcome == SEARCH_OPEN) {
        search_end(s, SEARCH_UNCONFIRMED);
    }
}

void search_floor(struct search *s)
{
    if (s->answer.outcome == SEARCH_OPEN && s->broke == 1) {
        search_end(s, SEARCH_BELOW);
    }
}

struct search_step search_next(const struct search *s)
{
    MUST(s->answer.outcome == SEARCH_OPEN);
    return s->next;
}

struct search_answer search_answer(const struct search *s)
{
    return s->answer;
}
