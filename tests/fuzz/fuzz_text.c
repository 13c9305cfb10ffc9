/* SPDX-License-Identifier: MIT
 *
 * Whatever comes in, what comes out is UTF-8 without a control or format
 * character, cut at whole characters, and not escaped twice. */
#include "config.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/must.h"
#include "base/text.h"
#include "base/xalloc.h"

static void clean(const char *s, size_t n)
{
    uint32_t cp = 0;
    size_t used;

    for (; n > 0; s += used, n -= used) {
        used = text_next(s, n, &cp);
        MUST(used > 1 || (*s >= 0x20 && *s < 0x7f));
        MUST(cp < 0x7f || cp >= 0xa0);
        MUST(!(cp >= 0x200b && cp <= 0x200f));
        MUST(!(cp >= 0x2028 && cp <= 0x202e));
        MUST(!(cp >= 0x2066 && cp <= 0x2069));
        MUST(cp != 0xfeff && (cp & 0xfffe) != 0xfffe);
    }
}

int fuzz_one(const uint8_t *data, size_t n)
{
    struct err e = ERR_INIT;
    char *s = xstrndup((const char *)data, n);
    char small[24];
    struct buf once;
    struct buf twice;
    int cols;
    size_t fit;

    buf_init(&once, 8 * n + 1);
    buf_init(&twice, 8 * n + 1);
    text_escape(&once, data, n);
    MUST(!once.cut);
    clean(buf_str(&once), once.len);
    text_escape(&twice, buf_str(&once), once.len);
    MUST(strcmp(buf_str(&once), buf_str(&twice)) == 0);
    text_safe(small, sizeof small, s);
    MUST(strncmp(buf_str(&once), small, strlen(small)) == 0);
    clean(small, strlen(small));
    cols = text_width(buf_str(&once));
    MUST(cols >= 0);
    MUST(text_fit(buf_str(&once), cols) == once.len);
    fit = text_fit(buf_str(&once), cols / 2);
    clean(buf_str(&once), fit);
    err_set_at(&e, ERR_SYNTAX, s, 1, 1, "%s", s);
    clean(e.text, strlen(e.text));
    clean(e.where, strlen(e.where));
    buf_clear(&once);
    buf_clear(&twice);
    free(s);
    return 0;
}
