/* SPDX-License-Identifier: MIT
 *
 * read_env - the plan's variables and what settles them. */
#include "config.h"

#include "plan/read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "plan/compile.h"

#define ENV_MAX 1000

static struct plan_env *env_find(const struct plan *p, const char *name)
{
    for (size_t i = 0; i < p->n_env; i++) {
        if (strcmp(p->env[i].name, name) == 0) {
            return &p->env[i];
        }
    }
    return NULL;
}

/* vars: names that steps extract could be meant as well. */
static const char *env_hint(const struct plan *p, bool vars, char *buf,
                            size_t size, const char *word)
{
    const char **words = xcalloc(p->n_env + p->n_vars + 1, sizeof *words);
    size_t n = 0;

    for (size_t i = 0; i < p->n_env; i++) {
        words[n++] = p->env[i].name;
    }
    for (size_t i = 0; vars && i < p->n_vars; i++) {
        words[n++] = p->vars[i];
    }
    (void)reader_hint(buf, size, word, words, n);
    free(words);
    return buf;
}

static void env_set(struct plan_env *e, const char *value)
{
    free(e->value);
    e->value = xstrdup(value);
}

static void env_declare(struct reader *r, const cJSON *v,
                        const struct plan_input *in)
{
    struct plan *p = r->plan;
    const cJSON *m;

    cJSON_ArrayForEach(m, v)
    {
        struct plan_env *e = &p->env[p->n_env];
        const char *from = NULL;
        char *text;
        size_t mark;

        if (!compile_name_ok(r, m->string)) {
            continue;
        }
        mark = reader_enter(r, m->string);
        text = reader_scalar(r, m);
        reader_leave(r, mark);
        if (in->getenv != NULL) {
            from = in->getenv(m->string);
        }
        e->name = xstrdup(m->string);
        e->by_default = text == NULL ? xstrdup("") : text;
        e->value = xstrdup(from != NULL ? from : e->by_default);
        p->n_env++;
    }
}

/* Marks those that are variables of env: what is made of them must be known as
 * secret from the start. What is wrong with the list is told later. */
static void env_secrets(struct plan *p, const cJSON *v)
{
    const cJSON *m;

    for (m = cJSON_IsArray(v) ? v->child : NULL; m != NULL; m = m->next) {
        struct plan_env *e =
            cJSON_IsString(m) ? env_find(p, m->valuestring) : NULL;

        if (e != NULL) {
            e->secret = true;
        }
    }
}

/* One that is no variable of env is a name that steps extract. */
static void env_secret(struct reader *r, const cJSON *v)
{
    struct plan *p = r->plan;
    const char *name = NULL;
    char hint[256];
    size_t i = 0;

    if (!reader_name(r, v, &name) || env_find(p, name) != NULL) {
        return;
    }
    while (i < p->n_vars && strcmp(p->vars[i], name) != 0) {
        i++;
    }
    if (i == p->n_vars) {
        reader_fail(r, "'%.120s' is not in env, and no step extracts it%s",
                    name, env_hint(p, true, hint, sizeof hint, name));
        return;
    }
    if (p->secret_vars == NULL) {
        p->secret_vars = xcalloc(p->n_vars, sizeof *p->secret_vars);
    }
    p->secret_vars[i] = true;
}

void read_secrets(struct reader *r, const cJSON *v)
{
    const cJSON *m;
    size_t i = 0;

    if (!cJSON_IsArray(v)) {
        reader_fail(r, "expected an array of names, not %s", reader_kind(v));
        return;
    }
    cJSON_ArrayForEach(m, v)
    {
        size_t mark = reader_enter_index(r, i++);

        env_secret(r, m);
        reader_leave(r, mark);
    }
}

static void env_settings(struct reader *r, const struct plan_input *in)
{
    struct plan *p = r->plan;
    char where[256], hint[256];

    for (size_t i = 0; i < in->n_settings; i++) {
        const struct plan_setting *s = &in->settings[i];
        struct plan_env *e = env_find(p, s->name);

        /* Every plan has a menu of scenarios, so SCENARIO always means
         * something. */
        if (e == NULL && strcmp(s->name, "SCENARIO") == 0) {
            e = &p->env[p->n_env++];
            e->name = xstrdup(s->name);
            e->by_default = xstrdup("");
        }
        if (e != NULL) {
            e->set = true;
            env_set(e, s->value);
            continue;
        }
        (void)snprintf(where, sizeof where, "-e %s", s->name);
        reader_fail_setting(
            r, where, "the plan does not declare '%.120s' in env%s", s->name,
            env_hint(p, false, hint, sizeof hint, s->name));
    }
}

void read_env(struct reader *r, const cJSON *doc, const struct plan_input *in)
{
    const cJSON *env = reader_get(doc, "env");
    const cJSON *secrets = reader_get(doc, "secrets");
    size_t n = env == NULL ? 0 : (size_t)cJSON_GetArraySize(env);

    r->plan->env = xcalloc(n + 1, sizeof *r->plan->env);
    if (env != NULL) {
        size_t mark = reader_enter(r, "env");

        if (reader_names(r, env, "variables", ENV_MAX)) {
            env_declare(r, env, in);
        }
        reader_leave(r, mark);
    }
    env_secrets(r->plan, secrets);
    env_settings(r, in);
}
