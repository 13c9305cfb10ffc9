/* SPDX-License-Identifier: MIT
 *
 * builtin - the table that the build makes of data/plans. */
#ifndef PLAN_BUILTIN_H
#define PLAN_BUILTIN_H

#include <stddef.h>

struct builtin {
    const char *name; /* NULL ends the table */
    const char *text; /* with a NUL behind it */
    size_t size;      /* bytes, without that */
};

extern const struct builtin builtin_plans[];

#endif
