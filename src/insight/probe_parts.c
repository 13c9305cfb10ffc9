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
/* So many samples at less load, and none is no chance. */
#define PROBE_HAD 5

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
        if (!probe_latency(p, r)) {
            s->of[r] = (uint32_t)of.n;
            p->seen[r] |= of.n > 0;
            s->over[r] = s->far[r] = (uint32_t)of.bad;
            p->easy = p->easy && of.bad == 0;
            continue;
        }
        s->of[r] = (uint32_t)histo_count(of.good);
        p->seen[r] |= s->of[r] > 0;
        s->over[r] = (uint32_t)histo_count_above(of.good, num_whole(limit));
        s->far[r] =
            (uint32_t)histo_count_above(of.good, num_whole(PROBE_FAR * limit));
        p->easy = p->easy && (double)histo_max(of.good) <= PROBE_EASY * limit;
    }
    p->easy = p->easy && x->failed == 0;
}

static uint64_t probe_samples(const struct probe *p, size_t r, size_t from)
{
    uint64_t n = 0;
    size_t i;

    for (i = from; i < p->n; i++) {
        n += p->seconds[i].of[r];
    }
    return n;
}

/* Only what is measured: the way to a load may have samples that no load has,
 * as a login of each new VU. */
void probe_remember(struct probe *p)
{
    size_t r;

    for (r = 0; r < p->n_rules; r++) {
        if (probe_samples(p, r, p->from) >= PROBE_HAD &&
            (p->had[r] <= 0 || p->load < p->had[r])) {
            p->had[r] = p->load;
        }
    }
}

/* Within a limit that is longer than the probe none need have come. */
static bool probe_due(const struct probe *p, size_t r)
{
    return p->rules[r].part > 0 && !p->out[r] &&
           (p->marks[r] & PROBE_MAY_LACK) == 0 &&
           (!probe_latency(p, r) || (double)p->since_us >= p->rules[r].limit);
}

int probe_gone(const struct probe *p)
{
    size_t r;

    for (r = 0; r < p->n_rules; r++) {
        if (probe_due(p, r) && p->had[r] > 0 && p->had[r] < p->load &&
            probe_samples(p, r, 0) == 0) {
            return (int)r;
        }
    }
    return -1;
}

void probe_waited(struct probe *p)
{
    size_t r;

    for (r = 0; r < p->n_rules; r++) {
        p->waited[r] |= !p->seen[r];
    }
}

bool probe_rule_on(const struct probe *p, size_t r)
{
    return !p->out[r] && (p->rules[r].part == 0 || p->seen[r] || !p->waited[r]);
}
