/* SPDX-License-Identifier: MIT
 *
 * outages_named - request names that nobody serves any more while others are
 * served: the one endpoint whose database is gone. Incremental and pure: beats
 * in; no clock. The cost of a beat and the memory are bounded.
 *
 * A name is out when it had been served before, and then for two seconds and
 * more each of its requests failed as one that nobody serves: no connection, a
 * time-out, a 5xx. A name that is answered with 429, or another 4xx, is there;
 * so is one that is slow, however long nothing comes of it. Five failures are
 * the least, and so many that chance does not make them (1e-6) at the share of
 * its last answers that failed before. Both the last of them and what was
 * served of others have to be two seconds after its beginning, and within a
 * second of each other; and half a second after the first failure it is still
 * not served, as what only hung would be. Its beginning is where it
 * failed first; where five of its answers were due in the silence before that,
 * and requests were in flight, where that began: but no longer ago than the
 * slowest of those failures took, where each had a response.
 *
 * What fails as all do is no outage of a name: where one comes back that failed
 * as well while nothing was served at all, those that had gone with it begin
 * anew. Names that are out at the same time are one outage: from the beginning
 * of the first until all of them are served, or asked for no more: nothing of
 * them has ended for 30 s, and for twice as long as anything of them took to.
 */
#ifndef INSIGHT_OUTAGES_NAMED_H
#define INSIGHT_OUTAGES_NAMED_H

#include "insight/outages.h"

/* Names told apart; of others nothing is known but that they are served. */
#define OUTAGES_NAMES 64
/* It had been served so often before. */
#define OUTAGES_NAMED_SERVED 20
/* Failures in it. */
#define OUTAGES_NAMED_LEAST 5
/* It lasts for so long, active time: as an outage of all (recovery.h). */
#define OUTAGES_NAMED_US (2 * UINT64_C(1000000))

struct outages_named; /* opaque */

/* Owned by the caller. */
struct outages_named *outages_named_new(void);
void outages_named_free(struct outages_named **s);
/* *out is written unless NOTHING is returned. */
enum outages_news outages_named_feed(struct outages_named *s,
                                     const struct beat *b, struct outage *out);

#endif
