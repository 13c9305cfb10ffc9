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

#include "record/tick_code.h"
#include "remote/ask.h"
#include "remote/follow.h"
#include "remote/past.h"
#include "remote/record.h"
#include "support/picture.h"
#include "support/sim.h"

/* This exercises: who attaches late sees the whole past, and the same figures
 * to the cell, whatever the second; a past that is full gets coarser and keeps
 * its figures; what a spectator is sent is held against what may come; and what
 * a line asks for. */

#define ROOM (48u << 20)

struct run {
    struct sim sim;
    struct past *past;
};

static void run_tick(void *ctx, const struct tick *t)
{
    struct run *r = ctx;
    struct blob *record;
    struct buf b;

    buf_init(&b, ROOM);
    assert_true(tick_encode(t, &b));
    record = record_new(RECORD_TICK, b.data, b.len);
    past_add(r->past, t, record);
    blob_unref(&record);
    buf_clear(&b);
}

static void run_init(struct run *r, const char *plan, size_t bytes_max)
{
    sim_init(&r->sim, plan, 7);
    r->past = past_new(&r->sim.info, bytes_max);
    r->sim.tap = run_tick;
    r->sim.tap_ctx = r;
}

static void run_clear(struct run *r)
{
    past_free(&r->past);
    sim_clear(&r->sim);
}

static void collect(void *ctx, struct blob *record)
{
    buf_add(ctx, record->data, record->n);
    blob_unref(&record);
}

/* What the run sends to who comes now. */
static void run_all(struct run *r, struct buf *out)
{
    struct buf info;
    struct blob *head;

    buf_init(&info, ROOM);
    buf_init(out, ROOM);
    assert_true(info_encode(&r->sim.info, &info));
    head = record_new(RECORD_INFO, info.data, info.len);
    collect(out, head);
    past_each(r->past, collect, out);
    buf_clear(&info);
    assert_false(out->cut);
}

/* A spectator who comes now, and is sent bytes in pieces. */
static void come(struct run *r, struct follow *f)
{
    struct buf all, in;
    struct err e = ERR_INIT;
    size_t at, n;

    run_all(r, &all);
    buf_init(&in, ROOM);
    follow_init(f);
    for (at = 0; at < all.len; at += n) {
        n = all.len - at < 1000 ? all.len - at : 1000;
        buf_add(&in, all.data + at, n);
        if (!follow_feed(f, &in, &e)) {
            fail_msg("%s", e.text);
        }
    }
    assert_int_equal(in.len, 0);
    assert_true(f->any);
    buf_clear(&in);
    buf_clear(&all);
}

static void assert_same_now(struct run *r)
{
    static const int sizes[][2] = {{80, 24}, {120, 36}, {200, 55}};
    static const enum ui_panel panels[] = {PANEL_NONE, PANEL_ERRORS, PANEL_LOG,
                                           PANEL_THRESHOLDS, PANEL_REQUESTS};
    struct follow f;
    size_t i, k;

    come(r, &f);
    for (i = 0; i < 3; i++) {
        for (k = 0; k < sizeof panels / sizeof panels[0]; k++) {
            struct buf here, there;

            buf_init(&here, ROOM);
            buf_init(&there, ROOM);
            picture(r->sim.story, sizes[i][0], sizes[i][1], false, panels[k],
                    &here);
            picture(f.story, sizes[i][0], sizes[i][1], false, panels[k],
                    &there);
            if (!same_text(buf_str(&here), buf_str(&there))) {
                fprintf(stderr, "%s\nand elsewhere\n%s", buf_str(&here),
                        buf_str(&there));
                fail();
            }
            buf_clear(&here);
            buf_clear(&there);
        }
    }
    follow_clear(&f);
}

static void ticks(struct run *r, unsigned n)
{
    while (n-- > 0) {
        sim_tick(&r->sim);
    }
}

static void who_comes_late_sees_the_same_picture(void **state)
{
    const char *const plans[] = {NULL, sim_plan_mixed, sim_plan_arrivals};
    size_t i;

    (void)state;
    for (i = 0; i < 3; i++) {
        struct run r;

        run_init(&r, plans[i], PAST_BYTES_MAX);
        ticks(&r, 1);
        assert_same_now(&r);
        ticks(&r, 96);
        assert_same_now(&r);
        ticks(&r, 107);
        assert_same_now(&r);
        sim_command(&r.sim, COMMAND_MARK, 0, "deploy 42");
        r.sim.limits = true;
        ticks(&r, 153);
        assert_same_now(&r);
        sim_command(&r.sim, COMMAND_PAUSE, 0, "");
        ticks(&r, 41);
        assert_same_now(&r);
        sim_command(&r.sim, COMMAND_PAUSE, 0, "");
        r.sim.dead = true;
        ticks(&r, 33);
        assert_same_now(&r);
        r.sim.dead = false;
        ticks(&r, 222);
        assert_same_now(&r);
        sim_finish(&r.sim, 99);
        assert_same_now(&r);
        run_clear(&r);
    }
}

static void a_full_past_gets_coarser_and_keeps_its_figures(void **state)
{
    struct run r;
    struct follow f;
    struct summary a, b;
    struct totals x, y;

    (void)state;
    run_init(&r, NULL, 20000);
    ticks(&r, 1000);
    assert_in_range(past_bytes(r.past), 1, 60000);
    assert_in_range(past_file_bytes(r.past), 0, past_bytes(r.past) + 20000);
    come(&r, &f);
    a = ledger_summary(story_ledger(r.sim.story), -1, SPAN_RUN);
    b = ledger_summary(story_ledger(f.story), -1, SPAN_RUN);
    assert_memory_equal(&a, &b, sizeof a);
    a = ledger_summary(story_ledger(r.sim.story), -1, SPAN_WINDOW);
    b = ledger_summary(story_ledger(f.story), -1, SPAN_WINDOW);
    assert_memory_equal(&a, &b, sizeof a);
    x = ledger_totals(story_ledger(r.sim.story));
    y = ledger_totals(story_ledger(f.story));
    assert_int_equal(x.vus_max, y.vus_max);
    assert_int_equal(x.vus_min, y.vus_min);
    assert_int_equal(x.active_us, y.active_us);
    assert_int_equal(x.iterations, y.iterations);
    assert_int_equal(story_event_count(r.sim.story),
                     story_event_count(f.story));
    follow_clear(&f);
    run_clear(&r);
}

static void what_no_run_sends_is_refused(void **state)
{
    struct run r;
    struct follow f;
    struct buf all, in;
    struct err e = ERR_INIT;

    (void)state;
    run_init(&r, NULL, PAST_BYTES_MAX);
    ticks(&r, 5);
    run_all(&r, &all);
    buf_init(&in, ROOM);
    follow_init(&f);
    buf_adds(&in, "HTTP/1.1 200 OK");
    assert_false(follow_feed(&f, &in, &e));
    assert_string_equal(e.text, "the run sends what is no record");
    buf_reset(&in);
    e.code = ERR_NONE;
    buf_add(&in, all.data, all.len);
    buf_add(&in, all.data, all.len);
    assert_false(follow_feed(&f, &in, &e));
    assert_string_equal(e.text, "the run sends its header twice");
    follow_lost(&f, "it was killed");
    assert_int_equal(story_tick(f.story)->state, RUN_FINISHED);
    assert_string_equal(story_tick(f.story)->outcome.text,
                        "the run is gone: it was killed");
    follow_clear(&f);
    buf_clear(&in);
    buf_clear(&all);
    run_clear(&r);
}

static struct ask asked(const char *line)
{
    struct err e = ERR_INIT;
    struct ask a;

    if (!ask_read(line, strlen(line), &a, &e)) {
        fail_msg("%s: %s", line, e.text);
    }
    return a;
}

/* What a line comes to when 20 VUs are asked for. */
static struct command meant(struct sim *s, const char *line)
{
    struct ask a = asked(line);
    struct err e = ERR_INIT;
    struct tick t = *story_tick(s->story);
    struct command c;
    bool already;

    t.scenarios[0].wanted = 20;
    if (!ask_command(&a, &s->info, &t, &c, &already, &e)) {
        fail_msg("%s: %s", line, e.text);
    }
    return c;
}

static void a_line_says_what_is_to_be_done(void **state)
{
    struct sim s;
    struct command c;

    (void)state;
    sim_init(&s, NULL, 7);
    sim_run(&s, 20);
    c = meant(&s, "{\"do\":\"vus\",\"number\":80}");
    assert_int_equal(c.kind, COMMAND_SET_VUS);
    assert_int_equal(c.number, 80);
    assert_true(ask_raises(&c, story_tick(s.story)));
    c = meant(&s, "{\"do\":\"vus\",\"text\":\"x2.5\"}");
    assert_int_equal(c.kind, COMMAND_SET_VUS);
    assert_int_equal(c.number, 50);
    c = meant(&s, "{\"do\":\"vus\",\"text\":\"+7\"}");
    assert_int_equal(c.kind, COMMAND_ADD_VUS);
    assert_int_equal(c.number, 7);
    c = meant(&s, "{\"do\":\"vus\",\"text\":\"-7\"}");
    assert_int_equal(c.number, -7);
    assert_false(ask_raises(&c, story_tick(s.story)));
    c = meant(&s, "{\"do\":\"mark\",\"text\":\"x\",\"scenario\":\"spike\"}");
    assert_int_equal(c.kind, COMMAND_MARK);
    assert_string_equal(c.text, "x");
    assert_int_equal(c.scenario, 0);
    sim_clear(&s);
}

static void a_past_without_a_file_is_in_memory(void **state)
{
    setenv("TMPDIR", "/nonexistent", 1);
    a_full_past_gets_coarser_and_keeps_its_figures(state);
    unsetenv("TMPDIR");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_comes_late_sees_the_same_picture),
        cmocka_unit_test(a_full_past_gets_coarser_and_keeps_its_figures),
        cmocka_unit_test(a_past_without_a_file_is_in_memory),
        cmocka_unit_test(what_no_run_sends_is_refused),
        cmocka_unit_test(a_line_says_what_is_to_be_done),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
