/* SPDX-License-Identifier: MIT
 *
 * breach_internal - what the files that make breach share: breach.c (all parts
 * together), breach_part.c (windows of one, and the runs of them),
 * breach_place.c (between which loads a run lies, and what was before it),
 * breach_together.c (errors of a run as a whole). */
#ifndef INSIGHT_BREACH_INTERNAL_H
#define INSIGHT_BREACH_INTERNAL_H

#include "insight/breach.h"

/* Windows that are kept: a run that is not yet long enough, and what was before
 * it. */
#define BREACH_PAST 64
/* Loads that were good, each another than the one before. */
#define BREACH_LOADS 128
/* Time after an outage in which a bad window is of that. */
#define BREACH_AFTER_US (30 * UINT64_C(1000000))
/* So sure it has to be that more fail than may. */
#define BREACH_ERRORS_Q 0.999
/* Kinds of a window's breaks: each rule, and throughput. */
#define BREACH_KINDS (RULES_MAX + 1)

struct breach_window {
    uint64_t start_us, end_us, active_us;
    double from, load; /* load at its start and its end */
    uint64_t who;      /* made it: see moment */
    double mean_us;    /* of all responses in it */
    bool ramp, bad, suspect;
    uint64_t out_since_us; /* of an outage of names in it; UINT64_MAX = none */
    uint64_t requests;
    uint64_t n_of, n_bad; /* samples of the part */
    bool broke[BREACH_KINDS];
    bool clear[BREACH_KINDS];   /* not by chance below the limit */
    double worst[BREACH_KINDS]; /* µs, shares */
};

struct breach_load {
    double load;
    uint64_t who;
};

/* Breaches of one part of the samples. */
struct breach_part {
    unsigned part;                /* see moment_part */
    struct rule rules[RULES_MAX]; /* on it */
    int number[RULES_MAX];        /* of each, in the list of all */
    size_t n_rules;
    struct breach_window open; /* what is being filled */
    struct histo *good;        /* owned; of open */
    uint64_t n_of, n_bad;      /* samples of the part */
    uint64_t requests, begun;  /* of all */
    uint64_t n_good, good_us;  /* responses of all, and their times */
    double due;
    uint32_t in_flight;
    bool any;    /* something is in open */
    bool seen;   /* something was judged at some time */
    double rate; /* of the part, a second, in the window before */
    double load; /* of the moment before, and who made it */
    uint64_t who;
    struct breach_load loads[BREACH_LOADS]; /* good ones, a ring */
    size_t n_loads;
    struct breach_window past[BREACH_PAST]; /* oldest first; since the last
                                               breach */
    size_t n_past;
    size_t n_run; /* the last of them that may be a breach: from a bad one */
    uint64_t after_us; /* left of what comes of an outage */
    bool is;           /* one goes on: the last of the list */
    size_t kind;       /* that it is of: a rule of the part's; n_rules:
                          throughput */
    bool again;        /* and has been asked for ever since */
    size_t row;        /* windows within its limit since a bad one */
    uint64_t since_us; /* active time since its last bad one ended */
    struct breach_found list[BREACH_MAX + 1];
    size_t n; /* of the list, that are over */
};

struct breach_part *breach_part_new(const struct rule *rules, size_t n_rules,
                                    unsigned part);
void breach_part_free(struct breach_part **b);
void breach_part_feed(struct breach_part *b, const struct moment *x);
void breach_part_end(struct breach_part *b);
/* The most load that was good; 0 = none. */
double breach_part_good(const struct breach_part *b);

/* More fail than that rule allows in most windows of the run, in so many of
 * them, and in all of them together more than chance explains. */
bool breach_together(const struct breach_part *b, const struct rule *r,
                     size_t *over);
/* The load that window i of the past says something about. */
double breach_held(const struct breach_part *b, size_t i);
/* Where the run begins, in the past: of what it broke most. */
size_t breach_start(const struct breach_part *b, size_t rule);
/* Fills between which loads it lies: see the head of breach.h. */
void breach_place(const struct breach_part *b, size_t start, size_t rule,
                  struct breach_found *f);
/* It is an outage of some names, and what came of it. */
bool breach_of_names(const struct breach_found *f);
/* For as long as a breach lasts, what was just before it was good at so much
 * load. */
bool breach_held_before(const struct breach_part *b, size_t start, double load);
/* From that window on so much was asked for without a break, by the same. */
bool breach_went_on(const struct breach_part *b, size_t start, double load);
/* Fills what was done before it. */
void breach_calm(const struct breach_part *b, size_t start,
                 struct breach_found *f);

#endif
