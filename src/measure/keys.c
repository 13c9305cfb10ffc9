/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/keys.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "measure/shard.h"

#define KEYS_SLOTS_MIN 16u
/* Statuses and kinds that a request of a plan may have before any is folded,
 * where SHARD_SERIES_MAX is too few for the plan's requests. */
#define KEYS_EACH 8u

void keys_clear(struct keys *k)
{
    free(k->list);
    free(k->slots);
    *k = (struct keys){0};
}

static size_t keys_slot(const struct keys *k, uint64_t key)
{
    /* Fibonacci hashing (Knuth 6.4): keys are dense in few bits. */
    size_t i = (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & k->mask;

    while (k->slots[i] != 0 && k->list[k->slots[i] - 1] != key) {
        i = (i + 1) & k->mask;
    }
    return i;
}

uint32_t keys_find(const struct keys *k, uint64_t key)
{
    uint32_t found;

    if (k->n == 0) {
        return KEYS_NONE;
    }
    found = k->slots[keys_slot(k, key)];
    return found == 0 ? KEYS_NONE : found - 1;
}

static void keys_grow(struct keys *k)
{
    size_t slots = k->slots == NULL ? KEYS_SLOTS_MIN : (k->mask + 1) * 2;
    size_t i;

    free(k->slots);
    k->slots = xcalloc(slots, sizeof *k->slots);
    k->mask = slots - 1;
    for (i = 0; i < k->n; i++) {
        k->slots[keys_slot(k, k->list[i])] = (uint32_t)(i + 1);
    }
}

uint32_t keys_add(struct keys *k, uint64_t key)
{
    uint32_t found = keys_find(k, key);

    if (found != KEYS_NONE) {
        return found;
    }
    if (k->slots == NULL || (k->n + 1) * 2 > k->mask) {
        keys_grow(k);
    }
    k->list = xgrow(k->list, k->n, &k->cap, sizeof *k->list);
    k->list[k->n++] = key;
    k->slots[keys_slot(k, key)] = (uint32_t)k->n;
    return (uint32_t)(k->n - 1);
}

size_t keys_bytes(const struct keys *k)
{
    return k->cap * sizeof *k->list +
           (k->slots == NULL ? 0 : (k->mask + 1) * sizeof *k->slots);
}

uint64_t series_key_pack(const struct series_key *k)
{
    return (uint64_t)k->request << 32 | (uint64_t)k->status << 16 |
           (uint64_t)k->failure << 1 | (uint64_t)k->failed;
}

struct series_key series_key_unpack(uint64_t key)
{
    struct series_key k;

    k.request = (uint16_t)(key >> 32);
    k.status = (uint16_t)(key >> 16);
    k.failure = (enum failure)((key >> 1) & 0x7fff);
    k.failed = (key & 1) != 0;
    return k;
}

uint32_t series_key_add(struct keys *keys, const struct plan *plan,
                        uint64_t key, bool *folded)
{
    size_t max = KEYS_EACH * plan->n_requests;
    uint32_t found = keys_find(keys, key);
    struct series_key k;

    if (max < SHARD_SERIES_MAX) {
        max = SHARD_SERIES_MAX;
    }
    if (found != KEYS_NONE || keys->n < max) {
        return found != KEYS_NONE ? found : keys_add(keys, key);
    }
    k = series_key_unpack(key);
    if (k.status == 0 || k.status == STATUS_OTHER) {
        /* Without a status there are no more than kinds: these fit. */
        return keys_add(keys, key);
    }
    k.status = STATUS_OTHER;
    *folded = true;
    return keys_add(keys, series_key_pack(&k));
}
