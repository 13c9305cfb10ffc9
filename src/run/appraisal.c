/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/appraisal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "base/text.h"
#include "run/study_trend.h"

/* Kinds of error that are looked through; the ledger puts the most frequent
 * first. */
#define APPRAISAL_ERRORS_MAX 256

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
        }
    }
}

static void facts_thresholds(const struct story *s, struct verdict_facts *f)
{
    const struct tick *t = story_tick(s);
    struct verdict_known *k = &f->of[VERDICT_THRESHOLDS];
    size_t i;

    if (story_info(s)->no_thresholds || t->n_verdicts == 0) {
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
        fact_set(k, of.t->state == TREND_GROWING && of.t->level > 0
                        ? of.t->growth / of.t->level
                        : 0);
        k->timed = true;
        k->first_us = r->start_us;
        k->last_us = r->end_us;
    }
}

static void facts_of(const struct story *s, const struct plateau *normal,
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
}

/* ", from 1:02 to 2:10" */
static void say_when(const struct verdict_known *k, char *buf, size_t size)
{
    char from[NUM_MAX], to[NUM_MAX];

    if (!k->timed) {
        return;
    }
    num_clock(from, k->first_us);
    num_clock(to, k->last_us);
    if (strcmp(from, to) == 0) {
        text_add(buf, size, ", at %s", from);
    } else {
        text_add(buf, size, ", from %s to %s", from, to);
    }
}

/* "over 2.00 s", "5.00 % or more" */
static void say_limit(const struct verdict_rule *r, char *buf, size_t size)
{
    char x[NUM_MAX];
    const char *limit = "";

    switch (verdict_fact_kind(r->fact)) {
    case VERDICT_TIME:
        limit = num_latency(x, num_whole(r->limit));
        break;
    case VERDICT_SHARE:
        limit = num_percent(x, r->limit);
        break;
    case VERDICT_COUNT:
        limit = num_count(x, num_whole(r->limit));
        break;
    }
    if (r->limit > 0) {
        text_add(buf, size, r->reached ? ", %s or more" : ", over %s", limit);
    }
}

/* " at 10 VUs", the normal load; nothing where there is none. */
static void say_load(const struct story *s, const struct plateau *normal,
                     char *buf, size_t size)
{
    char load[64];

    if (normal != NULL) {
        text_add(
            buf, size, " at %s",
            study_tell_load(story_study(s), normal->load, load, sizeof load));
    }
}

static void say_p95(const struct story *s, const struct plateau *normal,
                    const struct verdict_reason *r, char *buf, size_t size)
{
    char x[NUM_MAX];

    text_add(buf, size, "p95 %s", num_latency(x, num_whole(r->known.value)));
    say_load(s, normal, buf, size);
    say_limit(r->rule, buf, size);
    say_when(&r->known, buf, size);
}

static void say_errors(const struct story *s, const struct verdict_reason *r,
                       char *buf, size_t size)
{
    struct summary run = ledger_summary(story_ledger(s), -1, SPAN_RUN);
    char x[NUM_MAX], y[NUM_MAX], z[NUM_MAX];

    text_add(buf, size, "%s of requests failed",
             num_percent(x, r->known.value));
    say_limit(r->rule, buf, size);
    text_add(buf, size, ": %s of %s", num_count(y, run.failed),
             num_count(z, run.requests));
    say_when(&r->known, buf, size);
}

static void say_count(const struct verdict_reason *r, const char *one,
                      const char *many, char *buf, size_t size)
{
    char x[NUM_MAX];
    uint64_t n = num_whole(r->known.value);

    text_add(buf, size, "%s %s", num_count(x, n), n == 1 ? one : many);
    say_limit(r->rule, buf, size);
    say_when(&r->known, buf, size);
}

/* The first two by name; the list of them is told elsewhere. */
static void say_thresholds(const struct story *s,
                           const struct verdict_reason *r, char *buf,
                           size_t size)
{
    const struct tick *t = story_tick(s);
    size_t i, named = 0;

    text_add(buf, size, "%.0f of %zu thresholds failed", r->known.value,
             t->n_verdicts);
    say_limit(r->rule, buf, size);
    for (i = 0; i < t->n_verdicts && named < 2; i++) {
        const struct verdict *v = &t->verdicts[i];
        char metric[96], rule[64];

        if (!v->ok && !v->pending) {
            text_add(
                buf, size, "%s%s %s", named++ == 0 ? ": " : ", ",
                text_safe(metric, sizeof metric, v->threshold->metric_text),
                text_safe(rule, sizeof rule, v->threshold->expression));
        }
    }
    if (r->known.value > 2) {
        text_add(buf, size, ", and %.0f more", r->known.value - 2);
    }
}

static void say_trend(const struct story *s, const char *series,
                      const struct verdict_reason *r, char *buf, size_t size)
{
    const struct study *study = story_study(s);
    char line[APPRAISAL_TEXT];
    size_t i;

    for (i = 0; i < study_trends(study); i++) {
        if (strcmp(study_trend(study, i).series, series) == 0) {
            text_add(buf, size, "%s",
                     study_tell_trend(study, i, line, sizeof line));
        }
    }
    say_limit(r->rule, buf, size);
    say_when(&r->known, buf, size);
}

static void say_reason(const struct story *s, const struct plateau *normal,
                       const struct verdict_reason *r, char *buf, size_t size)
{
    switch (r->rule->fact) {
    case VERDICT_P95:
        say_p95(s, normal, r, buf, size);
        return;
    case VERDICT_ERRORS:
        say_errors(s, r, buf, size);
        return;
    case VERDICT_P95_GROWTH:
        say_trend(s, "p95", r, buf, size);
        return;
    case VERDICT_HTTP_429:
        say_count(r, "answer 429, Too Many Requests",
                  "answers 429, Too Many Requests", buf, size);
        return;
    case VERDICT_THRESHOLDS:
        say_thresholds(s, r, buf, size);
        return;
    case VERDICT_HTTP_5XX:
        say_count(r, "answer 5xx", "answers 5xx", buf, size);
        return;
    case VERDICT_TIMEOUTS:
        say_count(r, "request timed out", "requests timed out", buf, size);
        return;
    case VERDICT_REFUSED:
        say_count(r, "connection refused", "connections refused", buf, size);
        return;
    case VERDICT_MEMORY_GROWTH:
        say_trend(s, "server_memory", r, buf, size);
        return;
    case VERDICT_FACTS:
        return;
    }
}

/* What a fact is called in a sentence. */
static const char *const appraisal_names[] = {
    [VERDICT_P95] = "p95",
    [VERDICT_ERRORS] = "errors",
    [VERDICT_P95_GROWTH] = "p95 growing",
    [VERDICT_HTTP_429] = "429s",
    [VERDICT_THRESHOLDS] = "thresholds",
    [VERDICT_HTTP_5XX] = "5xx",
    [VERDICT_TIMEOUTS] = "time-outs",
    [VERDICT_REFUSED] = "refused connections",
    [VERDICT_MEMORY_GROWTH] = "memory growing",
};

static void appraisal_short(struct appraisal *a)
{
    char x[NUM_MAX], y[NUM_MAX], z[NUM_MAX];
    uint64_t seconds = a->facts.active_us / 1000000 * 1000000;

    snprintf(a->text, sizeof a->text,
             "not enough to say: %s request%s in %s; it takes %d in %s",
             num_count(x, a->facts.requests), a->facts.requests == 1 ? "" : "s",
             num_dur(y, seconds), VERDICT_REQUESTS_MIN,
             num_dur(z, VERDICT_ACTIVE_MIN_US));
}

static void appraisal_good(const struct story *s, const struct plateau *normal,
                           struct appraisal *a)
{
    const struct verdict_known *p95 = &a->facts.of[VERDICT_P95];
    const struct verdict_known *growth = &a->facts.of[VERDICT_P95_GROWTH];
    char x[NUM_MAX], y[NUM_MAX], z[NUM_MAX];

    snprintf(a->text, sizeof a->text, "good: %s requests, errors %s",
             num_count(x, a->facts.requests),
             num_percent(y, a->facts.of[VERDICT_ERRORS].value));
    if (p95->known) {
        text_add(a->text, sizeof a->text, ", p95 %s",
                 num_latency(z, num_whole(p95->value)));
        say_load(s, normal, a->text, sizeof a->text);
    }
    if (growth->known) {
        text_add(a->text, sizeof a->text, ", and it does not grow");
    }
}

/* "critical: errors, 5xx; warning: p95" */
static void appraisal_bad(struct appraisal *a)
{
    enum verdict_level said = VERDICT_UNKNOWN;
    size_t i;

    a->text[0] = '\0';
    for (i = 0; i < a->report.n; i++) {
        const struct verdict_rule *r = a->report.reasons[i].rule;

        text_add(a->text, sizeof a->text, "%s%s%s%s",
                 i == 0             ? ""
                 : r->level != said ? "; "
                                    : ", ",
                 r->level != said ? verdict_level_name(r->level) : "",
                 r->level != said ? ": " : "", appraisal_names[r->fact]);
        said = r->level;
    }
}

void appraise(const struct story *s, struct appraisal *a)
{
    const struct plan *p = story_info(s)->plan;
    const struct plateaus *levels = study_plateaus(story_study(s));
    int at = verdict_normal(levels);
    const struct plateau *normal =
        at < 0 ? NULL : plateaus_at(levels, (size_t)at);
    size_t i;

    memset(a, 0, sizeof *a);
    facts_of(s, normal, &a->facts);
    verdict_of(&a->facts, p->verdict, p->n_verdict, &a->report);
    a->suspect = story_tick(s)->health.ever_suspect;
    a->chat = plan_chats(p);
    for (i = 0; i < a->report.n; i++) {
        say_reason(s, normal, &a->report.reasons[i], a->reasons[i],
                   APPRAISAL_TEXT);
    }
    switch (a->report.level) {
    case VERDICT_UNKNOWN:
    case VERDICT_LEVELS:
        appraisal_short(a);
        break;
    case VERDICT_GOOD:
        appraisal_good(s, normal, a);
        break;
    case VERDICT_WARNING:
    case VERDICT_CRITICAL:
        appraisal_bad(a);
        break;
    }
}

/* "look at the cache" is "the cache" behind "look at: ". */
static const char *hint_rest(const char *hint)
{
    static const char look[] = "look at";
    const char *rest = hint + sizeof look - 1;

    if (strncasecmp(hint, look, sizeof look - 1) != 0 ||
        (*rest != ' ' && *rest != ':')) {
        return hint;
    }
    rest += strspn(rest, ": ");
    return *rest != '\0' ? rest : hint;
}

const char *appraisal_hint(const struct appraisal *a, size_t i)
{
    size_t k;
    int h;

    for (k = 0; k < a->report.n; k++) {
        const char *own = a->report.reasons[k].rule->hint;

        if (own != NULL && i-- == 0) {
            return hint_rest(own);
        }
    }
    for (h = 0; h < VERDICT_HINTS; h++) {
        const char *line;

        for (k = 0; a->report.hints[h] &&
                    (line = verdict_hint_line((enum verdict_hint)h, a->chat,
                                              k)) != NULL;
             k++) {
            if (i-- == 0) {
                return line;
            }
        }
    }
    return NULL;
}

const char *appraisal_open(const struct appraisal *a, char *buf, size_t size)
{
    int i;

    buf[0] = '\0';
    for (i = 0; i < VERDICT_FACTS; i++) {
        if (a->report.open[i]) {
            text_add(buf, size, "%s%s", buf[0] != '\0' ? ", " : "",
                     appraisal_names[i]);
        }
    }
    return buf;
}
