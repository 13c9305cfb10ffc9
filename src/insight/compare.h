/* SPDX-License-Identifier: MIT
 *
 * compare - is one run better or worse than another, by how much, and is that
 * more than chance? Windows of the same load are put against each other, load
 * by load: neighbours are put together until they no longer are alike, and what
 * chance makes of them is tried out by drawing such blocks again and again (the
 * bootstrap, Efron 1979; of blocks, Künsch 1989), their histograms merged.
 * Pure: the same windows give the same answer, to the bit.
 *
 * A difference of less than a twentieth (of errors: of half a point) is called
 * the same, whether it is chance or not; one that is surely there and perhaps
 * less than that has an answer of its own. */
#ifndef INSIGHT_COMPARE_H
#define INSIGHT_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "insight/windows.h"

/* Fewer blocks say nothing; of less time than this noise may be slower than
 * what is seen of it. */
#define COMPARE_BLOCKS_MIN   8
#define COMPARE_SURE_S       300
#define COMPARE_FLOOR        0.05
#define COMPARE_FLOOR_ERRORS 0.005
#define COMPARE_LEVELS_MAX   16

enum compare_figure {
    COMPARE_P50,
    COMPARE_P95,
    COMPARE_P99,
    COMPARE_RPS,
    COMPARE_ERRORS,
    COMPARE_FIGURES
};
/* "p50", …, "rps", "error_rate". */
const char *compare_figure_name(enum compare_figure f);

enum compare_answer {
    COMPARE_SHORT, /* not enough to say */
    COMPARE_WORSE,
    COMPARE_BETTER,
    COMPARE_SAME,
    COMPARE_UNSURE, /* not distinguishable, it may be none: see least */
    COMPARE_SLIGHT, /* more than chance, but perhaps less than the floor */
};
/* "too_short", "worse", "better", "same", "not_distinguishable",
 * "may_be_slight". */
const char *compare_answer_name(enum compare_answer a);

struct compare_result {
    enum compare_answer answer;
    bool any;         /* the figures below are of something */
    double a, b;      /* µs, requests a second, a share */
    double change;    /* b against a: a share of a; of errors b - a */
    double low, high; /* it lies there, at 95 % */
    double least;     /* a change that would have been seen (4 times of 5) */
    double a_low, a_high, b_low, b_high; /* percentiles: where the true ones
                         lie by the number of samples alone; NAN elsewhere, and
                         where there are too few */
};

struct compare_level {
    double load;
    double seconds_a, seconds_b; /* active time at that load */
    size_t blocks_a, blocks_b;
    double block_s;
    bool sure; /* COMPARE_SURE_S of both */
    struct compare_result of[COMPARE_FIGURES];
};

/* A run, or several one after another. */
struct compare_side {
    const struct window *list; /* borrowed */
    size_t n;
};

struct compare_report {
    struct compare_level levels[COMPARE_LEVELS_MAX]; /* the longest first */
    size_t n; /* 0: the runs have no load in common that was held */
    /* Time in which a run still felt an overload of before: in no level. */
    double felt_a, felt_b; /* s */
    /* Time of each in which the generator was suspect: in its levels. */
    double suspect_a, suspect_b; /* s */
};

/* What an interval of the change says: low to high as in compare_result. All
 * of it beyond the floor is WORSE or BETTER, all of it within SAME; of what is
 * left one that holds zero is UNSURE, and one that does not SLIGHT. */
enum compare_answer compare_judge(enum compare_figure f, double low,
                                  double high);
/* Works for some milliseconds. */
void compare_of(const struct compare_side *a, const struct compare_side *b,
                struct compare_report *out);
/* The worst that the first level says: WORSE before BETTER before SLIGHT before
 * UNSURE before SAME before SHORT; SHORT of none. */
enum compare_answer compare_summary(const struct compare_report *r);

#endif
