/* SPDX-License-Identifier: MIT
 *
 * curve - the planned number of VUs over time. */
#include "config.h"

#include "plan/curve.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/text.h"
#include "base/xalloc.h"

/* Longest a stage may get by a time scale: times twice a level of 1,000,000 it
 * still fits 64 bits. */
#define CURVE_STAGE_MAX_US UINT64_C(9000000000000)

static uint64_t curve_scaled(uint64_t us, double scale)
{
    double d = round((double)us * scale);

    return d < (double)CURVE_STAGE_MAX_US ? (uint64_t)d : CURVE_STAGE_MAX_US;
}

static void curve_ramp(struct curve *c, const struct scenario *s, double scale)
{
    bool rate = s->executor == EXECUTOR_RAMPING_ARRIVAL_RATE;
    uint32_t from = rate ? s->start_rate : s->start_vus;
    uint64_t t = 0;

    c->n = s->n_stages;
    c->stages = xcalloc(c->n, sizeof *c->stages);
    c->peak = from;
    for (size_t i = 0; i < c->n; i++) {
        const struct stage *stage = &s->stages[i];
        struct curve_stage *out = &c->stages[i];

        out->start_us = t;
        t += curve_scaled(stage->duration_us, scale);
        out->end_us = t;
        out->from = from;
        out->to = stage->target;
        out->name = stage->name;
        from = stage->target;
        c->peak = from > c->peak ? from : c->peak;
    }
    c->length_us = t;
}

static void curve_level(struct curve *c, const struct scenario *s, double scale)
{
    uint64_t length = s->duration_us;
    bool rate = s->executor == EXECUTOR_CONSTANT_ARRIVAL_RATE;
    uint32_t level = rate ? s->rate : s->vus;

    /* maxDuration is a time-out, and those are not scaled. */
    if (length != UINT64_MAX && !executor_is_counted(s->executor)) {
        length = curve_scaled(length, scale);
    }
    c->n = 1;
    c->stages = xcalloc(1, sizeof *c->stages);
    c->stages[0] = (struct curve_stage){
        .end_us = length,
        .from = level,
        .to = level,
    };
    c->length_us = length;
    c->peak = level;
}

void curve_init(struct curve *c, const struct scenario *s, double time_scale)
{
    MUST(time_scale > 0);
    memset(c, 0, sizeof *c);
    if (s->executor == EXECUTOR_RAMPING_VUS ||
        s->executor == EXECUTOR_RAMPING_ARRIVAL_RATE) {
        MUST(s->n_stages > 0);
        curve_ramp(c, s, time_scale);
    } else {
        curve_level(c, s, time_scale);
    }
    c->start_us = curve_scaled(s->start_time_us, time_scale);
    c->max_vus = c->peak;
    if (executor_is_arrival(s->executor)) {
        c->time_unit_us = s->time_unit_us;
        c->max_vus = s->max_vus;
        c->early = s->executor == EXECUTOR_CONSTANT_ARRIVAL_RATE;
    }
}

void curve_clear(struct curve *c)
{
    free(c->stages);
    memset(c, 0, sizeof *c);
}

size_t curve_stage_at(const struct curve *c, uint64_t t_us)
{
    size_t i = 0;

    while (i + 1 < c->n && t_us >= c->stages[i].end_us) {
        i++;
    }
    return i;
}

static uint32_t curve_in(const struct curve_stage *s, uint64_t t_us)
{
    uint64_t at, length;

    if (t_us >= s->end_us || s->from == s->to) {
        return s->to;
    }
    at = t_us - s->start_us;
    length = s->end_us - s->start_us;
    if (s->to > s->from) {
        return s->from + (uint32_t)((s->to - s->from) * at / length);
    }
    return s->from - (uint32_t)((s->from - s->to) * at / length);
}

uint32_t curve_at(const struct curve *c, uint64_t t_us)
{
    return curve_in(&c->stages[curve_stage_at(c, t_us)], t_us);
}

/* When within a stage, or at its end, VUs are first another number than at t,
 * which is in it. */
static uint64_t curve_next_in(const struct curve_stage *s, uint64_t t_us)
{
    uint32_t diff = s->to > s->from ? s->to - s->from : s->from - s->to;
    uint32_t now = curve_in(s, t_us);
    uint32_t done = now > s->from ? now - s->from : s->from - now;
    uint64_t length = s->end_us - s->start_us;

    if (t_us >= s->end_us || done >= diff) {
        return UINT64_MAX;
    }
    /* The first time at which one more is done: rounded up. */
    return s->start_us + ((done + UINT64_C(1)) * length + diff - 1) / diff;
}

uint64_t curve_next_change(const struct curve *c, uint64_t t_us)
{
    size_t i = curve_stage_at(c, t_us);
    uint32_t now = curve_at(c, t_us);
    uint64_t t = t_us;

    for (;;) {
        uint64_t next = curve_next_in(&c->stages[i], t);

        /* At a stage's end the next one holds, and it may begin elsewhere
         * only through stages of no length. */
        if (next < c->stages[i].end_us) {
            return next;
        }
        t = c->stages[i].end_us;
        if (t_us >= t || t == UINT64_MAX) {
            return UINT64_MAX;
        }
        if (curve_at(c, t) != now) {
            return t;
        }
        if (i + 1 == c->n) {
            return UINT64_MAX;
        }
        i = curve_stage_at(c, t);
    }
}

/* A long name is cut, and not the load behind it. */
static void curve_named(char *buf, size_t size, const char *name,
                        const char *load, const char *dots)
{
    size_t n = strlen(name), rest = strlen(load) + 1;
    bool cut = n + rest > size && rest + strlen(dots) < size;

    if (cut) {
        n = text_whole(name, size - rest - strlen(dots));
    }
    (void)snprintf(buf, size, "%.*s%s%s", (int)n, name, cut ? dots : "", load);
}

const char *curve_stage_label(const struct curve *c, size_t i, bool ascii,
                              char *buf, size_t size)
{
    const struct curve_stage *s;
    const char *kind = "ramp";
    char load[32];

    MUST(i < c->n);
    s = &c->stages[i];
    if (s->name != NULL) {
        kind = s->name;
    } else if (s->from == s->to) {
        kind = c->n > 1 ? "hold" : "constant";
    } else if (s->start_us == s->end_us) {
        kind = "jump";
    }
    if (s->from == s->to) {
        (void)snprintf(load, sizeof load, " %u", (unsigned)s->to);
    } else {
        (void)snprintf(load, sizeof load, " %u%s%u", (unsigned)s->from,
                       ascii ? "->" : "→", (unsigned)s->to);
    }
    curve_named(buf, size, kind, load, ascii ? "..." : "…");
    return buf;
}
