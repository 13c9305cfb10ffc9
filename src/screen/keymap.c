/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/keymap.h"

#include "base/must.h"

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
