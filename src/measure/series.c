/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/series.h"

#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "measure/series_internal.h"

#define SERIES_SLOT_US  UINT64_C(1000000)
#define SERIES_PIECE_US UINT64_C(50000) /* half a tick */

struct series {
    size_t n_names, bytes_max;
    size_t bytes; /* of all slots */
    uint64_t slot_us;
    struct slot *slots; /* owned; the last one is open */
    size_t n, cap;
    /* What the open slot has, ready for more. */
    struct histo *duration;
    struct histo **by_name; /* owned; entries NULL until touched */
};

struct series *series_new_capped(size_t n_names, size_t bytes_max)
{
    struct series *s = xcalloc(1, sizeof *s);

    s->n_names = n_names;
    s->bytes_max = bytes_max;
    s->slot_us = SERIES_SLOT_US;
    s->duration = histo_new();
    s->by_name = xcalloc(n_names + 1, sizeof *s->by_name);
    return s;
}

struct series *series_new(size_t n_names)
{
    return series_new_capped(n_names, SERIES_BYTES_MAX);
}

static void series_slot_clear(const struct series *s, struct slot *slot)
{
    size_t i;

    histo_sparse_clear(&slot->duration);
    for (i = 0; i < s->n_names; i++) {
        histo_sparse_clear(&slot->by_name[i]);
    }
    free(slot->by_name);
    free(slot->failed_by_name);
    free(slot->requests_by_name);
}

void series_free(struct series **sp)
{
    struct series *s = *sp;
    size_t i;

    if (s == NULL) {
        return;
    }
    for (i = 0; i < s->n; i++) {
        series_slot_clear(s, &s->slots[i]);
    }
    for (i = 0; i < s->n_names; i++) {
        histo_free(&s->by_name[i]);
    }
    histo_free(&s->duration);
    free(s->by_name);
    free(s->slots);
    free(s);
    *sp = NULL;
}

static size_t series_slot_bytes(const struct series *s, const struct slot *slot)
{
    size_t pairs = slot->duration.n, i;

    for (i = 0; i < s->n_names; i++) {
        pairs += slot->by_name[i].n;
    }
    return sizeof *slot + pairs * sizeof(struct histo_pair) +
           s->n_names * (sizeof *slot->by_name + sizeof *slot->failed_by_name +
                         sizeof *slot->requests_by_name);
}

static void series_percentiles(struct slot *slot)
{
    slot->p50_us = histo_sparse_percentile(&slot->duration, 50);
    slot->p95_us = histo_sparse_percentile(&slot->duration, 95);
    slot->p99_us = histo_sparse_percentile(&slot->duration, 99);
}

/* b, the later one, goes into a. */
static void series_merge_slot(struct series *s, struct slot *a,
                              const struct slot *b)
{
    size_t i;

    a->active_us += b->active_us;
    a->requests += b->requests;
    a->failed += b->failed;
    for (i = 0; i < ERRORS_COUNT; i++) {
        a->errors[i] += b->errors[i];
    }
    a->vus = b->vus;
    a->planned = b->planned;
    a->vus_min = b->vus_min < a->vus_min ? b->vus_min : a->vus_min;
    a->vus_max = b->vus_max > a->vus_max ? b->vus_max : a->vus_max;
    a->manual |= b->manual;
    histo_sparse_merge(&a->duration, &b->duration);
    series_percentiles(a);
    for (i = 0; i < s->n_names; i++) {
        histo_sparse_merge(&a->by_name[i], &b->by_name[i]);
        a->failed_by_name[i] += b->failed_by_name[i];
        a->requests_by_name[i] += b->requests_by_name[i];
    }
}

/* The open slot is made ready to take more where it was merged into. */
static void series_reopen(struct series *s)
{
    const struct slot *open = &s->slots[s->n - 1];
    size_t i;

    histo_clear(s->duration);
    histo_add_sparse(s->duration, &open->duration);
    for (i = 0; i < s->n_names; i++) {
        if (s->by_name[i] != NULL) {
            histo_clear(s->by_name[i]);
            histo_add_sparse(s->by_name[i], &open->by_name[i]);
        }
    }
}

/* Halves the number of slots: those of one double slot become one. */
static void series_halve(struct series *s)
{
    size_t i, n = 0;

    s->slot_us *= 2;
    s->bytes = 0;
    for (i = 0; i < s->n; i++) {
        struct slot *slot = &s->slots[i];
        uint64_t start = slot->start_us / s->slot_us * s->slot_us;

        if (n > 0 && s->slots[n - 1].start_us == start) {
            series_merge_slot(s, &s->slots[n - 1], slot);
            series_slot_clear(s, slot);
            continue;
        }
        s->slots[n] = *slot;
        s->slots[n++].start_us = start;
    }
    s->n = n;
    for (i = 0; i < n; i++) {
        s->bytes += series_slot_bytes(s, &s->slots[i]);
    }
    series_reopen(s);
}

static uint32_t series_low(const struct series_add *a)
{
    return a->vus_high > 0 ? a->vus_low : a->vus;
}

static uint32_t series_high(const struct series_add *a)
{
    return a->vus_high > 0 ? a->vus_high : a->vus;
}

static void series_open(struct series *s, uint64_t start_us,
                        const struct series_add *a)
{
    size_t names = s->n_names, i;
    struct slot *slot;

    s->slots = xgrow(s->slots, s->n, &s->cap, sizeof *s->slots);
    slot = &s->slots[s->n++];
    *slot = (struct slot){.start_us = start_us,
                          .vus_min = series_low(a),
                          .vus_max = series_high(a)};
    slot->by_name = xcalloc(names + 1, sizeof *slot->by_name);
    slot->failed_by_name = xcalloc(names + 1, sizeof *slot->failed_by_name);
    slot->requests_by_name = xcalloc(names + 1, sizeof *slot->requests_by_name);
    s->bytes += series_slot_bytes(s, slot);
    histo_clear(s->duration);
    for (i = 0; i < names; i++) {
        if (s->by_name[i] != NULL) {
            histo_clear(s->by_name[i]);
        }
    }
}

/* The slot keeps the written form of what gathers beside it. */
static void series_gather(struct histo **h, struct histo_sparse *written,
                          const struct histo *more)
{
    if (more == NULL || histo_count(more) == 0) {
        return;
    }
    if (*h == NULL) {
        *h = histo_new();
    }
    histo_merge(*h, more);
    histo_sparse_clear(written);
    histo_to_sparse(*h, written);
}

static void series_add_tick(struct series *s, struct slot *slot,
                            const struct series_add *a)
{
    size_t i;

    s->bytes -= series_slot_bytes(s, slot);
    slot->active_us += a->active_us;
    for (i = 0; i < ERRORS_COUNT; i++) {
        slot->errors[i] += a->errors[i];
    }
    slot->vus = a->vus;
    slot->planned = a->planned;
    slot->vus_min =
        series_low(a) < slot->vus_min ? series_low(a) : slot->vus_min;
    slot->vus_max =
        series_high(a) > slot->vus_max ? series_high(a) : slot->vus_max;
    slot->manual |= a->manual;
    series_gather(&s->duration, &slot->duration, a->duration);
    series_percentiles(slot);
    for (i = 0; i < s->n_names; i++) {
        slot->requests += a->requests_by_name[i];
        slot->failed += a->failed_by_name[i];
        slot->requests_by_name[i] += a->requests_by_name[i];
        slot->failed_by_name[i] += a->failed_by_name[i];
        series_gather(&s->by_name[i], &slot->by_name[i], a->by_name[i]);
    }
    s->bytes += series_slot_bytes(s, slot);
}

uint64_t series_place(uint64_t t_us, uint64_t active_us, uint64_t slot_us,
                      uint64_t open_us)
{
    uint64_t half = active_us < t_us ? active_us / 2 : t_us / 2;
    /* A tick that ends on the boundary is the last of its slot. */
    uint64_t at = t_us - half > 0 ? t_us - half - 1 : 0;
    uint64_t start = at / slot_us * slot_us;

    if (open_us != UINT64_MAX && start > open_us &&
        active_us < SERIES_PIECE_US &&
        at < open_us + slot_us + SERIES_PIECE_US) {
        return open_us;
    }
    return start;
}

void series_feed(struct series *s, const struct series_add *a)
{
    uint64_t start =
        series_place(a->t_us, a->active_us, s->slot_us,
                     s->n > 0 ? s->slots[s->n - 1].start_us : UINT64_MAX);

    if (s->n == 0 || start > s->slots[s->n - 1].start_us) {
        series_open(s, start, a);
    }
    series_add_tick(s, &s->slots[s->n - 1], a);
    while (s->bytes > s->bytes_max && s->n > 2) {
        series_halve(s);
    }
}

size_t series_count(const struct series *s)
{
    return s->n;
}

const struct slot *series_slot(const struct series *s, size_t i)
{
    MUST(i < s->n);
    return &s->slots[i];
}

uint64_t series_slot_us(const struct series *s)
{
    return s->slot_us;
}

size_t series_bytes(const struct series *s)
{
    size_t n = sizeof *s + s->bytes + (s->cap - s->n) * sizeof *s->slots +
               histo_bytes(s->duration);
    size_t i;

    for (i = 0; i < s->n_names; i++) {
        n += s->by_name[i] == NULL ? 0 : histo_bytes(s->by_name[i]);
    }
    return n;
}

enum error_class error_class_of(enum failure f)
{
    switch (f) {
    case FAILURE_REFUSED:
    case FAILURE_RESET:
    case FAILURE_DNS:
    case FAILURE_TLS:
    case FAILURE_CONNECT:
        return ERRORS_CONNECT;
    case FAILURE_TIMEOUT:
        return ERRORS_TIMEOUT;
    case FAILURE_HTTP_4XX:
        return ERRORS_4XX;
    case FAILURE_HTTP_429:
        return ERRORS_429;
    case FAILURE_HTTP_5XX:
        return ERRORS_5XX;
    case FAILURE_NONE:
    case FAILURE_PROTOCOL:
    case FAILURE_ENCODING:
    case FAILURE_TOO_LARGE:
    case FAILURE_UNRESOLVED:
    case FAILURE_LOCAL:
    case FAILURE_REDIRECTS:
    case FAILURE_STATUS:
    case FAILURE_STREAM:
    case FAILURE_CHECK:
    case FAILURE_COUNT:
        break;
    }
    return ERRORS_OTHER;
}
