/* SPDX-License-Identifier: MIT
 *
 * fatal - the one way out when nothing can go on: out of memory, or a bug.
 * Any thread may call it. */
#ifndef BASE_FATAL_H
#define BASE_FATAL_H

#include "base/attr.h"

/* Called once, before the message is printed; gives the terminal back. Must be
 * async-signal-safe. */
typedef void fatal_hook_fn(void);

/* Sets the hook, or none with NULL. Main thread, before other threads run, or
 * the screen's thread when it takes and gives back the terminal. */
void fatal_set_hook(fatal_hook_fn *hook);

/* Runs the hook, prints "brunt: " and the message on standard error, and
 * aborts. */
NORETURN void fatal(const char *fmt, ...) ATTR_PRINTF(1, 2);

#endif
