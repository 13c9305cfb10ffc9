/* SPDX-License-Identifier: MIT
 *
 * summary_insights - what was made of the figures: the steps of the load, where
 * the service breaks, and how long recoveries took. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "console/summary_internal.h"
#include "measure/series.h"
#include "record/baseline.h"
#include "run/comparison.h"

/* A page is read, a results file has them all. */
#define INSIGHTS_STEPS_MAX 20
/* Mean loads that are called the same. */
#define EARLIER_ALIKE 0.1

static void insights_step(struct summary_page *p, const struct study *s,
                          const struct plateau *x)
{
    bool any = x->responses > 0;
    char from[NUM_MAX], to[NUM_MAX], rate[NUM_MAX], us[NUM_MAX], fail[NUM_MAX],
        load[64], rule[RULE_TEXT_MAX];

    buf_addf(p->out, "    %7s-%-7s %12s %9s/s %9s %8s  ",
             num_clock(from, x->start_us), num_clock(to, x->end_us),
             study_tell_load(s, x->load, load, sizeof load),
             num_rate(rate, x->rps), any ? num_latency(us, x->p95_us) : "-",
             num_percent(fail, x->error_rate));
    summary_safe(p, x->by);
    if (x->after > 0) {
        buf_addf(p->out, "  recovering from %s",
                 study_tell_load(s, x->after, load, sizeof load));
    } else if (x->broken >= 0) {
        buf_adds(p->out, "  ");
        summary_good(p, false);
        buf_addf(p->out, " %s",
                 study_rule_text(s, (size_t)x->broken, rule, sizeof rule));
    }
    buf_addc(p->out, '\n');
}

/* One step is the run itself, and is told above. */
void summary_steps(struct summary_page *p)
{
    const struct study *s = story_study(p->story);
    const struct plateaus *all = study_plateaus(s);
    size_t n = plateaus_count(all), i;
    char line[256];

    if (n < 2 || hunt_log_now(study_hunt(s)) != NULL) {
        return; /* those of a hunt are its probes */
    }
    summary_title(p, "STEPS OF THE LOAD");
    i = n > INSIGHTS_STEPS_MAX ? n - INSIGHTS_STEPS_MAX : 0;
    if (i > 0) {
        buf_addf(p->out, "    %zu earlier ones are in the results file\n", i);
    }
    for (; i < n; i++) {
        insights_step(p, s, plateaus_at(all, i));
    }
    buf_adds(p->out, "    ");
    summary_safe(p, study_tell_steps(s, line, sizeof line));
    buf_addc(p->out, '\n');
}

static void insights_said(struct summary_page *p, const char *title,
                          const char *line)
{
    if (title[0] != '\0') {
        summary_title(p, title);
    }
    buf_adds(p->out, "    ");
    summary_safe(p, line);
    buf_addc(p->out, '\n');
}

void summary_breaking(struct summary_page *p)
{
    const struct study *s = story_study(p->story);
    char line[256];
    bool titled = false;

    if (hunt_log_now(study_hunt(s)) != NULL) {
        line[0] = '\0'; /* told with the hunt */
    } else if (study_tell_break(s, line, sizeof line)[0] == '\0' &&
               study_broke(s)) {
        study_tell_answer(s, line, sizeof line);
    }
    if (line[0] != '\0') {
        insights_said(p, "BREAKING POINT", line);
    }
    if (study_tell_scaling(s, line, sizeof line)[0] != '\0') {
        insights_said(p, "THROUGHPUT OVER LOAD", line);
        titled = true;
    }
    if (study_tell_suspect(s, line, sizeof line)[0] != '\0') {
        insights_said(p, titled ? "" : "THROUGHPUT OVER LOAD", line);
    }
}

void summary_recovery(struct summary_page *p)
{
    const struct study *s = story_study(p->story);
    const struct recovery *r = study_recovery(s);
    size_t i, shown = 0;

    if (hunt_log_now(study_hunt(s)) != NULL) {
        return; /* it rests after each overload, and says when that is vain */
    }
    for (i = 0; i < recovery_count(r); i++) {
        const struct recovery_episode *e = recovery_at(r, i);
        char line[256], at[NUM_MAX];

        if (shown++ == 0) {
            summary_title(p, "RECOVERY");
        }
        buf_addf(p->out, "    %7s  ", num_when(at, e->t0_us));
        summary_safe(p, study_tell_state(e, line, sizeof line));
        if (study_tell_spike(s, e, line, sizeof line)[0] != '\0') {
            buf_adds(p->out, "\n             ");
            summary_safe(p, line);
        }
        buf_adds(p->out, "\n             ");
        summary_safe(p, study_tell_terms(s, e, line, sizeof line));
        buf_addc(p->out, '\n');
    }
}

/* A figure of --baseline's run: now, then, and what lies between. */
static void earlier_row(struct summary_page *p, const char *name,
                        const char *now, const char *was, const char *delta)
{
    char line[160];

    snprintf(line, sizeof line, "    %-12s %12s %12s %12s\n", name, now, was,
             delta);
    buf_adds(p->out, line);
}

/* In shares of what it was; of shares, in points. */
static void earlier_figure(struct summary_page *p, const char *name, bool any,
                           double now, double was, const char *now_text,
                           const char *was_text, bool points)
{
    char delta[48] = "-";

    if (any && !isnan(was) && points) {
        snprintf(delta, sizeof delta, "%+.1f pt", (now - was) * 100);
    } else if (any && was > 0) {
        snprintf(delta, sizeof delta, "%+.0f %%", (now / was - 1) * 100);
    }
    earlier_row(p, name, any ? now_text : "-", isnan(was) ? "-" : was_text,
                delta);
}

/* Mean VUs over the run's slots; NAN = there are none. */
static double earlier_vus(const struct summary_page *p)
{
    const struct series *s = ledger_series(p->ledger);
    double sum = 0;
    size_t n = series_count(s), i;

    for (i = 0; i < n; i++) {
        sum += series_slot(s, i)->vus;
    }
    return n > 0 ? sum / (double)n : NAN;
}

/* The mean loads: VUs at work or, where both runs are of rates alone,
 * iterations a second. */
static const char *earlier_loads(const struct summary_page *p, double *now,
                                 double *was)
{
    const struct baseline_run *b = p->options->baseline;
    struct totals sum = ledger_totals(p->ledger);
    bool rates = p->tick->n_scenarios > 0 && b->n_parts > 0;
    size_t i;

    for (i = 0; i < p->tick->n_scenarios; i++) {
        rates = rates && p->tick->scenarios[i].timed;
    }
    for (i = 0; i < b->n_parts; i++) {
        rates = rates && b->parts[i].rate;
    }
    *now = earlier_vus(p);
    *was = baseline_mean(&b->vus);
    if (rates) {
        *was = b->iterations;
        *now = sum.active_us > 0
                   ? (double)sum.iterations * 1e6 / (double)sum.active_us
                   : NAN;
    }
    return rates ? "mean it/s" : "mean VUs";
}

/* Load by load, what is more than chance. */
static void earlier_compared(struct summary_page *p)
{
    struct comparison_now now;
    struct compare_report r;
    char line[COMPARISON_NOTE_MAX], load[64];
    bool any;
    size_t i;
    int f;

    comparison_take(p->story, &now);
    any = comparison_of(&now, &r);
    comparison_clear(&now);
    if (!any) {
        return;
    }
    for (i = 0; i < r.n; i++) {
        const struct compare_level *l = &r.levels[i];

        if (l->blocks_a < COMPARE_BLOCKS_MIN ||
            l->blocks_b < COMPARE_BLOCKS_MIN) {
            continue;
        }
        buf_addf(
            p->out, "    at %s:",
            study_tell_load(story_study(p->story), l->load, load, sizeof load));
        for (f = COMPARE_P95; f < COMPARE_FIGURES; f++) {
            if (f != COMPARE_P99) {
                buf_addf(p->out, "%s %s", f > COMPARE_P95 ? ";" : "",
                         comparison_tell(l, (enum compare_figure)f,
                                         p->options->ascii, line, sizeof line));
            }
        }
        buf_addc(p->out, '\n');
    }
    if (comparison_note(&r, line, sizeof line)[0] != '\0') {
        buf_addf(p->out, "    %s\n", line);
    }
}

void summary_earlier(struct summary_page *p)
{
    const struct baseline_run *b = p->options->baseline;
    struct summary s;
    char now[NUM_MAX], was[NUM_MAX];
    const char *load;
    double f, l, l0;

    if (b == NULL) {
        return;
    }
    load = earlier_loads(p, &l, &l0);
    s = ledger_summary(p->ledger, -1, SPAN_RUN);
    summary_title(p, "BASELINE");
    buf_adds(p->out, "    ");
    summary_safe(p, b->file);
    buf_adds(p->out, ", ");
    summary_safe(p, b->scenario);
    buf_adds(p->out, ", ");
    summary_safe(p, b->started);
    buf_addf(p->out, "; whole runs%s%s\n",
             b->over ? "" : ", that one unfinished",
             fabs(l - l0) > EARLIER_ALIKE * l0
                 ? ", of different loads: these figures differ for that alone"
                 : "");
    earlier_row(p, "", "now", "baseline", "difference");
    earlier_figure(p, load, !isnan(l), l, l0, num_rate(now, isnan(l) ? 0 : l),
                   num_rate(was, isnan(l0) ? 0 : l0), false);
    f = isnan(b->run.rps) ? 0 : b->run.rps;
    earlier_figure(p, "req/s", true, s.rate, b->run.rps, num_rate(now, s.rate),
                   num_rate(was, f), false);
    f = isnan(b->run.p95_us) ? 0 : b->run.p95_us;
    earlier_figure(p, "p95", s.responses > 0, (double)s.p95_us, b->run.p95_us,
                   num_latency(now, s.p95_us),
                   num_latency(was, num_whole(f + 0.5)), false);
    f = isnan(b->run.errors) ? 0 : b->run.errors;
    earlier_figure(p, "errors", s.requests > 0, s.error_rate, b->run.errors,
                   num_percent(now, s.error_rate), num_percent(was, f), true);
    earlier_compared(p);
}
