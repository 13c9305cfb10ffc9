/* SPDX-License-Identifier: MIT
 *
 * report_markdown - what a run means, as Markdown: it goes behind the figures
 * that a job's summary has. */
#include "config.h"

#include <stdio.h>

#include "base/num.h"
#include "record/markdown.h"
#include "record/report.h"
#include "run/study_anomaly.h"
#include "run/study_trend.h"

#define MARKDOWN_MAX   (1u << 20)
#define MARKDOWN_LINES 40

struct markdown_list {
    struct buf *out;
    const char *title; /* as it is */
    size_t n;
};

/* A heading, once, and an item. */
static void markdown_item(struct markdown_list *l, const char *text)
{
    if (text[0] == '\0') {
        return;
    }
    if (l->n++ == 0) {
        buf_addf(l->out, "\n#### %s\n\n", l->title);
    }
    if (l->n <= MARKDOWN_LINES) {
        buf_adds(l->out, "- ");
        markdown_text(l->out, text);
        buf_addc(l->out, '\n');
    }
}

static void markdown_rest(const struct markdown_list *l)
{
    if (l->n > MARKDOWN_LINES) {
        buf_addf(l->out, "\nand %zu more\n", l->n - MARKDOWN_LINES);
    }
}

static void markdown_hunt(struct buf *out, const struct story *s)
{
    const struct hunt_log *log = study_hunt(story_study(s));
    struct markdown_list l = {out, "Breaking point", 0};
    char line[256], unit[NUM_MAX];
    size_t i;

    study_unit(story_info(s), unit);
    markdown_item(&l,
                  hunt_tell_whole(hunt_log_now(log), unit, line, sizeof line));
    for (i = 0; i < hunt_log_count(log); i++) {
        markdown_item(
            &l, hunt_tell_probe(hunt_log_at(log, i), unit, line, sizeof line));
    }
    markdown_rest(&l);
}

static void markdown_load(struct buf *out, const struct study *s)
{
    struct markdown_list l = {out, "Load", 0};
    char line[256];

    if (study_tell_break(s, line, sizeof line)[0] == '\0') {
        study_tell_answer(s, line, sizeof line);
    }
    markdown_item(&l, line);
    if (plateaus_count(study_plateaus(s)) > 1) {
        markdown_item(&l, study_tell_steps(s, line, sizeof line));
    }
    markdown_item(&l, study_tell_scaling(s, line, sizeof line));
    markdown_item(&l, study_tell_suspect(s, line, sizeof line));
}

static void markdown_recovery(struct buf *out, const struct study *s)
{
    const struct recovery *r = study_recovery(s);
    struct markdown_list l = {out, "Recovery", 0};
    char line[256], text[300], at[NUM_MAX];
    size_t i;

    for (i = 0; i < recovery_count(r); i++) {
        snprintf(text, sizeof text, "%s %s",
                 num_when(at, recovery_at(r, i)->t0_us),
                 study_tell_state(recovery_at(r, i), line, sizeof line));
        markdown_item(&l, text);
    }
    markdown_rest(&l);
}

static void markdown_time(struct buf *out, const struct study *s)
{
    const struct anomalies *a = study_anomalies(s);
    struct markdown_list trends = {out, "Trends", 0};
    struct markdown_list found = {out, "Anomalies", 0};
    char line[256];
    size_t i;

    for (i = 0; study_trends_told(s) && i < study_trends(s); i++) {
        markdown_item(&trends, study_tell_trend(s, i, line, sizeof line));
    }
    for (i = 0; i < anomalies_count(a); i++) {
        markdown_item(&found, study_tell_anomaly(s, anomalies_at(a, i), line,
                                                 sizeof line));
    }
    markdown_rest(&found);
}

char *report_insights_markdown(struct story *s)
{
    const struct study *study;
    struct buf out;

    buf_init(&out, MARKDOWN_MAX);
    story_lock(s);
    study = story_study(s);
    if (hunt_log_now(study_hunt(study)) != NULL) {
        markdown_hunt(&out, s);
    } else {
        markdown_load(&out, study);
        markdown_recovery(&out, study);
    }
    markdown_time(&out, study);
    story_unlock(s);
    return buf_take(&out);
}
