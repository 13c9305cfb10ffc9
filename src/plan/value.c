/* SPDX-License-Identifier: MIT
 *
 * value - the life of compiled values, and how what is put into them is
 * written. */
#include "config.h"

#include "plan/value.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"

static void value_escape_json(struct buf *out, unsigned char c)
{
    switch (c) {
    case '"':
        (void)buf_adds(out, "\\\"");
        break;
    case '\\':
        (void)buf_adds(out, "\\\\");
        break;
    case '\n':
        (void)buf_adds(out, "\\n");
        break;
    case '\r':
        (void)buf_adds(out, "\\r");
        break;
    case '\t':
        (void)buf_adds(out, "\\t");
        break;
    default:
        if (c < 0x20) {
            (void)buf_addf(out, "\\u%04x", c);
        } else {
            (void)buf_addc(out, (char)c);
        }
        break;
    }
}

static bool value_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
           c == '~';
}

static void value_escape_url(struct buf *out, unsigned char c)
{
    if (value_unreserved(c)) {
        (void)buf_addc(out, (char)c);
    } else {
        (void)buf_addf(out, "%%%02X", c);
    }
}

void value_escape(struct buf *out, enum value_escape how, const char *s,
                  size_t n)
{
    if (how == ESCAPE_NONE) {
        (void)buf_add(out, s, n);
        return;
    }
    for (size_t i = 0; i < n;) {
        unsigned char c = (unsigned char)s[i];
        uint32_t cp;
        size_t used = 1;

        if (how == ESCAPE_JSON && c >= 0x80) {
            used = text_next(s + i, n - i, &cp);
            /* Bytes that are no UTF-8 would make the whole body invalid. */
            if (used == 1) {
                (void)buf_adds(out, "\\ufffd");
            } else {
                (void)buf_add(out, s + i, used);
            }
        } else if (how == ESCAPE_JSON) {
            value_escape_json(out, c);
        } else if (how == ESCAPE_URL) {
            value_escape_url(out, c);
        } else if (c != '\r' && c != '\n' && c != '\0') {
            (void)buf_addc(out, (char)c);
        }
        i += used;
    }
}

static size_t value_digits(const char *s, size_t n, size_t i)
{
    while (i < n && s[i] >= '0' && s[i] <= '9') {
        i++;
    }
    return i;
}

bool value_is_number(const char *s, size_t n)
{
    size_t i = n > 0 && s[0] == '-' ? 1 : 0;
    size_t from = i;

    i = value_digits(s, n, i);
    if (i == from || (s[from] == '0' && i > from + 1)) {
        return false;
    }
    if (i < n && s[i] == '.') {
        from = ++i;
        i = value_digits(s, n, i);
        if (i == from) {
            return false;
        }
    }
    if (i < n && (s[i] == 'e' || s[i] == 'E')) {
        i++;
        if (i < n && (s[i] == '+' || s[i] == '-')) {
            i++;
        }
        from = i;
        i = value_digits(s, n, i);
        if (i == from) {
            return false;
        }
    }
    return i == n;
}

void value_copy(struct value *to, const struct value *from)
{
    memset(to, 0, sizeof *to);
    to->n = from->n;
    to->fixed = from->fixed;
    if (from->n == 0) {
        return;
    }
    to->parts = xcalloc(from->n, sizeof *to->parts);
    for (size_t i = 0; i < from->n; i++) {
        to->parts[i] = from->parts[i];
        if (from->parts[i].text != NULL) {
            to->parts[i].text =
                xstrndup(from->parts[i].text, from->parts[i].len);
        }
    }
}

void value_join(struct value *v, struct value *more)
{
    bool fixed = v->fixed && more->fixed;

    if (more->n > 0) {
        v->parts = xreallocarray(v->parts, v->n + more->n, sizeof *v->parts);
        memcpy(v->parts + v->n, more->parts, more->n * sizeof *v->parts);
        v->n += more->n;
    }
    free(more->parts);
    memset(more, 0, sizeof *more);
    v->fixed = fixed;
}

void value_clear(struct value *v)
{
    for (size_t i = 0; i < v->n; i++) {
        free(v->parts[i].text);
    }
    free(v->parts);
    memset(v, 0, sizeof *v);
}
