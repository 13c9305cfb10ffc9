/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "remote/ask.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/num.h"
#include "base/text.h"

/* More than any machine gives; keeps arithmetic within bounds. */
#define ASK_LEVEL_MAX  INT64_C(10000000)
#define ASK_NUMBER_MAX 9007199254740991.0 /* whole numbers of a double */

static const char *const ask_members[] = {
    "do", "number", "text", "steer", "confirm", "scenario", "id"};
#define ASK_MEMBERS (sizeof ask_members / sizeof ask_members[0])

static bool ask_whole(const cJSON *v, const char *name, int64_t *out,
                      struct err *e)
{
    if (!cJSON_IsNumber(v) || fabs(v->valuedouble) > ASK_NUMBER_MAX ||
        fabs(v->valuedouble - trunc(v->valuedouble)) > 0) {
        err_set(e, ERR_RANGE, "\"%s\" is not a whole number", name);
        return false;
    }
    *out = (int64_t)v->valuedouble;
    return true;
}

static bool ask_string(const cJSON *v, const char *name, char *out, size_t size,
                       struct err *e)
{
    if (!cJSON_IsString(v)) {
        err_set(e, ERR_RANGE, "\"%s\" is not a string", name);
        return false;
    }
    if (strlen(v->valuestring) >= size) {
        err_set(e, ERR_RANGE, "\"%s\" is longer than %zu bytes", name,
                size - 1);
        return false;
    }
    snprintf(out, size, "%s", v->valuestring);
    return true;
}

static bool ask_bool(const cJSON *v, const char *name, bool *out, struct err *e)
{
    if (!cJSON_IsBool(v)) {
        err_set(e, ERR_RANGE, "\"%s\" is neither true nor false", name);
        return false;
    }
    *out = cJSON_IsTrue(v);
    return true;
}

/* What is to be done: a command's name, or one of the other three. */
static bool ask_do(const char *word, struct ask *a, struct err *e)
{
    static const struct {
        const char *name;
        enum ask_kind kind;
    } rows[] = {
        {"status", ASK_STATUS}, {"watch", ASK_WATCH}, {"attach", ASK_ATTACH}};
    const char *names[COMMAND_COUNT + 3], *near;
    char shown[64];
    size_t i;

    for (i = 0; i < 3; i++) {
        if (strcmp(word, rows[i].name) == 0) {
            a->kind = rows[i].kind;
            return true;
        }
        names[COMMAND_COUNT + i] = rows[i].name;
    }
    a->kind = ASK_COMMAND;
    if (command_find(word, &a->command)) {
        return true;
    }
    for (i = 0; i < COMMAND_COUNT; i++) {
        names[i] = command_name((enum command_kind)i);
    }
    near = text_nearest(word, names, COMMAND_COUNT + 3);
    text_safe(shown, sizeof shown, word);
    err_set(e, ERR_RANGE,
            near != NULL ? "'%s' is no command; did you mean '%s'?"
                         : "'%s' is no command",
            shown, near);
    return false;
}

static bool ask_member(const cJSON *v, struct ask *a, struct err *e)
{
    const char *name = v->string, *near;
    char shown[64];

    if (strcmp(name, "id") == 0) {
        return a->has_id || ask_whole(v, name, &a->id, e);
    }
    if (strcmp(name, "number") == 0) {
        a->has_number = true;
        return ask_whole(v, name, &a->number, e);
    }
    if (strcmp(name, "do") == 0) {
        char word[64];

        return ask_string(v, name, word, sizeof word, e) && ask_do(word, a, e);
    }
    if (strcmp(name, "text") == 0) {
        return ask_string(v, name, a->text, sizeof a->text, e);
    }
    if (strcmp(name, "scenario") == 0) {
        return ask_string(v, name, a->scenario, sizeof a->scenario, e);
    }
    if (strcmp(name, "steer") == 0) {
        return ask_bool(v, name, &a->steer, e);
    }
    if (strcmp(name, "confirm") == 0) {
        return ask_bool(v, name, &a->confirm, e);
    }
    near = text_nearest(name, ask_members, ASK_MEMBERS);
    text_safe(shown, sizeof shown, name);
    err_set(e, ERR_RANGE,
            near != NULL ? "unknown member \"%s\"; did you mean \"%s\"?"
                         : "unknown member \"%s\"",
            shown, near);
    return false;
}

/* What a command reads is there, and nothing that it does not. */
static bool ask_fits(const struct ask *a, struct err *e)
{
    const char *name = command_name(a->command);
    bool text = a->text[0] != '\0';

    if (a->kind != ASK_COMMAND) {
        return true;
    }
    switch (command_argument(a->command)) {
    case ARGUMENT_NUMBER:
        if (a->has_number == text) {
            err_set(e, ERR_RANGE, "'%s' needs a \"number\"", name);
            return false;
        }
        return true;
    case ARGUMENT_TEXT:
        if (a->has_number) {
            err_set(e, ERR_RANGE, "'%s' takes a \"text\", no number", name);
            return false;
        }
        return true;
    case ARGUMENT_NONE:
        break;
    }
    if (a->has_number ||
        (text && a->command != COMMAND_HOLD && a->command != COMMAND_PAUSE)) {
        err_set(e, ERR_RANGE, "'%s' takes neither number nor text", name);
        return false;
    }
    return true;
}

bool ask_read(const char *line, size_t n, struct ask *a, struct err *e)
{
    struct err why = ERR_INIT;
    const cJSON *v;
    cJSON *root;
    bool ok = true;

    *a = (struct ask){.kind = ASK_COMMAND};
    root = json_parse(line, n, "", &why);
    if (root == NULL || !cJSON_IsObject(root)) {
        err_set(e, ERR_SYNTAX, "not a JSON object: %s",
                root == NULL ? why.text : "something else");
        cJSON_Delete(root);
        return false;
    }
    v = cJSON_GetObjectItemCaseSensitive(root, "id");
    a->has_id = v != NULL && ask_whole(v, "id", &a->id, NULL);
    if (cJSON_GetObjectItemCaseSensitive(root, "do") == NULL) {
        err_set(e, ERR_RANGE, "no \"do\" says what is asked for");
        ok = false;
    }
    cJSON_ArrayForEach(v, root)
    {
        ok = ok && ask_member(v, a, e);
    }
    cJSON_Delete(root);
    return ok && ask_fits(a, e);
}

static bool ask_scenario(const struct ask *a, const struct run_info *info,
                         struct command *out, struct err *e)
{
    const struct lineup *l = info->lineup;
    size_t i, len = 0;
    char shown[64], menu[256] = "";

    if (a->scenario[0] == '\0') {
        return true;
    }
    for (i = 0; i < l->n; i++) {
        if (strcmp(l->list[i].name, a->scenario) == 0) {
            out->scenario = l->n > 1 ? (unsigned)i + 1 : 0;
            return true;
        }
    }
    for (i = 0; i < l->n && len + 1 < sizeof menu; i++) {
        snprintf(menu + len, sizeof menu - len, "%s%s", i > 0 ? ", " : "",
                 text_safe(shown, sizeof shown, l->list[i].name));
        len = strlen(menu);
    }
    err_set(e, ERR_RANGE, "no scenario '%s' runs; there are: %s",
            text_safe(shown, sizeof shown, a->scenario), menu);
    return false;
}

/* Whose level a command is about: the one that it names, else the first that
 * is not at its end. */
static const struct tick_scenario *ask_at(const struct command *c,
                                          const struct tick *t)
{
    size_t i;

    if (c->scenario > 0) {
        return &t->scenarios[c->scenario - 1];
    }
    for (i = 0; i + 1 < t->n_scenarios; i++) {
        if (t->scenarios[i].state <= SCENARIO_RUNNING) {
            break;
        }
    }
    return &t->scenarios[i];
}

/* "80", "+20", "-5", "x2" */
static bool ask_level(const struct ask *a, const struct tick *t,
                      struct command *out, struct err *e)
{
    const char *s = a->text;
    char shown[64];
    bool sign = s[0] == '+' || s[0] == '-';
    double factor;

    if (s[0] == 'x' || s[0] == 'X' || s[0] == '*') {
        if (num_double(s + 1, &factor) && factor >= 0 &&
            factor * ask_at(out, t)->wanted <= (double)ASK_LEVEL_MAX) {
            out->number = llround(factor * ask_at(out, t)->wanted);
            return true;
        }
    } else if (num_i64(s[0] == '+' ? s + 1 : s, -ASK_LEVEL_MAX, ASK_LEVEL_MAX,
                       &out->number) &&
               !(s[0] == '+' && s[1] == '-')) {
        out->kind = sign ? COMMAND_ADD_VUS : out->kind;
        return true;
    }
    err_set(e, ERR_RANGE, "'%s' is not a level: 80, +20, -5 or x2",
            text_safe(shown, sizeof shown, s));
    return false;
}

/* "on" and "off" where a key only knows "the other". */
static bool ask_switch(const struct ask *a, const struct tick *t, bool *already,
                       struct err *e)
{
    bool is = a->command == COMMAND_HOLD ? t->held : t->state == RUN_PAUSED;
    char shown[64];

    if (strcmp(a->text, "on") == 0) {
        *already = is;
        return true;
    }
    if (strcmp(a->text, "off") == 0) {
        *already = !is;
        return true;
    }
    err_set(e, ERR_RANGE, "'%s' takes \"on\" or \"off\", not '%s'",
            command_name(a->command), text_safe(shown, sizeof shown, a->text));
    return false;
}

bool ask_command(const struct ask *a, const struct run_info *info,
                 const struct tick *t, struct command *out, bool *already,
                 struct err *e)
{
    *out = (struct command){.kind = a->command, .number = a->number};
    *already = false;
    if (!ask_scenario(a, info, out, e)) {
        return false;
    }
    if (a->text[0] == '\0') {
        return true;
    }
    switch (command_argument(a->command)) {
    case ARGUMENT_NUMBER:
        if (a->command == COMMAND_SET_VUS) {
            return ask_level(a, t, out, e);
        }
        err_set(e, ERR_RANGE, "'%s' needs a \"number\"",
                command_name(a->command));
        return false;
    case ARGUMENT_TEXT:
        snprintf(out->text, sizeof out->text, "%s", a->text);
        return true;
    case ARGUMENT_NONE:
        break;
    }
    return ask_switch(a, t, already, e);
}

bool ask_raises(const struct command *c, const struct tick *t)
{
    return c->kind == COMMAND_SPIKE ||
           (c->kind == COMMAND_ADD_VUS && c->number > 0) ||
           (c->kind == COMMAND_SET_VUS &&
            c->number > (int64_t)ask_at(c, t)->wanted);
}
