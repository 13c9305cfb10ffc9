/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/watch.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"

/* Statuses are told one by one up to here, those above together. */
#define WATCH_STATUS_MAX 600u
#define WATCH_FLUTTER_US (5 * UINT64_C(1000000))
/* So long without any answer is worth an event. */
#define WATCH_SILENCE_US (2 * UINT64_C(1000000))
/* Less is a tick that had no answer by chance. */
#define WATCH_SHORT_US UINT64_C(500000)
/* The generator's own figures are of so much time. */
#define WATCH_AFTER_US (10 * UINT64_C(1000000))

struct watch_threshold {
    bool told, failed; /* what was told last */
    uint64_t told_us;
};

/* Requests without an answer since the last one that had one. */
struct watch_silence {
    bool on, told;
    uint64_t since_us;
    uint64_t kinds[FAILURE_COUNT];
};

struct watch {
    const struct plan *plan; /* borrowed */
    bool kinds[FAILURE_COUNT][WATCH_STATUS_MAX + 1];
    struct watch_silence silence;
    uint64_t silent_until_us; /* the last one, and what it leaves behind */
    bool *checks;             /* owned: plan->n_checks */
    struct watch_threshold *thresholds; /* owned: plan->n_thresholds */
};

struct watch *watch_new(const struct plan *plan)
{
    struct watch *w = xcalloc(1, sizeof *w);

    w->plan = plan;
    w->checks = xcalloc(plan->n_checks + 1, sizeof *w->checks);
    w->thresholds = xcalloc(plan->n_thresholds + 1, sizeof *w->thresholds);
    return w;
}

void watch_free(struct watch **wp)
{
    struct watch *w = *wp;

    if (w == NULL) {
        return;
    }
    free(w->checks);
    free(w->thresholds);
    free(w);
    *wp = NULL;
}

static const struct failure_sample *
watch_sample(const struct delta *d, enum failure kind, unsigned status)
{
    size_t i;

    for (i = 0; i < d->n_failures; i++) {
        if (d->failures[i].kind == kind && d->failures[i].status == status) {
            return &d->failures[i];
        }
    }
    return NULL;
}

static void watch_error(struct watch *w, uint64_t t_us, const struct delta *d,
                        const struct delta_series *s, struct events *out)
{
    const struct failure_sample *x = watch_sample(d, s->failure, s->status);
    const char *name = w->plan->requests[s->request]->name;
    bool by_code = s->status >= 400 && s->status < WATCH_STATUS_MAX;
    const char *why = x != NULL && x->message[0] != '\0'
                          ? x->message
                          : failure_help(s->failure);
    char value[32], words[32], code[16] = "";
    struct event *e;

    if (by_code) {
        /* For people it is called as everywhere on the screen. */
        snprintf(value, sizeof value, "http_%u", (unsigned)s->status);
        snprintf(words, sizeof words, "HTTP %u", (unsigned)s->status);
        snprintf(code, sizeof code, "%u", (unsigned)s->status);
    } else {
        snprintf(value, sizeof value, "%s", failure_name(s->failure));
        snprintf(words, sizeof words, "%s", value);
    }
    e = events_add(out, t_us, "first_error", "", "first %s at %s%s%s", words,
                   name, strcmp(why, code) != 0 ? ": " : "",
                   strcmp(why, code) != 0 ? why : "");
    event_set_value(e, value);
    e->bad = true;
}

/* ": why" of a check that failed, from its sample, which begins with its name;
 * else "" (a long name is cut there, and leaves no room for more). */
static const char *watch_check_why(const struct delta *d, unsigned check,
                                   const char *name)
{
    size_t n = strlen(name), i;

    for (i = 0; i < d->n_failures; i++) {
        const struct failure_sample *x = &d->failures[i];

        if (x->kind == FAILURE_CHECK && x->check == check &&
            strncmp(x->message, name, n) == 0 && x->message[n] == ':') {
            return x->message + n;
        }
    }
    return "";
}

static void watch_check(struct watch *w, uint64_t t_us, const struct delta *d,
                        unsigned check, struct events *out)
{
    const char *name = w->plan->checks[check]->name;
    struct event *e = events_add(out, t_us, "first_error", "",
                                 "first failure of check '%s'%s", name,
                                 watch_check_why(d, check, name));

    event_set_value(e, failure_name(FAILURE_CHECK));
    e->bad = true;
}

static void watch_answer(struct watch *w, uint64_t t_us, struct events *out)
{
    char span[NUM_MAX];

    if (w->silence.told) {
        event_set_value(events_add(out, t_us, "target", "",
                                   "the target answers again after %s",
                                   num_clock(span, t_us - w->silence.since_us)),
                        "answers");
        w->silent_until_us = t_us + WATCH_AFTER_US;
    }
    memset(&w->silence, 0, sizeof w->silence);
}

static void watch_silent(struct watch *w, uint64_t t_us, struct events *out)
{
    struct watch_silence *s = &w->silence;
    enum failure most = FAILURE_NONE;
    struct event *e;
    int k;

    if (!s->on) {
        s->on = true;
        s->since_us = t_us;
    }
    if (s->told || t_us - s->since_us < WATCH_SILENCE_US) {
        return;
    }
    for (k = 0; k < FAILURE_COUNT; k++) {
        most = s->kinds[k] > s->kinds[most] ? (enum failure)k : most;
    }
    s->told = true;
    e = events_add(out, t_us, "target", "", "target unreachable: %s",
                   failure_help(most));
    event_set_value(e, "unreachable");
    e->bad = true;
}

bool watch_unanswered(const struct watch *w, uint64_t t_us)
{
    const struct watch_silence *s = &w->silence;

    return (s->on && t_us - s->since_us >= WATCH_SHORT_US) ||
           t_us < w->silent_until_us;
}

/* Whether anything answers at all. What was never sent says nothing of it. */
static void watch_target(struct watch *w, uint64_t t_us, const struct delta *d,
                         struct events *out)
{
    uint64_t lost = 0;
    size_t i;

    for (i = 0; i < d->n_series; i++) {
        const struct delta_series *s = &d->series[i];

        if (failure_has_response(s->failure)) {
            watch_answer(w, t_us, out);
            return;
        }
        if (s->failure != FAILURE_UNRESOLVED && s->failure != FAILURE_LOCAL) {
            w->silence.kinds[s->failure] += s->count;
            lost += s->count;
        }
    }
    if (lost > 0) {
        watch_silent(w, t_us, out);
    }
}

void watch_delta(struct watch *w, uint64_t t_us, const struct delta *d,
                 struct events *out)
{
    size_t i;

    for (i = 0; i < d->n_series; i++) {
        const struct delta_series *s = &d->series[i];
        unsigned status =
            s->status < WATCH_STATUS_MAX ? s->status : WATCH_STATUS_MAX;

        if (s->failure != FAILURE_NONE && !w->kinds[s->failure][status]) {
            w->kinds[s->failure][status] = true;
            watch_error(w, t_us, d, s, out);
        }
    }
    for (i = 0; i < d->n_checks; i++) {
        const struct delta_check *c = &d->checks[i];

        if (c->fails > 0 && !w->checks[c->check]) {
            w->checks[c->check] = true;
            watch_check(w, t_us, d, c->check, out);
        }
    }
    watch_target(w, t_us, d, out);
}

/* "3.42 s", "2.1 %", "12", "12.0 s, recovering for 12 s". */
static void watch_value(const struct plan *plan, const struct verdict *v,
                        char *buf, size_t size)
{
    struct metric_info info =
        plan_metric_info(plan, v->threshold->selector.metric);
    char num[NUM_MAX];

    if (!v->run.fed) {
        snprintf(buf, size, "%s",
                 v->why[0] != '\0' ? v->why : "nothing fed it");
        return;
    }
    if (info.type == METRIC_RATE) {
        num_percent_beside(num, v->run.value, v->threshold->limit);
    } else if (info.contains == METRIC_TIME) {
        num_ms_beside(num, v->run.value, v->threshold->limit);
    } else {
        num_plain(num, v->run.value);
    }
    snprintf(buf, size, "%s%s%s", num, v->why[0] != '\0' ? ", " : "", v->why);
}

static void watch_verdict(struct watch *w, uint64_t t_us,
                          const struct verdict *v, bool failed,
                          struct events *out)
{
    const struct threshold *t = v->threshold;
    char value[NUM_MAX + 2 + JUDGE_WHY_MAX], rule[160];
    struct event *e;
    /* A long name is cut, and not the limit behind it. */
    size_t n = strlen(t->metric_text), room = sizeof rule - 2;
    size_t limit = strlen(t->expression);
    bool cut = limit < room / 2 && n > room - limit;

    watch_value(w->plan, v, value, sizeof value);
    n = cut ? text_whole(t->metric_text, room - limit - strlen("…")) : n;
    snprintf(rule, sizeof rule, "%.*s%s %s", (int)n, t->metric_text,
             cut ? "…" : "", t->expression);
    e = events_add(out, t_us, "threshold", "", "threshold %s %s: %s", rule,
                   failed ? "failed" : "recovered", value);
    event_set_value(e, rule);
    e->bad = failed;
}

void watch_verdicts(struct watch *w, uint64_t t_us, const struct verdict *v,
                    size_t n, struct events *out)
{
    size_t i;

    for (i = 0; i < n; i++) {
        struct watch_threshold *t = &w->thresholds[i];
        bool failed = !v[i].ok;

        /* That all is well from the start is no news. */
        if (v[i].pending || failed == t->failed ||
            (t->told && t_us - t->told_us < WATCH_FLUTTER_US)) {
            continue;
        }
        watch_verdict(w, t_us, &v[i], failed, out);
        t->told = true;
        t->failed = failed;
        t->told_us = t_us;
    }
}
