/* SPDX-License-Identifier: MIT
 *
 * This exercises: what whole runs say of each other where no load was held long
 * enough. A service that is dead, or several times as slow, is worse; slow
 * noise of short runs is not taken for that, nor are other loads, nor what
 * serving takes that used to fail. WHOLE_SEEDS=3000 tries more seeds than 300.
 */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "base/xalloc.h"
#include "record/versus.h"
#include "support/seeds.h"

/* A run by its seconds. */
struct shape {
    unsigned seconds;
    double slower; /* p95 */
    double failed; /* share of all requests */
    double vus;
    double sd, phi; /* slow noise of p95, and of the rate the other way */
    uint64_t seed;
};

static void curve(struct baseline_curve *c, unsigned n)
{
    unsigned i;

    c->points = xcalloc(n, sizeof *c->points);
    c->n = n;
    for (i = 0; i < n; i++) {
        c->points[i].start_us = (uint64_t)i * 1000000;
        c->points[i].end_us = (uint64_t)(i + 1) * 1000000;
    }
}

static void run_fill(struct baseline_run *r, const struct shape *s)
{
    double x, mean = 0;
    struct rng rng;
    unsigned i;

    rng_seed(&rng, s->seed, 11);
    x = rng_normal(&rng);
    for (i = 0; i < s->seconds; i++) {
        double us = 1e5 * s->slower * exp(s->sd * x + 0.1 * rng_normal(&rng));

        r->p50.points[i].value = us / 2;
        r->p95.points[i].value = us;
        r->p99.points[i].value = us * 2;
        r->rps.points[i].value =
            100 * exp(-s->sd * x + 0.05 * rng_normal(&rng));
        r->errors.points[i].value = s->failed;
        r->parts[0].level.points[i].value = s->vus;
        mean += us / s->seconds;
        x = s->phi * x + sqrt(1 - s->phi * s->phi) * rng_normal(&rng);
    }
    r->run =
        (struct baseline_figures){100, mean, s->failed, mean / 2, mean * 2};
}

static struct baseline_run *run_of(const struct shape *s)
{
    struct baseline_run *r = xcalloc(1, sizeof *r);

    r->file = xstrdup("r.json");
    r->scenario = xstrdup("s");
    r->started = xstrdup("");
    r->length_us = (uint64_t)s->seconds * 1000000;
    r->parts = xcalloc(1, sizeof *r->parts);
    r->n_parts = 1;
    r->parts[0].name = xstrdup("s");
    curve(&r->p50, s->seconds);
    curve(&r->p95, s->seconds);
    curve(&r->p99, s->seconds);
    curve(&r->rps, s->seconds);
    curve(&r->errors, s->seconds);
    curve(&r->parts[0].level, s->seconds);
    run_fill(r, s);
    return r;
}

static enum compare_answer answer(struct shape a, struct shape b)
{
    struct baseline_run *x, *y;
    enum compare_answer said;
    struct versus *v;

    a.vus = a.vus > 0 ? a.vus : 10;
    b.vus = b.vus > 0 ? b.vus : 10;
    a.seed = a.seed > 0 ? a.seed : 1;
    b.seed = b.seed > 0 ? b.seed : 2;
    x = run_of(&a);
    y = run_of(&b);
    v = versus_new(&x, &y, 1);
    said = versus_answer(v);
    versus_free(&v);
    baseline_free(&x);
    baseline_free(&y);
    return said;
}

static void what_is_dead_or_far_slower_is_worse(void **state)
{
    struct shape sound = {.seconds = 12, .slower = 1};
    struct shape dead = {.seconds = 12, .slower = 0.01, .failed = 1};
    struct shape slow = {.seconds = 12, .slower = 4};
    struct shape some = {.seconds = 12, .slower = 1, .failed = 0.3};

    (void)state;
    assert_int_equal(answer(sound, dead), COMPARE_WORSE);
    assert_int_equal(answer(sound, slow), COMPARE_WORSE);
    assert_int_equal(answer(sound, some), COMPARE_WORSE);
    assert_int_equal(answer(slow, sound), COMPARE_BETTER);
    assert_int_equal(answer(sound, sound), COMPARE_SHORT);
    /* It fails no more: that it takes longer than failing is no fault. */
    assert_int_equal(answer(dead, sound), COMPARE_BETTER);
}

static void a_short_run_has_to_be_surer_than_a_long_one(void **state)
{
    struct shape a = {.seconds = 40, .slower = 1};
    struct shape b = {.seconds = 40, .slower = 1.3};

    (void)state;
    assert_int_equal(answer(a, b), COMPARE_SHORT);
    a.seconds = b.seconds = 400;
    assert_int_equal(answer(a, b), COMPARE_WORSE);
}

static void other_loads_are_no_fault_of_the_service(void **state)
{
    struct shape a = {.seconds = 400, .slower = 1};
    struct shape b = {.seconds = 400, .slower = 4, .failed = 0.3, .vus = 20};

    (void)state;
    assert_int_equal(answer(a, b), COMPARE_SHORT);
    b.failed = 1;
    assert_int_equal(answer(a, b), COMPARE_WORSE);
}

static void slow_noise_is_seldom_an_answer(void **state)
{
    static const struct {
        double sd, phi;
    } noises[] = {{0, 0}, {0.05, 0.8}, {0.1, 0.9}, {0.15, 0.95}};
    static const unsigned lengths[] = {8, 12, 20, 40, 79, 150, 300};
    unsigned n = seeds_of("WHOLE_SEEDS", 300), i, k, m;

    (void)state;
    for (k = 0; k < sizeof noises / sizeof noises[0]; k++) {
        for (m = 0; m < sizeof lengths / sizeof lengths[0]; m++) {
            unsigned wrong = 0;

            for (i = 0; i < n; i++) {
                struct shape a = {.seconds = lengths[m],
                                  .slower = 1,
                                  .sd = noises[k].sd,
                                  .phi = noises[k].phi,
                                  .seed = 2 * i + 1};
                struct shape b = a;

                b.seed++;
                wrong += answer(a, b) == COMPARE_WORSE;
            }
            print_message("sd %g, phi %g, %u s: %u of %u\n", noises[k].sd,
                          noises[k].phi, lengths[m], wrong, n);
            if (wrong > n * 3 / 100) {
                fail_msg("sd %g, phi %g, %u s: %u of %u", noises[k].sd,
                         noises[k].phi, lengths[m], wrong, n);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_dead_or_far_slower_is_worse),
        cmocka_unit_test(a_short_run_has_to_be_surer_than_a_long_one),
        cmocka_unit_test(other_loads_are_no_fault_of_the_service),
        cmocka_unit_test(slow_noise_is_seldom_an_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
