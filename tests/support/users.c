/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/users.h"

#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"

#define USERS_MAX     2000
#define USERS_TICK_US (100 * US_PER_MS)

enum users_next { USERS_CHAT, USERS_STREAM, USERS_METRICS };

struct user {
    struct users *all;
    struct capacity_job job;
    struct heap_node wake; /* the end of its pause */
    enum users_next next;
    unsigned iteration;
    mono_us sent;
    bool wanted;
    bool busy; /* waiting for an answer */
};

struct users {
    struct clk clk;
    mono_us now;
    mono_us since; /* the last users_take */
    struct capacity *capacity;
    mono_us think_us;
    struct heap wakes;
    unsigned n;
    struct user users[USERS_MAX];
    double *ms; /* of each answer since then */
    size_t ms_n;
    size_t ms_cap;
    size_t errors;
    size_t at_once;
};

static mono_us users_clock(void *ctx)
{
    const struct users *u = ctx;

    return u->now;
}

static void users_record(struct user *v, bool failed)
{
    struct users *u = v->all;

    u->ms = xgrow(u->ms, u->ms_n, &u->ms_cap, sizeof *u->ms);
    u->ms[u->ms_n++] = (double)(u->now - v->sent) / US_PER_MS;
    u->errors += failed ? 1 : 0;
}

static void users_think(struct user *v, mono_us us)
{
    heap_set(&v->all->wakes, &v->wake, v->all->now + us);
}

/* The answer is here: on to the next step, after the pause. */
static void users_answered(struct user *v, bool failed)
{
    users_record(v, failed);
    v->busy = false;
    v->next = v->next == USERS_CHAT ? USERS_STREAM : USERS_METRICS;
    users_think(v, v->all->think_us);
}

static void users_send(struct user *v)
{
    v->sent = v->all->now;
    v->busy = true;
    if (!capacity_admit(v->all->capacity, &v->job)) {
        v->all->at_once++;
        users_answered(v, true);
    }
}

/* Does the next step of its flow; steps without a request cost no time. */
static void users_step(struct user *v)
{
    if (v->next == USERS_STREAM && v->iteration % 3 != 0) {
        v->next = USERS_METRICS;
    }
    if (v->next == USERS_METRICS) {
        v->next = USERS_CHAT;
        if (v->iteration++ % 10 == 0) {
            v->sent = v->all->now;
            users_record(v, false);
            users_think(v, v->all->think_us / 2);
            return;
        }
    }
    if (v->next == USERS_CHAT && !v->wanted) {
        return;
    }
    users_send(v);
}

static void users_news(struct users *u)
{
    struct capacity_job *job;
    enum capacity_news news;

    while ((job = capacity_news(u->capacity, &news)) != NULL) {
        if (news != CAPACITY_STARTED) {
            users_answered(job->owner, news == CAPACITY_EXPIRED);
        }
    }
}

static void users_want(struct users *u, unsigned n)
{
    MUST(n <= USERS_MAX);
    for (unsigned i = 0; i < USERS_MAX; i++) {
        struct user *v = &u->users[i];
        bool idle = !v->wanted && !v->busy && !heap_has(&v->wake);

        v->wanted = i < n;
        if (v->wanted && idle) {
            v->iteration = 0;
            v->next = USERS_CHAT;
            users_think(v, 0);
        }
    }
    u->n = n;
}

/* All that happens up to that instant. */
static void users_until(struct users *u, mono_us end)
{
    for (;;) {
        struct heap_node *first = heap_top(&u->wakes);
        mono_us due = capacity_due(u->capacity);

        if (first != NULL && first->due < due) {
            due = first->due;
        }
        if (due > end) {
            break;
        }
        u->now = due > u->now ? due : u->now;
        if (first != NULL && first->due <= u->now) {
            heap_drop(&u->wakes, first);
            users_step(first->owner);
        }
        users_news(u);
    }
    u->now = end;
}

static int users_compare(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;

    return (*x > *y) - (*x < *y);
}

struct users *users_new(const struct capacity_spec *spec, double think_s)
{
    struct users *u = xcalloc(1, sizeof *u);

    u->clk.now = users_clock;
    u->clk.ctx = u;
    u->think_us = (mono_us)(think_s * (double)US_PER_SEC);
    u->capacity = capacity_new(spec, &u->clk);
    heap_init(&u->wakes);
    for (int i = 0; i < USERS_MAX; i++) {
        u->users[i].all = u;
        u->users[i].job.owner = &u->users[i];
        u->users[i].wake.owner = &u->users[i];
    }
    return u;
}

void users_free(struct users **up)
{
    struct users *u = *up;

    capacity_free(&u->capacity);
    heap_clear(&u->wakes);
    free(u->ms);
    free(u);
    *up = NULL;
}

void users_ramp(struct users *u, double seconds, unsigned n)
{
    mono_us begin = u->now;
    mono_us all = (mono_us)(seconds * (double)US_PER_SEC);
    double from = u->n;

    for (mono_us t = USERS_TICK_US; t <= all; t += USERS_TICK_US) {
        double way = (double)t / (double)all;

        users_want(u, (unsigned)(from + ((double)n - from) * way + 0.5));
        users_until(u, begin + t);
    }
}

struct users_seen users_take(struct users *u)
{
    double seconds = (double)(u->now - u->since) / (double)US_PER_SEC;
    struct users_seen seen = {.requests = u->ms_n, .at_once = u->at_once};

    if (u->ms_n > 0) {
        qsort(u->ms, u->ms_n, sizeof *u->ms, users_compare);
        seen.p95_ms = u->ms[(u->ms_n * 95 + 99) / 100 - 1];
        seen.errors = (double)u->errors / (double)u->ms_n;
        seen.per_second = (double)u->ms_n / seconds;
    }
    u->ms_n = 0;
    u->errors = 0;
    u->at_once = 0;
    u->since = u->now;
    return seen;
}

double users_strain(struct users *u)
{
    return capacity_strain(u->capacity);
}
