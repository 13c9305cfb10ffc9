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
#include "support/sheet.h"

/* This exercises: the rows at the edges of the picture, at every width there
 * is: what does not fit is left out whole, and what is said is so now. */

/* Row row of the last picture without the blanks at its ends. */
static const char *row_of(struct sheet *s, int row, char *buf, size_t size)
{
    const char *at = buf_str(&s->text);
    size_t n;

    for (; row > 0; row--) {
        at = strchr(at, '\n') + 1;
    }
    at += strspn(at, " ");
    n = strcspn(at, "\n");
    while (n > 0 && at[n - 1] == ' ') {
        n--;
    }
    assert_true(n < size);
    memcpy(buf, at, n);
    buf[n] = '\0';
    return buf;
}

/* A key as it is bound, and a word that it may have. */
static bool hint_is_known(const struct sheet *s, const char *hint)
{
    static const char *const open[] = {
        "Enter apply", "Enter save", "Enter set the mark",
        "Esc cancel",  "Enter look", "↑↓ choose",
        "Enter jump",  "Enter end",  "Esc go on",
        "Enter yes",   "Esc no",     NULL};
    static const char *const words[] = {"go on",
                                        "charts",
                                        "mouse off",
                                        "rate",
                                        "leave",
                                        "cut off",
                                        "leave, the run goes on",
                                        "close",
                                        NULL};
    char text[96];
    int i, k;

    for (i = 0; open[i] != NULL; i++) {
        if (strcmp(hint, open[i]) == 0) {
            return true;
        }
    }
    for (i = 0; i < ACTION_COUNT; i++) {
        const char *label = ui_label(&s->ui, (enum action)i);

        snprintf(text, sizeof text, "%s %s", label,
                 keymap_row((enum action)i)->word);
        if (strcmp(hint, text) == 0) {
            return true;
        }
        for (k = 0; words[k] != NULL; k++) {
            snprintf(text, sizeof text, "%s %s", label, words[k]);
            if (strcmp(hint, text) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* Hints stand two blanks apart. */
static void footer_is_whole(struct sheet *s, int cols, int rows)
{
    char row[1024], *at = row, *next;
    bool help = false;
    char want[32];

    (void)sheet_at(s, cols, rows);
    row_of(s, rows - 1, row, sizeof row);
    snprintf(want, sizeof want, "%s help", ui_label(&s->ui, ACTION_HELP));
    for (; at != NULL; at = next) {
        next = strstr(at, "  ");
        if (next != NULL) {
            *next = '\0';
            next += 2;
        }
        if (!hint_is_known(s, at)) {
            fail_msg("'%s' at %dx%d:\n%s", at, cols, rows, buf_str(&s->text));
        }
        help = help || strcmp(at, want) == 0;
    }
    if (s->ui.prompt == PROMPT_NONE && !help) {
        fail_msg("no help at %dx%d:\n%s", cols, rows, buf_str(&s->text));
    }
}

static void footer_at_all_widths(struct sheet *s)
{
    static const int rows[] = {16, 24, 36, 55};
    size_t i;
    int cols;

    for (cols = 60; cols <= 250; cols++) {
        for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            if (cols < 80 || rows[i] != 16) {
                footer_is_whole(s, cols, rows[i]);
            }
        }
    }
}

static void the_footer_has_no_torn_hint_at_any_width(void **state)
{
    struct sheet s;
    int i;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 52);
    footer_at_all_widths(&s);
    for (i = PANEL_NONE + 1; i < PANEL_COUNT; i++) {
        s.ui.panel = (enum ui_panel)i;
        footer_is_whole(&s, 60, 16);
        footer_is_whole(&s, 80, 24);
        footer_is_whole(&s, 141, 40);
    }
    s.ui.panel = PANEL_NONE;
    for (i = PROMPT_NONE + 1; i < PROMPT_COUNT; i++) {
        s.ui.prompt = (enum ui_prompt)i;
        if (i != PROMPT_FILTER) { /* which is typed there */
            footer_is_whole(&s, 60, 16);
            footer_is_whole(&s, 80, 24);
        }
    }
    s.ui.prompt = PROMPT_NONE;
    s.ui.cursor = s.ui.picked = s.ui.mouse = s.ui.big = true;
    s.ui.cursor_us = 20000000;
    footer_at_all_widths(&s);
    s.ui.cursor = s.ui.big = false;
    sim_command(&s.sim, COMMAND_STOP, 0, "");
    sim_tick(&s.sim);
    footer_at_all_widths(&s);
    sim_finish(&s.sim, 99);
    s.ui.done = true;
    footer_at_all_widths(&s);
    sheet_set_up(&s, (struct ui_config){.spectator = true});
    footer_at_all_widths(&s);
    sheet_clear(&s);
}

static void keys_of_any_name_leave_the_footer_whole(void **state)
{
    static const uint32_t keys[] = {
        ' ',          TYPED_TAB,      TYPED_F1, 0x65e5, TYPED_SHIFT_LEFT,
        TYPED_DELETE, TYPED_CTRL('A')};
    struct sheet s;
    struct rng r;
    int i, a;

    (void)state;
    sheet_init(&s, sim_plan_mixed);
    sim_run(&s.sim, 30);
    rng_seed(&r, 11, 1);
    for (i = 0; i < 20; i++) {
        keymap_init(&s.keys);
        for (a = 0; a < ACTION_COUNT; a++) {
            if (rng_range(&r, 0, 2) == 0) {
                keymap_bind(
                    &s.keys, (enum action)a,
                    keys[rng_range(&r, 0, sizeof keys / sizeof keys[0] - 1)]);
            }
        }
        for (a = 0; a < 12; a++) {
            footer_is_whole(&s, (int)rng_range(&r, 60, 250), 16 + 4 * a);
        }
    }
    sheet_clear(&s);
}

/* Down to one cell. */
static void half_a_word_is_never_shown_where_there_is_no_room(void **state)
{
    static const char *const whole[] = {"need 60x16",
                                        "60x16",
                                        "running · q ends it",
                                        "q ends it",
                                        "q",
                                        "test is running · q ends it",
                                        "over · q leaves",
                                        "q leaves",
                                        "test is over · q leaves",
                                        ""};
    struct sheet s;
    int cols, rows, row, done;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 10);
    for (done = 0; done < 2; done++) {
        s.ui.done = done == 1;
        for (cols = 1; cols < 60; cols++) {
            for (rows = 1; rows < 16; rows += 7) {
                (void)sheet_at(&s, cols, rows);
                for (row = 0; row < rows; row++) {
                    char text[256], have[128];
                    size_t i;

                    row_of(&s, row, text, sizeof text);
                    snprintf(have, sizeof have, "need 60x16, have %dx%d", cols,
                             rows);
                    for (i = 0; i < sizeof whole / sizeof whole[0] &&
                                strcmp(text, whole[i]) != 0;
                         i++) {
                    }
                    if (i == sizeof whole / sizeof whole[0] &&
                        strncmp(text, have, strlen(have)) != 0) {
                        fail_msg("%dx%d: '%s'", cols, rows, text);
                    }
                }
            }
        }
    }
    sheet_has(&s, 20, 5, "need 60x16");
    sheet_has(&s, 20, 5, "over · q leaves");
    sheet_has(&s, 9, 2, "60x16");
    sheet_has(&s, 9, 2, "q leaves");
    sheet_clear(&s);
}

static void
a_run_that_drains_says_what_it_waits_for_and_for_how_long(void **state)
{
    struct sheet s;
    size_t i;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 70);
    sheet_lacks(&s, 80, 24, "waits for");
    sim_command(&s.sim, COMMAND_STOP, 0, "");
    sim_tick(&s.sim);
    assert_true(s.sim.tick.draining > 1);
    for (i = 0; i < SHEET_SIZES; i++) {
        char text[96];

        snprintf(text, sizeof text,
                 "waits for %u iterations, gracefulStop 30 s",
                 (unsigned)s.sim.tick.draining);
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1], text);
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1], "Q cut off");
        sheet_lacks(&s, sheet_sizes[i][0], sheet_sizes[i][1], "Ctrl-C");
    }
    s.ui.big = true;
    sheet_has(&s, 120, 36, "waits for");
    sheet_clear(&s);
}

/* The first Ctrl-C asks for the end, and then the second one is of use. */
static void the_second_ctrl_c_is_told_after_the_first(void **state)
{
    struct sheet s;
    size_t i;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 70);
    s.sim.by = "SIGINT";
    sim_command(&s.sim, COMMAND_STOP, 0, "");
    sim_tick(&s.sim);
    for (i = 0; i < SHEET_SIZES; i++) {
        sheet_has(&s, sheet_sizes[i][0], sheet_sizes[i][1],
                  "Q or Ctrl-C: cut off");
    }
    /* From there Ctrl-C only leaves. */
    sheet_set_up(&s, (struct ui_config){.spectator = true, .steer = true});
    sheet_has(&s, 80, 24, "Q cut off");
    sheet_clear(&s);
}

static void keys_of_the_load_are_told_while_they_do_something(void **state)
{
    struct sheet s;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 20);
    sheet_has(&s, 120, 36, "no change of load by hand yet   ] [ by 10");
    sim_run(&s.sim, 90);
    sim_finish(&s.sim, 0);
    s.ui.done = true;
    sheet_has(&s, 120, 36, "no change of load by hand  ");
    sheet_lacks(&s, 120, 36, "] [");
    sheet_clear(&s);
    sheet_init(&s, NULL);
    sheet_set_up(&s, (struct ui_config){.spectator = true});
    sim_run(&s.sim, 20);
    sheet_lacks(&s, 120, 36, "] [");
    sheet_clear(&s);
}

/* Setup, or the first figures, may have taken a moment. */
static void the_end_is_told_to_the_nearest_second(void **state)
{
    static const struct {
        uint64_t t_us, left_us;
        const char *text;
    } rows[] = {{100300, 599999900, " 0:00 / 10:00"},
                {1400000, 599000000, " 0:01 / 10:00"},
                {100000, 299900000, " 0:00 / 5:00"},
                {0, 400000, " 0:00 / 0:01"},
                {100000, 1400000, " 0:00 / 0:02"}};
    struct sheet s;
    size_t i;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 2);
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sheet_look(&s, 80, 24);
        s.model.tick.t_us = rows[i].t_us;
        s.model.tick.left_us = rows[i].left_us;
        sheet_draw(&s, 80, 24);
        if (strstr(sheet_text(&s), rows[i].text) == NULL) {
            fail_msg("no%s in\n%s", rows[i].text, buf_str(&s.text));
        }
    }
    sheet_clear(&s);
}

static void the_help_names_another_key_while_there_is_one(void **state)
{
    struct sheet s;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 2);
    s.ui.panel = PANEL_HELP;
    sheet_has(&s, 120, 36, "this help, also F1");
    keymap_bind(&s.keys, ACTION_HELP, '!');
    sheet_has(&s, 120, 36, "!      this help  ");
    sheet_lacks(&s, 120, 36, "F1");
    sheet_clear(&s);
}

/* The column that words end in, at their first place; -1: they are nowhere. */
static int end_of(const char *text, const char *words)
{
    const char *hit = strstr(text, words), *at;
    char before[1024];

    if (hit == NULL) {
        return -1;
    }
    for (at = hit; at > text && at[-1] != '\n'; at--) {
    }
    snprintf(before, sizeof before, "%.*s", (int)(hit - at), at);
    return text_width(before) + text_width(words);
}

static void big_figures_end_below_one_another(void **state)
{
    static const int sizes[][2] = {{120, 36}, {200, 55}, {250, 70}};
    struct sheet s;
    size_t i;

    (void)state;
    sheet_init(&s, NULL);
    sim_run(&s.sim, 52);
    s.ui.big = true;
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const char *text = sheet_at(&s, sizes[i][0], sizes[i][1]);
        int left = end_of(text, " VUs "), right = end_of(text, "a second");

        assert_true(left > 0 && right > left);
        assert_int_equal(end_of(text, " p95 "), left);
        assert_int_equal(end_of(text, "thresholds, whole run "), left);
        assert_int_equal(end_of(text, " failed"), right);
    }
    sheet_clear(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_footer_has_no_torn_hint_at_any_width),
        cmocka_unit_test(keys_of_any_name_leave_the_footer_whole),
        cmocka_unit_test(half_a_word_is_never_shown_where_there_is_no_room),
        cmocka_unit_test(
            a_run_that_drains_says_what_it_waits_for_and_for_how_long),
        cmocka_unit_test(the_second_ctrl_c_is_told_after_the_first),
        cmocka_unit_test(keys_of_the_load_are_told_while_they_do_something),
        cmocka_unit_test(the_end_is_told_to_the_nearest_second),
        cmocka_unit_test(the_help_names_another_key_while_there_is_one),
        cmocka_unit_test(big_figures_end_below_one_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
