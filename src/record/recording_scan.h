/* SPDX-License-Identifier: MIT
 *
 * recording_scan - how a run went whose end was not written: its ticks are read
 * as far as they can be, and told as a run's end would have told them. */
#ifndef RECORD_RECORDING_SCAN_H
#define RECORD_RECORDING_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "record/recording_meta.h"

enum recording_state {
    RECORDING_IS_WHOLE,
    RECORDING_IS_RUNNING, /* it is being written */
    RECORDING_IS_CUT,     /* it ends without an end */
    RECORDING_IS_DAMAGED, /* other bytes are in it than were written */
};
/* "whole", "running", "cut off", "damaged". */
const char *recording_state_name(enum recording_state s);

struct recording_in;
struct story;
/* Feeds all that can be read from where r is into s, and adds to *frames how
 * many there were. Where it is not whole e says where it ends. */
enum recording_state recording_feed(struct recording_in *r, struct story *s,
                                    uint64_t *frames, struct err *e);

/* Reads all of the recording at path. sum is of what could be read, *state says
 * how far that is. false: nothing can be; e says why. */
bool recording_scan(const char *path, struct recording_sum *sum,
                    enum recording_state *state, struct err *e) MUST_CHECK;

#endif
