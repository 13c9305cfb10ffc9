/* SPDX-License-Identifier: MIT
 *
 * The conductor end to end in one process: real workers, a server on the
 * loopback that counts what it read, commands on ticks. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <pthread.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>
#include <ev.h>

#include "base/num.h"
#include "base/rng.h"
#include "support/served_run.h"
#include "target/target.h"

#define SEC UINT64_C(1000000)

#define CONSTANT(vus, duration)                                                \
    "{ \"executor\": \"constant-vus\", \"vus\": " #vus ", \"duration\": "      \
    "\"" duration "\", \"gracefulStop\": \"2s\" }"

static void every_request_the_server_read_is_counted(void **state)
{
    (void)state;
    served_run_begin("/ok",
                     "{ \"executor\": \"shared-iterations\", \"vus\": 10, "
                     "\"iterations\": 300, \"maxDuration\": \"50s\" }",
                     "");
    run_kit_run(&kit);
    assert_int_equal(kit.outcome.exit_code, 0);
    assert_int_equal(kit.outcome.status, STATUS_PASSED);
    assert_int_equal(kit.requests, 300);
    assert_int_equal(kit.requests, raw_server_requests(server));
    assert_int_equal(
        ledger_summary(story_ledger(kit.story), -1, SPAN_RUN).requests,
        kit.requests);
    assert_int_equal(kit.last.vus + kit.last.draining + kit.last.in_flight, 0);
}

static const struct event *only_event(const char *type)
{
    size_t i = 0;
    const struct event *e = run_kit_event(&kit, type, &i);

    assert_non_null(e);
    assert_null(run_kit_event(&kit, type, &i));
    return e;
}

static unsigned count_events(const char *type)
{
    size_t i = 0;
    unsigned n = 0;

    while (run_kit_event(&kit, type, &i) != NULL) {
        n++;
    }
    return n;
}

static void first_tick_is_the_start_and_the_last_the_end(void **state)
{
    (void)state;
    served_run_begin("/ok", CONSTANT(2, "300ms"), "");
    run_kit_run(&kit);
    assert_int_equal(kit.first.seq, 0);
    assert_int_equal(kit.first.t_us, 0);
    assert_int_equal(kit.first.state, RUN_RUNNING);
    assert_int_equal(kit.first.outcome.exit_code, -1);
    assert_int_equal(kit.first.planned, 2);
    assert_int_equal(kit.last.planned, 0);
    assert_true(kit.last.t_us >= 300000);
    assert_int_equal(conductor_info(kit.conductor)->curves[0].length_us,
                     300000);
    assert_int_equal(kit.last.scenarios[0].stage_clock_us, 300000);
    assert_string_equal(only_event("stage")->value, "1");
    assert_int_equal(count_events("end"), 2); /* the plan's, the run's */
    assert_string_equal(kit.outcome.stopped_by, "");
    assert_true(conductor_info(kit.conductor)->started.us > 0);
}

static void time_scale_shortens_the_stages(void **state)
{
    (void)state;
    served_run_begin("/ok", CONSTANT(1, "20s"), "");
    kit.config.time_scale = 0.01;
    run_kit_run(&kit);
    assert_int_equal(conductor_info(kit.conductor)->curves[0].length_us,
                     200000);
}

/* Steps by tick: each is taken when the one before shows. */
struct script {
    unsigned step;
    uint64_t mark; /* whatever a step wants to remember */
    bool seen;
};

static struct script script;

static void play(run_kit_fn *fn)
{
    memset(&script, 0, sizeof script);
    kit.on_tick = fn;
    run_kit_run(&kit);
}

static void do_command(enum command_kind kind, int64_t number)
{
    run_kit_do(&kit, kind, number, "");
    script.step++;
}

static void steer_by_numbers(void *ctx, const struct tick *t)
{
    (void)ctx;
    switch (script.step) {
    case 0:
        do_command(COMMAND_SET_VUS, 20);
        return;
    case 1:
        if (t->wanted == 20 && t->vus == 20) {
            assert_true(t->manual);
            assert_int_equal(t->planned, 3);
            do_command(COMMAND_ADD_VUS, -15);
        }
        return;
    case 2:
        if (t->wanted == 5 && t->vus == 5 && t->draining == 0) {
            do_command(COMMAND_UNDO, 0);
        }
        return;
    case 3:
        if (t->wanted == 20 && t->vus == 20) {
            do_command(COMMAND_SPIKE, 0);
        }
        return;
    case 4:
        if (t->scenarios[0].spike && t->vus == 60) {
            do_command(COMMAND_FOLLOW, 0);
        }
        return;
    case 5:
        if (!t->manual && t->vus == 3) {
            do_command(COMMAND_NEXT_STAGE, 0); /* the last: ends the run */
        }
        return;
    default:
        return;
    }
}

static void commands_of_load_act_and_are_events(void **state)
{
    static const char *expected[][2] = {
        {"vus", "20"},   {"add", "5"},  {"undo", "20"},
        {"spike", "60"}, {"plan", "3"}, {"next", ""},
    };
    size_t i, k;

    (void)state;
    served_run_begin("/ok", CONSTANT(3, "60s"), "");
    play(steer_by_numbers);
    assert_int_equal(script.step, 6);
    for (i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        const struct event *e;

        k = 0;
        e = run_kit_event(&kit, expected[i][0], &k);
        assert_non_null(e);
        assert_string_equal(e->value, expected[i][1]);
        assert_string_equal(e->by, "test");
        assert_int_equal(e->load, i < 5);
    }
    assert_int_equal(kit.outcome.exit_code, 0);
    assert_string_equal(kit.outcome.stopped_by, "test");
    served_run_counted();
}

static void hold_and_jump(void *ctx, const struct tick *t)
{
    (void)ctx;
    switch (script.step) {
    case 0:
        do_command(COMMAND_HOLD, 0);
        return;
    case 1:
        if (t->held) {
            script.mark = t->scenarios[0].stage_clock_us;
            script.step++;
        }
        return;
    case 2:
        assert_int_equal(t->scenarios[0].stage_clock_us, script.mark);
        do_command(COMMAND_JUMP_STAGE, 2); /* lasts no time: it is passed */
        return;
    case 3:
        if (t->scenarios[0].stage == 2) {
            assert_true(t->held);
            assert_int_equal(t->planned, 7);
            assert_int_equal(t->left_us, 30 * SEC);
            if (t->vus == 7) {
                do_command(COMMAND_HOLD, 0);
            }
        }
        return;
    case 4:
        if (!t->held && t->scenarios[0].stage_clock_us > 30 * SEC) {
            do_command(COMMAND_STOP, 0);
        }
        return;
    default:
        return;
    }
}

static void clock_is_held_and_moved_over_stages(void **state)
{
    (void)state;
    served_run_begin(
        "/ok",
        "{ \"executor\": \"ramping-vus\", \"startVUs\": 2, \"stages\": ["
        "{ \"duration\": \"30s\", \"target\": 2 },"
        "{ \"duration\": \"0s\", \"target\": 7, \"name\": \"up\" },"
        "{ \"duration\": \"30s\", \"target\": 7 } ] }",
        "");
    play(hold_and_jump);
    assert_int_equal(script.step, 5);
}

static void pause_it(void *ctx, const struct tick *t)
{
    (void)ctx;
    switch (script.step) {
    case 0:
        if (kit.requests > 20) {
            do_command(COMMAND_PAUSE, 0);
        }
        return;
    case 1:
        if (t->state == RUN_PAUSED && t->in_flight == 0) {
            script.mark = raw_server_requests(server);
            script.step++;
        }
        return;
    case 2:
    case 3:
    case 4:
        /* VUs stay; nothing is asked of the service; no time passes. */
        assert_int_equal(t->state, RUN_PAUSED);
        assert_int_equal(t->vus, 4);
        assert_int_equal(t->active_us, 0);
        assert_int_equal(raw_server_requests(server), script.mark);
        script.step++;
        if (script.step == 5) {
            run_kit_do(&kit, COMMAND_PAUSE, 0, "");
        }
        return;
    case 5:
        if (raw_server_requests(server) > script.mark + 20) {
            assert_int_equal(t->state, RUN_RUNNING);
            do_command(COMMAND_STOP, 0);
        }
        return;
    default:
        return;
    }
}

static void pause_lets_nothing_begin_and_no_time_pass(void **state)
{
    (void)state;
    served_run_begin("/ok", CONSTANT(4, "60s"), "");
    play(pause_it);
    assert_int_equal(script.step, 6);
    assert_int_equal(count_events("pause"), 2);
    assert_true(kit.active_us + TICK_US < kit.last.t_us);
    assert_true(kit.last.scenarios[0].stage_clock_us + TICK_US < kit.last.t_us);
    served_run_counted();
}

/* As a stopped process does, though only the clock of the run stands. */
static void stand_still(uint64_t us)
{
    struct timespec ts = {.tv_sec = 0, .tv_nsec = (long)(us * 1000)};

    conductor_stand(kit.conductor);
    nanosleep(&ts, NULL);
    conductor_go(kit.conductor, "stopped by a test");
}

static void tell_a_gap(void *ctx, const struct tick *t)
{
    (void)ctx;
    if (script.step == 0 && t->t_us > 200000) {
        script.mark = t->scenarios[0].stage_clock_us;
        stand_still(250000);
        conductor_go(kit.conductor, "it goes already");
        do_command(COMMAND_HOLD, 0);
    } else if (script.step == 1 && t->held) {
        assert_true(t->scenarios[0].stage_clock_us < t->t_us - 240000);
        do_command(COMMAND_STOP, 0);
    }
}

static void gap_is_told_once_and_left_out_of_the_figures(void **state)
{
    const struct event *e;
    unsigned told = 0;
    double seconds = 0;
    size_t i = 0;

    (void)state;
    served_run_begin("/ok", CONSTANT(2, "60s"), "");
    play(tell_a_gap);
    /* A machine that is busy with others may make gaps of its own. */
    while ((e = run_kit_event(&kit, "gap", &i)) != NULL) {
        if (strstr(e->text, ": stopped by a test") != NULL) {
            assert_memory_equal(e->text, "gap of ", 7);
            assert_true(num_double(e->value, &seconds));
            assert_true(seconds >= 0.2);
            told++;
        }
    }
    assert_int_equal(told, 1);
    assert_int_equal(script.step, 2);
}

static bool write_file(void *ctx, const char *path, char *answer, size_t size)
{
    unsigned *written = ctx;

    ++*written;
    snprintf(answer, size, "%s", path[0] != '\0' ? path : "chosen.json");
    return path[0] != '/';
}

static void mark_and_write(void *ctx, const struct tick *t)
{
    (void)ctx;
    (void)t;
    if (script.step == 0) {
        run_kit_do(&kit, COMMAND_MARK, 0, "deploy \x1b[31m 42");
        run_kit_do(&kit, COMMAND_MARK, 0, "");
        run_kit_do(&kit, COMMAND_WRITE, 0, "");
        run_kit_do(&kit, COMMAND_WRITE, 0, "/nowhere");
        do_command(COMMAND_STOP, 0);
    }
}

static void marks_and_files_are_events_safe_to_show(void **state)
{
    unsigned written = 0;
    size_t i = 0;
    const struct event *e;

    (void)state;
    served_run_begin("/ok", CONSTANT(1, "60s"), "");
    kit.config.write = write_file;
    kit.config.write_ctx = &written;
    play(mark_and_write);
    e = run_kit_event(&kit, "mark", &i);
    assert_string_equal(e->value, "deploy \\x1b[31m 42");
    e = run_kit_event(&kit, "mark", &i);
    assert_string_equal(e->value, "mark 2");
    assert_string_equal(e->text, "mark 2");
    i = 0;
    e = run_kit_event(&kit, "write", &i);
    assert_string_equal(e->text, "wrote chosen.json");
    assert_string_equal(e->value, "chosen.json");
    e = run_kit_event(&kit, "write", &i);
    assert_true(e->bad);
    assert_int_equal(written, 2);
}

static void stop_after_writing(struct ev_loop *loop, ev_timer *w, int revents)
{
    (void)w;
    (void)revents;
    ev_break(loop, EVBREAK_ALL);
}

static void results_are_written_after_the_end_too(void **state)
{
    unsigned written = 0;
    struct tick end;
    ev_timer late;

    (void)state;
    served_run_begin("/ok", CONSTANT(1, "200ms"), "");
    kit.config.write = write_file;
    kit.config.write_ctx = &written;
    run_kit_run(&kit);
    end = kit.last;
    run_kit_do(&kit, COMMAND_SET_VUS, 5, "");
    run_kit_do(&kit, COMMAND_WRITE, 0, "after.json");
    ev_timer_init(&late, stop_after_writing, 20, 0);
    ev_timer_start(kit.loop, &late);
    while (written == 0 && ev_is_active(&late)) {
        ev_run(kit.loop, EVRUN_ONCE);
    }
    ev_timer_stop(kit.loop, &late);
    assert_int_equal(written, 1);
    assert_string_equal(only_event("write")->value, "after.json");
    assert_int_equal(kit.last.state, RUN_FINISHED);
    assert_int_equal(kit.last.t_us, end.t_us);
    assert_int_equal(kit.last.outcome.exit_code, 0);
    assert_int_equal(count_events("vus"), 0);
}

static void setup_comes_first_and_is_in_the_metrics(void **state)
{
    (void)state;
    served_run_begin(
        "/ok", CONSTANT(2, "200ms"),
        ", \"setup\": [ { \"get\": \"@/status/204\", \"name\": \"Ready\", "
        "\"checks\": { \"is ready\": { \"status\": 204 } } } ]");
    run_kit_run(&kit);
    assert_int_equal(kit.first.state, RUN_STARTING);
    assert_string_equal(only_event("setup")->value, "passed");
    assert_int_equal(
        ledger_summary(story_ledger(kit.story), 0, SPAN_RUN).requests, 1);
    assert_int_equal(ledger_check(story_ledger(kit.story), 0).passes, 1);
    assert_int_equal(kit.outcome.exit_code, 0);
    served_run_counted();
}

static void setup_that_fails_ends_the_run_before_it_began(void **state)
{
    const struct event *e;

    (void)state;
    served_run_begin("/ok", CONSTANT(2, "60s"),
                     ", \"setup\": [ { \"get\": \"@/status/503\", "
                     "\"checks\": { \"is ready\": { \"status\": 200 } } } ], "
                     "\"thresholds\": { \"http_req_failed\": [\"rate<0.5\"] }");
    run_kit_run(&kit);
    assert_int_equal(kit.outcome.exit_code, 107);
    assert_int_equal(kit.outcome.status, STATUS_ABORTED);
    assert_string_equal(kit.outcome.stopped_by, "setup");
    e = only_event("setup");
    assert_true(e->bad);
    assert_non_null(strstr(e->text, "is ready"));
    assert_int_equal(kit.requests, 1);
    assert_int_equal(raw_server_requests(server), 1);
    assert_int_equal(kit.active_us, 0);
}

static void setup_that_takes_too_long_has_a_code_of_its_own(void **state)
{
    (void)state;
    served_run_begin("/ok", CONSTANT(2, "60s"),
                     ", \"setupTimeout\": \"200ms\", "
                     "\"setup\": [ { \"get\": \"@/stall\" } ]");
    run_kit_run(&kit);
    assert_int_equal(kit.outcome.exit_code, 100);
}

static void setup_can_be_left_out(void **state)
{
    (void)state;
    served_run_begin("/ok", CONSTANT(2, "200ms"),
                     ", \"setup\": [ { \"get\": \"@/status/503\" } ],"
                     "\"teardown\": [ { \"get\": \"@/status/503\" } ]");
    kit.config.no_setup = true;
    run_kit_run(&kit);
    assert_int_equal(kit.outcome.exit_code, 0);
    assert_int_equal(count_events("setup") + count_events("teardown"), 0);
    served_run_counted();
}

static void start_the_target(void *ctx, const struct tick *t)
{
    struct target_options o;
    struct target **late = ctx;
    struct err e = ERR_INIT;
    size_t i;

    for (i = 0; i < t->n_events && *late == NULL; i++) {
        if (strcmp(t->events[i].value, "waiting") == 0) {
            target_options_init(&o);
            o.port = (unsigned)script.mark;
            assert_true(target_start(&o, late, &e));
        }
    }
}

/* A port that nobody listens on. */
static unsigned free_port(void)
{
    struct target_options o;
    struct target *t = NULL;
    struct err e = ERR_INIT;
    unsigned port;

    target_options_init(&o);
    assert_true(target_start(&o, &t, &e));
    port = target_port(t);
    target_stop(&t);
    return port;
}

static void begin_with_target(unsigned port)
{
    char text[1024];

    snprintf(text, sizeof text,
             "{ \"name\": \"kit\", \"setup\": [ { \"get\": "
             "\"http://127.0.0.1:%u/v1/health\", \"checks\": { \"is up\": "
             "{ \"status\": 200 } }, \"extract\": { \"health\": { \"json\": "
             "\"/status\" } } } ], \"flow\": [ { \"get\": "
             "\"http://127.0.0.1:%u/v1/health\", \"query\": { \"was\": "
             "\"${health}\" } }, { \"think\": \"5ms\" } ], "
             "\"scenarios\": { \"s\": " CONSTANT(2, "200ms") " } }",
             port, port);
    run_kit_init(&kit, text);
}

static void waiting_repeats_setup_and_its_tries_do_not_count(void **state)
{
    struct target *late = NULL;
    unsigned port = free_port();
    size_t i = 0;

    (void)state;
    begin_with_target(port);
    kit.config.wait_us = 20 * SEC;
    kit.ctx = &late;
    memset(&script, 0, sizeof script);
    script.mark = port;
    kit.on_tick = start_the_target;
    run_kit_run(&kit);
    assert_int_equal(kit.outcome.exit_code, 0);
    assert_string_equal(run_kit_event(&kit, "setup", &i)->value, "waiting");
    assert_string_equal(run_kit_event(&kit, "setup", &i)->value, "passed");
    assert_int_equal(count_events("first_error"), 0);
    /* None is unresolved: what setup extracted reached all workers' VUs. */
    assert_true(kit.requests > 1);
    assert_int_equal(
        ledger_summary(story_ledger(kit.story), -1, SPAN_RUN).failed, 0);
    target_stop(&late);
}

static void waiting_in_vain_fails_with_the_last_try(void **state)
{
    size_t i = 0;

    (void)state;
    begin_with_target(free_port());
    kit.config.wait_us = SEC;
    run_kit_run(&kit);
    assert_int_equal(kit.outcome.exit_code, 107);
    assert_true(kit.last.t_us >= SEC);
    assert_int_equal(kit.requests, 1);
    assert_string_equal(run_kit_event(&kit, "first_error", &i)->value,
                        "refused");
    assert_int_equal(count_events("setup"), 2); /* waiting, failed */
}

static void post_by(enum command_kind kind, const char *by)
{
    struct command cmd = {.kind = kind};

    snprintf(cmd.by, sizeof cmd.by, "%s", by);
    conductor_post(kit.conductor, &cmd);
    script.step++;
}

static void stop_while_it_waits(void *ctx, const struct tick *t)
{
    size_t i;

    (void)ctx;
    for (i = 0; i < t->n_events; i++) {
        if (strcmp(t->events[i].value, "waiting") == 0) {
            post_by(COMMAND_STOP, "keyboard");
        }
    }
}

static void
ending_while_setup_is_waited_for_is_no_failed_threshold(void **state)
{
    (void)state;
    served_run_begin("/ok", CONSTANT(2, "60s"),
                     ", \"setup\": [ { \"get\": \"@/status/503\", "
                     "\"checks\": { \"is ready\": { \"status\": 200 } } } ], "
                     "\"thresholds\": { \"iterations\": [\"count>5\"] }");
    kit.config.wait_us = 50 * SEC;
    play(stop_while_it_waits);
    assert_int_equal(kit.outcome.exit_code, 107);
    assert_int_equal(kit.outcome.status, STATUS_ABORTED);
    assert_string_equal(kit.outcome.stopped_by, "keyboard");
    assert_non_null(strstr(kit.outcome.text, "setup had not passed"));
    assert_non_null(strstr(kit.outcome.text, "is ready"));
    assert_int_equal(count_events("threshold"), 0);
    assert_int_equal(kit.active_us, 0);
}

static void teardown_follows_the_run(void **state)
{
    (void)state;
    served_run_begin("/ok", CONSTANT(2, "200ms"),
                     ", \"teardown\": [ { \"get\": \"@/status/204\", "
                     "\"name\": \"Bye\" } ]");
    run_kit_run(&kit);
    assert_int_equal(
        ledger_summary(story_ledger(kit.story), 1, SPAN_RUN).requests, 1);
    assert_int_equal(kit.outcome.exit_code, 0);
    served_run_counted();
}

static void teardown_that_fails_is_told(void **state)
{
    (void)state;
    served_run_begin("/ok", CONSTANT(2, "200ms"),
                     ", \"teardown\": [ { \"get\": \"@/ok\", "
                     "\"checks\": { \"is gone\": { \"status\": 404 } } } ]");
    run_kit_run(&kit);
    assert_string_equal(only_event("teardown")->value, "failed");
    assert_int_equal(kit.outcome.exit_code, 0);
}

static void teardown_that_takes_too_long_has_a_code_of_its_own(void **state)
{
    (void)state;
    served_run_begin("/ok", CONSTANT(2, "200ms"),
                     ", \"teardownTimeout\": \"200ms\", "
                     "\"teardown\": [ { \"get\": \"@/stall\" } ]");
    run_kit_run(&kit);
    assert_int_equal(kit.outcome.exit_code, 101);
    assert_int_equal(kit.outcome.status, STATUS_FAILED);
}

static void failed_threshold_decides(void **state)
{
    const struct event *e;

    (void)state;
    served_run_begin("/status/503", CONSTANT(2, "300ms"),
                     ", \"thresholds\": { \"http_req_failed\": [\"rate<0.5\"], "
                     "\"http_reqs\": [\"count>0\"] }");
    run_kit_run(&kit);
    assert_int_equal(kit.outcome.exit_code, 99);
    assert_int_equal(kit.outcome.status, STATUS_FAILED);
    e = only_event("threshold");
    assert_string_equal(e->value, "http_req_failed rate<0.5");
    assert_true(e->bad);
    assert_string_equal(only_event("first_error")->value, "http_503");
    assert_false(kit.last.verdicts[0].ok && kit.last.verdicts[1].ok);
}

static void thresholds_can_be_made_to_decide_nothing(void **state)
{
    (void)state;
    served_run_begin(
        "/status/503", CONSTANT(2, "900ms"),
        ", \"thresholds\": { \"http_req_failed\": [ { \"threshold\": "
        "\"rate<0.5\", \"abortOnFail\": true } ] }");
    kit.config.no_thresholds = true;
    run_kit_run(&kit);
    assert_int_equal(kit.outcome.exit_code, 0);
    assert_true(kit.last.t_us >= 900000);
}

static void threshold_that_nothing_fed_fails(void **state)
{
    (void)state;
    served_run_begin(
        "/ok", CONSTANT(2, "200ms"),
        ", \"teardown\": [ { \"get\": \"@/ok\", \"name\": \"Bye\" } ], "
        "\"thresholds\": { \"http_req_duration{name:Bye}\": "
        "[\"p(95)<1000\"] }");
    kit.config.no_setup = true; /* and so no teardown */
    run_kit_run(&kit);
    assert_int_equal(kit.outcome.exit_code, 99);
}

static void threshold_that_aborts_cuts_and_tears_down(void **state)
{
    (void)state;
    served_run_begin(
        "/status/503", CONSTANT(2, "60s"),
        ", \"teardown\": [ { \"get\": \"@/ok\", \"name\": \"Bye\" } ], "
        "\"thresholds\": { \"http_req_failed\": [ { \"threshold\": "
        "\"rate<0.5\", \"abortOnFail\": true } ] }");
    run_kit_run(&kit);
    assert_int_equal(kit.outcome.exit_code, 99);
    assert_int_equal(kit.outcome.status, STATUS_ABORTED);
    assert_string_equal(kit.outcome.stopped_by,
                        "threshold http_req_failed rate<0.5");
    assert_true(kit.last.t_us < 30 * SEC);
    assert_int_equal(
        ledger_summary(story_ledger(kit.story), 1, SPAN_RUN).requests, 1);
    served_run_counted();
}

static void abort_waits_for_its_delay_of_active_time(void **state)
{
    (void)state;
    served_run_begin(
        "/status/503", CONSTANT(2, "60s"),
        ", \"thresholds\": { \"http_req_failed\": [ { \"threshold\": "
        "\"rate<0.5\", \"abortOnFail\": true, \"delayAbortEval\": "
        "\"1500ms\" } ] }");
    run_kit_run(&kit);
    assert_int_equal(kit.outcome.status, STATUS_ABORTED);
    assert_true(kit.active_us >= 1500000);
}

static void signal_once(void *ctx, const struct tick *t)
{
    (void)ctx;
    if (script.step == 0 && kit.requests > 10) {
        script.step++;
        conductor_signal(kit.conductor, "SIGINT");
    }
    script.seen = script.seen || t->state == RUN_DRAINING;
}

static void first_signal_drains(void **state)
{
    (void)state;
    served_run_begin(
        "/ok", CONSTANT(4, "60s"),
        ", \"teardown\": [ { \"get\": \"@/ok\", \"name\": \"Bye\" } ]");
    play(signal_once);
    assert_int_equal(kit.outcome.exit_code, 105);
    assert_int_equal(kit.outcome.status, STATUS_INTERRUPTED);
    assert_string_equal(kit.outcome.stopped_by, "SIGINT");
    assert_int_equal(ledger_totals(story_ledger(kit.story)).interrupted, 0);
    assert_int_equal(
        ledger_summary(story_ledger(kit.story), 1, SPAN_RUN).requests, 1);
    assert_true(script.seen);
    served_run_counted();
}

/* Each time when the service has read all that was asked. */
static void signal_twice(void *ctx, const struct tick *t)
{
    (void)ctx;
    if (script.step == 0 && raw_server_requests(server) == 3) {
        script.step++;
        conductor_signal(kit.conductor, "SIGINT");
    } else if (script.step == 1 && t->state == RUN_DRAINING) {
        assert_int_equal(t->draining, 3);
        script.step++;
        conductor_signal(kit.conductor, "SIGTERM");
    }
}

static void second_signal_cuts_what_still_runs(void **state)
{
    struct totals sum;

    (void)state;
    served_run_begin(
        "/stall", CONSTANT(3, "60s"),
        ", \"teardown\": [ { \"get\": \"@/ok\", \"name\": \"Bye\" } ]");
    play(signal_twice);
    sum = ledger_totals(story_ledger(kit.story));
    assert_int_equal(script.step, 2);
    assert_int_equal(kit.outcome.exit_code, 105);
    assert_int_equal(sum.interrupted, 3);
    assert_int_equal(sum.interrupted_requests, 3);
    assert_int_equal(kit.requests, 0);
    assert_int_equal(raw_server_requests(server), 3);
}

static void end_of_the_plan_cuts_after_graceful_stop(void **state)
{
    (void)state;
    served_run_begin(
        "/stall",
        "{ \"executor\": \"constant-vus\", \"vus\": 3, \"duration\": "
        "\"200ms\", \"gracefulStop\": \"300ms\" }",
        "");
    run_kit_run(&kit);
    assert_int_equal(ledger_totals(story_ledger(kit.story)).interrupted, 3);
    assert_true(kit.last.t_us >= 500000);
    assert_int_equal(kit.outcome.exit_code, 0);
    served_run_counted();
}

static void stop_by_socket(void *ctx, const struct tick *t)
{
    (void)ctx;
    (void)t;
    if (script.step == 0) {
        post_by(COMMAND_STOP, "socket root 1");
    }
}

static void stop_through_the_socket_has_a_code_of_its_own(void **state)
{
    (void)state;
    served_run_begin("/ok", CONSTANT(2, "60s"), "");
    play(stop_by_socket);
    assert_int_equal(kit.outcome.exit_code, 103);
}

static void cut_by_keyboard(void *ctx, const struct tick *t)
{
    (void)ctx;
    (void)t;
    if (script.step == 0 && raw_server_requests(server) == 2) {
        post_by(COMMAND_CUT, "keyboard");
    }
}

static void cut_by_hand_interrupts(void **state)
{
    (void)state;
    served_run_begin("/stall", CONSTANT(2, "60s"), "");
    play(cut_by_keyboard);
    assert_int_equal(kit.outcome.exit_code, 105);
    assert_string_equal(kit.outcome.stopped_by, "keyboard");
    assert_int_equal(ledger_totals(story_ledger(kit.story)).interrupted, 2);
}

static void signal_in_setup(void *ctx, const struct tick *t)
{
    (void)ctx;
    (void)t;
    if (script.step == 0 && raw_server_requests(server) == 1) {
        script.step++;
        conductor_signal(kit.conductor, "SIGHUP");
    }
}

static void signal_during_setup_ends_it_at_once(void **state)
{
    (void)state;
    served_run_begin(
        "/ok", CONSTANT(2, "60s"),
        ", \"setup\": [ { \"get\": \"@/stall\", \"timeout\": \"50s\" } ]");
    play(signal_in_setup);
    assert_int_equal(kit.outcome.exit_code, 105);
    assert_true(kit.last.t_us < 30 * SEC);
    assert_int_equal(raw_server_requests(server), 1);
    assert_int_equal(count_events("setup"), 0);
}

/* While the service was waited for, say. */
static void signal_before_the_start_begins_nothing(void **state)
{
    (void)state;
    served_run_begin("/ok", CONSTANT(2, "60s"),
                     ", \"setup\": [ { \"get\": \"@/ok\" } ]");
    kit.config.wait_us = 50 * SEC;
    kit.early = "SIGTERM";
    run_kit_run(&kit);
    assert_int_equal(kit.outcome.exit_code, 105);
    assert_int_equal(kit.outcome.status, STATUS_INTERRUPTED);
    assert_string_equal(kit.outcome.stopped_by, "SIGTERM");
    assert_int_equal(raw_server_requests(server), 0);
    assert_int_equal(count_events("end"), 1);
}

static void shared_iterations_are_done_exactly(void **state)
{
    struct totals sum;

    (void)state;
    served_run_begin("/ok",
                     "{ \"executor\": \"shared-iterations\", \"vus\": 5, "
                     "\"iterations\": 137, \"maxDuration\": \"50s\" }",
                     "");
    run_kit_run(&kit);
    sum = ledger_totals(story_ledger(kit.story));
    assert_int_equal(sum.iterations, 137);
    assert_int_equal(raw_server_requests(server), 137);
    assert_int_equal(kit.last.scenarios[0].iterations_total, 137);
    assert_true(kit.last.t_us < 40 * SEC);
    assert_int_equal(kit.outcome.exit_code, 0);
}

static void more_vus(void *ctx, const struct tick *t)
{
    (void)ctx;
    if (script.step == 0) {
        do_command(COMMAND_ADD_VUS, 19);
    }
    script.seen = script.seen || t->vus == 20;
}

static void more_vus_help_with_shared_iterations(void **state)
{
    (void)state;
    served_run_begin("/ok",
                     "{ \"executor\": \"shared-iterations\", \"vus\": 1, "
                     "\"iterations\": 2000, \"maxDuration\": \"50s\" }",
                     "");
    play(more_vus);
    assert_int_equal(ledger_totals(story_ledger(kit.story)).iterations, 2000);
    assert_true(script.seen);
}

static void kill_the_server(void *ctx, const struct tick *t)
{
    (void)ctx;
    (void)t;
    if (script.step == 0 && kit.requests > 50) {
        raw_server_free(&server);
        script.step++;
    } else if (script.step == 1 && count_events("first_error") > 0 &&
               t->t_us > SEC) {
        do_command(COMMAND_STOP, 0);
    }
}

static void service_that_dies_is_a_clear_error_and_nothing_is_lost(void **state)
{
    struct error_line lines[8];
    struct summary sum;
    uint64_t errors = 0;
    size_t n, i;

    (void)state;
    served_run_begin("/ok", CONSTANT(4, "60s"), "");
    play(kill_the_server);
    assert_int_equal(script.step, 2);
    sum = ledger_summary(story_ledger(kit.story), -1, SPAN_RUN);
    n = ledger_errors(story_ledger(kit.story), lines, 8);
    assert_in_range(n, 1, 8);
    for (i = 0; i < n; i++) {
        assert_true(lines[i].kind == FAILURE_REFUSED ||
                    lines[i].kind == FAILURE_RESET);
        assert_int_equal(lines[i].status, 0);
        errors += lines[i].count;
    }
    /* A refused connection is an error with no duration. */
    assert_int_equal(sum.failed, errors);
    assert_int_equal(sum.responses + errors, sum.requests);
    assert_int_equal(sum.requests, kit.requests);
    assert_true(sum.responses > 50);
    server = raw_server_new(); /* for the tear-down */
}

static void plan_that_does_not_fit_is_refused_with_the_remedy(void **state)
{
    struct err e = ERR_INIT;
    struct rlimit old, few;
    bool made;

    (void)state;
    served_run_begin("/ok", CONSTANT(5000, "60s"), "");
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
    few = old;
    few.rlim_cur = 500;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    made = conductor_new(&kit.config, &kit.conductor, &e);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
    assert_false(made);
    assert_null(kit.conductor);
    assert_int_equal(e.code, ERR_LIMIT);
    assert_non_null(strstr(e.text, "scenario 's' wants up to 5000 VUs"));
    assert_non_null(strstr(e.text, "descriptor limit of 500"));
    assert_non_null(strstr(e.text, "ulimit -n"));
}

static void stop_at_once(void *ctx, const struct tick *t)
{
    (void)ctx;
    if (script.step == 0 && t->vus == 5) {
        do_command(COMMAND_SET_VUS, 10);
    } else if (script.step == 1 && t->manual) {
        assert_int_equal(t->vus_max, 5);
        assert_int_equal(t->wanted, 5);
        do_command(COMMAND_STOP, 0);
    }
}

static void cap_of_vus_holds_for_plan_and_hand(void **state)
{
    size_t i = 0;

    (void)state;
    served_run_begin("/ok", CONSTANT(900000, "60s"), "");
    kit.config.max_vus = 5;
    play(stop_at_once);
    assert_int_equal(script.step, 2);
    assert_string_equal(only_event("warning")->text,
                        "the plan's peak of 900000 VUs is cut to 5: "
                        "--max-vus");
    assert_string_equal(run_kit_event(&kit, "vus", &i)->text,
                        "asked 10, applied 5: --max-vus");
}

static uint32_t room_seen;

static void note_room_and_stop(void *ctx, const struct tick *t)
{
    (void)ctx;
    room_seen = t->vus_max;
    do_command(COMMAND_STOP, 0);
}

static void a_service_in_the_same_process_halves_the_room(void **state)
{
    uint32_t alone;

    (void)state;
    served_run_begin("/ok", CONSTANT(1, "60s"), "");
    play(note_room_and_stop);
    alone = room_seen;
    served_run_tear_down(state);
    served_run_set_up(state);
    served_run_begin("/ok", CONSTANT(1, "60s"), "");
    kit.config.own_service = true;
    play(note_room_and_stop);
    assert_true(room_seen > 0);
    assert_true(room_seen <= alone / 2);
}

static void *post_many(void *arg)
{
    struct rng r;
    unsigned i;

    (void)arg;
    rng_seed(&r, 3, 1);
    for (i = 0; i < 3000; i++) {
        struct command cmd = {
            .kind = (enum command_kind)rng_range(&r, 0, COMMAND_MARK),
            .number = (int64_t)rng_range(&r, 0, 30),
            .by = "thread",
        };

        conductor_post(kit.conductor, &cmd);
    }
    return NULL;
}

static void commands_from_threads(void *ctx, const struct tick *t)
{
    pthread_t *threads = ctx;

    if (script.step == 0) {
        script.step++;
        assert_int_equal(pthread_create(&threads[0], NULL, post_many, NULL), 0);
        assert_int_equal(pthread_create(&threads[1], NULL, post_many, NULL), 0);
    } else if (script.step == 1 && t->state != RUN_DRAINING && t->seq > 5) {
        do_command(COMMAND_CUT, 0);
    }
}

static void commands_may_come_from_any_thread(void **state)
{
    pthread_t threads[2];

    (void)state;
    served_run_begin("/ok", CONSTANT(4, "60s"), "");
    kit.ctx = threads;
    play(commands_from_threads);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    assert_int_equal(kit.last.state, RUN_FINISHED);
    served_run_counted();
}

static void vus_follow_the_plan_up_and_down(void *ctx, const struct tick *t)
{
    (void)ctx;
    script.mark = t->vus > script.mark ? t->vus : script.mark;
    /* Nobody begins beyond the plan: what is too many drains. */
    assert_true(t->vus <= 30);
}

static void ramp_reaches_its_targets(void **state)
{
    (void)state;
    served_run_begin(
        "/ok",
        "{ \"executor\": \"ramping-vus\", \"startVUs\": 1, \"stages\": ["
        "{ \"duration\": \"300ms\", \"target\": 30 },"
        "{ \"duration\": \"400ms\", \"target\": 30 },"
        "{ \"duration\": \"300ms\", \"target\": 0 } ] }",
        "");
    play(vus_follow_the_plan_up_and_down);
    assert_int_equal(script.mark, 30);
    assert_int_equal(ledger_totals(story_ledger(kit.story)).vus_max, 30);
    assert_int_equal(count_events("stage"), 3);
    served_run_counted();
}

static void workers_are_as_many_as_are_of_use(void **state)
{
    (void)state;
    served_run_begin("/ok", CONSTANT(1, "200ms"), "");
    kit.config.workers = 0;
    run_kit_run(&kit);
    assert_in_range(conductor_info(kit.conductor)->workers, 1, 4);
    served_run_counted();
}

#define TEST(fn)                                                               \
    cmocka_unit_test_setup_teardown(fn, served_run_set_up, served_run_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_request_the_server_read_is_counted),
        TEST(first_tick_is_the_start_and_the_last_the_end),
        TEST(time_scale_shortens_the_stages),
        TEST(commands_of_load_act_and_are_events),
        TEST(clock_is_held_and_moved_over_stages),
        TEST(pause_lets_nothing_begin_and_no_time_pass),
        TEST(gap_is_told_once_and_left_out_of_the_figures),
        TEST(marks_and_files_are_events_safe_to_show),
        TEST(results_are_written_after_the_end_too),
        TEST(setup_comes_first_and_is_in_the_metrics),
        TEST(setup_that_fails_ends_the_run_before_it_began),
        TEST(setup_that_takes_too_long_has_a_code_of_its_own),
        TEST(setup_can_be_left_out),
        TEST(waiting_repeats_setup_and_its_tries_do_not_count),
        TEST(waiting_in_vain_fails_with_the_last_try),
        TEST(ending_while_setup_is_waited_for_is_no_failed_threshold),
        TEST(teardown_follows_the_run),
        TEST(teardown_that_fails_is_told),
        TEST(teardown_that_takes_too_long_has_a_code_of_its_own),
        TEST(failed_threshold_decides),
        TEST(thresholds_can_be_made_to_decide_nothing),
        TEST(threshold_that_nothing_fed_fails),
        TEST(threshold_that_aborts_cuts_and_tears_down),
        TEST(abort_waits_for_its_delay_of_active_time),
        TEST(first_signal_drains),
        TEST(second_signal_cuts_what_still_runs),
        TEST(end_of_the_plan_cuts_after_graceful_stop),
        TEST(stop_through_the_socket_has_a_code_of_its_own),
        TEST(cut_by_hand_interrupts),
        TEST(signal_during_setup_ends_it_at_once),
        TEST(signal_before_the_start_begins_nothing),
        TEST(shared_iterations_are_done_exactly),
        TEST(more_vus_help_with_shared_iterations),
        TEST(service_that_dies_is_a_clear_error_and_nothing_is_lost),
        TEST(plan_that_does_not_fit_is_refused_with_the_remedy),
        TEST(cap_of_vus_holds_for_plan_and_hand),
        TEST(a_service_in_the_same_process_halves_the_room),
        TEST(commands_may_come_from_any_thread),
        TEST(ramp_reaches_its_targets),
        TEST(workers_are_as_many_as_are_of_use),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
