/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/seeds.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/num.h"

unsigned seeds_of(const char *variable, unsigned usual)
{
    const char *text = getenv(variable);
    uint64_t n = usual;

    if (text != NULL && !num_u64(text, usual, 1000000, &n)) {
        fail_msg("%s: '%s' is no number from %u to 1000000", variable, text,
                 usual);
    }
    return (unsigned)n;
}
