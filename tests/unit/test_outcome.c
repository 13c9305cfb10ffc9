/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "run/outcome.h"

/* Reasons in the contract's order; each stands over all that follow. */
enum reason {
    SETUP_FAILED,
    SETUP_TIMEOUT,
    INTERRUPTED,
    REMOTE,
    SETUP_OPEN,
    NOT_SET_UP,
    TEARDOWN_TIMEOUT,
    THRESHOLDS,
    REASONS
};

static const int codes[REASONS] = {107, 100, 105, 103, 107, 107, 101, 99};

static void give(struct ending *e, enum reason r)
{
    switch (r) {
    case SETUP_FAILED:
        e->setup_failed = true;
        return;
    case SETUP_TIMEOUT:
        e->setup_timeout = true;
        return;
    case INTERRUPTED:
        e->interrupted = true;
        return;
    case REMOTE:
        e->remote = true;
        return;
    case SETUP_OPEN:
        e->setup_open = true;
        return;
    case NOT_SET_UP:
        e->not_set_up = true;
        return;
    case TEARDOWN_TIMEOUT:
        e->teardown_timeout = true;
        return;
    case THRESHOLDS:
        e->thresholds_failed = 2;
        return;
    case REASONS:
        return;
    }
}

static void no_reason_to_fail_is_passed(void **state)
{
    struct ending e = {0};
    struct outcome o = outcome_of(&e);

    (void)state;
    assert_int_equal(o.exit_code, 0);
    assert_int_equal(o.status, STATUS_PASSED);
    assert_string_equal(o.text, "the plan's end");
    assert_string_equal(o.stopped_by, "");
    /* Nor is it that when its work is not done. */
    snprintf(e.undone, sizeof e.undone, "every row of its data is used");
    o = outcome_of(&e);
    assert_int_equal(o.exit_code, 0);
    assert_string_equal(o.text, "every row of its data is used");
    assert_string_equal(o.stopped_by, "");
}

static void first_reason_in_the_contracts_order_decides(void **state)
{
    unsigned set, i;

    (void)state;
    for (set = 1; set < 1u << REASONS; set++) {
        struct ending e = {0};
        int code = -1;

        for (i = 0; i < REASONS; i++) {
            if ((set & 1u << i) != 0) {
                give(&e, (enum reason)i);
                code = code < 0 ? codes[i] : code;
            }
        }
        assert_int_equal(outcome_of(&e).exit_code, code);
    }
}

static void operators_end_lets_thresholds_decide(void **state)
{
    struct ending e = {.by = "keyboard"};

    (void)state;
    assert_int_equal(outcome_of(&e).exit_code, 0);
    assert_string_equal(outcome_of(&e).text, "ended by keyboard");
    e.thresholds_failed = 1;
    assert_int_equal(outcome_of(&e).exit_code, 99);
    assert_int_equal(outcome_of(&e).status, STATUS_FAILED);
    assert_string_equal(outcome_of(&e).text, "1 threshold failed");
}

static void ended_before_setup_passed_is_no_verdict_of_thresholds(void **state)
{
    struct ending e = {
        .setup_open = true, .by = "keyboard", .thresholds_failed = 5};

    (void)state;
    assert_int_equal(outcome_of(&e).exit_code, 107);
    assert_int_equal(outcome_of(&e).status, STATUS_ABORTED);
    assert_string_equal(outcome_of(&e).text,
                        "setup had not passed, ended by keyboard");
    snprintf(e.setup_text, sizeof e.setup_text, "setup: GET /: refused");
    assert_string_equal(
        outcome_of(&e).text,
        "setup had not passed, ended by keyboard: GET /: refused");
}

static void what_is_too_long_ends_with_three_dots(void **state)
{
    struct ending e = {.setup_failed = true};
    struct outcome o;

    (void)state;
    memset(e.setup_text, 'x', sizeof e.setup_text - 1);
    o = outcome_of(&e);
    assert_int_equal(strlen(o.text), sizeof o.text - 1);
    assert_memory_equal(o.text, "setup failed: xxx", 17);
    assert_string_equal(o.text + strlen(o.text) - 4, "x...");
    /* What fits is whole, and who ended a hunt is never cut off. */
    e = (struct ending){.hunted = true, .by = "keyboard"};
    memset(e.hunt_text, 'y', sizeof e.hunt_text - 1);
    o = outcome_of(&e);
    assert_non_null(strstr(o.text, "y...; ended by keyboard"));
    e.by[0] = '\0';
    o = outcome_of(&e);
    assert_string_equal(o.text, e.hunt_text);
}

static void nobody_past_its_own_setup_is_no_pass(void **state)
{
    struct ending e = {.not_set_up = true, .undone = "no iteration ever began"};

    (void)state;
    assert_int_equal(outcome_of(&e).exit_code, 107);
    assert_int_equal(outcome_of(&e).status, STATUS_FAILED);
    assert_string_equal(outcome_of(&e).text, "no iteration ever began");
    snprintf(e.by, sizeof e.by, "keyboard");
    e.hunted = true;
    e.thresholds_failed = 1;
    assert_int_equal(outcome_of(&e).exit_code, 107);
    assert_string_equal(outcome_of(&e).text,
                        "no iteration ever began; ended by keyboard");
}

static void abort_is_a_failed_threshold_with_a_status_of_its_own(void **state)
{
    struct ending e = {.aborted = true, .by = "threshold x p(95)<1"};

    (void)state;
    e.thresholds_failed = 3;
    assert_int_equal(outcome_of(&e).exit_code, 99);
    assert_int_equal(outcome_of(&e).status, STATUS_ABORTED);
    /* At the end it may hold again: it aborted all the same. */
    e.thresholds_failed = 0;
    assert_int_equal(outcome_of(&e).exit_code, 99);
}

static void every_state_and_status_has_its_word(void **state)
{
    static const char *states[] = {"starting", "running", "paused", "draining",
                                   "finished"};
    static const char *statuses[] = {"running", "passed", "failed", "aborted",
                                     "interrupted"};
    int i;

    (void)state;
    for (i = 0; i < 5; i++) {
        assert_string_equal(run_state_name((enum run_state)i), states[i]);
        assert_string_equal(run_status_name((enum run_status)i), statuses[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_reason_to_fail_is_passed),
        cmocka_unit_test(first_reason_in_the_contracts_order_decides),
        cmocka_unit_test(operators_end_lets_thresholds_decide),
        cmocka_unit_test(ended_before_setup_passed_is_no_verdict_of_thresholds),
        cmocka_unit_test(what_is_too_long_ends_with_three_dots),
        cmocka_unit_test(nobody_past_its_own_setup_is_no_pass),
        cmocka_unit_test(abort_is_a_failed_threshold_with_a_status_of_its_own),
        cmocka_unit_test(every_state_and_status_has_its_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
