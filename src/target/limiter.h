/* SPDX-License-Identifier: MIT
 *
 * limiter - so many requests a minute for each key, in fixed windows that
 * begin with a key's first request, as the Vi runtime has it. Constant memory:
 * when more keys are about than it has slots, the oldest window nearby is
 * forgotten. No I/O. */
#ifndef TARGET_LIMITER_H
#define TARGET_LIMITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/clk.h"

#define LIMITER_WINDOW_US (60 * US_PER_SEC)

struct limiter; /* opaque */

struct limiter_verdict {
    bool allowed;
    uint64_t remaining; /* in this window, after this request */
    uint64_t reset_us;  /* from now to the window's end */
};

/* Owned by the caller; never NULL. clk is borrowed for its lifetime. */
struct limiter *limiter_new(uint64_t per_minute, const struct clk *clk);
/* Frees *lp and sets it to NULL; *lp may be NULL. */
void limiter_free(struct limiter **lp);
/* Counts one request of the key (n bytes). */
struct limiter_verdict limiter_count(struct limiter *l, const char *key,
                                     size_t n);

#endif
