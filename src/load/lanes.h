/* SPDX-License-Identifier: MIT
 *
 * lanes - the transport of a worker: each call goes to the lane that can carry
 * it. The direct lane takes plain HTTP/1.1: http, and https where HTTP/1.1 is
 * what was asked for. libcurl takes all the rest. */
#ifndef LOAD_LANES_H
#define LOAD_LANES_H

#include "base/clk.h"
#include "load/lane_options.h"
#include "load/transport.h"

struct ev_loop;
struct lanes; /* opaque */

/* curl_global_init has been called by the program. loop, clk and o are borrowed
 * and outlive the lanes. Owned by the caller. */
struct lanes *lanes_new(struct ev_loop *loop, const struct clk *clk,
                        const struct lane_options *o);
/* All ports are closed by then. */
void lanes_free(struct lanes **l);
/* The seam; borrowed, valid as long as the lanes. */
struct transport lanes_transport(struct lanes *l);

#endif
