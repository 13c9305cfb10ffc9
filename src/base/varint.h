/* SPDX-License-Identifier: MIT
 *
 * varint - whole numbers in as few bytes as they need: groups of seven bits,
 * the lowest first, each but the last with its eighth bit set (unsigned LEB128,
 * https://en.wikipedia.org/wiki/LEB128). */
#ifndef BASE_VARINT_H
#define BASE_VARINT_H

#include <stddef.h>
#include <stdint.h>

#define VARINT_MAX      10       /* bytes of the largest */
#define VARINT_TOO_LONG SIZE_MAX /* of varint_get */

/* Bytes that v takes: 1..VARINT_MAX. */
size_t varint_size(uint64_t v);
/* Writes it to at, which has room for so many; returns how many. */
size_t varint_put(uint8_t *at, uint64_t v);
/* Reads a number at the beginning of n bytes into v; returns how many it took.
 * 0: they end before it does; VARINT_TOO_LONG: it is beyond 64 bits. */
size_t varint_get(const uint8_t *at, size_t n, uint64_t *v);

#endif
