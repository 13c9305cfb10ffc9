/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/series.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "measure/series_internal.h"
#include "measure/slot.h"

#define SERIES_SLOT_US  UINT64_C(1000000)
#define SERIES_STOOD_US UINT64_C(500000)
#define SERIES_PIECE_US UINT64_C(50000) /* half a tick */
#define SERIES_SHARES   UINT64_C(65536)
/* Of the store, taken with each slot: all of it within twenty seconds. */
#define SERIES_TAKEN_A_SLOT (1u << 20)

struct series {
    size_t n_names, bytes_max;
    uint64_t slot_us;
    /* What slots' histograms are packed into, slot after slot; those of the
     * open one are the last, and are written anew with each tick. */
    uint8_t *store; /* owned; NULL before the first tick */
    size_t room, used;
    size_t there;       /* of room, what was written to at least once */
    uint64_t last_us;   /* end of the last tick */
    size_t open_at;     /* where the open slot's begin */
    struct slot *slots; /* owned; the last one is open */
    size_t n, cap;
    /* What the open slot has, ready for more. */
    struct histo *duration;
    struct histo **by_name; /* owned; entries NULL until touched */
    struct histo *sum;      /* slots that merge */
};

struct series *series_new_capped(size_t n_names, size_t bytes_max)
{
    struct series *s = xcalloc(1, sizeof *s);

    s->n_names = n_names;
    s->bytes_max = bytes_max;
    s->slot_us = SERIES_SLOT_US;
    s->duration = histo_new();
    s->sum = histo_new();
    s->by_name = xcalloc(n_names + 1, sizeof *s->by_name);
    return s;
}

struct series *series_new(size_t n_names)
{
    return series_new_capped(n_names, SERIES_BYTES_MAX);
}

static void series_slot_clear(const struct slot *slot)
{
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
        series_slot_clear(&s->slots[i]);
    }
    for (i = 0; i < s->n_names; i++) {
        histo_free(&s->by_name[i]);
    }
    histo_free(&s->duration);
    histo_free(&s->sum);
    free(s->by_name);
    free(s->store);
    free(s->slots);
    free(s);
    *sp = NULL;
}

/* Without its histograms. */
static size_t series_slot_bytes(const struct series *s)
{
    return sizeof(struct slot) +
           s->n_names *
               (sizeof *s->slots->by_name + sizeof *s->slots->failed_by_name +
                sizeof *s->slots->requests_by_name);
}

static size_t series_taken(const struct series *s)
{
    return s->n * series_slot_bytes(s) + s->used;
}

static void series_percentiles(struct slot *slot, const struct histo *h)
{
    slot->p50_us = histo_percentile(h, 50);
    slot->p95_us = histo_percentile(h, 95);
    slot->p99_us = histo_percentile(h, 99);
}

/* The store. */

/* What was at from is at to. */
static void series_shift(const struct series *s, struct slot *slot,
                         const uint8_t *from, const uint8_t *to)
{
    size_t i;

    slot->duration.bytes = to + (slot->duration.bytes - from);
    for (i = 0; i < s->n_names; i++) {
        slot->by_name[i].bytes = to + (slot->by_name[i].bytes - from);
    }
}

/* Room for so much more. The store is as large as it may become from the
 * beginning, unless a few slots alone need more. */
static void series_make_room(struct series *s, size_t more)
{
    size_t room = s->bytes_max + s->bytes_max / 8;
    uint8_t *old = s->store;
    size_t i;

    if (s->store != NULL && more <= s->room - s->used) {
        return;
    }
    while (room - s->used < more) {
        room *= 2;
    }
    s->store = xmalloc(room);
    s->room = room;
    s->there = s->used;
    if (old == NULL) {
        return;
    }
    memcpy(s->store, old, s->used);
    /* The last slot is written next. */
    for (i = 0; i + 1 < s->n; i++) {
        series_shift(s, &s->slots[i], old, s->store);
    }
    free(old);
}

/* More of the store is taken from the system, by writing to it: all of it at
 * once costs ten milliseconds, which a short run never needs. */
static void series_take_more(struct series *s)
{
    size_t from = s->used > s->there ? s->used : s->there;
    size_t to = s->room - from > SERIES_TAKEN_A_SLOT
                    ? from + SERIES_TAKEN_A_SLOT
                    : s->room;

    if (s->store != NULL) {
        memset(s->store + from, 0xff, to - from);
        s->there = to;
    }
}

static uint8_t *series_pack(uint8_t *at, const struct histo *h,
                            const struct histo_packed *all,
                            struct histo_packed *out)
{
    if (h == NULL || histo_count(h) == 0) {
        *out = (struct histo_packed){.bytes = at};
    } else if (all != NULL && histo_count(h) == all->count) {
        *out = *all; /* nobody else had any */
    } else {
        histo_pack(h, at, out);
        at += out->size;
    }
    return at;
}

/* Writes what the open slot has by now. */
static void series_write_open(struct series *s)
{
    struct slot *slot = &s->slots[s->n - 1];
    size_t size = histo_packed_size(s->duration), i;
    uint8_t *at;

    for (i = 0; i < s->n_names; i++) {
        size += s->by_name[i] != NULL ? histo_packed_size(s->by_name[i]) : 0;
    }
    s->used = s->open_at;
    series_make_room(s, size);
    at = s->store + s->open_at;
    at = series_pack(at, s->duration, NULL, &slot->duration);
    for (i = 0; i < s->n_names; i++) {
        at = series_pack(at, s->by_name[i], &slot->duration, &slot->by_name[i]);
    }
    s->used = (size_t)(at - s->store);
    series_percentiles(slot, s->duration);
}

static void series_sum(struct series *s, const struct histo_packed *a,
                       const struct histo_packed *b)
{
    histo_clear(s->sum);
    histo_add_packed(s->sum, a);
    if (b != NULL) {
        histo_add_packed(s->sum, b);
    }
}

/* a's histograms, and those of b if there is one, written from `at` on. */
static uint8_t *series_merge_histos(struct series *s, uint8_t *at,
                                    struct slot *a, const struct slot *b)
{
    size_t i;

    series_sum(s, &a->duration, b != NULL ? &b->duration : NULL);
    at = series_pack(at, s->sum, NULL, &a->duration);
    series_percentiles(a, s->sum);
    for (i = 0; i < s->n_names; i++) {
        series_sum(s, &a->by_name[i], b != NULL ? &b->by_name[i] : NULL);
        at = series_pack(at, s->sum, &a->duration, &a->by_name[i]);
    }
    return at;
}

/* The open slot is made ready to take more where it was merged into. */
static void series_reopen(struct series *s)
{
    const struct slot *open = &s->slots[s->n - 1];
    size_t i;

    histo_clear(s->duration);
    histo_add_packed(s->duration, &open->duration);
    for (i = 0; i < s->n_names; i++) {
        if (s->by_name[i] != NULL) {
            histo_clear(s->by_name[i]);
            histo_add_packed(s->by_name[i], &open->by_name[i]);
        }
    }
}

/* Halves the number of slots: those of one double slot become one. They are
 * written one after the other beside the store, and then into it. */
static void series_halve(struct series *s)
{
    /* Names that shared what all had need a place of their own now. */
    size_t room = 2 * s->used + 1, i, n = 0, took;
    uint8_t *beside = xmalloc(room), *at = beside;

    s->slot_us *= 2;
    for (i = 0; i < s->n; i += took) {
        struct slot *a = &s->slots[i], *b = i + 1 < s->n ? a + 1 : NULL;

        a->start_us = a->start_us / s->slot_us * s->slot_us;
        took = b != NULL && b->start_us - a->start_us < s->slot_us ? 2 : 1;
        s->open_at = (size_t)(at - beside);
        at = series_merge_histos(s, at, a, took == 2 ? b : NULL);
        if (took == 2) {
            slot_merge(a, b, s->n_names);
            series_slot_clear(b);
        }
        s->slots[n++] = *a;
    }
    s->n = n;
    s->used = (size_t)(at - beside);
    MUST(s->used < room);
    if (s->used > s->room) {
        free(s->store);
        s->store = beside;
        s->room = room;
        s->there = s->used;
    } else {
        memcpy(s->store, beside, s->used);
        for (i = 0; i < n; i++) {
            series_shift(s, &s->slots[i], beside, s->store);
        }
        free(beside);
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

/* Slots of two hours, of a second each, are taken at the beginning, and written
 * to: they are a sixteenth of all. */
static void series_room_for_slots(struct series *s)
{
    size_t n = s->bytes_max / 16 / sizeof *s->slots;

    if (s->slots == NULL && n > 0) {
        s->slots = xreallocarray(NULL, n, sizeof *s->slots);
        memset(s->slots, 0, n * sizeof *s->slots);
        s->cap = n;
    }
    s->slots = xgrow(s->slots, s->n, &s->cap, sizeof *s->slots);
}

static void series_open(struct series *s, uint64_t start_us,
                        const struct series_add *a)
{
    size_t names = s->n_names, i;
    struct slot *slot;

    series_room_for_slots(s);
    slot = &s->slots[s->n++];
    *slot = (struct slot){.start_us = start_us,
                          .vus = a->vus,
                          .planned = a->planned,
                          .vus_min = series_low(a),
                          .vus_max = series_high(a)};
    slot->by_name = xcalloc(names + 1, sizeof *slot->by_name);
    slot->failed_by_name = xcalloc(names + 1, sizeof *slot->failed_by_name);
    slot->requests_by_name = xcalloc(names + 1, sizeof *slot->requests_by_name);
    s->open_at = s->used;
    series_take_more(s);
    histo_clear(s->duration);
    for (i = 0; i < names; i++) {
        if (s->by_name[i] != NULL) {
            histo_clear(s->by_name[i]);
        }
    }
}

static void series_gather(struct histo **h, const struct histo *more)
{
    if (more == NULL || histo_count(more) == 0) {
        return;
    }
    if (*h == NULL) {
        *h = histo_new();
    }
    histo_merge(*h, more);
}

/* How much of what ended in a tick is of its active time. When a process stood
 * still, all is; in a pause, what still drains is not. In 65,536ths: sums of
 * such are the same in any order. */
static double series_share(const struct series *s, const struct series_add *a)
{
    uint64_t dt = a->t_us > s->last_us ? a->t_us - s->last_us : 0;

    return a->active_us == 0 ? 0
           : dt <= a->active_us || dt > SERIES_STOOD_US
               ? 1
               : (double)(a->active_us * SERIES_SHARES / dt) / SERIES_SHARES;
}

static void series_add_tick(struct series *s, struct slot *slot,
                            const struct series_add *a)
{
    double share = series_share(s, a);
    size_t i;

    if (slot_leads(s->last_us, slot->start_us, s->slot_us)) {
        slot->vus = a->vus;
        slot->planned = a->planned;
    }
    s->last_us = a->t_us;

    slot->active_us += a->active_us;
    for (i = 0; i < ERRORS_COUNT; i++) {
        slot->errors[i] += a->errors[i];
    }
    slot->vus_min =
        series_low(a) < slot->vus_min ? series_low(a) : slot->vus_min;
    slot->vus_max =
        series_high(a) > slot->vus_max ? series_high(a) : slot->vus_max;
    slot->manual |= a->manual;
    server_seen_add(&slot->server, &a->server);
    series_gather(&s->duration, a->duration);
    for (i = 0; i < s->n_names; i++) {
        slot->requests += a->requests_by_name[i];
        slot->rated += share * (double)a->requests_by_name[i];
        slot->failed += a->failed_by_name[i];
        slot->requests_by_name[i] += a->requests_by_name[i];
        slot->failed_by_name[i] += a->failed_by_name[i];
        series_gather(&s->by_name[i], a->by_name[i]);
    }
    series_write_open(s);
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
    while (series_taken(s) > s->bytes_max && s->n > 2) {
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

size_t series_find(const struct series *s, uint64_t t_us)
{
    size_t lo = 0, hi = s->n;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (s->slots[mid].start_us < t_us) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

uint64_t series_slot_us(const struct series *s)
{
    return s->slot_us;
}

size_t series_bytes(const struct series *s)
{
    size_t n = sizeof *s + s->n * (series_slot_bytes(s) - sizeof *s->slots) +
               s->cap * sizeof *s->slots + s->room + histo_bytes(s->duration) +
               histo_bytes(s->sum);
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
