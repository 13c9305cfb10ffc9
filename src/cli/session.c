/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cli/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clk.h"
#include "base/must.h"
#include "base/rng.h"
#include "base/text.h"
#include "cli/host.h"
#include "cli/load_plan.h"
#include "cli/server_args.h"
#include "cli/session_internal.h"
#include "cli/summary_show.h"
#include "console/github.h"
#include "load/startup.h"
#include "record/junit.h"
#include "record/plan_save.h"
#include "record/results.h"
#include "record/summary_export.h"
#include "remote/runtime.h"
#include "run/outcome.h"

/* Key w. */
static bool session_write(void *ctx, const char *path, char *answer,
                          size_t size)
{
    struct session *s = ctx;
    struct err e = ERR_INIT;
    char name[512], text[1024];
    bool ok;

    OBJ_CHECK(s, SESSION_MAGIC);
    if (path[0] != '\0') {
        snprintf(name, sizeof name, "%s", path);
        ok = results_write(s->story, path, &e);
    } else {
        ok = results_write_named(s->story, name, sizeof name, &e);
    }
    snprintf(answer, size, "%s", ok ? name : err_str(&e, text, sizeof text));
    return ok;
}

/* Key S. */
static bool session_save_plan(void *ctx, const char *path, char *answer,
                              size_t size)
{
    struct session *s = ctx;
    struct err e = ERR_INIT;
    char name[512], text[1024];
    bool ok;

    OBJ_CHECK(s, SESSION_MAGIC);
    ok = plan_save(s->story, path, name, sizeof name, &e);
    snprintf(answer, size, "%s", ok ? name : err_str(&e, text, sizeof text));
    return ok;
}

static void session_post(void *ctx, const struct command *cmd)
{
    struct session *s = ctx;

    OBJ_CHECK(s, SESSION_MAGIC);
    conductor_post(s->conductor, cmd);
}

/* On the screen's thread. */
static void session_left(void *ctx)
{
    struct session *s = ctx;

    OBJ_CHECK(s, SESSION_MAGIC);
    ev_async_send(s->loop, &s->left);
}

static void session_on_tick(void *ctx, const struct tick *t)
{
    struct session *s = ctx;

    OBJ_CHECK(s, SESSION_MAGIC);
    story_feed(s->story, t);
    session_record_tick(s, t);
    session_out_tick(s, t);
    if (s->server != NULL) {
        server_tick(s->server, t);
    }
    if (s->console != NULL) {
        console_feed(s->console, t);
    }
    if (s->screen != NULL) {
        screen_tick(s->screen);
    }
}

typedef bool session_write_fn(struct story *s, const char *path,
                              const char *tmp, char *where, size_t size,
                              struct err *e);

/* A file of the end, if it was asked for; "results" "are". */
static void session_save_as(struct session *s, enum opt_id id,
                            session_write_fn *write, const char *what,
                            const char *is)
{
    struct err e = ERR_INIT;
    char where[512], shown[1024];
    size_t n = strlen(s->files);

    if (!s->args->set[id]) {
        return;
    }
    if (!write(s->story, s->args->text[id], runtime_temp_folder(), where,
               sizeof where, &e)) {
        print_err(&e);
        fprintf(stderr, "brunt: %s %s not written anywhere\n", what, is);
        snprintf(where, sizeof where, "no file: they could not be written");
    } else if (e.code != ERR_NONE) {
        print_err(&e);
        fprintf(stderr, "brunt: %s %s in %s instead\n", what, is,
                text_safe(shown, sizeof shown, where));
    }
    if (id == OPTION_RESULTS) {
        snprintf(s->results_at, sizeof s->results_at, "%s", where);
    }
    snprintf(s->files + n, sizeof s->files - n, "%s%s in %s",
             n > 0 ? " · " : "", what, text_safe(shown, sizeof shown, where));
}

/* How streams to elsewhere fared is known later than the rest. Not of what is
 * no file: there it would stand twice. */
static void session_save_again(struct session *s)
{
    struct err e = ERR_INIT;
    struct stat st;

    if (s->results_at[0] != '\0' && stat(s->results_at, &st) == 0 &&
        S_ISREG(st.st_mode) && !results_write(s->story, s->results_at, &e)) {
        print_err(&e);
    }
}

void session_save(struct session *s)
{
    if (s->saved) {
        session_save_again(s);
        return;
    }
    s->saved = true;
    session_save_as(s, OPTION_RESULTS, results_write_final, "results", "are");
    session_save_as(s, OPTION_SUMMARY_EXPORT, summary_export_write_final,
                    "the summary export", "is");
    session_save_as(s, OPTION_JUNIT, junit_write_final, "JUnit", "is");
}

/* Now, not when the person leaves: until then the terminal, or the machine,
 * may be gone. */
void session_finish(struct session *s)
{
    s->done = true;
    session_save(s);
    if (s->screen == NULL || s->by_signal) {
        ev_break(s->loop, EVBREAK_ALL);
    } else {
        screen_finish(s->screen, s->files);
    }
}

static void session_on_done(void *ctx)
{
    struct session *s = ctx;

    OBJ_CHECK(s, SESSION_MAGIC);
    session_record_end(s);
    session_out_end(s);
}

/* A secret may be part of the address. */
static void session_mask(const struct plan *p, char *text, size_t size)
{
    struct buf masked;

    buf_init(&masked, 4 * size);
    plan_mask(p, &masked, text, strlen(text));
    (void)snprintf(text, size, "%s", buf_str(&masked));
    buf_clear(&masked);
}

static void session_host(struct session *s)
{
    const struct plan *p = conductor_info(s->conductor)->plan;

    (void)plan_host(p, s->host, sizeof s->host);
    s->host_is_local = host_is_local(s->host);
    session_mask(p, s->host, sizeof s->host);
}

/* The control socket: one that was asked for must be there. */
static bool session_serve(struct session *s)
{
    const struct cli_args *a = s->args;
    struct err e = ERR_INIT;
    struct server_config c = {
        .loop = s->loop,
        .info = conductor_info(s->conductor),
        .story = s->story,
        .post = session_post,
        .post_ctx = s,
        .path = a->set[OPTION_SOCKET] ? a->text[OPTION_SOCKET] : NULL,
        .host = s->host,
        .host_is_local = s->host_is_local,
    };

    if (server_open(&c, &s->server, &e)) {
        return true;
    }
    print_err(&e);
    if (!a->set[OPTION_SOCKET]) {
        fputs("brunt: going on without a control socket\n", stderr);
    }
    return !a->set[OPTION_SOCKET];
}

/* The screen, or plain lines where there is no terminal for it. */
static void session_show(struct session *s)
{
    struct err e = ERR_INIT;
    struct console_options plain = {
        .quiet = s->args->set[OPTION_QUIET],
        .ascii = s->settings.ascii,
    };

    if (!session_headless(s->args)) {
        struct screen_config c = {
            .story = s->story,
            .post = session_post,
            .post_ctx = s,
            .ascii = s->settings.ascii,
            .no_color = s->settings.no_color,
            .theme = s->settings.theme,
            .step = s->settings.step,
            .mouse = s->settings.mouse,
            .keys = &s->settings.keys,
            .baseline = s->baseline,
            .left = session_left,
            .left_ctx = s,
        };

        c.host = s->host;
        c.host_is_local = s->host_is_local;
        c.own_service = s->own_service;
        if (screen_start(&c, &s->screen, &e)) {
            return;
        }
        print_err(&e);
        fputs("brunt: going on with plain lines\n", stderr);
    }
    s->console = console_new(stderr, s->story, &plain);
}

/* A job of GitHub Actions is told where it looks. */
static void session_github(struct session *s)
{
    const char *path = getenv("GITHUB_STEP_SUMMARY");
    struct err e = ERR_INIT;

    if (!github_is_job()) {
        return;
    }
    github_annotate(stdout, s->story);
    if (path != NULL && path[0] != '\0' && !github_append(s->story, path, &e)) {
        print_err(&e);
        fputs("brunt: going on without a summary of the job\n", stderr);
    }
}

static void session_end(struct session *s)
{
    if (s->screen != NULL) {
        screen_stop(&s->screen);
    }
    if (s->console != NULL) {
        console_free(&s->console);
    }
    summary_show(s->story, &s->settings, s->baseline, false);
    session_github(s);
    (void)fflush(stdout);
}

static bool session_conductor(struct session *s, const struct plan *p,
                              const struct lineup *l, bool own_service)
{
    const struct cli_args *a = s->args;
    struct scrape_config metrics;
    struct err e = ERR_INIT;
    char notice[128];
    struct conductor_config c = {
        .plan = p,
        .lineup = l,
        .loop = s->loop,
        .time_scale =
            a->set[OPTION_TIME_SCALE] ? a->number[OPTION_TIME_SCALE] : 1.0,
        .workers = (unsigned)a->count[OPTION_WORKERS],
        .seed = a->set[OPTION_SEED] ? a->count[OPTION_SEED] : rng_entropy(),
        .max_vus = (uint32_t)a->count[OPTION_MAX_VUS],
        .rps = (uint32_t)a->count[OPTION_RPS],
        .no_thresholds = a->set[OPTION_NO_THRESHOLDS] || s->hunt != NULL,
        .hunt = s->hunt,
        .taps = s->taps,
        .no_setup = a->set[OPTION_NO_SETUP],
        .wait_us = a->count[OPTION_WAIT],
        .own_service = own_service,
        .write = session_write,
        .write_ctx = s,
        .save = session_save_plan,
        .save_ctx = s,
    };

    if (!server_args(a, p, &c.watch, &metrics, &e)) {
        print_err(&e);
        return false;
    }
    if (s->metrics != NULL) {
        snprintf(notice, sizeof notice, "metrics at %s",
                 metrics_port_url(s->metrics));
        c.notice = notice;
    }
    metrics.over = session_over;
    metrics.over_ctx = s;
    if (!conductor_new(&c, &s->conductor, &e)) {
        print_err(&e);
        return false;
    }
    if (s->early != NULL) {
        conductor_signal(s->conductor, s->early);
    }
    return true;
}

/* The page for Prometheus: what is to listen does so before anything starts. */
static bool session_listen(struct session *s)
{
    struct err e = ERR_INIT;

    if (!s->args->set[OPTION_METRICS_PORT]) {
        return true;
    }
    s->metrics =
        metrics_port_new((unsigned)s->args->count[OPTION_METRICS_PORT], &e);
    if (s->metrics == NULL) {
        print_err(&e);
    }
    return s->metrics != NULL;
}

static bool session_answer(struct session *s)
{
    struct err e = ERR_INIT;

    if (s->metrics == NULL || metrics_port_serve(s->metrics, s->story, &e)) {
        return true;
    }
    print_err(&e);
    return false;
}

static void session_play(struct session *s)
{
    conductor_add_reader(s->conductor, session_on_tick, s);
    session_watch(s);
    session_show(s);
    conductor_start(s->conductor, session_on_done, s);
    ev_run(s->loop, 0);
    server_close(&s->server);
    session_end(s);
}

static int session_all(const struct cli_args *a, const struct plan *p,
                       const struct lineup *l, bool own_service,
                       const struct hunt_config *hunt)
{
    struct session s = {.magic = SESSION_MAGIC,
                        .args = a,
                        .hunt = hunt,
                        .own_service = own_service};
    int code = EXIT_INVALID;

    if (!settings_read(a, &s.settings) || !load_baseline(a, &s.baseline)) {
        return code;
    }
    load_startup();
    s.loop = ev_default_loop(EVFLAG_AUTO);
    MUST(s.loop != NULL);
    session_watch_ending(&s);
    if (session_out_begin(&s) && session_listen(&s) &&
        session_conductor(&s, p, l, own_service)) {
        s.story = story_new(conductor_info(s.conductor));
        if (s.baseline != NULL) {
            story_hold_against(s.story, &s.baseline->earlier);
        }
        session_host(&s);
        if (!session_answer(&s)) {
            code = EXIT_INVALID;
        } else if (!session_serve(&s)) {
            code = EXIT_CODE_SOCKET;
        } else if (session_out(&s) && session_record(&s)) {
            session_play(&s);
            code = conductor_outcome(s.conductor).exit_code;
        }
        server_close(&s.server);
        metrics_port_free(&s.metrics);
        session_out_close(&s);
        session_record_close(&s);
        story_free(&s.story);
    }
    metrics_port_free(&s.metrics);
    session_unwatch(&s);
    conductor_free(&s.conductor);
    session_out_free(&s);
    baseline_free(&s.baseline);
    ev_loop_destroy(s.loop);
    load_shutdown();
    s.magic = 0;
    return code;
}

int session_run(const struct cli_args *a, const struct plan *p,
                const struct lineup *l, bool own_service)
{
    return session_all(a, p, l, own_service, NULL);
}

int session_hunt(const struct cli_args *a, const struct plan *p,
                 const struct lineup *l, const struct hunt_config *hunt)
{
    return session_all(a, p, l, false, hunt);
}
