/* SPDX-License-Identifier: MIT
 *
 * breach - the loads at which the service broke its rules and went on doing
 * so. Incremental and pure: moments in, answers out; no clock.
 *
 * Each part of the samples that rules are about has windows of its own. One is
 * the smallest of 1, 2, 5, 10, 15, 30 s with 60 of the part's samples at the
 * rate of the window before, cut where a level ends; without a sample it says
 * nothing. It is bad when more
 * expected responses are above a limit than chance explains (binomial quantile,
 * 95 %), when more requests fail (99.9 %), when less than 95 % of the
 * iterations that were due began, or when nothing was answered while something
 * was asked. A breach is a run of windows of 10 s or more, three at least, four
 * fifths of them bad; or, of a limit on a share, beyond it, and all together
 * beyond what chance explains (99.9 %). It is over when three windows are
 * within the limit and none between them is bad. It lies between the last load
 * that was good and the load at its start. In a ramp what is seen was asked for
 * earlier: the load at the start less what came during a response's time, give
 * or take a window and that time. A load that rose by more than a tenth in ten
 * seconds counts as the least of these: overload takes its time to show. What a
 * hunt does between two levels is left out. Time is active time: a pause does
 * not count.
 *
 * One that passes by itself, while a load goes on that had held for 10 s before
 * it and holds again (three windows), is a disturbance, and no work of the
 * load's. One in which some request names were not served while others were
 * (outages_named.h) is that from the first, if its load had held, and unless it
 * goes on for 30 s after that.
 *
 * So is one that comes at such a load once more, after it had held again; one
 * that is back sooner takes back that the one before had passed. An outage
 * (moments that are down) is no breach: a run that is none yet ends where it
 * begins, and until a window is good again, for 30 s at most, bad ones are of
 * what came of it. */
#ifndef INSIGHT_BREACH_H
#define INSIGHT_BREACH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "insight/moment.h"
#include "insight/plateaus.h"

#define BREACH_LEAST_US      (10 * UINT64_C(1000000))
#define BREACH_LEAST_WINDOWS 3
#define BREACH_SHARE         0.8
#define BREACH_MAX           32

enum breach_by {
    BREACH_LATENCY,
    BREACH_ERRORS,
    BREACH_THROUGHPUT, /* iterations that were due did not begin, or nothing
                          was answered */
};
/* "latency", "errors", "throughput". */
const char *breach_by_name(enum breach_by by);

struct breach_found {
    uint64_t start_us;  /* run time: its first bad window begins */
    uint64_t end_us;    /* its last bad window ends */
    uint64_t lasted_us; /* active time between them */
    bool over;       /* good again: three windows within the limit, none between
                        them bad; or the load ended */
    uint64_t who;    /* made its load: see moment */
    double low;      /* load of the same that was good before; 0 = none less
                        was */
    double high;     /* load at which it was bad */
    bool ramp;       /* the load was on its way: both are corrected */
    double rps;      /* requests a second of the good windows before it, 10 s at
                        most; 0 = there were none */
    uint64_t rps_us; /* active time of these */
    enum breach_by by; /* what most of its first windows broke */
    int rule;          /* of the rules; -1 = THROUGHPUT */
    uint64_t worst_us; /* LATENCY: the percentile in its worst window */
    double worst;      /* ERRORS: share that failed in the worst window;
                          THROUGHPUT: least share that began */
    bool suspect;      /* the generator was, in one of its bad windows */
    bool held;         /* its load had held for 10 s before it */
    uint64_t out_us;   /* run time: end of its last bad window in which some
                          names were not served, while others were; 0 = none */
    bool passing;      /* held, and held after it, as it went on; or of those */
    uint64_t grain_us; /* active time of its first window */
};

struct breach; /* opaque */

/* Copies the rules. Owned by the caller. */
struct breach *breach_new(const struct rule *rules, size_t n_rules);
/* Of its rules that one is nobody's own: of two that are broken at once it is
 * told last. */
void breach_assume(struct breach *b, size_t rule);
void breach_free(struct breach **b);
void breach_feed(struct breach *b, const struct moment *x);
/* The load ends. */
void breach_end(struct breach *b);
/* The highest load that was good so far, for each part that had samples; 0 =
 * none. */
double breach_good_load(const struct breach *b);
/* Breaches so far: those of all requests, then of each other part, in time.
 * Borrowed until the next feed. Of more than BREACH_MAX of a part those at most
 * load are forgotten, never the first. */
size_t breach_count(const struct breach *b);
const struct breach_found *breach_at(const struct breach *b, size_t i);
/* The first that did not pass by itself, and the first that did; NULL = none so
 * far. */
const struct breach_found *breach_found(const struct breach *b);
const struct breach_found *breach_passing(const struct breach *b);

#endif
