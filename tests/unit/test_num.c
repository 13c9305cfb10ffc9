/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <float.h>
#include <ftw.h>
#include <locale.h>
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

#include "base/num.h"
#include "base/rng.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static void whole_numbers_are_read_to_the_last_digit(void **state)
{
    uint64_t u = 7;
    int64_t i = 7;

    (void)state;
    assert_true(num_u64("18446744073709551615", 0, UINT64_MAX, &u));
    assert_true(u == UINT64_MAX);
    assert_true(num_u64("0", 0, UINT64_MAX, &u));
    assert_true(u == 0);
    assert_true(num_u64("007", 0, 10, &u));
    assert_true(u == 7);
    assert_true(num_i64("-9223372036854775808", INT64_MIN, INT64_MAX, &i));
    assert_true(i == INT64_MIN);
    assert_true(num_i64("9223372036854775807", INT64_MIN, INT64_MAX, &i));
    assert_true(i == INT64_MAX);
    assert_true(num_i64("-0", INT64_MIN, INT64_MAX, &i));
    assert_true(i == 0);
}

static void
what_is_not_wholly_a_number_is_refused_and_out_untouched(void **state)
{
    static const char *const bad[] = {"",
                                      " 1",
                                      "1 ",
                                      "+1",
                                      "1.0",
                                      "0x10",
                                      "1e3",
                                      "abc",
                                      "-1",
                                      "--1",
                                      "1,000",
                                      "\xd9\xa1",
                                      "1\n",
                                      "18446744073709551616",
                                      "99999999999999999999999999"};
    uint64_t u = 42;
    int64_t i = 42;

    (void)state;
    for (size_t n = 0; n < COUNT(bad); n++) {
        if (num_u64(bad[n], 0, UINT64_MAX, &u)) {
            fail_msg("taken: '%s'", bad[n]);
        }
        if (strcmp(bad[n], "-1") != 0 &&
            num_i64(bad[n], INT64_MIN, INT64_MAX, &i)) {
            fail_msg("taken: '%s'", bad[n]);
        }
    }
    assert_false(num_i64("9223372036854775808", INT64_MIN, INT64_MAX, &i));
    assert_false(num_i64("-9223372036854775809", INT64_MIN, INT64_MAX, &i));
    assert_false(num_i64("-", INT64_MIN, INT64_MAX, &i));
    assert_true(u == 42);
    assert_true(i == 42);
}

static void bounds_are_part_of_what_is_allowed(void **state)
{
    uint64_t u = 42;
    int64_t i = 42;

    (void)state;
    assert_true(num_u64("1", 1, 3, &u));
    assert_true(num_u64("3", 1, 3, &u));
    assert_false(num_u64("0", 1, 3, &u));
    assert_false(num_u64("4", 1, 3, &u));
    assert_true(u == 3);
    assert_true(num_i64("-5", -5, 5, &i));
    assert_false(num_i64("-6", -5, 5, &i));
    assert_true(i == -5);
}

static void decimal_numbers_are_read(void **state)
{
    static const struct {
        const char *text;
        double value;
    } good[] = {{"0.05", 0.05}, {"1e3", 1000}, {"-2.5E-1", -0.25},
                {".5", 0.5},    {"5.", 5},     {"3000", 3000},
                {"0", 0},       {"1e-400", 0}, {"00.5", 0.5}};
    double v;

    (void)state;
    for (size_t n = 0; n < COUNT(good); n++) {
        v = NAN;
        assert_true(num_double(good[n].text, &v));
        assert_true(v == good[n].value);
    }
}

static void infinite_and_hexadecimal_numbers_are_refused(void **state)
{
    static const char *const bad[] = {
        "",   ".",  "-",  "e5",  "1e",    "1e+",    "inf",   "nan", "0x1p3",
        " 1", "1 ", "+1", "1,5", "1e999", "-1e999", "1.2.3", "--1", "infinity"};
    double v = 42;

    (void)state;
    for (size_t n = 0; n < COUNT(bad); n++) {
        if (num_double(bad[n], &v)) {
            fail_msg("taken: '%s'", bad[n]);
        }
    }
    assert_true(v == 42);
}

static void a_number_at_the_beginning_ends_where_it_ends(void **state)
{
    static const struct {
        const char *text;
        double value;
        size_t used;
    } good[] = {{"3000)", 3000, 4}, {"0.05<x", 0.05, 4}, {"1e", 1, 1},
                {"2e+s", 2, 1},     {"0x10", 0, 1},      {"1.5s", 1.5, 3},
                {"3m", 3, 1},       {"-1e2,", -100, 4}};
    const char *end;
    double v;

    (void)state;
    for (size_t n = 0; n < COUNT(good); n++) {
        assert_true(num_double_prefix(good[n].text, &v, &end));
        assert_true(v == good[n].value);
        assert_int_equal(end - good[n].text, good[n].used);
    }
    assert_false(num_double_prefix("x1", &v, &end));
}

static int remove_entry(const char *path, const struct stat *st, int type,
                        struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

/* No locale with a comma may be installed: glibc's localedef makes one, of
 * numbers alone. What it returns does not matter, it warns of the rest. */
static void comma_locale_make(const char *dir)
{
    static const char source[] = "LC_NUMERIC\ndecimal_point \",\"\n"
                                 "thousands_sep \".\"\ngrouping 3;3\n"
                                 "END LC_NUMERIC\n";
    char from[256];
    char to[256];
    FILE *f;
    pid_t pid;

    snprintf(from, sizeof from, "%s/comma.src", dir);
    snprintf(to, sizeof to, "%s/comma", dir);
    f = fopen(from, "w");
    assert_non_null(f);
    fputs(source, f);
    fclose(f);
    pid = fork();
    if (pid == 0) {
        (void)!freopen("/dev/null", "w", stderr);
        execlp("localedef", "localedef", "-c", "-i", from, to, (char *)NULL);
        _exit(127);
    }
    waitpid(pid, NULL, 0);
    setenv("LOCPATH", dir, 1);
}

static bool comma_locale(void)
{
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "comma"};
    char dir[] = "/tmp/brunt-locale-XXXXXX";

    for (size_t n = 0; n < COUNT(names); n++) {
        if (strcmp(names[n], "comma") == 0) {
            assert_non_null(mkdtemp(dir));
            comma_locale_make(dir);
        }
        if (setlocale(LC_NUMERIC, names[n]) != NULL &&
            strcmp(localeconv()->decimal_point, ",") == 0) {
            break;
        }
    }
    unsetenv("LOCPATH");
    nftw(dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    return strcmp(localeconv()->decimal_point, ",") == 0;
}

static void a_locale_with_a_comma_changes_nothing(void **state)
{
    char buf[NUM_MAX];
    double v = 0;

    (void)state;
    if (!comma_locale()) {
        setlocale(LC_NUMERIC, "C");
        skip();
    }
    assert_true(num_double("0.05", &v));
    assert_true(v == 0.05);
    assert_false(num_double("0,05", &v));
    assert_string_equal(num_latency(buf, 5200), "5.2 ms");
    assert_string_equal(num_plain(buf, 0.05), "0.05");
    assert_string_equal(num_percent(buf, 0.021), "2.1 %");
    assert_string_equal(num_rate(buf, 0.5), "0.50");
    assert_string_equal(num_bytes(buf, 2100), "2.1 kB");
    /* Nor is the caller's locale changed. */
    assert_string_equal(localeconv()->decimal_point, ",");
    setlocale(LC_NUMERIC, "C");
}

static void durations_are_read_as_k6_writes_them(void **state)
{
    static const struct {
        const char *text;
        uint64_t us;
    } good[] = {
        {"0", 0},
        {"0s", 0},
        {"90s", 90000000},
        {"1m30s", 90000000},
        {"500ms", 500000},
        {"1.5h", 5400000000},
        {"2d", 172800000000},
        {"250us", 250},
        {"250\xc2\xb5s", 250},
        {"250\xce\xbcs", 250},
        {".5s", 500000},
        {"1.s", 1000000},
        {"1h1ms", 3600001000},
        {"0.000001s", 1},
        {"1.00000049999999999999999s", 1000000},
        {"2.5us", 2},
        {"18446744073709551615us", UINT64_MAX},
        {"213503982d8h1m49s551ms615us", UINT64_MAX},
    };
    uint64_t us;

    (void)state;
    for (size_t n = 0; n < COUNT(good); n++) {
        us = 42;
        if (!dur_parse(good[n].text, &us) || us != good[n].us) {
            fail_msg("'%s' gave %llu", good[n].text, (unsigned long long)us);
        }
    }
}

static void durations_without_unit_or_too_long_are_refused(void **state)
{
    static const char *const bad[] = {"",
                                      "5",
                                      "1.5",
                                      "-1s",
                                      "+1s",
                                      "s",
                                      ".s",
                                      "1",
                                      "00",
                                      "1h 5m",
                                      " 1s",
                                      "1s ",
                                      "1S",
                                      "1ss",
                                      "1e3s",
                                      "1sec",
                                      "0x1s",
                                      "1m30",
                                      "1..5s",
                                      "1n",
                                      "1\xc2",
                                      "\xc2\xb5s",
                                      "1,5s",
                                      "18446744073709551616us",
                                      "18446744073709551615us1us",
                                      "213503982d8h1m49s551ms616us",
                                      "99999999999999999999d",
                                      "999999999999d",
                                      "213503983d",
                                      "18446744073709551615.5us1us"};
    uint64_t us = 42;

    (void)state;
    for (size_t n = 0; n < COUNT(bad); n++) {
        if (dur_parse(bad[n], &us)) {
            fail_msg("taken: '%s' as %llu", bad[n], (unsigned long long)us);
        }
    }
    assert_true(us == 42);
}

static void a_duration_written_is_read_back_the_same(void **state)
{
    static const uint64_t edges[] = {
        0,        1,        999,         1000,        1001,
        999999,   1000000,  1000001,     1500000,     59999999,
        60000000, 60000001, 3600000000U, 3600000001U, UINT64_MAX};
    struct rng r;
    char buf[NUM_MAX];
    uint64_t us;
    uint64_t back;

    (void)state;
    rng_seed(&r, 1, 0);
    for (size_t n = 0; n < 2000; n++) {
        us = n < COUNT(edges) ? edges[n] : rng_next(&r) >> (n % 64);
        back = us + 1;
        num_dur(buf, us);
        if (!dur_parse(buf, &back) || back != us) {
            fail_msg("%llu written '%s', read %llu", (unsigned long long)us,
                     buf, (unsigned long long)back);
        }
    }
    assert_string_equal(num_dur(buf, 0), "0s");
    assert_string_equal(num_dur(buf, 500000), "500ms");
    assert_string_equal(num_dur(buf, 1500), "1.5ms");
    assert_string_equal(num_dur(buf, 90000000), "1m30s");
    assert_string_equal(num_period(buf, 0), "0 s");
    assert_string_equal(num_period(buf, 500000), "500 ms");
    assert_string_equal(num_period(buf, 1500000), "1.5 s");
    assert_string_equal(num_period(buf, 30000000), "30 s");
    assert_string_equal(num_period(buf, 90000000), "1m30s");
    assert_string_equal(num_period(buf, 120000000), "2m");
    assert_string_equal(num_period(buf, UINT64_C(3600000000)), "1h");
    assert_string_equal(num_dur(buf, 1500000), "1.5s");
    assert_string_equal(num_dur(buf, 3600000000U), "1h");
    assert_string_equal(num_dur(buf, 250), "250us");
}

struct shown {
    double value;
    const char *text;
};

static void latencies_keep_their_digits_over_every_change_of_unit(void **state)
{
    static const struct shown cases[] = {
        {0, "0.00 ms"},           {412, "0.41 ms"},      {994, "0.99 ms"},
        {995, "1.0 ms"},          {5200, "5.2 ms"},      {99949, "99.9 ms"},
        {99950, "100 ms"},        {574000, "574 ms"},    {999499, "999 ms"},
        {999500, "1.00 s"},       {1790000, "1.79 s"},   {9994999, "9.99 s"},
        {9995000, "10.0 s"},      {42000000, "42.0 s"},  {99949999, "99.9 s"},
        {99950000, "1:40 m"},     {119500000, "2:00 m"}, {150000000, "2:30 m"},
        {3600000000.0, "60:00 m"}};
    char buf[NUM_MAX];

    (void)state;
    for (size_t n = 0; n < COUNT(cases); n++) {
        assert_string_equal(num_latency(buf, (uint64_t)cases[n].value),
                            cases[n].text);
        assert_string_equal(num_ms(buf, cases[n].value / 1e3), cases[n].text);
    }
    assert_true(strlen(num_latency(buf, UINT64_MAX)) < NUM_MAX);
}

static void numbers_that_are_none_are_shown_as_a_dash(void **state)
{
    char buf[NUM_MAX];

    (void)state;
    assert_string_equal(num_ms(buf, NAN), "-");
    assert_string_equal(num_ms(buf, -1), "-");
    assert_string_equal(num_rate(buf, NAN), "-");
    assert_string_equal(num_percent(buf, NAN), "-");
    assert_string_equal(num_plain(buf, NAN), "-");
    assert_string_equal(num_plain(buf, INFINITY), "-");
    assert_true(strlen(num_ms(buf, INFINITY)) < NUM_MAX);
    assert_true(strlen(num_rate(buf, INFINITY)) < NUM_MAX);
}

static void rates_have_three_digits(void **state)
{
    static const struct shown cases[] = {
        {0, "0.00"},      {0.5, "0.50"},     {9.994, "9.99"},   {9.995, "10.0"},
        {93.4, "93.4"},   {99.94, "99.9"},   {99.95, "100"},    {412, "412"},
        {999.6, "1,000"}, {12345, "12,345"}, {1e6, "1,000,000"}};
    char buf[NUM_MAX];

    (void)state;
    for (size_t n = 0; n < COUNT(cases); n++) {
        assert_string_equal(num_rate(buf, cases[n].value), cases[n].text);
    }
}

static void a_share_never_rounds_to_none_or_all(void **state)
{
    static const struct shown cases[] = {
        {0, "0.0 %"},       {1e-6, "<0.1 %"},     {0.00049, "<0.1 %"},
        {0.00051, "0.1 %"}, {0.021, "2.1 %"},     {0.5, "50.0 %"},
        {0.999, "99.9 %"},  {0.99999, ">99.9 %"}, {1, "100.0 %"}};
    char buf[NUM_MAX];

    (void)state;
    for (size_t n = 0; n < COUNT(cases); n++) {
        assert_string_equal(num_percent(buf, cases[n].value), cases[n].text);
    }
}

static void a_value_is_not_rounded_onto_its_limit(void **state)
{
    static const struct {
        double v, limit;
        const char *text;
    } times[] = {{4996, 5000, "4.996 s"},    {5004, 5000, "5.004 s"},
                 {5000, 5000, "5.00 s"},     {4980, 5000, "4.98 s"},
                 {499.6, 500, "499.6 ms"},   {499.9996, 500, "499.9996 ms"},
                 {999.6, 1000, "0.9996 s"},  {3849, 3000, "3.85 s"},
                 {99960, 100000, "99.96 s"}, {100200, 100000, "100.2 s"},
                 {150000, 100000, "2:30 m"}, {9.96, 10, "9.96 ms"},
                 {0.9996, 1, "0.9996 ms"},   {12, 0, "12.0 ms"}},
      shares[] = {{0.0496, 0.05, "4.96 %"},    {0.05, 0.05, "5.0 %"},
                  {0.07, 0.07, "7.0 %"},       {0.12, 0.05, "12.0 %"},
                  {0.9996, 0.9999, "99.96 %"}, {0.00004, 0.001, "<0.1 %"},
                  {0.0004, 0.0005, "0.04 %"},  {0, 0.01, "0.0 %"}};
    char buf[NUM_MAX];

    (void)state;
    for (size_t n = 0; n < COUNT(times); n++) {
        assert_string_equal(num_ms_beside(buf, times[n].v, times[n].limit),
                            times[n].text);
    }
    for (size_t n = 0; n < COUNT(shares); n++) {
        assert_string_equal(
            num_percent_beside(buf, shares[n].v, shares[n].limit),
            shares[n].text);
    }
    assert_string_equal(num_ms_beside(buf, NAN, 5), "-");
    assert_string_equal(num_percent_beside(buf, NAN, 5), "-");
    assert_string_equal(num_limit_ms(buf, 3000), "3 s");
    assert_string_equal(num_limit_ms(buf, 1500), "1.5 s");
    assert_string_equal(num_limit_ms(buf, 500), "500 ms");
    assert_string_equal(num_limit_percent(buf, 0.05), "5 %");
    assert_string_equal(num_limit_percent(buf, 0.001), "0.1 %");
}

static void counts_clocks_and_bytes_are_grouped(void **state)
{
    char buf[NUM_MAX];

    (void)state;
    assert_string_equal(num_count(buf, 0), "0");
    assert_string_equal(num_count(buf, 999), "999");
    assert_string_equal(num_count(buf, 1000), "1,000");
    assert_string_equal(num_count(buf, 58576), "58,576");
    assert_string_equal(num_count(buf, UINT64_MAX),
                        "18,446,744,073,709,551,615");
    assert_string_equal(num_clock(buf, 12999999), "0:12");
    assert_string_equal(num_clock(buf, 545000000), "9:05");
    assert_string_equal(num_clock(buf, 3723000000U), "1:02:03");
    assert_true(strlen(num_clock(buf, UINT64_MAX)) < NUM_MAX);
    assert_string_equal(num_when(buf, 9869999), "0:09");
    assert_string_equal(num_when(buf, 9901000), "0:10");
    assert_string_equal(num_when(buf, 59900000), "1:00");
    assert_true(strlen(num_when(buf, UINT64_MAX)) < NUM_MAX);
    assert_string_equal(num_bytes(buf, 48), "48 B");
    assert_string_equal(num_bytes(buf, 999), "999 B");
    assert_string_equal(num_bytes(buf, 1000), "1.0 kB");
    assert_string_equal(num_bytes(buf, 2100), "2.1 kB");
    assert_string_equal(num_bytes(buf, 9949), "9.9 kB");
    assert_string_equal(num_bytes(buf, 9950), "10 kB");
    assert_string_equal(num_bytes(buf, 402000000), "402 MB");
    assert_string_equal(num_bytes(buf, 999500), "1.0 MB");
    assert_string_equal(num_bytes(buf, UINT64_MAX), "18 EB");
}

static void plain_numbers_keep_six_digits_and_no_idle_zeros(void **state)
{
    static const struct shown cases[] = {{0, "0"},
                                         {3000, "3000"},
                                         {0.05, "0.05"},
                                         {-2.5, "-2.5"},
                                         {1234567, "1234567"},
                                         {123456.7, "123457"},
                                         {99999.9, "99999.9"},
                                         {99999.96, "100000"},
                                         {12345.678, "12345.7"},
                                         {1.0 / 3, "0.333333"},
                                         {0.00012345678, "0.000123457"},
                                         {1e-5, "1e-05"},
                                         {1e20, "1e+20"},
                                         {100, "100"}};
    char buf[NUM_MAX];

    (void)state;
    for (size_t n = 0; n < COUNT(cases); n++) {
        assert_string_equal(num_plain(buf, cases[n].value), cases[n].text);
    }
    assert_true(strlen(num_plain(buf, -DBL_MAX)) < NUM_MAX);
}

static void bytes_are_read_with_their_unit(void **state)
{
    static const struct {
        const char *text;
        uint64_t bytes;
    } good[] = {
        {"4096", 4096},         {"0", 0},        {"512MB", 512000000},
        {"1.5GiB", 1610612736}, {"64kB", 64000}, {"64KiB", 65536},
        {"2TB", 2000000000000}, {"7B", 7},
    };
    static const char *const bad[] = {"",     "MB",  "512M", "1.5 GB", "-1MB",
                                      "1e3x", "5PB", "1e30", "512mb",  "nan"};
    uint64_t bytes = 42;
    size_t n;

    (void)state;
    for (n = 0; n < sizeof good / sizeof good[0]; n++) {
        assert_true(bytes_parse(good[n].text, &bytes));
        assert_true(bytes == good[n].bytes);
    }
    bytes = 42;
    for (n = 0; n < sizeof bad / sizeof bad[0]; n++) {
        if (bytes_parse(bad[n], &bytes)) {
            fail_msg("'%s' was read", bad[n]);
        }
    }
    assert_true(bytes == 42);
}

/* A cast of what does not fit is undefined. */
static void whole_numbers_of_fractions_are_within_their_bounds(void **state)
{
    static const struct {
        double v;
        uint64_t whole;
    } rows[] = {
        {0, 0},
        {0.99, 0},
        {1, 1},
        {4711.5, 4711},
        {999999999999999.0, 999999999999999},
        {1e15, NUM_WHOLE_MAX},
        {1e15 + 1, NUM_WHOLE_MAX},
        {18446744073709551616.0, NUM_WHOLE_MAX},
        {1e300, NUM_WHOLE_MAX},
        {(double)INFINITY, NUM_WHOLE_MAX},
        {-0.5, 0},
        {-1e300, 0},
        {-(double)INFINITY, 0},
        {(double)NAN, 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(rows); i++) {
        assert_int_equal(num_whole(rows[i].v), rows[i].whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_read_with_their_unit),
        cmocka_unit_test(whole_numbers_are_read_to_the_last_digit),
        cmocka_unit_test(whole_numbers_of_fractions_are_within_their_bounds),
        cmocka_unit_test(
            what_is_not_wholly_a_number_is_refused_and_out_untouched),
        cmocka_unit_test(bounds_are_part_of_what_is_allowed),
        cmocka_unit_test(decimal_numbers_are_read),
        cmocka_unit_test(infinite_and_hexadecimal_numbers_are_refused),
        cmocka_unit_test(a_number_at_the_beginning_ends_where_it_ends),
        cmocka_unit_test(a_locale_with_a_comma_changes_nothing),
        cmocka_unit_test(durations_are_read_as_k6_writes_them),
        cmocka_unit_test(durations_without_unit_or_too_long_are_refused),
        cmocka_unit_test(a_duration_written_is_read_back_the_same),
        cmocka_unit_test(latencies_keep_their_digits_over_every_change_of_unit),
        cmocka_unit_test(numbers_that_are_none_are_shown_as_a_dash),
        cmocka_unit_test(rates_have_three_digits),
        cmocka_unit_test(a_share_never_rounds_to_none_or_all),
        cmocka_unit_test(a_value_is_not_rounded_onto_its_limit),
        cmocka_unit_test(counts_clocks_and_bytes_are_grouped),
        cmocka_unit_test(plain_numbers_keep_six_digits_and_no_idle_zeros),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
