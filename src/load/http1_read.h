/* SPDX-License-Identifier: MIT
 *
 * http1_read - an HTTP/1.1 response, read as it comes in pieces of any size
 * (RFC 9112): interim responses, the head, the body out of its framing. Pure:
 * no I/O, no clock; what it says does not depend on where the pieces end.
 * Where the RFC leaves a choice it chooses as libcurl does; how a body is
 * framed it takes more strictly: lengths that differ, framing fields that are
 * folded, and transfer codings besides "chunked" are refused. */
#ifndef LOAD_HTTP1_READ_H
#define LOAD_HTTP1_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Of a line that tells a chunk's size, extensions included. */
#define HTTP1_CHUNK_LINE_MAX 4096u

enum http1_event {
    HTTP1_MORE,  /* the input is used up, and the response goes on */
    HTTP1_BODY,  /* a piece of the body, at least one byte */
    HTTP1_END,   /* the response is whole; input that is left over does not
                    belong to it */
    HTTP1_WRONG, /* not HTTP, or not to be trusted: see wrong */
    HTTP1_LARGE  /* the head, interim ones and trailers included, is larger
                    than the bound of the buffer for it */
};

/* A part of the input; borrowed from it. */
struct http1_piece {
    const char *data;
    size_t n; /* bytes */
};

struct http1_known;

/* Owned by the caller; read only, but for http1_read_*. */
struct http1_read {
    struct http1_known *known; /* borrowed; NULL = none */
    struct buf *head;    /* borrowed: status line and header lines of the final
                            response go there, the empty line included */
    uint64_t head_bytes; /* read of heads and trailers */
    const char *wrong;   /* static: what was */
    unsigned status;     /* 0 = no status line yet */
    uint8_t minor;       /* of the version: 0 or 1 */
    bool head_done;      /* the final response's head is whole */
    bool keep;           /* after the end: the connection may be used again */

    /* The reader's own. */
    uint8_t state;
    bool bodiless;   /* the response to a HEAD */
    uint8_t started; /* bytes of the first line that were as they must be */
    bool close, keep_alive, chunked, to_close, has_length;
    bool framing;        /* the newest field was about framing */
    bool colon;          /* the trailer line has one */
    unsigned line;       /* of this head, from 0; of the trailers */
    unsigned size_bytes; /* of this chunk's size line */
    unsigned digits;     /* of the chunk's size */
    size_t pending;      /* bytes at head's end: a line that goes on */
    uint64_t length;     /* Content-Length */
    uint64_t left;       /* of the body, or the chunk */
};

/* Heads that came whole and in one piece, and what they said: the same bytes
 * say the same again, so that they are compared and not read. Servers send the
 * same head for as long as their Date is the same, so that of thousands a
 * second nearly all are known. What a reader says does not depend on it. One
 * for as many readers as one likes, on one thread; zeroed at first; holds no
 * memory besides its own. */
#define HTTP1_KNOWN_MAX  1024u /* bytes of a head */
#define HTTP1_KNOWN_MANY 4u    /* the oldest goes */
struct http1_known {
    struct http1_known_head {
        size_t n; /* 0 = none here */
        bool bodiless;
        enum http1_event event; /* what came of it */
        struct http1_read said;
        char text[HTTP1_KNOWN_MAX];
    } heads[HTTP1_KNOWN_MANY];
    unsigned next; /* whose place is taken next */
    unsigned last; /* that was met last */
};

/* For the response to one request; head is emptied. is_head: the request was a
 * HEAD, whose response has no body. known: borrowed for as long as r is read;
 * NULL = every head is read. */
void http1_read_begin(struct http1_read *r, struct buf *head, bool is_head,
                      struct http1_known *known);
/* Reads from *at, which moves on, to end; to be called until it says something
 * else than HTTP1_BODY. Not after HTTP1_END, WRONG or LARGE. */
enum http1_event http1_read_next(struct http1_read *r, const char **at,
                                 const char *end, struct http1_piece *piece);
/* The connection was closed here: was that the end of the response (else it is
 * cut off)? */
bool http1_read_closed(const struct http1_read *r);

#endif
