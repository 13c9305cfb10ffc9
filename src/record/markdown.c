/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/markdown.h"

#include <string.h>

#include "base/text.h"

/* What may stand as it is: all else of ASCII is written by its number. */
static bool markdown_plain(unsigned char c)
{
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z') || strchr(" ,-./%()", c) != NULL;
}

void markdown_text(struct buf *out, const char *s)
{
    struct buf safe;
    size_t i;

    /* A byte becomes four at most, a hidden character of two bytes eight. */
    buf_init(&safe, 8 * strlen(s) + 16);
    text_escape(&safe, s, strlen(s));
    for (i = 0; i < safe.len; i++) {
        unsigned char c = (unsigned char)safe.data[i];

        if (markdown_plain(c)) {
            buf_addc(out, (char)c);
        } else {
            buf_addf(out, "&#%u;", c);
        }
    }
    buf_clear(&safe);
}

void markdown_code(struct buf *out, const char *s)
{
    buf_adds(out, "<code>");
    markdown_text(out, s);
    buf_adds(out, "</code>");
}
