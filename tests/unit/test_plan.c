/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/plan_text.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "plan/key.h"
#include "plan/plan.h"

#define SEC  UINT64_C(1000000)
#define FLOW "\"flow\": [ { \"get\": \"http://h/\" } ]"
#define S_SCENARIO                                                             \
    "\"scenarios\": { \"s\": { \"executor\": \"constant-vus\", "               \
    "\"duration\": \"1s\" } }"

static const struct header *header_of(const struct request *q, const char *name)
{
    for (size_t i = 0; i < q->n_headers; i++) {
        if (strcmp(q->headers[i].name, name) == 0) {
            return &q->headers[i];
        }
    }
    return NULL;
}

static void assert_header(const struct request *q, const char *name,
                          const char *want)
{
    const struct header *h = header_of(q, name);
    char *got;

    if (want == NULL) {
        assert_null(h);
        return;
    }
    assert_non_null(h);
    got = plan_text_value(&h->value);
    assert_string_equal(got, want);
    free(got);
}

static const char *fake_getenv(const char *name)
{
    if (strcmp(name, "A") == 0) {
        return "from the process";
    }
    if (strcmp(name, "EMPTY") == 0) {
        return "";
    }
    return strcmp(name, "UNDECLARED") == 0 ? "x" : NULL;
}

static void settings_beat_the_process_which_beats_the_plan(void **state)
{
    const struct plan_setting settings[] = {{"B", "set"}, {"B", "set last"}};
    struct plan_input in = {.file = "",
                            .settings = settings,
                            .n_settings = 2,
                            .getenv = fake_getenv};
    struct plan *p = plan_text_with(
        "{ \"env\": { \"A\": \"a\", \"B\": \"b\", \"C\": 5, \"EMPTY\": \"e\" "
        "}, " FLOW ", " S_SCENARIO " }",
        &in);

    (void)state;
    assert_int_equal(p->n_env, 4);
    assert_string_equal(p->env[0].value, "from the process");
    assert_string_equal(p->env[0].by_default, "a");
    assert_string_equal(p->env[1].value, "set last");
    assert_string_equal(p->env[2].value, "5");
    assert_string_equal(p->env[3].value, "");
    plan_free(&p);
}

static void a_setting_that_the_plan_does_not_declare_is_a_mistake(void **state)
{
    const struct plan_setting settings[] = {{"BASE_ULR", "x"},
                                            {"SCENARIO", "s"}};
    struct plan_input in = {.file = "f", .settings = settings, .n_settings = 2};
    struct plan_errors errors = {.n = 0};
    const char *text =
        "{ \"env\": { \"BASE_URL\": \"\" }, " FLOW ", " S_SCENARIO " }";

    (void)state;
    assert_null(plan_parse(text, strlen(text), &in, &errors));
    assert_int_equal(errors.n, 1);
    assert_string_equal(errors.list[0].where, "-e BASE_ULR");
    assert_string_equal(errors.list[0].text,
                        "the plan does not declare 'BASE_ULR' in env; did you "
                        "mean 'BASE_URL'?");
    plan_errors_clear(&errors);
}

static struct plan *with_token(const char *token)
{
    const struct plan_setting settings[] = {{"TOKEN", token}};
    struct plan_input in = {.file = "", .settings = settings, .n_settings = 1};

    return plan_text_with(
        "{ \"env\": { \"TOKEN\": \"\" }, \"secrets\": [\"TOKEN\"], "
        "\"http\": { \"headers\": { \"A\": \"Bearer ${TOKEN}\", "
        "\"B\": \"${TOKEN}${vu}\", \"C\": \"x${vu}\", \"D\": \"\", "
        "\"E\": \"e\" } }, "
        "\"flow\": [ { \"get\": \"http://h/\", \"headers\": { \"e\": \"\" } "
        "}, { \"get\": \"http://h/\", \"auth\": { \"bearer\": \"${TOKEN}\" } } "
        "], " S_SCENARIO " }",
        &in);
}

static void a_header_whose_values_are_empty_is_not_sent(void **state)
{
    struct plan *p = with_token("");
    const struct request *q = p->requests[0];

    (void)state;
    assert_header(q, "A", NULL);
    assert_header(q, "B", "<vu>");
    assert_true(header_of(q, "B")->optional);
    assert_header(q, "C", "x<vu>");
    assert_true(header_of(q, "C")->optional);
    assert_header(q, "D", NULL);
    assert_header(q, "E", NULL);
    assert_header(q, "e", NULL);
    assert_header(p->requests[1], "E", "e");
    assert_header(p->requests[1], "Authorization", NULL);
    plan_free(&p);
}

static void a_header_with_a_value_is_sent(void **state)
{
    struct plan *p = with_token("t0k");
    const struct request *q = p->requests[0];

    (void)state;
    assert_header(q, "A", "Bearer t0k");
    assert_header(q, "B", "t0k<vu>");
    assert_false(header_of(q, "B")->optional);
    assert_header(p->requests[1], "Authorization", "Bearer t0k");
    assert_false(header_of(p->requests[1], "Authorization")->optional);
    plan_free(&p);
}

static void a_requests_own_headers_win(void **state)
{
    struct plan *p = plan_text_of(
        "\"http\": { \"headers\": { \"X\": \"all\", \"Y\": \"all\", "
        "\"Content-Type\": \"application/ld+json\" } }, "
        "\"flow\": [ { \"post\": \"http://h/\", \"json\": 1, "
        "\"headers\": { \"x\": \"own\" } }, "
        "{ \"post\": \"http://h/\", \"json\": 1, "
        "\"headers\": { \"content-type\": \"own\" } }, "
        "{ \"post\": \"http://h/\", \"form\": { \"a\": 1 } } ]");

    (void)state;
    assert_header(p->requests[0], "X", NULL);
    assert_header(p->requests[0], "x", "own");
    assert_header(p->requests[0], "Y", "all");
    assert_header(p->requests[0], "Content-Type", "application/ld+json");
    assert_header(p->requests[1], "Content-Type", NULL);
    assert_header(p->requests[1], "content-type", "own");
    assert_header(p->requests[2], "Content-Type",
                  "application/x-www-form-urlencoded");
    plan_free(&p);
}

static void setup_goes_without_the_header_it_fills(void **state)
{
    struct plan *p = plan_text_of(
        "\"http\": { \"headers\": { \"A\": \"Bearer ${t}\", \"B\": \"b\" } }, "
        "\"setup\": [ { \"get\": \"http://h/\", \"extract\": "
        "{ \"t\": { \"json\": \"/t\" } } } ], "
        "\"teardown\": [ { \"get\": \"http://h/\" } ], " FLOW);

    (void)state;
    assert_header(p->requests[0], "A", NULL);
    assert_header(p->requests[0], "B", "b");
    assert_header(p->requests[1], "A", "Bearer <var 0>");
    assert_header(p->requests[2], "A", "Bearer <var 0>");
    assert_string_equal(p->requests[0]->group, "::setup");
    assert_string_equal(p->requests[1]->group, "");
    assert_string_equal(p->requests[2]->group, "::teardown");
    plan_free(&p);
}

static void basic_auth_is_settled_beforehand(void **state)
{
    struct plan *p =
        plan_text_of("\"env\": { \"P\": \"open sesame\" }, \"flow\": [ "
                     "{ \"get\": \"http://h/\", \"auth\": { \"basic\": { "
                     "\"user\": \"Aladdin\", \"password\": \"${P}\" } } }, "
                     "{ \"get\": \"http://h/\", \"auth\": { \"basic\": { "
                     "\"user\": \"\", \"password\": \"\" } } } ]");

    (void)state;
    /* RFC 7617, section 2. */
    assert_header(p->requests[0], "Authorization",
                  "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    assert_header(p->requests[1], "Authorization", NULL);
    plan_free(&p);
}

static void a_flow_is_a_list_with_jumps(void **state)
{
    struct plan *p = plan_text_of(
        "\"flow\": [ { \"think\": { \"min\": \"1s\", \"max\": \"2s\" } }, "
        "{ \"every\": 3, \"do\": [ { \"get\": \"http://h/1\" }, "
        "{ \"every\": 2, \"do\": [ { \"think\": \"5ms\" } ] } ] }, "
        "{ \"group\": \"g\", \"do\": [ { \"group\": \"h\", \"do\": [ "
        "{ \"get\": \"http://h/2\" } ] } ] } ]");
    const struct flow *f = &p->flows[0];

    (void)state;
    assert_string_equal(f->name, "default");
    assert_int_equal(f->n, 6);
    assert_int_equal(f->ops[0].kind, FLOW_THINK);
    assert_int_equal(f->ops[0].lo_us, SEC);
    assert_int_equal(f->ops[0].hi_us, 2 * SEC);
    assert_int_equal(f->ops[1].kind, FLOW_EVERY);
    assert_int_equal(f->ops[1].n, 3);
    assert_int_equal(f->ops[1].target, 5);
    assert_ptr_equal(f->ops[2].request, p->requests[0]);
    assert_int_equal(f->ops[3].target, 5);
    assert_int_equal(f->ops[4].lo_us, 5000);
    assert_int_equal(f->ops[4].hi_us, 5000);
    assert_string_equal(f->ops[5].request->group, "::g::h");
    plan_free(&p);
}

static void requests_of_one_name_share_it(void **state)
{
    struct plan *p =
        plan_text_of("\"env\": { \"U\": \"http://h\" }, "
                     "\"flow\": [ { \"get\": \"${U}/a/${vu}\" }, "
                     "{ \"post\": \"${U}/b\", \"name\": \"B\" }, "
                     "{ \"get\": \"${U}/a/${vu}\" }, { \"get\": \"${U}/b\", "
                     "\"name\": \"B\" } ]");

    (void)state;
    assert_int_equal(p->n_requests, 4);
    assert_int_equal(p->n_names, 2);
    assert_string_equal(p->names[0], "GET ${U}/a/${vu}");
    assert_string_equal(p->names[1], "B");
    assert_int_equal(p->requests[2]->name_index, 0);
    assert_int_equal(p->requests[3]->name_index, 1);
    assert_int_equal(p->requests[3]->index, 3);
    plan_free(&p);
}

static void a_request_has_what_http_says_unless_it_says_so_itself(void **state)
{
    struct plan *p = plan_text_of(
        "\"http\": { \"timeout\": \"5s\", \"redirects\": 2, "
        "\"reuse\": \"never\", \"http1\": true }, "
        "\"flow\": [ { \"get\": \"http://h/\" }, { \"get\": \"http://h/\", "
        "\"timeout\": \"1s\", \"redirects\": 0, "
        "\"expected_status\": [404, \"500-503\"] } ]");
    const struct request *a = p->requests[0], *b = p->requests[1];

    (void)state;
    assert_int_equal(a->timeout_us, 5 * SEC);
    assert_int_equal(a->max_redirects, 2);
    assert_int_equal(a->n_expected, 1);
    assert_int_equal(a->expected[0].lo, 200);
    assert_int_equal(a->expected[0].hi, 399);
    assert_true(a->fixed);
    assert_int_equal(b->timeout_us, SEC);
    assert_int_equal(b->max_redirects, 0);
    assert_int_equal(b->n_expected, 2);
    assert_int_equal(b->expected[0].hi, 404);
    assert_int_equal(b->expected[1].lo, 500);
    assert_int_equal(p->http.reuse, REUSE_NEVER);
    assert_true(p->http.dial.http1);
    assert_false(p->http.dial.insecure);
    plan_free(&p);
}

static void checks_are_numbered_over_the_whole_plan(void **state)
{
    struct plan *p = plan_text_of(
        "\"env\": { \"V\": \"v\" }, \"flow\": [ "
        "{ \"get\": \"http://h/\", \"sse\": { \"until\": \"done\" }, "
        "\"checks\": { \"a\": { \"status\": 204 }, \"b\": { \"sse\": \"x\", "
        "\"min_count\": 3 } } }, "
        "{ \"get\": \"http://h/\", \"checks\": { \"a\": { \"json\": \"/x\", "
        "\"equals\": [\"${V}\"] }, \"c\": { \"header\": \"H\", "
        "\"equals\": 5 }, \"d\": { \"contains\": \"-${V}-\" } } } ]");
    const struct check *c;
    char *printed;

    (void)state;
    assert_int_equal(p->n_checks, 5);
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(p->checks[i]->index, i);
    }
    assert_false(p->requests[0]->keep_body);
    assert_true(p->requests[1]->keep_body);
    assert_int_equal(p->checks[1]->sse_min_count, 3);
    c = p->checks[2];
    printed = cJSON_PrintUnformatted(c->json_equals);
    assert_string_equal(printed, "[\"v\"]");
    cJSON_free(printed);
    assert_string_equal(p->checks[3]->header_equals, "5");
    assert_null(p->checks[3]->json_equals);
    assert_string_equal(p->checks[4]->contains, "-v-");
    plan_free(&p);
}

static void own_metrics_follow_the_built_in_ones(void **state)
{
    struct plan *p = plan_text_of(
        "\"flow\": [ { \"get\": \"http://h/\", \"metrics\": { "
        "\"d\": \"duration\", \"f\": \"failed\", \"c\": { \"count\": \"/x\" }, "
        "\"v\": { \"value\": \"/y\" } } }, { \"get\": \"http://h/\", "
        "\"metrics\": { \"d\": \"duration\" } } ]");
    const struct request *q = p->requests[0];

    (void)state;
    assert_int_equal(p->n_metrics, 4);
    assert_int_equal(plan_metric_id(p, "d"), METRIC_COUNT);
    assert_int_equal(plan_metric_id(p, "http_reqs"), METRIC_HTTP_REQS);
    assert_int_equal(plan_metric_id(p, "nope"), -1);
    assert_int_equal(plan_metric_info(p, METRIC_COUNT).type, METRIC_TREND);
    assert_int_equal(plan_metric_info(p, METRIC_COUNT).contains, METRIC_TIME);
    assert_int_equal(plan_metric_info(p, METRIC_COUNT + 1).type, METRIC_RATE);
    assert_int_equal(plan_metric_info(p, METRIC_COUNT + 2).type,
                     METRIC_COUNTER);
    assert_int_equal(plan_metric_info(p, METRIC_COUNT + 3).contains,
                     METRIC_DEFAULT);
    assert_string_equal(plan_metric_info(p, METRIC_VUS).name, "vus");
    assert_int_equal(q->feeds[2].kind, FEED_COUNT);
    assert_string_equal(q->feeds[2].json, "/x");
    assert_int_equal(p->requests[1]->feeds[0].metric, METRIC_COUNT);
    assert_false(p->requests[1]->keep_body);
    plan_free(&p);
}

static struct plan *vi(void)
{
    size_t n = 0;

    return plan_text(plan_builtin("vi", &n));
}

static void assert_ramp(const struct plan *p, const char *name,
                        const unsigned (*stages)[2], size_t n,
                        uint64_t ramp_down_s)
{
    const struct lineup *l = plan_lineup(p, name);
    const struct scenario *s;

    assert_non_null(l);
    assert_int_equal(l->n, 1);
    s = l->list;
    assert_int_equal(s->executor, EXECUTOR_RAMPING_VUS);
    assert_int_equal(s->start_vus, 0);
    assert_int_equal(s->n_stages, n);
    assert_int_equal(s->graceful_ramp_down_us, ramp_down_s * SEC);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(s->stages[i].duration_us, stages[i][0] * SEC);
        assert_int_equal(s->stages[i].target, stages[i][1]);
        assert_non_null(s->stages[i].name);
    }
}

static void the_vi_plan_has_the_five_scenarios(void **state)
{
    static const unsigned load[][2] = {{120, 10}, {300, 10}, {120, 0}};
    static const unsigned stress[][2] = {{120, 20}, {300, 20},  {120, 50},
                                         {300, 50}, {120, 100}, {300, 100},
                                         {300, 0}};
    static const unsigned spike[][2] = {{30, 10}, {10, 100}, {60, 100},
                                        {30, 10}, {60, 10},  {30, 0}};
    struct plan *p = vi();
    const struct scenario *s;

    (void)state;
    assert_int_equal(p->n_lineups, 5);
    s = plan_lineup(p, "smoke")->list;
    assert_int_equal(s->executor, EXECUTOR_CONSTANT_VUS);
    assert_int_equal(s->vus, 1);
    assert_int_equal(s->duration_us, 60 * SEC);
    s = plan_lineup(p, "soak")->list;
    assert_int_equal(s->vus, 20);
    assert_int_equal(s->duration_us, 1800 * SEC);
    assert_int_equal(s->graceful_stop_us, 30 * SEC);
    assert_ramp(p, "load", load, 3, 30);
    assert_ramp(p, "stress", stress, 7, 60);
    assert_ramp(p, "spike", spike, 6, 30);
    plan_free(&p);
}

static void the_vi_plan_does_what_a_vi_user_does(void **state)
{
    struct plan *p = vi();
    const struct flow *f = &p->flows[0];
    const struct request *chat = f->ops[0].request;
    const struct request *stream = f->ops[3].request;
    const struct request *metrics = f->ops[6].request;

    (void)state;
    assert_int_equal(f->n, 8);
    assert_string_equal(chat->name, "ChatRequest");
    assert_header(chat, "Content-Type", "application/json");
    assert_header(chat, "X-Vi-Test-Mode", "true");
    assert_header(chat, "Authorization", NULL);
    assert_int_equal(f->ops[1].lo_us, SEC);
    assert_int_equal(f->ops[2].n, 3);
    assert_string_equal(stream->name, "ChatStream");
    assert_int_equal(stream->timeout_us, 30 * SEC);
    assert_string_equal(stream->sse.until, "done");
    assert_int_equal(f->ops[5].n, 10);
    assert_string_equal(metrics->name, "Metrics");
    assert_header(metrics, "Accept", "text/plain");
    assert_int_equal(f->ops[7].lo_us, SEC / 2);
    assert_int_equal(p->data[0].n, 10);
    assert_int_equal(p->setup.n, 1);
    assert_int_equal(p->setup_timeout_us, 60 * SEC);
    plan_free(&p);
}

static void the_vi_plans_questions_take_no_short_cut(void **state)
{
    static const char *const words[] = {"today", "my name", "what time",
                                        "hello", "hi ",     "hey"};
    struct plan *p = vi();

    (void)state;
    for (size_t i = 0; i < p->data[0].n; i++) {
        for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
            assert_null(strstr(p->data[0].values[i], words[k]));
        }
    }
    plan_free(&p);
}

static void the_vi_plans_limits_and_baselines_are_kept(void **state)
{
    struct plan *p = vi();
    const struct baseline *b = &p->baselines[0];

    (void)state;
    assert_int_equal(p->n_thresholds, 5);
    assert_int_equal(p->n_metrics, 4);
    assert_int_equal(p->n_baselines, 2);
    assert_string_equal(b->name, "local");
    assert_int_equal(b->n, 5);
    assert_string_equal(b->sets[3].scenario, "spike");
    assert_string_equal(b->sets[3].items[2].metric, "recovery_time");
    assert_string_equal(b->sets[3].items[2].expect, "<30s");
    assert_string_equal(p->baselines[1].sets[0].scenario, "*");
    plan_free(&p);
}

static void a_scenario_is_chosen_by_name_then_env_then_being_alone(void **state)
{
    struct plan *p = vi(), *one = plan_text_of(FLOW);
    struct err e = ERR_INIT;

    (void)state;
    assert_string_equal(plan_choose(p, "spike", &e)->name, "spike");
    assert_string_equal(plan_choose(p, NULL, &e)->name, "smoke");
    assert_string_equal(plan_choose(one, NULL, &e)->name, "s");
    assert_null(plan_choose(p, "spkie", &e));
    assert_string_equal(e.text,
                        "no scenario is named 'spkie'; did you mean 'spike'? "
                        "There are: smoke, load, stress, spike, soak");
    e = (struct err)ERR_INIT;
    assert_null(plan_choose(p, "notaurl", &e));
    assert_string_equal(e.text,
                        "no scenario is named 'notaurl'; there are: smoke, "
                        "load, stress, spike, soak (a URL begins with http://, "
                        "a plan's file ends in .json)");
    e = (struct err)ERR_INIT;
    assert_null(plan_choose(p, "127.0.0.1:3559", &e));
    assert_string_equal(e.text,
                        "no scenario is named '127.0.0.1:3559'; did you mean "
                        "http://127.0.0.1:3559? There are: smoke, load, "
                        "stress, spike, soak");
    plan_free(&p);
    plan_free(&one);
}

static void without_a_choice_the_scenarios_are_listed(void **state)
{
    const struct plan_setting none[] = {{"SCENARIO", ""}};
    struct plan_input in = {.file = "", .settings = none, .n_settings = 1};
    size_t n = 0;
    struct plan *p = plan_text_with(plan_builtin("vi", &n), &in);
    struct err e = ERR_INIT;

    (void)state;
    assert_null(plan_choose(p, NULL, &e));
    assert_string_equal(
        e.text, "which scenario? There are: smoke, load, stress, spike, soak");
    plan_free(&p);
}

static void host_and_target_are_taken_from_the_plan(void **state)
{
    struct plan *p = vi();
    struct plan *q =
        plan_text_of("\"flow\": [ { \"think\": \"1s\" }, "
                     "{ \"get\": \"https://me:pw@h.example:8443/x?y\" } ]");
    char buf[64];

    (void)state;
    assert_string_equal(plan_host(p, buf, sizeof buf), "localhost:3000");
    assert_string_equal(plan_target(p, buf, sizeof buf),
                        "http://localhost:3000");
    assert_string_equal(plan_host(q, buf, sizeof buf), "h.example:8443");
    assert_string_equal(plan_target(q, buf, sizeof buf),
                        "https://h.example:8443");
    assert_string_equal(plan_host(q, buf, 5), "h.ex");
    plan_free(&p);
    plan_free(&q);
}

static void assert_masked(const struct plan *p, const char *text,
                          const char *want)
{
    struct buf out;

    buf_init(&out, 1000);
    plan_mask(p, &out, text, strlen(text));
    assert_string_equal(buf_str(&out), want);
    buf_clear(&out);
}

static void secrets_are_hidden_however_they_are_written(void **state)
{
    struct plan *p = plan_text_of(
        "\"env\": { \"A\": \"s3cr\\\"t/\", \"B\": \"s3\", \"C\": \"\", "
        "\"D\": \"open\" }, \"secrets\": [\"A\", \"B\", \"C\"], " FLOW);
    struct plan *none = plan_text_of(FLOW);

    (void)state;
    assert_masked(p, "x s3cr\"t/ y", "x *** y");
    assert_masked(p, "{\"a\":\"s3cr\\\"t/\"}", "{\"a\":\"***\"}");
    assert_masked(p, "?a=s3cr%22t%2F&b", "?a=***&b");
    assert_masked(p, "s3s3 open s", "****** open s");
    assert_masked(p, "", "");
    assert_masked(none, "s3", "s3");
    plan_free(&p);
    plan_free(&none);
}

static void a_mistake_does_not_tell_a_secret(void **state)
{
    struct plan_input in = {.file = "f"};
    struct plan_errors errors = {.n = 0};
    const char *text =
        "{ \"env\": { \"U\": \"hunter2\" }, \"secrets\": [\"U\"], "
        "\"flow\": [ { \"get\": \"${U}/x\" } ], " S_SCENARIO " }";

    (void)state;
    assert_null(plan_parse(text, strlen(text), &in, &errors));
    assert_string_equal(
        errors.list[0].text,
        "$.flow[0].get: '***/x' does not begin with http:// or https://");
    plan_errors_clear(&errors);
}

static void a_plan_from_a_url_gets_it_until_told_otherwise(void **state)
{
    struct err e = ERR_INIT;
    struct plan *p = plan_from_url("http://127.0.0.1:8080/a?b=${vu}&c=$d", &e);
    char *url;

    (void)state;
    assert_non_null(p);
    url = plan_text_value(&p->requests[0]->url);
    assert_string_equal(url, "http://127.0.0.1:8080/a?b=${vu}&c=$d");
    assert_true(p->requests[0]->fixed);
    assert_int_equal(p->n_lineups, 1);
    assert_string_equal(p->lineups[0].list[0].name, "url");
    assert_int_equal(p->lineups[0].list[0].vus, 1);
    assert_true(p->lineups[0].list[0].duration_us == UINT64_MAX);
    assert_string_equal(p->file, "");
    free(url);
    plan_free(&p);
}

static void a_password_in_the_url_is_a_secret(void **state)
{
    struct err e = ERR_INIT;
    struct plan *p = plan_from_url("http://bob:hunter2@127.0.0.1:80/a?b=@", &e);
    struct buf masked;
    char *url;

    (void)state;
    assert_non_null(p);
    url = plan_text_value(&p->requests[0]->url);
    assert_string_equal(url, "http://bob:hunter2@127.0.0.1:80/a?b=@");
    assert_null(strstr(p->name, "hunter2"));
    assert_null(strstr(p->requests[0]->name, "hunter2"));
    buf_init(&masked, 100);
    plan_mask(p, &masked, url, strlen(url));
    assert_string_equal(buf_str(&masked), "http://***@127.0.0.1:80/a?b=@");
    buf_clear(&masked);
    free(url);
    plan_free(&p);
    p = plan_from_url("http://bob@127.0.0.1/", &e);
    assert_non_null(p);
    assert_int_equal(p->n_env, 0);
    assert_string_equal(p->name, "http://bob@127.0.0.1/");
    plan_free(&p);
}

static void what_is_no_url_makes_no_plan(void **state)
{
    static const char *const bad[] = {
        "", "ftp://h/", "http://", "http://h h/", "x://y", "http://h:0/"};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct err e = ERR_INIT;

        assert_null(plan_from_url(bad[i], &e));
        assert_int_not_equal(e.code, ERR_NONE);
    }
}

static void a_plan_is_named_by_its_file_unless_it_says_so(void **state)
{
    struct plan_input in = {.file = "/a/b/my plan.json"};
    struct plan *p = plan_text_with("{ " FLOW ", " S_SCENARIO " }", &in);

    (void)state;
    assert_string_equal(p->name, "my plan");
    assert_string_equal(p->file, "/a/b/my plan.json");
    assert_int_equal(strlen(p->sha256), 64);
    plan_free(&p);
}

static void mistakes_beyond_a_hundred_are_counted(void **state)
{
    struct plan_input in = {.file = "f"};
    struct plan_errors errors = {.n = 0};
    struct buf text;

    (void)state;
    buf_init(&text, 100000);
    (void)buf_adds(&text, "{ ");
    for (int i = 0; i < 150; i++) {
        (void)buf_addf(&text, "\"zz%d\": 1, ", i);
    }
    (void)buf_adds(&text, FLOW ", " S_SCENARIO " }");
    assert_null(plan_parse(buf_str(&text), text.len, &in, &errors));
    assert_int_equal(errors.n, 101);
    assert_string_equal(errors.list[100].text, "and 50 more mistakes");
    plan_errors_clear(&errors);
    buf_clear(&text);
}

static void every_key_is_once_in_its_place_and_explained(void **state)
{
    const struct key *k, *other;

    (void)state;
    for (size_t i = 0; (k = key_at(i)) != NULL; i++) {
        assert_ptr_equal(key_find(k->place, k->name), k);
        assert_true(*k->name != '\0' && *k->form != '\0' && *k->help != '\0');
        assert_true(strlen(k->help) <= 70);
        assert_non_null(key_place_name(k->place));
        other = key_at(i + 1);
        assert_true(other == NULL || other->place >= k->place);
    }
    assert_null(key_find(KEY_PLAN, "threshold"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_beat_the_process_which_beats_the_plan),
        cmocka_unit_test(a_setting_that_the_plan_does_not_declare_is_a_mistake),
        cmocka_unit_test(a_header_whose_values_are_empty_is_not_sent),
        cmocka_unit_test(a_header_with_a_value_is_sent),
        cmocka_unit_test(a_requests_own_headers_win),
        cmocka_unit_test(setup_goes_without_the_header_it_fills),
        cmocka_unit_test(basic_auth_is_settled_beforehand),
        cmocka_unit_test(a_flow_is_a_list_with_jumps),
        cmocka_unit_test(requests_of_one_name_share_it),
        cmocka_unit_test(a_request_has_what_http_says_unless_it_says_so_itself),
        cmocka_unit_test(checks_are_numbered_over_the_whole_plan),
        cmocka_unit_test(own_metrics_follow_the_built_in_ones),
        cmocka_unit_test(the_vi_plan_has_the_five_scenarios),
        cmocka_unit_test(the_vi_plan_does_what_a_vi_user_does),
        cmocka_unit_test(the_vi_plans_questions_take_no_short_cut),
        cmocka_unit_test(the_vi_plans_limits_and_baselines_are_kept),
        cmocka_unit_test(
            a_scenario_is_chosen_by_name_then_env_then_being_alone),
        cmocka_unit_test(without_a_choice_the_scenarios_are_listed),
        cmocka_unit_test(host_and_target_are_taken_from_the_plan),
        cmocka_unit_test(secrets_are_hidden_however_they_are_written),
        cmocka_unit_test(a_mistake_does_not_tell_a_secret),
        cmocka_unit_test(a_plan_from_a_url_gets_it_until_told_otherwise),
        cmocka_unit_test(a_password_in_the_url_is_a_secret),
        cmocka_unit_test(what_is_no_url_makes_no_plan),
        cmocka_unit_test(a_plan_is_named_by_its_file_unless_it_says_so),
        cmocka_unit_test(mistakes_beyond_a_hundred_are_counted),
        cmocka_unit_test(every_key_is_once_in_its_place_and_explained),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
