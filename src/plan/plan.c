/* SPDX-License-Identifier: MIT
 *
 * plan - the life of a plan, and questions to it. */
#include "config.h"

#include "plan/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "plan/plan_internal.h"
#include "plan/table.h"
#include "plan/url.h"

void plan_errors_clear(struct plan_errors *errors)
{
    free(errors->list);
    memset(errors, 0, sizeof *errors);
}

static void plan_free_values(struct plan *p)
{
    for (size_t i = 0; i < p->n_env; i++) {
        free(p->env[i].name);
        free(p->env[i].by_default);
        free(p->env[i].value);
    }
    free(p->env);
    for (size_t i = 0; i < p->n_hidden; i++) {
        free(p->hidden[i]);
    }
    free(p->hidden);
    for (size_t i = 0; i < p->n_data; i++) {
        for (size_t k = 0; p->data[i].values != NULL && k < p->data[i].n; k++) {
            free(p->data[i].values[k]);
        }
        free(p->data[i].values);
        free(p->data[i].name);
        free(p->data[i].file);
        table_free(&p->data[i].table);
    }
    free(p->data);
    dial_clear(&p->http.dial);
    for (size_t i = 0; i < p->n_files; i++) {
        free(p->files[i].path);
        free(p->files[i].data);
    }
    free(p->files);
    for (size_t i = 0; i < p->n_sources; i++) {
        free(p->sources[i]);
    }
    free(p->sources);
    for (size_t i = 0; i < p->n_vars; i++) {
        free(p->vars[i]);
    }
    free(p->vars);
    free(p->secret_vars);
}

static void plan_free_requests(struct plan *p)
{
    for (size_t i = 0; i < p->n_requests; i++) {
        request_clear(p->requests[i]);
        free(p->requests[i]);
    }
    free(p->requests);
    for (size_t i = 0; i < p->n_names; i++) {
        free(p->names[i]);
    }
    free(p->names);
    free(p->checks);
    for (size_t i = 0; i < p->n_metrics; i++) {
        free(p->metrics[i].name);
    }
    free(p->metrics);
}

static void plan_free_flow(struct flow *f)
{
    free(f->name);
    free(f->ops);
    free(f->data);
}

static void plan_free_baselines(struct plan *p)
{
    for (size_t i = 0; i < p->n_baselines; i++) {
        struct baseline *b = &p->baselines[i];

        for (size_t k = 0; k < b->n; k++) {
            for (size_t j = 0; j < b->sets[k].n; j++) {
                free(b->sets[k].items[j].metric);
                free(b->sets[k].items[j].expect);
                threshold_clear(&b->sets[k].items[j].limit);
            }
            free(b->sets[k].items);
            free(b->sets[k].scenario);
        }
        free(b->sets);
        free(b->name);
    }
    free(p->baselines);
}

void plan_free(struct plan **pp)
{
    struct plan *p = *pp;

    if (p == NULL) {
        return;
    }
    plan_free_values(p);
    plan_free_requests(p);
    for (size_t i = 0; i < p->n_flows; i++) {
        plan_free_flow(&p->flows[i]);
    }
    free(p->flows);
    plan_free_flow(&p->setup);
    plan_free_flow(&p->teardown);
    plan_free_flow(&p->vu_setup);
    for (size_t i = 0; i < p->n_lineups; i++) {
        lineup_clear(&p->lineups[i]);
    }
    free(p->lineups);
    for (size_t i = 0; i < p->n_thresholds; i++) {
        threshold_clear(&p->thresholds[i]);
    }
    free(p->thresholds);
    plan_free_baselines(p);
    verdict_rules_clear(p->verdict, &p->n_verdict);
    tags_free(&p->tags, p->n_tags);
    free(p->name);
    free(p->file);
    free(p->text);
    free(p);
    *pp = NULL;
}

size_t plan_check_rows(const struct plan *p)
{
    return p->n_checks * (p->n_together > 1 ? p->n_together : 1);
}

size_t plan_check_row(const struct plan *p, unsigned scenario, unsigned check)
{
    return scenario * p->n_checks + check;
}

struct metric_info plan_metric_info(const struct plan *p, unsigned id)
{
    const struct plan_metric *m;

    if (id < METRIC_COUNT) {
        return *metric_builtin(id);
    }
    m = &p->metrics[id - METRIC_COUNT];
    return (struct metric_info){m->name, m->type, m->contains, NULL};
}

int plan_metric_id(const struct plan *p, const char *name)
{
    for (unsigned i = 0; i < METRIC_COUNT + p->n_metrics; i++) {
        if (strcmp(plan_metric_info(p, i).name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static const char *plan_env_value(const struct plan *p, const char *name)
{
    for (size_t i = 0; i < p->n_env; i++) {
        if (strcmp(p->env[i].name, name) == 0) {
            return p->env[i].value;
        }
    }
    return "";
}

const struct lineup *plan_lineup(const struct plan *p, const char *name)
{
    for (size_t i = 0; i < p->n_lineups; i++) {
        if (strcmp(p->lineups[i].name, name) == 0) {
            return &p->lineups[i];
        }
    }
    return NULL;
}

/* "smoke, load, spike", cut where it gets long. */
static const char *plan_menu(const struct plan *p, char *buf, size_t size)
{
    size_t n = 0;

    buf[0] = '\0';
    for (size_t i = 0; i < p->n_lineups && n + 8 < size; i++) {
        (void)snprintf(buf + n, size - n, "%s%s", i == 0 ? "" : ", ",
                       p->lineups[i].name);
        n = strlen(buf);
    }
    return buf;
}

static void plan_no_scenario(const struct plan *p, const char *name,
                             struct err *e)
{
    const char **words = xcalloc(p->n_lineups + 1, sizeof *words);
    const char *near;
    char menu[300], safe[100];

    for (size_t i = 0; i < p->n_lineups; i++) {
        words[i] = p->lineups[i].name;
    }
    near = text_nearest(name, words, p->n_lineups);
    (void)text_safe(safe, sizeof safe, name);
    (void)plan_menu(p, menu, sizeof menu);
    if (near != NULL) {
        err_set(e, ERR_RANGE,
                "no scenario is named '%s'; did you mean '%s'? There are: %s",
                safe, near, menu);
    } else if (strchr(name, ':') != NULL || strchr(name, '.') != NULL) {
        /* No scenario's name has these; an address does. */
        err_set(e, ERR_RANGE,
                "no scenario is named '%s'; did you mean http://%s? There "
                "are: %s",
                safe, safe, menu);
    } else {
        err_set(e, ERR_RANGE,
                "no scenario is named '%s'; there are: %s (a URL begins with "
                "http://, a plan's file ends in .json)",
                safe, menu);
    }
    free(words);
}

const struct lineup *plan_choose(const struct plan *p, const char *name,
                                 struct err *e)
{
    const char *by_env = plan_env_value(p, "SCENARIO");
    const struct lineup *l;
    char menu[300];

    if (name == NULL && *by_env != '\0') {
        name = by_env;
    }
    if (name == NULL && p->n_lineups == 1) {
        return &p->lineups[0];
    }
    if (name == NULL) {
        err_set(e, ERR_RANGE, "which scenario? There are: %s",
                plan_menu(p, menu, sizeof menu));
        return NULL;
    }
    l = plan_lineup(p, name);
    if (l == NULL) {
        plan_no_scenario(p, name, e);
    }
    return l;
}

static bool plan_flow_has(const struct flow *f, const struct request *r)
{
    for (size_t i = 0; i < f->n; i++) {
        if (f->ops[i].kind == FLOW_REQUEST && f->ops[i].request == r) {
            return true;
        }
    }
    return false;
}

bool plan_aside(const struct plan *p, const struct request *r)
{
    return plan_flow_has(&p->setup, r) || plan_flow_has(&p->vu_setup, r) ||
           plan_flow_has(&p->teardown, r);
}

bool plan_runs(const struct plan *p, const struct lineup *l,
               const struct request *r)
{
    if (r->lineup >= 0) {
        return strcmp(p->lineups[r->lineup].name, l->name) == 0;
    }
    return !l->list[0].own || plan_aside(p, r);
}

bool plan_asks(const struct plan *p, const struct lineup *l,
               const struct request *r)
{
    for (size_t i = 0; i < l->n; i++) {
        if (plan_flow_has(&p->flows[l->list[i].flow], r)) {
            return true;
        }
    }
    return plan_flow_has(&p->vu_setup, r);
}

bool plan_baseline_counts(const struct plan *p, const struct baseline *b)
{
    const char *by_env = plan_env_value(p, "BASELINE");

    return *by_env == '\0' || strcmp(by_env, b->name) == 0;
}

bool plan_baseline_check(const struct plan *p, struct err *e)
{
    const char *by_env = plan_env_value(p, "BASELINE");
    char menu[200] = "", safe[100];
    size_t i;

    for (i = 0; i < p->n_baselines; i++) {
        if (plan_baseline_counts(p, &p->baselines[i])) {
            return true;
        }
        text_add(menu, sizeof menu, "%s%s", i == 0 ? "" : ", ",
                 p->baselines[i].name);
    }
    if (p->n_baselines == 0) {
        return true;
    }
    (void)text_safe(safe, sizeof safe, by_env);
    err_set(e, ERR_RANGE,
            "BASELINE: no baseline is named '%s'; there are: %s (empty: all)",
            safe, menu);
    return false;
}

/* What is known beforehand of the URL of the first request of the flow; "" if
 * nothing is. */
static const char *plan_first_url(const struct plan *p)
{
    const struct flow *f = p->n_flows == 0 ? NULL : &p->flows[0];

    for (size_t i = 0; f != NULL && i < f->n; i++) {
        if (f->ops[i].kind == FLOW_REQUEST) {
            const struct value *url = &f->ops[i].request->url;

            if (url->n > 0 && url->parts[0].kind == VALUE_LITERAL) {
                return url->parts[0].text;
            }
        }
    }
    return "";
}

const char *plan_host(const struct plan *p, char *buf, size_t size)
{
    return url_host(plan_first_url(p), buf, size);
}

const char *plan_target(const struct plan *p, char *buf, size_t size)
{
    const char *base = plan_env_value(p, "BASE_URL");

    return url_origin(*base != '\0' ? base : plan_first_url(p), buf, size);
}

static bool plan_talks(const char *text)
{
    return strcasestr(text, "chat") != NULL ||
           strcasestr(text, "completion") != NULL;
}

bool plan_chats(const struct plan *p)
{
    for (size_t i = 0; i < p->n_requests; i++) {
        const struct request *r = p->requests[i];

        if (r->sse.on || plan_talks(r->name)) {
            return true;
        }
        for (size_t k = 0; k < r->url.n; k++) {
            if (r->url.parts[k].kind == VALUE_LITERAL &&
                plan_talks(r->url.parts[k].text)) {
                return true;
            }
        }
    }
    return false;
}
