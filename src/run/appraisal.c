/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/appraisal_internal.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "base/text.h"
#include "run/study_trend.h"

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

/* "the service's memory came to 462 MB, over its limit of 300 MB" */
static void say_memory(const struct story *s, const struct verdict_reason *r,
                       char *buf, size_t size)
{
    const struct study_memory *m = study_memory(story_study(s));
    char x[NUM_MAX], y[NUM_MAX], z[NUM_MAX];

    text_add(buf, size, "the service's memory came to %s, ",
             num_bytes(x, m->bytes));
    if (m->over) {
        text_add(buf, size, "over its limit of %s", num_bytes(y, m->limit));
    } else {
        text_add(buf, size, "%s of its limit of %s", num_percent(z, m->share),
                 num_bytes(y, m->limit));
        say_limit(r->rule, buf, size);
    }
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
    case VERDICT_MEMORY_LIMIT:
        say_memory(s, r, buf, size);
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
    [VERDICT_MEMORY_LIMIT] = "memory limit",
};

static void appraisal_short(struct appraisal *a)
{
    bool few = a->facts.requests < VERDICT_REQUESTS_MIN;
    bool brief = a->facts.active_us < VERDICT_ACTIVE_MIN_US;
    char x[NUM_MAX], y[NUM_MAX], z[NUM_MAX];
    uint64_t seconds = a->facts.active_us / 1000000 * 1000000;

    num_count(x, a->facts.requests);
    num_period(y, seconds);
    num_period(z, VERDICT_ACTIVE_MIN_US);
    if (!few) {
        snprintf(a->text, sizeof a->text,
                 "not enough to say: only %s of load; it takes %s", y, z);
        return;
    }
    snprintf(a->text, sizeof a->text,
             "not enough to say: %s request%s in %s; it takes %d%s%s", x,
             a->facts.requests == 1 ? "" : "s", y, VERDICT_REQUESTS_MIN,
             brief ? " in " : "", brief ? z : "");
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
    appraisal_facts(s, normal, &a->facts);
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
