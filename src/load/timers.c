/* SPDX-License-Identifier: MIT
 *
 * timers - a heap of four children a node: shallow, and the children that are
 * compared lie side by side. Equal due times fire in the order of arming. */
#include "config.h"

#include "load/timers.h"

#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"

#define TIMERS_ARITY 4

struct timers_node {
    mono_us key;  /* due, or the moment of arming where that is later */
    uint64_t seq; /* of arming */
    struct timer *t;
};

struct timers {
    struct timers_node *nodes; /* from index 0; t->place is index + 1 */
    size_t n, cap;
    uint64_t seq;
    bool running;
    mono_us now; /* of timers_run, while running */
};

static bool timers_before(const struct timers_node *a,
                          const struct timers_node *b)
{
    return a->key < b->key || (a->key == b->key && a->seq < b->seq);
}

static void timers_put(struct timers *h, size_t i, struct timers_node node)
{
    h->nodes[i] = node;
    node.t->place = i + 1;
}

/* Puts node where it belongs, looking from the free place i upwards. */
static void timers_rise(struct timers *h, size_t i, struct timers_node node)
{
    while (i > 0) {
        size_t parent = (i - 1) / TIMERS_ARITY;

        if (!timers_before(&node, &h->nodes[parent])) {
            break;
        }
        timers_put(h, i, h->nodes[parent]);
        i = parent;
    }
    timers_put(h, i, node);
}

/* The earliest child of i, or n when it has none. */
static size_t timers_first_child(const struct timers *h, size_t i)
{
    size_t first = i * TIMERS_ARITY + 1;
    size_t best = first;

    for (size_t c = first + 1; c < first + TIMERS_ARITY && c < h->n; c++) {
        if (timers_before(&h->nodes[c], &h->nodes[best])) {
            best = c;
        }
    }
    return best < h->n ? best : h->n;
}

/* The same, looking downwards. */
static void timers_sink(struct timers *h, size_t i, struct timers_node node)
{
    for (;;) {
        size_t child = timers_first_child(h, i);

        if (child == h->n || !timers_before(&h->nodes[child], &node)) {
            break;
        }
        timers_put(h, i, h->nodes[child]);
        i = child;
    }
    timers_put(h, i, node);
}

static void timers_place(struct timers *h, size_t i, struct timers_node node)
{
    if (i > 0 && timers_before(&node, &h->nodes[(i - 1) / TIMERS_ARITY])) {
        timers_rise(h, i, node);
    } else {
        timers_sink(h, i, node);
    }
}

struct timers *timers_new(void)
{
    return xcalloc(1, sizeof(struct timers));
}

void timers_free(struct timers **h)
{
    if (*h == NULL) {
        return;
    }
    for (size_t i = 0; i < (*h)->n; i++) {
        (*h)->nodes[i].t->place = 0;
    }
    free((*h)->nodes);
    free(*h);
    *h = NULL;
}

void timers_arm(struct timers *h, struct timer *t, mono_us due)
{
    /* Armed from inside a run for a time that is past, a timer takes its place
     * behind all that were due before: the run ends, and none is starved. */
    mono_us key = h->running && due < h->now ? h->now : due;
    struct timers_node node = {key, h->seq++, t};

    MUST(t->fire != NULL);
    t->due = due;
    if (t->place != 0) {
        MUST(t->place <= h->n && h->nodes[t->place - 1].t == t);
        timers_place(h, t->place - 1, node);
        return;
    }
    h->nodes = xgrow(h->nodes, h->n, &h->cap, sizeof *h->nodes);
    h->n++;
    timers_rise(h, h->n - 1, node);
}

void timers_disarm(struct timers *h, struct timer *t)
{
    size_t i = t->place;

    if (i == 0) {
        return;
    }
    i--;
    MUST(i < h->n && h->nodes[i].t == t);
    t->place = 0;
    h->n--;
    if (i < h->n) {
        timers_place(h, i, h->nodes[h->n]);
    }
}

mono_us timers_next(const struct timers *h)
{
    return h->n > 0 ? h->nodes[0].key : UINT64_MAX;
}

void timers_run(struct timers *h, mono_us now,
                void (*late)(void *ctx, uint64_t us), void *ctx)
{
    uint64_t end = h->seq; /* what is armed from now on waits */

    MUST(!h->running);
    h->running = true;
    h->now = now;
    while (h->n > 0 && h->nodes[0].key <= now && h->nodes[0].seq < end) {
        struct timers_node node = h->nodes[0];

        timers_disarm(h, node.t);
        if (late != NULL) {
            late(ctx, now - node.key);
        }
        node.t->fire(node.t->ctx, now);
    }
    h->running = false;
}
