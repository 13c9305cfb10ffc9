/* SPDX-License-Identifier: MIT
 *
 * stroke_name - keys that nothing is bound to, by name. Formats: xterm's
 * control sequences, "PC-Style Function Keys" and "VT220-Style Function Keys";
 * F1 to F5 of the Linux console (console_codes(4)). */
#include "config.h"

#include "screen/stroke.h"

#include <stdio.h>
#include <string.h>

/* Of the number before '~'. */
static const char *const stroke_numbered[] = {
    [1] = "Home", [2] = "Insert", [3] = "Delete", [4] = "End",  [5] = "PgUp",
    [6] = "PgDn", [7] = "Home",   [8] = "End",    [11] = "F1",  [12] = "F2",
    [13] = "F3",  [14] = "F4",    [15] = "F5",    [17] = "F6",  [18] = "F7",
    [19] = "F8",  [20] = "F9",    [21] = "F10",   [23] = "F11", [24] = "F12",
};
enum { STROKE_NUMBERED = sizeof stroke_numbered / sizeof stroke_numbered[0] };

/* Of the last letter. */
static const char *stroke_lettered(char c)
{
    static const struct {
        char letter;
        const char *name;
    } rows[] = {{'A', "↑"},    {'B', "↓"},     {'C', "→"},
                {'D', "←"},    {'E', "Begin"}, {'F', "End"},
                {'H', "Home"}, {'P', "F1"},    {'Q', "F2"},
                {'R', "F3"},   {'S', "F4"},    {'Z', "Shift-Tab"}};
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].letter == c) {
            return rows[i].name;
        }
    }
    return NULL;
}

/* Up to two numbers with ';' between them; false: it is not that. */
static bool stroke_numbers(const char *s, const char *end, unsigned n[2])
{
    size_t k = 0;

    for (; s < end; s++) {
        if (*s == ';' && k == 0) {
            k = 1;
        } else if (*s >= '0' && *s <= '9' && n[k] < 1000) {
            n[k] = n[k] * 10 + (unsigned)(*s - '0');
        } else {
            return false;
        }
    }
    return true;
}

/* The key without Shift, Alt and Ctrl; NULL: it is not known. *held is set to
 * their bits. */
static const char *stroke_plain(const char *s, unsigned *held)
{
    unsigned n[2] = {0, 0};
    const char *last = s + strlen(s) - 1;

    *held = 0;
    if (s[1] == '[' && s[2] == '[') {
        static const char *const linux_keys[] = {"F1", "F2", "F3", "F4", "F5"};

        return last == s + 3 && *last >= 'A' && *last <= 'E'
                   ? linux_keys[*last - 'A']
                   : NULL;
    }
    if (!stroke_numbers(s + 2, last, n) || n[1] > 16) {
        return NULL;
    }
    *held = n[1] > 1 ? n[1] - 1 : 0;
    if (*last == '~') {
        return n[0] < STROKE_NUMBERED ? stroke_numbered[n[0]] : NULL;
    }
    return n[0] <= 1 ? stroke_lettered(*last) : NULL;
}

const char *stroke_name(const struct stroke *s, char *buf, size_t size)
{
    size_t n = strlen(s->bytes), i;
    unsigned held = 0;
    const char *name = n > 2 ? stroke_plain(s->bytes, &held) : NULL;

    if (name != NULL) {
        snprintf(buf, size, "%s%s%s%s", (held & 4) != 0 ? "Ctrl-" : "",
                 (held & 2) != 0 ? "Alt-" : "", (held & 1) != 0 ? "Shift-" : "",
                 name);
        return buf;
    }
    if (n < 2) {
        buf[0] = '\0';
        return buf;
    }
    snprintf(buf, size, "Esc %s", s->bytes + 1);
    for (i = 0; buf[i] != '\0'; i++) {
        buf[i] = buf[i] >= 0x20 && buf[i] < 0x7f ? buf[i] : '.';
    }
    return buf;
}
