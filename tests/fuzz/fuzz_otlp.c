/* SPDX-License-Identifier: MIT
 *
 * Whatever a receiver of OTLP answers: no more points were rejected than a
 * number has room for, and why is a line that may be shown. */
#include "config.h"

#include "fuzz.h"

#include <string.h>

#include "base/must.h"
#include "base/text.h"
#include "record/otlp.h"

int fuzz_one(const uint8_t *data, size_t n)
{
    char why[120], again[sizeof why];
    uint64_t rejected = otlp_rejected(data, n, why, sizeof why);

    MUST(rejected <= INT64_MAX);
    MUST(memchr(why, '\0', sizeof why) != NULL);
    /* Safe to show: nothing of it would have to be escaped. */
    MUST(strcmp(text_safe(again, sizeof again, why), why) == 0);
    return 0;
}
