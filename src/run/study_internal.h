/* SPDX-License-Identifier: MIT
 *
 * study_internal - what study.c (figures), study_stretch.c (the time they are
 * of) and study_tell.c (words) share. */
#ifndef RUN_STUDY_INTERNAL_H
#define RUN_STUDY_INTERNAL_H

#include "run/study.h"

/* What is being filled. */
struct study_stretch {
    bool any;
    struct moment x;
    struct histo *all, *good; /* owned */
};

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
    struct study_stretch open;
    struct study_stretch held; /* behind open: an outage, or not */
    uint64_t silent_us;        /* active time without an answer in held */
    bool down;                 /* it is one, and goes on */
    bool ended;
    double wanted[LINEUP_MAX]; /* at the end of the tick before */
    char by[MOMENT_BY_MAX];    /* who steered last */
};

/* "9 s", "1m45s": whole seconds. Returns buf, NUM_MAX bytes. */
const char *tell_span(char *buf, uint64_t us);
/* Adds a tick, of which x has what is not in its delta. */
void study_add(struct study *s, const struct tick *t, const struct moment *x);
/* What is open is over, and is fed. */
void study_close(struct study *s);
/* Feeds a stretch to all that is fed. */
void study_insight(struct study *s, const struct moment *x);

#endif
