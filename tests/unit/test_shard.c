/* SPDX-License-Identifier: MIT
 *
 * test_shard - what a worker measured is all there, in its place, and in
 * bounded memory; seen through the delta made of it. */
#include "config.h"

#include "measure/shard.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "measure/delta.h"
#include "measure/shard_internal.h"
#include "support/mini_plan.h"

struct world {
    struct mini_plan plan;
    struct shard *shard;
    struct delta *delta;
};

static int world_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);

    mini_plan_init(&w->plan);
    w->shard = shard_new(&w->plan.plan);
    *state = w;
    return 0;
}

static int world_down(void **state)
{
    struct world *w = *state;

    shard_free(&w->shard);
    assert_null(w->shard);
    shard_free(&w->shard);
    delta_free(&w->delta);
    free(w);
    return 0;
}

static const struct delta *world_take(struct world *w)
{
    delta_free(&w->delta);
    w->delta = delta_new(&w->plan.plan, &w->shard, 1);
    return w->delta;
}

static void a_response_is_counted_with_all_its_phases(void **state)
{
    struct world *w = *state;
    struct sample x = {.request = 1,
                       .status = 200,
                       .blocked = 1,
                       .connecting = 2,
                       .tls = 3,
                       .sending = 4,
                       .waiting = 5,
                       .receiving = 6,
                       .duration = 15,
                       .intended = 40,
                       .sent = 70,
                       .received = 900};
    static const uint64_t want[PHASE_COUNT] = {
        [PHASE_DURATION] = 15, [PHASE_BLOCKED] = 1,   [PHASE_CONNECTING] = 2,
        [PHASE_TLS] = 3,       [PHASE_SENDING] = 4,   [PHASE_WAITING] = 5,
        [PHASE_RECEIVING] = 6, [PHASE_INTENDED] = 40,
    };
    const struct delta_series *s;
    int p;

    shard_request(w->shard, &x);
    shard_request(w->shard, &x);
    assert_int_equal(world_take(w)->n_series, 1);
    s = &w->delta->series[0];
    assert_int_equal(s->request, 1);
    assert_int_equal(s->status, 200);
    assert_int_equal(s->failure, FAILURE_NONE);
    assert_int_equal(s->count, 2);
    assert_int_equal(s->failed, 0);
    assert_int_equal(s->sent, 140);
    assert_int_equal(s->received, 1800);
    for (p = 0; p < PHASE_COUNT; p++) {
        assert_int_equal(s->phase[p].count, 2);
        assert_int_equal(s->phase[p].sum, 2 * want[p]);
    }
}

static void a_request_without_a_response_has_no_duration(void **state)
{
    struct world *w = *state;
    struct sample x = {.failure = FAILURE_REFUSED,
                       .failed = true,
                       .duration = 99,
                       .connecting = 5,
                       .sent = 70};
    const struct delta_series *s;
    int p;

    shard_request(w->shard, &x);
    s = &world_take(w)->series[0];
    assert_int_equal(s->count, 1);
    assert_int_equal(s->failed, 1);
    assert_int_equal(s->status, 0);
    assert_int_equal(s->sent, 70);
    for (p = 0; p < PHASE_COUNT; p++) {
        assert_int_equal(s->phase[p].count, 0);
    }
}

static void a_status_seen_before_a_reset_is_no_response(void **state)
{
    struct world *w = *state;
    struct sample x = {.status = 200, .failure = FAILURE_RESET, .failed = true};

    shard_request(w->shard, &x);
    assert_int_equal(world_take(w)->series[0].status, 0);
}

static void series_are_told_apart_by_request_status_and_failure(void **state)
{
    struct world *w = *state;
    static const struct sample list[] = {
        {.request = 0, .status = 200},
        {.request = 0,
         .status = 503,
         .failure = FAILURE_HTTP_5XX,
         .failed = true},
        {.request = 0,
         .status = 200,
         .failure = FAILURE_STREAM,
         .failed = true},
        {.request = 1, .status = 200},
        {.request = 0, .status = 200, .failed = true},
    };
    size_t i, round;

    for (round = 0; round < 3; round++) {
        for (i = 0; i < 5; i++) {
            shard_request(w->shard, &list[i]);
        }
    }
    assert_int_equal(world_take(w)->n_series, 5);
    for (i = 0; i < 5; i++) {
        const struct delta_series *s = &w->delta->series[i];

        assert_int_equal(s->count, 3);
        assert_true(s->failed == 0 || s->failed == s->count);
    }
}

static void a_cleared_shard_is_empty_and_counts_afresh(void **state)
{
    struct world *w = *state;
    struct sample x = {.status = 200, .duration = 1000};
    struct failure_sample f = {.kind = FAILURE_REFUSED};

    shard_request(w->shard, &x);
    shard_check(w->shard, 0, 0, true);
    shard_trend(w->shard, MINI_TIME, 0, 5);
    shard_iteration(w->shard, 0, 7);
    shard_interrupted(w->shard, 0, true);
    shard_retry(w->shard);
    shard_lag(w->shard, 3);
    shard_rejected(w->shard, MINI_TIME);
    shard_failure(w->shard, &f);
    assert_false(delta_empty(world_take(w)));
    shard_clear(w->shard);
    assert_true(delta_empty(world_take(w)));
    shard_request(w->shard, &x);
    assert_int_equal(world_take(w)->series[0].count, 1);
    assert_int_equal(w->delta->series[0].phase[PHASE_DURATION].count, 1);
}

static void nothing_is_allocated_once_series_and_blocks_exist(void **state)
{
    struct world *w = *state;
    struct sample x = {.status = 200, .duration = 1000};
    const struct shard_series *series;
    const struct histo *h;
    size_t bytes;
    int i;

    shard_request(w->shard, &x);
    series = w->shard->series;
    h = series[0].phase[PHASE_DURATION];
    bytes = histo_bytes(h);
    for (i = 0; i < 10; i++) {
        shard_clear(w->shard);
        x.duration = 1000u << i; /* other blocks, but no more of them */
        shard_request(w->shard, &x);
    }
    assert_ptr_equal(w->shard->series, series);
    assert_ptr_equal(series[0].phase[PHASE_DURATION], h);
    assert_int_equal(histo_bytes(h), bytes);
}

static void checks_are_counted_each_by_itself(void **state)
{
    struct world *w = *state;

    shard_check(w->shard, 0, 0, true);
    shard_check(w->shard, 0, 2, false);
    shard_check(w->shard, 0, 2, true);
    shard_check(w->shard, 0, 2, false);
    assert_int_equal(world_take(w)->n_checks, 2);
    assert_int_equal(w->delta->checks[0].check, 0);
    assert_int_equal(w->delta->checks[0].passes, 1);
    assert_int_equal(w->delta->checks[0].fails, 0);
    assert_int_equal(w->delta->checks[1].check, 2);
    assert_int_equal(w->delta->checks[1].passes, 1);
    assert_int_equal(w->delta->checks[1].fails, 2);
}

static void metrics_of_the_plan_are_kept_by_request(void **state)
{
    struct world *w = *state;
    const struct delta_custom *c;

    shard_trend(w->shard, MINI_TIME, 0, 1500);
    shard_trend(w->shard, MINI_TIME, 0, 2500);
    shard_trend(w->shard, MINI_TIME, 1, 10);
    shard_rate(w->shard, MINI_ERRORS, 0, true);
    shard_rate(w->shard, MINI_ERRORS, 0, false);
    shard_count(w->shard, MINI_CHIMES, 1, 2.5);
    shard_count(w->shard, MINI_CHIMES, 1, 0);
    assert_int_equal(world_take(w)->n_customs, 4);
    c = w->delta->customs;
    assert_int_equal(c[0].metric, MINI_TIME);
    assert_int_equal(c[0].request, 0);
    assert_int_equal(c[0].total, 2);
    assert_int_equal(c[0].trend.sum, 4000);
    assert_int_equal(c[1].request, 1);
    assert_int_equal(c[2].metric, MINI_ERRORS);
    assert_int_equal(c[2].hits, 1);
    assert_int_equal(c[2].total, 2);
    assert_int_equal(c[3].metric, MINI_CHIMES);
    assert_int_equal(c[3].total, 2);
    assert_true(c[3].sum == 2.5);
}

static void a_count_that_is_no_number_is_rejected_and_counted(void **state)
{
    struct world *w = *state;

    shard_count(w->shard, MINI_CHIMES, 0, NAN);
    shard_count(w->shard, MINI_CHIMES, 0, INFINITY);
    shard_count(w->shard, MINI_CHIMES, 0, 3);
    shard_rejected(w->shard, MINI_TIME);
    assert_int_equal(world_take(w)->rejected, 3);
    assert_true(w->delta->customs[0].sum == 3);
}

static void a_stream_feeds_the_sse_metrics(void **state)
{
    struct world *w = *state;
    const struct delta_custom *c;

    shard_sse_first(w->shard, 1, 1000);
    shard_sse_gap(w->shard, 1, 50);
    shard_sse_end(w->shard, 1, 11, true);
    shard_sse_end(w->shard, 1, 4, false);
    assert_int_equal(world_take(w)->n_customs, 4);
    c = w->delta->customs;
    assert_int_equal(c[0].metric, METRIC_SSE_TIME_TO_FIRST_EVENT);
    assert_int_equal(c[0].trend.max, 1000);
    assert_int_equal(c[1].metric, METRIC_SSE_EVENT_GAP);
    assert_int_equal(c[2].metric, METRIC_SSE_EVENTS);
    assert_true(c[2].sum == 15);
    assert_int_equal(c[3].metric, METRIC_SSE_INCOMPLETE);
    assert_int_equal(c[3].hits, 1);
    assert_int_equal(c[3].total, 2);
}

static void what_runs_beside_requests_is_counted(void **state)
{
    struct world *w = *state;

    shard_iteration(w->shard, 0, 1000);
    shard_iteration(w->shard, 0, 3000);
    shard_interrupted(w->shard, 0, false);
    shard_interrupted(w->shard, 0, true);
    shard_retry(w->shard);
    shard_lag(w->shard, 12);
    world_take(w);
    assert_int_equal(w->delta->iterations, 2);
    assert_int_equal(w->delta->scenarios[0].duration.sum, 4000);
    assert_int_equal(w->delta->interrupted, 2);
    assert_int_equal(w->delta->interrupted_requests, 1);
    assert_int_equal(w->delta->retries, 1);
    assert_int_equal(w->delta->lag.max, 12);
}

static void made_up_statuses_are_folded_and_none_is_lost(void **state)
{
    struct world *w = *state;
    struct sample x = {.failure = FAILURE_STATUS, .failed = true};
    uint64_t sum = 0, other = 0;
    size_t i;
    unsigned k;

    for (k = 0; k < 3000; k++) {
        x.request = (uint16_t)(k % 2);
        x.status = (uint16_t)(1000 + k);
        shard_request(w->shard, &x);
        shard_request(w->shard, &x);
    }
    /* What has no status is never folded. */
    x = (struct sample){.failure = FAILURE_REFUSED, .failed = true};
    shard_request(w->shard, &x);
    world_take(w);
    assert_true(w->delta->n_series <= SHARD_SERIES_MAX + 3);
    for (i = 0; i < w->delta->n_series; i++) {
        const struct delta_series *s = &w->delta->series[i];

        sum += s->count;
        other += s->status == STATUS_OTHER ? s->count : 0;
        assert_true(s->failure != FAILURE_REFUSED || s->status == 0);
    }
    assert_int_equal(sum, 6001);
    assert_int_equal(other, 6000 - 2 * SHARD_SERIES_MAX);
    assert_int_equal(w->delta->folded, other);
}

static void a_few_samples_of_each_failure_are_kept(void **state)
{
    struct world *w = *state;
    struct failure_sample f = {.kind = FAILURE_HTTP_5XX, .status = 503};
    unsigned i;

    for (i = 0; i < 5; i++) {
        f.vu = i;
        assert_int_equal(
            shard_wants_failure(w->shard, f.kind, f.request, f.status),
            i < SHARD_FAILURES_EACH);
        shard_failure(w->shard, &f);
    }
    assert_true(shard_wants_failure(w->shard, f.kind, f.request, 500));
    assert_true(shard_wants_failure(w->shard, f.kind, 1, 503));
    assert_int_equal(world_take(w)->n_failures, SHARD_FAILURES_EACH);
    assert_int_equal(w->delta->failures[1].vu, 1);
    for (i = 0; i < 200; i++) {
        f.status = (uint16_t)(600 + i);
        shard_failure(w->shard, &f);
    }
    assert_int_equal(world_take(w)->n_failures, SHARD_FAILURES_MAX);
    assert_false(shard_wants_failure(w->shard, FAILURE_DNS, 0, 0));
    shard_clear(w->shard);
    assert_true(shard_wants_failure(w->shard, FAILURE_HTTP_5XX, 0, 503));
}

#define SHARD_TEST(f) cmocka_unit_test_setup_teardown(f, world_up, world_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SHARD_TEST(a_response_is_counted_with_all_its_phases),
        SHARD_TEST(a_request_without_a_response_has_no_duration),
        SHARD_TEST(a_status_seen_before_a_reset_is_no_response),
        SHARD_TEST(series_are_told_apart_by_request_status_and_failure),
        SHARD_TEST(a_cleared_shard_is_empty_and_counts_afresh),
        SHARD_TEST(nothing_is_allocated_once_series_and_blocks_exist),
        SHARD_TEST(checks_are_counted_each_by_itself),
        SHARD_TEST(metrics_of_the_plan_are_kept_by_request),
        SHARD_TEST(a_count_that_is_no_number_is_rejected_and_counted),
        SHARD_TEST(a_stream_feeds_the_sse_metrics),
        SHARD_TEST(what_runs_beside_requests_is_counted),
        SHARD_TEST(made_up_statuses_are_folded_and_none_is_lost),
        SHARD_TEST(a_few_samples_of_each_failure_are_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
