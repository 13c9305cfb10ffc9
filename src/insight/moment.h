/* SPDX-License-Identifier: MIT
 *
 * moment - what insight is fed: what a second of the run, or the part of it
 * up to a change of load, came to. The same moments give the same answers,
 * to the bit, whether they come from a run or from its record. */
#ifndef INSIGHT_MOMENT_H
#define INSIGHT_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "measure/histo.h"
#include "measure/series.h"
#include "measure/sieve.h"

#define MOMENT_BY_MAX 48

/* Where answers end and begin again, by ticks. Not served are those without a
 * connection, those that timed out, and 5xx. A tick in which most are not
 * served is none of answers, but where all that is known is of one. */
struct moment_gap {
    uint64_t served_us; /* run time by which the last that was served had ended;
                           0 = none was, or it is not known */
    uint64_t lead;      /* not served, before the first that was */
    uint64_t trail, trail_us; /* and behind the last; run time at which those
                                 began to end */
};
/* Adds what came behind it. */
void moment_gap_join(struct moment_gap *a, const struct moment_gap *b);

struct moment {
    uint64_t start_us, end_us; /* run time */
    uint64_t active_us;        /* of it: pauses are not part of it */
    double load;  /* asked for at its end: VUs, or iterations in a time unit; of
                     several scenarios their sum */
    bool still;   /* the same all through it, and no part of a ramp */
    bool way;     /* a hunt takes it from one level to another, so fast that it
                     says nothing of what is between */
    bool open;    /* some load is a rate of arrival */
    uint64_t who; /* scenarios that run, a bit each: loads of others are not
                     compared */
    uint32_t vus, draining; /* at its end */
    uint32_t in_flight;     /* requests, at its end */
    uint64_t requests;      /* ended, with and without response */
    uint64_t last_us; /* run time by which the last of them had ended, to a
                         tick; 0 = not known */
    uint64_t failed;  /* of them */
    uint64_t errors[ERRORS_COUNT]; /* of those, by class */
    struct moment_gap gap;
    bool down; /* nobody was there: for two seconds and more no request found a
                  connection. That is no work of the load's */
    bool out;  /* at its end: some names are not served, while others are: */
    uint64_t out_since_us;   /* run time; where out */
    uint64_t begun, dropped; /* iterations; dropped: due, and no VU was free */
    double due;              /* iterations that rates of arrival asked for */
    double vus_us;           /* VUs at work, draining ones too, added up over
                                time */
    uint64_t iterations;     /* ended */
    double iteration_us, iteration_us2; /* sums of their times, and squares */
    bool suspect;           /* the generator may have been what was slow: */
    uint64_t suspect_us;    /* for so long, at most active_us */
    unsigned stage;         /* of the only scenario, from 1; 0 = of several */
    char by[MOMENT_BY_MAX]; /* who set the load: "plan", "keyboard", … */
    bool mark;              /* a mark was set at its start */
    uint64_t server_rss;    /* the service's memory, bytes; 0 = not seen */
    bool server_cpu_seen;
    double server_cpu; /* cores */
    /* µs; borrowed for the call. good: of requests that did not fail. */
    const struct histo *all, *good;
    /* Samples that rules are about which are not about all requests; borrowed
     * for the call. */
    const struct sifted *parts;
    size_t n_parts;
};

/* Part 0: all requests, those that failed as bad; i: of x->parts the i-th, from
 * 1; one that is not there is a fault of the caller's. */
struct sifted moment_part(const struct moment *x, unsigned part);

#endif
