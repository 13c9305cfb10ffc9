/* SPDX-License-Identifier: MIT
 *
 * model - what kind of service the target plays: the keys of --model, read
 * from text, listed for help. model.def is the table. No I/O. */
#ifndef TARGET_MODEL_H
#define TARGET_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

/* A stretch of time in seconds after the start; to_s <= from_s: never. */
struct target_span {
    double from_s;
    double to_s; /* HUGE_VAL: to the end */
};

#define MODEL_TYPE_WHOLE uint64_t
#define MODEL_TYPE_REAL  double
#define MODEL_TYPE_SPAN  struct target_span

/* Units are the rows' of model.def. */
struct target_model {
#define MODEL(key, type, low, high, def, unit, help) MODEL_TYPE_##type key;
#include "target/model.def"
#undef MODEL
};

/* One row for help and man page; all strings are constants. */
struct target_key {
    const char *key;
    const char *range; /* "1-100000", "FROM-TO" */
    const char *def;   /* the default as it would be written */
    const char *unit;  /* "" = a plain number */
    const char *help;  /* one phrase, at most 60 columns */
};

/* All rows in the table's order; their number into *n. */
const struct target_key *target_keys(size_t *n);

/* The defaults. */
void target_model_init(struct target_model *m);

/* Changes the keys that text names, as in "places=10,service_ms=80", and
 * leaves the others alone; "" changes nothing. Spaces around a key or a value
 * do not count. A key may stand once. false: *m is untouched, and *e (where:
 * "--model") says which key or value it was and what is allowed. */
bool target_model_parse(struct target_model *m, const char *text,
                        struct err *e) MUST_CHECK;

#endif
