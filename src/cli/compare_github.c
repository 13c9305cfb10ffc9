/* SPDX-License-Identifier: MIT
 *
 * compare_github - why a comparison fails, for a job of GitHub Actions. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/compare_job.h"
#include "console/github.h"
#include "run/comparison.h"

#define GITHUB_PLACES 8 /* of a rule, or figures, that are named */
#define GITHUB_MAX    (64 << 10)

/* "Chat +100 %: fails": a place where the rule does. */
static void github_place(const struct compare_job *j,
                         const struct fail_rule *rule,
                         const struct versus_row *row, enum fail_state s,
                         char *buf, size_t size)
{
    bool several = row->kind == VERSUS_STAGE && j->a[0]->n_parts > 1;
    char change[64], scenario[81], name[81];

    text_add(
        buf, size, "%s%s%s%s%s%s: %s", buf[0] != '\0' ? "; " : "",
        text_brief(scenario, sizeof scenario, several ? row->scenario : ""),
        several ? " " : "", text_brief(name, sizeof name, row->name),
        row->name[0] != '\0' ? " " : "",
        versus_change(rule->figure, row->of[rule->figure].change, change,
                      sizeof change),
        fail_state_text(s));
}

static void github_rule(const struct compare_job *j,
                        const struct fail_rule *rule, struct buf *out,
                        size_t *n)
{
    char title[FAIL_ON_TEXT_MAX + 20], text[2400] = "";
    size_t i, places = 0;

    for (i = 0; i < j->versus->n; i++) {
        const struct versus_row *row = &j->versus->rows[i];
        enum fail_state s;

        if (!fail_rule_is_of(rule, row)) {
            continue;
        }
        s = fail_rule_judge(rule, row, j->strict);
        if (fail_state_fails(s) && places++ < GITHUB_PLACES) {
            github_place(j, rule, row, s, text, sizeof text);
        }
    }
    if (places > GITHUB_PLACES) {
        text_add(text, sizeof text, "; and %zu more", places - GITHUB_PLACES);
    }
    if (places > 0) {
        snprintf(title, sizeof title, "brunt compare: %s", rule->text);
        github_command(out, "error", n, title, text);
    }
}

/* Those of the whole runs that became worse. */
static size_t github_whole(const struct compare_job *j, char *buf, size_t size)
{
    char tell[160];
    size_t places = 0;
    int i;

    for (i = 0; i < COMPARE_FIGURES; i++) {
        enum compare_figure f = (enum compare_figure)i;

        if (versus_whole(j->versus, f) == COMPARE_WORSE) {
            text_add(buf, size, "%swhole run: %s %s", places++ > 0 ? "; " : "",
                     comparison_name(f),
                     versus_tell(&j->versus->rows[0].of[f], f, false, tell,
                                 sizeof tell));
        }
    }
    return places;
}

/* Without rules: the figures that became worse. */
static void github_worse(const struct compare_job *j, struct buf *out,
                         size_t *n)
{
    const struct compare_report *r = &j->report;
    char text[2400] = "", tell[160];
    size_t i, places = 0;
    int f;

    for (i = 0; i < r->n; i++) {
        for (f = 0; f < COMPARE_FIGURES; f++) {
            if (r->levels[i].of[f].answer == COMPARE_WORSE &&
                places++ < GITHUB_PLACES) {
                text_add(text, sizeof text, "%s%.0f %s: %s",
                         places > 1 ? "; " : "", r->levels[i].load,
                         compare_unit(j),
                         comparison_tell(&r->levels[i], (enum compare_figure)f,
                                         false, tell, sizeof tell));
            }
        }
    }
    if (j->by_whole) {
        places += github_whole(j, text, sizeof text);
    }
    github_command(out, "error", n, "brunt compare: worse",
                   places > 0 ? text : "by the order of the runs");
}

void compare_github(const struct compare_job *j)
{
    struct buf out;
    size_t i, n = 0;

    buf_init(&out, GITHUB_MAX);
    for (i = 0; i < j->n_rules; i++) {
        github_rule(j, &j->rules[i], &out, &n);
    }
    if (j->n_rules == 0 && j->answer == COMPARE_WORSE) {
        github_worse(j, &out, &n);
    }
    fputs(buf_str(&out), stderr);
    buf_clear(&out);
}
