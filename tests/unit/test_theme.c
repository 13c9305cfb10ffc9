/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "screen/theme.h"

/* This exercises: the tables of themes. Each has all roles at each depth; text
 * is readable on its ground; what must not be mixed up is told apart, in cvd
 * also by eyes that do not tell red from green. */

static double channel(uint32_t rgb, int i)
{
    double c = (double)(rgb >> (16 - 8 * i) & 0xff) / 255;

    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

/* WCAG 2.1: relative luminance and contrast ratio. */
static double luminance(uint32_t rgb)
{
    return 0.2126 * channel(rgb, 0) + 0.7152 * channel(rgb, 1) +
           0.0722 * channel(rgb, 2);
}

static double contrast(uint32_t a, uint32_t b)
{
    double x = luminance(a), y = luminance(b);

    return x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
}

enum eyes { EYES_NORMAL, EYES_DEUTAN, EYES_PROTAN, EYES_COUNT };

/* Linear light as such eyes see it, at full severity: G. M. Machado, M. M.
 * Oliveira, L. A. F. Fernandes, IEEE TVCG 15(6), 2009. */
static const double eyes_matrix[EYES_COUNT][3][3] = {
    {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
    {{0.367322, 0.860646, -0.227968},
     {0.280085, 0.672501, 0.047413},
     {-0.011820, 0.042940, 0.968881}},
    {{0.152286, 1.052583, -0.204868},
     {0.114503, 0.786281, 0.099216},
     {-0.003882, -0.048116, 1.051998}},
};

static double lab_f(double t)
{
    return t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116;
}

/* CIE L*a*b* of a colour (sRGB, D65). */
static void lab(uint32_t rgb, enum eyes eyes, double out[3])
{
    double s[3], x, y, z;
    int i;

    for (i = 0; i < 3; i++) {
        const double *m = eyes_matrix[eyes][i];
        double v = m[0] * channel(rgb, 0) + m[1] * channel(rgb, 1) +
                   m[2] * channel(rgb, 2);

        s[i] = fmin(1, fmax(0, v));
    }
    x = lab_f((0.4124 * s[0] + 0.3576 * s[1] + 0.1805 * s[2]) / 0.95047);
    y = lab_f(0.2126 * s[0] + 0.7152 * s[1] + 0.0722 * s[2]);
    z = lab_f((0.0193 * s[0] + 0.1192 * s[1] + 0.9505 * s[2]) / 1.08883);
    out[0] = 116 * y - 16;
    out[1] = 500 * (x - y);
    out[2] = 200 * (y - z);
}

/* How far two roles' colours are apart (CIE 1976). */
static double apart(enum theme t, enum role a, enum role b, enum eyes eyes)
{
    double x[3], y[3];

    lab(theme_paint(t, a).fg, eyes, x);
    lab(theme_paint(t, b).fg, eyes, y);
    return sqrt(pow(x[0] - y[0], 2) + pow(x[1] - y[1], 2) +
                pow(x[2] - y[2], 2));
}

/* Lines and areas, not text; a heat map's cells are one colour. */
static bool is_drawing(enum role r)
{
    return r == ROLE_GRID || r == ROLE_STAGE ||
           (r >= ROLE_HEAT_1 && r <= ROLE_HEAT_5);
}

static void names_are_found(void **state)
{
    enum theme t = THEME_DARK;
    int i;

    (void)state;
    for (i = 0; i < THEME_COUNT; i++) {
        assert_true(theme_find(theme_name((enum theme)i), &t));
        assert_int_equal(t, i);
    }
    assert_int_equal(THEME_COUNT, 4);
    assert_true(theme_find("cvd", &t) && t == THEME_CVD);
    assert_false(theme_find("Dark", &t));
    assert_false(theme_find("", &t));
}

static void roles_have_letters_of_their_own_and_looks_everywhere(void **state)
{
    static const int colours[] = {0, 8, 16, 256};
    int i, k, t, depth;

    (void)state;
    for (i = 0; i < ROLE_COUNT; i++) {
        for (k = 0; k < i; k++) {
            assert_int_not_equal(role_letter((enum role)i),
                                 role_letter((enum role)k));
        }
        for (t = 0; t < THEME_COUNT; t++) {
            for (depth = 0; depth < 4; depth++) {
                struct theme_look l =
                    theme_look((enum theme)t, (enum role)i,
                               theme_depth_of(colours[depth]));
                int most = depth > 0 ? colours[depth] : 0;

                assert_true(l.fg >= -1 && l.fg < most);
                assert_true(l.bg >= -1 && l.bg < most);
                /* Of 256 the first 16 are whatever somebody set. */
                assert_true(depth < 3 || ((l.fg < 0 || l.fg >= 16) &&
                                          (l.bg < 0 || l.bg >= 16)));
            }
        }
    }
    assert_int_equal(theme_depth_of(1 << 24), DEPTH_256);
    assert_int_equal(theme_depth_of(-1), DEPTH_MONO);
    /* Without colour a broken threshold and a banner still stand out. */
    assert_true(theme_look(THEME_CVD, ROLE_BAD, DEPTH_MONO).attr != 0);
    assert_true((theme_look(THEME_DARK, ROLE_BANNER, DEPTH_MONO).attr &
                 THEME_REVERSE) != 0);
    assert_true((theme_look(THEME_LIGHT, ROLE_FAILED, DEPTH_MONO).attr &
                 THEME_REVERSE) != 0);
}

static void colours_are_those_of_xterm(void **state)
{
    (void)state;
    assert_int_equal(theme_rgb_of(16), 0x000000);
    assert_int_equal(theme_rgb_of(231), 0xffffff);
    assert_int_equal(theme_rgb_of(203), 0xff5f5f);
    assert_int_equal(theme_rgb_of(26), 0x005fd7);
    assert_int_equal(theme_rgb_of(232), 0x080808);
    assert_int_equal(theme_rgb_of(255), 0xeeeeee);
    assert_int_equal(theme_rgb_of(3), 0);
    assert_int_equal(theme_rgb_of(256), 0);
}

static void text_is_readable_on_its_ground(void **state)
{
    int t, i;

    (void)state;
    for (t = 0; t < THEME_COUNT; t++) {
        /* WCAG 1.4.3, and 1.4.6 where contrast was asked for. */
        double need = t == THEME_CONTRAST ? 7.0 : 4.5;

        for (i = 0; i < ROLE_COUNT; i++) {
            struct theme_paint p = theme_paint((enum theme)t, (enum role)i);

            if (!is_drawing((enum role)i) && contrast(p.fg, p.bg) < need) {
                fail_msg("%s: role '%c' has %.2f of %.1f",
                         theme_name((enum theme)t), role_letter((enum role)i),
                         contrast(p.fg, p.bg), need);
            }
        }
    }
    /* On paper and on a projector: black on white. */
    assert_int_equal(theme_paint(THEME_LIGHT, ROLE_TEXT).bg, 0xffffff);
    assert_true(contrast(theme_paint(THEME_LIGHT, ROLE_TEXT).fg, 0xffffff) >
                20);
}

/* With 16 and 8 colours the terminal says what they are; as xterm has them. */
static void light_is_readable_with_few_colours(void **state)
{
    static const uint32_t xterm[16] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00,
                                       0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
                                       0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00,
                                       0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};
    enum theme_depth d;
    int i;

    (void)state;
    for (d = DEPTH_8; d <= DEPTH_16; d++) {
        for (i = 0; i < ROLE_COUNT; i++) {
            struct theme_look l = theme_look(THEME_LIGHT, (enum role)i, d);

            assert_true(l.fg >= 0 && l.bg >= 0); /* brings its ground along */
            assert_true(is_drawing((enum role)i) ||
                        contrast(xterm[l.fg], xterm[l.bg]) >= 3);
        }
    }
}

/* Which roles stand beside each other, in one chart or as verdicts. */
static const struct {
    double least;
    enum role roles[7];
    int n;
} kin[] = {
    {45, {ROLE_GOOD, ROLE_WARN, ROLE_BAD}, 3},
    {24, {ROLE_LIVE, ROLE_P50, ROLE_P99, ROLE_LIMIT, ROLE_BAD_LINE}, 5},
    {30, {ROLE_LIVE, ROLE_MANUAL, ROLE_PLAN}, 3},
    {25,
     {ROLE_E_5XX, ROLE_E_TIMEOUT, ROLE_E_CONNECT, ROLE_E_4XX, ROLE_E_429,
      ROLE_E_OTHER},
     6},
};

static void check_apart(enum theme t, enum eyes eyes)
{
    size_t k;
    int a, b;

    for (k = 0; k < sizeof kin / sizeof kin[0]; k++) {
        for (a = 0; a < kin[k].n; a++) {
            for (b = 0; b < a; b++) {
                enum role x = kin[k].roles[a], y = kin[k].roles[b];

                if (apart(t, x, y, eyes) < kin[k].least) {
                    fail_msg("%s: '%c' and '%c' are %.1f apart to eyes %d",
                             theme_name(t), role_letter(x), role_letter(y),
                             apart(t, x, y, eyes), (int)eyes);
                }
            }
        }
    }
}

static void cvd_is_told_apart_by_all_eyes(void **state)
{
    (void)state;
    check_apart(THEME_CVD, EYES_NORMAL);
    check_apart(THEME_CVD, EYES_DEUTAN);
    check_apart(THEME_CVD, EYES_PROTAN);
    /* The measure does find what such eyes mix up: that is why there is cvd. */
    assert_true(apart(THEME_DARK, ROLE_GOOD, ROLE_BAD, EYES_NORMAL) > 60);
    assert_true(apart(THEME_DARK, ROLE_GOOD, ROLE_BAD, EYES_PROTAN) < 20);
    assert_true(apart(THEME_DARK, ROLE_LIVE, ROLE_P99, EYES_DEUTAN) < 5);
}

static void verdicts_are_told_apart_in_every_theme(void **state)
{
    int t;

    (void)state;
    for (t = 0; t < THEME_COUNT; t++) {
        assert_true(apart((enum theme)t, ROLE_GOOD, ROLE_BAD_LINE, 0) > 45);
        assert_true(apart((enum theme)t, ROLE_GOOD, ROLE_WARN, 0) > 45);
        assert_true(apart((enum theme)t, ROLE_WARN, ROLE_BAD_LINE, 0) > 24);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found),
        cmocka_unit_test(roles_have_letters_of_their_own_and_looks_everywhere),
        cmocka_unit_test(colours_are_those_of_xterm),
        cmocka_unit_test(text_is_readable_on_its_ground),
        cmocka_unit_test(light_is_readable_with_few_colours),
        cmocka_unit_test(cvd_is_told_apart_by_all_eyes),
        cmocka_unit_test(verdicts_are_told_apart_in_every_theme),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
