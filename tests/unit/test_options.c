/* SPDX-License-Identifier: MIT
 *
 * The option and command tables, and the parser made of them. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/commands.h"
#include "cli/options.h"
#include "cli/out_args.h"

#define WORDS(...)                                                             \
    (char *const[]){__VA_ARGS__},                                              \
        sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *)

static char w_vus[] = "--vus", w_vus_eq[] = "--vus=12", w_u7[] = "-u7",
            w_u[] = "-u", w_12[] = "12", w_0s[] = "0s", w_x[] = "x",
            w_e[] = "-e", w_ab[] = "A=b", w_cd[] = "C=d", w_dashes[] = "--",
            w_quiet[] = "-q", w_spike[] = "spike", w_d[] = "-d",
            w_90s[] = "90s", w_typo[] = "--headles", w_out[] = "--out",
            w_out_eq[] = "--out=csv=a=b", w_scale[] = "--time-scale",
            w_half[] = "0.5", w_headless_eq[] = "--headless=1", w_z[] = "-Z",
            w_port[] = "--port", w_pid[] = "--server-pid", w_zero[] = "0",
            w_nan[] = "nan";

static struct cli_args args;

static void expect_ok(char command, char *const *words, size_t n)
{
    struct err e = ERR_INIT;
    bool ok = opt_parse(command, (int)n, words, &args, &e);

    if (!ok) {
        fail_msg("%s", e.text);
    }
}

static void expect_error(char command, char *const *words, size_t n,
                         const char *text)
{
    struct err e = ERR_INIT;

    assert_false(opt_parse(command, (int)n, words, &args, &e));
    assert_string_equal(e.text, text);
    cli_args_clear(&args);
}

static void every_row_is_whole_and_has_its_own_name(void **state)
{
    int i, k;

    (void)state;
    for (i = 0; i < OPTION_TOTAL; i++) {
        const struct opt *o = opt_row((enum opt_id)i);

        assert_true(strlen(o->name) > 1);
        assert_in_range(strlen(o->help), 8, 66);
        assert_int_equal(strspn(o->commands, "rdtlckahmupe"),
                         strlen(o->commands));
        assert_true(strlen(o->commands) > 0);
        assert_true((o->argument == NULL) == (o->kind == OPT_FLAG));
        assert_true(o->lo <= o->hi);
        for (k = 0; k < i; k++) {
            const struct opt *p = opt_row((enum opt_id)k);

            assert_string_not_equal(o->name, p->name);
            assert_true(o->letter == 0 || o->letter != p->letter);
        }
    }
}

static void every_command_has_help_and_an_own_letter(void **state)
{
    int i, k;

    (void)state;
    for (i = 0; i < CMD_TOTAL; i++) {
        const struct cmd *c = cmd_row((enum command_id)i);

        assert_true(strlen(c->help) > 8);
        assert_true((c->run == NULL) == (c->letter == 0));
        for (k = 0; k < i; k++) {
            const struct cmd *d = cmd_row((enum command_id)k);

            assert_string_not_equal(c->name, d->name);
            assert_true(c->letter == 0 || c->letter != d->letter);
        }
    }
}

static void a_value_may_stand_in_the_same_word_or_the_next(void **state)
{
    (void)state;
    expect_ok('r', WORDS(w_vus, w_12));
    assert_true(args.set[OPTION_VUS]);
    assert_int_equal(args.count[OPTION_VUS], 12);
    cli_args_clear(&args);
    expect_ok('r', WORDS(w_vus_eq));
    assert_int_equal(args.count[OPTION_VUS], 12);
    cli_args_clear(&args);
    expect_ok('r', WORDS(w_u7));
    assert_int_equal(args.count[OPTION_VUS], 7);
    cli_args_clear(&args);
    expect_ok('r', WORDS(w_d, w_90s, w_scale, w_half));
    assert_int_equal(args.count[OPTION_DURATION], 90000000);
    assert_true(args.number[OPTION_TIME_SCALE] == 0.5);
    cli_args_clear(&args);
}

static void words_and_options_mix_and_lists_keep_their_order(void **state)
{
    (void)state;
    expect_ok('r',
              WORDS(w_e, w_ab, w_spike, w_quiet, w_e, w_cd, w_dashes, w_u));
    assert_int_equal(args.n_words, 2);
    assert_string_equal(args.words[0], "spike");
    assert_string_equal(args.words[1], "-u");
    assert_int_equal(args.n_list[OPTION_ENV], 2);
    assert_string_equal(args.list[OPTION_ENV][0], "A=b");
    assert_string_equal(args.list[OPTION_ENV][1], "C=d");
    assert_true(args.set[OPTION_QUIET]);
    assert_false(args.set[OPTION_VUS]);
    cli_args_clear(&args);
}

static void mistakes_say_what_is_allowed(void **state)
{
    (void)state;
    expect_error('r', WORDS(w_u, w_x),
                 "--vus: 'x' is not a whole number (1-1000000)");
    expect_error('r', WORDS(w_u, w_zero),
                 "--vus: '0' is not a whole number (1-1000000)");
    expect_error('r', WORDS(w_u), "--vus needs a value: N");
    expect_error('r', WORDS(w_d, w_12),
                 "--duration: '12' is not a duration (as 90s, 1m30s, 500ms)");
    expect_error('r', WORDS(w_d, w_0s), "--duration: '0s' is no time at all");
    expect_error('r', WORDS(w_scale, w_nan),
                 "--time-scale: 'nan' is not a number (0.0001-1000)");
    expect_error('r', WORDS(w_headless_eq), "--headless takes no value");
    expect_error('r', WORDS(w_z), "unknown option -Z (see --help)");
    expect_error('r', WORDS(w_typo),
                 "unknown option --headles (did you mean --headless?)");
    expect_error('r', WORDS(w_port, w_12),
                 "--port is not an option of this command");
    expect_error('d', WORDS(w_pid, w_12),
                 "--server-pid: the demo's service is part of this process, "
                 "and its memory and CPU with it: start 'brunt target' apart, "
                 "then 'brunt run spike --server-pid PID'");
}

static void a_value_that_looks_like_an_option_is_refused(void **state)
{
    static char results[] = "--results", proxy[] = "--proxy", q[] = "-q";
    static char whole[] = "--results=-q", file[] = "./-q", dash[] = "-";

    (void)state;
    expect_error('r', WORDS(results, q),
                 "--results: '-q' looks like an option; ./-q names such a "
                 "file");
    expect_error('r', WORDS(results, proxy),
                 "--results: '--proxy' looks like an option; ./--proxy names "
                 "such a file");
    expect_error('r', WORDS(proxy, q),
                 "--proxy: '-q' looks like an option; --proxy=-q takes it");
    expect_ok('r', WORDS(whole));
    assert_string_equal(args.text[OPTION_RESULTS], "-q");
    cli_args_clear(&args);
    expect_ok('r', WORDS(results, file));
    assert_string_equal(args.text[OPTION_RESULTS], "./-q");
    cli_args_clear(&args);
    expect_ok('r', WORDS(results, dash));
    assert_string_equal(args.text[OPTION_RESULTS], "-");
    cli_args_clear(&args);
}

static void an_output_has_a_kind_and_a_place(void **state)
{
    struct out_arg o;
    struct err e = ERR_INIT;

    (void)state;
    expect_ok('h', WORDS(w_out, w_12, w_out_eq));
    assert_int_equal(args.n_list[OPTION_OUT], 2);
    assert_true(out_arg_parse(args.list[OPTION_OUT][1], &o, &e));
    assert_string_equal(o.kind->name, "csv");
    assert_string_equal(o.place, "a=b");
    cli_args_clear(&args);
    assert_true(out_arg_parse("json", &o, &e));
    assert_null(o.place);
    assert_true(out_arg_parse("json=", &o, &e));
    assert_null(o.place);
    assert_false(out_arg_parse("jsno=x", &o, &e));
    assert_non_null(strstr(e.text, "--out: no kind 'jsno'; there are json, "));
    assert_non_null(strstr(e.text, " (did you mean json?)"));
    e = (struct err)ERR_INIT;
    assert_false(out_arg_parse("=\n", &o, &e));
    assert_non_null(strstr(e.text, "no kind ''; there are json, "));
}

static void what_k6_out_says_stands_where_no_option_is(void **state)
{
    (void)state;
    expect_ok('r', WORDS(w_out_eq));
    out_args_env(&args, "json=x");
    assert_int_equal(args.n_list[OPTION_OUT], 1);
    assert_string_equal(args.list[OPTION_OUT][0], "csv=a=b");
    cli_args_clear(&args);
    expect_ok('r', WORDS(w_12));
    out_args_env(&args, NULL);
    out_args_env(&args, "");
    assert_int_equal(args.n_list[OPTION_OUT], 0);
    cli_args_clear(&args);
    expect_ok('r', WORDS(w_12));
    out_args_env(&args, "json=x,,statsd,csv=a=b,");
    assert_int_equal(args.n_list[OPTION_OUT], 3);
    assert_string_equal(args.list[OPTION_OUT][0], "json=x");
    assert_string_equal(args.list[OPTION_OUT][1], "statsd");
    assert_string_equal(args.list[OPTION_OUT][2], "csv=a=b");
    cli_args_clear(&args);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_output_has_a_kind_and_a_place),
        cmocka_unit_test(what_k6_out_says_stands_where_no_option_is),
        cmocka_unit_test(every_row_is_whole_and_has_its_own_name),
        cmocka_unit_test(every_command_has_help_and_an_own_letter),
        cmocka_unit_test(a_value_may_stand_in_the_same_word_or_the_next),
        cmocka_unit_test(words_and_options_mix_and_lists_keep_their_order),
        cmocka_unit_test(mistakes_say_what_is_allowed),
        cmocka_unit_test(a_value_that_looks_like_an_option_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
