/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/plateaus.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "insight/plateaus_internal.h"

/* Flat is more than a tenth more load for less than a quarter of the requests
 * that it should have brought, both from so many that chance is out of it. */
#define PLATEAUS_FLAT_LOAD  1.1
#define PLATEAUS_FLAT_SHARE 0.25
/* More load for less than this share of the requests: they fall. */
#define PLATEAUS_FELL 0.9

struct plateaus *plateaus_new(const struct rule *rules, size_t n_rules)
{
    struct plateaus *s = xcalloc(1, sizeof *s);

    s->n_rules = n_rules < RULES_MAX ? n_rules : RULES_MAX;
    if (s->n_rules > 0) {
        memcpy(s->rules, rules, s->n_rules * sizeof *rules);
    }
    plateaus_sum_init(&s->settled, rules, s->n_rules);
    plateaus_sum_init(&s->back, rules, s->n_rules);
    plateaus_sum_init(&s->calm, rules, s->n_rules);
    return s;
}

void plateaus_free(struct plateaus **s)
{
    if (*s == NULL) {
        return;
    }
    plateaus_sum_free(&(*s)->settled);
    plateaus_sum_free(&(*s)->back);
    plateaus_sum_free(&(*s)->calm);
    free((*s)->list);
    free(*s);
    *s = NULL;
}

/* Against the one before, of the same scenarios, that holds and has the most
 * requests a second with less load. */
static void plateaus_weigh(const struct plateaus *s, struct plateau *p)
{
    const struct plateau *low = NULL;
    double grown;
    size_t i;

    p->flat = p->fell = false;
    p->flat_from = 0;
    for (i = 0; i < s->n && p->after <= 0; i++) {
        const struct plateau *q = plateaus_at(s, i);

        if (q->who == p->who && plateaus_holds(q) && q->load > 0 &&
            p->load >= PLATEAUS_FLAT_LOAD * q->load &&
            (low == NULL || q->rps > low->rps)) {
            low = q;
        }
    }
    if (low == NULL || low->requests < PLATEAUS_SURE ||
        p->requests < PLATEAUS_SURE) {
        return;
    }
    grown = p->load / low->load - 1;
    p->flat = p->rps < low->rps * (1 + PLATEAUS_FLAT_SHARE * grown);
    p->fell = p->rps < low->rps * PLATEAUS_FELL;
    p->flat_from = p->flat || p->fell ? low->load : 0;
}

/* What VUs did with their time. */
static void plateaus_users(struct plateaus *s)
{
    struct plateau *p = &s->now;
    const struct plateaus_sum *a = &s->settled;
    double n = (double)p->iterations, spent = (double)histo_sum(a->all);
    struct little_seen seen = {.ended = p->iterations,
                               .seconds = (double)p->settled_us / 1e6,
                               .before_s = s->before_us / 1e6};

    p->users = p->settled_us > 0 ? a->vus_us / (double)p->settled_us : 0;
    p->response_us = histo_mean(a->all);
    if (p->iterations == 0 || p->requests == 0) {
        return;
    }
    p->think_us = fmax(a->iteration_us - spent, 0) / (double)p->requests;
    seen.users = p->users;
    seen.each_s = a->iteration_us / n / 1e6;
    seen.each_cv = sqrt(fmax(
        a->iteration_us2 * n / (a->iteration_us * a->iteration_us) - 1, 0));
    p->little = (struct little_answer){LITTLE_UNKNOWN, 0, 0};
    if (!p->rate && p->after <= 0) { /* else it is no steady state */
        p->little = little_check(&seen);
    }
}

static void plateaus_figures(struct plateaus *s)
{
    const struct plateaus_sum *a = &s->settled;
    struct plateau *p = &s->now;

    p->settled_us = a->us;
    p->requests = a->requests;
    p->failed = a->failed;
    p->iterations = a->iterations;
    memcpy(p->errors, a->errors, sizeof p->errors);
    p->responses = histo_count(a->all);
    p->rps = p->settled_us > 0
                 ? (double)p->requests * 1e6 / (double)p->settled_us
                 : 0;
    p->good = a->good;
    p->goodput =
        p->settled_us > 0 ? (double)p->good * 1e6 / (double)p->settled_us : 0;
    p->good_us = p->good > 0 ? (double)a->good_us / (double)p->good : 0;
    p->error_rate =
        p->requests > 0 ? (double)p->failed / (double)p->requests : 0;
    p->p50_us = histo_percentile(a->all, 50);
    p->p95_us = histo_percentile(a->all, 95);
    p->p99_us = histo_percentile(a->all, 99);
    plateaus_users(s);
    plateaus_judge(s, p);
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

/* It says that its load is too much. */
static bool plateaus_breaks(const struct plateau *p)
{
    return p->after <= 0 && ((p->broken >= 0 && !p->passed) || p->fell);
}

void plateaus_pass(struct plateaus *s, uint64_t at_us)
{
    size_t i;

    for (i = 0; i < s->n; i++) {
        struct plateau *p = &s->list[i];

        p->passed = p->passed || (p->start_us <= at_us && at_us < p->end_us);
    }
    if (s->going && s->now.start_us <= at_us) {
        s->told = true;
        plateaus_judge(s, &s->now);
    }
}

void plateaus_end(struct plateaus *s)
{
    const struct plateau *p = &s->now;

    if (plateaus_counts(s)) {
        if (plateaus_breaks(p)) {
            strain_begin(&s->strain, p->load);
        }
        plateaus_keep(s);
    }
    s->going = false;
}

/* Whether what breaks a rule is there for a while is counted anew. */
static void plateaus_calm(struct plateaus *s)
{
    plateaus_sum_clear(&s->calm);
    s->any_bad = false;
    s->before_bad_us = s->since_bad_us = 0;
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
    s->before_us = s->last_us;
    plateaus_sum_clear(&s->settled);
    plateaus_sum_clear(&s->back);
    s->told = false;
    plateaus_calm(s);
    s->going = true;
}

/* Loads are whole numbers, or sums of them. */
static bool plateaus_same(const struct plateaus *s, const struct moment *x)
{
    return s->going && s->now.who == x->who &&
           fabs(s->now.load - x->load) < 0.5 && strcmp(s->now.by, x->by) == 0;
}

/* Where the overload is over, the figures are of the time since it is. */
static void plateaus_settled(struct plateaus *s, const struct moment *x,
                             enum strain_now now, bool bad)
{
    plateaus_sum_add(&s->settled, x);
    if (bad) {
        s->any_bad = true;
        s->since_bad_us = 0;
    } else {
        plateaus_sum_add(&s->calm, x);
        *(s->any_bad ? &s->since_bad_us : &s->before_bad_us) += x->active_us;
    }
    if (now == STRAIN_FELT) {
        plateaus_sum_clear(&s->back);
    } else if (now != STRAIN_NONE) {
        plateaus_sum_add(&s->back, x);
    }
}

static void plateaus_relieved(struct plateaus *s)
{
    struct plateaus_sum was = s->settled;

    s->settled = s->back;
    s->back = was;
    plateaus_sum_clear(&s->back);
    plateaus_calm(s);
}

static bool plateaus_moment(struct plateaus *s, const struct moment *x)
{
    bool counts = s->unsettled >= PLATEAUS_DRAIN_US ||
                  (s->unsettled >= PLATEAUS_SETTLE_US && x->draining == 0);

    if (!counts) {
        s->before_us = fmax(s->before_us, s->last_us);
    }
    s->unsettled += x->active_us;
    s->since_us += x->active_us;
    s->now.end_us = x->end_us;
    s->now.vus = x->vus;
    return counts;
}

static void plateaus_part(struct plateaus *s, const struct moment *x)
{
    enum strain_now now;
    bool counts, bad;

    if (x->active_us == 0 || x->down) {
        s->unsettled = 0; /* what follows begins anew */
        if (!x->still) {
            plateaus_end(s);
        }
        return;
    }
    if (!x->still || !plateaus_same(s, x)) {
        plateaus_end(s);
    }
    bad = plateaus_bad(s, x);
    now = plateaus_strain(s, x, bad);
    if (!x->still) {
        return;
    }
    if (!s->going) {
        plateaus_begin(s, x);
    }
    counts = plateaus_moment(s, x);
    if (counts) {
        s->unsettled = PLATEAUS_DRAIN_US; /* settled, until a pause */
        s->now.suspect = s->now.suspect || x->suspect;
        plateaus_settled(s, x, now, bad);
    }
    if (now == STRAIN_OVER && s->now.after > 0) {
        plateaus_relieved(s);
    }
    s->now.after = strain_of(&s->strain, x->load);
    plateaus_figures(s);
}

void plateaus_feed(struct plateaus *s, const struct moment *x)
{
    plateaus_part(s, x);
    if (x->iterations > 0) {
        s->last_us = x->iteration_us / (double)x->iterations;
    }
}

const struct rule *plateaus_rule(const struct plateaus *s, size_t i)
{
    MUST(i < s->n_rules);
    return &s->rules[i];
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

double plateaus_after(const struct plateaus *s)
{
    return s->going ? s->now.after : 0;
}

bool plateaus_now(const struct plateaus *s, uint64_t *since_us,
                  uint64_t *settled_us)
{
    *since_us = s->going ? s->since_us : 0;
    *settled_us = s->going ? s->now.settled_us : 0;
    return s->going;
}

static void bracket_take(int *best, size_t i, bool better)
{
    if (*best < 0 || better) {
        *best = (int)i;
    }
}

/* Loads of one set of scenarios are held against each other: of those that
 * broke first; where none did, of those that held the most load. */
static uint64_t bracket_who(const struct plateaus *s)
{
    size_t n = plateaus_count(s), i;
    double load = -1;
    uint64_t who = 0;

    for (i = 0; i < n; i++) {
        const struct plateau *p = plateaus_at(s, i);

        if (plateaus_breaks(p)) {
            return p->who;
        }
        if (plateaus_holds(p) && p->load > load) {
            load = p->load;
            who = p->who;
        }
    }
    return who;
}

/* What was held before the first that did not hold is known to have been good:
 * what comes after that may narrow it, and does not take it back. */
static double bracket_floor(const struct plateaus *s)
{
    size_t n = plateaus_count(s), first = 0, i;
    double load = 0;

    while (first < n) {
        const struct plateau *p = plateaus_at(s, first);

        if (plateaus_breaks(p)) {
            break;
        }
        first++;
    }
    for (i = 0; i < first && first < n; i++) {
        const struct plateau *p = plateaus_at(s, i);

        if (plateaus_holds(p) && p->who == plateaus_at(s, first)->who &&
            p->load > load && p->load < plateaus_at(s, first)->load) {
            load = p->load;
        }
    }
    return load;
}

static void bracket_least(const struct plateaus *s, int *best, size_t i,
                          double floor)
{
    double load = plateaus_at(s, i)->load;

    if (load > floor) {
        bracket_take(best, i,
                     *best >= 0 && load < plateaus_at(s, (size_t)*best)->load);
    }
}

/* Of one that held before it broke it is not known that it is the load: others
 * say more, where there are any. At a rate just above what is done, a line
 * takes its time to grow. */
static bool bracket_weak(const struct plateaus *s, uint64_t who,
                         const struct plateau *p)
{
    size_t n = plateaus_count(s), i;

    for (i = 0; i < n && p->sudden && !p->rate; i++) {
        const struct plateau *q = plateaus_at(s, i);

        if (q->who == who && q->after <= 0 && q->broken >= 0 && !q->passed &&
            !q->sudden) {
            return true;
        }
    }
    return false;
}

struct bracket plateaus_bracket(const struct plateaus *s)
{
    struct bracket b = {-1, -1, -1, -1, -1, -1};
    double floor = bracket_floor(s);
    uint64_t who = bracket_who(s);
    size_t n = plateaus_count(s), i;

#define AT(k) plateaus_at(s, (size_t)(k))
    for (i = 0; i < n; i++) {
        const struct plateau *p = AT(i);

        if (p->after > 0 || p->who != who) {
            continue;
        }
        if (p->broken >= 0 && !p->passed && !bracket_weak(s, who, p)) {
            bracket_take(&b.first_bad, i, false);
            bracket_least(s, &b.bad, i, floor);
        } else if (plateaus_holds(p)) {
            bracket_take(&b.best, i, b.best >= 0 && p->rps > AT(b.best)->rps);
        }
        if (p->flat) {
            bracket_least(s, &b.flat, i, 0);
        }
        if (p->fell) {
            bracket_least(s, &b.fell, i, floor);
        }
    }
    for (i = 0; i < n; i++) {
        const struct plateau *p = AT(i);

        if (plateaus_holds(p) && p->who == who && !p->fell &&
            (b.bad < 0 || p->load < AT(b.bad)->load) &&
            (b.fell < 0 || p->load < AT(b.fell)->load)) {
            bracket_take(&b.good, i,
                         b.good >= 0 && p->load >= AT(b.good)->load);
        }
    }
#undef AT
    return b;
}
