/* SPDX-License-Identifier: MIT
 *
 * screen_demo - a made-up run (sim) on the real screen and its thread, in real
 * time or faster. Options:
 *   --at N       begins N seconds into the run
 *   --stop       stands still there (no ticks), but steers
 *   --scene NAME as it stands: dead, limits, trouble, setup, suspect, finished,
 * steered
 *   --plan NAME  another run: mixed, arrivals
 *   --ascii --no-color --remote --theme NAME
 *   --crash      writes to no memory at the first mark
 *   --noise      prints on standard error now and then
 * Without arguments check_PROGRAMS are tests: it then does nothing. */
#include "config.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ev.h>

#include "base/clk.h"
#include "base/fatal.h"
#include "base/num.h"
#include "screen/screen.h"
#include "support/sim.h"

enum { DEMO_QUEUE = 64, DEMO_SIGNALS = 6 };

struct demo {
    struct sim sim;
    struct screen *screen;
    struct ev_loop *loop;
    ev_timer tick;
    ev_async left, posted;
    ev_signal signals[DEMO_SIGNALS];
    pthread_mutex_t lock;
    struct command queue[DEMO_QUEUE];
    int n_queue;
    unsigned ticks;
    bool still, crash, noise, over, by_signal;
};

static void demo_post(void *ctx, const struct command *c)
{
    struct demo *d = ctx;

    pthread_mutex_lock(&d->lock);
    if (d->n_queue < DEMO_QUEUE) {
        d->queue[d->n_queue++] = *c;
    }
    pthread_mutex_unlock(&d->lock);
    ev_async_send(d->loop, &d->posted);
}

static void demo_left(void *ctx)
{
    struct demo *d = ctx;

    ev_async_send(d->loop, &d->left);
}

static void demo_end(struct demo *d, int code)
{
    if (d->over) {
        return;
    }
    d->over = true;
    ev_timer_stop(d->loop, &d->tick);
    sim_finish(&d->sim, code);
    if (d->by_signal) {
        ev_break(d->loop, EVBREAK_ALL); /* as the program does */
    } else {
        screen_finish(d->screen, "");
    }
}

/* Not through NULL itself: a sanitizer would see that coming, and end the
 * process without a signal. */
static void demo_crash(void)
{
    volatile uintptr_t nowhere = 1;

    *(volatile char *)nowhere = 1;
}

static void demo_apply(struct demo *d, const struct command *c)
{
    if (d->crash && c->kind == COMMAND_MARK) {
        if (strcmp(c->text, "fatal") == 0) {
            fatal("out of something");
        }
        demo_crash();
    }
    d->sim.steered = c->scenario;
    sim_command(&d->sim, c->kind, c->number, c->text);
    if (c->kind == COMMAND_CUT) {
        demo_end(d, 105);
    } else if (d->still) {
        sim_tick(&d->sim);
        screen_tick(d->screen);
    }
}

static void demo_on_posted(struct ev_loop *loop, ev_async *w, int revents)
{
    struct demo *d = w->data;
    struct command queue[DEMO_QUEUE];
    int n, i;

    (void)loop;
    (void)revents;
    pthread_mutex_lock(&d->lock);
    n = d->n_queue;
    d->n_queue = 0;
    memcpy(queue, d->queue, sizeof queue);
    pthread_mutex_unlock(&d->lock);
    for (i = 0; i < n && !d->over; i++) {
        demo_apply(d, &queue[i]);
    }
}

static void demo_on_tick(struct ev_loop *loop, ev_timer *w, int revents)
{
    struct demo *d = w->data;

    (void)loop;
    (void)revents;
    if (d->still) {
        return;
    }
    sim_tick(&d->sim);
    screen_tick(d->screen);
    if (d->noise && d->ticks++ % 3 == 0) {
        fprintf(stderr, "noise %u\n", d->ticks);
    }
    if (d->sim.tick.state == RUN_DRAINING && d->sim.tick.draining == 0) {
        demo_end(d, 99);
    }
}

static void demo_on_left(struct ev_loop *loop, ev_async *w, int revents)
{
    (void)w;
    (void)revents;
    ev_break(loop, EVBREAK_ALL);
}

static void demo_on_signal(struct ev_loop *loop, ev_signal *w, int revents)
{
    struct demo *d = w->data;

    (void)loop;
    (void)revents;
    if (w->signum == SIGWINCH) {
        screen_resize(d->screen);
    } else if (w->signum == SIGTSTP) {
        screen_suspend(d->screen);
        raise(SIGSTOP);
        screen_resume(d->screen);
        sim_event(&d->sim, "gap", "stopped by Ctrl-Z", false);
    } else if (w->signum == SIGCONT) {
        screen_resume(d->screen);
    } else {
        d->by_signal = true;
        demo_end(d, 105);
    }
}

static void demo_scene(struct demo *d, const char *name)
{
    struct sim *s = &d->sim;

    if (strcmp(name, "dead") == 0) {
        s->dead = true;
        sim_run(s, 6);
    } else if (strcmp(name, "limits") == 0) {
        s->limits = true;
        sim_run(s, 12);
    } else if (strcmp(name, "trouble") == 0) {
        s->dead = true;
        sim_run(s, 5);
        s->dead = false;
        s->limits = true;
        sim_run(s, 30);
    } else if (strcmp(name, "setup") == 0) {
        s->setup = true;
        sim_event(s, "setup", "setup: waiting for the service", false);
    } else if (strcmp(name, "suspect") == 0) {
        s->tick.health.suspect = s->tick.health.ever_suspect = true;
        snprintf(s->tick.health.why, sizeof s->tick.health.why,
                 "loop lag p99 14 ms");
    } else if (strcmp(name, "steered") == 0) {
        sim_command(s, COMMAND_SET_VUS, 63, "");
        sim_run(s, 14);
        sim_command(s, COMMAND_MARK, 0, "deploy 42");
        sim_run(s, 6);
    }
}

static void demo_watch(struct demo *d)
{
    static const int signals[DEMO_SIGNALS] = {SIGINT,   SIGTERM, SIGHUP,
                                              SIGWINCH, SIGTSTP, SIGCONT};
    int i;

    for (i = 0; i < DEMO_SIGNALS; i++) {
        ev_signal_init(&d->signals[i], demo_on_signal, signals[i]);
        d->signals[i].data = d;
        ev_signal_start(d->loop, &d->signals[i]);
    }
    ev_timer_init(&d->tick, demo_on_tick, 0.1, 0.1);
    ev_async_init(&d->left, demo_on_left);
    ev_async_init(&d->posted, demo_on_posted);
    d->tick.data = d->left.data = d->posted.data = d;
    ev_timer_start(d->loop, &d->tick);
    ev_async_start(d->loop, &d->left);
    ev_async_start(d->loop, &d->posted);
}

int main(int argc, char **argv)
{
    static struct demo demo;
    struct demo *d = &demo;
    struct screen_config c = {.post = demo_post,
                              .post_ctx = d,
                              .left = demo_left,
                              .left_ctx = d,
                              .host = "127.0.0.1:3000",
                              .host_is_local = true};
    const char *scene = "", *plan = NULL;
    struct err e = ERR_INIT;
    uint64_t at = 0;
    int i;

    if (argc < 2) {
        return 0;
    }
    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--at") == 0 && i + 1 < argc) {
            if (!num_u64(argv[++i], 0, 100000, &at)) {
                return 2;
            }
        } else if (strcmp(argv[i], "--scene") == 0 && i + 1 < argc) {
            scene = argv[++i];
        } else if (strcmp(argv[i], "--plan") == 0 && i + 1 < argc) {
            plan = strcmp(argv[++i], "mixed") == 0 ? sim_plan_mixed
                                                   : sim_plan_arrivals;
        }
        if (strcmp(argv[i], "--theme") == 0 && i + 1 < argc &&
            !theme_find(argv[++i], &c.theme)) {
            return 2;
        }
        d->still |= strcmp(argv[i], "--stop") == 0;
        d->crash |= strcmp(argv[i], "--crash") == 0;
        d->noise |= strcmp(argv[i], "--noise") == 0;
        c.ascii |= strcmp(argv[i], "--ascii") == 0;
        c.no_color |= strcmp(argv[i], "--no-color") == 0;
        c.host_is_local &= strcmp(argv[i], "--remote") != 0;
    }
    c.host = c.host_is_local ? c.host : "shop.example";
    sim_init(&d->sim, plan, 7);
    if (strcmp(scene, "setup") != 0) {
        sim_run(&d->sim, (unsigned)at);
    }
    demo_scene(d, scene);
    sim_tick(&d->sim);
    c.story = d->sim.story;
    pthread_mutex_init(&d->lock, NULL);
    d->loop = ev_default_loop(EVFLAG_AUTO);
    demo_watch(d);
    if (!screen_start(&c, &d->screen, &e)) {
        printf("plain lines: %s\n", e.text);
        sim_clear(&d->sim);
        return 3;
    }
    if (strcmp(scene, "finished") == 0) {
        demo_end(d, 99);
    }
    ev_run(d->loop, 0);
    screen_stop(&d->screen);
    printf("summary: %llu requests, by_signal %d\n",
           (unsigned long long)ledger_summary(d->sim.ledger, -1, SPAN_RUN)
               .requests,
           d->by_signal);
    sim_clear(&d->sim);
    return d->sim.tick.outcome.exit_code < 0 ? 0
                                             : d->sim.tick.outcome.exit_code;
}
