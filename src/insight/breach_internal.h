/* SPDX-License-Identifier: MIT
 *
 * breach_internal - what the files that make breach share: breach.c (windows,
 * and the runs of them), breach_place.c (between which loads a run lies, and
 * what was before it). */
#ifndef INSIGHT_BREACH_INTERNAL_H
#define INSIGHT_BREACH_INTERNAL_H

#include "insight/breach.h"

/* Windows that are kept: a run that is not yet long enough, and what was before
 * it. */
#define BREACH_PAST 64
/* Loads that were good, each another than the one before. */
#define BREACH_LOADS 128
/* Kinds of a window's breaks: each rule, and throughput. */
#define BREACH_KINDS (RULES_MAX + 1)

struct breach_window {
    uint64_t start_us, end_us, active_us;
    double from, load; /* load at its start and its end */
    uint64_t who;      /* made it: see moment */
    double mean_us;    /* of its responses */
    bool ramp, bad, suspect;
    uint64_t requests;
    bool broke[BREACH_KINDS];
    bool clear[BREACH_KINDS];   /* not by chance below the limit */
    double worst[BREACH_KINDS]; /* µs, shares */
};

struct breach_load {
    double load;
    uint64_t who;
};

struct breach {
    struct rule rules[RULES_MAX];
    size_t n_rules;
    struct breach_window open; /* what is being filled */
    struct histo *good;        /* owned; of open */
    uint64_t requests, failed, begun;
    double due;
    uint32_t in_flight;
    bool any;    /* something is in open */
    double rate; /* requests a second of the window before */
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
    size_t row;        /* good windows behind each other since */
    uint64_t since_us; /* active time since its last bad one ended */
    struct breach_found list[BREACH_MAX + 1];
    size_t n; /* of the list, that are over */
};

/* The most load of those scenarios that was good and is less. */
double breach_below(const struct breach *b, uint64_t who, double load);
/* The load that window i of the past says something about. */
double breach_held(const struct breach *b, size_t i);
/* Where the run begins, in the past: of what it broke most. */
size_t breach_start(const struct breach *b, size_t rule);
/* Fills between which loads it lies: see the head of breach.h. */
void breach_place(const struct breach *b, size_t start, size_t rule,
                  struct breach_found *f);
/* Fills what was done before it. */
void breach_calm(const struct breach *b, size_t start, struct breach_found *f);

#endif
