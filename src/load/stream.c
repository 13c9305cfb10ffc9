/* SPDX-License-Identifier: MIT
 *
 * stream - pooled, for a VU holds one only while its stream runs. */
#include "config.h"

#include "load/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

struct stream *stream_get(struct stream_pool *pool,
                          const struct request *request, mono_us began)
{
    struct stream *s = pool->free;

    if (s == NULL) {
        s = xcalloc(1, sizeof *s);
        sse_init(&s->sse, STREAM_DATA_MAX);
    } else {
        pool->free = s->next;
        sse_reset(&s->sse);
    }
    s->next = NULL;
    s->request = request;
    s->began = began;
    s->last = began;
    s->events = 0;
    s->until_seen = false;
    s->error_seen = false;
    s->first_seen = false;
    s->fed = 0;
    s->error[0] = '\0';
    if (request->n_checks > s->cap_checks) {
        s->by_check =
            xreallocarray(s->by_check, request->n_checks, sizeof *s->by_check);
        s->cap_checks = request->n_checks;
    }
    for (size_t i = 0; i < request->n_checks; i++) {
        s->by_check[i] = 0;
    }
    return s;
}

void stream_put(struct stream_pool *pool, struct stream **s)
{
    if (*s == NULL) {
        return;
    }
    (*s)->next = pool->free;
    pool->free = *s;
    *s = NULL;
}

void stream_pool_clear(struct stream_pool *pool)
{
    while (pool->free != NULL) {
        struct stream *s = pool->free;

        pool->free = s->next;
        sse_clear(&s->sse);
        free(s->by_check);
        free(s);
    }
}

static void stream_count(struct stream *s, const char *name)
{
    const struct request *r = s->request;

    for (size_t i = 0; i < r->n_checks; i++) {
        const char *want = r->checks[i].sse;

        if (want != NULL &&
            (strcmp(want, "*") == 0 || strcmp(want, name) == 0)) {
            s->by_check[i]++;
        }
    }
}

/* From the request to the first event, or the first of the name asked for. */
static void stream_first(struct stream *s, const char *name)
{
    const char *want = s->request->sse.first;

    if (!s->first_seen && (want == NULL || strcmp(want, name) == 0)) {
        s->first_seen = true;
        shard_sse_first(s->shard, s->request->index,
                        s->at > s->began ? s->at - s->began : 0);
    }
}

/* The same for the plan's own metrics. */
static void stream_feeds(struct stream *s, const char *name)
{
    const struct request *r = s->request;
    uint64_t bit = 1;

    for (size_t i = 0; i < r->n_feeds; i++) {
        const struct feed *f = &r->feeds[i];

        if (f->kind != FEED_SSE) {
            continue;
        }
        if ((s->fed & bit) == 0 && strcmp(f->name, name) == 0) {
            s->fed |= bit;
            shard_trend(s->shard, f->metric, r->index,
                        s->at > s->began ? s->at - s->began : 0);
        }
        bit <<= 1;
    }
}

static void stream_event(void *ctx, const struct sse_event *event)
{
    struct stream *s = ctx;
    const struct sse_rule *rule = &s->request->sse;

    stream_first(s, event->name);
    stream_feeds(s, event->name);
    if (s->events > 0) {
        shard_sse_gap(s->shard, s->request->index,
                      s->at > s->last ? s->at - s->last : 0);
    }
    s->events++;
    s->last = s->at;
    stream_count(s, event->name);
    if (rule->until != NULL && strcmp(rule->until, event->name) == 0) {
        s->until_seen = true;
    }
    if (rule->error != NULL && strcmp(rule->error, event->name) == 0 &&
        !s->error_seen) {
        s->error_seen = true;
        (void)snprintf(s->error, sizeof s->error, "%s", event->data);
    }
}

void stream_feed(struct stream *s, struct shard *shard, const char *data,
                 size_t n, mono_us at)
{
    s->shard = shard;
    s->at = at;
    sse_feed(&s->sse, data, n, stream_event, s);
}

bool stream_over(const struct stream *s)
{
    return s->until_seen || s->error_seen;
}

bool stream_whole(const struct stream *s, char *why, size_t size)
{
    const struct sse_rule *rule = &s->request->sse;

    if (s->error_seen) {
        (void)snprintf(why, size, "event '%s': %s", rule->error, s->error);
        return false;
    }
    if (rule->until != NULL && !s->until_seen) {
        (void)snprintf(why, size, "the stream ended without '%s'", rule->until);
        return false;
    }
    return true;
}
