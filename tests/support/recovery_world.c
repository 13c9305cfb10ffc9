/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/recovery_world.h"

void world_begin(struct world *w, uint64_t seed,
                 const struct recovery_limit *limit)
{
    *w = (struct world){.r = recovery_new(limit)};
    moments_init(&w->s, seed);
    w->s.noise_sd = 0.05;
}

void world_close(struct world *w)
{
    recovery_free(&w->r);
    moments_clear(&w->s);
}

struct moment second(struct world *w)
{
    struct moment x = moments_next(&w->s);

    recovery_feed(w->r, &x);
    return x;
}

void feed(struct world *w, unsigned seconds)
{
    while (seconds-- > 0) {
        second(w);
    }
}
