/* SPDX-License-Identifier: MIT
 *
 * hunt - an executor that finds the breaking point by itself: of each tick it
 * makes the load that should be asked for next. It goes to a load in 5 s at
 * most, lets insight/probe judge it, asks insight/search for the next one, and
 * after an overload rests at a fifth of it until the service is itself again.
 * Whenever the operator has the wheel (by hand, spike, hold, pause) it waits,
 * and begins its try anew when it gets it back. Pure: no clock, no posts. */
#ifndef RUN_HUNT_H
#define RUN_HUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "run/hunt_view.h"
#include "run/rules.h"
#include "run/tick.h"

#define HUNT_BUDGET_US (30 * 60 * UINT64_C(1000000))

struct hunt_config {
    const struct plan *plan; /* borrowed: names of what fails; NULL: none */
    /* What is asked; borrowed for the call of hunt_new. NULL: no rule is about
     * a part of the samples. */
    const struct lineup *lineup;
    struct rules rules;  /* hunt_limits: some */
    uint32_t start, max; /* loads, 1 <= start; max 0 = what the run may have */
    bool quick;
    uint64_t budget_us; /* active time; then it ends with what it knows */
};

/* How many of its rules are on latency, and a load can be held against: no
 * p100, and what the plan asks may have samples of it. */
size_t hunt_limits(const struct hunt_config *c);

/* Is that threshold of the plan one that loads can be held against? */
bool hunt_is_for(const struct plan *plan, const struct threshold *t);
/* Of each threshold of the plan: are loads held against it? Those are not of
 * which nothing that the lineup asks can be a sample, nor those beyond
 * RULES_MAX. are: as many as the plan has. */
void hunt_are_for(const struct plan *plan, const struct lineup *lineup,
                  bool *are);

/* Something to be told: the stuff of an event. */
struct hunt_news {
    char type[24]; /* "probe", "hunt" */
    char value[160];
    char text[256];
    bool bad;
};
#define HUNT_NEWS_MAX 4

struct hunt; /* opaque */

/* unit_us: of the scenario's rate, 0 = its load are VUs; max: what the run may
 * have. Owned by the caller. */
struct hunt *hunt_new(const struct hunt_config *config, uint32_t max,
                      uint64_t unit_us);
void hunt_free(struct hunt **h);
/* A tick, but for its hunt. */
void hunt_feed(struct hunt *h, const struct tick *t);
/* What is to be asked for now; 0 before the run begins. */
uint32_t hunt_load(const struct hunt *h);
/* Nothing is left to find: the run is to end. */
bool hunt_over(const struct hunt *h);
/* Found, or nothing to be found up to the highest load. */
bool hunt_answered(const struct hunt *h);
/* The answer so far in words, and why there is no better one if time was up. */
void hunt_text(const struct hunt *h, char *buf, size_t size);
/* For the tick. Probes, as news: those of the last feed; borrowed until the
 * next. */
struct tick_hunt hunt_view(const struct hunt *h);
const struct tick_probe *hunt_probes(const struct hunt *h, size_t *n);
const struct hunt_news *hunt_news(const struct hunt *h, size_t *n);

#endif
