/* SPDX-License-Identifier: MIT
 *
 * table - what both kinds of file become. */
#include "config.h"

#include "plan/table_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"

void table_free(struct table **tp)
{
    struct table *t = *tp;

    if (t == NULL) {
        return;
    }
    for (size_t i = 0; i < t->n_names; i++) {
        free(t->names[i]);
    }
    free(t->names);
    free(t->text);
    free(t->at);
    free(t);
    *tp = NULL;
}

size_t table_rows(const struct table *t)
{
    return t->n_rows;
}

size_t table_columns(const struct table *t)
{
    return t->n_names;
}

const char *table_name(const struct table *t, size_t column)
{
    MUST(column < t->n_names);
    return t->names[column];
}

const char *table_cell(const struct table *t, size_t row, size_t column)
{
    MUST(row < t->n_rows && column < t->n_names);
    return t->text + t->at[row * t->n_names + column];
}

int table_find(const struct table *t, const char *name)
{
    for (size_t i = 0; i < t->n_names; i++) {
        if (strcmp(t->names[i], name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

void table_fail(struct table_told *told, int line, int column, const char *fmt,
                ...)
{
    struct err e = {.code = ERR_SYNTAX, .line = line, .column = column};
    va_list ap;

    told->n++;
    va_start(ap, fmt);
    (void)vsnprintf(e.text, sizeof e.text, fmt, ap);
    va_end(ap);
    told->ear->say(told->ear->ctx, &e);
}

bool table_enough(const struct table_told *told)
{
    return told->n >= TABLE_MISTAKES_MAX;
}

bool table_add_name(struct table *t, struct table_told *told, const char *name,
                    int line, int column)
{
    if (*name == '\0') {
        table_fail(told, line, column,
                   "column %zu has no name: the first row names the columns",
                   t->n_names + 1);
        return false;
    }
    if (strlen(name) > TABLE_NAME_MAX) {
        table_fail(told, line, column,
                   "a column's name of %zu bytes (at most %d)", strlen(name),
                   TABLE_NAME_MAX);
        return false;
    }
    if (table_find(t, name) >= 0) {
        table_fail(told, line, column, "two columns are named '%s'", name);
        return false;
    }
    if (t->n_names >= TABLE_COLUMNS_MAX) {
        table_fail(told, line, column, "more than %d columns",
                   TABLE_COLUMNS_MAX);
        return false;
    }
    t->names = xreallocarray(t->names, t->n_names + 1, sizeof *t->names);
    t->names[t->n_names++] = xstrdup(name);
    return true;
}

const char *table_list(const struct table *t, char *buf, size_t size)
{
    size_t n = 0;

    buf[0] = '\0';
    for (size_t i = 0; i < t->n_names; i++) {
        size_t len = strlen(t->names[i]);

        if (n + len + 6 >= size) {
            (void)snprintf(buf + n, size - n, ", …");
            break;
        }
        (void)snprintf(buf + n, size - n, "%s%s", i == 0 ? "" : ", ",
                       t->names[i]);
        n += len + (i == 0 ? 0 : 2);
    }
    return buf;
}
