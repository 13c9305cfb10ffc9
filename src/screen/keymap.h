/* SPDX-License-Identifier: MIT
 *
 * keymap - the table of keys: what each does, and how it is called in the
 * footer, in the help and in the manual. Knows no curses: a key is a code
 * point, or one of the numbers below. */
#ifndef SCREEN_KEYMAP_H
#define SCREEN_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Keys that are not characters; beyond any code point. */
enum {
    TYPED_TAB = 0x09,
    TYPED_CTRL_L = 0x0c,
    TYPED_ESC = 0x1b,
    TYPED_RETURN = 0x110000,
    TYPED_RUBOUT,
    TYPED_DELETE,
    TYPED_ARROW_UP,
    TYPED_ARROW_DOWN,
    TYPED_ARROW_LEFT,
    TYPED_ARROW_RIGHT,
    TYPED_SHIFT_LEFT,
    TYPED_SHIFT_RIGHT,
    TYPED_PAGE_UP,
    TYPED_PAGE_DOWN,
    TYPED_FIRST,
    TYPED_LAST,
    TYPED_F1,
    TYPED_PASTE_BEGIN,
    TYPED_PASTE_END,
    TYPED_OTHER, /* a key without a name here */
    /* The mouse, with a place: */
    TYPED_CLICK,
    TYPED_WHEEL_UP,
    TYPED_WHEEL_DOWN,
};

/* What was typed, or done with the mouse at a place on the screen: from 0, and
 * perhaps beyond its edges. */
struct typed {
    uint32_t key;
    int row, col;
    char name[24]; /* TYPED_OTHER: how it is called */
};

/* Ctrl and a capital letter, as terminals send it. */
#define TYPED_CTRL(letter) ((uint32_t)(letter)-0x40)

/* Headings in the help. */
enum key_group { KEYS_LOAD, KEYS_STAGES, KEYS_RUN, KEYS_LOOK, KEYS_GROUPS };
enum key_where { WHERE_LIVE = 1, WHERE_DONE = 2, WHERE_BOTH = 3 };

enum action {
#define KEY(id, key, other, label, word, rank, group, where, help) ACTION_##id,
#include "screen/keys.def"
#undef KEY
    ACTION_COUNT
};

struct keymap_row {
    uint32_t key, other; /* other: 0 = none */
    const char *label;
    const char *word; /* "" = not in the footer */
    int rank;         /* 0 = never dropped */
    enum key_group group;
    enum key_where where;
    const char *help;
};

const struct keymap_row *keymap_row(enum action id);
/* "load", "stages", … for headings. */
const char *keymap_group_name(enum key_group g);
/* What key does where; ACTION_COUNT = nothing. */
enum action keymap_find(uint32_t key, enum key_where where);
/* What it does, and which other key does it, too, as k has them (NULL = as in
 * the table). Returns buf. */
struct keymap;
const char *keymap_help(const struct keymap *k, enum action id, char *buf,
                        size_t size);
/* How many rows a help in one column has: keys under their headings, and one
 * for the mouse. */
int keymap_help_rows(void);
/* The keys as a person has them: those of the table, but for what was bound
 * anew. */
struct keymap {
    struct {
        uint32_t key, other; /* other: 0 = none */
        char label[16];
    } of[ACTION_COUNT];
};
void keymap_init(struct keymap *k);
/* Nothing else does it then. */
void keymap_bind(struct keymap *k, enum action a, uint32_t key);
/* As keymap_find, of these keys; k may be NULL: as in the table. */
enum action keymap_look(const struct keymap *k, uint32_t key,
                        enum key_where where);
const char *keymap_label(const struct keymap *k, enum action a);
uint32_t keymap_key(const struct keymap *k, enum action a);
/* Another action that has a key of this one's; ACTION_COUNT = none. */
enum action keymap_clash(const struct keymap *k, enum action a);
/* How an action is called in the configuration file: "set-vus". Returns
 * buf. */
const char *keymap_action_name(enum action a, char *buf, size_t size);
/* A key by the name that it is bound with: a character, "Space", "Tab", "F1",
 * "Ctrl-L", "Left", "S-Left", "Home" ... false: there is none, or it cannot be
 * bound (Esc, Enter, and keys that a terminal sends for them). */
bool keymap_typed(const char *name, uint32_t *key);
/* How a key is called: "k", "Ctrl-K", "F1"; safe to show. Returns buf. */
const char *keymap_name(uint32_t key, char *buf, size_t size);

#endif
