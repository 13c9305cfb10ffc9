/* SPDX-License-Identifier: MIT
 *
 * vitals - the generator's own health, from readings taken at each tick: is it
 * the service that is slow, or is it us? Pure: readings are passed in. */
#ifndef RUN_VITALS_H
#define RUN_VITALS_H

#include <stdint.h>

#include "base/clk.h"
#include "run/tick.h"

/* Beyond these the generator is suspect. */
#define VITALS_LAG_MS 10.0
#define VITALS_CPU    0.85 /* of a core, a worker's thread */
#define VITALS_FDS    0.90 /* of the limit */

struct vitals; /* opaque */

struct vitals_reading {
    mono_us at;
    uint64_t cpu_process_us;
    uint64_t lag_p99_us, lag_max_us; /* of ten seconds; of the whole run */
    uint64_t rss_bytes;
    uint32_t fds, fds_max;
    unsigned late_workers;
    bool loaded; /* VUs run: only then can it be at fault */
};

struct vitals *vitals_new(unsigned workers);
void vitals_free(struct vitals **v);
/* CPU time of each worker's thread since its start; then the rest. */
void vitals_worker(struct vitals *v, unsigned i, uint64_t cpu_us);
void vitals_read(struct vitals *v, const struct vitals_reading *r);
/* Borrowed, changes with each read. */
const struct health *vitals_health(const struct vitals *v);

#endif
