/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/plateaus.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/xalloc.h"
#include "insight/binom.h"

/* Flat is more than a tenth more load for less than a quarter of the requests
 * that it should have brought, both from so many that chance is out of it. */
#define PLATEAUS_FLAT_LOAD     1.1
#define PLATEAUS_FLAT_SHARE    0.25
#define PLATEAUS_FLAT_REQUESTS 100
/* More load for less than this share of the requests: they fall. */
#define PLATEAUS_FELL 0.9

struct plateaus {
    struct plateau_rule rules[PLATEAUS_RULES_MAX];
    size_t n_rules;
    struct plateau *list; /* owned: a ring once it is full */
    size_t n, cap, first;
    size_t dropped;
    bool going; /* the load is constant */
    struct plateau now;
    uint64_t since_us;                          /* active time of now */
    double vus_us, iteration_us, iteration_us2; /* settled, as of a moment */
    uint64_t unsettled;    /* active time since its start, or since a pause */
    struct histo *settled; /* owned */
};

struct plateaus *plateaus_new(const struct plateau_rule *rules, size_t n_rules)
{
    struct plateaus *s = xcalloc(1, sizeof *s);

    s->n_rules = n_rules < PLATEAUS_RULES_MAX ? n_rules : PLATEAUS_RULES_MAX;
    if (s->n_rules > 0) {
        memcpy(s->rules, rules, s->n_rules * sizeof *rules);
    }
    s->settled = histo_new();
    return s;
}

void plateaus_free(struct plateaus **s)
{
    if (*s == NULL) {
        return;
    }
    histo_free(&(*s)->settled);
    free((*s)->list);
    free(*s);
    *s = NULL;
}

/* Too few to know a percentile by: only more beyond the limit than chance
 * explains says that it is broken. */
static bool plateaus_breaks_latency(const struct plateaus *s,
                                    const struct plateau_rule *r)
{
    uint64_t n = histo_count(s->settled);
    uint64_t limit = num_whole(r->limit);

    if (n == 0 ||
        (double)histo_percentile(s->settled, r->percentile) < r->limit) {
        return false;
    }
    return n >= histo_samples_needed(r->percentile) ||
           histo_count_above(s->settled, limit) >
               binom_quantile(n, 1 - r->percentile / 100, 0.95);
}

static bool plateaus_breaks(const struct plateaus *s, const struct plateau *p,
                            const struct plateau_rule *r)
{
    if (r->percentile >= 0) {
        return plateaus_breaks_latency(s, r);
    }
    return p->requests > 0 && p->failed > 0 && p->error_rate >= r->limit &&
           (p->requests >= PLATEAUS_FLAT_REQUESTS ||
            p->failed > binom_quantile(p->requests, r->limit, 0.95));
}

/* Against the one before, of the same scenarios, that holds and has the most
 * requests a second with less load. */
static void plateaus_weigh(const struct plateaus *s, struct plateau *p)
{
    const struct plateau *low = NULL;
    double grown;
    size_t i;

    p->flat = false;
    p->fell = false;
    for (i = 0; i < s->n; i++) {
        const struct plateau *q = plateaus_at(s, i);

        if (q->who == p->who && q->broken < 0 && q->load > 0 &&
            q->requests > 0 && p->load >= PLATEAUS_FLAT_LOAD * q->load &&
            (low == NULL || q->rps > low->rps)) {
            low = q;
        }
    }
    if (low == NULL || low->requests < PLATEAUS_FLAT_REQUESTS ||
        p->requests < PLATEAUS_FLAT_REQUESTS) {
        return;
    }
    grown = p->load / low->load - 1;
    p->flat = p->rps < low->rps * (1 + PLATEAUS_FLAT_SHARE * grown);
    p->fell = p->rps < low->rps * PLATEAUS_FELL;
}

/* What VUs did with their time. */
static void plateaus_users(struct plateaus *s)
{
    struct plateau *p = &s->now;
    double n = (double)p->iterations, spent = (double)histo_sum(s->settled);
    struct little_seen seen = {.ended = p->iterations,
                               .seconds = (double)p->settled_us / 1e6};

    p->users = s->vus_us / (double)p->settled_us;
    p->response_us = histo_mean(s->settled);
    if (p->iterations == 0 || p->requests == 0) {
        return;
    }
    p->think_us = fmax(s->iteration_us - spent, 0) / (double)p->requests;
    seen.users = p->users;
    seen.each_s = s->iteration_us / n / 1e6;
    seen.each_cv = sqrt(fmax(
        s->iteration_us2 * n / (s->iteration_us * s->iteration_us) - 1, 0));
    if (!p->rate) {
        p->little = little_check(&seen);
    }
}

static void plateaus_figures(struct plateaus *s)
{
    struct plateau *p = &s->now;
    size_t i;

    p->responses = histo_count(s->settled);
    p->rps = p->settled_us > 0
                 ? (double)p->requests * 1e6 / (double)p->settled_us
                 : 0;
    p->error_rate =
        p->requests > 0 ? (double)p->failed / (double)p->requests : 0;
    p->p50_us = histo_percentile(s->settled, 50);
    p->p95_us = histo_percentile(s->settled, 95);
    p->p99_us = histo_percentile(s->settled, 99);
    plateaus_users(s);
    p->broken = -1;
    for (i = 0; i < s->n_rules && p->broken < 0; i++) {
        if (plateaus_breaks(s, p, &s->rules[i])) {
            p->broken = (int)i;
            p->value = s->rules[i].percentile < 0
                           ? p->error_rate
                           : (double)histo_percentile(s->settled,
                                                      s->rules[i].percentile);
        }
    }
    plateaus_weigh(s, p);
}

static bool plateaus_counts(const struct plateaus *s)
{
    return s->going && s->now.settled_us >= PLATEAUS_LEAST_US;
}

static void plateaus_keep(struct plateaus *s)
{
    if (s->n < PLATEAUS_MAX) {
        s->list = xgrow(s->list, s->n, &s->cap, sizeof *s->list);
        s->list[s->n++] = s->now;
        return;
    }
    s->list[s->first] = s->now;
    s->first = (s->first + 1) % PLATEAUS_MAX;
    s->dropped++;
}

void plateaus_end(struct plateaus *s)
{
    if (plateaus_counts(s)) {
        plateaus_keep(s);
    }
    s->going = false;
}

static void plateaus_begin(struct plateaus *s, const struct moment *x)
{
    s->now = (struct plateau){.start_us = x->start_us,
                              .load = x->load,
                              .who = x->who,
                              .stage = x->stage,
                              .rate = x->open};
    s->now.broken = -1;
    snprintf(s->now.by, sizeof s->now.by, "%s", x->by);
    s->since_us = 0;
    s->unsettled = 0;
    s->vus_us = s->iteration_us = s->iteration_us2 = 0;
    histo_clear(s->settled);
    s->going = true;
}

/* Loads are whole numbers, or sums of them. */
static bool plateaus_same(const struct plateaus *s, const struct moment *x)
{
    return s->going && s->now.who == x->who &&
           fabs(s->now.load - x->load) < 0.5 && strcmp(s->now.by, x->by) == 0;
}

void plateaus_feed(struct plateaus *s, const struct moment *x)
{
    bool counts;
    int k;

    if (!x->still) {
        plateaus_end(s);
        return;
    }
    if (x->active_us == 0 || x->down) {
        s->unsettled = 0; /* what follows begins anew */
        return;
    }
    if (!plateaus_same(s, x)) {
        plateaus_end(s);
        plateaus_begin(s, x);
    }
    counts = s->unsettled >= PLATEAUS_DRAIN_US ||
             (s->unsettled >= PLATEAUS_SETTLE_US && x->draining == 0);
    s->unsettled += x->active_us;
    s->since_us += x->active_us;
    s->now.end_us = x->end_us;
    s->now.vus = x->vus;
    if (!counts) {
        return;
    }
    s->unsettled = PLATEAUS_DRAIN_US; /* settled, until a pause */
    s->now.settled_us += x->active_us;
    s->now.requests += x->requests;
    s->now.failed += x->failed;
    for (k = 0; k < ERRORS_COUNT; k++) {
        s->now.errors[k] += x->errors[k];
    }
    s->now.iterations += x->iterations;
    s->vus_us += x->vus_us;
    s->iteration_us += x->iteration_us;
    s->iteration_us2 += x->iteration_us2;
    histo_merge(s->settled, x->all);
    plateaus_figures(s);
}

size_t plateaus_count(const struct plateaus *s)
{
    return s->n + (plateaus_counts(s) ? 1 : 0);
}

const struct plateau *plateaus_at(const struct plateaus *s, size_t i)
{
    MUST(i < plateaus_count(s));
    return i == s->n ? &s->now : &s->list[(s->first + i) % s->n];
}

size_t plateaus_dropped(const struct plateaus *s)
{
    return s->dropped;
}

bool plateaus_open(const struct plateaus *s)
{
    return plateaus_counts(s);
}

bool plateaus_now(const struct plateaus *s, uint64_t *since_us,
                  uint64_t *settled_us)
{
    *since_us = s->going ? s->since_us : 0;
    *settled_us = s->going ? s->now.settled_us : 0;
    return s->going;
}

static bool plateaus_holds(const struct plateau *p)
{
    return p->broken < 0 && p->requests > 0;
}

static void bracket_take(int *best, size_t i, bool better)
{
    if (*best < 0 || better) {
        *best = (int)i;
    }
}

struct bracket plateaus_bracket(const struct plateaus *s)
{
    struct bracket b = {-1, -1, -1, -1, -1, -1};
    size_t n = plateaus_count(s), i;

#define AT(k) plateaus_at(s, (size_t)(k))
    for (i = 0; i < n; i++) {
        const struct plateau *p = AT(i);

        if (p->broken >= 0) {
            bracket_take(&b.first_bad, i, false);
            bracket_take(&b.bad, i, b.bad >= 0 && p->load < AT(b.bad)->load);
        } else if (plateaus_holds(p)) {
            bracket_take(&b.best, i, b.best >= 0 && p->rps > AT(b.best)->rps);
        }
        if (p->flat) {
            bracket_take(&b.flat, i, b.flat >= 0 && p->load < AT(b.flat)->load);
        }
        if (p->fell) {
            bracket_take(&b.fell, i, b.fell >= 0 && p->load < AT(b.fell)->load);
        }
    }
    for (i = 0; i < n; i++) {
        const struct plateau *p = AT(i);

        if (plateaus_holds(p) && !p->fell &&
            (b.bad < 0 || p->load < AT(b.bad)->load) &&
            (b.fell < 0 || p->load < AT(b.fell)->load)) {
            bracket_take(&b.good, i,
                         b.good >= 0 && p->load >= AT(b.good)->load);
        }
    }
#undef AT
    return b;
}
