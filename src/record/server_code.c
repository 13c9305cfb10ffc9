/* SPDX-License-Identifier: MIT
 *
 * server_code - what is seen of the service itself, as bytes. */
#include "config.h"

#include <math.h>

#include "record/tick_code_internal.h"

/* A second has ten ticks; of a machine that was slow, fewer. */
#define SEEN_TICKS_MAX 1000000

void server_seen_encode(struct buf *b, const struct server_seen *s)
{
    size_t i;

    code_put(b, s->rss_bytes);
    code_put(b, s->cpu_n);
    if (s->cpu_n > 0) {
        code_put_double(b, s->cpu_sum);
    }
    code_put(b, s->others);
    for (i = 0; i < SERVER_OTHERS_MAX; i++) {
        if (server_seen_other(s, i)) {
            code_put_double(b, s->other[i]);
        }
    }
}

void server_seen_decode(struct code_in *in, struct server_seen *s)
{
    size_t i;

    s->rss_bytes = code_get(in, UINT64_MAX / 4, "the server's memory");
    s->cpu_n = (uint32_t)code_get(in, SEEN_TICKS_MAX, "the server's CPU");
    if (s->cpu_n > 0) {
        s->cpu_sum = code_get_double(in, "the server's CPU");
    }
    s->others = (uint32_t)code_get(in, (1u << SERVER_OTHERS_MAX) - 1,
                                   "the server's series");
    for (i = 0; i < SERVER_OTHERS_MAX; i++) {
        if (server_seen_other(s, i)) {
            s->other[i] = code_get_double(in, "the server's series");
        }
    }
}

/* What is not known is not written. */
void server_encode(struct buf *b, const struct tick_server *s)
{
    bool cpu = isfinite(s->cpu);
    uint64_t others = 0;
    size_t i;

    code_put(b, (s->watched ? 1u : 0) | (s->alive ? 2u : 0) | (cpu ? 4u : 0));
    if (!s->watched) {
        return;
    }
    code_put(b, s->rss_bytes);
    code_put(b, s->limit_bytes);
    if (cpu) {
        code_put_double(b, s->cpu);
    }
    for (i = 0; i < SERVER_OTHERS_MAX; i++) {
        others |= isfinite(s->other[i]) ? UINT64_C(1) << i : 0;
    }
    code_put(b, others);
    for (i = 0; i < SERVER_OTHERS_MAX; i++) {
        if (isfinite(s->other[i])) {
            code_put_double(b, s->other[i]);
        }
    }
}

void server_decode(struct code_in *in, struct tick_server *s)
{
    uint64_t flags = code_get(in, 7, "the server's flags"), others;
    size_t i;

    if ((flags & 1) == 0) {
        return;
    }
    tick_server_clear(s);
    s->watched = true;
    s->alive = (flags & 2) != 0;
    s->rss_bytes = code_get(in, UINT64_MAX / 4, "the server's memory");
    s->limit_bytes = code_get(in, UINT64_MAX / 4, "the server's memory");
    if ((flags & 4) != 0) {
        s->cpu = code_get_double(in, "the server's CPU");
    }
    others = code_get(in, (1u << SERVER_OTHERS_MAX) - 1, "the server's series");
    for (i = 0; i < SERVER_OTHERS_MAX; i++) {
        if ((others >> i & 1) != 0) {
            s->other[i] = code_get_double(in, "the server's series");
        }
    }
}
