/* SPDX-License-Identifier: MIT
 *
 * xalloc - allocation that cannot fail: running out of memory, or a size that
 * overflows, is fatal(). What comes back is owned by the caller and freed by
 * free(). What is sized by input goes through base/buf.h instead. */
#ifndef BASE_XALLOC_H
#define BASE_XALLOC_H

#include <stddef.h>

#include "base/attr.h"

void *xmalloc(size_t bytes);
/* Zeroed. */
void *xcalloc(size_t n, size_t bytes);
/* n elements of the given size; p may be NULL. */
void *xreallocarray(void *p, size_t n, size_t bytes);
char *xstrdup(const char *s);
/* At most n bytes of s, always terminated. */
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *fmt, ...) ATTR_PRINTF(1, 2);

/* Makes room for one more: when *cap == n, doubles *cap (8 at first) and moves
 * p. Use: v = xgrow(v, n, &cap, sizeof *v); v[n++] = x; */
void *xgrow(void *p, size_t n, size_t *cap, size_t bytes);

#endif
