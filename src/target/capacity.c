/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "target/capacity.h"

#include <math.h>
#include <stdlib.h>

#include "base/must.h"
#include "base/rng.h"
#include "base/xalloc.h"

/* Overload sets in this many times faster than it goes. */
#define CAPACITY_RISE 4.0
/* Shares of the queue at which strain begins and is complete. */
#define CAPACITY_CALM 0.05
#define CAPACITY_FULL 0.4

struct capacity {
    struct capacity_spec spec;
    const struct clk *clk; /* borrowed */
    struct rng rng;
    struct capacity_job *head; /* waited longest */
    struct capacity_job *tail;
    size_t waiting;
    struct heap served; /* by the end of their service */
    double strain;      /* 0..1, as of strain_at */
    mono_us strain_at;
    bool down;
};

/* Where the strain is drawn to while the queue is as long as now. */
static double capacity_pull(const struct capacity *c)
{
    double queue = (double)c->spec.queue;
    double over = (double)c->waiting - queue * CAPACITY_CALM;

    if (over <= 0) {
        return 0;
    }
    return fmin(1.0, over / (queue * (CAPACITY_FULL - CAPACITY_CALM)));
}

/* Brings the strain up to now; to be called before the queue's length
 * changes, so that each length counts for as long as it stood. */
static void capacity_age(struct capacity *c, mono_us now)
{
    double pull = capacity_pull(c);
    double us = (double)(now - c->strain_at);
    double way;

    c->strain_at = now;
    if (c->spec.recovery_us == 0) {
        c->strain = pull;
        return;
    }
    way = us / (double)c->spec.recovery_us;
    if (c->strain < pull) {
        c->strain = fmin(pull, c->strain + way * CAPACITY_RISE);
    } else {
        c->strain = fmax(pull, c->strain - way);
    }
}

/* Log-normal with the mean service_us. */
static uint64_t capacity_draw(struct capacity *c)
{
    double s = c->spec.spread;
    double z = rng_normal(&c->rng);
    double us = (double)c->spec.service_us * exp(s * z - s * s / 2);

    return (uint64_t)(us / (1 - c->spec.degrade * c->strain));
}

static void capacity_unqueue(struct capacity *c, struct capacity_job *job)
{
    if (job->prev != NULL) {
        job->prev->next = job->next;
    } else {
        c->head = job->next;
    }
    if (job->next != NULL) {
        job->next->prev = job->prev;
    } else {
        c->tail = job->prev;
    }
    job->prev = NULL;
    job->next = NULL;
    c->waiting--;
}

static void capacity_enqueue(struct capacity *c, struct capacity_job *job)
{
    job->prev = c->tail;
    job->next = NULL;
    if (c->tail != NULL) {
        c->tail->next = job;
    } else {
        c->head = job;
    }
    c->tail = job;
    c->waiting++;
}

static bool capacity_has_place(const struct capacity *c)
{
    return !c->down && c->served.n < c->spec.places;
}

struct capacity *capacity_new(const struct capacity_spec *spec,
                              const struct clk *clk)
{
    struct capacity *c = xcalloc(1, sizeof *c);

    MUST(spec->places > 0 && spec->degrade >= 0 && spec->degrade < 1);
    c->spec = *spec;
    c->clk = clk;
    c->strain_at = clk_now(clk);
    rng_seed(&c->rng, spec->seed, 1);
    heap_init(&c->served);
    return c;
}

void capacity_free(struct capacity **cp)
{
    struct capacity *c = *cp;

    if (c == NULL) {
        return;
    }
    while (c->head != NULL) {
        capacity_leave(c, c->head);
    }
    while (heap_top(&c->served) != NULL) {
        capacity_leave(c, heap_top(&c->served)->owner);
    }
    heap_clear(&c->served);
    free(c);
    *cp = NULL;
}

bool capacity_admit(struct capacity *c, struct capacity_job *job)
{
    mono_us now = clk_now(c->clk);

    MUST(job->state == CAPACITY_IDLE);
    /* Whoever may still be turned away or called up by now holds a seat that
     * is not free before capacity_news has said so. */
    if (c->waiting >= c->spec.queue &&
        !(capacity_has_place(c) && c->waiting == 0)) {
        return false;
    }
    capacity_age(c, now);
    job->state = CAPACITY_WAITING;
    job->since = now;
    job->node.owner = job;
    capacity_enqueue(c, job);
    return true;
}

void capacity_leave(struct capacity *c, struct capacity_job *job)
{
    capacity_age(c, clk_now(c->clk));
    switch (job->state) {
    case CAPACITY_WAITING:
        capacity_unqueue(c, job);
        break;
    case CAPACITY_SERVED:
        heap_drop(&c->served, &job->node);
        break;
    case CAPACITY_IDLE:
        break;
    }
    job->state = CAPACITY_IDLE;
}

static struct capacity_job *capacity_start(struct capacity *c, mono_us now)
{
    struct capacity_job *job = c->head;

    capacity_age(c, now);
    capacity_unqueue(c, job);
    job->state = CAPACITY_SERVED;
    job->service_us = capacity_draw(c);
    heap_set(&c->served, &job->node, now + job->service_us);
    return job;
}

struct capacity_job *capacity_news(struct capacity *c, enum capacity_news *news)
{
    mono_us now = clk_now(c->clk);
    struct heap_node *first = heap_top(&c->served);
    struct capacity_job *job = NULL;

    if (first != NULL && first->due <= now) {
        job = first->owner;
        capacity_leave(c, job);
        *news = CAPACITY_DONE;
    } else if (c->head != NULL &&
               now - c->head->since >= c->spec.wait_limit_us) {
        job = c->head;
        capacity_leave(c, job);
        *news = CAPACITY_EXPIRED;
    } else if (c->head != NULL && capacity_has_place(c)) {
        job = capacity_start(c, now);
        *news = CAPACITY_STARTED;
    }
    return job;
}

mono_us capacity_due(const struct capacity *c)
{
    const struct heap_node *first = heap_top(&c->served);
    mono_us due = first != NULL ? first->due : UINT64_MAX;

    if (c->head == NULL) {
        return due;
    }
    if (capacity_has_place(c)) {
        return 0;
    }
    if (c->head->since + c->spec.wait_limit_us < due) {
        due = c->head->since + c->spec.wait_limit_us;
    }
    return due;
}

void capacity_set_down(struct capacity *c, bool down)
{
    c->down = down;
}

size_t capacity_waiting(const struct capacity *c)
{
    return c->waiting;
}

size_t capacity_served(const struct capacity *c)
{
    return c->served.n;
}

double capacity_strain(struct capacity *c)
{
    capacity_age(c, clk_now(c->clk));
    return c->strain;
}
