/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/mini_plan.h"

#include <stdio.h>
#include <string.h>

#include "base/must.h"

/* A writable copy, as the plan's members are char *. */
static char *mini_text(struct mini_plan *m, const char *s)
{
    char *copy = m->text + m->text_used;
    size_t n = strlen(s) + 1;

    MUST(m->text_used + n <= sizeof m->text);
    memcpy(copy, s, n);
    m->text_used += n;
    return copy;
}

static void mini_request(struct mini_plan *m, unsigned i, unsigned name,
                         const char *method, const char *group)
{
    struct request *r = &m->requests[i];

    r->index = i;
    r->name_index = name;
    r->method = method;
    r->name = m->names[name];
    r->group = mini_text(m, group);
    m->list[i] = r;
    r->lineup = -1;
}

static void mini_check(struct mini_plan *m, unsigned i, const char *name)
{
    m->checks[i].index = i;
    m->checks[i].name = mini_text(m, name);
    m->check_list[i] = &m->checks[i];
}

static void mini_metric(struct mini_plan *m, unsigned id, const char *name,
                        enum metric_type type, enum metric_contains contains)
{
    m->metrics[id - METRIC_COUNT] =
        (struct plan_metric){mini_text(m, name), type, contains};
}

void mini_plan_init(struct mini_plan *m)
{
    memset(m, 0, sizeof *m);
    m->names[0] = mini_text(m, "chat");
    m->names[1] = mini_text(m, "stream");
    m->names[2] = mini_text(m, "health");
    mini_request(m, 0, 0, "POST", "");
    mini_request(m, 1, 1, "POST", "::talk");
    mini_request(m, 2, 0, "GET", "");
    mini_request(m, 3, 2, "GET", "::setup");
    mini_check(m, 0, "status is 200");
    mini_check(m, 1, "has output");
    mini_check(m, 2, "status is 200");
    m->requests[0].checks = &m->checks[0];
    m->requests[0].n_checks = 2;
    m->requests[1].checks = &m->checks[2];
    m->requests[1].n_checks = 1;
    mini_metric(m, MINI_TIME, "chat_time", METRIC_TREND, METRIC_TIME);
    mini_metric(m, MINI_ERRORS, "errors", METRIC_RATE, METRIC_DEFAULT);
    mini_metric(m, MINI_CHIMES, "chimes", METRIC_COUNTER, METRIC_DEFAULT);
    m->setup[0].kind = FLOW_REQUEST;
    m->setup[0].request = &m->requests[3];
    m->plan.setup.ops = m->setup;
    m->plan.setup.n = 1;
    m->scenario.name = mini_text(m, "spike");
    m->lineup =
        (struct lineup){m->scenario.name, m->scenario.name, &m->scenario, 1};
    m->plan.requests = m->list;
    m->plan.n_requests = MINI_REQUESTS;
    m->plan.names = m->names;
    m->plan.n_names = 3;
    m->plan.checks = m->check_list;
    m->plan.n_checks = MINI_CHECKS;
    m->plan.metrics = m->metrics;
    m->plan.n_metrics = 3;
    m->plan.thresholds = m->thresholds;
}

struct threshold *mini_threshold(struct mini_plan *m, unsigned metric,
                                 enum tag_id tag, const char *value,
                                 enum threshold_agg agg, double percentile,
                                 enum threshold_op op, double limit)
{
    size_t i = m->plan.n_thresholds++;
    struct threshold *t = &m->thresholds[i];

    MUST(i < MINI_THRESHOLDS);
    t->selector.metric = metric;
    t->metric_text = mini_text(m, "metric");
    t->expression = mini_text(m, "as written");
    t->selector.tags = &m->tags[i];
    if (value != NULL) {
        m->tags[i] = (struct selector_tag){tag, mini_text(m, value), NULL};
        t->selector.n_tags = 1;
    }
    t->agg = agg;
    t->percentile = percentile;
    t->op = op;
    t->limit = limit;
    return t;
}
