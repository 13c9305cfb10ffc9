/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/culprit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "insight/binom.h"

#define CULPRIT_WINDOW_US (5 * UINT64_C(1000000))
#define CULPRIT_BAD       0.999
#define CULPRIT_WELL      0.95
/* Windows without more errors than before, until it can begin anew. */
#define CULPRIT_CALM 3
/* Failures that are a pattern. */
#define CULPRIT_FAILURES 3

struct culprit_one {
    uint64_t n, failed;           /* in the window */
    uint64_t first_us;            /* beat of the first failure in it */
    uint64_t calm_n, calm_failed; /* in windows of calm */
    bool on;                      /* it is bad */
    unsigned calm;                /* windows since */
};

struct culprit {
    struct culprit_one list[CULPRIT_REQUESTS + 1]; /* the last: of the others */
    uint64_t active_us;                            /* of the window */
};

struct culprit *culprit_new(void)
{
    return xcalloc(1, sizeof(struct culprit));
}

void culprit_free(struct culprit **c)
{
    free(*c);
    *c = NULL;
}

/* The share that may fail. */
static double culprit_share(uint64_t failed, uint64_t n)
{
    double was = n > 0 ? (double)failed / (double)n : 0;

    return fmin(fmax(2 * was, was + 0.01), 1);
}

static bool culprit_bad(const struct culprit_one *x)
{
    return x->n >= CULPRIT_LEAST && x->failed >= CULPRIT_FAILURES &&
           x->failed > binom_quantile(x->n,
                                      culprit_share(x->calm_failed, x->calm_n),
                                      CULPRIT_BAD);
}

/* All but one, together, in this window and before. */
static struct culprit_one culprit_others(const struct culprit *c, size_t but)
{
    struct culprit_one sum = {0};
    size_t i;

    for (i = 0; i <= CULPRIT_REQUESTS; i++) {
        if (i != but) {
            sum.n += c->list[i].n;
            sum.failed += c->list[i].failed;
            sum.calm_n += c->list[i].calm_n;
            sum.calm_failed += c->list[i].calm_failed;
        }
    }
    return sum;
}

static bool culprit_judge(const struct culprit *c, size_t which,
                          struct culprit_found *out)
{
    const struct culprit_one *x = &c->list[which];
    struct culprit_one rest = culprit_others(c, which);

    if (x->on || which == CULPRIT_REQUESTS || !culprit_bad(x) ||
        rest.n < CULPRIT_OTHERS ||
        rest.failed >
            binom_quantile(rest.n, culprit_share(rest.calm_failed, rest.calm_n),
                           CULPRIT_WELL)) {
        return false;
    }
    *out = (struct culprit_found){.request = (unsigned)which,
                                  .start_us = x->first_us,
                                  .failed = x->failed,
                                  .requests = x->n,
                                  .other_failed = rest.failed,
                                  .others = rest.n,
                                  .from_start = x->calm_n == 0};
    return true;
}

/* The window is over for one of them, but where some of it failed and it is too
 * little to say of which: then it goes on. others: they were enough. */
static void culprit_turn(struct culprit_one *x, bool others)
{
    bool bad = culprit_bad(x);

    if (x->failed > 0 && !x->on && (x->n < CULPRIT_LEAST || (bad && !others))) {
        return;
    }
    if (bad) {
        x->on = true;
        x->calm = 0;
    } else if (x->n > 0) {
        x->calm++;
        x->on = x->on && x->calm < CULPRIT_CALM;
        if (!x->on) {
            x->calm_n += x->n;
            x->calm_failed += x->failed;
        }
    }
    x->n = x->failed = x->first_us = 0;
}

static void culprit_add(struct culprit *c, const struct beat *b)
{
    size_t i;

    for (i = 0; i < b->n; i++) {
        const struct beat_part *p = &b->parts[i];
        struct culprit_one *x =
            &c->list[p->request < CULPRIT_REQUESTS ? p->request
                                                   : CULPRIT_REQUESTS];

        if (p->limited) {
            continue;
        }
        x->n += p->count;
        if (p->failed) {
            x->first_us = x->failed == 0 ? b->start_us : x->first_us;
            x->failed += p->count;
        }
    }
}

bool culprit_feed(struct culprit *c, const struct beat *b,
                  struct culprit_found *out)
{
    bool found = false, others[CULPRIT_REQUESTS + 1];
    size_t i;

    culprit_add(c, b);
    c->active_us += b->active_us;
    if (c->active_us < CULPRIT_WINDOW_US) {
        return false;
    }
    c->active_us = 0;
    /* All are judged before any of them turns. */
    for (i = 0; i <= CULPRIT_REQUESTS && !found; i++) {
        found = culprit_judge(c, i, out);
    }
    for (i = 0; i <= CULPRIT_REQUESTS; i++) {
        others[i] = culprit_others(c, i).n >= CULPRIT_OTHERS;
    }
    for (i = 0; i <= CULPRIT_REQUESTS; i++) {
        culprit_turn(&c->list[i], others[i]);
    }
    return found;
}
