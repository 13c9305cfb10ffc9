/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/breaking.h"

/* Settled time of a level that counts. */
#define BREAKING_LEAST_US (5 * UINT64_C(1000000))
/* And of one at which requests a second fell: a breach, of which little is
 * still to settle. */
#define BREAKING_FELL_US (BREACH_LEAST_US - PLATEAUS_TICK_US)

/* Held for so long that it says as much as a breach does, between the two. */
static bool breaking_weighs(const struct breaking *k, const struct plateau *x)
{
    return x->settled_us >= BREAKING_LEAST_US && x->requests > 0 &&
           x->after <= 0 && x->load > k->low + 0.5 && x->load < k->high - 0.5;
}

/* Levels that were held between the two loads say more than the way there. */
static void breaking_narrow(struct breaking *k, const struct plateaus *p)
{
    size_t n = plateaus_count(p), i;

    for (i = 0; i < n; i++) {
        const struct plateau *x = plateaus_at(p, i);

        if (x->broken >= 0 && breaking_weighs(k, x)) {
            k->high = x->load;
            k->at_us = x->start_us;
        }
    }
    for (i = 0; i < n; i++) {
        const struct plateau *x = plateaus_at(p, i);

        if (x->broken < 0 && !x->fell && breaking_weighs(k, x)) {
            k->low = x->load;
        }
    }
}

/* What was still done, as the level at low has it: people see that in the list
 * of levels. Only where none was held there is it of another time. */
static void breaking_rps(struct breaking *k, const struct plateaus *p)
{
    size_t n = plateaus_count(p), i;

    k->rps = k->found.rps;
    k->rps_us = k->found.rps_us;
    for (i = 0; i < n; i++) {
        const struct plateau *x = plateaus_at(p, i);

        if (x->broken < 0 && !x->fell && x->after <= 0 && x->requests > 0 &&
            x->load > k->low - 0.5 && x->load < k->low + 0.5) {
            k->rps = x->rps;
            k->rps_held = true;
        }
    }
}

/* Requests a second fell at the least load of these; nothing else went wrong
 * there, for as long as a breach lasts. -1 = nowhere. */
static int breaking_fell_at(const struct plateaus *p)
{
    size_t n = plateaus_count(p), i;
    int at = -1;

    for (i = 0; i < n; i++) {
        const struct plateau *x = plateaus_at(p, i);

        if (x->fell && x->broken < 0 && x->settled_us >= BREAKING_FELL_US &&
            (at < 0 || x->load < plateaus_at(p, (size_t)at)->load)) {
            at = (int)i;
        }
    }
    return at;
}

static void breaking_fell(struct breaking *k, const struct plateaus *p)
{
    struct bracket b = plateaus_bracket(p);
    int at = breaking_fell_at(p);
    const struct plateau *high;

    if (at < 0 || b.good < 0) {
        return;
    }
    high = plateaus_at(p, (size_t)at);
    k->any = k->rps_held = true;
    k->by = BREACH_THROUGHPUT;
    k->low = plateaus_at(p, (size_t)b.good)->load;
    k->rps = plateaus_at(p, (size_t)b.good)->rps;
    k->high = high->load;
    k->at_us = high->start_us;
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
        k.at_us = f->start_us;
        k.by = f->by;
        breaking_narrow(&k, p);
        breaking_rps(&k, p);
    } else {
        breaking_fell(&k, p);
    }
    k.load = k.low > 0 ? (k.low + k.high) / 2 : k.high;
    return k;
}
