/* SPDX-License-Identifier: MIT
 *
 * compile_data - ${data.NAME} and ${data.NAME.COLUMN}: the places they stand
 * for are looked up once, here. */
#include "config.h"

#include "plan/compile.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "plan/table.h"

/* The data set whose name s begins with, up to its end or a dot; -1: none. */
static int compile_data_find(const struct plan *p, const char *s)
{
    size_t n = strcspn(s, ".");

    for (size_t i = 0; i < p->n_data; i++) {
        if (strlen(p->data[i].name) == n &&
            memcmp(p->data[i].name, s, n) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static void compile_data_unknown(struct reader *r, const char *name)
{
    const struct plan *p = r->plan;
    const char **words = xcalloc(p->n_data + 1, sizeof *words);
    char *set = xstrndup(name, strcspn(name, "."));
    char hint[256];

    for (size_t i = 0; i < p->n_data; i++) {
        words[i] = p->data[i].name;
    }
    reader_fail(r, "${data.%s}: no such data%s", name,
                reader_hint(hint, sizeof hint, set, words, p->n_data));
    free(set);
    free(words);
}

static bool compile_data_list(struct reader *r, const struct plan_data *d,
                              const char *name, bool number)
{
    if (name[strlen(d->name)] == '.') {
        reader_fail(r, "${data.%s}: '%s' is a list, which has no columns", name,
                    d->name);
        return false;
    }
    for (size_t k = 0; number && k < d->n; k++) {
        if (!value_is_number(d->values[k], strlen(d->values[k]))) {
            reader_fail(r, "${data.%s:number}: '%.120s' in data is no number",
                        name, d->values[k]);
            return false;
        }
    }
    return true;
}

static void compile_data_no_column(struct reader *r, const struct plan_data *d,
                                   const char *name, const char *column)
{
    size_t n = table_columns(d->table);
    const char **words = xcalloc(n, sizeof *words);
    char hint[256];

    for (size_t i = 0; i < n; i++) {
        words[i] = table_name(d->table, i);
    }
    if (*words[0] == '\0') {
        reader_fail(r, "${data.%s}: '%.120s' has no columns: write ${data.%s}",
                    name, d->file, d->name);
    } else if (column == NULL) {
        reader_fail(r,
                    "${data.%s}: which column of '%.120s'? Write "
                    "${data.%s.%.60s}%s",
                    name, d->file, d->name, words[0],
                    reader_hint(hint, sizeof hint, "", words, n));
    } else {
        reader_fail(r, "${data.%s}: '%.120s' has no column '%s'%s", name,
                    d->file, column,
                    reader_hint(hint, sizeof hint, column, words, n));
    }
    free(words);
}

static bool compile_data_numbers(struct reader *r, const struct plan_data *d,
                                 const char *name, size_t column)
{
    for (size_t i = 0; i < table_rows(d->table); i++) {
        const char *cell = table_cell(d->table, i, column);

        if (!value_is_number(cell, strlen(cell))) {
            reader_fail(r,
                        "${data.%s:number}: '%.120s' in row %zu of '%.120s' "
                        "is no number",
                        name, cell, i + 1, d->file);
            return false;
        }
    }
    return true;
}

static bool compile_data_file(struct reader *r, const struct plan_data *d,
                              const char *name, struct value_part *p)
{
    const char *dot = strchr(name, '.');
    const char *column = dot == NULL ? NULL : dot + 1;
    int found;

    if (d->table == NULL) {
        return true; /* its file is a mistake, which is told */
    }
    found = column == NULL && *table_name(d->table, 0) != '\0'
                ? -1
                : table_find(d->table, column == NULL ? "" : column);
    if (found < 0) {
        compile_data_no_column(r, d, name, column);
        return false;
    }
    if (p->number && !compile_data_numbers(r, d, name, (size_t)found)) {
        return false;
    }
    p->column = (uint32_t)found;
    return true;
}

bool compile_data(struct reader *r, const char *name, struct value_part *p)
{
    int i = compile_data_find(r->plan, name);
    const struct plan_data *d;

    if (i < 0) {
        compile_data_unknown(r, name);
        return false;
    }
    d = &r->plan->data[i];
    p->index = (uint32_t)i;
    p->kind = VALUE_DATA;
    if (d->values == NULL && d->file == NULL) {
        return true; /* what is wrong with it is told in its place */
    }
    if (d->values != NULL) {
        return compile_data_list(r, d, name, p->number);
    }
    p->kind = VALUE_COLUMN;
    r->uses[i] = true;
    return compile_data_file(r, d, name, p);
}
