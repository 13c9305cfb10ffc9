/* SPDX-License-Identifier: MIT
 *
 * test_lineup - scenarios that run together, or have variables or tags of their
 * own: what each has for itself, what they share, and how they are told apart
 * in figures. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "measure/ledger.h"

static const char plan_together[] =
    "{\"env\":{\"HOST\":\"plain\",\"TOKEN\":\"\"},\"secrets\":[\"TOKEN\"],"
    "\"tags\":{\"team\":\"a\",\"where\":\"lab\"},"
    "\"http\":{\"headers\":{\"X-Token\":\"t=${TOKEN}\"}},"
    "\"setup\":[{\"get\":\"http://h/up\",\"name\":\"up\"}],"
    "\"flows\":{\"default\":[{\"get\":\"http://${HOST}/\",\"name\":\"front\","
    "\"tags\":{\"kind\":\"page\",\"team\":\"b\"},"
    "\"checks\":{\"ok\":{\"status\":200}}}],"
    "\"buy\":[{\"post\":\"http://h/buy\",\"name\":\"buy\"}]},"
    "\"scenarios\":{"
    "\"alone\":{\"executor\":\"constant-vus\",\"duration\":\"1s\"},"
    "\"own\":{\"executor\":\"constant-vus\",\"duration\":\"1s\","
    "\"env\":{\"HOST\":\"owned\",\"TOKEN\":\"sesame-open\"}},"
    "\"many\":[{\"executor\":\"constant-vus\",\"duration\":\"1s\","
    "\"env\":{\"HOST\":\"first\"},\"tags\":{\"team\":\"c\",\"tier\":\"1\"}},"
    "{\"executor\":\"constant-vus\",\"duration\":\"1s\",\"exec\":\"buy\"},"
    "{\"executor\":\"constant-vus\",\"duration\":\"1s\",\"name\":\"last\"}]},"
    "\"thresholds\":{\"checks{scenario:many-1}\":\"rate>0.5\","
    "\"checks{team:b}\":\"rate>0.5\",\"http_reqs{team:a}\":\"count>0\","
    "\"http_reqs{kind:page,scenario:last}\":\"count>0\","
    "\"iterations{tier:1}\":\"count>0\",\"iterations{team:a}\":\"count>0\","
    "\"iterations{where:lab}\":\"count>0\",\"http_reqs{where:lab}\":"
    "\"count>0\"}}";

static struct plan *parse(const char *host)
{
    struct plan_setting set = {"HOST", host};
    struct plan_input in = {
        .file = "t.json", .settings = &set, .n_settings = host != NULL};
    struct plan_errors errors = {.n = 0};
    struct plan *p =
        plan_parse(plan_together, strlen(plan_together), &in, &errors);

    if (p == NULL) {
        fail_msg("%s", errors.list[0].text);
    }
    plan_errors_clear(&errors);
    return p;
}

static const struct request *first_request(const struct plan *p,
                                           const struct scenario *s)
{
    const struct flow_op *op = &p->flows[s->flow].ops[0];

    assert_int_equal(op->kind, FLOW_REQUEST);
    return op->request;
}

static const char *url_of(const struct request *r)
{
    assert_int_equal(r->url.n, 1);
    return r->url.parts[0].text;
}

static void members_of_an_array_have_names(void **state)
{
    struct plan *p = parse(NULL);
    const struct lineup *l = plan_lineup(p, "many");

    (void)state;
    assert_int_equal(l->n, 3);
    assert_string_equal(l->list[0].name, "many-1");
    assert_string_equal(l->list[1].name, "buy");
    assert_string_equal(l->list[2].name, "last");
    assert_int_equal(l->list[2].index, 2);
    assert_int_equal(p->n_together, 3);
    plan_free(&p);
}

static void
what_runs_together_has_its_own_requests_and_shares_the_rest(void **state)
{
    struct plan *p = parse(NULL);
    const struct scenario *alone = plan_lineup(p, "alone")->list;
    const struct lineup *many = plan_lineup(p, "many");
    const struct request *base = first_request(p, alone);
    const struct request *one = first_request(p, &many->list[0]);
    const struct request *last = first_request(p, &many->list[2]);

    (void)state;
    assert_false(alone->own);
    assert_int_equal(base->lineup, -1);
    assert_true(many->list[0].own && many->list[2].own);
    assert_ptr_not_equal(one, base);
    assert_ptr_not_equal(one, last);
    assert_int_equal(one->lineup, 2);
    assert_int_equal(one->scenario, 0);
    assert_int_equal(last->scenario, 2);
    assert_int_equal(one->name_index, base->name_index);
    assert_int_equal(p->n_names, 3);
    assert_int_equal(p->n_checks, 1);
    assert_int_equal(one->checks[0].index, 0);
    assert_int_equal(last->checks[0].index, 0);
    plan_free(&p);
}

static void
a_scenarios_env_is_its_own_and_the_command_lines_is_stronger(void **state)
{
    struct plan *p = parse(NULL);
    struct buf masked;

    (void)state;
    assert_string_equal(url_of(first_request(p, plan_lineup(p, "alone")->list)),
                        "http://plain/");
    assert_string_equal(url_of(first_request(p, plan_lineup(p, "own")->list)),
                        "http://owned/");
    assert_string_equal(url_of(first_request(p, plan_lineup(p, "many")->list)),
                        "http://first/");
    assert_string_equal(
        url_of(first_request(p, &plan_lineup(p, "many")->list[2])),
        "http://plain/");
    assert_string_equal(p->env[0].value, "plain");
    /* A secret's value is one wherever it is given. */
    buf_init(&masked, 1000);
    plan_mask(p, &masked, "x sesame-open y", 15);
    assert_string_equal(buf_str(&masked), "x *** y");
    buf_clear(&masked);
    plan_free(&p);
    p = parse("mine");
    assert_string_equal(url_of(first_request(p, plan_lineup(p, "own")->list)),
                        "http://mine/");
    plan_free(&p);
}

/* http.headers are read with the scenario's values, too. */
static void headers_for_all_know_the_scenarios_env(void **state)
{
    struct plan *p = parse(NULL);
    const struct request *base =
        first_request(p, plan_lineup(p, "alone")->list);
    const struct request *own = first_request(p, plan_lineup(p, "own")->list);

    (void)state;
    assert_int_equal(base->n_headers, 0);
    assert_int_equal(own->n_headers, 1);
    assert_string_equal(own->headers[0].value.parts[0].text, "t=sesame-open");
    plan_free(&p);
}

static void the_nearest_tag_wins(void **state)
{
    struct plan *p = parse(NULL);
    const struct lineup *many = plan_lineup(p, "many");
    const struct request *one = first_request(p, &many->list[0]);
    const struct request *buy = first_request(p, &many->list[1]);

    (void)state;
    assert_true(tags_have(one->tags, one->n_tags, "team", "b"));
    assert_true(tags_have(one->tags, one->n_tags, "tier", "1"));
    assert_true(tags_have(one->tags, one->n_tags, "where", "lab"));
    assert_int_equal(one->n_tags, 4);
    assert_true(tags_have(buy->tags, buy->n_tags, "team", "a"));
    assert_null(tags_value(buy->tags, buy->n_tags, "tier"));
    assert_true(
        tags_have(p->requests[0]->tags, p->requests[0]->n_tags, "team", "a"));
    plan_free(&p);
}

static double value_of(const struct plan *p, const struct ledger *l, size_t i)
{
    const struct threshold *t = &p->thresholds[i];
    struct figure f = ledger_figure(l, &t->selector, t->agg, t->percentile, 0);

    return f.fed ? f.value : -1;
}

static void figures_are_told_apart_by_scenario_and_tag(void **state)
{
    struct plan *p = parse(NULL);
    const struct lineup *many = plan_lineup(p, "many");
    struct shard *shard = shard_new(p);
    struct ledger *l = ledger_new(p, many);
    struct ledger_gauges g = {.vus = 3};
    struct delta *d;

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        const struct request *r = first_request(p, &many->list[i]);
        struct sample x = {.request = (uint16_t)r->index, .status = 200};

        for (unsigned k = 0; k <= i; k++) {
            shard_request(shard, &x);
            shard_iteration(shard, i, 1000);
        }
        if (r->n_checks > 0) {
            shard_check(shard, i, r->checks[0].index, true);
            shard_check(shard, i, r->checks[0].index, i == 0);
        }
    }
    d = delta_new(p, &shard, 1);
    ledger_feed(l, 100000, 100000, &g, d);
    delta_free(&d);
    /* In the order of the text. */
    assert_true(value_of(p, l, 0) == 1);
    assert_true(value_of(p, l, 1) == 0.75);
    assert_true(value_of(p, l, 2) == 2);
    assert_true(value_of(p, l, 3) == 3);
    assert_true(value_of(p, l, 4) == 1);
    assert_true(value_of(p, l, 5) == 5);
    assert_true(value_of(p, l, 6) == 6);
    assert_true(value_of(p, l, 7) == 6);
    assert_int_equal(ledger_check(l, 0).passes, 3);
    assert_int_equal(ledger_check(l, 0).fails, 1);
    ledger_free(&l);
    shard_free(&shard);
    plan_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_of_an_array_have_names),
        cmocka_unit_test(
            what_runs_together_has_its_own_requests_and_shares_the_rest),
        cmocka_unit_test(
            a_scenarios_env_is_its_own_and_the_command_lines_is_stronger),
        cmocka_unit_test(headers_for_all_know_the_scenarios_env),
        cmocka_unit_test(the_nearest_tag_wins),
        cmocka_unit_test(figures_are_told_apart_by_scenario_and_tag),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
