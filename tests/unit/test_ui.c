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

/* This exercises: the table of keys, and what each key asks of the run. */

static void desk_init_plan(struct sheet *d, bool local, const char *plan)
{
    sheet_init(d, plan);
    sim_run(&d->sim, 20);
    sheet_set_up(
        d, (struct ui_config){.host = "shop.example", .host_is_local = local});
    sheet_look(d, 120, 36);
}

static void desk_init(struct sheet *d, bool local)
{
    desk_init_plan(d, local, NULL);
}

static void every_key_is_there_once_and_says_what_it_does(void **state)
{
    int i, k;

    (void)state;
    for (i = 0; i < ACTION_COUNT; i++) {
        const struct keymap_row *a = keymap_row((enum action)i);

        assert_true(a->help[0] != '\0' && text_width(a->help) <= 28);
        assert_true(text_width(a->label) >= 1 && text_width(a->label) <= 6);
        assert_int_equal(keymap_find(a->key, a->where & WHERE_LIVE
                                                 ? WHERE_LIVE
                                                 : WHERE_DONE),
                         i);
        for (k = 0; k < i; k++) {
            const struct keymap_row *b = keymap_row((enum action)k);

            assert_int_not_equal(a->key, b->key);
            assert_true(a->other == 0 || a->other != b->other);
            assert_int_not_equal(a->other, b->key);
            assert_string_not_equal(a->help, b->help);
            assert_true(a->word[0] == '\0' || a->rank == 0 ||
                        a->rank != b->rank || b->word[0] == '\0');
        }
    }
}

/* Exactly the keys that the contract has, and no other is bound to anything. */
static void the_keys_are_those_of_the_contract(void **state)
{
    static const char now[] = "+-][}{va><s pmwuxfetrlkS?qQTzghoO/PBbcGMIR";
    static const char never[] = "dijnyAXZ01";
    size_t i;

    (void)state;
    for (i = 0; i < sizeof now - 1; i++) {
        enum action a = keymap_find((uint32_t)now[i], WHERE_LIVE);

        assert_int_not_equal(a, ACTION_COUNT);
    }
    for (i = 0; i < sizeof never - 1; i++) {
        assert_int_equal(keymap_find((uint32_t)never[i], WHERE_BOTH),
                         ACTION_COUNT);
    }
    assert_int_equal(keymap_find(TYPED_F1, WHERE_LIVE), ACTION_HELP);
    assert_int_equal(keymap_find(TYPED_ESC, WHERE_DONE), ACTION_BACK);
    assert_int_equal(keymap_find(TYPED_CTRL_L, WHERE_DONE), ACTION_REDRAW);
    assert_int_equal(keymap_find('w', WHERE_DONE), ACTION_WRITE);
    assert_int_equal(keymap_find('+', WHERE_DONE), ACTION_COUNT);
}

/* What keys there are is answered, never passed over in silence. */
static void keys_that_do_nothing_are_answered(void **state)
{
    static const struct {
        uint32_t key;
        bool done;
        const char *note;
    } rows[] = {
        {'b', false,
         "no baseline: start with --baseline FILE, results that w wrote"},
        {TYPED_TAB, false, "there is one scenario, and keys steer it"},
        {'j', false, "'j' does nothing here · ? shows the keys"},
        {0x0b, false, "'Ctrl-K' does nothing here · ? shows the keys"},
        {TYPED_RETURN, false, "'Enter' does nothing here · ? shows the keys"},
        {0xfc, false, "'ü' does nothing here · ? shows the keys"},
        {0x202e, false, "'\\u{202E}' does nothing here · ? shows the keys"},
        {TYPED_OTHER, false,
         "'a key without a name' does nothing here · ? shows the keys"},
        {'+', true, "'+' does nothing here: the run is over"},
        {'j', true, "'j' does nothing here · ? shows the keys"},
    };
    struct sheet d;
    size_t i;

    (void)state;
    desk_init(&d, true);
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        d.ui.done = rows[i].done;
        d.ui.note[0] = '\0';
        assert_int_equal(sheet_key(&d, rows[i].key), UI_DRAW);
        assert_string_equal(d.ui.note, rows[i].note);
    }
    assert_int_equal(d.posted, 0);
    sheet_clear(&d);
}

/* As people call it, or by what it sends. */
static void a_key_that_nothing_is_bound_to_is_called_by_its_name(void **state)
{
    struct typed t = {.key = TYPED_OTHER, .name = "Ctrl-F5"};
    struct hits hits = {.n = 0};
    struct sheet d;

    (void)state;
    desk_init(&d, true);
    assert_int_equal(ui_take(&d.ui, &d.model, &hits, &t, 1000), UI_DRAW);
    assert_string_equal(d.ui.note,
                        "'Ctrl-F5' does nothing here · ? shows the keys");
    sheet_clear(&d);
}

/* By a column, by ten, never out of the run and what is planned. */
static void the_cursor_walks_over_the_run_and_back_to_live(void **state)
{
    struct sheet d;
    uint64_t bin;
    int i;

    (void)state;
    desk_init(&d, true); /* 20 s of 1:48 */
    bin = d.model.bin_us;
    assert_true(bin >= 1000000);
    assert_false(d.ui.cursor);
    sheet_key(&d, TYPED_ARROW_LEFT);
    assert_true(d.ui.cursor);
    assert_int_equal(d.ui.cursor_us, 19999999 / bin * bin - bin);
    sheet_key(&d, TYPED_ARROW_RIGHT);
    assert_int_equal(d.ui.cursor_us, 19999999 / bin * bin);
    sheet_key(&d, TYPED_SHIFT_RIGHT);
    assert_int_equal(d.ui.cursor_us, 19999999 / bin * bin + 10 * bin);
    for (i = 0; i < 30; i++) {
        sheet_key(&d, TYPED_SHIFT_RIGHT);
    }
    assert_int_equal(d.ui.cursor_us, (d.model.reach_us - 1) / bin * bin);
    for (i = 0; i < 30; i++) {
        sheet_key(&d, TYPED_SHIFT_LEFT);
    }
    assert_int_equal(d.ui.cursor_us, 0);
    sheet_key(&d, TYPED_LAST);
    assert_false(d.ui.cursor);
    /* Esc: out of a panel first, then back to live, then out of a picture that
     * stands still. */
    sheet_key(&d, 'f');
    sheet_key(&d, TYPED_ARROW_LEFT);
    sheet_key(&d, 'e');
    sheet_key(&d, TYPED_ESC);
    assert_true(d.ui.cursor && d.ui.frozen && d.ui.panel == PANEL_NONE);
    sheet_key(&d, TYPED_ESC);
    assert_true(!d.ui.cursor && d.ui.frozen);
    sheet_key(&d, TYPED_ESC);
    assert_false(d.ui.frozen);
    assert_int_equal(d.posted, 0);
    sheet_clear(&d);
}

static void zoom_scale_and_heat_go_round(void **state)
{
    struct sheet d;
    enum heat_mode seen[4];
    size_t i;

    (void)state;
    desk_init(&d, true);
    sheet_key(&d, 'z'); /* five minutes would be more than all there is */
    assert_int_equal(d.ui.zoom, ZOOM_MINUTE);
    sheet_look(&d, 120, 36);
    assert_int_equal(d.model.axis.to_us - d.model.axis.from_us, 60000000);
    sheet_key(&d, 'z');
    assert_int_equal(d.ui.zoom, ZOOM_RUN);
    sheet_key(&d, 'g');
    assert_true(d.ui.linear);
    sheet_look(&d, 120, 36);
    assert_false(d.model.latency.log);
    sheet_key(&d, 'g');
    sheet_look(&d, 120, 36);
    assert_true(d.model.latency.log);
    for (i = 0; i < 4; i++) {
        sheet_look(&d, 120, 36);
        seen[i] = d.model.looked.heat;
        sheet_key(&d, 'h');
    }
    assert_int_equal(seen[0], HEAT_LINES);
    assert_int_equal(seen[1], HEAT_BOTH);
    assert_int_equal(seen[2], HEAT_ONLY);
    assert_int_equal(seen[3], HEAT_LINES);
    /* Keys may come faster than pictures: the last one made it both. */
    sheet_key(&d, 'h');
    sheet_look(&d, 120, 36);
    assert_int_equal(d.model.looked.heat, HEAT_ONLY);
    sheet_key(&d, 'h');
    sheet_key(&d, 'h');
    sheet_key(&d, 'h');
    sheet_look(&d, 120, 36);
    assert_int_equal(d.model.looked.heat, HEAT_ONLY);
    sheet_clear(&d);
}

/* The finished run's results can be written as well as the running one's. */
static void results_are_written_when_it_is_over_too(void **state)
{
    struct sheet d;

    (void)state;
    desk_init(&d, true);
    d.ui.done = true;
    sheet_key(&d, 'w');
    assert_int_equal(d.posted, 1);
    assert_int_equal(d.last.kind, COMMAND_WRITE);
    sheet_clear(&d);
}

static void steering_keys_post_their_command(void **state)
{
    static const struct {
        char key;
        enum command_kind kind;
        int64_t number;
    } rows[] = {
        {'+', COMMAND_ADD_VUS, 1},    {'-', COMMAND_ADD_VUS, -1},
        {']', COMMAND_ADD_VUS, 10},   {'[', COMMAND_ADD_VUS, -10},
        {'a', COMMAND_FOLLOW, 0},     {'>', COMMAND_NEXT_STAGE, 0},
        {'<', COMMAND_PREV_STAGE, 0}, {' ', COMMAND_HOLD, 0},
        {'p', COMMAND_PAUSE, 0},      {'x', COMMAND_SPIKE, 0},
        {'u', COMMAND_UNDO, 0},       {'w', COMMAND_WRITE, 0},
        {'Q', COMMAND_CUT, 0},
    };
    struct sheet d;
    size_t i;

    (void)state;
    desk_init(&d, true);
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sheet_key(&d, (unsigned char)rows[i].key);
        assert_int_equal(d.posted, i + 1);
        assert_int_equal(d.last.kind, rows[i].kind);
        assert_int_equal(d.last.number, rows[i].number);
        assert_string_equal(d.last.by, "keyboard");
        assert_string_equal(d.last.text, "");
    }
    sheet_clear(&d);
}

static void a_number_of_vus_is_read_in_all_its_forms(void **state)
{
    static const struct {
        const char *text;
        bool ok, relative, clamped;
        int64_t number;
    } rows[] = {
        {"80", true, false, false, 80},
        {"0", true, false, false, 0},
        {"+20", true, true, false, 20},
        {"-5", true, true, false, -5},
        {"x2", true, false, false, 100},
        {"X2", true, false, false, 100},
        {"*2", true, false, false, 100},
        {"x0.5", true, false, false, 25},
        {"x1.5", true, false, false, 75},
        {"501", true, false, true, 501},
        {"+451", true, true, true, 451},
        {"-51", true, true, true, -51},
        {"x11", true, false, true, 550},
        {"", false, false, false, 0},
        {"x", false, false, false, 0},
        {"+", false, true, false, 0},
        {"-", false, true, false, 0},
        {"+-5", false, true, false, 0},
        {"--5", false, true, false, 0},
        {"8x", false, false, false, 0},
        {"5O0O", false, false, false, 0},
        {"5O", false, false, false, 0},
        {"80 ", false, false, false, 0},
        {"8 0", false, false, false, 0},
        {"+ 5", false, true, false, 0},
        {"50%", false, false, false, 0},
        {"0x10", false, false, false, 0},
        {"-0", true, true, false, 0},
        {"1.5", false, false, false, 0},
        {"x-2", false, false, false, 0},
        {"99999999999999999999", false, false, false, 0},
        {"x1e300", false, false, false, 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ui_ask a = ui_ask_vus(rows[i].text, 50, 500);

        assert_int_equal(a.ok, rows[i].ok);
        assert_true(a.text[0] != '\0');
        if (a.ok) {
            assert_int_equal(a.relative, rows[i].relative);
            assert_int_equal(a.clamped, rows[i].clamped);
            assert_int_equal(a.number, rows[i].number);
        }
    }
    assert_string_equal(ui_ask_vus("63", 50, 500).text, "+13, at once");
    /* What is refused is quoted, as far as there is room for it. */
    assert_string_equal(ui_ask_vus("5O0O", 50, 500).text,
                        "'5O0O' is no number: 80, +20, -5 or x2");
    assert_string_equal(ui_ask_vus("x2x", 50, 500).text,
                        "'x2x' is no factor: x2, x0.5");
    assert_string_equal(ui_ask_vus("99999999999999999999", 50, 500).text,
                        "'99999999999999…' is more than there can ever be");
    assert_string_equal(ui_ask_vus("20000", 50, 18100).text,
                        "at most 18,100 can be given: those then");
}

static void the_vu_prompt_posts_what_was_typed(void **state)
{
    struct sheet d;

    (void)state;
    desk_init(&d, true);
    /* A letter is not left out, which would make another number of it: it is
     * seen, and refused. */
    sheet_type(&d, "v8O");
    assert_string_equal(d.ui.edit.text, "8O");
    assert_false(d.ui.refused);
    sheet_key(&d, TYPED_RETURN);
    assert_int_equal(d.posted, 0);
    assert_int_equal(d.ui.prompt, PROMPT_VUS);
    assert_true(d.ui.refused);
    sheet_key(&d, TYPED_RUBOUT);
    assert_string_equal(d.ui.edit.text, "8");
    assert_false(d.ui.refused);
    sheet_key(&d, TYPED_CTRL('U'));
    sheet_type(&d, "+15");
    assert_int_equal(d.posted, 0);
    sheet_key(&d, TYPED_RETURN);
    assert_int_equal(d.last.kind, COMMAND_ADD_VUS);
    assert_int_equal(d.last.number, 15);
    assert_int_equal(d.ui.prompt, PROMPT_NONE);
    sheet_type(&d, "vx2");
    sheet_key(&d, TYPED_RETURN);
    assert_int_equal(d.last.kind, COMMAND_SET_VUS);
    assert_int_equal(d.last.number, 40);
    /* What is no number does not go out, and the prompt stays. */
    sheet_type(&d, "vx");
    sheet_key(&d, TYPED_RETURN);
    assert_int_equal(d.posted, 2);
    assert_int_equal(d.ui.prompt, PROMPT_VUS);
    /* What was entered before comes back, of this prompt alone. */
    sheet_key(&d, TYPED_ARROW_UP);
    assert_string_equal(d.ui.edit.text, "x2");
    sheet_key(&d, TYPED_ARROW_UP);
    assert_string_equal(d.ui.edit.text, "+15");
    sheet_key(&d, TYPED_ESC);
    sheet_key(&d, 'm');
    sheet_key(&d, TYPED_ARROW_UP);
    assert_string_equal(d.ui.edit.text, "");
    sheet_key(&d, TYPED_ESC);
    assert_int_equal(d.ui.prompt, PROMPT_NONE);
    assert_int_equal(d.posted, 2);
    sheet_clear(&d);
}

static void a_mark_takes_any_word_within_bounds(void **state)
{
    struct sheet d;
    int i;

    (void)state;
    desk_init(&d, true);
    sheet_type(&d, "mdeploy 42, q + Q");
    sheet_key(&d, 0xe9);
    sheet_key(&d, 0x1b5b);
    sheet_key(&d, 0x202e); /* would turn the line around */
    sheet_key(&d, 0x07);
    sheet_key(&d, TYPED_RETURN);
    assert_int_equal(d.posted, 1);
    assert_int_equal(d.last.kind, COMMAND_MARK);
    assert_string_equal(d.last.text, "deploy 42, q + Q\xc3\xa9\xe1\xad\x9b");
    sheet_key(&d, 'm');
    for (i = 0; i < 1000; i++) {
        sheet_key(&d, 0x1f600);
    }
    assert_true(strlen(d.ui.edit.text) < 64);
    for (i = 0; i < 1000; i++) {
        sheet_key(&d, TYPED_RUBOUT);
    }
    assert_string_equal(d.ui.edit.text, "");
    sheet_key(&d, TYPED_RETURN);
    assert_string_equal(d.last.text, ""); /* the run numbers it */
    sheet_clear(&d);
}

static void q_asks_once_and_drains_and_leaves_when_it_is_over(void **state)
{
    struct sheet d;

    (void)state;
    desk_init(&d, true);
    sheet_key(&d, 'q');
    assert_int_equal(d.ui.prompt, PROMPT_QUIT);
    sheet_key(&d, 'n');
    assert_int_equal(d.posted, 0);
    sheet_type(&d, "qq");
    assert_int_equal(d.posted, 1);
    assert_int_equal(d.last.kind, COMMAND_STOP);
    /* While it drains there is nothing more to ask. */
    d.model.tick.state = RUN_DRAINING;
    sheet_key(&d, 'q');
    assert_int_equal(d.ui.prompt, PROMPT_NONE);
    assert_true(d.ui.note[0] != '\0');
    assert_int_equal(d.posted, 1);
    /* Its last tick is seen before its files are written: no question then, and
     * who asked to leave need not ask twice. */
    assert_false(d.ui.leave);
    d.model.tick.state = RUN_FINISHED;
    assert_int_equal(sheet_key(&d, 'q') & UI_LEAVE, 0);
    assert_int_equal(d.ui.prompt, PROMPT_NONE);
    assert_true(d.ui.leave);
    assert_int_equal(d.posted, 1);
    d.ui.done = true;
    assert_true((sheet_key(&d, 'q') & UI_LEAVE) != 0);
    assert_true((sheet_key(&d, 'Q') & UI_LEAVE) != 0);
    assert_int_equal(d.posted, 1);
    sheet_clear(&d);
}

static void a_strange_host_is_named_before_the_first_steer_upwards(void **state)
{
    static const char down[] = "-[au<>p ";
    struct sheet d;
    size_t i;

    (void)state;
    desk_init(&d, false);
    for (i = 0; i < sizeof down - 1; i++) {
        sheet_key(&d, (unsigned char)down[i]);
        assert_int_equal(d.ui.prompt, PROMPT_NONE);
    }
    sheet_type(&d, "v5");
    sheet_key(&d, TYPED_RETURN); /* fewer than now */
    assert_int_equal(d.posted, sizeof down);
    sheet_key(&d, 'x');
    assert_int_equal(d.ui.prompt, PROMPT_HOST);
    sheet_key(&d, TYPED_ESC);
    assert_int_equal(d.posted, sizeof down);
    sheet_type(&d, "v500");
    sheet_key(&d, TYPED_RETURN);
    assert_int_equal(d.ui.prompt, PROMPT_HOST);
    sheet_key(&d, 'y');
    assert_int_equal(d.last.kind, COMMAND_SET_VUS);
    assert_int_equal(d.last.number, 500);
    sheet_key(&d, '+');
    assert_int_equal(d.ui.prompt, PROMPT_NONE);
    assert_int_equal(d.posted, sizeof down + 2);
    sheet_clear(&d);
}

/* Ten times and above a thousand: of a rate, as machines give no such VUs. */
static void a_load_that_looks_like_a_slip_is_asked_for_twice(void **state)
{
    struct sheet d;
    struct ui_slip slip;
    struct tick_scenario t = {.wanted = 30, .wanted_max = 18100};
    struct curve c = {.peak = 150};

    (void)state;
    desk_init_plan(&d, false, sim_plan_arrivals);
    sheet_type(&d, "v900");
    sheet_key(&d, TYPED_RETURN);
    assert_int_equal(d.ui.prompt, PROMPT_HOST);
    sheet_key(&d, 'n');
    sheet_type(&d, "v5000000");
    sheet_key(&d, TYPED_RETURN);
    assert_int_equal(d.ui.prompt, PROMPT_SLIP);
    sheet_has(&d, 80, 24, " Enter yes  Esc no ");
    sheet_key(&d, 'n');
    assert_int_equal(d.ui.prompt, PROMPT_NONE);
    assert_int_equal(d.posted, 0);
    sheet_type(&d, "v+5000000");
    sheet_key(&d, TYPED_RETURN);
    assert_int_equal(d.ui.prompt, PROMPT_SLIP);
    sheet_key(&d, 'y');
    assert_int_equal(d.ui.prompt, PROMPT_HOST); /* which asks in turn */
    sheet_key(&d, 'y');
    assert_int_equal(d.posted, 1);
    assert_int_equal(d.last.kind, COMMAND_ADD_VUS);
    assert_int_equal(d.last.number, 5000000);
    sheet_clear(&d);
    assert_false(ui_slip(&t, &c, 1500, &slip));
    assert_true(ui_slip(&t, &c, 1501, &slip));
    assert_true(ui_slip(&t, &c, 5000000, &slip));
    assert_int_equal(slip.level, 18100);
    assert_int_equal(slip.most, 150);
    t.wanted = 1800; /* steered there by hand */
    assert_true(ui_slip(&t, &c, 18100, &slip));
    assert_false(ui_slip(&t, &c, 18000, &slip));
    t.wanted = c.peak = 0;
    assert_false(ui_slip(&t, &c, 1000, &slip));
    assert_false(ui_slip(&t, &c, -5, &slip));
}

static void what_is_pasted_never_acts(void **state)
{
    struct sheet d;

    (void)state;
    desk_init(&d, true);
    sheet_key(&d, TYPED_PASTE_BEGIN);
    sheet_type(&d, "+Q]x");
    sheet_key(&d, TYPED_PASTE_END);
    assert_int_equal(d.posted, 0);
    sheet_key(&d, 'v');
    sheet_key(&d, TYPED_PASTE_BEGIN);
    sheet_type(&d, "4");
    sheet_key(&d, TYPED_RETURN);
    sheet_type(&d, "2q");
    sheet_key(&d, TYPED_PASTE_END);
    assert_string_equal(d.ui.edit.text, "4"); /* its first line */
    sheet_key(&d, TYPED_PASTE_BEGIN);
    sheet_key(&d, '\n');
    sheet_type(&d, "2q");
    sheet_key(&d, TYPED_PASTE_END);
    assert_string_equal(d.ui.edit.text, "4");
    sheet_key(&d, TYPED_CTRL('U'));
    sheet_key(&d, TYPED_PASTE_BEGIN);
    sheet_key(&d, '\n');
    sheet_type(&d, "42");
    sheet_key(&d, TYPED_PASTE_END);
    assert_string_equal(d.ui.edit.text, "42");
    assert_int_equal(d.posted, 0);
    sheet_key(&d, TYPED_ESC);
    sheet_key(&d, 'q');
    sheet_key(&d, TYPED_PASTE_BEGIN);
    sheet_type(&d, "y");
    sheet_key(&d, TYPED_RETURN);
    sheet_key(&d, TYPED_PASTE_END);
    assert_int_equal(d.posted, 0);
    sheet_clear(&d);
}

static void lists_stay_within_their_rows_and_stages_jump(void **state)
{
    struct sheet d;
    int i;

    (void)state;
    desk_init(&d, true);
    sheet_key(&d, 's');
    assert_int_equal(d.ui.panel, PANEL_STAGES);
    assert_int_equal(d.ui.selected, (int)d.model.tick.scenarios[0].stage);
    for (i = 0; i < 50; i++) {
        sheet_key(&d, i % 2 == 0 ? TYPED_PAGE_DOWN : TYPED_ARROW_DOWN);
    }
    assert_int_equal(d.ui.selected, 5);
    sheet_key(&d, TYPED_FIRST);
    assert_int_equal(d.ui.selected, 0);
    sheet_key(&d, TYPED_ARROW_UP);
    sheet_key(&d, TYPED_PAGE_UP);
    assert_int_equal(d.ui.selected, 0);
    sheet_key(&d, TYPED_LAST);
    sheet_key(&d, TYPED_ARROW_UP);
    sheet_key(&d, TYPED_RETURN);
    assert_int_equal(d.last.kind, COMMAND_JUMP_STAGE);
    assert_int_equal(d.last.number, 5);
    assert_int_equal(d.ui.panel, PANEL_NONE);
    /* The same key closes what it opened; steering goes on in an open panel. */
    sheet_key(&d, 'e');
    sheet_key(&d, '+');
    assert_int_equal(d.last.kind, COMMAND_ADD_VUS);
    assert_int_equal(d.ui.panel, PANEL_ERRORS);
    sheet_key(&d, TYPED_LAST);
    assert_int_equal(d.ui.selected, 0);
    sheet_key(&d, 'e');
    assert_int_equal(d.ui.panel, PANEL_NONE);
    sheet_clear(&d);
}

static void nothing_steers_when_the_run_is_over(void **state)
{
    struct sheet d;
    uint32_t key;

    (void)state;
    desk_init(&d, true);
    d.ui.done = true;
    for (key = 1; key < 128; key++) {
        sheet_key(&d, key);
        sheet_key(&d, TYPED_RETURN);
        sheet_key(&d, TYPED_ESC);
    }
    /* S and w. */
    assert_int_equal(d.posted, 2);
    assert_int_equal(d.last.kind, COMMAND_WRITE);
    sheet_clear(&d);
}

/* Keys as a person has bound them, and told as such. */
static void bound_keys_do_and_say_what_they_are_bound_to(void **state)
{
    struct keymap keys;
    struct sheet d;

    (void)state;
    keymap_init(&keys);
    keymap_bind(&keys, ACTION_HOLD, 'H');
    keymap_bind(&keys, ACTION_HELP, 0x07);
    desk_init(&d, true);
    d.ui.config.keys = &keys;
    sheet_key(&d, 'H');
    assert_int_equal(d.last.kind, COMMAND_HOLD);
    sheet_key(&d, ' ');
    assert_int_equal(d.posted, 1);
    assert_string_equal(d.ui.note, "' ' does nothing here · Ctrl-G shows the "
                                   "keys");
    sheet_key(&d, 0x07);
    assert_int_equal(d.ui.panel, PANEL_HELP);
    assert_string_equal(ui_label(&d.ui, ACTION_HOLD), "H");
    sheet_clear(&d);
}

static void a_plan_s_name_is_asked_for(void **state)
{
    struct sheet d;

    (void)state;
    desk_init(&d, true);
    sheet_key(&d, 'S');
    assert_int_equal(d.ui.prompt, PROMPT_SAVE);
    sheet_type(&d, "mine.json");
    sheet_key(&d, TYPED_RETURN);
    assert_int_equal(d.ui.prompt, PROMPT_NONE);
    assert_int_equal(d.last.kind, COMMAND_SAVE);
    assert_string_equal(d.last.text, "mine.json");
    sheet_key(&d, 'S');
    sheet_key(&d, TYPED_RETURN);
    assert_string_equal(d.last.text, "");
    assert_int_equal(d.posted, 2);
    sheet_clear(&d);
}

static void no_row_of_keys_breaks_it(void **state)
{
    struct sheet d;
    struct rng r;
    int i;

    (void)state;
    desk_init(&d, false);
    rng_seed(&r, 9, 1);
    for (i = 0; i < 200000; i++) {
        uint64_t dice = rng_range(&r, 0, 9);

        sheet_key(&d, dice < 6   ? (uint32_t)rng_range(&r, 0, 127)
                      : dice < 9 ? (uint32_t)rng_range(&r, TYPED_RETURN,
                                                       TYPED_PASTE_END)
                                 : (uint32_t)rng_range(&r, 0, 0x110000));
        assert_true(d.ui.edit.len <= d.ui.edit.limit || d.ui.edit.len == 0);
        assert_int_equal(strlen(d.ui.edit.text), d.ui.edit.len);
        assert_true(d.ui.selected >= 0);
    }
    sheet_clear(&d);
}

/* Two scenarios: keys steer the chosen one, Tab goes to the next. */
static void tab_chooses_the_scenario_that_keys_steer(void **state)
{
    struct sheet d;

    (void)state;
    desk_init_plan(&d, true, sim_plan_mixed);
    assert_true(ui_offers(&d.model, ACTION_SCENARIO));
    sheet_key(&d, '+');
    assert_int_equal(d.last.scenario, 1);
    sheet_key(&d, TYPED_TAB);
    assert_string_equal(d.ui.note, "keys steer checkout");
    sheet_key(&d, 'x');
    assert_int_equal(d.last.kind, COMMAND_SPIKE);
    assert_int_equal(d.last.scenario, 2);
    sheet_key(&d, 'v');
    sheet_type(&d, "+20");
    sheet_key(&d, TYPED_RETURN);
    assert_int_equal(d.last.kind, COMMAND_ADD_VUS);
    assert_int_equal(d.last.number, 20);
    assert_int_equal(d.last.scenario, 2);
    /* One stage only: what follows is the end, of this scenario alone. */
    d.posted = 0;
    sheet_key(&d, '>');
    assert_int_equal(d.posted, 0);
    assert_int_equal(d.ui.prompt, PROMPT_END);
    sheet_key(&d, TYPED_RETURN);
    assert_int_equal(d.last.kind, COMMAND_NEXT_STAGE);
    assert_int_equal(d.last.scenario, 2);
    sheet_key(&d, TYPED_TAB);
    assert_int_equal(d.ui.chosen, 0);
    sheet_clear(&d);
}

static void what_is_shown_is_the_chosen_one(void **state)
{
    struct sheet d;

    (void)state;
    desk_init_plan(&d, true, sim_plan_mixed);
    assert_string_equal(d.model.part, "browse");
    assert_int_equal(model_curve(&d.model)->time_unit_us, 0);
    sheet_key(&d, TYPED_TAB);
    sheet_look(&d, 120, 36);
    assert_string_equal(d.model.part, "checkout");
    assert_true(model_at(&d.model)->timed);
    assert_true(d.model.n_stages == 1 && d.model.stages[0].start_us > 14000000);
    assert_false(d.model.levels[0].any);
    assert_true(d.model.levels[d.model.n_bins - 2].level > 20);
    sheet_clear(&d);
}

static void with_one_scenario_no_key_chooses_one(void **state)
{
    struct sheet d;

    (void)state;
    desk_init(&d, true);
    assert_false(ui_offers(&d.model, ACTION_SCENARIO));
    sheet_key(&d, '+');
    assert_int_equal(d.last.scenario, 0);
    assert_int_equal(sheet_key(&d, TYPED_TAB), UI_DRAW);
    assert_int_equal(d.ui.chosen, 0);
    sheet_clear(&d);
}

static void steps_are_as_large_as_was_chosen(void **state)
{
    static const int64_t sizes[] = {20, 50, 100, 200, 500, 1000, 1000};
    struct sheet d;
    int i;

    (void)state;
    desk_init(&d, true);
    for (i = 0; i < 7; i++) {
        sheet_key(&d, '}');
        sheet_key(&d, ']');
        assert_int_equal(d.last.kind, COMMAND_ADD_VUS);
        assert_int_equal(d.last.number, sizes[i]);
    }
    assert_int_equal(d.posted, 7);
    for (i = 0; i < 20; i++) {
        sheet_key(&d, '{');
    }
    assert_string_equal(d.ui.note, "] and [ go in steps of 1 now");
    sheet_key(&d, '[');
    assert_int_equal(d.last.number, -1);
    sheet_key(&d, '}');
    sheet_key(&d, '[');
    assert_int_equal(d.last.number, -2);
    /* One that is not in the list goes to its neighbours. */
    d.ui.step = 30;
    sheet_key(&d, '}');
    assert_int_equal(d.ui.step, 50);
    d.ui.step = 30;
    sheet_key(&d, '{');
    assert_int_equal(d.ui.step, 20);
    sheet_clear(&d);
}

static void the_list_of_steps_opens_and_moves(void **state)
{
    struct sheet d;

    (void)state;
    desk_init(&d, true);
    sim_command(&d.sim, COMMAND_SET_VUS, 30, "");
    sim_run(&d.sim, 8);
    sim_command(&d.sim, COMMAND_SET_VUS, 60, "");
    sim_run(&d.sim, 8);
    sheet_look(&d, 120, 36);
    sheet_key(&d, 'k');
    assert_int_equal(d.ui.panel, PANEL_STEPS);
    assert_true(ui_list_length(&d.ui, &d.model) >= 2);
    assert_true(d.model.steps.list[d.model.steps.n - 1].open);
    assert_int_equal(d.model.steps.list[d.model.steps.n - 1].p.load, 60);
    assert_string_equal(d.model.steps.list[d.model.steps.n - 1].p.by,
                        "keyboard");
    sheet_key(&d, TYPED_ARROW_DOWN);
    assert_int_equal(d.ui.selected, 1);
    sheet_key(&d, 'k');
    assert_int_equal(d.ui.panel, PANEL_NONE);
    sheet_clear(&d);
}

static void two_marks_have_figures_between_them(void **state)
{
    struct sheet d;

    (void)state;
    desk_init(&d, true);
    sim_command(&d.sim, COMMAND_MARK, 0, "one");
    sim_run(&d.sim, 5);
    sheet_look(&d, 120, 36);
    assert_false(d.model.steps.marks);
    sim_command(&d.sim, COMMAND_MARK, 0, "two");
    sim_run(&d.sim, 1);
    sheet_look(&d, 120, 36);
    assert_true(d.model.steps.marks);
    assert_true(d.model.steps.between_any);
    assert_string_equal(d.model.steps.mark_from, "one");
    assert_string_equal(d.model.steps.mark_to, "two");
    assert_int_equal(d.model.steps.between.slots, 5);
    assert_true(d.model.steps.between.sum.requests > 0);
    sheet_clear(&d);
}

static void an_earlier_run_is_shown_at_first_and_b_turns_it_off(void **state)
{
    struct sheet d;
    struct layout l = {.chart = 40};

    (void)state;
    desk_init(&d, true);
    assert_false(ui_want(&d.ui, &l).baseline);
    d.ui.config.has_baseline = true;
    ui_init(&d.ui, &d.ui.config);
    assert_true(ui_want(&d.ui, &l).baseline);
    assert_int_equal(sheet_key(&d, 'b'), UI_DRAW);
    assert_false(ui_want(&d.ui, &l).baseline);
    assert_string_equal(d.ui.note, "baseline off · b shows it again");
    assert_int_equal(sheet_key(&d, 'b'), UI_DRAW);
    assert_true(ui_want(&d.ui, &l).baseline);
    assert_string_equal(d.ui.note,
                        "baseline on · base: what it was then, ~ about");
    sheet_clear(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_as_large_as_was_chosen),
        cmocka_unit_test(the_list_of_steps_opens_and_moves),
        cmocka_unit_test(two_marks_have_figures_between_them),
        cmocka_unit_test(every_key_is_there_once_and_says_what_it_does),
        cmocka_unit_test(the_keys_are_those_of_the_contract),
        cmocka_unit_test(an_earlier_run_is_shown_at_first_and_b_turns_it_off),
        cmocka_unit_test(keys_that_do_nothing_are_answered),
        cmocka_unit_test(a_key_that_nothing_is_bound_to_is_called_by_its_name),
        cmocka_unit_test(the_cursor_walks_over_the_run_and_back_to_live),
        cmocka_unit_test(zoom_scale_and_heat_go_round),
        cmocka_unit_test(results_are_written_when_it_is_over_too),
        cmocka_unit_test(steering_keys_post_their_command),
        cmocka_unit_test(a_number_of_vus_is_read_in_all_its_forms),
        cmocka_unit_test(the_vu_prompt_posts_what_was_typed),
        cmocka_unit_test(a_mark_takes_any_word_within_bounds),
        cmocka_unit_test(q_asks_once_and_drains_and_leaves_when_it_is_over),
        cmocka_unit_test(
            a_strange_host_is_named_before_the_first_steer_upwards),
        cmocka_unit_test(a_load_that_looks_like_a_slip_is_asked_for_twice),
        cmocka_unit_test(what_is_pasted_never_acts),
        cmocka_unit_test(lists_stay_within_their_rows_and_stages_jump),
        cmocka_unit_test(nothing_steers_when_the_run_is_over),
        cmocka_unit_test(bound_keys_do_and_say_what_they_are_bound_to),
        cmocka_unit_test(a_plan_s_name_is_asked_for),
        cmocka_unit_test(no_row_of_keys_breaks_it),
        cmocka_unit_test(tab_chooses_the_scenario_that_keys_steer),
        cmocka_unit_test(what_is_shown_is_the_chosen_one),
        cmocka_unit_test(with_one_scenario_no_key_chooses_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
