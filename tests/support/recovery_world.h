/* SPDX-License-Identifier: MIT
 *
 * recovery_world - a recovery that is fed made-up seconds. */
#ifndef SUPPORT_RECOVERY_WORLD_H
#define SUPPORT_RECOVERY_WORLD_H

#include "insight/recovery.h"
#include "support/moments.h"

struct world {
    struct recovery *r; /* owned */
    struct moments s;
    struct moments_part *name; /* of a request's name, where a test has one */
};

/* Against that limit; p95 moves by a twentieth by itself. */
void world_begin(struct world *w, uint64_t seed,
                 const struct recovery_limit *limit);
void world_close(struct world *w);
/* One more, and so many. */
struct moment second(struct world *w);
void feed(struct world *w, unsigned seconds);

#endif
