/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/model_server.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "run/study_trend.h"
#include "screen/model_internal.h"

/* Before it is over, memory and CPU may just not have been told yet. */
#define SERVER_PATIENCE_US (10 * UINT64_C(1000000))
/* A scale reaches as far as a limit that is no more than so many times what
 * there is: beyond, growth would be a line at the bottom. */
#define SERVER_NEAR 2

bool model_gauge_seen(const struct model_gauge *g, const struct server_seen *s,
                      double *v)
{
    size_t other = g->which - GAUGE_OTHERS;

    switch (g->which) {
    case GAUGE_MEMORY:
        *v = (double)s->rss_bytes;
        return s->rss_bytes > 0;
    case GAUGE_CPU:
        *v = s->cpu_n > 0 ? server_seen_cpu(s) : 0;
        return s->cpu_n > 0;
    default:
        *v = s->other[other];
        return server_seen_other(s, other);
    }
}

/* What was ever seen: each slot is looked at once, but for the last, which is
 * still being filled. */
static void server_look(struct model_source *s, const struct series *series)
{
    size_t n = series_count(series), i;

    if (s->server_slots > n) {
        s->server_slots = 0; /* they were merged */
    }
    if (!s->memory_seen && !s->cpu_seen && s->server_slots == 0) {
        s->server_first_us = UINT64_MAX;
    }
    for (i = s->server_slots; i < n; i++) {
        const struct slot *slot = series_slot(series, i);

        s->memory_seen = s->memory_seen || slot->server.rss_bytes > 0;
        s->cpu_seen = s->cpu_seen || slot->server.cpu_n > 0;
        if (server_seen_any(&slot->server) &&
            slot->start_us < s->server_first_us) {
            s->server_first_us = slot->start_us;
        }
    }
    s->server_slots = n > 0 ? n - 1 : 0;
}

static struct model_gauge *server_add(struct model_server *v, unsigned which,
                                      const char *name, enum server_unit unit)
{
    struct model_gauge *g = &v->list[v->n++];

    *g = (struct model_gauge){.which = which, .name = name, .unit = unit};
    return g;
}

/* What there is a trend of: the words of its end. */
static void server_trend(struct model_gauge *g, const struct study *st)
{
    enum soak_series which = g->which == GAUGE_MEMORY ? SOAK_MEMORY : SOAK_CPU;
    size_t n = study_trends_told(st) ? study_trends(st) : 0, i;

    for (i = 0; i < n; i++) {
        if (study_trend(st, i).which == which) {
            g->state = study_trend(st, i).t->state;
            study_tell_trend_short(st, i, g->trend, sizeof g->trend);
            study_tell_trend_end(st, i, g->end, sizeof g->end);
        }
    }
}

/* Since when nothing is seen of it, as far as the log tells. */
static void server_silence(struct model *m)
{
    struct model_server *v = &m->server;
    size_t i = m->n_events;

    v->gone = false;
    v->since_us = UINT64_MAX;
    while (!v->alive && i-- > 0) {
        const struct event *e = &m->events[i];

        if (strcmp(e->type, "server") == 0 &&
            (strcmp(e->value, "gone") == 0 ||
             strcmp(e->value, "silent") == 0)) {
            v->gone = strcmp(e->value, "gone") == 0;
            v->since_us = e->t_us;
            return;
        }
    }
}

void model_server_take(struct model *m, struct model_source *s)
{
    const struct study *st = story_study(s->story);
    const struct server_names *names = &m->info->server;
    const struct tick_server *t = &m->tick.server;
    struct model_server *v = &m->server;
    bool early = m->tick.t_us < SERVER_PATIENCE_US;
    size_t i;

    server_look(s, ledger_series(story_ledger(s->story)));
    v->n = 0;
    v->alive = t->alive;
    v->first_us = s->server_first_us;
    server_silence(m);
    if (!t->watched && v->first_us == UINT64_MAX) {
        return;
    }
    if (s->memory_seen || early || (!s->cpu_seen && names->n == 0)) {
        struct model_gauge *g =
            server_add(v, GAUGE_MEMORY, "memory", SERVER_UNIT_BYTES);

        g->limit = (double)t->limit_bytes;
        server_trend(g, st);
    }
    if (s->cpu_seen || early) {
        server_trend(server_add(v, GAUGE_CPU, "CPU", SERVER_UNIT_NUMBER), st);
    }
    for (i = 0; i < names->n; i++) {
        (void)server_add(v, GAUGE_OTHERS + (unsigned)i, names->list[i].name,
                         names->list[i].unit);
    }
}

/* As the tick has it, or the cursor's moment had it. */
static void gauge_value(struct model_gauge *g, const struct model *m)
{
    const struct tick_server *t = &m->tick.server;

    g->known = false;
    if (m->cursor.on) {
        g->known =
            m->cursor.any && model_gauge_seen(g, &m->cursor.server, &g->now);
        return;
    }
    g->now = g->which == GAUGE_MEMORY ? (double)t->rss_bytes
             : g->which == GAUGE_CPU  ? t->cpu
                                      : t->other[g->which - GAUGE_OTHERS];
    g->known = t->watched && t->alive && isfinite(g->now) &&
               (g->which != GAUGE_MEMORY || t->rss_bytes > 0);
}

static void gauge_scale(struct model_gauge *g, const struct model *m,
                        struct scale *scale)
{
    /* Idle is no band full of noise. */
    double peak = g->which == GAUGE_MEMORY ? 1e6
                  : g->which == GAUGE_CPU  ? 0.1
                                           : 0,
           v;
    size_t i;

    for (i = 0; i < m->n_bins; i++) {
        if (model_gauge_seen(g, &m->bins[i].server, &v) && v > peak) {
            peak = v;
        }
    }
    if (g->limit > peak && g->limit <= SERVER_NEAR * peak) {
        peak = g->limit;
    }
    scale_fit(scale, 0, peak > 0 ? peak : 1, m->tick.t_us);
    g->scale = *scale;
}

void model_server_view(struct model *m, struct model_source *s)
{
    size_t i;

    for (i = 0; i < m->server.n; i++) {
        struct model_gauge *g = &m->server.list[i];

        gauge_value(g, m);
        gauge_scale(g, m, &s->gauges[g->which]);
    }
}
