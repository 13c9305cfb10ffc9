/* SPDX-License-Identifier: MIT
 *
 * conductor_lost - what should have begun and did not: iterations without a VU,
 * VUs whose own setup fails. The first of each is news. */
#include "config.h"

#include <stdio.h>

#include "base/num.h"
#include "base/text.h"
#include "load/gate.h"
#include "run/conductor_internal.h"

/* VUs that cannot log in are not free either, and maxVUs is no remedy. */
static void lost_why(const struct conductor *c, const struct conductor_part *p,
                     const struct tick_scenario *s, uint32_t setting_up,
                     struct steer_news *n)
{
    snprintf(
        n->text, sizeof n->text,
        p->scenario->when_busy == BUSY_QUEUE
            ? "iterations were still in the queue at the end: none of %u VUs "
              "was free"
            : "iterations are dropped: none of %u VUs is free",
        s->vus_max);
    if (setting_up > 0) {
        text_add(n->text, sizeof n->text, ": %u VU%s still in vu_setup",
                 setting_up, setting_up == 1 ? " is" : "s are");
    } else if (c->gate != NULL && gate_held(c->gate) > 0) {
        text_add(n->text, sizeof n->text,
                 ": --rps %u holds their requests back", c->config.rps);
    } else {
        text_add(n->text, sizeof n->text, " (maxVUs)");
    }
}

/* The first time that iterations are lost is news. */
static void lost_dropped(struct conductor *c, mono_us now, size_t i,
                         const struct tick_scenario *s)
{
    struct conductor_part *p = &c->parts[i];
    struct steer_news n = {.type = "dropped"};
    char count[NUM_MAX];

    if (s->dropped_all == 0 || p->dropped_told) {
        return;
    }
    p->dropped_told = true;
    snprintf(n.value, sizeof n.value, "%s", num_count(count, s->dropped_all));
    lost_why(c, p, s, c->state.scenarios[i].setting_up, &n);
    conductor_news(c, now, p, "", &n);
}

/* The first VU that cannot begin because its own setup failed is news. */
static void lost_not_set_up(struct conductor *c, mono_us now, size_t i,
                            const struct tick_scenario *s)
{
    struct conductor_part *p = &c->parts[i];
    struct steer_news n = {.type = "warning",
                           .text = "vu_setup failed: a VU begins no iteration "
                                   "until its own has passed"};

    p->setting_up =
        p->setting_up ||
        (c->config.plan->vu_setup.n > 0 &&
         (s->timed ? c->state.scenarios[i].setting_up > 0 : s->vus > 0));
    if (c->state.scenarios[i].not_set_up > 0 && !p->setup_told) {
        p->setup_told = true;
        conductor_news(c, now, p, "", &n);
    }
}

void conductor_lost(struct conductor *c, mono_us now, size_t i,
                    const struct tick_scenario *s)
{
    lost_dropped(c, now, i, s);
    lost_not_set_up(c, now, i, s);
}
