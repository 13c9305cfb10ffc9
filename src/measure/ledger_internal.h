/* SPDX-License-Identifier: MIT
 *
 * ledger_internal - the inside of a ledger, for ledger*.c alone: ledger.c feeds
 * it, ledger_read.c and ledger_errors.c answer from it. */
#ifndef MEASURE_LEDGER_INTERNAL_H
#define MEASURE_LEDGER_INTERNAL_H

#include "base/fifo.h"
#include "measure/book.h"
#include "measure/ledger.h"
#include "measure/series.h"
#include "measure/view.h"

/* Ticks that the window may be made of. A hundred are ten seconds; the rest is
 * for what trickles in during a pause, when no time passes and none leaves. */
#define LEDGER_PAGES_MAX 4096u

struct ledger_page {
    struct delta *delta; /* these three of the ledger's fifo */
    uint32_t *series, *customs;
    uint64_t active_us;
    uint64_t start_us; /* of its second; 0 where seconds do not matter */
};

/* An error by kind and status, or a check that failed. */
struct ledger_fault {
    uint64_t first_us, last_us;
    struct failure_sample *sample; /* owned; NULL = none yet */
};

struct ledger {
    const struct plan *plan; /* these two borrowed */
    const struct lineup *lineup;
    bool fed;
    struct keys series_keys, custom_keys;
    struct book run, window;
    struct ledger_page *pages; /* owned: a ring, oldest at first_page */
    size_t first_page, n_pages, cap_pages;
    struct fifo *kept;   /* owned: what the pages have */
    struct view **views; /* owned */
    size_t n_views, cap_views;
    struct keys fault_keys;
    struct ledger_fault *faults; /* owned, by fault_keys */
    size_t cap_faults;
    size_t n_samples, n_check_samples;
    way_bits *ways;        /* owned: by name index, of the whole run */
    uint16_t *check_names; /* owned: name index of each check's request */
    uint64_t folded;       /* here, beside those of the shards */
    struct ledger_gauges gauges;
    uint32_t vus_min, vus_max;
    struct series *series;
    bool no_series;
    bool in_seconds;
    uint64_t open_us; /* start of the newest page's second; UINT64_MAX: none */
    /* Of the tick at hand, for the series. */
    struct histo *duration, **by_name;
    uint64_t *requests_by_name, *failed_by_name;
};

/* By kind and failure_code, as errors are told apart. */
static inline uint64_t fault_key_pack(enum failure kind, uint32_t code)
{
    return (uint64_t)kind << 32 | code;
}

static inline unsigned ledger_name(const struct ledger *l, uint16_t request)
{
    return l->plan->requests[request]->name_index;
}

#endif
