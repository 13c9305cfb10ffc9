/* SPDX-License-Identifier: MIT
 *
 * html - text of others in HTML: shown, and never read as HTML; and tables. */
#ifndef RECORD_HTML_H
#define RECORD_HTML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Bytes of a text, or a line, that are shown; what is cut ends with an
 * ellipsis.
 */
#define HTML_TEXT_MAX 1000

/* Appends s, escaped as text_escape does, with what HTML takes for its own (& <
 * > " ') as entities: fit for content and for an attribute in quotes. */
void html_text(struct buf *out, const char *s);
/* The same of several lines, which stay lines: for <pre>. */
void html_lines(struct buf *out, const char *s);

struct html_column {
    const char *title; /* as it is */
    bool number;       /* on the right */
};

/* A table with its caption (as it is) and head; in a box of its own, which
 * scrolls where it is too wide. */
void html_table(struct buf *out, const char *caption,
                const struct html_column *columns, size_t n);
void html_table_end(struct buf *out);
/* Cells: a row's name, text, a number; escaped. */
void html_name(struct buf *out, const char *s);
void html_cell(struct buf *out, const char *s);
void html_number(struct buf *out, const char *s);
/* "✓" or "✗", with words for who cannot see it. NULL: neither. */
void html_mark(struct buf *out, const bool *good);

#endif
