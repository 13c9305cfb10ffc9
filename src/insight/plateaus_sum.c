/* SPDX-License-Identifier: MIT
 *
 * plateaus_sum - what the figures of a plateau are made of, and which of the
 * rules they break. */
#include "config.h"

#include <stdlib.h>

#include "base/num.h"
#include "base/xalloc.h"
#include "insight/binom.h"
#include "insight/plateaus_internal.h"

void plateaus_sum_init(struct plateaus_sum *a, const struct rule *rules,
                       size_t n_rules)
{
    size_t i;

    *a = (struct plateaus_sum){.all = histo_new()};
    for (i = 0; i < n_rules; i++) {
        a->n_parts = rules[i].part > a->n_parts ? rules[i].part : a->n_parts;
    }
    a->parts = xcalloc(a->n_parts + 1, sizeof *a->parts);
    for (i = 0; i < a->n_parts; i++) {
        a->parts[i].all = histo_new();
    }
}

void plateaus_sum_free(struct plateaus_sum *a)
{
    size_t i;

    for (i = 0; i < a->n_parts; i++) {
        histo_free(&a->parts[i].all);
    }
    free(a->parts);
    histo_free(&a->all);
}

void plateaus_sum_clear(struct plateaus_sum *a)
{
    struct plateaus_sum was = *a;
    size_t i;

    *a = (struct plateaus_sum){
        .all = was.all, .parts = was.parts, .n_parts = was.n_parts};
    histo_clear(a->all);
    for (i = 0; i < a->n_parts; i++) {
        histo_clear(a->parts[i].all);
        a->parts[i].n = a->parts[i].bad = 0;
    }
}

void plateaus_sum_add(struct plateaus_sum *a, const struct moment *x)
{
    size_t i;
    int k;

    a->us += x->active_us;
    a->requests += x->requests;
    a->failed += x->failed;
    for (k = 0; k < ERRORS_COUNT; k++) {
        a->errors[k] += x->errors[k];
    }
    a->iterations += x->iterations;
    a->vus_us += x->vus_us;
    a->iteration_us += x->iteration_us;
    a->iteration_us2 += x->iteration_us2;
    a->good += histo_count(x->good);
    a->good_us += histo_sum(x->good);
    histo_merge(a->all, x->all);
    for (i = 0; i < a->n_parts; i++) {
        struct sifted of = moment_part(x, (unsigned)i + 1);

        histo_merge(a->parts[i].all, of.all);
        a->parts[i].n += of.n;
        a->parts[i].bad += of.bad;
    }
}

/* What a rule is about. */
static struct plateaus_part sum_part(const struct plateaus_sum *a,
                                     unsigned part)
{
    return part > 0 ? a->parts[part - 1]
                    : (struct plateaus_part){
                          .all = a->all, .n = a->requests, .bad = a->failed};
}

/* Too few to know a percentile by: only more beyond the limit than chance
 * explains says that it is broken. */
static bool sum_breaks_latency(const struct histo *all, const struct rule *r)
{
    uint64_t n = histo_count(all);

    if (n == 0 || (double)histo_percentile(all, r->percentile) < r->limit) {
        return false;
    }
    return n >= histo_samples_needed(r->percentile) ||
           histo_count_above(all, num_whole(r->limit)) >
               binom_quantile(n, 1 - r->percentile / 100, 0.95);
}

static double sum_share(const struct plateaus_part *of)
{
    return of->n > 0 ? (double)of->bad / (double)of->n : 0;
}

static bool sum_breaks_share(const struct plateaus_part *of,
                             const struct rule *r)
{
    return of->bad > 0 && sum_share(of) >= r->limit &&
           (of->n >= PLATEAUS_SURE ||
            of->bad > binom_quantile(of->n, r->limit, 0.95));
}

/* The first of the rules that it breaks; -1 = none. */
static int sum_broken(const struct plateaus *s, const struct plateaus_sum *a)
{
    size_t i;

    for (i = 0; i < s->n_rules; i++) {
        const struct rule *r = &s->rules[i];
        struct plateaus_part of = sum_part(a, r->part);

        if (r->percentile < 0 ? sum_breaks_share(&of, r)
                              : sum_breaks_latency(of.all, r)) {
            return (int)i;
        }
    }
    return -1;
}

/* It was one that holds before it was bad, and all but that holds. */
static bool sum_sudden(const struct plateaus *s)
{
    return s->any_bad && s->before_bad_us >= PLATEAUS_LEAST_US &&
           sum_broken(s, &s->calm) < 0;
}

void plateaus_judge(const struct plateaus *s, struct plateau *p)
{
    const struct rule *r;
    struct plateaus_part of;

    p->broken = sum_broken(s, &s->settled);
    p->sudden = p->broken >= 0 && sum_sudden(s);
    p->passed =
        p->broken >= 0 &&
        (s->told || (p->sudden && s->before_bad_us >= PLATEAUS_HELD_US &&
                     s->since_bad_us >= PLATEAUS_HELD_US));
    if (p->broken < 0) {
        return;
    }
    r = &s->rules[p->broken];
    of = sum_part(&s->settled, r->part);
    p->value = r->percentile < 0
                   ? sum_share(&of)
                   : (double)histo_percentile(of.all, r->percentile);
}
