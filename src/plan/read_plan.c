/* SPDX-License-Identifier: MIT
 *
 * read_plan - the top level of a plan, each part after those it refers to,
 * whatever their order in the text. */
#include "config.h"

#include "plan/read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define TOP_TIMEOUT_US     (UINT64_C(60) * 1000000)
#define TOP_TIMEOUT_MAX_US (UINT64_C(3600) * 1000000)
#define TOP_FLOWS_MAX      100

/* The file's name without folder and .json. */
static char *top_file_name(const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *base = slash == NULL ? file : slash + 1;
    size_t n = strlen(base);

    if (n > 5 && strcmp(base + n - 5, ".json") == 0) {
        n -= 5;
    }
    return n == 0 ? xstrdup("plan") : xstrndup(base, n);
}

static void top_name(struct reader *r, const cJSON *doc)
{
    const char *name = NULL;

    r->plan->name = reader_m_name(r, doc, "name", &name)
                        ? xstrdup(name)
                        : top_file_name(r->file);
}

/* The first n variables are what may be used from here on: those of setup, and
 * in a flow those of vu_setup too. */
static void top_only_vars(struct reader *r, size_t n)
{
    for (size_t i = 0; i < r->n_visible; i++) {
        r->visible[i] = i < n;
    }
}

static void top_setup(struct reader *r, const cJSON *v)
{
    read_steps(r, v, "setup", &r->plan->setup);
}

static void top_vu_setup(struct reader *r, const cJSON *v)
{
    read_steps(r, v, "vu_setup", &r->plan->vu_setup);
}

static void top_teardown(struct reader *r, const cJSON *v)
{
    top_only_vars(r, r->n_setup_vars);
    read_steps(r, v, "teardown", &r->plan->teardown);
}

void read_flow(struct reader *r, const cJSON *v, const char *name)
{
    struct plan *p = r->plan;

    top_only_vars(r, r->n_vu_vars);
    p->flows = xgrow(p->flows, p->n_flows, &r->flows_cap, sizeof *p->flows);
    memset(&p->flows[p->n_flows], 0, sizeof p->flows[p->n_flows]);
    read_steps(r, v, name, &p->flows[p->n_flows++]);
}

static void top_flow(struct reader *r, const cJSON *v, const char *name)
{
    r->flows =
        xgrow(r->flows, r->n_flows, &r->flows_seen_cap, sizeof *r->flows);
    r->flows[r->n_flows++] =
        (struct reader_flow){v, xstrdup(r->path), r->plan->n_requests};
    read_flow(r, v, name);
}

static void top_flow_default(struct reader *r, const cJSON *v)
{
    top_flow(r, v, "default");
}

static bool top_has_exec(const cJSON *scenario)
{
    const cJSON *m;

    if (!cJSON_IsArray(scenario)) {
        return reader_get(scenario, "exec") != NULL;
    }
    cJSON_ArrayForEach(m, scenario)
    {
        if (reader_get(m, "exec") == NULL) {
            return false;
        }
    }
    return true;
}

/* Who names no flow runs the default one, which then has to be there. */
static bool top_all_exec(const cJSON *scenarios)
{
    const cJSON *m;

    cJSON_ArrayForEach(m, scenarios)
    {
        if (!top_has_exec(m)) {
            return false;
        }
    }
    return cJSON_IsObject(scenarios);
}

static void top_flows(struct reader *r, const cJSON *v)
{
    const cJSON *m, *first;

    if (!reader_names(r, v, "flows", TOP_FLOWS_MAX)) {
        return;
    }
    first = reader_get(v, "default");
    if (r->plan->n_flows > 0 && first != NULL) {
        reader_fail_key(r, "default", "flow is this one already");
        return;
    }
    if (r->plan->n_flows == 0 && first == NULL && !r->all_exec) {
        reader_fail(r, "'default' is missing: the flow of scenarios that name "
                       "none with exec");
    }
    reader_m(r, v, "default", top_flow_default);
    cJSON_ArrayForEach(m, v)
    {
        size_t mark = reader_enter(r, m->string);

        if (m != first) {
            top_flow(r, m, m->string);
        }
        reader_leave(r, mark);
    }
}

static void top_headers(struct reader *r, const cJSON *v)
{
    size_t n_data = r->plan->n_data;

    top_only_vars(r, r->n_vu_vars);
    if (n_data > 0) {
        memset(r->uses, 0, n_data * sizeof *r->uses);
    }
    if (cJSON_IsObject(v)) {
        read_http_headers(r, v);
    }
    if (n_data > 0) {
        memcpy(r->default_uses, r->uses, n_data * sizeof *r->uses);
    }
    if (r->plan->setup.n > 0) {
        read_default_data(r, &r->plan->setup);
    }
    if (r->plan->vu_setup.n > 0) {
        read_default_data(r, &r->plan->vu_setup);
    }
}

void read_headers_again(struct reader *r)
{
    char path[sizeof r->path];

    for (size_t i = 0; i < r->n_defaults; i++) {
        free(r->defaults[i].name);
        value_clear(&r->defaults[i].value);
    }
    free(r->defaults);
    r->defaults = NULL;
    r->n_defaults = 0;
    if (!cJSON_IsObject(r->http)) {
        return;
    }
    memcpy(path, r->path, sizeof path);
    (void)snprintf(r->path, sizeof r->path, "$.http");
    top_only_vars(r, r->n_vu_vars);
    read_http_headers(r, r->http);
    memcpy(r->path, path, sizeof path);
}

static void top_tags(struct reader *r, const cJSON *v)
{
    read_tags(r, v, &r->plan->tags, &r->plan->n_tags);
}

static void top_steps(struct reader *r, const cJSON *doc)
{
    struct plan *p = r->plan;

    reader_m(r, doc, "setup", top_setup);
    r->setup_end = p->n_requests;
    r->n_setup_vars = p->n_vars;
    reader_m(r, doc, "vu_setup", top_vu_setup);
    r->vu_setup_end = p->n_requests;
    r->n_vu_vars = p->n_vars;
    reader_m(r, doc, "http", top_headers);
    reader_m(r, doc, "flow", top_flow_default);
    reader_m(r, doc, "flows", top_flows);
    r->teardown_at = p->n_requests;
    reader_m(r, doc, "teardown", top_teardown);
    r->teardown_end = p->n_requests;
    read_merge_headers(r, 0);
    p->setup_timeout_us = TOP_TIMEOUT_US;
    p->teardown_timeout_us = TOP_TIMEOUT_US;
    (void)reader_m_duration(r, doc, "setupTimeout", 1000, TOP_TIMEOUT_MAX_US,
                            &p->setup_timeout_us);
    (void)reader_m_duration(r, doc, "teardownTimeout", 1000, TOP_TIMEOUT_MAX_US,
                            &p->teardown_timeout_us);
}

void read_plan(struct reader *r, const cJSON *doc, const struct plan_input *in)
{
    const char *schema;
    size_t mark;

    if (!reader_object(r, doc, KEY_PLAN)) {
        return;
    }
    if (reader_get(doc, "flow") == NULL && reader_get(doc, "flows") == NULL) {
        reader_fail(r, "'flow' is missing: what a VU does");
    }
    if (reader_get(doc, "scenarios") == NULL) {
        reader_fail(r, "'scenarios' is missing: the loads to choose from");
    }
    top_name(r, doc);
    (void)reader_m_string(r, doc, "$schema", &schema);
    read_env(r, doc, in);
    reader_m(r, doc, "data", read_data);
    mark = strlen(r->path);
    if (reader_get(doc, "http") != NULL) {
        mark = reader_enter(r, "http");
    }
    read_http(r, reader_get(doc, "http"));
    reader_leave(r, mark);
    r->http = reader_get(doc, "http");
    r->all_exec = top_all_exec(reader_get(doc, "scenarios"));
    reader_m(r, doc, "tags", top_tags);
    top_steps(r, doc);
    reader_m(r, doc, "secrets", read_secrets);
    reader_m(r, doc, "scenarios", read_scenarios);
    reader_m(r, doc, "thresholds", read_thresholds);
    reader_m(r, doc, "baselines", read_baselines);
    reader_m(r, doc, "verdict", read_verdict);
}
