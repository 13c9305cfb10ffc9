/* SPDX-License-Identifier: MIT
 *
 * baseline_internal - what the reader of a baseline and what is done with it
 * share. */
#ifndef RECORD_BASELINE_INTERNAL_H
#define RECORD_BASELINE_INTERNAL_H

#include "base/json.h"
#include "record/baseline.h"

/* A text being read. */
struct baseline_in {
    const char *text; /* borrowed */
    size_t n;
    const char *file; /* borrowed: its name */
    struct err *err;
};

/* Fills b, which is all zero but for its file. false: the error says why; b is
 * to be freed all the same. */
bool baseline_fill(struct baseline_in *in, const cJSON *root,
                   struct baseline_run *b) MUST_CHECK;
/* Adds to an error what to do. */
void baseline_hint(struct err *e);

#endif
