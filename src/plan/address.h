/* SPDX-License-Identifier: MIT
 *
 * address - lists of IP addresses as k6's --local-ips writes them: single ones,
 * ranges (127.0.0.1-127.0.0.20) and blocks (127.0.1.0/24). Kept as ranges, so
 * that a block of any size costs nothing. Pure. */
#ifndef PLAN_ADDRESS_H
#define PLAN_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

#define ADDRESS_MAX        46 /* bytes of one as text, its NUL included */
#define ADDRESS_RANGES_MAX 256

/* From first on, n of them. */
struct address_range {
    bool v6;
    unsigned char first[16]; /* network order; IPv4: the first four */
    uint64_t n;              /* at least 1; a larger block counts as 2^63 */
};
struct addresses {
    struct address_range *list; /* owned */
    size_t n;                   /* ranges; 0 = none */
};

/* Adds what text lists, separated by commas. false: a mistake, told in why (one
 * line, may hold bytes of text); the list is then as it was. In a block of IPv4
 * addresses larger than two the first (the network's) and the last (broadcast)
 * are left out. */
bool addresses_add(struct addresses *a, const char *text, char *why,
                   size_t size) MUST_CHECK;
void addresses_clear(struct addresses *a);
/* How many there are, at most 2^63; 0 = none. */
uint64_t addresses_count(const struct addresses *a);
/* The i-th as text, counted from 0 and over and over; the list is not empty.
 * Returns buf. */
const char *addresses_at(const struct addresses *a, uint64_t i,
                         char buf[ADDRESS_MAX]);

#endif
