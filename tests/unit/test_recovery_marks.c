/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/recovery_world.h"

/* This exercises: how many requests a mark's recovery says were asked, and how
 * many of them failed: those from the mark to the return, and as long as there
 * is none all since; as they were counted, 20 seeds each. */

#define SEC   UINT64_C(1000000)
#define SEEDS 20
#define MOST  400

struct counted {
    struct world w;
    unsigned n;
    uint64_t requests[MOST], failed[MOST]; /* of each second */
};

static void seconds(struct counted *c, unsigned n, bool mark)
{
    for (; n > 0; n--) {
        struct moment x = moments_next(&c->w.s);

        assert_true(c->n < MOST);
        x.mark = mark;
        mark = false;
        recovery_feed(c->w.r, &x);
        c->requests[c->n] = x.requests;
        c->failed[c->n++] = x.failed;
    }
}

/* A tenth or more of it fails. */
static void bad(struct counted *c, unsigned n, double share, bool mark)
{
    c->w.s.fail = share;
    seconds(c, n, mark);
    c->w.s.fail = 0;
}

static const struct recovery_episode *at(const struct counted *c, size_t i)
{
    assert_true(i < recovery_count(c->w.r));
    return recovery_at(c->w.r, i);
}

/* What is said of the i-th was counted from its mark up to then. */
static void counted(const struct counted *c, size_t i, uint64_t until_us)
{
    const struct recovery_episode *e = at(c, i);
    uint64_t requests = 0, failed = 0, s;

    assert_int_equal(e->cause, RECOVERY_MARK);
    assert_int_equal(e->rise_us, e->t0_us);
    assert_int_equal(e->t0_us % SEC, 0);
    assert_int_equal(until_us % SEC, 0);
    for (s = e->t0_us / SEC; s < until_us / SEC; s++) {
        requests += c->requests[s];
        failed += c->failed[s];
    }
    assert_true(failed > 0);
    assert_int_equal(e->requests, requests);
    assert_int_equal(e->failed, failed);
}

static void counted_back(const struct counted *c, size_t i)
{
    const struct recovery_episode *e = at(c, i);

    assert_int_equal(e->state, RECOVERY_RECOVERED);
    counted(c, i, e->t0_us + e->return_us);
}

typedef void case_fn(struct counted *c);

static void cases(case_fn *fn)
{
    static struct counted c;
    uint64_t seed;

    for (seed = 1; seed <= SEEDS; seed++) {
        struct recovery_limit limit = {0};

        c.n = 0;
        world_begin(&c.w, seed, &limit);
        c.w.s.noise_sd = 0.03;
        fn(&c);
        world_close(&c.w);
    }
}

/* A second later six of trouble: while it goes on all since, and then those up
 * to the return, however long it is watched after. */
static void case_trouble(struct counted *c)
{
    seconds(c, 60, false);
    seconds(c, 1, true);
    bad(c, 6, 0.9, false);
    assert_int_equal(at(c, 0)->state, RECOVERY_RECOVERING);
    counted(c, 0, c->n * SEC);
    seconds(c, 4, false);
    assert_int_equal(at(c, 0)->state, RECOVERY_CANDIDATE);
    counted(c, 0, at(c, 0)->t0_us + at(c, 0)->return_us);
    seconds(c, 40, false);
    counted_back(c, 0);
    seconds(c, 40, false);
    counted_back(c, 0);
}

static void from_the_mark_to_the_return(void **state)
{
    (void)state;
    cases(case_trouble);
}

/* Few a second: windows are of several. */
static void case_rare(struct counted *c)
{
    c->w.s.rate = 6;
    seconds(c, 120, false);
    seconds(c, 13, true);
    bad(c, 30, 0.9, false);
    seconds(c, 120, false);
    counted_back(c, 0);
    assert_true(at(c, 0)->window_us > 5 * SEC);
}

static void in_long_windows_too(void **state)
{
    (void)state;
    cases(case_rare);
}

static void case_vain(struct counted *c)
{
    seconds(c, 60, false);
    seconds(c, 10, true);
    bad(c, 1, 0.02, false); /* as it may happen at any time */
    assert_int_equal(recovery_count(c->w.r), 1);
    assert_int_equal(at(c, 0)->state, RECOVERY_WATCHING);
    assert_int_equal(at(c, 0)->requests, 0);
    assert_int_equal(at(c, 0)->failed, 0);
    seconds(c, 90, false);
    assert_int_equal(recovery_count(c->w.r), 0);
}

static void of_a_mark_that_nothing_went_wrong_since_nothing(void **state)
{
    (void)state;
    cases(case_vain);
}

/* What came in between was of it, too. */
static void case_relapse(struct counted *c)
{
    seconds(c, 60, false);
    bad(c, 5, 0.5, true);
    seconds(c, 16, false);
    counted_back(c, 0);
    bad(c, 5, 0.5, false);
    assert_true(at(c, 0)->relapsed);
    assert_int_equal(at(c, 0)->state, RECOVERY_RECOVERING);
    counted(c, 0, c->n * SEC);
    seconds(c, 40, false);
    assert_true(at(c, 0)->relapsed);
    counted_back(c, 0);
}

/* An outage after a return that held is no relapse. */
static void case_no_relapse(struct counted *c)
{
    uint64_t failed;

    seconds(c, 60, false);
    bad(c, 5, 0.5, true);
    seconds(c, 16, false);
    counted_back(c, 0);
    failed = at(c, 0)->failed;
    bad(c, 1, 0.7, false);
    bad(c, 5, 1, false);
    seconds(c, 40, false);
    assert_int_equal(recovery_count(c->w.r), 2);
    assert_false(at(c, 0)->relapsed);
    assert_int_equal(at(c, 0)->failed, failed);
    counted_back(c, 0);
}

static void up_to_the_last_return(void **state)
{
    (void)state;
    cases(case_relapse);
    cases(case_no_relapse);
}

static void case_not(struct counted *c)
{
    seconds(c, 60, false);
    seconds(c, 2, true);
    bad(c, 9, 0.5, false);
    recovery_end(c->w.r);
    assert_int_equal(at(c, 0)->state, RECOVERY_NOT);
    counted(c, 0, 71 * SEC);
}

/* The load moves on: that second is of another load. */
static void case_moved(struct counted *c)
{
    seconds(c, 60, false);
    seconds(c, 2, true);
    bad(c, 9, 0.5, false);
    c->w.s.load = 50;
    bad(c, 5, 0.5, false);
    assert_int_equal(at(c, 0)->state, RECOVERY_NOT);
    counted(c, 0, 71 * SEC);
}

/* A pause: what ends in it ended before it was back. */
static void case_pause(struct counted *c)
{
    struct moment x;

    seconds(c, 60, false);
    seconds(c, 2, true);
    bad(c, 9, 0.5, false);
    c->w.s.fail = 0.5;
    x = moments_next(&c->w.s);
    c->w.s.fail = 0;
    x.active_us = 0;
    recovery_feed(c->w.r, &x);
    c->requests[c->n] = x.requests;
    c->failed[c->n++] = x.failed;
    recovery_end(c->w.r);
    assert_int_equal(at(c, 0)->state, RECOVERY_NOT);
    counted(c, 0, 72 * SEC);
}

static void without_a_return_to_the_end(void **state)
{
    (void)state;
    cases(case_not);
    cases(case_moved);
    cases(case_pause);
}

/* Each from its own mark on. */
static void case_rollback(struct counted *c)
{
    seconds(c, 60, false);
    seconds(c, 1, true);
    bad(c, 6, 0.5, false);
    bad(c, 3, 0.4, true);
    assert_int_equal(recovery_count(c->w.r), 2);
    counted(c, 0, c->n * SEC);
    counted(c, 1, c->n * SEC);
    seconds(c, 40, false);
    assert_true(at(c, 1)->within);
    counted_back(c, 0);
    counted_back(c, 1);
    assert_true(at(c, 1)->failed < at(c, 0)->failed);
}

/* During a fall's, whose own figures are of its spike. */
static void case_fall(struct counted *c)
{
    uint64_t requests, failed;

    seconds(c, 60, false);
    c->w.s.load = 100;
    bad(c, 20, 0.5, false);
    c->w.s.load = 10;
    bad(c, 4, 0.5, false);
    requests = at(c, 0)->requests;
    failed = at(c, 0)->failed;
    assert_int_equal(requests, 2000);
    bad(c, 5, 0.5, true);
    seconds(c, 40, false);
    assert_int_equal(recovery_count(c->w.r), 2);
    assert_int_equal(at(c, 0)->requests, requests);
    assert_int_equal(at(c, 0)->failed, failed);
    counted_back(c, 1);
}

/* The second is set in the dwell of the first, which holds: it is watched by
 * itself, and trouble comes. */
static void case_handed_on(struct counted *c)
{
    seconds(c, 60, false);
    bad(c, 6, 0.5, true);
    seconds(c, 4, false);
    seconds(c, 14, true);
    counted_back(c, 0);
    assert_int_equal(at(c, 1)->requests, 0);
    bad(c, 6, 0.5, false);
    seconds(c, 40, false);
    assert_int_equal(recovery_count(c->w.r), 2);
    counted_back(c, 0);
    assert_false(at(c, 1)->within);
    counted_back(c, 1);
}

/* Iterations are dropped: whether it was back cannot be told, and no figure of
 * the second mark, which was set after, comes from nothing. */
static void case_unmeasured(struct counted *c)
{
    unsigned i;

    seconds(c, 60, false);
    bad(c, 6, 0.5, true);
    seconds(c, 3, false);
    seconds(c, 1, true);
    for (i = 0; i < 20; i++) {
        struct moment x = moments_next(&c->w.s);

        x.begun = x.dropped = 50;
        recovery_feed(c->w.r, &x);
    }
    assert_int_equal(recovery_count(c->w.r), 2);
    assert_int_equal(at(c, 0)->state, RECOVERY_UNMEASURED);
    assert_int_equal(at(c, 1)->state, RECOVERY_UNMEASURED);
    assert_true(at(c, 0)->failed >= 200 && at(c, 0)->failed <= 400);
    assert_int_equal(at(c, 1)->requests, 0);
    assert_int_equal(at(c, 1)->failed, 0);
}

static void each_mark_from_itself_on(void **state)
{
    (void)state;
    cases(case_rollback);
    cases(case_fall);
    cases(case_handed_on);
    cases(case_unmeasured);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_the_mark_to_the_return),
        cmocka_unit_test(in_long_windows_too),
        cmocka_unit_test(of_a_mark_that_nothing_went_wrong_since_nothing),
        cmocka_unit_test(up_to_the_last_return),
        cmocka_unit_test(without_a_return_to_the_end),
        cmocka_unit_test(each_mark_from_itself_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
