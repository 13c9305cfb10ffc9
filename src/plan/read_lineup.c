/* SPDX-License-Identifier: MIT
 *
 * read_lineup - the menu: under each name one scenario, or an array of them
 * that run together. A scenario that runs beside others, or has variables or
 * tags of its own, has the requests of its flow for itself, so that each sample
 * tells by its request whose it is: the flow is read once more, and what came
 * of its requests before (names, checks) is shared. */
#include "config.h"

#include "plan/read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"

#define LINEUPS_MAX 1000

static bool lineup_name_ok(const char *s)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789_-";

    return *s != '\0' && strspn(s, letters) == strlen(s);
}

/* Is exec given, and by no other of the array? */
static bool lineup_exec_alone(const cJSON *array, const cJSON *element)
{
    const cJSON *exec = reader_get(element, "exec"), *m;

    if (!cJSON_IsString(exec) || !lineup_name_ok(exec->valuestring)) {
        return false;
    }
    cJSON_ArrayForEach(m, array)
    {
        const cJSON *other = reader_get(m, "exec");

        if (m != element && cJSON_IsString(other) &&
            strcmp(other->valuestring, exec->valuestring) == 0) {
            return false;
        }
    }
    return true;
}

/* What the scenario tag says of an element of an array. */
static void lineup_name_element(struct reader *r, const cJSON *array,
                                const cJSON *v, const struct lineup *l,
                                struct scenario *s)
{
    const char *name = NULL;

    if (reader_m_name(r, v, "name", &name)) {
        if (!lineup_name_ok(name)) {
            reader_fail_member(r, "name",
                               "a scenario's name has letters, digits, _ and - "
                               "only");
        }
        s->name = xstrdup(name);
    } else if (lineup_exec_alone(array, v)) {
        s->name = xstrdup(reader_get(v, "exec")->valuestring);
    } else {
        s->name = xasprintf("%s-%u", l->name, s->index + 1);
    }
    for (size_t i = 0; i < s->index; i++) {
        if (strcmp(l->list[i].name, s->name) == 0) {
            reader_fail(r,
                        "another scenario of this array is named '%.120s', "
                        "too: give it a \"name\" of its own",
                        s->name);
            return;
        }
    }
}

static void lineup_read_array(struct reader *r, const cJSON *v,
                              struct lineup *l)
{
    const cJSON *m;

    if (!reader_array(r, v, "scenarios", LINEUP_MAX)) {
        l->list = xcalloc(1, sizeof *l->list);
        return;
    }
    l->list = xcalloc((size_t)cJSON_GetArraySize(v), sizeof *l->list);
    cJSON_ArrayForEach(m, v)
    {
        struct scenario *s = &l->list[l->n];
        size_t mark = reader_enter_index(r, l->n);

        s->index = (unsigned)l->n++;
        lineup_name_element(r, v, m, l, s);
        read_scenario(r, m, s);
        reader_leave(r, mark);
    }
}

static void lineup_read(struct reader *r, const cJSON *v, struct lineup *l)
{
    const char *purpose = "";

    if (cJSON_IsArray(v)) {
        lineup_read_array(r, v, l);
    } else {
        l->list = xcalloc(1, sizeof *l->list);
        l->n = 1;
        l->list[0].name = xstrdup(l->name);
        if (cJSON_IsObject(v) && reader_get(v, "name") != NULL) {
            reader_fail_key(r, "name",
                            "only a scenario in an array has a name of its own;"
                            " this one is '%.120s'",
                            l->name);
        }
        read_scenario(r, v, &l->list[0]);
    }
    for (size_t i = 0; i < l->n && *purpose == '\0'; i++) {
        purpose = l->list[i].purpose;
    }
    l->purpose = xstrdup(purpose);
}

/* Gives the plan's variables the scenario's values; -e is stronger than these.
 * What they had is swapped in its place: a second call undoes the first. */
static void lineup_swap_env(struct plan *p, struct scenario *s)
{
    for (size_t i = 0; i < s->n_env; i++) {
        for (size_t k = 0; k < p->n_env; k++) {
            struct plan_env *e = &p->env[k];
            char *value = e->value;

            if (!e->set && strcmp(e->name, s->env[i].name) == 0) {
                e->value = s->env[i].value;
                s->env[i].value = value;
            }
        }
    }
}

/* Reads the flow of a scenario for it alone. */
static void lineup_own_flow(struct reader *r, int lineup, struct scenario *s)
{
    const struct reader_flow from = r->flows[s->flow];
    size_t first = r->plan->n_requests;

    (void)snprintf(r->path, sizeof r->path, "%s", from.path);
    r->own = (struct reader_own){
        .lineup = lineup, .scenario = s->index, .twin = from.first_request};
    lineup_swap_env(r->plan, s);
    read_headers_again(r);
    read_flow(r, from.v, r->plan->flows[s->flow].name);
    read_merge_headers(r, first);
    lineup_swap_env(r->plan, s);
    r->own = (struct reader_own){.lineup = -1};
    s->flow = (unsigned)r->plan->n_flows - 1;
    s->own = true;
}

static void lineup_own_flows(struct reader *r)
{
    struct plan *p = r->plan;
    char path[sizeof r->path];

    memcpy(path, r->path, sizeof path);
    for (size_t i = 0; i < p->n_lineups; i++) {
        struct lineup *l = &p->lineups[i];

        for (size_t k = 0; k < l->n; k++) {
            struct scenario *s = &l->list[k];

            if (l->n > 1 || s->n_env > 0 || s->n_tags > 0) {
                lineup_own_flow(r, (int)i, s);
                memcpy(r->path, path, sizeof path);
            }
        }
        p->n_together = l->n > p->n_together ? l->n : p->n_together;
    }
}

void read_scenarios(struct reader *r, const cJSON *v)
{
    struct plan *p = r->plan;
    const cJSON *m;

    if (!reader_names(r, v, "scenarios", LINEUPS_MAX)) {
        return;
    }
    if (v->child == NULL) {
        reader_fail(r, "expected at least one scenario");
    }
    p->lineups = xcalloc((size_t)cJSON_GetArraySize(v) + 1, sizeof *p->lineups);
    cJSON_ArrayForEach(m, v)
    {
        struct lineup *l = &p->lineups[p->n_lineups++];
        size_t mark;

        if (!lineup_name_ok(m->string)) {
            reader_fail_key(r, m->string,
                            "a scenario's name has letters, "
                            "digits, _ and - only");
        }
        mark = reader_enter(r, m->string);
        l->name = xstrdup(m->string);
        lineup_read(r, m, l);
        reader_leave(r, mark);
    }
    /* What is wrong in a flow has been said; it is wrong once more. */
    if (reader_mistakes(r) == 0) {
        lineup_own_flows(r);
    }
}
