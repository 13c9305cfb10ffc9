/* SPDX-License-Identifier: MIT
 *
 * plateaus_strain - whether the service still feels an overload: what its
 * earlier levels say that it does when it is itself. */
#include "config.h"

#include <math.h>

#include "base/num.h"
#include "insight/binom.h"
#include "insight/plateaus_internal.h"

/* A second that breaks a rule by more than chance. */
#define PLATEAUS_BAD_Q 0.999
/* Levels so close are alike. */
#define PLATEAUS_ALIKE 0.1
/* Where failures have no rule. */
#define PLATEAUS_ERRORS_UP 0.01

bool plateaus_holds(const struct plateau *p)
{
    return p->broken < 0 && p->requests > 0 && p->after <= 0;
}

bool plateaus_bad(const struct plateaus *s, const struct moment *x)
{
    size_t i;

    for (i = 0; i < s->n_rules; i++) {
        const struct rule *r = &s->rules[i];
        struct sifted of = moment_part(x, r->part);

        if (r->percentile >= 0
                ? histo_count_above(of.all, num_whole(r->limit)) >
                      binom_quantile(histo_count(of.all),
                                     1 - r->percentile / 100, PLATEAUS_BAD_Q)
                : of.bad > binom_quantile(of.n, r->limit, PLATEAUS_BAD_Q)) {
            return true;
        }
    }
    return false;
}

/* The levels that say what is to be expected at a load. */
struct plateaus_like {
    const struct plateau *same, *above, *below; /* that hold, but for same */
};

static struct plateaus_like plateaus_like(const struct plateaus *s,
                                          const struct moment *x)
{
    struct plateaus_like l = {NULL, NULL, NULL};
    size_t i;

    for (i = 0; i < s->n; i++) {
        const struct plateau *q = plateaus_at(s, i);

        if (q->who != x->who || q->after > 0 || q->requests == 0) {
            continue;
        }
        if (fabs(q->load - x->load) <= fmax(PLATEAUS_ALIKE * x->load, 0.5)) {
            l.same = q;
        } else if (!plateaus_holds(q) || q->fell) {
            continue;
        } else if (q->load > x->load) {
            l.above = l.above == NULL || q->load < l.above->load ? q : l.above;
        } else {
            l.below = l.below == NULL || q->load > l.below->load ? q : l.below;
        }
    }
    return l;
}

/* No p95 that a rule does not allow. */
static uint64_t plateaus_limit(const struct plateaus *s)
{
    double least = HUGE_VAL;
    size_t i;

    for (i = 0; i < s->n_rules; i++) {
        const struct rule *r = &s->rules[i];

        least =
            r->part == 0 && r->percentile >= 95 ? fmin(least, r->limit) : least;
    }
    return least < HUGE_VAL ? num_whole(least) : UINT64_MAX;
}

/* Less load has no longer responses, and for each user or start no fewer
 * requests; more load has no fewer in all. */
static struct strain_band plateaus_band(const struct plateaus *s,
                                        const struct moment *x)
{
    struct plateaus_like l = plateaus_like(s, x);
    const struct plateau *q = l.same != NULL    ? l.same
                              : l.above != NULL ? l.above
                                                : l.below;
    struct strain_band b = {.p95_us = plateaus_limit(s),
                            .error_rate = PLATEAUS_ERRORS_UP};

    if (q == NULL) {
        return b;
    }
    if (q == l.same && q->broken >= 0) { /* it is no better when it is itself */
        b.p95_us = rest_tolerance(q->p95_us, UINT64_MAX);
    } else if (q != l.below) {
        b.p95_us = rest_tolerance(q->p95_us, b.p95_us);
    }
    b.error_rate = fmax(b.error_rate, q->error_rate);
    b.rps = q->rps * (q->load > x->load ? x->load / q->load : 1);
    return b;
}

void plateaus_hear(struct plateaus *s, enum strain_heard h, double load)
{
    strain_hear(&s->strain, h, load);
}

enum strain_now plateaus_strain(struct plateaus *s, const struct moment *x,
                                bool bad)
{
    struct strain_band b = {0};

    if (s->strain.on) {
        b = plateaus_band(s, x);
    }
    return strain_feed(&s->strain, x, bad, &b);
}
