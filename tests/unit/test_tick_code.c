/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <math.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/file.h"
#include "record/code.h"
#include "run/frame.h"
#include "record/info_code.h"
#include "record/results.h"
#include "record/tick_code.h"
#include "support/picture.h"
#include "support/sim.h"

/* This exercises: a run as bytes: what is read again makes the same picture, to
 * the cell, and gives the same insights; so do ticks that are now one; and what
 * was cut, or is no run, is refused by name. */

#define ROOM (16u << 20)

/* A run as another process sees it: its own plan, its own story. */
struct other {
    struct sim sim;
    struct info_read read;
    struct story *story;
    struct frame *frame; /* NULL: tick by tick */
    size_t bytes, ticks;
    struct buf last; /* the last tick's code */
};

static void other_take(struct other *o, const struct tick *t)
{
    struct tick_read r;
    struct err e = ERR_INIT;

    buf_clear(&o->last);
    assert_true(tick_encode(t, &o->last));
    if (!tick_decode(&o->read.info, o->last.data, o->last.len, &r, &e)) {
        fail_msg("%s", e.text);
    }
    assert_memory_equal(&r.tick.server, &t->server, sizeof t->server);
    story_feed(o->story, &r.tick);
    tick_read_clear(&r);
    o->bytes += o->last.len;
    o->ticks++;
}

static void other_flush(struct other *o)
{
    if (o->frame != NULL && !frame_empty(o->frame)) {
        other_take(o, frame_tick(o->frame));
        frame_reset(o->frame);
    }
}

static void other_tick(void *ctx, const struct tick *t)
{
    struct other *o = ctx;

    if (o->frame == NULL) {
        other_take(o, t);
        return;
    }
    if (frame_is_over(o->frame, t)) {
        other_flush(o);
    }
    frame_add(o->frame, t);
}

static void other_init(struct other *o, const char *plan, bool frames)
{
    struct buf b;
    struct err e = ERR_INIT;

    memset(o, 0, sizeof *o);
    buf_init(&o->last, ROOM);
    buf_init(&b, ROOM);
    sim_init(&o->sim, plan, 7);
    assert_true(info_encode(&o->sim.info, &b));
    if (!info_decode(b.data, b.len, &o->read, &e)) {
        fail_msg("%s", e.text);
    }
    o->story = story_new(&o->read.info);
    o->frame = frames ? frame_new() : NULL;
    o->sim.tap = other_tick;
    o->sim.tap_ctx = o;
    buf_clear(&b);
}

static void other_clear(struct other *o)
{
    story_free(&o->story);
    frame_free(&o->frame);
    info_read_clear(&o->read);
    buf_clear(&o->last);
    sim_clear(&o->sim);
}

static void assert_same_pictures(struct other *o, bool done)
{
    static const int sizes[][2] = {{60, 16}, {80, 24}, {120, 36}, {200, 55}};
    static const enum ui_panel panels[] = {PANEL_NONE,     PANEL_ERRORS,
                                           PANEL_LOG,      PANEL_THRESHOLDS,
                                           PANEL_REQUESTS, PANEL_STAGES};
    size_t i, k;

    other_flush(o);
    for (i = 0; i < 4; i++) {
        for (k = 0; k < sizeof panels / sizeof panels[0]; k++) {
            struct buf here, there;

            buf_init(&here, ROOM);
            buf_init(&there, ROOM);
            picture(o->sim.story, sizes[i][0], sizes[i][1], done, panels[k],
                    &here);
            picture(o->story, sizes[i][0], sizes[i][1], done, panels[k],
                    &there);
            if (o->frame != NULL
                    ? !same_text(buf_str(&here), buf_str(&there))
                    : strcmp(buf_str(&here), buf_str(&there)) != 0) {
                fprintf(stderr, "%s\nand elsewhere\n%s", buf_str(&here),
                        buf_str(&there));
                fail();
            }
            buf_clear(&here);
            buf_clear(&there);
        }
    }
}

/* A run with everything that a picture can show. */
static void steered(struct sim *s)
{
    sim_run(s, 25);
    sim_command(s, COMMAND_SET_VUS, 63, "");
    sim_run(s, 14);
    sim_command(s, COMMAND_MARK, 0, "deploy \xc3\xa4 42");
    s->limits = true;
    sim_run(s, 6);
    sim_command(s, COMMAND_PAUSE, 0, "");
    sim_run(s, 3);
    sim_command(s, COMMAND_PAUSE, 0, "");
    s->dead = true;
    sim_run(s, 2);
    s->dead = false;
    s->tick.health.suspect = true;
    s->tick.health.ever_suspect = true;
    snprintf(s->tick.health.why, sizeof s->tick.health.why, "loop lag");
    sim_run(s, 12);
}

static void the_same_picture_elsewhere(void **state)
{
    const char *const plans[] = {NULL, sim_plan_mixed, sim_plan_arrivals,
                                 sim_plan_returns};
    size_t i;

    (void)state;
    for (i = 0; i < 4; i++) {
        struct other o;

        other_init(&o, plans[i], false);
        sim_run(&o.sim, 17);
        assert_same_pictures(&o, false);
        steered(&o.sim);
        assert_same_pictures(&o, false);
        sim_finish(&o.sim, 99);
        assert_same_pictures(&o, true);
        other_clear(&o);
    }
}

static struct other *framed(const char *plan)
{
    static struct other o;

    other_init(&o, plan, true);
    return &o;
}

/* A tenth of the ticks, and the same picture on each full second. */
static void ticks_that_are_now_one_make_the_same_picture(void **state)
{
    struct other *o = framed(NULL);

    (void)state;
    sim_run(&o->sim, 50);
    assert_same_pictures(o, false);
    o->sim.limits = true;
    sim_command(&o->sim, COMMAND_MARK, 0, "deploy 42");
    sim_run(&o->sim, 30);
    assert_same_pictures(o, false);
    assert_in_range(o->ticks, 80, 90);
    sim_run(&o->sim, 28);
    assert_same_pictures(o, false);
    other_clear(o);
    o = framed(sim_plan_mixed);
    /* Until before one of them ends: whether what was held to a tick less than
     * a step takes is one, and then what the next is held against, is a matter
     * of the grain. */
    sim_run(&o->sim, 55);
    assert_same_pictures(o, false);
    other_clear(o);
}

static cJSON *insights(struct story *s)
{
    char *text = results_text(s);
    cJSON *root = cJSON_Parse(text);
    cJSON *o = cJSON_DetachItemFromObjectCaseSensitive(root, "insights");

    assert_non_null(o);
    cJSON_Delete(root);
    free(text);
    return o;
}

/* Whether they come one by one or a second at a time. What is finer than that
 * is not (doc/insight.md): stalls, and where two kinds of load meet. */
static void ticks_that_are_now_one_give_the_same_insights(void **state)
{
    static const char *const same[] = {"recovery", "breaking_point", "plateaus",
                                       "trends",   "baselines",      "verdict",
                                       "scaling"};
    const char *const plans[] = {NULL, sim_plan_returns};
    size_t i, k;

    (void)state;
    for (i = 0; i < 2; i++) {
        struct other *o = framed(plans[i]);
        cJSON *here, *there;

        o->sim.tick.t_us = 37000; /* ticks end on no second */
        sim_run(&o->sim, 100);
        sim_finish(&o->sim, 99);
        other_flush(o);
        here = insights(o->sim.story);
        there = insights(o->story);
        for (k = 0; k < sizeof same / sizeof same[0]; k++) {
            const cJSON *a = cJSON_GetObjectItemCaseSensitive(here, same[k]);
            const cJSON *b = cJSON_GetObjectItemCaseSensitive(there, same[k]);

            assert_non_null(a);
            if (!cJSON_Compare(a, b, true)) {
                fail_msg("%s: %s\nand elsewhere %s", same[k], cJSON_Print(a),
                         cJSON_Print(b));
            }
        }
        assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(
                             here, "recovery")),
                         1);
        cJSON_Delete(here);
        cJSON_Delete(there);
        other_clear(o);
    }
}

static void what_is_cut_off_is_refused_at_every_byte(void **state)
{
    struct other o;
    struct tick_read r;
    size_t n;

    (void)state;
    other_init(&o, NULL, false);
    sim_run(&o.sim, 40);
    for (n = 0; n < o.last.len; n++) {
        struct err e = ERR_INIT;
        char *copy = malloc(n + 1); /* so that a byte too far is seen */

        memcpy(copy, o.last.data, n);
        assert_false(tick_decode(&o.read.info, copy, n, &r, &e));
        assert_non_null(strstr(e.text, "a tick: byte "));
        free(copy);
    }
    other_clear(&o);
}

/* A tick of one run is none of another. */
static void a_tick_of_another_run_is_refused(void **state)
{
    struct other a, b;
    struct tick_read r;
    struct err e = ERR_INIT;

    (void)state;
    other_init(&a, NULL, false);
    other_init(&b, sim_plan_mixed, false);
    sim_run(&a.sim, 5);
    assert_false(tick_decode(&b.read.info, a.last.data, a.last.len, &r, &e));
    assert_non_null(strstr(e.text, "scenarios"));
    other_clear(&a);
    other_clear(&b);
}

static void a_header_of_another_version_is_refused_by_name(void **state)
{
    struct sim s;
    struct buf b;
    struct info_read r;
    struct err e = ERR_INIT;
    size_t n;

    (void)state;
    sim_init(&s, NULL, 7);
    buf_init(&b, ROOM);
    assert_true(info_encode(&s.info, &b));
    for (n = 0; n < b.len; n++) {
        struct err why = ERR_INIT;

        assert_false(info_decode(b.data, n, &r, &why));
    }
    b.data[6]++; /* behind the length and the letters of the mark */
    assert_false(info_decode(b.data, b.len, &r, &e));
    assert_string_equal(e.text, "the header of a run: byte 7: of another "
                                "version of brunt");
    b.data[1] = 'g';
    e.code = ERR_NONE;
    assert_false(info_decode(b.data, b.len, &r, &e));
    assert_non_null(strstr(e.text, "not of brunt"));
    buf_clear(&b);
    sim_clear(&s);
}

static void secrets_are_not_in_a_header(void **state)
{
    static const char text[] =
        "{\"name\":\"t\",\"env\":{\"TOKEN\":\"s3cr3t\",\"U\":\"of s3cr3t\"},"
        "\"secrets\":[\"TOKEN\"],\"flow\":[{\"get\":\"http://127.0.0.1:1/\","
        "\"headers\":{\"Authorization\":\"Bearer ${TOKEN}\"},"
        "\"tags\":{\"who\":\"s3cr3t\"}}],"
        "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\",\"vus\":1,"
        "\"duration\":\"1s\"}}}";
    struct sim s;
    struct buf b;
    struct info_read r;
    struct err e = ERR_INIT;

    (void)state;
    sim_init(&s, text, 7);
    buf_init(&b, ROOM);
    assert_true(info_encode(&s.info, &b));
    assert_null(memmem(b.data, b.len, "s3cr3t", 6));
    assert_true(info_decode(b.data, b.len, &r, &e));
    assert_string_equal(r.plan->env[0].value, "***");
    assert_string_equal(r.plan->env[1].value, "of ***");
    assert_string_equal(r.plan->requests[0]->tags[0].value, "***");
    info_read_clear(&r);
    buf_clear(&b);
    sim_clear(&s);
}

static void assert_same_item(const struct baseline_item *a,
                             const struct baseline_item *b)
{
    assert_string_equal(a->metric, b->metric);
    assert_string_equal(a->expect, b->expect);
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->about, b->about);
    assert_int_equal(a->unit, b->unit);
    assert_int_equal(a->limit.op, b->limit.op);
    assert_true(a->low >= b->low && a->low <= b->low);
    assert_true(a->high >= b->high && a->high <= b->high);
    if (a->kind == BASELINE_METRIC) {
        const struct threshold *x = &a->limit, *y = &b->limit;

        assert_int_equal(x->selector.metric, y->selector.metric);
        assert_int_equal(x->selector.n_tags, y->selector.n_tags);
        assert_int_equal(x->agg, y->agg);
        assert_true(x->percentile >= y->percentile &&
                    x->percentile <= y->percentile);
        assert_true(x->limit >= y->limit && x->limit <= y->limit);
    }
}

/* What is usual at a place decides what a return is measured by: spectators
 * have to know it as well. */
static void the_plan_s_baselines_are_known_elsewhere(void **state)
{
    static const char text[] =
        "{\"name\":\"t\",\"env\":{\"BASELINE\":\"local\"},"
        "\"flow\":[{\"get\":\"http://127.0.0.1:1/\",\"name\":\"A\"}],"
        "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\",\"vus\":1,"
        "\"duration\":\"1s\"}},\"baselines\":{\"local\":{\"s\":{"
        "\"http_req_duration\":[\"p(95)<1000\",\"avg<1s\"],"
        "\"http_req_duration{name:A}\":\"p(99)<2s\",\"throughput\":\"~60/m\","
        "\"availability\":\">99.9%\",\"breaking_point\":\"50-80\","
        "\"recovery_time\":\"<30s\"},\"*\":{}},\"far\":{}}}";
    struct other o;
    size_t i, k;

    (void)state;
    other_init(&o, text, false);
    assert_int_equal(o.read.plan->n_baselines, 2);
    for (i = 0; i < 2; i++) {
        const struct baseline *a = &o.sim.plan->baselines[i];
        const struct baseline *b = &o.read.plan->baselines[i];

        assert_string_equal(a->name, b->name);
        assert_int_equal(a->n, b->n);
        assert_int_equal(plan_baseline_counts(o.sim.plan, a),
                         plan_baseline_counts(o.read.plan, b));
    }
    assert_string_equal(o.read.plan->baselines[0].sets[1].scenario, "*");
    assert_int_equal(o.read.plan->baselines[0].sets[0].n, 7);
    for (k = 0; k < 7; k++) {
        assert_same_item(&o.sim.plan->baselines[0].sets[0].items[k],
                         &o.read.plan->baselines[0].sets[0].items[k]);
    }
    other_clear(&o);
}

static void numbers_come_back_whole(void **state)
{
    static const uint64_t list[] = {0,     1,     127,        128,
                                    16383, 16384, UINT32_MAX, UINT64_MAX};
    struct code_in in;
    struct buf b;
    size_t i;

    (void)state;
    buf_init(&b, 4096);
    for (i = 0; i < 8; i++) {
        code_put(&b, list[i]);
    }
    code_put_signed(&b, INT64_MIN);
    code_put_signed(&b, -1);
    code_put_double(&b, -0.1);
    code_in_init(&in, b.data, b.len);
    for (i = 0; i < 8; i++) {
        assert_true(code_get(&in, UINT64_MAX, "n") == list[i]);
    }
    assert_true(code_get_signed(&in, "n") == INT64_MIN);
    assert_true(code_get_signed(&in, "n") == -1);
    assert_true(code_get_double(&in, "n") == -0.1);
    assert_true(code_end(&in));
    /* Eleven bytes, and a tenth that is too large. */
    code_in_init(&in, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10);
    assert_true(code_get(&in, UINT64_MAX, "n") == 0);
    assert_true(in.bad);
    buf_clear(&b);
}

/* A tick as a hunt leaves it. */
static struct tick hunted(const struct tick *t, struct tick_probe *probes)
{
    struct tick x = *t;

    x.hunt = (struct tick_hunt){
        .phase = HUNT_MEASURE,
        .quick = true,
        .why = SEARCH_NARROW,
        .load = 60,
        .number = 3,
        .phase_us = 4000000,
        .measure_us = 30000000,
        .rps = 240.5,
        .broke = true,
        .by = PROBE_LATENCY,
        .missed = 1,
        .cut = HUNT_CUT_PLAN,
        .fault = {FAILURE_HTTP_4XX, 415, true, 41, 42, "Chat", "no such type"},
        .percentile = 99,
        .limit = 250000,
        .words = {RULE_TIME, "p99 of Chat"},
        .value = 412000};
    x.hunt.answer =
        (struct search_answer){SEARCH_FOUND, 55, 66, 60, true, 90, 12, 2};
    probes[0] = (struct tick_probe){.start_us = 1,
                                    .end_us = 2,
                                    .load = 50,
                                    .why = SEARCH_CONFIRM_LOW,
                                    .longer = true,
                                    .percentile = 95,
                                    .limit = 600000,
                                    .words = {RULE_SHARE_MISSING, "stock"},
                                    .without = "p95 of Q"};
    probes[0].report = (struct probe_report){.verdict = SEARCH_HOLDS,
                                             .reason = PROBE_ERRORS,
                                             .soft = true,
                                             .rule = 1,
                                             .settle_us = 5,
                                             .measured_us = 6,
                                             .requests = 7,
                                             .failed = 1,
                                             .rps = 8.5,
                                             .p50_us = 9,
                                             .p95_us = 10,
                                             .value_us = 11,
                                             .low_us = 12,
                                             .high_us = 13,
                                             .error_rate = 0.25,
                                             .share = 0.5,
                                             .in_flight = 3.5,
                                             .why = "of old"};
    probes[1] = probes[0];
    probes[1].report.rule = -1;
    probes[1].report.steady = probes[1].report.aborted = true;
    x.probes = probes;
    x.n_probes = 2;
    return x;
}

struct hunted {
    struct tick_read read;
    struct buf code;
    struct err e;
    bool ok;
};

static void hunted_again(struct hunted *h, const struct other *o,
                         const struct tick *t)
{
    memset(h, 0, sizeof *h);
    buf_init(&h->code, ROOM);
    assert_true(tick_encode(t, &h->code));
    h->ok =
        tick_decode(&o->read.info, h->code.data, h->code.len, &h->read, &h->e);
}

static void hunted_tick(void *ctx, const struct tick *t)
{
    const struct other *o = ctx;
    struct tick_probe probes[2];
    struct tick x = hunted(t, probes);
    struct hunted first, second;
    const struct tick *y = &first.read.tick;

    hunted_again(&first, o, &x);
    assert_true(first.ok);
    assert_int_equal(y->hunt.phase, HUNT_MEASURE);
    assert_int_equal(y->hunt.answer.before, 90);
    assert_true(y->hunt.answer.confirmed && y->hunt.quick && y->hunt.broke);
    assert_int_equal(y->hunt.cut, HUNT_CUT_PLAN);
    assert_int_equal(y->hunt.fault.kind, FAILURE_HTTP_4XX);
    assert_int_equal(y->hunt.fault.status, 415);
    assert_true(y->hunt.fault.lowest);
    assert_true(y->hunt.fault.failed == 41 && y->hunt.fault.all == 42);
    assert_string_equal(y->hunt.fault.where, "Chat");
    assert_string_equal(y->hunt.fault.said, "no such type");
    assert_true(y->hunt.limit == 250000 && y->hunt.value == 412000);
    assert_string_equal(y->hunt.words.subject, "p99 of Chat");
    assert_int_equal(y->n_probes, 2);
    assert_string_equal(y->probes[0].report.why, "of old");
    assert_int_equal(y->probes[1].report.rule, -1);
    assert_true(y->probes[0].limit == 600000);
    assert_true(fabs(y->probes[0].report.share - 0.5) < 1e-9);
    assert_int_equal(y->probes[0].words.kind, RULE_SHARE_MISSING);
    assert_string_equal(y->probes[0].words.subject, "stock");
    assert_string_equal(y->probes[0].without, "p95 of Q");
    hunted_again(&second, o, y);
    assert_int_equal(first.code.len, second.code.len);
    assert_memory_equal(first.code.data, second.code.data, first.code.len);
    tick_read_clear(&first.read);
    tick_read_clear(&second.read);
    buf_clear(&first.code);
    buf_clear(&second.code);
    x.hunt.answer.point = 54; /* not within its own ends */
    hunted_again(&first, o, &x);
    assert_false(first.ok);
    assert_non_null(strstr(first.e.text, "a hunt's answer"));
    buf_clear(&first.code);
}

static void a_hunt_is_read_as_it_was_written(void **state)
{
    struct other o;

    (void)state;
    other_init(&o, NULL, false);
    o.sim.tap = hunted_tick;
    sim_run(&o.sim, 2);
    other_clear(&o);
}

/* Ticks of code 14 had no words of rules: those are of all requests. The file
 * is what brunt 0.8.0 wrote of the same tick. */
static void a_hunt_of_0_8_0_is_read_with_its_rules(void **state)
{
    struct tick_read r;
    struct other o;
    struct err e = ERR_INIT;
    char path[512];
    struct buf b;

    (void)state;
    other_init(&o, NULL, false);
    buf_init(&b, ROOM);
    snprintf(path, sizeof path, "%s/tests/fuzz/corpus/tick/hunt-14",
             getenv("SRCDIR"));
    assert_true(file_read(path, &b, &e));
    assert_true(tick_decode(&o.sim.info, b.data + 1, b.len - 1, &r, &e));
    assert_string_equal(r.tick.hunt.words.subject, "p99");
    assert_true(r.tick.hunt.broke && r.tick.hunt.value == 412000);
    assert_int_equal(r.tick.n_probes, 2);
    assert_string_equal(r.tick.probes[0].words.subject, "p95");
    assert_int_equal(r.tick.probes[0].words.kind, RULE_TIME);
    assert_true(fabs(r.tick.probes[0].report.share - 0.25) < 1e-9);
    assert_string_equal(r.tick.probes[0].without, "");
    assert_string_equal(r.tick.probes[0].report.why, "of old");
    tick_read_clear(&r);
    buf_clear(&b);
    other_clear(&o);
}

/* CORPUS=DIRECTORY writes what tests/fuzz/fuzz_tick.c begins with. */
static void write_corpus(void **state)
{
    const char *dir = getenv("CORPUS");
    struct tick_probe probes[2];
    struct tick x;
    struct delta *nothing;
    char path[512];
    struct err e = ERR_INIT;
    struct other o;
    struct buf b;

    (void)state;
    if (dir == NULL) {
        return;
    }
    other_init(&o, NULL, false);
    buf_init(&b, ROOM);
    buf_addc(&b, 0);
    assert_true(info_encode(&o.sim.info, &b));
    snprintf(path, sizeof path, "%s/info", dir);
    assert_true(file_write(path, b.data, b.len, &e));
    sim_run(&o.sim, 30);
    sim_command(&o.sim, COMMAND_MARK, 0, "deploy 42");
    sim_tick(&o.sim);
    buf_reset(&b);
    buf_addc(&b, 1);
    buf_add(&b, o.last.data, o.last.len);
    snprintf(path, sizeof path, "%s/tick", dir);
    assert_true(file_write(path, b.data, b.len, &e));
    buf_clear(&b);
    x = hunted(&o.sim.tick, probes);
    x.delta = nothing = delta_new(NULL, NULL, 0);
    buf_addc(&b, 1);
    assert_true(tick_encode(&x, &b));
    delta_free(&nothing);
    snprintf(path, sizeof path, "%s/hunt", dir);
    assert_true(file_write(path, b.data, b.len, &e));
    buf_clear(&b);
    other_clear(&o);
    other_init(&o, NULL, true);
    o.sim.limits = true;
    sim_run(&o.sim, 12);
    other_flush(&o);
    buf_addc(&b, 1);
    buf_add(&b, o.last.data, o.last.len);
    snprintf(path, sizeof path, "%s/frame", dir);
    assert_true(file_write(path, b.data, b.len, &e));
    buf_clear(&b);
    other_clear(&o);
}

/* A corpus of another version would be refused at its first byte, and nothing
 * behind that would ever be fuzzed. */
static void the_corpus_is_of_this_version(void **state)
{
    static const char *const files[] = {"info", "tick", "frame", "hunt"};
    struct info_read info;
    struct tick_read tick;
    struct other o;
    struct err e = ERR_INIT;
    char path[512];
    struct buf b;
    size_t i;

    (void)state;
    other_init(&o, NULL, false);
    for (i = 0; i < sizeof files / sizeof files[0]; i++) {
        snprintf(path, sizeof path, "%s/tests/fuzz/corpus/tick/%s",
                 getenv("SRCDIR"), files[i]);
        buf_init(&b, ROOM);
        assert_true(file_read(path, &b, &e));
        assert_int_equal(b.data[0], i == 0 ? 0 : 1);
        if (i == 0) {
            assert_true(info_decode(b.data + 1, b.len - 1, &info, &e));
            info_read_clear(&info);
        } else {
            assert_true(
                tick_decode(&o.sim.info, b.data + 1, b.len - 1, &tick, &e));
            tick_read_clear(&tick);
        }
        buf_clear(&b);
    }
    other_clear(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_picture_elsewhere),
        cmocka_unit_test(ticks_that_are_now_one_make_the_same_picture),
        cmocka_unit_test(ticks_that_are_now_one_give_the_same_insights),
        cmocka_unit_test(what_is_cut_off_is_refused_at_every_byte),
        cmocka_unit_test(a_hunt_is_read_as_it_was_written),
        cmocka_unit_test(a_hunt_of_0_8_0_is_read_with_its_rules),
        cmocka_unit_test(a_tick_of_another_run_is_refused),
        cmocka_unit_test(a_header_of_another_version_is_refused_by_name),
        cmocka_unit_test(secrets_are_not_in_a_header),
        cmocka_unit_test(the_plan_s_baselines_are_known_elsewhere),
        cmocka_unit_test(numbers_come_back_whole),
        cmocka_unit_test(the_corpus_is_of_this_version),
        cmocka_unit_test(write_corpus),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
