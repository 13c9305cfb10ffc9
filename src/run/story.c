/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/story.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "measure/stretch.h"

/* Changes that follow each other this closely are one change, made in steps:
 * ten times "+" is compared with what was before the first. */
#define STORY_CHANGE_US (2 * UINT64_C(1000000))
/* A load that was asked for is in the ticks by then. */
#define STORY_SET_US (UINT64_C(1000000) / 2)

struct story {
    pthread_mutex_t lock;
    const struct run_info *info;         /* borrowed */
    const struct story_earlier *earlier; /* borrowed; NULL = none */
    struct ledger *ledger;
    struct course *course;
    struct study *study;
    struct track *track;
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

struct story *story_new(const struct run_info *info)
{
    struct story *s = xcalloc(1, sizeof *s);

    s->info = info;
    s->ledger = ledger_new(info->plan, info->lineup);
    s->course = course_new(info->lineup->n);
    s->study = study_new(info);
    study_keep_windows(s->study);
    s->track = track_new(info);
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

void story_free(struct story **sp)
{
    struct story *s = *sp;

    if (s == NULL) {
        return;
    }
    ledger_free(&s->ledger);
    course_free(&s->course);
    study_free(&s->study);
    track_free(&s->track);
    free(s->verdicts);
    free(s->events);
    pthread_mutex_destroy(&s->lock);
    free(s);
    *sp = NULL;
}

void story_hold_against(struct story *s, const struct story_earlier *earlier)
{
    s->earlier = earlier;
}

const struct story_earlier *story_earlier(const struct story *s)
{
    return s->earlier;
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
static void story_turns(struct story *s)
{
    struct change *c = &s->change;
    size_t n = s->n_way, from;

    while (n > 0 && story_between(n > 1 ? s->way[n - 2] : c->level_before,
                                  s->way[n - 1], c->level_after)) {
        n--;
    }
    from = n > CHANGE_TURNS ? n - CHANGE_TURNS : 0;
    c->n_turns = n - from;
    memcpy(c->turns, s->way + from, c->n_turns * sizeof *c->turns);
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

        /* What came before the last change is not of this load. */
        if (s->changed && s->change.after_us > 0 &&
            s->change.age_us < STORY_AFTER_US) {
            s->change.before = s->change.after;
        } else {
            s->change.before = ledger_summary(s->ledger, -1, SPAN_WINDOW);
        }
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
static bool story_moved_on(struct story *s, const struct tick *t)
{
    const struct tick_scenario *is = &t->scenarios[s->change.scenario];

    if (t->active_total_us - s->change_active_us < STORY_SET_US ||
        s->change.after_us == 0) {
        s->change_wanted = is->wanted;
    }
    return is->wanted != s->change_wanted;
}

/* The end of the run is no effect of the change. Slots end once a second: more
 * often there is nothing new to add up. */
static void story_keep_after(struct story *s, const struct tick *t)
{
    const struct tick_scenario *is = &t->scenarios[s->change.scenario];

    if (s->changed && t->state < RUN_DRAINING && !story_moved_on(s, t)) {
        uint64_t second = t->t_us / 1000000;

        if (second != s->after_second || s->change.after_us == 0) {
            s->after_second = second;
            story_sum_after(s, t->t_us);
        }
        s->change.level_after = is->timed ? is->wanted : is->vus;
        story_turns(s);
        s->change.age_us = t->active_total_us - s->change_active_us;
    }
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
    s->tick.events = NULL;
    s->tick.n_events = 0;
    s->tick.probes = NULL;
    s->tick.n_probes = 0;
    s->tick.verdicts = s->verdicts;
    s->fed = true;
}

void story_feed(struct story *s, const struct tick *t)
{
    struct ledger_gauges g;
    size_t i;

    story_lock(s);
    story_keep_change(s, t);
    g = tick_gauges(s->info, t, &s->rooms);
    course_feed(s->course, t);
    study_feed(s->study, t);
    track_feed(s->track, t);
    ledger_feed(s->ledger, t->t_us, t->active_us, &g, t->delta);
    for (i = 0; i < t->n_events; i++) {
        story_keep_event(s, &t->events[i]);
    }
    story_keep_tick(s, t);
    story_keep_after(s, t);
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
    return true;
}
