/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/rng.h"

#include <math.h>
#include <stddef.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clk.h"
#include "base/must.h"
#include "base/wall.h"

#define RNG_UNIT 4503599627370496.0     /* 2^52: a half is told apart, too */
#define RNG_TURN 6.28318530717958647693 /* 2 pi */

static uint64_t rng_splitmix(uint64_t *x)
{
    uint64_t z;

    *x += 0x9e3779b97f4a7c15U;
    z = *x;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

void rng_seed(struct rng *r, uint64_t seed, uint64_t stream)
{
    /* Both go through the mixer before they meet: neighbouring seeds and
     * neighbouring streams must not give shifted copies of one sequence. */
    uint64_t x = rng_splitmix(&seed);
    uint64_t y = stream ^ 0xd1b54a32d192ed03U;

    x ^= rng_splitmix(&y) * 0x2545f4914f6cdd1dU;
    for (size_t i = 0; i < 4; i++) {
        r->s[i] = rng_splitmix(&x);
    }
}

static uint64_t rng_rotl(uint64_t x, unsigned k)
{
    return (x << k) | (x >> (64 - k));
}

uint64_t rng_next(struct rng *r)
{
    uint64_t *s = r->s;
    uint64_t result = rng_rotl(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rng_rotl(s[3], 45);
    return result;
}

uint64_t rng_range(struct rng *r, uint64_t lo, uint64_t hi)
{
    uint64_t span = hi - lo + 1; /* 0: all 2^64 values */
    uint64_t skip;
    uint64_t x;

    MUST(lo <= hi);
    if (span == 0) {
        return rng_next(r);
    }
    /* The lowest 2^64 mod span values are drawn again, so that every result
     * is equally likely. */
    skip = (0 - span) % span;
    do {
        x = rng_next(r);
    } while (x < skip);
    return lo + x % span;
}

double rng_unit(struct rng *r)
{
    return ((double)(rng_next(r) >> 12) + 0.5) / RNG_UNIT;
}

double rng_normal(struct rng *r)
{
    double length = sqrt(-2 * log(rng_unit(r)));

    return length * cos(RNG_TURN * rng_unit(r));
}

void rng_uuid(struct rng *r, char out[37])
{
    static const char hex[] = "0123456789abcdef";
    uint64_t bits = 0;
    size_t left = 0;

    for (size_t i = 0; i < 36; i++) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            out[i] = '-';
            continue;
        }
        if (left == 0) {
            bits = rng_next(r);
            left = 16;
        }
        out[i] = hex[bits & 15];
        bits >>= 4;
        left--;
    }
    out[14] = '4';
    /* The variant 10xx: one of 8, 9, a, b. */
    out[19] = hex[8 + rng_next(r) % 4];
    out[36] = '\0';
}

uint64_t rng_entropy(void)
{
    uint64_t x;
    uint64_t y;

    if (getentropy(&x, sizeof x) == 0) {
        return x;
    }
    x = (uint64_t)wall_now().us;
    y = clk_now(clk_system()) ^ ((uint64_t)getpid() << 32);
    return rng_splitmix(&x) ^ rng_splitmix(&y);
}
