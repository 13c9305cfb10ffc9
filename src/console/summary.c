/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "console/summary.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "console/summary_internal.h"
#include "run/judged.h"

#define SUMMARY_TEXT_MAX (4u << 20)

void summary_good(struct summary_page *p, bool ok)
{
    if (p->options->color) {
        buf_adds(p->out, ok ? "\x1b[32m" : "\x1b[31m");
    }
    if (p->options->ascii) {
        buf_adds(p->out, ok ? "ok  " : "FAIL");
    } else {
        buf_adds(p->out, ok ? "✓" : "✗");
    }
    if (p->options->color) {
        buf_adds(p->out, "\x1b[0m");
    }
}

void summary_title(struct summary_page *p, const char *title)
{
    buf_addf(p->out, "\n  %s %s\n\n", p->options->ascii ? "#" : "█", title);
}

void summary_safe(struct summary_page *p, const char *s)
{
    text_escape(p->out, s, strlen(s));
}

void summary_label(struct summary_page *p, const char *name)
{
    size_t before = p->out->len;
    int columns;

    buf_adds(p->out, "    ");
    summary_safe(p, name);
    columns = text_width(buf_str(p->out) + before);
    do {
        buf_addc(p->out, '.');
        columns++;
    } while (columns < SUMMARY_LABEL);
    buf_adds(p->out, ": ");
}

static void summary_threshold(struct summary_page *p, const struct verdict *v)
{
    char said[JUDGED_MAX];

    buf_adds(p->out, "      ");
    summary_good(p, v->ok);
    buf_adds(p->out, " '");
    summary_safe(p, v->threshold->expression);
    buf_adds(p->out, "' ");
    buf_adds(p->out, judged_text(p->info->plan, v, said, sizeof said));
    if (v->ever_failed && !v->ok) {
        char num[NUM_MAX];

        buf_addf(p->out, "  (first failed at %s)",
                 num_clock(num, v->first_failed_us));
    }
    buf_addc(p->out, '\n');
}

/* A hunt decides how it ended, and thresholds do not. */
static bool summary_hunts(const struct summary_page *p)
{
    return hunt_log_now(study_hunt(story_study(p->story))) != NULL;
}

static void summary_thresholds(struct summary_page *p)
{
    const struct tick *t = p->tick;
    size_t i;

    if (t->n_verdicts == 0) {
        return;
    }
    summary_title(p, summary_hunts(p)
                         ? "THRESHOLDS, WHICH DO NOT COUNT: THE HUNT DECIDES"
                     : p->info->no_thresholds ? "THRESHOLDS, WHICH DO NOT COUNT"
                                              : "THRESHOLDS");
    for (i = 0; i < t->n_verdicts; i++) {
        const char *text = t->verdicts[i].threshold->metric_text;

        if (i == 0 ||
            strcmp(text, t->verdicts[i - 1].threshold->metric_text) != 0) {
            buf_addf(p->out, "%s    ", i > 0 ? "\n" : "");
            summary_safe(p, text);
            buf_addc(p->out, '\n');
        }
        summary_threshold(p, &t->verdicts[i]);
    }
}

/* What was read of it has no end. */
static void summary_unended(struct summary_page *p)
{
    char num[NUM_MAX];

    buf_addf(p->out, ": %s after %s: the recording ends here\n",
             p->options->live ? "still running" : "cut off",
             num_clock(num, p->tick->t_us));
}

static void summary_head(struct summary_page *p)
{
    const struct outcome *o = &p->tick->outcome;
    bool judged = judged_run(p->tick, p->info->no_thresholds);
    char num[NUM_MAX];

    buf_adds(p->out, "\n  ");
    if (judged) {
        summary_good(p, o->status == STATUS_PASSED);
        buf_addc(p->out, ' ');
    }
    summary_safe(p, p->info->plan->name);
    buf_adds(p->out, ", ");
    summary_safe(p, p->info->lineup->name);
    if (o->status == STATUS_RUNNING) {
        summary_unended(p);
        return;
    }
    buf_addf(p->out, ": %s after %s",
             judged ? run_status_name(o->status) : "ended",
             num_clock(num, p->tick->t_us));
    if (!judged && !summary_hunts(p)) {
        buf_adds(p->out, p->tick->n_verdicts > 0
                             ? ", thresholds do not count"
                             : ", no thresholds to judge by");
    }
    if (o->text[0] != '\0') {
        buf_adds(p->out, " - ");
        summary_safe(p, o->text);
    }
    buf_addf(p->out, " (exit code %d)\n", o->exit_code);
}

/* The exit code may be 0 all the same, as k6's is: this must be seen. */
static void summary_all_failed(struct summary_page *p)
{
    struct summary s = ledger_summary(p->ledger, -1, SPAN_RUN);
    struct error_line most;
    char message[sizeof most.sample->message];

    if (s.requests == 0 || s.failed < s.requests) {
        return;
    }
    buf_adds(p->out, "\n  ");
    summary_good(p, false);
    buf_adds(p->out, " every request failed");
    if (ledger_errors(p->ledger, &most, 1) > 0) {
        buf_adds(p->out, ": ");
        summary_safe(p, error_line_message(p->info->plan, &most, message,
                                           sizeof message));
    }
    buf_addc(p->out, '\n');
}

char *summary_text(struct story *s, const struct summary_options *o)
{
    struct buf out, wrapped;
    struct summary_page p = {.out = &out, .options = o, .story = s};

    buf_init(&out, SUMMARY_TEXT_MAX);
    story_lock(s);
    p.info = story_info(s);
    p.tick = story_tick(s);
    p.ledger = story_ledger(s);
    if (p.tick != NULL) {
        summary_head(&p);
        summary_all_failed(&p);
        summary_scenarios(&p);
        summary_thresholds(&p);
        summary_totals(&p);
        summary_earlier(&p);
        summary_requests(&p);
        summary_errors(&p);
        summary_hunt(&p);
        summary_steps(&p);
        summary_breaking(&p);
        summary_recovery(&p);
        summary_trends(&p);
        summary_anomalies(&p);
        summary_events(&p);
        summary_baselines(&p);
        summary_outputs(&p);
        summary_generator(&p);
        summary_verdict(&p);
        buf_addc(&out, '\n');
    }
    story_unlock(s);
    if (o->columns > 0) {
        buf_init(&wrapped, SUMMARY_TEXT_MAX);
        summary_wrap(&wrapped, buf_str(&out), o->columns);
        buf_clear(&out);
        return buf_take(&wrapped);
    }
    return buf_take(&out);
}

void summary_print(FILE *out, struct story *s, const struct summary_options *o)
{
    char *text = summary_text(s, o);

    fputs(text, out);
    free(text);
}
