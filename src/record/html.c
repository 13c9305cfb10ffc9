/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/html.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

static void html_bytes(struct buf *out, const char *s, size_t n)
{
    bool cut = n > HTML_TEXT_MAX;
    struct buf safe;
    uint32_t cp;
    size_t i;

    for (i = 0; cut && i < HTML_TEXT_MAX;) {
        i += text_next(s + i, n - i, &cp);
    }
    n = cut ? i : n;
    /* A byte becomes four at most, a hidden character of two bytes eight. */
    buf_init(&safe, 8 * n + 16);
    text_escape(&safe, s, n);
    for (i = 0; i < safe.len; i++) {
        switch (safe.data[i]) {
        case '&':
            buf_adds(out, "&amp;");
            break;
        case '<':
            buf_adds(out, "&lt;");
            break;
        case '>':
            buf_adds(out, "&gt;");
            break;
        case '"':
            buf_adds(out, "&quot;");
            break;
        case '\'':
            buf_adds(out, "&#39;");
            break;
        default:
            buf_addc(out, safe.data[i]);
        }
    }
    if (cut) {
        buf_adds(out, "…");
    }
    buf_clear(&safe);
}

void html_text(struct buf *out, const char *s)
{
    html_bytes(out, s, strlen(s));
}

void html_lines(struct buf *out, const char *s)
{
    while (*s != '\0') {
        size_t n = strcspn(s, "\n");

        html_bytes(out, s, n);
        s += n;
        if (*s == '\n') {
            buf_addc(out, '\n');
            s++;
        }
    }
}

void html_table(struct buf *out, const char *caption,
                const struct html_column *columns, size_t n)
{
    size_t i;

    buf_adds(out, "<div class=\"wide\"><table>\n");
    if (caption[0] != '\0') {
        buf_addf(out, "<caption>%s</caption>\n", caption);
    }
    buf_adds(out, "<thead><tr>");
    for (i = 0; i < n; i++) {
        buf_addf(out, "<th scope=\"col\"%s>%s</th>",
                 columns[i].number ? " class=\"n\"" : "", columns[i].title);
    }
    buf_adds(out, "</tr></thead>\n<tbody>\n");
}

void html_table_end(struct buf *out)
{
    buf_adds(out, "</tbody></table></div>\n");
}

void html_name(struct buf *out, const char *s)
{
    buf_adds(out, "<th scope=\"row\">");
    html_text(out, s);
    buf_adds(out, "</th>");
}

/* A word that is wider than a column should be. */
#define HTML_LONG 40

static bool html_is_long(const char *s)
{
    size_t n = strcspn(s, " ");

    while (n <= HTML_LONG && s[n] != '\0') {
        s += n + 1;
        n = strcspn(s, " ");
    }
    return n > HTML_LONG;
}

void html_cell(struct buf *out, const char *s)
{
    buf_adds(out, html_is_long(s) ? "<td class=\"long\">" : "<td>");
    html_text(out, s);
    buf_adds(out, "</td>");
}

void html_number(struct buf *out, const char *s)
{
    buf_adds(out, "<td class=\"n\">");
    html_text(out, s);
    buf_adds(out, "</td>");
}

void html_mark(struct buf *out, const bool *good)
{
    if (good == NULL) {
        buf_adds(out, "<td></td>");
        return;
    }
    buf_addf(out,
             "<td class=\"%s\"><span aria-hidden=\"true\">%s</span>"
             "<span class=\"said\">%s</span></td>",
             *good ? "good" : "bad", *good ? "✓" : "✗",
             *good ? "holds" : "fails");
}
