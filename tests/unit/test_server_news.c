/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "run/server_news.h"

/* This exercises: what is told of a service's memory against its limit: when it
 * goes over, when it is clearly back, and not for ever. */

static struct server_news news;
static struct server_item item;

static size_t seen(uint64_t mb, uint64_t limit_mb, mono_us now)
{
    struct tick_server s = {.watched = true,
                            .alive = true,
                            .rss_bytes = mb * 1000000,
                            .limit_bytes = limit_mb * 1000000};

    return server_news_memory(&news, &s, now, &item);
}

static int set_up(void **state)
{
    (void)state;
    memset(&news, 0, sizeof news);
    return 0;
}

static void over_the_limit_is_told_once_and_back_too(void **state)
{
    (void)state;
    assert_int_equal(seen(250, 300, 1000000), 0);
    assert_int_equal(seen(300, 300, 2000000), 0); /* so much it may be */
    assert_int_equal(seen(301, 300, 3000000), 1);
    assert_string_equal(item.value, "over");
    assert_true(item.bad);
    assert_string_equal(item.text, "the service's memory is over its limit: "
                                   "301 MB of 300 MB");
    assert_int_equal(seen(462, 300, 4000000), 0);
    assert_int_equal(seen(299, 300, 5000000), 0); /* not clearly back */
    assert_int_equal(seen(301, 300, 6000000), 0);
    assert_int_equal(seen(280, 300, 45000000), 1);
    assert_string_equal(item.value, "within");
    assert_false(item.bad);
    assert_string_equal(item.text,
                        "the service's memory is within its limit again after "
                        "0:42: 280 MB of 300 MB");
    assert_int_equal(seen(280, 300, 46000000), 0);
    assert_int_equal(seen(310, 300, 47000000), 1);
}

static void what_is_not_known_is_no_news(void **state)
{
    struct tick_server gone = {.watched = true};

    (void)state;
    assert_int_equal(seen(500, 0, 1000000), 0); /* no limit */
    assert_int_equal(seen(0, 300, 2000000), 0);
    assert_int_equal(seen(500, 300, 3000000), 1);
    assert_int_equal(server_news_memory(&news, &gone, 4000000, &item), 0);
    assert_int_equal(seen(500, 300, 5000000), 0); /* still: no news */
}

static void what_comes_and_goes_is_told_so_often(void **state)
{
    unsigned i, over = 0, within = 0;

    (void)state;
    for (i = 0; i < 100; i++) {
        if (seen(400, 300, 1000000 + i * 2000000) > 0) {
            over++;
            assert_int_equal(strstr(item.text, "; from here on") != NULL,
                             over == SERVER_TOLD_MAX);
        }
        within += seen(200, 300, 2000000 + i * 2000000) > 0;
    }
    assert_int_equal(over, SERVER_TOLD_MAX);
    assert_int_equal(within, SERVER_TOLD_MAX);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup(name, set_up)
    static const struct CMUnitTest tests[] = {
        T(over_the_limit_is_told_once_and_back_too),
        T(what_is_not_known_is_no_news),
        T(what_comes_and_goes_is_told_so_often),
    };
#undef T

    return cmocka_run_group_tests(tests, NULL, NULL);
}
