/* SPDX-License-Identifier: MIT
 *
 * tick_code - a tick as bytes and back, with its delta, verdicts, events,
 * health and scenarios: what goes to other processes and into recordings. Built
 * from record/code.h, so independent of the machine; of one version, which the
 * header of a run (record/info_code.h) names. Histograms are sparse: buckets as
 * differences, counts as they are.
 *
 * What is read may come from anywhere. It is held against the run that it is
 * said to be of: no index, count or histogram passes that the readers of a tick
 * (a story, a ledger) could not take; texts are made safe to show. */
#ifndef RECORD_TICK_CODE_H
#define RECORD_TICK_CODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "run/tick.h"

/* Of ticks and of the header. What was written by an older one than OLDEST, or
 * by a newer one, is refused. */
#define TICK_CODE_VERSION 15
#define TICK_CODE_OLDEST                                                       \
    14 /* 15: words of a hunt's rules, where flags say so */

bool tick_code_known(uint64_t version);

/* Appends t. false: out is full, and what it has of the tick is of no use. */
bool tick_encode(const struct tick *t, struct buf *out) MUST_CHECK;

/* A tick with all that it points to. Stays where it is. */
struct tick_read {
    struct tick tick; /* as story_feed takes it; valid until the clear */
    struct delta *delta;
    struct tick_within within;
    struct verdict *verdicts; /* owned, as the next */
    struct event *events;
    struct tick_probe *probes;
    struct tick_beat *beats;
    struct tick_part *parts;
};

/* Reads one tick that fills n bytes. info is borrowed until the clear:
 * verdicts point to its thresholds. false: it is none; nothing is to be
 * cleared. */
bool tick_decode(const struct run_info *info, const void *data, size_t n,
                 struct tick_read *out, struct err *e) MUST_CHECK;
void tick_read_clear(struct tick_read *r);

#endif
