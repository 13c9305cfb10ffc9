/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/varint.h"

size_t varint_size(uint64_t v)
{
    size_t n = 1;

    while (v > 0x7f) {
        v >>= 7;
        n++;
    }
    return n;
}

size_t varint_put(uint8_t *at, uint64_t v)
{
    size_t n = 0;

    while (v > 0x7f) {
        at[n++] = (uint8_t)(v | 0x80);
        v >>= 7;
    }
    at[n++] = (uint8_t)v;
    return n;
}

size_t varint_get(const uint8_t *at, size_t n, uint64_t *v)
{
    uint64_t value = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        /* The tenth byte has room for one bit. */
        if (i == VARINT_MAX - 1 && at[i] > 1) {
            return VARINT_TOO_LONG;
        }
        value |= (uint64_t)(at[i] & 0x7f) << (7 * i);
        if ((at[i] & 0x80) == 0) {
            *v = value;
            return i + 1;
        }
    }
    return 0;
}
