/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "load/pacer.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef HAVE_SYS_TIMERFD_H
#include <sys/timerfd.h>
#endif
#include <unistd.h>

#include <ev.h>

#include "base/must.h"
#include "base/xalloc.h"

#define PACER_MAGIC 0x70616365u

struct pacer {
    unsigned magic;
    struct ev_loop *loop;
    const struct clk *clk;
    int fd;            /* timerfd; -1 = none to be had */
    struct ev_io io;   /* on fd */
    struct ev_timer t; /* instead of it */
    mono_us armed;     /* wakes then; UINT64_MAX = not armed */
    bool rang;         /* fd is readable until it is set anew */
};

static void pacer_on_timer(struct ev_loop *loop, struct ev_timer *w,
                           int revents)
{
    struct pacer *p = w->data;

    (void)loop;
    (void)revents;
    OBJ_CHECK(p, PACER_MAGIC);
    p->armed = UINT64_MAX;
}

#ifdef HAVE_SYS_TIMERFD_H
/* 0 disarms, as timerfd_settime has it. */
static void pacer_settime(struct pacer *p, mono_us at)
{
    struct itimerspec ts = {.it_value = {.tv_nsec = 0}};

    ts.it_value.tv_sec = (time_t)(at / US_PER_SEC);
    ts.it_value.tv_nsec = (long)(at % US_PER_SEC * 1000);
    if (timerfd_settime(p->fd, TFD_TIMER_ABSTIME, &ts, NULL) != 0) {
        MUST(errno == ECANCELED);
    }
}

static void pacer_on_fd(struct ev_loop *loop, struct ev_io *w, int revents)
{
    struct pacer *p = w->data;

    (void)loop;
    (void)revents;
    OBJ_CHECK(p, PACER_MAGIC);
    /* Not read: pacer_set comes before the next wait, and setting empties. */
    p->armed = UINT64_MAX;
    p->rang = true;
}

static void pacer_open(struct pacer *p)
{
    p->fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (p->fd >= 0) {
        ev_io_init(&p->io, pacer_on_fd, p->fd, EV_READ);
        p->io.data = p;
        ev_io_start(p->loop, &p->io);
    }
}
#else
static void pacer_open(struct pacer *p)
{
    p->fd = -1;
}

static void pacer_settime(struct pacer *p, mono_us at)
{
    (void)p;
    (void)at;
}
#endif

struct pacer *pacer_new(struct ev_loop *loop, const struct clk *clk)
{
    struct pacer *p = xcalloc(1, sizeof *p);

    p->magic = PACER_MAGIC;
    p->loop = loop;
    p->clk = clk;
    p->armed = UINT64_MAX;
    ev_timer_init(&p->t, pacer_on_timer, 0., 0.);
    p->t.data = p;
    pacer_open(p);
    return p;
}

void pacer_free(struct pacer **p)
{
    if (*p == NULL) {
        return;
    }
    OBJ_CHECK(*p, PACER_MAGIC);
    ev_timer_stop((*p)->loop, &(*p)->t);
    if ((*p)->fd >= 0) {
        ev_io_stop((*p)->loop, &(*p)->io);
        close((*p)->fd);
    }
    (*p)->magic = 0;
    free(*p);
    *p = NULL;
}

void pacer_set(struct pacer *p, mono_us due)
{
    mono_us now;

    if (due >= p->armed && !p->rang) {
        return;
    }
    p->armed = due;
    p->rang = false;
    if (p->fd >= 0) {
        pacer_settime(p, due == UINT64_MAX ? 0 : due + (due == 0));
        return;
    }
    now = clk_now(p->clk);
    ev_timer_stop(p->loop, &p->t);
    ev_now_update(p->loop);
    ev_timer_set(&p->t, due > now ? (double)(due - now) / US_PER_SEC : 0., 0.);
    ev_timer_start(p->loop, &p->t);
}
