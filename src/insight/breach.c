/* SPDX-License-Identifier: MIT
 *
 * breach - the breaches of all parts together: each has windows of its own, as
 * a request that is rare needs longer ones. */
#include "config.h"

#include "insight/breach.h"

#include <math.h>
#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "insight/breach_internal.h"

struct breach {
    struct breach_part *parts[RULES_MAX + 1]; /* owned; all requests first */
    size_t n;
    int assumed; /* a rule; -1 = none */
};

const char *breach_by_name(enum breach_by by)
{
    static const char *const names[] = {
        [BREACH_LATENCY] = "latency",
        [BREACH_ERRORS] = "errors",
        [BREACH_THROUGHPUT] = "throughput",
    };

    return names[by];
}

struct breach *breach_new(const struct rule *rules, size_t n_rules)
{
    struct breach *b = xcalloc(1, sizeof *b);
    size_t n = n_rules < RULES_MAX ? n_rules : RULES_MAX, i, k;

    b->assumed = -1;
    b->parts[b->n++] = breach_part_new(rules, n, 0);
    for (i = 0; i < n; i++) {
        for (k = 0; k < b->n && b->parts[k]->part != rules[i].part; k++) {
        }
        if (k == b->n) {
            b->parts[b->n++] = breach_part_new(rules, n, rules[i].part);
        }
    }
    return b;
}

void breach_assume(struct breach *b, size_t rule)
{
    b->assumed = (int)rule;
}

void breach_free(struct breach **b)
{
    size_t i;

    if (*b == NULL) {
        return;
    }
    for (i = 0; i < (*b)->n; i++) {
        breach_part_free(&(*b)->parts[i]);
    }
    free(*b);
    *b = NULL;
}

void breach_feed(struct breach *b, const struct moment *x)
{
    size_t i;

    for (i = 0; i < b->n; i++) {
        breach_part_feed(b->parts[i], x);
    }
}

void breach_end(struct breach *b)
{
    size_t i;

    for (i = 0; i < b->n; i++) {
        breach_part_end(b->parts[i]);
    }
}

static size_t part_count(const struct breach_part *p)
{
    return p->n + (p->is ? 1 : 0);
}

size_t breach_count(const struct breach *b)
{
    size_t n = 0, i;

    for (i = 0; i < b->n; i++) {
        n += part_count(b->parts[i]);
    }
    return n;
}

const struct breach_found *breach_at(const struct breach *b, size_t i)
{
    size_t k = 0;

    while (k < b->n && i >= part_count(b->parts[k])) {
        i -= part_count(b->parts[k++]);
    }
    MUST(k < b->n);
    return &b->parts[k]->list[i];
}

/* They began in the same window. */
static bool breach_at_once(const struct breach_found *f,
                           const struct breach_found *than)
{
    return f->start_us < than->start_us + than->grain_us &&
           than->start_us < f->start_us + f->grain_us;
}

/* Of two that began in the same window, that of the finer windows says more;
 * that of a rule of the plan's more than what is assumed. */
static bool breach_sooner(const struct breach *b, const struct breach_found *f,
                          const struct breach_found *than)
{
    bool ours = b->assumed < 0 || f->rule != b->assumed;
    bool theirs = b->assumed < 0 || than->rule != b->assumed;

    if (ours != theirs && breach_at_once(f, than)) {
        return ours;
    }
    if (f->grain_us < than->grain_us) {
        return f->start_us < than->start_us + than->grain_us;
    }
    if (f->grain_us > than->grain_us) {
        return f->start_us + f->grain_us <= than->start_us;
    }
    return f->start_us < than->start_us;
}

static const struct breach_found *breach_first(const struct breach *b,
                                               bool passing)
{
    const struct breach_found *first = NULL;
    size_t n = breach_count(b), i;

    for (i = 0; i < n; i++) {
        const struct breach_found *f = breach_at(b, i);

        if (f->passing == passing &&
            (first == NULL || breach_sooner(b, f, first))) {
            first = f;
        }
    }
    return first;
}

const struct breach_found *breach_found(const struct breach *b)
{
    return breach_first(b, false);
}

const struct breach_found *breach_passing(const struct breach *b)
{
    return breach_first(b, true);
}

double breach_good_load(const struct breach *b)
{
    double least = HUGE_VAL;
    size_t i;

    for (i = 0; i < b->n; i++) {
        if (b->parts[i]->seen) {
            least = fmin(least, breach_part_good(b->parts[i]));
        }
    }
    return least < HUGE_VAL ? least : 0;
}
