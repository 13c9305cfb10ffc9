/* SPDX-License-Identifier: MIT
 *
 * model_findings - the anomalies that were found, as a picture shows them. Part
 * of a model. */
#ifndef SCREEN_MODEL_FINDINGS_H
#define SCREEN_MODEL_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "run/study.h"

enum { MODEL_FINDINGS_MAX = 64 }; /* newest that are kept */

struct model_finding {
    uint64_t start_us, end_us; /* run time; the same where it is of a moment */
    bool over;                 /* it does not go on */
    bool bad;                  /* a fault rather than a remark */
    char at[NUM_MAX];          /* when it began, "4:58" */
    char kind[24];             /* "stall", "rate limit" */
    char figure[72];           /* what it comes to: "42 lost", "p95 +18 %" */
    char text[256];            /* all of it in words, escaped */
};

struct model_findings {
    struct model_finding list[MODEL_FINDINGS_MAX]; /* newest first */
    size_t n, n_all;
};

/* Under the story's lock. */
void model_findings_take(struct model_findings *m, const struct study *s);

#endif
