/* SPDX-License-Identifier: MIT
 *
 * earlier - the earlier run that a word of the command line means: a file with
 * results or with a recording, or a recording as brunt runs lists it. */
#ifndef CLI_EARLIER_H
#define CLI_EARLIER_H

#include "base/attr.h"
#include "base/err.h"

struct baseline_run;

/* A file of that name comes before "last", a number and a name. Of a recording
 * that is damaged what is before that; standard error is told. NULL: e says
 * why. Owned by the caller (baseline_free). */
struct baseline_run *earlier_read(const char *what, struct err *e) MUST_CHECK;

#endif
