/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/view.h"

#include <stdlib.h>

#include "base/xalloc.h"

struct view {
    const struct selector *selector; /* borrowed */
    struct match match;
    struct cell run;
    struct cell window;
    struct cell part;   /* newest part of the window, still growing */
    uint64_t part_us;   /* active time in it */
    uint64_t length_us; /* of the window */
    uint64_t active_us; /* in the window */
    struct cell_rest parts[VIEW_PARTS + 1]; /* a ring, oldest at first */
    size_t first, n;
};

struct view *view_new(const struct plan *plan, const struct lineup *lineup,
                      const struct selector *selector, uint64_t window_us)
{
    struct view *v = xcalloc(1, sizeof *v);

    v->selector = selector;
    v->length_us = window_us;
    match_init(&v->match, plan, lineup, selector);
    return v;
}

void view_free(struct view **vp)
{
    struct view *v = *vp;

    if (v == NULL) {
        return;
    }
    while (v->n > 0) {
        cell_rest_clear(&v->parts[v->first]);
        v->first = (v->first + 1) % (VIEW_PARTS + 1);
        v->n--;
    }
    match_clear(&v->match);
    cell_clear(&v->run);
    cell_clear(&v->window);
    cell_clear(&v->part);
    free(v);
    *vp = NULL;
}

/* Parts leave when the window is as long as asked without them. */
static void view_expire(struct view *v)
{
    while (v->n > 0 &&
           v->active_us - v->parts[v->first].active_us >= v->length_us) {
        struct cell_rest *r = &v->parts[v->first];

        v->active_us -= r->active_us;
        cell_sub_rest(&v->window, r);
        cell_rest_clear(r);
        v->first = (v->first + 1) % (VIEW_PARTS + 1);
        v->n--;
    }
}

static void view_close_part(struct view *v)
{
    struct cell_rest *r = &v->parts[(v->first + v->n) % (VIEW_PARTS + 1)];

    cell_to_rest(&v->part, r);
    r->active_us = v->part_us;
    cell_reset(&v->part);
    v->part_us = 0;
    v->n++;
}

void view_feed(struct view *v, const struct delta *d, uint64_t active_us)
{
    struct cell_rest now;
    struct cell tick = {0};

    /* Once for this tick, then added wherever it counts. */
    cell_add_delta(&tick, &v->match, d);
    if (tick.samples > 0) {
        cell_to_rest(&tick, &now);
        cell_add_rest(&v->run, &now);
        cell_add_rest(&v->window, &now);
        cell_add_rest(&v->part, &now);
        cell_rest_clear(&now);
    }
    cell_clear(&tick);
    v->active_us += active_us;
    v->part_us += active_us;
    /* A pause closes no part: what trickles in then joins the next one. */
    if (v->part_us > v->length_us / VIEW_PARTS) {
        view_close_part(v);
    }
    view_expire(v);
}

bool view_is(const struct view *v, const struct selector *s, uint64_t window_us)
{
    return v->length_us == window_us &&
           (v->selector == s || match_same(v->selector, s));
}

const struct match *view_match(const struct view *v)
{
    return &v->match;
}

const struct cell *view_run(const struct view *v)
{
    return &v->run;
}

const struct cell *view_window(const struct view *v)
{
    return &v->window;
}

uint64_t view_window_us(const struct view *v)
{
    return v->active_us;
}

size_t view_bytes(const struct view *v)
{
    size_t n = sizeof *v + cell_bytes(&v->run) + cell_bytes(&v->window) +
               cell_bytes(&v->part);
    size_t i;

    for (i = 0; i < v->n; i++) {
        n += v->parts[(v->first + i) % (VIEW_PARTS + 1)].trend.n *
             sizeof(struct histo_pair);
    }
    return n;
}
