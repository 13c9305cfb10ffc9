/* SPDX-License-Identifier: MIT
 *
 * code - numbers and texts as bytes, the same on every machine: whole numbers
 * as base/varint.h has them, fractions as the
 * eight bytes of an IEEE 754 double, the lowest first, texts as their length
 * and their bytes. What is read may come from anywhere: the first thing that is
 * wrong spoils all that follows, which then reads as 0, and is asked for once
 * at the end. */
#ifndef RECORD_CODE_H
#define RECORD_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Writing: a buffer that is full is cut, which its owner asks for at the
 * end. */
void code_put(struct buf *b, uint64_t n);
/* A number that may be negative, small either way. */
void code_put_signed(struct buf *b, int64_t n);
/* What is not finite is written as 0. */
void code_put_double(struct buf *b, double v);
void code_put_text(struct buf *b, const char *s);

/* Reading. */
struct code_in {
    const unsigned char *data; /* borrowed */
    size_t n, at;
    bool bad;         /* something was wrong */
    char problem[96]; /* what was first, and where */
};

void code_in_init(struct code_in *in, const void *data, size_t n);
/* Marks it as bad; the first one stays. */
void code_bad(struct code_in *in, const char *what);
/* A number of at most max. what names it in the problem. */
uint64_t code_get(struct code_in *in, uint64_t max, const char *what);
int64_t code_get_signed(struct code_in *in, const char *what);
/* A finite fraction. */
double code_get_double(struct code_in *in, const char *what);
bool code_get_bool(struct code_in *in, const char *what);
/* How many elements follow, each of at least `least` bytes: never more than
 * there can be, so that it may be allocated. */
size_t code_get_count(struct code_in *in, size_t max, size_t least,
                      const char *what);
/* A text into size bytes, made safe to show (base/text.h); line feeds stay
 * where lines is set. */
void code_get_text(struct code_in *in, char *out, size_t size, bool lines,
                   const char *what);
/* The same of at most max bytes, as it is but for NULs, which are refused.
 * Owned by the caller; never NULL. */
char *code_get_string(struct code_in *in, size_t max, const char *what);
/* Nothing may follow. */
bool code_end(struct code_in *in);

#endif
