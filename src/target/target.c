/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "target/target.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clk.h"
#include "base/must.h"
#include "base/thread.h"
#include "base/xalloc.h"
#include "target/call.h"
#include "target/ear.h"
#include "target/service.h"

#define TARGET_MAGIC 0x7a26e7u
#define TARGET_EARS  2 /* 127.0.0.1 and ::1 */
/* A free port of 127.0.0.1 may be taken on ::1: try again so many times. */
#define TARGET_TRIES 16
/* Descriptors left to the rest of the process. */
#define TARGET_SPARE 64

struct target {
    unsigned magic;
    struct target_options options;
    unsigned port;
    struct service service;        /* the thread's, while it runs */
    struct ear *ears[TARGET_EARS]; /* the second may be NULL */
    int stop_fd[2];                /* closing [1] ends the thread */
    pthread_t thread;
    atomic_bool dead;
};

/* Raises the limit of descriptors as far as it goes; what it is then. */
static unsigned target_descriptors(void)
{
    struct rlimit r;

    if (getrlimit(RLIMIT_NOFILE, &r) != 0) {
        return 1024;
    }
    if (r.rlim_cur < r.rlim_max) {
        rlim_t was = r.rlim_cur;

        r.rlim_cur = r.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &r) != 0) {
            r.rlim_cur = was;
        }
    }
    return r.rlim_cur > 1000000 ? 1000000 : (unsigned)r.rlim_cur;
}

static bool target_listen_once(struct target *t, struct err *e)
{
    unsigned max = target_descriptors();
    struct err six = ERR_INIT;

    max = max > 2 * TARGET_SPARE ? max - TARGET_SPARE : TARGET_SPARE;
    t->port = t->options.port;
    t->ears[0] = ear_open(AF_INET, &t->port, max, &t->service, e);
    if (t->ears[0] == NULL) {
        return false;
    }
    t->ears[1] = ear_open(AF_INET6, &t->port, max, &t->service, &six);
    /* A port that someone else has on ::1 would be half ours: "localhost"
     * could lead to either. */
    if (t->ears[1] == NULL && six.code != ERR_SUPPORT) {
        ear_close(&t->ears[0]);
        err_set(e, six.code, "%s", six.text);
        return false;
    }
    return true;
}

static bool target_listen(struct target *t, struct err *e)
{
    for (int i = 0; i < TARGET_TRIES && t->options.port == 0; i++) {
        struct err again = ERR_INIT;

        if (target_listen_once(t, &again)) {
            return true;
        }
    }
    return target_listen_once(t, e);
}

/* How long to wait, in µs; UINT64_MAX: for descriptors alone. */
static uint64_t target_patience(const struct target *t)
{
    mono_us now = clk_now(t->service.clk);
    mono_us due = service_due(&t->service);
    uint64_t us = due == UINT64_MAX ? due : due > now ? due - now : 0;

    for (int i = 0; i < TARGET_EARS; i++) {
        if (t->ears[i] != NULL && ear_patience(t->ears[i]) < us) {
            us = ear_patience(t->ears[i]);
        }
    }
    return us;
}

/* poll in µs where the system has that: whole milliseconds would be seen in
 * the latencies that others measure here. */
static int target_poll(struct pollfd *fds, nfds_t n, uint64_t us)
{
#ifdef HAVE_PPOLL
    struct timespec ts;

    ts.tv_sec = (time_t)(us / US_PER_SEC);
    ts.tv_nsec = (long)(us % US_PER_SEC) * 1000;
    return ppoll(fds, n, us == UINT64_MAX ? NULL : &ts, NULL);
#else
    uint64_t ms = us / US_PER_MS + (us % US_PER_MS > 0 ? 1 : 0);

    return poll(fds, n, ms > INT_MAX ? -1 : (int)ms);
#endif
}

/* Waits for something to do; false: stop. While stalled it looks at nothing
 * but the order to stop. */
static bool target_wait(struct target *t)
{
    struct pollfd fds[1 + TARGET_EARS];
    mono_us now = clk_now(t->service.clk);
    nfds_t n = 1;
    int got;

    fds[0].fd = t->stop_fd[0];
    if (t->service.stalled_until > now) {
        fds[0].events = POLLIN;
        got = target_poll(fds, n, t->service.stalled_until - now);
        return got <= 0 || fds[0].revents == 0;
    }
    for (int i = 0; i < TARGET_EARS; i++) {
        if (t->ears[i] != NULL) {
            fds[n++].fd = ear_fd(t->ears[i]);
        }
    }
    for (nfds_t i = 0; i < n; i++) {
        fds[i].events = POLLIN;
    }
    got = target_poll(fds, n, target_patience(t));
    return got <= 0 || fds[0].revents == 0;
}

static void target_close(struct target *t)
{
    t->service.closing = true;
    for (struct call *c = t->service.calls; c != NULL; c = c->next) {
        call_resume(c);
    }
    for (int i = 0; i < TARGET_EARS; i++) {
        ear_close(&t->ears[i]);
    }
}

static void target_crash(struct target *t)
{
    for (int i = 0; i < TARGET_EARS; i++) {
        if (t->ears[i] != NULL) {
            ear_reset(t->ears[i]);
        }
    }
    if (t->options.on_crash != NULL) {
        t->options.on_crash(t->options.crash_ctx);
    }
    target_close(t);
    atomic_store(&t->dead, true);
}

static void *target_main(void *arg)
{
    struct target *t = arg;

    OBJ_CHECK(t, TARGET_MAGIC);
    while (target_wait(t)) {
        if (t->service.stalled_until > clk_now(t->service.clk)) {
            continue;
        }
        service_turn(&t->service, call_on_news);
        for (int i = 0; i < TARGET_EARS; i++) {
            if (t->ears[i] != NULL) {
                ear_run(t->ears[i]);
            }
        }
        if (t->service.crash) {
            target_crash(t);
            return NULL;
        }
    }
    target_close(t);
    return NULL;
}

static bool target_spawn(struct target *t, struct err *e)
{
    int error = thread_start(&t->thread, target_main, t);

    if (error != 0) {
        err_set(e, ERR_LIMIT, "no thread for the target: %s", strerror(error));
        return false;
    }
    return true;
}

static void target_free(struct target *t)
{
    service_clear(&t->service);
    for (int i = 0; i < 2; i++) {
        if (t->stop_fd[i] >= 0) {
            close(t->stop_fd[i]);
        }
    }
    t->magic = 0;
    free(t);
}

void target_options_init(struct target_options *o)
{
    memset(o, 0, sizeof *o);
    target_model_init(&o->model);
}

bool target_start(const struct target_options *o, struct target **tp,
                  struct err *e)
{
    struct target *t = xcalloc(1, sizeof *t);

    t->magic = TARGET_MAGIC;
    t->options = *o;
    t->stop_fd[0] = -1;
    t->stop_fd[1] = -1;
    atomic_init(&t->dead, false);
    service_init(&t->service, &o->model, clk_system());
    if (pipe(t->stop_fd) != 0) {
        err_set(e, ERR_LIMIT, "no pipe for the target: %s", strerror(errno));
        goto failed;
    }
    fcntl(t->stop_fd[0], F_SETFD, FD_CLOEXEC);
    fcntl(t->stop_fd[1], F_SETFD, FD_CLOEXEC);
    if (!target_listen(t, e)) {
        goto failed;
    }
    if (!target_spawn(t, e)) {
        target_close(t);
        goto failed;
    }
    *tp = t;
    return true;
failed:
    target_free(t);
    return false;
}

unsigned target_port(const struct target *t)
{
    return t->port;
}

bool target_dead(const struct target *t)
{
    return atomic_load(&t->dead);
}

void target_stop(struct target **tp)
{
    struct target *t = *tp;

    if (t == NULL) {
        return;
    }
    OBJ_CHECK(t, TARGET_MAGIC);
    close(t->stop_fd[1]);
    t->stop_fd[1] = -1;
    pthread_join(t->thread, NULL);
    target_free(t);
    *tp = NULL;
}
