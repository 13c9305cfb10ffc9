/* SPDX-License-Identifier: MIT
 *
 * recovery_rules - is a window as the plan's rules have it: each for itself,
 * of the part of the requests that it is about. */
#include "config.h"

#include <math.h>

#include "base/must.h"
#include "base/num.h"
#include "insight/binom.h"
#include "insight/recovery_base.h"

/* Samples that say enough, as of a baseline's windows; and how long they are
 * waited for. */
#define RULES_ENOUGH  60
#define RULES_WAIT_US (30 * UINT64_C(1000000))
/* As in the test of errors, and of latency. */
#define RULES_SHARES 0.999

void band_rules_init(struct band_rules *l, const struct recovery_limit *limit)
{
    size_t i;

    MUST(limit->n_rules <= RULES_MAX);
    *l = (struct band_rules){.n = limit->n_rules};
    for (i = 0; i < l->n; i++) {
        const struct rule *from = &limit->rules[i];
        struct band_rule *to = &l->list[i];

        to->part = from->part;
        to->latency = from->percentile >= 0;
        if (!to->latency) {
            to->share = from->limit;
            continue;
        }
        to->share = (100 - from->percentile) / 100;
        to->in_us = num_whole(from->limit);
        to->out_us = to->in_us + to->in_us / 10;
    }
}

/* Of latency those that did not fail; of what may be bad all. */
static uint64_t rules_samples(const struct band_rule *r, const struct sifted *p)
{
    return r->latency ? histo_count(p->good) : p->n;
}

void band_rules_note(struct band_rules *l, const struct moment *x)
{
    size_t i;

    for (i = 0; i < l->n; i++) {
        struct band_rule *r = &l->list[i];
        struct sifted p = moment_part(x, r->part);

        if (rules_samples(r, &p) > 0) {
            r->who = r->seen ? r->who & x->who : x->who;
            r->seen = true;
        }
    }
}

void band_rules_add(const struct band_rules *l, struct band_counts *c,
                    const struct moment *x)
{
    size_t i;

    for (i = 0; i < l->n; i++) {
        const struct band_rule *r = &l->list[i];
        struct sifted p = moment_part(x, r->part);
        struct band_tally *t = &c->rules[i];

        t->n += rules_samples(r, &p);
        t->above += r->latency ? histo_count_above(p.good, r->in_us) : p.bad;
        t->clear += r->latency ? histo_count_above(p.good, r->out_us) : p.bad;
    }
}

void band_rules_join(struct band_counts *c, const struct band_counts *from,
                     size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        c->rules[i].n += from->rules[i].n;
        c->rules[i].above += from->rules[i].above;
        c->rules[i].clear += from->rules[i].clear;
    }
}

bool band_rules_in(const struct band_rules *l, const struct band_counts *c)
{
    size_t i;

    for (i = 0; i < l->n; i++) {
        const struct band_tally *t = &c->rules[i];

        if (t->above >
            binom_quantile(t->n, l->list[i].share,
                           l->list[i].latency ? BAND_LATENCY : RULES_SHARES)) {
            return false;
        }
    }
    return true;
}

bool band_rules_out(const struct band_rules *l, const struct band_counts *c,
                    double sure)
{
    size_t i;

    for (i = 0; i < l->n; i++) {
        const struct band_tally *t = &c->rules[i];

        if (t->clear > binom_quantile(t->n, l->list[i].share, sure)) {
            return true;
        }
    }
    return false;
}

/* Whenever there were samples these scenarios ran, and they do. */
static bool rules_due(const struct band_rule *r, const struct band_counts *c)
{
    return r->seen && (r->who & ~c->who) == 0;
}

static bool rules_enough(const struct band_rules *l,
                         const struct band_counts *c)
{
    size_t i;

    for (i = 0; i < l->n; i++) {
        if (c->rules[i].n < RULES_ENOUGH &&
            (c->rules[i].n > 0 || rules_due(&l->list[i], c))) {
            return false;
        }
    }
    return true;
}

bool band_full(const struct band_ref *r, const struct band_counts *c)
{
    if (c->active_us + r->window_us / 10 < r->window_us) {
        return false;
    }
    return r->rules == NULL || c->active_us >= RULES_WAIT_US ||
           rules_enough(r->rules, c) || band_surely_out(r, c);
}

bool band_missing(const struct band_ref *r, const struct band_counts *c)
{
    size_t i;

    for (i = 0; r->rules != NULL && i < r->rules->n; i++) {
        const struct band_rule *rule = &r->rules->list[i];

        if (rule->latency && c->rules[i].n == 0 && rules_due(rule, c)) {
            return true;
        }
    }
    return false;
}
