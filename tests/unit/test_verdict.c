/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include "insight/verdict.h"
#include "support/moments.h"

/* This exercises: facts of a run held against rules: the built-in ones level by
 * level, the plan's own in their place, what is not known, what to look at; and
 * which load is normal. */

struct bench {
    struct verdict_rule rules[VERDICT_RULES_MAX];
    size_t n;
    struct verdict_facts facts;
    struct verdict_report report;
};

static struct bench bench;

static int set_up(void **state)
{
    int i;

    (void)state;
    memset(&bench, 0, sizeof bench);
    bench.n = verdict_rules_builtin(bench.rules);
    bench.facts.requests = 1000;
    bench.facts.active_us = 60 * UINT64_C(1000000);
    for (i = 0; i < VERDICT_FACTS; i++) {
        bench.facts.of[i].known = true;
    }
    bench.facts.of[VERDICT_P95].value = 142000;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    verdict_rules_clear(bench.rules, &bench.n);
    return 0;
}

static enum verdict_level level(void)
{
    verdict_of(&bench.facts, bench.rules, bench.n, &bench.report);
    return bench.report.level;
}

static enum verdict_level level_with(enum verdict_fact fact, double value)
{
    double was = bench.facts.of[fact].value;
    enum verdict_level l;

    bench.facts.of[fact].value = value;
    l = level();
    bench.facts.of[fact].value = was;
    return l;
}

static void own(enum verdict_level l, enum verdict_fact f, const char *when)
{
    struct verdict_rule r = {.level = l, .fact = f, .when = strdup(when)};

    assert_true(verdict_rule_parse(when, verdict_fact_kind(f), &r));
    verdict_rules_put(bench.rules, &bench.n, &r);
}

/* Just below and just above each limit of the Vi harness's list. */
static void each_built_in_rule_has_its_level_and_its_limit(void **state)
{
    static const struct {
        enum verdict_fact fact;
        double fine, bad;
        enum verdict_level level;
    } rows[] = {
        {VERDICT_P95, 2e6, 2e6 + 1, VERDICT_WARNING},
        {VERDICT_ERRORS, 0.01, 0.0101, VERDICT_WARNING},
        {VERDICT_ERRORS, 0.01, 0.05, VERDICT_WARNING},
        {VERDICT_ERRORS, 0.01, 0.0501, VERDICT_CRITICAL},
        {VERDICT_P95_GROWTH, 0, 0.1, VERDICT_WARNING},
        {VERDICT_HTTP_429, 0, 1, VERDICT_WARNING},
        {VERDICT_THRESHOLDS, 0, 1, VERDICT_CRITICAL},
        {VERDICT_HTTP_5XX, 0, 1, VERDICT_CRITICAL},
        {VERDICT_TIMEOUTS, 0, 1, VERDICT_CRITICAL},
        {VERDICT_REFUSED, 0, 1, VERDICT_CRITICAL},
        {VERDICT_MEMORY_GROWTH, 0, 0.05, VERDICT_CRITICAL},
        {VERDICT_MEMORY_LIMIT, 1, 1.001, VERDICT_CRITICAL},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(level_with(rows[i].fact, rows[i].fine), VERDICT_GOOD);
        assert_int_equal(level_with(rows[i].fact, rows[i].bad), rows[i].level);
        assert_int_equal(bench.report.n, 1);
        assert_int_equal(bench.report.reasons[0].rule->fact, rows[i].fact);
        assert_true(bench.report.reasons[0].known.value == rows[i].bad);
    }
}

static void the_worst_stands_first_and_a_figure_once(void **state)
{
    (void)state;
    bench.facts.of[VERDICT_P95].value = 5e6;
    bench.facts.of[VERDICT_HTTP_429].value = 3;
    bench.facts.of[VERDICT_ERRORS].value = 0.2;
    bench.facts.of[VERDICT_REFUSED].value = 7;
    assert_int_equal(level(), VERDICT_CRITICAL);
    assert_int_equal(bench.report.n, 4);
    assert_int_equal(bench.report.reasons[0].rule->fact, VERDICT_ERRORS);
    assert_int_equal(bench.report.reasons[0].rule->level, VERDICT_CRITICAL);
    assert_int_equal(bench.report.reasons[1].rule->fact, VERDICT_REFUSED);
    assert_int_equal(bench.report.reasons[2].rule->fact, VERDICT_P95);
    assert_int_equal(bench.report.reasons[3].rule->fact, VERDICT_HTTP_429);
}

static void a_short_run_says_nothing(void **state)
{
    (void)state;
    bench.facts.of[VERDICT_REFUSED].value = 5;
    bench.facts.requests = VERDICT_REQUESTS_MIN - 1;
    assert_int_equal(level(), VERDICT_UNKNOWN);
    assert_int_equal(bench.report.n, 0);
    bench.facts.requests = VERDICT_REQUESTS_MIN;
    assert_int_equal(level(), VERDICT_CRITICAL);
    bench.facts.active_us = VERDICT_ACTIVE_MIN_US - 1;
    assert_int_equal(level(), VERDICT_UNKNOWN);
    bench.facts.active_us = VERDICT_ACTIVE_MIN_US;
    assert_int_equal(level(), VERDICT_CRITICAL);
}

static void what_is_not_known_breaks_nothing_and_is_named(void **state)
{
    (void)state;
    bench.facts.of[VERDICT_P95] = (struct verdict_known){.value = 9e9};
    assert_int_equal(level(), VERDICT_GOOD);
    assert_true(bench.report.open[VERDICT_P95]);
    assert_false(bench.report.open[VERDICT_ERRORS]);
    verdict_rules_drop(bench.rules, &bench.n, VERDICT_WARNING, VERDICT_P95);
    assert_int_equal(level(), VERDICT_GOOD);
    assert_false(bench.report.open[VERDICT_P95]);
}

static void own_rules_stand_in_the_place_of_built_in_ones(void **state)
{
    size_t n = bench.n;

    (void)state;
    own(VERDICT_WARNING, VERDICT_P95, ">500ms");
    assert_int_equal(bench.n, n);
    own(VERDICT_CRITICAL, VERDICT_P95, ">= 1000");
    assert_int_equal(bench.n, n + 1);
    assert_int_equal(level_with(VERDICT_P95, 500000), VERDICT_GOOD);
    assert_int_equal(level_with(VERDICT_P95, 500001), VERDICT_WARNING);
    assert_int_equal(level_with(VERDICT_P95, 999999), VERDICT_WARNING);
    assert_int_equal(level_with(VERDICT_P95, 1e6), VERDICT_CRITICAL);
    verdict_rules_drop(bench.rules, &bench.n, VERDICT_CRITICAL,
                       VERDICT_HTTP_5XX);
    assert_int_equal(level_with(VERDICT_HTTP_5XX, 99), VERDICT_GOOD);
    own(VERDICT_WARNING, VERDICT_HTTP_5XX, ">10");
    assert_int_equal(level_with(VERDICT_HTTP_5XX, 10), VERDICT_GOOD);
    assert_int_equal(level_with(VERDICT_HTTP_5XX, 11), VERDICT_WARNING);
    own(VERDICT_CRITICAL, VERDICT_ERRORS, ">.5%");
    assert_int_equal(level_with(VERDICT_ERRORS, 0.006), VERDICT_CRITICAL);
}

static void limits_are_read_with_their_units(void **state)
{
    static const struct {
        const char *when;
        enum verdict_kind kind;
        bool ok, reached;
        double limit;
    } rows[] = {
        {">2s", VERDICT_TIME, true, false, 2e6},
        {" >= 1500 ", VERDICT_TIME, false, false, 0},
        {" >= 1500", VERDICT_TIME, true, true, 1.5e6},
        {">1m30s", VERDICT_TIME, true, false, 9e7},
        {">5%", VERDICT_SHARE, true, false, 0.05},
        {">=0.05", VERDICT_SHARE, true, true, 0.05},
        {">150%", VERDICT_SHARE, true, false, 1.5},
        {">1.5", VERDICT_SHARE, false, false, 0},
        {">-1%", VERDICT_SHARE, false, false, 0},
        {">3", VERDICT_COUNT, true, false, 3},
        {">=0", VERDICT_COUNT, false, false, 0},
        {">=0%", VERDICT_SHARE, false, false, 0},
        {">=1", VERDICT_COUNT, true, true, 1},
        {">3.5", VERDICT_COUNT, false, false, 0},
        {">", VERDICT_COUNT, false, false, 0},
        {"<3", VERDICT_COUNT, false, false, 0},
        {"3", VERDICT_COUNT, false, false, 0},
        {"", VERDICT_COUNT, false, false, 0},
        {">2x", VERDICT_TIME, false, false, 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct verdict_rule r = {.limit = -1};

        if (verdict_rule_parse(rows[i].when, rows[i].kind, &r) != rows[i].ok) {
            fail_msg("'%s'", rows[i].when);
        }
        if (rows[i].ok) {
            assert_true(r.limit > rows[i].limit * (1 - 1e-12) - 1e-12 &&
                        r.limit < rows[i].limit * (1 + 1e-12) + 1e-12);
            assert_int_equal(r.reached, rows[i].reached);
        }
    }
}

/* Exactly these hints, as letters in their order: X saturated, S slow, E
 * errors, B behind it, R refused, K keys, Q requests, L limits, M memory. */
static void expect_hints(const char *letters)
{
    static const char all[] = "XSEBRKQLM";
    char got[VERDICT_HINTS + 1] = "";
    int i, n = 0;

    (void)level();
    for (i = 0; i < VERDICT_HINTS; i++) {
        if (bench.report.hints[i]) {
            got[n++] = all[i];
        }
    }
    got[n] = '\0';
    assert_string_equal(got, letters);
}

static void hints_fit_what_was_seen(void **state)
{
    struct verdict_known *of = bench.facts.of;

    (void)state;
    assert_int_equal(VERDICT_HINTS, 9);
    expect_hints("");
    of[VERDICT_P95].value = 5e6;
    expect_hints("S");
    of[VERDICT_HTTP_429].value = 5;
    expect_hints("SL");
    of[VERDICT_ERRORS].value = 0.2;
    expect_hints("L"); /* rate limits, and neither exceptions nor keys */
    bench.facts.denied = 3;
    expect_hints("KL");
    of[VERDICT_HTTP_429].value = 0;
    bench.facts.denied = 0;
    expect_hints("");
    bench.facts.others = 1; /* a reset: its own */
    expect_hints("E");
    bench.facts.others = 0;
    bench.facts.wrong = 1; /* a 404: the plan's */
    expect_hints("Q");
    bench.facts.wrong = 0;
    of[VERDICT_REFUSED].value = 2;
    expect_hints("R");
    of[VERDICT_REFUSED].value = 0;
    /* A plain overload: 5xx and time-outs, and latency that rose with load. */
    of[VERDICT_HTTP_5XX].value = 9;
    expect_hints("EB");
    bench.facts.rises = true;
    expect_hints("XE");
    of[VERDICT_HTTP_5XX].value = 0;
    of[VERDICT_TIMEOUTS].value = 9;
    expect_hints("X");
    bench.facts.rises = false;
    expect_hints("S"); /* what they wait for */
    of[VERDICT_TIMEOUTS].value = 0;
    of[VERDICT_ERRORS].value = of[VERDICT_P95].value = 0;
    of[VERDICT_MEMORY_GROWTH].value = 0.2;
    expect_hints("M");
    of[VERDICT_MEMORY_GROWTH].value = 0;
    of[VERDICT_MEMORY_LIMIT].value = 1.2;
    expect_hints("M");
    assert_string_equal(verdict_hint_line(VERDICT_HINT_MEMORY, false, 0),
                        "heap snapshots: what grows");
    assert_null(verdict_hint_line(VERDICT_HINT_MEMORY, false, 3));
}

/* What was denied or limited breaks nothing where its rule is gone. */
static void hints_need_a_reason(void **state)
{
    (void)state;
    bench.facts.denied = bench.facts.others = 1;
    bench.facts.rises = true;
    bench.facts.of[VERDICT_ERRORS].value = 0.001;
    expect_hints("");
    bench.facts.of[VERDICT_HTTP_429].value = 1;
    verdict_rules_drop(bench.rules, &bench.n, VERDICT_WARNING,
                       VERDICT_HTTP_429);
    expect_hints("");
    bench.facts.of[VERDICT_ERRORS].value = 0.02;
    expect_hints("EKL");
}

/* A shop has no model behind it; and nobody is told to "look at: look at". */
static void hints_speak_of_a_model_where_there_may_be_one(void **state)
{
    int chat, h;
    size_t i;

    (void)state;
    for (chat = 0; chat < 2; chat++) {
        bool told = false;
        const char *line;

        for (h = 0; h < VERDICT_HINTS; h++) {
            for (i = 0; (line = verdict_hint_line((enum verdict_hint)h,
                                                  chat != 0, i)) != NULL;
                 i++) {
                told = told || strstr(line, "LLM") != NULL;
                assert_int_not_equal(strncasecmp(line, "look", 4), 0);
            }
        }
        assert_int_equal(told, chat != 0);
        assert_null(verdict_hint_line(VERDICT_HINT_SLOW, chat != 0, 3));
        assert_non_null(verdict_hint_line(VERDICT_HINT_SLOW, chat != 0, 2));
    }
}

static void feed(struct plateaus *p, struct moments *m, double load,
                 unsigned seconds)
{
    m->load = load;
    while (seconds-- > 0) {
        struct moment x = moments_next(m);

        plateaus_feed(p, &x);
    }
}

static void normal_is_the_least_load_that_was_held_long(void **state)
{
    struct plateaus *p = plateaus_new(NULL, 0);
    struct moments m;

    (void)state;
    moments_init(&m, 1);
    assert_int_equal(verdict_normal(p), -1);
    feed(p, &m, 5, 20); /* a warm-up */
    assert_int_equal(verdict_normal(p), 0);
    feed(p, &m, 10, 60);
    feed(p, &m, 100, 60); /* a spike, as long */
    assert_int_equal((int)plateaus_at(p, (size_t)verdict_normal(p))->load, 10);
    feed(p, &m, 10, 80);
    assert_int_equal(verdict_normal(p), 3); /* the longer one of those of 10 */
    feed(p, &m, 0, 900);                    /* nothing is no load */
    assert_int_equal(verdict_normal(p), 3);
    feed(p, &m, 100, 300); /* from here on that is what it is about */
    assert_int_equal((int)plateaus_at(p, (size_t)verdict_normal(p))->load, 100);
    moments_clear(&m);
    plateaus_free(&p);
}

/* Each load against each: what the rule says, slowly. */
static int normal_slowly(const struct plateaus *p)
{
    size_t n = plateaus_count(p), i, k;
    uint64_t most = 0, held[PLATEAUS_MAX + 1] = {0};
    int best = -1;

    for (i = 0; i < n; i++) {
        for (k = 0; k < n; k++) {
            if (fabs(plateaus_at(p, k)->load - plateaus_at(p, i)->load) < 0.5) {
                held[i] += plateaus_at(p, k)->settled_us;
            }
        }
        most = held[i] > most ? held[i] : most;
    }
    for (i = 0; i < n; i++) {
        const struct plateau *x = plateaus_at(p, i);
        const struct plateau *b =
            best < 0 ? NULL : plateaus_at(p, (size_t)best);

        if (held[i] * 2 >= most &&
            (b == NULL || x->load < b->load - 0.5 ||
             (x->load < b->load + 0.5 && x->settled_us > b->settled_us))) {
            best = (int)i;
        }
    }
    return best;
}

static void normal_of_many_levels_is_found_too(void **state)
{
    struct plateaus *p = plateaus_new(NULL, 0);
    struct moments m;
    struct rng rng;
    unsigned i;

    (void)state;
    moments_init(&m, 1);
    m.rate = 1;
    rng_seed(&rng, 4, 2);
    for (i = 0; i < 300; i++) {
        feed(p, &m, (double)(1 + rng_next(&rng) % 12),
             6 + (unsigned)(rng_next(&rng) % 20));
        assert_int_equal(verdict_normal(p), normal_slowly(p));
    }
    assert_true(plateaus_count(p) > 200);
    moments_clear(&m);
    plateaus_free(&p);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            each_built_in_rule_has_its_level_and_its_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            the_worst_stands_first_and_a_figure_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_short_run_says_nothing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            what_is_not_known_breaks_nothing_and_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            own_rules_stand_in_the_place_of_built_in_ones, set_up, tear_down),
        cmocka_unit_test(limits_are_read_with_their_units),
        cmocka_unit_test(hints_speak_of_a_model_where_there_may_be_one),
        cmocka_unit_test_setup_teardown(hints_fit_what_was_seen, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(hints_need_a_reason, set_up, tear_down),
        cmocka_unit_test(normal_is_the_least_load_that_was_held_long),
        cmocka_unit_test(normal_of_many_levels_is_found_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
