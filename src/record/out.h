/* SPDX-License-Identifier: MIT
 *
 * out - a stream of a run's figures to somewhere else, while it runs: --out.
 * Ticks become seconds on the caller's thread (record/relay.h), some 0.1 ms a
 * second; a thread of its own puts them into the receiver's words
 * (record/out_kind.h) and sends them, so that a receiver that is slow, hangs or
 * is gone delays nobody. What waits is bounded: beyond that, seconds are put
 * together, which costs nothing but their grain. What does not arrive is tried
 * again, after 0.25 s, and twice that each time up to 5 s, or when the receiver
 * says (up to 30 s); after a minute, or when it is stopped, it is dropped and
 * counted. */
#ifndef RECORD_OUT_H
#define RECORD_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "record/out_kind.h"
#include "run/output.h"
#include "run/tick.h"

struct out; /* opaque */

/* NULL: e says why. */
struct out *out_new(const struct out_kind *kind, const struct out_config *c,
                    struct err *e) MUST_CHECK;
/* Adds the next tick; t is borrowed for the call. One thread for this and all
 * that follows. */
void out_tick(struct out *o, const struct tick *t);
/* Takes the next thing that is to be told, if there is one: it cannot be
 * reached, works again, refuses, has died, or points do not fit into what it
 * takes (record/out_words.h says how often). To be called until it is false. */
bool out_news(struct out *o, char *text, size_t size);
/* No tick comes any more. Does not wait; tries go on. */
void out_end(struct out *o);
/* After the end: nothing waits any more. */
bool out_over(struct out *o);
/* No further try: waits for the one that goes on, which is ended. What is left
 * is dropped and counted. */
void out_stop(struct out *o);
void out_status(struct out *o, struct output *s);
/* The same as out_stop first. *o may be NULL. */
void out_free(struct out **o);

#endif
