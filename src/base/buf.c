/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"

#define BUF_FIRST 64

void buf_init(struct buf *b, size_t max)
{
    /* One byte is kept for the NUL. */
    *b = (struct buf){.max = max < SIZE_MAX ? max : SIZE_MAX - 1};
}

void buf_clear(struct buf *b)
{
    free(b->data);
    buf_init(b, b->max);
}

void buf_reset(struct buf *b)
{
    b->len = 0;
    b->cut = false;
    if (b->data != NULL) {
        b->data[0] = '\0';
    }
}

/* Makes room for n more bytes and the NUL, or for as many as the maximum
 * allows; returns how many. */
static size_t buf_room(struct buf *b, size_t n)
{
    size_t left = b->max - b->len;
    size_t need;
    size_t cap = b->cap > 0 ? b->cap : BUF_FIRST;

    if (n > left) {
        n = left;
        b->cut = true;
    }
    need = b->len + n + 1;
    if (need > b->cap) {
        while (cap < need) {
            cap = cap <= SIZE_MAX / 2 ? cap * 2 : need;
        }
        if (cap > b->max + 1) {
            cap = b->max + 1;
        }
        b->data = xreallocarray(b->data, cap, 1);
        b->cap = cap;
    }
    return n;
}

bool buf_add(struct buf *b, const void *data, size_t n)
{
    size_t fits = buf_room(b, n);

    if (fits > 0) {
        memcpy(b->data + b->len, data, fits);
        b->len += fits;
    }
    b->data[b->len] = '\0';
    return fits == n;
}

bool buf_adds(struct buf *b, const char *s)
{
    return buf_add(b, s, strlen(s));
}

bool buf_addc(struct buf *b, char c)
{
    return buf_add(b, &c, 1);
}

bool buf_addf(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    int len;
    size_t fits;

    va_start(ap, fmt);
    len = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    MUST(len >= 0);
    fits = buf_room(b, (size_t)len);
    va_start(ap, fmt);
    vsnprintf(b->data + b->len, fits + 1, fmt, ap);
    va_end(ap);
    b->len += fits;
    return fits == (size_t)len;
}

void buf_cut(struct buf *b, size_t len)
{
    MUST(len <= b->len);
    if (b->data != NULL) {
        b->len = len;
        b->data[len] = '\0';
    }
}

const char *buf_str(const struct buf *b)
{
    return b->data != NULL ? b->data : "";
}

char *buf_take(struct buf *b)
{
    char *s = b->data != NULL ? b->data : xstrdup("");

    buf_init(b, b->max);
    return s;
}
