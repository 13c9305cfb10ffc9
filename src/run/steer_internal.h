/* SPDX-License-Identifier: MIT
 *
 * steer_internal - what steer.c (time) and steer_command.c (commands) share. */
#ifndef RUN_STEER_INTERNAL_H
#define RUN_STEER_INTERNAL_H

#include "run/steer.h"

/* What undo brings back. */
struct steer_load {
    bool manual;    /* false: as the plan says */
    uint32_t level; /* manual */
};

struct steer {
    struct steer_config config;
    enum load_phase phase;
    bool started;     /* the run is; the scenario may have to wait */
    bool wait_going;  /* false while paused or held */
    mono_us wait_end; /* wait_going */
    uint64_t wait_us; /* left of startTime; !wait_going */
    bool paused, held;
    mono_us paused_at;
    /* The stage clock is now - origin while it goes, else stood_us. A jump to
     * a later point than the machine has been up makes origin wrap: all
     * arithmetic on it is modulo 2^64, never a comparison. */
    bool going;
    mono_us origin;
    uint64_t stood_us;
    size_t stage; /* last one that was told */
    bool told;    /* the first one was */
    bool led;     /* the plan's level is `lead`, not the curve's */
    uint32_t lead;
    struct steer_load load; /* under a spike, too */
    bool spike;
    uint32_t spike_level;
    bool spike_going;  /* false while paused */
    mono_us spike_end; /* spike_going; else the moment the last one ended */
    uint64_t spike_left_us; /* !spike_going */
    unsigned waiting;       /* spikes that come after it */
    struct steer_load undo[STEER_UNDO_MAX];
    size_t n_undo;
    struct desired desired;
};

/* The stage clock at now. */
uint64_t steer_clock(const struct steer *s, mono_us now);
/* Level asked for, as if the run went on. */
uint32_t steer_wanted(const struct steer *s, mono_us now);
/* n clamped to what may be asked for. */
uint32_t steer_clamp(const struct steer *s, int64_t n);

/* After any change: lets clocks go or stand as the state says, and makes the
 * desired state. */
void steer_settle(struct steer *s, mono_us now);
/* Moves the stage clock. */
void steer_move(struct steer *s, mono_us now, uint64_t clock_us);
/* Begins a spike at a moment; false, and nothing changed, when there is no load
 * to multiply. Fills n. */
bool steer_spike_begin(struct steer *s, mono_us at, struct steer_news *n);
void steer_spike_clear(struct steer *s);

void steer_news_init(struct steer_news *n, const char *type);
/* What does not let the level be higher. */
const char *steer_limit_text(const struct steer *s);
/* The scenario begins: its stage clock goes from where it stands. */
void steer_begin(struct steer *s, mono_us at);
/* "63 VUs by hand (plan 50)", "the plan's 50 it/s". */
void steer_tell_load(const struct steer *s, mono_us now, char *buf,
                     size_t size);
/* "stage 2/6 spike". */
void steer_tell_stage(const struct steer *s, size_t stage, char *buf,
                      size_t size);

#endif
