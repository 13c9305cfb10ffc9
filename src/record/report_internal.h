/* SPDX-License-Identifier: MIT
 *
 * report_internal - what the parts of a report share. The story's lock is held
 * while they write. */
#ifndef RECORD_REPORT_INTERNAL_H
#define RECORD_REPORT_INTERNAL_H

#include "record/html.h"
#include "record/report.h"

struct report_page {
    struct buf *out;
    const struct report_options *options;
    const struct story *story;
    const struct run_info *info;
    const struct tick *tick;
    const struct ledger *ledger;
    const struct study *study;
    bool hunt; /* a hunt made the load */
};

/* data/report.css and data/report.js, as the build made them. */
extern const char report_style[], report_script[];

/* A section with its heading (as it is); id: for links within the page. */
void report_section(struct report_page *p, const char *id, const char *title);
void report_section_end(struct report_page *p);
/* A paragraph, escaped; class: its look, "" = none. */
void report_said(struct report_page *p, const char *class, const char *text);

/* Parts, in order of the page: */
void report_head(struct report_page *p);
void report_verdict(struct report_page *p);
void report_thresholds(struct report_page *p);
void report_figures(struct report_page *p);
void report_compared(struct report_page *p);
void report_charts(struct report_page *p);
void report_insights(struct report_page *p);
void report_scenarios(struct report_page *p);
void report_endpoints(struct report_page *p);
void report_metrics(struct report_page *p);
void report_checks(struct report_page *p);
void report_errors(struct report_page *p);
void report_events(struct report_page *p);
void report_generator(struct report_page *p);
void report_environment(struct report_page *p);

#endif
