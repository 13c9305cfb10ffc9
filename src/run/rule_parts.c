/* SPDX-License-Identifier: MIT
 *
 * rule_parts - the samples that rules are about, as moments have them. */
#include "config.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "measure/sieve.h"
#include "run/rules.h"

struct rule_parts {
    struct sieve *sieves[RULES_MAX]; /* owned */
    struct sifted list[RULES_MAX];
    size_t n;
};

struct rule_parts *rule_parts_new(const struct rules *r,
                                  const struct plan *plan,
                                  const struct lineup *lineup)
{
    struct rule_parts *p = xcalloc(1, sizeof *p);
    size_t i;

    p->n = r->n_parts;
    for (i = 0; i < p->n; i++) {
        p->sieves[i] =
            sieve_new(plan, lineup, r->parts[i].selector, r->parts[i].missing);
    }
    return p;
}

void rule_parts_free(struct rule_parts **p)
{
    size_t i;

    if (*p == NULL) {
        return;
    }
    for (i = 0; i < (*p)->n; i++) {
        sieve_free(&(*p)->sieves[i]);
    }
    free(*p);
    *p = NULL;
}

void rule_parts_add(struct rule_parts *p, const struct delta *d)
{
    size_t i;

    for (i = 0; i < p->n; i++) {
        sieve_add(p->sieves[i], d);
    }
}

void rule_parts_join(struct rule_parts *p, const struct rule_parts *from)
{
    size_t i;

    for (i = 0; i < p->n; i++) {
        sieve_join(p->sieves[i], from->sieves[i]);
    }
}

void rule_parts_clear(struct rule_parts *p)
{
    size_t i;

    for (i = 0; i < p->n; i++) {
        sieve_clear(p->sieves[i]);
    }
}

bool rule_parts_can(const struct rule_parts *p, const struct rules *r, size_t i,
                    const struct plan *plan, const struct lineup *lineup)
{
    unsigned part = r->list[i].part;

    return part == 0 || sieve_can(p->sieves[part - 1], plan, lineup);
}

bool rule_parts_aside(const struct rule_parts *p, const struct rules *r,
                      size_t i, const struct plan *plan)
{
    unsigned part = r->list[i].part;

    return part > 0 && sieve_aside(p->sieves[part - 1], plan);
}

void rule_parts_of(struct rule_parts *p, struct moment *x)
{
    size_t i;

    for (i = 0; i < p->n; i++) {
        p->list[i] = sieve_of(p->sieves[i]);
    }
    x->parts = p->list;
    x->n_parts = p->n;
}
