/* SPDX-License-Identifier: MIT
 *
 * ledger_copy - what the samples of request names add up to over the whole run,
 * copied out of a ledger: whoever reads one under a lock holds it for the copy
 * of a name (some ten microseconds), and makes the figures without it. */
#ifndef MEASURE_LEDGER_COPY_H
#define MEASURE_LEDGER_COPY_H

#include "measure/ledger.h"

struct ledger_copy; /* opaque */

/* An empty one, of a metric that requests have. Plan and lineup are those of
 * the ledger, borrowed for the call. Owned by the caller. */
struct ledger_copy *ledger_copy_new(const struct plan *plan,
                                    const struct lineup *lineup,
                                    unsigned metric);
void ledger_copy_free(struct ledger_copy **c);
/* Empties it, for another name. */
void ledger_copy_reset(struct ledger_copy *c);
/* Adds what there is of a name (index in plan->names). */
void ledger_copy_add(struct ledger_copy *c, const struct ledger *l,
                     size_t name);
/* As ledger_figure over the whole run, of what was added. */
struct figure ledger_copy_figure(const struct ledger_copy *c,
                                 enum threshold_agg agg, double percentile);

#endif
