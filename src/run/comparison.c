/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/comparison.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"

/* A block that is so many times as long is not as long as was asked for. */
#define COMPARISON_LONGER 1.2
/* By so much of an interval one side of it may be longer than the other. */
#define COMPARISON_UNEVEN 0.1
#define COMPARISON_NUMBER 32 /* bytes that a number takes */

void comparison_take(const struct story *s, struct comparison_now *now)
{
    const struct window *list;
    size_t n = 0, used = 0, i;

    *now = (struct comparison_now){.earlier = story_earlier(s)};
    if (now->earlier == NULL) {
        return;
    }
    list = windows_list(study_windows(story_study(s)), &n);
    for (i = 0; i < n; i++) {
        used += list[i].n;
    }
    now->list = xcalloc(n + 1, sizeof *now->list);
    now->us = xcalloc(used + 1, sizeof *now->us);
    for (i = 0, used = 0; i < n; i++) {
        struct window *w = &now->list[now->n++];

        *w = list[i];
        w->us = now->us + used;
        if (w->n > 0) {
            memcpy(now->us + used, list[i].us, w->n * sizeof *now->us);
        }
        used += w->n;
    }
}

void comparison_clear(struct comparison_now *now)
{
    free(now->list);
    free(now->us);
    *now = (struct comparison_now){.n = 0};
}

bool comparison_of(const struct comparison_now *now, struct compare_report *out)
{
    struct compare_side side = {now->list, now->n};

    if (now->earlier == NULL) {
        return false;
    }
    compare_of(&now->earlier->side, &side, out);
    return true;
}

const char *comparison_name(enum compare_figure f)
{
    return f == COMPARE_RPS      ? "req/s"
           : f == COMPARE_ERRORS ? "errors"
                                 : compare_figure_name(f);
}

const char *comparison_answer(enum compare_answer a)
{
    switch (a) {
    case COMPARE_WORSE:
        return "worse";
    case COMPARE_BETTER:
        return "better";
    case COMPARE_SAME:
        return "the same";
    case COMPARE_UNSURE:
        return "not distinguishable";
    case COMPARE_SLIGHT:
        return "more than chance, may be slight";
    case COMPARE_SHORT:
        break;
    }
    return "not enough to say";
}

const char *comparison_value(enum compare_figure f, double v, char *buf,
                             size_t size)
{
    char x[NUM_MAX];

    if (isnan(v)) {
        snprintf(buf, size, "-");
    } else if (f == COMPARE_RPS) {
        snprintf(buf, size, "%s", num_rate(x, v));
    } else if (f == COMPARE_ERRORS) {
        snprintf(buf, size, "%s", num_percent(x, v));
    } else {
        snprintf(buf, size, "%s", num_latency(x, num_whole(v + 0.5)));
    }
    return buf;
}

const char *comparison_number(double v, bool sign, char *buf, size_t size)
{
    int digits = fabs(v) < 9.95 ? 1 : 0;

    if (fabs(v) < 0.05) {
        v = 0; /* no "-0.0" */
    }
    snprintf(buf, size, sign ? "%+.*f" : "%.*f", digits, v);
    return buf;
}

/* Intervals of ratios are not even; and one that leaves zero out may not be
 * told as one that has it in. */
static bool comparison_even(double change, double low, double high)
{
    double half = (high - low) / 2;

    return fabs((high - change) - (change - low)) <=
               COMPARISON_UNEVEN * (high - low) &&
           (low > 0) == (change - half > 0) &&
           (high < 0) == (change + half < 0);
}

const char *comparison_change(enum compare_figure f, double change, double low,
                              double high, bool ascii, char *buf, size_t size)
{
    char is[COMPARISON_NUMBER], from[COMPARISON_NUMBER], to[COMPARISON_NUMBER];
    const char *unit = f == COMPARE_ERRORS ? "pt" : "%";

    comparison_number(change * 100, true, is, sizeof is);
    if (comparison_even(change, low, high)) {
        comparison_number((high - low) * 50, false, to, sizeof to);
        snprintf(buf, size, "%s %s (%s%s)", is, unit, ascii ? "+-" : "±", to);
    } else {
        snprintf(buf, size, "%s %s (%s to %s)", is, unit,
                 comparison_number(low * 100, true, from, sizeof from),
                 comparison_number(high * 100, true, to, sizeof to));
    }
    return buf;
}

const char *comparison_tell(const struct compare_level *l,
                            enum compare_figure f, bool ascii, char *buf,
                            size_t size)
{
    const struct compare_result *r = &l->of[f];
    bool points = f == COMPARE_ERRORS;
    const char *unit = points ? "pt" : "%";
    char change[3 * COMPARISON_NUMBER + 20], least[COMPARISON_NUMBER];

    if (!r->any) {
        snprintf(buf, size, "%s: not enough to say", comparison_name(f));
        return buf;
    }
    snprintf(buf, size, "%s %s, ", comparison_name(f),
             comparison_change(f, r->change, r->low, r->high, ascii, change,
                               sizeof change));
    switch (r->answer) {
    case COMPARE_WORSE:
    case COMPARE_BETTER:
    case COMPARE_SLIGHT:
        text_add(buf, size, "%s", comparison_answer(r->answer));
        break;
    case COMPARE_SAME:
        text_add(buf, size, "same within %s %s", points ? "0.5" : "5", unit);
        break;
    case COMPARE_UNSURE:
    case COMPARE_SHORT:
        comparison_number(r->least * 100, false, least, sizeof least);
        text_add(buf, size, "%s (%s %s would be seen)",
                 comparison_answer(COMPARE_UNSURE), least, unit);
        break;
    }
    return buf;
}

/* Seconds that make blocks enough. Those of a long run may be longer than what
 * was asked for, as its windows are. */
static double comparison_needs(const struct compare_level *l)
{
    double a = l->blocks_a > 0 ? l->seconds_a / (double)l->blocks_a : 0;
    double b = l->blocks_b > 0 ? l->seconds_b / (double)l->blocks_b : 0;
    double block = fmax(a, b);

    return COMPARE_BLOCKS_MIN *
           (block > COMPARISON_LONGER * l->block_s ? block : l->block_s);
}

const char *comparison_felt_text(const struct window *list, size_t n, char *buf,
                                 size_t size)
{
    double s = windows_felt_s(list, n);

    buf[0] = '\0';
    if (s > 0) {
        snprintf(buf, size,
                 "%.0f s in which the service still felt an overload of "
                 "before%s: not compared at the same load",
                 s, list[n - 1].felt ? ", up to the end of the run" : "");
    }
    return buf;
}

static void note_level(const struct compare_report *r, char *buf, size_t size)
{
    const struct compare_level *l = &r->levels[0];
    double s;

    if (r->n == 0) {
        snprintf(buf, size, "no load was held for ten seconds in both runs%s",
                 r->felt_a + r->felt_b > 0 ? " but in what is left out" : "");
        return;
    }
    s = fmin(l->seconds_a, l->seconds_b);
    if (l->blocks_a < COMPARE_BLOCKS_MIN || l->blocks_b < COMPARE_BLOCKS_MIN) {
        snprintf(buf, size,
                 "not enough to say: %.0f s of the same load, %.0f are needed",
                 s, comparison_needs(l));
    } else if (!l->sure) {
        snprintf(buf, size,
                 "low confidence: %.0f s of the same load; with %d slow noise "
                 "would be seen, too",
                 s, COMPARE_SURE_S);
    }
}

const char *comparison_note(const struct compare_report *r, char *buf,
                            size_t size)
{
    buf[0] = '\0';
    note_level(r, buf, size);
    if (r->felt_a + r->felt_b > 0) {
        text_add(buf, size,
                 "%sleft out, as an overload of before was still felt: %.0f s "
                 "before, %.0f s now",
                 buf[0] != '\0' ? "; " : "", r->felt_a, r->felt_b);
    }
    if (r->suspect_a + r->suspect_b > 0) {
        text_add(buf, size,
                 "%sthe generator was suspect in %.0f s before, %.0f s now: "
                 "figures may be its own",
                 buf[0] != '\0' ? "; " : "", r->suspect_a, r->suspect_b);
    }
    return buf;
}
