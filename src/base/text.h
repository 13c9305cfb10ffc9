/* SPDX-License-Identifier: MIT
 *
 * text - bytes that came from outside, made fit to be shown; widths in
 * terminal columns; the nearest right word. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"

/* Appends n bytes of s to out so that no terminal, log or page is steered by
 * them: control bytes as \n \r \t or \x1b, bytes that are not UTF-8 as \xNN,
 * and what is invisible or turns direction (Cc, Cf, U+2028/9, surrogates,
 * noncharacters) as \u{202E}. All else as it is. */
void text_escape(struct buf *out, const void *s, size_t n);
/* The same of a string into buf (cut at a whole character); returns buf. */
const char *text_safe(char *buf, size_t size, const char *s);
/* The same, and what is cut ends with an ellipsis. s must not be in buf. */
const char *text_brief(char *buf, size_t size, const char *s);

/* Adds to what is in buf, of size bytes, as far as it fits. */
void text_add(char *buf, size_t size, const char *fmt, ...) ATTR_PRINTF(3, 4);

/* Of the first n bytes of s (n at most strlen(s)) those that are whole
 * characters: where a text ends that is cut there. */
size_t text_whole(const char *s, size_t n);
/* As vsnprintf, but cut at a whole character. */
void text_vprint(char *buf, size_t size, const char *fmt, va_list args)
    ATTR_PRINTF(3, 0);

/* Decodes one character: its code point into *cp, its bytes returned (1 and
 * U+FFFD for a byte that is not UTF-8; 0 at the end). */
size_t text_next(const char *s, size_t n, uint32_t *cp);
/* Is it what text_escape would not let through: a control, invisible, turning
 * direction? */
bool text_hidden(uint32_t cp);
/* Encodes cp into out (4 bytes at most); the bytes written. */
size_t text_put(char out[4], uint32_t cp);
/* Columns a character takes: 0, 1 or 2. Independent of the locale. */
int text_cp_width(uint32_t cp);
/* Columns that s takes. */
int text_width(const char *s);
/* Bytes of s that fit into cols columns, at whole characters. */
size_t text_fit(const char *s, int cols);

/* Of n words the one nearest to word (Damerau-Levenshtein, at most a third of
 * its length off), or NULL. For "did you mean". */
const char *text_nearest(const char *word, const char *const *words, size_t n);

/* Appends base64 of n bytes (RFC 4648, section 4). */
void text_base64(struct buf *out, const void *data, size_t n);

#endif
