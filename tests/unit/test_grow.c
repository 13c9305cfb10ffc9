/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "screen/big.h"
#include "support/sheet.h"

/* This exercises: nothing on the screen moves when numbers grow from one digit
 * to ten; and the letters of big figures. */

/* Words beside numbers that grow. */
static const char *const words[] = {"VUs",        "req/s",  "requests",  "p50",
                                    "p95",        "p99",    "err ",      "sent",
                                    "iterations", "failed", "thresholds"};
enum { WORDS = sizeof words / sizeof words[0] };

/* Where a word is first: row * 1000 + column; -1 = nowhere. */
static int place_of(const struct grid *g, const char *word)
{
    struct buf text;
    const char *line;
    int row, at = -1;

    buf_init(&text, 1 << 22);
    grid_text(g, &text);
    line = buf_str(&text);
    for (row = 0; row < g->rows && at < 0; row++) {
        const char *end = strchr(line, '\n'), *hit = strstr(line, word);

        if (hit != NULL && hit < end) {
            char before[2048];

            snprintf(before, sizeof before, "%.*s", (int)(hit - line), line);
            at = row * 1000 + text_width(before);
        }
        line = end + 1;
    }
    buf_clear(&text);
    return at;
}

/* As after so much of everything. */
static void grow(struct model *m, uint64_t n)
{
    struct summary *all[] = {&m->run, &m->window, &m->run_good,
                             &m->window_good};
    size_t i;

    for (i = 0; i < 4; i++) {
        struct summary *s = all[i];

        s->requests = s->responses = n;
        s->failed = n / 20;
        s->rate = (double)n;
        s->p50_us = n / 2;
        s->p95_us = n;
        s->p99_us = n + n / 4;
    }
    for (i = 0; i < m->n_requests; i++) {
        struct summary *s = &m->requests[i].window;

        m->requests[i].run.requests = s->requests = s->responses = n;
        s->rate = (double)n;
        s->p50_us = s->p95_us = s->p99_us = n;
    }
    m->tick.scenarios[0].iterations = n;
}

static void check_still(int cols, int rows, bool big)
{
    int was[WORDS] = {0}, seen = 0;
    struct sheet s;
    uint64_t n;
    int i;

    sheet_init(&s, NULL);
    sim_run(&s.sim, 40);
    s.ui.big = big;
    for (n = 9; n < 10000000000; n = n * 10 + 9) {
        sheet_look(&s, cols, rows);
        sheet_look(&s, cols, rows);
        grow(&s.model, n);
        sheet_draw(&s, cols, rows);
        for (i = 0; i < WORDS; i++) {
            int at = place_of(&s.grid, words[i]);

            if (n == 9) {
                was[i] = at;
                seen += at >= 0;
            } else if (at != was[i]) {
                fail_msg("%dx%d: '%s' is at %d, it was at %d before %llu", cols,
                         rows, words[i], at, was[i], (unsigned long long)n);
            }
        }
    }
    assert_true(seen >= (big ? 3 : 6)); /* it is looked at something */
    sheet_clear(&s);
}

static void nothing_moves_when_numbers_grow(void **state)
{
    (void)state;
    check_still(60, 16, false);
    check_still(80, 24, false);
    check_still(120, 36, false);
    check_still(200, 55, false);
    check_still(80, 24, true);
    check_still(120, 36, true);
    check_still(200, 55, true);
}

static void big_letters_are_as_wide_as_they_say(void **state)
{
    static const char all[] = "0123456789.,-%? ADEFIKLMNOPSkms";
    size_t i;
    int size;

    (void)state;
    for (size = 1; size < 6; size++) {
        assert_int_equal(big_width("", size), 0);
        assert_int_equal(big_width("88", size), 11 * size);
        /* Digits are all as wide as each other: a figure stands still. */
        for (i = 0; i < 10; i++) {
            char one[2] = {all[i], '\0'};

            assert_int_equal(big_width(one, size), 5 * size);
        }
        for (i = 0; i < sizeof all - 1; i++) {
            char one[2] = {all[i], '\0'};
            struct grid g;
            int width = big_width(one, size), row, col;

            assert_true(width >= 2 * size);
            grid_init(&g, 60, 40, i % 2 == 0);
            big_put(&g, 2, 3, size, ROLE_LIVE, one);
            for (row = 0; row < g.rows; row++) {
                for (col = 0; col < g.cols; col++) {
                    bool in = row >= 2 && row < 2 + big_rows(size, g.ascii) &&
                              col >= 3 && col < 3 + width;

                    assert_true(in || grid_at(&g, row, col)->cp == ' ');
                }
            }
            grid_clear(&g);
        }
    }
    assert_int_equal(big_rows(1, false), 4);
    assert_int_equal(big_rows(2, false), 7);
    assert_int_equal(big_rows(1, true), 7);
    assert_int_equal(big_width("\xe2\x9c\x93", 2), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_moves_when_numbers_grow),
        cmocka_unit_test(big_letters_are_as_wide_as_they_say),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
