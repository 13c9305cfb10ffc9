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
