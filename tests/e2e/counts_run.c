/* SPDX-License-Identifier: MIT
 *
 * counts_run - a run that is steered in every way while it runs, so that what
 * it counted can be held against the server's log (witness_counts.sh).
 *
 *   counts_run URL VUS PACE drain|cut
 *
 * VUS and half as many more at most; a VU thinks for up to PACE ms an
 * iteration; the last word is how it ends. Prints what was counted: "STATUS
 * REQUESTS", "none REQUESTS" for those without a response, "sent REQUESTS" for
 * those that were cut off when some of them had gone out, "most CONNECTIONS".
 * Without arguments check_PROGRAMS are tests: it then does nothing. */
#include "config.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/num.h"
#include "load/limits.h"
#include "load/startup.h"
#include "support/run_kit.h"

struct counts {
    struct run_kit kit;
    int64_t vus;
    bool cut;
    size_t step;
    uint64_t status[600];
    uint64_t none, sent, most;
};

/* At so many tenths of a second of the run. */
struct counts_step {
    unsigned at;
    enum command_kind kind;
    int percent; /* of VUS, or a plain number where by_itself */
    bool by_itself;
};

/* Stages are of one second each: see the plan. */
static const struct counts_step steps[] = {
    {4, COMMAND_ADD_VUS, 40, false},   {6, COMMAND_HOLD, 0, true},
    {9, COMMAND_SET_VUS, 5, false},    {12, COMMAND_PAUSE, 0, true},
    {16, COMMAND_PAUSE, 0, true},      {18, COMMAND_SET_VUS, 100, false},
    {21, COMMAND_HOLD, 0, true},       {22, COMMAND_NEXT_STAGE, 0, true},
    {24, COMMAND_FOLLOW, 0, true},     {27, COMMAND_PREV_STAGE, 0, true},
    {30, COMMAND_ADD_VUS, -60, false}, {31, COMMAND_ADD_VUS, 90, false},
    {32, COMMAND_ADD_VUS, -90, false}, {33, COMMAND_UNDO, 0, true},
    {36, COMMAND_JUMP_STAGE, 2, true}, {38, COMMAND_SPIKE, 0, true},
    {41, COMMAND_SPIKE, 0, true},      {44, COMMAND_FOLLOW, 0, true},
    {46, COMMAND_SET_VUS, 100, false},
};
#define COUNTS_STEPS (sizeof steps / sizeof steps[0])
#define COUNTS_END   52u

static void counts_add(struct counts *c, const struct delta *d)
{
    for (size_t i = 0; i < d->n_series; i++) {
        const struct delta_series *s = &d->series[i];

        if (s->status == 0 || s->status >= 600) {
            c->none += s->count;
        } else {
            c->status[s->status] += s->count;
        }
    }
    c->sent += d->interrupted_requests;
}

static void counts_on_tick(void *ctx, const struct tick *t)
{
    struct counts *c = ctx;
    unsigned tenths = (unsigned)(t->t_us / 100000);

    counts_add(c, t->delta);
    c->most = t->connections > c->most ? t->connections : c->most;
    while (c->step < COUNTS_STEPS && steps[c->step].at <= tenths) {
        const struct counts_step *s = &steps[c->step++];

        run_kit_do(&c->kit, s->kind,
                   s->by_itself ? s->percent : c->vus * s->percent / 100, "");
    }
    if (c->step == COUNTS_STEPS && tenths >= COUNTS_END) {
        run_kit_do(&c->kit, c->cut ? COMMAND_CUT : COMMAND_STOP, 0, "");
        c->step++;
    }
}

static void counts_print(const struct counts *c)
{
    for (unsigned s = 0; s < 600; s++) {
        if (c->status[s] > 0) {
            printf("%u %" PRIu64 "\n", s, c->status[s]);
        }
    }
    printf("none %" PRIu64 "\nsent %" PRIu64 "\nmost %" PRIu64 "\n", c->none,
           c->sent, c->most);
}

static void counts_plan(char *text, size_t size, char **argv, int vus)
{
    snprintf(text, size,
             "{ \"name\": \"counts\", \"flow\": ["
             "{ \"get\": \"%s/ok\" },"
             "{ \"think\": { \"min\": \"0s\", \"max\": \"%sms\" } },"
             "{ \"post\": \"%s/made\", \"body\": \"x=1\" },"
             "{ \"get\": \"%s/missing\" },"
             "{ \"every\": 3, \"do\": [ { \"get\": \"%s/busy\" },"
             "                          { \"get\": \"%s/moved\" } ] },"
             "{ \"head\": \"%s/empty\" } ], \"scenarios\": { \"s\": {"
             " \"executor\": \"ramping-vus\", \"startVUs\": 1, \"stages\": ["
             "  { \"duration\": \"1s\", \"target\": %d },"
             "  { \"duration\": \"0s\", \"target\": 2 },"
             "  { \"duration\": \"1s\", \"target\": %d },"
             "  { \"duration\": \"30s\", \"target\": 3 } ],"
             " \"gracefulRampDown\": \"30s\", \"gracefulStop\": \"30s\" } } }",
             argv[1], argv[3], argv[1], argv[1], argv[1], argv[1], argv[1],
             vus / 2, vus);
}

int main(int argc, char **argv)
{
    static struct counts c;
    char text[4096];
    uint64_t vus;

    if (argc == 1) {
        return 0;
    }
    if (argc != 5 || !num_u64(argv[2], 100, 100000, &vus)) {
        fputs("usage: counts_run URL VUS PACE drain|cut\n", stderr);
        return 2;
    }
    load_startup();
    c.vus = (int64_t)vus;
    c.cut = strcmp(argv[4], "cut") == 0;
    counts_plan(text, sizeof text, argv, (int)vus);
    run_kit_init(&c.kit, text);
    c.kit.config.max_vus = (uint32_t)vus * 3 / 2; /* the spike asks for more */
    c.kit.on_tick = counts_on_tick;
    c.kit.ctx = &c;
    run_kit_run(&c.kit);
    counts_print(&c);
    run_kit_clear(&c.kit);
    load_shutdown();
    return 0;
}
