/* SPDX-License-Identifier: MIT
 *
 * test_series - slots of one second, and their merging two by two when memory
 * is short: nothing is lost or averaged by it. */
#include "config.h"

#include "measure/series.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "measure/series_internal.h"
#include "measure/stretch.h"

#define NAMES 2
#define TICK  100000u

struct world {
    struct series *series;
    struct histo *duration, *by_name[NAMES];
    uint64_t requests[NAMES], failed[NAMES], errors[ERRORS_COUNT];
    struct series_add add; /* of the next tick */
};

static void world_init(struct world *w, size_t bytes_max)
{
    int i;

    memset(w, 0, sizeof *w);
    w->series = bytes_max == 0 ? series_new(NAMES)
                               : series_new_capped(NAMES, bytes_max);
    w->duration = histo_new();
    for (i = 0; i < NAMES; i++) {
        w->by_name[i] = histo_new();
    }
    w->add = (struct series_add){.active_us = TICK,
                                 .duration = w->duration,
                                 .by_name = w->by_name,
                                 .requests_by_name = w->requests,
                                 .failed_by_name = w->failed,
                                 .errors = w->errors};
}

static void world_clear(struct world *w)
{
    int i;

    series_free(&w->series);
    assert_null(w->series);
    series_free(&w->series);
    histo_free(&w->duration);
    for (i = 0; i < NAMES; i++) {
        histo_free(&w->by_name[i]);
    }
}

static void world_sample(struct world *w, unsigned name, uint64_t us,
                         bool failed)
{
    histo_record(w->duration, us);
    histo_record(w->by_name[name], us);
    w->requests[name]++;
    w->failed[name] += failed;
    w->errors[ERRORS_5XX] += failed;
}

static void world_tick_at(struct world *w, uint64_t t_us)
{
    int i;

    w->add.t_us = t_us;
    series_feed(w->series, &w->add);
    histo_clear(w->duration);
    for (i = 0; i < NAMES; i++) {
        histo_clear(w->by_name[i]);
        w->requests[i] = 0;
        w->failed[i] = 0;
    }
    memset(w->errors, 0, sizeof w->errors);
}

static void world_tick(struct world *w)
{
    world_tick_at(w, w->add.t_us + TICK);
}

static void tick_is_where_most_of_it_was_and_a_piece_joins(void **state)
{
    const uint64_t s = 1000000;

    (void)state;
    assert_int_equal(series_place(0, 0, s, UINT64_MAX), 0);
    /* Closed a little late, begun before the boundary. */
    assert_int_equal(series_place(s + 300, TICK, s, 0), 0);
    assert_int_equal(series_place(s + 60000, TICK, s, 0), s);
    /* A pause has no active time, and slots of its own. */
    assert_int_equal(series_place(s + 100300, 0, s, 0), s);
    /* The end of a run, a moment after a boundary. */
    assert_int_equal(series_place(3 * s + 900, 600, s, 2 * s), 2 * s);
    assert_int_equal(series_place(3 * s + 90000, 90000, s, 2 * s), 3 * s);
}

static void ten_ticks_are_a_slot_and_the_boundary_is_its_last(void **state)
{
    struct world w;
    const struct slot *s;
    int i;

    (void)state;
    world_init(&w, 0);
    for (i = 0; i < 10; i++) {
        world_sample(&w, 0, 1000, false);
        world_tick(&w);
        assert_int_equal(series_count(w.series), 1);
    }
    world_sample(&w, 1, 9000, true);
    world_tick(&w);
    assert_int_equal(series_count(w.series), 2);
    s = series_slot(w.series, 0);
    assert_int_equal(s->start_us, 0);
    assert_int_equal(s->active_us, 1000000);
    assert_int_equal(s->requests, 10);
    assert_int_equal(s->p50_us, 1000);
    assert_int_equal(s->duration.count, 10);
    assert_int_equal(s->by_name[1].count, 0);
    s = series_slot(w.series, 1);
    assert_int_equal(s->start_us, 1000000);
    assert_int_equal(s->failed, 1);
    assert_int_equal(s->errors[ERRORS_5XX], 1);
    assert_int_equal(s->failed_by_name[1], 1);
    assert_int_equal(s->requests_by_name[0], 0);
    assert_int_equal(s->by_name[0].count, 0);
    assert_int_equal(s->p99_us, 9000);
    assert_int_equal(series_slot_us(w.series), 1000000);
    world_clear(&w);
}

static void the_open_slot_can_be_read_at_every_tick(void **state)
{
    struct world w;
    unsigned i;

    (void)state;
    world_init(&w, 0);
    for (i = 1; i <= 7; i++) {
        world_sample(&w, 0, 1000, false);
        world_tick(&w);
        assert_int_equal(series_slot(w.series, 0)->duration.count, i);
        assert_int_equal(series_slot(w.series, 0)->requests, i);
    }
    world_clear(&w);
}

static void load_is_kept_as_middle_least_and_most(void **state)
{
    static const uint32_t vus[] = {50, 20, 80, 70, 60, 55, 40, 30};
    struct world w;
    const struct slot *s;
    int i;

    (void)state;
    world_init(&w, 0);
    for (i = 0; i < 8; i++) {
        w.add.vus = vus[i];
        w.add.planned = vus[i] + 1;
        w.add.manual = i == 1;
        world_tick(&w);
    }
    s = series_slot(w.series, 0);
    assert_int_equal(s->vus, 60);
    assert_int_equal(s->planned, 61);
    assert_int_equal(s->vus_min, 20);
    assert_int_equal(s->vus_max, 80);
    assert_true(s->manual);
    world_clear(&w);
}

/* 8 VUs for a second, then 2: the tick that sees it ends a moment after the
 * second, and most of it is of the one before. */
static void load_of_a_second_is_not_told_a_second_early(void **state)
{
    struct world w;
    int i;

    (void)state;
    world_init(&w, 0);
    for (i = 1; i <= 30; i++) {
        w.add.vus = i < 10 ? 8 : 2;
        w.add.planned = i < 20 ? 5 : 50;
        world_tick_at(&w, (uint64_t)i * TICK + 300);
    }
    assert_int_equal(series_count(w.series), 3);
    for (i = 0; i < 3; i++) {
        const struct slot *s = series_slot(w.series, (size_t)i);

        assert_int_equal(s->vus, i < 1 ? 8 : 2);
        assert_int_equal(s->planned, i < 2 ? 5 : 50);
        assert_int_equal(s->vus_max, i < 1 ? 8 : 2);
    }
    world_clear(&w);
}

static void a_pause_is_a_slot_without_active_time(void **state)
{
    struct world w;
    int i;

    (void)state;
    world_init(&w, 0);
    for (i = 0; i < 10; i++) {
        world_tick(&w);
    }
    w.add.active_us = 0;
    for (i = 0; i < 10; i++) {
        world_tick(&w);
    }
    assert_int_equal(series_slot(w.series, 0)->active_us, 1000000);
    assert_int_equal(series_slot(w.series, 1)->active_us, 0);
    world_clear(&w);
}

/* Ten requests a tick; in the middle of one a pause begins, and what was under
 * way ends within it. */
static void what_drains_in_a_pause_is_no_rate(void **state)
{
    const struct slot *slot;
    struct stretch sum;
    struct world w;
    int i, k;

    (void)state;
    world_init(&w, 0);
    for (i = 0; i < 20; i++) {
        for (k = 0; k < 10; k++) {
            world_sample(&w, 0, 1000, false);
        }
        w.add.active_us = i < 10 ? TICK : i == 10 ? TICK / 4 : 0;
        world_tick(&w);
    }
    slot = series_slot(w.series, 1);
    assert_int_equal(slot->requests, 100);
    assert_int_equal(slot->active_us, TICK / 4);
    assert_true(slot->rated > 2.49 && slot->rated < 2.51);
    assert_true(stretch_sum(w.series, -1, 1000000, 2000000, &sum));
    assert_int_equal(sum.sum.requests, 100);
    assert_true(sum.sum.rate > 99.9 && sum.sum.rate < 100.1);
    assert_true(stretch_sum(w.series, 1, 0, 2000000, &sum));
    assert_true(sum.sum.rate < 0.1);
    world_clear(&w);
}

static void a_stretch_without_ticks_has_no_slots(void **state)
{
    struct world w;

    (void)state;
    world_init(&w, 0);
    world_tick(&w);
    world_tick_at(&w, UINT64_C(8) * 3600 * 1000000 + TICK);
    assert_int_equal(series_count(w.series), 2);
    assert_int_equal(series_slot(w.series, 1)->start_us,
                     UINT64_C(8) * 3600 * 1000000);
    world_clear(&w);
}

/* Feeds the same samples into both. */
static void feed_both(struct world *a, struct world *b, int ticks)
{
    struct rng dice;
    int i, k;

    rng_seed(&dice, 51, 0);
    for (i = 0; i < ticks; i++) {
        for (k = 0; k < 5; k++) {
            unsigned name = (unsigned)rng_range(&dice, 0, NAMES - 1);
            uint64_t us = rng_range(&dice, 500, 400000);
            bool failed = rng_range(&dice, 0, 9) == 0;

            world_sample(a, name, us, failed);
            world_sample(b, name, us, failed);
        }
        if (i % 10 == 0) { /* the same for a second */
            a->add.vus = b->add.vus = (uint32_t)rng_range(&dice, 1, 100);
        }
        a->add.planned = b->add.planned = a->add.vus;
        a->add.manual = b->add.manual = i % 1000 == 500;
        world_tick(a);
        world_tick(b);
    }
}

static void assert_same(const struct histo *h, const struct histo_packed *p)
{
    struct histo_walk w = histo_packed_walk(p);
    struct histo_sparse want;
    uint32_t i;

    histo_to_sparse(h, &want);
    for (i = 0; i < want.n; i++) {
        assert_true(histo_walk_next(&w));
        assert_int_equal(w.bucket, want.pairs[i].bucket);
        assert_int_equal(w.count, want.pairs[i].count);
    }
    assert_false(histo_walk_next(&w));
    assert_int_equal(p->count, want.count);
    assert_int_equal(p->sum, want.sum);
    assert_int_equal(p->min, want.min);
    assert_int_equal(p->max, want.max);
    histo_sparse_clear(&want);
}

/* Slot `slot` of few is what slots from..to of all are together. */
static void assert_sum_of(const struct slot *slot, const struct series *all,
                          size_t from, size_t to)
{
    struct histo *h = histo_new(), *name[NAMES] = {histo_new(), histo_new()};
    struct slot sum = {.vus_min = UINT32_MAX};
    uint64_t requests[NAMES] = {0}, failed[NAMES] = {0};
    bool known = false;
    size_t i;
    int k;

    for (i = from; i < to; i++) {
        const struct slot *s = series_slot(all, i);

        sum.active_us += s->active_us;
        sum.requests += s->requests;
        sum.failed += s->failed;
        sum.errors[ERRORS_5XX] += s->errors[ERRORS_5XX];
        known |= i <= (from + to - 1) / 2 && s->vus == slot->vus;
        sum.vus_min = s->vus_min < sum.vus_min ? s->vus_min : sum.vus_min;
        sum.vus_max = s->vus_max > sum.vus_max ? s->vus_max : sum.vus_max;
        sum.manual |= s->manual;
        histo_add_packed(h, &s->duration);
        for (k = 0; k < NAMES; k++) {
            histo_add_packed(name[k], &s->by_name[k]);
            requests[k] += s->requests_by_name[k];
            failed[k] += s->failed_by_name[k];
        }
    }
    assert_int_equal(slot->start_us, series_slot(all, from)->start_us);
    assert_int_equal(slot->active_us, sum.active_us);
    assert_int_equal(slot->requests, sum.requests);
    assert_int_equal(slot->failed, sum.failed);
    assert_int_equal(slot->errors[ERRORS_5XX], sum.errors[ERRORS_5XX]);
    /* Of slots that merged the first one's, of a long one its middle. */
    assert_true(known);
    assert_int_equal(slot->planned, slot->vus);
    assert_int_equal(slot->vus_min, sum.vus_min);
    assert_int_equal(slot->vus_max, sum.vus_max);
    assert_int_equal(slot->manual, sum.manual);
    assert_same(h, &slot->duration);
    assert_int_equal(slot->p50_us, histo_percentile(h, 50));
    assert_int_equal(slot->p95_us, histo_percentile(h, 95));
    assert_int_equal(slot->p99_us, histo_percentile(h, 99));
    for (k = 0; k < NAMES; k++) {
        assert_same(name[k], &slot->by_name[k]);
        assert_int_equal(slot->requests_by_name[k], requests[k]);
        assert_int_equal(slot->failed_by_name[k], failed[k]);
        histo_free(&name[k]);
    }
    histo_free(&h);
}

static void slots_merge_two_by_two_and_lose_nothing(void **state)
{
    struct world small, large;
    size_t i, k, from = 0;
    uint64_t step;

    (void)state;
    world_init(&small, 40000);
    world_init(&large, 0);
    feed_both(&small, &large, 3333);
    assert_int_equal(series_count(large.series), 334);
    step = series_slot_us(small.series);
    assert_true(step >= 4000000);
    assert_true(series_count(small.series) <= 334);
    for (i = 0; i < series_count(small.series); i++) {
        uint64_t end = series_slot(small.series, i)->start_us + step;

        assert_int_equal(series_slot(small.series, i)->start_us, i * step);
        for (k = from;
             k < 334 && series_slot(large.series, k)->start_us < end;) {
            k++;
        }
        assert_sum_of(series_slot(small.series, i), large.series, from, k);
        from = k;
    }
    assert_int_equal(from, 334);
    world_clear(&small);
    world_clear(&large);
}

/* What one name had alone, all had as well: one place is enough for it until
 * such slots merge. */
static void names_in_turn_merge_and_lose_nothing(void **state)
{
    struct rng dice;
    struct world small, large;
    size_t i, k, from = 0;
    uint64_t step, us;
    int tick, n;

    (void)state;
    rng_seed(&dice, 5, 0);
    world_init(&small, 60000);
    world_init(&large, 0);
    for (tick = 0; tick < 3000; tick++) {
        unsigned name = (unsigned)(tick / 10 % 2);

        for (n = 0; n < 40; n++) {
            us = rng_range(&dice, 1, 40000000);
            world_sample(&small, name, us, false);
            world_sample(&large, name, us, false);
        }
        world_tick(&small);
        world_tick(&large);
    }
    step = series_slot_us(small.series);
    assert_true(step > series_slot_us(large.series));
    for (i = 0; i < series_count(small.series); i++) {
        uint64_t end = series_slot(small.series, i)->start_us + step;

        k = series_find(large.series, end);
        assert_sum_of(series_slot(small.series, i), large.series, from, k);
        from = k;
    }
    assert_int_equal(from, series_count(large.series));
    world_clear(&small);
    world_clear(&large);
}

/* All of it is spoken for from the first tick on. */
static void memory_does_not_grow_with_time(void **state)
{
    struct rng dice;
    struct world w;
    size_t early = 0, late;
    int i, k;

    (void)state;
    rng_seed(&dice, 7, 0);
    world_init(&w, 0);
    for (i = 0; i < 6000; i++) {
        for (k = 0; k < 2000; k++) {
            world_sample(&w, 0, rng_range(&dice, 500, 8000), false);
        }
        world_tick(&w);
        early = i == 1200 ? series_bytes(w.series) : early;
    }
    late = series_bytes(w.series);
    assert_int_equal(series_slot_us(w.series), 1000000);
    assert_in_range(late, early, early + early / 50);
    world_clear(&w);
}

static void memory_stays_below_the_cap(void **state)
{
    const size_t cap = 30000;
    const size_t beside = 150000; /* what the open slot gathers in, scratch */
    struct world w, other;
    int i, k;

    (void)state;
    world_init(&w, cap);
    world_init(&other, 0);
    for (i = 0; i < 6000; i++) {
        for (k = 0; k < 5; k++) {
            unsigned us = 1000 + (unsigned)(i * 7 + k * 611) % 3000;

            world_sample(&w, 0, us, false);
            world_sample(&other, 0, us, false);
        }
        world_tick(&w);
        world_tick(&other);
        assert_true(series_bytes(w.series) < cap + beside);
    }
    assert_true(series_bytes(other.series) > 2 * (cap + beside));
    world_clear(&w);
    world_clear(&other);
}

/* Slots of 0:00, 0:01 … : a request each second, the n-th takes n ms. */
static void stretches_add_up_slots_by_their_middle(void **state)
{
    struct stretch a, b;
    struct world w;
    int i;

    (void)state;
    world_init(&w, 0);
    assert_false(stretch_sum(w.series, -1, 0, UINT64_MAX, &a));
    for (i = 0; i < 100; i++) {
        w.add.vus = (uint32_t)i;
        w.add.active_us = i < 80 ? TICK : 0; /* two seconds of pause */
        if (i % 10 == 4) {
            world_sample(&w, (unsigned)(i / 10) % 2, (unsigned)(i / 10) * 1000,
                         i == 34);
        }
        world_tick(&w);
    }
    assert_true(stretch_sum(w.series, -1, 1400000, 5400000, &a));
    assert_int_equal(a.from_us, 1000000);
    assert_int_equal(a.to_us, 5000000);
    assert_int_equal(a.slots, 4);
    assert_int_equal(a.sum.requests, 4);
    assert_int_equal(a.sum.failed, 1);
    assert_int_equal(a.errors[ERRORS_5XX], 1);
    assert_int_equal(a.active_us, 4000000);
    assert_true(a.sum.rate > 0.999 && a.sum.rate < 1.001);
    assert_true(a.sum.error_rate > 0.249 && a.sum.error_rate < 0.251);
    assert_int_equal(a.vus, 44);
    assert_int_equal(a.vus_min, 10);
    assert_int_equal(a.vus_max, 49);
    assert_int_equal(a.sum.max_us, 4000);
    assert_in_range(a.sum.p50_us, 1998, 2002);
    /* By name; and what is beside it is not in it. */
    assert_true(stretch_sum(w.series, 1, 1000000, 5000000, &b));
    assert_int_equal(b.sum.requests, 2);
    assert_int_equal(b.sum.responses, 2);
    assert_int_equal(b.sum.failed, 1);
    assert_int_equal(b.sum.max_us, 3000);
    /* A pause has no rate, and none of its time counts. */
    assert_true(stretch_sum(w.series, -1, 6000000, UINT64_MAX, &a));
    assert_int_equal(a.active_us, 2000000);
    assert_int_equal(a.sum.requests, 4);
    assert_true(a.sum.rate > 0.999 && a.sum.rate < 1.001);
    assert_false(stretch_sum(w.series, -1, 3600000, 4400000, &a));
    assert_false(stretch_sum(w.series, -1, 10000000, UINT64_MAX, &a));
    world_clear(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_ticks_are_a_slot_and_the_boundary_is_its_last),
        cmocka_unit_test(tick_is_where_most_of_it_was_and_a_piece_joins),
        cmocka_unit_test(the_open_slot_can_be_read_at_every_tick),
        cmocka_unit_test(load_is_kept_as_middle_least_and_most),
        cmocka_unit_test(load_of_a_second_is_not_told_a_second_early),
        cmocka_unit_test(a_pause_is_a_slot_without_active_time),
        cmocka_unit_test(what_drains_in_a_pause_is_no_rate),
        cmocka_unit_test(names_in_turn_merge_and_lose_nothing),
        cmocka_unit_test(a_stretch_without_ticks_has_no_slots),
        cmocka_unit_test(slots_merge_two_by_two_and_lose_nothing),
        cmocka_unit_test(memory_does_not_grow_with_time),
        cmocka_unit_test(memory_stays_below_the_cap),
        cmocka_unit_test(stretches_add_up_slots_by_their_middle),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
