/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/baselines.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "insight/verdict.h"

/* "~60/m" is met from four fifths of it on: more is not worse. */
#define BASELINE_ABOUT 0.2

static void line_value(struct baseline_line *l, double value, bool met)
{
    l->any = true;
    l->value = value;
    l->met = met ? BASELINE_MET : BASELINE_MISSED;
}

/* "p(95)", "rate": what stands before the operator. */
static void line_agg(const char *expect, char *buf, size_t size)
{
    char word[64];
    size_t n = strcspn(expect, "<>=! ");

    snprintf(word, sizeof word, "%.*s", (int)n, expect);
    text_safe(buf, size, word);
}

static const char *line_figure(const struct metric_info *info,
                               const struct threshold *t, double value,
                               char *buf, size_t size)
{
    char x[NUM_MAX];

    if (info->type == METRIC_RATE) {
        snprintf(buf, size, "%s", num_percent(x, value));
    } else if (info->type == METRIC_COUNTER && t->agg == AGG_RATE) {
        snprintf(buf, size, "%s/s", num_rate(x, value));
    } else if (info->contains == METRIC_TIME) {
        snprintf(buf, size, "%s", num_ms(x, value));
    } else if (info->contains == METRIC_DATA) {
        snprintf(buf, size, "%s", num_bytes(x, num_whole(value)));
    } else {
        snprintf(buf, size, "%s", num_plain(x, value));
    }
    return buf;
}

static void line_metric(const struct story *s, struct baseline_line *l)
{
    const struct threshold *t = &l->item->limit;
    struct metric_info info =
        plan_metric_info(story_info(s)->plan, t->selector.metric);
    struct figure f =
        ledger_figure(story_ledger(s), &t->selector, t->agg, t->percentile, 0);
    char agg[64], value[64];

    if (!f.fed) {
        snprintf(l->text, sizeof l->text, "nothing fed it");
        return;
    }
    line_agg(l->item->expect, agg, sizeof agg);
    snprintf(l->text, sizeof l->text, "%s=%s", agg,
             line_figure(&info, t, f.value, value, sizeof value));
    if (f.thin ||
        (info.type == METRIC_RATE && f.samples < VERDICT_REQUESTS_MIN)) {
        snprintf(l->text, sizeof l->text, "too few samples to say: %s",
                 num_count(value, f.samples));
        return;
    }
    line_value(l, f.value, threshold_holds(t->op, f.value, t->limit));
}

static const struct plateau *line_normal(const struct story *s)
{
    const struct plateaus *p = study_plateaus(story_study(s));
    int i = verdict_normal(p);

    return i < 0 ? NULL : plateaus_at(p, (size_t)i);
}

/* Under normal load (verdict_normal): ramps have less of it. */
static void line_throughput(const struct story *s, struct baseline_line *l)
{
    const struct baseline_item *it = l->item;
    const struct plateau *p = line_normal(s);
    double per = it->unit == 's' ? 1 : it->unit == 'm' ? 60 : 3600;
    char x[NUM_MAX], load[64];

    if (p == NULL || p->requests < VERDICT_REQUESTS_MIN) {
        snprintf(l->text, sizeof l->text,
                 "too few requests under a load that was held");
        return;
    }
    snprintf(
        l->text, sizeof l->text, "%s/%c at %s%s", num_rate(x, p->rps * per),
        it->unit, study_tell_load(story_study(s), p->load, load, sizeof load),
        it->about && p->rps > (1 + BASELINE_ABOUT) * it->low ? ", which is more"
                                                             : "");
    line_value(l, p->rps,
               it->about ? p->rps >= (1 - BASELINE_ABOUT) * it->low
                         : threshold_holds(it->limit.op, p->rps, it->low));
}

static void line_availability(const struct story *s, struct baseline_line *l)
{
    struct summary run = ledger_summary(story_ledger(s), -1, SPAN_RUN);
    double share = 1 - run.error_rate;
    char x[NUM_MAX], y[NUM_MAX];

    if (run.requests < VERDICT_REQUESTS_MIN) {
        snprintf(l->text, sizeof l->text, "too few requests to say: %s",
                 num_count(x, run.requests));
        return;
    }
    snprintf(l->text, sizeof l->text, "%.5g %%: %s of %s requests failed",
             share * 100, num_count(x, run.failed), num_count(y, run.requests));
    line_value(l, share,
               threshold_holds(l->item->limit.op, share, l->item->low));
}

/* The most load that was held and broke nothing. */
static double line_unbroken(const struct plateaus *p)
{
    double most = 0;
    size_t i;

    for (i = 0; i < plateaus_count(p); i++) {
        const struct plateau *x = plateaus_at(p, i);

        if (x->broken < 0 && x->requests >= VERDICT_REQUESTS_MIN) {
            most = fmax(most, x->load);
        }
    }
    return most;
}

static void line_breaking(const struct story *s, struct baseline_line *l)
{
    const struct baseline_item *it = l->item;
    const struct study *study = story_study(s);
    struct breaking b = study_breaking(study);
    double most = line_unbroken(study_plateaus(study));
    char load[64], low[NUM_MAX];

    if (!b.any) {
        if (most <= 0) {
            snprintf(l->text, sizeof l->text, "no load was held");
            return;
        }
        snprintf(l->text, sizeof l->text, "nothing broke up to %s%s",
                 study_tell_load(study, most, load, sizeof load),
                 most < it->low ? ", which is no answer" : "");
        if (most >= it->low) {
            line_value(l, most, true);
        }
        return;
    }
    study_tell_load(study, ceil(b.high), load, sizeof load);
    if (b.low > 0) {
        snprintf(l->text, sizeof l->text, "breaks between %s and %s%s",
                 num_count(low, num_whole(b.low)), load,
                 b.low > it->high ? ", which is better" : "");
    } else {
        snprintf(l->text, sizeof l->text, "breaks at %s or below", load);
    }
    if (b.low > 0 || b.high < it->low) {
        line_value(l, b.low, b.high >= it->low);
    }
}

/* As a threshold has it: the longest of all, while one goes on once it took too
 * long. What could not be measured says nothing; nothing wrong is no time. */
static void line_recovery(const struct story *s, struct baseline_line *l)
{
    const struct study *study = story_study(s);
    struct recovery_sum m = recovery_sum(study_recovery(study));
    struct judge_returns r;
    double us = (double)m.longest_us;
    char x[NUM_MAX];
    bool holds;

    study_returns(study, &r);
    holds = !r.timed || threshold_holds(l->item->limit.op, us, l->item->low);
    if (r.open && r.timed) {
        snprintf(l->text, sizeof l->text, "not for sure after %s",
                 study_tell_took(x, m.longest_us));
    } else if (r.lost || r.open || !r.timed) {
        snprintf(l->text, sizeof l->text, "%s", r.why);
    } else {
        snprintf(l->text, sizeof l->text, "%s",
                 study_tell_took(x, m.longest_us));
    }
    if (!holds || (r.timed && !r.open && !r.lost)) {
        line_value(l, us, holds);
    } else if (r.lost && m.which.state != RECOVERY_UNMEASURED) {
        l->met = BASELINE_MISSED;
    }
}

static void baseline_line(const struct story *s, struct baseline_line *l)
{
    switch (l->item->kind) {
    case BASELINE_METRIC:
        line_metric(s, l);
        return;
    case BASELINE_THROUGHPUT:
        line_throughput(s, l);
        return;
    case BASELINE_AVAILABILITY:
        line_availability(s, l);
        return;
    case BASELINE_BREAKING:
        line_breaking(s, l);
        return;
    case BASELINE_RECOVERY:
        line_recovery(s, l);
        return;
    }
}

static bool baseline_fits(const struct story *s, const struct baseline_set *set)
{
    return strcmp(set->scenario, "*") == 0 ||
           strcmp(set->scenario, story_info(s)->lineup->name) == 0;
}

void baselines_each(const struct story *s, baseline_line_fn *fn, void *ctx)
{
    const struct plan *p = story_info(s)->plan;
    size_t i, k, m;

    for (i = 0; i < p->n_baselines; i++) {
        const struct baseline *b = &p->baselines[i];

        for (k = 0; k < b->n && plan_baseline_counts(p, b); k++) {
            if (!baseline_fits(s, &b->sets[k])) {
                continue;
            }
            for (m = 0; m < b->sets[k].n; m++) {
                struct baseline_line l = {.baseline = b,
                                          .set = &b->sets[k],
                                          .item = &b->sets[k].items[m]};

                baseline_line(s, &l);
                fn(ctx, &l);
            }
        }
    }
}
