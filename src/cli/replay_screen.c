/* SPDX-License-Identifier: MIT
 *
 * replay_screen - a recorded run on the screen: the player on the main thread,
 * which the keys of the screen's thread ask for what they do. */
#include "config.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <ev.h>

#include "base/clk.h"
#include "base/must.h"
#include "base/num.h"
#include "base/text.h"
#include "base/wall.h"
#include "base/xalloc.h"
#include "cli/cli.h"
#include "cli/load_plan.h"
#include "cli/replay_internal.h"
#include "record/results.h"
#include "screen/replay.h"
#include "screen/screen.h"

#define SHOW_MAGIC   0x4e91a401u
#define SHOW_SIGNALS 5
/* Longest time until the player is looked at again. */
#define SHOW_WAIT_US UINT64_C(60000000)

struct show {
    unsigned magic;
    struct replay *replay; /* borrowed */
    struct player *player; /* owned */
    struct ev_loop *loop;
    struct screen *screen;
    ev_timer due;
    ev_async left, posted;
    ev_signal signals[SHOW_SIGNALS];
    /* Between the threads, under lock. */
    pthread_mutex_t lock;
    struct replay_ask *list; /* owned */
    size_t n, cap;
    struct replay_now now;
};

static uint64_t show_clock(void)
{
    return clk_now(clk_system());
}

/* On the screen's thread, as the next two. */
static void show_now(void *ctx, struct replay_now *out)
{
    struct show *s = ctx;

    OBJ_CHECK(s, SHOW_MAGIC);
    pthread_mutex_lock(&s->lock);
    *out = s->now;
    pthread_mutex_unlock(&s->lock);
}

static void show_ask(void *ctx, const struct replay_ask *ask)
{
    struct show *s = ctx;

    OBJ_CHECK(s, SHOW_MAGIC);
    pthread_mutex_lock(&s->lock);
    s->list = xgrow(s->list, s->n, &s->cap, sizeof *s->list);
    s->list[s->n++] = *ask;
    pthread_mutex_unlock(&s->lock);
    ev_async_send(s->loop, &s->posted);
}

static void show_left(void *ctx)
{
    struct show *s = ctx;

    OBJ_CHECK(s, SHOW_MAGIC);
    ev_async_send(s->loop, &s->left);
}

/* The screen is told where the player is; note: NULL = nothing else. */
static void show_tell(struct show *s, const char *note)
{
    struct player_now p = player_now(s->player);

    pthread_mutex_lock(&s->lock);
    s->now.paused = p.paused;
    s->now.ended = p.ended;
    s->now.cut = p.cut;
    s->now.speed = p.speed;
    s->now.total_us = p.total_us;
    text_safe(s->now.why, sizeof s->now.why, p.why);
    if (note != NULL) {
        s->now.notes++;
        text_safe(s->now.note, sizeof s->now.note, note);
    }
    pthread_mutex_unlock(&s->lock);
    if (s->screen != NULL) {
        screen_tick(s->screen);
    }
}

static void show_wait(struct show *s)
{
    uint64_t us = player_due_us(s->player, show_clock());

    ev_timer_stop(s->loop, &s->due);
    if (us == UINT64_MAX) {
        return;
    }
    us = us < SHOW_WAIT_US ? us : SHOW_WAIT_US;
    ev_now_update(s->loop);
    ev_timer_set(&s->due, (double)us / 1e6, 0.);
    ev_timer_start(s->loop, &s->due);
}

static void show_on_due(struct ev_loop *loop, ev_timer *w, int revents)
{
    struct show *s = w->data;

    (void)loop;
    (void)revents;
    OBJ_CHECK(s, SHOW_MAGIC);
    if (player_run(s->player, show_clock())) {
        show_tell(s, NULL);
    }
    show_wait(s);
}

static const char *show_write(struct show *s, char *text, size_t size)
{
    struct err e = ERR_INIT;
    char name[512], why[900];
    bool ok = results_write_named(s->replay->story, name, sizeof name, &e);

    snprintf(text, size, "%s%.180s", ok ? "wrote " : "",
             ok ? name : err_str(&e, why, sizeof why));
    return text;
}

/* NULL, or what there is to be said of it. */
static const char *show_apply(struct show *s, const struct replay_ask *a,
                              char *text, size_t size)
{
    struct player *p = s->player;
    uint64_t now = show_clock();
    bool on = a->number > 0;

    switch (a->kind) {
    case REPLAY_PAUSE:
        player_pause(p, now);
        return NULL;
    case REPLAY_FASTER:
        if (a->number == 0) {
            player_real(p, now);
        } else if (on) {
            player_faster(p, now);
        } else {
            player_slower(p, now);
        }
        return NULL;
    case REPLAY_SKIP:
        player_skip(p, now, a->number * (int64_t)US_PER_SEC);
        return NULL;
    case REPLAY_SEEK:
        player_seek(p, now, (uint64_t)a->number);
        return NULL;
    case REPLAY_STEP:
        return (on ? player_next_stage(p, now, a->scenario)
                   : player_previous_stage(p, now, a->scenario))
                   ? NULL
               : on ? "no stage begins after this"
                    : "no stage has begun before this";
    case REPLAY_STAGE:
        return player_stage(p, now, a->scenario, (size_t)a->number)
                   ? NULL
                   : "the run never came to that stage";
    case REPLAY_MARK:
        return (on ? player_next_mark(p, now) : player_previous_mark(p, now))
                   ? NULL
               : on ? "no mark comes after this"
                    : "no mark was set before this";
    case REPLAY_WRITE:
        return show_write(s, text, size);
    }
    MUST(!"a key of a replay");
    return NULL;
}

static void show_on_posted(struct ev_loop *loop, ev_async *w, int revents)
{
    struct show *s = w->data;
    struct replay_ask *list;
    size_t n, i;

    (void)loop;
    (void)revents;
    OBJ_CHECK(s, SHOW_MAGIC);
    pthread_mutex_lock(&s->lock);
    list = s->list;
    n = s->n;
    s->list = NULL;
    s->n = s->cap = 0;
    pthread_mutex_unlock(&s->lock);
    for (i = 0; i < n; i++) {
        char text[200];

        show_tell(s, show_apply(s, &list[i], text, sizeof text));
    }
    free(list);
    show_wait(s);
}

static void show_on_left(struct ev_loop *loop, ev_async *w, int revents)
{
    (void)w;
    (void)revents;
    ev_break(loop, EVBREAK_ALL);
}

static void show_on_ending(struct ev_loop *loop, ev_signal *w, int revents)
{
    (void)w;
    (void)revents;
    ev_break(loop, EVBREAK_ALL);
}

static void show_on_resize(struct ev_loop *loop, ev_signal *w, int revents)
{
    struct show *s = w->data;

    (void)loop;
    (void)revents;
    OBJ_CHECK(s, SHOW_MAGIC);
    screen_resize(s->screen);
}

/* Ctrl-Z: a replay that nobody sees stands still. */
static void show_on_stop(struct ev_loop *loop, ev_signal *w, int revents)
{
    struct show *s = w->data;
    bool paused = player_now(s->player).paused;

    (void)revents;
    OBJ_CHECK(s, SHOW_MAGIC);
    screen_suspend(s->screen);
    player_hold(s->player, show_clock(), true);
    raise(SIGSTOP);
    ev_now_update(loop);
    player_hold(s->player, show_clock(), paused);
    screen_resume(s->screen);
    show_wait(s);
}

static void show_watch(struct show *s)
{
    static const struct {
        int sig;
        void (*fn)(struct ev_loop *, ev_signal *, int);
    } rows[SHOW_SIGNALS] = {
        {SIGINT, show_on_ending}, {SIGTERM, show_on_ending},
        {SIGHUP, show_on_ending}, {SIGWINCH, show_on_resize},
        {SIGTSTP, show_on_stop},
    };
    int i;

    for (i = 0; i < SHOW_SIGNALS; i++) {
        ev_signal_init(&s->signals[i], rows[i].fn, rows[i].sig);
        s->signals[i].data = s;
        ev_signal_start(s->loop, &s->signals[i]);
    }
    ev_timer_init(&s->due, show_on_due, 0., 0.);
    ev_async_init(&s->left, show_on_left);
    ev_async_init(&s->posted, show_on_posted);
    s->due.data = s->left.data = s->posted.data = s;
    ev_async_start(s->loop, &s->left);
    ev_async_start(s->loop, &s->posted);
}

static void show_unwatch(struct show *s)
{
    int i;

    for (i = 0; i < SHOW_SIGNALS; i++) {
        ev_signal_stop(s->loop, &s->signals[i]);
    }
    ev_timer_stop(s->loop, &s->due);
    ev_async_stop(s->loop, &s->left);
    ev_async_stop(s->loop, &s->posted);
}

/* "2026-11-27 14:05 · nightly". */
static void show_what(struct show *s)
{
    const struct recording_meta *m = recording_meta(s->replay->recording);
    const struct recording_label *l = recording_label(s->replay->recording);
    char when[40];

    wall_local(m->began, when, sizeof when);
    snprintf(s->now.what, sizeof s->now.what, "%.16s%s%s", when,
             l->name[0] != '\0' ? " · " : "", l->name);
}

/* --from, or the beginning. */
static bool show_begin(struct show *s)
{
    const struct cli_args *a = s->replay->args;
    unsigned speed =
        a->set[OPTION_SPEED] ? (unsigned)a->count[OPTION_SPEED] : 1;
    struct replay_time from = {.us = 0};
    char shown[128];

    if (a->set[OPTION_FROM]) {
        from = replay_time(a->text[OPTION_FROM], 0,
                           player_now(s->player).total_us);
        if (!from.ok) {
            fprintf(stderr, "brunt replay: --from: '%s' is not %s\n",
                    text_safe(shown, sizeof shown, a->text[OPTION_FROM]),
                    from.text);
            return false;
        }
    }
    player_begin(s->player, show_clock(), speed);
    if (from.us > 0) {
        player_seek(s->player, show_clock(), from.us);
    }
    show_tell(s, NULL);
    return true;
}

static bool show_open(struct show *s, const struct replay_port *port)
{
    const struct settings *set = &s->replay->settings;
    struct err e = ERR_INIT;
    struct screen_config c = {
        .story = s->replay->story,
        .left = show_left,
        .left_ctx = s,
        .host = "",
        .host_is_local = true,
        .ascii = set->ascii,
        .no_color = set->no_color,
        .theme = set->theme,
        .step = set->step,
        .mouse = set->mouse,
        .keys = &set->keys,
        .baseline = s->replay->baseline,
        .spectator = true,
        .replay = port,
    };

    if (!screen_start(&c, &s->screen, &e)) {
        print_err(&e);
        fputs("brunt replay: --headless prints lines and the summary\n",
              stderr);
        return false;
    }
    return true;
}

static int show_run(struct show *s)
{
    const struct replay_port port = {show_now, show_ask, s};
    int code = EXIT_INVALID;

    s->loop = ev_default_loop(EVFLAG_AUTO);
    MUST(s->loop != NULL);
    show_watch(s);
    show_what(s);
    if (show_begin(s) && show_open(s, &port)) {
        show_wait(s);
        ev_run(s->loop, 0);
        screen_stop(&s->screen);
        code = EXIT_OK;
    }
    show_unwatch(s);
    ev_loop_destroy(s->loop);
    return code;
}

int replay_on_screen(struct replay *r)
{
    struct show s = {.magic = SHOW_MAGIC, .replay = r};
    struct player_source source = replay_source(r);
    struct err e = ERR_INIT;
    int code = EXIT_INVALID;

    s.player = player_new(&source, r->story, &e);
    if (s.player == NULL) {
        print_err(&e);
        return code;
    }
    pthread_mutex_init(&s.lock, NULL);
    code = show_run(&s);
    player_free(&s.player);
    pthread_mutex_destroy(&s.lock);
    free(s.list);
    s.magic = 0;
    return code;
}
