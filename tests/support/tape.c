/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/tape.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* The rest of a control sequence: parameters, and a letter that ends it. Bytes
 * it takes; 0: it is none that is known. */
static size_t tape_csi(const char *s, size_t n, enum tape kind)
{
    /* Modes and titles: not the letter alone says what they do. */
    static const char *const known[] = {
        "?1049h", "?1049l", "?25h",        "?25l",        "?12h",    "?12l",
        "?1h",    "?1l",    "?7h",         "?7l",         "?5h",     "?5l",
        "?2004h", "?2004l", "?1000h",      "?1000l",      "?1002h",  "?1002l",
        "?1006h", "?1006l", "?1006;1000h", "?1006;1000l", "4h",      "4l",
        "34h",    "?0c",    "?1c",         "34l",         "22;0;0t", "23;0;0t"};
    size_t end = strspn(s, "0123456789;:?"), i;
    char text[32];

    if (end >= n || end + 1 >= sizeof text) {
        return 0;
    }
    snprintf(text, sizeof text, "%.*s", (int)end + 1, s);
    for (i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (kind == TAPE_SCREEN && strcmp(known[i], text) == 0) {
            return end + 1;
        }
    }
    if (s[0] == '?' || s[end] == '\0' ||
        strchr(kind == TAPE_SCREEN ? "ABCDGHJKLMPSTX@bdmr" : "m", s[end]) ==
            NULL) {
        return 0;
    }
    return end + 1;
}

/* An escape sequence; bytes it takes, 0: it is none that is known. */
static size_t tape_escape(const char *s, size_t n, enum tape kind)
{
    size_t took;

    if (kind <= TAPE_TEXT || n < 3) {
        return 0;
    }
    if (s[1] == '[') {
        took = tape_csi(s + 2, n - 2, kind);
        return took > 0 ? took + 2 : 0;
    }
    if (kind != TAPE_SCREEN) {
        return 0;
    }
    if ((s[1] == '(' || s[1] == ')') && strchr("B0", s[2]) != NULL) {
        return 3; /* character sets */
    }
    return strchr("78=>M", s[1]) != NULL ? 2 : 0;
}

static bool tape_unseen(uint32_t cp)
{
    return cp == 0xad || cp == 0x61c || (cp >= 0x200b && cp <= 0x200f) ||
           (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2060 && cp <= 0x206f) ||
           cp == 0xfeff || (cp >= 0xe0000 && cp <= 0xe0fff);
}

const char *tape_fault(const char *bytes, size_t n, enum tape kind)
{
    const char *s = bytes, *end = bytes + n;

    while (s < end) {
        uint32_t cp = 0;
        size_t took = *s == '\033' ? tape_escape(s, (size_t)(end - s), kind)
                                   : text_next(s, (size_t)(end - s), &cp);

        if (took == 0 || (took == 1 && cp == 0xfffd)) {
            return s; /* no sequence; no UTF-8 */
        }
        if (*s != '\033' && cp < 0x20 &&
            (cp == 0 || strchr("\n\r\t", (int)cp) == NULL) &&
            !(kind == TAPE_SCREEN &&
              (cp == '\b' || cp == 0x0e || cp == 0x0f))) {
            return s;
        }
        if (kind != TAPE_DATA &&
            ((cp >= 0x7f && cp < 0xa0) || tape_unseen(cp))) {
            return s;
        }
        s += took;
    }
    return NULL;
}
