/* SPDX-License-Identifier: MIT
 *
 * cell - what the samples of one selector add up to, and the figures made of
 * it. Inside measure only. */
#ifndef MEASURE_CELL_H
#define MEASURE_CELL_H

#include "measure/book.h"
#include "measure/histo.h"
#include "measure/ledger.h"
#include "measure/match.h"

struct cell {
    uint64_t samples;
    uint64_t hits;       /* rates: of samples */
    double sum;          /* counters */
    struct histo *trend; /* owned; NULL until a trend's first sample */
};

/* All zero is an empty one. */
void cell_clear(struct cell *c);
/* Empties it and keeps its memory. */
void cell_reset(struct cell *c);
void cell_add_delta(struct cell *c, const struct match *m,
                    const struct delta *d);
/* Adds what another one has. */
void cell_add_cell(struct cell *c, const struct cell *from);
void cell_add_book(struct cell *c, const struct match *m, const struct book *b);
/* The same by rows, of a metric that requests have; of others there is none. */
size_t cell_book_rows(const struct match *m, const struct book *b);
/* Whose a row is: index of the request in the plan. */
unsigned cell_book_request(const struct match *m, const struct book *b,
                           size_t row);
void cell_add_row(struct cell *c, const struct match *m, const struct book *b,
                  size_t row);
/* active_us: the time that a counter's rate is made of. */
struct figure cell_figure(const struct cell *c, enum metric_type type,
                          enum threshold_agg agg, double percentile,
                          uint64_t active_us);
size_t cell_bytes(const struct cell *c);

/* A cell at rest, to be taken out of a sum later. */
struct cell_rest {
    uint64_t active_us;
    uint64_t samples, hits;
    double sum;
    struct histo_sparse trend;
};
void cell_to_rest(const struct cell *c, struct cell_rest *r);
void cell_rest_clear(struct cell_rest *r);
void cell_add_rest(struct cell *c, const struct cell_rest *r);
void cell_sub_rest(struct cell *c, const struct cell_rest *r);

#endif
