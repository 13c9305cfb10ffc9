/* SPDX-License-Identifier: MIT
 *
 * settings_file - the configuration file: a line "key = value" each, '#' before
 * a comment. */
#include "config.h"

#include "cli/settings.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"

enum { SETTINGS_LINE_MAX = 256, SETTINGS_KEYS = 5, SETTINGS_STEP_MAX = 1000 };

/* Where a line stands, and what is wrong in it goes. */
struct settings_line {
    struct settings *s;
    const char *where;
    int number;
    struct buf *mistakes;
    int bound[ACTION_COUNT]; /* the line that bound it; 0 = none did */
};

static const char *const settings_keys[SETTINGS_KEYS] = {
    "theme", "ascii", "color", "step", "mouse"};

static void settings_wrong(struct settings_line *l, const char *key,
                           const char *text, const char *near)
{
    char safe[SETTINGS_LINE_MAX];

    buf_addf(l->mistakes, "%s:%d: %s: %s", l->where, l->number,
             text_safe(safe, sizeof safe, key), text);
    if (near != NULL) {
        buf_addf(l->mistakes, " (did you mean %s?)", near);
    }
    buf_addc(l->mistakes, '\n');
}

static void settings_yes_no(struct settings_line *l, const char *key,
                            const char *value, bool *out)
{
    if (strcmp(value, "yes") == 0 || strcmp(value, "no") == 0) {
        *out = value[0] == 'y';
    } else {
        settings_wrong(l, key, "is 'yes' or 'no'", NULL);
    }
}

static void settings_on_off(struct settings_line *l, const char *key,
                            const char *value, bool *out)
{
    if (strcmp(value, "on") == 0 || strcmp(value, "off") == 0) {
        *out = value[1] == 'n';
    } else {
        settings_wrong(l, key, "is 'on' or 'off'", NULL);
    }
}

static void settings_step(struct settings_line *l, const char *key,
                          const char *value)
{
    uint64_t n;

    if (num_u64(value, 1, SETTINGS_STEP_MAX, &n)) {
        l->s->step = (uint32_t)n;
    } else {
        settings_wrong(l, key, "is a whole number from 1 to 1000", NULL);
    }
}

/* Which action is meant; also of a part of its name: vus is set-vus. */
static const char *settings_action_near(const char *word,
                                        const char *const *list)
{
    const char *near = text_nearest(word, list, ACTION_COUNT);
    int i;

    for (i = 0; near == NULL && strlen(word) >= 3 && i < ACTION_COUNT; i++) {
        near = strstr(list[i], word) != NULL ? list[i] : NULL;
    }
    return near;
}

static void settings_bind(struct settings_line *l, const char *key,
                          const char *value)
{
    char names[ACTION_COUNT][24];
    const char *list[ACTION_COUNT], *near;
    uint32_t typed;
    int i;

    for (i = 0; i < ACTION_COUNT; i++) {
        keymap_action_name((enum action)i, names[i], sizeof names[i]);
        list[i] = names[i];
        if (strcmp(names[i], key + 4) != 0) {
            continue;
        }
        if (i == ACTION_BACK) {
            settings_wrong(l, key, "stays Esc: the way out of everything",
                           NULL);
        } else if (!keymap_typed(value, &typed)) {
            settings_wrong(l, key,
                           "a key is one character, or Space, Tab, F1, Left, "
                           "Right, Home, End, Delete, Ctrl-A (not C H I J M Q "
                           "S Z)",
                           NULL);
        } else {
            keymap_bind(&l->s->keys, (enum action)i, typed);
            l->bound[i] = l->number;
        }
        return;
    }
    near = settings_action_near(key + 4, list);
    settings_wrong(l, key,
                   near != NULL ? "there is no such action"
                                : "there is no such action; brunt(1) lists "
                                  "them",
                   near);
}

static void settings_set(struct settings_line *l, const char *key,
                         const char *value)
{
    bool color = true;

    if (strcmp(key, "theme") == 0) {
        if (!theme_find(value, &l->s->theme)) {
            settings_wrong(l, key, "is dark, light, contrast or cvd",
                           text_nearest(value, theme_names(), THEME_COUNT));
        }
    } else if (strcmp(key, "ascii") == 0) {
        settings_yes_no(l, key, value, &l->s->ascii);
    } else if (strcmp(key, "color") == 0) {
        settings_yes_no(l, key, value, &color);
        l->s->no_color = !color;
    } else if (strcmp(key, "step") == 0) {
        settings_step(l, key, value);
    } else if (strcmp(key, "mouse") == 0) {
        settings_on_off(l, key, value, &l->s->mouse);
    } else if (strncmp(key, "key.", 4) == 0) {
        settings_bind(l, key, value);
    } else {
        settings_wrong(l, key, "there is no such setting",
                       text_nearest(key, settings_keys, SETTINGS_KEYS));
    }
}

/* Cuts blanks off both ends. */
static char *settings_trim(char *s)
{
    size_t n;

    while (*s == ' ' || *s == '\t') {
        s++;
    }
    n = strlen(s);
    while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t' || s[n - 1] == '\r')) {
        n--;
    }
    s[n] = '\0';
    return s;
}

/* A '#' begins a comment at the start of a line: it is a key, too. */
static void settings_read_line(struct settings_line *l, char *line)
{
    char *key = settings_trim(line), *equal = strchr(key, '=');

    if (key[0] == '\0' || key[0] == '#') {
        return;
    }
    if (equal == NULL || equal == key) {
        settings_wrong(l, key, "a line is 'key = value'", NULL);
        return;
    }
    *equal = '\0';
    settings_set(l, settings_trim(key), settings_trim(equal + 1));
}

/* Of two actions on one key neither could be relied on. */
static void settings_clashes(struct settings_line *l)
{
    int i;

    for (i = 0; i < ACTION_COUNT; i++) {
        enum action other = keymap_clash(&l->s->keys, (enum action)i);
        char name[24], key[32], text[96];

        if (l->bound[i] == 0 || other == ACTION_COUNT ||
            l->bound[other] > l->bound[i]) {
            continue; /* told at the later of the two */
        }
        keymap_action_name((enum action)i, name, sizeof name);
        snprintf(key, sizeof key, "key.%s", name);
        keymap_action_name(other, name, sizeof name);
        snprintf(text, sizeof text, "%s is the key of %s: bind that anew, too",
                 l->s->keys.of[i].label, name);
        l->number = l->bound[i];
        settings_wrong(l, key, text, NULL);
    }
}

void settings_take(struct settings *s, const char *where, const char *text,
                   struct buf *mistakes)
{
    struct settings_line l = {.s = s, .where = where, .mistakes = mistakes};

    while (*text != '\0') {
        size_t n = strcspn(text, "\n");
        char line[SETTINGS_LINE_MAX];

        l.number++;
        snprintf(line, sizeof line, "%.*s", (int)(n < sizeof line ? n : 0),
                 text);
        if (n >= sizeof line) {
            settings_wrong(&l, "this line", "is too long", NULL);
        }
        settings_read_line(&l, line);
        text += n + (text[n] == '\n');
    }
    settings_clashes(&l);
}
