/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/hunt_log.h"

#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"

/* A hunt has no more than SEARCH_PROBES_MAX; a record may say anything. */
#define HUNT_LOG_MAX   (4 * SEARCH_PROBES_MAX)
#define HUNT_TURNS_MAX (2 * HUNT_LOG_MAX)

struct hunt_log {
    struct tick_hunt now;
    struct tick_probe *list; /* owned */
    size_t n, cap;
    struct hunt_turn *turns; /* owned */
    size_t n_turns, cap_turns;
};

struct hunt_log *hunt_log_new(void)
{
    return xcalloc(1, sizeof(struct hunt_log));
}

void hunt_log_free(struct hunt_log **l)
{
    if (*l == NULL) {
        return;
    }
    free((*l)->list);
    free((*l)->turns);
    free(*l);
    *l = NULL;
}

/* A try that was decided in this tick is over. */
static void log_verdicts(struct hunt_log *l, const struct tick *t)
{
    struct hunt_turn *last = l->n_turns > 0 ? &l->turns[l->n_turns - 1] : NULL;

    if (last != NULL && t->n_probes > 0 && last->doing == HUNT_TRIES) {
        last->decided = true;
        last->verdict = t->probes[t->n_probes - 1].report.verdict;
    }
}

/* What it does, as a turn has it. */
static struct hunt_turn log_turn(const struct tick *t)
{
    const struct tick_hunt *h = &t->hunt;

    return (struct hunt_turn){.from_us = t->t_us - t->dt_us,
                              .doing = h->phase == HUNT_COOL    ? HUNT_RESTS
                                       : h->phase == HUNT_YOURS ? HUNT_HANDS
                                                                : HUNT_TRIES,
                              .load = h->load,
                              .number = h->number};
}

static void log_turns(struct hunt_log *l, const struct tick *t)
{
    struct hunt_turn now = log_turn(t);
    struct hunt_turn *last = l->n_turns > 0 ? &l->turns[l->n_turns - 1] : NULL;

    log_verdicts(l, t);
    if (last != NULL) {
        last->to_us = t->t_us;
    }
    if (t->hunt.phase == HUNT_OVER || l->n_turns == HUNT_TURNS_MAX ||
        (last != NULL && last->doing == now.doing &&
         last->number == now.number)) {
        return;
    }
    if (last != NULL) {
        now.from_us = t->t_us;
    }
    now.to_us = t->t_us;
    l->turns = xgrow(l->turns, l->n_turns, &l->cap_turns, sizeof *l->turns);
    l->turns[l->n_turns++] = now;
}

void hunt_log_feed(struct hunt_log *l, const struct tick *t)
{
    size_t i;

    if (t->hunt.phase == HUNT_OFF) {
        return;
    }
    if (l->now.phase != HUNT_OVER) {
        log_turns(l, t);
    }
    l->now = t->hunt;
    for (i = 0; i < t->n_probes && l->n < HUNT_LOG_MAX; i++) {
        l->list = xgrow(l->list, l->n, &l->cap, sizeof *l->list);
        l->list[l->n++] = t->probes[i];
    }
}

const struct tick_hunt *hunt_log_now(const struct hunt_log *l)
{
    return l->now.phase == HUNT_OFF ? NULL : &l->now;
}

size_t hunt_log_count(const struct hunt_log *l)
{
    return l->n;
}

const struct tick_probe *hunt_log_at(const struct hunt_log *l, size_t i)
{
    MUST(i < l->n);
    return &l->list[i];
}

size_t hunt_log_turns(const struct hunt_log *l)
{
    return l->n_turns;
}

const struct hunt_turn *hunt_log_turn(const struct hunt_log *l, size_t i)
{
    MUST(i < l->n_turns);
    return &l->turns[i];
}
