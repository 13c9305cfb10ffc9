/* SPDX-License-Identifier: MIT
 *
 * lane_failure - libcurl's codes and the system's as kinds of failure; for both
 * lanes. */
#ifndef LOAD_LANE_FAILURE_H
#define LOAD_LANE_FAILURE_H

#include <stdbool.h>
#include <stddef.h>

#include <curl/curl.h>

#include "measure/failure.h"

/* What is known of a connection that could not be opened. */
struct lane_failure {
    CURLcode code;
    int error;        /* errno, 0 = none is known */
    const char *text; /* libcurl's own; may be empty */
};

/* FAILURE_NONE: the code alone does not tell. */
enum failure lane_failure_of_code(CURLcode code);
enum failure lane_failure_of_errno(int error);
/* Before any request: was it a proxy that would not open a tunnel? libcurl has
 * no code for that, only a text. */
bool lane_failure_of_tunnel(CURLcode code, const char *text);
/* The kind, and one line about it without figures that change: equal failures
 * are counted together. */
enum failure lane_failure_connect(const struct lane_failure *f, char *text,
                                  size_t size);

#endif
