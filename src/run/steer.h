/* SPDX-License-Identifier: MIT
 *
 * steer - the heart of a run: what should be true of the load of one scenario
 * at a moment, and what a command makes of it. Stage clock, modes (the plan's,
 * by hand, spike), pause and hold, undo. The load is a level: VUs, or a rate of
 * arrival (run/level.h). Pure: time is passed in, nothing is read or posted;
 * one thread. */
#ifndef RUN_STEER_H
#define RUN_STEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clk.h"
#include "load/desired.h"
#include "plan/curve.h"
#include "run/command.h"

#define STEER_UNDO_MAX    20 /* changes that can be undone */
#define STEER_SPIKES_MAX  9  /* spikes that may wait for their turn */
#define STEER_SPIKE_TIMES 3u /* a spike is so many times the load */
#define STEER_SPIKE_US                                                         \
    (10 * US_PER_SEC) /* real time, not the stage clock's                      \
                       */
#define STEER_BACK_US                                                          \
    (2 * US_PER_SEC) /* so long after a stage's start                          \
                        "previous" goes one further back */

struct steer_config {
    const struct curve *curve; /* borrowed, outlives the steer */
    uint64_t graceful_stop_us, graceful_ramp_down_us;
    uint32_t max_vus;  /* never more than these, whatever the level */
    const char *limit; /* what sets max_vus: "descriptor limit", "--max-vus";
                          borrowed */
};

/* What a command did, or what came about by itself: the stuff of an event. */
struct steer_news {
    const char *type; /* static: a command's name, "stage", "spike", "end" */
    bool ok;          /* false: refused, nothing changed */
    bool load;        /* the operator's load changed */
    bool clamped;     /* less than what was asked for */
    char value[32];   /* "80", "on", "3" */
    char text[200];   /* for people; safe to show */
};

/* The state of things at a moment. */
struct steer_view {
    enum load_phase phase;
    bool waiting; /* the run has begun, the scenario has not: startTime */
    bool paused, held, manual, spike;
    uint64_t starts_in_us;  /* LOAD_WAIT: what is left of startTime */
    uint64_t clock_us;      /* stage clock, scaled plan time */
    uint64_t left_us;       /* of it until the end, what is left of startTime
                               before; UINT64_MAX = no end */
    size_t stage;           /* index in the curve */
    uint64_t spike_left_us; /* real time */
    unsigned spikes_waiting;
    uint32_t wanted;  /* level asked for; 0 outside LOAD_RUN */
    uint32_t asked;   /* LOAD_WAIT: level set by hand, for its begin; else 0 */
    uint32_t planned; /* by the curve at the stage clock; 0 outside LOAD_RUN */
};

struct steer; /* opaque */

/* In phase LOAD_WAIT. Owned by the caller. */
struct steer *steer_new(const struct steer_config *config);
void steer_free(struct steer **s);

/* The run begins: the stage clock goes (unless paused or held before), after
 * the curve's startTime, whose clock hold and pause stop as well. Once, in
 * LOAD_WAIT. */
void steer_start(struct steer *s, mono_us now);
/* From now on somebody else than the curve says what the plan's level is: a
 * hunt. By hand and spike stand over it as over the curve. */
void steer_lead(struct steer *s, mono_us now, uint32_t level);
/* Ends the load: running iterations end, or are cut off. Later ends than the
 * first may only be harder. */
void steer_drain(struct steer *s, mono_us now);
void steer_cut(struct steer *s, mono_us now);
/* The process stood still for the us before now: neither the stage clock nor a
 * spike went on meanwhile. */
void steer_gap(struct steer *s, mono_us now, uint64_t us);
/* What else the run leaves of VUs; lowers or lifts max_vus. Only for a level of
 * VUs. */
void steer_limit(struct steer *s, mono_us now, uint32_t max_vus,
                 const char *limit);

/* Applies a command at now (everything due by then first: steer_due) and says
 * in n what was applied. COMMAND_STOP drains, COMMAND_CUT cuts. MARK and WRITE
 * are not of the load: not for here. */
void steer_command(struct steer *s, mono_us now, const struct command *cmd,
                   struct steer_news *n);

/* Makes the earliest change that is due by now and fills n; false when there is
 * none. Call until false. Changes are the scenario begun, a stage begun, a
 * spike begun or over, and the end of the curve, which drains. */
bool steer_due(struct steer *s, mono_us now, struct steer_news *n);
/* When the next change is due if no command comes; UINT64_MAX = never. */
mono_us steer_next(const struct steer *s);

/* What workers are to be told; its revision rises with each change. Borrowed,
 * changes with each call above. */
const struct desired *steer_desired(const struct steer *s);
struct steer_view steer_view(const struct steer *s, mono_us now);

#endif
