/* SPDX-License-Identifier: MIT
 *
 * metrics_port - the run that goes on, for Prometheus to scrape: GET /metrics
 * on 127.0.0.1, by a thread of its own. A page is made of the story under its
 * lock, as the screen makes a frame, and at most twice a second however often
 * it is asked for; nothing is sent while the lock is held. */
#ifndef REMOTE_METRICS_PORT_H
#define REMOTE_METRICS_PORT_H

#include "base/attr.h"
#include "base/err.h"
#include "run/story.h"

struct metrics_port; /* opaque */

/* Listens, and answers nobody yet. port 0: a free one. NULL: e says why, and
 * what to do. Owned by the caller. */
struct metrics_port *metrics_port_new(unsigned port, struct err *e) MUST_CHECK;
/* "http://127.0.0.1:9090/metrics". */
const char *metrics_port_url(const struct metrics_port *m);
/* Answers from now on; story is borrowed until metrics_port_free. */
bool metrics_port_serve(struct metrics_port *m, struct story *story,
                        struct err *e) MUST_CHECK;
/* Ends answers under way. *mp may be NULL. */
void metrics_port_free(struct metrics_port **mp);

#endif
