/* SPDX-License-Identifier: MIT
 *
 * text - decoding and properties of characters are utf8proc's; what is made of
 * them is decided here. */
#include "config.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <utf8proc.h>

#define TEXT_BAD 0xfffd

/* Like text_next, and says whether the byte was wrong: U+FFFD itself may
 * stand in the text. */
static size_t text_decode(const char *s, size_t n, uint32_t *cp, bool *bad)
{
    utf8proc_int32_t c = 0;
    utf8proc_ssize_t used;

    *bad = false;
    if (n == 0) {
        return 0;
    }
    /* At most four bytes are looked at. */
    used = utf8proc_iterate((const utf8proc_uint8_t *)s,
                            n < 4 ? (utf8proc_ssize_t)n : 4, &c);
    if (used <= 0) {
        *bad = true;
        *cp = TEXT_BAD;
        return 1;
    }
    *cp = (uint32_t)c;
    return (size_t)used;
}

size_t text_whole(const char *s, size_t n)
{
    size_t i = n, bytes;

    /* Back to the byte that begins the last character. */
    while (i > 0 && n - i < 3 && ((unsigned char)s[i - 1] & 0xc0) == 0x80) {
        i--;
    }
    if (i == 0) {
        return n;
    }
    i--;
    bytes = (unsigned char)s[i] >= 0xf0   ? 4
            : (unsigned char)s[i] >= 0xe0 ? 3
            : (unsigned char)s[i] >= 0xc0 ? 2
                                          : 1;
    return i + bytes > n ? i : n;
}

void text_vprint(char *buf, size_t size, const char *fmt, va_list args)
{
    int n = vsnprintf(buf, size, fmt, args);

    if (size > 0 && n >= 0 && (size_t)n >= size) {
        buf[text_whole(buf, size - 1)] = '\0';
    }
}

void text_add(char *buf, size_t size, const char *fmt, ...)
{
    size_t n = strlen(buf);
    va_list ap;

    va_start(ap, fmt);
    text_vprint(buf + n, size - n, fmt, ap);
    va_end(ap);
}

size_t text_next(const char *s, size_t n, uint32_t *cp)
{
    bool bad;

    return text_decode(s, n, cp, &bad);
}

size_t text_put(char out[4], uint32_t cp)
{
    utf8proc_uint8_t bytes[4] = {0};
    bool valid = cp <= 0x10ffff && !(cp >= 0xd800 && cp <= 0xdfff);
    utf8proc_ssize_t n =
        utf8proc_encode_char(valid ? (utf8proc_int32_t)cp : TEXT_BAD, bytes);

    memcpy(out, bytes, (size_t)n);
    return (size_t)n;
}

static bool text_is_nonchar(uint32_t cp)
{
    return (cp >= 0xfdd0 && cp <= 0xfdef) || (cp & 0xfffe) == 0xfffe;
}

/* Invisible letters such as U+3164 are neither Cc nor Cf, but hide as well;
 * variation selectors (Mn) belong to the emoji before them and stay. */
bool text_hidden(uint32_t cp)
{
    const utf8proc_property_t *p = utf8proc_get_property((utf8proc_int32_t)cp);

    switch (p->category) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return true;
    case UTF8PROC_CATEGORY_MN:
        return false;
    default:
        return p->ignorable || text_is_nonchar(cp);
    }
}

/* The n bytes of s that are one character, or its escape; returns how many
 * bytes stand in out. */
static size_t text_escape_one(char out[16], const char *s, size_t n,
                              uint32_t cp, bool bad)
{
    int len;

    if (bad || cp < 0x20 || cp == 0x7f) {
        if (cp == '\n' || cp == '\r' || cp == '\t') {
            len = snprintf(out, 16, "\\%c",
                           cp == '\n' ? 'n' : (cp == '\r' ? 'r' : 't'));
        } else {
            len = snprintf(out, 16, "\\x%02x", (unsigned)(unsigned char)*s);
        }
    } else if (cp >= 0x80 && text_hidden(cp)) {
        len = snprintf(out, 16, "\\u{%04X}", (unsigned)cp);
    } else {
        memcpy(out, s, n);
        len = (int)n;
    }
    return (size_t)len;
}

void text_escape(struct buf *out, const void *s, size_t n)
{
    const char *p = s;
    char one[16];
    size_t used;
    size_t len;
    uint32_t cp = 0;
    bool bad;

    for (; n > 0; p += used, n -= used) {
        used = text_decode(p, n, &cp, &bad);
        len = text_escape_one(one, p, used, cp, bad);
        if (len > out->max - out->len) {
            out->cut = true;
            return;
        }
        buf_add(out, one, len);
    }
}

/* Returns whether all of s is there. */
static bool text_safe_all(char *buf, size_t size, const char *s)
{
    size_t n = strlen(s);
    char one[16];
    size_t at = 0;
    size_t used;
    size_t len;
    uint32_t cp = 0;
    bool bad;

    if (size == 0) {
        return n == 0;
    }
    for (; n > 0; s += used, n -= used) {
        used = text_decode(s, n, &cp, &bad);
        len = text_escape_one(one, s, used, cp, bad);
        if (len > size - 1 - at) {
            break;
        }
        memcpy(buf + at, one, len);
        at += len;
    }
    buf[at] = '\0';
    return n == 0;
}

const char *text_safe(char *buf, size_t size, const char *s)
{
    (void)text_safe_all(buf, size, s);
    return buf;
}

const char *text_brief(char *buf, size_t size, const char *s)
{
    static const char more[] = "...";

    if (!text_safe_all(buf, size, s) && size >= sizeof more) {
        (void)text_safe_all(buf, size + 1 - sizeof more, s);
        memcpy(buf + strlen(buf), more, sizeof more);
    }
    return buf;
}

/* Most of what is drawn, told without a table: letters of ASCII, boxes, blocks
 * and braille. */
static bool text_cp_plain(uint32_t cp)
{
    return (cp >= 0x20 && cp <= 0x7e) || (cp >= 0x2500 && cp <= 0x259f) ||
           (cp >= 0x2800 && cp <= 0x28ff);
}

int text_cp_width(uint32_t cp)
{
    if (text_cp_plain(cp)) {
        return 1;
    }
    /* Vowels and finals of a Hangul syllable join the consonant before. */
    if (cp > 0x10ffff || (cp >= 0x1160 && cp <= 0x11ff) ||
        (cp >= 0xd7b0 && cp <= 0xd7ff)) {
        return 0;
    }
    /* Signs that stand beside their letter, as in Devanagari, take a column in
     * every terminal (and in wcwidth, by which curses counts). */
    if (utf8proc_category((utf8proc_int32_t)cp) == UTF8PROC_CATEGORY_MC) {
        return 1;
    }
    return utf8proc_charwidth((utf8proc_int32_t)cp);
}

int text_width(const char *s)
{
    size_t n = strlen(s);
    uint32_t cp = 0;
    size_t used;
    int cols = 0;

    for (; n > 0; s += used, n -= used) {
        used = text_next(s, n, &cp);
        cols += text_cp_width(cp);
    }
    return cols;
}

size_t text_fit(const char *s, int cols)
{
    size_t n = strlen(s);
    uint32_t cp = 0;
    size_t used;
    size_t fit = 0;

    for (; n > 0; fit += used, n -= used) {
        used = text_next(s + fit, n, &cp);
        cols -= text_cp_width(cp);
        if (cols < 0) {
            break;
        }
    }
    return fit;
}

void text_base64(struct buf *out, const void *data, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *s = data;

    for (size_t i = 0; i < n; i += 3) {
        unsigned b = (unsigned)s[i] << 16;

        b |= i + 1 < n ? (unsigned)s[i + 1] << 8 : 0;
        b |= i + 2 < n ? (unsigned)s[i + 2] : 0;
        (void)buf_addc(out, digits[b >> 18 & 63]);
        (void)buf_addc(out, digits[b >> 12 & 63]);
        (void)buf_addc(out, i + 1 < n ? digits[b >> 6 & 63] : '=');
        (void)buf_addc(out, i + 2 < n ? digits[b & 63] : '=');
    }
}
