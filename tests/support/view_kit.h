/* SPDX-License-Identifier: MIT
 *
 * view_kit - what a person at a screen has, without a terminal: a model of a
 * story, a keyboard, and pictures of any size. */
#ifndef TESTS_SUPPORT_VIEW_KIT_H
#define TESTS_SUPPORT_VIEW_KIT_H

#include "base/buf.h"
#include "screen/render.h"

struct view {
    struct model_source *source;
    struct baseline_run *base; /* owned; NULL = none */
    struct keymap keys;        /* as in the table; may be bound anew */
    struct model model;
    struct ui ui;
    struct grid grid;    /* the last picture */
    struct buf text;     /* the same, of view_text */
    struct command last; /* what a key posted */
    int posted;          /* how often one did */
    uint64_t now_us;     /* of the clock that keys and pictures are given */
    bool ascii;
};

/* The sizes that everything is looked at. */
enum { VIEW_SIZES = 4 };
extern const int view_sizes[VIEW_SIZES][2];

/* config: NULL = a local service, nothing else; post is the view's. */
void view_init(struct view *v, struct story *story,
               const struct ui_config *config);
void view_clear(struct view *v);
/* The story's end may move, or its tick be another, between the two. */
void view_look(struct view *v, int cols, int rows);
void view_draw(struct view *v, int cols, int rows);
/* Looks and draws; rows with all their blanks, each ending in a newline.
 * Borrowed until the next one. */
const char *view_text(struct view *v, int cols, int rows);
unsigned view_key(struct view *v, uint32_t key);
void view_type(struct view *v, const char *text);
/* Fails the test, and shows the picture. */
void view_has(struct view *v, int cols, int rows, const char *words);
void view_lacks(struct view *v, int cols, int rows, const char *words);
/* The results of a run that is over, as an earlier run behind this one. */
void view_baseline(struct view *v, struct story *old);

#endif
