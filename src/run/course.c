/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/course.h"

#include <stdlib.h>

#include "base/clk.h"
#include "base/must.h"
#include "base/xalloc.h"
#include "measure/series.h"

struct course {
    size_t n_scenarios;
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

/* b, the later one, goes into a. */
static void course_join(struct course_slot *a, const struct course_slot *b)
{
    a->ran_us += b->ran_us;
    a->begun += b->begun;
    a->dropped += b->dropped;
    /* A second in which it ends is one of its load, not of none. */
    if (b->ran || !a->ran) {
        a->planned = b->planned;
        a->wanted = b->wanted;
    }
    a->ran = a->ran || b->ran;
    a->vus = b->vus;
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
                course_join(course_at(c, k, to - 1), from);
            } else {
                *course_at(c, k, to) = *from;
                course_at(c, k, to)->start_us = start - start % c->slot_us;
            }
        }
        to += same ? 0 : 1;
    }
    c->n = to;
}

/* The open slot is the one that holds the tick's end. */
static void course_open(struct course *c, uint64_t t_us, uint64_t active_us)
{
    uint64_t start = series_place(t_us, active_us, c->slot_us,
                                  c->n > 0 ? course_at(c, 0, c->n - 1)->start_us
                                           : UINT64_MAX);
    size_t k;

    if (c->n > 0 && course_at(c, 0, c->n - 1)->start_us >= start) {
        return;
    }
    if (c->n == COURSE_MAX) {
        course_merge(c);
        course_open(c, t_us, active_us);
        return;
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
}

void course_feed(struct course *c, const struct tick *t)
{
    struct tick_within w = tick_within(t);
    size_t k;

    MUST(t->n_scenarios == c->n_scenarios);
    course_open(c, t->t_us, t->active_us);
    for (k = 0; k < c->n_scenarios; k++) {
        const struct tick_scenario *s = &t->scenarios[k];
        struct course_slot now = {
            .ran_us = w.scenarios[k].ran_us,
            .begun = s->begun,
            .dropped = s->dropped,
            .ran = w.scenarios[k].ran,
            .planned = w.scenarios[k].planned,
            .wanted = w.scenarios[k].wanted,
            .wanted_max = w.scenarios[k].wanted_max,
            .vus = s->vus,
            .vus_max = w.scenarios[k].vus_max,
            .manual = w.scenarios[k].manual,
        };

        course_join(course_at(c, k, c->n - 1), &now);
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
        course_join(out, course_at(c, scenario, i));
    }
    return true;
}

size_t course_bytes(const struct course *c)
{
    return sizeof *c + c->cap * c->n_scenarios * sizeof *c->slots;
}
