/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/plan_save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "base/file.h"
#include "base/json.h"
#include "base/must.h"
#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "record/run_file.h"

/* Keys of a scenario that say how much load there is. */
static const char *const save_load_keys[] = {
    "executor", "vus",       "duration", "iterations", "maxDuration",
    "rate",     "startRate", "startVUs", "stages"};
/* Of a request: nothing in them is a file's name. */
static const char *const save_opaque[] = {"json",    "form",   "query",
                                          "headers", "checks", "env"};
/* Of http.tls: what names a file or folder. */
static const char *const save_http_files[] = {"ca", "caDir", "cert", "key"};

#define SAVE_HAS(list, name) save_has(list, sizeof list / sizeof list[0], name)

static bool save_has(const char *const *list, size_t n, const char *name)
{
    size_t i;

    for (i = 0; i < n; i++) {
        if (name != NULL && strcmp(list[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* The folder of a file, absolute; owned. */
static char *save_folder(const char *file)
{
    const char *slash = strrchr(file, '/');
    char *folder = slash == NULL   ? xstrdup(".")
                   : slash == file ? xstrdup("/")
                                   : xstrndup(file, (size_t)(slash - file));
    char *real = realpath(folder, NULL);

    if (real == NULL) {
        return folder;
    }
    free(folder);
    return real;
}

/* A path that counted from the old folder. */
static void save_path(cJSON *v, const char *folder)
{
    char *path;

    if (!cJSON_IsString(v) || v->valuestring[0] == '/') {
        return;
    }
    path = xasprintf("%s/%s", folder, v->valuestring);
    cJSON_SetValuestring(v, path);
    free(path);
}

/* Members of these names anywhere in v. */
static void save_members(cJSON *v, const char *const *names, size_t n,
                         const char *folder)
{
    cJSON *m;

    cJSON_ArrayForEach(m, v)
    {
        if (cJSON_IsString(m) && save_has(names, n, m->string)) {
            save_path(m, folder);
        } else {
            save_members(m, names, n, folder);
        }
    }
}

/* Steps, and steps in steps. */
static void save_steps(cJSON *v, const char *folder)
{
    static const char *const file[] = {"file"};
    cJSON *m;

    cJSON_ArrayForEach(m, v)
    {
        if (m->string != NULL && strcmp(m->string, "body_file") == 0) {
            save_path(m, folder);
        } else if (m->string != NULL && strcmp(m->string, "multipart") == 0) {
            save_members(m, file, 1, folder);
        } else if (!SAVE_HAS(save_opaque, m->string)) {
            save_steps(m, folder);
        }
    }
}

/* Files are found from the new place as well. */
static void save_files(cJSON *doc, const char *from, const char *to)
{
    static const char *const file[] = {"file"};
    char *old = save_folder(from), *new = save_folder(to);
    cJSON *m, *data = cJSON_GetObjectItemCaseSensitive(doc, "data");

    if (from[0] != '\0' && strcmp(old, new) != 0) {
        cJSON_ArrayForEach(m, data)
        {
            if (cJSON_IsObject(m)) {
                save_members(m, file, 1, old);
            }
        }
        save_members(cJSON_GetObjectItemCaseSensitive(
                         cJSON_GetObjectItemCaseSensitive(doc, "http"), "tls"),
                     save_http_files,
                     sizeof save_http_files / sizeof save_http_files[0], old);
        cJSON_ArrayForEach(m, doc)
        {
            if (strcmp(m->string, "data") != 0 &&
                strcmp(m->string, "scenarios") != 0) {
                save_steps(m, old);
            }
        }
    }
    free(old);
    free(new);
}

/* A value that has a secret in it is none to keep. */
static bool save_clear(const struct plan *plan, const char *value)
{
    struct buf masked;
    bool same;

    buf_init(&masked, SIZE_MAX);
    plan_mask(plan, &masked, value, strlen(value));
    same = strcmp(buf_str(&masked), value) == 0;
    buf_clear(&masked);
    return same;
}

/* As the run had it, by -e or from the environment: it is to be run against the
 * same service again. What is secret stays where it came from. */
static void save_env(cJSON *doc, const struct plan *plan)
{
    cJSON *env = cJSON_GetObjectItemCaseSensitive(doc, "env");
    size_t i;

    for (i = 0; i < plan->n_env; i++) {
        const struct plan_env *x = &plan->env[i];
        cJSON *v = cJSON_GetObjectItemCaseSensitive(env, x->name);

        if (cJSON_IsString(v) && x->secret) {
            cJSON_SetValuestring(v, "");
        } else if (cJSON_IsString(v) && save_clear(plan, x->value)) {
            cJSON_SetValuestring(v, x->value);
        }
    }
}

static void save_scenario_secrets(cJSON *s, const struct plan *plan)
{
    cJSON *env = cJSON_GetObjectItemCaseSensitive(s, "env");
    size_t i;

    for (i = 0; env != NULL && i < plan->n_env; i++) {
        if (plan->env[i].secret) {
            cJSON_DeleteItemFromObjectCaseSensitive(env, plan->env[i].name);
        }
    }
}

static void save_stage(cJSON *list, uint64_t us, uint32_t target,
                       const char *name)
{
    cJSON *o = cJSON_CreateObject();
    char text[NUM_MAX];

    snprintf(text, sizeof text, "%llums",
             (unsigned long long)((us + 500) / 1000));
    cJSON_AddStringToObject(o, "duration", us == 0 ? "0s" : text);
    cJSON_AddNumberToObject(o, "target", target);
    cJSON_AddStringToObject(o, "name", name);
    cJSON_AddItemToArray(list, o);
}

/* The scenario's load as it was; false: nothing of it has run. */
static bool save_load(cJSON *s, const struct run_info *info,
                      const struct track *t, size_t i)
{
    bool rate = info->curves[i].time_unit_us > 0;
    size_t n = track_count(t, i), k;
    cJSON *list;
    uint32_t level;

    if (n == 0) {
        return false;
    }
    for (k = 0; k < sizeof save_load_keys / sizeof save_load_keys[0]; k++) {
        cJSON_DeleteItemFromObjectCaseSensitive(s, save_load_keys[k]);
    }
    cJSON_AddStringToObject(s, "executor",
                            rate ? "ramping-arrival-rate" : "ramping-vus");
    level = track_line(t, i, 0)->from;
    cJSON_AddNumberToObject(s, rate ? "startRate" : "startVUs", level);
    list = cJSON_AddArrayToObject(s, "stages");
    for (k = 0; k < n; k++) {
        const struct track_line *l = track_line(t, i, k);

        if (l->from != level) {
            save_stage(list, 0, l->from, "step");
        }
        save_stage(list, l->us, l->to, l->name);
        level = l->to;
    }
    return true;
}

/* The JSON of a scenario of the lineup. */
static cJSON *save_find(cJSON *doc, const struct lineup *l, size_t i)
{
    cJSON *s = cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(doc, "scenarios"), l->name);

    return cJSON_IsArray(s) ? cJSON_GetArrayItem(s, (int)i) : s;
}

static bool save_scenarios(cJSON *doc, struct story *st, struct err *e)
{
    const struct run_info *info = story_info(st);
    const struct track *t = story_track(st);
    size_t i, saved = 0;

    for (i = 0; i < info->lineup->n; i++) {
        cJSON *s = save_find(doc, info->lineup, i);

        if (s == NULL) {
            err_set(e, ERR_RANGE, "the plan's text has no scenario %s",
                    info->lineup->name);
            return false;
        }
        if (track_cut(t, i)) {
            err_set(e, ERR_LIMIT,
                    "more was changed than a plan may have stages (%d lines)",
                    TRACK_MAX);
            return false;
        }
        if (info->lineup->n == 1 || track_steered(t, i)) {
            saved += save_load(s, info, t, i);
        }
    }
    if (saved == 0) {
        err_set(e, ERR_RANGE, "nothing has been %s yet",
                info->lineup->n == 1 ? "run" : "steered");
    }
    return saved > 0;
}

/* Runs without a name of a scenario are those of the saved one. */
static void save_choice(cJSON *doc, const struct lineup *l)
{
    cJSON *env = cJSON_GetObjectItemCaseSensitive(doc, "env");
    cJSON *v = cJSON_GetObjectItemCaseSensitive(env, "SCENARIO");

    if (cJSON_IsString(v)) {
        cJSON_SetValuestring(v, l->name);
    }
}

/* Would brunt check pass? */
static bool save_valid(const char *text, const char *path, struct err *e)
{
    struct plan_input in = {.file = path};
    struct plan_errors errors = {.n = 0};
    struct plan *p = plan_parse(text, strlen(text), &in, &errors);
    bool ok = p != NULL;

    if (!ok) {
        err_set(e, ERR_RANGE, "it would be no valid plan: %.150s",
                errors.list[0].text);
    }
    plan_free(&p);
    plan_errors_clear(&errors);
    return ok;
}

char *plan_save_text(struct story *s, const char *path, struct err *e)
{
    const struct plan *plan = story_info(s)->plan;
    const struct lineup *lineup = story_info(s)->lineup;
    cJSON *doc = json_parse(plan->text, strlen(plan->text), plan->file, e);
    char *text = NULL;
    size_t i;
    bool ok;

    if (doc == NULL) {
        return NULL;
    }
    story_lock(s);
    ok = save_scenarios(doc, s, e);
    story_unlock(s);
    if (ok) {
        cJSON *all = cJSON_GetObjectItemCaseSensitive(doc, "scenarios"), *m;

        save_files(doc, plan->file, path);
        save_env(doc, plan);
        cJSON_ArrayForEach(m, all)
        {
            save_scenario_secrets(m, plan);
        }
        for (i = 0; i < lineup->n; i++) {
            save_scenario_secrets(save_find(doc, lineup, i), plan);
        }
        save_choice(doc, lineup);
        text = cJSON_Print(doc);
        MUST(text != NULL);
    }
    cJSON_Delete(doc);
    if (text != NULL && !save_valid(text, path, e)) {
        cJSON_free(text);
        return NULL;
    }
    return text;
}

/* Makes the file, empty, for nobody else to take its name meanwhile; a link of
 * that name counts as a file, wherever it leads. */
static bool save_take(const char *path, struct err *e)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

    if (fd >= 0) {
        close(fd);
        return true;
    }
    if (errno == EEXIST) {
        err_set(e, ERR_IO, "%s exists, and is not written over: another name",
                path);
    } else {
        err_set_at(e, ERR_IO, path, 0, 0, "cannot write: %s", strerror(errno));
    }
    return false;
}

/* Into the file that took the name, which goes where nothing is written. */
static bool save_write(struct story *s, const char *path, struct err *e)
{
    char *text = plan_save_text(s, path, e);
    bool ok = text != NULL && file_write(path, text, strlen(text), e);
    if (!ok) {
        (void)unlink(path);
    }
    free(text);
    return ok;
}

bool plan_save(struct story *s, const char *path, char *where, size_t size,
               struct err *e)
{
    static const char *const ends[] = {".plan.json", NULL};
    char base[512] = "";

    /* Either way the name is taken before anything is written to it. */
    if (path[0] != '\0') {
        snprintf(where, size, "%s", path);
        if (!save_take(where, e)) {
            return false;
        }
    } else if (run_file_name(story_info(s), "", ends, base, sizeof base, e)) {
        snprintf(where, size, "%s.plan.json", base);
    } else {
        return false;
    }
    return save_write(s, where, e);
}
