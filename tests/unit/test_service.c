/* SPDX-License-Identifier: MIT
 *
 * What the target does by the clock: outages, stalls, leaks; its heap of due
 * times, and how its tallies are written. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "target/service.h"
#include "target/tally.h"

#define NODES 200

struct show {
    mono_us now;
    struct clk clk;
    struct service service;
};

static mono_us show_clock(void *ctx)
{
    return *(mono_us *)ctx;
}

static void show_open(struct show *s, const char *model)
{
    struct target_model m;
    struct err e = ERR_INIT;

    s->now = 77000000;
    s->clk.now = show_clock;
    s->clk.ctx = &s->now;
    target_model_init(&m);
    assert_true(target_model_parse(&m, model, &e));
    service_init(&s->service, &m, &s->clk);
}

static void show_news(struct call *call, enum capacity_news news)
{
    (void)call;
    (void)news;
}

static void show_turn(struct show *s)
{
    service_turn(&s->service, show_news);
}

/* Would a job get a place now? */
static bool show_serves(struct show *s)
{
    struct capacity_job job = {.owner = NULL};
    bool served;

    assert_true(capacity_admit(s->service.capacity, &job));
    show_turn(s);
    served = job.state == CAPACITY_SERVED;
    capacity_leave(s->service.capacity, &job);
    return served;
}

static void an_outage_lasts_from_and_to_the_seconds_given(void **state)
{
    struct show s;

    (void)state;
    show_open(&s, "db_down=20-40");
    assert_int_equal(service_due(&s.service), 77000000 + 20000000);
    assert_true(show_serves(&s));
    s.now += 19999999;
    show_turn(&s);
    assert_true(show_serves(&s));
    s.now += 1;
    show_turn(&s);
    assert_false(show_serves(&s));
    s.now += 19999999;
    show_turn(&s);
    assert_false(show_serves(&s));
    s.now += 1;
    show_turn(&s);
    assert_true(show_serves(&s));
    assert_true(service_due(&s.service) == UINT64_MAX);
    service_clear(&s.service);
}

static void an_outage_without_an_end_has_none(void **state)
{
    struct show s;

    (void)state;
    show_open(&s, "db_down=5");
    s.now += 5000000;
    show_turn(&s);
    assert_false(show_serves(&s));
    assert_true(service_due(&s.service) == UINT64_MAX);
    service_clear(&s.service);
}

static void stalls_come_by_the_schedule_even_when_seen_late(void **state)
{
    struct show s;

    (void)state;
    show_open(&s, "stall_ms=300,stall_every_s=10");
    show_turn(&s);
    assert_int_equal(s.service.stalled_until, 0);
    s.now += 10000050;
    show_turn(&s);
    assert_int_equal(s.service.stalled_until, 77000000 + 10300000);
    assert_int_equal(service_due(&s.service), 77000000 + 20000000);
    service_clear(&s.service);
}

/* A machine that slept does not owe all the stalls that it missed. */
static void a_long_sleep_ends_in_one_stall_at_most(void **state)
{
    struct show s;

    (void)state;
    show_open(&s, "stall_ms=300,stall_every_s=0.1");
    s.now += 3600000000;
    show_turn(&s);
    assert_true(s.service.stalled_until <= s.now + 300000);
    assert_true(service_due(&s.service) > s.now);
    service_clear(&s.service);
}

static void a_leak_grows_by_the_minute(void **state)
{
    struct show s;

    (void)state;
    show_open(&s, "leak_mb_min=12");
    for (int i = 0; i < 240; i++) {
        s.now += 250000;
        show_turn(&s);
    }
    assert_in_range(s.service.leaked_bytes, 11900000, 12000000);
    service_clear(&s.service);
    assert_null(s.service.leaked);
}

static void nothing_is_due_where_nothing_is_asked_for(void **state)
{
    struct show s;

    (void)state;
    show_open(&s, "");
    assert_true(service_due(&s.service) == UINT64_MAX);
    service_clear(&s.service);
}

static void the_earliest_is_on_top_whatever_came_and_went(void **state)
{
    struct heap_node *nodes = calloc(NODES, sizeof *nodes);
    struct heap h;
    struct rng r;
    mono_us last = 0;

    (void)state;
    assert_non_null(nodes);
    heap_init(&h);
    rng_seed(&r, 3, 0);
    for (int i = 0; i < 5000; i++) {
        struct heap_node *n = &nodes[rng_range(&r, 0, NODES - 1)];
        mono_us least = UINT64_MAX;

        if (rng_range(&r, 0, 2) == 0) {
            heap_drop(&h, n);
            assert_false(heap_has(n));
        } else {
            heap_set(&h, n, rng_range(&r, 0, 1000));
            assert_true(heap_has(n));
        }
        for (int j = 0; j < NODES; j++) {
            if (heap_has(&nodes[j]) && nodes[j].due < least) {
                least = nodes[j].due;
            }
        }
        assert_true(heap_top(&h) == NULL ? least == UINT64_MAX
                                         : heap_top(&h)->due == least);
    }
    while (heap_top(&h) != NULL) {
        assert_true(heap_top(&h)->due >= last);
        last = heap_top(&h)->due;
        heap_drop(&h, heap_top(&h));
    }
    heap_clear(&h);
    free(nodes);
}

static void each_endpoint_has_its_method(void **state)
{
    (void)state;
    assert_int_equal(tally_route("POST", "/v1/chat"), ENDPOINT_CHAT);
    assert_int_equal(tally_route("POST", "/v1/chat/stream"), ENDPOINT_STREAM);
    assert_int_equal(tally_route("GET", "/v1/metrics"), ENDPOINT_METRICS);
    assert_int_equal(tally_route("GET", "/v1/health"), ENDPOINT_HEALTH);
    assert_int_equal(tally_route("GET", "/v1/chat"), ENDPOINT_OTHER);
    assert_int_equal(tally_route("POST", "/v1/chat/"), ENDPOINT_OTHER);
}

static void a_tally_is_written_as_prometheus_reads_it(void **state)
{
    struct tally t;
    struct buf out;

    (void)state;
    tally_init(&t);
    tally_answer(&t, ENDPOINT_CHAT, STATUS_OK);
    tally_answer(&t, ENDPOINT_CHAT, STATUS_OK);
    tally_answer(&t, ENDPOINT_OTHER, STATUS_NOT_FOUND);
    assert_int_equal(t.answered, 3);
    buf_init(&out, 65536);
    tally_prometheus(&t, 0, 0, &out);
    assert_non_null(strstr(buf_str(&out),
                           "\n# TYPE brunt_target_requests_total counter\n"
                           "brunt_target_requests_total{endpoint=\"/v1/chat\","
                           "status=\"200\"} 2\n"
                           "brunt_target_requests_total{endpoint=\"other\","
                           "status=\"404\"} 1\n"));
    assert_non_null(strstr(buf_str(&out), "\n# TYPE brunt_target_strain gauge\n"
                                          "brunt_target_strain 0.0000\n"));
    assert_null(strstr(buf_str(&out), "process_resident_memory_bytes"));
    tally_prometheus(&t, 0.25, 4096, &out);
    assert_non_null(strstr(buf_str(&out), "\nbrunt_target_strain 0.2500\n"));
    assert_non_null(
        strstr(buf_str(&out), "\nprocess_resident_memory_bytes 4096\n"));
    assert_false(out.cut);
    buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_outage_lasts_from_and_to_the_seconds_given),
        cmocka_unit_test(an_outage_without_an_end_has_none),
        cmocka_unit_test(stalls_come_by_the_schedule_even_when_seen_late),
        cmocka_unit_test(a_long_sleep_ends_in_one_stall_at_most),
        cmocka_unit_test(a_leak_grows_by_the_minute),
        cmocka_unit_test(nothing_is_due_where_nothing_is_asked_for),
        cmocka_unit_test(the_earliest_is_on_top_whatever_came_and_went),
        cmocka_unit_test(each_endpoint_has_its_method),
        cmocka_unit_test(a_tally_is_written_as_prometheus_reads_it),
    };

    return cmocka_run_group_tests_name("service", tests, NULL, NULL);
}
