/* SPDX-License-Identifier: MIT
 *
 * summary_verdict - what the figures mean: good, warning or critical, why, and
 * what to look at. The last of the page. */
#include "config.h"

#include <stdio.h>

#include "console/summary_internal.h"
#include "run/appraisal.h"

#define VERDICT_HINTS_SHOWN 6

static void verdict_mark(struct summary_page *p, enum verdict_level level)
{
    bool bad = level == VERDICT_CRITICAL;

    if (level != VERDICT_WARNING) {
        summary_good(p, !bad);
        return;
    }
    if (p->options->color) {
        buf_adds(p->out, "\x1b[33m");
    }
    buf_adds(p->out, p->options->ascii ? "warn" : "!");
    if (p->options->color) {
        buf_adds(p->out, "\x1b[0m");
    }
}

static void verdict_hints(struct summary_page *p, const struct appraisal *a)
{
    const char *line;
    size_t i;

    for (i = 0;
         i < VERDICT_HINTS_SHOWN && (line = appraisal_hint(a, i)) != NULL;
         i++) {
        buf_adds(p->out, i == 0 ? "    look at: " : "; ");
        summary_safe(p, line);
    }
    if (i > 0) {
        buf_addc(p->out, '\n');
    }
}

void summary_verdict(struct summary_page *p)
{
    struct appraisal a;
    char open[128];
    size_t i;

    if (hunt_log_now(study_hunt(story_study(p->story))) != NULL) {
        return; /* it was broken on purpose */
    }
    appraise(p->story, &a);
    summary_title(p, "VERDICT");
    buf_adds(p->out, "    ");
    if (a.report.level != VERDICT_UNKNOWN) {
        verdict_mark(p, a.report.level);
        buf_addc(p->out, ' ');
    }
    summary_safe(p, a.text);
    buf_addc(p->out, '\n');
    for (i = 0; i < a.report.n; i++) {
        buf_adds(p->out, "      ");
        verdict_mark(p, a.report.reasons[i].rule->level);
        buf_addc(p->out, ' ');
        summary_safe(p, a.reasons[i]);
        buf_addc(p->out, '\n');
    }
    verdict_hints(p, &a);
    if (a.report.level != VERDICT_UNKNOWN && a.suspect) {
        buf_adds(p->out, "    The generator was suspect: some of this may be "
                         "its own doing.\n");
    }
    if (a.report.level != VERDICT_UNKNOWN &&
        appraisal_open(&a, open, sizeof open)[0] != '\0') {
        buf_adds(p->out, "    not enough to say: ");
        summary_safe(p, open);
        buf_addc(p->out, '\n');
    }
}
