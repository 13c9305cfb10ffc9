/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/windows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"

#define COARSE_OCTAVE 64u

struct windows {
    struct window list[WINDOWS_MAX];
    size_t n, dropped;
    struct coarse *all;   /* owned: what they point into, in their order */
    struct coarse *spare; /* owned: as large, for a merge */
    size_t used;
    uint64_t width_us;
    struct window open; /* its buckets are in good */
    struct histo *good; /* owned */
    bool going;         /* the load stays the same */
    bool settled;
    double load;
    uint64_t who;
    uint64_t held_us; /* for so long, active time */
    bool felt, hears; /* an overload: since it is going, and from now on */
};

unsigned coarse_bucket(uint64_t us)
{
    unsigned shift = 0;

    while ((us >> shift) >= 2 * COARSE_OCTAVE) {
        shift++;
    }
    return shift * COARSE_OCTAVE + (unsigned)(us >> shift);
}

/* The octave's shift, and the place in it, 64..127; below, the value. */
static unsigned coarse_shift(unsigned bucket)
{
    return bucket < 2 * COARSE_OCTAVE ? 0 : bucket / COARSE_OCTAVE - 1;
}

uint64_t coarse_low(unsigned bucket)
{
    unsigned shift = coarse_shift(bucket);

    return (uint64_t)(bucket - shift * COARSE_OCTAVE) << shift;
}

uint64_t coarse_width(unsigned bucket)
{
    return UINT64_C(1) << coarse_shift(bucket);
}

/* Written to, so that it is taken from the system now and a run does not grow
 * while it lasts. */
static struct coarse *windows_memory(void)
{
    struct coarse *c = xreallocarray(NULL, WINDOWS_BUCKETS, sizeof *c);

    memset(c, 0, WINDOWS_BUCKETS * sizeof *c);
    return c;
}

struct windows *windows_new(void)
{
    struct windows *w = xcalloc(1, sizeof *w);

    w->all = windows_memory();
    w->spare = windows_memory();
    w->good = histo_new();
    w->width_us = WINDOWS_US;
    return w;
}

void windows_free(struct windows **wp)
{
    if (*wp == NULL) {
        return;
    }
    free((*wp)->all);
    free((*wp)->spare);
    histo_free(&(*wp)->good);
    free(*wp);
    *wp = NULL;
}

/* Both lists rise; returns how many buckets come of them. */
static size_t coarse_merge(const struct window *a, const struct window *b,
                           struct coarse *to)
{
    size_t i = 0, k = 0, n = 0;

    while (i < a->n || k < b->n) {
        bool left =
            k == b->n || (i < a->n && a->us[i].bucket <= b->us[k].bucket);
        const struct coarse *x = left ? &a->us[i++] : &b->us[k++];

        if (n > 0 && to[n - 1].bucket == x->bucket) {
            to[n - 1].count = to[n - 1].count > UINT32_MAX - x->count
                                  ? UINT32_MAX
                                  : to[n - 1].count + x->count;
        } else {
            to[n++] = *x;
        }
    }
    return n;
}

static bool windows_pair(const struct window *a, const struct window *b,
                         uint64_t width_us)
{
    return fabs(a->load - b->load) < 0.5 && a->who == b->who &&
           a->felt == b->felt && b->start_us >= a->end_us &&
           b->start_us - a->end_us < width_us &&
           a->active_us + b->active_us < 3 * width_us;
}

/* Two by two; a window whose neighbour is of another load stays as it is.
 * false: all did. */
static bool windows_halve(struct windows *w)
{
    static const struct window none = {.us = NULL};
    struct coarse *was = w->all;
    size_t i, n = 0, used = 0;
    bool merged;

    for (i = 0; i < w->n; n++) {
        struct window a = w->list[i++];
        const struct window *b = &none;

        if (i < w->n && windows_pair(&a, &w->list[i], w->width_us)) {
            b = &w->list[i++];
            a.end_us = b->end_us;
            a.active_us += b->active_us;
            a.requests += b->requests;
            a.failed += b->failed;
            a.suspect = a.suspect || b->suspect;
            a.suspect_us += b->suspect_us;
        }
        a.n = coarse_merge(&a, b, &w->spare[used]);
        a.us = &w->spare[used];
        used += a.n;
        w->list[n] = a;
    }
    merged = n < w->n;
    w->n = n;
    w->used = used;
    w->all = w->spare;
    w->spare = was;
    w->width_us *= merged ? 2 : 1;
    return merged;
}

/* Makes room for another one of so many buckets. */
static void windows_room(struct windows *w, size_t buckets)
{
    while (w->n == WINDOWS_MAX || w->used + buckets > WINDOWS_BUCKETS) {
        if (windows_halve(w)) {
            continue;
        }
        /* Nothing of the same load is side by side. */
        MUST(w->n > 0);
        w->used -= w->list[0].n;
        memmove(w->all, w->all + w->list[0].n, w->used * sizeof *w->all);
        memmove(&w->list[0], &w->list[1], (w->n - 1) * sizeof w->list[0]);
        w->n--;
        w->dropped++;
        for (size_t i = 0, at = 0; i < w->n; i++) {
            w->list[i].us = &w->all[at];
            at += w->list[i].n;
        }
    }
}

static void windows_close(struct windows *w)
{
    struct coarse got[COARSE_BUCKETS];
    struct histo_sparse s;
    size_t n = 0;
    uint32_t i;

    if (w->open.active_us * 2 < w->width_us) {
        histo_clear(w->good);
        w->open = (struct window){.us = NULL};
        return; /* too short to stand beside the others */
    }
    histo_to_sparse(w->good, &s);
    for (i = 0; i < s.n; i++) {
        uint64_t low = histo_bucket_low(s.pairs[i].bucket);
        uint64_t high = histo_bucket_high(s.pairs[i].bucket);
        unsigned b = coarse_bucket(low + (high - low) / 2);

        if (n > 0 && got[n - 1].bucket == b) {
            got[n - 1].count += s.pairs[i].count;
        } else {
            MUST(n < COARSE_BUCKETS);
            got[n++] = (struct coarse){(uint16_t)b, s.pairs[i].count};
        }
    }
    histo_sparse_clear(&s);
    histo_clear(w->good);
    windows_room(w, n);
    if (n > 0) {
        memcpy(&w->all[w->used], got, n * sizeof got[0]);
    }
    w->open.us = &w->all[w->used];
    w->open.n = n;
    w->used += n;
    w->list[w->n++] = w->open;
    w->open = (struct window){.us = NULL};
}

void windows_end(struct windows *w)
{
    windows_close(w);
    w->going = false;
}

void windows_hear(struct windows *w, bool felt)
{
    w->hears = felt;
}

static bool windows_same(const struct windows *w, const struct moment *x)
{
    return fabs(w->load - x->load) < 0.5 && w->who == x->who &&
           w->felt == w->hears;
}

/* Is what a moment has of this load, and of none before? */
static bool windows_counts(struct windows *w, const struct moment *x)
{
    w->held_us += x->active_us;
    w->settled = w->settled || w->held_us > WINDOWS_DRAIN_US ||
                 (w->held_us > WINDOWS_SETTLE_US && x->draining == 0);
    return w->settled;
}

void windows_feed(struct windows *w, const struct moment *x)
{
    if (!x->still || x->load <= 0) {
        windows_end(w);
        return;
    }
    if (x->active_us == 0) {
        return; /* paused */
    }
    if (w->going && !windows_same(w, x)) {
        windows_end(w);
    }
    if (!w->going) {
        w->going = true;
        w->settled = false;
        w->load = x->load;
        w->who = x->who;
        w->felt = w->hears;
        w->held_us = 0;
    }
    if (!windows_counts(w, x)) {
        return;
    }
    if (w->open.active_us == 0) {
        w->open.start_us = x->start_us;
        w->open.load = x->load;
        w->open.who = x->who;
        w->open.felt = w->felt;
    }
    w->open.end_us = x->end_us;
    w->open.active_us += x->active_us;
    w->open.requests += x->requests;
    w->open.failed += x->failed;
    w->open.suspect = w->open.suspect || x->suspect;
    w->open.suspect_us += x->suspect_us;
    histo_merge(w->good, x->good);
    if (w->open.active_us >= w->width_us) {
        windows_close(w);
    }
}

const struct window *windows_list(const struct windows *w, size_t *n)
{
    *n = w->n;
    return w->list;
}

uint64_t windows_us(const struct windows *w)
{
    return w->width_us;
}

size_t windows_dropped(const struct windows *w)
{
    return w->dropped;
}

double windows_felt_s(const struct window *list, size_t n)
{
    uint64_t us = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        us += list[i].felt ? list[i].active_us : 0;
    }
    return (double)us / 1e6;
}

double windows_suspect_s(const struct window *list, size_t n)
{
    uint64_t us = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        us += list[i].suspect_us;
    }
    return (double)us / 1e6;
}
