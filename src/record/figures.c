/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/figures.h"

#include <stdint.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"

struct figure_row {
    const char *key;
    enum threshold_agg agg;
    double percentile;
};

static const struct figure_row figures_trend[] = {
    {"avg", AGG_AVG, 0},  {"min", AGG_MIN, 0},      {"med", AGG_MED, 0},
    {"max", AGG_MAX, 0},  {"p(90)", AGG_P, 90},     {"p(95)", AGG_P, 95},
    {"p(99)", AGG_P, 99}, {"p(99.9)", AGG_P, 99.9},
};

static cJSON *figures_of_trend(const struct ledger *l, const struct selector *s)
{
    struct figure f = ledger_figure(l, s, AGG_AVG, 0, 0);
    cJSON *v;
    size_t i;

    if (!f.fed) {
        return NULL;
    }
    v = cJSON_CreateObject();
    cJSON_AddNumberToObject(v, "count", (double)f.samples);
    for (i = 0; i < sizeof figures_trend / sizeof figures_trend[0]; i++) {
        const struct figure_row *r = &figures_trend[i];

        f = ledger_figure(l, s, r->agg, r->percentile, 0);
        cJSON_AddNumberToObject(v, r->key, f.value);
    }
    return v;
}

static cJSON *figures_of_rate(const struct ledger *l, const struct selector *s)
{
    struct figure f = ledger_figure(l, s, AGG_RATE, 0, 0);
    double hits;
    cJSON *v;

    if (!f.fed) {
        return NULL;
    }
    hits = (double)num_whole(f.value * (double)f.samples + 0.5);
    v = cJSON_CreateObject();
    cJSON_AddNumberToObject(v, "rate", f.value);
    cJSON_AddNumberToObject(v, "passes", hits);
    cJSON_AddNumberToObject(v, "fails", (double)f.samples - hits);
    return v;
}

static cJSON *figures_of_counter(const struct ledger *l,
                                 const struct selector *s)
{
    struct figure f = ledger_figure(l, s, AGG_COUNT, 0, 0);
    cJSON *v;

    if (!f.fed) {
        return NULL;
    }
    v = cJSON_CreateObject();
    cJSON_AddNumberToObject(v, "count", f.value);
    f = ledger_figure(l, s, AGG_RATE, 0, 0);
    cJSON_AddNumberToObject(v, "rate", f.value);
    return v;
}

static cJSON *figures_of_gauge(const struct ledger *l, const struct selector *s)
{
    struct figure f = ledger_figure(l, s, AGG_VALUE, 0, 0);
    struct totals t = ledger_totals(l);
    cJSON *v;

    if (!f.fed) {
        return NULL;
    }
    v = cJSON_CreateObject();
    cJSON_AddNumberToObject(v, "value", f.value);
    if (s->metric == METRIC_VUS) {
        cJSON_AddNumberToObject(v, "min", t.vus_min);
        cJSON_AddNumberToObject(v, "max", t.vus_max);
    } else {
        cJSON_AddNumberToObject(v, "min", f.value);
        cJSON_AddNumberToObject(v, "max", f.value);
    }
    return v;
}

cJSON *figures_values(const struct plan *plan, const struct ledger *l,
                      const struct selector *s)
{
    switch (plan_metric_info(plan, s->metric).type) {
    case METRIC_COUNTER:
        return figures_of_counter(l, s);
    case METRIC_GAUGE:
        return figures_of_gauge(l, s);
    case METRIC_RATE:
        return figures_of_rate(l, s);
    case METRIC_TREND:
        return figures_of_trend(l, s);
    }
    MUST(!"a metric has one of four types");
    return NULL;
}

cJSON *figures_metric(const struct plan *plan, const struct ledger *l,
                      const struct selector *s)
{
    struct metric_info info = plan_metric_info(plan, s->metric);
    cJSON *values = figures_values(plan, l, s);
    cJSON *m;

    if (values == NULL) {
        return NULL;
    }
    m = cJSON_CreateObject();
    cJSON_AddStringToObject(m, "type", metric_type_name(info.type));
    cJSON_AddStringToObject(m, "contains", metric_contains_name(info.contains));
    cJSON_AddItemToObject(m, "values", values);
    return m;
}

/* Two thresholds on one metric text are one metric. */
static bool figures_seen(const struct plan *plan, size_t i)
{
    size_t k;

    for (k = 0; k < i; k++) {
        if (strcmp(plan->thresholds[k].metric_text,
                   plan->thresholds[i].metric_text) == 0) {
            return true;
        }
    }
    return false;
}

void figures_each(const struct plan *plan, figures_each_fn *fn, void *ctx)
{
    static const char expected_text[] =
        "http_req_duration{expected_response:true}";
    char true_text[] = "true";
    struct selector_tag tag = {TAG_EXPECTED_RESPONSE, true_text, NULL};
    struct selector expected = {METRIC_HTTP_REQ_DURATION, &tag, 1};
    bool has_expected = false;
    unsigned id;
    size_t i;

    for (id = 0; id < METRIC_COUNT + plan->n_metrics; id++) {
        struct selector s = {id, NULL, 0};

        fn(ctx, plan_metric_info(plan, id).name, &s);
    }
    for (i = 0; i < plan->n_thresholds; i++) {
        const struct threshold *t = &plan->thresholds[i];

        if (t->selector.n_tags == 0 || figures_seen(plan, i)) {
            continue;
        }
        fn(ctx, t->metric_text, &t->selector);
        has_expected |= strcmp(t->metric_text, expected_text) == 0;
    }
    if (!has_expected) {
        fn(ctx, expected_text, &expected);
    }
}
