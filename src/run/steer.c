/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/steer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "run/level.h"
#include "run/steer_internal.h"

struct steer *steer_new(const struct steer_config *config)
{
    struct steer *s = xcalloc(1, sizeof *s);

    MUST(config->curve->n >= 1);
    s->config = *config;
    s->phase = LOAD_WAIT;
    s->wait_us = config->curve->start_us;
    steer_settle(s, 0);
    return s;
}

void steer_free(struct steer **s)
{
    free(*s);
    *s = NULL;
}

uint64_t steer_clock(const struct steer *s, mono_us now)
{
    return s->going ? now - s->origin : s->stood_us;
}

/* Level by the curve, as if the run went on. */
static uint32_t steer_planned(const struct steer *s, mono_us now)
{
    return s->led ? s->lead : curve_at(s->config.curve, steer_clock(s, now));
}

uint32_t steer_clamp(const struct steer *s, int64_t n)
{
    uint32_t max =
        s->config.curve->time_unit_us > 0 ? LEVEL_RATE_MAX : s->config.max_vus;

    if (n < 0) {
        return 0;
    }
    return n > (int64_t)max ? max : (uint32_t)n;
}

const char *steer_limit_text(const struct steer *s)
{
    return s->config.curve->time_unit_us > 0 ? "no rate may be higher"
                                             : s->config.limit;
}

uint32_t steer_wanted(const struct steer *s, mono_us now)
{
    if (s->spike) {
        return s->spike_level;
    }
    return s->load.manual ? s->load.level
                          : steer_clamp(s, (int64_t)steer_planned(s, now));
}

static bool steer_same(const struct desired *a, const struct desired *b)
{
    return a->phase == b->phase && a->paused == b->paused &&
           a->follow == b->follow && a->level == b->level &&
           a->origin == b->origin && a->held == b->held &&
           a->held_us == b->held_us && a->max_vus == b->max_vus &&
           a->graceful_us == b->graceful_us;
}

/* What has no meaning in a state is 0 in it, so that states compare. */
static struct desired steer_state(const struct steer *s)
{
    struct desired d = {.phase = s->phase, .max_vus = s->config.max_vus};

    d.paused = s->paused && s->phase != LOAD_DRAIN && s->phase != LOAD_CUT;
    d.follow = !s->spike && !s->load.manual && !s->led;
    if (s->spike) {
        d.level = s->spike_level;
    } else if (s->load.manual) {
        d.level = s->load.level;
    } else if (s->led) {
        d.level = steer_clamp(s, s->lead);
    } else {
        d.held = !s->going;
        d.origin = s->going ? s->origin : 0;
        d.held_us = s->going ? 0 : s->stood_us;
    }
    d.graceful_us = s->phase == LOAD_DRAIN ? s->config.graceful_stop_us
                                           : s->config.graceful_ramp_down_us;
    return d;
}

/* The state from now on; the one before held until `until`, and so far goes
 * the schedule of a rate: what was not to begin then is not made up for. */
static void steer_replace(struct steer *s, mono_us until, mono_us now,
                          struct desired *d)
{
    const struct curve *c = s->config.curve;

    d->revision = s->desired.revision + 1;
    d->since = now;
    if (c->time_unit_us > 0 && s->desired.revision > 0) {
        d->area = desired_area(&s->desired, c, until);
    }
    s->desired = *d;
}

static void steer_publish(struct steer *s, mono_us now)
{
    struct desired d = steer_state(s);

    if (s->desired.revision == 0 || !steer_same(&d, &s->desired)) {
        steer_replace(s, now, now, &d);
    }
}

void steer_settle(struct steer *s, mono_us now)
{
    bool go = s->phase == LOAD_RUN && !s->paused && !s->held;
    bool spike_go = s->spike && s->phase == LOAD_RUN && !s->paused;
    bool wait_go =
        s->started && s->phase == LOAD_WAIT && !s->paused && !s->held;

    if (go && !s->going) {
        s->origin = now - s->stood_us;
    } else if (!go && s->going) {
        s->stood_us = now - s->origin;
    }
    s->going = go;
    if (s->spike && spike_go && !s->spike_going) {
        s->spike_end = now + s->spike_left_us;
    } else if (s->spike && !spike_go && s->spike_going) {
        s->spike_left_us = s->spike_end > now ? s->spike_end - now : 0;
    }
    s->spike_going = spike_go;
    if (wait_go && !s->wait_going) {
        s->wait_end = now + s->wait_us;
    } else if (!wait_go && s->wait_going) {
        s->wait_us = s->wait_end > now ? s->wait_end - now : 0;
    }
    s->wait_going = wait_go;
    steer_publish(s, now);
}

void steer_move(struct steer *s, mono_us now, uint64_t clock_us)
{
    s->stood_us = clock_us;
    s->origin = now - clock_us;
    s->stage = curve_stage_at(s->config.curve, clock_us);
    steer_settle(s, now);
}

void steer_begin(struct steer *s, mono_us at)
{
    s->phase = LOAD_RUN;
    s->stage = curve_stage_at(s->config.curve, s->stood_us);
    steer_settle(s, at);
}

void steer_start(struct steer *s, mono_us now)
{
    MUST(s->phase == LOAD_WAIT && !s->started);
    s->started = true;
    if (s->wait_us == 0) {
        steer_begin(s, now);
    } else {
        steer_settle(s, now);
    }
}

void steer_lead(struct steer *s, mono_us now, uint32_t level)
{
    s->led = true;
    s->lead = level;
    steer_publish(s, now);
}

static void steer_end(struct steer *s, mono_us now, enum load_phase phase)
{
    if (phase <= s->phase) {
        return;
    }
    s->phase = phase;
    steer_spike_clear(s);
    steer_settle(s, now);
}

void steer_drain(struct steer *s, mono_us now)
{
    steer_end(s, now, LOAD_DRAIN);
}

void steer_cut(struct steer *s, mono_us now)
{
    steer_end(s, now, LOAD_CUT);
}

void steer_limit(struct steer *s, mono_us now, uint32_t max_vus,
                 const char *limit)
{
    s->config.max_vus = max_vus;
    s->config.limit = limit;
    steer_publish(s, now);
}

void steer_gap(struct steer *s, mono_us now, uint64_t us)
{
    struct desired d;

    if (s->going) {
        s->origin += us;
    }
    if (s->spike && s->spike_going) {
        s->spike_end += us;
    }
    if (s->wait_going) {
        s->wait_end += us;
    }
    d = steer_state(s);
    steer_replace(s, now - us, now, &d);
}

void steer_news_init(struct steer_news *n, const char *type)
{
    memset(n, 0, sizeof *n);
    n->type = type;
    n->ok = true;
}

void steer_tell_load(const struct steer *s, mono_us now, char *buf, size_t size)
{
    char level[64];

    if (s->load.manual) {
        snprintf(buf, size, "%s by hand (%s %" PRIu32 ")",
                 level_text(level, sizeof level, s->load.level,
                            s->config.curve->time_unit_us),
                 s->led ? "hunt" : "plan", steer_planned(s, now));
    } else {
        snprintf(buf, size, "the %s's %s", s->led ? "hunt" : "plan",
                 level_text(level, sizeof level, steer_wanted(s, now),
                            s->config.curve->time_unit_us));
    }
}

void steer_tell_stage(const struct steer *s, size_t stage, char *buf,
                      size_t size)
{
    char label[128], safe[128];

    curve_stage_label(s->config.curve, stage, true, label, sizeof label);
    snprintf(buf, size, "stage %zu/%zu %s", stage + 1, s->config.curve->n,
             text_safe(safe, sizeof safe, label));
}

bool steer_spike_begin(struct steer *s, mono_us at, struct steer_news *n)
{
    uint32_t base = steer_wanted(s, at);
    uint64_t asked = (uint64_t)base * STEER_SPIKE_TIMES;
    char back[80], level[64];

    MUST(!s->spike);
    steer_news_init(n, command_name(COMMAND_SPIKE));
    if (base == 0) {
        n->ok = false;
        snprintf(
            n->text, sizeof n->text, "no spike: %s, nothing to multiply",
            level_text(level, sizeof level, 0, s->config.curve->time_unit_us));
        return false;
    }
    steer_tell_load(s, at, back, sizeof back);
    s->spike = true;
    s->spike_level = steer_clamp(s, (int64_t)asked);
    s->spike_left_us = STEER_SPIKE_US;
    s->spike_going = false;
    steer_settle(s, at);
    n->load = true;
    n->clamped = s->spike_level < asked;
    snprintf(n->value, sizeof n->value, "%" PRIu32, s->spike_level);
    if (n->clamped) {
        snprintf(n->text, sizeof n->text,
                 "asked %" PRIu64 ", applied %" PRIu32 ": %s; for 10 s, then "
                 "back to %s",
                 asked, s->spike_level, steer_limit_text(s), back);
    } else {
        snprintf(n->text, sizeof n->text, "spike: %s for 10 s, then back to %s",
                 level_text(level, sizeof level, s->spike_level,
                            s->config.curve->time_unit_us),
                 back);
    }
    return true;
}

void steer_spike_clear(struct steer *s)
{
    s->spike = false;
    s->spike_going = false;
    s->waiting = 0;
}

/* When the stage clock will show clock_us. */
static mono_us steer_when(const struct steer *s, uint64_t clock_us)
{
    if (!s->going || clock_us == UINT64_MAX) {
        return UINT64_MAX;
    }
    return s->origin + clock_us;
}

static mono_us steer_when_stage(const struct steer *s)
{
    const struct curve *c = s->config.curve;

    if (!s->told) {
        return 0; /* overdue since the start */
    }
    if (s->stage + 1 >= c->n) {
        return UINT64_MAX;
    }
    return steer_when(s, c->stages[s->stage].end_us);
}

static mono_us steer_when_spike(const struct steer *s)
{
    if (s->spike) {
        return s->spike_going ? s->spike_end : UINT64_MAX;
    }
    return s->waiting > 0 && !s->paused ? s->spike_end : UINT64_MAX;
}

mono_us steer_next(const struct steer *s)
{
    mono_us next, at;

    if (s->wait_going) {
        return s->wait_end;
    }
    if (s->phase != LOAD_RUN) {
        return UINT64_MAX;
    }
    next = steer_when(s, s->config.curve->length_us);
    at = steer_when_stage(s);
    next = at < next ? at : next;
    at = steer_when_spike(s);
    return at < next ? at : next;
}

static void steer_due_end(struct steer *s, mono_us at, struct steer_news *n)
{
    char grace[NUM_MAX];

    steer_news_init(n, "end");
    snprintf(n->text, sizeof n->text,
             "the plan's end: running iterations have %s",
             num_period(grace, s->config.graceful_stop_us));
    steer_drain(s, at);
}

static void steer_due_stage(struct steer *s, mono_us at, struct steer_news *n)
{
    steer_news_init(n, "stage");
    if (s->told) {
        s->stage = curve_stage_at(s->config.curve, steer_clock(s, at));
    }
    s->told = true;
    snprintf(n->value, sizeof n->value, "%zu", s->stage + 1);
    steer_tell_stage(s, s->stage, n->text, sizeof n->text);
}

static void steer_due_spike(struct steer *s, mono_us at, struct steer_news *n)
{
    char load[80];

    if (!s->spike) {
        s->waiting--;
        steer_spike_begin(s, at, n);
        return;
    }
    s->spike = false;
    steer_settle(s, at);
    steer_news_init(n, command_name(COMMAND_SPIKE));
    n->load = true;
    snprintf(n->value, sizeof n->value, "%" PRIu32, steer_wanted(s, at));
    steer_tell_load(s, at, load, sizeof load);
    snprintf(n->text, sizeof n->text, "spike over: back to %s", load);
}

bool steer_due(struct steer *s, mono_us now, struct steer_news *n)
{
    mono_us at = steer_next(s);

    if (at > now) {
        return false;
    }
    /* Changes are made at the moment they were due, not at the later one they
     * are noticed at: lateness does not add up. */
    if (s->wait_going) {
        steer_begin(s, at);
        steer_due_stage(s, at, n);
    } else if (at == steer_when(s, s->config.curve->length_us)) {
        steer_due_end(s, at, n);
    } else if (at == steer_when_stage(s)) {
        steer_due_stage(s, at, n);
    } else {
        steer_due_spike(s, at, n);
    }
    return true;
}

const struct desired *steer_desired(const struct steer *s)
{
    return &s->desired;
}

struct steer_view steer_view(const struct steer *s, mono_us now)
{
    const struct curve *c = s->config.curve;
    struct steer_view v = {
        .phase = s->phase,
        .paused = s->desired.paused,
        .waiting = s->started && s->phase == LOAD_WAIT,
        .held = s->held,
        .manual = s->load.manual,
        .spike = s->spike,
        .clock_us = steer_clock(s, now),
        .left_us = UINT64_MAX,
        .spikes_waiting = s->waiting,
    };

    if (v.clock_us > c->length_us) {
        v.clock_us = c->length_us;
    }
    v.stage = curve_stage_at(c, v.clock_us);
    if (s->phase == LOAD_WAIT) {
        v.asked = s->load.manual ? s->load.level : 0;
        v.starts_in_us = !s->wait_going      ? s->wait_us
                         : s->wait_end > now ? s->wait_end - now
                                             : 0;
    }
    if (s->phase == LOAD_DRAIN || s->phase == LOAD_CUT) {
        v.left_us = 0;
    } else if (c->length_us != UINT64_MAX) {
        v.left_us = c->length_us - v.clock_us + v.starts_in_us;
    }
    if (s->phase == LOAD_RUN) {
        v.wanted = steer_wanted(s, now);
        v.planned = steer_planned(s, now);
    }
    if (s->spike) {
        v.spike_left_us = !s->spike_going      ? s->spike_left_us
                          : s->spike_end > now ? s->spike_end - now
                                               : 0;
    }
    return v;
}
