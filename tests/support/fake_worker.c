/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/fake_worker.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"

struct worker {
    struct worker_config config;
    struct shard *spare, *filled;
    bool ready;
};

static struct fake_worker fakes[FAKE_WORKERS_MAX];
static struct worker *workers[FAKE_WORKERS_MAX];
static int fakes_refuse;

void fake_workers_reset(const struct plan *plan, int refuse)
{
    (void)plan;
    memset(fakes, 0, sizeof fakes);
    memset(workers, 0, sizeof workers);
    fakes_refuse = refuse;
}

struct fake_worker *fake_worker(unsigned index)
{
    MUST(index < FAKE_WORKERS_MAX);
    return &fakes[index];
}

bool worker_start(const struct worker_config *config, struct worker **out,
                  struct err *e)
{
    struct worker *w;

    if ((int)config->index == fakes_refuse) {
        err_set(e, ERR_LIMIT, "no thread");
        return false;
    }
    w = xcalloc(1, sizeof *w);
    w->config = *config;
    w->spare = shard_new(config->plan);
    workers[config->index] = w;
    fakes[config->index].started = true;
    *out = w;
    return true;
}

void worker_stop(struct worker **wp)
{
    struct worker *w = *wp;

    if (w == NULL) {
        return;
    }
    fakes[w->config.index].stopped = true;
    shard_free(&w->spare);
    shard_free(&w->filled);
    free(w);
    *wp = NULL;
}

void worker_post(struct worker *w, const struct desired *list)
{
    fakes[w->config.index].desired = list[0];
}

void worker_set_vars(struct worker *w, const char *const *vars)
{
    (void)w;
    (void)vars;
}

void worker_run_once(struct worker *w, const struct flow *flow,
                     uint64_t timeout_us)
{
    (void)timeout_us;
    fakes[w->config.index].once = flow;
}

void worker_set_run_start(struct worker *w, mono_us at)
{
    (void)w;
    (void)at;
}

void worker_ask(struct worker *w)
{
    struct fake_worker *f = &fakes[w->config.index];

    /* As worker.h promises: one is outstanding until it is collected. */
    if (!f->asked && !w->ready) {
        f->asked = true;
        f->asks++;
    }
}

void fake_worker_answer(unsigned index)
{
    struct fake_worker *f = &fakes[index];
    struct worker *w = workers[index];
    struct sample x = {.status = 200, .duration = 1000};
    struct sample no = {.failure = FAILURE_REFUSED, .failed = true};

    if (!f->asked) {
        return;
    }
    MUST(w->spare != NULL);
    w->filled = w->spare;
    w->spare = NULL;
    for (; f->requests > 0; f->requests--) {
        shard_request(w->filled, &x);
    }
    for (; f->refused > 0; f->refused--) {
        shard_request(w->filled, &no);
    }
    f->report.shard = w->filled;
    f->asked = false;
    w->ready = true;
    w->config.notify(w->config.ctx);
}

void fake_worker_ring(unsigned index)
{
    workers[index]->config.notify(workers[index]->config.ctx);
}

uint64_t worker_rests(const struct worker *w)
{
    return fakes[w->config.index].rests;
}

bool worker_collect(struct worker *w, struct worker_report *r)
{
    if (!w->ready) {
        return false;
    }
    *r = fakes[w->config.index].report;
    w->filled = NULL;
    w->ready = false;
    return true;
}

void worker_return(struct worker *w, struct shard *s)
{
    MUST(w->spare == NULL);
    w->spare = s;
}

char **worker_take_vars(struct worker *w)
{
    return xcalloc(w->config.plan->n_vars + 1, sizeof(char *));
}
