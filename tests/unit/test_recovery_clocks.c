/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/recovery_world.h"

/* This exercises: each fall, mark and outage has its own clock, whatever else
 * goes on: made-up runs whose answer is known, 20 seeds each. */

#define SEC   UINT64_C(1000000)
#define SEEDS 20

static void world_open(struct world *w, uint64_t seed, uint64_t limit_us)
{
    struct recovery_limit limit = {.p95_us = limit_us};

    world_begin(w, seed, &limit);
    w->s.noise_sd = 0.03;
}

/* A mark, at the start of the next second. */
static void mark(struct world *w)
{
    struct moment x = moments_next(&w->s);

    x.mark = true;
    recovery_feed(w->r, &x);
}

static void slow(struct world *w, unsigned seconds)
{
    w->s.factor = 8;
    feed(w, seconds);
    w->s.factor = 1;
}

/* Only 5xx. */
static void out(struct world *w, unsigned seconds)
{
    w->s.fail = 1;
    feed(w, seconds);
    w->s.fail = 0;
}

static const struct recovery_episode *at(const struct world *w, size_t i)
{
    assert_true(i < recovery_count(w->r));
    return recovery_at(w->r, i);
}

static bool is(const struct world *w, size_t i, enum recovery_cause cause,
               uint64_t t0_s)
{
    const struct recovery_episode *e = at(w, i);

    return e->cause == cause && e->t0_us == t0_s * SEC;
}

/* It was back so long after its clock began, to two seconds. */
static bool back(const struct world *w, size_t i, double s)
{
    const struct recovery_episode *e = at(w, i);

    return e->state == RECOVERY_RECOVERED &&
           fabs((double)e->return_us / 1e6 - s) <= 2 &&
           e->low_us <= e->return_us && e->return_us <= e->high_us;
}

typedef bool case_fn(struct world *w);

/* Nine of ten seeds are to be right: slow seconds are drawn. */
static void cases(const char *name, case_fn *fn)
{
    unsigned right = 0, seed;

    for (seed = 1; seed <= SEEDS; seed++) {
        struct world w;

        world_open(&w, seed, 0);
        right += fn(&w);
        world_close(&w);
    }
    if (right < SEEDS * 9 / 10) {
        print_message("%s: %u of %u right\n", name, right, SEEDS);
    }
    assert_true(right >= SEEDS * 9 / 10);
}

/* "cache warmed" does nothing; "deploy", 14 s later, does. */
static bool case_second_mark(struct world *w)
{
    bool early;

    feed(w, 30);
    mark(w);
    feed(w, 13);
    mark(w); /* 44 */
    slow(w, 3);
    early = recovery_sum(w->r).longest_us <= 4 * SEC;
    slow(w, 5);
    feed(w, 30);
    return early && recovery_count(w->r) == 1 && is(w, 0, RECOVERY_MARK, 44) &&
           back(w, 0, 9) && !at(w, 0)->within;
}

/* A mark that was set when only the plan's limit was there to go by does not
 * keep the baseline of a later one from being used. */
static void a_mark_takes_the_clock_of_one_that_did_nothing(void **state)
{
    struct world w;

    (void)state;
    cases("second mark", case_second_mark);
    world_open(&w, 1, 2000000);
    feed(&w, 5);
    mark(&w);
    feed(&w, 30);
    mark(&w); /* 36 */
    slow(&w, 6);
    feed(&w, 20);
    assert_int_equal(recovery_count(w.r), 1);
    assert_int_equal(at(&w, 0)->reference, RECOVERY_BY_BASELINE);
    assert_true(is(&w, 0, RECOVERY_MARK, 36) && back(&w, 0, 7));
    world_close(&w);
}

/* "deploy" makes it slow; "rollback", six seconds later, mends it after four.
 */
static bool case_rollback(struct world *w)
{
    const struct recovery_episode *e;

    feed(w, 60);
    mark(w);
    slow(w, 5);
    w->s.factor = 8;
    mark(w); /* 66 */
    slow(w, 3);
    feed(w, 30);
    if (recovery_count(w->r) != 2 || recovery_sum(w->r).n != 2) {
        return false;
    }
    e = at(w, 1);
    return is(w, 0, RECOVERY_MARK, 60) && back(w, 0, 10) &&
           is(w, 1, RECOVERY_MARK, 66) && back(w, 1, 4) && e->within &&
           e->during_us == 60 * SEC && e->before && e->degraded &&
           recovery_now(w->r) == at(w, 0) &&
           recovery_sum(w->r).longest_us == at(w, 0)->return_us;
}

static void a_mark_within_a_recovery_has_its_own_clock(void **state)
{
    (void)state;
    cases("rollback", case_rollback);
}

/* The first is back, and has held; the second does harm in the minute of the
 * first. */
static bool case_after_return(struct world *w)
{
    feed(w, 60);
    mark(w);
    slow(w, 6);
    feed(w, 18);
    mark(w); /* 85 */
    slow(w, 6);
    feed(w, 30);
    return recovery_count(w->r) == 2 && back(w, 0, 7) && !at(w, 0)->relapsed &&
           is(w, 1, RECOVERY_MARK, 85) && back(w, 1, 7) && !at(w, 1)->within;
}

/* The second is set while the first has to hold, which it does. */
static bool case_in_dwell(struct world *w)
{
    bool one, watched;

    feed(w, 60);
    mark(w);
    slow(w, 6);
    feed(w, 4);
    mark(w); /* 71 */
    feed(w, 14);
    one = at(w, 0)->over && back(w, 0, 7) && recovery_count(w->r) == 2;
    watched =
        at(w, 1)->state == RECOVERY_WATCHING && is(w, 1, RECOVERY_MARK, 71);
    slow(w, 6);
    feed(w, 30);
    return one && watched && recovery_count(w->r) == 2 && !at(w, 0)->relapsed &&
           back(w, 1, 21) && !at(w, 1)->within &&
           fabs((double)at(w, 1)->degrade_us / 1e6 - 15) <= 1;
}

/* Nothing goes wrong after it: it leaves nothing. */
static bool case_in_dwell_in_vain(struct world *w)
{
    feed(w, 60);
    mark(w);
    slow(w, 6);
    feed(w, 4);
    mark(w);
    feed(w, 90);
    return recovery_count(w->r) == 1 && back(w, 0, 7) &&
           recovery_sum(w->r).n == 1;
}

/* The return does not hold: what comes after the second mark is of both. */
static bool case_in_dwell_out(struct world *w)
{
    feed(w, 60);
    mark(w);
    slow(w, 6);
    feed(w, 4);
    mark(w); /* 71 */
    slow(w, 5);
    feed(w, 30);
    return recovery_count(w->r) == 2 && back(w, 0, 16) && back(w, 1, 5) &&
           at(w, 1)->within && !at(w, 1)->before;
}

static void a_return_that_holds_is_not_ended_by_a_mark(void **state)
{
    (void)state;
    cases("after the return", case_after_return);
    cases("in the dwell", case_in_dwell);
    cases("in the dwell, and nothing", case_in_dwell_in_vain);
    cases("in the dwell, and out again", case_in_dwell_out);
}

/* A mark while the service recovers from a fall. */
static bool case_fall_and_mark(struct world *w)
{
    feed(w, 60);
    w->s.load = 100;
    slow(w, 20);
    w->s.load = 10;
    slow(w, 4);
    w->s.factor = 8;
    mark(w); /* 84 */
    slow(w, 5);
    feed(w, 30);
    return recovery_count(w->r) == 2 && is(w, 0, RECOVERY_FALL, 80) &&
           back(w, 0, 10) && is(w, 1, RECOVERY_MARK, 84) && back(w, 1, 6) &&
           recovery_now(w->r) == at(w, 0);
}

/* Nothing is lost at the end, nor when the load moves on. */
static bool case_cut_off(struct world *w)
{
    feed(w, 60);
    mark(w);
    slow(w, 4);
    w->s.factor = 8;
    mark(w); /* 65 */
    slow(w, 4);
    w->s.load = 50;
    feed(w, 3);
    return recovery_count(w->r) == 2 && at(w, 0)->state == RECOVERY_NOT &&
           at(w, 0)->elapsed_us == 10 * SEC && at(w, 1)->past &&
           at(w, 1)->state == RECOVERY_NOT && at(w, 1)->over &&
           at(w, 1)->elapsed_us == 5 * SEC;
}

static void what_a_mark_is_within_ends_it(void **state)
{
    (void)state;
    cases("fall and mark", case_fall_and_mark);
    cases("cut off", case_cut_off);
}

/* Two of six seconds, twenty apart, each back at once. */
static bool case_two_outages(struct world *w)
{
    feed(w, 60);
    out(w, 6);
    feed(w, 14);
    w->s.fail = 0.7; /* it begins within a second */
    feed(w, 1);
    out(w, 6);
    feed(w, 30);
    return recovery_count(w->r) == 2 && is(w, 0, RECOVERY_OUTAGE, 66) &&
           back(w, 0, 0) && !at(w, 0)->relapsed &&
           is(w, 1, RECOVERY_OUTAGE, 87) && back(w, 1, 0) &&
           !at(w, 1)->within && at(w, 1)->rise_us == 81 * SEC &&
           at(w, 1)->requests == 600 &&
           recovery_sum(w->r).longest_us <= 2 * SEC;
}

/* The second begins with silence, which is a relapse at first. */
static bool case_silent_outages(struct world *w)
{
    feed(w, 60);
    out(w, 6);
    feed(w, 14);
    w->s.rate = 0;
    w->s.in_flight = 10;
    feed(w, 5);
    w->s.rate = 10;
    out(w, 1);
    w->s.rate = 100;
    w->s.in_flight = 0;
    feed(w, 30);
    return recovery_count(w->r) == 2 && back(w, 0, 0) && !at(w, 0)->relapsed &&
           is(w, 1, RECOVERY_OUTAGE, 86) && back(w, 1, 0) &&
           at(w, 1)->rise_us == 80 * SEC;
}

/* Nothing but a second of it: no outage, and as long as it is bad for two
 * windows a relapse as before. */
static bool case_short_outage(struct world *w)
{
    feed(w, 60);
    mark(w);
    slow(w, 5);
    feed(w, 16);
    w->s.fail = 0.7;
    feed(w, 1);
    out(w, 1);
    feed(w, 30);
    return recovery_count(w->r) == 1 && at(w, 0)->relapsed && back(w, 0, 24) &&
           fabs((double)at(w, 0)->first_us / 1e6 - 6) <= 1;
}

/* One that comes while the service is not back yet is within that. */
static bool case_outage_within(struct world *w)
{
    feed(w, 60);
    w->s.load = 100;
    slow(w, 20);
    w->s.load = 10;
    slow(w, 4);
    out(w, 5);
    slow(w, 3);
    feed(w, 30);
    return recovery_count(w->r) == 2 && is(w, 0, RECOVERY_FALL, 80) &&
           back(w, 0, 12) && is(w, 1, RECOVERY_OUTAGE, 89) && back(w, 1, 3) &&
           at(w, 1)->within && at(w, 1)->failed == 500;
}

/* After a mark it is the mark's as well, however coarse the windows are. */
static bool case_outage_after_mark(struct world *w)
{
    w->s.rate = 6; /* windows of 10 s */
    feed(w, 120);
    mark(w);
    feed(w, 4);
    out(w, 3);
    feed(w, 120);
    return recovery_count(w->r) == 2 && is(w, 0, RECOVERY_MARK, 120) &&
           is(w, 1, RECOVERY_OUTAGE, 128) && at(w, 1)->within &&
           at(w, 0)->state == RECOVERY_RECOVERED && at(w, 0)->degraded &&
           at(w, 0)->degrade_us == 5 * SEC;
}

static void each_outage_has_its_own_clock(void **state)
{
    (void)state;
    cases("two outages", case_two_outages);
    cases("silent outages", case_silent_outages);
    cases("too short for one", case_short_outage);
    cases("outage within", case_outage_within);
    cases("outage after a mark", case_outage_after_mark);
}

/* It began where answers stopped, to a tick. */
static void silence_before_failures_is_of_the_outage(void **state)
{
    struct moment x;
    struct world w;

    (void)state;
    world_open(&w, 5, 0);
    feed(&w, 59);
    x = moments_next(&w.s);
    x.last_us = x.start_us + 400000;
    recovery_feed(w.r, &x);
    w.s.rate = 0;
    w.s.in_flight = 10;
    feed(&w, 4);
    assert_false(recovery_sum(w.r).down);
    w.s.rate = 10;
    out(&w, 1);
    assert_true(recovery_sum(w.r).down);
    assert_int_equal(recovery_sum(w.r).down_us, 59400000);
    w.s.rate = 0;
    feed(&w, 4);
    w.s.rate = 100;
    w.s.in_flight = 0;
    feed(&w, 20);
    assert_int_equal(recovery_count(w.r), 1);
    assert_true(is(&w, 0, RECOVERY_OUTAGE, 69));
    assert_int_equal(at(&w, 0)->rise_us, 59400000);
    assert_int_equal(at(&w, 0)->requests, 10);
    world_close(&w);
}

/* A stall, or a slow load of one a second that fails once: no outage. */
static void silence_alone_is_no_outage(void **state)
{
    struct world w;
    unsigned i;

    (void)state;
    world_open(&w, 5, 0);
    feed(&w, 60);
    w.s.rate = 0;
    w.s.in_flight = 10;
    feed(&w, 6);
    w.s.rate = 100;
    feed(&w, 20);
    assert_int_equal(recovery_count(w.r), 0);
    world_close(&w);
    world_open(&w, 5, 0);
    w.s.in_flight = 1;
    for (i = 0; i < 90; i++) {
        w.s.rate = i % 3 == 2 ? 1 : 0;
        w.s.fail = i == 62 ? 1 : 0;
        feed(&w, i < 63 || i % 3 == 2 ? 1 : 0);
        assert_false(recovery_sum(w.r).down);
    }
    world_close(&w);
}

static void an_outage_to_the_end_is_an_answer(void **state)
{
    const struct recovery_episode *e;
    struct recovery_sum m;
    struct world w;

    (void)state;
    world_open(&w, 5, 0);
    feed(&w, 15);
    out(&w, 25);
    assert_int_equal(recovery_count(w.r), 0);
    recovery_end(w.r);
    assert_int_equal(recovery_count(w.r), 1);
    e = at(&w, 0);
    assert_int_equal(e->cause, RECOVERY_OUTAGE);
    assert_int_equal(e->state, RECOVERY_NOT);
    assert_true(e->unserved && e->over && e->why[0] != '\0');
    assert_int_equal(e->t0_us, 15 * SEC);
    assert_int_equal(e->elapsed_us, 25 * SEC);
    assert_int_equal(e->failed, 2500);
    m = recovery_sum(w.r);
    assert_true(m.lost && !m.open && !m.timed && m.n == 1);
    assert_true(m.which.unserved);
    world_close(&w);
}

/* What was never there has nothing to be back from; what recovers as the run
 * ends is told once. */
static void an_outage_to_the_end_has_a_beginning(void **state)
{
    struct world w;

    (void)state;
    world_open(&w, 5, 0);
    out(&w, 25);
    recovery_end(w.r);
    assert_int_equal(recovery_count(w.r), 0);
    assert_true(recovery_sum(w.r).down);
    world_close(&w);
    world_open(&w, 5, 0);
    feed(&w, 60);
    out(&w, 5);
    feed(&w, 3);
    recovery_end(w.r);
    assert_int_equal(recovery_count(w.r), 1);
    assert_int_equal(at(&w, 0)->state, RECOVERY_HELD);
    world_close(&w);
    world_open(&w, 5, 0);
    feed(&w, 60);
    mark(&w);
    out(&w, 5);
    recovery_end(w.r);
    assert_int_equal(recovery_count(w.r), 2);
    assert_true(is(&w, 0, RECOVERY_MARK, 60) && is(&w, 1, RECOVERY_OUTAGE, 61));
    assert_int_equal(at(&w, 0)->state, RECOVERY_NOT);
    assert_true(at(&w, 1)->unserved);
    world_close(&w);
}

/* More clocks than are kept, all within one that goes on. */
static void the_one_that_goes_on_is_never_dropped(void **state)
{
    struct world w;
    unsigned i;

    (void)state;
    world_open(&w, 5, 0);
    feed(&w, 60);
    mark(&w);
    w.s.factor = 8;
    feed(&w, 3);
    for (i = 0; i < RECOVERY_MAX + 5; i++) {
        mark(&w);
    }
    w.s.factor = 1;
    feed(&w, 60);
    assert_int_equal(recovery_count(w.r), RECOVERY_MAX);
    assert_int_equal(recovery_dropped(w.r), 6);
    assert_true(is(&w, 0, RECOVERY_MARK, 60));
    assert_true(back(&w, 0, RECOVERY_MAX + 9));
    assert_int_equal(at(&w, RECOVERY_MAX - 1)->t0_us,
                     (64 + RECOVERY_MAX + 4) * SEC);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mark_takes_the_clock_of_one_that_did_nothing),
        cmocka_unit_test(a_mark_within_a_recovery_has_its_own_clock),
        cmocka_unit_test(a_return_that_holds_is_not_ended_by_a_mark),
        cmocka_unit_test(what_a_mark_is_within_ends_it),
        cmocka_unit_test(each_outage_has_its_own_clock),
        cmocka_unit_test(silence_before_failures_is_of_the_outage),
        cmocka_unit_test(silence_alone_is_no_outage),
        cmocka_unit_test(an_outage_to_the_end_is_an_answer),
        cmocka_unit_test(an_outage_to_the_end_has_a_beginning),
        cmocka_unit_test(the_one_that_goes_on_is_never_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
