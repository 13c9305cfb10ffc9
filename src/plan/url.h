/* SPDX-License-Identifier: MIT
 *
 * url - as much of a URL as a plan is checked for: an http or https one, with a
 * host, and nothing in it that no URL may have. What is sent is taken apart by
 * libcurl (load/). Inside this room only. */
#ifndef PLAN_URL_H
#define PLAN_URL_H

#include <stdbool.h>
#include <stddef.h>

/* NULL when s may be requested, or may with more text behind it (whole false);
 * else what is wrong with it, static. */
const char *url_wrong(const char *s, bool whole);
/* "http://host:port" without user and password. "" when s is no such URL.
 * Returns buf. */
const char *url_origin(const char *s, char *buf, size_t size);
/* Where "user:password" stands in s, without the '@'; *len is 0 when s has no
 * password. */
size_t url_secret(const char *s, size_t *len);
/* "host:port". Returns buf. */
const char *url_host(const char *s, char *buf, size_t size);

#endif
