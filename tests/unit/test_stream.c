/* SPDX-License-Identifier: MIT
 *
 * test_stream - event streams on a clock that is known to the microsecond: time
 * to the first event, to a named one, gaps, counts, and streams cut off. */
#include "config.h"

#include "load/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "support/squad_world.h"

#define MS US_PER_MS
#define S  US_PER_SEC

/* Answers with an event every gap_us after the head. */
static struct fake_reply reply_of(const char *body, uint64_t head_us,
                                  uint64_t gap_us, size_t piece)
{
    return (struct fake_reply){
        .after_us = head_us,
        .status = 200,
        .head = "Content-Type: text/event-stream\r\n",
        .body = body,
        .piece = piece,
        .gap_us = gap_us,
        .end_us = 1 * MS,
    };
}

static void answer(void *ctx, const struct fake_call *call,
                   struct fake_reply *reply)
{
    (void)call;
    *reply = *(const struct fake_reply *)ctx;
}

/* One iteration of one VU with that sse rule and these metrics. */
static struct delta *stream_once(const char *sse, const char *metrics,
                                 struct fake_reply reply, struct world **w)
{
    char *plan = xasprintf(
        "{\"flow\":[{\"get\":\"http://h/\",\"name\":\"Chat\",\"sse\":%s,"
        "\"metrics\":{%s}},{\"think\":\"1h\"}],\"scenarios\":{\"s\":{"
        "\"executor\":\"constant-vus\",\"duration\":\"1h\"}}}",
        sse, metrics);

    *w = world_new(plan, 1, 1);
    free(plan);
    (*w)->fake.answer = answer;
    (*w)->fake.ctx = &reply;
    world_vus(*w, 1);
    world_pass(*w, 10 * S);
    return world_take(*w);
}

/* Five events of ten bytes each: a piece is an event. */
#define EV(name) "event:" name "\ndata\n\n"
static const char four[] = EV("a") EV("b") EV("b") EV("z");
#define PIECE (sizeof(EV("a")) - 1)

static void times_are_those_of_the_events(void **state)
{
    struct world *w;
    struct delta *d = stream_once("{\"until\":\"z\"}", "",
                                  reply_of(four, 30 * MS, 7 * MS, PIECE), &w);
    const struct delta_custom *first =
        delta_custom(d, METRIC_SSE_TIME_TO_FIRST_EVENT);
    const struct delta_custom *gap = delta_custom(d, METRIC_SSE_EVENT_GAP);

    (void)state;
    assert_int_equal(first->trend.count, 1);
    assert_int_equal(first->trend.max, 30 * MS);
    assert_int_equal(gap->trend.count, 3);
    assert_int_equal(gap->trend.min, 7 * MS);
    assert_int_equal(gap->trend.max, 7 * MS);
    assert_true(delta_custom(d, METRIC_SSE_EVENTS)->sum == 4);
    assert_int_equal(delta_custom(d, METRIC_SSE_INCOMPLETE)->hits, 0);
    assert_int_equal(delta_custom(d, METRIC_SSE_INCOMPLETE)->total, 1);
    assert_int_equal(delta_failed(d), 0);
    delta_free(&d);
    world_free(&w);
}

static void the_first_event_may_be_a_named_one(void **state)
{
    struct world *w;
    struct delta *d = stream_once("{\"until\":\"z\",\"first\":\"b\"}", "",
                                  reply_of(four, 30 * MS, 7 * MS, PIECE), &w);
    const struct delta_custom *first =
        delta_custom(d, METRIC_SSE_TIME_TO_FIRST_EVENT);

    (void)state;
    assert_int_equal(first->trend.count, 1);
    assert_int_equal(first->trend.max, 37 * MS);
    assert_int_equal(delta_custom(d, METRIC_SSE_EVENT_GAP)->trend.count, 3);
    delta_free(&d);
    world_free(&w);
}

static void an_event_that_never_comes_has_no_time(void **state)
{
    struct world *w;
    struct delta *d = stream_once("{\"until\":\"z\",\"first\":\"c\"}",
                                  "\"c\":{\"sse\":\"c\"}",
                                  reply_of(four, 30 * MS, 7 * MS, PIECE), &w);

    (void)state;
    assert_null(delta_custom(d, METRIC_SSE_TIME_TO_FIRST_EVENT));
    assert_null(delta_custom(d, (unsigned)plan_metric_id(w->plan, "c")));
    assert_true(delta_custom(d, METRIC_SSE_EVENTS)->sum == 4);
    delta_free(&d);
    world_free(&w);
}

static void metrics_of_ones_own_count_to_their_events(void **state)
{
    struct world *w;
    struct delta *d = stream_once("true",
                                  "\"to_a\":{\"sse\":\"a\"},\"how\":"
                                  "\"duration\",\"to_b\":{\"sse\":\"b\"},"
                                  "\"to_z\":{\"sse\":\"z\"}",
                                  reply_of(four, 30 * MS, 7 * MS, PIECE), &w);
    static const struct {
        const char *name;
        uint64_t us;
    } rows[] = {{"to_a", 30 * MS}, {"to_b", 37 * MS}, {"to_z", 51 * MS}};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const struct delta_custom *c =
            delta_custom(d, (unsigned)plan_metric_id(w->plan, rows[i].name));

        assert_non_null(c);
        assert_int_equal(c->trend.count, 1);
        assert_int_equal(c->trend.max, rows[i].us);
    }
    delta_free(&d);
    world_free(&w);
}

static void events_that_come_together_have_no_gap(void **state)
{
    struct world *w;
    struct delta *d =
        stream_once("true", "", reply_of(four, 30 * MS, 0, 0), &w);
    const struct delta_custom *gap = delta_custom(d, METRIC_SSE_EVENT_GAP);

    (void)state;
    assert_int_equal(gap->trend.count, 3);
    assert_int_equal(gap->trend.max, 0);
    delta_free(&d);
    world_free(&w);
}

static void a_stream_cut_off_is_incomplete(void **state)
{
    struct world *w;
    struct delta *d = stream_once("{\"until\":\"end\"}", "",
                                  reply_of(four, 30 * MS, 7 * MS, PIECE), &w);

    (void)state;
    assert_int_equal(delta_custom(d, METRIC_SSE_INCOMPLETE)->hits, 1);
    assert_int_equal(delta_custom(d, METRIC_SSE_INCOMPLETE)->total, 1);
    assert_int_equal(delta_failures(d, FAILURE_STREAM), 1);
    assert_string_equal(delta_sample(d, FAILURE_STREAM)->message,
                        "the stream ended without 'end'");
    delta_free(&d);
    world_free(&w);
}

static void each_stream_begins_anew(void **state)
{
    struct fake_reply reply = reply_of(four, 30 * MS, 7 * MS, PIECE);
    struct world *w = world_new(
        "{\"flow\":[{\"repeat\":3,\"do\":[{\"get\":\"http://h/\",\"sse\":"
        "{\"first\":\"b\"},\"metrics\":{\"to_z\":{\"sse\":\"z\"}}}]},"
        "{\"think\":\"1h\"}],\"scenarios\":{\"s\":{\"executor\":"
        "\"constant-vus\",\"duration\":\"1h\"}}}",
        1, 1);
    struct delta *d;

    (void)state;
    w->fake.answer = answer;
    w->fake.ctx = &reply;
    world_vus(w, 1);
    world_pass(w, 10 * S);
    d = world_take(w);
    assert_int_equal(
        delta_custom(d, METRIC_SSE_TIME_TO_FIRST_EVENT)->trend.count, 3);
    assert_int_equal(delta_custom(d, METRIC_SSE_TIME_TO_FIRST_EVENT)->trend.max,
                     37 * MS);
    assert_int_equal(
        delta_custom(d, (unsigned)plan_metric_id(w->plan, "to_z"))->trend.count,
        3);
    delta_free(&d);
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_those_of_the_events),
        cmocka_unit_test(the_first_event_may_be_a_named_one),
        cmocka_unit_test(an_event_that_never_comes_has_no_time),
        cmocka_unit_test(metrics_of_ones_own_count_to_their_events),
        cmocka_unit_test(events_that_come_together_have_no_gap),
        cmocka_unit_test(a_stream_cut_off_is_incomplete),
        cmocka_unit_test(each_stream_begins_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
