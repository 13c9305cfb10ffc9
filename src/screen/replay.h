/* SPDX-License-Identifier: MIT
 *
 * replay - what a screen shows of a replay beside the run itself, and what its
 * keys ask of it. Plain data: who plays is elsewhere. */
#ifndef SCREEN_REPLAY_H
#define SCREEN_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct replay_now {
    bool paused;
    bool ended;    /* what is shown is the last moment there is */
    bool cut;      /* and the record was cut there: */
    char why[200]; /* safe to show */
    unsigned speed;
    uint64_t total_us; /* run time of the last moment there is */
    char what[128];    /* "2026-11-27 14:05 · nightly"; safe to show */
    unsigned notes;    /* how many answers there were so far */
    char note[200];    /* the last of them; safe to show */
};

enum replay_kind {
    REPLAY_PAUSE,  /* or goes on */
    REPLAY_FASTER, /* number: 1, or -1 for slower, 0 for real time */
    REPLAY_SKIP,   /* number: seconds forward or back */
    REPLAY_SEEK,   /* number: run time in µs */
    REPLAY_STEP,   /* number: 1 to the next stage of the scenario, -1 back */
    REPLAY_STAGE,  /* number: index of a stage of the scenario */
    REPLAY_MARK,   /* number: 1 to the next mark, -1 back */
    REPLAY_WRITE,  /* results JSON of the moment that is shown */
};

struct replay_ask {
    enum replay_kind kind;
    int64_t number;
    size_t scenario; /* index in the lineup */
};

/* Both are called on the screen's thread. */
struct replay_port {
    void (*now)(void *ctx, struct replay_now *out);
    void (*ask)(void *ctx, const struct replay_ask *ask);
    void *ctx; /* borrowed */
};

/* What the text of the prompt for a time asks for: "0:45", "1:02:03", "45",
 * "1m30s", "+10", "-1m". */
struct replay_time {
    bool ok;
    uint64_t us;   /* run time, no more than total */
    char text[96]; /* what is wrong, or what will happen */
};
struct replay_time replay_time(const char *text, uint64_t now_us,
                               uint64_t total_us);

#endif
