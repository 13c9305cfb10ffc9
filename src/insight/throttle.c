/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/throttle.h"

#include <math.h>
#include <string.h>

#define THROTTLE_SECOND UINT64_C(1000000)
#define THROTTLE_SHARE  0.01
#define THROTTLE_LEAST  15 /* limited seconds */
/* Seconds behind each other without anything let through: shut. */
#define THROTTLE_SHUT 2
/* Shut for a larger share of the time: windows. */
#define THROTTLE_SHUT_SHARE 0.2

const char *throttle_way_name(enum throttle_way w)
{
    static const char *const names[] = {
        [THROTTLE_UNKNOWN] = "unknown",
        [THROTTLE_STEADY] = "steady",
        [THROTTLE_WINDOW] = "window",
    };

    return names[w];
}

void throttle_init(struct throttle *t)
{
    memset(t, 0, sizeof *t);
    t->first = UINT64_MAX;
}

static const struct throttle_slot *throttle_slot(const struct throttle *t,
                                                 uint64_t second)
{
    return &t->slots[second % THROTTLE_SLOTS];
}

static bool throttle_is_limited(const struct throttle_slot *s)
{
    double all = (double)s->passed + s->limited;

    return s->limited > 0 && (double)s->limited >= THROTTLE_SHARE * all;
}

/* A second is full. */
static void throttle_turn(struct throttle *t)
{
    const struct throttle_slot *s = throttle_slot(t, t->second);

    if (throttle_is_limited(s)) {
        t->limited_for++;
        t->first = t->first == UINT64_MAX ? t->second : t->first;
    }
    t->second++;
    t->slots[t->second % THROTTLE_SLOTS] = (struct throttle_slot){0, 0};
}

/* So many full seconds are behind each other, all but the first of them without
 * an answer: of more than the ring holds nothing is left. */
static void throttle_turns(struct throttle *t, uint64_t n)
{
    if (n > THROTTLE_SLOTS) {
        throttle_turn(t);
        memset(t->slots, 0, sizeof t->slots);
        t->second += n - 1;
        return;
    }
    while (n-- > 0) {
        throttle_turn(t);
    }
}

void throttle_feed(struct throttle *t, uint64_t end_us, uint64_t active_us,
                   uint64_t passed, uint64_t limited)
{
    struct throttle_slot *s = &t->slots[t->second % THROTTLE_SLOTS];

    s->passed += (uint32_t)passed;
    s->limited += (uint32_t)limited;
    if (limited > 0) {
        t->seen.start_us = t->seen.limited == 0 ? end_us : t->seen.start_us;
        t->seen.end_us = end_us;
    }
    t->seen.limited += limited;
    t->seen.passed += t->seen.limited > 0 ? passed : 0;
    t->active_us += active_us;
    throttle_turns(t, t->active_us / THROTTLE_SECOND);
    t->active_us %= THROTTLE_SECOND;
}

/* The oldest second of the ring. */
static uint64_t throttle_oldest(const struct throttle *t)
{
    return t->second >= THROTTLE_SLOTS ? t->second - THROTTLE_SLOTS + 1 : 0;
}

/* Where it opens: seconds that let something through behind others that did
 * not. The first two of them, the last, and how many there are; and for how
 * long it was shut. */
struct throttle_doors {
    uint64_t first, last;
    unsigned n;
    uint64_t shut;
    uint64_t between; /* let through from the first to the last */
};

static struct throttle_doors throttle_doors(const struct throttle *t,
                                            uint64_t from)
{
    struct throttle_doors d = {0, 0, 0, 0, 0};
    uint64_t closed = 0, since = 0, i;

    for (i = from; i < t->second; i++) {
        const struct throttle_slot *s = throttle_slot(t, i);

        if (s->passed == 0) {
            closed += s->limited > 0;
            continue;
        }
        if (closed >= THROTTLE_SHUT) {
            d.shut += closed;
            d.first = d.n == 0 ? i : d.first;
            d.between += since;
            since = 0;
            d.last = i;
            d.n++;
        }
        closed = 0;
        since += d.n > 0 ? s->passed : 0;
    }
    d.shut += closed >= THROTTLE_SHUT ? closed : 0;
    return d;
}

/* What came through beyond the rate, up to the second behind the first 429:
 * the most that any stretch that ends there has. */
static double throttle_burst(const struct throttle *t, double rate)
{
    uint64_t oldest = throttle_oldest(t), i = t->first + 2;
    double sum = 0, most = 0;

    if (t->first < oldest) {
        return 0; /* it is forgotten */
    }
    while (i-- > oldest) {
        sum += (double)throttle_slot(t, i)->passed - rate;
        most = fmax(most, sum);
    }
    return most;
}

/* Behind the second with the first 429 and the one after it, what comes through
 * in limited seconds is the rate. */
static void throttle_steady(const struct throttle *t, uint64_t from,
                            struct throttle_answer *a)
{
    double passed = 0, n = 0;
    uint64_t i;

    for (i = from; i < t->second; i++) {
        const struct throttle_slot *s = throttle_slot(t, i);

        if (i >= t->first + 2 && throttle_is_limited(s)) {
            passed += (double)s->passed;
            n++;
        }
    }
    if (n < THROTTLE_LEAST - 2 || passed <= 0) {
        return;
    }
    a->way = THROTTLE_STEADY;
    a->rate = passed / n;
    a->burst = throttle_burst(t, a->rate);
    /* Less than a second's worth may as well be how requests came. */
    a->burst = a->burst < fmax(a->rate, 3) ? 0 : a->burst;
}

struct throttle_answer throttle_answer(const struct throttle *t)
{
    struct throttle_answer a = t->seen;
    struct throttle_doors d;
    uint64_t oldest = throttle_oldest(t), from;
    double shut;

    a.any = t->limited_for >= THROTTLE_LEAST;
    if (!a.any) {
        return a;
    }
    from = t->first > oldest ? t->first : oldest;
    d = throttle_doors(t, from);
    shut = (double)d.shut / (double)(t->second - from);
    if (shut < THROTTLE_SHUT_SHARE) {
        throttle_steady(t, from, &a);
    } else if (d.n >= 2) {
        a.way = THROTTLE_WINDOW;
        a.window_s = (double)(d.last - d.first) / (double)(d.n - 1);
        a.in_window = (double)d.between / (double)(d.n - 1);
        a.rate = a.in_window / a.window_s;
    }
    return a;
}
