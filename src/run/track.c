/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/track.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"

/* A stage that begins or ends within a tick or so of its own time is whole. */
#define TRACK_SNAP_US (TICK_US + TICK_US / 2)

/* What a line is an instance of. */
struct track_mode {
    bool follow;        /* the plan's stage, its clock going */
    bool spike, manual; /* else held */
    size_t stage;
    uint32_t level; /* !follow */
};

struct track_part {
    struct track_line *lines; /* owned */
    size_t n, cap;
    struct track_mode mode; /* of the last line */
    uint64_t clock_from_us; /* follow: stage clock at its begin */
    uint64_t clock_us;      /* stage clock at its end */
    bool any, steered, cut;
};

struct track {
    const struct run_info *info; /* borrowed */
    struct track_part parts[LINEUP_MAX];
};

struct track *track_new(const struct run_info *info)
{
    struct track *t = xcalloc(1, sizeof *t);

    t->info = info;
    return t;
}

void track_free(struct track **t)
{
    size_t i;

    if (*t == NULL) {
        return;
    }
    for (i = 0; i < LINEUP_MAX; i++) {
        free((*t)->parts[i].lines);
    }
    free(*t);
    *t = NULL;
}

static struct track_mode track_mode_of(const struct tick *tick,
                                       const struct tick_scenario *s)
{
    struct track_mode m = {.spike = s->spike,
                           .manual = s->manual && !s->spike,
                           .stage = s->stage,
                           .level = s->wanted};

    m.follow = !s->spike && !s->manual && !tick->held;
    return m;
}

/* The line goes on: the same number, or the same stage with its clock where it
 * would be. */
static bool track_goes_on(const struct track_part *p,
                          const struct track_mode *m, uint64_t from_us)
{
    uint64_t gap =
        from_us > p->clock_us ? from_us - p->clock_us : p->clock_us - from_us;

    if (!p->any || p->mode.follow != m->follow) {
        return false;
    }
    if (m->follow) {
        return p->mode.stage == m->stage && gap <= TRACK_SNAP_US;
    }
    return p->mode.level == m->level && p->mode.spike == m->spike &&
           p->mode.manual == m->manual;
}

/* Level of a stage at a moment of its clock, its ends where they are near. */
static uint32_t track_level(const struct curve_stage *c, uint64_t clock_us)
{
    double done;

    if (clock_us <= c->start_us + TRACK_SNAP_US || c->end_us <= c->start_us) {
        return c->from;
    }
    if (c->end_us == UINT64_MAX || clock_us + TRACK_SNAP_US >= c->end_us) {
        return c->to;
    }
    done = (double)(clock_us - c->start_us) / (double)(c->end_us - c->start_us);
    return (uint32_t)(c->from + done * ((double)c->to - c->from) + 0.5);
}

static void track_name(const struct track *t, size_t scenario,
                       const struct track_mode *m, struct track_line *l)
{
    const struct curve *c = &t->info->curves[scenario];

    if (m->follow) {
        curve_stage_label(c, m->stage, true, l->name, sizeof l->name);
    } else {
        snprintf(l->name, sizeof l->name, "%s %" PRIu32,
                 m->spike    ? "spike"
                 : m->manual ? "by hand"
                             : "held",
                 m->level);
    }
}

/* The first stage, or the one behind the last (jumps have no length). */
static bool track_follows(const struct track *t, size_t scenario,
                          const struct track_mode *m)
{
    const struct track_part *p = &t->parts[scenario];
    const struct curve_stage *stages = t->info->curves[scenario].stages;
    uint64_t since = p->any ? stages[p->mode.stage].end_us : 0;

    return stages[m->stage].start_us == since;
}

static void track_begin(struct track *t, size_t scenario,
                        const struct track_mode *m, uint64_t clock_us)
{
    struct track_part *p = &t->parts[scenario];
    const struct curve_stage *c = &t->info->curves[scenario].stages[m->stage];
    struct track_line *l;

    /* Else it is the plan's next stage, from its start. */
    p->steered = p->steered || !m->follow ||
                 clock_us > c->start_us + TRACK_SNAP_US ||
                 !track_follows(t, scenario, m);
    if (p->n == TRACK_MAX) {
        p->cut = true;
        return;
    }
    p->lines = xgrow(p->lines, p->n, &p->cap, sizeof *p->lines);
    l = &p->lines[p->n++];
    memset(l, 0, sizeof *l);
    track_name(t, scenario, m, l);
    l->by_hand = !m->follow;
    l->from = l->to = m->follow ? track_level(c, clock_us) : m->level;
    p->mode = *m;
    p->clock_from_us = clock_us;
    p->any = true;
}

/* The last line is longer by a tick. A stage that was whole has its own time,
 * not that of the ticks it was seen in. */
static void track_extend(struct track *t, size_t scenario, uint64_t us,
                         uint64_t clock_us)
{
    struct track_part *p = &t->parts[scenario];
    const struct curve_stage *c =
        &t->info->curves[scenario].stages[p->mode.stage];
    struct track_line *l = &p->lines[p->n - 1];

    l->us += us;
    p->clock_us = clock_us;
    if (!p->mode.follow) {
        return;
    }
    l->to = track_level(c, clock_us);
    if (p->clock_from_us <= c->start_us + TRACK_SNAP_US &&
        c->end_us != UINT64_MAX && clock_us + TRACK_SNAP_US >= c->end_us) {
        l->us = c->end_us - c->start_us;
        p->clock_us = c->end_us;
    }
}

void track_feed(struct track *t, const struct tick *tick)
{
    size_t i;

    if (tick->state != RUN_RUNNING || tick->active_us == 0) {
        return;
    }
    for (i = 0; i < tick->n_scenarios; i++) {
        const struct tick_scenario *s = &tick->scenarios[i];
        struct track_part *p = &t->parts[i];
        struct track_mode m = track_mode_of(tick, s);
        uint64_t clock = s->stage_clock_us, before;

        if (s->state != SCENARIO_RUNNING || p->cut) {
            continue;
        }
        before = clock > tick->active_us ? clock - tick->active_us : 0;
        if (!track_goes_on(p, &m, before)) {
            track_begin(t, i, &m, m.follow ? before : clock);
        }
        if (!p->cut) {
            track_extend(t, i, tick->active_us, clock);
        }
    }
}

size_t track_count(const struct track *t, size_t scenario)
{
    MUST(scenario < LINEUP_MAX);
    return t->parts[scenario].n;
}

const struct track_line *track_line(const struct track *t, size_t scenario,
                                    size_t i)
{
    MUST(i < track_count(t, scenario));
    return &t->parts[scenario].lines[i];
}

bool track_steered(const struct track *t, size_t scenario)
{
    MUST(scenario < LINEUP_MAX);
    return t->parts[scenario].steered;
}

bool track_cut(const struct track *t, size_t scenario)
{
    MUST(scenario < LINEUP_MAX);
    return t->parts[scenario].cut;
}
