/* SPDX-License-Identifier: MIT
 *
 * vu - one virtual user as a state machine: runs iteration after iteration of
 * its script for as long as its owner lets it begin another. Numbers, chance,
 * variables and connections are its own. Never calls itself: what takes no time
 * goes on through the timers, so that no VU holds the loop. */
#ifndef LOAD_VU_H
#define LOAD_VU_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clk.h"
#include "base/rng.h"
#include "load/action.h"
#include "load/errand.h"
#include "load/crew.h"
#include "load/steps.h"
#include "load/timers.h"

struct vu;

/* How an iteration ended. */
struct vu_end {
    bool whole; /* false: cut off */
    bool setup; /* it was none, but the VU's own setup */
    uint64_t took_us;
    const struct request *request; /* it was cut off in; NULL: in none */
    bool sent;                     /* some of that request had gone out */
};

/* Who decides about a VU. Both may drain, cut or switch off the VU itself. */
struct vu_owner {
    /* May the next iteration begin now? true commits to it. false: the VU
     * waits until vu_go is called again. */
    bool (*may_begin)(void *ctx, struct vu *vu);
    void (*ended)(void *ctx, struct vu *vu, const struct vu_end *end);
    /* The same as may_begin for the VU's own setup (vu_setup), which comes
     * before its first iteration. NULL: these VUs have none. */
    bool (*may_set_up)(void *ctx, struct vu *vu);
    /* A request is over; false ends the iteration there. NULL = go on. */
    bool (*asked)(void *ctx, struct vu *vu, const struct errand *e);
    void *ctx; /* borrowed */
};

struct vu {
    unsigned magic;
    uint32_t number;
    size_t place;      /* the owner's */
    struct crew *crew; /* borrowed, as the owner */
    const struct vu_owner *owner;
    bool on;           /* has a port, and may run */
    bool running;      /* in an iteration, or in its own setup */
    bool setting_up;   /* in the latter */
    bool set_up;       /* it has passed: its variables are the VU's for life */
    bool setup_failed; /* this time */
    bool draining;     /* this iteration is its last */
    bool yielded;      /* the iteration has waited for something */
    bool waiting;      /* between two iterations, for the next turn */
    char uuid[37];     /* for its whole life */
    uint64_t iter;     /* of the next iteration, from 0; goes on when the VU is
                          switched on again */
    mono_us began;     /* this iteration */
    bool timed;        /* its requests are timed from when they were due, too */
    bool pending;      /* timed: an iteration is due, and waits for its setup */
    mono_us due;       /* timed: when the iteration that begins next was; 0 once
                          its first request is out */
    struct rng rng;
    const struct flow *flow; /* borrowed: of its iterations */
    struct steps steps;
    struct script script;
    struct timer timer; /* think time; the next turn; closing the port */
    struct timer cut;   /* when draining has taken too long */
    struct jar *base; /* owned: the cookies that its own setup left, with which
                         each iteration begins; NULL = none */
    struct jar *jar;  /* owned: its cookies; NULL = none */
    char **vars;      /* owned: plan->n_vars */
    uint32_t *rows;   /* owned: plan->n_feeds, what this iteration has of each
                         data file; NULL when there are none */
    struct errand errand;
};

/* A VU that is off; the same seed and number make the same choices. Owned by
 * the caller. */
struct vu *vu_new(struct crew *crew, const struct vu_owner *owner,
                  const struct flow *flow, uint32_t number);
/* Closes its port without telling anybody. */
void vu_free(struct vu **v);

/* Opens its port, begins with setup's variables, or goes on with its own when
 * its own setup has passed. It is off. */
void vu_on(struct vu *v);
/* It has no iteration; closes its port at the next turn, for this may be said
 * from inside an exchange's end. */
void vu_off(struct vu *v);
/* Takes a row of each data file that what comes next uses; said by the owner's
 * may_begin and may_set_up. false: there is none, so it must not begin. */
bool vu_take_rows(struct vu *v);
/* On, and in no iteration: asks the owner whether to begin one. */
void vu_go(struct vu *v);
/* This iteration is its last, and is cut off at deadline. */
void vu_drain(struct vu *v, mono_us deadline);
/* It goes on after all. */
void vu_undrain(struct vu *v);
/* Ends the iteration here; the owner is told. Not from inside an exchange. */
void vu_cut(struct vu *v);

#endif
