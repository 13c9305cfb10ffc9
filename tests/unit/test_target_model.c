/* SPDX-License-Identifier: MIT
 *
 * The target's model: reading --model, and its table. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "target/model.h"

/* It is refused with this text, and the model stays as it was. */
static void expect_refused(const char *text, const char *want)
{
    struct target_model m;
    struct target_model was;
    struct err e = ERR_INIT;

    memset(&m, 0, sizeof m);
    target_model_init(&m);
    was = m;
    assert_false(target_model_parse(&m, text, &e));
    assert_string_equal(e.text, want);
    assert_string_equal(e.where, "--model");
    assert_int_not_equal(e.code, ERR_NONE);
    assert_memory_equal(&m, &was, sizeof m);
}

static void the_defaults_are_those_of_the_table(void **state)
{
    struct target_model m;

    (void)state;
    target_model_init(&m);
    assert_int_equal(m.places, 4);
    assert_true(m.service_ms == 80);
    assert_int_equal(m.queue, 120);
    assert_true(m.degrade == 0.7);
    assert_int_equal(m.rate_limit, 0);
    assert_int_equal(m.crash_after, 0);
    assert_true(m.db_down.to_s <= m.db_down.from_s);
}

static void keys_that_are_named_change_and_others_stay(void **state)
{
    struct target_model m;
    struct err e = ERR_INIT;

    (void)state;
    target_model_init(&m);
    assert_true(target_model_parse(&m,
                                   "places=10, service_ms = 12.5,"
                                   "crash_after=1000000,degrade=0",
                                   &e));
    assert_int_equal(m.places, 10);
    assert_true(m.service_ms == 12.5);
    assert_int_equal(m.crash_after, 1000000);
    assert_true(m.degrade == 0);
    assert_int_equal(m.queue, 120);
    assert_true(target_model_parse(&m, "queue=0", &e));
    assert_int_equal(m.places, 10);
    assert_int_equal(m.queue, 0);
}

static void an_empty_text_changes_nothing(void **state)
{
    struct target_model m;
    struct err e = ERR_INIT;

    (void)state;
    target_model_init(&m);
    assert_true(target_model_parse(&m, "", &e));
    assert_true(target_model_parse(&m, "  ", &e));
    assert_int_equal(m.places, 4);
}

static void an_outage_is_from_to_or_from_on(void **state)
{
    struct target_model m;
    struct err e = ERR_INIT;

    (void)state;
    target_model_init(&m);
    assert_true(target_model_parse(&m, "db_down=20-40.5", &e));
    assert_true(m.db_down.from_s == 20 && m.db_down.to_s == 40.5);
    assert_true(target_model_parse(&m, "db_down=0-5", &e));
    assert_true(m.db_down.from_s == 0 && m.db_down.to_s == 5);
    assert_true(target_model_parse(&m, "db_down=3", &e));
    assert_true(m.db_down.from_s == 3 && m.db_down.to_s == HUGE_VAL);
    assert_true(target_model_parse(&m, "db_down=0", &e));
    assert_true(m.db_down.to_s <= m.db_down.from_s);
}

static void a_key_that_is_not_there_is_named_with_the_nearest(void **state)
{
    (void)state;
    expect_refused("placs=3", "no key 'placs' (did you mean 'places'?)");
    expect_refused("places=3,zzz=1",
                   "no key 'zzz' (brunt target --help lists them)");
}

static void a_value_that_is_not_allowed_is_named_with_what_is(void **state)
{
    (void)state;
    expect_refused("places=0",
                   "places: '0' is not allowed (1-100000 requests)");
    expect_refused("places=ten",
                   "places: 'ten' is not allowed (1-100000 requests)");
    expect_refused("places=3.5",
                   "places: '3.5' is not allowed (1-100000 requests)");
    expect_refused("degrade=1", "degrade: '1' is not allowed (0-0.95 share)");
    expect_refused("degrade=", "degrade: '' is not allowed (0-0.95 share)");
    expect_refused("service_ms=nan",
                   "service_ms: 'nan' is not allowed (0.1-60000 ms)");
    expect_refused("db_down=40-20",
                   "db_down: '40-20' is not allowed (FROM-TO or FROM s)");
    expect_refused("db_down=a-b",
                   "db_down: 'a-b' is not allowed (FROM-TO or FROM s)");
}

static void what_is_no_pair_is_refused(void **state)
{
    (void)state;
    expect_refused("places", "'places' is not KEY=VALUE");
    expect_refused("places=3,", "'' is not KEY=VALUE");
    expect_refused("places=3,,queue=1", "'' is not KEY=VALUE");
    expect_refused("places=3,places=4", "places stands there twice");
    expect_refused("pla\x1b[2Jces=3", "no key 'pla\\x1b[2Jces' (brunt target "
                                      "--help lists them)");
}

static void a_text_beyond_all_measure_is_refused(void **state)
{
    char *text = malloc(10001);

    (void)state;
    assert_non_null(text);
    memset(text, 'x', 10000);
    text[10000] = '\0';
    expect_refused(text, "longer than 4096 bytes");
    free(text);
}

static void every_row_has_its_own_name_and_a_short_help(void **state)
{
    size_t n;
    const struct target_key *keys = target_keys(&n);

    (void)state;
    assert_true(n > 0);
    for (size_t i = 0; i < n; i++) {
        assert_true(keys[i].help[0] != '\0');
        assert_true(text_width(keys[i].help) <= 60);
        assert_true(keys[i].range[0] != '\0');
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(keys[i].key, keys[j].key);
        }
    }
}

/* What help shows as the default can be typed. */
static void every_default_can_be_written_as_it_is_shown(void **state)
{
    size_t n;
    const struct target_key *keys = target_keys(&n);

    (void)state;
    for (size_t i = 0; i < n; i++) {
        struct target_model m;
        struct target_model was;
        struct err e = ERR_INIT;
        char text[80];

        memset(&m, 0, sizeof m);
        target_model_init(&m);
        was = m;
        snprintf(text, sizeof text, "%s=%s", keys[i].key, keys[i].def);
        assert_true(target_model_parse(&m, text, &e));
        assert_memory_equal(&m, &was, sizeof m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_defaults_are_those_of_the_table),
        cmocka_unit_test(keys_that_are_named_change_and_others_stay),
        cmocka_unit_test(an_empty_text_changes_nothing),
        cmocka_unit_test(an_outage_is_from_to_or_from_on),
        cmocka_unit_test(a_key_that_is_not_there_is_named_with_the_nearest),
        cmocka_unit_test(a_value_that_is_not_allowed_is_named_with_what_is),
        cmocka_unit_test(what_is_no_pair_is_refused),
        cmocka_unit_test(a_text_beyond_all_measure_is_refused),
        cmocka_unit_test(every_row_has_its_own_name_and_a_short_help),
        cmocka_unit_test(every_default_can_be_written_as_it_is_shown),
    };

    return cmocka_run_group_tests_name("target model", tests, NULL, NULL);
}
