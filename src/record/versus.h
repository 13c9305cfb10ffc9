/* SPDX-License-Identifier: MIT
 *
 * versus - two runs side by side: their whole, each request name and each
 * stage, with what differs and whether that is more than chance. A figure is
 * that of the whole row, as the files have it; chance is judged moment by
 * moment, the second run's held against the first one's of the same moment (of
 * a stage: as long after it began), so that ramps and spikes, which both have,
 * are not taken for a difference. Of several pairs of runs the figures are
 * averaged, and the moments of all put together. */
#ifndef RECORD_VERSUS_H
#define RECORD_VERSUS_H

#include <stdbool.h>
#include <stddef.h>

#include "insight/compare.h"
#include "insight/contrast.h"
#include "record/baseline.h"

enum versus_kind {
    VERSUS_RUN,
    VERSUS_ENDPOINT, /* a request name */
    VERSUS_STAGE,
};

/* So many more of all requests failed now: what else is better then may be
 * that failures are quick. */
#define VERSUS_FAILED 0.05

/* Why a change that is more than chance is not called better or worse. */
enum versus_doubt {
    VERSUS_SURE,
    VERSUS_OF_FAILURES, /* better, but VERSUS_FAILED more failed */
    VERSUS_MIXED,       /* the whole's figure went the other way */
};
/* NULL, "of_failures", "mixed". */
const char *versus_doubt_name(enum versus_doubt d);

struct versus_figure {
    double a, b; /* before and now: µs, requests a second, a share; NAN = none.
                    A stage's percentiles are the median of its seconds' */
    double change; /* b against a: a share of a; of errors b - a; NAN = none */
    struct contrast moments; /* of the same: shares, of errors differences. Of
                                errors by all requests (Newcombe 1998) where
                                these alone say that more than half of them
                                went from one side to the other */
    enum compare_answer answer; /* by the moments; of errors the same where
                                   nothing failed before and now */
    enum versus_doubt doubt;    /* if any, the answer is COMPARE_UNSURE */
};

struct versus_row {
    enum versus_kind kind;
    char *name;      /* owned: of the request; "spike 220" of a stage; "" */
    char *scenario;  /* owned: whose stage; "" elsewhere */
    size_t stage;    /* from 0: its place in the scenario */
    bool in_a, in_b; /* it is there before, and now */
    double load_a, load_b; /* of a stage: the mean of its scenario's VUs, or of
                              iterations begun a second; NAN = unknown */
    struct versus_figure of[COMPARE_FIGURES];
};

struct versus {
    struct versus_row *rows; /* owned: the run, then names, then stages */
    size_t n, cap;
    bool loads_differ; /* of the whole runs, by more than a tenth */
    double common_s;   /* time that is in both, of all pairs */
};

/* Of n pairs of runs: a[i] before, b[i] now. Owned by the caller. */
struct versus *versus_new(struct baseline_run *const *a,
                          struct baseline_run *const *b, size_t n);
void versus_free(struct versus **v);

/* What the whole's figure says where no load was held long enough to say
 * anything: COMPARE_WORSE or COMPARE_BETTER; COMPARE_SHORT = nothing that is
 * sure. In less than COMPARE_SURE_S noise may be slower than what is seen of
 * it, which alone makes half as much again of a latency or a rate, and a few
 * points of errors: there more than that is asked for. Where fewer fail, that
 * the rest is slower is what serving them takes; where the loads differ only
 * failures of more than half of all requests count. */
enum compare_answer versus_whole(const struct versus *v, enum compare_figure f);
/* The worst of all its figures: WORSE before BETTER before SHORT. */
enum compare_answer versus_answer(const struct versus *v);

/* Both return buf. "+12.7 %", "+0.3 pt", "-" of none. */
const char *versus_change(enum compare_figure f, double change, char *buf,
                          size_t size);
/* What the moments say: "+11 % (±4), worse", "+1.0 % (±2.1), same within 5 %",
 * "+3 % (±9), not distinguishable", "-4.5 % (±0.8), more than chance, may be
 * slight", "not enough to say", "-99 % (±1), of quick failures, not better",
 * "+104 % (+19 to +250), worse". ascii: "+-4". */
const char *versus_tell(const struct versus_figure *v, enum compare_figure f,
                        bool ascii, char *buf, size_t size);

#endif
