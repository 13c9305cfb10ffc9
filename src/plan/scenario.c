/* SPDX-License-Identifier: MIT
 *
 * scenario - the life of scenarios and lineups. */
#include "config.h"

#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "plan/plan_internal.h"

const char *executor_name(enum executor e)
{
    static const char *const names[EXECUTOR_COUNT] = {
        [EXECUTOR_CONSTANT_VUS] = "constant-vus",
        [EXECUTOR_RAMPING_VUS] = "ramping-vus",
        [EXECUTOR_SHARED_ITERATIONS] = "shared-iterations",
        [EXECUTOR_PER_VU_ITERATIONS] = "per-vu-iterations",
        [EXECUTOR_CONSTANT_ARRIVAL_RATE] = "constant-arrival-rate",
        [EXECUTOR_RAMPING_ARRIVAL_RATE] = "ramping-arrival-rate",
    };

    return names[e];
}

void scenario_set_stages(struct scenario *s, const struct stage *stages,
                         size_t n)
{
    s->stages = n == 0 ? NULL : xcalloc(n, sizeof *s->stages);
    s->n_stages = n;
    for (size_t i = 0; i < n; i++) {
        s->stages[i] = stages[i];
        s->stages[i].name =
            stages[i].name == NULL ? NULL : xstrdup(stages[i].name);
    }
}

/* A deep copy of n tags, owned by the caller; NULL when n is 0. */
static struct tag *tags_copy(const struct tag *tags, size_t n)
{
    struct tag *copy = n == 0 ? NULL : xcalloc(n, sizeof *copy);

    for (size_t i = 0; i < n; i++) {
        copy[i] = (struct tag){xstrdup(tags[i].name), xstrdup(tags[i].value)};
    }
    return copy;
}

const char *tags_value(const struct tag *tags, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(tags[i].name, name) == 0) {
            return tags[i].value;
        }
    }
    return NULL;
}

bool tags_have(const struct tag *tags, size_t n, const char *name,
               const char *value)
{
    const char *has = tags_value(tags, n, name);

    return has != NULL && strcmp(has, value) == 0;
}

void tags_free(struct tag **tags, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free((*tags)[i].name);
        free((*tags)[i].value);
    }
    free(*tags);
    *tags = NULL;
}

static void scenario_copy(struct scenario *copy, const struct scenario *s)
{
    *copy = *s;
    copy->name = xstrdup(s->name);
    copy->purpose = xstrdup(s->purpose);
    copy->tags = tags_copy(s->tags, s->n_tags);
    copy->env = tags_copy(s->env, s->n_env);
    scenario_set_stages(copy, s->stages, s->n_stages);
}

static void scenario_clear(struct scenario *s)
{
    for (size_t i = 0; i < s->n_stages; i++) {
        free(s->stages[i].name);
    }
    free(s->stages);
    tags_free(&s->tags, s->n_tags);
    tags_free(&s->env, s->n_env);
    free(s->name);
    free(s->purpose);
    memset(s, 0, sizeof *s);
}

struct lineup *lineup_copy(const struct lineup *l)
{
    struct lineup *copy = xmalloc(sizeof *copy);

    copy->name = xstrdup(l->name);
    copy->purpose = xstrdup(l->purpose);
    copy->n = l->n;
    copy->list = xcalloc(l->n, sizeof *copy->list);
    for (size_t i = 0; i < l->n; i++) {
        scenario_copy(&copy->list[i], &l->list[i]);
    }
    return copy;
}

void lineup_clear(struct lineup *l)
{
    for (size_t i = 0; i < l->n; i++) {
        scenario_clear(&l->list[i]);
    }
    free(l->list);
    free(l->name);
    free(l->purpose);
    memset(l, 0, sizeof *l);
}

void lineup_free(struct lineup **l)
{
    if (*l != NULL) {
        lineup_clear(*l);
        free(*l);
        *l = NULL;
    }
}
