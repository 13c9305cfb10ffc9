/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cli/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"

static const struct opt opt_table[] = {
#define OPT(id, name, shrt, kind, arg, lo, hi, commands, help)                 \
    [OPTION_##id] = {name, shrt, OPT_##kind, arg, lo, hi, commands, help},
#include "cli/options.def"
#undef OPT
};
_Static_assert(sizeof opt_table / sizeof opt_table[0] == OPTION_TOTAL,
               "a row for each option");

const struct opt *opt_row(enum opt_id id)
{
    return &opt_table[id];
}

static bool opt_takes(const struct opt *o, char command)
{
    return strchr(o->commands, command) != NULL;
}

static int opt_by_name(const char *name, size_t n)
{
    int i;

    for (i = 0; i < OPTION_TOTAL; i++) {
        if (strlen(opt_table[i].name) == n &&
            memcmp(opt_table[i].name, name, n) == 0) {
            return i;
        }
    }
    return -1;
}

static int opt_by_letter(char c)
{
    int i;

    for (i = 0; i < OPTION_TOTAL; i++) {
        if (opt_table[i].letter != 0 && opt_table[i].letter == c) {
            return i;
        }
    }
    return -1;
}

static void opt_unknown(char command, const char *word, struct err *e)
{
    const char *names[OPTION_TOTAL];
    const char *near;
    char shown[96];
    size_t n = 0;
    int i;

    for (i = 0; i < OPTION_TOTAL; i++) {
        if (opt_takes(&opt_table[i], command)) {
            names[n++] = opt_table[i].name;
        }
    }
    near = text_nearest(word, names, n);
    text_safe(shown, sizeof shown, word);
    if (near != NULL) {
        err_set(e, ERR_SYNTAX, "unknown option --%s (did you mean --%s?)",
                shown, near);
    } else {
        err_set(e, ERR_SYNTAX, "unknown option --%s (see --help)", shown);
    }
}

static bool opt_set_count(const struct opt *o, enum opt_id id,
                          const char *value, struct cli_args *a, struct err *e)
{
    uint64_t lo = (uint64_t)o->lo, hi = (uint64_t)o->hi;
    char shown[96];

    if (!num_u64(value, lo, hi, &a->count[id])) {
        err_set(e, ERR_RANGE, "--%s: '%s' is not a whole number (%llu-%llu)",
                o->name, text_safe(shown, sizeof shown, value),
                (unsigned long long)lo, (unsigned long long)hi);
        return false;
    }
    return true;
}

static bool opt_set_number(const struct opt *o, enum opt_id id,
                           const char *value, struct cli_args *a, struct err *e)
{
    char shown[96], lo[NUM_MAX], hi[NUM_MAX];

    if (!num_double(value, &a->number[id]) || a->number[id] < o->lo ||
        a->number[id] > o->hi) {
        err_set(e, ERR_RANGE, "--%s: '%s' is not a number (%s-%s)", o->name,
                text_safe(shown, sizeof shown, value), num_plain(lo, o->lo),
                num_plain(hi, o->hi));
        return false;
    }
    return true;
}

void cli_args_add(struct cli_args *a, enum opt_id id, const char *value)
{
    a->list[id] =
        xreallocarray(a->list[id], a->n_list[id] + 1, sizeof *a->list[id]);
    a->list[id][a->n_list[id]++] = value;
}

static bool opt_set(enum opt_id id, const char *value, struct cli_args *a,
                    struct err *e)
{
    const struct opt *o = &opt_table[id];
    char shown[96];

    a->set[id] = true;
    switch (o->kind) {
    case OPT_FLAG:
        return true;
    case OPT_TEXT:
    case OPT_FILE:
        a->text[id] = value;
        return true;
    case OPT_LIST:
        cli_args_add(a, id, value);
        return true;
    case OPT_COUNT:
        return opt_set_count(o, id, value, a, e);
    case OPT_NUMBER:
        return opt_set_number(o, id, value, a, e);
    case OPT_DURATION:
        if (dur_parse(value, &a->count[id]) && a->count[id] == 0) {
            err_set(e, ERR_RANGE, "--%s: '%s' is no time at all", o->name,
                    text_safe(shown, sizeof shown, value));
            return false;
        }
        if (!dur_parse(value, &a->count[id])) {
            err_set(e, ERR_RANGE,
                    "--%s: '%s' is not a duration (as 90s, 1m30s, 500ms)",
                    o->name, text_safe(shown, sizeof shown, value));
            return false;
        }
        return true;
    case OPT_SIZE:
        if (!bytes_parse(value, &a->count[id]) || a->count[id] == 0) {
            err_set(e, ERR_RANGE,
                    "--%s: '%s' is no number of bytes (as 512MB, 1.5GiB)",
                    o->name, text_safe(shown, sizeof shown, value));
            return false;
        }
        return true;
    }
    MUST(!"an option has one of the kinds");
    return false;
}

/* A word that is an option more likely than a value: "--results -q" has lost
 * its file. In the same word, --results=-q, it is meant. */
static bool opt_refuses(const struct opt *o, const char *value, struct err *e)
{
    char shown[96];

    if (value[0] != '-' || value[1] == '\0' ||
        (o->kind != OPT_FILE && o->kind != OPT_TEXT)) {
        return false;
    }
    text_safe(shown, sizeof shown, value);
    if (o->kind == OPT_FILE) {
        err_set(e, ERR_SYNTAX,
                "--%s: '%s' looks like an option; ./%s names such a file",
                o->name, shown, shown);
    } else {
        err_set(e, ERR_SYNTAX,
                "--%s: '%s' looks like an option; --%s=%s takes it", o->name,
                shown, o->name, shown);
    }
    return true;
}

/* Where the parser stands. */
struct opt_cursor {
    char command;
    int argc, at;
    char *const *argv;
};

/* One of another command. Of the demo people would like to see the service's
 * memory, too. */
static void opt_refuse(const struct opt *o, char command, struct err *e)
{
    static const char server[] = "server-";

    if (command == 'd' && strncmp(o->name, server, sizeof server - 1) == 0) {
        err_set(e, ERR_SYNTAX,
                "--%s: the demo's service is part of this process, and its "
                "memory and CPU with it: start 'brunt target' apart, then "
                "'brunt run spike --%s %s'",
                o->name, o->name, o->argument);
    } else {
        err_set(e, ERR_SYNTAX, "--%s is not an option of this command",
                o->name);
    }
}

/* The value of an option that needs one: what stands in the same word, or the
 * next word. */
static bool opt_value(struct opt_cursor *c, enum opt_id id, const char *inside,
                      struct cli_args *a, struct err *e)
{
    const struct opt *o = &opt_table[id];

    if (!opt_takes(o, c->command)) {
        opt_refuse(o, c->command, e);
        return false;
    }
    if (o->argument == NULL) {
        if (inside != NULL) {
            err_set(e, ERR_SYNTAX, "--%s takes no value", o->name);
            return false;
        }
        return opt_set(id, NULL, a, e);
    }
    if (inside == NULL) {
        if (c->at >= c->argc) {
            err_set(e, ERR_SYNTAX, "--%s needs a value: %s", o->name,
                    o->argument);
            return false;
        }
        inside = c->argv[c->at++];
        if (opt_refuses(o, inside, e)) {
            return false;
        }
    }
    return opt_set(id, inside, a, e);
}

static bool opt_long(struct opt_cursor *c, const char *word, struct cli_args *a,
                     struct err *e)
{
    const char *eq = strchr(word, '=');
    size_t n = eq != NULL ? (size_t)(eq - word) : strlen(word);
    int id = opt_by_name(word, n);

    if (id < 0) {
        char *name = xstrndup(word, n);

        opt_unknown(c->command, name, e);
        free(name);
        return false;
    }
    return opt_value(c, (enum opt_id)id, eq != NULL ? eq + 1 : NULL, a, e);
}

static bool opt_short(struct opt_cursor *c, const char *word,
                      struct cli_args *a, struct err *e)
{
    for (; *word != '\0'; word++) {
        int id = opt_by_letter(*word);
        char shown[16], one[2] = {*word, '\0'};

        if (id < 0) {
            err_set(e, ERR_SYNTAX, "unknown option -%s (see --help)",
                    text_safe(shown, sizeof shown, one));
            return false;
        }
        if (opt_table[id].argument != NULL) {
            return opt_value(c, (enum opt_id)id,
                             word[1] != '\0' ? word + 1 : NULL, a, e);
        }
        if (!opt_value(c, (enum opt_id)id, NULL, a, e)) {
            return false;
        }
    }
    return true;
}

/* "-5" is a number: no option is called so. */
static bool opt_is_number(const char *word)
{
    double number;

    return num_double(word, &number);
}

bool opt_parse(char command, int argc, char *const *argv, struct cli_args *a,
               struct err *e)
{
    struct opt_cursor c = {command, argc, 0, argv};
    bool options = true;

    memset(a, 0, sizeof *a);
    while (c.at < argc) {
        const char *word = argv[c.at++];

        if (options && strcmp(word, "--") == 0) {
            options = false;
        } else if (options && strncmp(word, "--", 2) == 0) {
            if (!opt_long(&c, word + 2, a, e)) {
                return false;
            }
        } else if (options && word[0] == '-' && word[1] != '\0' &&
                   !opt_is_number(word)) {
            if (!opt_short(&c, word + 1, a, e)) {
                return false;
            }
        } else {
            a->words =
                xreallocarray(a->words, a->n_words + 1, sizeof *a->words);
            a->words[a->n_words++] = word;
        }
    }
    return true;
}

void cli_args_clear(struct cli_args *a)
{
    size_t i;

    for (i = 0; i < OPTION_TOTAL; i++) {
        free(a->list[i]);
    }
    free(a->words);
    free(a->k6_out);
    memset(a, 0, sizeof *a);
}
