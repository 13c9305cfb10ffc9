/* SPDX-License-Identifier: MIT
 *
 * buf - bytes that grow up to a maximum named at the start. Always followed by
 * a NUL that does not count, so that text can be read as a string. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

struct buf {
    char *data; /* owned; NULL until the first byte (see buf_str) */
    size_t len; /* bytes in use */
    size_t cap; /* bytes allocated */
    size_t max; /* len never passes it */
    bool cut;   /* something did not fit and was left out */
};

/* An empty buffer of at most max bytes; allocates nothing. */
void buf_init(struct buf *b, size_t max);
/* Frees the bytes; b may be used again (same maximum). */
void buf_clear(struct buf *b);
/* Empties it and keeps the memory. */
void buf_reset(struct buf *b);
/* Adds what fits; false, and cut set, when some did not. */
bool buf_add(struct buf *b, const void *data, size_t n);
bool buf_adds(struct buf *b, const char *s);
bool buf_addc(struct buf *b, char c);
bool buf_addf(struct buf *b, const char *fmt, ...) ATTR_PRINTF(2, 3);
/* Takes back what was added beyond the first len bytes; len <= b->len. */
void buf_cut(struct buf *b, size_t len);
/* The bytes as a string, "" when empty; borrowed until the next change. */
const char *buf_str(const struct buf *b);
/* Takes the string out (owned by the caller, never NULL) and empties b. */
char *buf_take(struct buf *b);

#endif
