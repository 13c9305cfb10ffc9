/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/rescue.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/xalloc.h"

/* Ends an escape sequence that was cut off in the middle. */
#define RESCUE_CANCEL "\030"

enum { RESCUE_STACK_BYTES = 65536 };

/* What ends the process as it stands, Ctrl-\ too. */
static const int rescue_signals[] = {
    SIGSEGV, SIGABRT, SIGBUS,  SIGFPE,  SIGILL,  SIGQUIT,   SIGTRAP, SIGSYS,
    SIGXCPU, SIGXFSZ, SIGALRM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF};

enum { RESCUE_SIGNALS = sizeof rescue_signals / sizeof rescue_signals[0] };

/* The exception to "no mutable state at file scope": a handler has no argument
 * through which a context could come. */
static struct rescue_plan rescue_plan;
static struct sigaction rescue_before[RESCUE_SIGNALS];
static atomic_int rescue_armed;
static int rescue_installed;

static void rescue_write(int fd, const char *bytes, size_t n)
{
    ssize_t put = write(fd, bytes, n);

    if (put == (ssize_t)n || (put < 0 && errno != EAGAIN)) {
        return;
    }
    /* The terminal takes no bytes: what waits in it is not worth having. */
    tcflush(fd, TCOFLUSH);
    put = write(fd, RESCUE_CANCEL, sizeof RESCUE_CANCEL - 1);
    put = write(fd, bytes, n);
    (void)put;
}

static void rescue_stderr(void)
{
    char bytes[512];
    ssize_t n, put;

    if (rescue_plan.stderr_was < 0) {
        return;
    }
    dup2(rescue_plan.stderr_was, STDERR_FILENO);
    lseek(rescue_plan.stderr_kept, 0, SEEK_SET);
    do {
        n = read(rescue_plan.stderr_kept, bytes, sizeof bytes);
        put = n > 0 ? write(STDERR_FILENO, bytes, (size_t)n) : 0;
    } while (put > 0);
}

void rescue_now(void)
{
    int saved = errno;

    if (atomic_exchange(&rescue_armed, 0) != 0) {
        rescue_write(rescue_plan.tty, rescue_plan.bytes, rescue_plan.n);
        tcsetattr(rescue_plan.tty, TCSANOW, &rescue_plan.was);
        rescue_stderr();
    }
    errno = saved;
}

/* Dies as it would have died without us: whoever stood here before (a
 * sanitizer, say) has the last word. */
static void rescue_on_signal(int sig)
{
    size_t i;

    rescue_now();
    for (i = 0; i < RESCUE_SIGNALS; i++) {
        if (rescue_signals[i] == sig) {
            sigaction(sig, &rescue_before[i], NULL);
        }
    }
    raise(sig);
}

void rescue_arm(const struct rescue_plan *p)
{
    struct sigaction act = {.sa_handler = rescue_on_signal};
    size_t i;

    rescue_plan = *p;
    atomic_store(&rescue_armed, 1);
    if (rescue_installed) {
        return;
    }
    sigemptyset(&act.sa_mask);
    act.sa_flags = SA_ONSTACK;
    for (i = 0; i < RESCUE_SIGNALS; i++) {
        sigaction(rescue_signals[i], &act, &rescue_before[i]);
    }
    fatal_set_hook(rescue_now);
    rescue_installed = 1;
}

void rescue_disarm(void)
{
    size_t i;

    atomic_store(&rescue_armed, 0);
    if (!rescue_installed) {
        return;
    }
    rescue_installed = 0;
    fatal_set_hook(NULL);
    for (i = 0; i < RESCUE_SIGNALS; i++) {
        sigaction(rescue_signals[i], &rescue_before[i], NULL);
    }
}

void *rescue_stack_new(void)
{
    stack_t now, ours = {.ss_size = RESCUE_STACK_BYTES};

    if (sigaltstack(NULL, &now) != 0 || (now.ss_flags & SS_DISABLE) == 0) {
        return NULL;
    }
    ours.ss_sp = xmalloc(RESCUE_STACK_BYTES);
    if (sigaltstack(&ours, NULL) != 0) {
        free(ours.ss_sp);
        return NULL;
    }
    return ours.ss_sp;
}

void rescue_stack_free(void *stack)
{
    stack_t none = {.ss_flags = SS_DISABLE};

    if (stack != NULL) {
        sigaltstack(&none, NULL);
        free(stack);
    }
}

void rescue_mask(void)
{
    sigset_t all;

    sigfillset(&all);
    sigdelset(&all, SIGSEGV);
    sigdelset(&all, SIGBUS);
    sigdelset(&all, SIGFPE);
    sigdelset(&all, SIGILL);
    sigdelset(&all, SIGABRT);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
}
