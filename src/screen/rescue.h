/* SPDX-License-Identifier: MIT
 *
 * rescue - gives the terminal back when nothing else can: from fatal(), and
 * from SEGV, ABRT, BUS, FPE and ILL. Holds the one piece of state that such a
 * handler can reach; everything in it is prepared beforehand, and only
 * async-signal-safe calls are made. */
#ifndef SCREEN_RESCUE_H
#define SCREEN_RESCUE_H

#include <stddef.h>

#include <termios.h>

/* Bytes that bring a terminal back to its usual state fit into this. */
#define RESCUE_BYTES_MAX 256

struct rescue_plan {
    int tty;            /* descriptor of the terminal */
    struct termios was; /* its modes before */
    char bytes[RESCUE_BYTES_MAX];
    size_t n;
    int stderr_was;  /* descriptor that standard error was; -1 = untouched */
    int stderr_kept; /* file with what was written to it meanwhile */
};

/* From now on p holds, and handlers are in place. */
void rescue_arm(const struct rescue_plan *p);
/* Handlers are as they were before. Idempotent. */
void rescue_disarm(void);
/* Carries it out, once; async-signal-safe. */
void rescue_now(void);

/* A stack for handlers of the calling thread, unless it has one: a thread that
 * overflows its own could not run them. Returns what rescue_stack_free takes,
 * on the same thread. */
void *rescue_stack_new(void);
void rescue_stack_free(void *stack);

/* For a thread of the program's own: all signals but those that a thread brings
 * upon itself are for the main thread. */
void rescue_mask(void);

#endif
