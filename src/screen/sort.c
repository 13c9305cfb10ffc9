/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/sort.h"

#include <stdio.h>

#include "base/must.h"

static const struct {
    const char *name;
    bool rises;
} sort_rows[SORT_COUNT] = {
#define SORT(id, name, rises) [SORT_BY_##id] = {name, rises},
#include "screen/sorts.def"
#undef SORT
};

/* As its column is headed: "p95", "err%". */
static const char *sort_name(enum sort s)
{
    MUST(s < SORT_COUNT);
    return sort_rows[s].name;
}

bool sort_rises(enum sort s, bool turned)
{
    MUST(s < SORT_COUNT);
    return sort_rows[s].rises != turned;
}

const char *sort_text(enum sort s, bool turned, char *buf, unsigned size)
{
    snprintf(buf, size, "%s %s", sort_name(s),
             sort_rises(s, turned) ? "▴" : "▾");
    return buf;
}
