/* SPDX-License-Identifier: MIT
 *
 * events - what happened since the last tick, in order: collected by the
 * conductor's parts, shown by the tick, then forgotten. */
#ifndef RUN_EVENTS_H
#define RUN_EVENTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "run/tick.h"

/* All zero is an empty list. */
struct events {
    struct event *list; /* owned */
    size_t n, cap;
};

/* Adds one with an empty value and no flags set; text is made of fmt and made
 * safe to show. Borrowed until the next add. */
struct event *events_add(struct events *l, uint64_t t_us, const char *type,
                         const char *by, const char *fmt, ...)
    ATTR_PRINTF(5, 6);
/* Sets the machine-readable value, made safe to show. */
void event_set_value(struct event *e, const char *value);
/* Is it one more of the same: load set by the same person, of the same
 * scenario, within two seconds, and applied as asked? A burst of keys is told
 * in a line: what came of it, in so many steps. */
bool event_follows(const struct event *e, const struct event *before);
/* The stage of that scenario (index in the lineup, of n stages) that has begun
 * with it: its index; -1: none has. */
int event_stage(const struct event *e, size_t scenario, size_t n);
/* Empties it and keeps the memory. */
void events_reset(struct events *l);
void events_clear(struct events *l);

#endif
