/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "net/prom.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* This exercises: Prometheus' text format as the clients of Go, Node, Java and
 * Python write it, its own documentation's examples, what OpenMetrics adds, and
 * lines that are none of it. */

/* Each sample as "name{labels}=value type;". */
static const char *read_page(const char *page, char *out, size_t size,
                             size_t *wrong)
{
    static const char *const types[] = {"untyped", "counter", "gauge", "other"};
    struct prom_walk w;
    struct prom_sample m;
    size_t n = 0;

    out[0] = '\0';
    prom_begin(&w, page, strlen(page));
    while (prom_next(&w, &m)) {
        n += (size_t)snprintf(out + n, size - n, "%.*s{%.*s}=%.10g %s;",
                              (int)m.n_name, m.name, (int)m.n_labels, m.labels,
                              m.value, types[m.type]);
        assert_true(n < size);
    }
    *wrong = w.wrong;
    return out;
}

static void reads(const char *page, const char *want, size_t wrong)
{
    char out[2000];
    size_t n;

    assert_string_equal(read_page(page, out, sizeof out, &n), want);
    assert_int_equal(n, wrong);
}

static void samples_have_the_type_of_their_family(void **state)
{
    (void)state;
    reads("# HELP a Memory.\n# TYPE a gauge\na 87162880\n"
          "# TYPE c_total counter\nc_total 12.5\nb 3\n",
          "a{}=87162880 gauge;c_total{}=12.5 counter;b{}=3 untyped;", 0);
    /* As OpenMetrics has it: the family's name lacks the ending. */
    reads("# TYPE c counter\nc_total 17.0 1520879607.789 # {id=\"x\"} 0.67\n"
          "c_created 5\n# EOF\n",
          "c_total{}=17 counter;c_created{}=5 untyped;", 0);
}

static void what_histograms_count_are_counters(void **state)
{
    (void)state;
    reads("# TYPE h histogram\nh_bucket{le=\"0.05\"} 24\nh_sum 5.5\nh_count "
          "30\n# TYPE q summary\nq{quantile=\"0.5\"} 0.1\n",
          "h_bucket{le=\"0.05\"}=24 counter;h_sum{}=5.5 counter;"
          "h_count{}=30 counter;q{quantile=\"0.5\"}=0.1 other;",
          0);
}

static void numbers_are_go_s(void **state)
{
    (void)state;
    reads("a NaN\nb +Inf\nc -Inf\nd 1.458255915e9\ne +5\nf -0.5 -3982045\n"
          "g Inf\n",
          "a{}=nan untyped;b{}=inf untyped;c{}=-inf untyped;"
          "d{}=1458255915 untyped;e{}=5 untyped;f{}=-0.5 untyped;"
          "g{}=inf untyped;",
          0);
}

static void labels_may_hold_anything(void **state)
{
    (void)state;
    reads("m{path=\"C:\\\\DIR\\\\F.TXT\",error=\"no:\\n\\\"F.TXT\\\"\"} 1\n"
          "m{a=\"}\",b=\"{,\",} 2\nm{ } 3\nm { a = \"b\" , c=\"\" } 4\r\n",
          "m{path=\"C:\\\\DIR\\\\F.TXT\",error=\"no:\\n\\\"F.TXT\\\"\"}=1 "
          "untyped;m{a=\"}\",b=\"{,\",}=2 untyped;m{ }=3 untyped;"
          "m{ a = \"b\" , c=\"\" }=4 untyped;",
          0);
}

static void what_is_none_of_it_is_passed_over(void **state)
{
    (void)state;
    reads("<html>\n{\"a\": 1}\na\na{b=\"c} 1\na{b=c} 1\na{b=\"c\"x} 1\n9a 1\n"
          "a 0x10\na 1 2 3\na{b=\"\\\"} 1\na1,5\na 1,5\na 1 noon\na nan\n",
          "", 14);
    reads("", "", 0);
    reads("\n\n#\n# \n#TYPE a\nlast 7", "last{}=7 untyped;", 0);
}

static void a_value_that_is_too_long_is_none(void **state)
{
    char page[300], zeros[200];

    (void)state;
    memset(zeros, '0', sizeof zeros - 1);
    zeros[sizeof zeros - 1] = '\0';
    snprintf(page, sizeof page, "a %s\nb 1\n", zeros);
    reads(page, "b{}=1 untyped;", 1);
}

static void labels_come_one_after_the_other(void **state)
{
    static const char text[] = " a=\"1\", b_2 = \"x\\\"y\" ,";
    const char *p = text, *end = text + sizeof text - 1;
    struct prom_label l;

    (void)state;
    assert_true(prom_label(&p, end, &l));
    assert_true(l.n_name == 1 && *l.name == 'a');
    assert_true(l.n_value == 1 && *l.value == '1');
    assert_true(prom_label(&p, end, &l));
    assert_true(l.n_name == 3 && memcmp(l.name, "b_2", 3) == 0);
    assert_true(l.n_value == 4 && memcmp(l.value, "x\\\"y", 4) == 0);
    assert_false(prom_label(&p, end, &l));
    assert_ptr_equal(p, end);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_have_the_type_of_their_family),
        cmocka_unit_test(what_histograms_count_are_counters),
        cmocka_unit_test(numbers_are_go_s),
        cmocka_unit_test(labels_may_hold_anything),
        cmocka_unit_test(what_is_none_of_it_is_passed_over),
        cmocka_unit_test(a_value_that_is_too_long_is_none),
        cmocka_unit_test(labels_come_one_after_the_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
