/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/breaking.h"

/* Settled time of a level that counts. */
#define BREAKING_LEAST_US (5 * UINT64_C(1000000))

/* Held for so long that it says as much as a breach does, between the two. */
static bool breaking_weighs(const struct breaking *k, const struct plateau *x)
{
    return x->settled_us >= BREAKING_LEAST_US && x->requests > 0 &&
           x->load > k->low + 0.5 && x->load < k->high - 0.5;
}

/* Levels that were held between the two loads say more than the way there. */
static void breaking_narrow(struct breaking *k, const struct plateaus *p)
{
    size_t n = plateaus_count(p), i;

    for (i = 0; i < n; i++) {
        const struct plateau *x = plateaus_at(p, i);

        if (x->broken >= 0 && breaking_weighs(k, x)) {
            k->high = x->load;
        }
    }
    for (i = 0; i < n; i++) {
        const struct plateau *x = plateaus_at(p, i);

        if (x->broken < 0 && !x->fell && breaking_weighs(k, x)) {
            k->low = x->load;
            k->rps = x->rps;
        }
    }
}

static void breaking_fell(struct breaking *k, const struct plateaus *p)
{
    struct bracket b = plateaus_bracket(p);
    const struct plateau *high;

    if (b.fell < 0 || b.good < 0) {
        return;
    }
    high = plateaus_at(p, (size_t)b.fell);
    k->any = true;
    k->by = BREACH_THROUGHPUT;
    k->low = plateaus_at(p, (size_t)b.good)->load;
    k->rps = plateaus_at(p, (size_t)b.good)->rps;
    k->high = high->load;
    k->fell_rps = high->rps;
}

struct breaking breaking_of(const struct breach *b, const struct plateaus *p)
{
    const struct breach_found *f = breach_found(b);
    struct breaking k = {0};

    if (f != NULL) {
        k.any = k.breach = true;
        k.found = *f;
        k.low = f->low;
        k.high = f->high;
        k.rps = f->rps;
        k.by = f->by;
        breaking_narrow(&k, p);
    } else {
        breaking_fell(&k, p);
    }
    k.load = k.low > 0 ? (k.low + k.high) / 2 : k.high;
    return k;
}
