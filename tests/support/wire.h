/* SPDX-License-Identifier: MIT
 *
 * wire - an HTTP/1.1 client in the small, blocking, over plain sockets, for
 * tests of servers: it keeps every byte and knows no library's mercy. Whatever
 * takes 20 s fails. */
#ifndef SUPPORT_WIRE_H
#define SUPPORT_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct wire {
    int fd;        /* -1: not open */
    struct buf in; /* received, not taken yet */
};

struct wire_reply {
    int status;
    struct buf head; /* status line and headers, as they came */
    struct buf body; /* without the chunks' frames */
    bool chunked;
};

/* Connects to that numeric address; false: refused, or no such family. */
bool wire_open(struct wire *w, const char *address, unsigned port);
void wire_close(struct wire *w);

/* Sends bytes as they are; false: the connection is gone. */
bool wire_put(struct wire *w, const char *data, size_t n);
/* Sends a request. headers: none or some lines, each ended by \r\n. body NULL:
 * none. */
bool wire_send(struct wire *w, const char *method, const char *path,
               const char *headers, const char *body);
/* A POST of JSON. */
bool wire_post(struct wire *w, const char *path, const char *json);

void wire_reply_init(struct wire_reply *r);
void wire_reply_clear(struct wire_reply *r);
/* Reads as far as the end of the head. false: the connection ended, broke, or
 * took too long. */
bool wire_head(struct wire *w, struct wire_reply *r);
/* Reads the rest of a body whose head is there. */
bool wire_body(struct wire *w, struct wire_reply *r);
/* Both. */
bool wire_read(struct wire *w, struct wire_reply *r);
/* Has the other side closed, in whatever way? Waits for it (up to 20 s),
 * throwing away what still comes. */
bool wire_ended(struct wire *w);

/* The value of a header, "" when it is not there; cut to size. Returns buf. */
const char *wire_header(const struct wire_reply *r, const char *name, char *buf,
                        size_t size);

#endif
