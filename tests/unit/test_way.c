/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/way.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/mini_feed.h"

static void ways_are_told_in_words(void **state)
{
    char text[WAY_TEXT_MAX];

    (void)state;
    assert_string_equal(way_text(text, sizeof text, 0), "");
    assert_string_equal(way_text(text, sizeof text, WAY_DIRECT | WAY_HTTP_1_1),
                        "direct HTTP/1.1");
    /* It went out, and no response came. */
    assert_string_equal(way_text(text, sizeof text, WAY_LIBCURL), "libcurl");
    assert_string_equal(way_text(text, sizeof text, WAY_LANES | WAY_PROTOS),
                        "direct+libcurl HTTP/1.0+1.1+2");
    assert_string_equal(
        way_brief(text, sizeof text, WAY_LANES | WAY_HTTP_1_1 | WAY_HTTP_2),
        "both 1.1+2");
    assert_string_equal(way_brief(text, sizeof text, WAY_LIBCURL | WAY_HTTP_2),
                        "libcurl 2");
    assert_string_equal(way_brief(text, sizeof text, 0), "");
    assert_string_equal(way_lane(WAY_LIBCURL | WAY_HTTP_2, 0), "libcurl");
    assert_null(way_lane(WAY_LIBCURL | WAY_HTTP_2, 1));
    assert_string_equal(way_proto(WAY_PROTOS, 2), "HTTP/2");
    assert_null(way_proto(WAY_PROTOS, 3));
}

static void one(struct mini_feed *f, uint16_t request, way_bits ways)
{
    struct sample x = {.request = request, .status = 200, .ways = ways};

    shard_request(f->shard, &x);
}

static void ways_of_a_name_are_those_of_all_its_requests_so_far(void **state)
{
    struct mini_feed f;
    int name;

    (void)state;
    mini_plan_init(&f.mini);
    mini_feed_init(&f);
    name = (int)f.mini.plan.requests[0]->name_index;
    assert_int_equal(ledger_ways(f.ledger, -1), 0);
    one(&f, 0, WAY_DIRECT | WAY_HTTP_1_1);
    one(&f, 0, WAY_LIBCURL);
    mini_feed_tick(&f);
    assert_int_equal(ledger_ways(f.ledger, name),
                     WAY_DIRECT | WAY_LIBCURL | WAY_HTTP_1_1);
    one(&f, 1, WAY_LIBCURL | WAY_HTTP_2);
    mini_feed_tick(&f);
    /* A shard that was cleared remembers none. */
    assert_int_equal(
        ledger_ways(f.ledger, (int)f.mini.plan.requests[1]->name_index),
        WAY_LIBCURL | WAY_HTTP_2);
    assert_int_equal(ledger_ways(f.ledger, -1),
                     WAY_LANES | WAY_HTTP_1_1 | WAY_HTTP_2);
    mini_feed_clear(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ways_are_told_in_words),
        cmocka_unit_test(ways_of_a_name_are_those_of_all_its_requests_so_far),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
