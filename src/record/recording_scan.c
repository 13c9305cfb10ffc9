/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/recording_scan.h"

#include "base/must.h"
#include "record/recording_in.h"

const char *recording_state_name(enum recording_state s)
{
    switch (s) {
    case RECORDING_IS_WHOLE:
        return "whole";
    case RECORDING_IS_RUNNING:
        return "running";
    case RECORDING_IS_CUT:
        return "cut off";
    case RECORDING_IS_DAMAGED:
        return "damaged";
    }
    MUST(!"a state of a recording");
    return "";
}

enum recording_state recording_feed(struct recording_in *r, struct story *s,
                                    uint64_t *frames, struct err *e)
{
    struct tick_read t;
    int got;

    while ((got = recording_next(r, &t, e)) == 1) {
        story_feed(s, &t.tick);
        tick_read_clear(&t);
        (*frames)++;
    }
    return got == 0               ? RECORDING_IS_WHOLE
           : recording_damaged(r) ? RECORDING_IS_DAMAGED
           : recording_live(r)    ? RECORDING_IS_RUNNING
                                  : RECORDING_IS_CUT;
}

bool recording_scan(const char *path, struct recording_sum *sum,
                    enum recording_state *state, struct err *e)
{
    struct recording_in *r = recording_open(path, e);
    struct story *s;
    uint64_t frames = 0;

    if (r == NULL) {
        return false;
    }
    s = story_new(recording_info(r));
    *state = recording_feed(r, s, &frames, NULL);
    *sum = (struct recording_sum){.frames = frames};
    recording_sum_of(s, sum);
    if (*state == RECORDING_IS_WHOLE && recording_sum(r) != NULL) {
        *sum = *recording_sum(r);
    }
    story_free(&s);
    recording_shut(&r);
    return true;
}
