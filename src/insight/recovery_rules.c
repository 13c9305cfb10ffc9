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
#define RULES_WAIT_US BAND_WAIT_US
/* What is asked less often than that in this time is not waited for: none at
 * all is then no news. */
#define RULES_DUE 5
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
        to->aside = limit->aside[i];
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

/* What is asked, up to the last sample: what follows may be its absence. */
static void rules_note(struct band_rule *r, const struct moment *x, uint64_t n)
{
    if (!r->seen && r->who != x->who) {
        r->who = x->who;
        r->since = (struct band_asked){0};
    }
    if ((r->who & ~x->who) == 0) {
        r->since.requests += (double)x->requests;
        r->since.load_us += x->load * (double)x->active_us;
    }
    if (n > 0) {
        r->who &= x->who;
        r->seen = true;
        r->n += n;
        r->asked.requests += r->since.requests;
        r->asked.load_us += r->since.load_us;
        r->since = (struct band_asked){0};
    }
}

void band_rules_note(struct band_rules *l, const struct moment *x)
{
    size_t i;

    for (i = 0; i < l->n; i++) {
        struct sifted p = moment_part(x, l->list[i].part);

        rules_note(&l->list[i], x, rules_samples(&l->list[i], &p));
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
        t->all += p.n;
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
        c->rules[i].all += from->rules[i].all;
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

/* Whenever there were samples these scenarios ran, and they do. Where it was
 * asked by one, and then by another, there are none. */
static bool rules_due(const struct band_rule *r, const struct band_counts *c)
{
    return r->seen && !r->aside && r->who != 0 && (r->who & ~c->who) == 0;
}

/* By its share of the requests, and by the load: few are due in the time that
 * is waited. The last sample ends what they are counted in. */
static bool rules_rare(const struct band_rule *r, const struct band_counts *c)
{
    double more = (double)r->n - 1, share = 0, per_load = 0, due;

    if (r->asked.requests > 0) {
        share = more / r->asked.requests;
    }
    if (r->asked.load_us > 0) {
        per_load = more / r->asked.load_us;
    }
    due = fmax(share * (double)c->requests, per_load * c->load_us);
    return due * (double)RULES_WAIT_US < RULES_DUE * (double)c->active_us;
}

/* Something else is known of latency: that few may fail says nothing of it. */
static bool rules_of_latency(const struct band_ref *r,
                             const struct band_counts *c)
{
    bool known = r->in_us > 0;
    size_t i;

    for (i = 0; i < r->rules->n; i++) {
        known = known || (r->rules->list[i].latency && c->rules[i].n > 0);
    }
    return known;
}

/* Is rule i one that samples of are still to come? */
static bool rules_wait(const struct band_ref *r, const struct band_counts *c,
                       size_t i)
{
    const struct band_rule *rule = &r->rules->list[i];

    return rules_due(rule, c) && (c->rules[i].all > 0 || !rules_rare(rule, c) ||
                                  !rules_of_latency(r, c));
}

static bool rules_enough(const struct band_ref *r, const struct band_counts *c)
{
    size_t i;

    for (i = 0; i < r->rules->n; i++) {
        uint64_t n = c->rules[i].n;

        if (n < RULES_ENOUGH && !r->rules->list[i].aside &&
            (n > 0 || rules_wait(r, c, i))) {
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
           rules_enough(r, c) || band_surely_out(r, c);
}

bool band_missing(const struct band_ref *r, const struct band_counts *c)
{
    size_t i;

    for (i = 0; r->rules != NULL && i < r->rules->n; i++) {
        if (r->rules->list[i].latency && c->rules[i].n == 0 &&
            rules_wait(r, c, i)) {
            return true;
        }
    }
    return false;
}

bool band_unasked(const struct band_ref *r, const struct band_counts *c)
{
    size_t i;

    for (i = 0; r->rules != NULL && i < r->rules->n; i++) {
        if (c->rules[i].all == 0 && rules_due(&r->rules->list[i], c)) {
            return true;
        }
    }
    return false;
}
