/* SPDX-License-Identifier: MIT
 *
 * test_ledger - summaries, totals, the window and its standing still in a
 * pause, and that counts add up. */
#include "config.h"

#include "measure/ledger.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "measure/series.h"
#include "measure/shard.h"
#include "support/mini_feed.h"

static void assert_close(double got, double want)
{
    assert_true(fabs(got - want) <= 1e-9 * (fabs(want) + 1));
}

static void a_new_ledger_knows_nothing_and_says_so(void **state)
{
    struct mini_feed *f = *state;
    struct selector s = {.metric = METRIC_VUS};
    struct summary sum = ledger_summary(f->ledger, -1, SPAN_RUN);
    struct error_line line;

    assert_int_equal(sum.requests, 0);
    assert_true(sum.rate == 0 && sum.error_rate == 0);
    assert_false(ledger_figure(f->ledger, &s, AGG_VALUE, 0, 0).fed);
    s.metric = METRIC_HTTP_REQ_FAILED;
    assert_false(ledger_figure(f->ledger, &s, AGG_RATE, 0, 0).fed);
    assert_int_equal(ledger_errors(f->ledger, &line, 1), 0);
    assert_int_equal(series_count(ledger_series(f->ledger)), 0);
    assert_int_equal(ledger_totals(f->ledger).active_us, 0);
}

static void
a_summary_counts_by_name_and_leaves_no_response_out_of_times(void **state)
{
    struct mini_feed *f = *state;
    struct summary s;

    mini_feed_requests(f, 0, 200, 1000, 6);
    mini_feed_requests(f, 2, 200, 2000, 2); /* the same name */
    mini_feed_requests(f, 0, 503, 5000, 1);
    mini_feed_requests(f, 0, 0, 0, 1);
    mini_feed_requests(f, 1, 200, 9000, 5);
    mini_feed_tick(f);
    s = ledger_summary(f->ledger, 0, SPAN_RUN);
    assert_int_equal(s.requests, 10);
    assert_int_equal(s.responses, 9);
    assert_int_equal(s.failed, 2);
    assert_close(s.error_rate, 0.2);
    assert_close(s.rate, 100);
    assert_int_equal(s.sent, 700);
    assert_int_equal(s.received, 7200);
    assert_int_equal(s.min_us, 1000);
    assert_int_equal(s.p50_us, 1000);
    assert_int_equal(s.max_us, 5000);
    assert_close(s.mean_us, 15000.0 / 9);
    s = ledger_summary_expected(f->ledger, 0, SPAN_RUN);
    assert_int_equal(s.requests, 8);
    assert_int_equal(s.failed, 0);
    assert_int_equal(s.max_us, 2000);
    assert_int_equal(ledger_summary(f->ledger, -1, SPAN_RUN).requests, 15);
    assert_int_equal(ledger_summary(f->ledger, 2, SPAN_RUN).requests, 0);
}

static void the_window_is_the_last_ten_seconds_of_active_time(void **state)
{
    struct mini_feed *f = *state;
    struct summary s;

    mini_feed_steady(f, 0, 500, 900000, 50);
    mini_feed_steady(f, 0, 200, 1000, 60);
    s = ledger_summary(f->ledger, -1, SPAN_WINDOW);
    assert_int_equal(s.requests, 100);
    assert_int_equal(s.failed, 40);
    assert_close(s.rate, 10);
    mini_feed_steady(f, 0, 200, 1000, 40);
    s = ledger_summary(f->ledger, -1, SPAN_WINDOW);
    assert_int_equal(s.requests, 100);
    assert_int_equal(s.failed, 0);
    assert_int_equal(s.max_us, 1000);
    s = ledger_summary(f->ledger, -1, SPAN_RUN);
    assert_int_equal(s.requests, 150);
    assert_int_equal(s.failed, 50);
}

static void a_pause_moves_neither_window_nor_rates(void **state)
{
    struct mini_feed *f = *state;
    struct summary before, after;
    size_t bytes;
    int i;

    shard_lag(f->shard, 3);
    mini_feed_steady(f, 0, 200, 1000, 150);
    before = ledger_summary(f->ledger, -1, SPAN_WINDOW);
    bytes = ledger_bytes(f->ledger) - series_bytes(ledger_series(f->ledger));
    for (i = 0; i < 5000; i++) {
        shard_lag(f->shard, 3); /* timers go on */
        mini_feed_pause(f);
    }
    after = ledger_summary(f->ledger, -1, SPAN_WINDOW);
    assert_memory_equal(&before, &after, sizeof before);
    assert_int_equal(ledger_totals(f->ledger).active_us, 15000000);
    assert_int_equal(ledger_bytes(f->ledger) -
                         series_bytes(ledger_series(f->ledger)),
                     bytes);
    mini_feed_steady(f, 0, 200, 1000, 1);
    after = ledger_summary(f->ledger, -1, SPAN_WINDOW);
    assert_int_equal(after.requests, 100);
    assert_close(ledger_summary(f->ledger, -1, SPAN_RUN).rate, 10);
}

static void
what_ends_in_a_pause_is_counted_and_leaves_with_its_time(void **state)
{
    struct mini_feed *f = *state;

    mini_feed_steady(f, 0, 200, 1000, 100);
    mini_feed_requests(f, 0, 503, 1000, 7);
    mini_feed_pause(f);
    assert_int_equal(ledger_summary(f->ledger, -1, SPAN_WINDOW).requests, 107);
    assert_int_equal(ledger_summary(f->ledger, -1, SPAN_RUN).failed, 7);
    mini_feed_steady(f, 0, 200, 1000, 99);
    assert_int_equal(ledger_summary(f->ledger, -1, SPAN_WINDOW).failed, 7);
    mini_feed_steady(f, 0, 200, 1000, 2);
    assert_int_equal(ledger_summary(f->ledger, -1, SPAN_WINDOW).failed, 0);
}

static void gauges_are_those_of_the_last_tick(void **state)
{
    struct mini_feed *f = *state;
    struct selector s = {.metric = METRIC_VUS};
    struct totals t;

    f->gauges = (struct ledger_gauges){.vus = 5, .vus_max = 100};
    mini_feed_tick(f);
    f->gauges.vus = 80;
    mini_feed_tick(f);
    f->gauges.vus = 20;
    mini_feed_tick(f);
    assert_close(ledger_figure(f->ledger, &s, AGG_VALUE, 0, 0).value, 20);
    assert_close(
        ledger_figure(f->ledger, &s, AGG_VALUE, 0, LEDGER_WINDOW_US).value, 20);
    s.metric = METRIC_VUS_MAX;
    assert_close(ledger_figure(f->ledger, &s, AGG_VALUE, 0, 0).value, 100);
    t = ledger_totals(f->ledger);
    assert_int_equal(t.vus, 20);
    assert_int_equal(t.vus_min, 5);
    assert_int_equal(t.vus_max, 80);
}

static void no_dropped_iterations_is_a_zero_that_is_known(void **state)
{
    struct mini_feed *f = *state;
    char elsewhere[] = "soak";
    struct selector_tag tag = {TAG_SCENARIO, elsewhere, NULL};
    struct selector s = {.metric = METRIC_DROPPED_ITERATIONS};
    struct selector other = {METRIC_DROPPED_ITERATIONS, &tag, 1};
    int announced;

    for (announced = 0; announced < 2; announced++) {
        struct figure figure;

        assert_false(ledger_figure(f->ledger, &s, AGG_COUNT, 0, 0).fed);
        mini_feed_tick(f);
        figure = ledger_figure(f->ledger, &s, AGG_COUNT, 0, 0);
        assert_true(figure.fed);
        assert_close(figure.value, 0);
        /* Of another scenario nothing is known. */
        assert_false(ledger_figure(f->ledger, &other, AGG_COUNT, 0, 0).fed);
        mini_feed_clear(f);
        mini_feed_init(f);
        ledger_want(f->ledger, &s, 0);
    }
}

static void a_status_that_was_expected_is_no_error(void **state)
{
    struct mini_feed *f = *state;
    struct sample x = {.status = 404};
    char error[] = "http_404", status[] = "404";
    struct selector_tag tag = {TAG_ERROR, error, NULL};
    struct selector s = {METRIC_HTTP_REQS, &tag, 1};

    shard_request(f->shard, &x);
    mini_feed_requests(f, 0, 404, 1000, 2);
    mini_feed_tick(f);
    assert_int_equal(ledger_figure(f->ledger, &s, AGG_COUNT, 0, 0).samples, 2);
    tag = (struct selector_tag){TAG_STATUS, status, NULL};
    assert_int_equal(ledger_figure(f->ledger, &s, AGG_COUNT, 0, 0).samples, 3);
}

static void totals_hold_what_is_no_request(void **state)
{
    struct mini_feed *f = *state;
    struct totals t;
    int i;

    for (i = 0; i < 200; i++) {
        shard_iteration(f->shard, 0, 5000);
        shard_lag(f->shard, i < 100 ? 50000 : 1000);
        shard_check(f->shard, 0, 0, i % 2 == 0);
        mini_feed_tick(f);
    }
    shard_interrupted(f->shard, 0, true);
    shard_interrupted(f->shard, 0, false);
    shard_retry(f->shard);
    shard_rejected(f->shard, MINI_TIME);
    mini_feed_tick(f);
    t = ledger_totals(f->ledger);
    assert_int_equal(t.active_us, 20100000);
    assert_int_equal(t.iterations, 200);
    assert_int_equal(t.interrupted, 2);
    assert_int_equal(t.interrupted_requests, 1);
    assert_int_equal(t.retries, 1);
    assert_int_equal(t.rejected, 1);
    assert_int_equal(t.checks_passed, 100);
    assert_int_equal(t.checks_failed, 100);
    assert_int_equal(t.lag_p99_us, 1000);
    assert_int_equal(t.lag_max_us, 50000);
    assert_int_equal(histo_bucket(t.run_lag_p99_us), histo_bucket(50000));
    assert_int_equal(ledger_check(f->ledger, 0).fails, 100);
    assert_int_equal(ledger_check(f->ledger, 0).window_fails, 50);
    assert_int_equal(ledger_check(f->ledger, 1).passes, 0);
}

struct counts {
    uint64_t all, no_response;
    uint64_t by_name[3];
    int last_name;
    unsigned last_status, calls;
};

static void count_status(void *ctx, int name_index, unsigned status,
                         enum failure kind, uint64_t count)
{
    struct counts *c = ctx;

    assert_true(name_index > c->last_name ||
                (name_index == c->last_name && status >= c->last_status));
    assert_int_equal(status == 0, !failure_has_response(kind));
    c->last_name = name_index;
    c->last_status = status;
    c->by_name[name_index] += count;
    c->all += count;
    c->no_response += status == 0 ? count : 0;
    c->calls++;
}

static void counts_add_up_over_names_statuses_and_failures(void **state)
{
    static const unsigned statuses[] = {0, 200, 302, 404, 429, 500, 503};
    struct mini_feed *f = *state;
    struct counts c = {.last_name = -1};
    struct summary all;
    struct rng dice;
    int i;

    rng_seed(&dice, 41, 0);
    for (i = 0; i < 300; i++) {
        mini_feed_requests(f, (unsigned)rng_range(&dice, 0, 3),
                           statuses[rng_range(&dice, 0, 6)], 1000,
                           (unsigned)rng_range(&dice, 0, 3));
        if (i % 10 == 0) {
            mini_feed_tick(f);
        }
    }
    mini_feed_tick(f);
    all = ledger_summary(f->ledger, -1, SPAN_RUN);
    ledger_statuses(f->ledger, count_status, &c);
    assert_int_equal(c.all, all.requests);
    assert_int_equal(c.all - c.no_response, all.responses);
    assert_int_equal(c.calls, 3 * 7); /* requests 0 and 2 share a name */
    for (i = 0; i < 3; i++) {
        assert_int_equal(c.by_name[i],
                         ledger_summary(f->ledger, i, SPAN_RUN).requests);
    }
}

static void a_histogram_is_that_of_all_or_of_one_name(void **state)
{
    struct mini_feed *f = *state;
    struct histo *h = histo_new();

    mini_feed_requests(f, 0, 200, 1000, 3);
    mini_feed_requests(f, 1, 200, 2000, 4);
    mini_feed_requests(f, 1, 0, 0, 4);
    shard_iteration(f->shard, 0, 77);
    shard_trend(f->shard, MINI_TIME, 1, 55);
    mini_feed_tick(f);
    ledger_histo(f->ledger, METRIC_HTTP_REQ_DURATION, -1, h);
    assert_int_equal(histo_count(h), 7);
    histo_clear(h);
    ledger_histo(f->ledger, METRIC_HTTP_REQ_DURATION, 1, h);
    assert_int_equal(histo_count(h), 4);
    assert_int_equal(histo_min(h), 2000);
    histo_clear(h);
    ledger_histo(f->ledger, METRIC_ITERATION_DURATION, -1, h);
    assert_int_equal(histo_max(h), 77);
    ledger_histo(f->ledger, MINI_TIME, 1, h); /* is added to what is there */
    assert_int_equal(histo_count(h), 2);
    histo_free(&h);
}

static void made_up_statuses_do_not_grow_a_ledger_without_end(void **state)
{
    struct mini_feed *f = *state;
    struct totals t;
    struct counts c = {.last_name = -1};
    unsigned status;

    for (status = 600; status < 4600; status++) {
        mini_feed_requests(f, 0, status, 1000, 1);
        if (status % 100 == 0) { /* each tick is below the shard's own cap */
            shard_free(&f->shard);
            f->shard = shard_new(&f->mini.plan);
        } else if (status % 100 == 99) {
            mini_feed_tick(f);
        }
    }
    mini_feed_tick(f);
    t = ledger_totals(f->ledger);
    assert_true(t.folded > 0);
    ledger_statuses(f->ledger, count_status, &c);
    assert_int_equal(c.all, ledger_summary(f->ledger, -1, SPAN_RUN).requests);
    assert_true(c.calls <= SHARD_SERIES_MAX + 1);
    assert_int_equal(c.last_status, STATUS_OTHER);
}

static void memory_stays_as_it_is_while_time_goes_on(void **state)
{
    struct mini_feed *f = *state;
    size_t bytes = 0;
    int i;

    for (i = 0; i < 3000; i++) {
        mini_feed_requests(f, 0, 200, 1000 + (unsigned)(i * 37 % 900), 3);
        mini_feed_requests(f, 1, 500, 300, 1);
        mini_feed_tick(f);
        if (i == 1000) {
            bytes = ledger_bytes(f->ledger) -
                    series_bytes(ledger_series(f->ledger));
        }
    }
    assert_true(ledger_bytes(f->ledger) -
                    series_bytes(ledger_series(f->ledger)) <=
                bytes + bytes / 20);
}

static void a_slot_of_the_series_has_what_its_ticks_had(void **state)
{
    struct mini_feed *f = *state;
    const struct slot *slot;
    int i;

    f->gauges.vus = 7;
    for (i = 0; i < 10; i++) {
        mini_feed_requests(f, 0, 200, 1000, 4);
        mini_feed_requests(f, 1, 503, 2000, 2);
        mini_feed_requests(f, 1, 429, 2000, 1);
        mini_feed_requests(f, 1, 0, 0, 1);
        mini_feed_tick(f);
    }
    mini_feed_tick(f);
    assert_int_equal(series_count(ledger_series(f->ledger)), 2);
    slot = series_slot(ledger_series(f->ledger), 0);
    assert_int_equal(slot->active_us, 1000000);
    assert_int_equal(slot->requests, 80);
    assert_int_equal(slot->failed, 40);
    assert_int_equal(slot->errors[ERRORS_5XX], 20);
    assert_int_equal(slot->errors[ERRORS_429], 10);
    assert_int_equal(slot->errors[ERRORS_CONNECT], 10);
    assert_int_equal(slot->errors[ERRORS_OTHER], 0);
    assert_int_equal(slot->duration.count, 70);
    assert_int_equal(slot->by_name[0].count, 40);
    assert_int_equal(slot->by_name[1].count, 30);
    assert_int_equal(slot->requests_by_name[1], 40);
    assert_int_equal(slot->failed_by_name[1], 40);
    assert_int_equal(slot->vus, 7);
}

static void a_ledger_without_series_has_all_the_rest(void **state)
{
    struct mini_feed *f = *state;

    ledger_without_series(f->ledger);
    mini_feed_steady(f, 0, 200, 1000, 20);
    assert_int_equal(series_count(ledger_series(f->ledger)), 0);
    assert_int_equal(ledger_summary(f->ledger, -1, SPAN_RUN).requests, 20);
}

#define LEDGER_TEST(f)                                                         \
    cmocka_unit_test_setup_teardown(f, mini_feed_up, mini_feed_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LEDGER_TEST(a_new_ledger_knows_nothing_and_says_so),
        LEDGER_TEST(
            a_summary_counts_by_name_and_leaves_no_response_out_of_times),
        LEDGER_TEST(the_window_is_the_last_ten_seconds_of_active_time),
        LEDGER_TEST(a_pause_moves_neither_window_nor_rates),
        LEDGER_TEST(what_ends_in_a_pause_is_counted_and_leaves_with_its_time),
        LEDGER_TEST(gauges_are_those_of_the_last_tick),
        LEDGER_TEST(no_dropped_iterations_is_a_zero_that_is_known),
        LEDGER_TEST(a_status_that_was_expected_is_no_error),
        LEDGER_TEST(totals_hold_what_is_no_request),
        LEDGER_TEST(counts_add_up_over_names_statuses_and_failures),
        LEDGER_TEST(a_histogram_is_that_of_all_or_of_one_name),
        LEDGER_TEST(made_up_statuses_do_not_grow_a_ledger_without_end),
        LEDGER_TEST(memory_stays_as_it_is_while_time_goes_on),
        LEDGER_TEST(a_slot_of_the_series_has_what_its_ticks_had),
        LEDGER_TEST(a_ledger_without_series_has_all_the_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
