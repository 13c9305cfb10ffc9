/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/json_scan.h"

#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/num.h"
#include "base/text.h"

/* cJSON reads no more of a number than this. */
#define JSON_NUMBER_MAX 62
#define JSON_WORD_MAX   20

static bool json_scan_fail(struct json_scan *s, const char *fmt, ...)
    ATTR_PRINTF(2, 3);

static bool json_scan_fail(struct json_scan *s, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(s->problem, sizeof s->problem, fmt, ap);
    va_end(ap);
    return false;
}

static char json_scan_byte(const struct json_scan *s)
{
    return s->at < s->n ? s->text[s->at] : '\0';
}

static bool json_scan_expected(struct json_scan *s, const char *what)
{
    char one[5] = "";
    char shown[16];
    uint32_t cp;
    size_t used;

    if (s->at >= s->n) {
        return json_scan_fail(s, "expected %s, but the text ends", what);
    }
    used = text_next(s->text + s->at, s->n - s->at, &cp);
    memcpy(one, s->text + s->at, used);
    text_safe(shown, sizeof shown, one);
    return json_scan_fail(s, "expected %s, not '%s'", what,
                          cp == 0 ? "\\x00" : shown);
}

void json_scan_init(struct json_scan *s, const char *text, size_t n)
{
    *s = (struct json_scan){.text = text, .n = n};
    if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        s->at = 3;
    }
}

char json_scan_peek(struct json_scan *s)
{
    char c = json_scan_byte(s);

    while (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        s->at++;
        c = json_scan_byte(s);
    }
    return c;
}

/* Four hexadecimal digits; false: not that. */
static bool json_scan_hex4(struct json_scan *s, unsigned *out)
{
    unsigned v = 0;

    for (int i = 0; i < 4; i++, s->at++) {
        char c = json_scan_byte(s);

        if (c >= '0' && c <= '9') {
            v = v * 16 + (unsigned)(c - '0');
        } else if ((c | 32) >= 'a' && (c | 32) <= 'f') {
            v = v * 16 + (unsigned)((c | 32) - 'a') + 10;
        } else {
            return json_scan_expected(s, "four hexadecimal digits after \\u");
        }
    }
    *out = v;
    return true;
}

/* Standing behind "\u". */
static bool json_scan_unicode(struct json_scan *s)
{
    unsigned high;
    unsigned low = 0;

    if (!json_scan_hex4(s, &high)) {
        return false;
    }
    if (high == 0) {
        return json_scan_fail(s, "\\u0000 is not supported in a string");
    }
    if (high < 0xd800 || high > 0xdfff) {
        return true;
    }
    if (high < 0xdc00 && json_scan_byte(s) == '\\' && s->at + 1 < s->n &&
        s->text[s->at + 1] == 'u') {
        s->at += 2;
        if (!json_scan_hex4(s, &low)) {
            return false;
        }
    }
    if (low < 0xdc00 || low > 0xdfff) {
        return json_scan_fail(s, "\\u%04x is half a character", high);
    }
    return true;
}

static bool json_scan_escape(struct json_scan *s)
{
    char c;

    s->at++;
    c = json_scan_byte(s);
    if (c == 'u') {
        s->at++;
        return json_scan_unicode(s);
    }
    if (c == '\0' || strchr("\"\\/bfnrt", c) == NULL) {
        return json_scan_expected(s, "one of \"\\/bfnrtu after a backslash");
    }
    s->at++;
    return true;
}

static bool json_scan_string(struct json_scan *s)
{
    size_t begin = s->at++;
    uint32_t cp;

    for (;;) {
        unsigned char c = (unsigned char)json_scan_byte(s);
        size_t used = 1;

        if (s->at >= s->n) {
            s->at = begin;
            return json_scan_fail(s, "a string that does not end");
        }
        if (c == '"') {
            s->at++;
            return true;
        }
        if (c == '\\') {
            if (!json_scan_escape(s)) {
                return false;
            }
            continue;
        }
        if (c == '\n' || c == '\r') {
            return json_scan_fail(s, "a string must end on its line "
                                     "(a line break is written \\n)");
        }
        if (c < 0x20) {
            return json_scan_fail(s,
                                  "a control character in a string "
                                  "(write it as \\u%04x)",
                                  c);
        }
        if (c >= 0x80) {
            used = text_next(s->text + s->at, s->n - s->at, &cp);
            if (used == 1) {
                return json_scan_fail(s, "byte 0x%02x is not UTF-8", c);
            }
        }
        s->at += used;
    }
}

static size_t json_scan_digits(struct json_scan *s)
{
    size_t begin = s->at;

    while (json_scan_byte(s) >= '0' && json_scan_byte(s) <= '9') {
        s->at++;
    }
    return s->at - begin;
}

static bool json_scan_number(struct json_scan *s)
{
    size_t begin = s->at;
    char copy[JSON_NUMBER_MAX + 1] = "";
    double v;

    if (json_scan_byte(s) == '-') {
        s->at++;
    }
    if (json_scan_byte(s) == '0') {
        s->at++;
        if (json_scan_digits(s) > 0) {
            s->at = begin;
            return json_scan_fail(s, "a number must not begin with 0");
        }
    } else if (json_scan_digits(s) == 0) {
        return json_scan_expected(s, "a digit");
    }
    if (json_scan_byte(s) == '.') {
        s->at++;
        if (json_scan_digits(s) == 0) {
            return json_scan_expected(s, "a digit");
        }
    }
    if (json_scan_byte(s) == 'e' || json_scan_byte(s) == 'E') {
        s->at++;
        if (json_scan_byte(s) == '+' || json_scan_byte(s) == '-') {
            s->at++;
        }
        if (json_scan_digits(s) == 0) {
            return json_scan_expected(s, "a digit");
        }
    }
    if (s->at - begin <= JSON_NUMBER_MAX) {
        memcpy(copy, s->text + begin, s->at - begin);
        if (num_double(copy, &v)) {
            return true;
        }
    }
    s->at = begin;
    return json_scan_fail(s, copy[0] == '\0' ? "a number with too many digits"
                                             : "a number that is too large");
}

/* true, false, null, and what was perhaps meant to be one. */
static bool json_scan_word(struct json_scan *s)
{
    static const char *const words[] = {"true", "false", "null"};
    char word[JSON_WORD_MAX + 1] = "";
    const char *meant;
    size_t len = 0;
    size_t left = s->n - s->at;

    while (len < JSON_WORD_MAX && len < left) {
        char c = s->text[s->at + len];

        if (!((c | 32) >= 'a' && (c | 32) <= 'z')) {
            break;
        }
        word[len++] = c;
    }
    meant = text_nearest(word, words, 3);
    if (meant != NULL && strcmp(meant, word) == 0) {
        s->at += len;
        return true;
    }
    if (meant != NULL) {
        return json_scan_fail(s,
                              "expected a value, not '%s' "
                              "(did you mean %s?)",
                              word, meant);
    }
    return json_scan_expected(s, "a value");
}

static bool json_scan_scalar(struct json_scan *s)
{
    char c = json_scan_peek(s);

    if (c == '"') {
        return json_scan_string(s);
    }
    if (c == '-' || (c >= '0' && c <= '9')) {
        return json_scan_number(s);
    }
    if (c == '/') {
        return json_scan_fail(s, "expected a value (JSON has no comments)");
    }
    if (c == '\'') {
        return json_scan_fail(s, "expected a value (strings stand in \")");
    }
    return json_scan_word(s);
}

bool json_scan_name(struct json_scan *s)
{
    if (json_scan_peek(s) != '"') {
        return json_scan_expected(s, "a name in quotes");
    }
    if (++s->names == s->want) {
        s->want_at = s->at;
    }
    if (!json_scan_string(s)) {
        return false;
    }
    if (json_scan_peek(s) != ':') {
        return json_scan_expected(s, "':' after the name");
    }
    s->at++;
    return true;
}

/* Behind a value inside `depth` containers: passes what closes them, up to
 * where the next value stands or all are closed. */
static bool json_scan_after(struct json_scan *s, const char *closer,
                            size_t *depth)
{
    while (*depth > 0) {
        char end = closer[*depth - 1];
        char c = json_scan_peek(s);

        if (c == end) {
            s->at++;
            (*depth)--;
            continue;
        }
        if (c != ',') {
            return json_scan_expected(s,
                                      end == '}' ? "',' or '}'" : "',' or ']'");
        }
        s->at++;
        if (json_scan_peek(s) == end) {
            return json_scan_fail(s, "no comma may stand before '%c'", end);
        }
        return end == ']' || json_scan_name(s);
    }
    return true;
}

bool json_scan_value(struct json_scan *s)
{
    char closer[JSON_DEPTH_MAX];
    size_t depth = 0;

    do {
        char c = json_scan_peek(s);

        if (c == '{' || c == '[') {
            if (depth == JSON_DEPTH_MAX) {
                return json_scan_fail(s, "nested deeper than %d",
                                      JSON_DEPTH_MAX);
            }
            closer[depth++] = c == '{' ? '}' : ']';
            s->at++;
            if (json_scan_peek(s) != closer[depth - 1]) {
                if (c == '{' && !json_scan_name(s)) {
                    return false;
                }
                continue;
            }
        } else if (!json_scan_scalar(s)) {
            return false;
        }
        if (!json_scan_after(s, closer, &depth)) {
            return false;
        }
    } while (depth > 0);
    return true;
}

bool json_scan_end(struct json_scan *s)
{
    json_scan_peek(s);
    return s->at >= s->n || json_scan_expected(s, "the end of the text");
}

void json_scan_place(const char *text, size_t at, int *line, int *column)
{
    size_t lines = 1;
    size_t begin = 0;

    for (size_t i = 0; i < at; i++) {
        if (text[i] == '\n') {
            lines++;
            begin = i + 1;
        }
    }
    *line = lines < INT_MAX ? (int)lines : INT_MAX;
    *column = at - begin < INT_MAX ? (int)(at - begin) + 1 : INT_MAX;
}
