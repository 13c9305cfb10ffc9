/* SPDX-License-Identifier: MIT
 *
 * table_csv - RFC 4180, read in place: a cell without its quotes and with a NUL
 * behind it is never longer than what stands in the file, so the file's own
 * memory becomes the table's text. */
#include "config.h"

#include "plan/table_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"

struct csv {
    struct table *t;
    struct table_told told;
    char *s;        /* the file; n bytes and a NUL */
    size_t n, in;   /* the next byte */
    size_t out;     /* where the next byte of a cell goes; never past in */
    int line;       /* from 1 */
    size_t line_at; /* where it begins */
    char delimiter;
    bool guess;    /* nobody named it */
    size_t fields; /* of the row being read */
    size_t n_at, cap_at;
};

static int csv_column(const struct csv *c, size_t at)
{
    size_t column = at - c->line_at + 1;

    return column < 1000000 ? (int)column : 0;
}

static void csv_line(struct csv *c)
{
    c->line++;
    c->line_at = c->in;
}

static bool csv_put(struct csv *c, char byte)
{
    if (byte == '\0') {
        table_fail(&c->told, c->line, csv_column(c, c->in - 1),
                   "a NUL byte: this is no text file");
        return false;
    }
    c->s[c->out++] = byte;
    return true;
}

/* Is the row over here? A CR counts together with its LF, or as the very last
 * byte. */
static bool csv_at_end(const struct csv *c)
{
    if (c->in >= c->n || c->s[c->in] == '\n') {
        return true;
    }
    return c->s[c->in] == '\r' &&
           (c->in + 1 == c->n || c->s[c->in + 1] == '\n');
}

/* Behind its opening quote. */
static bool csv_quoted(struct csv *c)
{
    int line = c->line, column = csv_column(c, c->in - 1);

    while (c->in < c->n) {
        char byte = c->s[c->in++];

        if (byte == '"') {
            if (c->in >= c->n || c->s[c->in] != '"') {
                break;
            }
            c->in++;
        } else if (byte == '\n') {
            csv_line(c);
        }
        if (!csv_put(c, byte)) {
            return false;
        }
        if (c->in >= c->n) {
            table_fail(&c->told, line, column,
                       "a quote is opened here and never closed");
            return false;
        }
    }
    if (!csv_at_end(c) && c->s[c->in] != c->delimiter) {
        table_fail(&c->told, c->line, csv_column(c, c->in),
                   "text behind a closing quote: a quote inside a field is "
                   "written twice");
        return false;
    }
    return true;
}

static bool csv_plain(struct csv *c)
{
    while (!csv_at_end(c) && c->s[c->in] != c->delimiter) {
        char byte = c->s[c->in++];

        if (byte == '"' || byte == '\r') {
            table_fail(&c->told, c->line, csv_column(c, c->in - 1),
                       byte == '"'
                           ? "a quote inside a field: put the field in "
                             "quotes, and write the quote twice"
                           : "a carriage return without a line feed: put the "
                             "field in quotes, or end lines with a line feed");
            return false;
        }
        if (!csv_put(c, byte)) {
            return false;
        }
    }
    return true;
}

/* One field and what parts it from the next; *last: the row ends with it. */
static bool csv_field(struct csv *c, bool *last)
{
    c->t->at = xgrow(c->t->at, c->n_at, &c->cap_at, sizeof *c->t->at);
    c->t->at[c->n_at++] = (uint32_t)c->out;
    c->fields++;
    if (c->in < c->n && c->s[c->in] == '"') {
        c->in++;
        if (c->in >= c->n) {
            table_fail(&c->told, c->line, csv_column(c, c->in - 1),
                       "a quote is opened here and never closed");
            return false;
        }
        if (!csv_quoted(c)) {
            return false;
        }
    } else if (!csv_plain(c)) {
        return false;
    }
    *last = csv_at_end(c);
    if (!*last) {
        c->in++; /* the delimiter */
    } else if (c->in < c->n) {
        c->in += c->s[c->in] == '\r' && c->in + 1 < c->n ? 2 : 1;
    }
    /* What it overwrites has been read. */
    c->s[c->out++] = '\0';
    return true;
}

/* One row into at[]. false: a mistake, told; the next line comes next. */
static bool csv_row(struct csv *c)
{
    bool last = false;

    c->fields = 0;
    while (!last) {
        int line = c->line;

        if (!csv_field(c, &last)) {
            while (c->in < c->n && c->s[c->in] != '\n') {
                c->in++;
            }
            c->in += c->in < c->n;
            csv_line(c);
            return false;
        }
        if (c->fields > TABLE_COLUMNS_MAX) {
            table_fail(&c->told, line, 0, "more than %d columns",
                       TABLE_COLUMNS_MAX);
            c->in = c->n;
            return false;
        }
    }
    csv_line(c);
    return true;
}

/* Lines with nothing in them. */
static void csv_blank(struct csv *c)
{
    while (c->in < c->n && csv_at_end(c)) {
        c->in += c->s[c->in] == '\r' && c->in + 1 < c->n ? 2 : 1;
        csv_line(c);
    }
}

static void csv_header(struct csv *c)
{
    size_t n;
    int line;

    csv_blank(c);
    line = c->line;
    if (c->in >= c->n) {
        table_fail(&c->told, 0, 0,
                   "empty: expected a first row that names the columns");
        return;
    }
    if (!csv_row(c)) {
        return;
    }
    n = c->n_at;
    for (size_t i = 0; i < n && !table_enough(&c->told); i++) {
        (void)table_add_name(c->t, &c->told, c->s + c->t->at[i], line, 0);
    }
    if (n == 1 && c->told.n == 0 && c->guess && strpbrk(c->s, ";\t|") != NULL) {
        table_fail(&c->told, line, 0,
                   "one column named '%.80s': is the delimiter another one? "
                   "Say so with \"delimiter\"",
                   c->s);
    }
    c->n_at = 0;
    c->out = 0;
}

static void csv_rows(struct csv *c)
{
    struct table *t = c->t;

    for (csv_blank(c); c->in < c->n; csv_blank(c)) {
        size_t n_at = c->n_at, out = c->out;
        int line = c->line;
        bool ok = csv_row(c);

        if (ok && c->fields != t->n_names) {
            table_fail(&c->told, line, 0,
                       "a row of %zu field%s, but there are %zu column%s: %s",
                       c->fields, c->fields == 1 ? "" : "s", t->n_names,
                       t->n_names == 1 ? "" : "s",
                       c->fields < t->n_names
                           ? "write what is missing, an empty field too"
                           : "put a field with a comma in it in quotes");
            ok = false;
        }
        if (ok && t->n_rows >= TABLE_ROWS_MAX) {
            table_fail(&c->told, line, 0, "more than %d rows", TABLE_ROWS_MAX);
            return;
        }
        if (ok) {
            t->n_rows++;
        } else {
            c->n_at = n_at;
            c->out = out;
        }
        if (table_enough(&c->told)) {
            return;
        }
    }
    if (t->n_rows == 0 && c->told.n == 0) {
        table_fail(&c->told, 0, 0, "no rows: there is only the header");
    }
}

/* The first byte that is no UTF-8 is a mistake: what stands in the file is sent
 * as it is. */
static void csv_utf8(struct csv *c)
{
    size_t i = 0;
    uint32_t cp;
    int line, column;

    while (i < c->n) {
        unsigned char byte = (unsigned char)c->s[i];
        size_t used = byte < 0x80 ? 1 : text_next(c->s + i, c->n - i, &cp);

        if (byte >= 0x80 && used == 1) {
            line = 1;
            column = 1;
            for (size_t k = 0; k < i; k++) {
                column = c->s[k] == '\n' ? 1 : column + 1;
                line += c->s[k] == '\n';
            }
            table_fail(&c->told, line, column,
                       "byte 0x%02X is not UTF-8: save the file as UTF-8",
                       byte);
            return;
        }
        i += used;
    }
}

struct table *table_csv(struct buf *text, char delimiter,
                        const struct table_ear *ear)
{
    struct table *t = xcalloc(1, sizeof *t);
    struct csv c = {.t = t,
                    .told = {.ear = ear},
                    .n = text->len,
                    .line = 1,
                    .delimiter = delimiter != '\0' ? delimiter : ',',
                    .guess = delimiter == '\0'};

    c.s = buf_take(text);
    if (c.n >= 3 && memcmp(c.s, "\xef\xbb\xbf", 3) == 0) {
        c.in = c.line_at = 3;
    }
    csv_utf8(&c);
    if (c.told.n == 0) {
        csv_header(&c);
    }
    if (c.told.n == 0) {
        csv_rows(&c);
    }
    t->text = c.s;
    if (c.told.n > 0) {
        table_free(&t);
        return NULL;
    }
    t->text = xreallocarray(t->text, c.out, 1);
    t->at = xreallocarray(t->at, c.n_at, sizeof *t->at);
    return t;
}
