/* SPDX-License-Identifier: MIT
 *
 * hunt_log - what a reader of ticks keeps of a hunt: how it stands, and the
 * loads that were tried. */
#ifndef RUN_HUNT_LOG_H
#define RUN_HUNT_LOG_H

#include <stddef.h>

#include "run/tick.h"

struct hunt_log; /* opaque */

struct hunt_log *hunt_log_new(void);
void hunt_log_free(struct hunt_log **l);
void hunt_log_feed(struct hunt_log *l, const struct tick *t);
/* NULL: there is no hunt. Borrowed until the next feed, as the next. */
const struct tick_hunt *hunt_log_now(const struct hunt_log *l);
/* Oldest first. */
size_t hunt_log_count(const struct hunt_log *l);
const struct tick_probe *hunt_log_at(const struct hunt_log *l, size_t i);

#endif
