/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/frame.h"

#include <stdlib.h>
#include <string.h>

#include "base/clk.h"
#include "base/must.h"
#include "base/xalloc.h"
#include "measure/series.h"
#include "run/command.h"
#include "run/frame_beats.h"

struct frame {
    size_t n;            /* ticks in it */
    struct tick tick;    /* of all; its pointers lead to what follows */
    struct delta *delta; /* owned */
    struct tick_within within;
    struct verdict *verdicts; /* owned, as the next */
    size_t cap_verdicts;
    struct event *events;
    size_t n_events, cap_events;
    struct tick_probe *probes; /* owned */
    size_t n_probes, cap_probes;
    struct frame_beats beats;
    enum tick_answers answers; /* of its last tick */
    bool lost;   /* the last tick in which anything ended found nobody; the
                    frames before included */
    bool marked; /* its last tick is such a moment, or a stage's first: it ends
                    the frame, so that who goes there is there, and not a
                    second later */
    /* Start of the second that a ledger's slots are at, and were at before the
     * frame began; UINT64_MAX: none is yet. And the end of the last tick, those
     * of the frames before included. */
    uint64_t open_us, before_us, last_us;
    bool going, still; /* all of its time is active; none of it is */
};

#define FRAME_SLOT_US UINT64_C(1000000)

struct frame *frame_new(void)
{
    struct frame *f = xcalloc(1, sizeof *f);

    f->delta = delta_new(NULL, NULL, 0);
    f->open_us = f->before_us = UINT64_MAX;
    return f;
}

void frame_free(struct frame **fp)
{
    struct frame *f = *fp;

    if (f == NULL) {
        return;
    }
    delta_free(&f->delta);
    free(f->verdicts);
    free(f->events);
    free(f->probes);
    frame_beats_clear(&f->beats);
    free(f);
    *fp = NULL;
}

bool frame_empty(const struct frame *f)
{
    return f->n == 0;
}

void frame_reset(struct frame *f)
{
    delta_free(&f->delta);
    f->delta = delta_new(NULL, NULL, 0);
    f->n = 0;
    f->n_events = 0;
    f->n_probes = 0;
    f->marked = false;
    frame_beats_reset(&f->beats);
}

/* By the rule of a ledger's slots, which go on where a tick is but a small
 * piece. */
static uint64_t frame_place(uint64_t t_us, uint64_t active_us, uint64_t open_us)
{
    uint64_t at = series_place(t_us, active_us, FRAME_SLOT_US, open_us);

    return open_us != UINT64_MAX && at < open_us ? open_us : at;
}

/* With t it is of the same second still, and so is t. */
static bool frame_same_second(const struct frame *f, const struct tick *t)
{
    uint64_t active_us = f->tick.active_us + t->active_us;

    return frame_place(t->t_us, t->active_us, f->open_us) == f->open_us &&
           frame_place(t->t_us, active_us, f->before_us) == f->open_us;
}

static void frame_add_events(struct frame *f, const struct tick *t)
{
    size_t i;

    for (i = 0; i < t->n_events && f->n_events < FRAME_EVENTS_MAX; i++) {
        f->events =
            xgrow(f->events, f->n_events, &f->cap_events, sizeof *f->events);
        f->events[f->n_events++] = t->events[i];
    }
}

/* There are few of them in any run. */
static void frame_add_probes(struct frame *f, const struct tick *t)
{
    size_t i;

    for (i = 0; i < t->n_probes; i++) {
        f->probes =
            xgrow(f->probes, f->n_probes, &f->cap_probes, sizeof *f->probes);
        f->probes[f->n_probes++] = t->probes[i];
    }
}

static void frame_add_within(struct frame *f, const struct tick *t)
{
    struct tick_within more = tick_within(t), *w = &f->within;
    bool leads =
        slot_leads(t->t_us - t->dt_us,
                   tick_second(t->t_us, t->active_us) * US_PER_SEC, US_PER_SEC);
    size_t i;

    if (f->n == 0) {
        *w = more;
        return;
    }
    if (leads) {
        w->vus = more.vus;
        w->planned = more.planned;
    }
    w->vus_min = more.vus_min < w->vus_min ? more.vus_min : w->vus_min;
    w->vus_max = more.vus_max > w->vus_max ? more.vus_max : w->vus_max;
    w->manual = w->manual || more.manual;
    w->suspect = w->suspect || more.suspect;
    w->vus_us += more.vus_us;
    server_seen_add(&w->server, &more.server);
    for (i = 0; i < t->n_scenarios; i++) {
        uint32_t wanted = more.scenarios[i].wanted_max;
        uint32_t vus = more.scenarios[i].vus_max;
        uint32_t allocated = more.scenarios[i].allocated_max;

        if (more.scenarios[i].ran != w->scenarios[i].ran ? more.scenarios[i].ran
                                                         : leads) {
            w->scenarios[i].wanted = more.scenarios[i].wanted;
            w->scenarios[i].planned = more.scenarios[i].planned;
            w->scenarios[i].vus = more.scenarios[i].vus;
        }
        w->scenarios[i].ran = w->scenarios[i].ran || more.scenarios[i].ran;
        if (wanted > w->scenarios[i].wanted_max) {
            w->scenarios[i].wanted_max = wanted;
        }
        if (vus > w->scenarios[i].vus_max) {
            w->scenarios[i].vus_max = vus;
        }
        if (allocated > w->scenarios[i].allocated_max) {
            w->scenarios[i].allocated_max = allocated;
        }
        w->scenarios[i].manual =
            w->scenarios[i].manual || more.scenarios[i].manual;
    }
}

/* A moment from which things are counted anew: it begins a frame, so that what
 * was before it is not mixed with what came after. */
static bool frame_marks(const struct tick *t)
{
    size_t i;

    for (i = 0; i < t->n_events; i++) {
        if (t->events[i].load ||
            strcmp(t->events[i].type, command_name(COMMAND_MARK)) == 0) {
            return true;
        }
    }
    return false;
}

/* A scenario begins a stage with this tick. */
static bool frame_stages(const struct frame *f, const struct tick *t)
{
    size_t i;

    for (i = 0; i < t->n_scenarios; i++) {
        const struct tick_scenario *x = &f->tick.scenarios[i];
        const struct tick_scenario *y = &t->scenarios[i];

        if (y->state == SCENARIO_RUNNING &&
            (f->tick.n_scenarios == 0 || x->state != y->state ||
             x->stage != y->stage)) {
            return true;
        }
    }
    return false;
}

static void frame_add_plain(struct frame *f, const struct tick *t)
{
    struct tick was = f->tick;
    size_t i;

    f->tick = *t;
    if (f->n == 0) {
        return;
    }
    f->tick.dt_us += was.dt_us;
    f->tick.active_us += was.active_us;
    for (i = 0; i < t->n_scenarios; i++) {
        f->tick.scenarios[i].ran_us += was.scenarios[i].ran_us;
        f->tick.scenarios[i].begun += was.scenarios[i].begun;
        f->tick.scenarios[i].dropped += was.scenarios[i].dropped;
    }
}

/* All of the time since the tick before is active. */
static bool frame_goes(const struct frame *f, const struct tick *t)
{
    return t->t_us <= f->last_us + t->active_us;
}

static void frame_add_time(struct frame *f, const struct tick *t)
{
    if (f->n == 0) {
        f->before_us = f->open_us;
        f->going = frame_goes(f, t);
        f->still = t->active_us == 0;
    }
    f->open_us = frame_place(t->t_us, t->active_us, f->open_us);
    f->last_us = t->t_us;
}

void frame_add(struct frame *f, const struct tick *t)
{
    MUST(f->n == 0 || t->n_scenarios == f->tick.n_scenarios);
    frame_add_time(f, t);
    f->marked = frame_marks(t) || frame_stages(f, t);
    frame_beats_add(&f->beats, t);
    frame_add_within(f, t);
    frame_add_plain(f, t);
    frame_add_events(f, t);
    frame_add_probes(f, t);
    delta_merge(f->delta, t->delta, t->t_us);
    if (t->n_verdicts > f->cap_verdicts) {
        f->cap_verdicts = t->n_verdicts;
        f->verdicts =
            xreallocarray(f->verdicts, f->cap_verdicts, sizeof *f->verdicts);
    }
    if (t->n_verdicts > 0) {
        memcpy(f->verdicts, t->verdicts, t->n_verdicts * sizeof *f->verdicts);
    }
    f->answers = tick_answers(t->delta);
    if (f->answers != ANSWERS_NONE) {
        f->lost = f->answers != ANSWERS_PLAIN;
    }
    f->n++;
}

/* The load is of another kind: another stage, another hand, another scenario,
 * another try of a hunt. What insight is fed is cut there, too. */
static bool frame_turns(const struct tick *a, const struct tick *b)
{
    size_t i;

    for (i = 0; i < a->n_scenarios; i++) {
        const struct tick_scenario *x = &a->scenarios[i];
        const struct tick_scenario *y = &b->scenarios[i];

        if (x->state != y->state || x->stage != y->stage ||
            x->manual != y->manual || x->spike != y->spike) {
            return true;
        }
    }
    return a->state != b->state || a->held != b->held ||
           a->hunt.phase != b->hunt.phase || a->hunt.number != b->hunt.number;
}

/* Of a tick that is in part a pause not all that ended in it counts for a
 * rate. */
static bool frame_pauses(const struct frame *f, const struct tick *t)
{
    return !(f->going && frame_goes(f, t)) && !(f->still && t->active_us == 0);
}

/* Where nobody is there any more, and where somebody is again: an outage is
 * timed by that. */
static bool frame_loses(const struct frame *f, const struct tick *t)
{
    enum tick_answers now = tick_answers(t->delta);

    return f->lost ? now != f->answers
                   : now == ANSWERS_LOST || now == ANSWERS_MIXED;
}

bool frame_is_full(const struct frame *f)
{
    return f->n > 0 && (f->tick.state == RUN_FINISHED ||
                        frame_place(f->tick.t_us + TICK_US, TICK_US,
                                    f->open_us) != f->open_us);
}

bool frame_is_over(const struct frame *f, const struct tick *t)
{
    return f->n > 0 && (frame_is_full(f) || !frame_same_second(f, t) ||
                        frame_turns(&f->tick, t) || frame_pauses(f, t) ||
                        frame_loses(f, t) || f->marked || frame_marks(t) ||
                        !frame_beats_fit(&f->beats, t) ||
                        f->n_events + t->n_events > FRAME_EVENTS_MAX);
}

const struct tick *frame_tick(struct frame *f)
{
    MUST(f->n > 0);
    f->tick.within = &f->within;
    f->tick.delta = f->delta;
    f->tick.verdicts = f->verdicts;
    f->tick.events = f->events;
    f->tick.n_events = f->n_events;
    f->tick.probes = f->probes;
    f->tick.n_probes = f->n_probes;
    frame_beats_give(&f->beats, &f->tick);
    return &f->tick;
}
