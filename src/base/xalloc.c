/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/xalloc.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "base/must.h"

static void *xalloc_checked(void *p, size_t n, size_t bytes)
{
    if (p == NULL) {
        fatal("out of memory (%zu x %zu bytes)", n, bytes);
    }
    return p;
}

void *xmalloc(size_t bytes)
{
    return xalloc_checked(malloc(bytes > 0 ? bytes : 1), 1, bytes);
}

void *xcalloc(size_t n, size_t bytes)
{
    if (n == 0 || bytes == 0) {
        return xalloc_checked(calloc(1, 1), n, bytes);
    }
    return xalloc_checked(calloc(n, bytes), n, bytes);
}

void *xreallocarray(void *p, size_t n, size_t bytes)
{
    if (bytes > 0 && n > SIZE_MAX / bytes) {
        fatal("out of memory (%zu x %zu bytes)", n, bytes);
    }
    return xalloc_checked(realloc(p, n * bytes > 0 ? n * bytes : 1), n, bytes);
}

char *xstrdup(const char *s)
{
    return xstrndup(s, strlen(s));
}

char *xstrndup(const char *s, size_t n)
{
    size_t len = strnlen(s, n);
    char *copy = xmalloc(len + 1);

    memcpy(copy, s, len);
    copy[len] = '\0';
    return copy;
}

char *xasprintf(const char *fmt, ...)
{
    va_list ap;
    char *s;
    int len;

    va_start(ap, fmt);
    len = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    MUST(len >= 0);
    s = xmalloc((size_t)len + 1);
    va_start(ap, fmt);
    vsnprintf(s, (size_t)len + 1, fmt, ap);
    va_end(ap);
    return s;
}

void *xgrow(void *p, size_t n, size_t *cap, size_t bytes)
{
    if (n < *cap) {
        return p;
    }
    if (*cap > SIZE_MAX / 2) {
        fatal("out of memory (%zu x %zu bytes)", *cap, bytes);
    }
    *cap = *cap > 0 ? *cap * 2 : 8;
    return xreallocarray(p, *cap, bytes);
}
