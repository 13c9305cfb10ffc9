/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/keymap.h"

#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "base/text.h"

static const struct keymap_row keymap_rows[] = {
#define KEY(id, key, other, label, word, rank, group, where, help)             \
    [ACTION_##id] = {key,  other,        label,         word,                  \
                     rank, KEYS_##group, WHERE_##where, help},
#include "screen/keys.def"
#undef KEY
};

const struct keymap_row *keymap_row(enum action id)
{
    MUST(id < ACTION_COUNT);
    return &keymap_rows[id];
}

const char *keymap_group_name(enum key_group g)
{
    switch (g) {
    case KEYS_LOAD:
        return "load";
    case KEYS_STAGES:
        return "stages";
    case KEYS_RUN:
        return "run";
    case KEYS_LOOK:
        return "look";
    case KEYS_LATER:
        break;
    }
    MUST(!"a group of keys");
    return "";
}

enum action keymap_find(uint32_t key, enum key_where where)
{
    int i;

    for (i = 0; i < ACTION_COUNT; i++) {
        const struct keymap_row *r = &keymap_rows[i];

        if ((r->where & where) != 0 &&
            (r->key == key || (r->other != 0 && r->other == key))) {
            return (enum action)i;
        }
    }
    return ACTION_COUNT;
}

int keymap_help_rows(void)
{
    int n = KEYS_GROUPS + 1, i;

    for (i = 0; i < ACTION_COUNT; i++) {
        n += keymap_rows[i].group != KEYS_LATER;
    }
    return n;
}

const char *keymap_later(char *buf, size_t size)
{
    bool word = true; /* the label before was more than a letter */
    int i;

    snprintf(buf, size, "not yet:");
    for (i = 0; i < ACTION_COUNT; i++) {
        const char *label = keymap_rows[i].label;
        size_t at = strlen(buf);

        if (keymap_rows[i].group == KEYS_LATER) {
            /* Letters stand together: the line is short. */
            snprintf(buf + at, size - at, "%s%s",
                     word || label[1] != '\0' ? " " : "", label);
            word = label[1] != '\0';
        }
    }
    return buf;
}

const char *keymap_name(uint32_t key, char *buf, size_t size)
{
    static const struct {
        uint32_t key;
        const char *name;
    } rows[] = {
        {TYPED_TAB, "Tab"},
        {TYPED_ESC, "Esc"},
        {TYPED_RETURN, "Enter"},
        {TYPED_RUBOUT, "Backspace"},
        {TYPED_ARROW_UP, "↑"},
        {TYPED_ARROW_DOWN, "↓"},
        {TYPED_ARROW_LEFT, "←"},
        {TYPED_ARROW_RIGHT, "→"},
        {TYPED_SHIFT_LEFT, "Shift-←"},
        {TYPED_SHIFT_RIGHT, "Shift-→"},
        {TYPED_PAGE_UP, "PgUp"},
        {TYPED_PAGE_DOWN, "PgDn"},
        {TYPED_FIRST, "Home"},
        {TYPED_LAST, "End"},
        {TYPED_F1, "F1"},
        {TYPED_DELETE, "Delete"},
        {TYPED_OTHER, "that key"},
    };
    char bytes[5] = "";
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].key == key) {
            snprintf(buf, size, "%s", rows[i].name);
            return buf;
        }
    }
    if (key < 0x20) {
        snprintf(buf, size, "Ctrl-%c", (char)(key + 0x40));
    } else {
        bytes[text_put(bytes, key)] = '\0';
        text_safe(buf, size, bytes);
    }
    return buf;
}
