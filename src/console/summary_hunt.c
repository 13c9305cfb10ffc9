/* SPDX-License-Identifier: MIT
 *
 * summary_hunt - what a hunt for the breaking point found, and its evidence:
 * the loads that were tried. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "console/summary_internal.h"

/* At the moment that the log tells of it at, too. */
static void hunt_probe(struct summary_page *p, const struct tick_probe *x,
                       size_t number)
{
    const struct probe_report *r = &x->report;
    char at[NUM_MAX], took[NUM_MAX], unit[NUM_MAX], line[256];

    buf_addf(p->out, "    %7s  %2zu %-8s %4s ", num_clock(at, x->end_us),
             number, search_why_name(x->why),
             num_dur(took, (r->measured_us + 500000) / 1000000 * 1000000));
    if (r->verdict == SEARCH_INVALID) {
        buf_addc(p->out, '-');
    } else {
        summary_good(p, r->verdict == SEARCH_HOLDS);
    }
    buf_addc(p->out, ' ');
    summary_safe(
        p, hunt_tell_probe(x, study_unit(p->info, unit), line, sizeof line));
    buf_addc(p->out, '\n');
}

void summary_hunt(struct summary_page *p)
{
    const struct hunt_log *l = study_hunt(story_study(p->story));
    const struct tick_hunt *h = hunt_log_now(l);
    char line[HUNT_TEXT_MAX], unit[NUM_MAX];
    size_t i;

    if (h == NULL) {
        return;
    }
    summary_title(p, "BREAKING POINT");
    buf_adds(p->out, "    ");
    hunt_tell_whole(h, study_unit(p->info, unit), line, sizeof line);
    if ((h->cut == HUNT_CUT_PLAN || h->cut == HUNT_CUT_SILENT) &&
        summary_said_first(p, line)) {
        buf_adds(p->out, "none was found: the first line says why");
    } else {
        summary_safe(p, line);
    }
    buf_adds(p->out, "\n");
    for (i = 0; i < hunt_log_count(l); i++) {
        hunt_probe(p, hunt_log_at(l, i), i + 1);
    }
}
