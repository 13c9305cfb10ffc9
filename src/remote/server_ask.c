/* SPDX-License-Identifier: MIT
 *
 * server_ask - what a line asks for, and its answer: at once, or by the event
 * of the command that it became. */
#include "config.h"

#include <stdio.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "record/info_code.h"
#include "remote/ask.h"
#include "remote/record.h"
#include "remote/server_internal.h"
#include "remote/status.h"

static cJSON *answer_new(bool ok, bool has_id, int64_t id)
{
    cJSON *o = cJSON_CreateObject();

    if (has_id) {
        cJSON_AddNumberToObject(o, "id", (double)id);
    }
    cJSON_AddBoolToObject(o, "ok", ok);
    return o;
}

cJSON *server_error(const char *text)
{
    cJSON *o = answer_new(false, false, 0);

    cJSON_AddStringToObject(o, "error", text);
    return o;
}

static void answer_refuse(struct peer *p, const struct ask *a, const char *text)
{
    cJSON *o = answer_new(false, a->has_id, a->id);

    cJSON_AddStringToObject(o, "error", text);
    peer_answer_take(p, o);
}

static void answer_status(struct server *s, struct peer *p, const struct ask *a)
{
    cJSON *o = answer_new(true, a->has_id, a->id);

    cJSON_AddItemToObject(o, "status", status_json(s->config.story));
    peer_answer_take(p, o);
}

static void past_to_peer(void *ctx, struct blob *record)
{
    peer_send_take(ctx, record, false);
}

/* From the answer on, all that goes to this client is records. */
static void answer_attach(struct server *s, struct peer *p, const struct ask *a)
{
    cJSON *o = answer_new(true, a->has_id, a->id);
    struct buf b;

    if (p->attached || p->watch) {
        cJSON_Delete(o);
        answer_refuse(p, a, "this connection watches already");
        return;
    }
    cJSON_AddNumberToObject(o, "protocol", REMOTE_PROTOCOL);
    cJSON_AddStringToObject(o, "version", PACKAGE_VERSION);
    cJSON_AddNumberToObject(o, "pid", (double)getpid());
    cJSON_AddStringToObject(o, "host", s->config.host);
    cJSON_AddBoolToObject(o, "host_is_local",
                          s->config.host_is_local || s->host_settled);
    cJSON_AddBoolToObject(o, "steer", a->steer);
    peer_answer_take(p, o);
    p->attached = true;
    p->steer = a->steer;
    buf_init(&b, RECORD_BYTES_MAX);
    if (info_encode(s->config.info, &b)) {
        peer_send_take(p, record_new(RECORD_INFO, b.data, b.len), false);
        past_each(s->past, past_to_peer, p);
    } else {
        p->gone = true;
    }
    buf_clear(&b);
}

/* Where the load goes to another machine, the first that raises it is told
 * where, and says it again. */
static bool ask_settled(struct server *s, struct peer *p, const struct ask *a,
                        const struct command *c, const struct tick *t)
{
    char text[400];

    if (s->config.host_is_local || s->host_settled || !ask_raises(c, t)) {
        return true;
    }
    if (a->confirm) {
        s->host_settled = true;
        return true;
    }
    snprintf(text, sizeof text,
             "the load goes to %s, which is not this machine: confirm it "
             "(brunt ctl --yes)",
             s->config.host);
    answer_refuse(p, a, text);
    return false;
}

static void server_post(struct server *s, struct peer *p, const struct ask *a,
                        struct command *c)
{
    struct ticket *t;

    s->tickets =
        xgrow(s->tickets, s->n_tickets, &s->cap_tickets, sizeof *s->tickets);
    t = &s->tickets[s->n_tickets++];
    s->last_ticket = s->last_ticket == UINT32_MAX ? 1 : s->last_ticket + 1;
    *t = (struct ticket){s->last_ticket, p, c->kind == COMMAND_WRITE, a->has_id,
                         a->id};
    p->commands++;
    c->ticket = t->number;
    snprintf(c->by, sizeof c->by, "%s", p->by);
    s->config.post(s->config.post_ctx, c);
}

static void answer_already(struct peer *p, const struct ask *a)
{
    cJSON *o = answer_new(true, a->has_id, a->id);
    char text[64];

    snprintf(text, sizeof text, "%s is %.8s already", command_name(a->command),
             a->text);
    cJSON_AddStringToObject(o, "type", command_name(a->command));
    cJSON_AddStringToObject(o, "value", a->text);
    cJSON_AddStringToObject(o, "text", text);
    peer_answer_take(p, o);
}

static void answer_command(struct server *s, struct peer *p,
                           const struct ask *a)
{
    struct err e = ERR_INIT;
    const struct tick *newest;
    struct command c;
    struct tick t;
    bool already;

    if (p->attached && !p->steer) {
        answer_refuse(p, a, "read-only: attach with \"steer\": true");
        return;
    }
    if (s->finished && a->command != COMMAND_WRITE) {
        answer_refuse(p, a, "the run is over");
        return;
    }
    /* The story is fed on this thread. */
    newest = story_tick(s->config.story);
    if (newest == NULL) {
        answer_refuse(p, a, "the run has not begun");
        return;
    }
    t = *newest;
    if (!ask_command(a, s->config.info, &t, &c, &already, &e)) {
        answer_refuse(p, a, e.text);
    } else if (already) {
        answer_already(p, a);
    } else if (ask_settled(s, p, a, &c, &t)) {
        server_post(s, p, a, &c);
    }
}

void server_line(struct server *s, struct peer *p, const char *line, size_t n)
{
    struct err e = ERR_INIT;
    struct ask a;

    if (!ask_read(line, n, &a, &e)) {
        answer_refuse(p, &a, e.text);
        return;
    }
    switch (a.kind) {
    case ASK_COMMAND:
        answer_command(s, p, &a);
        return;
    case ASK_STATUS:
        answer_status(s, p, &a);
        return;
    case ASK_WATCH:
        if (p->attached) {
            answer_refuse(p, &a, "this connection watches already");
        } else {
            p->watch = true;
        }
        return;
    case ASK_ATTACH:
        answer_attach(s, p, &a);
        return;
    }
}

static void answer_event(const struct ticket *t, const struct event *e)
{
    bool ok = !e->bad || e->clamped;
    cJSON *o = answer_new(ok, t->has_id, t->id);

    if (!ok) {
        cJSON_AddStringToObject(o, "error", e->text);
    }
    cJSON_AddStringToObject(o, "type", e->type);
    cJSON_AddStringToObject(o, "value", e->value);
    cJSON_AddStringToObject(o, "text", e->text);
    cJSON_AddBoolToObject(o, "clamped", e->clamped);
    cJSON_AddNumberToObject(o, "t", (double)(e->t_us / 1000) / 1000.0);
    cJSON_AddStringToObject(o, "by", e->by);
    peer_answer_take(t->peer, o);
}

/* Takes ticket i off the list. */
static struct ticket ticket_take(struct server *s, size_t i)
{
    struct ticket t = s->tickets[i];

    s->tickets[i] = s->tickets[--s->n_tickets];
    if (t.peer != NULL) {
        t.peer->commands--;
    }
    return t;
}

void server_answers(struct server *s, const struct tick *t)
{
    size_t i, k;

    for (i = 0; i < t->n_events; i++) {
        for (k = 0; t->events[i].ticket != 0 && k < s->n_tickets; k++) {
            if (s->tickets[k].number == t->events[i].ticket) {
                struct ticket found = ticket_take(s, k);

                if (found.peer != NULL) {
                    answer_event(&found, &t->events[i]);
                }
                break;
            }
        }
    }
    for (k = 0; s->finished && k < s->n_tickets;) {
        struct ask a = {.has_id = s->tickets[k].has_id, .id = s->tickets[k].id};
        struct ticket left;

        if (s->tickets[k].write) {
            k++;
            continue;
        }
        left = ticket_take(s, k);
        if (left.peer != NULL) {
            answer_refuse(left.peer, &a,
                          "the run ended before it could be applied");
        }
    }
}

void server_forget(struct server *s, const struct peer *p)
{
    size_t i;

    for (i = 0; i < s->n_tickets; i++) {
        if (s->tickets[i].peer == p) {
            s->tickets[i].peer = NULL;
        }
    }
}
