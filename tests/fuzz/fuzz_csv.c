/* SPDX-License-Identifier: MIT
 *
 * A text makes a table or mistakes, never both and never neither. What a table
 * says, written out again with every cell in quotes, makes the same table. */
#include "config.h"

#include "fuzz.h"

#include <string.h>

#include "base/buf.h"
#include "base/must.h"
#include "plan/table.h"

#define FUZZ_MAX (1u << 20)

struct heard {
    unsigned n;
    int line;
};

static void hear(void *ctx, const struct err *e)
{
    struct heard *h = ctx;

    MUST(e->text[0] != '\0' && e->line >= 0 && e->column >= 0);
    MUST(e->line >= h->line);
    h->line = e->line;
    h->n++;
}

static struct table *read_bytes(const void *data, size_t n, char delimiter)
{
    struct heard h = {0, 0};
    struct table_ear ear = {hear, &h};
    struct table *t;
    struct buf text;

    buf_init(&text, 8 * FUZZ_MAX);
    (void)buf_add(&text, data, n);
    t = table_csv(&text, delimiter, &ear);
    MUST((t == NULL) == (h.n > 0));
    MUST(h.n <= TABLE_MISTAKES_MAX);
    MUST(text.len == 0);
    buf_clear(&text);
    return t;
}

static void write_field(struct buf *out, const char *s, bool last)
{
    (void)buf_addc(out, '"');
    for (; *s != '\0'; s++) {
        if (*s == '"') {
            (void)buf_addc(out, '"');
        }
        (void)buf_addc(out, *s);
    }
    (void)buf_adds(out, last ? "\"\r\n" : "\",");
}

static void same_again(const struct table *t)
{
    size_t columns = table_columns(t), rows = table_rows(t);
    struct table *u;
    struct buf out;

    buf_init(&out, 8 * FUZZ_MAX);
    for (size_t i = 0; i < columns; i++) {
        MUST(*table_name(t, i) != '\0');
        MUST(table_find(t, table_name(t, i)) == (int)i);
        write_field(&out, table_name(t, i), i + 1 == columns);
    }
    for (size_t k = 0; k < rows; k++) {
        for (size_t i = 0; i < columns; i++) {
            write_field(&out, table_cell(t, k, i), i + 1 == columns);
        }
    }
    u = read_bytes(buf_str(&out), out.len, ',');
    MUST(u != NULL && table_rows(u) == rows && table_columns(u) == columns);
    for (size_t k = 0; k < rows; k++) {
        for (size_t i = 0; i < columns; i++) {
            MUST(strcmp(table_cell(t, k, i), table_cell(u, k, i)) == 0);
        }
    }
    table_free(&u);
    buf_clear(&out);
}

int fuzz_one(const uint8_t *data, size_t n)
{
    static const char delimiters[] = {'\0', ',', ';', '\t'};

    if (n > FUZZ_MAX) {
        return 0;
    }
    for (size_t i = 0; i < sizeof delimiters; i++) {
        struct table *t = read_bytes(data, n, delimiters[i]);

        if (t != NULL) {
            same_again(t);
        }
        table_free(&t);
    }
    return 0;
}
