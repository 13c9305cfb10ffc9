/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/summary_export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "record/figures.h"
#include "record/run_file.h"

struct export_ctx {
    cJSON *metrics;
    const struct plan *plan;
    const struct ledger *ledger;
    const struct tick *tick;
};

/* k6 has the values beside each other, without count in trends, and "value"
 * for a rate's share. */
static void export_shape(cJSON *values, enum metric_type type)
{
    cJSON *rate;

    if (type == METRIC_TREND) {
        cJSON_DeleteItemFromObjectCaseSensitive(values, "count");
        cJSON_DeleteItemFromObjectCaseSensitive(values, "p(99)");
        cJSON_DeleteItemFromObjectCaseSensitive(values, "p(99.9)");
    } else if (type == METRIC_RATE) {
        rate = cJSON_DetachItemFromObjectCaseSensitive(values, "rate");
        cJSON_AddItemToObject(values, "value", rate);
    }
}

/* No samples make it: it is what its thresholds say. NULL: none asks. */
static cJSON *export_returns(const struct tick *t)
{
    cJSON *values = NULL;
    size_t i;

    for (i = 0; i < t->n_verdicts && values == NULL; i++) {
        const struct verdict *v = &t->verdicts[i];

        if (v->threshold->selector.metric != METRIC_RECOVERY_TIME) {
            continue;
        }
        values = cJSON_CreateObject();
        if (v->run.fed) {
            cJSON_AddNumberToObject(values, "max", v->run.value);
        } else {
            cJSON_AddNullToObject(values, "max");
        }
    }
    return values;
}

static void export_metric(void *ctx, const char *text, const struct selector *s)
{
    struct export_ctx *x = ctx;
    bool returns = s->metric == METRIC_RECOVERY_TIME;
    cJSON *values = returns ? export_returns(x->tick)
                            : figures_values(x->plan, x->ledger, s);
    cJSON *thresholds = NULL;
    size_t i;

    if (values == NULL) {
        return;
    }
    if (!returns) {
        export_shape(values, plan_metric_info(x->plan, s->metric).type);
    }
    for (i = 0; i < x->tick->n_verdicts; i++) {
        const struct verdict *v = &x->tick->verdicts[i];

        if (strcmp(v->threshold->metric_text, text) != 0) {
            continue;
        }
        if (thresholds == NULL) {
            thresholds = cJSON_AddObjectToObject(values, "thresholds");
        }
        cJSON_AddBoolToObject(thresholds, v->threshold->expression, !v->ok);
    }
    cJSON_AddItemToObject(x->metrics, text, values);
}

/* A group as k6 writes it; made when a check first needs it. */
static cJSON *export_group(cJSON *parent, const char *path, const char *name,
                           size_t n)
{
    cJSON *groups = cJSON_GetObjectItemCaseSensitive(parent, "groups");
    char *word = xstrndup(name, n);
    cJSON *g = cJSON_GetObjectItemCaseSensitive(groups, word);

    if (g == NULL) {
        char *full = xstrndup(path, (size_t)(name + n - path));

        g = cJSON_AddObjectToObject(groups, word);
        cJSON_AddStringToObject(g, "name", word);
        cJSON_AddStringToObject(g, "path", full);
        cJSON_AddObjectToObject(g, "groups");
        cJSON_AddObjectToObject(g, "checks");
        free(full);
    }
    free(word);
    return g;
}

/* The group at "::outer::inner", under root. */
static cJSON *export_group_at(cJSON *root, const char *path)
{
    const char *p = path;
    cJSON *g = root;

    while (strncmp(p, "::", 2) == 0) {
        const char *name = p + 2;
        const char *end = strstr(name, "::");
        size_t n = end != NULL ? (size_t)(end - name) : strlen(name);

        g = export_group(g, path, name, n);
        p = name + n;
    }
    return g;
}

static const char *export_group_of(const struct plan *plan, unsigned check)
{
    size_t i, k;

    for (i = 0; i < plan->n_requests; i++) {
        const struct request *r = plan->requests[i];

        for (k = 0; k < r->n_checks; k++) {
            if (r->checks[k].index == check) {
                return r->group;
            }
        }
    }
    return "";
}

static void export_checks(cJSON *root, const struct plan *plan,
                          const struct ledger *l)
{
    unsigned i;

    for (i = 0; i < plan->n_checks; i++) {
        struct check_line line = ledger_check(l, i);
        const char *path = export_group_of(plan, i);
        cJSON *g = export_group_at(root, path);
        cJSON *checks = cJSON_GetObjectItemCaseSensitive(g, "checks");
        const char *name = plan->checks[i]->name;
        cJSON *c = cJSON_GetObjectItemCaseSensitive(checks, name);
        char *full;

        if (c != NULL) {
            cJSON *p = cJSON_GetObjectItemCaseSensitive(c, "passes");
            cJSON *f = cJSON_GetObjectItemCaseSensitive(c, "fails");

            cJSON_SetNumberValue(p, p->valuedouble + (double)line.passes);
            cJSON_SetNumberValue(f, f->valuedouble + (double)line.fails);
            continue;
        }
        c = cJSON_AddObjectToObject(checks, name);
        full = xasprintf("%s::%s", path, name);
        cJSON_AddStringToObject(c, "name", name);
        cJSON_AddStringToObject(c, "path", full);
        cJSON_AddNumberToObject(c, "passes", (double)line.passes);
        cJSON_AddNumberToObject(c, "fails", (double)line.fails);
        free(full);
    }
}

char *summary_export_text(struct story *s)
{
    cJSON *root = cJSON_CreateObject();
    cJSON *group = cJSON_AddObjectToObject(root, "root_group");
    struct export_ctx x;
    char *text;

    cJSON_AddStringToObject(group, "name", "");
    cJSON_AddStringToObject(group, "path", "");
    cJSON_AddObjectToObject(group, "groups");
    cJSON_AddObjectToObject(group, "checks");
    x.metrics = cJSON_AddObjectToObject(root, "metrics");
    story_lock(s);
    x.plan = story_info(s)->plan;
    x.ledger = story_ledger(s);
    x.tick = story_tick(s);
    MUST(x.tick != NULL);
    export_checks(group, x.plan, x.ledger);
    figures_each(x.plan, export_metric, &x);
    story_unlock(s);
    text = cJSON_Print(root);
    MUST(text != NULL);
    cJSON_Delete(root);
    return text;
}

bool summary_export_write_final(struct story *s, const char *path,
                                const char *tmp, char *where, size_t size,
                                struct err *e)
{
    char *text = summary_export_text(s);
    bool ok = run_file_write(story_info(s), text, path, tmp, ".summary.json",
                             where, size, e);

    free(text);
    return ok;
}
