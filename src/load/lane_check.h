/* SPDX-License-Identifier: MIT
 *
 * lane_check - can connections be made as they are asked for? Tried before the
 * run: whatever needs no other side. Main thread; curl_global_init has been
 * called. */
#ifndef LOAD_LANE_CHECK_H
#define LOAD_LANE_CHECK_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "plan/dial.h"

/* Are certificates and keys what they should be, do they belong together, are
 * the source addresses this machine's, and can this libcurl do what is asked?
 * false: e tells what is wrong and what to do about it, at the line of file
 * (the plan's; "" = none) that speaks of it. No network is used. */
bool lane_check(const struct dial *d, const char *file,
                struct err *e) MUST_CHECK;

#endif
