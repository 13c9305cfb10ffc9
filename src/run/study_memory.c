/* SPDX-License-Identifier: MIT
 *
 * study_memory - the most of its limit that the service's memory was, and since
 * when it was over it. */
#include "config.h"

#include <string.h>

#include "run/study_internal.h"

/* When its memory went over its limit, in t: as it was told, so that both are
 * one moment; else as early as can be. */
static uint64_t memory_over_since(const struct tick *t)
{
    size_t i;

    for (i = 0; i < t->n_events; i++) {
        const struct event *e = &t->events[i];

        if (strcmp(e->type, "server") == 0 && strcmp(e->value, "over") == 0) {
            return e->t_us;
        }
    }
    return t->t_us - t->dt_us;
}

void study_weigh(struct study_memory *m, const struct tick *t)
{
    const struct tick_server *s = &t->server;
    double share =
        s->limit_bytes > 0 ? (double)s->rss_bytes / (double)s->limit_bytes : 0;

    if (!s->watched || !s->alive || s->rss_bytes == 0 || s->limit_bytes == 0) {
        return;
    }
    if (!m->seen || share > m->share) {
        m->share = share;
        m->bytes = s->rss_bytes;
        m->limit = s->limit_bytes;
    }
    m->seen = true;
    if (s->rss_bytes > s->limit_bytes) {
        m->first_us = m->over ? m->first_us : memory_over_since(t);
        m->last_us = t->t_us;
        m->over = true;
    }
}
