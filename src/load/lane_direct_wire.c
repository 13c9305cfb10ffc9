/* SPDX-License-Identifier: MIT
 *
 * lane_direct_wire - requests as bytes, and where they go. A request that is
 * the same each time is written out once and shared by all ports. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "load/lane_direct_internal.h"

static size_t direct_origin_hash(const struct http1_target *t)
{
    uint32_t h = 2166136261u ^ t->port;

    for (size_t i = 0; i < t->host_len; i++) {
        h = (h ^ (unsigned char)t->host[i]) * 16777619u;
    }
    return h % DIRECT_ORIGINS;
}

struct direct_origin *direct_origin_hold(struct direct_origin *o)
{
    o->refs++;
    return o;
}

/* The one of the target; it is held. */
static struct direct_origin *direct_origin_get(struct lane_direct *l,
                                               const struct http1_target *t)
{
    struct direct_origin **place = &l->origins[direct_origin_hash(t)];
    struct direct_origin *o;

    for (o = *place; o != NULL; o = o->chain) {
        if (o->port == t->port && o->tls == t->tls &&
            o->host_len == t->host_len &&
            memcmp(o->host, t->host, t->host_len) == 0) {
            return direct_origin_hold(o);
        }
    }
    o = xcalloc(1, sizeof *o);
    o->host = xasprintf("%.*s", (int)t->host_len, t->host);
    o->host_len = t->host_len;
    o->port = t->port;
    o->tls = t->tls;
    o->url =
        xasprintf("%s://%s:%u/", t->tls ? "https" : "http", o->host, o->port);
    o->chain = *place;
    *place = o;
    return direct_origin_hold(o);
}

void direct_origin_drop(struct lane_direct *l, struct direct_origin **op)
{
    struct direct_origin *o = *op;
    struct http1_target t;
    struct direct_origin **at;

    *op = NULL;
    if (o == NULL || --o->refs > 0) {
        return;
    }
    MUST(o->waiting.head == NULL && !o->listed);
    t = (struct http1_target){
        .host = o->host, .host_len = o->host_len, .port = o->port};
    at = &l->origins[direct_origin_hash(&t)];
    while (*at != o) {
        at = &(*at)->chain;
    }
    *at = o->chain;
    free(o->host);
    free(o->url);
    free(o);
}

static struct direct_wire *direct_wire_new(struct lane_direct *l)
{
    struct direct_wire *w = l->wires;

    if (w != NULL) {
        l->wires = w->next;
        w->next = NULL;
        return w;
    }
    w = xcalloc(1, sizeof *w);
    buf_init(&w->text, DIRECT_WIRE_MAX);
    return w;
}

static void direct_wire_free(struct lane_direct *l, struct direct_wire **w)
{
    direct_origin_drop(l, &(*w)->origin);
    buf_clear(&(*w)->text);
    free(*w);
    *w = NULL;
}

void direct_wire_put(struct lane_direct *l, struct direct_wire **wp)
{
    struct direct_wire *w = *wp;

    *wp = NULL;
    if (w == NULL || w->key != NULL) {
        return;
    }
    direct_origin_drop(l, &w->origin);
    if (w->text.cap > 2 * DIRECT_INLINE_MAX) {
        buf_clear(&w->text);
    }
    buf_reset(&w->text);
    w->next = l->wires;
    l->wires = w;
}

/* A new image of a call. */
static struct direct_wire *direct_wire_make(struct lane_direct *l,
                                            const struct call *c)
{
    struct http1_target t;
    struct direct_wire *w;
    size_t body = http1_has_body(c) ? c->body_len : 0;

    if (!http1_target_of(c->url, &t) || !http1_can_write(c)) {
        return NULL;
    }
    w = direct_wire_new(l);
    w->key = NULL;
    w->origin = direct_origin_get(l, &t);
    w->is_head = strcmp(c->method, "HEAD") == 0;
    http1_write_head(&w->text, c, &t, &w->close);
    w->whole = body <= DIRECT_INLINE_MAX;
    if (body > 0 && w->whole) {
        buf_add(&w->text, c->body, body);
    }
    if (w->text.cut) {
        direct_wire_put(l, &w);
    }
    return w;
}

/* Where the image of a fixed request is, or would be. */
static struct direct_wire **direct_fixed_place(struct lane_direct *l,
                                               const void *key)
{
    size_t i = (size_t)((uintptr_t)key / 16 * 2654435761u);

    for (;; i++) {
        struct direct_wire **at = &l->fixed[i % DIRECT_FIXED_HASH];

        if (*at == NULL || (*at)->key == key) {
            return at;
        }
    }
}

struct direct_wire *direct_wire_get(struct lane_direct *l, const struct call *c)
{
    struct direct_wire **at;

    if (c->fixed == NULL) {
        return direct_wire_make(l, c);
    }
    at = direct_fixed_place(l, c->fixed);
    if (*at != NULL) {
        return *at;
    }
    if (l->n_fixed == DIRECT_FIXED_MAX) {
        return direct_wire_make(l, c);
    }
    *at = direct_wire_make(l, c);
    if (*at != NULL) {
        (*at)->key = c->fixed;
        l->n_fixed++;
    }
    return *at;
}

void direct_wires_clear(struct lane_direct *l)
{
    for (size_t i = 0; i < DIRECT_FIXED_HASH; i++) {
        if (l->fixed[i] != NULL) {
            direct_wire_free(l, &l->fixed[i]);
        }
    }
    while (l->wires != NULL) {
        struct direct_wire *w = l->wires;

        l->wires = w->next;
        direct_wire_free(l, &w);
    }
}
