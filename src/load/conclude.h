/* SPDX-License-Identifier: MIT
 *
 * conclude - what is made of a request that is over: its sample, checks, the
 * plan's own metrics, variables, and evidence when it failed. */
#ifndef LOAD_CONCLUDE_H
#define LOAD_CONCLUDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "load/crew.h"
#include "load/ruling.h"
#include "load/stream.h"
#include "load/transport.h"

/* All borrowed for the call. */
struct conclude {
    struct crew *crew;
    const struct request *request;
    const struct exchange *x;    /* NULL: nothing was sent */
    const struct stream *stream; /* NULL: none */
    const struct ruling *ruling;
    const char *method, *url; /* of the last hop; url NULL: unresolved */
    uint32_t vu;
    char **vars; /* the VU's, may change */
    char *why;   /* NULL, or size bytes that tell in one
                    escaped line what failed first */
    size_t why_size;
    uint64_t intended; /* see struct sample */
};

/* false: the request, or one of its checks, failed. */
bool conclude_request(const struct conclude *c);
/* The sample of a redirect that is followed: it went well. */
void conclude_hop(struct crew *crew, const struct request *r,
                  const struct exchange *x, uint64_t intended);

#endif
