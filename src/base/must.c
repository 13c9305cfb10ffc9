/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/must.h"

#include "base/fatal.h"

void must_fail(const char *expr, const char *file, int line)
{
    fatal("bug: %s:%d: %s", file, line, expr);
}
