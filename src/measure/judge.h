/* SPDX-License-Identifier: MIT
 *
 * judge - thresholds held against a ledger: for the whole run, which decides,
 * and for the last ten seconds, which is shown beside it. A threshold that
 * nothing fed never passes at the end; one that a count has not reached is
 * undecided until then. */
#ifndef MEASURE_JUDGE_H
#define MEASURE_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/ledger.h"
#include "plan/plan.h"

#define JUDGE_WHY_MAX 160

struct verdict {
    const struct threshold *threshold; /* borrowed from the plan */
    struct figure run;    /* of the run, or of its own window when it has one;
                             such a window that has run empty keeps the last
                             figure it had */
    struct figure window; /* last ten seconds */
    bool ok;              /* run.fed and it holds */
    bool window_ok;       /* window not fed, or it holds */
    bool pending;         /* nothing fed it yet, or a count that it may still
                             reach: shown as undecided */
    double margin;        /* 1 - value/limit for "<": share of the limit left;
                             negative when over; for ">" the other way; with a
                             limit of 0, and for "==" and "!=", 0 when it
                             holds and -1 when not */
    bool ever_failed;
    uint64_t first_failed_us; /* run time it first failed, of the judged span */
    /* What the value does not say; "" = nothing. Safe to show. */
    char why[JUDGE_WHY_MAX];
};

/* What the recoveries of the run come to so far, for thresholds on
 * recovery_time. They are no samples: who has studied the run hands them in. */
struct judge_returns {
    bool any;   /* something was wrong at some time; else nothing else is set
                   but why */
    bool timed; /* ms is known */
    double ms;  /* the longest; of one that goes on the time that it is known to
                   take at least */
    bool open;  /* one is not decided: it may still come to more, or to none */
    bool lost;  /* one has ended without a return, or none could be measured: no
                   limit is kept */
    char why[JUDGE_WHY_MAX]; /* as a verdict's */
};

struct judge; /* opaque */

/* Announces what thresholds ask of l, which has not been fed yet. Both are
 * borrowed and outlive the judge (the plan outlives l as well). */
struct judge *judge_new(const struct plan *plan, struct ledger *l);
void judge_free(struct judge **j);
/* What evals from now on know of recoveries. Copied; before the first, there
 * was none. */
void judge_returned(struct judge *j, const struct judge_returns *r);
/* Holds every threshold against the ledger: twice a second while running, and
 * once at the end. t_us: run time. active_us: active time since the start,
 * which delayAbortEval counts in. Returns the index of a threshold that asks to
 * abort now, or -1. */
int judge_eval(struct judge *j, uint64_t t_us, uint64_t active_us);
/* The same for the last time: nothing is undecided any more. */
int judge_end(struct judge *j, uint64_t t_us, uint64_t active_us);
size_t judge_count(const struct judge *j);
/* Borrowed until the next eval. */
const struct verdict *judge_verdict(const struct judge *j, size_t i);

#endif
