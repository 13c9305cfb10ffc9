/* SPDX-License-Identifier: MIT
 *
 * conductor_part - the scenarios of a run: what is true of all of them, what a
 * command does to the one that it is for, and how they share the VUs that the
 * machine can give. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/text.h"
#include "run/conductor_internal.h"

static enum load_phase part_phase(const struct conductor_part *p)
{
    return steer_desired(p->steer)->phase;
}

enum load_phase conductor_phase(const struct conductor *c)
{
    enum load_phase least = LOAD_CUT;
    size_t i;

    for (i = 0; i < c->n; i++) {
        enum load_phase p = part_phase(&c->parts[i]);

        least = p < least ? p : least;
    }
    return least;
}

bool conductor_works(const struct conductor *c)
{
    size_t i;

    for (i = 0; i < c->n; i++) {
        const struct fleet_scenario *s = &c->state.scenarios[i];

        if (s->active + s->draining + s->in_flight > 0) {
            return true;
        }
    }
    return false;
}

void conductor_halt(struct conductor_part *p, mono_us at)
{
    if (p->halted == 0) {
        p->halted = at;
    }
}

bool conductor_paused(const struct conductor *c)
{
    size_t i;

    for (i = 0; i < c->n; i++) {
        if (steer_desired(c->parts[i].steer)->paused) {
            return true;
        }
    }
    return false;
}

uint64_t conductor_iterations(const struct conductor_part *p, uint32_t wanted)
{
    switch (p->scenario->executor) {
    case EXECUTOR_SHARED_ITERATIONS:
        return p->scenario->iterations;
    case EXECUTOR_PER_VU_ITERATIONS:
        return p->scenario->iterations *
               (wanted > p->scenario->vus ? wanted : p->scenario->vus);
    case EXECUTOR_CONSTANT_VUS:
    case EXECUTOR_RAMPING_VUS:
    case EXECUTOR_CONSTANT_ARRIVAL_RATE:
    case EXECUTOR_RAMPING_ARRIVAL_RATE:
    case EXECUTOR_COUNT:
        break;
    }
    return 0;
}

uint64_t conductor_graceful_us(const struct conductor *c)
{
    uint64_t most = 0;
    size_t i;

    for (i = 0; i < c->n; i++) {
        uint64_t us = c->parts[i].scenario->graceful_stop_us;

        most = us > most ? us : most;
    }
    return most;
}

void conductor_drain(struct conductor *c, mono_us now)
{
    size_t i;

    for (i = 0; i < c->n; i++) {
        steer_drain(c->parts[i].steer, now);
    }
}

void conductor_cut(struct conductor *c, mono_us now)
{
    size_t i;

    for (i = 0; i < c->n; i++) {
        steer_cut(c->parts[i].steer, now);
    }
}

struct event *conductor_news(struct conductor *c, mono_us now,
                             const struct conductor_part *part, const char *by,
                             const struct steer_news *n)
{
    bool named = c->n > 1 && part != NULL;
    char name[64];
    struct event *e = conductor_event(
        c, now, n->type, by, "%s%s%s",
        named ? text_safe(name, sizeof name, part->scenario->name) : "",
        named ? ": " : "", n->text);

    event_set_value(e, n->value);
    e->load = n->load;
    e->bad = !n->ok || n->clamped;
    e->clamped = n->ok && n->clamped;
    e->scenario = named ? (unsigned)(part - c->parts) + 1 : 0;
    return e;
}

/* VUs that a scenario keeps from the others. */
static uint32_t part_holds(const struct conductor *c, size_t i, mono_us now)
{
    const struct conductor_part *p = &c->parts[i];
    struct steer_view v = steer_view(p->steer, now);

    if (v.phase >= LOAD_DRAIN) {
        return 0;
    }
    if (c->curves[i].time_unit_us > 0 || v.wanted < p->share) {
        return p->share;
    }
    return v.wanted;
}

void conductor_share(struct conductor *c, mono_us now)
{
    size_t i, k;

    for (i = 0; i < c->n; i++) {
        uint64_t others = 0;
        uint32_t room;

        if (c->curves[i].time_unit_us > 0) {
            continue; /* maxVUs is the plan's */
        }
        for (k = 0; k < c->n; k++) {
            others += k != i ? part_holds(c, k, now) : 0;
        }
        room = others < c->max_vus ? c->max_vus - (uint32_t)others : 0;
        steer_limit(c->parts[i].steer, now,
                    room > c->parts[i].share ? room : c->parts[i].share,
                    c->limit);
    }
}

static bool steer_is_runs(enum command_kind kind)
{
    return kind == COMMAND_HOLD || kind == COMMAND_PAUSE ||
           kind == COMMAND_STOP || kind == COMMAND_CUT;
}

/* What a command of the run did to all, told as one. */
static void steer_sum_up(const struct conductor *c, enum command_kind kind,
                         struct steer_news *n)
{
    bool on = strcmp(n->value, "on") == 0;
    char grace[NUM_MAX];

    if (c->n == 1 || !n->ok) {
        return;
    }
    if (kind == COMMAND_HOLD) {
        snprintf(n->text, sizeof n->text, "stage clocks %s",
                 on ? "held, the load stays" : "go on");
    } else if (kind == COMMAND_STOP && conductor_phase(c) == LOAD_DRAIN &&
               c->act <= ACT_RUN) {
        snprintf(n->text, sizeof n->text, "ending: running iterations have %s",
                 num_period(grace, conductor_graceful_us(c)));
    }
}

/* To all scenarios; the news are of the first that it still concerns. */
static void steer_all(struct conductor *c, mono_us now,
                      const struct command *cmd, struct steer_news *n)
{
    bool told = false;
    size_t i;

    for (i = 0; i < c->n; i++) {
        bool over = part_phase(&c->parts[i]) >= LOAD_DRAIN;
        struct steer_news one;

        steer_command(c->parts[i].steer, now, cmd, &one);
        if (i == 0 || (!told && !over)) {
            *n = one;
            told = !over;
        }
    }
    steer_sum_up(c, cmd->kind, n);
}

/* The names of all, for a command that names none. */
static void steer_ask_which(const struct conductor *c,
                            const struct command *cmd, struct steer_news *n)
{
    char name[64];
    size_t i;

    *n = (struct steer_news){.type = command_name(cmd->kind)};
    snprintf(n->text, sizeof n->text, "for which scenario?");
    for (i = 0; i < c->n; i++) {
        size_t len = strlen(n->text);

        snprintf(n->text + len, sizeof n->text - len, "%s %zu %s",
                 i > 0 ? "," : "", i + 1,
                 text_safe(name, sizeof name, c->parts[i].scenario->name));
    }
}

/* Which scenario a command is for; NULL = it does not say. Where it does not,
 * the only one that is not at its end is meant. */
static struct conductor_part *steer_part(struct conductor *c,
                                         const struct command *cmd)
{
    struct conductor_part *only = NULL;
    size_t i;

    if (cmd->scenario > 0) {
        return cmd->scenario <= c->n ? &c->parts[cmd->scenario - 1] : NULL;
    }
    if (c->n == 1) {
        return &c->parts[0];
    }
    for (i = 0; i < c->n; i++) {
        if (part_phase(&c->parts[i]) < LOAD_DRAIN) {
            if (only != NULL) {
                return NULL;
            }
            only = &c->parts[i];
        }
    }
    return only;
}

/* Who ended the run, and what that makes of the exit code. */
static void conductor_ended_by(struct conductor *c, const struct command *cmd)
{
    bool remote = strncmp(cmd->by, "socket", 6) == 0;

    snprintf(c->ending.by, sizeof c->ending.by, "%s", cmd->by);
    c->ending.remote = c->ending.remote || remote;
    if (cmd->kind == COMMAND_CUT) {
        c->hurry = true;
        c->ending.interrupted = c->ending.interrupted || !remote;
    }
}

void conductor_steer(struct conductor *c, mono_us now,
                     const struct command *cmd)
{
    enum load_phase before = conductor_phase(c), after;
    struct conductor_part *part = NULL;
    struct steer_news n;

    if (steer_is_runs(cmd->kind)) {
        steer_all(c, now, cmd, &n);
    } else {
        part = steer_part(c, cmd);
        if (part == NULL) {
            steer_ask_which(c, cmd, &n);
        } else {
            conductor_share(c, now);
            steer_command(part->steer, now, cmd, &n);
        }
    }
    after = conductor_phase(c);
    if (after > before && before != LOAD_CUT && after >= LOAD_DRAIN) {
        conductor_ended_by(c, cmd);
    } else if (cmd->kind == COMMAND_CUT) {
        c->hurry = true; /* what is left of a teardown */
    }
    conductor_news(c, now, part, cmd->by, &n);
    conductor_sync(c, now);
}
