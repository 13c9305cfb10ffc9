/* SPDX-License-Identifier: MIT
 *
 * cookies - between a VU's jar and its requests: what of the jar goes with a
 * request beside what the plan sends itself, merged as k6 does. */
#ifndef LOAD_COOKIES_H
#define LOAD_COOKIES_H

#include <stdbool.h>

#include "base/buf.h"
#include "load/jar.h"
#include "load/transport.h"
#include "plan/request.h"

#define COOKIES_LINE_MAX (128u << 10)

/* Fills the empty line with the value of the Cookie header: first the plan's
 * own, then the jar's for that URL. Of a name that both have, the jar's is sent
 * where the request's "cookies" set it without "replace", the plan's with it;
 * one in "headers" is sent as it is, beside the jar's. false: nothing of the
 * jar goes there. own: the plan's, NULL = none. */
bool cookies_line(const struct jar *j, const struct request *r, const char *own,
                  const char *url, struct buf *line);
/* Puts into the jar what the response of that URL sets. */
void cookies_store(struct jar **j, const char *url, const struct exchange *x);

#endif
