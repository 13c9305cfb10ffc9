/* SPDX-License-Identifier: MIT
 *
 * What is taken as a number or a duration is written and read back the
 * same. */
#include "config.h"

#include "fuzz.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/xalloc.h"

static void whole(const char *s)
{
    uint64_t u = 0;
    int64_t i = 0;
    char shown[NUM_MAX];

    if (num_u64(s, 10, 1000000, &u)) {
        MUST(u >= 10 && u <= 1000000);
    }
    if (num_u64(s, 0, UINT64_MAX, &u)) {
        MUST(strspn(s, "0123456789") == strlen(s));
        MUST(strlen(num_count(shown, u)) < NUM_MAX);
        MUST(strlen(num_bytes(shown, u)) < NUM_MAX);
        MUST(strlen(num_latency(shown, u)) < NUM_MAX);
        MUST(strlen(num_clock(shown, u)) < NUM_MAX);
    }
    if (num_i64(s, -5, 5, &i)) {
        MUST(i >= -5 && i <= 5);
    }
}

static void decimal(const char *s)
{
    double v = 0;
    const char *end = NULL;
    char shown[NUM_MAX];

    if (num_double_prefix(s, &v, &end)) {
        MUST(isfinite(v) && end > s && end <= s + strlen(s));
        MUST(num_double(s, &v) == (*end == '\0'));
        MUST(strlen(num_plain(shown, v)) < NUM_MAX);
        MUST(strlen(num_ms(shown, v)) < NUM_MAX);
        MUST(strlen(num_rate(shown, v)) < NUM_MAX);
        MUST(strlen(num_percent(shown, v)) < NUM_MAX);
    }
}

static void duration(const char *s)
{
    uint64_t us = 0;
    uint64_t back = 0;
    char shown[NUM_MAX];

    if (dur_parse(s, &us)) {
        MUST(dur_parse(num_dur(shown, us), &back));
        MUST(us == back);
    }
}

int fuzz_one(const uint8_t *data, size_t n)
{
    char *s = xstrndup((const char *)data, n);

    whole(s);
    decimal(s);
    duration(s);
    free(s);
    return 0;
}
