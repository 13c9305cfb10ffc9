/* SPDX-License-Identifier: MIT
 *
 * wall - the date, for headers of results and names of files; never for
 * measuring. */
#ifndef BASE_WALL_H
#define BASE_WALL_H

#include <stddef.h>
#include <stdint.h>

/* Microseconds since 1970-01-01T00:00:00Z. */
struct wall {
    int64_t us;
};

/* The years that texts below have room for: before it is the year 9000. What
 * came from elsewhere is held against it. */
#define WALL_US_MAX INT64_C(221845392000000000)

struct wall wall_now(void);
/* RFC 3339 in UTC with milliseconds, "2026-11-24T02:16:52.618Z". */
void wall_rfc3339(struct wall w, char *buf, size_t size);
/* Local time for a file name, "20261124-021652". */
void wall_stamp(struct wall w, char *buf, size_t size);
/* The same, sorted as it is read: "2026-11-24T02-16-52". */
void wall_name(struct wall w, char *buf, size_t size);
/* Local time for people, "2026-11-24 02:16:52". */
void wall_local(struct wall w, char *buf, size_t size);

#endif
