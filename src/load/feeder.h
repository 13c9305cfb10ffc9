/* SPDX-License-Identifier: MIT
 *
 * feeder - hands out the rows of the plan's data files, one an iteration. The
 * workers of a run share one: a counter for each file, no lock. Any thread. */
#ifndef LOAD_FEEDER_H
#define LOAD_FEEDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rng.h"
#include "plan/plan.h"

/* No row: the file's are used up, and its requests are to fail. */
#define FEEDER_NONE UINT32_MAX

struct feeder; /* opaque */

/* Borrows the plan. NULL when it has no data files. */
struct feeder *feeder_new(const struct plan *plan);
void feeder_free(struct feeder **f);

/* Room for a VU's rows (plan->n_feeds, all FEEDER_NONE); NULL when the plan has
 * no data files. Owned by the caller (free). */
uint32_t *feeder_rows_new(const struct plan *plan);

/* A row of each file that the flow uses into rows, for an iteration of that VU;
 * chance comes from rng. false: one of them has none left and says that the
 * iteration is then not to begin. */
bool feeder_take(struct feeder *f, const struct flow *flow, uint32_t vu,
                 struct rng *rng, uint32_t *rows);

/* No iteration of the flow can begin any more, of whichever VU. */
bool feeder_is_done(const struct feeder *f, const struct flow *flow);

/* What came to its end: tells of each file once, as "users: all 1,000 rows are
 * used: no iteration begins any more". false: nothing new. One thread. */
bool feeder_news(struct feeder *f, char *text, size_t size);

#endif
