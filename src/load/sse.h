/* SPDX-License-Identifier: MIT
 *
 * sse - parser of an event stream as it arrives in pieces: the rules of
 * https://html.spec.whatwg.org/multipage/server-sent-events.html. Memory is
 * bounded: what is longer than the limits is cut, and says so. Pure. */
#ifndef LOAD_SSE_H
#define LOAD_SSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define SSE_NAME_MAX 256u /* bytes kept of an event's name, and of an id */

/* An event; borrowed for the call. Bytes as the service sent them. */
struct sse_event {
    const char *name; /* "message" where the stream gives none */
    const char *data; /* lines joined by LF, NUL-terminated */
    size_t data_len;
    const char *id; /* last one the stream gave, "" at first */
    bool cut;       /* name or data was longer than is kept */
};
typedef void sse_fn(void *ctx, const struct sse_event *event);

enum sse_field {
    SSE_FIELD_NAME,  /* reading a field's name */
    SSE_FIELD_SPACE, /* behind its colon: one space is dropped */
    SSE_FIELD_VALUE,
};

/* Where the parser stands. Embedded by its owner; members are the parser's. */
struct sse {
    enum sse_field at;
    char field[8]; /* name of the field so far; longer ones mean nothing */
    size_t field_len;
    bool line_begun; /* some byte of this line has come */
    bool after_cr;   /* an LF now belongs to the CR before it */
    unsigned bom;    /* bytes of a byte order mark seen; 3 = past it */
    struct buf name, data, id, next_id;
    bool has_data;     /* a data line came since the last event */
    bool id_bad;       /* the id being read holds a NUL */
    uint64_t retry_ms; /* last one given; 0 = none */
    uint64_t retry;    /* being read */
    bool retry_bad;
};

/* Keeps at most data_max bytes of an event's data. */
void sse_init(struct sse *p, size_t data_max);
void sse_clear(struct sse *p);
/* As after sse_init, for another stream; keeps the memory. */
void sse_reset(struct sse *p);
/* Takes the next bytes and calls fn for each event that is now complete. An
 * event that the stream's end cuts off is none, so there is no end call. */
void sse_feed(struct sse *p, const char *bytes, size_t n, sse_fn *fn,
              void *ctx);

#endif
