/* SPDX-License-Identifier: MIT
 *
 * test_delta - what several workers measured, merged: the same as if one had
 * measured it all. */
#include "config.h"

#include "measure/delta.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "support/mini_plan.h"

#define SHARDS 4

static void assert_same_sparse(const struct histo_sparse *a,
                               const struct histo_sparse *b)
{
    assert_int_equal(a->n, b->n);
    if (a->n > 0) {
        assert_memory_equal(a->pairs, b->pairs, a->n * sizeof *a->pairs);
    }
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->sum, b->sum);
    assert_int_equal(a->min, b->min);
    assert_int_equal(a->max, b->max);
}

static void assert_same_series(const struct delta_series *a,
                               const struct delta_series *b)
{
    int p;

    assert_int_equal(a->request, b->request);
    assert_int_equal(a->status, b->status);
    assert_int_equal(a->failure, b->failure);
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->failed, b->failed);
    assert_int_equal(a->sent, b->sent);
    assert_int_equal(a->received, b->received);
    for (p = 0; p < PHASE_COUNT; p++) {
        assert_same_sparse(&a->phase[p], &b->phase[p]);
    }
}

/* All but the failure samples. */
static void assert_same_delta(const struct delta *a, const struct delta *b)
{
    size_t i;

    assert_int_equal(a->n_series, b->n_series);
    for (i = 0; i < a->n_series; i++) {
        assert_same_series(&a->series[i], &b->series[i]);
    }
    assert_int_equal(a->n_checks, b->n_checks);
    for (i = 0; i < a->n_checks; i++) {
        assert_int_equal(a->checks[i].check, b->checks[i].check);
        assert_int_equal(a->checks[i].passes, b->checks[i].passes);
        assert_int_equal(a->checks[i].fails, b->checks[i].fails);
    }
    assert_int_equal(a->n_customs, b->n_customs);
    for (i = 0; i < a->n_customs; i++) {
        assert_int_equal(a->customs[i].metric, b->customs[i].metric);
        assert_int_equal(a->customs[i].request, b->customs[i].request);
        assert_int_equal(a->customs[i].total, b->customs[i].total);
        assert_int_equal(a->customs[i].hits, b->customs[i].hits);
        assert_true(a->customs[i].sum == b->customs[i].sum);
        assert_same_sparse(&a->customs[i].trend, &b->customs[i].trend);
    }
    assert_int_equal(a->iterations, b->iterations);
    assert_int_equal(a->interrupted, b->interrupted);
    assert_int_equal(a->interrupted_requests, b->interrupted_requests);
    assert_int_equal(a->retries, b->retries);
    assert_int_equal(a->rejected, b->rejected);
    assert_int_equal(a->dropped, b->dropped);
    assert_int_equal(a->n_scenarios, b->n_scenarios);
    for (i = 0; i < a->n_scenarios; i++) {
        const struct delta_scenario *x = &a->scenarios[i];
        const struct delta_scenario *y = &b->scenarios[i];

        assert_int_equal(x->scenario, y->scenario);
        assert_int_equal(x->iterations, y->iterations);
        assert_int_equal(x->interrupted, y->interrupted);
        assert_int_equal(x->dropped, y->dropped);
        assert_same_sparse(&x->duration, &y->duration);
        assert_same_sparse(&x->late, &y->late);
    }
    assert_same_sparse(&a->late, &b->late);
    assert_same_sparse(&a->lag, &b->lag);
}

/* Records one thing, chosen by dice, the same way for the same dice. */
static void record_something(struct shard *s, struct rng *dice)
{
    static const uint16_t statuses[] = {200, 200, 200, 429, 503};
    uint16_t status = statuses[rng_range(dice, 0, 4)];
    uint64_t us = rng_range(dice, 100, 5000000);
    unsigned request = (unsigned)rng_range(dice, 0, 2);
    unsigned scenario = (unsigned)rng_range(dice, 0, LINEUP_MAX - 1);
    struct sample x = {.request = (uint16_t)request,
                       .status = status,
                       .failure = status == 200 ? FAILURE_NONE
                                                : failure_of_status(status),
                       .failed = status != 200,
                       .waiting = us - 50,
                       .receiving = 50,
                       .duration = us,
                       .sent = 10,
                       .received = us % 977};

    shard_request(s, &x);
    shard_check(s, 0, (unsigned)rng_range(dice, 0, 2),
                rng_range(dice, 0, 1) == 1);
    shard_trend(s, MINI_TIME, request, us);
    shard_rate(s, MINI_ERRORS, request, x.failed);
    shard_count(s, MINI_CHIMES, request, (double)(us % 3));
    shard_iteration(s, scenario, us * 2);
    shard_late(s, scenario, us / 100);
    shard_dropped(s, scenario, us % 3);
    shard_lag(s, us % 1000);
    if (us % 5 == 0) {
        shard_retry(s);
        shard_interrupted(s, scenario, us % 2 == 0);
        shard_rejected(s, MINI_TIME);
    }
}

static void many_shards_make_the_same_as_one(void **state)
{
    struct mini_plan m;
    struct shard *shards[SHARDS + 1], *one;
    struct delta *d, *want;
    struct rng dice, again, which;
    int i;

    (void)state;
    mini_plan_init(&m);
    one = shard_new(&m.plan);
    for (i = 0; i <= SHARDS; i++) { /* the last one stays empty */
        shards[i] = shard_new(&m.plan);
    }
    rng_seed(&dice, 21, 0);
    rng_seed(&which, 21, 1);
    again = dice;
    for (i = 0; i < 2000; i++) {
        record_something(one, &dice);
        record_something(shards[rng_range(&which, 0, SHARDS - 1)], &again);
    }
    want = delta_new(&m.plan, &one, 1);
    d = delta_new(&m.plan, shards, SHARDS + 1);
    assert_true(want->n_series == 9);
    assert_same_delta(d, want);
    delta_free(&d);
    delta_free(&want);
    shard_free(&one);
    for (i = 0; i <= SHARDS; i++) {
        shard_free(&shards[i]);
    }
}

static void no_shards_make_an_empty_delta(void **state)
{
    struct mini_plan m;
    struct delta *d;

    (void)state;
    mini_plan_init(&m);
    d = delta_new(&m.plan, NULL, 0);
    assert_true(delta_empty(d));
    delta_free(&d);
    assert_null(d);
    delta_free(&d);
}

static void shards_are_left_as_they_are(void **state)
{
    struct mini_plan m;
    struct shard *s;
    struct delta *a, *b;
    struct rng dice;

    (void)state;
    mini_plan_init(&m);
    s = shard_new(&m.plan);
    rng_seed(&dice, 22, 0);
    record_something(s, &dice);
    record_something(s, &dice);
    a = delta_new(&m.plan, &s, 1);
    b = delta_new(&m.plan, &s, 1);
    assert_same_delta(a, b);
    delta_free(&a);
    delta_free(&b);
    shard_free(&s);
}

static void rows_stand_in_order_whoever_came_first(void **state)
{
    struct mini_plan m;
    struct shard *s;
    struct delta *d;
    struct sample x = {.request = 2, .status = 200};
    size_t i;

    (void)state;
    mini_plan_init(&m);
    s = shard_new(&m.plan);
    shard_request(s, &x);
    x = (struct sample){.request = 0,
                        .status = 500,
                        .failure = FAILURE_HTTP_5XX,
                        .failed = true};
    shard_request(s, &x);
    x = (struct sample){.request = 0, .status = 200};
    shard_request(s, &x);
    x = (struct sample){.failure = FAILURE_TIMEOUT, .failed = true};
    shard_request(s, &x);
    d = delta_new(&m.plan, &s, 1);
    assert_int_equal(d->n_series, 4);
    for (i = 0; i < 4; i++) {
        static const uint16_t request[] = {0, 0, 0, 2};
        static const uint16_t status[] = {0, 200, 500, 200};

        assert_int_equal(d->series[i].request, request[i]);
        assert_int_equal(d->series[i].status, status[i]);
    }
    delta_free(&d);
    shard_free(&s);
}

static void a_copy_has_the_numbers_and_no_failure_samples(void **state)
{
    struct mini_plan m;
    struct shard *s;
    struct fifo *kept = fifo_new();
    struct delta *d, *copy;
    struct failure_sample f = {.kind = FAILURE_DNS};
    struct rng dice;
    int i;

    (void)state;
    mini_plan_init(&m);
    s = shard_new(&m.plan);
    rng_seed(&dice, 23, 0);
    for (i = 0; i < 50; i++) {
        record_something(s, &dice);
    }
    shard_failure(s, &f);
    d = delta_new(&m.plan, &s, 1);
    copy = delta_keep(kept, d);
    assert_same_delta(copy, d);
    assert_int_equal(d->n_failures, 1);
    assert_int_equal(copy->n_failures, 0);
    assert_int_equal(delta_bytes(d),
                     delta_bytes(copy) + sizeof(struct failure_sample));
    delta_free(&d);
    assert_int_equal(copy->n_checks, 3);
    fifo_let_go(kept, copy);
    fifo_free(&kept);
    shard_free(&s);
}

static void samples_of_all_shards_come_along(void **state)
{
    struct mini_plan m;
    struct shard *s[2];
    struct delta *d;
    struct failure_sample f = {.kind = FAILURE_DNS, .vu = 1};

    (void)state;
    mini_plan_init(&m);
    s[0] = shard_new(&m.plan);
    s[1] = shard_new(&m.plan);
    shard_failure(s[0], &f);
    f.vu = 2;
    shard_failure(s[1], &f);
    d = delta_new(&m.plan, s, 2);
    assert_int_equal(d->n_failures, 2);
    assert_int_equal(d->failures[0].vu, 1);
    assert_int_equal(d->failures[1].vu, 2);
    assert_false(delta_empty(d));
    delta_free(&d);
    shard_free(&s[0]);
    shard_free(&s[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_shards_make_the_same_as_one),
        cmocka_unit_test(no_shards_make_an_empty_delta),
        cmocka_unit_test(shards_are_left_as_they_are),
        cmocka_unit_test(rows_stand_in_order_whoever_came_first),
        cmocka_unit_test(a_copy_has_the_numbers_and_no_failure_samples),
        cmocka_unit_test(samples_of_all_shards_come_along),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
