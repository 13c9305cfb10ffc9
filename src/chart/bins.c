/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "chart/bins.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "measure/histo.h"

/* Of a long plan, bins are minutes. */
#define BIN_SETTLED_US UINT64_C(5000000)

struct bins {
    int name;                  /* -1 = all requests */
    uint64_t slot_us, per_bin; /* what the bins were made for */
    uint64_t from_us;          /* the first that there could be */
    struct bin *list;          /* owned */
    size_t n, cap;
    size_t n_complete;     /* the first so many are final */
    size_t next_slot;      /* first slot that no complete bin holds */
    struct histo *scratch; /* owned */
    /* Of the bin that is not complete yet: its slots that are, so that each
     * frame adds the open one alone to them. */
    struct histo *kept; /* owned */
    size_t kept_from, kept_to;
};

struct bins *bins_new(int name)
{
    struct bins *b = xcalloc(1, sizeof *b);

    b->name = name;
    b->scratch = histo_new();
    b->kept = histo_new();
    return b;
}

void bins_free(struct bins **b)
{
    if (*b == NULL) {
        return;
    }
    histo_free(&(*b)->scratch);
    histo_free(&(*b)->kept);
    free((*b)->list);
    free(*b);
    *b = NULL;
}

static const struct histo_packed *bins_histo(const struct bins *b,
                                             const struct slot *s)
{
    return b->name < 0 ? &s->duration : &s->by_name[b->name];
}

static void bin_add(const struct bins *b, struct bin *bin, const struct slot *s,
                    bool first)
{
    int i;

    bin->active_us += s->active_us;
    bin->rated += s->rated;
    bin->requests += b->name < 0 ? s->requests : s->requests_by_name[b->name];
    bin->failed += b->name < 0 ? s->failed : s->failed_by_name[b->name];
    for (i = 0; i < ERRORS_COUNT; i++) {
        bin->errors[i] += s->errors[i];
    }
    if (first ||
        slot_leads(s->start_us, bin->start_us, bin->end_us - bin->start_us)) {
        bin->vus = s->vus;
        bin->planned = s->planned;
    }
    if (first || s->vus_min < bin->vus_min) {
        bin->vus_min = s->vus_min;
    }
    if (s->vus_max > bin->vus_max) {
        bin->vus_max = s->vus_max;
    }
    bin->manual = bin->manual || s->manual;
    if (b->name < 0) {
        bin->unseen = bin->unseen || !server_seen_any(&s->server);
        server_seen_add(&bin->server, &s->server);
    }
    bin->samples += bins_histo(b, s)->count;
}

static void bins_add_slots(const struct bins *b, const struct series *s,
                           struct histo *h, size_t from, size_t to)
{
    size_t i;

    for (i = from; i < to; i++) {
        histo_add_packed(h, bins_histo(b, series_slot(s, i)));
    }
}

/* All of them into the scratch. The series' last slot alone may still change.
 */
static void bin_gather(struct bins *b, const struct series *s, size_t from,
                       size_t to)
{
    histo_clear(b->scratch);
    if (to < series_count(s)) {
        bins_add_slots(b, s, b->scratch, from, to);
        return;
    }
    if (b->kept_from != from || b->kept_to >= to) {
        histo_clear(b->kept);
        b->kept_from = b->kept_to = from;
    }
    bins_add_slots(b, s, b->kept, b->kept_to, to - 1);
    b->kept_to = to - 1;
    histo_merge(b->scratch, b->kept);
    bins_add_slots(b, s, b->scratch, to - 1, to);
}

/* One slot carries its percentiles; several must be merged. */
static void bin_percentiles(struct bins *b, struct bin *bin,
                            const struct series *s, size_t from, size_t to)
{
    if (bin->samples == 0) {
        return;
    }
    if (to - from == 1 && b->name < 0) {
        const struct slot *only = series_slot(s, from);

        bin->p5_us = histo_packed_percentile(&only->duration, 5);
        bin->p50_us = only->p50_us;
        bin->p95_us = only->p95_us;
        bin->p99_us = only->p99_us;
        return;
    }
    bin_gather(b, s, from, to);
    bin->p5_us = histo_percentile(b->scratch, 5);
    bin->p50_us = histo_percentile(b->scratch, 50);
    bin->p95_us = histo_percentile(b->scratch, 95);
    bin->p99_us = histo_percentile(b->scratch, 99);
}

/* Makes the bin that begins with slot `from`; the first slot behind it is
 * returned. */
static size_t bins_make(struct bins *b, const struct series *s, size_t from)
{
    uint64_t width = b->slot_us * b->per_bin;
    uint64_t index = series_slot(s, from)->start_us / width;
    size_t n = series_count(s), i;
    struct bin bin = {.start_us = index * width, .end_us = (index + 1) * width};

    for (i = from; i < n; i++) {
        const struct slot *slot = series_slot(s, i);

        if (slot->start_us / width != index) {
            break;
        }
        bin_add(b, &bin, slot, i == from);
    }
    bin.complete = i < n;
    bin.settled = bin.complete || bin.active_us * 2 >= width ||
                  bin.active_us >= BIN_SETTLED_US;
    bin_percentiles(b, &bin, s, from, i);
    b->list = xgrow(b->list, b->n, &b->cap, sizeof *b->list);
    b->list[b->n++] = bin;
    return i;
}

/* Gives up bins that are out of sight in front. */
static void bins_drop(struct bins *b, const struct series *s, uint64_t from_us)
{
    size_t gone = 0, first;

    b->from_us = from_us - from_us % (b->slot_us * b->per_bin);

    while (gone < b->n_complete && b->list[gone].end_us <= from_us) {
        gone++;
    }
    if (gone > 0) {
        b->n -= gone;
        b->n_complete -= gone;
        memmove(b->list, b->list + gone, b->n * sizeof *b->list);
    }
    first = series_find(s, b->from_us);
    if (b->n_complete == 0 && first > b->next_slot) {
        b->next_slot = first;
    }
}

/* Whether what is there can be gone on with. */
static bool bins_fit(const struct bins *b, const struct series *s,
                     const struct axis *a, uint64_t per_bin)
{
    return series_slot_us(s) == b->slot_us && per_bin == b->per_bin &&
           series_count(s) >= b->next_slot && a->from_us >= b->from_us &&
           (b->n_complete == 0 ||
            b->list[b->n_complete - 1].start_us < a->to_us);
}

void bins_update(struct bins *b, const struct series *s, const struct axis *a,
                 size_t max)
{
    uint64_t slot_us = series_slot_us(s);
    uint64_t slots = (a->to_us - a->from_us + slot_us - 1) / slot_us;
    uint64_t per_bin = (slots + max - 1) / max;
    size_t n = series_find(s, a->to_us), at;

    MUST(max > 0 && slot_us > 0);
    if (per_bin == 0) {
        per_bin = 1;
    }
    if (!bins_fit(b, s, a, per_bin)) {
        b->slot_us = slot_us;
        b->per_bin = per_bin;
        b->n = b->n_complete = 0;
        b->next_slot = 0;
        b->kept_from = b->kept_to = 0;
        histo_clear(b->kept);
    }
    bins_drop(b, s, a->from_us);
    b->n = b->n_complete;
    at = b->next_slot;
    while (at < n) {
        at = bins_make(b, s, at);
        if (b->list[b->n - 1].complete) {
            b->n_complete = b->n;
            b->next_slot = at;
        }
    }
}

size_t bins_count(const struct bins *b)
{
    return b->n;
}

const struct bin *bins_at(const struct bins *b, size_t i)
{
    MUST(i < b->n);
    return &b->list[i];
}

uint64_t bins_width_us(const struct bins *b)
{
    return b->slot_us * b->per_bin;
}
