/* SPDX-License-Identifier: MIT
 *
 * series - the run over time: slots of one second with packed histograms of
 * http_req_duration, overall and by request name. Their memory is taken in the
 * first twenty seconds, so that a run does not grow while it lasts. When it is
 * full, slots merge two by two (by merging histograms, never by averaging), and
 * from then on a slot lasts twice as long. Slots begin at whole multiples of
 * that; a stretch in which no tick ended (a machine that slept) has none. */
#ifndef MEASURE_SERIES_H
#define MEASURE_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/failure.h"
#include "measure/histo.h"
#include "measure/server.h"

/* Two hours and more of a few request names at full speed, a second each. */
#define SERIES_BYTES_MAX (16u << 20)

/* What errors are told apart by on charts. */
enum error_class {
    ERRORS_OTHER,   /* checks, streams, odd statuses, unresolved … */
    ERRORS_CONNECT, /* no response: refused, reset, DNS, TLS … */
    ERRORS_TIMEOUT,
    ERRORS_4XX,
    ERRORS_429,
    ERRORS_5XX,
    ERRORS_COUNT
};

/* The class that a kind of error is drawn as. */
enum error_class error_class_of(enum failure kind);

struct slot {
    uint64_t start_us;  /* run time */
    uint64_t active_us; /* active time in it; 0 = paused throughout */
    uint64_t requests, failed;
    double rated; /* requests of the active time: rated / active_us is the rate.
                     What drains in a pause is in requests alone */
    uint64_t errors[ERRORS_COUNT]; /* requests that went wrong, by class */
    uint32_t vus, planned;         /* in its middle; slot_leads */
    uint32_t vus_min, vus_max;     /* within it */
    bool manual;                   /* load was set by hand in some part of it */
    struct server_seen server;
    struct histo_packed duration;    /* µs, all requests */
    uint64_t p50_us, p95_us, p99_us; /* of duration; 0 when it is empty */
    struct histo_packed
        *by_name;               /* n_names of them; duration by request name */
    uint64_t *failed_by_name;   /* n_names */
    uint64_t *requests_by_name; /* n_names */
};

/* Where a tick belongs that ended at t_us: the start of its slot, of those that
 * last slot_us; open_us is that of the last one there is (UINT64_MAX = none).
 * The slot in which most of it was; and a short piece of a tick, with which a
 * run ends, goes with what was before it, for a rate over next to no time says
 * nothing. */
uint64_t series_place(uint64_t t_us, uint64_t active_us, uint64_t slot_us,
                      uint64_t open_us);

/* The load of a slot is what there was in its middle: at the end of the last
 * tick that began before it. So what changes with a second is a change of that
 * second, however little after its begin the tick ended that saw it first, and
 * a ramp's level is what the slot's counts are of. Slots that became one have
 * the first one's. */
static inline bool slot_leads(uint64_t tick_began_us, uint64_t start_us,
                              uint64_t slot_us)
{
    return tick_began_us < start_us + slot_us / 2;
}

struct series; /* opaque */

struct series *series_new(size_t n_names);
void series_free(struct series **s);
/* What a tick adds; the ledger calls it. */
struct series_add {
    uint64_t t_us, active_us; /* end of the tick; active part */
    uint32_t vus, planned;
    uint32_t vus_low, vus_high; /* within it; both 0: as vus */
    bool manual;
    struct server_seen server;
    const struct histo *duration; /* of the tick, µs */
    struct histo *const *by_name; /* of the tick; entries may be NULL */
    const uint64_t *requests_by_name, *failed_by_name;
    const uint64_t *errors; /* ERRORS_COUNT */
};
void series_feed(struct series *s, const struct series_add *a);
/* Closed slots, and the open one as the last; oldest first. */
size_t series_count(const struct series *s);
/* Borrowed until the next feed. */
const struct slot *series_slot(const struct series *s, size_t i);
/* The first slot that begins at t_us or later; series_count: none does. */
size_t series_find(const struct series *s, uint64_t t_us);
/* How long a slot lasts, µs: one second, doubled at each merge. */
uint64_t series_slot_us(const struct series *s);
size_t series_bytes(const struct series *s);

#endif
