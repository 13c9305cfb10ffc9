/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cli/ctl_words.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "base/text.h"
#include "run/command.h"

/* "80", "+20", "-5", "x2": a level without the word. */
static bool ctl_is_level(const char *word)
{
    double number;

    if (word[0] == 'x' || word[0] == 'X' || word[0] == '*' || word[0] == '+') {
        word++;
    }
    return num_double(word, &number);
}

static void ctl_unknown(const char *word, struct err *e)
{
    const char *names[COMMAND_COUNT + 2], *near;
    char shown[64];
    int i;

    for (i = 0; i < COMMAND_COUNT; i++) {
        names[i] = command_name((enum command_kind)i);
    }
    names[COMMAND_COUNT] = "status";
    names[COMMAND_COUNT + 1] = "watch";
    near = text_nearest(word, names, COMMAND_COUNT + 2);
    text_safe(shown, sizeof shown, word);
    err_set(e, ERR_SYNTAX,
            near != NULL ? "'%s' is no command (did you mean '%s'?)"
                         : "'%s' is no command (see brunt ctl --help)",
            shown, near);
}

/* The run stands in a folder of its own. */
static bool ctl_file(cJSON *o, const char *file, struct err *e)
{
    char path[4096], here[2048];
    int n;

    if (file[0] == '/') {
        n = snprintf(path, sizeof path, "%s", file);
    } else if (getcwd(here, sizeof here) != NULL) {
        n = snprintf(path, sizeof path, "%s/%s", here, file);
    } else {
        err_set(e, ERR_IO, "this folder has no name; give a full path");
        return false;
    }
    if (n < 0 || n > 255) {
        err_set(e, ERR_RANGE,
                "write: the file's full path is longer than 255 "
                "bytes");
        return false;
    }
    cJSON_AddStringToObject(o, "text", path);
    return true;
}

static bool ctl_argument(cJSON *o, enum command_kind kind, const char *arg,
                         struct err *e)
{
    const char *name = command_name(kind);
    char shown[64];
    int64_t number;

    switch (command_argument(kind)) {
    case ARGUMENT_NUMBER:
        if (arg == NULL) {
            err_set(e, ERR_SYNTAX, "%s needs a number", name);
            return false;
        }
        if (kind == COMMAND_SET_VUS) {
            cJSON_AddStringToObject(o, "text", arg);
            return true;
        }
        if (!num_i64(arg[0] == '+' ? arg + 1 : arg, -10000000, 10000000,
                     &number)) {
            err_set(e, ERR_SYNTAX, "%s: '%s' is not a whole number", name,
                    text_safe(shown, sizeof shown, arg));
            return false;
        }
        cJSON_AddNumberToObject(o, "number", (double)number);
        return true;
    case ARGUMENT_TEXT:
        if (kind == COMMAND_MARK && arg != NULL) {
            cJSON_AddStringToObject(o, "text", arg);
        }
        return kind == COMMAND_MARK || arg == NULL || ctl_file(o, arg, e);
    case ARGUMENT_NONE:
        break;
    }
    if (arg != NULL && kind != COMMAND_HOLD && kind != COMMAND_PAUSE) {
        err_set(e, ERR_SYNTAX, "%s takes nothing behind it", name);
        return false;
    }
    if (arg != NULL && strcmp(arg, "on") != 0 && strcmp(arg, "off") != 0) {
        err_set(e, ERR_SYNTAX, "%s takes on or off, not '%s'", name,
                text_safe(shown, sizeof shown, arg));
        return false;
    }
    if (arg != NULL) {
        cJSON_AddStringToObject(o, "text", arg);
    }
    return true;
}

static bool ctl_fill(cJSON *o, const struct cli_args *a, struct err *e)
{
    const char *word = a->words[0];
    const char *arg = a->n_words > 1 ? a->words[1] : NULL;
    bool look = strcmp(word, "status") == 0 || strcmp(word, "watch") == 0;
    enum command_kind kind = COMMAND_SET_VUS;
    char shown[64];

    if (a->n_words > 2) {
        err_set(e, ERR_SYNTAX,
                "what is '%s'? One word follows a command: "
                "quote what has blanks",
                text_safe(shown, sizeof shown, a->words[2]));
        return false;
    }
    if (a->set[OPTION_JSON] && strcmp(word, "status") != 0) {
        err_set(e, ERR_SYNTAX, "--json goes with status");
        return false;
    }
    if (!look && ctl_is_level(word)) {
        arg = word;
    } else if (!look && !command_find(word, &kind)) {
        ctl_unknown(word, e);
        return false;
    }
    cJSON_AddStringToObject(o, "do", look ? word : command_name(kind));
    if (look) {
        if (arg != NULL) {
            err_set(e, ERR_SYNTAX, "%s takes nothing behind it", word);
        }
        return arg == NULL;
    }
    if (a->set[OPTION_SCENARIO]) {
        cJSON_AddStringToObject(o, "scenario", a->text[OPTION_SCENARIO]);
    }
    if (a->set[OPTION_YES]) {
        cJSON_AddTrueToObject(o, "confirm");
    }
    return ctl_argument(o, kind, arg, e);
}

cJSON *ctl_words(const struct cli_args *a, struct err *e)
{
    cJSON *o;

    if (a->n_words == 0) {
        err_set(e, ERR_SYNTAX,
                "what is to be done? As in: vus 80, +20, next, mark "
                "\"deploy 42\", status (see brunt ctl --help)");
        return NULL;
    }
    o = cJSON_CreateObject();
    if (!ctl_fill(o, a, e)) {
        cJSON_Delete(o);
        return NULL;
    }
    return o;
}
