/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "insight/plateaus.h"
#include "support/moments.h"

/* This exercises: which stretches of a run are steps of it, what figures they
 * get, which of them break a rule, and what they say together. */

#define SEC UINT64_C(1000000)

static const struct rule rules[] = {{95, 3e6, 0}, {-1, 0.05, 0}};

struct world {
    struct plateaus *p;
    struct moments s;
};

static int world_open(void **state)
{
    static struct world w;

    w.p = plateaus_new(rules, 2);
    moments_init(&w.s, 7);
    *state = &w;
    return 0;
}

static int world_close(void **state)
{
    struct world *w = *state;

    plateaus_free(&w->p);
    moments_clear(&w->s);
    return 0;
}

static void feed(struct world *w, double load, unsigned seconds)
{
    w->s.load = load;
    while (seconds-- > 0) {
        struct moment x = moments_next(&w->s);

        plateaus_feed(w->p, &x);
    }
}

static void a_level_that_lasts_is_a_plateau(void **state)
{
    struct world *w = *state;
    const struct plateau *p;

    feed(w, 10, 10);
    w->s.rate = 200;
    w->s.by = "keyboard";
    feed(w, 20, 8);
    assert_int_equal(plateaus_count(w->p), 2);
    p = plateaus_at(w->p, 0);
    assert_int_equal(p->start_us, 0);
    assert_int_equal(p->end_us, 10 * SEC);
    assert_int_equal(p->settled_us, 8 * SEC);
    assert_int_equal(p->requests, 800);
    assert_true(p->rps > 99.9 && p->rps < 100.1);
    assert_in_range(p->p95_us, 100000, 130000);
    assert_string_equal(p->by, "plan");
    assert_int_equal(p->broken, -1);
    p = plateaus_at(w->p, 1);
    assert_true(plateaus_open(w->p));
    assert_int_equal(p->vus, 20);
    assert_string_equal(p->by, "keyboard");
    assert_true(p->rps > 199.9);
    plateaus_end(w->p);
    assert_int_equal(plateaus_count(w->p), 2);
    assert_false(plateaus_open(w->p));
}

/* What still comes from before is in no figure. */
static void settling_is_left_out_of_the_figures(void **state)
{
    struct world *w = *state;

    feed(w, 10, 5);
    w->s.factor = 100; /* for as long as VUs drain */
    w->s.draining = 3;
    feed(w, 5, 6);
    w->s.factor = 1;
    w->s.draining = 0;
    feed(w, 5, 5);
    assert_int_equal(plateaus_count(w->p), 2);
    assert_int_equal(plateaus_at(w->p, 1)->settled_us, 5 * SEC);
    assert_true(plateaus_at(w->p, 1)->p95_us < 200000);
}

static void ramps_and_short_levels_are_no_plateaus(void **state)
{
    struct world *w = *state;
    unsigned i;

    feed(w, 3, 4);
    w->s.ramp = true;
    for (i = 4; i < 40; i++) {
        feed(w, i, 1);
    }
    feed(w, 40, 20);
    assert_int_equal(plateaus_count(w->p), 0);
}

static void a_pause_is_left_out_and_breaks_no_plateau(void **state)
{
    struct world *w = *state;
    struct moment x;
    unsigned i;

    feed(w, 10, 6);
    for (i = 0; i < 30; i++) {
        x = moments_next(&w->s);
        x.active_us = 0;
        x.requests = 0;
        plateaus_feed(w->p, &x);
    }
    feed(w, 10, 6);
    assert_int_equal(plateaus_count(w->p), 1);
    assert_int_equal(plateaus_at(w->p, 0)->end_us, 42 * SEC);
    assert_int_equal(plateaus_at(w->p, 0)->settled_us, 8 * SEC);
    assert_true(plateaus_at(w->p, 0)->rps > 99);
}

static void the_last_good_and_the_first_bad_are_told(void **state)
{
    struct world *w = *state;
    struct bracket b;

    feed(w, 10, 10);
    w->s.rate = 200;
    feed(w, 20, 10);
    w->s.rate = 250;
    w->s.fail = 0.2;
    feed(w, 40, 10);
    w->s.fail = 0;
    w->s.factor = 40; /* 4.5 s */
    feed(w, 30, 10);
    w->s.factor = 1;
    feed(w, 25, 10);
    b = plateaus_bracket(w->p);
    assert_int_equal(plateaus_at(w->p, 2)->broken, 1);
    assert_int_equal(plateaus_at(w->p, 3)->broken, 0);
    assert_int_equal(b.first_bad, 2);
    assert_int_equal(b.bad, 2); /* 30 was after it */
    assert_int_equal(b.good, 4);
    assert_int_equal(b.best, 4);
}

static void more_load_without_more_requests_is_flat(void **state)
{
    struct world *w = *state;

    feed(w, 10, 10);
    w->s.rate = 195;
    feed(w, 20, 10);
    w->s.rate = 200;
    feed(w, 40, 10);
    feed(w, 80, 10);
    assert_false(plateaus_at(w->p, 0)->flat);
    assert_false(plateaus_at(w->p, 1)->flat);
    assert_true(plateaus_at(w->p, 2)->flat);
    assert_int_equal(plateaus_bracket(w->p).flat, 2);
}

/* No rule is broken, and yet the load is too much. */
static void requests_that_fall_are_not_good(void **state)
{
    struct world *w = *state;
    struct bracket b;

    feed(w, 10, 8);
    w->s.rate = 200;
    feed(w, 20, 8);
    w->s.rate = 190; /* hardly grow */
    feed(w, 30, 8);
    w->s.rate = 110; /* fall */
    feed(w, 40, 8);
    w->s.rate = 205; /* above where they fell: no more to be believed */
    feed(w, 50, 8);
    plateaus_end(w->p);
    assert_true(plateaus_at(w->p, 2)->flat);
    assert_false(plateaus_at(w->p, 2)->fell);
    assert_true(plateaus_at(w->p, 3)->fell);
    assert_int_equal(plateaus_at(w->p, 3)->broken, -1);
    b = plateaus_bracket(w->p);
    assert_int_equal(b.bad, -1);
    assert_int_equal(b.flat, 2);
    assert_int_equal(b.fell, 3);
    assert_int_equal(b.good, 2);
}

/* A few slow responses are no broken rule. */
static void chance_breaks_no_rule(void **state)
{
    struct world *w = *state;
    struct moment x;
    unsigned i;

    w->s.rate = 2;
    for (i = 0; i < 12; i++) {
        x = moments_next(&w->s);
        if (i == 5 || i == 8) {
            histo_record(w->s.all, 5000000);
            x.requests++;
        }
        plateaus_feed(w->p, &x);
    }
    assert_true(plateaus_at(w->p, 0)->p95_us > 3000000);
    assert_int_equal(plateaus_at(w->p, 0)->broken, -1);
    for (i = 0; i < 3; i++) {
        x = moments_next(&w->s);
        histo_record(w->s.all, 5000000);
        x.requests++;
        plateaus_feed(w->p, &x);
    }
    assert_int_equal(plateaus_at(w->p, 0)->broken, 0);
}

static void the_oldest_goes_and_is_counted(void **state)
{
    struct world *w = *state;
    unsigned i;

    w->s.rate = 1;
    for (i = 0; i < PLATEAUS_MAX + 5; i++) {
        feed(w, 1 + i, 5);
    }
    plateaus_end(w->p);
    assert_int_equal(plateaus_count(w->p), PLATEAUS_MAX);
    assert_int_equal(plateaus_dropped(w->p), 5);
    assert_int_equal(plateaus_at(w->p, 0)->vus, 6);
    assert_int_equal(plateaus_at(w->p, PLATEAUS_MAX - 1)->vus,
                     PLATEAUS_MAX + 5);
}

/* One scenario's requests are no measure for another's. */
static void levels_of_other_scenarios_are_not_compared(void **state)
{
    struct world *w = *state;

    w->s.who = 1;
    w->s.rate = 200;
    feed(w, 20, 20);
    w->s.who = 2;
    w->s.rate = 60;
    feed(w, 40, 20);
    w->s.who = 1;
    feed(w, 40, 20);
    plateaus_end(w->p);
    assert_int_equal(plateaus_count(w->p), 3);
    assert_false(plateaus_at(w->p, 1)->flat || plateaus_at(w->p, 1)->fell);
    assert_true(plateaus_at(w->p, 2)->fell);
}

/* Forty VUs are too much; half of them are served no better then, until it is
 * itself again. */
static void a_level_after_an_overload_is_no_measure(void **state)
{
    struct world *w = *state;
    const struct plateau *p;
    struct bracket b;

    feed(w, 10, 10);
    w->s.rate = 200;
    feed(w, 20, 10);
    w->s.rate = 210;
    w->s.fail = 0.2;
    feed(w, 40, 10);
    w->s.fail = 0;
    w->s.rate = 90;
    w->s.factor = 5; /* within the rules */
    feed(w, 20, 10);
    feed(w, 30, 10);
    p = plateaus_at(w->p, 3);
    assert_true(p->after == 40 && plateaus_at(w->p, 4)->after == 40);
    assert_true(p->broken == -1 && !p->flat && !p->fell);
    assert_false(plateaus_at(w->p, 4)->fell);
    w->s.rate = 100;
    w->s.factor = 1;
    feed(w, 10, 12);
    w->s.rate = 230;
    feed(w, 25, 10);
    plateaus_end(w->p);
    assert_int_equal(plateaus_count(w->p), 7);
    assert_true(plateaus_at(w->p, 2)->after == 0);
    assert_true(plateaus_at(w->p, 5)->after == 0);
    assert_int_equal(plateaus_at(w->p, 5)->settled_us, 10 * SEC);
    assert_true(plateaus_at(w->p, 6)->after == 0);
    b = plateaus_bracket(w->p);
    assert_int_equal(b.bad, 2);
    assert_int_equal(b.fell, -1);
    assert_int_equal(b.flat, 2);
    assert_int_equal(b.good, 6);
}

/* It comes to itself at a load that stays: its figures are of since then. */
static void what_is_felt_of_an_overload_is_in_no_figure(void **state)
{
    struct world *w = *state;
    const struct plateau *p;

    feed(w, 10, 10);
    w->s.factor = 40;
    feed(w, 100, 10);
    w->s.rate = 40;
    feed(w, 10, 6);
    assert_int_equal(plateaus_count(w->p), 3);
    p = plateaus_at(w->p, 2);
    assert_true(p->after == 100 && p->broken == 0);
    w->s.factor = 1;
    w->s.rate = 100;
    feed(w, 10, 4);
    assert_true(plateaus_at(w->p, 2)->after == 100);
    feed(w, 10, 10);
    p = plateaus_at(w->p, 2);
    assert_true(p->after == 0 && p->broken == -1);
    assert_int_equal(p->settled_us, 14 * SEC);
    assert_true(p->p95_us < 200000 && p->rps > 99);
    assert_int_equal(p->start_us, 20 * SEC);
}

/* What does fewer requests than it did before is not itself, however fast. */
static void fewer_requests_than_before_are_felt_too(void **state)
{
    struct world *w = *state;

    feed(w, 10, 10);
    w->s.factor = 40;
    feed(w, 100, 10);
    w->s.factor = 1;
    w->s.rate = 50;
    feed(w, 10, 20);
    assert_true(plateaus_at(w->p, 2)->after == 100);
    w->s.rate = 95;
    feed(w, 10, 12);
    assert_true(plateaus_at(w->p, 2)->after == 0);
    assert_true(plateaus_at(w->p, 2)->rps > 94);
}

/* More load than that of the overload is one itself; and a service that is
 * always slow is not slow from that. */
static void not_all_that_comes_later_is_felt(void **state)
{
    struct world *w = *state;

    w->s.factor = 40;
    feed(w, 10, 10);
    feed(w, 20, 10);
    feed(w, 40, 10);
    assert_true(plateaus_at(w->p, 1)->after == 0);
    assert_true(plateaus_at(w->p, 2)->after == 0);
    feed(w, 10, 12);
    assert_true(plateaus_at(w->p, 3)->after == 0);
    assert_int_equal(plateaus_at(w->p, 3)->broken, 0);
}

/* Nothing was broken, but a recovery says that it is not itself; nor that it
 * is, before it says that it is back. */
static void a_recovery_is_heard(void **state)
{
    struct world *w = *state;
    unsigned i;

    feed(w, 10, 10);
    feed(w, 50, 10);
    for (i = 0; i < 24; i++) {
        plateaus_hear(w->p, i < 12 ? STRAIN_RECOVERING : STRAIN_RETURNED, 50);
        feed(w, 10, 1);
        if (i >= 5) {
            assert_true(plateaus_at(w->p, 2)->after == (i < 16 ? 50 : 0));
        }
    }
    assert_int_equal(plateaus_at(w->p, 2)->settled_us, 12 * SEC);
    /* Its own word is enough, whatever the levels were. */
    w->s.rate = 10;
    for (i = 0; i < 12; i++) {
        plateaus_hear(w->p, i < 8 ? STRAIN_RECOVERING : STRAIN_RECOVERED, 50);
        feed(w, 30, 1);
    }
    assert_true(plateaus_at(w->p, 3)->after == 0);
}

/* It never comes to itself: what it held before was good for all that. */
static void what_held_before_it_broke_is_not_taken_back(void **state)
{
    struct world *w = *state;
    struct bracket b;

    feed(w, 60, 10);
    feed(w, 100, 10);
    w->s.fail = 0.2;
    feed(w, 200, 10);
    w->s.fail = 0;
    feed(w, 30, 12);
    w->s.fail = 0.2;
    feed(w, 60, 10);
    plateaus_end(w->p);
    assert_true(plateaus_at(w->p, 4)->after == 0);
    assert_int_equal(plateaus_at(w->p, 4)->broken, 1);
    b = plateaus_bracket(w->p);
    assert_int_equal(b.good, 1);
    assert_int_equal(b.bad, 2);
    feed(w, 150, 10); /* narrows it */
    b = plateaus_bracket(w->p);
    assert_int_equal(b.good, 1);
    assert_int_equal(b.bad, 5);
}

/* A step of which a while is slow, so many seconds in. */
static const struct plateau *slow_for(struct world *w, unsigned from,
                                      unsigned bad, unsigned then)
{
    feed(w, 10, 20);
    feed(w, 20, from);
    w->s.factor = 200;
    feed(w, 20, bad);
    w->s.factor = 1;
    feed(w, 20, then);
    plateaus_end(w->p);
    return plateaus_at(w->p, 1);
}

/* It held before and after: the load was the same all the time. */
static void what_is_bad_for_a_while_is_not_the_load(void **state)
{
    struct world *w = *state;
    const struct plateau *p = slow_for(w, 20, 8, 30);
    struct bracket b = plateaus_bracket(w->p);

    assert_int_equal(p->broken, 0); /* all the same */
    assert_true(p->passed);
    assert_int_equal(b.bad, -1);
    assert_int_equal(b.first_bad, -1);
    assert_int_equal(b.good, 0); /* nor is it one that holds */
}

static void what_lasts_to_the_end_may_be_the_load(void **state)
{
    struct world *w = *state;

    assert_false(slow_for(w, 30, 10, 5)->passed);
    assert_int_equal(plateaus_bracket(w->p).bad, 1);
}

/* But where another level was bad all through, that is the one. */
static void a_bad_end_is_less_than_a_bad_level(void **state)
{
    struct world *w = *state;

    feed(w, 10, 20);
    w->s.factor = 200;
    feed(w, 80, 20);
    w->s.factor = 1;
    feed(w, 10, 20);
    w->s.factor = 200;
    feed(w, 10, 4);
    plateaus_end(w->p);
    assert_true(plateaus_at(w->p, 2)->broken >= 0);
    assert_true(plateaus_at(w->p, 2)->sudden);
    assert_int_equal(plateaus_bracket(w->p).bad, 1);
    assert_int_equal(plateaus_bracket(w->p).good, 0);
}

static void feed_rate(struct world *w, double rate, double factor,
                      unsigned seconds)
{
    w->s.load = w->s.rate = rate;
    w->s.factor = factor;
    while (seconds-- > 0) {
        struct moment x = moments_next(&w->s);

        x.open = true;
        plateaus_feed(w->p, &x);
    }
}

/* A rate just above what is done: it takes its time until a line shows. */
static void a_bad_end_of_a_rate_is_the_rate(void **state)
{
    struct world *w = *state;

    feed_rate(w, 40, 1, 20);
    feed_rate(w, 160, 200, 20);
    feed_rate(w, 40, 1, 20);
    feed_rate(w, 100, 1, 9);
    feed_rate(w, 100, 200, 9);
    plateaus_end(w->p);
    assert_true(plateaus_at(w->p, 3)->sudden);
    assert_int_equal(plateaus_bracket(w->p).bad, 3);
}

static void what_is_bad_from_the_beginning_may_be_the_load(void **state)
{
    struct world *w = *state;

    assert_false(slow_for(w, 5, 8, 40)->passed);
    assert_int_equal(plateaus_bracket(w->p).bad, 1);
}

/* Over the limit by little, and all the time: no second is surely bad. */
static void what_is_always_over_by_little_is_the_load(void **state)
{
    struct world *w = *state;

    feed(w, 10, 20);
    w->s.factor = 30; /* 3.4 s */
    feed(w, 20, 30);
    w->s.factor = 40;
    feed(w, 20, 5);
    w->s.factor = 30;
    feed(w, 20, 30);
    plateaus_end(w->p);
    assert_int_equal(plateaus_at(w->p, 1)->broken, 0);
    assert_false(plateaus_at(w->p, 1)->passed);
}

/* A rule on a name is broken by that name alone, and known by its number. */
static void a_level_is_held_against_rules_on_parts(void **state)
{
    static const struct rule by_name[] = {
        {95, 3e6, 0}, {-1, 0.05, 0}, {95, 500e3, 1}, {-1, 0.10, 2}};
    struct world *w = *state;
    struct moments_part *chat, *feed_of;
    struct bracket b;

    plateaus_free(&w->p);
    w->p = plateaus_new(by_name, 4);
    chat = moments_add_part(&w->s, 0.04);
    feed_of = moments_add_part(&w->s, 0.5);
    feed(w, 10, 20);
    chat->factor = 6; /* p95 684 ms, of all hardly more than before */
    feed(w, 20, 20);
    chat->factor = 1;
    feed_of->fail = 0.08; /* 4 % of all */
    feed(w, 30, 20);
    feed_of->fail = 0;
    chat->fail = 0.5; /* no rule is on these */
    feed(w, 40, 20);
    plateaus_end(w->p);
    assert_int_equal(plateaus_count(w->p), 4);
    assert_int_equal(plateaus_at(w->p, 0)->broken, -1);
    assert_int_equal(plateaus_at(w->p, 1)->broken, 2);
    assert_true(plateaus_at(w->p, 1)->value > 500e3);
    assert_true(plateaus_at(w->p, 1)->p95_us < 400e3);
    assert_int_equal(plateaus_at(w->p, 2)->broken, -1);
    assert_int_equal(plateaus_at(w->p, 3)->broken, -1);
    b = plateaus_bracket(w->p);
    assert_int_equal(b.first_bad, 1);
}

static void a_part_that_fails_breaks_its_rule(void **state)
{
    static const struct rule by_name[] = {{-1, 0.05, 0}, {-1, 0.10, 1}};
    struct world *w = *state;
    struct moments_part *chat;

    plateaus_free(&w->p);
    w->p = plateaus_new(by_name, 2);
    chat = moments_add_part(&w->s, 0.1);
    chat->fail = 0.3; /* 3 % of all */
    feed(w, 10, 20);
    assert_int_equal(plateaus_at(w->p, 0)->broken, 1);
    assert_true(plateaus_at(w->p, 0)->value > 0.2);
    assert_true(plateaus_at(w->p, 0)->error_rate < 0.05);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)
    const struct CMUnitTest tests[] = {
        T(a_level_that_lasts_is_a_plateau),
        T(settling_is_left_out_of_the_figures),
        T(ramps_and_short_levels_are_no_plateaus),
        T(a_pause_is_left_out_and_breaks_no_plateau),
        T(what_is_bad_for_a_while_is_not_the_load),
        T(what_lasts_to_the_end_may_be_the_load),
        T(a_bad_end_is_less_than_a_bad_level),
        T(a_bad_end_of_a_rate_is_the_rate),
        T(what_is_bad_from_the_beginning_may_be_the_load),
        T(what_is_always_over_by_little_is_the_load),
        T(a_level_is_held_against_rules_on_parts),
        T(a_part_that_fails_breaks_its_rule),
        T(the_last_good_and_the_first_bad_are_told),
        T(more_load_without_more_requests_is_flat),
        T(requests_that_fall_are_not_good),
        T(levels_of_other_scenarios_are_not_compared),
        T(chance_breaks_no_rule),
        T(a_level_after_an_overload_is_no_measure),
        T(what_is_felt_of_an_overload_is_in_no_figure),
        T(fewer_requests_than_before_are_felt_too),
        T(not_all_that_comes_later_is_felt),
        T(a_recovery_is_heard),
        T(what_held_before_it_broke_is_not_taken_back),
        T(the_oldest_goes_and_is_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
