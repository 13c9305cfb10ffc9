/* SPDX-License-Identifier: MIT
 *
 * address - arithmetic on addresses as numbers of 32 or 128 bits in network
 * order. */
#include "config.h"

#include "plan/address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>

#include "base/must.h"
#include "base/num.h"
#include "base/xalloc.h"

#define ADDRESS_COUNT_MAX (UINT64_C(1) << 63)

static size_t address_bytes(const struct address_range *r)
{
    return r->v6 ? 16 : 4;
}

/* One address as text into r->first. */
static bool address_parse(const char *s, struct address_range *r)
{
    struct in_addr v4;
    struct in6_addr v6;

    if (inet_pton(AF_INET, s, &v4) == 1) {
        r->v6 = false;
        memcpy(r->first, &v4, sizeof v4);
        return true;
    }
    if (inet_pton(AF_INET6, s, &v6) == 1) {
        r->v6 = true;
        memcpy(r->first, &v6, sizeof v6);
        return true;
    }
    return false;
}

/* to = to + n, carried over all bytes. */
static void address_step(unsigned char *to, size_t bytes, uint64_t n)
{
    for (size_t i = bytes; i > 0 && n > 0; i--) {
        uint64_t sum = to[i - 1] + (n & 0xff);

        to[i - 1] = (unsigned char)sum;
        n = (n >> 8) + (sum >> 8);
    }
}

/* last - first + 1, at most ADDRESS_COUNT_MAX; 0: last comes before first. */
static uint64_t address_span(const unsigned char *first,
                             const unsigned char *last, size_t bytes)
{
    uint64_t n = 0;

    if (memcmp(first, last, bytes) > 0) {
        return 0;
    }
    /* Subtraction from the top keeps a difference that never turns negative
     * for good: a borrow is paid back by the byte below. */
    for (size_t i = 0; i < bytes; i++) {
        if (n >= ADDRESS_COUNT_MAX >> 8) {
            return ADDRESS_COUNT_MAX;
        }
        n = n * 256 + last[i] - first[i];
    }
    return n + 1;
}

static bool address_range(struct address_range *r, const char *last, char *why,
                          size_t size)
{
    struct address_range end = {.v6 = false};

    if (!address_parse(last, &end) || end.v6 != r->v6) {
        (void)snprintf(why, size, "'%.60s' is no IP%s address", last,
                       r->v6 ? "v6" : "v4");
        return false;
    }
    r->n = address_span(r->first, end.first, address_bytes(r));
    if (r->n == 0) {
        (void)snprintf(why, size, "the range to '%.60s' ends before it begins",
                       last);
        return false;
    }
    return true;
}

static bool address_block(struct address_range *r, const char *bits, char *why,
                          size_t size)
{
    uint64_t all = address_bytes(r) * 8, ones = 0;

    if (!num_u64(bits, 1, all, &ones)) {
        (void)snprintf(why, size, "'/%.60s' is no length of a prefix (1-%u)",
                       bits, (unsigned)all);
        return false;
    }
    for (size_t i = (size_t)ones; i < all; i++) {
        r->first[i / 8] &= (unsigned char)~(0x80u >> (i % 8));
    }
    r->n = all - ones >= 63 ? ADDRESS_COUNT_MAX : UINT64_C(1) << (all - ones);
    if (!r->v6 && r->n > 2) {
        address_step(r->first, 4, 1);
        r->n -= 2;
    }
    return true;
}

static bool address_item(char *item, struct address_range *r, char *why,
                         size_t size)
{
    char *mark = item + strcspn(item, "-/");
    char sign = *mark;

    *mark = '\0';
    r->n = 1;
    if (!address_parse(item, r)) {
        (void)snprintf(why, size,
                       "'%.60s' is no IP address (as 127.0.0.1, "
                       "127.0.0.1-127.0.0.20 or 127.0.1.0/24)",
                       item);
        return false;
    }
    if (sign == '-') {
        return address_range(r, mark + 1, why, size);
    }
    return sign != '/' || address_block(r, mark + 1, why, size);
}

bool addresses_add(struct addresses *a, const char *text, char *why,
                   size_t size)
{
    char *copy = xstrdup(text), *at = copy;
    size_t before = a->n;
    bool ok = true;

    while (ok && at != NULL) {
        char *comma = strchr(at, ',');
        struct address_range r = {.v6 = false};

        if (comma != NULL) {
            *comma = '\0';
        }
        if (a->n == ADDRESS_RANGES_MAX) {
            (void)snprintf(why, size, "more than %d addresses and ranges",
                           ADDRESS_RANGES_MAX);
            ok = false;
        } else if (address_item(at, &r, why, size)) {
            a->list = xreallocarray(a->list, a->n + 1, sizeof *a->list);
            a->list[a->n++] = r;
        } else {
            ok = false;
        }
        at = comma != NULL ? comma + 1 : NULL;
    }
    if (!ok) {
        a->n = before;
    }
    free(copy);
    return ok;
}

void addresses_clear(struct addresses *a)
{
    free(a->list);
    *a = (struct addresses){.list = NULL};
}

uint64_t addresses_count(const struct addresses *a)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < a->n; i++) {
        sum = a->list[i].n < ADDRESS_COUNT_MAX - sum ? sum + a->list[i].n
                                                     : ADDRESS_COUNT_MAX;
    }
    return sum;
}

const char *addresses_at(const struct addresses *a, uint64_t i,
                         char buf[ADDRESS_MAX])
{
    uint64_t count = addresses_count(a);
    const struct address_range *r = a->list;
    unsigned char bytes[16];

    MUST(count > 0);
    i %= count;
    while (i >= r->n) {
        i -= r->n;
        r++;
    }
    memcpy(bytes, r->first, sizeof bytes);
    address_step(bytes, address_bytes(r), i);
    MUST(inet_ntop(r->v6 ? AF_INET6 : AF_INET, bytes, buf, ADDRESS_MAX) !=
         NULL);
    return buf;
}
