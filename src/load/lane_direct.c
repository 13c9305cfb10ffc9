/* SPDX-License-Identifier: MIT
 *
 * lane_direct - the seam's operations over ports; deadlines; the loop's turn.
 *
 * A deadline costs nothing a request: the watch of a port is armed for the
 * first one and left alone while deadlines move on; when it fires too early it
 * is armed for the one that holds then. */
#include "config.h"

#include "load/lane_direct.h"

#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "load/lane_direct_internal.h"

static struct lane_direct *direct_of(void *self)
{
    struct lane_direct *l = self;

    OBJ_CHECK(l, DIRECT_LANE_MAGIC);
    MUST(!l->inside);
    return l;
}

/* The loop shall look at the deadlines in time; a clock that is set for earlier
 * is left alone. */
static void direct_wake(struct lane_direct *l)
{
    mono_us at = timers_next(l->timers);
    mono_us now;
    double after;

    if (at == UINT64_MAX || (ev_is_active(&l->clock) && at >= l->clock_at)) {
        return;
    }
    now = clk_now(l->clk);
    after = at > now ? (double)(at - now) / US_PER_SEC : 0.;
    ev_timer_stop(l->loop, &l->clock);
    ev_timer_set(&l->clock, after, 0.);
    ev_timer_start(l->loop, &l->clock);
    l->clock_at = at;
}

static void direct_on_clock(struct ev_loop *loop, struct ev_timer *w,
                            int revents)
{
    struct lane_direct *l = w->data;

    (void)loop;
    (void)revents;
    OBJ_CHECK(l, DIRECT_LANE_MAGIC);
    timers_run(l->timers, clk_now(l->clk), NULL, NULL);
    direct_wake(l);
}

static void direct_watch_fire(void *ctx, mono_us now)
{
    struct port *p = ctx;

    OBJ_CHECK(p, DIRECT_PORT_MAGIC);
    if (p->call == NULL) {
        return;
    }
    if (p->deadline > now) {
        timers_arm(p->lane->timers, &p->watch, p->deadline);
    } else {
        direct_fail(p, FAILURE_TIMEOUT, NULL, now);
    }
}

static void direct_watch(struct port *p)
{
    struct lane_direct *l = p->lane;

    if (p->watch.place == 0 || p->deadline < p->watch.due) {
        timers_arm(l->timers, &p->watch, p->deadline);
        direct_wake(l);
    }
}

static void direct_on_idle(struct ev_loop *loop, struct ev_idle *w, int revents)
{
    (void)loop;
    (void)w;
    (void)revents;
}

/* What was started since the last turn goes out; then connections are opened,
 * for a while. */
static void direct_on_prepare(struct ev_loop *loop, struct ev_prepare *w,
                              int revents)
{
    struct lane_direct *l = w->data;
    bool more;

    (void)revents;
    OBJ_CHECK(l, DIRECT_LANE_MAGIC);
    more = direct_crowd_admit(l);
    more = direct_send_all(l) || more;
    more = direct_open_some(l) || more || l->send.head != NULL;
    if (l->any_empty) {
        direct_groups_sweep(l);
    }
    if (more && !ev_is_active(&l->idle)) {
        ev_idle_start(loop, &l->idle);
    } else if (!more && ev_is_active(&l->idle)) {
        ev_idle_stop(loop, &l->idle);
    }
}

struct lane_direct *lane_direct_new(struct ev_loop *loop, const struct clk *clk,
                                    const struct lane_options *o)
{
    struct lane_direct *l = xcalloc(1, sizeof *l);

    l->magic = DIRECT_LANE_MAGIC;
    l->loop = loop;
    l->clk = clk;
    l->options = o;
    l->taken = -1;
    l->crowd = 1;
    l->own_tls = direct_tls_may(o);
    l->timers = timers_new();
    l->received = xmalloc(DIRECT_RECEIVE);
    ev_timer_init(&l->clock, direct_on_clock, 0., 0.);
    l->clock.data = l;
    ev_prepare_init(&l->prepare, direct_on_prepare);
    l->prepare.data = l;
    /* After the worker's timers, whose calls it sends. */
    ev_set_priority(&l->prepare, EV_MINPRI);
    ev_prepare_start(loop, &l->prepare);
    ev_idle_init(&l->idle, direct_on_idle);
    return l;
}

void lane_direct_free(struct lane_direct **lp)
{
    struct lane_direct *l = *lp;

    if (l == NULL) {
        return;
    }
    OBJ_CHECK(l, DIRECT_LANE_MAGIC);
    MUST(l->connections == 0 && l->opening == 0 && l->send.head == NULL);
    ev_prepare_stop(l->loop, &l->prepare);
    ev_idle_stop(l->loop, &l->idle);
    ev_timer_stop(l->loop, &l->clock);
    direct_wires_clear(l);
    direct_replies_clear(l);
    direct_opens_clear(l);
    direct_groups_clear(l);
    timers_free(&l->timers);
    free(l->received);
    l->magic = 0;
    free(l);
    *lp = NULL;
}

static struct port *direct_port_open(void *self, uint32_t vu)
{
    struct lane_direct *l = direct_of(self);
    struct port *p = xcalloc(1, sizeof *p);

    p->magic = DIRECT_PORT_MAGIC;
    p->lane = l;
    p->vu = vu;
    p->watch.fire = direct_watch_fire;
    p->watch.ctx = p;
    return p;
}

/* Of connections to other origins the oldest makes room. */
static void direct_make_room(struct port *p)
{
    struct direct_conn *c = p->conns;
    unsigned n = 1;

    while (c != NULL && c->next != NULL && n < DIRECT_KEEP_MAX) {
        c = c->next;
        n++;
    }
    if (c != NULL && n == DIRECT_KEEP_MAX) {
        direct_conn_close(&c);
    }
}

bool lane_direct_try(struct lane_direct *l, struct port *p,
                     const struct call *c)
{
    struct direct_wire *w = direct_wire_get(l, c);

    OBJ_CHECK(p, DIRECT_PORT_MAGIC);
    MUST(p->call == NULL);
    if (w == NULL) {
        return false;
    }
    p->call = c;
    p->wire = w;
    p->start = clk_now(l->clk);
    p->deadline = c->timeout_us < UINT64_MAX - p->start
                      ? p->start + c->timeout_us
                      : UINT64_MAX;
    p->begin = p->sent = p->first = p->last = 0;
    p->connecting = p->tls = 0;
    p->sent_bytes = p->written = 0;
    p->broken = p->retried = p->undialled = false;
    direct_watch(p);
    p->conn = direct_conn_find(p, w->origin);
    p->reused = p->conn != NULL;
    if (p->reused) {
        direct_send_later(p);
    } else {
        direct_make_room(p);
        direct_open_wait(p);
    }
    return true;
}

static void direct_port_start(void *self, struct port *p, const struct call *c)
{
    bool taken = lane_direct_try(direct_of(self), p, c);

    MUST(taken);
}

/* The call is over, wherever it stands. keep: its connection was not touched,
 * or is as good as new. */
static void direct_detach(struct port *p, bool keep)
{
    switch ((enum direct_stage)p->stage) {
    case DIRECT_IDLE:
        MUST(!"a call");
        break;
    case DIRECT_WAITS:
    case DIRECT_OPENS:
        if (p->stage == DIRECT_WAITS || p->open != NULL || p->conn != NULL) {
            direct_open_stop(p);
        } /* else the opening has failed */
        break;
    case DIRECT_QUEUED:
        direct_send_forget(p);
        keep = true;
        break;
    case DIRECT_WRITES:
    case DIRECT_EXPECTS:
        break;
    }
    if (p->conn != NULL && !keep) {
        direct_conn_close(&p->conn);
    } else if (p->conn != NULL) {
        p->conn->used = p->conn->used || p->stage == DIRECT_EXPECTS;
    }
    p->conn = NULL;
    p->stage = DIRECT_IDLE;
    p->call = NULL;
    direct_wire_put(p->lane, &p->wire);
}

void direct_tell(struct port *p, bool keep)
{
    struct lane_direct *l = p->lane;
    struct direct_reply *r = p->reply;
    const struct call *c = p->call;

    direct_detach(p, keep);
    p->reply = NULL;
    c->on_done(c->ctx, &r->x);
    direct_reply_put(l, &r);
}

static void direct_port_cancel(void *self, struct port *p, bool *sent)
{
    struct lane_direct *l = direct_of(self);

    OBJ_CHECK(p, DIRECT_PORT_MAGIC);
    *sent = false;
    if (p->call == NULL) {
        return;
    }
    *sent = p->sent_bytes > 0;
    direct_detach(p, false);
    direct_reply_put(l, &p->reply);
}

static void direct_port_finish(void *self, struct port *p)
{
    struct lane_direct *l = direct_of(self);
    mono_us at;

    OBJ_CHECK(p, DIRECT_PORT_MAGIC);
    if (p->call == NULL) {
        return;
    }
    at = p->last != 0 ? p->last : clk_now(l->clk);
    if (p->reply != NULL && p->reply->reader.head_done) {
        p->reply->reader.keep = false;
        direct_done(p, at);
    } else {
        direct_fail(p, FAILURE_RESET, "connection closed before any response",
                    at);
    }
}

static void direct_port_drop(void *self, struct port *p)
{
    (void)direct_of(self);
    OBJ_CHECK(p, DIRECT_PORT_MAGIC);
    MUST(p->call == NULL);
    while (p->conns != NULL) {
        struct direct_conn *c = p->conns;

        direct_conn_close(&c);
    }
}

static void direct_port_close(void *self, struct port **pp)
{
    struct port *p = *pp;
    bool sent;

    if (p == NULL) {
        return;
    }
    direct_port_cancel(self, p, &sent);
    direct_port_drop(self, p);
    timers_disarm(p->lane->timers, &p->watch);
    p->magic = 0;
    free(p);
    *pp = NULL;
}

static unsigned direct_connections(void *self)
{
    const struct lane_direct *l = self;

    OBJ_CHECK(l, DIRECT_LANE_MAGIC);
    return l->connections;
}

static unsigned direct_connections_most(void *self)
{
    struct lane_direct *l = self;
    unsigned most;

    OBJ_CHECK(l, DIRECT_LANE_MAGIC);
    most = l->connections_most > l->connections ? l->connections_most
                                                : l->connections;
    l->connections_most = 0;
    return most;
}

static uint64_t direct_opened_all(void *self)
{
    const struct lane_direct *l = self;

    OBJ_CHECK(l, DIRECT_LANE_MAGIC);
    return l->n_opened;
}

struct transport lane_direct_transport(struct lane_direct *l)
{
    static const struct transport_ops ops = {
        .open = direct_port_open,
        .close = direct_port_close,
        .start = direct_port_start,
        .cancel = direct_port_cancel,
        .finish = direct_port_finish,
        .drop_connections = direct_port_drop,
        .connections = direct_connections,
        .connections_most = direct_connections_most,
        .opened = direct_opened_all,
    };

    return (struct transport){&ops, l};
}
