/* SPDX-License-Identifier: MIT
 *
 * lane_curl - the seam's operations over ports and groups. */
#include "config.h"

#include "load/lane_curl.h"

#include <stdlib.h>

#include "base/fatal.h"
#include "base/must.h"
#include "base/xalloc.h"
#include "load/lane_curl_internal.h"

/* A buffer that grew beyond this is not kept from call to call. */
#define LANE_KEEP_BYTES 4096

static struct lane_names *lane_names_of(struct port *p)
{
    return p->lane->options->apart ? &p->group->names : &p->lane->names;
}

void lane_release(struct port *p)
{
    struct lane_names *n = lane_names_of(p);

    n->known = true;
    n->asker = NULL;
    p->lane->released = p->lane->released || n->held_head != NULL;
}

static struct lane_curl *lane_of(void *self)
{
    struct lane_curl *l = self;

    OBJ_CHECK(l, LANE_MAGIC);
    MUST(!l->inside);
    return l;
}

/* A VU that drops its connections has a cache of its own: libcurl has no call
 * that closes an idle connection, but closes those of a cache with it. What is
 * only shut down keeps its descriptor until libcurl looks for dead connections,
 * which it does once a second. */
static void lane_cache_open(struct port *p)
{
    if (!p->lane->options->apart || p->cache != NULL) {
        return;
    }
    p->cache = curl_share_init();
    if (p->cache == NULL ||
        curl_share_setopt(p->cache, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT) !=
            CURLSHE_OK ||
        curl_easy_setopt(p->easy, CURLOPT_SHARE, p->cache) != CURLE_OK) {
        fatal("libcurl cannot keep a VU's connections apart");
    }
}

static void lane_cache_close(struct port *p)
{
    struct lane_curl *l = p->lane;
    CURLSHcode rc;

    if (p->cache == NULL) {
        return;
    }
    l->inside = true; /* closes connections, through our callbacks */
    curl_easy_setopt(p->easy, CURLOPT_SHARE, NULL);
    rc = curl_share_cleanup(p->cache);
    l->inside = false;
    MUST(rc == CURLSHE_OK);
    p->cache = NULL;
}

/* libcurl tells its timer to fire at once, which puts the group among those to
 * run before the loop waits: nothing happens inside. */
static void lane_port_add(struct port *p)
{
    CURLMcode rc;

    lane_cache_open(p);
    lane_call_set(p);
    rc = curl_multi_add_handle(p->group->multi, p->easy);
    if (rc != CURLM_OK) {
        fatal("libcurl: %s", curl_multi_strerror(rc));
    }
    p->added = true;
}

static void lane_hold(struct lane_names *n, struct port *p)
{
    p->held_next = NULL;
    if (n->held_tail != NULL) {
        n->held_tail->held_next = p;
    } else {
        n->held_head = p;
    }
    n->held_tail = p;
}

static void lane_unhold(struct lane_names *n, struct port *p)
{
    struct port **at = &n->held_head;
    struct port *before = NULL;

    while (*at != p) {
        before = *at;
        at = &before->held_next;
    }
    *at = p->held_next;
    if (n->held_tail == p) {
        n->held_tail = before;
    }
}

static void lane_add_held(struct lane_names *n)
{
    while (n->known && n->held_head != NULL) {
        struct port *p = n->held_head;

        lane_unhold(n, p);
        lane_port_add(p);
    }
}

/* Adds the calls held back, after the first one has made the name known. */
static void lane_add_released(struct lane_curl *l)
{
    l->released = false;
    lane_add_held(&l->names);
    for (size_t i = 0; i < l->n_groups; i++) {
        lane_add_held(&l->groups[i]->names);
    }
}

/* How long requests may be begun now: a slice, or as long as the loop was busy
 * with everything else, so that neither starves the other. */
static mono_us lane_begin_until(struct lane_curl *l, mono_us now)
{
    uint64_t others = now - l->begun;

    if (!ev_is_active(&l->idle) || others < LANE_SLICE_US) {
        others = LANE_SLICE_US; /* the loop may have waited, too */
    }
    return now + others;
}

/* Begins what was started since the last turn, group after group. */
static void lane_on_prepare(struct ev_loop *loop, struct ev_prepare *w,
                            int revents)
{
    struct lane_curl *l = w->data;
    struct lane_group *last;
    mono_us until;

    (void)revents;
    OBJ_CHECK(l, LANE_MAGIC);
    if (l->has_empty) {
        lane_group_sweep(l);
    }
    if (l->released) {
        lane_add_released(l);
    }
    if (l->ready_head == NULL && !ev_is_active(&l->idle)) {
        lane_push_all(l);
        return;
    }
    last = l->ready_tail;
    until = lane_begin_until(l, clk_now(l->clk));
    while (l->ready_head != NULL) {
        struct lane_group *g = l->ready_head;

        lane_group_unready(g);
        lane_group_run(g);
        if (g == last || clk_now(l->clk) >= until) {
            break;
        }
    }
    lane_push_all(l);
    if (l->ready_head != NULL) {
        l->begun = clk_now(l->clk);
        ev_idle_start(loop, &l->idle);
    } else {
        ev_idle_stop(loop, &l->idle);
    }
}

static void lane_on_idle(struct ev_loop *loop, struct ev_idle *w, int revents)
{
    (void)loop;
    (void)w;
    (void)revents;
}

struct lane_curl *lane_curl_new(struct ev_loop *loop, const struct clk *clk,
                                const struct lane_options *o)
{
    struct lane_curl *l = xcalloc(1, sizeof *l);

    l->magic = LANE_MAGIC;
    l->loop = loop;
    l->clk = clk;
    l->options = o;
    l->share = curl_share_init();
    if (l->share == NULL ||
        curl_share_setopt(l->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS) !=
            CURLSHE_OK) {
        fatal("libcurl cannot share names");
    }
    ev_prepare_init(&l->prepare, lane_on_prepare);
    l->prepare.data = l;
    /* After the worker's timers, whose calls it begins. */
    ev_set_priority(&l->prepare, EV_MINPRI);
    ev_prepare_start(loop, &l->prepare);
    ev_idle_init(&l->idle, lane_on_idle);
    return l;
}

void lane_curl_free(struct lane_curl **l)
{
    struct lane_curl *lane = *l;

    if (lane == NULL) {
        return;
    }
    OBJ_CHECK(lane, LANE_MAGIC);
    lane_group_sweep(lane);
    MUST(lane->n_groups == 0);
    ev_prepare_stop(lane->loop, &lane->prepare);
    ev_idle_stop(lane->loop, &lane->idle);
    for (size_t i = 0; i < lane->n_fixed; i++) {
        lane_fixed_clear(&lane->fixed[i]);
    }
    free(lane->fixed);
    free(lane->groups);
    free(lane->socks);
    curl_share_cleanup(lane->share);
    lane->magic = 0;
    free(lane);
    *l = NULL;
}

static struct port *lane_port_open(void *self, uint32_t vu)
{
    struct lane_curl *l = lane_of(self);
    struct port *p = xcalloc(1, sizeof *p);

    p->magic = PORT_MAGIC;
    p->lane = l;
    lane_group_join(l, p);
    buf_init(&p->x.head, EXCHANGE_HEAD_MAX);
    buf_init(&p->x.body, EXCHANGE_SAMPLE_MAX);
    lane_call_prepare(p, vu);
    return p;
}

/* What was large is not held while the VU thinks. */
static void lane_buf_shrink(struct buf *b)
{
    if (b->cap > LANE_KEEP_BYTES) {
        buf_clear(b);
    }
}

/* Makes b ready for the next call: at most max bytes. */
static void lane_buf_renew(struct buf *b, size_t max)
{
    lane_buf_shrink(b);
    buf_reset(b);
    b->max = max;
}

static void lane_port_reset(struct port *p, const struct call *c)
{
    p->call = c;
    p->start = clk_now(p->lane->clk);
    p->deadline = c->timeout_us < UINT64_MAX - p->start
                      ? p->start + c->timeout_us
                      : UINT64_MAX;
    p->begin = p->sent = p->first = p->last = 0;
    p->sends = 0;
    p->sock = NULL;
    p->opened = p->ended = p->too_large = p->switched = p->head_done = false;
    p->sock_errno = 0;
    lane_call_set_buffer(p);
    p->head_bytes = p->body_bytes = 0;
    p->error[0] = '\0';
    lane_buf_renew(&p->x.head, EXCHANGE_HEAD_MAX);
    lane_buf_renew(&p->x.body,
                   c->keep_body ? EXCHANGE_BODY_MAX : EXCHANGE_SAMPLE_MAX);
}

static void lane_port_start(void *self, struct port *p, const struct call *c)
{
    struct lane_names *n = lane_names_of(p);

    (void)lane_of(self);
    OBJ_CHECK(p, PORT_MAGIC);
    MUST(p->call == NULL);
    lane_port_reset(p, c);
    lane_group_watch(p);
    if (n->known || n->asker == NULL) {
        if (!n->known) {
            n->asker = p;
        }
        lane_port_add(p);
    } else {
        lane_hold(n, p);
    }
}

/* Takes the call off libcurl, which closes the connection unless the transfer
 * was complete. */
static void lane_port_take_off(struct port *p)
{
    struct lane_curl *l = p->lane;

    lane_push_forget(p);
    if (!p->added) {
        lane_unhold(lane_names_of(p), p);
        return;
    }
    l->inside = true;
    curl_multi_remove_handle(p->group->multi, p->easy);
    l->inside = false;
    p->added = false;
    if (p->opened) {
        lane_sock_settle(p);
    }
    if (lane_names_of(p)->asker == p) {
        lane_release(p);
    }
}

void lane_port_done(struct port *p, CURLcode code, mono_us at)
{
    const struct call *c = p->call;

    OBJ_CHECK(p, PORT_MAGIC);
    MUST(c != NULL);
    lane_done_fill(p, code, at);
    lane_port_take_off(p);
    lane_push_cork(p);
    p->call = NULL;
    c->on_done(c->ctx, &p->x);
    if (p->call == NULL) {
        lane_buf_shrink(&p->x.head);
        lane_buf_shrink(&p->x.body);
    }
}

static void lane_port_cancel(void *self, struct port *p, bool *sent)
{
    long bytes = 0;

    (void)lane_of(self);
    OBJ_CHECK(p, PORT_MAGIC);
    *sent = false;
    if (p->call == NULL) {
        return;
    }
    if (p->sends > 0) {
        curl_easy_getinfo(p->easy, CURLINFO_REQUEST_SIZE, &bytes);
    }
    *sent = bytes > 0;
    lane_port_take_off(p);
    p->call = NULL;
}

static void lane_port_finish(void *self, struct port *p)
{
    struct lane_curl *l = lane_of(self);

    OBJ_CHECK(p, PORT_MAGIC);
    if (p->call != NULL) {
        lane_port_done(p, p->head_done ? CURLE_OK : CURLE_GOT_NOTHING,
                       p->last != 0 ? p->last : clk_now(l->clk));
    }
}

static void lane_port_drop(void *self, struct port *p)
{
    (void)lane_of(self);
    OBJ_CHECK(p, PORT_MAGIC);
    MUST(p->call == NULL);
    lane_cache_close(p);
    lane_sock_disown(p, true);
    p->fresh = true;
}

static void lane_port_close(void *self, struct port **pp)
{
    struct port *p = *pp;
    bool sent;

    if (p == NULL) {
        return;
    }
    lane_port_cancel(self, p, &sent);
    lane_cache_close(p);
    lane_sock_disown(p, true);
    curl_easy_cleanup(p->easy);
    lane_group_leave(p);
    lane_headers_clear(&p->headers);
    buf_clear(&p->x.head);
    buf_clear(&p->x.body);
    p->magic = 0;
    free(p);
    *pp = NULL;
}

static unsigned lane_connections(void *self)
{
    const struct lane_curl *l = self;

    OBJ_CHECK(l, LANE_MAGIC);
    return l->connections;
}

static unsigned lane_connections_most(void *self)
{
    struct lane_curl *l = self;
    unsigned most;

    OBJ_CHECK(l, LANE_MAGIC);
    most = l->connections_most > l->connections ? l->connections_most
                                                : l->connections;
    l->connections_most = 0;
    return most;
}

static uint64_t lane_opened(void *self)
{
    const struct lane_curl *l = self;

    OBJ_CHECK(l, LANE_MAGIC);
    return l->opened;
}

struct transport lane_curl_transport(struct lane_curl *l)
{
    static const struct transport_ops ops = {
        .open = lane_port_open,
        .close = lane_port_close,
        .start = lane_port_start,
        .cancel = lane_port_cancel,
        .finish = lane_port_finish,
        .drop_connections = lane_port_drop,
        .connections = lane_connections,
        .connections_most = lane_connections_most,
        .opened = lane_opened,
    };

    return (struct transport){&ops, l};
}
