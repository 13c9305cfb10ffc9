/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "plan/plan.h"
#include "record/points.h"
#include "support/sim.h"

/* This exercises: a run's ticks as points. Added up, they are what the ledger
 * says of each metric; no set of tags comes twice in a tick; tags are those of
 * the plan, secrets masked. */

#define METRICS_MAX 40
#define SETS_MAX    2000

struct taken {
    struct sim sim;
    struct points *points;
    /* By metric. */
    uint64_t count[METRICS_MAX];
    double value[METRICS_MAX], last[METRICS_MAX];
    struct histo *trend[METRICS_MAX];
    uint64_t values_count;
    double values_sum, values_least, values_most;
    /* Of the tick at hand: "metric{tags}". */
    char *sets[SETS_MAX];
    size_t n_sets;
    struct buf all; /* every set that ever came, a line each */
};

static void add_tag(void *ctx, const char *name, const char *value)
{
    struct buf *b = ctx;

    assert_true(value[0] != '\0');
    buf_addf(b, "%s=%s,", name, value);
}

static void add_value(void *ctx, double value, uint64_t count)
{
    struct taken *t = ctx;

    assert_true(count > 0);
    assert_true(t->values_count == 0 || value > t->values_most);
    if (t->values_count == 0) {
        t->values_least = value;
    }
    t->values_most = value;
    t->values_count += count;
    t->values_sum += value * (double)count;
}

/* Values by count are the point. */
static void assert_values(struct taken *t, const struct point *p)
{
    t->values_count = 0;
    t->values_sum = 0;
    point_values(p, add_value, t);
    if (p->trend != NULL || p->info.type == METRIC_RATE) {
        assert_int_equal(t->values_count, p->count);
    }
    assert_true(fabs(t->values_sum - p->value) <= 1e-9 * p->value);
    if (p->trend != NULL) {
        assert_true(t->values_least == (double)p->trend->min / 1000);
        assert_true(t->values_most == (double)p->trend->max / 1000);
    }
}

static void take_point(void *ctx, const struct point *p)
{
    struct taken *t = ctx;
    struct buf set;
    size_t i;

    buf_init(&set, 4096);
    buf_addf(&set, "%s{", p->info.name);
    point_tags(p, add_tag, &set);
    buf_adds(&set, "}");
    for (i = 0; i < t->n_sets; i++) {
        assert_string_not_equal(t->sets[i], buf_str(&set));
    }
    assert_true(t->n_sets < SETS_MAX);
    if (strstr(buf_str(&t->all), buf_str(&set)) == NULL) {
        buf_addf(&t->all, "%s\n", buf_str(&set));
    }
    t->sets[t->n_sets++] = buf_take(&set);
    assert_true(p->metric < METRICS_MAX);
    assert_true(p->count > 0);
    t->count[p->metric] += p->count;
    t->value[p->metric] += p->value;
    t->last[p->metric] = p->value;
    assert_int_equal(p->trend != NULL, p->info.type == METRIC_TREND);
    if (p->trend != NULL) {
        if (t->trend[p->metric] == NULL) {
            t->trend[p->metric] = histo_new();
        }
        histo_add_sparse(t->trend[p->metric], p->trend);
    }
    assert_values(t, p);
}

static void take_tick(void *ctx, const struct tick *tick)
{
    struct taken *t = ctx;
    size_t i;

    points_each(t->points, tick, take_point, t);
    for (i = 0; i < t->n_sets; i++) {
        free(t->sets[i]);
    }
    t->n_sets = 0;
}

static void taken_begin(struct taken *t, const char *plan)
{
    memset(t, 0, sizeof *t);
    buf_init(&t->all, 1u << 20);
    sim_init(&t->sim, plan, 7);
    t->points = points_new(&t->sim.info);
    t->sim.tap = take_tick;
    t->sim.tap_ctx = t;
}

static void taken_clear(struct taken *t)
{
    size_t i;

    for (i = 0; i < METRICS_MAX; i++) {
        histo_free(&t->trend[i]);
    }
    buf_clear(&t->all);
    points_free(&t->points);
    sim_clear(&t->sim);
}

static struct figure asked(const struct taken *t, unsigned metric,
                           enum threshold_agg agg, double percentile)
{
    struct selector s = {metric, NULL, 0};
    struct ledger_ask ask = {agg, percentile};
    struct figure f;

    ledger_figures(story_ledger(t->sim.story), &s, &ask, 1, &f);
    return f;
}

static void assert_metric(struct taken *t, unsigned metric)
{
    struct metric_info info = plan_metric_info(t->sim.plan, metric);
    struct figure f;

    switch (info.type) {
    case METRIC_COUNTER:
        f = asked(t, metric, AGG_COUNT, 0);
        assert_true(t->value[metric] == (f.fed ? f.value : 0));
        return;
    case METRIC_GAUGE:
        f = asked(t, metric, AGG_VALUE, 0);
        assert_true(t->last[metric] == f.value);
        return;
    case METRIC_RATE:
        f = asked(t, metric, AGG_RATE, 0);
        assert_int_equal(t->count[metric], f.fed ? f.samples : 0);
        assert_true(!f.fed ||
                    t->value[metric] / (double)t->count[metric] == f.value);
        return;
    case METRIC_TREND:
        f = asked(t, metric, AGG_P, 95);
        assert_int_equal(t->count[metric], f.fed ? f.samples : 0);
        assert_true(!f.fed ||
                    (double)histo_percentile(t->trend[metric], 95) / 1000 ==
                        f.value);
        f = asked(t, metric, AGG_AVG, 0);
        assert_true(!f.fed || fabs(t->value[metric] / (double)t->count[metric] -
                                   f.value) <= 1e-6 * f.value);
        return;
    }
}

static void points_add_up_to_what_the_ledger_says(void **state)
{
    const char *const plans[] = {NULL, sim_plan_mixed, sim_plan_arrivals};
    struct taken t;
    size_t i, fed;
    unsigned m;

    (void)state;
    for (i = 0; i < sizeof plans / sizeof plans[0]; i++) {
        taken_begin(&t, plans[i]);
        sim_run(&t.sim, 20);
        t.sim.limits = true;
        sim_run(&t.sim, 20);
        t.sim.dead = true;
        sim_run(&t.sim, 5);
        sim_finish(&t.sim, 0);
        fed = 0;
        story_lock(t.sim.story);
        for (m = 0; m < METRIC_COUNT + t.sim.plan->n_metrics; m++) {
            if (m != METRIC_RECOVERY_TIME) { /* no samples make it */
                assert_metric(&t, m);
                fed += t.count[m] > 0;
            }
        }
        story_unlock(t.sim.story);
        assert_true(fed >= 10);
        taken_clear(&t);
    }
}

static const char tagged_plan[] =
    "{\"name\":\"t\",\"secrets\":[\"TOKEN\"],"
    "\"env\":{\"BASE_URL\":\"http://127.0.0.1:1\",\"TOKEN\":\"hush42\"},"
    "\"tags\":{\"zone\":\"z\",\"area\":\"plan's\"},"
    "\"setup\":[{\"get\":\"${BASE_URL}/up\",\"name\":\"Up\"}],"
    "\"flow\":["
    "{\"get\":\"${BASE_URL}/a?t=${TOKEN}&n=${iter}&r=${random(1,9)}\","
    "\"name\":\"A\",\"tags\":{\"area\":\"its own\"},"
    "\"checks\":{\"is well\":{\"status\":200}},"
    "\"metrics\":{\"took\":\"duration\",\"broken\":\"failed\"}},"
    "{\"get\":\"${BASE_URL}/a?t=${TOKEN}&n=${iter}&r=${random(1,9)}\","
    "\"name\":\"A\",\"tags\":{\"area\":\"its own\"},"
    "\"checks\":{\"is well\":{\"status\":200}},"
    "\"metrics\":{\"took\":\"duration\",\"broken\":\"failed\"}},"
    "{\"group\":\"inner\",\"do\":["
    "{\"get\":\"http://me:hush43@127.0.0.1:1/b@c\",\"name\":\"B\"}]}],"
    "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\",\"vus\":5,"
    "\"duration\":\"1m\",\"tags\":{\"kind\":\"sc\"}}}}";

/* One of each request that runs, 1.5 ms, then 2.5 ms; the first check of two
 * fails; one more of the last request of the name A finds nobody. */
static void feed_shard(struct taken *t)
{
    const struct plan *plan = t->sim.plan;
    struct sample x = {.status = 200, .duration = 1500, .waiting = 1500};
    unsigned last = 0, checks = 0;
    size_t i, k;

    for (i = 0; i < plan->n_requests; i++) {
        const struct request *r = plan->requests[i];

        if (!plan_runs(plan, t->sim.info.lineup, r)) {
            continue;
        }
        x.request = (uint16_t)i;
        shard_request(t->sim.shard, &x);
        x.duration = x.waiting = 2500;
        last = r->n_checks > 0 ? (unsigned)i : last;
        for (k = 0; k < r->n_checks; k++) {
            shard_check(t->sim.shard, r->scenario, r->checks[k].index,
                        checks++ > 0);
        }
    }
    assert_int_equal(checks, 2);
    x = (struct sample){
        .request = (uint16_t)last, .failure = FAILURE_REFUSED, .failed = true};
    shard_request(t->sim.shard, &x);
}

static void requests_that_cannot_be_told_apart_are_one(void **state)
{
    struct delta *d;
    struct tick tick;
    struct taken t;
    const char *all;

    (void)state;
    taken_begin(&t, tagged_plan);
    feed_shard(&t);
    tick = t.sim.tick;
    d = delta_new(t.sim.plan, &t.sim.shard, 1);
    tick.delta = d;
    take_tick(&t, &tick);
    all = buf_str(&t.all);
    assert_int_equal(t.value[METRIC_HTTP_REQS], 5);
    assert_int_equal(t.count[METRIC_HTTP_REQ_DURATION], 4);
    assert_int_equal(t.count[METRIC_HTTP_REQ_FAILED], 5);
    assert_int_equal(t.value[METRIC_HTTP_REQ_FAILED], 1);
    assert_int_equal(t.count[METRIC_CHECKS], 2);
    assert_int_equal(t.value[METRIC_CHECKS], 1);
    /* Both requests of the name A, as one. */
    assert_non_null(strstr(
        all,
        "http_reqs{area=its own,expected_response=true,kind=sc,method=GET,"
        "name=A,scenario=s,status=200,"
        "url=http://127.0.0.1:1/a?t=***&n=${iter}&r=${random(1,9)},zone=z,}"));
    assert_non_null(strstr(all, "error=refused,expected_response=false,"));
    assert_non_null(strstr(all, "status=0,"));
    assert_non_null(
        strstr(all, "checks{area=its own,check=is well,kind=sc,method=GET,"
                    "name=A,scenario=s,zone=z,}"));
    assert_non_null(strstr(all, "http_reqs{area=plan's,expected_response=true,"
                                "group=::inner,kind=sc,method=GET,"));
    /* Setup is of no scenario. */
    assert_non_null(strstr(all, "http_reqs{area=plan's,expected_response=true,"
                                "group=::setup,method=GET,name=Up,status=200,"
                                "url=http://127.0.0.1:1/up,zone=z,}"));
    assert_non_null(strstr(all, "vus{}"));
    assert_non_null(strstr(all, "url=http://****:****@127.0.0.1:1/b@c,"));
    assert_null(strstr(all, "hush42"));
    assert_null(strstr(all, "hush43"));
    delta_free(&d);
    taken_clear(&t);
}

static void the_tags_of_metrics_of_a_run_are_its_scenario_s(void **state)
{
    struct taken t;

    (void)state;
    taken_begin(&t, tagged_plan);
    sim_run(&t.sim, 3);
    assert_non_null(strstr(
        buf_str(&t.all), "iterations{area=plan's,kind=sc,scenario=s,zone=z,}"));
    assert_true(t.last[METRIC_VUS_MAX] == 5);
    taken_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_add_up_to_what_the_ledger_says),
        cmocka_unit_test(requests_that_cannot_be_told_apart_are_one),
        cmocka_unit_test(the_tags_of_metrics_of_a_run_are_its_scenario_s),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
