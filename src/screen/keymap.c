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
    case KEYS_GROUPS:
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

const char *keymap_help(const struct keymap *k, enum action id, char *buf,
                        size_t size)
{
    uint32_t other = k != NULL ? k->of[id].other : keymap_rows[id].other;
    char name[24];

    snprintf(buf, size, "%s%s%s", keymap_rows[id].help,
             other != 0 ? ", also " : "",
             other != 0 ? keymap_name(other, name, sizeof name) : "");
    return buf;
}

int keymap_help_rows(void)
{
    return ACTION_COUNT + KEYS_GROUPS + 1;
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
        {TYPED_OTHER, "a key without a name"},
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

void keymap_init(struct keymap *k)
{
    int i;

    for (i = 0; i < ACTION_COUNT; i++) {
        k->of[i].key = keymap_rows[i].key;
        k->of[i].other = keymap_rows[i].other;
        snprintf(k->of[i].label, sizeof k->of[i].label, "%s",
                 keymap_rows[i].label);
    }
}

void keymap_bind(struct keymap *k, enum action a, uint32_t key)
{
    const struct keymap_row *r = keymap_row(a);
    char name[24];

    k->of[a].key = key;
    k->of[a].other = 0;
    if (key == r->key) {
        snprintf(name, sizeof name, "%s", r->label);
    } else if (key == ' ') {
        snprintf(name, sizeof name, "Space");
    } else {
        keymap_name(key, name, sizeof name);
    }
    snprintf(k->of[a].label, sizeof k->of[a].label, "%.15s", name);
}

enum action keymap_look(const struct keymap *k, uint32_t key,
                        enum key_where where)
{
    int i;

    for (i = 0; k != NULL && i < ACTION_COUNT; i++) {
        if ((keymap_rows[i].where & where) != 0 &&
            (k->of[i].key == key ||
             (k->of[i].other != 0 && k->of[i].other == key))) {
            return (enum action)i;
        }
    }
    return k != NULL ? ACTION_COUNT : keymap_find(key, where);
}

const char *keymap_label(const struct keymap *k, enum action a)
{
    return k != NULL ? k->of[a].label : keymap_row(a)->label;
}

uint32_t keymap_key(const struct keymap *k, enum action a)
{
    return k != NULL ? k->of[a].key : keymap_row(a)->key;
}

enum action keymap_clash(const struct keymap *k, enum action a)
{
    int i;

    for (i = 0; i < ACTION_COUNT; i++) {
        if (i != (int)a &&
            (k->of[i].key == k->of[a].key || k->of[i].other == k->of[a].key)) {
            return (enum action)i;
        }
    }
    return ACTION_COUNT;
}

const char *keymap_action_name(enum action a, char *buf, size_t size)
{
    static const char *const names[] = {
#define KEY(id, key, other, label, word, rank, group, where, help) #id,
#include "screen/keys.def"
#undef KEY
    };
    size_t i;

    MUST(a < ACTION_COUNT && size > 0);
    for (i = 0; names[a][i] != '\0' && i + 1 < size; i++) {
        char c = names[a][i];

        buf[i] = c == '_' ? '-' : c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    buf[i] = '\0';
    return buf;
}

bool keymap_typed(const char *name, uint32_t *key)
{
    static const struct {
        const char *name;
        uint32_t key;
    } rows[] = {
        {"Space", ' '},
        {"Tab", TYPED_TAB},
        {"F1", TYPED_F1},
        {"Home", TYPED_FIRST},
        {"End", TYPED_LAST},
        {"Left", TYPED_ARROW_LEFT},
        {"Right", TYPED_ARROW_RIGHT},
        {"S-Left", TYPED_SHIFT_LEFT},
        {"S-Right", TYPED_SHIFT_RIGHT},
        {"Delete", TYPED_DELETE},
    };
    size_t i, n = strlen(name);
    uint32_t cp;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            *key = rows[i].key;
            return true;
        }
    }
    if (n == 6 && strncmp(name, "Ctrl-", 5) == 0 && name[5] >= 'A' &&
        name[5] <= 'Z') {
        /* Backspace, Tab and Enter, and what the terminal keeps for itself. */
        *key = TYPED_CTRL(name[5]);
        return strchr("CHIJMQSZ", name[5]) == NULL;
    }
    if (n == 0 || text_next(name, n, &cp) != n || cp <= 0x20 || cp == 0xfffd ||
        text_cp_width(cp) < 1) {
        return false;
    }
    *key = cp;
    return true;
}
