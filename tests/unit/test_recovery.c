/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/recovery_world.h"

/* This exercises: how long a service takes to be as before, against made-up
 * runs whose answer is known. Cases that are up to chance are made with 50
 * seeds, and nine of ten are to be right. */

#define SEC   UINT64_C(1000000)
#define SEEDS 50 /* of each case; TABLE of the environment prints what came */

static void world_open(struct world *w, uint64_t seed, uint64_t limit_us)
{
    struct recovery_limit limit = {.p95_us = limit_us};

    world_begin(w, seed, &limit);
}

/* So many seconds of calm, and so many of ten times the load, with so many
 * times the latency; from here on the load is back. */
static void rise_and_fall(struct world *w, unsigned calm, unsigned hot,
                          double factor)
{
    feed(w, calm);
    w->s.load = 100;
    w->s.factor = factor;
    feed(w, hot);
    w->s.load = 10;
}

/* A minute of calm, and 20 seconds of ten times the load and latency. */
static void spike(struct world *w)
{
    rise_and_fall(w, 60, 20, 10);
}

static const struct recovery_episode *only(const struct world *w)
{
    assert_int_equal(recovery_count(w->r), 1);
    return recovery_at(w->r, 0);
}

static double seconds(uint64_t us)
{
    return (double)us / 1e6;
}

/* Fails the test where so many seeds are too few. */
static void enough(const char *name, unsigned right, unsigned least)
{
    if (right < least || getenv("TABLE") != NULL) {
        print_message("%s: %u of %u right\n", name, right, SEEDS);
    }
    assert_true(right >= least);
}

/* Does what is stated beside the figure hold the truth? */
static bool holds(const struct recovery_episode *e, double truth)
{
    return e->state == RECOVERY_RECOVERED && e->low_us <= e->return_us &&
           e->return_us <= e->high_us && seconds(e->low_us) <= truth &&
           truth <= seconds(e->high_us);
}

/* 1 + 9 exp(-t / tau): below 1.2 after tau ln 45. */
static void a_slow_return_is_found(void **state)
{
    static const double taus[] = {5, 10, 20};
    char name[32];
    size_t k;

    (void)state;
    for (k = 0; k < 3; k++) {
        double truth = taus[k] * log(45), band = fmax(5, 0.2 * truth);
        unsigned right = 0, held = 0, seed, t;

        for (seed = 1; seed <= SEEDS; seed++) {
            struct world w;
            const struct recovery_episode *e;

            world_open(&w, seed, 0);
            spike(&w);
            for (t = 0; t < 150; t++) {
                w.s.factor = 1 + 9 * exp(-(double)t / taus[k]);
                second(&w);
            }
            e = only(&w);
            assert_int_equal(e->t0_us, 80 * SEC);
            assert_int_equal(e->reference, RECOVERY_BY_BASELINE);
            right += e->state == RECOVERY_RECOVERED &&
                     fabs(seconds(e->return_us) - truth) <= band;
            held += holds(e, truth);
            world_close(&w);
        }
        snprintf(name, sizeof name, "tau %.0f s", taus[k]);
        enough(name, right, SEEDS * 9 / 10);
        snprintf(name, sizeof name, "tau %.0f s, as stated", taus[k]);
        enough(name, held, SEEDS * 9 / 10);
    }
}

static void a_step_back_is_found_at_once(void **state)
{
    unsigned right = 0, held = 0, narrow = 0, seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world w;
        const struct recovery_episode *e;

        world_open(&w, seed, 0);
        spike(&w);
        w.s.factor = 1;
        feed(&w, 30);
        e = only(&w);
        right += e->state == RECOVERY_RECOVERED && e->return_us <= e->window_us;
        held += holds(e, 0);
        narrow += e->high_us <= 3 * e->window_us;
        world_close(&w);
    }
    enough("a step back", right, SEEDS * 9 / 10);
    enough("a step back, as stated", held, SEEDS * 9 / 10);
    enough("a step back, to three windows", narrow, SEEDS / 2);
}

static void what_stays_slow_has_not_recovered(void **state)
{
    unsigned right = 0, seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world w;
        const struct recovery_episode *e;

        world_open(&w, seed, 0);
        spike(&w);
        w.s.factor = 1.5;
        feed(&w, 120);
        recovery_end(w.r);
        e = only(&w);
        /* A calm moment at the very end is told as one that was short. */
        right += e->state == RECOVERY_NOT || e->state == RECOVERY_HELD;
        assert_int_equal(e->elapsed_us, 120 * SEC);
        world_close(&w);
    }
    enough("stays slow", right, SEEDS * 9 / 10);
}

static void a_tenth_more_is_within_the_band(void **state)
{
    unsigned right = 0, seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world w;
        const struct recovery_episode *e;

        world_open(&w, seed, 0);
        w.s.noise_sd = 0.02;
        spike(&w);
        w.s.factor = 1.1;
        feed(&w, 60);
        e = only(&w);
        right +=
            e->state == RECOVERY_RECOVERED && e->return_us <= 3 * e->window_us;
        world_close(&w);
    }
    enough("a tenth more", right, SEEDS * 9 / 10);
}

/* Back at 12 s, bad again from 30 to 36. */
static void a_relapse_is_told_with_both_returns(void **state)
{
    unsigned right = 0, seed, t;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct world w;
        const struct recovery_episode *e;

        world_open(&w, seed, 0);
        spike(&w);
        for (t = 0; t < 70; t++) {
            w.s.factor = t < 12 || (t >= 30 && t < 36) ? 8 : 1;
            second(&w);
        }
        e = only(&w);
        right += e->state == RECOVERY_RECOVERED && e->relapsed &&
                 fabs(seconds(e->first_us) - 12) <= 2 &&
                 fabs(seconds(e->relapse_us) - 30) <= 2 &&
                 fabs(seconds(e->return_us) - 36) <= 2;
        world_close(&w);
    }
    enough("relapse", right, SEEDS * 9 / 10);
}

/* Back at 12 s, bad again from 30 s on, to the end. */
static void a_relapse_counts_from_the_beginning(void **state)
{
    const struct recovery_episode *e;
    struct world w;
    unsigned t;

    (void)state;
    world_open(&w, 1, 0);
    spike(&w);
    for (t = 0; t < 50; t++) {
        w.s.factor = t < 12 || t >= 30 ? 8 : 1;
        second(&w);
    }
    e = only(&w);
    assert_true(e->relapsed);
    assert_int_equal(e->state, RECOVERY_RECOVERING);
    assert_int_equal(e->elapsed_us, 50 * SEC);
    recovery_end(w.r);
    assert_int_equal(only(&w)->state, RECOVERY_NOT);
    assert_int_equal(only(&w)->elapsed_us, 50 * SEC);
    world_close(&w);
}

/* Runs of a case that are to be right. */
typedef bool case_fn(struct world *w);

static void cases(const char *name, case_fn *fn, double noise_sd,
                  uint64_t limit_us, unsigned least)
{
    unsigned right = 0, seed;

    for (seed = 1; seed <= SEEDS; seed++) {
        struct world w;

        world_open(&w, seed, limit_us);
        w.s.noise_sd = noise_sd;
        right += fn(&w);
        world_close(&w);
    }
    enough(name, right, least);
}

static bool back_at(const struct world *w, double s)
{
    const struct recovery_episode *e = only(w);

    return e->state == RECOVERY_RECOVERED &&
           fabs(seconds(e->return_us) - s) <= 2 * seconds(e->window_us);
}

/* As fast as before, but a fifth fails. */
static bool case_errors(struct world *w)
{
    spike(w);
    w->s.factor = 1;
    w->s.fail = 0.2;
    feed(w, 15);
    w->s.fail = 0;
    feed(w, 30);
    return back_at(w, 15);
}

static void errors_alone_keep_it_from_being_well(void **state)
{
    (void)state;
    cases("errors", case_errors, 0.05, 0, SEEDS * 9 / 10);
}

static bool case_silence(struct world *w)
{
    spike(w);
    w->s.factor = 1;
    w->s.rate = 0;
    w->s.in_flight = 10;
    feed(w, 8);
    w->s.rate = 100;
    w->s.in_flight = 0;
    feed(w, 30);
    return back_at(w, 8);
}

static void silence_is_no_calm(void **state)
{
    (void)state;
    cases("silence", case_silence, 0.05, 0, SEEDS * 9 / 10);
}

static bool case_ended(struct world *w)
{
    const struct recovery_episode *e;

    spike(w);
    feed(w, 6);
    w->s.factor = 1;
    feed(w, 4);
    recovery_end(w->r);
    e = only(w);
    return e->state == RECOVERY_HELD && e->return_us == 6 * SEC &&
           e->held_us == 4 * SEC && e->dwell_us == 10 * SEC;
}

static void an_end_in_the_dwell_is_no_recovery(void **state)
{
    (void)state;
    cases("ended", case_ended, 0.05, 0, SEEDS);
}

static bool case_unmeasured(struct world *w)
{
    w->s.rate = 5;
    rise_and_fall(w, 20, 20, 10);
    feed(w, 30);
    return only(w)->state == RECOVERY_UNMEASURED && only(w)->why[0] != '\0' &&
           recovery_sum(w->r).lost && !recovery_sum(w->r).timed;
}

static void without_baseline_and_limit_it_is_refused(void **state)
{
    (void)state;
    cases("unmeasured", case_unmeasured, 0.05, 0, SEEDS);
}

static bool case_harmless(struct world *w)
{
    rise_and_fall(w, 60, 20, 1);
    feed(w, 30);
    return only(w)->state == RECOVERY_UNDISTURBED && only(w)->over &&
           recovery_sum(w->r).n == 0;
}

static void a_spike_without_effect_is_no_recovery_of_zero(void **state)
{
    (void)state;
    cases("harmless", case_harmless, 0.05, 0, SEEDS);
}

/* Two a second are no baseline: against the limit, and of low confidence. */
static bool case_few(struct world *w)
{
    const struct recovery_episode *e;

    w->s.rate = 2;
    rise_and_fall(w, 120, 60, 10);
    w->s.factor = 1;
    feed(w, 120);
    e = only(w);
    return e->reference == RECOVERY_BY_LIMIT && e->confidence == RECOVERY_LOW &&
           e->why[0] != '\0';
}

static bool case_noise(struct world *w)
{
    spike(w);
    w->s.factor = 1;
    feed(w, 100);
    return only(w)->confidence == RECOVERY_LOW && only(w)->why[0] != '\0';
}

/* Noise of a twentieth is none to speak of: else all would be of low. */
static bool case_calm(struct world *w)
{
    spike(w);
    w->s.factor = 1;
    feed(w, 30);
    return only(w)->confidence == RECOVERY_HIGH;
}

static void few_requests_and_noise_are_of_low_confidence(void **state)
{
    (void)state;
    cases("two a second", case_few, 0.05, 400000, SEEDS);
    cases("noise 20 %", case_noise, 0.2, 0, SEEDS * 9 / 10);
    cases("noise 40 %", case_noise, 0.4, 0, SEEDS * 9 / 10);
    cases("calm", case_calm, 0.05, 0, SEEDS * 9 / 10);
}

/* Vi's spike has no calm before it: then the limit counts, and little. */
static void without_baseline_the_limit_counts(void **state)
{
    const struct recovery_episode *e;
    struct world w;

    (void)state;
    world_open(&w, 5, 400000);
    w.s.rate = 5;
    feed(&w, 20);
    w.s.load = 100;
    w.s.factor = 10;
    w.s.rate = 50;
    feed(&w, 20);
    w.s.load = 10;
    w.s.rate = 20;
    feed(&w, 10);
    w.s.factor = 1;
    feed(&w, 30);
    e = only(&w);
    assert_int_equal(e->state, RECOVERY_RECOVERED);
    assert_int_equal(e->return_us, 10 * SEC);
    assert_int_equal(e->reference, RECOVERY_BY_LIMIT);
    assert_int_equal(e->tolerance_us, 400000);
    assert_int_equal(e->dwell_us, 10 * SEC); /* two of its windows */
    assert_int_equal(e->confidence, RECOVERY_LOW);
    world_close(&w);
}

/* A run that ends before a window of five seconds is full. */
static void what_no_window_saw_is_not_told_as_lost(void **state)
{
    unsigned left;

    (void)state;
    for (left = 1; left <= 8; left++) {
        unsigned bad;

        for (bad = 0; bad <= 1; bad++) {
            struct world w;
            const struct recovery_episode *e;

            world_open(&w, 5, 400000);
            w.s.rate = 5;
            feed(&w, 20);
            w.s.load = 100;
            w.s.factor = 10;
            w.s.rate = 50;
            feed(&w, 20);
            w.s.load = 10;
            w.s.rate = 60;
            w.s.fail = 0.5; /* what drains */
            feed(&w, 1);
            w.s.fail = 0;
            w.s.rate = 20;
            w.s.factor = bad ? 30 : 1;
            feed(&w, left);
            recovery_end(w.r);
            e = only(&w);
            /* The first window has what drained in it. */
            assert_int_equal(e->state, bad || left >= 4 ? RECOVERY_NOT
                                                        : RECOVERY_UNMEASURED);
            world_close(&w);
        }
    }
}

/* Of two a second no second is sure, and all of them together are. */
static void few_that_are_all_slow_are_not_back(void **state)
{
    struct world w;

    (void)state;
    world_open(&w, 5, 400000);
    w.s.rate = 5;
    feed(&w, 20);
    w.s.load = 100;
    w.s.factor = 10;
    w.s.rate = 50;
    feed(&w, 20);
    w.s.load = 10;
    w.s.rate = 2;
    w.s.factor = 30;
    feed(&w, 4);
    recovery_end(w.r);
    assert_int_equal(only(&w)->state, RECOVERY_NOT);
    world_close(&w);
}

static void few_requests_are_of_low_confidence(void **state)
{
    struct world w;

    (void)state;
    world_open(&w, 5, 0);
    w.s.rate = 4;
    rise_and_fall(&w, 120, 60, 10);
    w.s.factor = 1;
    feed(&w, 120);
    assert_int_equal(only(&w)->confidence, RECOVERY_LOW);
    assert_true(strlen(only(&w)->why) > 0);
    world_close(&w);
}

static void a_ramp_down_counts_from_its_end(void **state)
{
    struct world w;
    unsigned i;

    (void)state;
    world_open(&w, 5, 0);
    feed(&w, 60);
    w.s.factor = 10;
    w.s.ramp = true;
    for (i = 0; i < 10; i++) {
        w.s.load = 10 + 9 * i;
        second(&w);
    }
    w.s.ramp = false;
    w.s.load = 100;
    feed(&w, 20);
    w.s.ramp = true;
    for (i = 10; i > 0; i--) {
        w.s.load = 10 + 9 * i - 4;
        second(&w);
    }
    w.s.ramp = false;
    w.s.load = 10;
    w.s.draining = 3;
    feed(&w, 5);
    w.s.draining = 0;
    w.s.factor = 1;
    feed(&w, 30);
    assert_int_equal(only(&w)->t0_us, 100 * SEC);
    assert_int_equal(only(&w)->load_from, 100);
    assert_int_equal(only(&w)->load_to, 10);
    assert_int_equal(only(&w)->drain_us, 5 * SEC);
    assert_int_equal(only(&w)->state, RECOVERY_RECOVERED);
    assert_in_range(only(&w)->return_us, 4 * SEC, 6 * SEC);
    world_close(&w);
}

static void a_mark_starts_the_clock_only_when_something_goes_wrong(void **state)
{
    struct moment x;
    struct world w;

    (void)state;
    world_open(&w, 5, 0);
    feed(&w, 60);
    x = moments_next(&w.s);
    x.mark = true;
    recovery_feed(w.r, &x);
    feed(&w, 80);
    assert_int_equal(recovery_count(w.r), 0);
    x = moments_next(&w.s);
    x.mark = true;
    recovery_feed(w.r, &x);
    feed(&w, 3);
    w.s.factor = 5;
    feed(&w, 8);
    w.s.factor = 1;
    feed(&w, 20);
    assert_int_equal(only(&w)->cause, RECOVERY_MARK);
    assert_int_equal(only(&w)->t0_us, 141 * SEC);
    assert_int_equal(only(&w)->state, RECOVERY_RECOVERED);
    assert_in_range(only(&w)->return_us, 11 * SEC, 13 * SEC);
    world_close(&w);
}

/* What is slow while the generator is may be the generator; once it is known to
 * be back it no longer matters. */
static void a_suspect_generator_is_never_above_low(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= 20; seed++) {
        unsigned when; /* in the baseline, while out, in the dwell, after it */

        for (when = 0; when < 4; when++) {
            struct world w;

            world_open(&w, seed, 0);
            feed(&w, 30);
            w.s.suspect = when == 0;
            feed(&w, 3);
            w.s.suspect = false;
            rise_and_fall(&w, 30, 20, 10);
            w.s.suspect = when == 1;
            feed(&w, 3);
            w.s.suspect = when == 2;
            w.s.factor = 1;
            feed(&w, 3);
            w.s.suspect = false;
            feed(&w, 30);
            w.s.suspect = when == 3;
            feed(&w, 10);
            assert_int_equal(only(&w)->state, RECOVERY_RECOVERED);
            assert_int_equal(only(&w)->suspect, when < 3);
            if (when < 3) {
                assert_int_equal(only(&w)->confidence, RECOVERY_LOW);
            } else {
                assert_int_not_equal(only(&w)->confidence, RECOVERY_LOW);
            }
            world_close(&w);
        }
    }
}

/* A service that says that it was asked too often, or wrong, is there; one of
 * which nothing comes, or nothing but 5xx, is not. */
static void only_one_that_does_not_serve_is_out(void **state)
{
    static const bool outage[ERRORS_COUNT] = {
        [ERRORS_CONNECT] = true, [ERRORS_TIMEOUT] = true, [ERRORS_5XX] = true};
    unsigned k;

    (void)state;
    for (k = 0; k < ERRORS_COUNT; k++) {
        struct world w;
        struct recovery_sum sum;

        world_open(&w, k + 1, 0);
        feed(&w, 60);
        w.s.fail = 1;
        w.s.error = (enum error_class)k;
        feed(&w, 5);
        sum = recovery_sum(w.r);
        assert_int_equal(sum.down, outage[k]);
        w.s.fail = 0;
        feed(&w, 20);
        assert_int_equal(recovery_count(w.r), outage[k] ? 1 : 0);
        assert_false(recovery_sum(w.r).lost);
        world_close(&w);
    }
}

static void an_outage_counts_from_the_first_success(void **state)
{
    struct world w;

    (void)state;
    world_open(&w, 5, 0);
    feed(&w, 60);
    w.s.fail = 1;
    feed(&w, 10);
    w.s.fail = 0;
    w.s.factor = 4;
    feed(&w, 7);
    w.s.factor = 1;
    feed(&w, 20);
    assert_int_equal(only(&w)->cause, RECOVERY_OUTAGE);
    assert_int_equal(only(&w)->t0_us, 70 * SEC);
    assert_int_equal(only(&w)->state, RECOVERY_RECOVERED);
    assert_in_range(only(&w)->return_us, 6 * SEC, 8 * SEC);
    world_close(&w);
}

static void a_pause_stands_the_clock_still(void **state)
{
    struct world w;
    unsigned i;

    (void)state;
    world_open(&w, 5, 0);
    spike(&w);
    feed(&w, 4);
    for (i = 0; i < 50; i++) {
        struct moment x = moments_next(&w.s);

        x.active_us = 0;
        x.requests = 0;
        recovery_feed(w.r, &x);
    }
    feed(&w, 4);
    assert_int_equal(only(&w)->state, RECOVERY_RECOVERING);
    assert_int_equal(only(&w)->elapsed_us, 8 * SEC);
    world_close(&w);
}

/* Six keys within two seconds: what is told is of the whole fall. */
static void a_fall_in_steps_is_one(void **state)
{
    struct world w;
    unsigned i;

    (void)state;
    world_open(&w, 5, 0);
    w.s.load = 31;
    feed(&w, 60);
    w.s.load = 91;
    w.s.factor = 10;
    feed(&w, 20);
    for (i = 0; i < 6; i++) {
        struct moment x;

        w.s.load -= 10;
        w.s.rate = 30;
        x = moments_next(&w.s);
        w.s.t_us -= 700000;
        x.end_us = w.s.t_us;
        x.active_us = 300000;
        recovery_feed(w.r, &x);
    }
    w.s.rate = 100;
    feed(&w, 4);
    w.s.factor = 1;
    feed(&w, 20);
    assert_true(only(&w)->load_from == 91 && only(&w)->load_to == 31);
    assert_int_equal(only(&w)->t0_us, 81500000);
    assert_int_equal(only(&w)->state, RECOVERY_RECOVERED);
    world_close(&w);
}

/* Two of them, two seconds and more apart, are two. */
static void falls_apart_are_two(void **state)
{
    struct world w;

    (void)state;
    world_open(&w, 5, 0);
    w.s.load = 30;
    feed(&w, 60);
    w.s.load = 100;
    w.s.factor = 10;
    feed(&w, 20);
    w.s.load = 50;
    feed(&w, 5);
    w.s.load = 30;
    feed(&w, 5);
    assert_int_equal(recovery_count(w.r), 2);
    assert_true(recovery_at(w.r, 0)->load_from == 100);
    assert_true(recovery_at(w.r, 1)->load_from == 50);
    world_close(&w);
}

/* What is normal at this load is not known: nothing could ever end it. */
static void a_mark_at_a_new_load_starts_no_clock(void **state)
{
    struct moment x;
    struct world w;

    (void)state;
    world_open(&w, 5, 400000);
    w.s.load = 30;
    feed(&w, 60);
    w.s.load = 50;
    w.s.factor = 5; /* slow, and over the limit */
    feed(&w, 3);
    x = moments_next(&w.s);
    x.mark = true;
    recovery_feed(w.r, &x);
    feed(&w, 40);
    assert_int_equal(recovery_count(w.r), 0);
    world_close(&w);
}

static void load_that_rises_again_ends_it(void **state)
{
    struct world w;

    (void)state;
    world_open(&w, 5, 0);
    spike(&w);
    feed(&w, 10);
    w.s.load = 50;
    feed(&w, 10);
    assert_int_equal(only(&w)->state, RECOVERY_NOT);
    assert_int_equal(only(&w)->elapsed_us, 10 * SEC);
    assert_true(only(&w)->past);
    world_close(&w);
}

/* One that is told is of before, once the next spike begins. */
static void a_recovery_is_past_when_the_load_rises(void **state)
{
    struct world w;

    (void)state;
    world_open(&w, 5, 0);
    spike(&w);
    w.s.factor = 1;
    feed(&w, 30);
    assert_int_equal(only(&w)->state, RECOVERY_RECOVERED);
    assert_false(only(&w)->past);
    w.s.load = 11;
    feed(&w, 3);
    assert_false(only(&w)->past);
    w.s.load = 30;
    feed(&w, 1);
    assert_true(only(&w)->past);
    world_close(&w);
}

/* Five seconds of the load do no harm. */
static void what_the_spike_did_is_told(void **state)
{
    const struct recovery_episode *e;
    struct world w;

    (void)state;
    world_open(&w, 5, 0);
    feed(&w, 60);
    w.s.load = 100;
    feed(&w, 5);
    w.s.factor = 10;
    w.s.fail = 0.1;
    feed(&w, 15);
    w.s.load = 10;
    w.s.fail = 0;
    feed(&w, 6);
    w.s.factor = 1;
    feed(&w, 30);
    e = only(&w);
    assert_int_equal(e->state, RECOVERY_RECOVERED);
    assert_int_equal(e->rise_us, 60 * SEC);
    assert_true(e->degraded);
    assert_in_range(e->degrade_us, 4 * SEC, 6 * SEC);
    assert_int_equal(e->requests, 2000);
    assert_in_range(e->failed, 100, 200);
    assert_in_range(e->worst_us, 1000000, 1800000);
    world_close(&w);
}

/* The last seconds of the way down are as good as the load behind it. */
static void a_spike_with_a_ramp_down_is_told_whole(void **state)
{
    const struct recovery_episode *e;
    struct world w;
    int i;

    (void)state;
    world_open(&w, 5, 0);
    feed(&w, 60);
    w.s.load = 100;
    w.s.factor = 10;
    feed(&w, 20);
    w.s.ramp = true;
    for (i = 1; i < 10; i++) {
        w.s.load = 100 - 10 * i + (i == 9 ? 1 : 0);
        feed(&w, 1);
    }
    w.s.ramp = false;
    w.s.load = 10;
    feed(&w, 6);
    w.s.factor = 1;
    feed(&w, 30);
    e = only(&w);
    assert_int_equal(e->rise_us, 60 * SEC);
    assert_in_range(e->requests, 2000, 3000);
    assert_in_range(e->worst_us, 1000000, 1800000);
    world_close(&w);
}

/* From 10 to 50, which is bad from its third second on; from there to 100 and
 * back, and to 10: each is told what was since its own load rose, whatever
 * recovery has begun since. */
static void two_spikes_one_in_the_other_have_a_rise_each(void **state)
{
    const struct recovery_episode *e;
    struct world w;

    (void)state;
    world_open(&w, 5, 300000);
    feed(&w, 60);
    w.s.load = 50;
    feed(&w, 3);
    w.s.factor = 10;
    feed(&w, 57);
    w.s.load = 100;
    feed(&w, 4);
    w.s.load = 50;
    feed(&w, 20);
    w.s.load = 10;
    feed(&w, 6);
    w.s.factor = 1;
    feed(&w, 30);
    assert_int_equal(recovery_count(w.r), 2);
    e = recovery_at(w.r, 0);
    assert_int_equal(e->reference, RECOVERY_BY_LIMIT);
    assert_int_equal(e->rise_us, 120 * SEC);
    assert_true(e->degraded && e->before);
    assert_int_equal(e->degrade_us, 0);
    e = recovery_at(w.r, 1);
    assert_int_equal(e->reference, RECOVERY_BY_BASELINE);
    assert_int_equal(e->rise_us, 60 * SEC);
    assert_true(e->degraded && !e->before);
    assert_in_range(e->degrade_us, 2 * SEC, 4 * SEC);
    world_close(&w);
}

/* By keys the load falls in steps, each of which may begin a recovery; held
 * against the limit. And one spike after the other: each its own. */
static void a_fall_in_steps_knows_when_it_was_bad(void **state)
{
    static const double steps[] = {80, 60, 30, 10};
    const struct recovery_episode *e;
    struct world w;
    size_t i, k;

    (void)state;
    world_open(&w, 5, 300000);
    for (k = 0; k < 2; k++) {
        feed(&w, 8); /* too short for a baseline */
        w.s.load = 100;
        feed(&w, 10);
        w.s.factor = 10;
        feed(&w, 20);
        for (i = 0; i < 4; i++) {
            w.s.load = steps[i];
            feed(&w, 1);
        }
        feed(&w, 4);
        w.s.factor = 1;
        feed(&w, 18);
    }
    assert_int_equal(recovery_count(w.r), 2);
    for (k = 0; k < 2; k++) {
        e = recovery_at(w.r, k);
        assert_int_equal(e->rise_us, (8 + k * 64) * SEC);
        assert_true(e->degraded && !e->before);
        assert_in_range(e->degrade_us, 5 * SEC, 15 * SEC);
    }
    world_close(&w);
}

/* From 10 over 20 to 100 and back to 20: the spike is what is above that. */
static void a_spike_begins_where_its_load_was_left(void **state)
{
    const struct recovery_episode *e;
    struct world w;

    (void)state;
    world_open(&w, 5, 0);
    feed(&w, 60);
    w.s.load = 20;
    feed(&w, 60);
    w.s.load = 100;
    w.s.factor = 10;
    feed(&w, 20);
    w.s.load = 20;
    feed(&w, 6);
    w.s.factor = 1;
    feed(&w, 30);
    e = only(&w);
    assert_int_equal(e->rise_us, 120 * SEC);
    assert_true(e->degrade_us <= 2 * SEC);
    assert_int_equal(e->failed, 0);
    world_close(&w);
}

static void what_an_outage_cost_is_told(void **state)
{
    const struct recovery_episode *e;
    struct world w;

    (void)state;
    world_open(&w, 5, 0);
    feed(&w, 60);
    w.s.fail = 1;
    feed(&w, 10);
    w.s.fail = 0;
    feed(&w, 30);
    e = only(&w);
    assert_int_equal(e->rise_us, 60 * SEC);
    assert_int_equal(e->failed, 1000);
    assert_int_equal(e->requests, 1000);
    world_close(&w);
}

static void all_returns_come_to_the_longest(void **state)
{
    struct recovery_sum m;
    struct world w;

    (void)state;
    world_open(&w, 5, 0);
    m = recovery_sum(w.r);
    assert_true(m.n == 0 && !m.open && !m.lost && !m.timed && !m.down);
    spike(&w);
    feed(&w, 5);
    m = recovery_sum(w.r);
    assert_true(m.n == 1 && m.open && !m.lost && m.timed);
    assert_int_equal(m.longest_us, 5 * SEC);
    w.s.factor = 1;
    feed(&w, 5);
    m = recovery_sum(w.r);
    assert_true(m.open); /* it may not hold */
    assert_int_equal(m.which.state, RECOVERY_CANDIDATE);
    feed(&w, 25);
    m = recovery_sum(w.r);
    assert_true(m.n == 1 && !m.open && !m.lost);
    assert_int_equal(m.longest_us, 5 * SEC);
    spike(&w);
    feed(&w, 2);
    m = recovery_sum(w.r);
    assert_true(m.n == 2 && m.open);
    assert_int_equal(m.longest_us, 5 * SEC);
    assert_int_equal(m.which.t0_us, 195 * SEC); /* it says what is open */
    w.s.factor = 1;
    feed(&w, 30);
    m = recovery_sum(w.r);
    assert_true(!m.open && !m.lost);
    assert_int_equal(m.which.t0_us, 80 * SEC);
    spike(&w);
    feed(&w, 3);
    recovery_end(w.r);
    m = recovery_sum(w.r);
    assert_true(m.n == 3 && !m.open && m.lost);
    assert_int_equal(m.which.state, RECOVERY_NOT);
    assert_int_equal(m.longest_us, 5 * SEC);
    world_close(&w);
}

/* Another step within two seconds makes another clock of it. */
static void a_fall_that_may_go_on_decides_nothing(void **state)
{
    struct recovery_sum m;
    struct world w;

    (void)state;
    world_open(&w, 5, 0);
    spike(&w);
    w.s.load = 14;
    feed(&w, 2);
    m = recovery_sum(w.r);
    assert_true(m.n == 1 && m.open && !m.timed && m.longest_us == 0);
    w.s.load = 10; /* a step of the same fall */
    feed(&w, 2);
    m = recovery_sum(w.r);
    assert_int_equal(only(&w)->t0_us, 82 * SEC);
    assert_true(m.n == 1 && m.open && !m.timed && m.longest_us == 0);
    feed(&w, 1);
    m = recovery_sum(w.r);
    assert_true(m.open && m.timed);
    assert_int_equal(m.longest_us, 3 * SEC);
    world_close(&w);
}

/* Nor does one without a baseline fail before, but for the end. */
static void what_cannot_be_measured_may_be_a_step(void **state)
{
    struct recovery_sum m;
    struct world w;
    unsigned i;

    (void)state;
    for (i = 0; i < 2; i++) {
        world_open(&w, 5, 0);
        w.s.rate = 5;
        rise_and_fall(&w, 20, 20, 10);
        feed(&w, 2);
        m = recovery_sum(w.r);
        assert_int_equal(only(&w)->state, RECOVERY_UNMEASURED);
        assert_true(m.open && !m.lost);
        if (i == 0) {
            feed(&w, 1);
        } else {
            recovery_end(w.r);
        }
        m = recovery_sum(w.r);
        assert_true(m.lost && !m.open);
        world_close(&w);
    }
}

static void a_dropped_return_is_not_forgotten(void **state)
{
    struct recovery_sum m;
    struct world w;
    unsigned i;

    (void)state;
    world_open(&w, 5, 0);
    spike(&w);
    feed(&w, 7);
    w.s.factor = 1;
    feed(&w, 30);
    for (i = 0; i < RECOVERY_MAX + 5; i++) {
        rise_and_fall(&w, 3, 3, 1);
    }
    feed(&w, 30);
    assert_true(recovery_dropped(w.r) > 0);
    assert_int_equal(recovery_at(w.r, 0)->state, RECOVERY_UNDISTURBED);
    m = recovery_sum(w.r);
    assert_true(m.n == 1 && m.timed && !m.lost);
    assert_int_equal(m.longest_us, 7 * SEC);
    assert_int_equal(m.which.state, RECOVERY_RECOVERED);
    world_close(&w);
}

/* At 20 a second a window takes five seconds: the service may be back since its
 * beginning. */
static void an_unfinished_window_says_nothing(void **state)
{
    struct world w;

    (void)state;
    world_open(&w, 5, 0);
    w.s.rate = 20;
    spike(&w);
    feed(&w, 7);
    assert_int_equal(only(&w)->window_us, 5 * SEC);
    assert_int_equal(only(&w)->elapsed_us, 7 * SEC);
    assert_int_equal(recovery_sum(w.r).longest_us, 5 * SEC);
    world_close(&w);
}

static void an_outage_without_an_end_is_told(void **state)
{
    struct world w;

    (void)state;
    world_open(&w, 5, 0);
    feed(&w, 60);
    w.s.fail = 1;
    feed(&w, 1);
    assert_false(recovery_sum(w.r).down);
    feed(&w, 4);
    assert_true(recovery_sum(w.r).down);
    assert_int_equal(recovery_sum(w.r).down_us, 60 * SEC);
    assert_int_equal(recovery_sum(w.r).n, 0);
    recovery_end(w.r);
    assert_true(recovery_sum(w.r).down);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slow_return_is_found),
        cmocka_unit_test(a_step_back_is_found_at_once),
        cmocka_unit_test(what_stays_slow_has_not_recovered),
        cmocka_unit_test(a_tenth_more_is_within_the_band),
        cmocka_unit_test(a_relapse_is_told_with_both_returns),
        cmocka_unit_test(a_relapse_counts_from_the_beginning),
        cmocka_unit_test(errors_alone_keep_it_from_being_well),
        cmocka_unit_test(silence_is_no_calm),
        cmocka_unit_test(an_end_in_the_dwell_is_no_recovery),
        cmocka_unit_test(a_spike_without_effect_is_no_recovery_of_zero),
        cmocka_unit_test(without_baseline_and_limit_it_is_refused),
        cmocka_unit_test(without_baseline_the_limit_counts),
        cmocka_unit_test(what_no_window_saw_is_not_told_as_lost),
        cmocka_unit_test(few_that_are_all_slow_are_not_back),
        cmocka_unit_test(few_requests_are_of_low_confidence),
        cmocka_unit_test(few_requests_and_noise_are_of_low_confidence),
        cmocka_unit_test(all_returns_come_to_the_longest),
        cmocka_unit_test(a_fall_that_may_go_on_decides_nothing),
        cmocka_unit_test(what_cannot_be_measured_may_be_a_step),
        cmocka_unit_test(a_dropped_return_is_not_forgotten),
        cmocka_unit_test(an_unfinished_window_says_nothing),
        cmocka_unit_test(an_outage_without_an_end_is_told),
        cmocka_unit_test(a_ramp_down_counts_from_its_end),
        cmocka_unit_test(
            a_mark_starts_the_clock_only_when_something_goes_wrong),
        cmocka_unit_test(a_suspect_generator_is_never_above_low),
        cmocka_unit_test(only_one_that_does_not_serve_is_out),
        cmocka_unit_test(an_outage_counts_from_the_first_success),
        cmocka_unit_test(a_pause_stands_the_clock_still),
        cmocka_unit_test(a_fall_in_steps_is_one),
        cmocka_unit_test(falls_apart_are_two),
        cmocka_unit_test(a_mark_at_a_new_load_starts_no_clock),
        cmocka_unit_test(load_that_rises_again_ends_it),
        cmocka_unit_test(what_the_spike_did_is_told),
        cmocka_unit_test(a_spike_with_a_ramp_down_is_told_whole),
        cmocka_unit_test(two_spikes_one_in_the_other_have_a_rise_each),
        cmocka_unit_test(a_fall_in_steps_knows_when_it_was_bad),
        cmocka_unit_test(a_spike_begins_where_its_load_was_left),
        cmocka_unit_test(what_an_outage_cost_is_told),
        cmocka_unit_test(a_recovery_is_past_when_the_load_rises),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
