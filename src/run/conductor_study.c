/* SPDX-License-Identifier: MIT
 *
 * conductor_study - the conductor has a study of its own run: what is found in
 * it while it goes on are events of the tick in which it is found. */
#include "config.h"

#include "run/conductor_internal.h"
#include "run/study_news.h"

void conductor_study(struct conductor *c, mono_us now, struct tick *t)
{
    struct study_news n;

    t->events = c->events.list;
    t->n_events = c->events.n;
    study_feed(c->study, t);
    /* Each new one may move the list; readers are given it as a whole. */
    t->events = NULL;
    t->n_events = 0;
    while (study_news(c->study, &n)) {
        struct event *e = conductor_event(c, now, n.type, "", "%s", n.text);

        event_set_value(e, n.value);
        e->bad = n.bad;
    }
}

void conductor_returns(struct conductor *c)
{
    struct judge_returns r;

    study_returns(c->study, &r);
    judge_returned(c->judge, &r);
}
