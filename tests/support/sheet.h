/* SPDX-License-Identifier: MIT
 *
 * sheet - what a person at a screen has, without a terminal: a made-up run, a
 * keyboard, and pictures of any size. */
#ifndef TESTS_SUPPORT_SHEET_H
#define TESTS_SUPPORT_SHEET_H

#include "base/buf.h"
#include "screen/render.h"
#include "support/sim.h"

struct sheet {
    struct sim sim; /* the run; empty when the story is the test's own */
    struct model_source *source;
    struct baseline_run *base; /* owned; NULL = none */
    struct keymap keys;        /* as in the table; may be bound anew */
    struct model model;
    struct ui ui;
    struct grid grid;    /* the last picture */
    struct buf text;     /* the same, of sheet_text */
    struct command last; /* what a key posted */
    int posted;          /* how often one did */
    uint64_t now_us;     /* of the clock that keys and pictures are given */
    bool ascii;
};

/* The sizes that everything is looked at. */
enum { SHEET_SIZES = 4 };
extern const int sheet_sizes[SHEET_SIZES][2];

/* Of a run of that plan, at its beginning; NULL: the spike of sim.h. The
 * service is local, and nothing else is set up. */
void sheet_init(struct sheet *s, const char *plan);
/* The same of a story that is fed elsewhere. */
void sheet_init_story(struct sheet *s, struct story *story);
void sheet_clear(struct sheet *s);
/* The screen as it is at first when it is set up so; what keys post, and which
 * ones do, stays the sheet's. */
void sheet_set_up(struct sheet *s, struct ui_config config);
/* An earlier run behind this one: its results, as a file has them. */
void sheet_behind(struct sheet *s, const char *results);
/* Those of an earlier, lighter run of the spike. */
void sheet_baseline(struct sheet *s);

/* Brings the model up to date; draws what it says; both, as the screen's
 * thread does. */
void sheet_look(struct sheet *s, int cols, int rows);
void sheet_draw(struct sheet *s, int cols, int rows);
void sheet_take(struct sheet *s, int cols, int rows);
/* The last picture: rows with all their blanks, each ending in a newline.
 * Borrowed until the next one. */
const char *sheet_text(struct sheet *s);
/* The same of a picture whose lists know how many rows they need. */
const char *sheet_at(struct sheet *s, int cols, int rows);

unsigned sheet_key(struct sheet *s, uint32_t key);
void sheet_type(struct sheet *s, const char *text);

/* Fails the test, and shows the picture. */
void sheet_has(struct sheet *s, int cols, int rows, const char *words);
void sheet_lacks(struct sheet *s, int cols, int rows, const char *words);
/* Every row is as wide as the screen, wide characters included. */
void sheet_is_whole(struct sheet *s);

#endif
