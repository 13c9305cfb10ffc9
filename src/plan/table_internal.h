/* SPDX-License-Identifier: MIT
 *
 * table_internal - a table while it is put together. For the table files of
 * this room only. */
#ifndef PLAN_TABLE_INTERNAL_H
#define PLAN_TABLE_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/table.h"

struct table {
    char *text;   /* owned: the cells, a NUL behind each */
    uint32_t *at; /* owned: where a cell begins, row by row */
    char **names; /* owned, each too */
    size_t n_names, n_rows;
};

/* What both readers tell their mistakes by. */
struct table_told {
    const struct table_ear *ear; /* borrowed */
    size_t n;
};

void table_fail(struct table_told *told, int line, int column, const char *fmt,
                ...) ATTR_PRINTF(4, 5);
/* So many were told that the rest is left. */
bool table_enough(const struct table_told *told);
/* Takes a name for the next column. false: a mistake, told. */
bool table_add_name(struct table *t, struct table_told *told, const char *name,
                    int line, int column);
/* "name, password, …", cut where it gets long; returns buf. */
const char *table_list(const struct table *t, char *buf, size_t size);

#endif
