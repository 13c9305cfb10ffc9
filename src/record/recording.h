/* SPDX-License-Identifier: MIT
 *
 * recording - a run as a file that is only ever added to: a frame a second
 * (run/frame.h, record/tick_code.h), packed by zstd, each block with its
 * checksum (doc/recording.md). What is fed here is merged and coded on the
 * caller's thread, some 0.1 ms a second; a thread of its own packs, writes and
 * flushes to disk, so that a slow disk delays nobody: while too much waits for
 * it, seconds are put together, which costs nothing but their grain. Where it
 * cannot go on it stops, and the run does not. Memory is bounded. No clock. */
#ifndef RECORD_RECORDING_H
#define RECORD_RECORDING_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "record/recording_meta.h"
#include "run/tick.h"

struct recording; /* opaque */

struct recording_config {
    const char *folder;          /* borrowed for the call: makes a file there,
                                    named by time, plan and scenario
                                    (record/recordings.h); NULL: path */
    const char *path;            /* of a file that is not there yet */
    const struct run_info *info; /* borrowed as long as the recording */
    bool hunt;
};

/* Makes the file, with all that is known before the first tick. */
bool recording_begin(const struct recording_config *c, struct recording **r,
                     struct err *e) MUST_CHECK;
/* Adds the next tick; t is borrowed for the call. */
void recording_tick(struct recording *r, const struct tick *t);
/* Has it stopped, since it was asked last? Then e says why. What was written
 * before stays readable. */
bool recording_stopped(struct recording *r, struct err *e) MUST_CHECK;
/* So many seconds were put together up to now. */
uint64_t recording_held_back(const struct recording *r);
/* Nothing more comes: writes the end, with what sum says but for frames,
 * held_back and lost, which are known here. Does not wait. */
void recording_end(struct recording *r, const struct recording_sum *sum);
/* After the end: waits until all is written, at most us microseconds. false: it
 * is not, and the disk has the rest still before it. */
bool recording_wait(struct recording *r, uint64_t us) MUST_CHECK;
/* Waits until all is written; of one without end, up to the last tick. *r may
 * be NULL. false: it had stopped, and nobody was told (recording_stopped). */
bool recording_close(struct recording **r, struct err *e);
/* For a process that is about to end while the disk hangs: waits for nothing.
 * What is written by then is there, as of a run that was killed; *r stays with
 * the thread that is at the disk, and is freed by nobody. */
void recording_abandon(struct recording **r);

#endif
