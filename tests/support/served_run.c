/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/served_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"

struct run_kit kit;

int served_run_set_up(void **state)
{
    return served_set_up(state);
}

int served_run_tear_down(void **state)
{
    run_kit_clear(&kit);
    return served_tear_down(state);
}

void served_run_begin(const char *path, const char *scenarios, const char *more)
{
    char url[128];
    struct buf text;

    buf_init(&text, 1u << 16);
    buf_addf(&text,
             "{ \"name\": \"kit\", \"flow\": [ { \"get\": \"%s\", "
             "\"name\": \"Get\", \"timeout\": \"5s\" }, "
             "{ \"think\": \"5ms\" } ], \"scenarios\": { \"s\": %s } ",
             raw_server_url(server, path, url, sizeof url), scenarios);
    raw_server_url(server, "", url, sizeof url);
    for (; *more != '\0'; more++) {
        if (*more == '@') {
            buf_adds(&text, url);
        } else {
            buf_addc(&text, *more);
        }
    }
    buf_addc(&text, '}');
    run_kit_init(&kit, buf_str(&text));
    buf_clear(&text);
}

void served_run_counted(void)
{
    struct totals t = ledger_totals(story_ledger(kit.story));
    uint64_t n = kit.requests + t.interrupted_requests;

    assert_int_equal(n, raw_server_read(server, n));
}
