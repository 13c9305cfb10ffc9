/* SPDX-License-Identifier: MIT
 *
 * run_kit - a whole run in one process: a conductor with real workers on a loop
 * of its own, read by a story and by the test, which acts on ticks. */
#ifndef TESTS_RUN_KIT_H
#define TESTS_RUN_KIT_H

#include "run/conductor.h"
#include "run/story.h"

struct ev_loop;

/* Called with every tick, after the story has it. */
typedef void run_kit_fn(void *ctx, const struct tick *t);

struct run_kit {
    struct plan *plan;
    struct conductor_config config; /* change it before run_kit_run */
    struct conductor *conductor;
    struct story *story;
    struct ev_loop *loop;
    const char *early;   /* a signal that comes before the start; NULL = none */
    run_kit_fn *on_tick; /* NULL = none */
    void *ctx;
    /* What came of it. */
    unsigned ticks;
    struct tick first, last; /* their plain fields */
    uint64_t requests;       /* summed over all deltas */
    uint64_t active_us;      /* summed over all ticks */
    bool regular;            /* seq, t, dt and totals were as they must be */
    struct outcome outcome;
};

/* From the text of a plan, whose only scenario runs on two workers. */
void run_kit_init(struct run_kit *k, const char *plan_text);
void run_kit_clear(struct run_kit *k);
/* Runs to the end; fails the test when that takes more than a minute. */
void run_kit_run(struct run_kit *k);
/* Posts a command by "test". */
void run_kit_do(struct run_kit *k, enum command_kind kind, int64_t number,
                const char *text);
/* The first event of that type from place *i on, or NULL; *i is set behind
 * it. */
const struct event *run_kit_event(const struct run_kit *k, const char *type,
                                  size_t *i);

#endif
