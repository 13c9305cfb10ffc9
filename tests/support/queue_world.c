/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/queue_world.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"

void queue_init(struct queue_world *w, uint64_t seed)
{
    memset(w, 0, sizeof *w);
    rng_seed(&w->rng, seed, 7);
    w->good = histo_new();
    w->places = 4;
    w->service_s = 0.05;
    w->sigma = 0.3;
}

void queue_clear(struct queue_world *w)
{
    histo_free(&w->good);
    free(w->heap);
    free(w->lives);
}

static void heap_push(struct queue_world *w, struct queue_event e)
{
    size_t i = w->n;

    w->heap = xgrow(w->heap, w->n, &w->cap, sizeof *w->heap);
    w->n++;
    while (i > 0 && w->heap[(i - 1) / 2].at > e.at) {
        w->heap[i] = w->heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    w->heap[i] = e;
}

static struct queue_event heap_pop(struct queue_world *w)
{
    struct queue_event top = w->heap[0], e = w->heap[--w->n];
    size_t i = 0, k;

    while ((k = 2 * i + 1) < w->n) {
        k += k + 1 < w->n && w->heap[k + 1].at < w->heap[k].at ? 1 : 0;
        if (w->heap[k].at >= e.at) {
            break;
        }
        w->heap[i] = w->heap[k];
        i = k;
    }
    w->heap[i] = e;
    return top;
}

static double serve(struct queue_world *w, double at)
{
    double mu = log(w->service_s) - w->sigma * w->sigma / 2;
    double took = exp(mu + w->sigma * rng_normal(&w->rng));
    unsigned first = 0, i;

    for (i = 1; i < w->places; i++) {
        first = w->free[i] < w->free[first] ? i : first;
    }
    at = fmax(at, w->free[first]);
    w->free[first] = at + took;
    return at + took;
}

static void request_begins(struct queue_world *w, const struct queue_event *e)
{
    struct queue_event end = {.vu = e->vu, .ends = true, .began = e->at};

    w->in_flight++;
    end.at = serve(w, e->at);
    heap_push(w, end);
}

static void vu_goes_on(struct queue_world *w, const struct queue_event *e)
{
    if (w->open) {
        return;
    }
    if ((double)e->vu >= w->load) {
        w->lives[e->vu] = false;
        return;
    }
    heap_push(w, (struct queue_event){
                     .at = e->at + w->think_s * (0.5 + rng_unit(&w->rng)),
                     .vu = e->vu});
}

static void request_ends(struct queue_world *w, const struct queue_event *e,
                         struct moment *x)
{
    w->in_flight--;
    x->requests++;
    if (rng_unit(&w->rng) < w->fail) {
        x->failed++;
    } else {
        histo_record(w->good, (uint64_t)((e->at - e->began) * 1e6));
    }
    vu_goes_on(w, e);
}

/* Those that the load has and that are not there yet. */
static void load_begins(struct queue_world *w, struct moment *x)
{
    unsigned n = (unsigned)w->load, i;

    if (w->open) {
        w->owed += w->load;
        for (; w->owed >= 1; w->owed--) {
            heap_push(w,
                      (struct queue_event){.at = w->now_s + rng_unit(&w->rng)});
            x->begun++;
        }
        x->due = w->load;
        return;
    }
    if (n > w->vus) {
        w->lives = xreallocarray(w->lives, n, sizeof *w->lives);
        memset(w->lives + w->vus, 0, n - w->vus);
        w->vus = n;
    }
    for (i = 0; i < n; i++) {
        if (!w->lives[i]) {
            w->lives[i] = true;
            heap_push(w, (struct queue_event){
                             .at = w->now_s + rng_unit(&w->rng), .vu = i});
        }
    }
}

struct moment queue_next(struct queue_world *w)
{
    struct moment x = {.start_us = (uint64_t)(w->now_s * 1e6),
                       .active_us = 1000000,
                       .load = w->load,
                       .still = true,
                       .open = w->open};
    double end = w->now_s + 1;

    MUST(w->places <= QUEUE_PLACES_MAX);
    histo_clear(w->good);
    load_begins(w, &x);
    while (w->n > 0 && w->heap[0].at < end) {
        struct queue_event e = heap_pop(w);

        if (e.ends) {
            request_ends(w, &e, &x);
        } else {
            request_begins(w, &e);
        }
    }
    w->now_s = end;
    x.end_us = (uint64_t)(end * 1e6);
    x.in_flight = w->in_flight;
    x.all = x.good = w->good;
    return x;
}
