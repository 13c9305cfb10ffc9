/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/must.h"
#include "measure/ledger_internal.h"

struct scenario_line ledger_scenario(const struct ledger *l, unsigned scenario,
                                     enum span span)
{
    const struct book *b = span == SPAN_RUN ? &l->run : &l->window;
    const struct book_scenario *s;
    struct scenario_line line = {0};

    MUST(scenario < LINEUP_MAX);
    s = &b->scenarios[scenario];
    line.iterations = s->iterations;
    line.interrupted = s->interrupted;
    line.dropped = s->dropped;
    if (s->late != NULL) {
        line.late_p99_us = histo_percentile(s->late, 99);
        line.late_max_us = histo_max(s->late);
    }
    return line;
}
