/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <signal.h>

#include "base/must.h"
#include "cli/session_internal.h"

static void session_on_left(struct ev_loop *loop, ev_async *w, int revents)
{
    struct session *s = w->data;

    (void)revents;
    OBJ_CHECK(s, SESSION_MAGIC);
    if (s->done) {
        ev_break(loop, EVBREAK_ALL);
    }
}

static const char *session_signal_name(int sig)
{
    return sig == SIGINT ? "SIGINT" : sig == SIGTERM ? "SIGTERM" : "SIGHUP";
}

static void session_on_ending(struct ev_loop *loop, ev_signal *w, int revents)
{
    struct session *s = w->data;

    (void)revents;
    OBJ_CHECK(s, SESSION_MAGIC);
    s->by_signal = true;
    if (s->conductor == NULL) {
        s->early = session_signal_name(w->signum);
    } else if (session_out_hurry(s)) {
        /* it is finished */
    } else if (s->done) {
        ev_break(loop, EVBREAK_ALL);
    } else {
        conductor_signal(s->conductor, session_signal_name(w->signum));
    }
}

static void session_on_resize(struct ev_loop *loop, ev_signal *w, int revents)
{
    struct session *s = w->data;

    (void)loop;
    (void)revents;
    OBJ_CHECK(s, SESSION_MAGIC);
    if (s->screen != NULL) {
        screen_resize(s->screen);
    }
}

/* Ctrl-Z: the terminal is given back, the process stops, and what passed
 * meanwhile is a gap in the record. */
static void session_on_stop(struct ev_loop *loop, ev_signal *w, int revents)
{
    struct session *s = w->data;

    (void)revents;
    OBJ_CHECK(s, SESSION_MAGIC);
    if (s->screen == NULL) {
        return;
    }
    screen_suspend(s->screen);
    conductor_stand(s->conductor);
    raise(SIGSTOP);
    ev_now_update(loop);
    screen_resume(s->screen);
    conductor_go(s->conductor, "stopped by Ctrl-Z");
}

static const struct {
    int sig;
    void (*fn)(struct ev_loop *, ev_signal *, int);
} session_rows[SESSION_SIGNALS] = {
    {SIGINT, session_on_ending}, {SIGTERM, session_on_ending},
    {SIGHUP, session_on_ending}, {SIGWINCH, session_on_resize},
    {SIGTSTP, session_on_stop},
};

static void session_watch_some(struct session *s, int from, int to)
{
    int i;

    for (i = from; i < to; i++) {
        ev_signal_init(&s->signals[i], session_rows[i].fn, session_rows[i].sig);
        s->signals[i].data = s;
        ev_signal_start(s->loop, &s->signals[i]);
    }
}

void session_watch_ending(struct session *s)
{
    session_watch_some(s, 0, SESSION_ENDING);
}

void session_watch(struct session *s)
{
    if (!session_headless(s->args)) {
        session_watch_some(s, SESSION_ENDING, SESSION_SIGNALS);
    }
    ev_async_init(&s->left, session_on_left);
    s->left.data = s;
    ev_async_start(s->loop, &s->left);
}

void session_unwatch(struct session *s)
{
    int i;

    for (i = 0; i < SESSION_SIGNALS; i++) {
        if (ev_is_active(&s->signals[i])) {
            ev_signal_stop(s->loop, &s->signals[i]);
        }
    }
    ev_async_stop(s->loop, &s->left);
}

bool session_over(void *ctx)
{
    struct session *s = ctx;

    OBJ_CHECK(s, SESSION_MAGIC);
    ev_run(s->loop, EVRUN_NOWAIT);
    return s->early != NULL;
}
