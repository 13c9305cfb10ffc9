/* SPDX-License-Identifier: MIT
 *
 * users - virtual users of the Vi plan's flow (chat, every third time a
 * stream, every tenth time the metrics, a pause after each) against a
 * capacity, on a clock turned by hand: hours of load in a moment. */
#ifndef SUPPORT_USERS_H
#define SUPPORT_USERS_H

#include <stddef.h>

#include "target/capacity.h"

struct users; /* opaque */

/* What has been seen since the last users_take. */
struct users_seen {
    size_t requests;
    double p95_ms;
    double per_second;
    double errors; /* share turned away, at once or after their wait */
    size_t at_once;
};

/* think_s: the pause after a chat or stream; half of it after the metrics.
 * Owned by the caller. */
struct users *users_new(const struct capacity_spec *spec, double think_s);
void users_free(struct users **up);
/* So many seconds pass, while the number of users goes evenly to n. */
void users_ramp(struct users *u, double seconds, unsigned n);
/* The figures since the last call. */
struct users_seen users_take(struct users *u);
/* The capacity's strain now. */
double users_strain(struct users *u);

#endif
