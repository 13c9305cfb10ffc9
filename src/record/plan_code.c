/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/plan_code.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "record/plan_code_internal.h"

/* Of anything that a plan has a list of, and bytes of a text. */
#define PLAN_LIST_MAX (1u << 16)

static const char *const plan_methods[] = {"GET",    "POST", "PUT",    "PATCH",
                                           "DELETE", "HEAD", "OPTIONS"};
#define PLAN_METHODS (sizeof plan_methods / sizeof plan_methods[0])

static void method_encode(struct buf *b, const char *method)
{
    size_t i = 0;

    while (i + 1 < PLAN_METHODS && strcmp(plan_methods[i], method) != 0) {
        i++;
    }
    code_put(b, i);
}

static void plan_put_masked(struct buf *b, const struct plan *p,
                            const char *text)
{
    struct buf masked;

    buf_init(&masked, PLAN_TEXT_MAX);
    plan_mask(p, &masked, text, strlen(text));
    code_put_text(b, buf_str(&masked));
    buf_clear(&masked);
}

void plan_put_tags(struct buf *b, const struct plan *p, const struct tag *tags,
                   size_t n)
{
    size_t i;

    code_put(b, n);
    for (i = 0; i < n; i++) {
        code_put_text(b, tags[i].name);
        plan_put_masked(b, p, tags[i].value);
    }
}

struct tag *plan_get_tags(struct code_in *in, size_t *n)
{
    struct tag *tags;
    size_t i;

    *n = code_get_count(in, PLAN_LIST_MAX, 2, "tags");
    tags = xcalloc(*n + 1, sizeof *tags);
    for (i = 0; i < *n; i++) {
        tags[i].name = code_get_string(in, PLAN_TEXT_MAX, "a tag");
        tags[i].value = code_get_string(in, PLAN_TEXT_MAX, "a tag");
    }
    return tags;
}

static void env_encode(struct buf *b, const struct plan *p)
{
    size_t i;

    code_put(b, p->n_env);
    for (i = 0; i < p->n_env; i++) {
        const struct plan_env *v = &p->env[i];

        code_put_text(b, v->name);
        code_put(b, v->secret);
        if (v->secret) {
            code_put_text(b, v->value[0] != '\0' ? "***" : "");
        } else {
            plan_put_masked(b, p, v->value);
        }
    }
}

static void env_decode(struct code_in *in, struct plan *p)
{
    size_t i;

    p->n_env = code_get_count(in, PLAN_LIST_MAX, 3, "variables");
    p->env = xcalloc(p->n_env + 1, sizeof *p->env);
    for (i = 0; i < p->n_env; i++) {
        p->env[i].name = code_get_string(in, PLAN_TEXT_MAX, "a variable");
        p->env[i].secret = code_get_bool(in, "whether a secret");
        p->env[i].value = code_get_string(in, PLAN_TEXT_MAX, "a variable");
        p->env[i].by_default = xstrdup("");
    }
}

static void request_encode(struct buf *b, const struct plan *p,
                           const struct request *r)
{
    size_t i;

    code_put(b, r->name_index);
    code_put(b, r->lineup < 0 ? 0 : (uint64_t)r->lineup + 1);
    code_put(b, r->scenario);
    method_encode(b, r->method);
    code_put_text(b, r->group);
    plan_put_tags(b, p, r->tags, r->n_tags);
    code_put(b, r->n_checks);
    for (i = 0; i < r->n_checks; i++) {
        code_put(b, r->checks[i].index);
        code_put_text(b, r->checks[i].name);
    }
}

static void request_checks_decode(struct code_in *in, struct plan *p,
                                  struct request *r)
{
    size_t i;

    r->n_checks = code_get_count(in, PLAN_LIST_MAX, 2, "checks");
    r->checks = xcalloc(r->n_checks + 1, sizeof *r->checks);
    for (i = 0; i < r->n_checks; i++) {
        struct check *c = &r->checks[i];

        c->index = (unsigned)code_get(in, p->n_checks > 0 ? p->n_checks - 1 : 0,
                                      "a check");
        c->name = code_get_string(in, PLAN_TEXT_MAX, "a check");
        if (p->n_checks == 0 || in->bad) {
            code_bad(in, "a check");
        } else {
            p->checks[c->index] = c;
        }
    }
}

static void request_decode(struct code_in *in, struct plan *p, size_t at)
{
    struct request *r = xcalloc(1, sizeof *r);
    uint64_t lineup;

    p->requests[at] = r;
    r->index = (unsigned)at;
    r->name_index = (unsigned)code_get(in, p->n_names > 0 ? p->n_names - 1 : 0,
                                       "a request's name");
    lineup = code_get(in, p->n_lineups, "a request's scenario");
    r->lineup = (int)lineup - 1;
    r->scenario =
        (unsigned)code_get(in, LINEUP_MAX - 1, "a request's scenario");
    r->method = plan_methods[code_get(in, PLAN_METHODS - 1, "a method")];
    r->name = xstrdup(p->n_names > 0 ? p->names[r->name_index] : "");
    r->group = code_get_string(in, PLAN_TEXT_MAX, "a group");
    r->tags = plan_get_tags(in, &r->n_tags);
    request_checks_decode(in, p, r);
    if (p->n_names == 0 || r->scenario >= p->n_together) {
        code_bad(in, "a request");
    }
}

static void requests_decode(struct code_in *in, struct plan *p)
{
    size_t i;

    p->n_names = code_get_count(in, PLAN_LIST_MAX, 1, "names");
    p->names = xcalloc(p->n_names + 1, sizeof *p->names);
    for (i = 0; i < p->n_names; i++) {
        p->names[i] = code_get_string(in, PLAN_TEXT_MAX, "a name");
    }
    p->n_checks = code_get_count(in, PLAN_LIST_MAX, 2, "checks");
    p->checks = xcalloc(p->n_checks + 1, sizeof *p->checks);
    p->n_requests = code_get_count(in, PLAN_LIST_MAX - 1, 7, "requests");
    p->requests = xcalloc(p->n_requests + 1, sizeof *p->requests);
    for (i = 0; i < p->n_requests; i++) {
        request_decode(in, p, i);
    }
    for (i = 0; i < p->n_checks && !in->bad; i++) {
        if (p->checks[i] == NULL) {
            code_bad(in, "a check of no request");
        }
    }
}

/* The requests of setup and the like; the rest of their steps is not needed. */
static void steps_encode(struct buf *b, const struct flow *f)
{
    size_t i, n = 0;

    for (i = 0; i < f->n; i++) {
        n += f->ops[i].kind == FLOW_REQUEST;
    }
    code_put(b, n);
    for (i = 0; i < f->n; i++) {
        if (f->ops[i].kind == FLOW_REQUEST) {
            code_put(b, f->ops[i].request->index);
        }
    }
}

static void steps_decode(struct code_in *in, struct plan *p, struct flow *f)
{
    size_t i;

    f->n =
        code_get_count(in, p->n_requests > 0 ? PLAN_LIST_MAX : 0, 1, "steps");
    f->ops = xcalloc(f->n + 1, sizeof *f->ops);
    for (i = 0; i < f->n; i++) {
        f->ops[i].kind = FLOW_REQUEST;
        f->ops[i].request =
            p->requests[code_get(in, p->n_requests - 1, "a step")];
    }
}

static void lists_encode(struct buf *b, const struct plan *p)
{
    size_t i;

    code_put(b, p->n_lineups);
    for (i = 0; i < p->n_lineups; i++) {
        code_put_text(b, p->lineups[i].name);
    }
    code_put(b, p->n_together);
    code_put(b, p->n_flows);
    for (i = 0; i < p->n_flows; i++) {
        code_put_text(b, p->flows[i].name);
    }
    code_put(b, p->n_metrics);
    for (i = 0; i < p->n_metrics; i++) {
        code_put_text(b, p->metrics[i].name);
        code_put(b, (uint64_t)p->metrics[i].type);
        code_put(b, (uint64_t)p->metrics[i].contains);
    }
}

static void lists_decode(struct code_in *in, struct plan *p)
{
    size_t i;

    p->n_lineups = code_get_count(in, PLAN_LIST_MAX, 1, "scenarios");
    p->lineups = xcalloc(p->n_lineups + 1, sizeof *p->lineups);
    for (i = 0; i < p->n_lineups; i++) {
        p->lineups[i].name = code_get_string(in, PLAN_TEXT_MAX, "a scenario");
        p->lineups[i].purpose = xstrdup("");
    }
    p->n_together = (size_t)code_get(in, LINEUP_MAX, "scenarios");
    if (p->n_together == 0) {
        p->n_together = 1;
    }
    p->n_flows = code_get_count(in, PLAN_LIST_MAX, 1, "flows");
    p->flows = xcalloc(p->n_flows + 1, sizeof *p->flows);
    for (i = 0; i < p->n_flows; i++) {
        p->flows[i].name = code_get_string(in, PLAN_TEXT_MAX, "a flow");
    }
    p->n_metrics = code_get_count(in, PLAN_LIST_MAX, 3, "metrics");
    p->metrics = xcalloc(p->n_metrics + 1, sizeof *p->metrics);
    for (i = 0; i < p->n_metrics; i++) {
        struct plan_metric *m = &p->metrics[i];

        m->name = code_get_string(in, PLAN_TEXT_MAX, "a metric");
        m->type = (enum metric_type)code_get(in, METRIC_TREND, "a metric");
        m->contains =
            (enum metric_contains)code_get(in, METRIC_DATA, "a metric");
    }
}

void plan_encode(struct buf *b, const struct plan *p)
{
    size_t i;

    code_put_text(b, p->name);
    code_put_text(b, p->file);
    code_put_text(b, p->sha256);
    env_encode(b, p);
    lists_encode(b, p);
    code_put(b, p->n_names);
    for (i = 0; i < p->n_names; i++) {
        code_put_text(b, p->names[i]);
    }
    code_put(b, p->n_checks);
    code_put(b, p->n_requests);
    for (i = 0; i < p->n_requests; i++) {
        request_encode(b, p, p->requests[i]);
    }
    steps_encode(b, &p->setup);
    steps_encode(b, &p->teardown);
    steps_encode(b, &p->vu_setup);
    plan_put_tags(b, p, p->tags, p->n_tags);
    thresholds_encode(b, p);
    verdict_encode(b, p);
    baselines_encode(b, p);
}

struct plan *plan_decode(struct code_in *in)
{
    struct plan *p = xcalloc(1, sizeof *p);

    p->name = code_get_string(in, PLAN_TEXT_MAX, "a plan's name");
    p->file = code_get_string(in, PLAN_TEXT_MAX, "a plan's file");
    code_get_text(in, p->sha256, sizeof p->sha256, false, "a plan's sum");
    env_decode(in, p);
    lists_decode(in, p);
    requests_decode(in, p);
    steps_decode(in, p, &p->setup);
    steps_decode(in, p, &p->teardown);
    steps_decode(in, p, &p->vu_setup);
    p->tags = plan_get_tags(in, &p->n_tags);
    thresholds_decode(in, p);
    verdict_decode(in, p);
    baselines_decode(in, p);
    return p;
}
