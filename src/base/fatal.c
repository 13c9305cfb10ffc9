/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/fatal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* The exception to "no mutable state at file scope": fatal() has no argument
 * through which a context could come. */
static fatal_hook_fn *fatal_hook;

void fatal_set_hook(fatal_hook_fn *hook)
{
    fatal_hook = hook;
}

void fatal(const char *fmt, ...)
{
    fatal_hook_fn *hook = fatal_hook;
    va_list ap;

    /* Once: the hook itself may end here. */
    fatal_hook = NULL;
    if (hook != NULL) {
        hook();
    }
    fputs("brunt: ", stderr);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    abort();
}
