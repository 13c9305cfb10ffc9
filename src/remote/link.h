/* SPDX-License-Identifier: MIT
 *
 * link - the other end of a control socket: lines of JSON to a run and from it,
 * by a program that has nothing else to do but wait. What a run sends is
 * checked as if it came from anywhere. */
#ifndef REMOTE_LINK_H
#define REMOTE_LINK_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

#define LINK_LINE_MAX   (4u << 20)
#define LINK_WAIT_MS    30000 /* for an answer */
#define LINK_FOREVER_MS (-1)

struct link {
    int fd;
    struct buf in; /* what has come and is not taken yet */
};

/* Connects to the run that listens at path. l needs link_close also on
 * failure. */
bool link_open(struct link *l, const char *path, struct err *e) MUST_CHECK;
void link_close(struct link *l);
bool link_send(struct link *l, const cJSON *o, struct err *e) MUST_CHECK;
/* Reads once more into l->in; false: nothing more comes (e says why, or, where
 * the run has closed, that it has). wait_ms as for poll. */
bool link_fill(struct link *l, int wait_ms, struct err *e) MUST_CHECK;
/* The next line, an object: owned by the caller; NULL on failure. */
cJSON *link_line(struct link *l, int wait_ms, struct err *e) MUST_CHECK;
/* Sends o, waits for the answer. */
cJSON *link_ask(struct link *l, const cJSON *o, struct err *e) MUST_CHECK;

#endif
