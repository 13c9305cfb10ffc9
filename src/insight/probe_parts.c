/* SPDX-License-Identifier: MIT
 *
 * probe_parts - the samples of a probe: of all requests, and of the parts that
 * rules are about. */
#include "config.h"

#include <math.h>

#include "base/num.h"
#include "insight/probe_internal.h"

/* Far beyond a limit: so much more than it. */
#define PROBE_FAR 1.5

bool probe_latency(const struct probe *p, size_t r)
{
    return p->rules[r].percentile >= 0;
}

void probe_times_new(const struct probe *p, struct probe_times *t)
{
    size_t r;

    t->of[0] = histo_new();
    for (r = 0; r < p->n_rules; r++) {
        unsigned part = p->rules[r].part;

        if (probe_latency(p, r) && t->of[part] == NULL) {
            t->of[part] = histo_new();
        }
    }
}

void probe_times_free(struct probe_times *t)
{
    size_t i;

    for (i = 0; i <= RULES_MAX; i++) {
        histo_free(&t->of[i]);
    }
}

void probe_times_clear(struct probe_times *t)
{
    size_t i;

    for (i = 0; i <= RULES_MAX; i++) {
        if (t->of[i] != NULL) {
            histo_clear(t->of[i]);
        }
    }
}

void probe_times_join(struct probe_times *t, const struct probe_times *from)
{
    size_t i;

    for (i = 0; i <= RULES_MAX; i++) {
        if (t->of[i] != NULL) {
            histo_merge(t->of[i], from->of[i]);
        }
    }
}

void probe_times_add(struct probe_times *t, const struct moment *x)
{
    size_t i;

    for (i = 0; i <= RULES_MAX; i++) {
        if (t->of[i] != NULL) {
            histo_merge(t->of[i], moment_part(x, (unsigned)i).good);
        }
    }
}

void probe_count(struct probe *p, struct probe_second *s,
                 const struct moment *x)
{
    size_t r;

    for (r = 0; r < p->n_rules; r++) {
        double limit = p->rules[r].limit;
        struct sifted of;

        if (p->out[r]) {
            continue;
        }
        of = moment_part(x, p->rules[r].part);
        p->seen[p->rules[r].part] |= of.n > 0;
        if (!probe_latency(p, r)) {
            s->of[r] = (uint32_t)of.n;
            s->over[r] = s->far[r] = (uint32_t)of.bad;
            p->easy = p->easy && of.bad == 0;
            continue;
        }
        s->of[r] = (uint32_t)histo_count(of.good);
        s->over[r] = (uint32_t)histo_count_above(of.good, num_whole(limit));
        s->far[r] =
            (uint32_t)histo_count_above(of.good, num_whole(PROBE_FAR * limit));
        p->easy = p->easy && (double)histo_max(of.good) <= PROBE_EASY * limit;
    }
    p->easy = p->easy && x->failed == 0;
}

void probe_waited(struct probe *p)
{
    size_t i;

    for (i = 1; i <= RULES_MAX; i++) {
        p->waited[i] |= !p->seen[i];
    }
}

bool probe_rule_on(const struct probe *p, size_t r)
{
    unsigned part = p->rules[r].part;

    return !p->out[r] && (part == 0 || p->seen[part] || !p->waited[part]);
}
