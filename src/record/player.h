/* SPDX-License-Identifier: MIT
 *
 * player - plays recorded ticks into a story: slower or faster, paused, from
 * any moment on. It is told the time and reads no clock. A story cannot run
 * backwards: before what is shown it begins anew, which takes as long as all
 * that is before the moment takes to be fed. One thread. */
#ifndef RECORD_PLAYER_H
#define RECORD_PLAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "record/tick_code.h"
#include "run/story.h"

#define PLAYER_SPEED_MAX 60

/* Where ticks come from, in their order. */
struct player_source {
    /* 1: out has the next one, and is to be cleared; 0: there is none, and the
     * record is whole; -1: it ends here, and e says why. */
    int (*next)(void *ctx, struct tick_read *out, struct err *e);
    void (*rewind)(void *ctx); /* to before the first */
    void *ctx;                 /* borrowed */
};

struct player_now {
    uint64_t at_us;    /* run time of what is shown */
    uint64_t total_us; /* that of the last tick there is */
    unsigned speed;
    bool paused;
    bool ended; /* what is shown is the last tick there is */
    bool cut;   /* and the record has no end: why */
    char why[200];
};

struct player; /* opaque */

/* Reads the source once to its end: how long it is, where stages and marks are.
 * story (borrowed) is of the same run, and not fed yet. NULL: there is no tick
 * in it; e says why. Owned by the caller. */
struct player *player_new(const struct player_source *source,
                          struct story *story, struct err *e);
void player_free(struct player **p);

/* now_us below: of any clock that does not go back. */

/* Shows the first tick, and plays from there on. speed: 1..PLAYER_SPEED_MAX. */
void player_begin(struct player *p, uint64_t now_us, unsigned speed);
/* Feeds what is due by now. true: it was something. */
bool player_run(struct player *p, uint64_t now_us);
/* How long from now until something is due; UINT64_MAX = not by itself. */
uint64_t player_due_us(const struct player *p, uint64_t now_us);
struct player_now player_now(const struct player *p);

/* Paused, it goes on; at its end it begins anew. */
void player_pause(struct player *p, uint64_t now_us);
/* Paused, or not. */
void player_hold(struct player *p, uint64_t now_us, bool paused);
/* The next of 1, 2, 5, 10, 30 and 60 times; real time. */
void player_faster(struct player *p, uint64_t now_us);
void player_slower(struct player *p, uint64_t now_us);
void player_real(struct player *p, uint64_t now_us);
/* To a moment of run time, to a tick. */
void player_seek(struct player *p, uint64_t now_us, uint64_t to_us);
/* Forward or back by so much. */
void player_skip(struct player *p, uint64_t now_us, int64_t by_us);
/* To where the next stage of a scenario (index in the lineup) begins, or this
 * one, and within its first two seconds the one before; false: there is none.
 */
bool player_next_stage(struct player *p, uint64_t now_us, size_t scenario);
bool player_previous_stage(struct player *p, uint64_t now_us, size_t scenario);
/* To where a stage (index in its curve) first begins; false: it never does. */
bool player_stage(struct player *p, uint64_t now_us, size_t scenario,
                  size_t stage);
/* To the next mark, or the one before; false: there is none. */
bool player_next_mark(struct player *p, uint64_t now_us);
bool player_previous_mark(struct player *p, uint64_t now_us);

#endif
