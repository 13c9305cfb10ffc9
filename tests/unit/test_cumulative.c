/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/cumulative.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* This exercises: what points add up to, series by series: sums, shares, last
 * values, histograms; labels sorted, without those that are empty; that memory
 * has bounds. */

static struct point point_of(unsigned metric, double value, uint64_t count)
{
    struct point p = {.metric = metric, .count = count, .value = value};

    p.info = *metric_builtin(metric);
    return p;
}

struct seen {
    size_t n;
    struct cumulative_series list[8];
};

static void see(void *ctx, struct cumulative_series *x)
{
    struct seen *s = ctx;

    assert_true(s->n < 8);
    s->list[s->n++] = *x;
}

static struct seen all(struct cumulative *s)
{
    struct seen seen = {.n = 0};

    cumulative_each(s, see, &seen);
    return seen;
}

static void points_of_one_series_add_up(void **state)
{
    struct cumulative *s = cumulative_new(3);
    struct point reqs = point_of(METRIC_HTTP_REQS, 5, 1);
    struct point vus = point_of(METRIC_VUS, 7, 1);
    struct point failed = point_of(METRIC_HTTP_REQ_FAILED, 1, 4);
    struct seen seen;

    (void)state;
    reqs.tags[POINT_NAME] = "a";
    assert_true(cumulative_add(s, &reqs, NULL));
    assert_true(cumulative_add(s, &vus, NULL));
    assert_true(cumulative_add(s, &failed, NULL));
    reqs.value = 2;
    vus.value = 3;
    failed.value = 3;
    failed.count = 6;
    assert_true(cumulative_add(s, &reqs, NULL));
    assert_true(cumulative_add(s, &vus, NULL));
    assert_true(cumulative_add(s, &failed, NULL));
    reqs.tags[POINT_NAME] = "b";
    assert_true(cumulative_add(s, &reqs, NULL));
    assert_int_equal(cumulative_count(s), 4);
    seen = all(s);
    assert_true(seen.list[0].value == 7);
    assert_true(seen.list[1].value == 3);
    assert_true(seen.list[2].value == 4 && seen.list[2].count == 10);
    assert_true(seen.list[3].value == 2);
    assert_string_equal(seen.list[3].info.name, "http_reqs");
    cumulative_free(&s);
    assert_null(s);
    cumulative_free(&s);
}

static void a_trend_is_one_histogram(void **state)
{
    struct cumulative *s = cumulative_new(3);
    struct point p = point_of(METRIC_HTTP_REQ_DURATION, 0, 0);
    struct histo *h = histo_new();
    struct seen seen;
    uint64_t v;

    (void)state;
    for (v = 1; v <= 1000; v++) {
        struct histo_sparse one;

        histo_clear(h);
        histo_record(h, v);
        histo_to_sparse(h, &one);
        p.trend = &one;
        p.count = 1;
        p.value = (double)v / 1e3;
        assert_true(cumulative_add(s, &p, NULL));
        histo_sparse_clear(&one);
    }
    seen = all(s);
    assert_int_equal(seen.n, 1);
    assert_int_equal(seen.list[0].trend.count, 1000);
    assert_int_equal(seen.list[0].trend.sum, 500500);
    assert_int_equal(seen.list[0].trend.max, 1000);
    assert_non_null(seen.list[0].figures);
    histo_clear(h);
    histo_add_sparse(h, &seen.list[0].trend);
    assert_int_equal(histo_percentile(h, 95), 950);
    histo_free(&h);
    cumulative_free(&s);
}

static void labels_are_sorted_and_none_is_empty(void **state)
{
    static const char want[] = "A\0own\0check\0up\0name\0n\\n\0z\0last";
    char zed[] = "z", last[] = "last", big[] = "A", mine[] = "own",
         empty[] = "", hidden[] = "__x", none[] = "none";
    struct tag own[] = {
        {zed, last}, {big, mine}, {none, empty}, {hidden, mine}};
    struct cumulative *s = cumulative_new(0);
    struct point p = point_of(METRIC_CHECKS, 1, 1);
    struct seen seen;

    (void)state;
    p.tags[POINT_CHECK] = "up";
    p.tags[POINT_NAME] = "n\n"; /* which no label has */
    p.tags[POINT_GROUP] = "";
    p.own = own;
    p.n_own = 4;
    assert_true(cumulative_add(s, &p, NULL));
    seen = all(s);
    assert_int_equal(seen.list[0].labels_len, sizeof want);
    assert_memory_equal(seen.list[0].labels, want, sizeof want);
    cumulative_free(&s);
}

static void memory_has_bounds(void **state)
{
    struct cumulative *s = cumulative_new(0);
    struct point p = point_of(METRIC_HTTP_REQS, 1, 1);
    static char wide[70000];
    const char *why = NULL;
    char name[32];
    unsigned i;

    (void)state;
    memset(wide, 'x', sizeof wide - 1);
    p.tags[POINT_NAME] = wide;
    assert_false(cumulative_add(s, &p, &why));
    assert_string_equal(why, "labels of a series are more than 64 KiB: shorter "
                             "names, or fewer and shorter tags of the plan's "
                             "own");
    p.tags[POINT_NAME] = name;
    for (i = 0; i < CUMULATIVE_SERIES_MAX; i++) {
        snprintf(name, sizeof name, "%u", i);
        assert_true(cumulative_add(s, &p, NULL));
    }
    snprintf(name, sizeof name, "one more");
    assert_false(cumulative_add(s, &p, &why));
    assert_string_equal(why, "it has 20,000 series, and no more are kept: "
                             "fewer names of requests, checks and scenarios");
    snprintf(name, sizeof name, "%u", 7u); /* which is there */
    assert_true(cumulative_add(s, &p, NULL));
    assert_int_equal(cumulative_count(s), CUMULATIVE_SERIES_MAX);
    cumulative_free(&s);
}

static void buckets_of_trends_have_a_bound(void **state)
{
    struct cumulative *s = cumulative_new(0);
    struct point p = point_of(METRIC_HTTP_REQ_DURATION, 1, 1);
    struct histo *h = histo_new();
    struct histo_sparse wide;
    const char *why = NULL;
    char name[32];
    uint64_t v;
    unsigned i = 0;

    (void)state;
    for (v = 1; v < HISTO_VALUE_MAX; v += v / 1024 + 1) {
        histo_record(h, v);
    }
    histo_to_sparse(h, &wide);
    p.trend = &wide;
    p.tags[POINT_NAME] = name;
    do {
        snprintf(name, sizeof name, "%u", i++);
    } while (cumulative_add(s, &p, &why));
    assert_string_equal(why, "histograms of all its series are more than 64 "
                             "MiB, and no more is kept: fewer names of "
                             "requests and scenarios");
    assert_int_equal(i - 1, cumulative_count(s));
    assert_true((i - 1) * sizeof *wide.pairs * wide.n <=
                CUMULATIVE_TREND_BYTES);
    assert_true(i * sizeof *wide.pairs * wide.n > CUMULATIVE_TREND_BYTES);
    histo_sparse_clear(&wide);
    histo_free(&h);
    cumulative_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_of_one_series_add_up),
        cmocka_unit_test(a_trend_is_one_histogram),
        cmocka_unit_test(labels_are_sorted_and_none_is_empty),
        cmocka_unit_test(memory_has_bounds),
        cmocka_unit_test(buckets_of_trends_have_a_bound),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
