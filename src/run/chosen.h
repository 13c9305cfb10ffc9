/* SPDX-License-Identifier: MIT
 *
 * chosen - which series of a service's metrics page are looked at, and what
 * they say: memory, CPU, and a few others. Counters become rates: what they
 * grew by between two pages. Pure: pages and their times are passed in. */
#ifndef RUN_CHOSEN_H
#define RUN_CHOSEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/clk.h"
#include "base/err.h"
#include "run/tick.h"

struct chosen; /* opaque */

/* Owned by the caller. */
struct chosen *chosen_new(void);
void chosen_free(struct chosen **c);
/* Chooses what text says: NAME{label="value",...}=ROLE, where labels and role
 * may be left out. Values of labels stand as the page writes them. ROLE is
 * memory (bytes), cpu (seconds of CPU that are counted, or a gauge of cores),
 * limit (of memory, bytes), value (as it is), rate (growth a second); without
 * one: rate for counters, else value. Of several series that fit, the sum. */
bool chosen_add(struct chosen *c, const char *text, struct err *e) MUST_CHECK;
/* What nobody chose is found in the first page, of n bytes. type: what it was
 * said to be, for the error. Fails where it is no page of metrics, has not what
 * was chosen, or nothing that is known, or where something is chosen twice. */
bool chosen_settle(struct chosen *c, const char *page, size_t n,
                   const char *type, struct err *e) MUST_CHECK;

/* The others, by names of which no two are the same; borrowed. After
 * chosen_settle. */
const struct server_names *chosen_names(const struct chosen *c);
/* Fills out from the page that came at `at`. What the page does not have, and
 * what a counter grew by while it began anew, is not known; where pages did not
 * come in between, growth is spread over all of the time. Pages are passed in
 * the order of time. */
void chosen_read(struct chosen *c, const char *page, size_t n, mono_us at,
                 struct tick_server *out);
/* The CPU's counter began anew with the last page: a restart. */
bool chosen_restarted(const struct chosen *c);

#endif
