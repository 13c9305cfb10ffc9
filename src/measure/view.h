/* SPDX-License-Identifier: MIT
 *
 * view - one selector followed over the run and over one sliding window, kept
 * up to date with each delta, so that a threshold is judged without adding up
 * all series again. Inside measure only. */
#ifndef MEASURE_VIEW_H
#define MEASURE_VIEW_H

#include "measure/cell.h"

/* A window moves in steps of a 200th of it or of a tick, whichever is longer,
 * so that it is this many parts at most. */
#define VIEW_PARTS 200u

struct view; /* opaque */

/* selector is borrowed and outlives the view; plan and lineup are borrowed
 * for the call. */
struct view *view_new(const struct plan *plan, const struct lineup *lineup,
                      const struct selector *selector, uint64_t window_us);
void view_free(struct view **v);
void view_feed(struct view *v, const struct delta *d, uint64_t active_us);
/* Does it follow this? */
bool view_is(const struct view *v, const struct selector *s,
             uint64_t window_us);
const struct match *view_match(const struct view *v);
const struct cell *view_run(const struct view *v);
const struct cell *view_window(const struct view *v);
/* Active time that the window holds now. */
uint64_t view_window_us(const struct view *v);
size_t view_bytes(const struct view *v);

#endif
