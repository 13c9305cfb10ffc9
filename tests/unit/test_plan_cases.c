/* SPDX-License-Identifier: MIT
 *
 * The plans in tests/cases/plan: what is valid parses, and what is not is told
 * to the letter. A case is invalid/WHAT-IS-WRONG/{input.json,error}; error has
 * one line a mistake, "line:column: text", with "file:" before it where it is
 * in a data file beside input.json. Data files lie in files/ and beside. */
#include "config.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "plan/plan.h"

#define CASE_MAX 1048576

static char *case_path(const char *a, const char *b)
{
    const char *src = getenv("SRCDIR");

    return xasprintf("%s/tests/cases/plan/%s/%s", src == NULL ? "." : src, a,
                     b);
}

/* The name of the data file that a mistake is in; "" for the plan itself. */
static const char *case_where(const struct err *e, const char *path)
{
    return strcmp(e->where, path) == 0 ? "" : strrchr(e->where, '/') + 1;
}

static char *case_mistakes(const struct plan_errors *errors, const char *path)
{
    struct buf out;

    buf_init(&out, CASE_MAX);
    for (size_t i = 0; i < errors->n; i++) {
        const struct err *e = &errors->list[i];

        const char *where = case_where(e, path);

        (void)buf_addf(&out, "%s%s%d:%d: %s\n", where,
                       *where == '\0' ? "" : ":", e->line, e->column, e->text);
    }
    return buf_take(&out);
}

static char *case_load(const char *path)
{
    struct plan_input in = {.file = ""};
    struct plan_errors errors = {.n = 0};
    struct plan *p = plan_load(path, &in, &errors);
    char *told = case_mistakes(&errors, path);

    /* A plan or mistakes: never both, never neither. */
    assert_int_equal(p == NULL, errors.n > 0);
    plan_free(&p);
    plan_errors_clear(&errors);
    return told;
}

static int case_visible(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

/* Runs fn on each entry of a folder of cases; how many there were. */
static int case_each(const char *folder, void (*fn)(const char *name))
{
    char *path = case_path(folder, "");
    struct dirent **list = NULL;
    int n = scandir(path, &list, case_visible, alphasort);

    if (n < 0) {
        fail_msg("%s cannot be read", path);
    }
    for (int i = 0; i < n; i++) {
        fn(list[i]->d_name);
        free(list[i]);
    }
    free(list);
    free(path);
    return n;
}

static void case_valid(const char *name)
{
    char *path = case_path("valid", name);
    char *told = case_load(path);

    if (*told != '\0') {
        fail_msg("%s: %s", name, told);
    }
    free(told);
    free(path);
}

static void case_invalid(const char *name)
{
    char *folder = case_path("invalid", name);
    char *input = xasprintf("%s/input.json", folder);
    char *error = xasprintf("%s/error", folder);
    struct err e = ERR_INIT;
    struct buf want;
    char *told;

    buf_init(&want, CASE_MAX);
    if (!file_read(error, &want, &e)) {
        fail_msg("%s: %s", name, e.text);
    }
    told = case_load(input);
    if (want.len == 0 || strcmp(told, buf_str(&want)) != 0) {
        fail_msg("%s: expected\n%sbut was told\n%s", name, buf_str(&want),
                 told);
    }
    free(told);
    buf_clear(&want);
    free(error);
    free(input);
    free(folder);
}

static void every_valid_plan_parses(void **state)
{
    (void)state;
    assert_true(case_each("valid", case_valid) >= 5);
}

static void every_mistake_is_told_with_its_place(void **state)
{
    (void)state;
    assert_true(case_each("invalid", case_invalid) >= 40);
}

static void the_built_in_plans_parse(void **state)
{
    static const char *const names[] = {"vi", "demo"};
    struct plan_input in = {.file = ""};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct plan_errors errors = {.n = 0};
        size_t n = 0;
        const char *text = plan_builtin(names[i], &n);
        struct plan *p = plan_parse(text, n, &in, &errors);

        assert_int_equal(strlen(text), n);
        assert_int_equal(errors.n, 0);
        assert_non_null(p);
        plan_free(&p);
        plan_errors_clear(&errors);
    }
}

static void a_built_in_plan_is_its_file_byte_for_byte(void **state)
{
    const char *src = getenv("SRCDIR");
    char *path = xasprintf("%s/data/plans/vi.json", src == NULL ? "." : src);
    struct err e = ERR_INIT;
    struct buf file;
    size_t n = 0;
    const char *text = plan_builtin("vi", &n);

    (void)state;
    buf_init(&file, CASE_MAX);
    assert_true(file_read(path, &file, &e));
    assert_int_equal(file.len, n);
    assert_memory_equal(file.data, text, n);
    assert_null(plan_builtin("no such plan", &n));
    buf_clear(&file);
    free(path);
}

static void a_file_that_is_not_there_is_told(void **state)
{
    struct plan_input in = {.file = ""};
    struct plan_errors errors = {.n = 0};

    (void)state;
    assert_null(plan_load("/no/such/plan.json", &in, &errors));
    assert_int_equal(errors.n, 1);
    assert_string_equal(errors.list[0].where, "/no/such/plan.json");
    plan_errors_clear(&errors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_valid_plan_parses),
        cmocka_unit_test(every_mistake_is_told_with_its_place),
        cmocka_unit_test(the_built_in_plans_parse),
        cmocka_unit_test(a_built_in_plan_is_its_file_byte_for_byte),
        cmocka_unit_test(a_file_that_is_not_there_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
