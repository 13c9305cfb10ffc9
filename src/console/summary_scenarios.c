/* SPDX-License-Identifier: MIT
 *
 * The summary's scenarios, where there are several or one with an arrival rate:
 * what each was to do, and what came of it. */
#include "config.h"

#include "base/num.h"
#include "console/summary_internal.h"
#include "plan/describe.h"

static void scenarios_counts(struct summary_page *p, size_t i)
{
    struct scenario_line line =
        ledger_scenario(p->ledger, (unsigned)i, SPAN_RUN);
    struct course_slot all = {0};
    char a[NUM_MAX], b[NUM_MAX];

    buf_addf(p->out, "      %s iteration%s", num_count(a, line.iterations),
             line.iterations == 1 ? "" : "s");
    if (line.interrupted > 0) {
        buf_addf(p->out, ", %s cut off", num_count(a, line.interrupted));
    }
    if (p->tick->scenarios[i].timed) {
        bool queue = p->info->lineup->list[i].when_busy == BUSY_QUEUE;

        buf_addf(p->out, ", %s %s, starts late p99 %s",
                 num_count(a, line.dropped),
                 queue ? "still in the queue at the end" : "dropped",
                 num_latency(b, line.late_p99_us));
    }
    if (course_over(story_course(p->story), i, 0, UINT64_MAX, &all)) {
        buf_addf(p->out, ", at most %s VU%s", num_count(a, all.vus_max),
                 all.vus_max == 1 ? "" : "s");
    }
    buf_addc(p->out, '\n');
}

void summary_scenarios(struct summary_page *p)
{
    const struct lineup *l = p->info->lineup;
    size_t i;

    if (l->n == 1 && !executor_is_arrival(l->list[0].executor)) {
        return;
    }
    summary_title(p, "SCENARIOS");
    for (i = 0; i < l->n; i++) {
        char text[512];

        buf_adds(p->out, "    * ");
        summary_safe(p, l->list[i].name);
        buf_adds(p->out, ": ");
        summary_safe(p, scenario_describe(p->info->plan, &l->list[i], text,
                                          sizeof text));
        buf_addc(p->out, '\n');
        scenarios_counts(p, i);
    }
}
