/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/story.h"

#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "measure/stretch.h"
#include "run/frame.h"

/* Changes that follow each other this closely are one change, made in steps:
 * ten times "+" is compared with what was before the first. */
#define STORY_CHANGE_US (2 * UINT64_C(1000000))
/* A load that was asked for is in the ticks by then. */
#define STORY_SET_US (UINT64_C(1000000) / 2)

struct story {
    pthread_mutex_t lock;
    const struct run_info *info;         /* borrowed */
    const struct story_earlier *earlier; /* borrowed; NULL = none */
    unsigned generation;
    struct output outputs[OUTPUTS_MAX];
    size_t n_outputs;
    /* From here on all is made of what was fed. */
    struct ledger *ledger;
    struct course *course;
    struct study *study;
    struct track *track;
    struct frame *frame; /* ticks that study and track have not had yet */
    struct tick tick;
    bool fed;
    struct tick_rooms rooms;
    struct verdict *verdicts; /* owned; what tick.verdicts points to */
    size_t n_verdicts;
    /* A ring once it is full: the oldest is at events[first]. */
    struct event *events;
    size_t n_events, cap_events, first;
    size_t lost;
    bool changed;
    struct change change;
    struct event change_event; /* what change.event points to */
    uint64_t change_active_us; /* active time at the change */
    uint32_t change_wanted;    /* load that was asked for soon after it */
    uint64_t after_second;     /* in which change.after was added up */
    /* Loads on the way of a change in steps: turns, and where the last step
     * went to. */
    uint32_t way[CHANGE_TURNS + 1];
    size_t n_way;
};

static void story_make(struct story *s)
{
    s->ledger = ledger_new(s->info->plan, s->info->lineup);
    s->course = course_new(s->info->lineup->n);
    s->study = study_new(s->info);
    study_keep_windows(s->study);
    s->track = track_new(s->info);
    s->frame = frame_new();
    ledger_in_seconds(s->ledger);
}

static void story_drop(struct story *s)
{
    ledger_free(&s->ledger);
    course_free(&s->course);
    study_free(&s->study);
    track_free(&s->track);
    frame_free(&s->frame);
    free(s->verdicts);
    free(s->events);
}

struct story *story_new(const struct run_info *info)
{
    struct story *s = xcalloc(1, sizeof *s);

    s->info = info;
    story_make(s);
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

void story_free(struct story **sp)
{
    struct story *s = *sp;

    if (s == NULL) {
        return;
    }
    story_drop(s);
    pthread_mutex_destroy(&s->lock);
    free(s);
    *sp = NULL;
}

void story_become(struct story *s, struct story **other)
{
    const size_t from = offsetof(struct story, ledger);
    struct story *o = *other;

    MUST(o->info == s->info);
    story_lock(s);
    story_drop(s);
    memcpy((char *)s + from, (char *)o + from, sizeof *s - from);
    s->change.event = &s->change_event;
    s->generation++;
    story_unlock(s);
    pthread_mutex_destroy(&o->lock);
    free(o);
    *other = NULL;
}

unsigned story_generation(const struct story *s)
{
    return s->generation;
}

void story_hold_against(struct story *s, const struct story_earlier *earlier)
{
    s->earlier = earlier;
}

const struct story_earlier *story_earlier(const struct story *s)
{
    return s->earlier;
}

void story_set_outputs(struct story *s, const struct output *list, size_t n)
{
    MUST(n <= OUTPUTS_MAX);
    story_lock(s);
    memcpy(s->outputs, list, n * sizeof *list);
    s->n_outputs = n;
    story_unlock(s);
}

const struct output *story_outputs(const struct story *s, size_t *n)
{
    *n = s->n_outputs;
    return s->outputs;
}

static void story_keep_event(struct story *s, const struct event *e)
{
    if (s->n_events < STORY_EVENTS_MAX) {
        s->events =
            xgrow(s->events, s->n_events, &s->cap_events, sizeof *s->events);
        s->events[s->n_events++] = *e;
        return;
    }
    s->events[s->first] = *e;
    s->first = (s->first + 1) % STORY_EVENTS_MAX;
    s->lost++;
}

/* Is b between a and c, or one of them: no turn? */
static bool story_between(uint32_t a, uint32_t b, uint32_t c)
{
    return (a <= b && b <= c) || (a >= b && b >= c);
}

/* Another step begins: where the one before it went to lies on the way. */
static void story_step(struct story *s, uint32_t asked)
{
    size_t n = s->n_way;
    uint32_t last = n > 0 ? s->way[n - 1] : s->change.level_before;
    uint32_t before = n > 1 ? s->way[n - 2] : s->change.level_before;

    if (n > 0 && story_between(before, last, asked)) {
        s->way[n - 1] = asked;
        return;
    }
    if (n == sizeof s->way / sizeof s->way[0]) {
        memmove(s->way, s->way + 1, (n - 1) * sizeof *s->way);
        n--;
    }
    s->way[n] = asked;
    s->n_way = n + 1;
}

/* The way is told without where it ends, and what lies before that. */
static void story_turns(const struct story *s, struct change *c)
{
    size_t n = s->n_way, from;

    while (n > 0 && story_between(n > 1 ? s->way[n - 2] : c->level_before,
                                  s->way[n - 1], c->level_after)) {
        n--;
    }
    from = n > CHANGE_TURNS ? n - CHANGE_TURNS : 0;
    c->n_turns = n - from;
    memcpy(c->turns, s->way + from, c->n_turns * sizeof *c->turns);
}

/* The slot of the change holds both, and the newest one is still being filled:
 * neither counts. */
static void story_sum_after(struct story *s, uint64_t now_us)
{
    const struct series *series = ledger_series(s->ledger);
    uint64_t slot_us = series_slot_us(series), from = UINT64_MAX, to = 0;
    uint64_t active = 0;
    size_t i = series_count(series);
    struct stretch x;

    while (i-- > 0 && active < STORY_AFTER_US) {
        const struct slot *slot = series_slot(series, i);

        if (slot->start_us + slot_us > now_us) {
            continue;
        }
        if (slot->start_us < s->change.t_us) {
            break;
        }
        to = to > 0 ? to : slot->start_us + slot_us;
        from = slot->start_us;
        active += slot->active_us;
    }
    if (active > 0 && stretch_sum(series, -1, from, to, &x)) {
        s->change.after = x.sum;
        s->change.after_us = x.active_us;
    }
}

/* The load has moved on since: what follows is no effect of the change. */
static bool story_moved_on(const struct story *s, const struct tick *t)
{
    return t->active_total_us - s->change_active_us >= STORY_SET_US &&
           s->change.after_us > 0 &&
           t->scenarios[s->change.scenario].wanted != s->change_wanted;
}

/* What was up to now. What came before the last change is not of this load. */
static struct summary story_before(struct story *s)
{
    uint64_t age_us = s->tick.active_total_us - s->change_active_us;

    if (s->changed && age_us < STORY_AFTER_US) {
        if (story_moved_on(s, &s->tick)) {
            story_sum_after(s, s->tick.t_us); /* it ended there */
        }
        if (s->change.after_us > 0) {
            return s->change.after;
        }
    }
    return ledger_summary(s->ledger, -1, SPAN_WINDOW);
}

/* Before the tick goes into the ledger: what is there now was before. */
static void story_keep_change(struct story *s, const struct tick *t)
{
    const struct event *last = NULL;
    size_t scenario, i;
    bool goes_on;

    for (i = 0; i < t->n_events; i++) {
        last = t->events[i].load ? &t->events[i] : last;
    }
    if (last == NULL || !s->fed) {
        return;
    }
    scenario = last->scenario > 0 ? last->scenario - 1 : 0;
    goes_on = s->changed && scenario == s->change.scenario &&
              last->t_us - s->change.t_us < STORY_CHANGE_US;
    if (!goes_on) {
        const struct tick_scenario *was = &s->tick.scenarios[scenario];

        s->change.before = story_before(s);
        s->change.scenario = scenario;
        s->change.level_before = was->timed ? was->wanted : was->vus;
        s->change.level_after = s->change.level_before;
        s->n_way = 0;
    } else {
        story_step(s, s->tick.scenarios[scenario].wanted);
    }
    s->change.t_us = last->t_us;
    s->change_event = *last;
    s->change.event = &s->change_event;
    s->change_active_us = s->tick.active_total_us;
    s->change.age_us = 0;
    s->change.after = (struct summary){0};
    s->change.after_us = 0;
    s->changed = true;
}

/* The end of the run is no effect of the change. */
static bool story_has_after(const struct story *s, const struct tick *t)
{
    return s->changed && t->state < RUN_DRAINING && !story_moved_on(s, t);
}

/* What c says of the moment of t. */
static void story_now(const struct story *s, const struct tick *t,
                      struct change *c)
{
    const struct tick_scenario *is = &t->scenarios[c->scenario];

    c->level_after = is->timed ? is->wanted : is->vus;
    story_turns(s, c);
    c->age_us = t->active_total_us - s->change_active_us;
}

/* Slots end once a second: more often there is nothing new to add up. */
static void story_keep_after(struct story *s, const struct tick *t)
{
    uint64_t second = t->t_us / 1000000;

    if (!story_has_after(s, t)) {
        return;
    }
    s->change_wanted = t->scenarios[s->change.scenario].wanted;
    if (second != s->after_second || s->change.after_us == 0) {
        s->after_second = second;
        story_sum_after(s, t->t_us);
    }
    story_now(s, t, &s->change);
}

static void story_keep_tick(struct story *s, const struct tick *t)
{
    if (t->n_verdicts > s->n_verdicts) {
        s->verdicts =
            xreallocarray(s->verdicts, t->n_verdicts, sizeof *s->verdicts);
        s->n_verdicts = t->n_verdicts;
    }
    if (t->n_verdicts > 0) {
        memcpy(s->verdicts, t->verdicts, t->n_verdicts * sizeof *s->verdicts);
    }
    s->tick = *t;
    s->tick.delta = NULL;
    s->tick.within = NULL;
    s->tick.beats = NULL;
    s->tick.parts = NULL;
    s->tick.n_beats = s->tick.n_parts = 0;
    s->tick.events = NULL;
    s->tick.n_events = 0;
    s->tick.probes = NULL;
    s->tick.n_probes = 0;
    s->tick.verdicts = s->verdicts;
    s->fed = true;
}

/* Ticks that were put together go to who looks at seconds: so they are the same
 * there, to the bit, whether they come one by one or as a recording has them.
 */
static void story_settle(struct story *s)
{
    const struct tick *t = frame_tick(s->frame);

    study_feed_load(s->study, t);
    track_feed(s->track, t);
    story_keep_after(s, t);
    frame_reset(s->frame);
}

void story_feed(struct story *s, const struct tick *t)
{
    struct ledger_gauges g;
    size_t i;

    story_lock(s);
    if (frame_is_over(s->frame, t)) {
        story_settle(s);
    }
    story_keep_change(s, t);
    g = tick_gauges(s->info, t, &s->rooms);
    course_feed(s->course, t);
    study_feed_hunt(s->study, t);
    ledger_feed(s->ledger, t->t_us, t->active_us, &g, t->delta);
    for (i = 0; i < t->n_events; i++) {
        story_keep_event(s, &t->events[i]);
    }
    story_keep_tick(s, t);
    frame_add(s->frame, t);
    /* The end of the load is told at once: nothing behind it is looked at. */
    if (frame_is_full(s->frame) || t->state >= RUN_DRAINING) {
        story_settle(s);
    }
    story_unlock(s);
}

void story_lock(struct story *s)
{
    pthread_mutex_lock(&s->lock);
}

void story_unlock(struct story *s)
{
    pthread_mutex_unlock(&s->lock);
}

const struct run_info *story_info(const struct story *s)
{
    return s->info;
}

const struct ledger *story_ledger(const struct story *s)
{
    return s->ledger;
}

const struct course *story_course(const struct story *s)
{
    return s->course;
}

const struct track *story_track(const struct story *s)
{
    return s->track;
}

const struct study *story_study(const struct story *s)
{
    return s->study;
}

const struct tick *story_tick(const struct story *s)
{
    return s->fed ? &s->tick : NULL;
}

size_t story_event_count(const struct story *s)
{
    return s->n_events;
}

const struct event *story_event(const struct story *s, size_t i)
{
    MUST(i < s->n_events);
    return &s->events[(s->first + i) % s->n_events];
}

size_t story_events_lost(const struct story *s)
{
    return s->lost;
}

bool story_last_change(const struct story *s, struct change *out)
{
    if (!s->changed) {
        return false;
    }
    *out = s->change;
    out->event = &s->change_event;
    if (story_has_after(s, &s->tick)) {
        story_now(s, &s->tick, out);
    }
    return true;
}
