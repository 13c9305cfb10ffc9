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
#include "screen/ui.h"
#include "support/sim.h"

/* This exercises: the table of keys, and what each key asks of the run. */

struct desk {
    struct sim sim;
    struct model_source *source;
    struct model model;
    struct ui ui;
    struct command last;
    int posted;
};

static void desk_post(void *ctx, const struct command *c)
{
    struct desk *d = ctx;

    d->last = *c;
    d->posted++;
}

static void desk_look(struct desk *d)
{
    struct layout l = ui_layout(&d->ui, &d->model, 120, 36);
    struct model_want w = ui_want(&d->ui, &l);

    model_update(&d->model, d->source, &w);
}

static void desk_init_plan(struct desk *d, bool local, const char *plan)
{
    struct ui_config c = {.post = desk_post,
                          .post_ctx = d,
                          .host = "shop.example",
                          .host_is_local = local};

    memset(d, 0, sizeof *d);
    sim_init(&d->sim, plan, 7);
    sim_run(&d->sim, 20);
    d->source = model_source_new(d->sim.story);
    model_init(&d->model);
    ui_init(&d->ui, &c);
    desk_look(d);
}

static void desk_init(struct desk *d, bool local)
{
    desk_init_plan(d, local, NULL);
}

static void desk_clear(struct desk *d)
{
    model_clear(&d->model);
    model_source_free(&d->source);
    sim_clear(&d->sim);
}

static unsigned desk_key(struct desk *d, uint32_t key)
{
    return ui_key(&d->ui, &d->model, key, 1000);
}

static void desk_type(struct desk *d, const char *text)
{
    for (; *text != '\0'; text++) {
        desk_key(d, (unsigned char)*text);
    }
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
    static const char now[] = "+-][}{va><s pmwuxfetrlkS?qQTzghoO/PBbcGM";
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
    struct desk d;
    size_t i;

    (void)state;
    desk_init(&d, true);
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        d.ui.done = rows[i].done;
        d.ui.note[0] = '\0';
        assert_int_equal(desk_key(&d, rows[i].key), UI_DRAW);
        assert_string_equal(d.ui.note, rows[i].note);
    }
    assert_int_equal(d.posted, 0);
    desk_clear(&d);
}

/* As people call it, or by what it sends. */
static void a_key_that_nothing_is_bound_to_is_called_by_its_name(void **state)
{
    struct typed t = {.key = TYPED_OTHER, .name = "Ctrl-F5"};
    struct hits hits = {.n = 0};
    struct desk d;

    (void)state;
    desk_init(&d, true);
    assert_int_equal(ui_take(&d.ui, &d.model, &hits, &t, 1000), UI_DRAW);
    assert_string_equal(d.ui.note,
                        "'Ctrl-F5' does nothing here · ? shows the keys");
    desk_clear(&d);
}

/* By a column, by ten, never out of the run and what is planned. */
static void the_cursor_walks_over_the_run_and_back_to_live(void **state)
{
    struct desk d;
    uint64_t bin;
    int i;

    (void)state;
    desk_init(&d, true); /* 20 s of 1:48 */
    bin = d.model.bin_us;
    assert_true(bin >= 1000000);
    assert_false(d.ui.cursor);
    desk_key(&d, TYPED_ARROW_LEFT);
    assert_true(d.ui.cursor);
    assert_int_equal(d.ui.cursor_us, 19999999 / bin * bin - bin);
    desk_key(&d, TYPED_ARROW_RIGHT);
    assert_int_equal(d.ui.cursor_us, 19999999 / bin * bin);
    desk_key(&d, TYPED_SHIFT_RIGHT);
    assert_int_equal(d.ui.cursor_us, 19999999 / bin * bin + 10 * bin);
    for (i = 0; i < 30; i++) {
        desk_key(&d, TYPED_SHIFT_RIGHT);
    }
    assert_int_equal(d.ui.cursor_us, (d.model.reach_us - 1) / bin * bin);
    for (i = 0; i < 30; i++) {
        desk_key(&d, TYPED_SHIFT_LEFT);
    }
    assert_int_equal(d.ui.cursor_us, 0);
    desk_key(&d, TYPED_LAST);
    assert_false(d.ui.cursor);
    /* Esc: out of a panel first, then back to live, then out of a picture that
     * stands still. */
    desk_key(&d, 'f');
    desk_key(&d, TYPED_ARROW_LEFT);
    desk_key(&d, 'e');
    desk_key(&d, TYPED_ESC);
    assert_true(d.ui.cursor && d.ui.frozen && d.ui.panel == PANEL_NONE);
    desk_key(&d, TYPED_ESC);
    assert_true(!d.ui.cursor && d.ui.frozen);
    desk_key(&d, TYPED_ESC);
    assert_false(d.ui.frozen);
    assert_int_equal(d.posted, 0);
    desk_clear(&d);
}

static void zoom_scale_and_heat_go_round(void **state)
{
    struct desk d;
    enum heat_mode seen[4];
    size_t i;

    (void)state;
    desk_init(&d, true);
    desk_key(&d, 'z'); /* five minutes would be more than all there is */
    assert_int_equal(d.ui.zoom, ZOOM_MINUTE);
    desk_look(&d);
    assert_int_equal(d.model.axis.to_us - d.model.axis.from_us, 60000000);
    desk_key(&d, 'z');
    assert_int_equal(d.ui.zoom, ZOOM_RUN);
    desk_key(&d, 'g');
    assert_true(d.ui.linear);
    desk_look(&d);
    assert_false(d.model.latency.log);
    desk_key(&d, 'g');
    desk_look(&d);
    assert_true(d.model.latency.log);
    for (i = 0; i < 4; i++) {
        desk_look(&d);
        seen[i] = d.model.looked.heat;
        desk_key(&d, 'h');
    }
    assert_int_equal(seen[0], HEAT_LINES);
    assert_int_equal(seen[1], HEAT_BOTH);
    assert_int_equal(seen[2], HEAT_ONLY);
    assert_int_equal(seen[3], HEAT_LINES);
    /* Keys may come faster than pictures: the last one made it both. */
    desk_key(&d, 'h');
    desk_look(&d);
    assert_int_equal(d.model.looked.heat, HEAT_ONLY);
    desk_key(&d, 'h');
    desk_key(&d, 'h');
    desk_key(&d, 'h');
    desk_look(&d);
    assert_int_equal(d.model.looked.heat, HEAT_ONLY);
    desk_clear(&d);
}

/* The finished run's results can be written as well as the running one's. */
static void results_are_written_when_it_is_over_too(void **state)
{
    struct desk d;

    (void)state;
    desk_init(&d, true);
    d.ui.done = true;
    desk_key(&d, 'w');
    assert_int_equal(d.posted, 1);
    assert_int_equal(d.last.kind, COMMAND_WRITE);
    desk_clear(&d);
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
    struct desk d;
    size_t i;

    (void)state;
    desk_init(&d, true);
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        desk_key(&d, (unsigned char)rows[i].key);
        assert_int_equal(d.posted, i + 1);
        assert_int_equal(d.last.kind, rows[i].kind);
        assert_int_equal(d.last.number, rows[i].number);
        assert_string_equal(d.last.by, "keyboard");
        assert_string_equal(d.last.text, "");
    }
    desk_clear(&d);
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
    assert_string_equal(ui_ask_vus("20000", 50, 18100).text,
                        "at most 18,100 can be given: those then");
}

static void the_vu_prompt_posts_what_was_typed(void **state)
{
    struct desk d;

    (void)state;
    desk_init(&d, true);
    desk_type(&d, "v8a0"); /* no letter gets into it */
    assert_string_equal(d.ui.edit.text, "80");
    desk_key(&d, TYPED_RUBOUT);
    assert_string_equal(d.ui.edit.text, "8");
    desk_key(&d, TYPED_CTRL('U'));
    desk_type(&d, "+15");
    assert_int_equal(d.posted, 0);
    desk_key(&d, TYPED_RETURN);
    assert_int_equal(d.last.kind, COMMAND_ADD_VUS);
    assert_int_equal(d.last.number, 15);
    assert_int_equal(d.ui.prompt, PROMPT_NONE);
    desk_type(&d, "vx2");
    desk_key(&d, TYPED_RETURN);
    assert_int_equal(d.last.kind, COMMAND_SET_VUS);
    assert_int_equal(d.last.number, 40);
    /* What is no number does not go out, and the prompt stays. */
    desk_type(&d, "vx");
    desk_key(&d, TYPED_RETURN);
    assert_int_equal(d.posted, 2);
    assert_int_equal(d.ui.prompt, PROMPT_VUS);
    /* What was entered before comes back, of this prompt alone. */
    desk_key(&d, TYPED_ARROW_UP);
    assert_string_equal(d.ui.edit.text, "x2");
    desk_key(&d, TYPED_ARROW_UP);
    assert_string_equal(d.ui.edit.text, "+15");
    desk_key(&d, TYPED_ESC);
    desk_key(&d, 'm');
    desk_key(&d, TYPED_ARROW_UP);
    assert_string_equal(d.ui.edit.text, "");
    desk_key(&d, TYPED_ESC);
    assert_int_equal(d.ui.prompt, PROMPT_NONE);
    assert_int_equal(d.posted, 2);
    desk_clear(&d);
}

static void a_mark_takes_any_word_within_bounds(void **state)
{
    struct desk d;
    int i;

    (void)state;
    desk_init(&d, true);
    desk_type(&d, "mdeploy 42, q + Q");
    desk_key(&d, 0xe9);
    desk_key(&d, 0x1b5b);
    desk_key(&d, 0x202e); /* would turn the line around */
    desk_key(&d, 0x07);
    desk_key(&d, TYPED_RETURN);
    assert_int_equal(d.posted, 1);
    assert_int_equal(d.last.kind, COMMAND_MARK);
    assert_string_equal(d.last.text, "deploy 42, q + Q\xc3\xa9\xe1\xad\x9b");
    desk_key(&d, 'm');
    for (i = 0; i < 1000; i++) {
        desk_key(&d, 0x1f600);
    }
    assert_true(strlen(d.ui.edit.text) < 64);
    for (i = 0; i < 1000; i++) {
        desk_key(&d, TYPED_RUBOUT);
    }
    assert_string_equal(d.ui.edit.text, "");
    desk_key(&d, TYPED_RETURN);
    assert_string_equal(d.last.text, ""); /* the run numbers it */
    desk_clear(&d);
}

static void q_asks_once_and_drains_and_leaves_when_it_is_over(void **state)
{
    struct desk d;

    (void)state;
    desk_init(&d, true);
    desk_key(&d, 'q');
    assert_int_equal(d.ui.prompt, PROMPT_QUIT);
    desk_key(&d, 'n');
    assert_int_equal(d.posted, 0);
    desk_type(&d, "qq");
    assert_int_equal(d.posted, 1);
    assert_int_equal(d.last.kind, COMMAND_STOP);
    /* While it drains there is nothing more to ask. */
    d.model.tick.state = RUN_DRAINING;
    desk_key(&d, 'q');
    assert_int_equal(d.ui.prompt, PROMPT_NONE);
    assert_true(d.ui.note[0] != '\0');
    assert_int_equal(d.posted, 1);
    /* Its last tick is seen before its files are written: no question then, and
     * who asked to leave need not ask twice. */
    assert_false(d.ui.leave);
    d.model.tick.state = RUN_FINISHED;
    assert_int_equal(desk_key(&d, 'q') & UI_LEAVE, 0);
    assert_int_equal(d.ui.prompt, PROMPT_NONE);
    assert_true(d.ui.leave);
    assert_int_equal(d.posted, 1);
    d.ui.done = true;
    assert_true((desk_key(&d, 'q') & UI_LEAVE) != 0);
    assert_true((desk_key(&d, 'Q') & UI_LEAVE) != 0);
    assert_int_equal(d.posted, 1);
    desk_clear(&d);
}

static void a_strange_host_is_named_before_the_first_steer_upwards(void **state)
{
    static const char down[] = "-[au<>p ";
    struct desk d;
    size_t i;

    (void)state;
    desk_init(&d, false);
    for (i = 0; i < sizeof down - 1; i++) {
        desk_key(&d, (unsigned char)down[i]);
        assert_int_equal(d.ui.prompt, PROMPT_NONE);
    }
    desk_type(&d, "v5");
    desk_key(&d, TYPED_RETURN); /* fewer than now */
    assert_int_equal(d.posted, sizeof down);
    desk_key(&d, 'x');
    assert_int_equal(d.ui.prompt, PROMPT_HOST);
    desk_key(&d, TYPED_ESC);
    assert_int_equal(d.posted, sizeof down);
    desk_type(&d, "v500");
    desk_key(&d, TYPED_RETURN);
    assert_int_equal(d.ui.prompt, PROMPT_HOST);
    desk_key(&d, 'y');
    assert_int_equal(d.last.kind, COMMAND_SET_VUS);
    assert_int_equal(d.last.number, 500);
    desk_key(&d, '+');
    assert_int_equal(d.ui.prompt, PROMPT_NONE);
    assert_int_equal(d.posted, sizeof down + 2);
    desk_clear(&d);
}

static void what_is_pasted_never_acts(void **state)
{
    struct desk d;

    (void)state;
    desk_init(&d, true);
    desk_key(&d, TYPED_PASTE_BEGIN);
    desk_type(&d, "+Q]x");
    desk_key(&d, TYPED_PASTE_END);
    assert_int_equal(d.posted, 0);
    desk_key(&d, 'v');
    desk_key(&d, TYPED_PASTE_BEGIN);
    desk_type(&d, "4");
    desk_key(&d, TYPED_RETURN);
    desk_type(&d, "2q");
    desk_key(&d, TYPED_PASTE_END);
    assert_string_equal(d.ui.edit.text, "42");
    assert_int_equal(d.posted, 0);
    desk_key(&d, TYPED_ESC);
    desk_key(&d, 'q');
    desk_key(&d, TYPED_PASTE_BEGIN);
    desk_type(&d, "y");
    desk_key(&d, TYPED_RETURN);
    desk_key(&d, TYPED_PASTE_END);
    assert_int_equal(d.posted, 0);
    desk_clear(&d);
}

static void lists_stay_within_their_rows_and_stages_jump(void **state)
{
    struct desk d;
    int i;

    (void)state;
    desk_init(&d, true);
    desk_key(&d, 's');
    assert_int_equal(d.ui.panel, PANEL_STAGES);
    assert_int_equal(d.ui.selected, (int)d.model.tick.scenarios[0].stage);
    for (i = 0; i < 50; i++) {
        desk_key(&d, i % 2 == 0 ? TYPED_PAGE_DOWN : TYPED_ARROW_DOWN);
    }
    assert_int_equal(d.ui.selected, 5);
    desk_key(&d, TYPED_FIRST);
    assert_int_equal(d.ui.selected, 0);
    desk_key(&d, TYPED_ARROW_UP);
    desk_key(&d, TYPED_PAGE_UP);
    assert_int_equal(d.ui.selected, 0);
    desk_key(&d, TYPED_LAST);
    desk_key(&d, TYPED_ARROW_UP);
    desk_key(&d, TYPED_RETURN);
    assert_int_equal(d.last.kind, COMMAND_JUMP_STAGE);
    assert_int_equal(d.last.number, 5);
    assert_int_equal(d.ui.panel, PANEL_NONE);
    /* The same key closes what it opened; steering goes on in an open panel. */
    desk_key(&d, 'e');
    desk_key(&d, '+');
    assert_int_equal(d.last.kind, COMMAND_ADD_VUS);
    assert_int_equal(d.ui.panel, PANEL_ERRORS);
    desk_key(&d, TYPED_LAST);
    assert_int_equal(d.ui.selected, 0);
    desk_key(&d, 'e');
    assert_int_equal(d.ui.panel, PANEL_NONE);
    desk_clear(&d);
}

static void nothing_steers_when_the_run_is_over(void **state)
{
    struct desk d;
    uint32_t key;

    (void)state;
    desk_init(&d, true);
    d.ui.done = true;
    for (key = 1; key < 128; key++) {
        desk_key(&d, key);
        desk_key(&d, TYPED_RETURN);
        desk_key(&d, TYPED_ESC);
    }
    /* S and w. */
    assert_int_equal(d.posted, 2);
    assert_int_equal(d.last.kind, COMMAND_WRITE);
    desk_clear(&d);
}

/* Keys as a person has bound them, and told as such. */
static void bound_keys_do_and_say_what_they_are_bound_to(void **state)
{
    struct keymap keys;
    struct desk d;

    (void)state;
    keymap_init(&keys);
    keymap_bind(&keys, ACTION_HOLD, 'H');
    keymap_bind(&keys, ACTION_HELP, 0x07);
    desk_init(&d, true);
    d.ui.config.keys = &keys;
    desk_key(&d, 'H');
    assert_int_equal(d.last.kind, COMMAND_HOLD);
    desk_key(&d, ' ');
    assert_int_equal(d.posted, 1);
    assert_string_equal(d.ui.note, "' ' does nothing here · Ctrl-G shows the "
                                   "keys");
    desk_key(&d, 0x07);
    assert_int_equal(d.ui.panel, PANEL_HELP);
    assert_string_equal(ui_label(&d.ui, ACTION_HOLD), "H");
    desk_clear(&d);
}

static void a_plan_s_name_is_asked_for(void **state)
{
    struct desk d;

    (void)state;
    desk_init(&d, true);
    desk_key(&d, 'S');
    assert_int_equal(d.ui.prompt, PROMPT_SAVE);
    desk_type(&d, "mine.json");
    desk_key(&d, TYPED_RETURN);
    assert_int_equal(d.ui.prompt, PROMPT_NONE);
    assert_int_equal(d.last.kind, COMMAND_SAVE);
    assert_string_equal(d.last.text, "mine.json");
    desk_key(&d, 'S');
    desk_key(&d, TYPED_RETURN);
    assert_string_equal(d.last.text, "");
    assert_int_equal(d.posted, 2);
    desk_clear(&d);
}

static void no_row_of_keys_breaks_it(void **state)
{
    struct desk d;
    struct rng r;
    int i;

    (void)state;
    desk_init(&d, false);
    rng_seed(&r, 9, 1);
    for (i = 0; i < 200000; i++) {
        uint64_t dice = rng_range(&r, 0, 9);

        desk_key(&d, dice < 6   ? (uint32_t)rng_range(&r, 0, 127)
                     : dice < 9 ? (uint32_t)rng_range(&r, TYPED_RETURN,
                                                      TYPED_PASTE_END)
                                : (uint32_t)rng_range(&r, 0, 0x110000));
        assert_true(d.ui.edit.len <= d.ui.edit.limit || d.ui.edit.len == 0);
        assert_int_equal(strlen(d.ui.edit.text), d.ui.edit.len);
        assert_true(d.ui.selected >= 0);
    }
    desk_clear(&d);
}

/* Two scenarios: keys steer the chosen one, Tab goes to the next. */
static void tab_chooses_the_scenario_that_keys_steer(void **state)
{
    struct desk d;

    (void)state;
    desk_init_plan(&d, true, sim_plan_mixed);
    assert_true(ui_offers(&d.model, ACTION_SCENARIO));
    desk_key(&d, '+');
    assert_int_equal(d.last.scenario, 1);
    desk_key(&d, TYPED_TAB);
    assert_string_equal(d.ui.note, "keys steer checkout");
    desk_key(&d, 'x');
    assert_int_equal(d.last.kind, COMMAND_SPIKE);
    assert_int_equal(d.last.scenario, 2);
    desk_key(&d, 'v');
    desk_type(&d, "+20");
    desk_key(&d, TYPED_RETURN);
    assert_int_equal(d.last.kind, COMMAND_ADD_VUS);
    assert_int_equal(d.last.number, 20);
    assert_int_equal(d.last.scenario, 2);
    /* One stage only: what follows is the end, of this scenario alone. */
    d.posted = 0;
    desk_key(&d, '>');
    assert_int_equal(d.posted, 0);
    assert_int_equal(d.ui.prompt, PROMPT_END);
    desk_key(&d, TYPED_RETURN);
    assert_int_equal(d.last.kind, COMMAND_NEXT_STAGE);
    assert_int_equal(d.last.scenario, 2);
    desk_key(&d, TYPED_TAB);
    assert_int_equal(d.ui.chosen, 0);
    desk_clear(&d);
}

static void what_is_shown_is_the_chosen_one(void **state)
{
    struct desk d;

    (void)state;
    desk_init_plan(&d, true, sim_plan_mixed);
    assert_string_equal(d.model.part, "browse");
    assert_int_equal(model_curve(&d.model)->time_unit_us, 0);
    desk_key(&d, TYPED_TAB);
    desk_look(&d);
    assert_string_equal(d.model.part, "checkout");
    assert_true(model_at(&d.model)->timed);
    assert_true(d.model.n_stages == 1 && d.model.stages[0].start_us > 14000000);
    assert_false(d.model.levels[0].any);
    assert_true(d.model.levels[d.model.n_bins - 2].level > 20);
    desk_clear(&d);
}

static void with_one_scenario_no_key_chooses_one(void **state)
{
    struct desk d;

    (void)state;
    desk_init(&d, true);
    assert_false(ui_offers(&d.model, ACTION_SCENARIO));
    desk_key(&d, '+');
    assert_int_equal(d.last.scenario, 0);
    assert_int_equal(desk_key(&d, TYPED_TAB), UI_DRAW);
    assert_int_equal(d.ui.chosen, 0);
    desk_clear(&d);
}

static void steps_are_as_large_as_was_chosen(void **state)
{
    static const int64_t sizes[] = {20, 50, 100, 200, 500, 1000, 1000};
    struct desk d;
    int i;

    (void)state;
    desk_init(&d, true);
    for (i = 0; i < 7; i++) {
        desk_key(&d, '}');
        desk_key(&d, ']');
        assert_int_equal(d.last.kind, COMMAND_ADD_VUS);
        assert_int_equal(d.last.number, sizes[i]);
    }
    assert_int_equal(d.posted, 7);
    for (i = 0; i < 20; i++) {
        desk_key(&d, '{');
    }
    assert_string_equal(d.ui.note, "] and [ go in steps of 1 now");
    desk_key(&d, '[');
    assert_int_equal(d.last.number, -1);
    desk_key(&d, '}');
    desk_key(&d, '[');
    assert_int_equal(d.last.number, -2);
    /* One that is not in the list goes to its neighbours. */
    d.ui.step = 30;
    desk_key(&d, '}');
    assert_int_equal(d.ui.step, 50);
    d.ui.step = 30;
    desk_key(&d, '{');
    assert_int_equal(d.ui.step, 20);
    desk_clear(&d);
}

static void the_list_of_steps_opens_and_moves(void **state)
{
    struct desk d;

    (void)state;
    desk_init(&d, true);
    sim_command(&d.sim, COMMAND_SET_VUS, 30, "");
    sim_run(&d.sim, 8);
    sim_command(&d.sim, COMMAND_SET_VUS, 60, "");
    sim_run(&d.sim, 8);
    desk_look(&d);
    desk_key(&d, 'k');
    assert_int_equal(d.ui.panel, PANEL_STEPS);
    assert_true(ui_list_length(&d.ui, &d.model) >= 2);
    assert_true(d.model.steps.list[d.model.steps.n - 1].open);
    assert_int_equal(d.model.steps.list[d.model.steps.n - 1].p.load, 60);
    assert_string_equal(d.model.steps.list[d.model.steps.n - 1].p.by,
                        "keyboard");
    desk_key(&d, TYPED_ARROW_DOWN);
    assert_int_equal(d.ui.selected, 1);
    desk_key(&d, 'k');
    assert_int_equal(d.ui.panel, PANEL_NONE);
    desk_clear(&d);
}

static void two_marks_have_figures_between_them(void **state)
{
    struct desk d;

    (void)state;
    desk_init(&d, true);
    sim_command(&d.sim, COMMAND_MARK, 0, "one");
    sim_run(&d.sim, 5);
    desk_look(&d);
    assert_false(d.model.steps.marks);
    sim_command(&d.sim, COMMAND_MARK, 0, "two");
    sim_run(&d.sim, 1);
    desk_look(&d);
    assert_true(d.model.steps.marks);
    assert_true(d.model.steps.between_any);
    assert_string_equal(d.model.steps.mark_from, "one");
    assert_string_equal(d.model.steps.mark_to, "two");
    assert_int_equal(d.model.steps.between.slots, 5);
    assert_true(d.model.steps.between.sum.requests > 0);
    desk_clear(&d);
}

static void an_earlier_run_is_shown_at_first_and_b_turns_it_off(void **state)
{
    struct desk d;
    struct layout l = {.chart = 40};

    (void)state;
    desk_init(&d, true);
    assert_false(ui_want(&d.ui, &l).baseline);
    d.ui.config.has_baseline = true;
    ui_init(&d.ui, &d.ui.config);
    assert_true(ui_want(&d.ui, &l).baseline);
    assert_int_equal(desk_key(&d, 'b'), UI_DRAW);
    assert_false(ui_want(&d.ui, &l).baseline);
    assert_string_equal(d.ui.note, "baseline off · b shows it again");
    assert_int_equal(desk_key(&d, 'b'), UI_DRAW);
    assert_true(ui_want(&d.ui, &l).baseline);
    assert_string_equal(d.ui.note,
                        "baseline on · base: what it was then, ~ about");
    desk_clear(&d);
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
