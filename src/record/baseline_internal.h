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
/* Its windows, if it has any (baseline_windows.c). */
bool baseline_windows(struct baseline_in *in, const cJSON *root,
                      struct baseline_run *b) MUST_CHECK;
/* Adds to an error what to do. */
void baseline_hint(struct err *e);
/* What is wrong at a place, path as json_path writes it. Returns false. */
bool baseline_wrong(struct baseline_in *in, const char *path, const char *fmt,
                    ...) ATTR_PRINTF(3, 4);
/* A number 0..most; else it is wrong. */
bool baseline_number(struct baseline_in *in, const cJSON *v, const char *path,
                     double most, double *out) MUST_CHECK;

#endif
