/* SPDX-License-Identifier: MIT
 *
 * http1_write - a request's head as HTTP/1.1 has it on the wire (RFC 9112), for
 * calls whose shape needs nothing more: a URL that any reader takes apart in
 * the same way, and no header of the call's own that frames the request. Pure.
 */
#ifndef LOAD_HTTP1_WRITE_H
#define LOAD_HTTP1_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "load/transport.h"

/* Where a URL leads; borrowed from it. */
struct http1_target {
    bool tls;
    const char *host; /* not terminated, as all here; IPv6 in its brackets */
    size_t host_len;
    unsigned port;    /* the scheme's own where the URL names none */
    bool usual_port;  /* that is it */
    const char *path; /* and query; empty = "/" is to be put before it */
    size_t path_len;
};

/* Takes an http or https URL apart. false: it is none, or has in it what is
 * left to libcurl: a user, a fragment, dot segments, letters that are not
 * ASCII or would have to be escaped. */
bool http1_target_of(const char *url, struct http1_target *t) MUST_CHECK;

/* Can the call's header lines go out as they are? Not those that frame the
 * request, or ask for what the lane does not do. */
bool http1_can_write(const struct call *c);
/* Does a body, be it empty, belong to it? POST, PUT and PATCH say that theirs
 * is empty; HEAD has none. */
bool http1_has_body(const struct call *c);
/* Adds request line and header lines, the empty one included; sets *close when
 * the connection is not to be used again after it, by the call's own word. */
void http1_write_head(struct buf *out, const struct call *c,
                      const struct http1_target *t, bool *close);

#endif
