/* SPDX-License-Identifier: MIT
 *
 * baselines - a run held against the baselines of its plan, line by line: what
 * summary and results have in common of it. They decide nothing. */
#ifndef RUN_BASELINES_H
#define RUN_BASELINES_H

#include "run/story.h"

enum baseline_met { BASELINE_UNKNOWN, BASELINE_MET, BASELINE_MISSED };

struct baseline_line {
    const struct baseline *baseline; /* borrowed, as the next two */
    const struct baseline_set *set;
    const struct baseline_item *item;
    enum baseline_met met;
    bool any;       /* there is a value: */
    double value;   /* in the unit of the item's kind; of a range its lower end
                     */
    char text[160]; /* "p(95)=142 ms", "58/m at 1 VU", "it never came to that";
                       safe to show */
};

/* Calls fn for each line of the baselines that count for this run's scenario.
 * The story's lock is held. */
typedef void baseline_line_fn(void *ctx, const struct baseline_line *line);
void baselines_each(const struct story *s, baseline_line_fn *fn, void *ctx);

#endif
