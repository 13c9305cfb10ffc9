/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/hunt_log.h"

#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"

/* A hunt has no more than SEARCH_PROBES_MAX; a record may say anything. */
#define HUNT_LOG_MAX (4 * SEARCH_PROBES_MAX)

struct hunt_log {
    struct tick_hunt now;
    struct tick_probe *list; /* owned */
    size_t n, cap;
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
    free(*l);
    *l = NULL;
}

void hunt_log_feed(struct hunt_log *l, const struct tick *t)
{
    size_t i;

    if (t->hunt.phase == HUNT_OFF) {
        return;
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
