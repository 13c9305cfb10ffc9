/* SPDX-License-Identifier: MIT
 *
 * json_line - what lines of k6's NDJSON are made of, for the kinds of --out
 * that write it. */
#ifndef RECORD_JSON_LINE_H
#define RECORD_JSON_LINE_H

#include <stdbool.h>

#include "base/buf.h"
#include "plan/plan.h"
#include "record/points.h"

/* The tags of a point as an object; owned by the caller. */
char *json_line_tags(const struct point *p);
/* Adds the line of type Metric of a point's metric, if it is not known yet, by
 * metric; what does not fit is left out, to come later. */
void json_line_metric(struct buf *out, const struct plan *plan,
                      const struct point *p, bool *known);

#endif
