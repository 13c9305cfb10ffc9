/* SPDX-License-Identifier: MIT
 *
 * stream - one event stream under way: counts its events, measures the time
 * between them, and knows whether its last one came. */
#ifndef LOAD_STREAM_H
#define LOAD_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clk.h"
#include "load/sse.h"
#include "measure/shard.h"
#include "plan/request.h"

/* What is kept of an event's data: enough to say what an error was. */
#define STREAM_DATA_MAX 512u

struct stream {
    const struct request *request; /* borrowed */
    struct sse sse;
    mono_us began, last; /* of the request; of the newest event */
    uint64_t events;
    bool until_seen, error_seen, first_seen;
    char error[160];    /* beginning of the error event's data; hostile */
    uint64_t *by_check; /* owned: events that each of the request's checks
                           asks for */
    size_t cap_checks;
    uint64_t fed;        /* a bit for each of the request's FEED_SSE, in
                            their order: its event has come */
    struct shard *shard; /* while it is fed */
    mono_us at;          /* of the piece that is fed */
    struct stream *next; /* in the pool */
};

struct stream_pool {
    struct stream *free;
};

/* A stream of a request that begins now; given back by stream_put. */
struct stream *stream_get(struct stream_pool *pool,
                          const struct request *request, mono_us began);
/* Gives *s back and sets it to NULL; *s may be NULL. */
void stream_put(struct stream_pool *pool, struct stream **s);
void stream_pool_clear(struct stream_pool *pool);

/* A piece of the body that arrived at `at`; times go into shard. */
void stream_feed(struct stream *s, struct shard *shard, const char *data,
                 size_t n, mono_us at);
/* Nothing that matters can follow: its last event or its error came. */
bool stream_over(const struct stream *s);
/* The response has ended: was the stream whole? false: why, one line. */
bool stream_whole(const struct stream *s, char *why, size_t size);

#endif
