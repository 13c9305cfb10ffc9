/* SPDX-License-Identifier: MIT
 *
 * fetch - an HTTP GET for the program's own use, again and again on a
 * connection of its own, over libcurl. Waits for the answer, so a thread of its
 * own calls it: nothing of the load goes through here, and nothing of the load
 * waits. What comes is bounded in size and time. */
#ifndef NET_FETCH_H
#define NET_FETCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

struct fetch; /* opaque */

struct fetch_config {
    const char *url;    /* http or https; borrowed, as all texts here */
    const char *accept; /* of the header; "text/plain" */
    const char *cacert; /* PEM file of authorities; NULL = the system's */
    bool insecure;      /* certificates are not verified */
    long timeout_ms;    /* of the whole call */
};

/* libcurl is initialised (load/startup.h). Never NULL. */
struct fetch *fetch_new(const struct fetch_config *c);
void fetch_free(struct fetch **f);
/* One call. body is emptied, and takes as much as its maximum. false: there is
 * no whole answer, e says why in words for people; or the status was not 200.
 */
bool fetch_get(struct fetch *f, struct buf *body, struct err *e) MUST_CHECK;
/* Content-Type of the last answer, "" = none; borrowed until the next call. */
const char *fetch_type(const struct fetch *f);
/* From now on `over` is asked before a call and ten times a second while it
 * goes on, on the thread that calls: true ends it. NULL, as at first: nobody
 * is asked. */
void fetch_ask(struct fetch *f, bool (*over)(void *ctx), void *ctx);
/* Ends the call that goes on, and all that follow. Any thread. */
void fetch_stop(struct fetch *f);

#endif
