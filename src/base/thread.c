/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/thread.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clk.h"

/* How far a thread that gives way steps back. */
#define THREAD_NICE 10

int thread_start(pthread_t *thread, thread_fn *fn, void *arg)
{
    sigset_t all, old;
    int rc;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    rc = pthread_create(thread, NULL, fn, arg);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return rc;
}

void thread_give_way(void)
{
#ifdef __linux__
    /* POSIX would have it done to the process: there, nothing of it. */
    id_t self = (id_t)syscall(SYS_gettid);

    (void)setpriority(PRIO_PROCESS, self,
                      getpriority(PRIO_PROCESS, self) + THREAD_NICE);
#endif
}

void thread_cond_init(pthread_cond_t *c)
{
    pthread_condattr_t monotonic;

    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(c, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

struct timespec thread_after(uint64_t us)
{
    mono_us at = clk_now(clk_system()) + us;

    return (struct timespec){.tv_sec = (time_t)(at / US_PER_SEC),
                             .tv_nsec = (long)(at % US_PER_SEC * 1000)};
}
