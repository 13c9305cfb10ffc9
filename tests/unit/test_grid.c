/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "base/text.h"
#include "screen/grid.h"
#include "screen/layout.h"

static void check_text(const struct grid *g, const char *want)
{
    struct buf b;

    buf_init(&b, 65536);
    grid_text(g, &b);
    assert_string_equal(buf_str(&b), want);
    buf_clear(&b);
}

static void what_is_written_outside_is_cut_off(void **state)
{
    struct grid g;

    (void)state;
    grid_init(&g, 5, 2, false);
    assert_int_equal(grid_put(&g, 0, 3, ROLE_TEXT, "abcdef"), 5);
    grid_put(&g, 2, 0, ROLE_TEXT, "below");
    grid_put(&g, -1, 0, ROLE_TEXT, "above");
    grid_put(&g, 1, -2, ROLE_TEXT, "xyz");
    grid_fill(&g, 1, 3, 100, ROLE_TEXT, '-');
    check_text(&g, "   ab\nz  --\n");
    assert_null(grid_at(&g, 2, 0));
    assert_null(grid_at(&g, 0, 5));
    grid_clear(&g);
}

static void texts_are_cut_and_aligned_by_columns(void **state)
{
    struct grid g;

    (void)state;
    grid_init(&g, 8, 4, false);
    assert_int_equal(grid_fit(&g, 0, 0, 4, ROLE_TEXT, "abcdef"), 4);
    assert_int_equal(grid_fit(&g, 1, 0, 4, ROLE_TEXT, "abcd"), 4);
    assert_int_equal(grid_fit(&g, 1, 6, 0, ROLE_TEXT, "abcd"), 6);
    grid_right(&g, 2, 8, 8, ROLE_TEXT, "12 ms");
    grid_right(&g, 3, 8, 3, ROLE_TEXT, "123456");
    check_text(&g, "abc…    \nabcd    \n   12 ms\n     456\n");
    grid_clear(&g);
}

static void texts_are_cut_between_words_where_that_is_not_far(void **state)
{
    struct grid g;

    (void)state;
    grid_init(&g, 12, 6, false);
    grid_fit(&g, 0, 0, 12, ROLE_TEXT, "chat status is 200");
    grid_fit(&g, 1, 0, 12, ROLE_TEXT, "chat failed here");
    grid_fit(&g, 2, 0, 12, ROLE_TEXT, "a somewhat long one");
    grid_fit(&g, 3, 0, 12, ROLE_TEXT, "b unspeakable");
    grid_fit(&g, 4, 0, 12, ROLE_TEXT, "/v1/places?near=1");
    grid_fit(&g, 5, 0, 6, ROLE_TEXT, "warm-up 30");
    check_text(&g, "chat status…\nchat failed…\na somewhat… \nb unspeakab…\n"
                   "/v1/places?…\nwarm…       \n");
    grid_clear(&g);
}

static void wide_characters_take_two_cells_and_never_half(void **state)
{
    struct grid g;

    (void)state;
    grid_init(&g, 5, 3, false);
    grid_put(&g, 0, 0, ROLE_TEXT, "日本語");
    check_text(&g, "日本?\n     \n     \n");
    grid_put(&g, 0, 1, ROLE_TEXT, "x"); /* the half of the first goes */
    grid_put(&g, 1, 0, ROLE_TEXT, "日本");
    grid_put(&g, 1, 2, ROLE_TEXT, "x");
    grid_fit(&g, 2, 0, 4, ROLE_TEXT, "日本語");
    check_text(&g, " x本?\n日x  \n日…  \n");
    grid_clear(&g);
}

static void nothing_that_steers_a_terminal_gets_in(void **state)
{
    struct grid g;
    struct rng r;
    int i;

    (void)state;
    rng_seed(&r, 1, 1);
    grid_init(&g, 40, 1, false);
    for (i = 0; i < 20000; i++) {
        char text[64];
        size_t n = (size_t)rng_range(&r, 0, 60), k;
        int col;

        for (k = 0; k < n; k++) {
            text[k] = (char)rng_range(&r, 1, 255);
        }
        text[n] = '\0';
        grid_put(&g, 0, (int)rng_range(&r, 0, 50) - 5, ROLE_TEXT, text);
        for (col = 0; col < 40; col++) {
            uint32_t cp = grid_at(&g, 0, col)->cp;

            if (cp == 0) {
                assert_true(col > 0 &&
                            text_cp_width(grid_at(&g, 0, col - 1)->cp) == 2);
                continue;
            }
            assert_true(cp >= 0x20 && cp != 0x7f && !(cp > 0x7f && cp < 0xa0));
            assert_true(text_cp_width(cp) >= 1);
        }
    }
    grid_put(&g, 0, 0, ROLE_TEXT,
             "\033]52;c;AAAA\007\xe2\x80\xae\xc2\x9b"
             "31m");
    assert_int_equal(grid_at(&g, 0, 0)->cp, '?');
    grid_clear(&g);
}

static void ascii_has_a_stand_in_for_all_that_is_drawn(void **state)
{
    static const struct {
        uint32_t cp;
        char ascii;
    } glyphs[] = {
#define GLYPH(cp, ascii) {cp, ascii},
#include "screen/glyphs.def"
#undef GLYPH
    };
    struct grid g;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof glyphs / sizeof glyphs[0]; i++) {
        assert_int_equal(grid_ascii(glyphs[i].cp), glyphs[i].ascii);
        assert_true(glyphs[i].ascii > ' ' && glyphs[i].ascii < 0x7f);
        assert_int_equal(text_cp_width(glyphs[i].cp), 1);
        assert_true(i == 0 || glyphs[i].cp > glyphs[i - 1].cp ||
                    glyphs[i - 1].cp == 0x2591 || glyphs[i].cp == 0x258f);
    }
    grid_init(&g, 8, 1, true);
    grid_put(&g, 0, 0, ROLE_TEXT, "→ü日✓");
    check_text(&g, ">??+    \n");
    grid_clear(&g);
}

static void check_lines(const struct layout *l, struct lines at)
{
    assert_true(at.n >= 0);
    assert_true(at.n == 0 || (at.row >= 2 && at.row + at.n <= l->rows - 1));
}

/* The service's charts stand between the errors and the axis, without a gap. */
static void check_service(const struct layout *l, const struct layout_want *w)
{
    int row = l->errs.row + l->errs.n, i;

    for (i = 0; i < l->n_service; i++) {
        assert_int_equal(l->service[i].row, row);
        assert_true(l->service[i].n >= 2);
        row += l->service[i].n;
    }
    assert_int_equal(l->axis, row);
    assert_true(l->n_service == 0 ||
                (size_t)(l->service_first + l->n_service) <= w->n_service);
    assert_true(w->service != SERVICE_NONE || l->n_service == 0);
}

static void no_layout_leaves_its_screen(void **state)
{
    int cols, rows;

    (void)state;
    for (cols = 0; cols < 320; cols++) {
        for (rows = 0; rows < 110; rows++) {
            size_t n = (size_t)(cols + rows) % 23;
            const struct layout_want w = {.cols = cols,
                                          .rows = rows,
                                          .n_requests = n,
                                          .n_thresholds = n / 2,
                                          .heat = (enum heat_mode)(rows % 4),
                                          .n_service = n % 11,
                                          .service =
                                              (enum service_mode)(cols % 3),
                                          .service_first = n % 5};
            bool full = w.service == SERVICE_FULL && w.n_service > 0;
            struct layout l = layout_make(&w);

            assert_int_equal(l.kind == LAYOUT_NONE, cols < 60 || rows < 16);
            if (l.kind < LAYOUT_COMPACT) {
                continue;
            }
            check_lines(&l, l.load);
            check_lines(&l, l.rps);
            check_lines(&l, l.latency);
            check_lines(&l, l.errs);
            check_lines(&l, l.requests);
            check_lines(&l, l.thresholds);
            check_lines(&l, l.log);
            check_lines(&l, l.heat);
            assert_true(l.heat_mode == HEAT_LINES ? l.heat.n == 0
                                                  : l.heat.n >= 4);
            assert_true(l.heat_mode != HEAT_AUTO);
            assert_true(l.load.n >= 4 && l.latency.n >= 5 && l.errs.n >= 2);
            check_service(&l, &w);
            assert_true(l.chart >= 40);
            assert_true(l.chart_col + l.chart < l.side_col);
            assert_int_equal(l.side_col + l.side, cols);
            assert_true(l.requests.n >= 3 ||
                        (full && l.kind == LAYOUT_COMPACT));
            assert_true(!full || l.n_service > 0);
            assert_true(l.change < rows - 1 && l.generator < rows - 1);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_outside_is_cut_off),
        cmocka_unit_test(texts_are_cut_and_aligned_by_columns),
        cmocka_unit_test(texts_are_cut_between_words_where_that_is_not_far),
        cmocka_unit_test(wide_characters_take_two_cells_and_never_half),
        cmocka_unit_test(nothing_that_steers_a_terminal_gets_in),
        cmocka_unit_test(ascii_has_a_stand_in_for_all_that_is_drawn),
        cmocka_unit_test(no_layout_leaves_its_screen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
