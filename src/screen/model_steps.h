/* SPDX-License-Identifier: MIT
 *
 * model_steps - what a picture shows of the hunt: the steps of the load, the
 * recovery, the trends, and the figures between the two last marks. Part of a
 * model. */
#ifndef SCREEN_MODEL_STEPS_H
#define SCREEN_MODEL_STEPS_H

#include "base/num.h"
#include "measure/stretch.h"
#include "run/command.h"
#include "run/story.h"

enum { MODEL_STEPS_MAX = 64 }; /* newest plateaus that are kept */

struct model_step {
    struct plateau p;
    char broken[RULE_TEXT_MAX]; /* the rule that it breaks; "" = none */
    char over[RULE_TEXT_MAX];   /* the same without its value */
    bool p95_over, failed_over; /* it is on the p95 of all requests; on how
                                   many of them failed */
    char after[64]; /* load of an overload that it still recovers from; "" */
    char more[64];  /* flat: load of that which it is held against; "" */
    bool best, first_bad, good; /* see struct bracket */
    bool open;                  /* it goes on */
};

struct model_steps {
    struct model_step list[MODEL_STEPS_MAX]; /* oldest first */
    size_t n, n_all;
    char unit[NUM_MAX]; /* of their load */
    char line[200];     /* what they say together; "" = nothing yet */
    char scaling[200],
        suspect[200];              /* throughput, Little's law; "" = nothing */
    char answer[200];              /* where it breaks, or that it does not; "" =
                                      nothing can be said yet */
    bool broke;                    /* it does */
    bool hunts;                    /* a hunt goes on: answer says how far */
    char breaks[240];              /* with its evidence; "" = not sure of it */
    bool still;                    /* the load is constant */
    uint64_t since_us, settled_us; /* for so long; and so much of it counts */
    bool recovery;                 /* one is worth showing: */
    struct recovery_episode episode;
    /* The same, shorter and shorter: with its loads, with its time, without. */
    char recovery_which[160], recovery_brief[48], recovery_short[32];
    char recovery_state[200], recovery_terms[240];
    size_t n_trends; /* 0 = too early, or the load never stays the same */
    char trends_of[96];
    char trends[SOAK_SERIES][160];
    enum trend_state trend_states[SOAK_SERIES];
    bool marks; /* there are two: */
    uint64_t mark_from_us, mark_to_us;
    char mark_from[40], mark_to[40]; /* their words, escaped */
    bool between_any;
    struct stretch between; /* figures of the time between them */
};

/* Under the story's lock. between is kept where the marks are the same. */
void model_steps_take(struct model_steps *m, const struct story *st);

#endif
