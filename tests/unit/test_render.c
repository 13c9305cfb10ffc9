/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "support/sheet.h"

/* This exercises: whole pictures at every size, from made-up runs, against
 * text files that were looked at (make golden writes them anew); and that no
 * run, size or byte from outside breaks their shape. */

static void check_golden(const char *name, struct sheet *s)
{
    const char *src = getenv("SRCDIR");
    char path[512];
    struct buf now, was;
    struct err e = ERR_INIT;

    sheet_is_whole(s);
    buf_init(&now, 1 << 22);
    buf_init(&was, 1 << 22);
    grid_text(&s->grid, &now);
    grid_roles(&s->grid, &now);
    snprintf(path, sizeof path, "%s/tests/cases/screen/%s.txt",
             src != NULL ? src : ".", name);
    if (getenv("GOLDEN") != NULL) {
        assert_true(file_write(path, now.data, now.len, &e));
    }
    if (!file_read(path, &was, &e)) {
        fail_msg("%s: %s", path, e.text);
    }
    if (strcmp(buf_str(&was), buf_str(&now)) != 0) {
        fprintf(stderr, "%s differs; now it is\n%s", path, buf_str(&now));
        fail();
    }
    buf_clear(&now);
    buf_clear(&was);
}

/* States that are looked at; each is made on a story of its own. */
struct scene {
    const char *name;
    void (*make)(struct sheet *s);
};

static void scene_starting(struct sheet *s)
{
    s->sim.setup = true;
    sim_event(&s->sim, "setup", "setup: waiting for http://127.0.0.1:3000",
              false);
    sim_run(&s->sim, 3);
}

static void scene_warm(struct sheet *s)
{
    sim_run(&s->sim, 2);
}

static void scene_spike(struct sheet *s)
{
    sim_run(&s->sim, 52);
}

static void scene_manual(struct sheet *s)
{
    sim_run(&s->sim, 25);
    sim_command(&s->sim, COMMAND_SET_VUS, 63, "");
    sim_run(&s->sim, 14);
    sim_command(&s->sim, COMMAND_MARK, 0, "deploy 42");
    sim_run(&s->sim, 6);
}

static void scene_paused(struct sheet *s)
{
    sim_run(&s->sim, 45);
    sim_command(&s->sim, COMMAND_PAUSE, 0, "");
    sim_run(&s->sim, 8);
    sim_command(&s->sim, COMMAND_PAUSE, 0, "");
    sim_run(&s->sim, 6);
    sim_command(&s->sim, COMMAND_PAUSE, 0, "");
    sim_run(&s->sim, 2);
}

static void scene_unreachable(struct sheet *s)
{
    sim_run(&s->sim, 40);
    s->sim.dead = true;
    sim_run(&s->sim, 12);
}

static void scene_suspect(struct sheet *s)
{
    sim_run(&s->sim, 48);
    s->sim.tick.health.suspect = true;
    s->sim.tick.health.ever_suspect = true;
    snprintf(s->sim.tick.health.why, sizeof s->sim.tick.health.why,
             "loop lag p99 14 ms");
    sim_run(&s->sim, 4);
}

static void scene_limited(struct sheet *s)
{
    sim_run(&s->sim, 20);
    s->sim.limits = true;
    sim_run(&s->sim, 45);
}

static void scene_draining(struct sheet *s)
{
    sim_run(&s->sim, 70);
    sim_command(&s->sim, COMMAND_STOP, 0, "");
    sim_tick(&s->sim);
}

static void scene_finished(struct sheet *s)
{
    sim_run(&s->sim, 108);
    sim_finish(&s->sim, 99);
    s->ui.done = true;
}

static void scene_frozen(struct sheet *s)
{
    sim_run(&s->sim, 52);
    s->ui.frozen = true;
    s->ui.frozen_us = 1000000;
    s->now_us = 13400000;
}

static void scene_help(struct sheet *s)
{
    sim_run(&s->sim, 52);
    s->ui.panel = PANEL_HELP;
}

static void scene_errors(struct sheet *s)
{
    sim_run(&s->sim, 62);
    s->ui.panel = PANEL_ERRORS;
    s->ui.selected = 0;
}

static void scene_thresholds(struct sheet *s)
{
    sim_run(&s->sim, 62);
    s->ui.panel = PANEL_THRESHOLDS;
}

static void scene_request(struct sheet *s)
{
    s->sim.ways = WAY_DIRECT | WAY_HTTP_1_1;
    sim_run(&s->sim, 62);
    s->ui.panel = PANEL_REQUEST;
    s->ui.request = 0;
}

static void scene_sample(struct sheet *s)
{
    sim_run(&s->sim, 62);
    s->ui.panel = PANEL_SAMPLE;
    s->ui.fault = (struct ui_fault){.kind = FAILURE_HTTP_5XX, .status = 503};
}

static void scene_checks(struct sheet *s)
{
    sim_run(&s->sim, 62);
    s->ui.panel = PANEL_CHECKS;
}

static void scene_generator(struct sheet *s)
{
    scene_suspect(s);
    sim_event(&s->sim, "health", "generator suspect: loop lag p99 14 ms", true);
    s->sim.tick.health.suspect_us = 4200000;
    sim_run(&s->sim, 1);
    s->ui.panel = PANEL_GENERATOR;
}

static void scene_filtered(struct sheet *s)
{
    sim_run(&s->sim, 62);
    sheet_key(s, '/');
    sheet_key(s, 'C');
    sheet_key(s, 'h');
}

static void scene_stages(struct sheet *s)
{
    sim_run(&s->sim, 62);
    s->ui.panel = PANEL_STAGES;
    s->ui.selected = 2;
}

/* How requests go: a column where it fits, else said once. */
static void scene_lanes(struct sheet *s)
{
    s->sim.ways = WAY_LIBCURL | WAY_HTTP_2;
    sim_run(&s->sim, 62);
}

static void scene_lanes_all(struct sheet *s)
{
    scene_lanes(s);
    s->ui.panel = PANEL_REQUESTS;
}

static void scene_big(struct sheet *s)
{
    sim_run(&s->sim, 52);
    s->ui.big = true;
}

static void scene_vus(struct sheet *s)
{
    sim_run(&s->sim, 62);
    sheet_key(s, 'v');
    edit_set(&s->ui.edit, "+20000");
}

/* Answers of all kinds, and then none. */
static void scene_down(struct sheet *s)
{
    s->sim.limits = true;
    sim_run(&s->sim, 50);
    s->sim.dead = true;
    sim_run(&s->sim, 4);
}

static void scene_uncounted(struct sheet *s)
{
    s->sim.info.no_thresholds = true;
    sim_run(&s->sim, 108);
    sim_finish(&s->sim, 0);
    s->ui.done = true;
}

static void scene_changed(struct sheet *s)
{
    sim_run(&s->sim, 95);
    sim_command(&s->sim, COMMAND_SET_VUS, 63, "");
    sim_run(&s->sim, 8);
    sim_command(&s->sim, COMMAND_STOP, 0, "");
    sim_run(&s->sim, 12);
    sim_finish(&s->sim, 99);
    s->ui.done = true;
}

static void hunted(struct sheet *s, unsigned seconds)
{
    sim_run(&s->sim, 20);
    sim_command(&s->sim, COMMAND_SET_VUS, 30, "");
    sim_run(&s->sim, 9);
    sim_command(&s->sim, COMMAND_MARK, 0, "before");
    sim_command(&s->sim, COMMAND_SET_VUS, 60, "");
    sim_run(&s->sim, 9);
    sim_command(&s->sim, COMMAND_SET_VUS, 120, "");
    sim_run(&s->sim, seconds);
    sim_command(&s->sim, COMMAND_SET_VUS, 30, "");
    sim_run(&s->sim, 7);
    sim_command(&s->sim, COMMAND_MARK, 0, "after");
    sim_run(&s->sim, 4);
}

static void scene_hunted(struct sheet *s)
{
    hunted(s, 9);
}

/* Long enough to be where it breaks. */
static void scene_steps(struct sheet *s)
{
    hunted(s, 15);
    s->ui.panel = PANEL_STEPS;
    s->ui.selected = 1;
}

static void scene_save(struct sheet *s)
{
    scene_hunted(s);
    model_update(&s->model, s->source,
                 &(struct model_want){.cols = 80, .trend_cols = 8});
    sheet_key(s, 'S');
    sheet_key(s, 'a');
}

static void scene_unset(struct sheet *s)
{
    s->sim.setup = true;
    sim_run(&s->sim, 3);
    sim_finish(&s->sim, 107);
    s->sim.tick.outcome.status = STATUS_ABORTED;
    snprintf(s->sim.tick.outcome.text, sizeof s->sim.tick.outcome.text,
             "setup failed: check 'the service is up': connection refused: "
             "GET http://127.0.0.1:3000/v1/health");
    sim_tick(&s->sim);
    s->ui.done = true;
}

/* From here on runs of another plan: the sheet is made anew. */
static void scene_of(struct sheet *s, const char *plan)
{
    sheet_clear(s);
    sheet_init(s, plan);
}

static void scene_mixed(struct sheet *s)
{
    scene_of(s, sim_plan_mixed);
    sim_run(&s->sim, 32);
    s->sim.steered = 2;
    sim_command(&s->sim, COMMAND_SET_VUS, 45, "");
    sim_run(&s->sim, 10);
    s->ui.chosen = 1;
}

static void scene_mixed_first(struct sheet *s)
{
    scene_of(s, sim_plan_mixed);
    sim_run(&s->sim, 42);
}

static void scene_waiting(struct sheet *s)
{
    scene_of(s, sim_plan_mixed);
    sim_run(&s->sim, 6);
    s->ui.chosen = 1;
}

static void scene_dropping(struct sheet *s)
{
    scene_of(s, sim_plan_arrivals);
    sim_run(&s->sim, 50);
    sim_event(&s->sim, "dropped",
              "iterations are dropped: none of 60 VUs is free (maxVUs)", true);
    sim_run(&s->sim, 2);
}

/* The service is not back yet: too late for one limit, in time for another. */
static void scene_returns(struct sheet *s)
{
    scene_of(s, sim_plan_returns);
    sim_run(&s->sim, 73);
    s->ui.panel = PANEL_THRESHOLDS;
    s->ui.selected = 1;
}

static void scene_rate(struct sheet *s)
{
    scene_of(s, sim_plan_arrivals);
    sim_run(&s->sim, 25);
    sheet_key(s, 'v');
    edit_set(&s->ui.edit, "+20");
}

/* A second of the spike, seen from the recovery. */
static void scene_cursor(struct sheet *s)
{
    scene_manual(s);
    s->ui.cursor = true;
    s->ui.cursor_us = 29000000;
}

/* What the plan has in store. */
static void scene_ahead(struct sheet *s)
{
    sim_run(&s->sim, 25);
    s->ui.cursor = true;
    s->ui.cursor_us = 50000000;
}

static void scene_zoom(struct sheet *s)
{
    scene_paused(s);
    sim_run(&s->sim, 30);
    s->ui.zoom = ZOOM_MINUTE;
}

static void scene_heat(struct sheet *s)
{
    scene_limited(s);
    s->ui.heat = HEAT_BOTH;
}

static void scene_linear(struct sheet *s)
{
    sim_run(&s->sim, 62);
    s->ui.linear = true;
    s->ui.heat = HEAT_LINES;
}

static void scene_mixed_help(struct sheet *s)
{
    scene_of(s, sim_plan_mixed);
    sim_run(&s->sim, 20);
    s->ui.panel = PANEL_HELP;
}

/* The second stage is held five seconds longer, so all that follows is beside
 * what was five seconds earlier. */
static void scene_baseline(struct sheet *s)
{
    sheet_baseline(s);
    sim_run(&s->sim, 20);
    sim_command(&s->sim, COMMAND_HOLD, 0, "");
    sim_run(&s->sim, 5);
    sim_command(&s->sim, COMMAND_HOLD, 0, "");
    sim_run(&s->sim, 40);
}

static void scene_baseline_cursor(struct sheet *s)
{
    scene_baseline(s);
    s->ui.cursor = true;
    s->ui.cursor_us = 55000000;
}

static void scene_baseline_over(struct sheet *s)
{
    sheet_baseline(s);
    sim_run(&s->sim, 120);
    sim_finish(&s->sim, 99);
    s->ui.done = true;
}

static void scene_held(struct sheet *s)
{
    sim_run(&s->sim, 20);
    sim_command(&s->sim, COMMAND_HOLD, 0, "");
    sim_run(&s->sim, 7);
}

static void scene_spiked(struct sheet *s)
{
    sim_run(&s->sim, 20);
    sim_command(&s->sim, COMMAND_SPIKE, 0, "");
    sim_run(&s->sim, 4);
}

/* The load has just fallen, and the service is not back. */
static void scene_recovering(struct sheet *s)
{
    sim_run(&s->sim, 20);
    sim_command(&s->sim, COMMAND_SET_VUS, 150, "");
    sim_run(&s->sim, 30);
    sim_command(&s->sim, COMMAND_SET_VUS, 20, "");
    sim_run(&s->sim, 3);
}

/* Two are at it; one types. */
static void scene_log(struct sheet *s)
{
    scene_hunted(s);
    s->sim.by = "socket ann 4711";
    sim_command(&s->sim, COMMAND_SET_VUS, 40, "");
    sim_event(&s->sim, "health", "generator suspect: loop lag p99 14 ms", true);
    sim_run(&s->sim, 1);
    s->ui.panel = PANEL_LOG;
    s->ui.selected = 2;
}

static void scene_mark(struct sheet *s)
{
    sim_run(&s->sim, 52);
    sheet_key(s, 'm');
    edit_set(&s->ui.edit, "deploy 42");
}

static void scene_quit(struct sheet *s)
{
    sim_run(&s->sim, 52);
    s->ui.prompt = PROMPT_QUIT;
}

static void scene_host(struct sheet *s)
{
    sim_run(&s->sim, 52);
    s->ui.config.host = "shop.example.com:8443";
    s->ui.prompt = PROMPT_HOST;
}

/* One scenario of two. */
static void scene_end(struct sheet *s)
{
    scene_mixed(s);
    s->ui.prompt = PROMPT_END;
}

/* A row of the picture's own table. */
static void scene_picked(struct sheet *s)
{
    sim_run(&s->sim, 52);
    s->ui.picked = true;
    s->ui.pick = 1;
}

/* Another's run, from elsewhere: to look at, and with the right to steer. */
static void scene_watched(struct sheet *s)
{
    sim_run(&s->sim, 52);
    s->ui.config.spectator = true;
}

static void scene_watched_steers(struct sheet *s)
{
    scene_watched(s);
    s->ui.config.steer = true;
}

static void scene_lost(struct sheet *s)
{
    scene_watched(s);
    sim_finish(&s->sim, -1);
    snprintf(s->sim.tick.outcome.text, sizeof s->sim.tick.outcome.text,
             "the run is gone, and how it ended is not known");
    sim_tick(&s->sim);
    s->ui.done = true;
}

/* A load is tried for so long, and then the next begins. */
static void scene_hunt_turn(struct sheet *s, enum hunt_phase phase,
                            uint32_t load, unsigned seconds,
                            enum search_verdict v, uint32_t next)
{
    struct tick_probe p = {.load = load,
                           .percentile = 95,
                           .limit = 500000,
                           .words = {RULE_TIME, "p95"}};

    s->sim.tick.hunt.phase = phase;
    s->sim.tick.hunt.load = load;
    sim_run(&s->sim, seconds);
    p.report.verdict = v;
    s->sim.tick.probes = &p;
    s->sim.tick.n_probes = phase == HUNT_COOL ? 0 : 1;
    s->sim.tick.hunt.number += phase == HUNT_COOL ? 0 : 1;
    s->sim.tick.hunt.load = next;
    sim_tick(&s->sim);
    s->sim.tick.n_probes = 0;
    s->sim.tick.probes = NULL;
}

static void scene_hunt(struct sheet *s)
{
    s->sim.tick.hunt.number = 3;
    scene_hunt_turn(s, HUNT_MEASURE, 20, 12, SEARCH_HOLDS, 40);
    scene_hunt_turn(s, HUNT_MEASURE, 40, 10, SEARCH_INVALID, 80);
    scene_hunt_turn(s, HUNT_MEASURE, 80, 9, SEARCH_BREAKS, 80);
    scene_hunt_turn(s, HUNT_COOL, 80, 6, SEARCH_BREAKS, 60);
    s->sim.tick.hunt = (struct tick_hunt){
        .phase = HUNT_MEASURE,
        .why = SEARCH_NARROW,
        .load = 60,
        .number = 7,
        .phase_us = 12000000,
        .measure_us = 30000000,
        .rps = 240,
        .broke = true,
        .answer = {.low = 55, .high = 66, .point = 61, .probes = 6}};
    sim_run(&s->sim, 16);
}

static void scene_hunt_over(struct sheet *s)
{
    scene_hunt(s);
    s->sim.tick.hunt.phase = HUNT_OVER;
    s->sim.tick.hunt.answer.outcome = SEARCH_FOUND;
    s->sim.tick.hunt.answer.confirmed = true;
    s->sim.info.no_thresholds = true;
    sim_finish(&s->sim, 0);
    s->ui.done = true;
}

static void scene_big_over(struct sheet *s)
{
    scene_finished(s);
    s->ui.big = true;
}

static void scene_steps_over(struct sheet *s)
{
    scene_steps(s);
    sim_command(&s->sim, COMMAND_STOP, 0, "");
    sim_run(&s->sim, 12);
    sim_finish(&s->sim, 99);
    s->ui.done = true;
}

static void scene_thresholds_over(struct sheet *s)
{
    scene_finished(s);
    s->ui.panel = PANEL_THRESHOLDS;
}

static void scene_passed(struct sheet *s)
{
    s->sim.rate_scale = 0.05;
    sim_run(&s->sim, 28);
    sim_finish(&s->sim, 0);
    s->ui.done = true;
}

/* Nothing ever answered. */
static void scene_all_failed(struct sheet *s)
{
    s->sim.dead = true;
    sim_run(&s->sim, 20);
    sim_finish(&s->sim, 99);
    s->ui.done = true;
}

static void scene_baseline_requests(struct sheet *s)
{
    scene_baseline(s);
    s->ui.panel = PANEL_REQUESTS;
}

/* A leak over minutes of the same load: where it goes, and how far it may.
 */
static void scene_service(struct sheet *s)
{
    scene_of(s, sim_plan_soak);
    s->sim.leak_mb_min = 20;
    s->sim.tick.server.limit_bytes = 1000000000;
    s->sim.rate_scale = 0.1;
    sim_run(&s->sim, 660);
}

/* All that is watched has its chart, where there is room only by the key.
 */
static void scene_service_full(struct sheet *s)
{
    scene_of(s, sim_plan_soak);
    s->sim.info.server = (struct server_names){
        .n = 2,
        .list = {{"go_goroutines", SERVER_UNIT_NUMBER},
                 {"http_open{job=\"shop\"}", SERVER_UNIT_RATE}}};
    s->sim.tick.server.other[0] = 84;
    s->sim.tick.server.other[1] = 3.25;
    sim_run(&s->sim, 90);
    s->ui.service = SERVICE_FULL;
}

/* No page for a while, then again, then no more. */
static void scene_silent(struct sheet *s)
{
    sim_run(&s->sim, 20);
    s->sim.silent = true;
    sim_run(&s->sim, 12);
    s->sim.silent = false;
    sim_run(&s->sim, 20);
    s->sim.silent = true;
    sim_event(&s->sim, "server", "no page of the service's metrics: status 503",
              true);
    snprintf(s->sim.events[s->sim.n_events - 1].value,
             sizeof s->sim.events[0].value, "silent");
    sim_run(&s->sim, 8);
    s->ui.service = SERVICE_FULL;
}

/* What it was at a moment. */
static void scene_service_then(struct sheet *s)
{
    sim_run(&s->sim, 60);
    s->ui.service = SERVICE_FULL;
    s->ui.cursor = true;
    s->ui.cursor_us = 29000000;
}

static void scene_insights(struct sheet *s)
{
    sim_run(&s->sim, 40);
    s->sim.dead = true;
    sim_run(&s->sim, 5);
    s->sim.dead = false;
    s->sim.limits = true;
    sim_run(&s->sim, 45);
    s->ui.panel = PANEL_INSIGHTS;
}

static void scene_insights_none(struct sheet *s)
{
    sim_run(&s->sim, 8);
    s->ui.panel = PANEL_INSIGHTS;
}

static const struct scene scenes[] = {
    {"starting", scene_starting},
    {"warm", scene_warm},
    {"spike", scene_spike},
    {"manual", scene_manual},
    {"paused", scene_paused},
    {"unreachable", scene_unreachable},
    {"suspect", scene_suspect},
    {"limited", scene_limited},
    {"draining", scene_draining},
    {"finished", scene_finished},
    {"frozen", scene_frozen},
    {"help", scene_help},
    {"errors", scene_errors},
    {"thresholds", scene_thresholds},
    {"stages", scene_stages},
    {"vus", scene_vus},
    {"down", scene_down},
    {"uncounted", scene_uncounted},
    {"changed", scene_changed},
    {"unset", scene_unset},
    {"mixed", scene_mixed},
    {"mixed-first", scene_mixed_first},
    {"waiting", scene_waiting},
    {"dropping", scene_dropping},
    {"rate", scene_rate},
    {"mixed-help", scene_mixed_help},
    {"hunted", scene_hunted},
    {"steps", scene_steps},
    {"save", scene_save},
    {"lanes", scene_lanes},
    {"lanes-all", scene_lanes_all},
    {"cursor", scene_cursor},
    {"ahead", scene_ahead},
    {"zoom", scene_zoom},
    {"heat", scene_heat},
    {"linear", scene_linear},
    {"big", scene_big},
    {"baseline", scene_baseline},
    {"baseline-cursor", scene_baseline_cursor},
    {"baseline-over", scene_baseline_over},
    {"request", scene_request},
    {"generator", scene_generator},
    {"sample", scene_sample},
    {"checks", scene_checks},
    {"filtered", scene_filtered},
    {"held", scene_held},
    {"spiked", scene_spiked},
    {"recovering", scene_recovering},
    {"log", scene_log},
    {"mark", scene_mark},
    {"quit", scene_quit},
    {"host", scene_host},
    {"end", scene_end},
    {"picked", scene_picked},
    {"watched", scene_watched},
    {"watched-steers", scene_watched_steers},
    {"lost", scene_lost},
    {"hunt", scene_hunt},
    {"hunt-over", scene_hunt_over},
    {"big-over", scene_big_over},
    {"steps-over", scene_steps_over},
    {"thresholds-over", scene_thresholds_over},
    {"passed", scene_passed},
    {"all-failed", scene_all_failed},
    {"baseline-requests", scene_baseline_requests},
    {"service", scene_service},
    {"service-full", scene_service_full},
    {"service-silent", scene_silent},
    {"service-then", scene_service_then},
    {"insights", scene_insights},
    {"insights-none", scene_insights_none},
};

/* What only one size of is looked at. */
static const struct scene returning = {"returns", scene_returns};

enum { SCENES = sizeof scenes / sizeof scenes[0] };

static void check_scene(const struct scene *c, int cols, int rows, bool ascii)
{
    struct sheet s;
    char name[96];

    sheet_init(&s, NULL);
    c->make(&s);
    s.ascii = ascii;
    (void)sheet_at(&s, cols, rows);
    snprintf(name, sizeof name, "%s-%dx%d%s", c->name, cols, rows,
             ascii ? "-ascii" : "");
    check_golden(name, &s);
    sheet_clear(&s);
}

static const struct scene *scene_named(const char *name)
{
    size_t i;

    for (i = 0; i < SCENES && strcmp(scenes[i].name, name) != 0; i++) {
    }
    assert_true(i < SCENES);
    return &scenes[i];
}

static void pictures_at_80x24_are_as_looked_at(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < SCENES; i++) {
        check_scene(&scenes[i], 80, 24, false);
    }
}

static void pictures_at_120x36_are_as_looked_at(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < SCENES; i++) {
        check_scene(&scenes[i], 120, 36, false);
    }
}

static void pictures_at_200x55_are_as_looked_at(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < SCENES; i++) {
        check_scene(&scenes[i], 200, 55, false);
    }
}

/* Sizes at which a layout begins, and those below the smallest. */
static void edges_of_layouts_are_as_looked_at(void **state)
{
    static const int sizes[][2] = {{50, 12},  {42, 10},  {1, 1},   {81, 24},
                                   {119, 36}, {100, 30}, {200, 60}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        check_scene(scene_named("spike"), sizes[i][0], sizes[i][1], false);
    }
    check_scene(&returning, 120, 36, false);
}

static void pictures_at_60x16_are_as_looked_at(void **state)
{
    static const char *const names[] = {"starting",
                                        "spike",
                                        "manual",
                                        "paused",
                                        "suspect",
                                        "unreachable",
                                        "draining",
                                        "finished",
                                        "help",
                                        "errors",
                                        "thresholds",
                                        "stages",
                                        "vus",
                                        "unset",
                                        "mixed",
                                        "dropping",
                                        "steps",
                                        "cursor",
                                        "big",
                                        "baseline",
                                        "request",
                                        "generator",
                                        "sample",
                                        "checks",
                                        "log",
                                        "held",
                                        "recovering",
                                        "quit",
                                        "watched",
                                        "lost",
                                        "hunt",
                                        "hunt-over",
                                        "all-failed",
                                        "baseline-over",
                                        "baseline-requests",
                                        "filtered",
                                        "changed",
                                        "service-silent",
                                        "insights"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        check_scene(scene_named(names[i]), 60, 16, false);
    }
}

static void ascii_pictures_are_as_looked_at(void **state)
{
    static const struct {
        const char *name;
        int cols, rows;
    } shots[] = {
        {"spike", 60, 16},       {"spike", 80, 24},  {"errors", 80, 24},
        {"manual", 120, 36},     {"mixed", 120, 36}, {"heat", 120, 36},
        {"big", 80, 24},         {"big", 120, 36},   {"finished", 80, 24},
        {"help", 80, 24},        {"steps", 120, 36}, {"spike", 200, 55},
        {"service-full", 80, 24}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof shots / sizeof shots[0]; i++) {
        check_scene(scene_named(shots[i].name), shots[i].cols, shots[i].rows,
                    true);
    }
}

/* Any size, any moment, anything open: every line has its exact width. */
static void no_run_and_no_size_break_the_shape(void **state)
{
    struct rng r;
    int round;

    (void)state;
    rng_seed(&r, 21, 1);
    for (round = 0; round < 6; round++) {
        struct sheet s;
        int i;

        sheet_init(&s, NULL);
        s.sim.rate_scale = round == 5 ? 40 : 1;
        for (i = 0; i < 120; i++) {
            int big = rng_range(&r, 0, 3) == 0;
            int cols = (int)rng_range(&r, 0, big ? 400 : 130);
            int rows = (int)rng_range(&r, 0, big ? 120 : 50);

            if (rng_range(&r, 0, 2) == 0) {
                sim_command(&s.sim,
                            (enum command_kind)rng_range(&r, COMMAND_SET_VUS,
                                                         COMMAND_WRITE),
                            (int64_t)rng_range(&r, 0, 200),
                            "\xe2\x80\xae\033[2Jword");
            }
            s.sim.dead = rng_range(&r, 0, 9) == 0;
            s.sim.limits = rng_range(&r, 0, 9) == 0;
            sim_run(&s.sim, (unsigned)rng_range(&r, 0, 3));
            s.ui.panel = (enum ui_panel)rng_range(&r, 0, PANEL_COUNT - 1);
            s.ui.prompt = (enum ui_prompt)rng_range(&r, 0, PROMPT_COUNT - 1);
            s.ui.selected = (int)rng_range(&r, 0, 8);
            s.ui.frozen = rng_range(&r, 0, 9) == 0;
            s.ui.big = rng_range(&r, 0, 3) == 0;
            s.ui.done = rng_range(&r, 0, 9) == 0;
            s.ui.zoom = (enum zoom)rng_range(&r, 0, ZOOM_COUNT - 1);
            s.ui.heat = (enum heat_mode)rng_range(&r, 0, HEAT_ONLY);
            s.ui.linear = rng_range(&r, 0, 1) == 0;
            s.sim.silent = rng_range(&r, 0, 4) == 0;
            s.ui.service = (enum service_mode)rng_range(&r, 0, SERVICE_NONE);
            s.ui.service_first = rng_range(&r, 0, 9);
            s.ui.cursor = rng_range(&r, 0, 2) == 0;
            s.ui.cursor_us = rng_range(&r, 0, 200000000);
            s.now_us += 100000;
            s.ascii = rng_range(&r, 0, 3) == 0;
            sheet_take(&s, cols, rows);
            sheet_is_whole(&s);
        }
        sheet_clear(&s);
    }
}

static const char hostile_plan[] =
    "{\"name\":\"\\u001b]0;owned\\u0007\","
    "\"flow\":[{\"get\":\"http://127.0.0.1:1/\","
    "\"name\":\"a\\r\\n\\u202eb\\u0007\\u001b[31m日本語\","
    "\"checks\":{\"c\\u001b[31m\\u202e\\u009b1m\":{\"status\":200}}}],"
    "\"scenarios\":{\"blink\":{\"executor\":\"ramping-vus\","
    "\"stages\":[{\"duration\":\"20s\",\"target\":9,"
    "\"name\":\"up\\u009b2J\\u200b\"}]}},"
    "\"thresholds\":{\"http_req_duration{name:a\\r\\n\\u202eb\\u0007\\u001b"
    "[31m日本語}\":[\"p(95)<5\"]}}";

/* Whatever a plan or a server says, no byte of it steers the terminal. */
static void hostile_bytes_are_shown_and_not_obeyed(void **state)
{
    struct sheet s;
    size_t i, k;
    int panel;

    (void)state;
    sheet_init(&s, hostile_plan);
    sheet_set_up(&s, (struct ui_config){.host = "\033]52;c;QQ==\007"});
    sim_run(&s.sim, 8);
    s.sim.limits = true;
    sim_command(&s.sim, COMMAND_MARK, 0,
                "\033[H\xc2\x9b"
                "1m\xff");
    sim_event(&s.sim, "warning", "\033]0;x\007\xe2\x80\xae", true);
    sim_run(&s.sim, 4);
    for (i = 0; i < SHEET_SIZES; i++) {
        for (panel = PANEL_NONE; panel < PANEL_COUNT; panel++) {
            const char *text;

            s.ui.panel = (enum ui_panel)panel;
            s.ui.prompt = panel == PANEL_LOG ? PROMPT_HOST : PROMPT_NONE;
            sheet_take(&s, sheet_sizes[i][0], sheet_sizes[i][1]);
            sheet_is_whole(&s);
            text = buf_str(&s.text);
            for (k = 0; k < s.text.len; k++) {
                unsigned char c = (unsigned char)text[k];

                assert_true(c >= 0x20 || c == '\n');
                assert_int_not_equal(c, 0x7f);
            }
            assert_null(strstr(text, "\xe2\x80\xae"));
            assert_null(strstr(text, "\xc2\x9b"));
            if (panel == PANEL_LOG && sheet_sizes[i][0] >= 80) {
                assert_non_null(strstr(text, "\\x1b]0;x\\x07"));
            }
        }
    }
    sheet_clear(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_at_80x24_are_as_looked_at),
        cmocka_unit_test(pictures_at_120x36_are_as_looked_at),
        cmocka_unit_test(pictures_at_200x55_are_as_looked_at),
        cmocka_unit_test(edges_of_layouts_are_as_looked_at),
        cmocka_unit_test(pictures_at_60x16_are_as_looked_at),
        cmocka_unit_test(ascii_pictures_are_as_looked_at),
        cmocka_unit_test(no_run_and_no_size_break_the_shape),
        cmocka_unit_test(hostile_bytes_are_shown_and_not_obeyed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
