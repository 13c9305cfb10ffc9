/* SPDX-License-Identifier: MIT
 *
 * extract - takes values out of a response: into variables, and into the
 * plan's own metrics. */
#ifndef LOAD_EXTRACT_H
#define LOAD_EXTRACT_H

#include <stdbool.h>
#include <stdint.h>

#include "load/answer.h"
#include "measure/shard.h"
#include "plan/request.h"

/* The value as text: of JSON a string as it is, anything else as JSON writes
 * it. NULL: it is not there, and has no default. Owned by the caller. */
char *extract_text(const struct extract *e, struct answer *a);

/* How the request went, for feeds that do not look into the body. */
struct extract_outcome {
    bool failed;       /* it, or one of its checks */
    uint64_t duration; /* µs, when a response came */
};
/* Feeds one metric of the plan's own. A value that is missing counts nothing;
 * one that is negative, infinite or no number is rejected and counted so. */
void extract_feed(const struct feed *f, const struct request *r,
                  struct answer *a, const struct extract_outcome *o,
                  struct shard *shard);

#endif
