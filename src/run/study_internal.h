/* SPDX-License-Identifier: MIT
 *
 * study_internal - what study.c (figures), study_stretch.c (the time they are
 * of), study_anomaly.c and study_tell.c (words) share. */
#ifndef RUN_STUDY_INTERNAL_H
#define RUN_STUDY_INTERNAL_H

#include "insight/anomalies.h"
#include "run/study.h"

/* Stages, keys and marks that are remembered. */
#define STUDY_NOTES 64

struct study_note {
    uint64_t t_us; /* run time */
    char text[96]; /* "keyboard: 80 VUs" */
};

/* What is being filled. */
struct study_stretch {
    bool any;
    uint64_t second; /* that its last tick counts to */
    struct moment x;
    struct histo *all, *good; /* owned, as the next */
    struct rule_parts *parts;
};

struct study {
    const struct run_info *info;          /* borrowed */
    struct plateaus *plateaus;            /* owned */
    struct recovery *recovery;            /* owned */
    struct breach *breach;                /* owned */
    struct soak *soak;                    /* owned */
    struct hunt_log *hunt;                /* owned */
    struct windows *windows;              /* owned; NULL: not kept */
    struct anomalies *anomalies;          /* owned */
    struct study_note notes[STUDY_NOTES]; /* a ring */
    size_t n_notes;                       /* in all */
    /* What was near each change of p95; "" = nothing. */
    struct study_note besides[ANOMALIES_EACH];
    size_t beside_of[ANOMALIES_EACH]; /* index of the anomaly */
    size_t n_besides, beside_from;    /* all anomalies before it are looked at
                                       */
    struct beat_part *parts;          /* owned: of a beat */
    size_t cap_parts;
    bool *given; /* owned: rows whose latencies a beat has had */
    size_t cap_given;
    /* Of each anomaly: 0 nothing has been said, 1 that it began, 2 all. */
    unsigned char told[ANOMALY_KINDS * ANOMALIES_EACH];
    size_t news_from;           /* all is said of those before it */
    size_t passing;             /* breaches that passed by themselves so far */
    unsigned char told_break;   /* 1 that requests fell, 2 that a rule broke */
    double told_low, told_high; /* between which loads */
    uint64_t told_back_us;      /* one more than t0 of the last return told */
    struct scaling scaling;     /* of so many closed plateaus: */
    size_t scaled;
    uint64_t server_limit;      /* bytes that its memory may be; 0 = unknown */
    struct study_memory memory; /* against that */
    struct rules rules;
    struct study_stretch open;
    struct study_stretch held; /* behind open: an outage, or not */
    uint64_t silent_us;        /* active time without an answer in held */
    bool down;                 /* it is one, and goes on */
    bool back;                 /* held is the edge at which it ends */
    uint64_t suspect_us;       /* of the generator, in all so far */
    bool ended;
    double wanted[LINEUP_MAX]; /* at the end of the tick before */
    char by[MOMENT_BY_MAX];    /* who steered last */
};

/* Of a tick of the run. */
void study_weigh(struct study_memory *m, const struct tick *t);
/* For how long the generator was suspect since the tick before; µs, at most
 * what was active. */
uint64_t study_suspect(struct study *s, const struct tick *t);
void stretch_init(const struct study *s, struct study_stretch *a);
void stretch_clear(struct study_stretch *a);
/* "9 s", "1m45s": whole seconds. Returns buf, NUM_MAX bytes. */
const char *tell_span(char *buf, uint64_t us);
/* " of Chat", " of Chat and 2 others"; "" of all. Returns buf. */
#define TELL_NAMES_MAX 96
const char *tell_names(const struct study *s, const struct recovery_names *n,
                       char *buf, size_t size);
/* Is it on p95 of all requests? */
bool study_rule_on_p95(const struct rule *r);
/* Adds "; back means …". */
void tell_back(const struct study *s, const struct recovery_episode *e,
               char *buf, size_t size);
/* Adds a tick, of which x has what is not in its delta. */
void study_add(struct study *s, const struct tick *t, const struct moment *x);
/* What is open is over, and is fed. */
void study_close(struct study *s);
/* Feeds a stretch to all that is fed. */
void study_insight(struct study *s, const struct moment *x);
/* Keeps an event that something may have come of. */
void study_note(struct study *s, const struct event *e);
/* Looks up what is beside the changes that are new. */
void study_find_beside(struct study *s);
/* NULL: nothing, or it is no change of p95. */
const struct study_note *study_beside(const struct study *s,
                                      const struct anomaly *x);
/* Run time by which the last request of t had ended, to a beat; 0 = none did.
 */
uint64_t study_last_us(const struct tick *t);
/* Where answers end in it and begin again, to a beat. */
struct moment_gap study_gap(const struct tick *t);
/* A tick goes to what looks for anomalies; x is its load and time. */
void study_beat(struct study *s, const struct tick *t, const struct moment *x);

#endif
