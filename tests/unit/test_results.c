/* SPDX-License-Identifier: MIT
 *
 * Results JSON and summary export from a story whose every figure is known. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#include "base/json.h"
#include "record/results.h"
#include "record/summary_export.h"
#include "../support/story_kit.h"

static const char kit_plan[] =
    "{ \"name\": \"My Shop!\", \"env\": { \"KEY\": \"hunter2\" },"
    "  \"secrets\": [\"KEY\"],"
    "  \"flow\": ["
    "    { \"get\": \"http://127.0.0.1:1/a\", \"name\": \"A\","
    "      \"headers\": { \"X-Key\": \"${KEY}\" },"
    "      \"checks\": { \"is 200\": { \"status\": 200 } } },"
    "    { \"group\": \"inner\", \"do\": ["
    "      { \"post\": \"http://127.0.0.1:1/b\", \"name\": \"B\","
    "        \"checks\": { \"is 200\": { \"status\": 200 } } } ] } ],"
    "  \"scenarios\": { \"steady\": { \"executor\": \"constant-vus\","
    "    \"vus\": 2, \"duration\": \"10s\" } },"
    "  \"thresholds\": { \"http_req_duration{name:A}\": [\"p(95)<15\"],"
    "    \"http_req_failed\": [\"rate<0.01\"],"
    "    \"http_reqs{status:418}\": [\"count<5\"] } }";

/* 20 A at 10 ms, 10 B at 30 ms of which 4 are 503, one B refused. */
static int set_up(void **state)
{
    unsigned i;

    (void)state;
    story_kit_init(&kit, kit_plan);
    kit.tick.vus = 2;
    kit.tick.planned = 2;
    for (i = 0; i < 2; i++) {
        story_kit_requests(&kit, 0, 200, 10000, 10);
        story_kit_requests(&kit, 1, 200, 30000, 3);
        story_kit_requests(&kit, 1, 503, 30000, 2);
        shard_check(kit.shard, 0, 0, true);
        shard_check(kit.shard, 0, 1, i == 0);
        story_kit_tick(&kit, i == 0 ? "hunter2 \x1b[31m" : NULL);
    }
    story_kit_refused(&kit, 1);
    story_kit_tick(&kit, NULL);
    return 0;
}

static cJSON *results(void)
{
    char *text = results_text(kit.story);
    cJSON *root = cJSON_Parse(text);

    assert_non_null(root);
    free(text);
    return root;
}

static double number_at(const cJSON *root, const char *pointer)
{
    const cJSON *v = json_pointer(root, pointer);

    if (!cJSON_IsNumber(v)) {
        fail_msg("%s is no number", pointer);
    }
    return v->valuedouble;
}

static void assert_near(double a, double b)
{
    if (a < b * 0.998 || a > b * 1.002) {
        fail_msg("%f is not about %f", a, b);
    }
}

static void counts_add_up(void **state)
{
    cJSON *root = results();

    (void)state;
    assert_true(number_at(root, "/metrics/http_reqs/values/count") == 31);
    assert_true(number_at(root, "/metrics/http_req_failed/values/passes") == 5);
    assert_true(number_at(root, "/metrics/http_req_failed/values/fails") == 26);
    assert_true(number_at(root, "/endpoints/0/statuses/200") == 20);
    assert_true(number_at(root, "/endpoints/1/statuses/200") == 6);
    assert_true(number_at(root, "/endpoints/1/statuses/503") == 4);
    assert_true(number_at(root, "/endpoints/1/no_response/refused") == 1);
    assert_true(number_at(root, "/metrics/data_sent/values/count") == 3000);
    cJSON_Delete(root);
}

static void a_request_without_response_has_no_duration(void **state)
{
    cJSON *root = results();

    (void)state;
    assert_true(number_at(root, "/metrics/http_req_duration/values/count") ==
                30);
    assert_near(number_at(root, "/metrics/http_req_duration/values/min"), 10);
    assert_near(number_at(root, "/metrics/http_req_duration/values/p(95)"), 30);
    assert_near(number_at(root, "/metrics/http_req_duration/values/avg"),
                (20 * 10 + 10 * 30) / 30.0);
    assert_near(number_at(root, "/endpoints/0/metrics/http_req_duration/values"
                                "/max"),
                10);
    cJSON_Delete(root);
}

static void thresholds_carry_values_and_unfed_ones_fail_with_null(void **state)
{
    cJSON *root = results();

    (void)state;
    assert_near(number_at(root, "/thresholds/0/value"), 10);
    assert_true(cJSON_IsTrue(json_pointer(root, "/thresholds/0/ok")));
    assert_near(number_at(root, "/thresholds/1/value"), 5 / 31.0);
    assert_true(cJSON_IsFalse(json_pointer(root, "/thresholds/1/ok")));
    assert_true(cJSON_IsNull(json_pointer(root, "/thresholds/2/value")));
    assert_true(cJSON_IsFalse(json_pointer(root, "/thresholds/2/ok")));
    assert_true(cJSON_IsBool(json_pointer(root, "/thresholds/1/window/ok")));
    assert_true(cJSON_IsNull(json_pointer(root, "/thresholds/2/window/value")));
    assert_true(cJSON_IsNull(json_pointer(root, "/thresholds/2/window/ok")));
    cJSON_Delete(root);
}

static void secrets_are_masked(void **state)
{
    cJSON *root = results();

    (void)state;
    assert_string_equal(cJSON_GetStringValue(json_pointer(root, "/env/KEY")),
                        "***");
    cJSON_Delete(root);
}

static void checks_of_one_name_are_one(void **state)
{
    cJSON *root = results();

    (void)state;
    assert_int_equal(cJSON_GetArraySize(json_pointer(root, "/checks")), 1);
    assert_true(number_at(root, "/checks/0/passes") == 3);
    assert_true(number_at(root, "/checks/0/fails") == 1);
    cJSON_Delete(root);
}

static void histograms_hold_every_response(void **state)
{
    cJSON *root = results();
    const cJSON *pair;
    double n = 0;

    (void)state;
    cJSON_ArrayForEach(pair,
                       json_pointer(root, "/histograms/http_req_duration"))
    {
        n += cJSON_GetArrayItem(pair, 1)->valuedouble;
    }
    assert_true(n == 30);
    cJSON_Delete(root);
}

/* More than the sixteen bits of a pair. */
static void a_bucket_of_many_is_written_once(void **state)
{
    const cJSON *pair;
    double n = 0, most = 0, last = -1;
    cJSON *root;
    unsigned i;

    (void)state;
    for (i = 0; i < 15; i++) {
        story_kit_requests(&kit, 0, 200, 10000, 10000);
        story_kit_tick(&kit, NULL);
    }
    root = results();
    cJSON_ArrayForEach(pair,
                       json_pointer(root, "/histograms/http_req_duration"))
    {
        double low = cJSON_GetArrayItem(pair, 0)->valuedouble;
        double count = cJSON_GetArrayItem(pair, 1)->valuedouble;

        assert_true(low > last);
        last = low;
        n += count;
        most = count > most ? count : most;
    }
    assert_true(n == 150030);
    assert_true(most == 150020);
    cJSON_Delete(root);
}

static void a_long_run_is_thinned_by_merging(void **state)
{
    unsigned i, k;
    cJSON *root;
    double rps = 0;
    const cJSON *v;

    (void)state;
    for (i = 0; i < 2 * RESULTS_POINTS_MAX + 10; i++) {
        story_kit_requests(&kit, 0, 200, 10000, 5);
        for (k = 0; k < 10; k++) {
            story_kit_tick(&kit, NULL);
        }
    }
    root = results();
    assert_true(cJSON_GetArraySize(json_pointer(root, "/series/p95")) <=
                RESULTS_POINTS_MAX);
    assert_true(number_at(root, "/series/interval_s") == 3);
    cJSON_ArrayForEach(v, json_pointer(root, "/series/rps"))
    {
        rps += v->valuedouble;
    }
    /* Rates are requests by active time: their mean is the run's. */
    assert_near(rps / cJSON_GetArraySize(json_pointer(root, "/series/rps")), 5);
    assert_near(number_at(root, "/series/p95/100"), 10);
    cJSON_Delete(root);
}

static void while_it_runs_there_is_no_exit_code(void **state)
{
    cJSON *root = results();

    (void)state;
    assert_true(cJSON_IsNull(json_pointer(root, "/outcome/exit_code")));
    assert_string_equal(
        cJSON_GetStringValue(json_pointer(root, "/outcome/status")), "running");
    cJSON_Delete(root);
}

static void summary_export_says_true_for_failed(void **state)
{
    char *text = summary_export_text(kit.story);
    cJSON *root = cJSON_Parse(text);
    const cJSON *t = json_pointer(
        root, "/metrics/http_req_duration{name:A}/thresholds/p(95)<15");

    (void)state;
    free(text);
    assert_true(cJSON_IsFalse(t));
    t = json_pointer(root, "/metrics/http_req_failed/thresholds/rate<0.01");
    assert_true(cJSON_IsTrue(t));
    assert_near(number_at(root, "/metrics/http_req_failed/value"), 5 / 31.0);
    assert_true(
        number_at(root, "/root_group/groups/inner/checks/is 200/fails") == 1);
    assert_true(number_at(root, "/root_group/checks/is 200/passes") == 2);
    cJSON_Delete(root);
}

static void named_files_never_overwrite(void **state)
{
    char folder[] = "/tmp/brunt-test-XXXXXX", first[256], second[256];
    char here[4096];
    struct err e = ERR_INIT;

    (void)state;
    assert_non_null(getcwd(here, sizeof here));
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    assert_true(results_write_named(kit.story, first, sizeof first, &e));
    assert_true(results_write_named(kit.story, second, sizeof second, &e));
    assert_string_not_equal(first, second);
    assert_int_equal(strncmp(first, "my-shop-steady-2", 16), 0);
    assert_int_equal(access(first, R_OK), 0);
    assert_int_equal(unlink(first), 0);
    assert_int_equal(unlink(second), 0);
    assert_int_equal(chdir(here), 0);
    assert_int_equal(rmdir(folder), 0);
}

/* Several runs of one second, each a process of its own. */
static void runs_of_one_second_write_a_file_each(void **state)
{
    enum { RUNS = 12 };
    char folder[] = "/tmp/brunt-test-XXXXXX", name[256];
    char here[4096], names[RUNS][256];
    int out[2], i, k, status;

    (void)state;
    assert_non_null(getcwd(here, sizeof here));
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(pipe(out), 0);
    for (i = 0; i < RUNS; i++) {
        pid_t pid = fork();

        assert_true(pid >= 0);
        if (pid == 0) {
            struct err e = ERR_INIT;

            memset(name, 0, sizeof name);
            _exit(!results_write_named(kit.story, name, sizeof name, &e) ||
                  write(out[1], name, sizeof name) != (ssize_t)sizeof name);
        }
    }
    for (i = 0; i < RUNS; i++) {
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    for (i = 0; i < RUNS; i++) {
        assert_int_equal(read(out[0], names[i], sizeof name), sizeof name);
        for (k = 0; k < i; k++) {
            assert_string_not_equal(names[i], names[k]);
        }
        assert_int_equal(unlink(names[i]), 0);
    }
    close(out[0]);
    close(out[1]);
    assert_int_equal(chdir(here), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void a_lost_place_falls_back_to_another(void **state)
{
    char folder[] = "/tmp/brunt-test-XXXXXX", where[512];
    struct err e = ERR_INIT;

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_true(results_write_final(kit.story, "/nonexistent/r.json", folder,
                                    where, sizeof where, &e));
    assert_int_not_equal(e.code, ERR_NONE);
    assert_int_equal(strncmp(where, folder, strlen(folder)), 0);
    assert_int_equal(unlink(where), 0);
    assert_int_equal(rmdir(folder), 0);
    e.code = ERR_NONE;
    assert_false(results_write_final(kit.story, "/nonexistent/r.json",
                                     "/nonexistent", where, sizeof where, &e));
}

static void the_summary_export_falls_back_too(void **state)
{
    char folder[] = "/tmp/brunt-test-XXXXXX", where[512];
    struct err e = ERR_INIT;

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_true(summary_export_write_final(kit.story, "/nonexistent/s.json",
                                           folder, where, sizeof where, &e));
    assert_int_not_equal(e.code, ERR_NONE);
    assert_int_equal(strncmp(where, folder, strlen(folder)), 0);
    assert_int_equal(unlink(where), 0);
    assert_int_equal(rmdir(folder), 0);
    e.code = ERR_NONE;
    assert_false(summary_export_write_final(kit.story, "/nonexistent/s.json",
                                            "/nonexistent", where, sizeof where,
                                            &e));
}

/* So many VUs by hand, for so many ticks of ten answers that take that long. */
static void hold(unsigned vus, unsigned ticks, uint64_t us)
{
    story_kit_by_hand(&kit, vus);
    while (ticks-- > 0) {
        story_kit_requests(&kit, 0, 200, us, 10);
        story_kit_tick(&kit, NULL);
    }
}

static const cJSON *breaking(const cJSON *root, const char *key)
{
    const cJSON *o = cJSON_GetObjectItem(cJSON_GetObjectItem(root, "insights"),
                                         "breaking_point");

    return cJSON_GetObjectItem(o, key);
}

/* A level that was left within seconds says where it probably breaks. */
static void a_break_that_is_not_sure_is_there_and_says_so(void **state)
{
    static const char plan[] =
        "{ \"name\": \"Shop\","
        "  \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\" } ],"
        "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","
        "    \"vus\": 10, \"duration\": \"10m\" } },"
        "  \"thresholds\": { \"http_req_duration\": [\"p(95)<3s\"] } }";
    cJSON *root;

    (void)state;
    story_kit_clear(&kit);
    story_kit_init(&kit, plan);
    hold(10, 200, 20000);
    root = results();
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(
        cJSON_GetObjectItem(root, "insights"), "breaking_point")));
    cJSON_Delete(root);
    hold(20, 80, 3500000);
    root = results();
    assert_true(cJSON_IsFalse(breaking(root, "confirmed")));
    assert_int_equal(breaking(root, "low")->valueint, 10);
    assert_int_equal(breaking(root, "high")->valueint, 20);
    assert_int_equal(breaking(root, "at_s")->valueint, 20);
    assert_string_equal(breaking(root, "limited_by")->valuestring, "latency");
    assert_string_equal(breaking(root, "rule")->valuestring, "p95 <3.00 s");
    assert_string_equal(breaking(root, "by")->valuestring, "run");
    assert_non_null(strstr(breaking(root, "text")->valuestring,
                           "probably breaks at 10-20 VUs"));
    assert_true(cJSON_IsFalse(breaking(root, "over")));
    cJSON_Delete(root);
    hold(20, 260, 3500000);
    root = results();
    assert_true(cJSON_IsTrue(breaking(root, "confirmed")));
    assert_int_equal(breaking(root, "high")->valueint, 20);
    cJSON_Delete(root);
}

/* A hunt leaves p(100) out of its rules: they are numbered otherwise than those
 * of the plan's levels. */
static void a_probe_is_told_with_the_rule_it_was_held_against(void **state)
{
    static const char hunted[] =
        "{ \"name\": \"Shop\","
        "  \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\" } ],"
        "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","
        "    \"vus\": 2, \"duration\": \"10s\" } },"
        "  \"thresholds\": { \"http_req_duration\":"
        "    [\"p(100)<9s\", \"p(95)<200\"] } }";
    const struct tick_probe p = {
        .load = 60,
        .percentile = 95,
        .limit = 200000,
        .words = {RULE_TIME, "p95 of Chat"},
        .report = {.verdict = SEARCH_BREAKS, .reason = PROBE_LATENCY},
    };
    static const char *const places[] = {"/insights/hunt/probes/0/rule",
                                         "/insights/breaking_point/rule"};
    cJSON *root;
    size_t i;

    (void)state;
    story_kit_clear(&kit);
    story_kit_init(&kit, hunted);
    kit.tick.hunt = (struct tick_hunt){
        .phase = HUNT_OVER,
        .answer = {
            .outcome = SEARCH_FOUND, .low = 50, .point = 55, .high = 60}};
    kit.tick.probes = &p;
    kit.tick.n_probes = 1;
    story_kit_tick(&kit, NULL);
    kit.tick.probes = NULL;
    kit.tick.n_probes = 0;
    root = results();
    for (i = 0; i < 2; i++) {
        const cJSON *rule = json_pointer(root, places[i]);

        assert_true(cJSON_IsString(rule));
        assert_string_equal(rule->valuestring, "p95 of Chat <200 ms");
    }
    cJSON_Delete(root);
}

static void returns_begin(void)
{
    static const char plan[] =
        "{ \"name\": \"Shop\","
        "  \"flow\": [ { \"get\": \"http://127.0.0.1:1/a\" } ],"
        "  \"scenarios\": { \"s\": { \"executor\": \"constant-vus\","
        "    \"vus\": 10, \"duration\": \"10m\" } },"
        "  \"thresholds\": { \"recovery_time\": [\"max<8s\", \"max<30s\"] } }";

    story_kit_clear(&kit);
    story_kit_init(&kit, plan);
}

static cJSON *returns_end(void)
{
    kit.tick.state = RUN_DRAINING;
    story_kit_tick(&kit, NULL);
    kit.tick.state = RUN_FINISHED;
    story_kit_tick(&kit, NULL);
    return results();
}

static void a_recovery_time_is_the_longest_return(void **state)
{
    char *text;
    cJSON *root;

    (void)state;
    returns_begin();
    story_kit_spike(&kit, 90, 120);
    root = returns_end();
    assert_near(number_at(root, "/thresholds/0/value"), 9000);
    assert_true(cJSON_IsFalse(json_pointer(root, "/thresholds/0/ok")));
    assert_near(number_at(root, "/thresholds/0/first_failed_s"), 58);
    assert_true(cJSON_IsTrue(json_pointer(root, "/thresholds/1/ok")));
    assert_null(json_pointer(root, "/thresholds/1/why"));
    assert_true(cJSON_IsNull(json_pointer(root, "/thresholds/1/window/ok")));
    cJSON_Delete(root);
    text = summary_export_text(kit.story);
    root = cJSON_Parse(text);
    assert_near(number_at(root, "/metrics/recovery_time/max"), 9000);
    assert_true(cJSON_IsTrue(
        json_pointer(root, "/metrics/recovery_time/thresholds/max<8s")));
    assert_true(cJSON_IsFalse(
        json_pointer(root, "/metrics/recovery_time/thresholds/max<30s")));
    cJSON_Delete(root);
    free(text);
}

/* It passes with null, and not without a word. */
static void without_anything_to_recover_from_there_is_no_time(void **state)
{
    cJSON *root;

    (void)state;
    returns_begin();
    root = returns_end();
    assert_true(cJSON_IsNull(json_pointer(root, "/thresholds/0/value")));
    assert_true(cJSON_IsTrue(json_pointer(root, "/thresholds/0/ok")));
    assert_string_equal(
        cJSON_GetStringValue(json_pointer(root, "/thresholds/0/why")),
        "nothing to recover from");
    cJSON_Delete(root);
}

/* How much more memory a second is what a limit hours away is told by. */
static void a_limit_of_memory_says_when_or_that_it_is_later(void **state)
{
    static const struct {
        double up_to_mb;
        bool told;
    } rows[] = {{0, true}, {460, false}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *at[] = {"/insights/trends/2/full_s",
                            "/insights/trends/2/full_low_s",
                            "/insights/trends/2/full_high_s",
                            "/insights/trends/2/full_beyond_s"};
        cJSON *root;
        size_t k;

        story_kit_clear(&kit);
        story_kit_init(&kit, kit_plan);
        story_kit_leak(&kit, 840, rows[i].up_to_mb);
        root = results();
        for (k = 0; k < 4; k++) {
            const cJSON *v = json_pointer(root, at[k]);

            assert_non_null(v);
            assert_true(cJSON_IsNumber(v) == (rows[i].told == (k < 3)));
        }
        if (rows[i].told) { /* 729.6 MB at 2.1 a minute */
            assert_true(fabs(number_at(root, at[0]) / 20846 - 1) < 0.01);
            assert_true(number_at(root, at[1]) <= number_at(root, at[0]));
            assert_true(number_at(root, at[0]) <= number_at(root, at[2]));
        } else {
            assert_near(number_at(root, at[3]),
                        10 * number_at(root, "/insights/trends/2/span_s"));
        }
        cJSON_Delete(root);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_break_that_is_not_sure_is_there_and_says_so, set_up,
            story_kit_end),
        cmocka_unit_test_setup_teardown(counts_add_up, set_up, story_kit_end),
        cmocka_unit_test_setup_teardown(
            a_request_without_response_has_no_duration, set_up, story_kit_end),
        cmocka_unit_test_setup_teardown(
            thresholds_carry_values_and_unfed_ones_fail_with_null, set_up,
            story_kit_end),
        cmocka_unit_test_setup_teardown(secrets_are_masked, set_up,
                                        story_kit_end),
        cmocka_unit_test_setup_teardown(checks_of_one_name_are_one, set_up,
                                        story_kit_end),
        cmocka_unit_test_setup_teardown(a_bucket_of_many_is_written_once,
                                        set_up, story_kit_end),
        cmocka_unit_test_setup_teardown(histograms_hold_every_response, set_up,
                                        story_kit_end),
        cmocka_unit_test_setup_teardown(a_long_run_is_thinned_by_merging,
                                        set_up, story_kit_end),
        cmocka_unit_test_setup_teardown(while_it_runs_there_is_no_exit_code,
                                        set_up, story_kit_end),
        cmocka_unit_test_setup_teardown(summary_export_says_true_for_failed,
                                        set_up, story_kit_end),
        cmocka_unit_test_setup_teardown(runs_of_one_second_write_a_file_each,
                                        set_up, story_kit_end),
        cmocka_unit_test_setup_teardown(named_files_never_overwrite, set_up,
                                        story_kit_end),
        cmocka_unit_test_setup_teardown(a_lost_place_falls_back_to_another,
                                        set_up, story_kit_end),
        cmocka_unit_test_setup_teardown(the_summary_export_falls_back_too,
                                        set_up, story_kit_end),
        cmocka_unit_test_setup_teardown(
            a_probe_is_told_with_the_rule_it_was_held_against, set_up,
            story_kit_end),
        cmocka_unit_test_setup_teardown(
            a_limit_of_memory_says_when_or_that_it_is_later, set_up,
            story_kit_end),
        cmocka_unit_test_setup_teardown(a_recovery_time_is_the_longest_return,
                                        set_up, story_kit_end),
        cmocka_unit_test_setup_teardown(
            without_anything_to_recover_from_there_is_no_time, set_up,
            story_kit_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
