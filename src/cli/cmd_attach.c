/* SPDX-License-Identifier: MIT
 *
 * brunt attach: a second screen of a run that is under way, to watch, or with
 * --steer to steer as well. Whoever leaves it leaves the run alone. */
#include "config.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ev.h>

#include "base/must.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/load_plan.h"
#include "cli/run_of.h"
#include "cli/settings.h"
#include "record/baseline.h"
#include "remote/follow.h"
#include "remote/record.h"
#include "screen/screen.h"

#define ATTACH_MAGIC   0xa77ac401u
#define ATTACH_SIGNALS 5

struct attach {
    unsigned magic;
    struct ev_loop *loop;
    struct link link;
    struct follow follow;
    struct screen *screen;
    struct settings settings;
    struct baseline_run *baseline; /* owned; NULL = none */
    char host[256];
    bool host_is_local;
    ev_io in;
    ev_async left, posted;
    ev_signal signals[ATTACH_SIGNALS];
    bool lost; /* the connection broke before the run's end */
    bool told; /* the screen, of the end */
    struct err why;
    /* Commands from the screen's thread, under lock. */
    pthread_mutex_t lock;
    struct command *list; /* owned */
    size_t n, cap;
};

static void attach_post(void *ctx, const struct command *cmd)
{
    struct attach *a = ctx;

    OBJ_CHECK(a, ATTACH_MAGIC);
    pthread_mutex_lock(&a->lock);
    a->list = xgrow(a->list, a->n, &a->cap, sizeof *a->list);
    a->list[a->n++] = *cmd;
    pthread_mutex_unlock(&a->lock);
    ev_async_send(a->loop, &a->posted);
}

static void attach_left(void *ctx)
{
    struct attach *a = ctx;

    OBJ_CHECK(a, ATTACH_MAGIC);
    ev_async_send(a->loop, &a->left);
}

static void attach_on_left(struct ev_loop *loop, ev_async *w, int revents)
{
    (void)w;
    (void)revents;
    ev_break(loop, EVBREAK_ALL);
}

/* The screen is told once, whatever else still comes from the run. */
static void attach_finish(struct attach *a)
{
    if (!a->told) {
        a->told = true;
        screen_finish(a->screen, "");
    }
}

/* The run is over, or cannot be heard any more: what was, stays to be looked
 * at. */
static void attach_over(struct attach *a)
{
    ev_io_stop(a->loop, &a->in);
    if (!a->follow.finished) {
        a->lost = true;
        follow_lost(&a->follow, a->why.text);
        screen_tick(a->screen);
    }
    attach_finish(a);
}

static void attach_on_in(struct ev_loop *loop, ev_io *w, int revents)
{
    struct attach *a = w->data;

    (void)loop;
    (void)revents;
    OBJ_CHECK(a, ATTACH_MAGIC);
    if (!link_fill(&a->link, LINK_WAIT_MS, &a->why) ||
        !follow_feed(&a->follow, &a->link.in, &a->why)) {
        attach_over(a);
        return;
    }
    screen_tick(a->screen);
    if (a->follow.finished) {
        attach_finish(a);
    }
}

static void attach_on_posted(struct ev_loop *loop, ev_async *w, int revents)
{
    struct attach *a = w->data;
    struct command *list;
    size_t n, i;

    (void)loop;
    (void)revents;
    OBJ_CHECK(a, ATTACH_MAGIC);
    pthread_mutex_lock(&a->lock);
    list = a->list;
    n = a->n;
    a->list = NULL;
    a->n = a->cap = 0;
    pthread_mutex_unlock(&a->lock);
    for (i = 0; i < n && !a->lost; i++) {
        cJSON *o = follow_command(&a->follow, &list[i]);

        /* That it cannot be sent, reading will tell as well. */
        if (!link_send(&a->link, o, NULL)) {
            n = i;
        }
        cJSON_Delete(o);
    }
    free(list);
}

static void attach_on_ending(struct ev_loop *loop, ev_signal *w, int revents)
{
    (void)w;
    (void)revents;
    ev_break(loop, EVBREAK_ALL);
}

static void attach_on_resize(struct ev_loop *loop, ev_signal *w, int revents)
{
    struct attach *a = w->data;

    (void)loop;
    (void)revents;
    OBJ_CHECK(a, ATTACH_MAGIC);
    screen_resize(a->screen);
}

static void attach_on_stop(struct ev_loop *loop, ev_signal *w, int revents)
{
    struct attach *a = w->data;

    (void)revents;
    OBJ_CHECK(a, ATTACH_MAGIC);
    screen_suspend(a->screen);
    raise(SIGSTOP);
    ev_now_update(loop);
    screen_resume(a->screen);
}

static void attach_watch(struct attach *a)
{
    static const struct {
        int sig;
        void (*fn)(struct ev_loop *, ev_signal *, int);
    } rows[ATTACH_SIGNALS] = {
        {SIGINT, attach_on_ending}, {SIGTERM, attach_on_ending},
        {SIGHUP, attach_on_ending}, {SIGWINCH, attach_on_resize},
        {SIGTSTP, attach_on_stop},
    };
    int i;

    for (i = 0; i < ATTACH_SIGNALS; i++) {
        ev_signal_init(&a->signals[i], rows[i].fn, rows[i].sig);
        a->signals[i].data = a;
        ev_signal_start(a->loop, &a->signals[i]);
    }
    ev_io_init(&a->in, attach_on_in, a->link.fd, EV_READ);
    ev_async_init(&a->left, attach_on_left);
    ev_async_init(&a->posted, attach_on_posted);
    a->in.data = a->left.data = a->posted.data = a;
    ev_async_start(a->loop, &a->left);
    ev_async_start(a->loop, &a->posted);
}

static void attach_unwatch(struct attach *a)
{
    int i;

    for (i = 0; i < ATTACH_SIGNALS; i++) {
        ev_signal_stop(a->loop, &a->signals[i]);
    }
    ev_io_stop(a->loop, &a->in);
    ev_async_stop(a->loop, &a->left);
    ev_async_stop(a->loop, &a->posted);
}

/* Asks to be sent all, and reads until there is something to be shown. */
static bool attach_begin(struct attach *a, bool steer, struct err *e)
{
    cJSON *ask = cJSON_CreateObject(), *answer;
    const cJSON *host, *error;
    char text[400];

    cJSON_AddStringToObject(ask, "do", "attach");
    cJSON_AddBoolToObject(ask, "steer", steer);
    answer = link_ask(&a->link, ask, e);
    cJSON_Delete(ask);
    if (answer == NULL) {
        return false;
    }
    error = cJSON_GetObjectItemCaseSensitive(answer, "error");
    host = cJSON_GetObjectItemCaseSensitive(answer, "host");
    if (cJSON_IsString(error)) {
        err_set(e, ERR_IO, "%s",
                text_safe(text, sizeof text, error->valuestring));
        cJSON_Delete(answer);
        return false;
    }
    text_safe(a->host, sizeof a->host,
              cJSON_IsString(host) ? host->valuestring : "");
    a->host_is_local =
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(answer, "host_is_local"));
    cJSON_Delete(answer);
    do {
        if (!follow_feed(&a->follow, &a->link.in, e)) {
            return false;
        }
    } while (!a->follow.any && link_fill(&a->link, LINK_WAIT_MS, e));
    return a->follow.any;
}

static bool attach_show(struct attach *a, bool steer, struct err *e)
{
    struct screen_config c = {
        .story = a->follow.story,
        .post = attach_post,
        .post_ctx = a,
        .left = attach_left,
        .left_ctx = a,
        .host = a->host,
        .host_is_local = a->host_is_local,
        .ascii = a->settings.ascii,
        .no_color = a->settings.no_color,
        .theme = a->settings.theme,
        .step = a->settings.step,
        .mouse = a->settings.mouse,
        .keys = &a->settings.keys,
        .baseline = a->baseline,
        .spectator = true,
        .steer = steer,
    };

    return screen_start(&c, &a->screen, e);
}

/* After the screen: what became of the run, as far as it is known here. */
static int attach_say(const struct attach *a)
{
    const struct outcome *o = &story_tick(a->follow.story)->outcome;

    if (a->lost) {
        fprintf(stderr, "brunt attach: the run is gone: %s\n", a->why.text);
        return CTL_NO_RUN;
    }
    if (a->follow.finished) {
        printf("%s: %s (exit code %d)\n", run_status_name(o->status), o->text,
               o->exit_code);
    } else {
        puts("left; the run goes on");
    }
    return EXIT_OK;
}

static int attach_run(struct attach *a, bool steer)
{
    struct err e = ERR_INIT;
    char text[900];
    int code = CTL_NO_RUN;

    if (!attach_begin(a, steer, &e)) {
        fprintf(stderr, "brunt attach: %s\n", err_str(&e, text, sizeof text));
        return code;
    }
    a->loop = ev_default_loop(EVFLAG_AUTO);
    MUST(a->loop != NULL);
    attach_watch(a);
    if (attach_show(a, steer, &e)) {
        ev_io_start(a->loop, &a->in);
        if (a->follow.finished) {
            attach_finish(a);
        }
        ev_run(a->loop, 0);
        screen_stop(&a->screen);
        code = attach_say(a);
    } else {
        fprintf(stderr, "brunt attach: %s\n", err_str(&e, text, sizeof text));
        code = EXIT_INVALID;
    }
    attach_unwatch(a);
    ev_loop_destroy(a->loop);
    return code;
}

int cmd_attach(const struct cli_args *args)
{
    struct attach a = {.magic = ATTACH_MAGIC};
    int code = CTL_NO_RUN;

    if (args->n_words > 0) {
        fputs("brunt attach: takes no word; --socket PATH says which run\n",
              stderr);
        return EXIT_INVALID;
    }
    if (!isatty(STDOUT_FILENO)) {
        fputs("brunt attach: needs a terminal; brunt ctl watch is for pipes\n",
              stderr);
        return EXIT_INVALID;
    }
    if (!settings_read(args, &a.settings) ||
        !load_baseline(args, &a.baseline)) {
        return EXIT_INVALID;
    }
    pthread_mutex_init(&a.lock, NULL);
    follow_init(&a.follow);
    if (run_of_args(args, "attach", &a.link)) {
        code = attach_run(&a, args->set[OPTION_STEER]);
    }
    follow_clear(&a.follow);
    link_close(&a.link);
    free(a.list);
    baseline_free(&a.baseline);
    pthread_mutex_destroy(&a.lock);
    a.magic = 0;
    return code;
}
