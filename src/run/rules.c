/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/rules.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "measure/sieve.h"

/* Bytes of a name or selector that are said. */
#define RULES_NAME_MAX 40

static bool rules_upper(const struct threshold *t)
{
    return t->op == OP_LT || t->op == OP_LE;
}

static bool rules_lower(const struct threshold *t)
{
    return t->op == OP_GT || t->op == OP_GE;
}

/* The percentile that an upper limit is on; < 0: none. */
static double rules_percentile(const struct threshold *t)
{
    return t->agg == AGG_P ? t->percentile : t->agg == AGG_MED ? 50 : -1;
}

static bool rules_of_time(const struct plan *plan, const struct threshold *t)
{
    struct metric_info m = plan_metric_info(plan, t->selector.metric);

    return m.type == METRIC_TREND && m.contains == METRIC_TIME &&
           t->selector.metric != METRIC_RECOVERY_TIME && rules_upper(t) &&
           rules_percentile(t) >= 0;
}

/* That few requests fail is never asked for as "at least so many". */
static bool rules_of_share(const struct plan *plan, const struct threshold *t)
{
    return plan_metric_info(plan, t->selector.metric).type == METRIC_RATE &&
           t->agg == AGG_RATE &&
           (rules_upper(t) ||
            (rules_lower(t) && t->selector.metric != METRIC_HTTP_REQ_FAILED));
}

bool rules_have(const struct plan *plan, const struct threshold *t)
{
    return rules_of_time(plan, t) || rules_of_share(plan, t);
}

/* All requests are what a moment has anyway. */
static bool rules_whole(const struct threshold *t)
{
    return t->selector.n_tags == 0 &&
           (t->selector.metric == METRIC_HTTP_REQ_DURATION ||
            t->selector.metric == METRIC_HTTP_REQ_FAILED);
}

static unsigned rules_part(struct rules *r, const struct threshold *t)
{
    bool missing = rules_lower(t);
    size_t i;

    if (rules_whole(t)) {
        return 0;
    }
    for (i = 0; i < r->n_parts; i++) {
        if (r->parts[i].missing == missing &&
            sieve_same(r->parts[i].selector, &t->selector)) {
            return (unsigned)i + 1;
        }
    }
    r->parts[i].selector = &t->selector;
    r->parts[i].missing = missing;
    r->n_parts++;
    return (unsigned)i + 1;
}

/* " of Chat", " of {name:Chat,method:POST}"; "" of all. */
static void rules_add_of(const struct threshold *t, char *buf, size_t size)
{
    const struct selector *s = &t->selector;
    const char *tags = strchr(t->metric_text, '{');
    char name[RULES_NAME_MAX];

    if (s->n_tags == 1 && s->tags[0].tag == TAG_NAME) {
        tags = s->tags[0].value;
    }
    if (s->n_tags > 0 && tags != NULL) {
        text_add(buf, size, " of %s", text_brief(name, sizeof name, tags));
    }
}

static void rules_add_metric(const struct threshold *t, char *buf, size_t size)
{
    char name[RULES_NAME_MAX];

    text_add(buf, size, "%s", text_brief(name, sizeof name, t->metric_text));
}

static void rules_name(const struct threshold *t, double percentile,
                       struct rule_words *w)
{
    char *buf = w->subject;
    size_t size = sizeof w->subject;
    unsigned metric = t->selector.metric;
    bool lower = rules_lower(t);

    buf[0] = '\0';
    w->kind = percentile >= 0 ? RULE_TIME : RULE_SHARE;
    if (percentile >= 0) {
        text_add(buf, size, "p%g", percentile);
        if (metric == METRIC_HTTP_REQ_DURATION) {
            rules_add_of(t, buf, size);
        } else {
            text_add(buf, size, " of ");
            rules_add_metric(t, buf, size);
        }
    } else if (metric == METRIC_HTTP_REQ_FAILED ||
               (metric == METRIC_CHECKS && lower)) {
        text_add(buf, size, "%s",
                 metric == METRIC_CHECKS ? "failed checks" : "errors");
        rules_add_of(t, buf, size);
    } else {
        w->kind = lower ? RULE_SHARE_MISSING : RULE_SHARE;
        rules_add_metric(t, buf, size);
    }
}

static void rules_add(struct rules *r, const struct threshold *t)
{
    bool time = t->agg != AGG_RATE;
    double percentile = time ? rules_percentile(t) : -1;

    if (r->n == RULES_MAX) {
        return;
    }
    r->list[r->n] = (struct rule){
        .percentile = percentile,
        .limit = time             ? t->limit * 1e3
                 : rules_lower(t) ? 1 - t->limit
                                  : t->limit,
        .part = rules_part(r, t),
    };
    rules_name(t, percentile, &r->words[r->n]);
    r->n_latency += time;
    r->n++;
}

void rules_of(const struct plan *plan, struct rules *r)
{
    bool failed = false;
    size_t i;

    memset(r, 0, sizeof *r);
    for (i = 0; i < plan->n_thresholds; i++) {
        const struct threshold *t = &plan->thresholds[i];

        if (rules_have(plan, t)) {
            failed = failed || (rules_whole(t) && t->agg == AGG_RATE);
            rules_add(r, t);
        }
    }
    if (!failed && r->n < RULES_MAX) {
        r->list[r->n] = (struct rule){-1, RULES_FAILED_MAX, 0};
        r->words[r->n++] = (struct rule_words){RULE_SHARE, "errors"};
        r->assumed = true;
    }
}
