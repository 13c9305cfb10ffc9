/* SPDX-License-Identifier: MIT
 *
 * table - the rows of a data file: CSV as RFC 4180 has it, or a JSON array.
 * Read once, compact (one text, and an offset a cell), immutable: any thread
 * may read it. */
#ifndef PLAN_TABLE_H
#define PLAN_TABLE_H

#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

#define TABLE_TEXT_MAX    (UINT64_C(256) << 20) /* bytes of a file */
#define TABLE_ROWS_MAX    10000000
#define TABLE_COLUMNS_MAX 1000
#define TABLE_NAME_MAX    200 /* bytes of a column's name */
/* Mistakes that are told of one file. */
#define TABLE_MISTAKES_MAX 10

struct table; /* opaque */

/* Is told each mistake: with line and column (in bytes) in the file. */
struct table_ear {
    void (*say)(void *ctx, const struct err *e);
    void *ctx; /* borrowed */
};

/* CSV: the first row names the columns; fields are parted by delimiter ('\0': a
 * comma, unless the first row looks as if it were another, which is a mistake),
 * rows by CR LF or LF; a field in quotes may hold both, and quotes written
 * twice; lines with nothing in them are passed over; a byte order mark too.
 * Takes what is in text (at most TABLE_TEXT_MAX bytes), which is empty
 * afterwards. NULL: mistakes, all told, or the first of them; else owned by the
 * caller. */
struct table *table_csv(struct buf *text, char delimiter,
                        const struct table_ear *ear) MUST_CHECK;
/* JSON: an array of objects, the first of which names the columns that each
 * must have, or an array of anything else: then one column named "". A string
 * is itself, another value as JSON writes it. Otherwise as above. */
struct table *table_json(struct buf *text,
                         const struct table_ear *ear) MUST_CHECK;
void table_free(struct table **t);

size_t table_rows(const struct table *t);    /* at least 1 */
size_t table_columns(const struct table *t); /* at least 1 */
/* Borrowed, as the next. */
const char *table_name(const struct table *t, size_t column);
const char *table_cell(const struct table *t, size_t row, size_t column);
/* The column of that name, or -1. */
int table_find(const struct table *t, const char *name);

#endif
