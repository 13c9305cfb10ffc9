/* SPDX-License-Identifier: MIT
 *
 * book - totals of one stretch of time, series by series: what deltas add up
 * to, and may be taken out of again. Rows are numbered by whoever keeps the
 * keys (the ledger). Inside measure only. */
#ifndef MEASURE_BOOK_H
#define MEASURE_BOOK_H

#include <stddef.h>
#include <stdint.h>

#include "measure/delta.h"
#include "measure/keys.h"
#include "plan/plan.h"

struct book_series {
    uint64_t count, sent, received;
    struct histo *phase[PHASE_COUNT]; /* owned; NULL until its first sample */
};

struct book_custom {
    uint64_t hits, total;
    double sum;
    struct histo *trend; /* owned; NULL until its first sample */
};

struct book_check {
    uint64_t passes, fails;
};

/* What is no request, of one scenario. */
struct book_scenario {
    uint64_t iterations, interrupted, dropped;
    struct histo *duration, *late; /* owned; NULL until the first sample */
};

struct book {
    const struct plan *plan; /* borrowed, as the next two */
    const struct keys *series_keys, *custom_keys;
    struct book_series *series; /* owned: n_series of them, by series_keys */
    size_t n_series;
    struct book_custom *customs; /* owned: n_customs of them, by custom_keys */
    size_t n_customs;
    struct book_check *checks; /* owned: by plan_check_row */
    size_t n_checks;
    uint64_t active_us;
    struct book_scenario scenarios[LINEUP_MAX];
    uint64_t iterations, interrupted, dropped; /* of all of them */
    uint64_t interrupted_requests, retries, rejected, folded;
    struct histo *late, *lag; /* owned */
};

/* A delta with the rows that its parts go to. */
struct page {
    const struct delta *delta;
    const uint32_t *series;  /* row of each of its series */
    const uint32_t *customs; /* row of each of its customs */
    uint64_t active_us;
};

void book_init(struct book *b, const struct plan *plan,
               const struct keys *series_keys, const struct keys *custom_keys);
void book_clear(struct book *b);
/* Rows that are new in the keys begin at nothing. */
void book_add(struct book *b, const struct page *p);
/* Takes out what was added before. */
void book_sub(struct book *b, const struct page *p);
size_t book_bytes(const struct book *b);

#endif
