/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/chosen.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* This exercises: which series of a page are looked at, chosen or not; sums,
 * rates of counters, counters that begin anew, pages that lack something; and
 * what is said where a choice cannot be. */

#define NODE                                                                   \
    "# TYPE process_cpu_seconds_total counter\n"                               \
    "process_cpu_seconds_total %s\n"                                           \
    "# TYPE process_resident_memory_bytes gauge\n"                             \
    "process_resident_memory_bytes 87162880\n"                                 \
    "# TYPE nodejs_heap_size_used_bytes gauge\n"                               \
    "nodejs_heap_size_used_bytes 41000000\n"                                   \
    "nodejs_eventloop_lag_p99_seconds NaN\n"                                   \
    "process_open_fds 31\n"

static struct chosen *chosen;
static struct tick_server seen;

static int setup(void **state)
{
    (void)state;
    chosen = chosen_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    chosen_free(&chosen);
    return 0;
}

static void choose(const char *text)
{
    struct err e = ERR_INIT;

    if (!chosen_add(chosen, text, &e)) {
        fail_msg("%s", e.text);
    }
}

static void settle(const char *page)
{
    struct err e = ERR_INIT;

    if (!chosen_settle(chosen, page, strlen(page), "text/plain", &e)) {
        fail_msg("%s", e.text);
    }
}

static void see(const char *page, double at_s)
{
    chosen_read(chosen, page, strlen(page), (mono_us)(at_s * 1e6), &seen);
    assert_true(seen.watched && seen.alive);
}

static void near(double a, double b)
{
    assert_true(fabs(a - b) < 1e-9);
}

static void a_known_page_needs_no_choice(void **state)
{
    char page[600];
    const struct server_names *names;

    (void)state;
    snprintf(page, sizeof page, NODE, "12.5");
    settle(page);
    names = chosen_names(chosen);
    assert_int_equal(names->n, 3);
    assert_string_equal(names->list[0].name, "nodejs_heap_size_used_bytes");
    assert_int_equal(names->list[0].unit, SERVER_UNIT_BYTES);
    assert_string_equal(names->list[1].name,
                        "nodejs_eventloop_lag_p99_seconds");
    assert_int_equal(names->list[1].unit, SERVER_UNIT_SECONDS);
    assert_string_equal(names->list[2].name, "process_open_fds");
    assert_int_equal(names->list[2].unit, SERVER_UNIT_NUMBER);
    see(page, 1);
    assert_int_equal(seen.rss_bytes, 87162880);
    assert_int_equal(seen.limit_bytes, 0);
    assert_true(isnan(seen.cpu)); /* nobody knows what it was before */
    near(seen.other[0], 41000000);
    assert_true(isnan(seen.other[1]));
    near(seen.other[2], 31);
    snprintf(page, sizeof page, NODE, "13.25");
    see(page, 3.5);
    near(seen.cpu, 0.3);
    assert_false(chosen_restarted(chosen));
}

static void what_is_chosen_takes_the_place_of_what_is_known(void **state)
{
    static const char page[] =
        "# TYPE jvm_memory_used_bytes gauge\n"
        "jvm_memory_used_bytes{area=\"heap\",id=\"Old\"} 100\n"
        "jvm_memory_used_bytes{area=\"heap\",id=\"Eden\"} 20\n"
        "jvm_memory_used_bytes{area=\"nonheap\",id=\"Meta\"} 3\n"
        "process_resident_memory_bytes 5000\n"
        "jvm_memory_max_bytes{area=\"heap\"} 900\n"
        "jvm_threads_live_threads 12\n"
        "cores_used 1.5\n";

    (void)state;
    choose("jvm_memory_used_bytes{area=\"heap\"}=memory");
    choose("jvm_memory_max_bytes{area=\"heap\"}=limit");
    choose("jvm_memory_used_bytes");
    settle(page);
    see(page, 1);
    assert_int_equal(seen.rss_bytes, 120);
    assert_int_equal(seen.limit_bytes, 900);
    near(seen.other[0], 123);
    assert_int_equal(chosen_names(chosen)->n, 1); /* no others are added */
    assert_true(isnan(seen.cpu));
}

static void a_gauge_of_cores_is_no_counter(void **state)
{
    static const char page[] = "# TYPE cores_used gauge\ncores_used 1.5\n";

    (void)state;
    choose("cores_used=cpu");
    settle(page);
    see(page, 1);
    near(seen.cpu, 1.5);
}

static void counters_are_rates(void **state)
{
    (void)state;
    choose("a_total");
    choose("a_total=value");
    choose("gauge");
    choose("gauge=rate");
    choose("typed");
    settle("a_total{x=\"1\"} 5\na_total{x=\"2\"} 5\ngauge 7\n"
           "# TYPE typed counter\ntyped 1\n");
    see("a_total{x=\"1\"} 5\na_total{x=\"2\"} 5\ngauge 7\n"
        "# TYPE typed counter\ntyped 1\n",
        10);
    assert_true(isnan(seen.other[0]) && isnan(seen.other[3]));
    near(seen.other[1], 10);
    near(seen.other[2], 7);
    see("a_total{x=\"1\"} 9\na_total{x=\"2\"} 7\ngauge 9\n"
        "# TYPE typed counter\ntyped 2\n",
        12);
    near(seen.other[0], 3);
    near(seen.other[1], 16);
    near(seen.other[2], 9);
    near(seen.other[3], 1);
    near(seen.other[4], 0.5);
    assert_int_equal(chosen_names(chosen)->list[0].unit, SERVER_UNIT_RATE);
    assert_int_equal(chosen_names(chosen)->list[2].unit, SERVER_UNIT_NUMBER);
}

static void a_counter_that_falls_is_a_restart(void **state)
{
    static const char before[] = "process_cpu_seconds_total 100\n";
    static const char after[] = "process_cpu_seconds_total 0.5\n";

    (void)state;
    settle(before);
    see(before, 1);
    see(after, 3);
    assert_true(chosen_restarted(chosen));
    assert_true(isnan(seen.cpu));
    see("process_cpu_seconds_total 1.5\n", 5);
    assert_false(chosen_restarted(chosen));
    near(seen.cpu, 0.5);
}

static void what_a_page_lacks_is_not_known(void **state)
{
    char page[600];

    (void)state;
    snprintf(page, sizeof page, NODE, "10");
    settle(page);
    see(page, 1);
    see("", 3);
    assert_int_equal(seen.rss_bytes, 0);
    assert_true(isnan(seen.cpu) && isnan(seen.other[0]));
    snprintf(page, sizeof page, NODE, "14");
    see(page, 5); /* growth over all of the time */
    near(seen.cpu, 1);
    see("process_resident_memory_bytes -1\nprocess_cpu_seconds_total +Inf\n"
        "process_open_fds 1e400\nnodejs_heap_size_used_bytes 1e300\n",
        7);
    assert_int_equal(seen.rss_bytes, 0);
    assert_true(isnan(seen.cpu) && isnan(seen.other[2]));
    see("process_resident_memory_bytes 1e300\n", 9);
    assert_int_equal(seen.rss_bytes, 0);
}

static void refuses(const char *text, const char *says)
{
    struct err e = ERR_INIT;

    if (chosen_add(chosen, text, &e)) {
        fail_msg("%s: taken", text);
    }
    assert_non_null(strstr(e.text, "--server-series '"));
    if (strstr(e.text, says) == NULL) {
        fail_msg("%s", e.text);
    }
    assert_non_null(strstr(e.text, "=memory"));
}

static void what_is_no_choice_is_refused_with_how_to_write_it(void **state)
{
    char name[32];
    int i;

    (void)state;
    refuses("", "it does not begin with a name");
    refuses("9a", "it does not begin with a name");
    refuses("a{b=\"c\"", "its labels cannot be read");
    refuses("a{b=c}", "its labels cannot be read");
    refuses("a{b!=\"c\"}", "its labels cannot be read");
    refuses("a b", "what stands behind it is no role");
    refuses("a=mem", "there is no such role");
    refuses("a{}=", "there is no such role");
    choose("a=memory");
    refuses("b=memory", "that role is another's already");
    for (i = 0; i < SERVER_OTHERS_MAX; i++) {
        snprintf(name, sizeof name, "other_%d", i);
        choose(name);
    }
    refuses("one_more", "6 of them are the most");
}

static void cannot(const char *page, const char *type, const char *says)
{
    struct err e = ERR_INIT;

    assert_false(chosen_settle(chosen, page, strlen(page), type, &e));
    if (strstr(e.text, says) == NULL) {
        fail_msg("%s", e.text);
    }
}

static void a_page_without_what_was_chosen_says_what_it_has(void **state)
{
    (void)state;
    choose("go_gorutines{a=\"b\"}");
    cannot("go_goroutines 12\ngo_threads 3\n", "text/plain",
           "--server-series 'go_gorutines{a=\"b\"}': the page has no such "
           "series; did you mean 'go_goroutines'?");
    cannot("go_gorutines{a=\"c\"} 12\n", "text/plain",
           "the page has it with other labels alone: {a=\"c\"}");
}

static void what_is_chosen_twice_is_refused(void **state)
{
    (void)state;
    choose("jobs_total");
    choose("jobs_total=rate");
    cannot("# TYPE jobs_total counter\njobs_total 12\n", "text/plain",
           "--server-series 'jobs_total=rate': it is chosen twice in the same "
           "way: leave one of them out");
}

static void what_is_no_page_is_said(void **state)
{
    (void)state;
    cannot("{\"status\":\"ok\"}", "application/json",
           "--server-metrics: what comes is no page of metrics in Prometheus' "
           "text format (15 bytes, Content-Type: application/json)");
    cannot("", "", "(0 bytes, Content-Type: not said)");
    cannot("vi_chat_requests_total 5\nx_bytes 3\n", "text/plain",
           "choose some, for one --server-series x_bytes=memory");
    cannot("vi_chat_requests_total 5\n", "text/plain",
           "choose some, for one --server-series vi_chat_requests_total");
}

/* Results have series by their names. */
static void names_are_not_the_same_twice(void **state)
{
    static const char page[] =
        "# TYPE a_total counter\na_total 5\n"
        "long{path=\"/v1/an/address/that/is/longer/than/a/name/may/be/1\"} 1\n"
        "long{path=\"/v1/an/address/that/is/longer/than/a/name/may/be/2\"} 2\n"
        "long{path=\"/v1/an/address/that/is/longer/than/a/name/may/be/3\"} 3\n";
    const struct server_names *names;
    size_t i, k;

    (void)state;
    choose("a_total");
    choose("a_total=value");
    choose("long{path=\"/v1/an/address/that/is/longer/than/a/name/may/be/1\"}");
    choose("long{path=\"/v1/an/address/that/is/longer/than/a/name/may/be/2\"}");
    choose("long{path=\"/v1/an/address/that/is/longer/than/a/name/may/be/3\"}");
    settle(page);
    names = chosen_names(chosen);
    assert_int_equal(names->n, 5);
    assert_string_equal(names->list[0].name, "a_total");
    assert_string_equal(names->list[1].name, "a_total=value");
    for (i = 0; i < names->n; i++) {
        for (k = 0; k < i; k++) {
            assert_string_not_equal(names->list[i].name, names->list[k].name);
        }
    }
    see(page, 1);
    near(seen.other[4], 3);
}

/* As many as may be: memory and CPU are found beside them. */
static void six_others_leave_room_for_memory_and_cpu(void **state)
{
    char page[1200], name[40];
    size_t n;
    int i;

    (void)state;
    snprintf(page, sizeof page, NODE, "12.5");
    for (i = 0; i < 6; i++) {
        n = strlen(page);
        snprintf(page + n, sizeof page - n, "mine%d %d\n", i, i);
        snprintf(name, sizeof name, "mine%d", i);
        choose(name);
    }
    settle(page);
    assert_int_equal(chosen_names(chosen)->n, 6);
    see(page, 1);
    assert_int_equal(seen.rss_bytes, 87162880);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_known_page_needs_no_choice),
        TEST(what_is_chosen_takes_the_place_of_what_is_known),
        TEST(six_others_leave_room_for_memory_and_cpu),
        TEST(a_gauge_of_cores_is_no_counter),
        TEST(counters_are_rates),
        TEST(a_counter_that_falls_is_a_restart),
        TEST(what_a_page_lacks_is_not_known),
        TEST(what_is_no_choice_is_refused_with_how_to_write_it),
        TEST(a_page_without_what_was_chosen_says_what_it_has),
        TEST(names_are_not_the_same_twice),
        TEST(what_is_chosen_twice_is_refused),
        TEST(what_is_no_page_is_said),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
