/* SPDX-License-Identifier: MIT
 *
 * story_kit - a small plan and a story of it, fed tick by tick by a test. */
#ifndef TESTS_STORY_KIT_H
#define TESTS_STORY_KIT_H

#include "measure/shard.h"
#include "plan/curve.h"
#include "run/story.h"

struct story_kit {
    struct plan *plan;
    struct curve curves[LINEUP_MAX];
    struct run_info info;
    struct story *story;
    struct ledger *ledger; /* the conductor's half: what judges */
    struct judge *judge;
    struct study *study; /* the conductor's, where a threshold asks for it */
    struct shard *shard; /* what the next tick brings */
    struct tick_rooms rooms;
    struct tick tick; /* its plain fields; t and active time are kept. VUs
                         of the only scenario are the run's */
    void (*tap)(const struct tick *t); /* sees each; NULL: nobody does */
};

/* The one that the tests of a program share. */
extern struct story_kit kit;
/* It is begun by each, with so many VUs, as the plan has it, and ended so
 * (cmocka's teardown). */
void story_kit_begin(const char *plan_text, uint32_t vus);
int story_kit_end(void **state);

/* From the text of a plan, whose first scenario runs. */
void story_kit_init(struct story_kit *k, const char *plan_text);
void story_kit_clear(struct story_kit *k);
/* n requests of a plan's request with this outcome, µs. */
void story_kit_requests(struct story_kit *k, unsigned request, unsigned status,
                        uint64_t duration_us, unsigned n);
/* Ticks of n such requests of the first one, of which so many are answered with
 * that status. */
void story_kit_feed(struct story_kit *k, unsigned ticks, unsigned n,
                    uint64_t duration_us, unsigned odd, unsigned status);
/* The load is set by hand. */
void story_kit_by_hand(struct story_kit *k, uint32_t vus);
/* One without response. */
void story_kit_refused(struct story_kit *k, unsigned request);
/* From the beginning: forty seconds of calm with 10 VUs, ten with 100 that
 * hurt, and back at 10 it goes on to hurt for so many ticks, and is well for so
 * many more. Load by hand; of the plan's first request. */
void story_kit_spike(struct story_kit *k, unsigned bad, unsigned good);
/* From the beginning: two seconds, too few to know what calm is, five with 100
 * VUs that hurt, and five with 10 that do not. */
void story_kit_early_spike(struct story_kit *k);
/* Twenty VUs by hand of a watched service with a limit of 800 MB, which takes
 * 41 MB, 2.1 more a minute, and up to so much more from second to second; then
 * the run drains. */
void story_kit_leak(struct story_kit *k, unsigned seconds, double up_to_mb);
/* Closes a tick of 100 ms with what the shard holds, and one event if text is
 * not NULL. */
void story_kit_tick(struct story_kit *k, const char *event_text);

#endif
