/* SPDX-License-Identifier: MIT
 *
 * The conductor end to end in one process: real workers, a server on the
 * loopback that counts what it read, commands on ticks. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/raw_server.h"
#include "support/run_kit.h"

#define SEC UINT64_C(1000000)

static struct raw_server *server;
static struct run_kit kit;

static int set_up(void **state)
{
    (void)state;
    server = raw_server_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    run_kit_clear(&kit);
    raw_server_free(&server);
    return 0;
}

/* A plan of one request, and whatever else is put between. */
static void begin(const char *path, const char *scenario, const char *more)
{
    char text[4096], url[128];

    snprintf(text, sizeof text,
             "{ \"name\": \"kit\", \"flow\": [ { \"get\": \"%s\", "
             "\"name\": \"Get\", \"timeout\": \"5s\" }, "
             "{ \"think\": \"5ms\" } ], "
             "\"scenarios\": { \"s\": { %s } } %s }",
             raw_server_url(server, path, url, sizeof url), scenario, more);
    run_kit_init(&kit, text);
}

#define CONSTANT(vus, duration)                                                \
    "\"executor\": \"constant-vus\", \"vus\": " #vus ", \"duration\": "        \
    "\"" duration "\", \"gracefulStop\": \"2s\""

static void every_request_the_server_read_is_counted(void **state)
{
    (void)state;
    begin("/ok", CONSTANT(10, "600ms"), "");
    run_kit_run(&kit);
    assert_int_equal(kit.outcome.exit_code, 0);
    assert_int_equal(kit.outcome.status, STATUS_PASSED);
    assert_true(kit.requests > 100);
    assert_int_equal(kit.requests, raw_server_requests(server));
    assert_int_equal(
        ledger_summary(story_ledger(kit.story), -1, SPAN_RUN).requests,
        kit.requests);
    assert_int_equal(kit.last.vus + kit.last.draining + kit.last.in_flight, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            every_request_the_server_read_is_counted, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
