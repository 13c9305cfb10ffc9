/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "insight/windows.h"
#include "support/moments.h"

/* This exercises: the time of each load in windows: where they are cut, what is
 * left out, what they count, and that they stay as few as they may be, whatever
 * comes. */

static struct moments m;
static struct windows *w;

static int set_up(void **state)
{
    (void)state;
    moments_init(&m, 1);
    m.rate = 50;
    w = windows_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    moments_clear(&m);
    windows_free(&w);
    return 0;
}

static void feed(unsigned seconds)
{
    while (seconds-- > 0) {
        struct moment x = moments_next(&m);

        windows_feed(w, &x);
    }
}

static size_t count(const struct window **list)
{
    size_t n = 0;

    *list = windows_list(w, &n);
    return n;
}

static void every_value_has_its_bucket(void **state)
{
    uint64_t v, last = 0;
    unsigned b;

    (void)state;
    for (v = 0; v < 1u << 20; v += 1 + v / 1000) {
        b = coarse_bucket(v);
        assert_true(b < COARSE_BUCKETS);
        assert_true(coarse_low(b) <= v && v < coarse_low(b) + coarse_width(b));
        assert_true(coarse_width(b) <= 1 || coarse_width(b) * 64 <= v);
    }
    for (b = 1; b < COARSE_BUCKETS; b++) { /* gapless */
        last = coarse_low(b - 1) + coarse_width(b - 1);
        assert_int_equal(coarse_low(b), last);
        assert_int_equal(coarse_bucket(coarse_low(b)), b);
    }
    assert_true(coarse_bucket(HISTO_VALUE_MAX) < COARSE_BUCKETS);
}

static void a_load_is_cut_into_tens_of_seconds_from_its_third_on(void **state)
{
    const struct window *list;
    uint64_t sum = 0;
    size_t i;

    (void)state;
    feed(2 + 30 + 4);
    windows_end(w);
    assert_int_equal(count(&list), 3); /* four seconds are too few */
    assert_int_equal(list[0].start_us, 2000000);
    assert_int_equal(list[0].end_us, 12000000);
    assert_int_equal(list[2].end_us, 32000000);
    assert_int_equal(list[1].requests, 500);
    for (i = 0; i < list[1].n; i++) {
        assert_true(i == 0 || list[1].us[i].bucket > list[1].us[i - 1].bucket);
        sum += list[1].us[i].count;
    }
    assert_int_equal(sum, 500);
}

static void ramps_and_pauses_are_in_none(void **state)
{
    const struct window *list;
    struct moment pause = {.still = true, .load = 10};

    (void)state;
    m.ramp = true;
    feed(60);
    windows_end(w);
    assert_int_equal(count(&list), 0);
    m.ramp = false;
    feed(7);
    pause.all = m.all;
    pause.good = m.good;
    windows_feed(w, &pause); /* goes on behind it */
    feed(5);
    assert_int_equal(count(&list), 1);
    assert_int_equal(list[0].active_us, WINDOWS_US);
}

static void what_drains_is_in_none(void **state)
{
    const struct window *list;

    (void)state;
    feed(7);
    m.load = 5;
    m.draining = 3;
    feed(6);
    m.draining = 0;
    feed(10);
    m.load = 2;
    m.draining = 1; /* hangs */
    feed(20);
    assert_int_equal(count(&list), 3);
    assert_int_equal(list[1].start_us, 13000000);
    assert_int_equal(list[1].active_us, WINDOWS_US);
    assert_int_equal(list[2].start_us, 33000000);
    assert_int_equal(list[2].active_us, WINDOWS_US);
}

/* And settles anew once it is not felt any more. */
static void an_overload_of_before_has_windows_of_its_own(void **state)
{
    const struct window *list;
    unsigned i;

    (void)state;
    windows_hear(w, true);
    feed(2 + 16);
    windows_hear(w, false);
    feed(2 + 10);
    assert_int_equal(count(&list), 3);
    assert_int_equal(list[1].active_us, 6000000);
    assert_int_equal(list[2].start_us, 20000000);
    for (i = 0; i < 3; i++) {
        assert_true(list[i].felt == (i < 2));
    }
    /* They do not merge either. */
    for (i = 0; i < 400; i++) {
        windows_hear(w, i % 2 == 0);
        feed(2 + 10);
    }
    for (i = 1; i < count(&list); i++) {
        assert_true(list[i].felt != list[i - 1].felt);
    }
    assert_true(windows_dropped(w) > 0);
}

static void failures_count_and_have_no_time(void **state)
{
    const struct window *list;
    uint64_t sum = 0;
    size_t i;

    (void)state;
    m.fail = 0.5;
    feed(12);
    assert_int_equal(count(&list), 1);
    for (i = 0; i < list[0].n; i++) {
        sum += list[0].us[i].count;
    }
    assert_int_equal(sum, list[0].requests - list[0].failed);
    assert_true(list[0].failed > 100);
}

/* Six hours of one load. */
static void a_long_run_has_longer_windows_and_loses_none(void **state)
{
    const struct window *list;
    uint64_t requests = 0, active = 0, buckets = 0;
    size_t n, i;

    (void)state;
    m.rate = 5;
    feed(6 * 3600 + 2);
    windows_end(w);
    n = count(&list);
    assert_true(n >= WINDOWS_MAX / 2 && n <= WINDOWS_MAX);
    for (i = 0; i < n; i++) {
        requests += list[i].requests;
        active += list[i].active_us;
        buckets += list[i].n;
    }
    assert_int_equal(windows_us(w), 32 * WINDOWS_US);
    assert_true(active > UINT64_C(21000) * 1000000);
    assert_int_equal(requests, active / 1000000 * 5);
    assert_true(buckets <= WINDOWS_BUCKETS);
    assert_int_equal(windows_dropped(w), 0);
}

/* A new load each quarter of a minute: nothing can be put together. */
static void of_too_many_loads_the_oldest_goes(void **state)
{
    const struct window *list;
    unsigned i;
    size_t n;

    (void)state;
    for (i = 1; i <= 300; i++) {
        m.load = i;
        feed(13);
    }
    n = count(&list);
    assert_true(n <= WINDOWS_MAX && n > WINDOWS_MAX / 2);
    assert_true(windows_dropped(w) > 0);
    assert_true(list[n - 1].load > 297); /* the newest are there */
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_has_its_bucket),
        T(a_load_is_cut_into_tens_of_seconds_from_its_third_on),
        T(ramps_and_pauses_are_in_none),
        T(what_drains_is_in_none),
        T(an_overload_of_before_has_windows_of_its_own),
        T(failures_count_and_have_no_time),
        T(a_long_run_has_longer_windows_and_loses_none),
        T(of_too_many_loads_the_oldest_goes),
    };
#undef T

    return cmocka_run_group_tests(tests, NULL, NULL);
}
