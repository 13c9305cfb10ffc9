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
#include "support/sim.h"
#include "support/view_kit.h"

/* This exercises: the rows at the edges of the picture, at every width there
 * is: what does not fit is left out whole, and what is said is so now. */

/* Row row of the last picture without the blanks at its ends. */
static const char *row_of(struct view *v, int row, char *buf, size_t size)
{
    const char *at = buf_str(&v->text);
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
static bool hint_is_known(const struct view *v, const char *hint)
{
    static const char *const open[] = {
        "Enter take it", "Esc cancel", "Enter look", "↑↓ choose", "Enter jump",
        "Enter end",     "Esc go on",  "Enter yes",  "Esc no",    NULL};
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
        const char *label = ui_label(&v->ui, (enum action)i);

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
static void footer_is_whole(struct view *v, int cols, int rows)
{
    char row[1024], *at = row, *next;
    bool help = false;
    char want[32];

    (void)view_text(v, cols, rows);
    row_of(v, rows - 1, row, sizeof row);
    snprintf(want, sizeof want, "%s help", ui_label(&v->ui, ACTION_HELP));
    for (; at != NULL; at = next) {
        next = strstr(at, "  ");
        if (next != NULL) {
            *next = '\0';
            next += 2;
        }
        if (!hint_is_known(v, at)) {
            fail_msg("'%s' at %dx%d:\n%s", at, cols, rows, buf_str(&v->text));
        }
        help = help || strcmp(at, want) == 0;
    }
    if (v->ui.prompt == PROMPT_NONE && !help) {
        fail_msg("no help at %dx%d:\n%s", cols, rows, buf_str(&v->text));
    }
}

static void footer_at_all_widths(struct view *v)
{
    static const int rows[] = {16, 24, 36, 55};
    size_t i;
    int cols;

    for (cols = 60; cols <= 250; cols++) {
        for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            if (cols < 80 || rows[i] != 16) {
                footer_is_whole(v, cols, rows[i]);
            }
        }
    }
}

static void the_footer_has_no_torn_hint_at_any_width(void **state)
{
    static const struct ui_config looks_on = {.spectator = true};
    struct sim sim;
    struct view v;
    int i;

    (void)state;
    sim_init(&sim, NULL, 7);
    view_init(&v, sim.story, NULL);
    sim_run(&sim, 52);
    footer_at_all_widths(&v);
    for (i = PANEL_NONE + 1; i < PANEL_COUNT; i++) {
        v.ui.panel = (enum ui_panel)i;
        footer_is_whole(&v, 60, 16);
        footer_is_whole(&v, 80, 24);
        footer_is_whole(&v, 141, 40);
    }
    v.ui.panel = PANEL_NONE;
    for (i = PROMPT_NONE + 1; i < PROMPT_COUNT; i++) {
        v.ui.prompt = (enum ui_prompt)i;
        if (i != PROMPT_FILTER) { /* which is typed there */
            footer_is_whole(&v, 60, 16);
            footer_is_whole(&v, 80, 24);
        }
    }
    v.ui.prompt = PROMPT_NONE;
    v.ui.cursor = v.ui.picked = v.ui.mouse = v.ui.big = true;
    v.ui.cursor_us = 20000000;
    footer_at_all_widths(&v);
    v.ui.cursor = v.ui.big = false;
    sim_command(&sim, COMMAND_STOP, 0, "");
    sim_tick(&sim);
    footer_at_all_widths(&v);
    sim_finish(&sim, 99);
    v.ui.done = true;
    footer_at_all_widths(&v);
    view_clear(&v);
    view_init(&v, sim.story, &looks_on);
    footer_at_all_widths(&v);
    view_clear(&v);
    sim_clear(&sim);
}

static void keys_of_any_name_leave_the_footer_whole(void **state)
{
    static const uint32_t keys[] = {
        ' ',          TYPED_TAB,      TYPED_F1, 0x65e5, TYPED_SHIFT_LEFT,
        TYPED_DELETE, TYPED_CTRL('A')};
    struct sim sim;
    struct rng r;
    int i, a;

    (void)state;
    sim_init(&sim, sim_plan_mixed, 7);
    sim_run(&sim, 30);
    rng_seed(&r, 11, 1);
    for (i = 0; i < 20; i++) {
        struct view v;

        view_init(&v, sim.story, NULL);
        for (a = 0; a < ACTION_COUNT; a++) {
            if (rng_range(&r, 0, 2) == 0) {
                keymap_bind(
                    &v.keys, (enum action)a,
                    keys[rng_range(&r, 0, sizeof keys / sizeof keys[0] - 1)]);
            }
        }
        for (a = 0; a < 12; a++) {
            footer_is_whole(&v, (int)rng_range(&r, 60, 250), 16 + 4 * a);
        }
        view_clear(&v);
    }
    sim_clear(&sim);
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
    struct sim sim;
    struct view v;
    int cols, rows, row, done;

    (void)state;
    sim_init(&sim, NULL, 7);
    sim_run(&sim, 10);
    view_init(&v, sim.story, NULL);
    for (done = 0; done < 2; done++) {
        v.ui.done = done == 1;
        for (cols = 1; cols < 60; cols++) {
            for (rows = 1; rows < 16; rows += 7) {
                (void)view_text(&v, cols, rows);
                for (row = 0; row < rows; row++) {
                    char text[256], have[128];
                    size_t i;

                    row_of(&v, row, text, sizeof text);
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
    view_has(&v, 20, 5, "need 60x16");
    view_has(&v, 20, 5, "over · q leaves");
    view_has(&v, 9, 2, "60x16");
    view_has(&v, 9, 2, "q leaves");
    view_clear(&v);
    sim_clear(&sim);
}

static void
a_run_that_drains_says_what_it_waits_for_and_for_how_long(void **state)
{
    struct sim sim;
    struct view v;
    size_t i;

    (void)state;
    sim_init(&sim, NULL, 7);
    view_init(&v, sim.story, NULL);
    sim_run(&sim, 70);
    view_lacks(&v, 80, 24, "waits for");
    sim_command(&sim, COMMAND_STOP, 0, "");
    sim_tick(&sim);
    assert_true(sim.tick.draining > 1);
    for (i = 0; i < VIEW_SIZES; i++) {
        char text[96];

        snprintf(text, sizeof text, "waits for %u iterations, gracefulStop 30s",
                 (unsigned)sim.tick.draining);
        view_has(&v, view_sizes[i][0], view_sizes[i][1], text);
        view_has(&v, view_sizes[i][0], view_sizes[i][1], "Q cut off");
        view_lacks(&v, view_sizes[i][0], view_sizes[i][1], "Ctrl-C");
    }
    v.ui.big = true;
    view_has(&v, 120, 36, "waits for");
    view_clear(&v);
    sim_clear(&sim);
}

/* The first Ctrl-C asks for the end, and then the second one is of use. */
static void the_second_ctrl_c_is_told_after_the_first(void **state)
{
    static const struct ui_config looks_on = {.spectator = true, .steer = true};
    struct sim sim;
    struct view v;
    size_t i;

    (void)state;
    sim_init(&sim, NULL, 7);
    view_init(&v, sim.story, NULL);
    sim_run(&sim, 70);
    sim.by = "SIGINT";
    sim_command(&sim, COMMAND_STOP, 0, "");
    sim_tick(&sim);
    for (i = 0; i < VIEW_SIZES; i++) {
        view_has(&v, view_sizes[i][0], view_sizes[i][1],
                 "Q or Ctrl-C: cut off");
    }
    view_clear(&v);
    /* From there Ctrl-C only leaves. */
    view_init(&v, sim.story, &looks_on);
    view_has(&v, 80, 24, "Q cut off");
    view_clear(&v);
    sim_clear(&sim);
}

static void keys_of_the_load_are_told_while_they_do_something(void **state)
{
    static const struct ui_config looks_on = {.spectator = true};
    struct sim sim;
    struct view v;

    (void)state;
    sim_init(&sim, NULL, 7);
    view_init(&v, sim.story, NULL);
    sim_run(&sim, 20);
    view_has(&v, 120, 36, "no change of load by hand yet   ] [ by 10");
    sim_run(&sim, 90);
    sim_finish(&sim, 0);
    v.ui.done = true;
    view_has(&v, 120, 36, "no change of load by hand  ");
    view_lacks(&v, 120, 36, "] [");
    view_clear(&v);
    sim_clear(&sim);
    sim_init(&sim, NULL, 7);
    view_init(&v, sim.story, &looks_on);
    sim_run(&sim, 20);
    view_lacks(&v, 120, 36, "] [");
    view_clear(&v);
    sim_clear(&sim);
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
    struct sim sim;
    struct view v;
    size_t i;

    (void)state;
    sim_init(&sim, NULL, 7);
    view_init(&v, sim.story, NULL);
    sim_run(&sim, 2);
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        view_look(&v, 80, 24);
        v.model.tick.t_us = rows[i].t_us;
        v.model.tick.left_us = rows[i].left_us;
        view_draw(&v, 80, 24);
        buf_clear(&v.text);
        buf_init(&v.text, 1 << 22);
        grid_text(&v.grid, &v.text);
        if (strstr(buf_str(&v.text), rows[i].text) == NULL) {
            fail_msg("no%s in\n%s", rows[i].text, buf_str(&v.text));
        }
    }
    view_clear(&v);
    sim_clear(&sim);
}

static void the_help_names_another_key_while_there_is_one(void **state)
{
    struct sim sim;
    struct view v;

    (void)state;
    sim_init(&sim, NULL, 7);
    view_init(&v, sim.story, NULL);
    sim_run(&sim, 2);
    v.ui.panel = PANEL_HELP;
    view_has(&v, 120, 36, "this help, also F1");
    keymap_bind(&v.keys, ACTION_HELP, '!');
    view_has(&v, 120, 36, "!      this help  ");
    view_lacks(&v, 120, 36, "F1");
    view_clear(&v);
    sim_clear(&sim);
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
    struct sim sim;
    struct view v;
    size_t i;

    (void)state;
    sim_init(&sim, NULL, 7);
    view_init(&v, sim.story, NULL);
    sim_run(&sim, 52);
    v.ui.big = true;
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const char *text = view_text(&v, sizes[i][0], sizes[i][1]);
        int left = end_of(text, " VUs "), right = end_of(text, "a second");

        assert_true(left > 0 && right > left);
        assert_int_equal(end_of(text, " p95 "), left);
        assert_int_equal(end_of(text, "thresholds, whole run "), left);
        assert_int_equal(end_of(text, " failed"), right);
    }
    view_clear(&v);
    sim_clear(&sim);
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
