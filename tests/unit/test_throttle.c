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

#include "base/rng.h"
#include "insight/throttle.h"
#include "support/seeds.h"

/* This exercises: limits of rate of which the truth is known, asked for little
 * more than they let through and for much more, evenly and by chance; and 429
 * that no limit makes. A figure is right within 5 %, or there is none. */

#define BEAT_US UINT64_C(100000)
#define SEEDS   seeds_of("SEEDS", 20)
#define OFF     0.05
#define NEVER   9
#define LOG_MAX 1024

enum kind {
    NONE,   /* 429 by chance: share */
    CLOCK,  /* so many in each window by the clock */
    FIRST,  /* in each window that begins with its first request */
    LOG,    /* in any time that is as long as a window */
    BUCKET, /* a bucket of so many, which is full again in a window */
};

struct service {
    enum kind kind;
    double quota, window_s, share;
    double asked; /* a second */
    bool even;
    /* Inside: */
    struct rng rng;
    double now, due, used, tokens, window;
    double log[LOG_MAX]; /* when the last of them came through */
    size_t n_log;
    struct throttle t;
};

static void service_init(struct service *s, uint64_t seed)
{
    rng_seed(&s->rng, seed, 1);
    throttle_init(&s->t);
    s->now = s->due = s->used = 0;
    s->n_log = 0;
    s->tokens = s->quota;
    s->window = -1e9;
    if (s->kind == CLOCK) {
        s->now = rng_unit(&s->rng) * s->window_s;
    }
    s->due = rng_unit(&s->rng);
}

static bool service_window(struct service *s, double at)
{
    double begins =
        s->kind == CLOCK ? floor(at / s->window_s) * s->window_s : at;

    if (at - s->window >= s->window_s) {
        s->window = begins;
        s->used = 0;
    }
    return s->used++ < s->quota;
}

static bool service_log(struct service *s, double at)
{
    size_t q = (size_t)s->quota;

    if (s->n_log >= q && at - s->log[s->n_log % q] < s->window_s) {
        return false;
    }
    s->log[s->n_log++ % q] = at;
    return true;
}

static bool service_passes(struct service *s, double at)
{
    switch (s->kind) {
    case NONE:
        return rng_unit(&s->rng) >= s->share;
    case CLOCK:
    case FIRST:
        return service_window(s, at);
    case LOG:
        return service_log(s, at);
    case BUCKET:
        if (s->tokens < 1) {
            return false;
        }
        s->tokens--;
        return true;
    }
    return true;
}

/* As many as are due, or as chance has it (Knuth). */
static unsigned service_asks(struct service *s)
{
    double mean = s->asked * (double)BEAT_US / 1e6;
    double least = exp(-mean), product = rng_unit(&s->rng);
    unsigned n = 0;

    if (s->even) {
        s->due += mean;
        n = (unsigned)s->due;
        s->due -= n;
        return n;
    }
    while (product > least) {
        n++;
        product *= rng_unit(&s->rng);
    }
    return n;
}

static void service_run(struct service *s, double seconds)
{
    unsigned beats = (unsigned)(seconds * 10 + 0.5), i;

    while (beats-- > 0) {
        unsigned n = service_asks(s);
        uint64_t passed = 0, limited = 0;

        if (s->kind == BUCKET) {
            s->tokens =
                fmin(s->tokens + s->quota / s->window_s * (double)BEAT_US / 1e6,
                     s->quota);
        }
        for (i = 0; i < n; i++) {
            bool passes = service_passes(s, s->now + 0.1 * i / n);

            passed += passes;
            limited += !passes;
        }
        s->now += (double)BEAT_US / 1e6;
        throttle_feed(&s->t, (uint64_t)(s->now * 1e6), BEAT_US, passed,
                      limited);
    }
}

/* What ten minutes of it show, looked at each ten seconds. */
struct seen {
    unsigned right, wrong; /* at the end */
    unsigned ever;         /* runs that said a wrong figure at any time */
    unsigned window;       /* of right, in windows */
    double worst;          /* furthest off, at the end */
    double after;          /* seconds until it is known, in all runs with it */
};

static double figure_off(const struct service *s,
                         const struct throttle_answer *a)
{
    double off = fabs(a->rate * s->window_s / s->quota - 1);

    if (a->way == THROTTLE_WINDOW) {
        off = fmax(off, fabs(a->window_s / s->window_s - 1));
    }
    return off;
}

static void look(struct service *s, struct seen *seen)
{
    struct throttle_answer a;
    bool ever = false;
    double known = 0, off = 0;
    unsigned i;

    for (i = 0; i < 60; i++) {
        service_run(s, 10);
        a = throttle_answer(&s->t);
        if (a.way != THROTTLE_UNKNOWN) {
            off = figure_off(s, &a);
            ever = ever || off > OFF;
            known = known > 0 ? known : 10 * (i + 1);
        }
    }
    seen->ever += ever;
    if (a.way == THROTTLE_UNKNOWN) {
        return;
    }
    seen->after += known;
    seen->right += off <= OFF;
    seen->wrong += off > OFF;
    seen->window += off <= OFF && a.way == THROTTLE_WINDOW;
    seen->worst = fmax(seen->worst, off);
}

static const struct limit {
    const char *name;
    enum kind kind;
    double quota, window_s;
    /* From so much of the limit on it has to be known at the end: asked evenly,
     * and by chance. */
    double even, chance;
} limits[] = {
    {"100 a minute by the clock", CLOCK, 100, 60, 1.05, 1.15},
    {"100 in 60 s from the first on", FIRST, 100, 60, 1.05, 1.2},
    {"50 in 10 s by the clock", CLOCK, 50, 10, 1.05, 1.8},
    {"100 in any 60 s", LOG, 100, 60, 1.1, NEVER},
    {"a bucket of 100, 50 a second", BUCKET, 100, 2, 1.05, 1.1},
    {"a bucket of 10, 1 a second", BUCKET, 10, 10, 1.1, 1.8},
};

static void a_limit(const struct limit *l, double over, bool even)
{
    struct seen seen = {0};
    unsigned seed, known;

    for (seed = 1; seed <= SEEDS; seed++) {
        struct service s = {.kind = l->kind,
                            .quota = l->quota,
                            .window_s = l->window_s,
                            .even = even};

        service_init(&s, seed);
        s.asked = over * l->quota / l->window_s;
        look(&s, &seen);
    }
    known = seen.right + seen.wrong;
    if (getenv("TABLE") != NULL) {
        print_message("| %s | %s | %.0f %% | %u | %u | %.1f %% | %.0f s |\n",
                      l->name, even ? "evenly" : "by chance", over * 100,
                      seen.right, seen.ever, seen.worst * 100,
                      known > 0 ? seen.after / known : 0);
    }
    if (seen.wrong > SEEDS / 20 || seen.ever > SEEDS / 20 ||
        (over >= (even ? l->even : l->chance) && seen.right < SEEDS * 8 / 10)) {
        print_error("%s, %s, %.0f %%: right %u, wrong %u, at any time %u\n",
                    l->name, even ? "evenly" : "by chance", over * 100,
                    seen.right, seen.wrong, seen.ever);
        fail();
    }
}

static void a_limit_is_told_right_or_not_at_all(void **state)
{
    static const double overs[] = {1.05, 1.1, 1.15, 1.2, 1.25, 1.3, 1.8, 2.5};
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        for (k = 0; k < sizeof overs / sizeof overs[0]; k++) {
            a_limit(&limits[i], overs[k], true);
            a_limit(&limits[i], overs[k], false);
        }
    }
}

/* They follow what is asked for: nobody limits a rate. */
static void chance_429_have_no_figure(void **state)
{
    static const double shares[] = {0.03, 0.1, 0.3, 0.9};
    static const double rates[] = {2, 20, 100, 200};
    unsigned seed, said = 0, all = 0;
    size_t i, k;

    (void)state;
    for (i = 0; i < 4; i++) {
        for (k = 0; k < 8; k++) {
            for (seed = 1; seed <= SEEDS; seed++) {
                struct service s = {
                    .kind = NONE, .share = shares[i], .even = k % 2 == 0};
                bool ever = false;
                unsigned m;

                service_init(&s, seed);
                for (m = 0; m < 60; m++) {
                    s.asked = rates[k / 2] * (m >= 30 ? 1.5 : 1);
                    service_run(&s, 10);
                    ever =
                        ever || throttle_answer(&s.t).way != THROTTLE_UNKNOWN;
                }
                said += ever;
                all++;
            }
        }
    }
    if (getenv("TABLE") != NULL) {
        print_message("429 by chance: a figure at any time in %u of %u\n", said,
                      all);
    }
    assert_true(said * 100 <= all);
}

/* A window that is hardly felt any more, and then not at all, for longer than
 * seconds are remembered. */
static void a_window_that_was_seen_is_kept(void **state)
{
    struct service s = {
        .kind = CLOCK, .quota = 100, .window_s = 60, .even = true};
    struct throttle_answer a;
    unsigned i;

    (void)state;
    service_init(&s, 1);
    s.asked = 3;
    service_run(&s, 200);
    assert_int_equal(throttle_answer(&s.t).way, THROTTLE_WINDOW);
    s.asked = 1.75;
    for (i = 0; i < 40; i++) {
        service_run(&s, 10);
        a = throttle_answer(&s.t);
        assert_int_equal(a.way, THROTTLE_WINDOW);
        assert_true(fabs(a.rate * 60 - 100) <= 2);
    }
    s.asked = 1;
    service_run(&s, 900);
    a = throttle_answer(&s.t);
    assert_int_equal(a.way, THROTTLE_WINDOW);
    assert_true(fabs(a.rate * 60 - 100) <= 2);
}

/* One in two seconds opens and shuts, but that is a flow. */
static void a_slow_flow_is_no_window(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct service s = {
            .kind = BUCKET, .quota = 1, .window_s = 2, .even = true};
        struct throttle_answer a;

        service_init(&s, seed);
        s.asked = 20;
        service_run(&s, 1);
        s.asked = 0.45; /* so that 429 are rare in all */
        service_run(&s, 400);
        s.even = false;
        s.asked = 20;
        service_run(&s, 18);
        a = throttle_answer(&s.t);
        assert_true(a.any);
        assert_int_not_equal(a.way, THROTTLE_WINDOW);
        service_init(&s, seed);
        service_run(&s, 100);
        a = throttle_answer(&s.t);
        assert_int_equal(a.way, THROTTLE_STEADY);
        assert_true(fabs(a.rate - 0.5) <= 0.025);
    }
}

/* Between, less is asked for than comes through, and the bucket fills. */
static void a_pause_is_no_part_of_the_flow(void **state)
{
    unsigned seed;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct service s = {.kind = BUCKET, .quota = 100, .window_s = 2};
        struct throttle_answer a;

        service_init(&s, seed);
        s.asked = 80;
        service_run(&s, 60);
        s.asked = 20;
        service_run(&s, 30);
        s.asked = 120;
        service_run(&s, 60);
        a = throttle_answer(&s.t);
        assert_int_equal(a.way, THROTTLE_STEADY);
        assert_true(fabs(a.rate - 50) <= 1.5);
        assert_true(fabs(a.burst - 100) <= 15);
    }
}

/* Some time of 429 and nothing else, at times that have nothing in common. */
static void blackouts_are_no_windows(void **state)
{
    static const double between[] = {40, 95, 60, 130, 51};
    struct service s = {.kind = NONE, .asked = 20};
    size_t i;

    (void)state;
    service_init(&s, 1);
    for (i = 0; i < sizeof between / sizeof between[0]; i++) {
        s.share = 0;
        service_run(&s, between[i]);
        s.share = 1;
        service_run(&s, 10);
    }
    s.share = 0;
    service_run(&s, 10);
    assert_true(throttle_answer(&s.t).any);
    assert_int_equal(throttle_answer(&s.t).way, THROTTLE_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_limit_is_told_right_or_not_at_all),
        cmocka_unit_test(chance_429_have_no_figure),
        cmocka_unit_test(a_window_that_was_seen_is_kept),
        cmocka_unit_test(a_slow_flow_is_no_window),
        cmocka_unit_test(a_pause_is_no_part_of_the_flow),
        cmocka_unit_test(blackouts_are_no_windows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
