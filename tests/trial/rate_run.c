/* SPDX-License-Identifier: MIT
 *
 * rate_run - an arrival rate that is steered by hand: 500 a second, from 3 s on
 * 2,000, from 6 s on 300, paused from 9 s to 10.5 s, held at 300 until 13 s.
 * For rate_steered.sh, which looks at the server's log.
 *
 *   rate_run URL      prints run times of the changes as they were applied */
#include "config.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/wall.h"
#include "load/startup.h"
#include "support/run_kit.h"

static const struct {
    unsigned at; /* tenths of a second of the run */
    enum command_kind kind;
    int number;
} steps[] = {
    {30, COMMAND_SET_VUS, 2000}, {60, COMMAND_SET_VUS, 300},
    {90, COMMAND_PAUSE, 0},      {105, COMMAND_PAUSE, 0},
    {130, COMMAND_STOP, 0},
};
#define STEPS (sizeof steps / sizeof steps[0])

struct rate_run {
    struct run_kit kit;
    size_t step;
};

static void rate_on_tick(void *ctx, const struct tick *t)
{
    struct rate_run *r = ctx;

    while (r->step < STEPS && steps[r->step].at <= t->t_us / 100000) {
        run_kit_do(&r->kit, steps[r->step].kind, steps[r->step].number, "");
        printf("%.3f\n", (double)wall_now().us / 1e6);
        r->step++;
    }
}

int main(int argc, char **argv)
{
    static struct rate_run r;
    char text[1024];

    if (argc != 2) {
        fputs("usage: rate_run URL\n", stderr);
        return 2;
    }
    load_startup();
    snprintf(text, sizeof text,
             "{ \"name\": \"steered\", \"flow\": [ { \"get\": \"%s\" } ],"
             " \"scenarios\": { \"s\": {"
             " \"executor\": \"constant-arrival-rate\", \"rate\": 500,"
             " \"duration\": \"60s\", \"preAllocatedVUs\": 100,"
             " \"maxVUs\": 200 } } }",
             argv[1]);
    run_kit_init(&r.kit, text);
    r.kit.on_tick = rate_on_tick;
    r.kit.ctx = &r;
    run_kit_run(&r.kit);
    run_kit_clear(&r.kit);
    load_shutdown();
    return 0;
}
