/* SPDX-License-Identifier: MIT
 *
 * read_tags - tags of the plan's own on samples, and what a scenario says of
 * the plan's variables: names with values, both. */
#include "config.h"

#include "plan/read.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "plan/compile.h"

#define TAGS_MAX 50

/* Tags that samples have by themselves, k6's that are not there yet among
 * them. */
static const char *const tags_taken[] = {"name",
                                         "method",
                                         "status",
                                         "group",
                                         "scenario",
                                         "check",
                                         "expected_response",
                                         "error",
                                         "url",
                                         "proto",
                                         "error_code",
                                         "tls_version",
                                         "service",
                                         "subproto"};

static bool tags_name_ok(struct reader *r, const char *name)
{
    for (size_t i = 0; i < sizeof tags_taken / sizeof tags_taken[0]; i++) {
        if (strcmp(name, tags_taken[i]) == 0) {
            reader_fail_key(r, name,
                            "every sample has this tag by itself: choose "
                            "another name");
            return false;
        }
    }
    if (!compile_is_word(name) || strlen(name) > 100) {
        reader_fail_key(r, name,
                        "a tag's name has letters, digits and _ only, at most "
                        "100, and begins with no digit");
        return false;
    }
    return true;
}

void read_tags(struct reader *r, const cJSON *v, struct tag **list, size_t *n)
{
    const cJSON *m;

    if (!reader_names(r, v, "tags", TAGS_MAX)) {
        return;
    }
    *list = xcalloc((size_t)cJSON_GetArraySize(v) + 1, sizeof **list);
    cJSON_ArrayForEach(m, v)
    {
        const char *value = NULL;
        size_t mark;

        if (!tags_name_ok(r, m->string)) {
            continue;
        }
        mark = reader_enter(r, m->string);
        if (reader_name(r, m, &value)) {
            (*list)[(*n)++] = (struct tag){xstrdup(m->string), xstrdup(value)};
        }
        reader_leave(r, mark);
    }
}

/* Adds those of from whose names are not there yet. */
static void tags_merge(struct tag **list, size_t *n, const struct tag *from,
                       size_t n_from)
{
    struct tag *all;
    size_t had = *n;

    if (n_from == 0) {
        return;
    }
    all = xcalloc(had + n_from, sizeof *all);
    if (had > 0) {
        memcpy(all, *list, had * sizeof *all);
    }
    for (size_t i = 0; i < n_from; i++) {
        if (tags_value(all, *n, from[i].name) == NULL) {
            all[(*n)++] =
                (struct tag){xstrdup(from[i].name), xstrdup(from[i].value)};
        }
    }
    free(*list);
    *list = all;
}

void read_request_tags(struct reader *r, const cJSON *v, struct request *q)
{
    const cJSON *own = reader_get(v, "tags");

    if (own != NULL) {
        size_t mark = reader_enter(r, "tags");

        read_tags(r, own, &q->tags, &q->n_tags);
        reader_leave(r, mark);
    }
    if (r->own.lineup >= 0) {
        const struct scenario *s =
            &r->plan->lineups[r->own.lineup].list[r->own.scenario];

        tags_merge(&q->tags, &q->n_tags, s->tags, s->n_tags);
    }
    tags_merge(&q->tags, &q->n_tags, r->plan->tags, r->plan->n_tags);
}

void read_scenario_env(struct reader *r, const cJSON *v, struct scenario *s)
{
    const struct plan *p = r->plan;
    const char **words = xcalloc(p->n_env + 1, sizeof *words);
    const cJSON *m;
    char hint[256];

    for (size_t i = 0; i < p->n_env; i++) {
        words[i] = p->env[i].name;
    }
    if (reader_names(r, v, "variables", p->n_env + 1000)) {
        s->env = xcalloc((size_t)cJSON_GetArraySize(v) + 1, sizeof *s->env);
    }
    for (m = s->env != NULL ? v->child : NULL; m != NULL; m = m->next) {
        size_t mark, i;
        char *value;

        for (i = 0; i < p->n_env && strcmp(words[i], m->string) != 0;) {
            i++;
        }
        if (i == p->n_env) {
            reader_fail_key(
                r, m->string, "the plan's env does not declare it%s",
                reader_hint(hint, sizeof hint, m->string, words, p->n_env));
            continue;
        }
        mark = reader_enter(r, m->string);
        value = reader_scalar(r, m);
        reader_leave(r, mark);
        if (value != NULL) {
            s->env[s->n_env++] = (struct tag){xstrdup(m->string), value};
        }
    }
    free(words);
}
