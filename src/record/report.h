/* SPDX-License-Identifier: MIT
 *
 * report - a run as one page of HTML that stands by itself: no network, nothing
 * from elsewhere, charts as SVG that are there without its script, too. The
 * page's own policy (Content Security Policy, level 3) lets its script and its
 * style run by their SHA-256 and nothing else. Made from a story, of a run or
 * of a recording; and the same essence as Markdown. */
#ifndef RECORD_REPORT_H
#define RECORD_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "insight/compare.h"
#include "record/baseline.h"
#include "record/recording_label.h"
#include "record/recording_meta.h"
#include "record/versus.h"
#include "run/story.h"

/* Points of a line at most, and columns of the heatmap: seconds are put
 * together, their histograms merged, until there are no more. */
#define REPORT_POINTS_MAX  900
#define REPORT_COLUMNS_MAX 300
/* Of the page. */
#define REPORT_BYTES_MAX (32u << 20)

/* The run against an earlier one. All borrowed. */
struct report_beside {
    const struct baseline_run *before, *now;
    const struct versus *versus;
    const struct compare_report *levels; /* load by load */
};

struct report_options {
    const struct recording_meta *meta;   /* NULL = not known, as the next */
    const struct recording_label *label; /* the person's name and note */
    bool live;                           /* the run goes on */
    const struct report_beside *beside;  /* NULL = none */
};

/* The page; owned by the caller. NULL: it would be larger than
 * REPORT_BYTES_MAX, which no run that brunt made comes to. Takes the story's
 * lock. The story has been fed at least one tick. */
char *report_html(struct story *s, const struct report_options *o);
/* What a run means, as Markdown, for behind a summary of its figures: where it
 * breaks, recoveries, trends, anomalies; of none of them "". Owned by the
 * caller. Takes the lock. */
char *report_insights_markdown(struct story *s);

#endif
