/* SPDX-License-Identifier: MIT
 *
 * http1_internal - what the files of the reader share. Nobody else includes it.
 */
#ifndef LOAD_HTTP1_INTERNAL_H
#define LOAD_HTTP1_INTERNAL_H

#include <stdbool.h>

#include "load/http1_read.h"

enum http1_state {
    HTTP1_IN_HEAD,
    HTTP1_IN_LENGTH,       /* so many bytes */
    HTTP1_IN_REST,         /* until the connection is closed */
    HTTP1_IN_CHUNK_SIZE,   /* digits */
    HTTP1_IN_CHUNK_LINE,   /* what follows them */
    HTTP1_IN_CHUNK_LF,     /* a CR has come */
    HTTP1_IN_CHUNK,        /* its bytes */
    HTTP1_IN_CHUNK_END,    /* the line end behind them */
    HTTP1_IN_CHUNK_END_LF, /* a CR has come */
    HTTP1_IN_TRAILER,      /* at the beginning of a line */
    HTTP1_IN_TRAILER_LINE, /* within one */
    HTTP1_IN_TRAILER_LF    /* a CR has come where the last line may be */
};

static inline bool http1_blank(char c)
{
    return c == ' ' || c == '\t';
}

static inline bool http1_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* http1_read.c */

enum http1_event http1_wrong(struct http1_read *r, const char *what);
/* The bytes of body that there are, up to those that are left. */
enum http1_event http1_take(struct http1_read *r, const char **at,
                            const char *end, struct http1_piece *piece);

/* http1_known.c */

/* Is what begins here a head that was met before? Then r is as if it had been
 * read, *at is behind it, and *event is what came of it. r is as it began. */
bool http1_known_take(struct http1_read *r, const char **at, const char *end,
                      enum http1_event *event);
/* The n bytes at from were all of the head that r has read, from its begin. */
void http1_known_learn(const struct http1_read *r, const char *from, size_t n,
                       enum http1_event event);

/* http1_chunks.c */

/* Reads from behind the head on. */
enum http1_event http1_chunks(struct http1_read *r, const char **at,
                              const char *end, struct http1_piece *piece);

#endif
