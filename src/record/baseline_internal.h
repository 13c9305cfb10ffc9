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

/* Beyond any run, and safe in µs; and beyond any figure of one. */
#define BASELINE_SECONDS_MAX 1e9
#define BASELINE_VALUE_MAX   1e12

/* Fills b, which is all zero but for its file. false: the error says why; b is
 * to be freed all the same. */
bool baseline_fill(struct baseline_in *in, const cJSON *root,
                   struct baseline_run *b) MUST_CHECK;
/* Its request names, with what they have over time (baseline_names.c). */
bool baseline_names(struct baseline_in *in, const cJSON *root,
                    struct baseline_run *b) MUST_CHECK;
/* Its windows, if it has any (baseline_windows.c). */
bool baseline_windows(struct baseline_in *in, const cJSON *root,
                      struct baseline_run *b) MUST_CHECK;
/* Figures of the whole run, of what has "metrics" at that path. */
bool baseline_figures(struct baseline_in *in, const cJSON *of, const char *path,
                      struct baseline_figures *out) MUST_CHECK;

/* Piece by piece (baseline_in.c). Where one fails the error says so, out is
 * untouched. Adds to an error what to do. */
void baseline_hint(struct err *e);
/* What is wrong at a place, path as json_path writes it. Returns false. */
bool baseline_wrong(struct baseline_in *in, const char *path, const char *fmt,
                    ...) ATTR_PRINTF(3, 4);
/* "an array", "null": what was found. */
const char *baseline_kind(const cJSON *v);
const cJSON *baseline_get(const cJSON *o, const char *key);
/* Owned by the caller. */
bool baseline_string(struct baseline_in *in, const cJSON *o, const char *key,
                     const char *path, char **out) MUST_CHECK;
/* A number 0..most, or null (or nothing) as NAN where that may be. */
bool baseline_figure(struct baseline_in *in, const cJSON *v, const char *path,
                     bool may_be_null, double most, double *out) MUST_CHECK;
bool baseline_number(struct baseline_in *in, const cJSON *v, const char *path,
                     double most, double *out) MUST_CHECK;
/* The array at o's key, of at most so many elements; NULL on failure. */
const cJSON *baseline_array(struct baseline_in *in, const cJSON *o,
                            const char *key, const char *path, int most);
/* The moments of a series, rising, µs, and how far they are apart. Owned by the
 * caller; NULL on failure. */
uint64_t *baseline_times(struct baseline_in *in, const cJSON *o,
                         const char *path, size_t *n, double *interval_s);
/* o's array at key: a value for each of the n moments, NAN where it has none.
 * Owned by the caller. */
bool baseline_values(struct baseline_in *in, const cJSON *o, const char *path,
                     const char *key, size_t n, double **out) MUST_CHECK;

#endif
