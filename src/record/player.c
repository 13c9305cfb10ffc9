/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/player.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "run/command.h"

/* A second ends with the tick that ends some time after it. */
#define PLAYER_TICK_US TICK_US
/* So long after a stage or a mark "back" means the one before it. */
#define PLAYER_BACK_US (2 * UINT64_C(1000000))

static const unsigned player_speeds[] = {1, 2, 5, 10, 30, PLAYER_SPEED_MAX};
enum { PLAYER_SPEEDS = sizeof player_speeds / sizeof player_speeds[0] };

/* Where something begins: the end of the first tick that has it. */
struct player_place {
    uint64_t t_us;
    size_t scenario, stage; /* of a mark: SIZE_MAX */
};

struct player {
    struct player_source source;
    struct story *story;         /* borrowed */
    struct player_place *places; /* owned; by time */
    size_t n_places, cap_places;
    size_t stages[LINEUP_MAX]; /* while it is read: that a scenario is in */
    uint64_t total_us;
    bool cut;
    char why[200];
    struct tick_read next; /* the tick that is to come */
    bool has_next;
    uint64_t shown_us;         /* run time of the last one fed */
    uint64_t base_us, from_us; /* run time at this time of the clock */
    unsigned speed;
    bool paused;
};

static void player_place(struct player *p, uint64_t t_us, size_t scenario,
                         size_t stage)
{
    p->places =
        xgrow(p->places, p->n_places, &p->cap_places, sizeof *p->places);
    p->places[p->n_places++] = (struct player_place){t_us, scenario, stage};
}

static void player_look(struct player *p, const struct tick *t)
{
    size_t i;

    for (i = 0; i < t->n_scenarios; i++) {
        const struct tick_scenario *s = &t->scenarios[i];

        if (s->state == SCENARIO_RUNNING && s->stage != p->stages[i]) {
            p->stages[i] = s->stage;
            player_place(p, t->t_us, i, s->stage);
        }
    }
    for (i = 0; i < t->n_events; i++) {
        if (strcmp(t->events[i].type, command_name(COMMAND_MARK)) == 0) {
            player_place(p, t->t_us, SIZE_MAX, SIZE_MAX);
        }
    }
    p->total_us = t->t_us;
}

/* How far it goes, and what there is. */
static size_t player_read(struct player *p, struct err *e)
{
    struct tick_read r;
    size_t n = 0, i;
    int found;

    for (i = 0; i < LINEUP_MAX; i++) {
        p->stages[i] = SIZE_MAX;
    }
    for (;;) {
        found = p->source.next(p->source.ctx, &r, e);
        if (found <= 0) {
            break;
        }
        player_look(p, &r.tick);
        tick_read_clear(&r);
        n++;
    }
    p->cut = found < 0;
    if (p->cut) {
        snprintf(p->why, sizeof p->why, "%.199s", e->text);
    } else if (n == 0) {
        err_set(e, ERR_SYNTAX, "there is no moment of the run in it");
    }
    return n;
}

static void player_fetch(struct player *p)
{
    struct err e = ERR_INIT;

    p->has_next = p->source.next(p->source.ctx, &p->next, &e) > 0;
}

static void player_drop(struct player *p)
{
    if (p->has_next) {
        tick_read_clear(&p->next);
        p->has_next = false;
    }
}

struct player *player_new(const struct player_source *source,
                          struct story *story, struct err *e)
{
    struct player *p = xcalloc(1, sizeof *p);

    p->source = *source;
    p->story = story;
    p->speed = 1;
    if (player_read(p, e) == 0) {
        player_free(&p);
        return NULL;
    }
    p->source.rewind(p->source.ctx);
    player_fetch(p);
    return p;
}

void player_free(struct player **p)
{
    if (*p == NULL) {
        return;
    }
    player_drop(*p);
    free((*p)->places);
    free(*p);
    *p = NULL;
}

static void player_feed(struct player *p, struct story *to)
{
    story_feed(to, &p->next.tick);
    p->shown_us = p->next.tick.t_us;
    player_drop(p);
    player_fetch(p);
}

/* All up to this moment; the first in any case. */
static bool player_feed_to(struct player *p, struct story *to, uint64_t t_us)
{
    bool any = false;

    while (p->has_next &&
           (p->next.tick.t_us <= t_us || story_tick(to) == NULL)) {
        player_feed(p, to);
        any = true;
    }
    return any;
}

/* Where it would be by now. */
static uint64_t player_at(const struct player *p, uint64_t now_us)
{
    uint64_t since = now_us > p->from_us ? now_us - p->from_us : 0;
    uint64_t at = p->paused ? p->base_us : p->base_us + since * p->speed;

    return at < p->total_us ? at : p->total_us;
}

/* From here on by another rule. */
static void player_turn(struct player *p, uint64_t now_us, uint64_t at_us)
{
    p->base_us = at_us;
    p->from_us = now_us;
}

void player_begin(struct player *p, uint64_t now_us, unsigned speed)
{
    MUST(speed >= 1 && speed <= PLAYER_SPEED_MAX);
    p->speed = speed;
    player_feed_to(p, p->story, 0);
    player_turn(p, now_us, p->shown_us);
}

bool player_run(struct player *p, uint64_t now_us)
{
    return player_feed_to(p, p->story, player_at(p, now_us));
}

uint64_t player_due_us(const struct player *p, uint64_t now_us)
{
    uint64_t at = player_at(p, now_us);

    if (p->paused || !p->has_next) {
        return UINT64_MAX;
    }
    return p->next.tick.t_us > at
               ? (p->next.tick.t_us - at + p->speed - 1) / p->speed
               : 0;
}

struct player_now player_now(const struct player *p)
{
    struct player_now n = {.at_us = p->shown_us,
                           .total_us = p->total_us,
                           .speed = p->speed,
                           .paused = p->paused,
                           .ended = !p->has_next,
                           .cut = p->cut};

    snprintf(n.why, sizeof n.why, "%s", p->why);
    return n;
}

/* Exactly the ticks up to that moment. What begins anew is made aside: nobody
 * is shown how. */
static void player_go(struct player *p, uint64_t now_us, uint64_t t_us)
{
    struct story *aside;

    if (t_us < p->shown_us) {
        aside = story_new(story_info(p->story));
        story_hold_against(aside, story_earlier(p->story));
        player_drop(p);
        p->source.rewind(p->source.ctx);
        player_fetch(p);
        player_feed_to(p, aside, t_us);
        story_become(p->story, &aside);
    }
    player_feed_to(p, p->story, t_us);
    player_turn(p, now_us, t_us > p->shown_us ? t_us : p->shown_us);
}

void player_pause(struct player *p, uint64_t now_us)
{
    if (!p->has_next) {
        p->paused = false;
        player_go(p, now_us, 0);
        return;
    }
    player_hold(p, now_us, !p->paused);
}

void player_hold(struct player *p, uint64_t now_us, bool paused)
{
    uint64_t at = player_at(p, now_us);

    p->paused = paused;
    player_turn(p, now_us, at);
}

static void player_set_speed(struct player *p, uint64_t now_us, unsigned speed)
{
    player_turn(p, now_us, player_at(p, now_us));
    p->speed = speed;
}

void player_faster(struct player *p, uint64_t now_us)
{
    size_t i = 0;

    while (i + 1 < PLAYER_SPEEDS && player_speeds[i] <= p->speed) {
        i++;
    }
    player_set_speed(p, now_us, player_speeds[i]);
}

void player_slower(struct player *p, uint64_t now_us)
{
    size_t i = PLAYER_SPEEDS - 1;

    while (i > 0 && player_speeds[i] >= p->speed) {
        i--;
    }
    player_set_speed(p, now_us, player_speeds[i]);
}

void player_real(struct player *p, uint64_t now_us)
{
    player_set_speed(p, now_us, 1);
}

void player_seek(struct player *p, uint64_t now_us, uint64_t to_us)
{
    to_us = to_us < p->total_us ? to_us : p->total_us;
    player_go(p, now_us, to_us + PLAYER_TICK_US);
}

void player_skip(struct player *p, uint64_t now_us, int64_t by_us)
{
    uint64_t far = (uint64_t)(by_us < 0 ? -by_us : by_us);
    /* From the second that is shown. */
    uint64_t at = p->shown_us / 1000000 * 1000000;

    if (by_us < 0) {
        player_seek(p, now_us, at > far ? at - far : 0);
    } else {
        player_seek(p, now_us, at + far);
    }
}

/* The first one behind the moment that is shown. */
static const struct player_place *player_after(const struct player *p,
                                               size_t scenario)
{
    size_t i;

    for (i = 0; i < p->n_places; i++) {
        if (p->places[i].scenario == scenario &&
            p->places[i].t_us > p->shown_us) {
            return &p->places[i];
        }
    }
    return NULL;
}

/* The last one that is a while before it, or else the first. */
static const struct player_place *player_before(const struct player *p,
                                                size_t scenario)
{
    const struct player_place *best = NULL;
    size_t i;

    for (i = 0; i < p->n_places; i++) {
        const struct player_place *x = &p->places[i];

        if (x->scenario == scenario && x->t_us <= p->shown_us &&
            (best == NULL || x->t_us + PLAYER_BACK_US <= p->shown_us)) {
            best = x;
        }
    }
    return best;
}

static bool player_go_place(struct player *p, uint64_t now_us,
                            const struct player_place *x)
{
    if (x != NULL) {
        player_go(p, now_us, x->t_us);
    }
    return x != NULL;
}

bool player_next_stage(struct player *p, uint64_t now_us, size_t scenario)
{
    return player_go_place(p, now_us, player_after(p, scenario));
}

bool player_previous_stage(struct player *p, uint64_t now_us, size_t scenario)
{
    return player_go_place(p, now_us, player_before(p, scenario));
}

bool player_stage(struct player *p, uint64_t now_us, size_t scenario,
                  size_t stage)
{
    size_t i;

    for (i = 0; i < p->n_places; i++) {
        if (p->places[i].scenario == scenario && p->places[i].stage == stage) {
            return player_go_place(p, now_us, &p->places[i]);
        }
    }
    return false;
}

bool player_next_mark(struct player *p, uint64_t now_us)
{
    return player_go_place(p, now_us, player_after(p, SIZE_MAX));
}

bool player_previous_mark(struct player *p, uint64_t now_us)
{
    return player_go_place(p, now_us, player_before(p, SIZE_MAX));
}
