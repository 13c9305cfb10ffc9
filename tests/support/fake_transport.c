/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/fake_transport.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/must.h"
#include "base/xalloc.h"

struct port {
    struct fake_transport *f;
    unsigned id;
    bool connected;
    bool in_done;
    const struct call *call; /* NULL = none */
    struct fake_reply reply;
    size_t given; /* bytes of the body handed over */
    mono_us start, head_at, piece_at, deadline;
    struct timer timer;
    struct exchange x;
    struct port *next;
};

static size_t fake_body_len(const struct port *p)
{
    if (p->reply.body == NULL) {
        return 0;
    }
    return p->reply.body_len > 0 ? p->reply.body_len : strlen(p->reply.body);
}

static void fake_arm(struct port *p, uint64_t after_us)
{
    mono_us due = clk_now(p->f->clk) + after_us;

    timers_arm(p->f->timers, &p->timer, due < p->deadline ? due : p->deadline);
}

static void fake_fill(struct port *p, enum failure failure, mono_us now)
{
    struct exchange *x = &p->x;
    size_t len = p->given;
    size_t keep = p->call->keep_body ? EXCHANGE_BODY_MAX : EXCHANGE_SAMPLE_MAX;

    x->failure = failure;
    x->took = now - p->start;
    x->retries = p->reply.retries;
    x->reused = p->connected;
    x->sent = 100;
    if (failure != FAILURE_NONE) {
        (void)snprintf(x->message, sizeof x->message, "%s",
                       p->reply.message != NULL ? p->reply.message : "");
        p->connected = false;
        return;
    }
    p->connected = true;
    x->status = p->reply.status;
    x->proto = PROTO_HTTP_1_1;
    x->sending = 0;
    x->waiting = p->head_at - p->start;
    x->receiving = now - p->head_at;
    x->received = 50 + len;
    buf_init(&x->head, EXCHANGE_HEAD_MAX);
    buf_init(&x->body, keep);
    buf_addf(&x->head, "HTTP/1.1 %u X\r\n%s\r\n", x->status,
             p->reply.head != NULL ? p->reply.head : "");
    buf_add(&x->body, p->reply.body != NULL ? p->reply.body : "", len);
}

static void fake_empty(struct port *p)
{
    buf_clear(&p->x.head);
    buf_clear(&p->x.body);
    memset(&p->x, 0, sizeof p->x);
}

static void fake_end_at(struct port *p, enum failure failure, mono_us at)
{
    const struct call *c = p->call;

    timers_disarm(p->f->timers, &p->timer);
    p->f->connections -= p->connected;
    fake_fill(p, failure, at);
    p->f->connections += p->connected;
    p->call = NULL;
    p->f->in_flight--;
    p->f->done++;
    p->in_done = true;
    c->on_done(c->ctx, &p->x);
    p->in_done = false;
}

static void fake_end(struct port *p, enum failure failure)
{
    fake_end_at(p, failure, clk_now(p->f->clk));
}

/* Hands over the next piece; true: none is left. */
static bool fake_piece(struct port *p)
{
    size_t len = fake_body_len(p);
    size_t n = len - p->given;

    if (p->reply.piece > 0 && n > p->reply.piece) {
        n = p->reply.piece;
    }
    p->given += n;
    p->piece_at = clk_now(p->f->clk);
    if (n > 0 && p->call->on_body != NULL &&
        !p->call->on_body(p->call->ctx, p->reply.body + p->given - n, n,
                          clk_now(p->f->clk))) {
        return true;
    }
    return p->given == len;
}

static void fake_fire(void *ctx, mono_us now)
{
    struct port *p = ctx;

    if (now >= p->deadline) {
        fake_end(p, FAILURE_TIMEOUT);
        return;
    }
    if (p->reply.failure != FAILURE_NONE) {
        fake_end(p, p->reply.failure);
        return;
    }
    if (p->head_at == 0) {
        p->head_at = now;
    } else if (p->given == fake_body_len(p)) {
        fake_end(p, FAILURE_NONE);
        return;
    }
    if (!fake_piece(p)) {
        fake_arm(p, p->reply.gap_us);
    } else if (p->reply.end_us > 0) {
        fake_arm(p, p->reply.end_us);
    } else {
        fake_end(p, FAILURE_NONE);
    }
}

static struct port *fake_open(void *self, uint32_t vu)
{
    struct fake_transport *f = self;
    struct port *p = xcalloc(1, sizeof *p);

    p->f = f;
    (void)vu;
    p->id = f->opened++;
    p->timer.fire = fake_fire;
    p->timer.ctx = p;
    p->next = f->ports;
    f->ports = p;
    f->open_ports++;
    return p;
}

static void fake_cancel(void *self, struct port *p, bool *sent)
{
    struct fake_transport *f = self;

    if (p->call == NULL) {
        return;
    }
    timers_disarm(f->timers, &p->timer);
    p->call = NULL;
    f->connections -= p->connected;
    p->connected = false;
    f->in_flight--;
    f->cancelled++;
    *sent = true;
}

static void fake_close(void *self, struct port **pp)
{
    struct fake_transport *f = self;
    struct port *p = *pp;
    struct port **link = &f->ports;
    bool sent;

    MUST(p != NULL && !p->in_done);
    fake_cancel(f, p, &sent);
    while (*link != p) {
        link = &(*link)->next;
    }
    *link = p->next;
    f->connections -= p->connected;
    f->open_ports--;
    f->closed++;
    fake_empty(p);
    free(p);
    *pp = NULL;
}

static void fake_start(void *self, struct port *p, const struct call *c)
{
    struct fake_transport *f = self;
    struct fake_call call = {f->started, p->id, clk_now(f->clk), c};

    MUST(p->call == NULL);
    fake_empty(p);
    f->started++;
    f->once += c->once;
    f->in_flight++;
    p->call = c;
    p->given = 0;
    p->head_at = 0;
    p->piece_at = 0;
    p->start = call.at;
    p->deadline = call.at + c->timeout_us;
    p->reply = (struct fake_reply){.after_us = US_PER_MS, .status = 200};
    if (f->answer != NULL) {
        f->answer(f->ctx, &call, &p->reply);
    }
    fake_arm(p, p->reply.after_us);
}

static void fake_finish(void *self, struct port *p)
{
    struct fake_transport *f = self;

    if (p->call != NULL) {
        f->finished++;
        fake_end_at(p, p->head_at != 0 ? FAILURE_NONE : FAILURE_RESET,
                    p->piece_at != 0 ? p->piece_at : clk_now(f->clk));
    }
}

static void fake_drop(void *self, struct port *p)
{
    struct fake_transport *f = self;

    MUST(p->call == NULL);
    f->dropped++;
    f->connections -= p->connected;
    p->connected = false;
}

static unsigned fake_connections(void *self)
{
    const struct fake_transport *f = self;

    return f->connections;
}

static uint64_t fake_opened(void *self)
{
    const struct fake_transport *f = self;

    return f->connections;
}

void fake_init(struct fake_transport *f, const struct clk *clk,
               struct timers *timers)
{
    *f = (struct fake_transport){.clk = clk, .timers = timers};
}

void fake_clear(struct fake_transport *f)
{
    MUST(f->ports == NULL);
}

struct transport fake_transport(struct fake_transport *f)
{
    static const struct transport_ops ops = {
        .open = fake_open,
        .close = fake_close,
        .start = fake_start,
        .cancel = fake_cancel,
        .finish = fake_finish,
        .drop_connections = fake_drop,
        .connections = fake_connections,
        .connections_most = fake_connections,
        .opened = fake_opened,
    };

    return (struct transport){&ops, f};
}

const char *fake_header(const struct call *c, const char *name)
{
    size_t n = strlen(name);

    for (size_t i = 0; i < c->n_headers; i++) {
        if (strncasecmp(c->headers[i], name, n) == 0 &&
            c->headers[i][n] == ':') {
            return c->headers[i] + n + 1 + strspn(c->headers[i] + n + 1, " ");
        }
    }
    return NULL;
}
