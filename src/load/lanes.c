/* SPDX-License-Identifier: MIT
 *
 * lanes - a port has its place in a lane from the first call that goes there:
 * in libcurl's it costs 17 KB, in the other one 0.3. */
#include "config.h"

#include "load/lanes.h"

#include <stdlib.h>
#include <strings.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "load/lane_curl.h"
#include "load/lane_direct.h"

#define LANES_MAGIC      0x6c616e73u
#define LANE_PLACE_MAGIC 0x706c6163u

struct lanes {
    unsigned magic;
    const struct lane_options *options; /* borrowed */
    bool plain_proxy;                   /* http: goes over one */
    struct lane_curl *curl;
    struct lane_direct *direct;
    struct transport by_curl, by_direct;
};

struct port {
    unsigned magic;
    uint32_t vu;
    struct lanes *lanes;
    struct port *curl, *direct; /* NULL = no place there yet */
    bool at_curl;               /* the newest call */
};

/* Might the direct lane do it, as far as the protocol goes? */
static bool lanes_fits(const struct lanes *l, const struct call *c)
{
    const struct dial *d = l->options->dial;

    if (c->libcurl) {
        return false;
    }
    if (strncasecmp(c->url, "https:", 6) == 0) {
        return c->direct || d->http1;
    }
    return !l->plain_proxy && (c->direct || !d->prior_knowledge);
}

static struct lanes *lanes_of(void *self)
{
    struct lanes *l = self;

    OBJ_CHECK(l, LANES_MAGIC);
    return l;
}

struct lanes *lanes_new(struct ev_loop *loop, const struct clk *clk,
                        const struct lane_options *o)
{
    struct lanes *l = xcalloc(1, sizeof *l);

    l->magic = LANES_MAGIC;
    l->options = o;
    l->plain_proxy = lane_options_plain_proxy(o);
    l->curl = lane_curl_new(loop, clk, o);
    l->direct = lane_direct_new(loop, clk, o);
    l->by_curl = lane_curl_transport(l->curl);
    l->by_direct = lane_direct_transport(l->direct);
    return l;
}

void lanes_free(struct lanes **lp)
{
    struct lanes *l = *lp;

    if (l == NULL) {
        return;
    }
    OBJ_CHECK(l, LANES_MAGIC);
    lane_direct_free(&l->direct);
    lane_curl_free(&l->curl);
    l->magic = 0;
    free(l);
    *lp = NULL;
}

static struct port *lanes_port_open(void *self, uint32_t vu)
{
    struct port *p = xcalloc(1, sizeof *p);

    p->magic = LANE_PLACE_MAGIC;
    p->lanes = lanes_of(self);
    p->vu = vu;
    return p;
}

static bool lanes_try_direct(struct lanes *l, struct port *p,
                             const struct call *c)
{
    if (p->direct == NULL) {
        p->direct = l->by_direct.ops->open(l->by_direct.self, p->vu);
    }
    return lane_direct_try(l->direct, p->direct, c);
}

static void lanes_port_start(void *self, struct port *p, const struct call *c)
{
    struct lanes *l = lanes_of(self);

    OBJ_CHECK(p, LANE_PLACE_MAGIC);
    p->at_curl = !lanes_fits(l, c) || !lanes_try_direct(l, p, c);
    if (!p->at_curl) {
        return;
    }
    if (p->curl == NULL) {
        p->curl = l->by_curl.ops->open(l->by_curl.self, p->vu);
    }
    l->by_curl.ops->start(l->by_curl.self, p->curl, c);
}

static void lanes_port_cancel(void *self, struct port *p, bool *sent)
{
    struct lanes *l = lanes_of(self);

    OBJ_CHECK(p, LANE_PLACE_MAGIC);
    *sent = false;
    if (p->at_curl) {
        l->by_curl.ops->cancel(l->by_curl.self, p->curl, sent);
    } else if (p->direct != NULL) {
        l->by_direct.ops->cancel(l->by_direct.self, p->direct, sent);
    }
}

static void lanes_port_finish(void *self, struct port *p)
{
    struct lanes *l = lanes_of(self);

    OBJ_CHECK(p, LANE_PLACE_MAGIC);
    if (p->at_curl) {
        l->by_curl.ops->finish(l->by_curl.self, p->curl);
    } else if (p->direct != NULL) {
        l->by_direct.ops->finish(l->by_direct.self, p->direct);
    }
}

static void lanes_port_drop(void *self, struct port *p)
{
    struct lanes *l = lanes_of(self);

    OBJ_CHECK(p, LANE_PLACE_MAGIC);
    if (p->curl != NULL) {
        l->by_curl.ops->drop_connections(l->by_curl.self, p->curl);
    }
    if (p->direct != NULL) {
        l->by_direct.ops->drop_connections(l->by_direct.self, p->direct);
    }
}

static void lanes_port_close(void *self, struct port **pp)
{
    struct lanes *l = lanes_of(self);
    struct port *p = *pp;

    if (p == NULL) {
        return;
    }
    OBJ_CHECK(p, LANE_PLACE_MAGIC);
    if (p->curl != NULL) {
        l->by_curl.ops->close(l->by_curl.self, &p->curl);
    }
    if (p->direct != NULL) {
        l->by_direct.ops->close(l->by_direct.self, &p->direct);
    }
    p->magic = 0;
    free(p);
    *pp = NULL;
}

static unsigned lanes_connections(void *self)
{
    struct lanes *l = lanes_of(self);

    return l->by_curl.ops->connections(l->by_curl.self) +
           l->by_direct.ops->connections(l->by_direct.self);
}

static unsigned lanes_connections_most(void *self)
{
    struct lanes *l = lanes_of(self);

    return l->by_curl.ops->connections_most(l->by_curl.self) +
           l->by_direct.ops->connections_most(l->by_direct.self);
}

static uint64_t lanes_opened(void *self)
{
    struct lanes *l = lanes_of(self);

    return l->by_curl.ops->opened(l->by_curl.self) +
           l->by_direct.ops->opened(l->by_direct.self);
}

struct transport lanes_transport(struct lanes *l)
{
    static const struct transport_ops ops = {
        .open = lanes_port_open,
        .close = lanes_port_close,
        .start = lanes_port_start,
        .cancel = lanes_port_cancel,
        .finish = lanes_port_finish,
        .drop_connections = lanes_port_drop,
        .connections = lanes_connections,
        .connections_most = lanes_connections_most,
        .opened = lanes_opened,
    };

    return (struct transport){&ops, l};
}
