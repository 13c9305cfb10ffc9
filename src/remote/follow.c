/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "remote/follow.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "record/tick_code.h"
#include "remote/record.h"

void follow_init(struct follow *f)
{
    *f = (struct follow){.any = false};
}

void follow_clear(struct follow *f)
{
    if (f->story != NULL) {
        story_free(&f->story);
        info_read_clear(&f->run);
    }
}

static bool follow_info(struct follow *f, const char *data, size_t n,
                        struct err *e)
{
    if (f->story != NULL) {
        err_set(e, ERR_SYNTAX, "the run sends its header twice");
        return false;
    }
    if (!info_decode(data, n, &f->run, e)) {
        return false;
    }
    f->story = story_new(&f->run.info);
    return true;
}

static bool follow_tick(struct follow *f, const char *data, size_t n,
                        struct err *e)
{
    struct tick_read r;

    if (n == 0) {
        return true; /* one that the run itself could not write */
    }
    if (f->story == NULL) {
        err_set(e, ERR_SYNTAX, "the run sends a tick before its header");
        return false;
    }
    if (!tick_decode(&f->run.info, data, n, &r, e)) {
        return false;
    }
    story_feed(f->story, &r.tick);
    f->any = true;
    f->finished = r.tick.state == RUN_FINISHED;
    tick_read_clear(&r);
    return true;
}

static void follow_end(struct follow *f, const char *data, size_t n)
{
    char text[128];

    n = n < sizeof text - 1 ? n : sizeof text - 1;
    memcpy(text, data, n);
    text[n] = '\0';
    text_safe(f->ended, sizeof f->ended, text);
}

static bool follow_record(struct follow *f, enum record_kind kind,
                          const char *data, size_t n, struct err *e)
{
    switch (kind) {
    case RECORD_INFO:
        return follow_info(f, data, n, e);
    case RECORD_TICK:
        return follow_tick(f, data, n, e);
    case RECORD_ANSWER:
        return true; /* what was applied is an event of a tick */
    case RECORD_END:
        follow_end(f, data, n);
        return true;
    case RECORD_KINDS:
        break;
    }
    err_set(e, ERR_SYNTAX, "the run sends a record of no known kind");
    return false;
}

bool follow_feed(struct follow *f, struct buf *in, struct err *e)
{
    size_t at = 0, n = 0, all = 0;
    enum record_kind kind = RECORD_END;
    const char *data = NULL;
    int found = -1;
    bool ok = true;

    while (ok && at < in->len) {
        struct buf rest = {.data = in->data + at, .len = in->len - at};

        found = record_next(&rest, &kind, &data, &n, &all);
        if (found <= 0) {
            break;
        }
        ok = follow_record(f, kind, data, n, e);
        at += all;
    }
    if (found == 0) {
        err_set(e, ERR_SYNTAX, "the run sends what is no record");
        return false;
    }
    if (at > 0) {
        memmove(in->data, in->data + at, in->len - at);
        buf_cut(in, in->len - at);
    }
    return ok;
}

void follow_lost(struct follow *f, const char *why)
{
    const struct tick *last = story_tick(f->story);
    struct delta *nothing;
    struct event e = {.type = "end", .value = "lost", .bad = true};
    struct tick t;
    size_t i;

    if (last == NULL || f->finished) {
        return;
    }
    t = *last;
    nothing = delta_new(f->run.plan, NULL, 0);
    snprintf(e.text, sizeof e.text, "the run is gone: %s", why);
    e.t_us = t.t_us;
    t.seq++;
    t.dt_us = t.active_us = 0;
    t.state = RUN_FINISHED;
    t.delta = nothing;
    t.within = NULL;
    t.events = &e;
    t.n_events = 1;
    for (i = 0; i < t.n_scenarios; i++) {
        t.scenarios[i].state = SCENARIO_DONE;
        t.scenarios[i].begun = t.scenarios[i].dropped = 0;
    }
    t.outcome.status = STATUS_ABORTED;
    snprintf(t.outcome.text, sizeof t.outcome.text, "%s", e.text);
    story_feed(f->story, &t);
    delta_free(&nothing);
    f->finished = true;
}

cJSON *follow_command(const struct follow *f, const struct command *c)
{
    cJSON *o = cJSON_CreateObject();

    cJSON_AddStringToObject(o, "do", command_name(c->kind));
    switch (command_argument(c->kind)) {
    case ARGUMENT_NUMBER:
        cJSON_AddNumberToObject(o, "number", (double)c->number);
        break;
    case ARGUMENT_TEXT:
        if (c->text[0] != '\0') {
            cJSON_AddStringToObject(o, "text", c->text);
        }
        break;
    case ARGUMENT_NONE:
        break;
    }
    if (c->scenario > 0 && c->scenario <= f->run.lineup->n) {
        cJSON_AddStringToObject(o, "scenario",
                                f->run.lineup->list[c->scenario - 1].name);
    }
    /* The screen has asked already. */
    cJSON_AddTrueToObject(o, "confirm");
    return o;
}
