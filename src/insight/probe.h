/* SPDX-License-Identifier: MIT
 *
 * probe - one load, held until it is known whether the service bears it.
 * Incremental and pure: moments in, a verdict out; no clock.
 *
 * First it settles: three blocks of 5 s (or, up to 10 s, of two responses' time
 * or of 60 requests) whose medians of response time and means of requests in
 * flight change by no more than a tenth and what chance explains; the last two
 * of them are measured already. After 30 s it is measured all the same; where
 * requests in flight of a rate of arrival keep growing then (slope of more than
 * three standard errors, and the last third half as high again as the first),
 * more is asked for than is done: it breaks.
 *
 * Then, for each rule, the share of responses beyond its limit, or of failed
 * requests, is held against what the rule allows, with Wilson's interval (1927)
 * of 95 % on each side. Seconds hang together, so the interval is that of as
 * many requests as are worth it: the variance between seconds over the
 * binomial one, times (1 + r)/(1 - r) of their lag-1 correlation r. Beyond, it
 * breaks; within, it holds; where the interval has the limit in it the time is
 * doubled once, and then the estimate counts, as a soft verdict. What is clear
 * by three standard errors after 10 s is not measured on (of a quick one, whose
 * blocks are of 3 s, after 6 s). A rule about a part of the samples is held
 * against those alone; settling, silence and what piles up are of all requests.
 * Where a rule on a part had no sample the verdict waits for it; one of which
 * there never was a sample in a probe of its whole time is left out until there
 * is. One that had five or more at less load and has none in all of a probe
 * breaks it, softly: what it is about hangs, or fails as a whole. So does a
 * probe without any answer; five seconds of silence, or as long as two
 * responses may take by the limits on them, end it at once. p100 is left out:
 * no share can be held against it. Where few requests are made,
 * waiting for 60 of them takes most of the time, and that at the lowest loads:
 * blocks are not stretched, nor medians of a handful compared, as long as no
 * request failed and all responses are within a quarter of each limit; and
 * eight such responses hold it. Were p95 at its limit, and responses lognormal
 * with a sigma of 1, which is much, eight of them would be as quick as that
 * once in 60 times; of a percentile that allows fewer beyond its limit as many
 * times more of them are wanted: 40 of p99. What is wrongly said to hold is
 * repaired, as the next loads break (insight/search). Five seconds far beyond
 * the limit (half as much again for most of what the rule allows, twice over)
 * end it at once. A rate of which less than 95 % begins breaks; but where
 * responses hold their limit meanwhile, VUs are what is missing.
 *
 * Latency is of requests that did not fail. Time is active time. */
#ifndef INSIGHT_PROBE_H
#define INSIGHT_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "insight/moment.h"
#include "insight/plateaus.h"
#include "insight/search.h"

#define PROBE_SETTLE_US        (30 * UINT64_C(1000000)) /* at most */
#define PROBE_MEASURE_US       (30 * UINT64_C(1000000))
#define PROBE_MEASURE_LONG_US  (60 * UINT64_C(1000000))
#define PROBE_MEASURE_QUICK_US (15 * UINT64_C(1000000))

/* What decided, or would have first. */
enum probe_reason {
    PROBE_LATENCY,
    PROBE_ERRORS,
    PROBE_THROUGHPUT, /* less than was due began, or nothing was answered, or
                         nothing of a part that was at less load */
    PROBE_SATURATED,  /* requests in flight grew and grew */
    PROBE_GENERATOR,
};
/* "latency", "errors", "throughput", "saturated", "generator". */
const char *probe_reason_name(enum probe_reason r);

struct probe_report {
    enum search_verdict verdict;
    enum probe_reason reason; /* HOLDS: the rule that is nearest */
    bool soft;                /* chance may have decided */
    bool steady;              /* it had settled before it was measured */
    bool aborted; /* far beyond the limit: not measured to the end */
    int rule;     /* of the rules; -1 = none of them */
    int without;  /* a rule without a sample, -1 = none. HOLDS: nothing was held
                     against it; BREAKS: it broke by that */
    uint64_t settle_us, measured_us; /* active time */
    uint64_t requests, failed;       /* measured, as what follows */
    double rps;
    uint64_t p50_us, p95_us;
    /* The percentile of the rule, or of the first on latency: with its
     * interval of 95 % on each side; 0 = there is none, or no response. */
    uint64_t value_us, low_us, high_us;
    double error_rate;
    double share;     /* ERRORS: that is bad, of what the rule is about */
    double in_flight; /* mean */
    char why[96];     /* GENERATOR: "loop lag p99 14 ms" */
};

enum probe_state { PROBE_SETTLING, PROBE_MEASURING, PROBE_DECIDED };

struct probe; /* opaque */

/* Copies the rules. Owned by the caller; begun and fed any number of times. */
struct probe *probe_new(const struct rule *rules, size_t n_rules);
void probe_free(struct probe **p);
/* That rule counts for nothing: there will be no sample of it. */
void probe_leave_out(struct probe *p, size_t rule);
/* What is special about a rule's samples; or'ed. */
enum {
    /* How long they take is not how long a response does. */
    PROBE_NO_RESPONSE = 1,
    /* That there are none any more is nothing bad: they are of failures. */
    PROBE_MAY_LACK = 2,
};
void probe_mark(struct probe *p, size_t rule, unsigned marks);
/* The load has been reached. To be measured for so long, or twice that. */
void probe_begin(struct probe *p, uint64_t measure_us, bool may_double);
/* fault: what makes the generator suspect in this moment; NULL = nothing. false
 * once it is decided; what comes then is ignored. */
bool probe_feed(struct probe *p, const struct moment *x, const char *fault);
enum probe_state probe_state(const struct probe *p);
/* Active time since its begin, and how much of it is measured so far. */
void probe_passed(const struct probe *p, uint64_t *since_us,
                  uint64_t *measured_us);
/* How long it will be measured, as it stands. */
uint64_t probe_measure_us(const struct probe *p);
/* PROBE_DECIDED. Borrowed until the next begin. */
const struct probe_report *probe_report(const struct probe *p);
/* PROBE_DECIDED. The rule whose percentile the report has; -1 = none. */
int probe_value_rule(const struct probe *p);

#endif
