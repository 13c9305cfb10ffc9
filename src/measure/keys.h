/* SPDX-License-Identifier: MIT
 *
 * keys - numbers the distinct 64-bit keys that it is shown: 0, 1, 2 … in order
 * of arrival; nothing is ever taken out. Inside measure only; no locks. */
#ifndef MEASURE_KEYS_H
#define MEASURE_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/failure.h"
#include "plan/plan.h"

#define KEYS_NONE UINT32_MAX

struct keys {
    uint64_t *list; /* owned: by number */
    size_t n, cap;
    uint32_t *slots; /* owned: open addressing, 1 + number; 0 = free */
    size_t mask;     /* slots - 1 */
};

/* All zero is an empty one. */
void keys_clear(struct keys *k);
/* Number of a key; KEYS_NONE when it was never added. */
uint32_t keys_find(const struct keys *k, uint64_t key);
/* The same, numbering it when it is new (then it is the last, n - 1). */
uint32_t keys_add(struct keys *k, uint64_t key);
size_t keys_bytes(const struct keys *k);

/* What a series of requests is known by. */
struct series_key {
    uint16_t request, status;
    enum failure failure;
    bool failed;
};

uint64_t series_key_pack(const struct series_key *k);
struct series_key series_key_unpack(uint64_t key);
/* The number of a series; beyond SHARD_SERIES_MAX series (more in a plan of
 * very many requests) that of the series it is folded into, and *folded is
 * set. */
uint32_t series_key_add(struct keys *keys, const struct plan *plan,
                        uint64_t key, bool *folded);

#endif
