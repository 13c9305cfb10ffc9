/* SPDX-License-Identifier: MIT
 *
 * gate - the cap of --rps: requests of all workers go through one after the
 * other, a gap apart, so that no second has more than so many (k6's limiter
 * with a burst of one). One atomic exchange a request; without a cap there is
 * no gate at all. */
#ifndef LOAD_GATE_H
#define LOAD_GATE_H

#include <stdint.h>

#include "base/clk.h"

#define GATE_MAX_PER_S 1000000u

struct gate; /* opaque */

/* per_s: 1 to GATE_MAX_PER_S. Owned by the caller. */
struct gate *gate_new(uint32_t per_s);
void gate_free(struct gate **g);
/* How many requests had to wait so far. Any thread. */
uint64_t gate_held(const struct gate *g);
/* A request would like to begin now: when it may, now or later. That moment is
 * taken, whether it then begins or not. Any thread. */
mono_us gate_take(struct gate *g, mono_us now);

#endif
