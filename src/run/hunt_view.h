/* SPDX-License-Identifier: MIT
 *
 * hunt_view - what a tick says of a hunt for the breaking point, and the words
 * for it. Plain data. */
#ifndef RUN_HUNT_VIEW_H
#define RUN_HUNT_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "insight/probe.h"
#include "insight/search.h"
#include "measure/failure.h"
#include "run/rule_words.h"

enum hunt_phase {
    HUNT_OFF,    /* no hunt: the rest of the view is 0 */
    HUNT_RAMP,   /* on the way to the next load */
    HUNT_SETTLE, /* it is there, and not yet steady */
    HUNT_MEASURE,
    HUNT_COOL,  /* after an overload: until the service is itself again */
    HUNT_YOURS, /* the operator has the wheel */
    HUNT_OVER,
};

/* "holds", "breaks", "invalid". */
const char *hunt_verdict_name(enum search_verdict v);

/* Why it ended without an answer of the search. */
enum hunt_cut {
    HUNT_CUT_NONE,
    HUNT_CUT_TIME,   /* its time was up */
    HUNT_CUT_SILENT, /* nothing was ever answered */
    HUNT_CUT_PLAN,   /* the plan fails in a way that no load explains */
};
/* "none", "time", "unreachable", "plan". */
const char *hunt_cut_name(enum hunt_cut c);

/* What fails where there is nothing to be hunted: CUT_SILENT, CUT_PLAN. */
#define HUNT_WHERE_MAX 48
#define HUNT_SAID_MAX  80
struct hunt_fault {
    enum failure kind;    /* how; FAILURE_NONE: no request has ended */
    unsigned status;      /* 0 = no response */
    bool lowest;          /* seen at the lowest load; else whatever it is */
    uint64_t failed, all; /* so; of the same name. A check's: how often */
    char where[HUNT_WHERE_MAX]; /* the request's name, or the check's; "" = not
                                   known */
    char said[HUNT_SAID_MAX];   /* a line of the response, or why the check
                                   failed; "" = nothing for people */
};

/* A load that was tried. */
struct tick_probe {
    uint64_t start_us, end_us; /* run time, from the ramp's end */
    uint32_t load;
    enum search_why why;
    bool longer;
    struct probe_report report;
    /* Of the rule that the report is about: < 0: of a share; limit in µs, or a
     * share. */
    double percentile, limit;
    struct rule_words words;
    /* Of what there was no sample, as of the report's; "" = of nothing. */
    char without[RULE_SUBJECT_MAX];
};

struct tick_hunt {
    enum hunt_phase phase;
    bool quick;
    enum search_why why; /* of the load that is tried */
    uint32_t load;       /* that is tried; HUNT_COOL: the last one */
    unsigned number;     /* of the try, from 1 */
    uint64_t phase_us;   /* active time in the phase; HUNT_MEASURE: measured */
    uint64_t measure_us; /* HUNT_MEASURE: it will be so long */
    struct search_answer answer; /* as far as it is known */
    double rps;                  /* that the highest load that held did; 0 */
    bool broke;                  /* some load did: */
    enum probe_reason by;        /* what the last one broke by */
    unsigned missed; /* overloads that it did not come back from in time */
    enum hunt_cut cut;
    struct hunt_fault fault; /* HUNT_CUT_SILENT, HUNT_CUT_PLAN */
    /* SEARCH_BELOW: of the rule that was broken; its value in µs, or in
     * millionths of a share; 0 = nothing. */
    double percentile, limit;
    struct rule_words words;
    uint64_t value;
};

/* What is told fits in so much. */
#define HUNT_TEXT_MAX 512

/* In words, one line each; all return buf. unit: "VUs", "it/s". */
/* "probe 7 (narrow): 60 VUs, measuring 0:12 of 0:30". */
const char *hunt_tell_now(const struct tick_hunt *h, const char *unit,
                          char *buf, size_t size);
/* "60 VUs hold: p95 182 ms of 200 ms (170 to 195 ms), 240 req/s"; of one that
 * is to be tried again "60 VUs: not enough to say, again: loop lag p99 14 ms";
 * "60 VUs break: p95 of Chat 3.10 s over 3.00 s (2.90 to 3.30 s), …"; "60 VUs
 * break: no sample of p95 of Chat any more, 90 req/s; …". */
const char *hunt_tell_probe(const struct tick_probe *p, const char *unit,
                            char *buf, size_t size);
/* "61 ± 3 VUs, 240 req/s, limited by latency"; "between 40 and 80 VUs so far";
 * "none up to 200 VUs"; "nothing answered: connection refused; …"; "the plan
 * fails at 1 VU: HTTP 415 on all 42 requests of Chat; …". */
const char *hunt_tell_answer(const struct tick_hunt *h, const char *unit,
                             char *buf, size_t size);
/* The same, and why there is no better one if time was up. */
const char *hunt_tell_whole(const struct tick_hunt *h, const char *unit,
                            char *buf, size_t size);

#endif
