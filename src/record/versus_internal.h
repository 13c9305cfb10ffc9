/* SPDX-License-Identifier: MIT
 *
 * versus_internal - how rows are put together: for versus*.c alone. */
#ifndef RECORD_VERSUS_INTERNAL_H
#define RECORD_VERSUS_INTERNAL_H

#include "record/versus.h"

/* A moment of a run by its figures; what it has not is NAN. */
struct versus_moment {
    double of[COMPARE_FIGURES];
};

/* The same moments of both runs. */
struct versus_track {
    struct versus_pair {
        struct versus_moment a, b;
        unsigned part; /* of the run: it changes where a stage ends */
    } * list;          /* owned */
    size_t n, cap;
};
void versus_track_add(struct versus_track *t, const struct versus_moment *a,
                      const struct versus_moment *b, unsigned part);
void versus_track_clear(struct versus_track *t);

/* What a row is made of: summed over pairs. */
struct versus_sum {
    double *d[COMPARE_FIGURES];      /* owned: differences */
    unsigned *part[COMPARE_FIGURES]; /* owned: of the same */
    size_t n[COMPARE_FIGURES], cap[COMPARE_FIGURES];
    double a[COMPARE_FIGURES],
        b[COMPARE_FIGURES]; /* of percentiles logarithms */
    double requests;        /* of the side with fewer */
    double n_a, n_b;        /* requests before and now */
    size_t pairs;
};
/* Adds a pair: the figures of both, its moments, and how many requests each
 * had. */
void versus_sum_pair(struct versus_sum *s, const struct versus_moment *a,
                     const struct versus_moment *b,
                     const struct versus_track *t, double n_a, double n_b);
/* Fills the row's figures, and empties s. */
void versus_sum_end(struct versus_sum *s, struct versus_row *row);

/* An empty row at the end. Borrowed until the next. */
struct versus_row *versus_row_add(struct versus *v, enum versus_kind kind,
                                  const char *name);

/* The run's curves at a moment. */
struct versus_moment versus_moment_at(const struct baseline_run *r,
                                      uint64_t t_us);
/* How far apart the points of a run are; 0 = it has none. */
uint64_t versus_step(const struct baseline_run *r);

/* Of errors: the interval by counts of requests where that is sure enough
 * (versus_judge.c). */
void versus_judge_counts(struct versus_figure *v, double n_a, double n_b);
/* Takes back answers that the rest of the row speaks against. */
void versus_judge_row(struct versus_row *row);

/* Rows of stages (versus_stages.c). */
void versus_stages(struct versus *v, struct baseline_run *const *a,
                   struct baseline_run *const *b, size_t n);

#endif
