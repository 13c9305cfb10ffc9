/* SPDX-License-Identifier: MIT
 *
 * check - holds a check of the plan against a response. Pure. */
#ifndef LOAD_CHECK_H
#define LOAD_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "load/answer.h"
#include "plan/request.h"

/* Does every condition of c hold? i: its place among the request's checks.
 * false: why (size bytes; NULL = not asked) says what was wrong in one line,
 * which may hold hostile bytes. */
bool check_holds(const struct check *c, size_t i, struct answer *a, char *why,
                 size_t size);

#endif
