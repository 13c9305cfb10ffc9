/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/sieve.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "measure/cell.h"
#include "measure/match.h"

struct sieve {
    struct match match;
    bool missing;
    bool apart; /* some of its samples are of requests that failed */
    struct cell all, good;
    struct histo *none; /* owned; what there is of rates */
};

struct sieve *sieve_new(const struct plan *plan, const struct lineup *lineup,
                        const struct selector *selector, bool missing)
{
    struct sieve *p = xcalloc(1, sizeof *p);

    match_init(&p->match, plan, lineup, selector);
    p->missing = missing;
    p->apart = p->match.source == MATCH_PHASE && p->match.expected < 0;
    p->none = histo_new();
    return p;
}

void sieve_free(struct sieve **p)
{
    if (*p == NULL) {
        return;
    }
    match_clear(&(*p)->match);
    cell_clear(&(*p)->all);
    cell_clear(&(*p)->good);
    histo_free(&(*p)->none);
    free(*p);
    *p = NULL;
}

void sieve_add(struct sieve *p, const struct delta *d)
{
    struct match good = p->match;

    cell_add_delta(&p->all, &p->match, d);
    if (p->apart) {
        good.expected = 1;
        cell_add_delta(&p->good, &good, d);
    }
}

void sieve_join(struct sieve *p, const struct sieve *from)
{
    cell_add_cell(&p->all, &from->all);
    cell_add_cell(&p->good, &from->good);
}

void sieve_clear(struct sieve *p)
{
    cell_reset(&p->all);
    cell_reset(&p->good);
}

/* Of that request, or of a check of it. */
static bool sieve_means(const struct match *m, const struct plan *plan,
                        size_t request)
{
    const struct request *r = plan->requests[request];
    bool checks = false;
    size_t i;

    if (m->source != MATCH_CHECKS) {
        return m->requests[request];
    }
    for (i = 0; i < r->n_checks; i++) {
        checks |=
            m->checks[plan_check_row(plan, r->scenario, r->checks[i].index)];
    }
    return checks;
}

bool sieve_can(const struct sieve *p, const struct plan *plan,
               const struct lineup *lineup)
{
    const struct match *m = &p->match;
    size_t i;

    if (m->never || m->source == MATCH_ITERATION_DURATION) {
        return !m->never;
    }
    for (i = 0; i < plan->n_requests; i++) {
        if (plan_asks(plan, lineup, plan->requests[i]) &&
            sieve_means(m, plan, i)) {
            return true;
        }
    }
    return false;
}

bool sieve_aside(const struct sieve *p, const struct plan *plan)
{
    const struct match *m = &p->match;
    bool any = false;
    size_t i;

    if (m->never || m->source == MATCH_ITERATION_DURATION) {
        return false;
    }
    for (i = 0; i < plan->n_requests; i++) {
        if (sieve_means(m, plan, i)) {
            if (!plan_aside(plan, plan->requests[i])) {
                return false;
            }
            any = true;
        }
    }
    return any;
}

struct sifted sieve_of(const struct sieve *p)
{
    const struct cell *good = p->apart ? &p->good : &p->all;

    return (struct sifted){
        .all = p->all.trend != NULL ? p->all.trend : p->none,
        .good = good->trend != NULL ? good->trend : p->none,
        .n = p->all.samples,
        .bad = p->missing ? p->all.samples - p->all.hits : p->all.hits,
    };
}

bool sieve_same(const struct selector *a, const struct selector *b)
{
    return match_same(a, b);
}
