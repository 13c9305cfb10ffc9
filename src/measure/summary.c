/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/summary.h"

#include <stddef.h>

void summary_rates(struct summary *s, double begun, uint64_t active_us)
{
    if (active_us > 0) {
        s->rate = begun * 1e6 / (double)active_us;
    }
    if (s->requests > 0) {
        s->error_rate = (double)s->failed / (double)s->requests;
    }
}

void summary_durations(struct summary *s, const struct histo *h)
{
    if (h == NULL) {
        return;
    }
    s->responses = histo_count(h);
    s->min_us = histo_min(h);
    s->p50_us = histo_percentile(h, 50);
    s->p90_us = histo_percentile(h, 90);
    s->p95_us = histo_percentile(h, 95);
    s->p99_us = histo_percentile(h, 99);
    s->max_us = histo_max(h);
    s->mean_us = histo_mean(h);
}

void summary_due(struct summary *s, const struct histo *h)
{
    if (h == NULL) {
        return;
    }
    s->due = histo_count(h);
    s->due_p95_us = histo_percentile(h, 95);
    s->due_p99_us = histo_percentile(h, 99);
}
