/* SPDX-License-Identifier: MIT
 *
 * way - how requests went: the lane that carried them, and the version of HTTP
 * that was answered in. Bits, so that a name's requests may have gone several
 * ways. */
#ifndef MEASURE_WAY_H
#define MEASURE_WAY_H

#include <stddef.h>
#include <stdint.h>

/* The lane, and the protocol of the response; without one there is none. */
#define WAY_DIRECT   0x01u
#define WAY_LIBCURL  0x02u
#define WAY_HTTP_1_0 0x10u
#define WAY_HTTP_1_1 0x20u
#define WAY_HTTP_2   0x40u
#define WAY_LANES    (WAY_DIRECT | WAY_LIBCURL)
#define WAY_PROTOS   (WAY_HTTP_1_0 | WAY_HTTP_1_1 | WAY_HTTP_2)

typedef uint8_t way_bits;

#define WAY_TEXT_MAX 48

/* The name of the i-th lane or protocol that ways have ("direct", "libcurl";
 * "HTTP/1.0", "HTTP/1.1", "HTTP/2"), from 0; NULL = there are no more. */
const char *way_lane(way_bits ways, unsigned i);
const char *way_proto(way_bits ways, unsigned i);
/* "direct HTTP/1.1", "direct+libcurl HTTP/1.1+2"; "" for none. Returns buf. */
const char *way_text(char *buf, size_t size, way_bits ways);
/* The same for a narrow column: "direct 1.1", "both 1.1+2". */
const char *way_brief(char *buf, size_t size, way_bits ways);

#endif
