/* SPDX-License-Identifier: MIT
 *
 * info_code - what stays the same over a run (struct run_info) as bytes and
 * back: the header that the ticks of a stream or a recording need. Of the plan
 * it has what those need who read ticks: names, methods, groups, tags and
 * checks of requests, metrics, thresholds, variables with secrets masked, and
 * the scenarios that run. It has no URL, header, body or data, and nothing can
 * be sent with it. */
#ifndef RECORD_INFO_CODE_H
#define RECORD_INFO_CODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "run/tick.h"

/* Appends it. false: out is full. */
bool info_encode(const struct run_info *info, struct buf *out) MUST_CHECK;

/* A run as its ticks need it, without the run. */
struct info_read {
    struct run_info info; /* borrowed until the clear; points into this */
    struct plan *plan;    /* owned, as the next two */
    struct lineup *lineup;
    struct curve curves[LINEUP_MAX];
    size_t n_curves;
};

/* Reads what fills n bytes, from anywhere: what does not fit together, or is of
 * another version, is refused. false: nothing is to be cleared. */
bool info_decode(const void *data, size_t n, struct info_read *out,
                 struct err *e) MUST_CHECK;
void info_read_clear(struct info_read *r);

#endif
