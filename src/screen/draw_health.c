/* SPDX-License-Identifier: MIT
 *
 * draw_health - the panel of the generator's own health: whether figures are
 * the service's or its own. */
#include "config.h"

#include "screen/draw.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "screen/show.h"

enum { HEALTH_LABEL = 21 };

static void health_row(struct page *p, const char *label, enum role role,
                       const char *text)
{
    int row = page_row(p), room = p->b.cols - HEALTH_LABEL - 1;
    char brief[320];

    snprintf(brief, sizeof brief, "%s", text);
    show_parts(brief, ": figures", room);
    grid_fit(p->d->g, row, p->b.col + 1, HEALTH_LABEL - 1, ROLE_FRAME, label);
    grid_fit(p->d->g, row, p->b.col + 1 + HEALTH_LABEL, room, role,
             show_parts(brief, "   ", room));
}

static void health_state(struct page *p)
{
    const struct health *h = &p->d->m->tick.health;
    char text[200], safe[128], x[NUM_MAX];

    if (h->suspect) {
        snprintf(text, sizeof text, "suspect now: %s",
                 text_safe(safe, sizeof safe, h->why));
    } else {
        snprintf(text, sizeof text, "%s",
                 h->ever_suspect ? "ok now, was suspect" : "ok");
    }
    health_row(p, "state",
               h->suspect        ? ROLE_BAD
               : h->ever_suspect ? ROLE_WARN
                                 : ROLE_GOOD,
               text);
    if (h->ever_suspect) {
        snprintf(text, sizeof text, "%s in all: figures of then may be its own",
                 num_period(x, h->suspect_us / 100000 * 100000));
        health_row(p, "suspect for", ROLE_WARN, text);
    }
}

static void health_load(struct page *p)
{
    const struct model *m = p->d->m;
    const struct health *h = &m->tick.health;
    char text[200], x[NUM_MAX], y[NUM_MAX], z[NUM_MAX];
    bool lag = h->lag_p99_ms > 10, cpu = h->cpu > 0.85;

    snprintf(text, sizeof text, "p99 %.1f ms   most %.1f ms   (10 ms is much)",
             h->lag_p99_ms, h->lag_max_ms);
    health_row(p, "timers late by", lag ? ROLE_BAD : ROLE_TEXT, text);
    snprintf(text, sizeof text, "%.0f %% of a core   most %.0f %%   of %u",
             h->cpu * 100, h->cpu_max * 100, m->info->workers);
    health_row(p, "busiest worker", cpu ? ROLE_BAD : ROLE_TEXT, text);
    snprintf(text, sizeof text, "%.2f cores", h->cpu_process);
    health_row(p, "whole process", ROLE_TEXT, text);
    snprintf(text, sizeof text, "%u did not answer within the tick",
             h->late_workers);
    health_row(p, "workers late", h->late_workers > 0 ? ROLE_WARN : ROLE_TEXT,
               h->late_workers > 0 ? text : "none");
    snprintf(text, sizeof text, "%s of %s", num_count(x, h->fds),
             num_count(y, h->fds_max));
    health_row(p, "descriptors",
               h->fds > h->fds_max / 10 * 9 ? ROLE_BAD : ROLE_TEXT, text);
    health_row(p, "memory", ROLE_TEXT, num_bytes(x, h->rss_bytes));
    snprintf(text, sizeof text, "%s open   most %s   %s opened in all",
             num_count(x, m->tick.connections),
             num_count(y, m->tick.connections_max),
             num_count(z, m->tick.connections_opened));
    health_row(p, "connections", ROLE_TEXT, text);
}

/* Not the generator's, but beside it: what is watched of the service. */
static void health_server(struct page *p)
{
    const struct tick_server *s = &p->d->m->tick.server;
    const struct server_names *names = &p->d->m->info->server;
    char text[96] = "", cpu[32] = "", x[NUM_MAX];
    size_t i;

    if (!s->watched) {
        return;
    }
    if (isfinite(s->cpu)) {
        snprintf(cpu, sizeof cpu, "%.2f cores", s->cpu);
    }
    if (s->rss_bytes > 0) {
        snprintf(text, sizeof text, "%s%s", num_bytes(x, s->rss_bytes),
                 cpu[0] != '\0' ? "   " : "");
    }
    snprintf(text + strlen(text), sizeof text - strlen(text), "%s", cpu);
    health_row(p, "the service", s->alive ? ROLE_TEXT : ROLE_BAD,
               !s->alive         ? "nothing is seen of it: gone, or silent"
               : text[0] != '\0' ? text
                                 : "memory and CPU are not known");
    for (i = 0; i < names->n; i++) {
        health_row(
            p, names->list[i].name, ROLE_TEXT,
            show_server(text, sizeof text, names->list[i].unit, s->other[i]));
    }
}

/* Where the run is streamed to. */
static void health_outputs(struct page *p)
{
    const struct model *m = p->d->m;
    char text[600];
    size_t i;

    for (i = 0; i < m->n_outputs; i++) {
        const struct output *o = &m->outputs[i];

        (void)output_text(o, "   ", text, sizeof text);
        text_add(text, sizeof text, "   to %s", o->where);
        health_row(p, o->kind,
                   o->dead                       ? ROLE_BAD
                   : o->behind || o->dropped > 0 ? ROLE_WARN
                                                 : ROLE_TEXT,
                   text);
    }
}

/* What began late, or not at all; of each scenario of several. */
static void health_starts(struct page *p)
{
    const struct model *m = p->d->m;
    size_t i;

    for (i = 0; i < m->tick.n_scenarios; i++) {
        const struct tick_scenario *t = &m->tick.scenarios[i];
        char label[64], name[64], text[160], late[48], most[48], x[NUM_MAX];

        snprintf(
            label, sizeof label, "%s",
            m->tick.n_scenarios > 1
                ? text_safe(name, sizeof name, m->info->lineup->list[i].name)
                : "iterations");
        if (t->timed) {
            snprintf(text, sizeof text,
                     "began late by p99 %s, most %s   %s dropped",
                     show_latency(late, sizeof late, t->late_p99_us, true),
                     show_latency(most, sizeof most, t->late_max_us, true),
                     num_count(x, t->dropped_all));
        } else {
            snprintf(text, sizeof text, "%s ended; none has a due time",
                     num_count(x, t->iterations));
        }
        health_row(p, label, t->dropped_all > 0 ? ROLE_WARN : ROLE_TEXT, text);
    }
}

/* When it was suspect, and why, as far as the log reaches. */
static void health_log(struct page *p)
{
    const struct model *m = p->d->m;
    char line[300], clock[NUM_MAX];
    bool any = false;
    size_t i;

    for (i = m->n_events; i-- > 0;) {
        const struct event *e = &m->events[i];

        if (strcmp(e->type, "health") != 0) {
            continue;
        }
        if (!any) {
            page_head(p, "when and why, newest first");
            any = true;
        }
        snprintf(line, sizeof line, "%7s  %s", num_clock(clock, e->t_us),
                 e->text);
        page_text(p, e->bad ? ROLE_WARN : ROLE_TEXT, line);
    }
}

static void health_page(struct page *p, const void *ctx)
{
    (void)ctx;
    health_state(p);
    health_load(p);
    health_server(p);
    health_outputs(p);
    health_starts(p);
    health_log(p);
}

void draw_health(const struct draw *d)
{
    bool watched = d->m->tick.server.watched;
    int rows = 14 + (int)d->m->tick.n_scenarios + (int)d->m->n_outputs +
               (watched ? 1 + (int)d->m->info->server.n : 0),
        log = 0;
    struct box b;
    size_t i;

    for (i = 0; i < d->m->n_events; i++) {
        log += strcmp(d->m->events[i].type, "health") == 0;
    }
    rows += log > 0 ? 2 + (log < 10 ? log : 10) : 0;
    b = draw_panel_open(d, 84, rows, "generator, last 10 s",
                        "↑↓ scroll   {back} close");

    if (d->m->any) {
        page_draw(d, b, health_page, NULL);
    }
}
