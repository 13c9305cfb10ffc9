/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/sheet.h"

/* This exercises: what opens over the picture, every panel and every question
 * at every size: a whole frame, nothing drawn outside of it, and keys that say
 * how to get out. The run is made up, with much in each list. */

static const int overlay_sizes[][2] = {{60, 16},  {61, 17},  {79, 24},
                                       {80, 24},  {100, 30}, {120, 36},
                                       {149, 40}, {200, 55}, {250, 80}};

static void desk_init(struct sheet *s, bool over)
{
    int i;

    sheet_init(s, NULL);
    sim_run(&s->sim, 10);
    for (i = 0; i < 12; i++) {
        sim_command(&s->sim, COMMAND_SET_VUS, 20 + i % 5 * 60, "");
        sim_run(&s->sim, 7);
        sim_command(&s->sim, COMMAND_MARK, 0, "a word that is not short");
    }
    s->sim.limits = true;
    sim_run(&s->sim, 2);
    s->sim.tick.health.suspect = s->sim.tick.health.ever_suspect = true;
    snprintf(s->sim.tick.health.why, sizeof s->sim.tick.health.why,
             "loop lag p99 14 ms, CPU of a worker 93 %%");
    if (over) {
        sim_finish(&s->sim, 99);
    } else {
        sim_run(&s->sim, 1);
    }
    s->ui.done = over;
}

/* The picture, which is the caller's. */
static struct grid desk_take(struct sheet *s, int cols, int rows)
{
    struct grid g;

    sheet_take(s, cols, rows);
    g = s->grid;
    s->grid = (struct grid){0};
    return g;
}

struct frame {
    int row, col, below, right;
};

static uint32_t cp_at(const struct grid *g, int row, int col)
{
    const struct cell *c = grid_at(g, row, col);

    return c != NULL ? c->cp : 0;
}

/* The frame around what is open: where the pictures differ first, a corner. */
static bool frame_find(const struct grid *g, struct frame *f)
{
    int row, col;

    *f = (struct frame){-1, -1, -1, -1};
    for (row = 0; row < g->rows; row++) {
        for (col = 0; col < g->cols; col++) {
            uint32_t cp = cp_at(g, row, col);

            if (cp == 0x256d && f->row < 0) {
                f->row = row;
                f->col = col;
            } else if (cp == 0x256e && row == f->row) {
                f->right = col;
            } else if (cp == 0x2570 && f->row >= 0 && col == f->col) {
                f->below = row;
            }
        }
    }
    return f->row > 0 && f->right > 0 && f->below > f->row + 1 &&
           f->below < g->rows - 1 && cp_at(g, f->below, f->right) == 0x256f;
}

static void frame_text(const struct grid *g, int row, int from, int to,
                       char *out, size_t size)
{
    size_t n = 0;

    for (; from <= to && n + 1 < size; from++) {
        uint32_t cp = cp_at(g, row, from);

        out[n++] = cp >= 0x20 && cp < 0x7f ? (char)cp : '.';
    }
    out[n] = '\0';
}

/* Outside is what was there before, or nothing where the frame cut a number;
 * in the last row are the keys. */
static void frame_check(const struct grid *g, const struct grid *was,
                        const struct frame *f, const char *what)
{
    char hint[512], keys[512];
    int row, col;

    for (row = 0; row < g->rows - 1; row++) {
        for (col = 0; col < g->cols; col++) {
            bool inside = row >= f->row && row <= f->below && col >= f->col &&
                          col <= f->right;
            uint32_t cp = cp_at(g, row, col);

            if (!inside && cp != cp_at(was, row, col) &&
                !(cp == ' ' && col > f->right && row >= f->row &&
                  row <= f->below)) {
                fail_msg("%s at %dx%d: row %d, column %d is drawn over", what,
                         g->cols, g->rows, row, col);
            }
        }
        if (row > f->row && row < f->below &&
            (cp_at(g, row, f->col) != 0x2502 ||
             cp_at(g, row, f->right) != 0x2502)) {
            fail_msg("%s at %dx%d: row %d breaks the frame", what, g->cols,
                     g->rows, row);
        }
    }
    frame_text(g, f->below, f->col, f->right, hint, sizeof hint);
    frame_text(g, g->rows - 1, 0, g->cols - 1, keys, sizeof keys);
    if (strstr(hint, "Esc ") == NULL || strstr(keys, "Esc ") == NULL) {
        fail_msg("%s at %dx%d: no way out in '%s' and '%s'", what, g->cols,
                 g->rows, hint, keys);
    }
}

/* ASCII has no corners to look for: the same cells are drawn in both. */
static void ascii_check(struct sheet *s, const struct grid *g, const char *what)
{
    int row, col;

    s->ascii = true;
    sheet_take(s, g->cols, g->rows);
    s->ascii = false;
    for (row = 0; row < g->rows; row++) {
        for (col = 0; col < g->cols; col++) {
            uint32_t cp = cp_at(&s->grid, row, col);

            if (cp >= 0x7f) {
                fail_msg("%s at %dx%d: row %d, column %d is not ASCII", what,
                         g->cols, g->rows, row, col);
            }
        }
    }
}

static void desk_check(struct sheet *s, int cols, int rows, const char *what)
{
    struct ui open = s->ui;
    struct grid g, was;
    struct frame f;

    s->ui.panel = PANEL_NONE;
    s->ui.prompt = PROMPT_NONE;
    was = desk_take(s, cols, rows);
    s->ui = open;
    g = desk_take(s, cols, rows);
    if (!frame_find(&g, &f)) {
        fail_msg("%s at %dx%d: no whole frame", what, cols, rows);
    }
    frame_check(&g, &was, &f, what);
    ascii_check(s, &g, what);
    grid_clear(&g);
    grid_clear(&was);
}

static void every_panel_stays_within_its_frame(void **state)
{
    size_t i;
    int over, panel;

    (void)state;
    for (over = 0; over < 2; over++) {
        struct sheet s;

        desk_init(&s, over > 0);
        for (i = 0; i < sizeof overlay_sizes / sizeof overlay_sizes[0]; i++) {
            for (panel = PANEL_NONE + 1; panel < PANEL_COUNT; panel++) {
                char what[32];

                s.ui.panel = (enum ui_panel)panel;
                s.ui.selected = panel % 3;
                s.ui.fault =
                    (struct ui_fault){.kind = FAILURE_HTTP_429, .status = 429};
                snprintf(what, sizeof what, "panel %d", panel);
                desk_check(&s, overlay_sizes[i][0], overlay_sizes[i][1], what);
            }
        }
        sheet_clear(&s);
    }
}

static void every_prompt_stays_within_its_frame(void **state)
{
    struct sheet s;
    size_t i;
    int prompt;

    (void)state;
    desk_init(&s, false);
    for (i = 0; i < sizeof overlay_sizes / sizeof overlay_sizes[0]; i++) {
        for (prompt = PROMPT_NONE + 1; prompt < PROMPT_COUNT; prompt++) {
            char what[32];

            if (prompt == PROMPT_FILTER) {
                continue; /* has the row of keys, and no frame */
            }
            s.ui.prompt = (enum ui_prompt)prompt;
            snprintf(what, sizeof what, "prompt %d", prompt);
            desk_check(&s, overlay_sizes[i][0], overlay_sizes[i][1], what);
        }
    }
    sheet_clear(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_panel_stays_within_its_frame),
        cmocka_unit_test(every_prompt_stays_within_its_frame),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
