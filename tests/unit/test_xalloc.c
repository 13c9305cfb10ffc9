/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/xalloc.h"

static void nothing_is_something_that_can_be_freed(void **state)
{
    void *p = xmalloc(0);

    (void)state;
    assert_non_null(p);
    p = xreallocarray(p, 0, 8);
    assert_non_null(p);
    free(p);
    p = xcalloc(0, 8);
    assert_non_null(p);
    free(p);
}

static void zeroed_memory_is_zero(void **state)
{
    unsigned char *p = xcalloc(1000, 3);

    (void)state;
    for (size_t i = 0; i < 3000; i++) {
        assert_int_equal(p[i], 0);
    }
    free(p);
}

static void a_copy_is_cut_and_terminated(void **state)
{
    char raw[3] = {'a', 'b', 'c'};
    char *s = xstrndup(raw, 3);

    (void)state;
    assert_string_equal(s, "abc");
    free(s);
    s = xstrndup("hello", 2);
    assert_string_equal(s, "he");
    free(s);
    s = xstrndup("hi", 100);
    assert_string_equal(s, "hi");
    free(s);
    s = xstrdup("");
    assert_string_equal(s, "");
    free(s);
    s = xasprintf("%s-%05d", "n", 42);
    assert_string_equal(s, "n-00042");
    free(s);
}

static void an_array_grows_and_keeps_its_elements(void **state)
{
    size_t *v = NULL;
    size_t cap = 0;
    size_t n = 0;

    (void)state;
    for (size_t i = 0; i < 1000; i++) {
        v = xgrow(v, n, &cap, sizeof *v);
        v[n++] = i;
        assert_true(cap >= n && cap <= 1024);
    }
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(v[i], i);
    }
    free(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_something_that_can_be_freed),
        cmocka_unit_test(zeroed_memory_is_zero),
        cmocka_unit_test(a_copy_is_cut_and_terminated),
        cmocka_unit_test(an_array_grows_and_keeps_its_elements),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
