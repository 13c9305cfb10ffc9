/* SPDX-License-Identifier: MIT
 *
 * lane_direct - the direct lane: libcurl opens a connection (names, proxies,
 * TLS stay its business), our own HTTP/1.1 writer and reader use it. In the
 * clear the descriptor is taken over and libcurl's handle goes on to the next
 * one; in TLS the handle stays with its connection. Measured: a third of the
 * libcurl lane's CPU. */
#ifndef LOAD_LANE_DIRECT_H
#define LOAD_LANE_DIRECT_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/clk.h"
#include "load/lane_options.h"
#include "load/transport.h"

struct ev_loop;
struct lane_direct; /* opaque */

/* curl_global_init has been called by the program. loop and clk are borrowed
 * and outlive the lane. Owned by the caller. */
struct lane_direct *lane_direct_new(struct ev_loop *loop, const struct clk *clk,
                                    const struct lane_options *o);
/* All ports are closed by then. */
void lane_direct_free(struct lane_direct **l);
/* The seam; borrowed, valid as long as the lane. start takes only calls that
 * lane_direct_try takes. */
struct transport lane_direct_transport(struct lane_direct *l);
/* Starts a call like start, or does nothing: false when its shape (URL,
 * headers) asks for what only libcurl does. Whether TLS is to be had on this
 * lane is the chooser's to say. */
bool lane_direct_try(struct lane_direct *l, struct port *p,
                     const struct call *c) MUST_CHECK;

#endif
