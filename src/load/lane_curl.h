/* SPDX-License-Identifier: MIT
 *
 * lane_curl - the libcurl lane: easy handles in groups of VUs, each group a
 * multi handle driven by curl_multi_socket_action from the worker's libev loop
 * (facts: one multi for all collapses, one each runs out of descriptors). */
#ifndef LOAD_LANE_CURL_H
#define LOAD_LANE_CURL_H

#include <stdbool.h>

#include "base/clk.h"
#include "load/lane_options.h"
#include "load/transport.h"

/* VUs that share a multi handle, and its two descriptors. Measured: libcurl
 * walks a multi's whole list of connections several times a request. */
#define LANE_CURL_GROUP 16

struct ev_loop;
struct lane_curl; /* opaque */

/* curl_global_init has been called by the program. loop, clk and o are borrowed
 * and outlive the lane. Owned by the caller. */
struct lane_curl *lane_curl_new(struct ev_loop *loop, const struct clk *clk,
                                const struct lane_options *o);
/* All ports are closed by then. */
void lane_curl_free(struct lane_curl **l);
/* The seam; borrowed, valid as long as the lane. */
struct transport lane_curl_transport(struct lane_curl *l);

#endif
