/* SPDX-License-Identifier: MIT
 *
 * worker_mail - what the conductor says to a worker: it lies in a mailbox under
 * a lock that is held for copying only, and the loop is rung to look into it.
 * Two shards go round: one is filled while the other is with the conductor. */
#include "config.h"

#include "load/worker.h"

#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "load/crew.h"
#include "load/worker_internal.h"

char **worker_vars_copy(const char *const *vars, size_t n)
{
    char **copy = xcalloc(n + 1, sizeof(char *));

    for (size_t i = 0; i < n; i++) {
        copy[i] = vars[i] != NULL ? xstrdup(vars[i]) : NULL;
    }
    return copy;
}

uint64_t worker_gaps_us(const struct worker *w)
{
    return w->config.gapless != NULL ? gapless_total_us(w->config.gapless) : 0;
}

void worker_post(struct worker *w, const struct desired *list)
{
    pthread_mutex_lock(&w->mail.lock);
    posts_add(&w->mail.posts, list, worker_gaps_us(w));
    pthread_mutex_unlock(&w->mail.lock);
    ev_async_send(w->loop, &w->ring);
}

void worker_set_vars(struct worker *w, const char *const *vars)
{
    char **copy = worker_vars_copy(vars, w->n_vars);

    pthread_mutex_lock(&w->mail.lock);
    crew_vars_free(&w->mail.vars, w->n_vars);
    w->mail.vars = copy;
    pthread_mutex_unlock(&w->mail.lock);
    ev_async_send(w->loop, &w->ring);
}

void worker_run_once(struct worker *w, const struct flow *flow,
                     uint64_t timeout_us)
{
    pthread_mutex_lock(&w->mail.lock);
    w->mail.once = flow;
    w->mail.once_timeout_us = timeout_us;
    w->mail.has_once = true;
    pthread_mutex_unlock(&w->mail.lock);
    ev_async_send(w->loop, &w->ring);
}

void worker_set_run_start(struct worker *w, mono_us at)
{
    pthread_mutex_lock(&w->mail.lock);
    w->mail.run_start = at;
    w->mail.has_run_start = true;
    pthread_mutex_unlock(&w->mail.lock);
    ev_async_send(w->loop, &w->ring);
}

void worker_ask(struct worker *w)
{
    pthread_mutex_lock(&w->mail.lock);
    w->mail.ask = w->mail.ask || !w->mail.has_report;
    pthread_mutex_unlock(&w->mail.lock);
    ev_async_send(w->loop, &w->ring);
}

bool worker_collect(struct worker *w, struct worker_report *r)
{
    bool has;

    pthread_mutex_lock(&w->mail.lock);
    has = w->mail.has_report;
    if (has) {
        *r = w->mail.report;
        w->mail.has_report = false;
    }
    pthread_mutex_unlock(&w->mail.lock);
    return has;
}

uint64_t worker_rests(const struct worker *w)
{
    return atomic_load(&w->rests);
}

void worker_return(struct worker *w, struct shard *s)
{
    bool asked;

    pthread_mutex_lock(&w->mail.lock);
    MUST(w->mail.spare == NULL);
    w->mail.spare = s;
    asked = w->mail.ask;
    pthread_mutex_unlock(&w->mail.lock);
    if (asked) {
        ev_async_send(w->loop, &w->ring);
    }
}

char **worker_take_vars(struct worker *w)
{
    char **result;

    pthread_mutex_lock(&w->mail.lock);
    result = w->mail.result;
    w->mail.result = NULL;
    pthread_mutex_unlock(&w->mail.lock);
    return result != NULL ? result : xcalloc(w->n_vars + 1, sizeof(char *));
}
