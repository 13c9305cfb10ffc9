/* SPDX-License-Identifier: MIT
 *
 * This exercises: two runs side by side, and the rules that are held against
 * them. A whole, its requests and its stages are told apart; a ramp that both
 * runs have is no difference; a mistake in a rule is named with its place. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "record/fail_on.h"
#include "record/markdown.h"
#include "record/versus.h"
#include "record/versus_internal.h"
#include "run/comparison.h"

#define SECONDS 200

/* A run of two stages, a ramp of 100 s and a spike of as many, whose p95 rises
 * with the ramp; and what may differ of it. */
struct shape {
    double slower;    /* p95 of all seconds */
    double spike;     /* and of those of the spike besides */
    double failed;    /* share of all requests */
    double noise;     /* of p95 from second to second */
    const char *name; /* of the second request; NULL = none */
    bool no_answer;   /* its requests come to nothing */
    bool brief;       /* it never came to the spike */
    unsigned level;   /* of the spike's label; 0 = 220 */
    unsigned more;    /* VUs */
    unsigned last;    /* seconds that it went on; 0 = SECONDS */
    double late;      /* p95 of second 150, besides; 0 = 1 */
};

static double shape_p95(const struct shape *s, unsigned i)
{
    double p95 = 100 + (i < 100 ? i : 400);

    p95 *= i >= 100 && s->spike > 0 ? s->slower * s->spike : s->slower;
    p95 *= i == 150 && s->late > 0 ? s->late : 1;
    return p95 * (1 + s->noise * ((double)(i * 7919 % 13) - 6) / 6);
}

static void list(struct buf *out, const char *key,
                 double (*value)(const struct shape *, unsigned),
                 const struct shape *s, unsigned first, unsigned step)
{
    unsigned i, end = s->last > 0 ? s->last : SECONDS;

    buf_addf(out, ", \"%s\": [", key);
    for (i = first; i < end; i += step) {
        buf_addf(out, "%s%.6f", i > first ? ", " : "", value(s, i));
    }
    buf_addc(out, ']');
}

static double value_start(const struct shape *s, unsigned i)
{
    (void)s;
    return i;
}

static double value_end(const struct shape *s, unsigned i)
{
    (void)s;
    return i + 1;
}

static double value_rps(const struct shape *s, unsigned i)
{
    (void)s;
    return 100 + i % 3;
}

static double value_vus(const struct shape *s, unsigned i)
{
    return 100 + i % 3 + s->more;
}

static double value_failed(const struct shape *s, unsigned i)
{
    (void)i;
    return s->failed;
}

static void figures(struct buf *out, const struct shape *s, bool answers)
{
    double p95 = shape_p95(s, 150);

    buf_addf(out,
             "\"metrics\": { \"http_reqs\": {\"values\": {\"rate\": 101}},"
             " \"http_req_failed\": {\"values\": {\"rate\": %f}}",
             s->failed);
    if (answers) {
        buf_addf(out,
                 ", \"http_req_duration\": {\"values\": {\"med\": %f,"
                 " \"p(95)\": %f, \"p(99)\": %f}}",
                 p95 / 2, p95, p95 * 2);
    }
    buf_adds(out, " }");
}

static struct baseline_run *run_of(const struct shape *s)
{
    struct err e = ERR_INIT;
    struct baseline_run *r;
    struct buf out;

    buf_init(&out, 1 << 20);
    buf_addf(&out,
             "{ \"schema\": \"brunt-results/1\", \"scenario\": \"s\","
             " \"started\": \"2026-11-27T03:43:23Z\", \"duration_s\": %u,"
             " \"outcome\": {\"status\": \"passed\"}, ",
             s->last > 0 ? s->last : SECONDS);
    figures(&out, s, true);
    buf_adds(&out, ", \"endpoints\": [ { \"name\": \"Send\", ");
    figures(&out, s, true);
    buf_adds(&out, ", \"series\": { \"interval_s\": 10, \"window_s\": 10");
    list(&out, "t", value_end, s, 9, 10);
    list(&out, "requests", value_rps, s, 9, 10);
    list(&out, "rps", value_rps, s, 9, 10);
    list(&out, "p50", shape_p95, s, 9, 10);
    list(&out, "p95", shape_p95, s, 9, 10);
    list(&out, "p99", shape_p95, s, 9, 10);
    list(&out, "errors", value_failed, s, 9, 10);
    buf_adds(&out, " } }");
    if (s->name != NULL) {
        buf_addf(&out, ", { \"name\": \"%s\", ", s->name);
        figures(&out, s, !s->no_answer);
        buf_adds(&out, " }");
    }
    buf_adds(&out, " ], \"scenarios\": [ { \"name\": \"s\", \"series\": {"
                   " \"interval_s\": 1");
    list(&out, "t", value_start, s, 0, 1);
    list(&out, "vus", value_vus, s, 0, 1);
    buf_adds(&out, " } } ], \"series\": { \"interval_s\": 1");
    list(&out, "t", value_start, s, 0, 1);
    list(&out, "rps", value_rps, s, 0, 1);
    list(&out, "p50", shape_p95, s, 0, 1);
    list(&out, "p95", shape_p95, s, 0, 1);
    list(&out, "p99", shape_p95, s, 0, 1);
    list(&out, "errors", value_failed, s, 0, 1);
    buf_adds(&out, " }, \"events\": ["
                   " { \"t\": 0, \"type\": \"stage\", \"value\": \"1\","
                   "   \"text\": \"stage 1/2 warm up 0->10\" }");
    if (!s->brief && s->last == 0) {
        buf_addf(&out,
                 ", { \"t\": 100, \"type\": \"stage\", \"value\": \"2\","
                 "   \"text\": \"stage 2/2 spike %u\" }",
                 s->level > 0 ? s->level : 220);
    }
    buf_adds(&out, " ] }");
    r = baseline_parse(buf_str(&out), out.len, "r.json", &e);
    if (r == NULL) {
        fail_msg("%s", e.text);
    }
    buf_clear(&out);
    return r;
}

static struct versus *of(struct shape a, struct shape b)
{
    struct baseline_run *x = run_of(&a), *y = run_of(&b);
    struct versus *v = versus_new(&x, &y, 1);

    baseline_free(&x);
    baseline_free(&y);
    return v;
}

static const struct versus_row *row_of(const struct versus *v,
                                       enum versus_kind kind, const char *name)
{
    size_t i;

    for (i = 0; i < v->n; i++) {
        if (v->rows[i].kind == kind && strcmp(v->rows[i].name, name) == 0) {
            return &v->rows[i];
        }
    }
    fail_msg("there is no '%s'", name);
    return NULL;
}

/* The state of a rule on each row that it is about, "holds fails". */
static void assert_rule(const struct versus *v, const char *text, bool strict,
                        const char *want)
{
    struct err e = ERR_INIT;
    struct fail_rule r;
    char got[400] = "";
    size_t i;

    if (!fail_rule_parse(text, &r, &e) || !fail_rule_check(&r, v, &e)) {
        fail_msg("%s", e.text);
    }
    for (i = 0; i < v->n; i++) {
        if (fail_rule_is_of(&r, &v->rows[i])) {
            size_t n = strlen(got);

            snprintf(got + n, sizeof got - n, "%s%s", n > 0 ? " " : "",
                     fail_state_name(fail_rule_judge(&r, &v->rows[i], strict)));
        }
    }
    if (strcmp(got, want) != 0) {
        fail_msg("%s: %s, not %s", text, got, want);
    }
}

static void assert_near(double v, double want)
{
    if (!(fabs(v - want) <= 1e-6 + 1e-3 * fabs(want))) {
        fail_msg("%f is not %f", v, want);
    }
}

static void a_ramp_that_both_have_is_no_difference(void **state)
{
    struct versus *v =
        of((struct shape){.slower = 1}, (struct shape){.slower = 1.2});
    const struct versus_row *all = row_of(v, VERSUS_RUN, "");
    const struct versus_figure *p95 = &all->of[COMPARE_P95];

    (void)state;
    assert_near(p95->change, 0.2);
    assert_int_equal(p95->moments.n, SECONDS);
    assert_near(p95->moments.mean, 0.2);
    assert_near(p95->moments.low, 0.2);
    assert_int_equal(p95->answer, COMPARE_WORSE);
    assert_int_equal(all->of[COMPARE_RPS].answer, COMPARE_SAME);
    assert_int_equal(all->of[COMPARE_ERRORS].answer, COMPARE_SAME);
    assert_int_equal(row_of(v, VERSUS_ENDPOINT, "Send")->of[COMPARE_P99].answer,
                     COMPARE_WORSE);
    assert_near(row_of(v, VERSUS_STAGE, "warm up 0->10")->of[COMPARE_P95].a,
                149500);
    assert_false(v->loads_differ);
    versus_free(&v);
    versus_free(&v);
}

static void a_stage_alone_is_worse(void **state)
{
    struct versus *v = of((struct shape){.slower = 1},
                          (struct shape){.slower = 1, .spike = 1.3});

    (void)state;
    assert_rule(v, "p95{stage:spike}>+10%", false, "fails");
    assert_rule(v, "p95{stage:spike 220}>+29%", false, "fails");
    assert_rule(v, "p95{stage:2}>+31%", false, "holds");
    assert_rule(v, "p95 { stage : 'warm up' } > +1 %", false, "holds");
    assert_rule(v, "p95{stage:*}>+10%", false, "holds fails");
    assert_rule(v, "p95{scenario:s,stage:*}>+10%", false, "holds fails");
    assert_rule(v, "p95{stage:spike,scenario:s}>+100ms", false, "fails");
    assert_rule(v, "p95{stage:spike}>+0.16s", false, "holds");
    assert_rule(v, "p95{name:Send}>+10%", false, "fails");
    versus_free(&v);
}

static void errors_are_in_points_and_rates_may_fall(void **state)
{
    struct versus *v = of((struct shape){.slower = 1, .failed = 0.01},
                          (struct shape){.slower = 1, .failed = 0.025});

    (void)state;
    assert_rule(v, "errors>+1%", false, "fails");
    assert_rule(v, "errors>+1.4pt", false, "fails");
    assert_rule(v, "errors>+1.6%", false, "holds");
    assert_rule(v, "errors{name:Send}>+1%", false, "fails");
    assert_rule(v, "rate<-5%", false, "holds");
    assert_rule(v, "rate<-5/s", false, "holds");
    versus_free(&v);
}

static void what_may_be_chance_does_not_fail_but_strictly(void **state)
{
    /* The whole's figure is of one second of the noise. */
    struct shape a = {.slower = 1}, b = {.slower = 1, .noise = 0.5};
    struct versus *v = of(a, b);
    struct versus_row *all = &v->rows[0];

    (void)state;
    all->of[COMPARE_P95].change = 0.12;
    assert_true(all->of[COMPARE_P95].moments.low < 0);
    assert_rule(v, "p95>+10%", false, "may_be_chance");
    assert_rule(v, "p95>+10%", true, "fails");
    assert_rule(v, "p95>+13%", true, "holds");
    all->of[COMPARE_P95].moments.any = false;
    assert_rule(v, "p95>+10%", false, "too_short");
    assert_rule(v, "p95>+10%", true, "fails");
    versus_free(&v);
}

/* "It has to become better by so much": then the limit itself is what chance
 * is held against. */
static void a_limit_beyond_zero_wants_an_improvement(void **state)
{
    struct versus *same =
        of((struct shape){.slower = 1}, (struct shape){.slower = 1});
    struct versus *better =
        of((struct shape){.slower = 1}, (struct shape){.slower = 0.8});

    (void)state;
    assert_rule(same, "p95>-10%", false, "fails");
    assert_rule(better, "p95>-10%", false, "holds");
    assert_rule(better, "p95<-10%", false, "fails");
    assert_rule(same, "rate<+5%", false, "fails");
    versus_free(&same);
    versus_free(&better);
}

static void what_came_and_what_went(void **state)
{
    struct shape without = {.slower = 1}, with = {.slower = 1, .name = "New"};
    struct shape mute = {.slower = 1, .name = "New", .no_answer = true};
    struct versus *v = of(without, with), *back = of(with, without);
    struct versus *dead = of(with, mute);

    (void)state;
    assert_false(row_of(v, VERSUS_ENDPOINT, "New")->in_a);
    assert_false(row_of(back, VERSUS_ENDPOINT, "New")->in_b);
    assert_rule(v, "p95{name:New}>+10%", true, "nothing_before");
    assert_rule(back, "p95{name:New}>+10%", false, "nothing_now");
    assert_rule(dead, "p95{name:New}>+10%", false, "nothing_now");
    assert_rule(dead, "p95{name:*}>+10%", false, "holds nothing_now");
    assert_true(fail_state_fails(FAIL_GONE));
    assert_false(fail_state_fails(FAIL_NEW));
    versus_free(&v);
    versus_free(&back);
    versus_free(&dead);
}

static void a_stage_that_was_never_reached_fails(void **state)
{
    struct shape whole = {.slower = 1}, brief = {.slower = 1, .brief = true};
    struct shape other = {.slower = 1, .level = 300};
    struct versus *v = of(whole, brief), *back = of(brief, whole);
    struct versus *moved = of(whole, other), *both = of(brief, brief);
    struct err e = ERR_INIT;
    struct fail_rule r;

    (void)state;
    assert_rule(v, "p95{stage:2}>+10%", false, "nothing_now");
    assert_rule(v, "errors{stage:*}>+1%", true, "holds nothing_now");
    assert_rule(back, "p95{stage:2}>+10%", false, "nothing_before");
    assert_rule(back, "p95{stage:1}>+10%", false, "holds");
    assert_rule(moved, "rate{stage:spike 220}<-5%", false, "nothing_now");
    assert_rule(moved, "p95{stage:spike}>+10%", false,
                "nothing_now nothing_before");
    assert_true(fail_rule_parse("p95{stage:1}>+1%", &r, &e));
    assert_false(fail_rule_check(&r, both, &e)); /* the run tells it */
    versus_free(&v);
    versus_free(&back);
    versus_free(&moved);
    versus_free(&both);
}

static void assert_told(struct contrast moments, const char *want)
{
    struct versus_figure v = {.a = 1, .b = 2, .moments = moments};
    struct compare_level l = {.load = 1};
    struct compare_result *r = &l.of[COMPARE_P95];
    char text[160];

    v.moments.any = true;
    v.answer = compare_judge(COMPARE_P95, moments.low, moments.high);
    *r = (struct compare_result){.any = true,
                                 .answer = v.answer,
                                 .change = moments.mean,
                                 .low = moments.low,
                                 .high = moments.high};
    assert_string_equal(versus_tell(&v, COMPARE_P95, false, text, sizeof text),
                        want);
    comparison_tell(&l, COMPARE_P95, false, text, sizeof text);
    assert_memory_equal(text, "p95 ", 4);
    assert_string_equal(text + 4, want);
}

/* One word for one thing, of the whole and of a load; but of a load what would
 * be seen can be told. */
static void a_difference_has_the_same_word_everywhere(void **state)
{
    static const struct contrast unsure = {
        .any = true, .mean = 0.07, .low = -0.02, .high = 0.16};
    struct compare_level l = {.load = 1};
    struct versus_figure v = {.a = 1, .b = 2, .moments = unsure};
    char text[160];

    (void)state;
    assert_told(
        (struct contrast){.mean = -0.045, .low = -0.052, .high = -0.038},
        "-4.5 % (±0.7), more than chance, may be slight");
    v.answer = compare_judge(COMPARE_P95, unsure.low, unsure.high);
    l.of[COMPARE_P95] = (struct compare_result){.any = true,
                                                .answer = v.answer,
                                                .change = unsure.mean,
                                                .low = unsure.low,
                                                .high = unsure.high,
                                                .least = 0.12};
    assert_string_equal(versus_tell(&v, COMPARE_P95, true, text, sizeof text),
                        "+7.0 % (+-9.0), not distinguishable");
    assert_string_equal(
        comparison_tell(&l, COMPARE_P95, true, text, sizeof text),
        "p95 +7.0 % (+-9.0), not distinguishable (12 % would be seen)");
    assert_string_equal(comparison_answer(COMPARE_SLIGHT),
                        "more than chance, may be slight");
    assert_string_equal(comparison_answer(COMPARE_UNSURE),
                        "not distinguishable");
}

/* Half its width around the change is what an interval of a ratio is not. */
static void an_interval_is_told_as_it_lies(void **state)
{
    static const double at[] = {0.3, 0.6, 1, 3},
                        widths[] = {0.01, 0.1, 0.2, 0.4, 1};
    size_t i, k, even = 0;

    (void)state;
    assert_told((struct contrast){.mean = 1.04, .low = 0.188, .high = 2.499},
                "+104 % (+19 to +250), worse");
    assert_told((struct contrast){.mean = 0.18, .low = 0.14, .high = 0.22},
                "+18 % (±4.0), worse");
    assert_told((struct contrast){.mean = -0.5, .low = -0.82, .high = -0.1},
                "-50 % (-82 to -10), better");
    /* What is worse is not told as what may be nothing. */
    for (i = 0; i < sizeof at / sizeof at[0]; i++) {
        for (k = 0; k < sizeof widths / sizeof widths[0]; k++) {
            double low = (1 + at[i]) * exp(-widths[k]) - 1;
            double high = (1 + at[i]) * exp(widths[k]) - 1;
            char text[160];

            comparison_change(COMPARE_P95, at[i], low, high, true, text,
                              sizeof text);
            if (strstr(text, "+-") != NULL) {
                even++;
                assert_true((low > 0) == (at[i] - (high - low) / 2 > 0));
            }
        }
    }
    assert_true(even > 0 && even < i * k);
}

/* Quick failures make percentiles and rates look good. */
static void more_failures_make_nothing_better(void **state)
{
    struct versus *v = of((struct shape){.slower = 1, .failed = 0.02},
                          (struct shape){.slower = 0.2, .failed = 0.5});
    struct versus *few = of((struct shape){.slower = 1, .failed = 0.02},
                            (struct shape){.slower = 0.2, .failed = 0.06});
    const struct versus_figure *p95 = &v->rows[0].of[COMPARE_P95];
    char text[160];

    (void)state;
    assert_int_equal(p95->answer, COMPARE_UNSURE);
    assert_int_equal(p95->doubt, VERSUS_OF_FAILURES);
    assert_string_equal(versus_tell(p95, COMPARE_P95, true, text, sizeof text),
                        "-80 % (+-0.0), of quick failures, not better");
    assert_int_equal(v->rows[0].of[COMPARE_ERRORS].answer, COMPARE_WORSE);
    assert_int_equal(few->rows[0].of[COMPARE_P95].answer, COMPARE_BETTER);
    versus_free(&v);
    versus_free(&few);
}

/* The whole's p95 is that of second 150, which alone is slow. */
static void a_whole_that_goes_the_other_way_is_no_answer(void **state)
{
    struct versus *v = of((struct shape){.slower = 1},
                          (struct shape){.slower = 0.8, .late = 1.5});
    const struct versus_figure *p95 = &v->rows[0].of[COMPARE_P95];
    char text[160];

    (void)state;
    assert_near(p95->change, 0.2);
    assert_true(p95->moments.high < 0);
    assert_int_equal(p95->answer, COMPARE_UNSURE);
    assert_non_null(
        strstr(versus_tell(p95, COMPARE_P95, true, text, sizeof text),
               ", mixed: the whole went the other way"));
    versus_free(&v);
}

static void what_fails_altogether_is_no_chance(void **state)
{
    struct shape sound = {.slower = 1, .last = 12};
    struct shape broken = {.slower = 1, .failed = 1, .last = 5};
    struct shape half = {.slower = 1, .failed = 0.45, .last = 5};
    struct versus *v = of(sound, broken), *some = of(sound, half);
    struct versus *back = of(broken, sound), *none = of(sound, sound);
    const struct versus_figure *errors = &v->rows[0].of[COMPARE_ERRORS];
    char text[160];

    (void)state;
    assert_rule(v, "errors>+1%", false, "fails");
    assert_int_equal(errors->answer, COMPARE_WORSE);
    assert_true(errors->moments.low > 0.9 && errors->moments.high <= 1);
    assert_int_equal(back->rows[0].of[COMPARE_ERRORS].answer, COMPARE_BETTER);
    assert_rule(some, "errors>+1%", false, "too_short");
    assert_string_equal(versus_tell(&none->rows[0].of[COMPARE_ERRORS],
                                    COMPARE_ERRORS, true, text, sizeof text),
                        "the same: none failed");
    versus_free(&v);
    versus_free(&some);
    versus_free(&back);
    versus_free(&none);
}

/* Counts of all requests, where the moments say something else. */
static void a_figure_lies_within_its_interval(void **state)
{
    struct versus_figure v = {
        .a = 0,
        .b = 0.68,
        .change = 0.68,
        .moments = {.any = true, .mean = 0.51, .low = 0.3, .high = 0.7}};

    (void)state;
    versus_judge_counts(&v, 2000, 3000);
    assert_true(v.moments.low > 0.6 && v.moments.high < 0.75);
    assert_true(v.moments.mean >= v.moments.low);
    assert_true(v.moments.mean <= v.moments.high);
}

static void pairs_are_put_together(void **state)
{
    struct shape a = {.slower = 1}, b = {.slower = 1.2};
    struct shape c = {.slower = 1.8, .more = 50};
    struct baseline_run *x[] = {run_of(&a), run_of(&a)};
    struct baseline_run *y[] = {run_of(&b), run_of(&c)};
    struct versus *v = versus_new(x, y, 2);
    size_t i;

    (void)state;
    assert_int_equal(v->rows[0].of[COMPARE_P95].moments.n, 2 * SECONDS);
    assert_near(v->rows[0].of[COMPARE_P95].change, sqrt(1.2 * 1.8) - 1);
    assert_near(row_of(v, VERSUS_STAGE, "spike 220")->load_a, 101);
    assert_near(row_of(v, VERSUS_STAGE, "spike 220")->load_b, 126);
    for (i = 0; i < 2; i++) {
        baseline_free(&x[i]);
        baseline_free(&y[i]);
    }
    versus_free(&v);
}

static void a_mistake_is_named_with_its_place(void **state)
{
    static const char *const cases[][2] = {
        {"p9>+10%", "'p9>+10%', character 1: expected p50, p95, p99, rate (or "
                    "req/s) or errors, found 'p9>+10%' (did you mean p95?)"},
        {"", "'', character 1: expected p50, p95, p99, rate (or req/s) or "
             "errors, found "
             "the end"},
        {"p95", "'p95', character 4: expected < or >, found the end"},
        {"p95=+1%", "'p95=+1%', character 1: expected p50, p95, p99, rate (or "
                    "req/s) or errors, found 'p95=+1%'"},
        {"p95>10%",
         "'p95>10%', character 5: expected a change with its sign, such as "
         "+10% or -5%, found '10%' (a limit on the value itself is a threshold "
         "of the plan)"},
        {"p95>+x%", "'p95>+x%', character 6: expected a number, found 'x%'"},
        {"p95>+-1%", "'p95>+-1%', character 6: expected a number, found '-1%'"},
        {"p95>+1e99%",
         "'p95>+1e99%', character 6: expected a number, found '1e99%'"},
        {"p95>+10", "'p95>+10', character 8: expected a unit (%, ms or s), "
                    "found the end"},
        {"errors>+5ms", "'errors>+5ms', character 10: expected a unit (% or "
                        "pt, both points), found 'ms'"},
        {"rate<-5s", "'rate<-5s', character 8: expected a unit (% or /s), "
                     "found 's'"},
        {"p95>+5%!", "'p95>+5%!', character 8: expected nothing more, found "
                     "'!'"},
        {"p95{nam:x}>+1%", "'p95{nam:x}>+1%', character 5: expected name, "
                           "stage or scenario, found 'nam:x}>+1%'"},
        {"p95{name}>+1%", "'p95{name}>+1%', character 9: expected ':', found "
                          "'}>+1%'"},
        {"p95{name:}>+1%", "'p95{name:}>+1%', character 10: expected a value, "
                           "or * for each"},
        {"p95{name:a>+1%", "'p95{name:a>+1%', character 15: expected ',' or "
                           "'}', found the end"},
        {"p95{name:'a>+1%", "'p95{name:'a>+1%', character 10: a quote that is "
                            "never closed"},
        {"p95{name:a,stage:b}>+1%", "'p95{name:a,stage:b}>+1%', character 12: "
                                    "expected one name or one stage"},
        {"p95{scenario:a}>+1%", "'p95{scenario:a}>+1%', character 4: scenario: "
                                "expected a stage beside it"},
        {"p95\x1b>+1%",
         "'p95\\x1b>+1%', character 1: expected p50, p95, p99, "
         "rate (or req/s) or errors, found 'p95\\x1b>+1%' (did you mean "
         "p95?)"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err e = ERR_INIT;
        struct fail_rule r;

        assert_false(fail_rule_parse(cases[i][0], &r, &e));
        assert_string_equal(e.where, "--fail-on");
        assert_string_equal(e.text, cases[i][1]);
    }
}

/* What a table or its JSON calls a figure is that figure. */
static void a_figure_has_the_names_that_are_shown(void **state)
{
    int f;

    (void)state;
    for (f = 0; f < COMPARE_FIGURES; f++) {
        enum compare_figure figure = (enum compare_figure)f;
        const char *names[] = {comparison_name(figure),
                               compare_figure_name(figure)};
        size_t i;

        for (i = 0; i < sizeof names / sizeof names[0]; i++) {
            struct fail_rule r;
            struct err e = ERR_INIT;
            char rule[64];

            snprintf(rule, sizeof rule, "%s{name:Send}>+10%%", names[i]);
            assert_true(fail_rule_parse(rule, &r, &e));
            assert_int_equal(r.figure, figure);
        }
    }
}

static void a_rule_about_nothing_is_a_mistake(void **state)
{
    struct versus *v =
        of((struct shape){.slower = 1}, (struct shape){.slower = 1});
    struct err e = ERR_INIT, other = ERR_INIT;
    struct fail_rule r;

    (void)state;
    assert_true(fail_rule_parse("p95{name:Sned}>+1%", &r, &e));
    assert_false(fail_rule_check(&r, v, &e));
    assert_string_equal(e.text, "'p95{name:Sned}>+1%': neither run has such a "
                                "request; there is 'Send'");
    assert_true(fail_rule_parse("p95{stage:3}>+1%", &r, &other));
    assert_false(fail_rule_check(&r, v, &other));
    assert_string_equal(other.text,
                        "'p95{stage:3}>+1%': neither run has such a stage; "
                        "there is 'warm up 0->10', 'spike 220'");
    versus_free(&v);
}

static void names_are_no_markdown(void **state)
{
    struct buf out;

    (void)state;
    buf_init(&out, 1000);
    markdown_code(&out, "a|b <i> `x` @you\n*é*");
    assert_string_equal(buf_str(&out),
                        "<code>a&#124;b &#60;i&#62; &#96;x&#96; &#64;you&#92;n"
                        "&#42;é&#42;</code>");
    buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ramp_that_both_have_is_no_difference),
        cmocka_unit_test(a_stage_alone_is_worse),
        cmocka_unit_test(errors_are_in_points_and_rates_may_fall),
        cmocka_unit_test(what_may_be_chance_does_not_fail_but_strictly),
        cmocka_unit_test(a_limit_beyond_zero_wants_an_improvement),
        cmocka_unit_test(what_came_and_what_went),
        cmocka_unit_test(a_stage_that_was_never_reached_fails),
        cmocka_unit_test(a_difference_has_the_same_word_everywhere),
        cmocka_unit_test(an_interval_is_told_as_it_lies),
        cmocka_unit_test(more_failures_make_nothing_better),
        cmocka_unit_test(a_whole_that_goes_the_other_way_is_no_answer),
        cmocka_unit_test(what_fails_altogether_is_no_chance),
        cmocka_unit_test(a_figure_lies_within_its_interval),
        cmocka_unit_test(pairs_are_put_together),
        cmocka_unit_test(a_mistake_is_named_with_its_place),
        cmocka_unit_test(a_figure_has_the_names_that_are_shown),
        cmocka_unit_test(a_rule_about_nothing_is_a_mistake),
        cmocka_unit_test(names_are_no_markdown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
