/* SPDX-License-Identifier: MIT
 *
 * recording_label - what people say of a recording: a name and a note. They
 * stand in the file itself, at a place of their own, so that they go where it
 * goes, and may be given while it is written or after it was cut off. */
#ifndef RECORD_RECORDING_LABEL_H
#define RECORD_RECORDING_LABEL_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"

#define RECORDING_NAME_MAX 64  /* bytes, with the NUL */
#define RECORDING_NOTE_MAX 384 /* the same */

/* "" = none; safe to show. */
struct recording_label {
    char name[RECORDING_NAME_MAX];
    char note[RECORDING_NOTE_MAX];
};

/* Is it a name: letters, digits, '-', '_' and '.', of which the first is no
 * '-' or '.', and neither a number nor "last", which mean other things? */
bool recording_name_ok(const char *name, struct err *e) MUST_CHECK;
/* Writes what *label says into the recording at path: NULL leaves that of the
 * two as it is, "" takes it off. What was there before stays readable whatever
 * happens meanwhile. */
bool recording_relabel(const char *path, const char *name, const char *note,
                       struct err *e) MUST_CHECK;

#endif
