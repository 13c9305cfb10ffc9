/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "chart/axis.h"
#include "chart/bins.h"
#include "chart/heat.h"
#include "chart/raster.h"
#include "chart/scale.h"
#include "chart/spark.h"

#define SECOND UINT64_C(1000000)

static void nice_numbers_are_1_2_5_and_around_the_value(void **state)
{
    static const struct {
        double v, down, up;
    } rows[] = {
        {1, 1, 1},          {1.01, 1, 2},       {2, 2, 2},
        {3, 2, 5},          {0.3, 0.2, 0.5},    {99, 50, 100},
        {100, 100, 100},    {101, 100, 200},    {574, 500, 1000},
        {5000, 5000, 5000}, {1e-3, 1e-3, 1e-3}, {0, 0, 0},
        {-5, 0, 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_float_equal(scale_nice_up(rows[i].v), rows[i].up, 1e-12);
        assert_float_equal(scale_nice_down(rows[i].v), rows[i].down, 1e-12);
    }
}

static void a_scale_grows_at_once_and_shrinks_after_ten_seconds(void **state)
{
    struct scale s;

    (void)state;
    scale_init(&s, false);
    scale_fit(&s, 0, 90, 0);
    assert_float_equal(s.hi, 100, 0);
    scale_fit(&s, 0, 151, SECOND);
    assert_float_equal(s.hi, 200, 0);
    scale_fit(&s, 0, 40, 2 * SECOND);
    assert_float_equal(s.hi, 200, 0);
    /* Room that is interrupted begins anew. */
    scale_fit(&s, 0, 190, 8 * SECOND);
    scale_fit(&s, 0, 40, 9 * SECOND);
    scale_fit(&s, 0, 40, 18 * SECOND);
    assert_float_equal(s.hi, 200, 0);
    scale_fit(&s, 0, 40, 19 * SECOND);
    assert_float_equal(s.hi, 40, 0);
    /* Nothing to show changes nothing. */
    scale_fit(&s, 0, 0, 60 * SECOND);
    assert_float_equal(s.hi, 40, 0);
}

/* A chart of three rows whose peak reaches half of them shows nothing. */
static void what_a_linear_scale_shows_fills_it(void **state)
{
    static const struct {
        double hi, end;
    } rows[] = {{205, 250}, {1010, 1200}, {0.26, 0.3}, {63, 80},
                {100, 100}, {7, 8},       {13, 15},    {2, 2}};
    struct rng r;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_float_equal(scale_close_up(rows[i].hi), rows[i].end, 1e-9);
    }
    assert_float_equal(scale_close_up(0), 0, 0);
    rng_seed(&r, 5, 1);
    for (i = 0; i < 20000; i++) {
        double hi = (double)rng_range(&r, 1, 1000000000) / 1000;
        struct scale s;

        scale_init(&s, false);
        scale_fit(&s, 0, hi, 0);
        assert_true(s.hi >= hi * (1 - 1e-6) && s.hi * 3 < hi * 4 * (1 + 1e-6));
    }
}

static void labels_of_a_linear_scale_are_counted_in_even_steps(void **state)
{
    static const struct {
        double hi;
        size_t max, n;
        double second;
    } rows[] = {{250, 6, 6, 50}, {250, 4, 2, 250}, {300, 4, 4, 100},
                {120, 6, 5, 30}, {120, 4, 4, 40},  {80, 4, 3, 40},
                {600, 6, 4, 200}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scale s;
        double ticks[8];

        scale_init(&s, false);
        scale_fit(&s, 0, rows[i].hi, 0);
        assert_int_equal(scale_ticks(&s, ticks, rows[i].max), rows[i].n);
        assert_float_equal(ticks[1], rows[i].second, 1e-9);
    }
}

static void a_log_scale_moves_both_ends_and_spans_a_decade(void **state)
{
    struct scale s;

    (void)state;
    scale_init(&s, true);
    scale_fit(&s, 3000, 4000, 0);
    assert_float_equal(s.lo, 2000, 1e-9);
    assert_float_equal(s.hi, 20000, 1e-9);
    scale_fit(&s, 700, 300000, SECOND);
    assert_float_equal(s.lo, 500, 1e-9);
    assert_float_equal(s.hi, 500000, 1e-9);
    assert_float_equal(scale_at(&s, 500), 0, 0);
    assert_float_equal(scale_at(&s, 500000), 1, 0);
    assert_true(scale_at(&s, 15811) > 0.499 && scale_at(&s, 15812) < 0.501);
    assert_float_equal(scale_at(&s, 1), 0, 0);
    assert_float_equal(scale_at(&s, 1e9), 1, 0);
    scale_fit(&s, 3000, 4000, 2 * SECOND);
    scale_fit(&s, 3000, 4000, 13 * SECOND);
    assert_float_equal(s.lo, 2000, 1e-9);
    assert_float_equal(s.hi, 20000, 1e-9);
}

static void a_scale_without_data_has_no_place_and_no_labels(void **state)
{
    struct scale s;
    double ticks[4];

    (void)state;
    scale_init(&s, true);
    assert_float_equal(scale_at(&s, 5), 0, 0);
    assert_int_equal(scale_ticks(&s, ticks, 4), 0);
}

static void
labels_rise_from_end_to_end_and_never_exceed_their_number(void **state)
{
    struct rng r;
    int i;

    (void)state;
    rng_seed(&r, 3, 1);
    for (i = 0; i < 20000; i++) {
        struct scale s;
        double ticks[12];
        double lo = (double)rng_range(&r, 1, 1000);
        double hi = lo + (double)rng_range(&r, 0, 1000000000);
        size_t max = (size_t)rng_range(&r, 2, 12), n, k;

        scale_init(&s, rng_range(&r, 0, 1) == 1);
        scale_fit(&s, lo, hi, 0);
        n = scale_ticks(&s, ticks, max);
        assert_true(n >= 2 && n <= max);
        assert_float_equal(ticks[0], s.lo, 1e-9);
        assert_float_equal(ticks[n - 1], s.hi, 1e-9);
        for (k = 1; k < n; k++) {
            assert_true(ticks[k] > ticks[k - 1]);
        }
    }
}

static void an_axis_of_known_length_holds_it_and_moves_in_steps(void **state)
{
    uint64_t at = axis_reach(0, 108 * SECOND, 1), moves = 0, t;

    (void)state;
    assert_int_equal(at, 108 * SECOND);
    /* On hold the end recedes with every tick. */
    for (t = 108 * SECOND; t < 400 * SECOND; t += SECOND / 10) {
        uint64_t next = axis_reach(at, t, 1);

        assert_true(next >= t);
        moves += next != at;
        at = next;
    }
    assert_true(moves < 30);
    /* A jump forward takes a good part away. */
    assert_int_equal(axis_reach(at, 200 * SECOND, 1), 200 * SECOND);
    assert_int_equal(axis_reach(at, at - 1, 1), at);
}

static void an_axis_without_end_grows_in_round_spans(void **state)
{
    (void)state;
    assert_int_equal(axis_reach(0, 0, 0), 60 * SECOND);
    assert_int_equal(axis_reach(60 * SECOND, 59 * SECOND, 0), 60 * SECOND);
    assert_int_equal(axis_reach(60 * SECOND, 61 * SECOND, 0), 120 * SECOND);
    assert_int_equal(axis_reach(120 * SECOND, 301 * SECOND, 0), 600 * SECOND);
    assert_true(axis_reach(1, 90000000 * SECOND, 0) >= 90000000 * SECOND);
}

static void time_labels_keep_their_distance(void **state)
{
    struct rng r;
    int i;

    (void)state;
    rng_seed(&r, 4, 1);
    for (i = 0; i < 5000; i++) {
        uint64_t span = rng_range(&r, SECOND, 864000 * SECOND);
        int cols = (int)rng_range(&r, 8, 300);
        uint64_t step = axis_step(span, cols, 9);

        assert_true((double)step / (double)span * cols >= 9);
    }
    assert_int_equal(axis_at(&(struct axis){0, 100}, 0, 10), 0);
    assert_int_equal(axis_at(&(struct axis){0, 100}, 99, 10), 9);
    assert_int_equal(axis_at(&(struct axis){0, 100}, 100, 10), 10);
    assert_int_equal(axis_at(&(struct axis){0, 0}, 5, 10), 10);
    assert_int_equal(axis_at(&(struct axis){50, 150}, 49, 10), 0);
    assert_int_equal(axis_at(&(struct axis){50, 150}, 100, 10), 5);
    assert_int_equal(axis_middle(&(struct axis){50, 150}, 5, 10), 105);
}

static void dots_become_braille_bits(void **state)
{
    struct raster r;

    (void)state;
    raster_init(&r, 2, 1);
    raster_dot(&r, 0, 0, 1);
    raster_dot(&r, 1, 3, 2);
    raster_dot(&r, 3, 1, 3);
    assert_int_equal(raster_cell(&r, 0, 0)->dots, 0x01 | 0x80);
    assert_int_equal(raster_cell(&r, 0, 0)->ink, 2);
    assert_int_equal(raster_cell(&r, 1, 0)->dots, 0x10);
    assert_null(raster_cell(&r, 2, 0));
    assert_null(raster_cell(&r, 0, -1));
    /* Outside is nowhere. */
    raster_dot(&r, -1, 0, 1);
    raster_dot(&r, 4, 0, 1);
    raster_dot(&r, 0, 4, 1);
    raster_clear(&r);
}

static void lines_have_both_ends_and_no_holes(void **state)
{
    const struct raster_pen pen = {.every = 1, .ink = 1};
    struct rng rng;
    int i;

    (void)state;
    rng_seed(&rng, 5, 1);
    for (i = 0; i < 2000; i++) {
        struct raster r;
        int x0 = (int)rng_range(&rng, 0, 39), y0 = (int)rng_range(&rng, 0, 39);
        int x1 = (int)rng_range(&rng, 0, 39), y1 = (int)rng_range(&rng, 0, 39);
        int n = 0, c, bit;

        raster_init(&r, 20, 10);
        raster_line(&r, x0, y0, x1, y1, &pen);
        for (c = 0; c < 200; c++) {
            for (bit = 0; bit < 8; bit++) {
                n += r.cells[c].dots >> bit & 1;
            }
        }
        assert_int_equal(
            n, 1 + (abs(x1 - x0) > abs(y1 - y0) ? abs(x1 - x0) : abs(y1 - y0)));
        assert_int_not_equal(raster_cell(&r, x0 / 2, y0 / 4)->dots, 0);
        assert_int_not_equal(raster_cell(&r, x1 / 2, y1 / 4)->dots, 0);
        raster_clear(&r);
    }
}

static void a_line_changes_its_ink_above_a_limit(void **state)
{
    const struct raster_pen pen = {
        .every = 1, .ink = 1, .above_y = 4, .above_ink = 2};
    struct raster r;

    (void)state;
    raster_init(&r, 1, 2);
    raster_line(&r, 0, 7, 0, 0, &pen);
    assert_int_equal(raster_cell(&r, 0, 0)->ink, 2);
    assert_int_equal(raster_cell(&r, 0, 1)->ink, 1);
    assert_int_equal(raster_y(&r, 0), 7);
    assert_int_equal(raster_y(&r, 1), 0);
    raster_clear(&r);
}

static void anything_above_nothing_fills_a_step(void **state)
{
    (void)state;
    assert_int_equal(raster_level(0, 8), 0);
    assert_int_equal(raster_level(-1, 8), 0);
    assert_int_equal(raster_level(0.0001, 8), 1);
    assert_int_equal(raster_level(0.5, 8), 4);
    assert_int_equal(raster_level(1, 8), 8);
    assert_int_equal(raster_level(7, 8), 8);
}

/* A series of n seconds with `per` samples each, of both names in turn. */
struct feed {
    struct series *series;
    struct rng rng;
    uint64_t t_us;
};

static void feed_second(struct feed *f, unsigned per, uint64_t base_us,
                        uint64_t active_us)
{
    struct histo *all = histo_new(), *by_name[2] = {histo_new(), histo_new()};
    uint64_t requests[2] = {0}, failed[2] = {0}, errors[ERRORS_COUNT] = {0};
    struct series_add a = {.active_us = active_us,
                           .vus = 7,
                           .planned = 9,
                           .duration = all,
                           .by_name = by_name,
                           .requests_by_name = requests,
                           .failed_by_name = failed,
                           .errors = errors};
    unsigned i;

    for (i = 0; i < per; i++) {
        uint64_t us = base_us + rng_range(&f->rng, 0, base_us);

        histo_record(all, us);
        histo_record(by_name[i % 2], us);
        requests[i % 2]++;
    }
    f->t_us += SECOND;
    a.t_us = f->t_us;
    series_feed(f->series, &a);
    histo_free(&all);
    histo_free(&by_name[0]);
    histo_free(&by_name[1]);
}

static void feed_init(struct feed *f)
{
    f->series = series_new(2);
    f->t_us = 0;
    rng_seed(&f->rng, 11, 1);
}

static void bins_merge_histograms_and_never_average(void **state)
{
    struct feed f;
    struct bins *b = bins_new(-1);
    struct histo *h = histo_new();
    size_t i;

    (void)state;
    feed_init(&f);
    /* One slow second among nine fast ones: means of p95s would say 200. */
    for (i = 0; i < 10; i++) {
        feed_second(&f, i == 4 ? 1000 : 10, i == 4 ? 400000 : 1000, SECOND);
    }
    for (i = 0; i < series_count(f.series); i++) {
        histo_add_packed(h, &series_slot(f.series, i)->duration);
    }
    bins_update(b, f.series, &(struct axis){0, 10 * SECOND}, 1);
    assert_int_equal(bins_count(b), 1);
    assert_int_equal(bins_at(b, 0)->samples, 1090);
    assert_int_equal(bins_at(b, 0)->requests, 1090);
    assert_int_equal(bins_at(b, 0)->p95_us, histo_percentile(h, 95));
    assert_int_equal(bins_at(b, 0)->p50_us, histo_percentile(h, 50));
    assert_int_equal(bins_at(b, 0)->p99_us, histo_percentile(h, 99));
    histo_free(&h);
    bins_free(&b);
    series_free(&f.series);
}

/* What was computed bit by bit is what is computed at once. */
static void bins_kept_up_to_date_equal_bins_made_at_once(void **state)
{
    struct feed f;
    struct bins *kept = bins_new(1), *once;
    size_t i, k;

    (void)state;
    feed_init(&f);
    for (i = 0; i < 200; i++) {
        struct axis a = {0, (i < 100 ? 120 : 300) * SECOND};

        feed_second(&f, (unsigned)(i % 40), 1000 + i * 100,
                    i % 50 == 0 ? 0 : SECOND);
        bins_update(kept, f.series, &a, 37);
        once = bins_new(1);
        bins_update(once, f.series, &a, 37);
        assert_int_equal(bins_count(kept), bins_count(once));
        assert_true(bins_count(kept) <= 37);
        assert_int_equal(bins_width_us(kept), bins_width_us(once));
        for (k = 0; k < bins_count(kept); k++) {
            assert_memory_equal(bins_at(kept, k), bins_at(once, k),
                                sizeof *bins_at(once, k));
        }
        bins_free(&once);
    }
    bins_free(&kept);
    series_free(&f.series);
}

static void check_bins(const struct series *s, struct bins *kept,
                       const struct axis *a, size_t max)
{
    struct bins *once = bins_new(-1);
    size_t k;

    bins_update(kept, s, a, max);
    bins_update(once, s, a, max);
    assert_int_equal(bins_count(kept), bins_count(once));
    assert_true(bins_count(kept) <= max + 1);
    for (k = 0; k < bins_count(kept); k++) {
        assert_memory_equal(bins_at(kept, k), bins_at(once, k),
                            sizeof *bins_at(once, k));
        assert_true(bins_at(kept, k)->end_us > a->from_us);
        assert_true(bins_at(kept, k)->start_us < a->to_us);
    }
    bins_free(&once);
}

/* A window that goes along, stands still, jumps back and forth, and changes its
 * width, shows what it would have shown at once. */
static void bins_of_a_window_are_those_within_it(void **state)
{
    struct feed f;
    struct bins *kept = bins_new(-1);
    struct rng r;
    uint64_t i;

    (void)state;
    rng_seed(&r, 5, 1);
    feed_init(&f);
    for (i = 1; i < 400; i++) {
        struct axis a = axis_window(i * SECOND, 60 * SECOND, SECOND,
                                    i % 50 < 25 ? UINT64_MAX : i / 2 * SECOND);

        feed_second(&f, (unsigned)(i % 30), 1000 + i * 10, SECOND);
        check_bins(f.series, kept, &a, i % 100 < 90 ? 25 : 80);
        if (i % 7 == 0) {
            a.from_us = rng_range(&r, 0, i) * SECOND / 2;
            a.to_us = a.from_us + rng_range(&r, 1, 2 * i) * SECOND;
            check_bins(f.series, kept, &a, 25);
        }
    }
    bins_free(&kept);
    series_free(&f.series);
}

static void a_window_goes_along_unless_a_moment_holds_it(void **state)
{
    struct axis a = axis_window(500 * SECOND, 60 * SECOND, SECOND, UINT64_MAX);

    (void)state;
    /* Now is near its right edge, not at it. */
    assert_int_equal(a.to_us - a.from_us, 60 * SECOND);
    assert_in_range(a.to_us, 501 * SECOND, 506 * SECOND);
    /* It moves in whole steps. */
    assert_int_equal(
        axis_window(500 * SECOND + 1, 60 * SECOND, SECOND, UINT64_MAX).from_us,
        a.from_us);
    assert_int_equal(
        axis_window(501 * SECOND, 60 * SECOND, SECOND, UINT64_MAX).from_us,
        a.from_us + SECOND);
    /* A moment in sight does not hold it, one that would leave does. */
    assert_int_equal(
        axis_window(500 * SECOND, 60 * SECOND, SECOND, 470 * SECOND).from_us,
        a.from_us);
    a = axis_window(500 * SECOND, 60 * SECOND, SECOND, 300 * SECOND);
    assert_int_equal(a.from_us, 300 * SECOND);
    assert_int_equal(a.to_us, 360 * SECOND);
    a = axis_window(500 * SECOND, 60 * SECOND, SECOND, 600 * SECOND);
    assert_true(axis_has(&a, 600 * SECOND));
    assert_int_equal(a.to_us, 601 * SECOND);
    a = axis_window(10 * SECOND, 60 * SECOND, SECOND, UINT64_MAX);
    assert_int_equal(a.from_us, 0);
    assert_false(axis_has(&a, 61 * SECOND));
}

/* Two kinds of answers, 5 ms and 500 ms, half of the requests each. */
static void feed_bimodal(struct feed *f, unsigned seconds)
{
    uint64_t requests[2] = {100, 100}, failed[2] = {0},
             none[ERRORS_COUNT] = {0};
    struct histo *all = histo_new(), *by_name[2] = {NULL, NULL};
    struct series_add a = {.active_us = SECOND,
                           .duration = all,
                           .by_name = by_name,
                           .requests_by_name = requests,
                           .failed_by_name = failed,
                           .errors = none};

    histo_record_n(all, 5000, 100);
    histo_record_n(all, 500000, 98);
    histo_record_n(all, 9000000, 2);
    while (seconds-- > 0) {
        f->t_us += SECOND;
        a.t_us = f->t_us;
        series_feed(f->series, &a);
    }
    histo_free(&all);
}

static void two_kinds_of_answers_are_two_bands(void **state)
{
    const struct axis axis = {0, 100 * SECOND};
    struct scale scale = {.log = true, .lo = 1000, .hi = 1000000};
    struct bins *b = bins_new(-1);
    struct heat *h = heat_new();
    struct feed f;
    size_t i;
    int row;

    (void)state;
    feed_init(&f);
    feed_bimodal(&f, 50);
    bins_update(b, f.series, &axis, 20);
    heat_update(h, f.series, b, &scale, 6); /* half a decade a row */
    assert_int_equal(heat_rows(h), 6);
    for (i = 0; i < bins_count(b); i++) {
        double sum = 0;

        /* 5 ms in 3.2..10, 500 ms in 316..1000 with what is above the end;
         * nothing in between, where a mean would be. */
        for (row = 0; row < 6; row++) {
            double share = heat_share(h, i, row);

            assert_int_equal(heat_level(share) > 0, row == 1 || row == 5);
            sum += share;
        }
        assert_true(sum > 0.999 && sum < 1.001);
        assert_true(heat_share(h, i, 1) > 0.49 && heat_share(h, i, 5) > 0.49);
    }
    /* On a wider scale the tail has its own row, and is seen though rare. */
    scale.hi = 10000000;
    heat_update(h, f.series, b, &scale, 8);
    assert_true(heat_share(h, 0, 7) > 0.009 && heat_share(h, 0, 7) < 0.011);
    assert_int_equal(heat_level(heat_share(h, 0, 7)), 1);
    assert_int_equal(heat_level(heat_share(h, 0, 6)), 0);
    assert_int_equal(heat_level(1), HEAT_LEVELS);
    heat_free(&h);
    bins_free(&b);
    series_free(&f.series);
}

/* Along a window that moves, and while a column still fills. */
static void heat_kept_up_to_date_equals_heat_made_at_once(void **state)
{
    const struct scale scale = {.log = true, .lo = 1000, .hi = 100000};
    struct bins *b = bins_new(-1);
    struct heat *kept = heat_new();
    struct feed f;
    uint64_t i;

    (void)state;
    feed_init(&f);
    for (i = 1; i < 150; i++) {
        struct axis a = axis_window(i * SECOND, 60 * SECOND, SECOND,
                                    i % 40 < 20 ? UINT64_MAX : i / 3 * SECOND);
        struct heat *once = heat_new();
        size_t k;
        int row;

        feed_second(&f, 20, 1000 + i * 300, SECOND);
        bins_update(b, f.series, &a, 17);
        heat_update(kept, f.series, b, &scale, 9);
        heat_update(once, f.series, b, &scale, 9);
        for (k = 0; k < bins_count(b); k++) {
            for (row = 0; row < 9; row++) {
                assert_true(heat_share(kept, k, row) <=
                            heat_share(once, k, row));
                assert_true(heat_share(kept, k, row) >=
                            heat_share(once, k, row));
            }
        }
        heat_free(&once);
    }
    heat_free(&kept);
    bins_free(&b);
    series_free(&f.series);
}

static void a_scale_says_which_value_stands_where(void **state)
{
    const struct scale log = {.log = true, .lo = 10, .hi = 1000};
    const struct scale plain = {.lo = 0, .hi = 50}, none = {.log = true};

    (void)state;
    assert_true(fabs(scale_value(&log, 0.5) - 100) < 1e-6);
    assert_true(fabs(scale_value(&plain, 0.5) - 25) < 1e-6);
    assert_true(fabs(scale_at(&log, scale_value(&log, 0.3)) - 0.3) < 1e-9);
    assert_true(scale_value(&none, 0.5) <= 0);
}

static void a_pause_has_no_active_time_and_no_samples(void **state)
{
    struct feed f;
    struct bins *b = bins_new(-1);

    (void)state;
    feed_init(&f);
    feed_second(&f, 10, 1000, SECOND);
    feed_second(&f, 0, 1000, 0);
    feed_second(&f, 10, 1000, SECOND);
    bins_update(b, f.series, &(struct axis){0, 3 * SECOND}, 10);
    assert_int_equal(bins_count(b), 3);
    assert_int_equal(bins_at(b, 1)->active_us, 0);
    assert_int_equal(bins_at(b, 1)->samples, 0);
    assert_int_equal(bins_at(b, 1)->p95_us, 0);
    assert_int_equal(bins_at(b, 2)->vus, 7);
    assert_int_equal(bins_at(b, 2)->planned, 9);
    assert_true(bins_at(b, 0)->complete);
    assert_false(bins_at(b, 2)->complete);
    bins_free(&b);
    series_free(&f.series);
}

/* Whatever the values: from the lowest mark to the highest. */
static void a_spark_has_a_mark_for_any_value(void **state)
{
    static const double values[] = {
        -1e300, 0, 1e-300, 0.5, 1, 1.001, 1e300, (double)INFINITY, (double)NAN};
    char out[64];

    (void)state;
    assert_string_equal(spark_text(values, 9, 1, true, out, sizeof out),
                        "  _=#### ");
    assert_string_equal(spark_text(values, 9, 1e-320, true, out, sizeof out),
                        "  ###### ");
    assert_string_equal(spark_text(values, 9, 0, true, out, sizeof out),
                        "         ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_spark_has_a_mark_for_any_value),
        cmocka_unit_test(nice_numbers_are_1_2_5_and_around_the_value),
        cmocka_unit_test(a_scale_grows_at_once_and_shrinks_after_ten_seconds),
        cmocka_unit_test(what_a_linear_scale_shows_fills_it),
        cmocka_unit_test(labels_of_a_linear_scale_are_counted_in_even_steps),
        cmocka_unit_test(a_log_scale_moves_both_ends_and_spans_a_decade),
        cmocka_unit_test(a_scale_without_data_has_no_place_and_no_labels),
        cmocka_unit_test(
            labels_rise_from_end_to_end_and_never_exceed_their_number),
        cmocka_unit_test(an_axis_of_known_length_holds_it_and_moves_in_steps),
        cmocka_unit_test(an_axis_without_end_grows_in_round_spans),
        cmocka_unit_test(time_labels_keep_their_distance),
        cmocka_unit_test(dots_become_braille_bits),
        cmocka_unit_test(lines_have_both_ends_and_no_holes),
        cmocka_unit_test(a_line_changes_its_ink_above_a_limit),
        cmocka_unit_test(anything_above_nothing_fills_a_step),
        cmocka_unit_test(bins_merge_histograms_and_never_average),
        cmocka_unit_test(bins_kept_up_to_date_equal_bins_made_at_once),
        cmocka_unit_test(bins_of_a_window_are_those_within_it),
        cmocka_unit_test(a_window_goes_along_unless_a_moment_holds_it),
        cmocka_unit_test(two_kinds_of_answers_are_two_bands),
        cmocka_unit_test(heat_kept_up_to_date_equals_heat_made_at_once),
        cmocka_unit_test(a_scale_says_which_value_stands_where),
        cmocka_unit_test(a_pause_has_no_active_time_and_no_samples),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
