/* SPDX-License-Identifier: MIT
 *
 * lane_options - how connections are made, as options of libcurl: both lanes
 * let libcurl open them. Each worker has its own. */
#ifndef LOAD_LANE_OPTIONS_H
#define LOAD_LANE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "plan/dial.h"

struct curl_slist;

struct lane_options {
    const struct dial *dial;    /* borrowed, outlives this */
    struct curl_slist *resolve; /* owned; NULL = none */
    bool apart;          /* VUs drop their connections again and again (reuse
                            "iteration"); false at first */
    bool tls_by_libcurl; /* the direct lane leaves TLS to libcurl, as it does
                            where that has another backend; tests say so */
};

/* curl_global_init has been called by the program. */
void lane_options_init(struct lane_options *o, const struct dial *dial);
/* No handle that was given them is used any more. */
void lane_options_clear(struct lane_options *o);

/* Sets on an easy handle (a CURL *, new) all that holds for the connections of
 * that VU: proxy, resolve, source address, DNS and TLS. Not the version of HTTP
 * (lane_options_http1), which is the lane's. o outlives the handle. */
void lane_options_set(const struct lane_options *o, void *easy, uint32_t vu);
/* Do http: URLs go over a proxy that is no tunnel? Then the whole URL stands in
 * the request line, which only the libcurl lane writes. (Those that "noProxy"
 * excepts are among them.) */
bool lane_options_plain_proxy(const struct lane_options *o);

#endif
