/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "target/service.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The Vi runtime gives up on a database connection after 5 s. */
#define SERVICE_WAIT_LIMIT_US (5 * US_PER_SEC)
/* One user sees 50-110 ms around a mean of 80. */
#define SERVICE_SPREAD        0.25
#define SERVICE_LEAK_EVERY_US (250 * US_PER_MS)
#define SERVICE_LEAK_MAX      ((size_t)2000 * 1000 * 1000)

struct leaked {
    struct leaked *next;
    size_t bytes;
};

static mono_us service_at(const struct service *s, double seconds)
{
    return s->started + (mono_us)(seconds * (double)US_PER_SEC);
}

static void service_outage_end(void *ctx)
{
    struct service *s = ctx;

    capacity_set_down(s->capacity, false);
}

static void service_outage_begin(void *ctx)
{
    struct service *s = ctx;

    capacity_set_down(s->capacity, true);
    if (s->model.db_down.to_s < 1e9) {
        service_wake_at(s, &s->outage, service_at(s, s->model.db_down.to_s),
                        service_outage_end, s);
    }
}

/* Takes what should have been taken by now, in whole pages from the system and
 * written to: what is resident grows by that, and by nothing of malloc's own.
 */
static void service_leak(void *ctx)
{
    struct service *s = ctx;
    mono_us now = clk_now(s->clk);
    double minutes = (double)(now - s->started) / (60 * (double)US_PER_SEC);
    double bytes = s->model.leak_mb_min * 1e6 * minutes;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t want =
        bytes < (double)SERVICE_LEAK_MAX ? (size_t)bytes : SERVICE_LEAK_MAX;
    size_t n = want / page * page - s->leaked_bytes;
    struct leaked *piece = MAP_FAILED;

    if (n > 0) {
        piece = mmap(NULL, n, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    }
    if (piece != MAP_FAILED) { /* else there is none left, or not yet */
        memset(piece, 0x5a, n);
        *piece = (struct leaked){.next = s->leaked, .bytes = n};
        s->leaked = piece;
        s->leaked_bytes += n;
    }
    service_wake_at(s, &s->leak, now + SERVICE_LEAK_EVERY_US, service_leak, s);
}

/* Stalls that a sleeping machine has missed are not made up for. */
static void service_stall(void *ctx)
{
    struct service *s = ctx;
    mono_us begun = s->stall.node.due;
    mono_us every = (mono_us)(s->model.stall_every_s * (double)US_PER_SEC);
    mono_us now = clk_now(s->clk);

    s->stalled_until = begun + s->model.stall_ms * US_PER_MS;
    if (now - begun >= every) {
        begun += (now - begun) / every * every;
    }
    service_wake_at(s, &s->stall, begun + every, service_stall, s);
}

struct capacity_spec service_capacity(const struct target_model *model)
{
    struct capacity_spec spec = {
        .places = model->places,
        .service_us = (uint64_t)(model->service_ms * (double)US_PER_MS),
        .spread = SERVICE_SPREAD,
        .queue = model->queue,
        .wait_limit_us = SERVICE_WAIT_LIMIT_US,
        .degrade = model->degrade,
        .recovery_us = (uint64_t)(model->recovery_s * (double)US_PER_SEC),
        .seed = model->seed,
    };

    return spec;
}

void service_init(struct service *s, const struct target_model *model,
                  const struct clk *clk)
{
    struct capacity_spec spec = service_capacity(model);

    memset(s, 0, sizeof *s);
    s->model = *model;
    s->clk = clk;
    s->started = clk_now(clk);
    rng_seed(&s->rng, model->seed, 2);
    tally_init(&s->tally);
    heap_init(&s->wakes);
    s->capacity = capacity_new(&spec, clk);
    if (model->rate_limit > 0) {
        s->limiter = limiter_new(model->rate_limit, clk);
    }
    if (model->db_down.to_s > model->db_down.from_s) {
        service_wake_at(s, &s->outage, service_at(s, model->db_down.from_s),
                        service_outage_begin, s);
    }
    if (model->leak_mb_min > 0) {
        service_wake_at(s, &s->leak, s->started, service_leak, s);
    }
    if (model->stall_ms > 0) {
        service_wake_at(s, &s->stall, service_at(s, model->stall_every_s),
                        service_stall, s);
    }
}

void service_clear(struct service *s)
{
    while (s->leaked != NULL) {
        struct leaked *next = s->leaked->next;

        munmap(s->leaked, s->leaked->bytes);
        s->leaked = next;
    }
    capacity_free(&s->capacity);
    limiter_free(&s->limiter);
    heap_clear(&s->wakes);
}

void service_wake_at(struct service *s, struct wake *w, mono_us due,
                     void (*fn)(void *ctx), void *ctx)
{
    w->fn = fn;
    w->ctx = ctx;
    w->node.owner = w;
    heap_set(&s->wakes, &w->node, due);
}

void service_wake_drop(struct service *s, struct wake *w)
{
    heap_drop(&s->wakes, &w->node);
}

void service_turn(struct service *s, service_news_fn *news)
{
    struct heap_node *first;
    struct capacity_job *job;
    enum capacity_news what;
    mono_us now = clk_now(s->clk);

    while ((first = heap_top(&s->wakes)) != NULL && first->due <= now) {
        struct wake *w = first->owner;

        heap_drop(&s->wakes, first);
        w->fn(w->ctx);
    }
    while ((job = capacity_news(s->capacity, &what)) != NULL) {
        news(job->owner, what);
    }
}

mono_us service_due(const struct service *s)
{
    const struct heap_node *first = heap_top(&s->wakes);
    mono_us due = capacity_due(s->capacity);

    return first != NULL && first->due < due ? first->due : due;
}

bool service_chance(struct service *s, double share)
{
    return rng_unit(&s->rng) < share;
}
