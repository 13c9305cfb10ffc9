/* SPDX-License-Identifier: MIT
 *
 * thread - threads beside the main one, which alone takes signals, and waits
 * that end by the monotonic clock. */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

typedef void *thread_fn(void *arg);

/* As pthread_create, with all signals blocked in the new thread. 0, or the
 * error's number: EAGAIN when there is no thread left. */
int thread_start(pthread_t *thread, thread_fn *fn, void *arg);

/* The calling thread gives way to the process's others from now on: what sends
 * requests goes first where there are more threads than processors. On Linux,
 * whose threads each have a nice value (setpriority(2)), 10 more; elsewhere
 * nothing happens. */
void thread_give_way(void);

/* A condition whose timed waits end by CLOCK_MONOTONIC. */
void thread_cond_init(pthread_cond_t *c);
/* When that is, us microseconds from now: for pthread_cond_timedwait. */
struct timespec thread_after(uint64_t us);

#endif
