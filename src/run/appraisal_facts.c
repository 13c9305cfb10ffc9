/* SPDX-License-Identifier: MIT
 *
 * appraisal_facts - what is known of a run so far, as the facts that rules of a
 * verdict are held against. */
#include "config.h"

#include "run/appraisal_internal.h"

#include <math.h>
#include <string.h>

#include "insight/binom.h"
#include "run/study_trend.h"

/* Kinds of error that are looked through; the ledger puts the most frequent
 * first. */
#define APPRAISAL_ERRORS_MAX 256
/* So many times as long as under normal load is clearly longer. */
#define APPRAISAL_RISE 2
#define APPRAISAL_SURE 0.999

static void fact_set(struct verdict_known *k, double value)
{
    k->known = true;
    k->value = value;
}

static void fact_error(struct verdict_known *k, const struct error_line *e)
{
    k->first_us =
        !k->timed || e->first_us < k->first_us ? e->first_us : k->first_us;
    k->last_us = !k->timed || e->last_us > k->last_us ? e->last_us : k->last_us;
    k->timed = true;
}

/* Where a kind of error is counted; VERDICT_FACTS = nowhere by itself. */
static enum verdict_fact fact_of_error(enum failure kind)
{
    return kind == FAILURE_HTTP_429   ? VERDICT_HTTP_429
           : kind == FAILURE_HTTP_5XX ? VERDICT_HTTP_5XX
           : kind == FAILURE_TIMEOUT  ? VERDICT_TIMEOUTS
           : kind == FAILURE_REFUSED  ? VERDICT_REFUSED
                                      : VERDICT_FACTS;
}

static void facts_errors(const struct story *s, struct verdict_facts *f)
{
    struct error_line lines[APPRAISAL_ERRORS_MAX];
    size_t n = ledger_errors(story_ledger(s), lines, APPRAISAL_ERRORS_MAX), i;

    fact_set(&f->of[VERDICT_HTTP_429], 0);
    fact_set(&f->of[VERDICT_HTTP_5XX], 0);
    fact_set(&f->of[VERDICT_TIMEOUTS], 0);
    fact_set(&f->of[VERDICT_REFUSED], 0);
    for (i = 0; i < n && i < APPRAISAL_ERRORS_MAX; i++) {
        enum verdict_fact fact = fact_of_error(lines[i].kind);

        if (lines[i].kind == FAILURE_CHECK) {
            continue; /* counted beside requests */
        }
        fact_error(&f->of[VERDICT_ERRORS], &lines[i]);
        if (fact != VERDICT_FACTS) {
            f->of[fact].value += (double)lines[i].count;
            fact_error(&f->of[fact], &lines[i]);
        } else if (lines[i].status == 401 || lines[i].status == 403) {
            f->denied += lines[i].count;
        } else if (lines[i].kind == FAILURE_HTTP_4XX) {
            f->wrong += lines[i].count;
        } else {
            f->others += lines[i].count;
        }
    }
}

static void facts_thresholds(const struct story *s, struct verdict_facts *f)
{
    const struct tick *t = story_tick(s);
    struct verdict_known *k = &f->of[VERDICT_THRESHOLDS];
    size_t i;

    k->moot =
        story_info(s)->no_thresholds || story_info(s)->plan->n_thresholds == 0;
    if (k->moot || t->n_verdicts == 0) {
        return;
    }
    fact_set(k, 0);
    for (i = 0; i < t->n_verdicts; i++) {
        const struct verdict *v = &t->verdicts[i];

        k->value += !v->ok && !v->pending ? 1 : 0;
    }
}

static void facts_normal(const struct plateau *p, struct verdict_facts *f)
{
    struct verdict_known *k = &f->of[VERDICT_P95];

    if (p != NULL && p->responses >= histo_samples_needed(95)) {
        fact_set(k, (double)p->p95_us);
        k->timed = true;
        k->first_us = p->start_us;
        k->last_us = p->end_us;
    }
}

/* Growth in shares of the level; none that is no chance, or does not matter,
 * is 0. */
static void facts_trend(const struct study *s, const char *series,
                        struct verdict_known *k)
{
    const struct soak_report *r = study_soak(s);
    size_t i;

    for (i = 0; i < study_trends(s); i++) {
        struct study_trend of = study_trend(s, i);

        if (strcmp(of.series, series) != 0 || of.t->state == TREND_SHORT ||
            of.t->state == TREND_UNSETTLED || of.t->state == TREND_UNSURE) {
            continue;
        }
        fact_set(k, (of.t->state == TREND_GROWING ||
                     of.t->state == TREND_STEPPED_UP) &&
                            of.t->level > 0
                        ? of.t->growth / of.t->level
                        : 0);
        k->timed = true;
        k->first_us = r->start_us;
        k->last_us = r->end_us;
    }
}

/* Nobody named a limit: then it is not over one. */
static void facts_memory(const struct study *s, struct verdict_known *k)
{
    const struct study_memory *m = study_memory(s);

    if (!m->seen && study_server_limit(s) > 0) {
        return;
    }
    fact_set(k, m->seen ? m->share : 0);
    k->timed = m->over;
    k->first_us = m->first_us;
    k->last_us = m->last_us;
}

/* Nothing served it: no answer, or one of its own failing. */
static uint64_t rise_lost(const struct plateau *p)
{
    return p->errors[ERRORS_TIMEOUT] + p->errors[ERRORS_5XX];
}

/* Its responses took clearly longer than under normal load; or more of its
 * requests than chance explains were lost, at twice the share or that and 1 %.
 */
static bool rise_worse(const struct plateau *p, const struct plateau *normal)
{
    double share = normal->requests > 0
                       ? (double)rise_lost(normal) / (double)normal->requests
                       : 0;

    return (normal->p95_us > 0 &&
            p->p95_us >= APPRAISAL_RISE * normal->p95_us) ||
           rise_lost(p) > binom_quantile(p->requests,
                                         fmax(2 * share, share + 0.01),
                                         APPRAISAL_SURE);
}

/* Under more than the normal load it was worse; or it broke by that. */
static bool facts_rise(const struct story *s, const struct plateau *normal)
{
    const struct plateaus *levels = study_plateaus(story_study(s));
    struct breaking b = study_breaking(story_study(s));
    size_t i;

    for (i = 0; normal != NULL && i < plateaus_count(levels); i++) {
        const struct plateau *p = plateaus_at(levels, i);

        if (p->who == normal->who && p->load > normal->load &&
            rise_worse(p, normal)) {
            return true;
        }
    }
    return b.any && b.breach &&
           (b.by == BREACH_LATENCY || (b.by == BREACH_ERRORS && b.low > 0));
}

void appraisal_facts(const struct story *s, const struct plateau *normal,
                     struct verdict_facts *f)
{
    struct summary run = ledger_summary(story_ledger(s), -1, SPAN_RUN);
    const struct study *study = story_study(s);

    memset(f, 0, sizeof *f);
    f->requests = run.requests;
    f->active_us = story_tick(s)->active_total_us;
    if (run.requests > 0) {
        fact_set(&f->of[VERDICT_ERRORS], run.error_rate);
    }
    facts_errors(s, f);
    facts_thresholds(s, f);
    facts_normal(normal, f);
    facts_trend(study, "p95", &f->of[VERDICT_P95_GROWTH]);
    facts_trend(study, "server_memory", &f->of[VERDICT_MEMORY_GROWTH]);
    facts_memory(study, &f->of[VERDICT_MEMORY_LIMIT]);
    f->of[VERDICT_MEMORY_GROWTH].moot = !story_tick(s)->server.watched;
    f->rises = facts_rise(s, normal);
}
