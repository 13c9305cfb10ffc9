/* SPDX-License-Identifier: MIT
 *
 * ear - one listening socket on loopback and the libmicrohttpd daemon that
 * serves its connections, driven from outside: whoever owns it waits for
 * ear_fd to be readable, or for ear_patience to pass, and calls ear_run. */
#ifndef TARGET_EAR_H
#define TARGET_EAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "target/service.h"

struct ear; /* opaque */

/* Listens on the loopback address of that family (AF_INET, AF_INET6), at port
 * *port or at a free one when it is 0, which is then put there. service is
 * borrowed for the ear's lifetime. NULL on failure: e->code is ERR_SUPPORT when
 * the machine does not have that family, ERR_IO when the port cannot be had.
 * Otherwise owned by the caller. */
struct ear *ear_open(int family, unsigned *port, unsigned connections_max,
                     struct service *service, struct err *e) MUST_CHECK;

/* The descriptor that becomes readable when there is work. */
int ear_fd(const struct ear *ear);
/* How long it may be left alone, in µs; UINT64_MAX: until ear_fd says so. */
uint64_t ear_patience(const struct ear *ear);
/* Does what can be done now. */
void ear_run(struct ear *ear);

/* Resets all connections, as the end of a process does; they are still to be
 * closed. */
void ear_reset(struct ear *ear);
/* Closes all and sets *ep to NULL; *ep may be NULL. No call of its service may
 * be suspended any more. */
void ear_close(struct ear **ep);

#endif
