/* SPDX-License-Identifier: MIT
 *
 * summary_internal - what the summary's parts share. The story's lock is held
 * while they write. */
#ifndef CONSOLE_SUMMARY_INTERNAL_H
#define CONSOLE_SUMMARY_INTERNAL_H

#include "base/buf.h"
#include "console/summary.h"

/* Column at which values begin. */
#define SUMMARY_LABEL 31

struct summary_page {
    struct buf *out;
    const struct summary_options *options;
    struct story *story;
    const struct run_info *info;
    const struct tick *tick;
    const struct ledger *ledger;
};

/* Is there no room for so many columns? */
static inline bool summary_narrower(const struct summary_page *p, int columns)
{
    return p->options->columns > 0 && p->options->columns < columns;
}
/* Adds text to out, with lines wider than that broken (summary_wrap.c). */
void summary_wrap(struct buf *out, const char *text, int columns);
/* "✓" or "✗", "ok" or "FAIL". */
void summary_good(struct summary_page *p, bool ok);
void summary_title(struct summary_page *p, const char *title);
/* Text from outside, escaped. */
void summary_safe(struct summary_page *p, const char *s);
/* "    name.........: ". */
void summary_label(struct summary_page *p, const char *name);

/* Parts, in order of the page: */
void summary_scenarios(struct summary_page *p);
void summary_totals(struct summary_page *p);
void summary_requests(struct summary_page *p);
void summary_earlier(struct summary_page *p);
void summary_errors(struct summary_page *p);
void summary_hunt(struct summary_page *p);
void summary_steps(struct summary_page *p);
void summary_breaking(struct summary_page *p);
void summary_recovery(struct summary_page *p);
void summary_trends(struct summary_page *p);
void summary_anomalies(struct summary_page *p);
void summary_events(struct summary_page *p);
void summary_baselines(struct summary_page *p);
void summary_outputs(struct summary_page *p);
void summary_generator(struct summary_page *p);
void summary_verdict(struct summary_page *p);

/* The first line has it, as far as there is room for it there. */
bool summary_said_first(const struct summary_page *p, const char *text);

#endif
