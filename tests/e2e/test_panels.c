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

#include <sys/wait.h>

#include "base/file.h"
#include "base/text.h"
#include "support/live_kit.h"

/* This exercises: the program itself, everything that opens over its picture:
 * at each size, opened, closed, and while the window becomes another; what is
 * typed there; the run that is saved as a plan; an earlier run behind this
 * one. */

#define KEY_UP   "\033[A"
#define KEY_DOWN "\033[B"
#define KEY_HOME "\033[H"

static const int panel_sizes[][2] = {{80, 24}, {120, 36}, {200, 55}, {60, 16}};

/* Three VUs that never end; of each two requests one is answered by 503. */
static const char panels_plan[] =
    "{ \"name\": \"panels\", \"flow\": ["
    "  { \"get\": \"@/ok\", \"name\": \"Alpha\", \"checks\": {"
    "    \"alpha is up\": { \"status\": 200 },"
    "    \"is a teapot\": { \"status\": 418 } } },"
    "  { \"get\": \"@/status/503\", \"name\": \"Beta\" },"
    "  { \"think\": \"100ms\" } ],"
    "  \"scenarios\": { \"long\": { \"executor\": \"ramping-vus\","
    "    \"startVUs\": 3, \"stages\": ["
    "      { \"duration\": \"1h\", \"target\": 3, \"name\": \"first\" },"
    "      { \"duration\": \"1h\", \"target\": 3, \"name\": \"second\" } ] } },"
    "  \"thresholds\": { \"http_req_duration\": [\"p(95)<30000\"],"
    "    \"http_req_failed\": [\"rate<0.01\"] } }";

/* What opens over the picture, by which keys, what its title says, and a row
 * of it; the title of the panel that it was opened from, and goes back to. */
static const struct panel {
    const char *keys, *title, *row, *above;
} panels[] = {
    {"?", "keys", "one more: VUs", NULL},
    {"\033OP", "keys", "one more: VUs", NULL},
    {"e", "errors", "HTTP 503", NULL},
    {"e\r", "HTTP 503", "HTTP/1.1 503", "errors"},
    {"t", "thresholds", "failed rate", NULL},
    {"t", "thresholds", "verdict so far", NULL},
    {"r", "requests, last 10 s", "Alpha", NULL},
    {"r\r", "GET ", "p95", "requests"},
    {"l", "log", "first", NULL},
    {"s", "stages", "second", NULL},
    {"k", "steps of the load   1", "since", NULL},
    {"c", "checks, whole run", "is a teapot", NULL},
    {"G", "generator, last 10 s", "descriptors", NULL},
    {"I", "anomalies", "", NULL},
    {"v", "set virtual users", "now 3", NULL},
    {"m", "mark this moment", "word", NULL},
    {"S", "save the run as a plan", "file", NULL},
    {"q", "end the run?", "thresholds decide", NULL},
};

enum { PANELS = sizeof panels / sizeof panels[0] };

static uint32_t cell_at(const struct pty *p, int row, int col)
{
    return pty_cell(p, row, col).chars[0];
}

struct frame {
    int row, col, below, right;
};

/* The one frame of the picture, whole: four corners, and sides without a gap.
 * false: there is none. */
static bool frame_find(struct pty *p, struct frame *f)
{
    int row, col;

    *f = (struct frame){.row = -1};
    for (row = 0; row < p->rows; row++) {
        for (col = 0; col < p->cols; col++) {
            uint32_t cp = cell_at(p, row, col);

            if (cp == 0x256d) {
                *f = (struct frame){row, col, -1, -1};
            } else if (cp == 0x256e && row == f->row) {
                f->right = col;
            } else if (cp == 0x2570 && f->row >= 0 && col == f->col) {
                f->below = row;
            }
        }
    }
    if (f->row < 0 || f->right < 0 || f->below < 0 ||
        cell_at(p, f->below, f->right) != 0x256f) {
        return false;
    }
    for (row = f->row + 1; row < f->below; row++) {
        if (cell_at(p, row, f->col) != 0x2502 ||
            cell_at(p, row, f->right) != 0x2502) {
            return false;
        }
    }
    return true;
}

/* The text of a row from a column to another, without blanks at its end. */
static const char *row_text(struct pty *p, int row, int from, int to, char *buf)
{
    size_t n = 0, end = 0;
    int col;

    for (col = from; col <= to; col++) {
        uint32_t cp = cell_at(p, row, col);

        if (cp == (uint32_t)-1) {
            continue;
        }
        n += text_put(buf + n, cp != 0 ? cp : ' ');
        end = cp > ' ' ? n : end;
    }
    buf[end] = '\0';
    return buf;
}

/* Is it open, with its title, its row and its keys; and do the state above and
 * the keys below stay? */
static bool panel_is_whole(struct pty *p, const void *ctx)
{
    const struct panel *k = ctx;
    struct frame f;
    char buf[4096];
    bool has = false, hint;
    int row;

    if (!frame_find(p, &f) || f.row < 1 || f.below > p->rows - 2 ||
        strncmp(row_text(p, f.row, f.col + 3, f.right, buf), k->title,
                strlen(k->title)) != 0) {
        return false;
    }
    for (row = f.row + 1; row < f.below; row++) {
        has |= strstr(row_text(p, row, f.col, f.right, buf), k->row) != NULL;
    }
    hint = strstr(row_text(p, f.below, f.col, f.right, buf), "Esc") != NULL;
    return has && hint &&
           strstr(row_text(p, 0, 0, p->cols - 1, buf), "RUNNING") != NULL &&
           strstr(row_text(p, p->rows - 1, 0, p->cols - 1, buf), "Esc ") !=
               NULL;
}

/* Nothing is open: no corner of a frame, and the usual keys. */
static bool panel_is_gone(struct pty *p, const void *ctx)
{
    struct frame f;
    char buf[4096];

    (void)ctx;
    return !frame_find(p, &f) && f.row < 0 &&
           strstr(row_text(p, p->rows - 1, 0, p->cols - 1, buf), "Esc ") ==
               NULL &&
           strstr(buf, "? help") != NULL;
}

static void resize_to(int cols, int rows)
{
    char size[32];

    pty_resize(&screen, cols, rows);
    if (cols < 60 || rows < 16) {
        snprintf(size, sizeof size, "need %s", "60x16");
        assert_true(pty_sees(&screen, size));
    }
}

/* A panel with this title is open. */
static bool panel_has_title(struct pty *p, const void *ctx)
{
    struct frame f;
    char buf[4096];

    return frame_find(p, &f) &&
           strncmp(row_text(p, f.row, f.col + 3, f.right, buf), ctx,
                   strlen(ctx)) == 0;
}

static void panel_close(const struct panel *k)
{
    pty_type(&screen, "\033");
    if (k->above != NULL) {
        assert_true(pty_holds(&screen, panel_has_title, k->above));
        pty_type(&screen, "\033");
    }
    assert_true(pty_holds(&screen, panel_is_gone, NULL));
}

static void every_overlay_opens_and_closes_at_every_size(void **state)
{
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof panel_sizes / sizeof panel_sizes[0]; i++) {
        resize_to(panel_sizes[i][0], panel_sizes[i][1]);
        assert_true(pty_holds(&screen, panel_is_gone, NULL));
        for (k = 0; k < PANELS; k++) {
            pty_type(&screen, panels[k].keys);
            if (!pty_holds(&screen, panel_is_whole, &panels[k])) {
                fail_msg("'%s' at %dx%d", panels[k].title, panel_sizes[i][0],
                         panel_sizes[i][1]);
            }
            panel_close(&panels[k]);
        }
    }
}

static void an_open_overlay_follows_the_window(void **state)
{
    static const int walk[][2] = {{120, 36}, {200, 55}, {60, 16}, {20, 5},
                                  {80, 24},  {1, 1},    {132, 43}};
    size_t i, k;

    (void)state;
    for (k = 0; k < PANELS; k++) {
        resize_to(80, 24);
        pty_type(&screen, panels[k].keys);
        for (i = 0; i < sizeof walk / sizeof walk[0]; i++) {
            if (walk[i][0] < 20) {
                pty_resize(&screen, walk[i][0], walk[i][1]);
                continue; /* no word has room */
            }
            resize_to(walk[i][0], walk[i][1]);
            if (walk[i][1] >= 16 &&
                !pty_holds(&screen, panel_is_whole, &panels[k])) {
                fail_msg("'%s' at %dx%d", panels[k].title, walk[i][0],
                         walk[i][1]);
            }
        }
        panel_close(&panels[k]);
    }
}

/* A text in the field, while sizes change and the run goes on. */
static void typed_text_outlives_sizes_and_time(void **state)
{
    static const struct {
        const char *key, *typed, *seen;
    } rows[] = {
        {"v", "+7", "+7, at once"},
        {"m", "dep\xe6\x97\xa5loy",
         "word  \xe2\x96\x8f"
         "dep\xe6\x97\xa5loy"},
        {"S", "mine", "file  \xe2\x96\x8fmine"},
        {"/", "Alp",
         "/\xe2\x96\x8f"
         "Alp"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char clock[16];
        const char *at;

        resize_to(80, 24);
        assert_true(pty_sees(&screen, "RUNNING"));
        at = strstr(pty_text(&screen), "RUNNING");
        snprintf(clock, sizeof clock, "%.14s", at);
        pty_type(&screen, rows[i].key);
        pty_type(&screen, rows[i].typed);
        assert_true(pty_sees(&screen, rows[i].seen));
        assert_true(pty_loses(&screen, clock)); /* seconds go by */
        assert_true(pty_sees(&screen, rows[i].seen));
        resize_to(200, 55);
        assert_true(pty_sees(&screen, rows[i].seen));
        resize_to(20, 5);
        resize_to(60, 16);
        assert_true(pty_sees(&screen, rows[i].seen));
        resize_to(80, 24);
        assert_true(pty_sees(&screen, rows[i].seen));
        pty_type(&screen, "\033");
        assert_true(pty_holds(&screen, panel_is_gone, NULL));
    }
}

/* What is typed is changed as in a shell, and what was typed before comes
 * back. "|" stands for the cursor at the field's end. */
static void lines_are_edited_and_come_back(void **state)
{
    static const struct {
        const char *keys, *field;
    } rows[] = {
        {KEY_UP, "two three four"},
        {KEY_UP, "one"},
        {KEY_UP, "one"}, /* nothing older */
        {KEY_DOWN, "two three four"},
        {"\027", "two three "},         /* Ctrl-W */
        {"\027", "two "},               /* and the blank before */
        {KEY_DOWN, "new"},              /* what was being typed */
        {"er", "newer"},                /* goes on at its end */
        {"\002\002\013", "new"},        /* Ctrl-B twice, Ctrl-K */
        {KEY_HOME "a \005!", "a new!"}, /* Ctrl-E */
        {"\002\025", "!"},              /* Ctrl-B, Ctrl-U */
        {"\013\001\013", ""},           /* Ctrl-A, Ctrl-K */
    };
    size_t i;

    (void)state;
    resize_to(80, 24);
    pty_type(&screen, "mone\r");
    assert_true(pty_sees(&screen, "one"));
    assert_true(pty_loses(&screen, "mark this moment"));
    pty_type(&screen, "mtwo three four\r");
    assert_true(pty_loses(&screen, "mark this moment"));
    pty_type(&screen, "mnew");
    assert_true(pty_sees(&screen, "\xe2\x96\x8fnew"));
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char field[64];

        pty_type(&screen, rows[i].keys);
        /* The field's left end, the text, and blanks to its right end. */
        snprintf(field, sizeof field, "\xe2\x96\x8f%s%*s", rows[i].field,
                 20 - (int)strlen(rows[i].field), "");
        assert_true(pty_sees(&screen, field));
    }
    pty_type(&screen, "\033");
    assert_true(pty_holds(&screen, panel_is_gone, NULL));
}

/* The exit code of the program with these words; what it says is shown when it
 * is another than this. */
static void call_says(int code, const char *const *words)
{
    struct buf said;
    int got;

    buf_init(&said, 1 << 20);
    got = live_call(&kit, words, &said, &said);
    if (got != code) {
        fail_msg("%d: %s", got, buf_str(&said));
    }
    buf_clear(&said);
}

static void the_run_is_saved_as_a_plan_that_runs(void **state)
{
    static const char *const check[] = {"check", "./mine.json", NULL};
    static const char *const again[] = {
        "run",  "./mine.json", "--headless", "-q", "--time-scale",
        "0.01", "--results",   "again.json", NULL};
    struct err e = ERR_INIT;
    struct buf b;

    (void)state;
    resize_to(120, 36);
    pty_type(&screen, "v5\r");
    assert_true(pty_sees(&screen, "5 VUs by hand"));
    pty_type(&screen, "Smine.json\r");
    assert_true(pty_sees(&screen, "saved as a plan: mine.json"));
    /* It is not written over, whatever is in it. */
    live_write(&kit, "other.json", "mine\n");
    pty_type(&screen, "Sother.json\r");
    assert_true(pty_sees(&screen, "not saved: other.json"));
    buf_init(&b, 1 << 24);
    assert_true(file_read("other.json", &b, &e));
    assert_string_equal(buf_str(&b), "mine\n");
    b.len = 0;
    pty_type(&screen, "a");
    assert_true(pty_loses(&screen, "MANUAL"));
    call_says(0, check);
    call_says(99, again); /* 503s break a threshold there, too */
    assert_true(file_read("again.json", &b, &e));
    assert_non_null(strstr(buf_str(&b), "Alpha"));
    assert_non_null(strstr(buf_str(&b), "\"failed\""));
    buf_clear(&b);
}

static const char earlier_plan[] =
    "{ \"name\": \"earlier\", \"flow\": [ { \"get\": \"@/ok\","
    "  \"name\": \"Alpha\" }, { \"think\": \"100ms\" } ],"
    "  \"scenarios\": { \"short\": { \"executor\": \"constant-vus\","
    "    \"vus\": 2, \"duration\": \"2s\" } } }";

/* The same with ten times the load. */
static const char later_plan[] =
    "{ \"name\": \"later\", \"flow\": [ { \"get\": \"@/ok\","
    "  \"name\": \"Alpha\" }, { \"think\": \"100ms\" } ],"
    "  \"scenarios\": { \"short\": { \"executor\": \"constant-vus\","
    "    \"vus\": 20, \"duration\": \"2s\" } } }";

static int braille(struct pty *p)
{
    int row, col, n = 0;

    for (row = 0; row < p->rows; row++) {
        for (col = 0; col < p->cols; col++) {
            uint32_t cp = cell_at(p, row, col);

            n += cp > 0x2800 && cp <= 0x28ff;
        }
    }
    return n;
}

/* Two VUs below twenty, from the left to the right. */
static bool other_run_is_drawn(struct pty *p, const void *without)
{
    return braille(p) >= *(const int *)without + 10;
}

/* The row of a request has how it differs; the head is written before it. */
static bool row_differs(struct pty *p, const void *name)
{
    char row[1024];

    return pty_row_with(p, name, row, sizeof row) > 0 &&
           strstr(row, " pt") != NULL;
}

/* Both runs are over: nothing but the key changes the picture. */
static void an_earlier_run_stands_behind_this_one(void **state)
{
    static const char *const first[] = {"run", "./earlier.json", "--headless",
                                        "-q",  "--results",      "first.json",
                                        NULL};
    static const char *const second[] = {"run", "./later.json", "--baseline",
                                         "first.json", NULL};
    struct pty p;
    size_t i;

    (void)state;
    live_write(&kit, "earlier.json", earlier_plan);
    live_write(&kit, "later.json", later_plan);
    call_says(0, first);
    live_start(&kit, &p, 200, 55, second);
    assert_true(pty_sees(&p, "FINISHED"));
    for (i = 0; i < PTY_SIZES; i++) {
        int without;

        pty_resize(&p, pty_sizes[i][0], pty_sizes[i][1]);
        pty_type(&p, "b");
        assert_true(pty_sees(&p, "baseline off"));
        assert_true(pty_loses(&p, "base "));
        without = braille(&p);
        pty_type(&p, "b");
        assert_true(pty_sees(&p, "baseline on"));
        assert_true(pty_sees(&p, " base"));
        assert_true(pty_holds(&p, other_run_is_drawn, &without));
        /* And the table says how each request differs. */
        assert_true(pty_sees(&p, "vs base"));
        assert_true(pty_holds(&p, row_differs, "Alpha"));
    }
    pty_type(&p, "q");
    assert_int_equal(pty_exit(&p), 0);
    assert_true(pty_restored(&p));
    pty_end(&p);
}

static int panels_begin(void **state)
{
    if (live_begin(state) != 0) {
        return -1;
    }
    live_run(&kit, &screen, "panels", panels_plan);
    /* Every panel has something to show; a step takes five seconds. */
    pty_type(&screen, "k");
    if (!pty_sees(&screen, "RUNNING") ||
        !pty_sees(&screen, "steps of the load   1")) {
        return -1;
    }
    pty_type(&screen, "\033");
    return pty_holds(&screen, panel_is_gone, NULL) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_overlay_opens_and_closes_at_every_size),
        cmocka_unit_test(an_open_overlay_follows_the_window),
        cmocka_unit_test(typed_text_outlives_sizes_and_time),
        cmocka_unit_test(lines_are_edited_and_come_back),
        cmocka_unit_test(the_run_is_saved_as_a_plan_that_runs),
        cmocka_unit_test(an_earlier_run_stands_behind_this_one),
    };

    return cmocka_run_group_tests(tests, panels_begin, live_end);
}
