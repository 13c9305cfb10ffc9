/* SPDX-License-Identifier: MIT
 *
 * windows - what two runs are compared by: the time in which the load stayed
 * the same, in windows of ten seconds, each with a coarse histogram (64 buckets
 * an octave) of the responses that were expected. Of ramps there is none, nor
 * of the first two seconds after a change of load, or up to ten while VUs
 * drain. Windows in which the service still felt an overload of before say so:
 * they are no measure of their load. Incremental and pure: moments in, windows
 * out; no clock. Memory is taken once: when it is full, windows of the same
 * load merge two by two. */
#ifndef INSIGHT_WINDOWS_H
#define INSIGHT_WINDOWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "insight/moment.h"

#define WINDOWS_US        (10 * UINT64_C(1000000))
#define WINDOWS_SETTLE_US (2 * UINT64_C(1000000))
#define WINDOWS_DRAIN_US  (10 * UINT64_C(1000000))
#define WINDOWS_MAX       128
#define WINDOWS_BUCKETS   32768 /* of all of them together */

/* Buckets: values up to 127 µs have one each; above, an octave has 64. */
#define COARSE_BUCKETS 2304
unsigned coarse_bucket(uint64_t us);
/* The lowest value of a bucket, and how many it has. */
uint64_t coarse_low(unsigned bucket);
uint64_t coarse_width(unsigned bucket);

struct coarse {
    uint16_t bucket;
    uint32_t count;
};

struct window {
    uint64_t start_us, end_us; /* run time */
    uint64_t active_us;
    double load;
    uint64_t who; /* made it: see moment; 0 = of another run, not known */
    bool felt;    /* an overload of before, still */
    bool suspect; /* the generator was, in some of it: */
    uint64_t suspect_us; /* for so long, at most active_us */
    uint64_t requests, failed;
    const struct coarse *us; /* by rising bucket; borrowed from its owner */
    size_t n;
};

/* Active time of those of a list in which an overload was still felt; for how
 * long the generator was suspect in them; s. */
double windows_felt_s(const struct window *list, size_t n);
double windows_suspect_s(const struct window *list, size_t n);

struct windows; /* opaque */

struct windows *windows_new(void);
void windows_free(struct windows **w);
/* Whether in the next moments an overload of before is still felt; not, until
 * that is said. */
void windows_hear(struct windows *w, bool felt);
void windows_feed(struct windows *w, const struct moment *x);
/* The load ends: what is open is closed. */
void windows_end(struct windows *w);

/* Closed ones, oldest first. Borrowed until the next feed. */
const struct window *windows_list(const struct windows *w, size_t *n);
/* How long one is, about: ten seconds, doubled at each merge. */
uint64_t windows_us(const struct windows *w);
/* Of so many short levels that the oldest had to go. */
size_t windows_dropped(const struct windows *w);

#endif
