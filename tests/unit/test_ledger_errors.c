/* SPDX-License-Identifier: MIT
 *
 * test_ledger_errors - the list of errors: kinds, counts, times, samples. */
#include "config.h"

#include "measure/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "measure/shard.h"
#include "support/mini_feed.h"

#define LINES 8

static void give_sample(struct mini_feed *f, enum failure kind, unsigned status,
                        uint64_t t_us, uint32_t vu)
{
    struct failure_sample x = {
        .kind = kind, .status = (uint16_t)status, .t_us = t_us, .vu = vu};

    shard_failure(f->shard, &x);
}

static void lines_are_one_a_kind_and_status_by_falling_count(void **state)
{
    struct mini_feed *f = *state;
    struct error_line line[LINES];

    mini_feed_requests(f, 0, 200, 1000, 50);
    mini_feed_requests(f, 0, 503, 1000, 3);
    mini_feed_requests(f, 1, 503, 1000, 4);
    mini_feed_requests(f, 0, 500, 1000, 2);
    mini_feed_requests(f, 0, 429, 1000, 9);
    mini_feed_requests(f, 1, 0, 0, 1);
    mini_feed_tick(f);
    assert_int_equal(ledger_errors(f->ledger, line, LINES), 4);
    assert_int_equal(line[0].kind, FAILURE_HTTP_429);
    assert_int_equal(line[0].count, 9);
    assert_int_equal(line[1].kind, FAILURE_HTTP_5XX);
    assert_int_equal(line[1].status, 503);
    assert_int_equal(line[1].count, 7);
    assert_int_equal(line[1].name_index, 1);
    assert_int_equal(line[2].status, 500);
    assert_int_equal(line[2].name_index, 0);
    assert_int_equal(line[3].kind, FAILURE_REFUSED);
    assert_int_equal(line[3].status, 0);
    assert_null(line[3].sample);
}

static void
the_name_it_happens_most_at_is_counted_over_its_requests(void **state)
{
    struct mini_feed *f = *state;
    struct error_line line[LINES];

    mini_feed_requests(f, 0, 500, 1000, 3);
    mini_feed_requests(f, 1, 500, 1000, 4);
    mini_feed_requests(f, 2, 500, 1000, 2); /* named as request 0 is */
    mini_feed_tick(f);
    assert_int_equal(ledger_errors(f->ledger, line, LINES), 1);
    assert_int_equal(line[0].name_index, 0);
    assert_int_equal(line[0].count, 9);
}

static void no_more_lines_are_filled_than_there_is_room(void **state)
{
    struct mini_feed *f = *state;
    struct error_line line[2] = {{.count = 77}, {.count = 77}};

    mini_feed_requests(f, 0, 500, 1000, 1);
    mini_feed_requests(f, 0, 501, 1000, 2);
    mini_feed_requests(f, 0, 502, 1000, 3);
    mini_feed_tick(f);
    assert_int_equal(ledger_errors(f->ledger, line, 1), 3);
    assert_int_equal(line[0].status, 502);
    assert_int_equal(line[1].count, 77);
    assert_int_equal(ledger_errors(f->ledger, NULL, 0), 3);
}

static void an_error_knows_its_first_and_last_time_and_its_window(void **state)
{
    struct mini_feed *f = *state;
    struct error_line line;

    mini_feed_steady(f, 0, 200, 1000, 9);
    mini_feed_steady(f, 0, 500, 1000, 30); /* ticks 10 to 39 */
    mini_feed_steady(f, 0, 200, 1000, 81); /* up to 120 */
    assert_int_equal(ledger_errors(f->ledger, &line, 1), 1);
    assert_int_equal(line.first_us, 1000000);
    assert_int_equal(line.last_us, 3900000);
    assert_int_equal(line.count, 30);
    assert_int_equal(line.window_count, 19);
    mini_feed_steady(f, 0, 200, 1000, 50);
    ledger_errors(f->ledger, &line, 1);
    assert_int_equal(line.window_count, 0);
    assert_int_equal(line.count, 30);
}

static void the_latest_sample_is_shown_and_the_earliest_dates_it(void **state)
{
    struct mini_feed *f = *state;
    struct error_line line;

    mini_feed_requests(f, 0, 500, 1000, 3);
    give_sample(f, FAILURE_HTTP_5XX, 500, 30000, 1);
    give_sample(f, FAILURE_HTTP_5XX, 500, 20000, 2);
    mini_feed_tick(f);
    ledger_errors(f->ledger, &line, 1);
    assert_int_equal(line.first_us, 20000);
    assert_non_null(line.sample);
    assert_int_equal(line.sample->vu, 1);
    mini_feed_requests(f, 0, 500, 1000, 1);
    give_sample(f, FAILURE_HTTP_5XX, 500, 150000, 3);
    mini_feed_tick(f);
    ledger_errors(f->ledger, &line, 1);
    assert_int_equal(line.sample->vu, 3);
    assert_int_equal(line.first_us, 20000);
    assert_int_equal(line.last_us, 200000);
}

static void a_sample_of_a_broken_response_goes_to_its_kind(void **state)
{
    struct mini_feed *f = *state;
    struct sample x = {.status = 200, .failure = FAILURE_RESET, .failed = true};
    struct error_line line;

    shard_request(f->shard, &x);
    give_sample(f, FAILURE_RESET, 200, 1, 4);
    mini_feed_tick(f);
    assert_int_equal(ledger_errors(f->ledger, &line, 1), 1);
    assert_int_equal(line.status, 0);
    assert_int_equal(line.sample->vu, 4);
}

static void give_check(struct mini_feed *f, unsigned request, unsigned check,
                       uint64_t t_us, const char *message)
{
    struct failure_sample x = {.kind = FAILURE_CHECK,
                               .status = 200,
                               .request = (uint16_t)request,
                               .check = check,
                               .t_us = t_us};

    snprintf(x.message, sizeof x.message, "%s", message);
    shard_failure(f->shard, &x);
}

static const char *message_of(struct mini_feed *f,
                              const struct error_line *line)
{
    static char text[sizeof line->sample->message];

    return error_line_message(&f->mini.plan, line, text, sizeof text);
}

static void failed_checks_are_lines_beside_the_requests(void **state)
{
    struct mini_feed *f = *state;
    struct error_line line[LINES];
    struct summary s;

    mini_feed_requests(f, 0, 200, 1000, 5);
    mini_feed_requests(f, 1, 500, 1000, 1);
    shard_check(f->shard, 0, 0, true);
    shard_check(f->shard, 0, 1, false);
    shard_check(f->shard, 0, 1, false);
    shard_check(f->shard, 0, 2, false);
    give_check(f, 1, 2, 50000, "status is 200: status 404, expected 200");
    give_check(f, 0, 1, 60000, "has output: '/output' is missing");
    mini_feed_tick(f);
    assert_int_equal(ledger_errors(f->ledger, line, LINES), 3);
    /* Requests that failed come first, however many checks did. */
    assert_int_equal(line[0].kind, FAILURE_HTTP_5XX);
    assert_int_equal(line[0].count, 1);
    /* What a line says and where it happens are of one check. */
    assert_int_equal(line[1].kind, FAILURE_CHECK);
    assert_int_equal(line[1].check, 1);
    assert_int_equal(line[1].checks, 1);
    assert_int_equal(line[1].status, 0);
    assert_int_equal(line[1].count, 2);
    assert_int_equal(line[1].window_count, 2);
    assert_int_equal(line[1].name_index, 0);
    assert_int_equal(line[1].first_us, 60000);
    assert_string_equal(message_of(f, &line[1]),
                        "has output: '/output' is missing");
    assert_int_equal(line[2].check, 2);
    assert_int_equal(line[2].count, 1);
    assert_int_equal(line[2].name_index, 1);
    assert_int_equal(line[2].first_us, 50000);
    assert_string_equal(message_of(f, &line[2]),
                        "status is 200: status 404, expected 200");
    s = ledger_summary(f->ledger, -1, SPAN_RUN);
    assert_int_equal(s.requests, 6);
    assert_int_equal(s.failed, 1);
}

/* Most are of request 0, the latest, of which the message is, of request 1. */
static void a_line_says_of_which_request_its_message_is(void **state)
{
    struct mini_feed *f = *state;
    struct failure_sample x = {.kind = FAILURE_HTTP_5XX,
                               .status = 500,
                               .request = 1,
                               .t_us = 50000,
                               .message = "500"};
    struct error_line line[LINES];

    mini_feed_requests(f, 0, 500, 1000, 3);
    mini_feed_requests(f, 1, 500, 1000, 1);
    mini_feed_tick(f);
    assert_int_equal(ledger_errors(f->ledger, line, LINES), 1);
    assert_int_equal(line[0].name_index, 0);
    assert_int_equal(error_line_said_by(&f->mini.plan, &line[0]), 0);
    shard_failure(f->shard, &x);
    mini_feed_tick(f);
    assert_int_equal(ledger_errors(f->ledger, line, LINES), 1);
    assert_int_equal(line[0].name_index, 0);
    assert_int_equal(error_line_said_by(&f->mini.plan, &line[0]), 1);
}

static void
a_response_that_only_failed_a_check_is_not_counted_twice(void **state)
{
    struct mini_feed *f = *state;
    struct sample x = {.status = 200, .failure = FAILURE_CHECK};
    struct error_line line[LINES];

    shard_request(f->shard, &x);
    shard_check(f->shard, 0, 0, false);
    mini_feed_tick(f);
    assert_int_equal(ledger_errors(f->ledger, line, LINES), 1);
    assert_int_equal(line[0].count, 1);
    assert_int_equal(ledger_summary(f->ledger, -1, SPAN_RUN).failed, 0);
    assert_int_equal(ledger_summary_expected(f->ledger, -1, SPAN_RUN).requests,
                     1);
}

static void a_check_without_a_sample_is_called_by_its_name(void **state)
{
    struct mini_feed *f = *state;
    struct error_line line;

    f->mini.checks[1].name = (char[]){"has \x1b output"};
    shard_check(f->shard, 0, 1, false);
    mini_feed_tick(f);
    assert_int_equal(ledger_errors(f->ledger, &line, 1), 1);
    assert_null(line.sample);
    assert_string_equal(message_of(f, &line), "has \\x1b output");
}

static void each_check_knows_its_own_times(void **state)
{
    struct mini_feed *f = *state;
    struct error_line line[LINES];
    int i;

    for (i = 0; i < 5; i++) {
        shard_check(f->shard, 0, 0, false);
        if (i == 1 || i == 2) {
            shard_check(f->shard, 0, 2, false);
        }
        mini_feed_tick(f);
    }
    assert_int_equal(ledger_errors(f->ledger, line, LINES), 2);
    assert_int_equal(line[0].check, 0);
    assert_int_equal(line[0].first_us, 100000);
    assert_int_equal(line[0].last_us, 500000);
    assert_int_equal(line[1].check, 2);
    assert_int_equal(line[1].first_us, 200000);
    assert_int_equal(line[1].last_us, 300000);
}

/* A plan may have thousands: memory and lists do not. */
#define MANY 500u

static void many_failing_checks_share_a_last_line(void **state)
{
    struct check checks[MANY];
    const struct check *list[MANY];
    struct error_line line[2 * MANY];
    struct mini_feed f = {0};
    size_t n, i;

    (void)state;
    mini_plan_init(&f.mini);
    memset(checks, 0, sizeof checks);
    for (i = 0; i < MANY; i++) {
        checks[i].index = (unsigned)i;
        checks[i].name = f.mini.checks[0].name;
        list[i] = &checks[i];
    }
    f.mini.plan.checks = list;
    f.mini.plan.n_checks = MANY;
    f.mini.requests[0].checks = checks;
    f.mini.requests[0].n_checks = MANY;
    f.mini.requests[1].n_checks = 0;
    mini_feed_init(&f);
    for (i = 0; i < MANY; i++) { /* later ones fail more often */
        size_t k;

        for (k = 0; k <= i; k++) {
            shard_check(f.shard, 0, (unsigned)i, false);
        }
        give_check(&f, 0, (unsigned)i, 1, "one of many");
    }
    mini_feed_tick(&f);
    n = ledger_errors(f.ledger, line, 2 * MANY);
    assert_int_equal(n, LEDGER_CHECKS_MAX + 1);
    assert_int_equal(line[0].check, MANY - 1);
    assert_int_equal(line[0].count, MANY);
    assert_int_equal(line[n - 2].check, MANY - LEDGER_CHECKS_MAX);
    assert_int_equal(line[n - 1].checks, MANY - LEDGER_CHECKS_MAX);
    assert_int_equal(line[n - 1].count, (MANY - LEDGER_CHECKS_MAX) *
                                            (MANY - LEDGER_CHECKS_MAX + 1) / 2);
    assert_int_equal(line[n - 1].first_us, 1);
    assert_int_equal(line[n - 1].last_us, 100000);
    assert_int_equal(line[n - 1].name_index, -1);
    assert_string_equal(message_of(&f, &line[n - 1]),
                        "436 more checks that failed");
    mini_feed_clear(&f);
}

/* Neither keeps the samples of the other out. */
static void samples_of_checks_leave_room_for_those_of_requests(void **state)
{
    struct mini_feed *f = *state;
    unsigned i;

    for (i = 0; i < 1000; i++) {
        give_check(f, 0, i % 3, i, "again");
    }
    assert_false(shard_wants_check(f->shard, 0));
    assert_true(shard_wants_failure(f->shard, FAILURE_DNS, 0, 0));
    for (i = 0; i < 1000; i++) {
        give_sample(f, FAILURE_HTTP_4XX, 400 + i % 99, i, 1);
    }
    assert_false(shard_wants_failure(f->shard, FAILURE_DNS, 0, 0));
    shard_clear(f->shard);
    assert_true(shard_wants_check(f->shard, 0));
    for (i = 0; i < 1000; i++) {
        give_sample(f, FAILURE_HTTP_4XX, 400 + i % 99, i, 1);
    }
    assert_true(shard_wants_check(f->shard, 0));
}

#define ERRORS_TEST(f)                                                         \
    cmocka_unit_test_setup_teardown(f, mini_feed_up, mini_feed_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ERRORS_TEST(lines_are_one_a_kind_and_status_by_falling_count),
        ERRORS_TEST(the_name_it_happens_most_at_is_counted_over_its_requests),
        ERRORS_TEST(no_more_lines_are_filled_than_there_is_room),
        ERRORS_TEST(an_error_knows_its_first_and_last_time_and_its_window),
        ERRORS_TEST(the_latest_sample_is_shown_and_the_earliest_dates_it),
        ERRORS_TEST(a_sample_of_a_broken_response_goes_to_its_kind),
        ERRORS_TEST(failed_checks_are_lines_beside_the_requests),
        ERRORS_TEST(a_line_says_of_which_request_its_message_is),
        ERRORS_TEST(a_check_without_a_sample_is_called_by_its_name),
        ERRORS_TEST(each_check_knows_its_own_times),
        cmocka_unit_test(many_failing_checks_share_a_last_line),
        ERRORS_TEST(samples_of_checks_leave_room_for_those_of_requests),
        ERRORS_TEST(a_response_that_only_failed_a_check_is_not_counted_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
