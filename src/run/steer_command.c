/* SPDX-License-Identifier: MIT
 *
 * steer_command - each command, applied to a steer, with the answer that says
 * what was applied. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/text.h"
#include "run/steer_internal.h"

static void steer_refuse(struct steer_news *n, const char *why)
{
    n->ok = false;
    snprintf(n->text, sizeof n->text, "%s", why);
}

static void steer_value_level(struct steer_news *n, uint32_t level)
{
    snprintf(n->value, sizeof n->value, "%" PRIu32, level);
}

/* The run goes on, and the scenario has not begun. */
static bool steer_waits(const struct steer *s)
{
    return s->started && s->phase == LOAD_WAIT;
}

/* What a new load does away with, as the end of an answer; "" = nothing. */
static void steer_tell_spikes(const struct steer *s, char *buf, size_t size)
{
    snprintf(buf, size, "%s", s->spike ? "; the spike is off" : "");
    if (s->waiting > 0) {
        text_add(buf, size, "%s%u waiting dropped", s->spike ? ", " : "; ",
                 s->waiting);
    }
}

/* Makes l the load; what was before can be undone. */
static void steer_set_load(struct steer *s, mono_us now, struct steer_load l)
{
    bool same = s->load.manual == l.manual && s->load.level == l.level;

    steer_spike_clear(s);
    if (!same) {
        if (s->n_undo == STEER_UNDO_MAX) {
            memmove(&s->undo[0], &s->undo[1],
                    (STEER_UNDO_MAX - 1) * sizeof s->undo[0]);
            s->n_undo--;
        }
        s->undo[s->n_undo++] = s->load;
        s->load = l;
    }
    steer_settle(s, now);
}

static void steer_by_hand(struct steer *s, mono_us now, int64_t asked,
                          struct steer_news *n)
{
    struct steer_load l = {.manual = true, .level = steer_clamp(s, asked)};
    char spikes[64];
    size_t len;

    steer_tell_spikes(s, spikes, sizeof spikes);
    steer_set_load(s, now, l);
    n->load = !steer_waits(s);
    n->clamped = (int64_t)l.level != asked;
    steer_value_level(n, l.level);
    if (n->clamped) {
        snprintf(n->text, sizeof n->text,
                 "asked %" PRId64 ", applied %" PRIu32 ": %s", asked, l.level,
                 asked < 0 ? "there are no fewer than none"
                           : steer_limit_text(s));
    } else {
        steer_tell_load(s, now, n->text, sizeof n->text);
    }
    len = strlen(n->text);
    snprintf(n->text + len, sizeof n->text - len, "%s%s",
             steer_waits(s) ? ", once it begins" : "", spikes);
}

/* From the present count, whatever made it. Fewer than none is none. */
static void steer_add(struct steer *s, mono_us now, int64_t number,
                      struct steer_news *n)
{
    int64_t present = (int64_t)steer_wanted(s, now);

    if (number > (int64_t)UINT32_MAX) {
        number = (int64_t)UINT32_MAX;
    }
    if (number < -present) {
        number = -present;
    }
    steer_by_hand(s, now, present + number, n);
}

static void steer_follow(struct steer *s, mono_us now, struct steer_news *n)
{
    struct steer_load l = {.manual = false, .level = 0};
    char spikes[64];
    size_t len;

    steer_tell_spikes(s, spikes, sizeof spikes);
    steer_set_load(s, now, l);
    n->load = !steer_waits(s);
    steer_value_level(n, steer_wanted(s, now));
    steer_tell_load(s, now, n->text, sizeof n->text);
    len = strlen(n->text);
    snprintf(n->text + len, sizeof n->text - len, "%s", spikes);
}

/* Does not wait any longer. */
static void steer_begin_at(struct steer *s, mono_us now, uint64_t clock_us,
                           struct steer_news *n)
{
    uint64_t early = s->wait_going ? s->wait_end - now : s->wait_us;
    char label[160], span[NUM_MAX];

    s->stood_us = clock_us;
    steer_begin(s, now);
    s->told = true;
    n->load = true;
    snprintf(n->value, sizeof n->value, "%zu", s->stage + 1);
    steer_tell_stage(s, s->stage, label, sizeof label);
    snprintf(n->text, sizeof n->text, "%s, begun %s before its time", label,
             num_clock(span, early));
}

static void steer_jump(struct steer *s, mono_us now, size_t stage,
                       struct steer_news *n)
{
    const struct curve *c = s->config.curve;
    uint64_t to = stage < c->n ? c->stages[stage].start_us : c->length_us;
    char label[160];

    if (steer_waits(s)) {
        steer_begin_at(s, now, to, n);
        return;
    }
    if (to >= c->length_us) {
        /* Nothing lies behind it: what the last stage's end does, at once. */
        snprintf(n->text, sizeof n->text, "behind the last stage: ending");
        steer_drain(s, now);
        return;
    }
    steer_move(s, now, to);
    n->load = true;
    snprintf(n->value, sizeof n->value, "%zu", s->stage + 1);
    steer_tell_stage(s, s->stage, label, sizeof label);
    snprintf(n->text, sizeof n->text, "%s, from its start%s", label,
             s->spike         ? "; the spike goes on"
             : s->load.manual ? "; the load stays by hand"
                              : "");
}

/* The start of this stage, or, when that is near, of the one before that lasts
 * at all. */
static size_t steer_previous(const struct steer *s, mono_us now)
{
    const struct curve *c = s->config.curve;
    uint64_t clock = steer_clock(s, now);
    size_t i = curve_stage_at(c, clock), k;

    if (clock - c->stages[i].start_us >= STEER_BACK_US) {
        return i;
    }
    for (k = i; k > 0; k--) {
        if (c->stages[k - 1].end_us > c->stages[k - 1].start_us) {
            return k - 1;
        }
    }
    return i;
}

static void steer_next_stage(struct steer *s, mono_us now, struct steer_news *n)
{
    size_t stage = curve_stage_at(s->config.curve, steer_clock(s, now));

    steer_jump(s, now, steer_waits(s) ? stage : stage + 1, n);
}

static void steer_previous_stage(struct steer *s, mono_us now,
                                 struct steer_news *n)
{
    if (steer_waits(s)) {
        steer_refuse(n, "it has not begun; \"next\" begins it now");
    } else {
        steer_jump(s, now, steer_previous(s, now), n);
    }
}

static void steer_jump_to(struct steer *s, mono_us now, int64_t number,
                          struct steer_news *n)
{
    size_t stages = s->config.curve->n;

    if (number < 1 || (uint64_t)number > stages) {
        n->ok = false;
        snprintf(n->text, sizeof n->text,
                 "no stage %" PRId64 ": there are 1 to %zu", number, stages);
        return;
    }
    steer_jump(s, now, (size_t)(number - 1), n);
}

static void steer_hold(struct steer *s, mono_us now, struct steer_news *n)
{
    char clock[NUM_MAX];

    s->held = !s->held;
    steer_settle(s, now);
    snprintf(n->value, sizeof n->value, "%s", s->held ? "on" : "off");
    snprintf(n->text, sizeof n->text, "stage clock %s at %s%s",
             s->held ? "held" : "goes on",
             num_clock(clock, steer_clock(s, now)),
             s->held ? ", the load stays" : "");
}

static void steer_pause(struct steer *s, mono_us now, struct steer_news *n)
{
    char span[NUM_MAX];

    s->paused = !s->paused;
    steer_settle(s, now);
    snprintf(n->value, sizeof n->value, "%s", s->paused ? "on" : "off");
    if (s->paused) {
        s->paused_at = now;
        snprintf(n->text, sizeof n->text,
                 "paused: running iterations end, none begins");
    } else {
        snprintf(n->text, sizeof n->text, "goes on after a pause of %s",
                 num_clock(span, now - s->paused_at));
    }
}

static void steer_spike(struct steer *s, mono_us now, struct steer_news *n)
{
    if (s->phase != LOAD_RUN) {
        steer_refuse(n, "no spike before the first iteration");
    } else if (!s->spike && s->waiting == 0) {
        steer_spike_begin(s, now, n);
    } else if (s->waiting == STEER_SPIKES_MAX) {
        steer_refuse(n, "no spike: as many as can wait do so already");
    } else {
        s->waiting++;
        snprintf(n->value, sizeof n->value, "waits");
        snprintf(n->text, sizeof n->text, "spike waits its turn, %u in line",
                 s->waiting);
    }
}

static void steer_undo(struct steer *s, mono_us now, struct steer_news *n)
{
    char load[80];

    if (s->waiting > 0) {
        s->waiting--;
        snprintf(n->value, sizeof n->value, "spike");
        snprintf(n->text, sizeof n->text,
                 "undone: one spike fewer waits, %u "
                 "in line",
                 s->waiting);
        return;
    }
    if (s->spike) {
        steer_spike_clear(s);
    } else if (s->n_undo > 0) {
        s->load = s->undo[--s->n_undo];
    } else {
        steer_refuse(n, "nothing to undo");
        return;
    }
    steer_settle(s, now);
    n->load = true;
    steer_value_level(n, steer_wanted(s, now));
    steer_tell_load(s, now, load, sizeof load);
    snprintf(n->text, sizeof n->text, "undone: back to %s", load);
}

static void steer_stop(struct steer *s, mono_us now, struct steer_news *n)
{
    char grace[NUM_MAX];

    if (s->phase == LOAD_DRAIN || s->phase == LOAD_CUT) {
        snprintf(n->text, sizeof n->text, "ending already");
        return;
    }
    steer_drain(s, now);
    snprintf(n->text, sizeof n->text, "ending: running iterations have %s",
             num_period(grace, s->config.graceful_stop_us));
}

static void steer_cut_off(struct steer *s, mono_us now, struct steer_news *n)
{
    snprintf(n->text, sizeof n->text, "%s",
             s->phase == LOAD_CUT ? "cut off already"
                                  : "cut off: what runs is interrupted");
    steer_cut(s, now);
}

void steer_command(struct steer *s, mono_us now, const struct command *cmd,
                   struct steer_news *n)
{
    bool ends = cmd->kind == COMMAND_STOP || cmd->kind == COMMAND_CUT;

    steer_news_init(n, command_name(cmd->kind));
    if (!ends && (s->phase == LOAD_DRAIN || s->phase == LOAD_CUT)) {
        steer_refuse(n, "too late: the run is ending");
        return;
    }
    switch (cmd->kind) {
    case COMMAND_SET_VUS:
        n->type = s->config.curve->time_unit_us > 0 ? "rate" : n->type;
        steer_by_hand(s, now, cmd->number, n);
        return;
    case COMMAND_ADD_VUS:
        steer_add(s, now, cmd->number, n);
        return;
    case COMMAND_FOLLOW:
        steer_follow(s, now, n);
        return;
    case COMMAND_NEXT_STAGE:
        steer_next_stage(s, now, n);
        return;
    case COMMAND_PREV_STAGE:
        steer_previous_stage(s, now, n);
        return;
    case COMMAND_JUMP_STAGE:
        steer_jump_to(s, now, cmd->number, n);
        return;
    case COMMAND_HOLD:
        steer_hold(s, now, n);
        return;
    case COMMAND_PAUSE:
        steer_pause(s, now, n);
        return;
    case COMMAND_SPIKE:
        steer_spike(s, now, n);
        return;
    case COMMAND_UNDO:
        steer_undo(s, now, n);
        return;
    case COMMAND_STOP:
        steer_stop(s, now, n);
        return;
    case COMMAND_CUT:
        steer_cut_off(s, now, n);
        return;
    case COMMAND_MARK:
    case COMMAND_WRITE:
    case COMMAND_SAVE:
    case COMMAND_COUNT:
        break;
    }
    MUST(!"a command of the load");
}
