/* SPDX-License-Identifier: MIT
 *
 * conductor_hunt - a hunt at the wheel: it sees every tick before others do,
 * and the load that it wants is asked for at once. */
#include "config.h"

#include <stdio.h>

#include "run/conductor_internal.h"

static void hunt_tell_news(struct conductor *c, mono_us now)
{
    const struct hunt_news *list;
    size_t n, i;

    list = hunt_news(c->hunt, &n);
    for (i = 0; i < n; i++) {
        struct event *e =
            conductor_event(c, now, list[i].type, "hunt", "%s", list[i].text);

        event_set_value(e, list[i].value);
        e->bad = list[i].bad;
    }
}

static void hunt_ending(struct conductor *c)
{
    c->ending.hunted = true;
    c->ending.hunt_failed = !hunt_answered(c->hunt);
    hunt_text(c->hunt, c->ending.hunt_text, sizeof c->ending.hunt_text);
}

void conductor_hunt(struct conductor *c, mono_us now, struct tick *t)
{
    if (c->hunt == NULL) {
        return;
    }
    hunt_feed(c->hunt, t);
    hunt_tell_news(c, now);
    t->hunt = hunt_view(c->hunt);
    t->probes = hunt_probes(c->hunt, &t->n_probes);
    hunt_ending(c);
    if (c->act != ACT_RUN) {
        return;
    }
    if (hunt_over(c->hunt)) {
        conductor_drain(c, now);
    } else {
        steer_lead(c->parts[0].steer, now, hunt_load(c->hunt));
    }
    conductor_sync(c, now);
}
