/* SPDX-License-Identifier: MIT
 *
 * tap - every sample as it is taken, for who wants them one by one (--out
 * json-samples): beside its shard a worker fills a ring of its own, which one
 * other thread empties. A ring is bounded: what does not fit is counted, and
 * nobody waits. Two atomic operations a sample, no lock, no allocation; where
 * there is no tap, a shard pays one branch. */
#ifndef MEASURE_TAP_H
#define MEASURE_TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clk.h"
#include "measure/shard.h"

enum tap_kind {
    TAP_REQUEST,
    TAP_CHECK,
    TAP_TREND, /* of the plan's own and sse_ metrics, as the next two */
    TAP_RATE,
    TAP_COUNT,
    TAP_ITERATION,
    TAP_DROPPED,
};

struct tap_entry {
    enum tap_kind kind;
    unsigned metric;   /* TREND, RATE, COUNT */
    unsigned index;    /* of the request; of the check; of the scenario:
                          ITERATION, DROPPED */
    unsigned scenario; /* CHECK */
    mono_us at;        /* when it was taken */
    union {
        struct sample sample; /* REQUEST */
        bool hit;             /* CHECK, RATE */
        uint64_t n;           /* TREND: thousandths of the unit; ITERATION: µs;
                                 DROPPED */
        double value;         /* COUNT */
    } is;
};

/* Points that an entry is made of (record/points.h). */
unsigned tap_points(const struct tap_entry *e);

#define TAP_ENTRIES 32768u /* of a ring */

struct tap;  /* opaque: of one worker */
struct taps; /* opaque: of all */

/* On this clock, borrowed, samples are taken. */
struct taps *taps_new(const struct clk *clk);
/* When no worker and no reader is there any more. NULL is allowed. */
void taps_free(struct taps **t);
/* Another one, borrowed from t; before its worker runs. At most TAPS_MAX. */
#define TAPS_MAX 256
struct tap *taps_add(struct taps *t);

/* The worker's thread. *e but for its time. */
void tap_put(struct tap *t, const struct tap_entry *e);

/* One reader: the next entry of any of them; false: there is none now. */
bool taps_take(struct taps *t, struct tap_entry *e);
/* Points that did not fit, since this was asked last. */
uint64_t taps_lost(struct taps *t);

#endif
