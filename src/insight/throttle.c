/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/throttle.h"

#include <string.h>

#include "insight/throttle_internal.h"

#define THROTTLE_SECOND UINT64_C(1000000)
#define THROTTLE_SHARE  0.01

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

const struct throttle_slot *throttle_slot(const struct throttle *t,
                                          uint64_t second)
{
    return &t->slots[second % THROTTLE_SLOTS];
}

bool throttle_is_limited(const struct throttle_slot *s)
{
    double all = (double)s->passed + s->limited;

    return s->limited > 0 && (double)s->limited >= THROTTLE_SHARE * all;
}

uint64_t throttle_from(const struct throttle *t)
{
    uint64_t oldest =
        t->second >= THROTTLE_SLOTS ? t->second - THROTTLE_SLOTS + 1 : 0;

    return t->first != UINT64_MAX && t->first > oldest ? t->first : oldest;
}

/* The second that has just become full has an opening. */
static void throttle_opened(struct throttle *t)
{
    struct throttle_answer a = {.way = THROTTLE_WINDOW};

    switch (throttle_doors(t, &a)) {
    case THROTTLE_DOORS_FEW:
        return;
    case THROTTLE_DOORS_TIMED:
        t->window = a;
        return;
    case THROTTLE_DOORS_MIXED:
        t->window = (struct throttle_answer){.way = THROTTLE_UNKNOWN};
        return;
    }
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
    if (s->run > 0) {
        throttle_opened(t);
    }
    t->slots[t->second % THROTTLE_SLOTS] = (struct throttle_slot){0};
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

/* How the answers of a beat came behind each other is not known: with both in
 * it, it opened and has closed again. */
static void throttle_run(struct throttle *t, struct throttle_slot *s,
                         uint64_t passed, uint64_t limited)
{
    uint64_t ms = t->run_us / 1000;

    if (passed == 0) {
        t->run += (uint32_t)limited;
        return;
    }
    if (t->run > s->run) {
        s->run = t->run;
        s->shut_ms = ms < UINT32_MAX ? (uint32_t)ms : UINT32_MAX;
        s->before = s->passed;
        s->open_us = (uint32_t)t->active_us;
    }
    t->run = 0;
    t->run_us = 0;
}

void throttle_feed(struct throttle *t, uint64_t end_us, uint64_t active_us,
                   uint64_t passed, uint64_t limited)
{
    struct throttle_slot *s = &t->slots[t->second % THROTTLE_SLOTS];

    throttle_run(t, s, passed, limited);
    s->passed += (uint32_t)passed;
    s->limited += (uint32_t)limited;
    if (limited > 0) {
        t->seen.start_us = t->seen.limited == 0 ? end_us : t->seen.start_us;
        t->seen.end_us = end_us;
    }
    t->seen.limited += limited;
    t->seen.passed += t->seen.limited > 0 ? passed : 0;
    t->run_us += t->run > 0 ? active_us : 0;
    t->active_us += active_us;
    throttle_turns(t, t->active_us / THROTTLE_SECOND);
    t->active_us %= THROTTLE_SECOND;
}

struct throttle_answer throttle_answer(const struct throttle *t)
{
    struct throttle_answer a = t->seen;

    a.any = t->limited_for >= THROTTLE_LEAST;
    if (!a.any) {
        return a;
    }
    if (t->window.way == THROTTLE_WINDOW) {
        a.way = THROTTLE_WINDOW;
        a.rate = t->window.rate;
        a.window_s = t->window.window_s;
        a.in_window = t->window.in_window;
    } else if (throttle_even(t, &a)) {
        a.way = THROTTLE_STEADY;
    }
    return a;
}
