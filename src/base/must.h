/* SPDX-License-Identifier: MIT
 *
 * must - what can only be false through a bug. Always compiled in. */
#ifndef BASE_MUST_H
#define BASE_MUST_H

#include "base/attr.h"

/* Ends the program with file and line when e is false. e has no side
 * effects. */
#define MUST(e) ((e) ? (void)0 : must_fail(#e, __FILE__, __LINE__))

/* First statement of every callback that gets its object as void *: p is not
 * NULL and carries the magic m of its type. */
#define OBJ_CHECK(p, m) MUST((p) != NULL && (p)->magic == (m))

/* Prints "brunt: bug: FILE:LINE: EXPR" through fatal() (base/fatal.h), which
 * gives the terminal back first, and aborts. Alone in its .c, so that a test
 * may define its own. */
NORETURN void must_fail(const char *expr, const char *file, int line);

#endif
