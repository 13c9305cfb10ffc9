/* SPDX-License-Identifier: MIT
 *
 * recording_meta - what is known of a recorded run without reading its ticks:
 * when, what, where, by which brunt; and, once it has ended, how it went. */
#ifndef RECORD_RECORDING_META_H
#define RECORD_RECORDING_META_H

#include <stdbool.h>
#include <stdint.h>

#include "base/wall.h"
#include "insight/verdict.h"
#include "run/story.h"

/* From the beginning on. Texts are safe to show. */
struct recording_meta {
    char version[32]; /* brunt's: "0.6.0" */
    uint64_t code;    /* TICK_CODE_VERSION of its ticks */
    struct wall began;
    char plan[128], scenario[128]; /* names */
    char target[256];              /* base URL, secrets masked */
    char machine[128];             /* the name of the one it ran on */
    char system[128];              /* "Linux 6.1.0 x86_64" */
    unsigned cores;                /* 0 = not known */
    uint64_t memory_bytes;         /* 0 = not known */
    bool hunt;                     /* a hunt made the load */
};

/* Of the end, or of what there is. */
struct recording_sum {
    uint64_t t_us;      /* run time: how long it was */
    uint64_t frames;    /* of it */
    uint64_t held_back; /* seconds that are part of a longer frame, since the
                           disk was slow */
    uint64_t lost;      /* frames that could not be written as such */
    uint32_t vus_peak;
    uint64_t requests, failed;
    uint64_t responses, p95_us; /* p95 of so many */
    enum run_status status;
    int exit_code;     /* -1: it has not ended */
    char outcome[256]; /* one line: why it ended */
    enum verdict_level level;
    char verdict[256]; /* one line */
    bool suspect;      /* the generator was, at some time */
};

/* Of a run that is to begin, on this machine. */
void recording_meta_of(const struct run_info *info, bool hunt,
                       struct recording_meta *m);
/* Of all that the story was fed; takes its lock. Leaves frames, held_back and
 * lost as they are. */
void recording_sum_of(struct story *s, struct recording_sum *sum);

#endif
