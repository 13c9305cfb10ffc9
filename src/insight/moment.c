/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/moment.h"

#include "base/must.h"

struct sifted moment_part(const struct moment *x, unsigned part)
{
    if (part == 0) {
        return (struct sifted){
            .all = x->all, .good = x->good, .n = x->requests, .bad = x->failed};
    }
    MUST(part <= x->n_parts);
    return x->parts[part - 1];
}

void moment_gap_join(struct moment_gap *a, const struct moment_gap *b)
{
    if (a->served_us == 0) {
        a->lead += b->lead;
    }
    if (b->served_us > 0) {
        a->served_us = b->served_us;
        a->trail = 0;
    }
    a->trail_us = a->trail > 0 ? a->trail_us : b->trail_us;
    a->trail += b->trail;
}
