/* SPDX-License-Identifier: MIT
 *
 * breach_together - what single windows of a run are not sure of, and all of
 * them together are. */
#include "config.h"

#include "insight/binom.h"
#include "insight/breach_internal.h"

bool breach_together(const struct breach_part *b, const struct rule *r,
                     size_t *over)
{
    uint64_t n_of = 0, n_bad = 0;
    size_t i;

    *over = 0;
    if (r->percentile >= 0) {
        return false;
    }
    for (i = b->n_past - b->n_run; i < b->n_past; i++) {
        const struct breach_window *w = &b->past[i];

        *over += (double)w->n_bad > r->limit * (double)w->n_of;
        n_of += w->n_of;
        n_bad += w->n_bad;
    }
    return (double)*over >= BREACH_SHARE * (double)b->n_run &&
           n_bad > binom_quantile(n_of, r->limit, BREACH_ERRORS_Q);
}
