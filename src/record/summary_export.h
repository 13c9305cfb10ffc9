/* SPDX-License-Identifier: MIT
 *
 * summary_export - the file that k6's --summary-export writes, for scripts that
 * people have (https://grafana.com/docs/k6/latest/results-output/end-of-test/).
 * Its booleans of thresholds mean the opposite of what they seem: true is
 * FAILED; kept as it is, because readers rely on it. */
#ifndef RECORD_SUMMARY_EXPORT_H
#define RECORD_SUMMARY_EXPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"
#include "run/story.h"

/* The file as text, owned by the caller. Takes the story's lock. */
char *summary_export_text(struct story *s);
/* At the end of a run, as results_write_final; its name in the folder tmp ends
 * in ".summary.json". */
bool summary_export_write_final(struct story *s, const char *path,
                                const char *tmp, char *where, size_t size,
                                struct err *e) MUST_CHECK;

#endif
