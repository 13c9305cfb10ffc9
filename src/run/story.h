/* SPDX-License-Identifier: MIT
 *
 * story - what a reader of the feed keeps: a ledger, the events, the newest
 * tick's plain fields. Fed on one thread and read on another under its own
 * lock, so that a reader that stands still (a stopped terminal) neither loses
 * a tick nor makes anything grow. A replay feeds it just the same. */
#ifndef RUN_STORY_H
#define RUN_STORY_H

#include <stddef.h>

#include "insight/compare.h"
#include "measure/ledger.h"
#include "run/course.h"
#include "run/output.h"
#include "run/study.h"
#include "run/tick.h"
#include "run/track.h"

struct story; /* opaque */

/* info is borrowed and outlives the story. */
struct story *story_new(const struct run_info *info);
void story_free(struct story **s);
/* s becomes what other is, from one moment to the next; other, which nobody
 * else reads and which is of the same info, is freed and NULL. What was read
 * from s is gone: readers that keep something of it look at the generation.
 * Takes the lock. */
void story_become(struct story *s, struct story **other);
/* Another one each time; from 0. */
unsigned story_generation(const struct story *s);
/* Adds a tick. Takes the lock. */
void story_feed(struct story *s, const struct tick *t);

/* All reading below happens between these two, and what it returns is borrowed
 * until the unlock. Hold it for a frame's computing, never over I/O. */
void story_lock(struct story *s);
void story_unlock(struct story *s);

const struct run_info *story_info(const struct story *s);
const struct ledger *story_ledger(const struct story *s);
/* The load of each scenario over time. */
const struct course *story_course(const struct story *s);
/* The load as it was asked for, in lines. */
const struct track *story_track(const struct story *s);
/* The steps of the load, and recoveries. */
const struct study *story_study(const struct story *s);
/* An earlier run that this one is held against; NULL = none. Borrowed. */
struct story_earlier {
    const char *file; /* as given */
    const char *scenario;
    struct compare_side side;
};
/* Before the first feed. earlier is borrowed and outlives the story. */
void story_hold_against(struct story *s, const struct story_earlier *earlier);
const struct story_earlier *story_earlier(const struct story *s);
/* How what the run is streamed to (--out) fares now: copied; at most
 * OUTPUTS_MAX. Takes the lock. */
void story_set_outputs(struct story *s, const struct output *list, size_t n);
/* *n of them; a replay has none. */
const struct output *story_outputs(const struct story *s, size_t *n);
/* The newest tick; its delta and events point nowhere (NULL, 0); verdicts are
 * the newest. NULL before the first feed. */
const struct tick *story_tick(const struct story *s);
/* Events, oldest first. At most STORY_EVENTS_MAX are kept; later ones push the
 * oldest out, which is counted. */
#define STORY_EVENTS_MAX 10000
size_t story_event_count(const struct story *s);
const struct event *story_event(const struct story *s, size_t i);
size_t story_events_lost(const struct story *s);

/* Figures of the ten seconds before the last change of load (by hand, spike,
 * jump), but of no time before the change before, and of at most ten after it,
 * for "before and after". false: there was none. */
#define STORY_AFTER_US (10 * UINT64_C(1000000))
/* Turns of a change in steps that are kept: the newest. */
#define CHANGE_TURNS 3
struct change {
    uint64_t t_us; /* when */
    const struct event *event;
    size_t scenario;       /* whose load: index in the lineup */
    uint32_t level_before; /* its VUs, or the rate that was asked for */
    /* Changes close together are one, with the loads between that were asked
     * for and at which it turned around: 220, then 660, then 150 has 660,
     * oldest first. */
    uint32_t turns[CHANGE_TURNS];
    size_t n_turns;
    struct summary before; /* window summary just before it */
    /* These now or, once the run ends, or the plan moves the load on, as they
     * were just before that. */
    uint32_t level_after;
    /* Of the last ten seconds, but of no time before the change: of whole slots
     * that began after it; sent, received and due are 0. */
    struct summary after;
    uint64_t after_us; /* active time that it is of; 0 = not yet a whole slot */
    uint64_t age_us;   /* active time since */
};
bool story_last_change(const struct story *s, struct change *out);

#endif
