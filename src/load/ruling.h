/* SPDX-License-Identifier: MIT
 *
 * ruling - did a request go as the plan expects, and if not, by which kind of
 * failure? Checks are not asked here. Pure. */
#ifndef LOAD_RULING_H
#define LOAD_RULING_H

#include <stdbool.h>

#include "load/redirect.h"
#include "load/stream.h"
#include "load/transport.h"
#include "measure/failure.h"
#include "plan/request.h"

struct ruling {
    enum failure failure; /* NONE: it went well */
    char message[256];    /* one line, "" when it went well; hostile */
};

/* Is the status among those the request expects? */
bool ruling_expects(const struct request *r, unsigned status);
/* stream: NULL unless the request asks for one. next: where the response would
 * have sent the request on, had it been followed. */
void ruling_make(struct ruling *out, const struct request *r,
                 const struct exchange *x, const struct stream *stream,
                 const struct redirect *next);

#endif
