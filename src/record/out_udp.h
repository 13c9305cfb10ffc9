/* SPDX-License-Identifier: MIT
 *
 * out_udp - datagrams of an output to one receiver. UDP is told of little that
 * goes wrong: what this machine refuses, and that nobody listens, where the
 * other one says so. They go out in small lots with a pause between, so that a
 * receiver's queue, some ninety datagrams on Linux, does not run over. Inside
 * this room only; one thread, but for stop. */
#ifndef RECORD_OUT_UDP_H
#define RECORD_OUT_UDP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"

struct out_udp; /* opaque */

/* place: "host:port", "host", "[address of IPv6]:port"; port: where place has
 * none. Names are resolved by the first datagram (a resolver that hangs holds
 * up no end), and IPv4 is taken first: that
 * is what receivers listen to if they are told nothing else. NULL: e says what
 * is wrong with place. */
struct out_udp *out_udp_new(const char *place, const char *port, struct err *e);
void out_udp_free(struct out_udp **u);
/* "host:port", safe to show. */
const char *out_udp_where(const struct out_udp *u);
/* false: it did not go, or there is nobody; why says so, in words for people.
 * Of a receiver on another machine the next datagram may be the first to know
 * that there is nobody. */
bool out_udp_send(struct out_udp *u, const void *data, size_t n, char *why,
                  size_t size) MUST_CHECK;
/* Nothing goes from now on. Any thread. */
void out_udp_stop(struct out_udp *u);

#endif
