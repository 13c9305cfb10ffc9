/* SPDX-License-Identifier: MIT
 *
 * sort - the columns that the table of requests can be sorted by. */
#ifndef SCREEN_SORT_H
#define SCREEN_SORT_H

#include <stdbool.h>

enum sort {
#define SORT(id, name, rises) SORT_BY_##id,
#include "screen/sorts.def"
#undef SORT
    SORT_COUNT
};

/* The smallest first, unless it is turned. */
bool sort_rises(enum sort s, bool turned);
/* "p95 ▾": the column and its direction. Returns buf. */
const char *sort_text(enum sort s, bool turned, char *buf, unsigned size);

#endif
