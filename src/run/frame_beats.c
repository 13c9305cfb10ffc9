/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/frame_beats.h"

#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"

void frame_beats_clear(struct frame_beats *b)
{
    free(b->list);
    free(b->parts);
    free(b->keys);
    *b = (struct frame_beats){.n = 0};
}

void frame_beats_reset(struct frame_beats *b)
{
    b->n = b->n_parts = 0;
    b->lost = false;
}

static size_t beats_of(const struct tick *t)
{
    return t->n_beats > 0 ? t->n_beats : 1;
}

bool frame_beats_fit(const struct frame_beats *b, const struct tick *t)
{
    return b->n + beats_of(t) <= TICK_BEATS_MAX;
}

static void beats_part(struct frame_beats *b, const struct delta *d,
                       uint32_t row, uint64_t count)
{
    b->parts = xgrow(b->parts, b->n_parts, &b->cap_parts, sizeof *b->parts);
    b->keys = xgrow(b->keys, b->n_parts, &b->cap_keys, sizeof *b->keys);
    b->parts[b->n_parts] = (struct tick_part){.count = count};
    b->keys[b->n_parts++] = delta_series_key(&d->series[row]);
}

static void beats_one(struct frame_beats *b, const struct tick_beat *x)
{
    b->list = xgrow(b->list, b->n, &b->cap, sizeof *b->list);
    b->list[b->n++] = *x;
}

/* A tick that is one is its own beat. */
static void beats_tick(struct frame_beats *b, const struct tick *t)
{
    struct tick_beat x = {.dt_us = t->dt_us,
                          .active_us = t->active_us,
                          .in_flight = t->in_flight,
                          .suspect = t->health.suspect,
                          .n_parts = (uint32_t)t->delta->n_series};
    uint32_t i;

    beats_one(b, &x);
    for (i = 0; i < x.n_parts; i++) {
        beats_part(b, t->delta, i, t->delta->series[i].count);
    }
}

void frame_beats_add(struct frame_beats *b, const struct tick *t)
{
    size_t i;

    /* Of some of them nothing can be said as of all. */
    b->lost = b->lost || !frame_beats_fit(b, t) ||
              (t->within != NULL && t->n_beats == 0);
    if (b->lost) {
        b->n = b->n_parts = 0;
        return;
    }
    if (t->n_beats == 0) {
        beats_tick(b, t);
        return;
    }
    for (i = 0; i < t->n_beats; i++) {
        beats_one(b, &t->beats[i]);
    }
    for (i = 0; i < t->n_parts; i++) {
        beats_part(b, t->delta, t->parts[i].row, t->parts[i].count);
    }
}

/* Rows are in the order of their keys. */
static uint32_t beats_row(const struct delta *d, uint64_t key)
{
    size_t lo = 0, hi = d->n_series;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (delta_series_key(&d->series[mid]) < key) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    MUST(lo < d->n_series && delta_series_key(&d->series[lo]) == key);
    return (uint32_t)lo;
}

void frame_beats_give(struct frame_beats *b, struct tick *t)
{
    size_t i;

    for (i = 0; i < b->n_parts; i++) {
        b->parts[i].row = beats_row(t->delta, b->keys[i]);
    }
    t->beats = b->list;
    t->n_beats = b->n;
    t->parts = b->parts;
    t->n_parts = b->n_parts;
}
