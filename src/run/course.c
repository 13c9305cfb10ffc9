/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/course.h"

#include <stdlib.h>

#include "base/clk.h"
#include "base/must.h"
#include "base/xalloc.h"
#include "measure/series.h"

/* What a scenario did in the last moment of the tick in which it began. */
struct course_carry {
    bool ran; /* the tick before was one in which it ran */
    uint64_t ran_us, begun, dropped;
};

struct course {
    size_t n_scenarios;
    struct course_carry carry[LINEUP_MAX];
    uint64_t slot_us;
    struct course_slot *slots; /* owned: n rows of n_scenarios */
    size_t n, cap;
};

struct course *course_new(size_t n_scenarios)
{
    struct course *c = xcalloc(1, sizeof *c);

    MUST(n_scenarios >= 1);
    c->n_scenarios = n_scenarios;
    c->slot_us = US_PER_SEC;
    return c;
}

void course_free(struct course **c)
{
    if (*c == NULL) {
        return;
    }
    free((*c)->slots);
    free(*c);
    *c = NULL;
}

static struct course_slot *course_at(const struct course *c, size_t scenario,
                                     size_t i)
{
    return &c->slots[i * c->n_scenarios + scenario];
}

/* b, the later one, goes into a; leads: b is up to the middle of both. */
static void course_join(struct course_slot *a, const struct course_slot *b,
                        bool leads)
{
    a->ran_us += b->ran_us;
    a->begun += b->begun;
    a->dropped += b->dropped;
    /* A second in which it ends is one of its load, not of none. */
    if (a->ran != b->ran ? b->ran : leads) {
        a->planned = b->planned;
        a->wanted = b->wanted;
        a->vus = b->vus;
    }
    a->ran = a->ran || b->ran;
    a->wanted_max =
        b->wanted_max > a->wanted_max ? b->wanted_max : a->wanted_max;
    a->vus_max = b->vus_max > a->vus_max ? b->vus_max : a->vus_max;
    a->manual = a->manual || b->manual;
}

/* Slots begin at whole multiples of their length, and a pause of the process
 * may have left some out: those that are now of one slot are neighbours. */
static void course_merge(struct course *c)
{
    size_t i, k, to = 0;

    c->slot_us *= 2;
    for (i = 0; i < c->n; i++) {
        uint64_t start = course_at(c, 0, i)->start_us;
        bool same = to > 0 && course_at(c, 0, to - 1)->start_us / c->slot_us ==
                                  start / c->slot_us;

        for (k = 0; k < c->n_scenarios; k++) {
            const struct course_slot *from = course_at(c, k, i);

            if (same) {
                course_join(course_at(c, k, to - 1), from, false);
            } else {
                *course_at(c, k, to) = *from;
                course_at(c, k, to)->start_us = start - start % c->slot_us;
            }
        }
        to += same ? 0 : 1;
    }
    c->n = to;
}

/* The open slot is the one that holds the tick. true: it is new. */
static bool course_open(struct course *c, uint64_t t_us, uint64_t active_us)
{
    uint64_t start = series_place(t_us, active_us, c->slot_us,
                                  c->n > 0 ? course_at(c, 0, c->n - 1)->start_us
                                           : UINT64_MAX);
    size_t k;

    if (c->n > 0 && course_at(c, 0, c->n - 1)->start_us >= start) {
        return false;
    }
    if (c->n == COURSE_MAX) {
        course_merge(c);
        return course_open(c, t_us, active_us);
    }
    if (c->n == c->cap) {
        c->cap = c->cap == 0 ? 64 : c->cap * 2;
        c->slots =
            xreallocarray(c->slots, c->cap * c->n_scenarios, sizeof *c->slots);
    }
    for (k = 0; k < c->n_scenarios; k++) {
        *course_at(c, k, c->n) = (struct course_slot){.start_us = start};
    }
    c->n++;
    return true;
}

/* A scenario that begins with a second does so in a tick that ends a moment
 * later, and most of which is of the second before. What it did in that moment
 * goes with the next tick: it is no load of that second, and a rate over next
 * to no time would be none. */
static void course_begins(struct course_carry *carry, struct course_slot *now)
{
    bool ran = carry->ran;

    carry->ran = now->ran;
    if (!ran && now->ran && now->ran_us < TICK_US / 2) {
        carry->ran_us += now->ran_us;
        carry->begun += now->begun;
        carry->dropped += now->dropped;
        now->ran = false;
        now->planned = now->wanted = now->vus = 0;
        now->ran_us = now->begun = now->dropped = 0;
        return;
    }
    now->ran_us += carry->ran_us;
    now->begun += carry->begun;
    now->dropped += carry->dropped;
    carry->ran_us = carry->begun = carry->dropped = 0;
}

/* What it did in the tick in which it ended goes to the slot in which it ran,
 * where that is the one before. */
static void course_ends(struct course *c, size_t k, struct course_slot *now)
{
    struct course_slot *last;

    if (now->ran || now->ran_us == 0 || c->n < 2 ||
        course_at(c, k, c->n - 1)->ran || !course_at(c, k, c->n - 2)->ran) {
        return;
    }
    last = course_at(c, k, c->n - 2);
    last->ran_us += now->ran_us;
    last->begun += now->begun;
    last->dropped += now->dropped;
    now->ran_us = now->begun = now->dropped = 0;
}

void course_feed(struct course *c, const struct tick *t)
{
    struct tick_within w = tick_within(t);
    bool leads, opened;
    size_t k;

    MUST(t->n_scenarios == c->n_scenarios);
    opened = course_open(c, t->t_us, t->active_us);
    leads =
        opened || slot_leads(t->t_us - t->dt_us,
                             course_at(c, 0, c->n - 1)->start_us, c->slot_us);
    for (k = 0; k < c->n_scenarios; k++) {
        const struct tick_scenario *s = &t->scenarios[k];
        struct course_slot now = {
            .ran_us = s->ran_us,
            .begun = s->begun,
            .dropped = s->dropped,
            .ran = w.scenarios[k].ran,
            .planned = w.scenarios[k].planned,
            .wanted = w.scenarios[k].wanted,
            .wanted_max = w.scenarios[k].wanted_max,
            .vus = w.scenarios[k].vus,
            .vus_max = w.scenarios[k].vus_max,
            .manual = w.scenarios[k].manual,
        };

        course_begins(&c->carry[k], &now);
        course_ends(c, k, &now);
        course_join(course_at(c, k, c->n - 1), &now, leads);
    }
}

size_t course_count(const struct course *c)
{
    return c->n;
}

const struct course_slot *course_slot(const struct course *c, size_t scenario,
                                      size_t i)
{
    MUST(scenario < c->n_scenarios && i < c->n);
    return course_at(c, scenario, i);
}

uint64_t course_slot_us(const struct course *c)
{
    return c->slot_us;
}

/* The first slot that begins at from_us or later. */
static size_t course_find(const struct course *c, uint64_t from_us)
{
    size_t lo = 0, hi = c->n;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (course_at(c, 0, mid)->start_us < from_us) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

bool course_over(const struct course *c, size_t scenario, uint64_t from_us,
                 uint64_t to_us, struct course_slot *out)
{
    size_t i = course_find(c, from_us);

    MUST(scenario < c->n_scenarios);
    if (i == c->n || course_at(c, 0, i)->start_us >= to_us) {
        return false;
    }
    *out = *course_at(c, scenario, i);
    for (i++; i < c->n && course_at(c, 0, i)->start_us < to_us; i++) {
        const struct course_slot *s = course_at(c, scenario, i);

        course_join(out, s, slot_leads(s->start_us, from_us, to_us - from_us));
    }
    return true;
}

size_t course_bytes(const struct course *c)
{
    return sizeof *c + c->cap * c->n_scenarios * sizeof *c->slots;
}
