/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* What an error quotes may come from outside, and the error ends up on a
 * terminal: it is made fit to be shown here, once and for all. */
static void err_text(struct err *e, enum err_code code, const char *fmt,
                     va_list ap) ATTR_PRINTF(3, 0);

static void err_text(struct err *e, enum err_code code, const char *fmt,
                     va_list ap)
{
    char raw[2 * sizeof e->text];

    vsnprintf(raw, sizeof raw, fmt, ap);
    text_safe(e->text, sizeof e->text, raw);
    e->code = code;
}

static void err_where(struct err *e, const char *where)
{
    struct buf safe;
    const char *s;
    size_t skip = 0;

    buf_init(&safe, 16384);
    text_escape(&safe, where, strlen(where));
    s = buf_str(&safe);
    if (safe.len < sizeof e->where) {
        snprintf(e->where, sizeof e->where, "%s", s);
    } else {
        skip = safe.len - (sizeof e->where - sizeof "...");
        while (((unsigned char)s[skip] & 0xc0) == 0x80) {
            skip++;
        }
        snprintf(e->where, sizeof e->where, "...%s", s + skip);
    }
    buf_clear(&safe);
}

void err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
    va_list ap;

    if (e == NULL || e->code != ERR_NONE) {
        return;
    }
    va_start(ap, fmt);
    err_text(e, code, fmt, ap);
    va_end(ap);
}

void err_set_at(struct err *e, enum err_code code, const char *where, int line,
                int column, const char *fmt, ...)
{
    va_list ap;

    if (e == NULL || e->code != ERR_NONE) {
        return;
    }
    va_start(ap, fmt);
    err_text(e, code, fmt, ap);
    va_end(ap);
    err_where(e, where != NULL ? where : "");
    e->line = line;
    e->column = column;
}

const char *err_str(const struct err *e, char *buf, unsigned long size)
{
    struct buf b;

    buf_init(&b, sizeof e->where + sizeof e->text + 32);
    buf_adds(&b, e->where);
    if (e->line > 0) {
        buf_addf(&b, "%s%d", b.len > 0 ? ":" : "", e->line);
        if (e->column > 0) {
            buf_addf(&b, ":%d", e->column);
        }
    }
    buf_addf(&b, "%s%s", b.len > 0 ? ": " : "", e->text);
    snprintf(buf, size, "%s", buf_str(&b));
    buf_clear(&b);
    return buf;
}
