/* SPDX-License-Identifier: MIT
 *
 * host - is what a run is aimed at this machine? */
#ifndef CLI_HOST_H
#define CLI_HOST_H

#include <stdbool.h>

/* host as "name", "name:port", "[::1]:80": localhost and *.localhost (RFC
 * 6761), 127.0.0.0/8, ::1. */
bool host_is_local(const char *host);

#endif
