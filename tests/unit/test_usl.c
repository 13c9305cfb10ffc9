/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "insight/bounds.h"
#include "insight/student.h"
#include "insight/usl.h"

/* This exercises: the law of scalability against published fits, when a peak is
 * given and when not, and what holds instead for users who think. */

#define N(list) (sizeof(list) / sizeof(list)[0])

static void near(double is, double want, double share)
{
    if (!(fabs(is - want) <= share * fabs(want))) {
        fail_msg("%.8g is not %.8g", is, want);
    }
}

static void is_range(struct usl_range r, double low, double high, double share)
{
    near(r.low, low, share);
    near(r.high, high, share);
}

/* SPEC SDM91, a Sun 690MP: Gunther, Guerrilla Capacity Planning (2007), and the
 * R package usl, whose figures these are. */
static const struct usl_level specsdm91[] = {
    {1, 64.9},     {18, 995.9}, {36, 1652.4}, {72, 1853.2},
    {108, 1828.9}, {144, 1775}, {216, 1702.2}};

/* A ray tracer on a NUMA machine: Gunther 2007. */
static const struct usl_level raytracer[] = {
    {1, 20},   {4, 78},   {8, 130},  {12, 170}, {16, 190}, {20, 200},
    {24, 210}, {28, 230}, {32, 260}, {48, 280}, {64, 310}};

/* From Schwarz, "Practical Scalability Analysis with the Universal Scalability
 * Law" (2015): a Cisco server under MySQL. */
static const double cisco[] = {
    955.16,   1878.91,  2688.01,  3548.68,  4315.54,  5130.43,  5931.37,
    6531.08,  7219.8,   7867.61,  8278.71,  8646.7,   9047.84,  9426.55,
    9645.37,  9897.24,  10097.6,  10240.5,  10532.39, 10798.52, 11151.43,
    11518.63, 11806,    12089.37, 12075.41, 12177.29, 12211.41, 12158.93,
    12155.27, 12118.04, 12140.4,  12074.39};

static void of_cisco(struct usl_level *to)
{
    size_t i;

    for (i = 0; i < N(cisco); i++) {
        to[i] = (struct usl_level){(double)i + 1, cisco[i]};
    }
}

/* The test of the R package usl. */
static const struct usl_level made_up[] = {
    {1, 1}, {2, 1.8868}, {4, 3.0769}, {6, 3.5294}, {8, 3.5398}, {10, 3.3557}};

/* Exact mean value analysis of one server of 20 ms, 5 ms of delay, Z = 1 s. */
static const struct bounds_level thinkers[] = {
    {1, .976, .025, 1, 0},     {10, 9.715, .0294, 1, 0},
    {30, 28.606, .0487, 1, 0}, {50, 44.583, .1215, 1, 0},
    {60, 48.834, .2287, 1, 0}, {100, 50, 1, 1, 0},
    {200, 50, 3, 1, 0}};

static void published_fits_are_reproduced(void **state)
{
    struct usl_level many[N(cisco)];
    struct usl_fit f = usl_fit(specsdm91, N(specsdm91));

    (void)state;
    assert_true(f.valid && f.peak);
    near(f.sigma, .0277285, 1e-3);
    near(f.kappa, 1.044e-4, 1e-3);
    near(f.lambda, 89.995, 1e-3);
    assert_true(fabs(f.n_star - 96.52) <= .1);
    near(f.x_star, 1884, 1e-3);
    is_range(f.sigma_ci, .0024, .053, .03);
    is_range(f.kappa_ci, 4.9e-5, 1.6e-4, .03);
    /* The plain bootstrap's 83 to 125, wider for four degrees of freedom. */
    assert_true(f.n_star_ci.low > 70 && f.n_star_ci.low < 84);
    assert_true(f.n_star_ci.high > 125 && f.n_star_ci.high < 170);
    f = usl_fit(raytracer, 6);
    assert_true(f.fitted);
    near(f.sigma, .02444, 1e-3);
    near(f.kappa, .00163, 2e-3);
    near(f.lambda, 20.856, 1e-3);
    near(f.n_star, 24.5, 2e-3);
    of_cisco(many);
    f = usl_fit(many, N(many));
    assert_true(f.valid && f.peak);
    near(f.sigma, .02671591, 1e-3);
    near(f.kappa, 7.690945e-4, 1e-3);
    near(f.lambda, 995.6486, 1e-3);
    near(f.x_star, 12341.7, 1e-3);
    is_range(f.sigma_ci, .0175, .0359, .01);
    is_range(f.n_star_ci, 32.4, 39.2, .05);
    f = usl_fit(made_up, N(made_up));
    near(f.sigma, .02, 1e-3);
    near(f.kappa, .02, 1e-3);
    near(f.lambda, 1, 1e-3);
    near(f.n_star, 7, 1e-3);
    assert_true(f.peak);
}

/* The free fit has a negative kappa. */
static void without_a_fall_there_is_no_peak(void **state)
{
    struct usl_fit f = usl_fit(raytracer, N(raytracer));

    (void)state;
    assert_true(f.valid && !f.peak && f.n_star == HUGE_VAL);
    assert_true(f.kappa == 0);
    near(f.sigma, .05777, 1e-3);
    near(f.lambda, 21.85, 1e-3);
    is_range(f.sigma_ci, .027, .088, .05);
    assert_true(f.n_max == 64);
    f = usl_fit(raytracer, 6);
    assert_true(!f.peak && f.n_star < 25);
}

/* Where the published data are cut before they fall, the formula has a peak
 * somewhere else, and none is given. */
static void a_peak_beyond_the_data_is_not_given(void **state)
{
    static const size_t cuts[] = {11, 16, 22};
    struct usl_level many[N(cisco)];
    struct usl_fit f;
    size_t i;

    (void)state;
    of_cisco(many);
    for (i = 0; i < N(cuts); i++) {
        f = usl_fit(many, cuts[i]);
        assert_true(f.valid && !f.peak && f.why[0] != '\0');
        assert_true(f.n_star < 31);
    }
}

static void too_little_or_no_law_gives_nothing(void **state)
{
    struct usl_level flat[8], odd[8];
    struct usl_fit f = usl_fit(specsdm91, 5);
    size_t i;

    (void)state;
    assert_false(f.valid || f.fitted || f.peak);
    assert_string_equal(f.why, "too few levels");
    assert_false(usl_fit(NULL, 0).fitted);
    for (i = 0; i < 8; i++) {
        flat[i] = (struct usl_level){(double)i + 1, 50};
        odd[i] = (struct usl_level){(double)i + 1, i % 2 == 0 ? 10 : 90};
    }
    assert_false(usl_fit(flat, 8).peak);
    assert_false(usl_fit(odd, 8).valid);
    odd[3].x = 0;
    assert_false(usl_fit(odd, 8).fitted);
    odd[3].x = NAN;
    assert_false(usl_fit(odd, 8).fitted);
}

/* What a naive fit would say of users who think, and what holds instead. */
static void users_who_think_get_no_peak_but_bounds(void **state)
{
    struct usl_level naive[N(thinkers)];
    struct usl_fit f;
    struct bounds b;
    size_t i;

    (void)state;
    for (i = 0; i < N(thinkers); i++) {
        naive[i] = (struct usl_level){thinkers[i].n, thinkers[i].x};
    }
    f = usl_fit(naive, N(thinkers));
    assert_true(f.fitted && !f.peak);
    assert_true(f.n_star > 108 && f.n_star < 120); /* false */
    assert_true(f.kappa > 5.5e-5 && f.kappa < 9.9e-5);
    b = bounds_of(thinkers, N(thinkers));
    assert_true(b.thinks && b.full);
    near(b.x_max, 50, .05);
    near(b.knee, 51.25, .05);
    near(b.d_s, .02, .05);
    /* Before it is full nothing is known of it. */
    b = bounds_of(thinkers, 4);
    assert_true(b.thinks && !b.full);
    assert_true(b.knee == 0);
    assert_false(bounds_of(thinkers, 0).thinks);
}

/* Four places of 50 ms: at the lowest level six of ten wait already. */
static void where_all_wait_the_knee_is_at_most_the_lowest(void **state)
{
    const struct bounds_level waiting[] = {
        {10, 80.1, .124, 0, 0}, {15, 80.4, .186, 0, 0}, {25, 81.4, .307, 0, 0}};
    const struct bounds_level rises[] = {
        {2, 40, .050, 0, 0}, {10, 80.1, .124, 0, 0}, {15, 80.4, .186, 0, 0}};
    struct bounds b = bounds_of(waiting, N(waiting));

    (void)state;
    assert_true(b.full && b.fewer);
    assert_true(b.knee == 10);
    b = bounds_of(rises, N(rises));
    assert_true(b.full && !b.fewer);
    near(b.knee, 4, .05);
}

/* Between levels far apart there may be more than at either: the truth here is
 * a peak of 133 at 30 users. */
static void far_levels_are_no_limit(void **state)
{
    static const struct bounds_level far[] = {
        {10, 62, .06, .1, 900}, {100, 62, 1.5, .1, 900}, {150, 50, 3, .1, 900}};
    static const struct bounds_level near_by[] = {{10, 62, .06, .1, 900},
                                                  {30, 133, .12, .1, 900},
                                                  {60, 131, .35, .1, 900},
                                                  {100, 62, 1.5, .1, 900}};
    struct bounds b;

    (void)state;
    assert_false(bounds_of(far, 2).full);
    assert_false(bounds_of(far, 3).full);
    b = bounds_of(near_by, N(near_by));
    assert_true(b.full);
    near(b.x_max, 133, 1e-9);
}

static void the_knee_is_where_two_lines_meet(void **state)
{
    struct bounds_level straight[8] = {{0}};
    double knee = bounds_knee(thinkers, N(thinkers));
    size_t i;

    (void)state;
    assert_true(knee > 40 && knee < 65);
    assert_true(bounds_knee(thinkers, 5) == 0);
    for (i = 0; i < 8; i++) {
        straight[i].n = 10 * (double)(i + 1);
        straight[i].x = 9.7 * (double)(i + 1);
    }
    assert_true(bounds_knee(straight, 8) == 0);
}

/* Levels of a law with sigma .05 and noise of 1 % or so. */
static void noisy(struct usl_level *l, double kappa, uint64_t seed)
{
    static const double at[] = {1, 10, 20, 30, 45, 60, 75, 90, 110, 140};
    struct rng r;
    size_t i;
    int k;

    rng_seed(&r, seed, 1);
    for (i = 0; i < N(at); i++) {
        double n = at[i], noise = 0;

        for (k = 0; k < 12; k++) { /* nearly normal, of deviation 1 */
            noise += (double)rng_range(&r, 0, 1000000) / 1e6 - .5;
        }
        l[i].n = n;
        l[i].x = 20 * n / (1 + .05 * (n - 1) + kappa * n * (n - 1)) *
                 (1 + .01 * noise);
    }
}
#define NOISY 10
#define SEEDS 60

static void the_peak_s_interval_holds_the_truth(void **state)
{
    double truth = sqrt((1 - .05) / 2e-4);
    struct usl_level l[NOISY];
    unsigned seed, held = 0, peaks = 0;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        struct usl_fit f;

        noisy(l, 2e-4, seed);
        f = usl_fit(l, NOISY);
        assert_true(f.valid);
        peaks += f.peak;
        held += f.n_star_ci.low <= truth && truth <= f.n_star_ci.high;
    }
    assert_true(held >= SEEDS * 9 / 10);
    assert_true(peaks >= SEEDS * 9 / 10);
}

/* Throughput that only levels off. */
static void noise_makes_no_peak(void **state)
{
    struct usl_level l[NOISY];
    unsigned seed, peaks = 0;

    (void)state;
    for (seed = 1; seed <= SEEDS; seed++) {
        noisy(l, 0, seed);
        peaks += usl_fit(l, NOISY).peak;
    }
    assert_int_equal(peaks, 0);
}

static void the_same_levels_give_the_same_bits(void **state)
{
    struct usl_fit a = usl_fit(specsdm91, N(specsdm91));
    struct usl_fit b = usl_fit(specsdm91, N(specsdm91));

    (void)state;
    assert_true(a.lambda == b.lambda && a.sigma == b.sigma &&
                a.kappa == b.kappa && a.n_star_ci.low == b.n_star_ci.low &&
                a.n_star_ci.high == b.n_star_ci.high);
}

/* Printed tables. */
static void quantiles_of_t(void **state)
{
    static const struct {
        double p;
        unsigned n;
        double t;
    } rows[] = {{.05, 1, 12.7062},  {.05, 2, 4.30265}, {.05, 3, 3.18245},
                {.05, 4, 2.77645},  {.05, 5, 2.57058}, {.05, 29, 2.04523},
                {.01, 10, 3.16927}, {.1, 120, 1.65765}};
    size_t i;

    (void)state;
    for (i = 0; i < N(rows); i++) {
        near(student_two_sided(rows[i].p, rows[i].n), rows[i].t, 1e-5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_all_wait_the_knee_is_at_most_the_lowest),
        cmocka_unit_test(published_fits_are_reproduced),
        cmocka_unit_test(without_a_fall_there_is_no_peak),
        cmocka_unit_test(a_peak_beyond_the_data_is_not_given),
        cmocka_unit_test(too_little_or_no_law_gives_nothing),
        cmocka_unit_test(users_who_think_get_no_peak_but_bounds),
        cmocka_unit_test(far_levels_are_no_limit),
        cmocka_unit_test(the_knee_is_where_two_lines_meet),
        cmocka_unit_test(the_peak_s_interval_holds_the_truth),
        cmocka_unit_test(noise_makes_no_peak),
        cmocka_unit_test(the_same_levels_give_the_same_bits),
        cmocka_unit_test(quantiles_of_t),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
