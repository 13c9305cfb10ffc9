/* SPDX-License-Identifier: MIT
 *
 * study_internal - what study.c (figures) and study_tell.c (words) share. */
#ifndef RUN_STUDY_INTERNAL_H
#define RUN_STUDY_INTERNAL_H

#include "run/study.h"

struct study {
    const struct run_info *info; /* borrowed */
    struct plateaus *plateaus;   /* owned */
    struct recovery *recovery;   /* owned */
    struct breach *breach;       /* owned */
    struct soak *soak;           /* owned */
    struct scaling scaling;      /* of so many closed plateaus: */
    size_t scaled;
    uint64_t server_limit; /* bytes that its memory may be; 0 = unknown */
    struct plateau_rule rules[PLATEAUS_RULES_MAX];
    size_t n_rules;
    struct histo *all, *good; /* owned; of open */
    struct moment open;       /* what is being filled */
    bool any;                 /* there is one */
    bool ended;
    double wanted[LINEUP_MAX]; /* at the end of the tick before */
    char by[MOMENT_BY_MAX];    /* who steered last */
};

#endif
