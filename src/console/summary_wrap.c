/* SPDX-License-Identifier: MIT
 *
 * Lines of the summary that are wider than the terminal, broken at blanks: what
 * goes on stands below where the line's text begins. */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "console/summary_internal.h"

/* Bytes of a colour's escape sequence at s, which takes no column; 0 = none. */
static size_t wrap_escape(const char *s, size_t n)
{
    size_t i = 2;

    if (n < 2 || s[0] != '\x1b' || s[1] != '[') {
        return 0;
    }
    while (i < n && s[i - 1] != 'm') {
        i++;
    }
    return i;
}

/* A figure and its unit stay together. */
static bool wrap_may_break(const char *s, size_t i, size_t n)
{
    bool digit = i > 0 && s[i - 1] >= '0' && s[i - 1] <= '9';

    return s[i] == ' ' && i + 1 < n && s[i + 1] != ' ' &&
           !(digit && (s[i + 1] == 'm' || s[i + 1] == 's' || s[i + 1] == '%' ||
                       (s[i + 1] & 0x80) != 0));
}

/* How many of the n bytes fit; all of them where there is no place to break
 * behind the first `least`. */
static size_t wrap_fit(const char *s, size_t n, size_t least, int columns)
{
    size_t best = n;
    bool found = false;
    int width = 0;

    for (size_t i = 0; i < n;) {
        size_t skip = wrap_escape(s + i, n - i);
        uint32_t cp;

        if (skip > 0) {
            i += skip;
            continue;
        }
        if (i > least && wrap_may_break(s, i, n)) {
            best = i;
            found = true;
        }
        skip = text_next(s + i, n - i, &cp);
        width += text_cp_width(cp);
        if (width > columns && cp != ' ' && found) {
            return best;
        }
        i += skip > 0 ? skip : 1;
    }
    return n;
}

/* Where a line goes on: below its value, or a little behind its beginning. */
static size_t wrap_indent(const char *s, size_t n)
{
    size_t blanks = 0;

    if (n > SUMMARY_LABEL + 2 && memcmp(s + SUMMARY_LABEL, ": ", 2) == 0) {
        return SUMMARY_LABEL + 2;
    }
    while (blanks < n && s[blanks] == ' ') {
        blanks++;
    }
    return blanks + 2;
}

static void wrap_line(struct buf *out, const char *s, size_t n, int columns)
{
    size_t indent = wrap_indent(s, n);
    size_t least = indent;
    int room = columns;

    if (indent + 20 > (size_t)columns) {
        (void)buf_add(out, s, n);
        return;
    }
    for (;;) {
        size_t take = wrap_fit(s, n, least, room);
        size_t end = take;

        while (end > 0 && s[end - 1] == ' ') {
            end--;
        }
        (void)buf_add(out, s, end);
        while (take < n && s[take] == ' ') {
            take++;
        }
        s += take;
        n -= take;
        if (n == 0) {
            return;
        }
        (void)buf_addf(out, "\n%*s", (int)indent, "");
        least = 0;
        room = columns - (int)indent;
    }
}

void summary_wrap(struct buf *out, const char *text, int columns)
{
    while (*text != '\0') {
        size_t n = strcspn(text, "\n");

        wrap_line(out, text, n, columns);
        text += n;
        if (*text == '\n') {
            (void)buf_addc(out, '\n');
            text++;
        }
    }
}
