/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/breaking.h"

#include "base/num.h"

/* Settled time of a level that counts. */
#define BREAKING_LEAST_US (5 * UINT64_C(1000000))
/* And of one at which requests a second fell: a breach, of which little is
 * still to settle. */
#define BREAKING_FELL_US (BREACH_LEAST_US - PLATEAUS_TICK_US)

/* Held for so long that it says as much as a breach does, between the two. */
static bool breaking_weighs(const struct breaking *k, const struct plateau *x)
{
    return x->settled_us >= BREAKING_LEAST_US && x->requests > 0 &&
           x->after <= 0 && x->who == k->who && x->load > k->low + 0.5 &&
           x->load < k->high - 0.5;
}

/* The breach that began in that level; NULL = none did. */
static const struct breach_found *breaking_in(const struct breach *b,
                                              const struct plateau *x)
{
    const struct breach_found *first = NULL;
    size_t n = breach_count(b), i;

    for (i = 0; i < n; i++) {
        const struct breach_found *f = breach_at(b, i);

        if (!f->passing && f->start_us >= x->start_us &&
            f->start_us < x->end_us &&
            (first == NULL || f->start_us < first->start_us)) {
            first = f;
        }
    }
    return first;
}

/* Of a level that broke a rule and held no breach, the level is what is known.
 */
static struct breach_found breaking_level(const struct plateaus *p,
                                          const struct plateau *x)
{
    bool errors = plateaus_rule(p, (size_t)x->broken)->percentile < 0;

    return (struct breach_found){
        .start_us = x->start_us,
        .end_us = x->end_us,
        .lasted_us = x->settled_us,
        .over = true,
        .low = 0,
        .who = x->who,
        .high = x->load,
        .by = errors ? BREACH_ERRORS : BREACH_LATENCY,
        .rule = x->broken,
        .worst_us = errors ? 0 : num_whole(x->value),
        .worst = errors ? x->value : 0,
        .suspect = x->suspect,
    };
}

/* All that is said is of the level that gives the upper end. While a level
 * goes on, and where it had held, only a breach in it is sure. */
static void breaking_take(struct breaking *k, const struct breach *b,
                          const struct plateaus *p, size_t i)
{
    const struct plateau *x = plateaus_at(p, i);
    const struct breach_found *f = breaking_in(b, x);

    if (f == NULL && ((x->sudden && !x->rate) ||
                      (plateaus_open(p) && i + 1 == plateaus_count(p)))) {
        return;
    }
    k->high = x->load;
    k->found = f != NULL ? *f : breaking_level(p, x);
}

/* Levels that were held between the two loads say more than the way there. */
static void breaking_narrow(struct breaking *k, const struct breach *b,
                            const struct plateaus *p)
{
    size_t n = plateaus_count(p), i;

    for (i = 0; i < n; i++) {
        const struct plateau *x = plateaus_at(p, i);

        if (x->broken >= 0 && !x->passed && breaking_weighs(k, x)) {
            breaking_take(k, b, p, i);
        }
    }
    for (i = 0; i < n; i++) {
        const struct plateau *x = plateaus_at(p, i);

        if (x->broken < 0 && !x->fell && breaking_weighs(k, x)) {
            k->low = x->load;
            k->low_open = plateaus_open(p) && i + 1 == n;
        }
    }
}

/* The level in whose last seconds the breach began, less than a breach lasts,
 * and which holds all the same: before the load rose that was chance. Of a rate
 * it is how a queue that grows begins to show. -1 = there is none. */
static int breaking_late(const struct breach_found *f, const struct plateaus *p)
{
    size_t n = plateaus_count(p), i;

    for (i = 0; i < n && !f->ramp; i++) {
        const struct plateau *x = plateaus_at(p, i);

        if (f->start_us >= x->start_us && f->start_us < x->end_us) {
            return f->end_us > x->end_us &&
                           f->start_us + BREACH_LEAST_US > x->end_us &&
                           x->who == f->who && !x->rate && x->broken < 0 &&
                           !x->fell && x->after <= 0 &&
                           x->settled_us >= BREAKING_LEAST_US
                       ? (int)i
                       : -1;
        }
    }
    return -1;
}

/* The breach is of the level to which the load rose then. */
static void breaking_later(struct breaking *k, const struct plateaus *p)
{
    int late = breaking_late(&k->found, p);
    const struct plateau *held, *x;
    uint64_t late_us;

    if (late < 0 || (size_t)late + 1 >= plateaus_count(p)) {
        return;
    }
    held = plateaus_at(p, (size_t)late);
    x = plateaus_at(p, (size_t)late + 1);
    if (x->who == k->who && x->load > held->load + 0.5 &&
        x->start_us < k->found.end_us && (x->broken >= 0 || !k->found.over)) {
        k->low = held->load;
        k->high = x->load;
        late_us = x->start_us - k->found.start_us;
        k->found.start_us = x->start_us;
        k->found.lasted_us -=
            late_us < k->found.lasted_us ? late_us : k->found.lasted_us;
    }
}

/* So it may be, and the level to which the load rose has not settled. */
static bool breaking_waits(const struct breach_found *f,
                           const struct plateaus *p)
{
    int late = breaking_late(f, p);

    return late >= 0 && (size_t)late + 1 == plateaus_count(p) && !f->over &&
           f->lasted_us < 2 * BREACH_LEAST_US;
}

/* What was still done, as the level at low has it: people see that in the list
 * of levels. Only where none was held there is it of another time. */
static void breaking_rps(struct breaking *k, const struct plateaus *p)
{
    size_t n = plateaus_count(p), i;

    k->rps = k->found.rps;
    k->rps_us = k->found.rps_us;
    k->rps_held = false;
    for (i = 0; i < n; i++) {
        const struct plateau *x = plateaus_at(p, i);

        if (x->broken < 0 && !x->fell && x->after <= 0 && x->requests > 0 &&
            x->who == k->who && x->load > k->low - 0.5 &&
            x->load < k->low + 0.5) {
            k->rps = x->rps;
            k->rps_held = true;
        }
    }
}

/* Requests a second fell at the least load of these scenarios; nothing else
 * went wrong there, for as long as a breach lasts. -1 = nowhere. */
static int breaking_fell_at(const struct plateaus *p, uint64_t who)
{
    size_t n = plateaus_count(p), i;
    int at = -1;

    for (i = 0; i < n; i++) {
        const struct plateau *x = plateaus_at(p, i);

        if (x->fell && x->who == who && x->broken < 0 &&
            x->settled_us >= BREAKING_FELL_US &&
            (at < 0 || x->load < plateaus_at(p, (size_t)at)->load)) {
            at = (int)i;
        }
    }
    return at;
}

static void breaking_fell(struct breaking *k, const struct plateaus *p)
{
    struct bracket b = plateaus_bracket(p);
    const struct plateau *good =
        b.good < 0 ? NULL : plateaus_at(p, (size_t)b.good);
    int at = good == NULL ? -1 : breaking_fell_at(p, good->who);
    const struct plateau *high;

    if (at < 0) {
        return;
    }
    high = plateaus_at(p, (size_t)at);
    k->any = k->rps_held = true;
    k->by = BREACH_THROUGHPUT;
    k->who = good->who;
    k->low = good->load;
    k->rps = good->rps;
    k->high = high->load;
    k->at_us = high->start_us;
    k->fell_rps = high->rps;
}

static void breaking_middle(struct breaking *k)
{
    k->load = k->low > 0 ? (k->low + k->high) / 2 : k->high;
}

void breaking_from(struct breaking *k, const struct plateaus *p, double low)
{
    k->low = low;
    k->low_open = false;
    breaking_rps(k, p);
    breaking_middle(k);
}

struct breaking breaking_of(const struct breach *b, const struct plateaus *p)
{
    const struct breach_found *f = breach_found(b);
    struct breaking k = {0};

    if (f != NULL && !breaking_waits(f, p)) {
        k.any = k.breach = true;
        k.found = *f;
        k.who = f->who;
        k.low = f->low;
        k.high = f->high;
        breaking_later(&k, p);
        breaking_narrow(&k, b, p);
        k.at_us = k.found.start_us;
        k.by = k.found.by;
        breaking_rps(&k, p);
    } else {
        breaking_fell(&k, p);
    }
    breaking_middle(&k);
    return k;
}

struct breaking breaking_at(const struct plateaus *p, size_t bad, int good)
{
    const struct plateau *x = plateaus_at(p, bad);
    struct breaking k = {.any = true,
                         .who = x->who,
                         .high = x->load,
                         .at_us = x->start_us,
                         .by = BREACH_THROUGHPUT,
                         .breach = x->broken >= 0,
                         .fell_rps = x->rps};

    if (k.breach) {
        k.found = breaking_level(p, x);
        k.found.over = !plateaus_open(p) || bad + 1 < plateaus_count(p);
        k.by = k.found.by;
    }
    if (good >= 0) {
        const struct plateau *g = plateaus_at(p, (size_t)good);

        k.low = g->load;
        k.rps = g->rps;
        k.rps_held = true;
    }
    breaking_middle(&k);
    return k;
}
