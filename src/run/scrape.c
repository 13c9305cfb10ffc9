/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/scrape.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/buf.h"
#include "base/fatal.h"
#include "base/must.h"
#include "base/text.h"
#include "base/thread.h"
#include "base/xalloc.h"
#include "net/fetch.h"
#include "run/chosen.h"

#define SCRAPE_MAGIC 0x5c4a9e01u
/* Some services send JSON to whoever does not ask for text. */
#define SCRAPE_ACCEPT "text/plain;version=0.0.4, text/plain;q=0.9"
/* A page may take its part of the time between two. */
#define SCRAPE_SHARE 4
/* Between tries of the first page, and between looks whether it is given up. */
#define SCRAPE_RETRY_US (US_PER_SEC / 2)
#define SCRAPE_LOOK_US  (US_PER_SEC / 10)

struct scrape {
    unsigned magic;
    struct fetch *fetch;   /* of the thread, once it runs; stopped by others */
    struct chosen *chosen; /* of the thread, but for its names */
    struct buf page;       /* of the thread */
    const struct clk *clk; /* borrowed */
    uint64_t every_us;
    mono_us began, came; /* of the last call */
    mono_us ended;       /* its page has been read, too */
    bool failed;         /* it did */
    bool given_up;       /* before the first page came */
    bool running;        /* the thread was started */
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t bell;
    bool stop;
    bool fresh; /* news that nobody took */
    struct scrape_news news;
};

/* What comes when the call began says what was so in between. */
static mono_us scrape_middle(const struct scrape *s)
{
    return s->began + (s->came - s->began) / 2;
}

static bool scrape_page(struct scrape *s, struct err *e)
{
    bool ok;

    s->began = clk_now(s->clk);
    ok = fetch_get(s->fetch, &s->page, e);
    s->came = s->ended = clk_now(s->clk);
    s->failed = !ok;
    return ok;
}

/* What the page says; to find it is work as well. */
static void scrape_read(struct scrape *s, struct tick_server *out)
{
    chosen_read(s->chosen, buf_str(&s->page), s->page.len, scrape_middle(s),
                out);
    s->ended = clk_now(s->clk);
}

/* Sleeps; false: it is over. */
static bool scrape_sleep(struct scrape *s, uint64_t us)
{
    struct timespec at = thread_after(us);
    bool go;

    pthread_mutex_lock(&s->lock);
    while (!s->stop &&
           pthread_cond_timedwait(&s->bell, &s->lock, &at) != ETIMEDOUT) {
    }
    go = !s->stop;
    pthread_mutex_unlock(&s->lock);
    return go;
}

/* From the last call's beginning to the next one's. */
static uint64_t scrape_every(const struct scrape *s)
{
    uint64_t long_us = (s->ended - s->began) * SCRAPE_SHARE;

    return long_us > s->every_us ? long_us : s->every_us;
}

static void scrape_tell(struct scrape *s, const struct scrape_news *news)
{
    bool missed;

    pthread_mutex_lock(&s->lock);
    /* That it began anew is not lost where nobody looked in between. */
    missed = s->fresh && s->news.restarted;
    s->news = *news;
    s->news.until_us = s->began + 2 * scrape_every(s);
    s->news.restarted = news->restarted || missed;
    s->fresh = true;
    pthread_mutex_unlock(&s->lock);
}

static void scrape_once(struct scrape *s)
{
    struct scrape_news news;
    struct err e = ERR_INIT;

    memset(&news, 0, sizeof news);
    if (scrape_page(s, &e)) {
        scrape_read(s, &news.server);
        news.restarted = chosen_restarted(s->chosen);
    } else {
        tick_server_clear(&news.server);
        news.server.watched = true;
        text_safe(news.why, sizeof news.why, e.text);
    }
    scrape_tell(s, &news);
}

static uint64_t scrape_rest(const struct scrape *s)
{
    /* What did not come was no work for the service. */
    return s->failed ? s->every_us : scrape_every(s) - (s->ended - s->began);
}

static void *scrape_main(void *ctx)
{
    struct scrape *s = ctx;

    OBJ_CHECK(s, SCRAPE_MAGIC);
    while (scrape_sleep(s, scrape_rest(s))) {
        scrape_once(s);
    }
    return NULL;
}

static bool scrape_choose(struct scrape *s, const struct scrape_config *c,
                          struct err *e)
{
    size_t i;

    if (strncasecmp(c->url, "http://", 7) != 0 &&
        strncasecmp(c->url, "https://", 8) != 0) {
        /* It is not shown: it may hold a password. */
        err_set(e, ERR_SYNTAX,
                "--server-metrics: this is no URL, such as "
                "http://HOST:PORT/metrics");
        return false;
    }
    for (i = 0; i < c->n_series; i++) {
        if (!chosen_add(s->chosen, c->series[i], e)) {
            return false;
        }
    }
    return true;
}

/* Before a call, during it and between two: is the first page given up? */
struct scrape_wait {
    struct scrape *s;
    const struct scrape_config *c;
};

static bool scrape_over(void *ctx)
{
    const struct scrape_wait *w = ctx;

    w->s->given_up = w->s->given_up || w->c->over(w->c->over_ctx);
    return w->s->given_up;
}

static void scrape_nap(struct scrape *s, struct scrape_wait *w)
{
    mono_us until = clk_now(clk_system()) + SCRAPE_RETRY_US;

    while (clk_now(clk_system()) < until &&
           (w->c->over == NULL || !scrape_over(w))) {
        (void)scrape_sleep(s, SCRAPE_LOOK_US);
    }
}

static bool scrape_first(struct scrape *s, const struct scrape_config *c,
                         struct err *e)
{
    mono_us until = clk_now(clk_system()) + c->wait_us;
    struct scrape_wait w = {s, c};
    struct err why = ERR_INIT;

    fetch_ask(s->fetch, c->over != NULL ? scrape_over : NULL, &w);
    while (!scrape_page(s, &why)) {
        if (s->given_up) {
            return false;
        }
        if (clk_now(clk_system()) >= until) {
            err_set(e, ERR_IO,
                    "--server-metrics: no page of metrics comes: %s (is it the "
                    "right URL? --wait gives the service time to start)",
                    why.text);
            return false;
        }
        why = (struct err)ERR_INIT;
        scrape_nap(s, &w);
    }
    fetch_ask(s->fetch, NULL, NULL);
    return chosen_settle(s->chosen, buf_str(&s->page), s->page.len,
                         fetch_type(s->fetch), e);
}

static void scrape_start(struct scrape *s)
{
    struct scrape_news first;

    memset(&first, 0, sizeof first);
    scrape_read(s, &first.server);
    scrape_tell(s, &first);
    s->running = thread_start(&s->thread, scrape_main, s) == 0;
    if (!s->running) {
        fatal("no thread for the service's metrics");
    }
}

bool scrape_new(const struct scrape_config *c, struct scrape **out,
                struct err *e)
{
    struct scrape *s = xcalloc(1, sizeof *s);
    struct fetch_config f = {
        .url = c->url,
        .accept = SCRAPE_ACCEPT,
        .cacert = c->cacert,
        .insecure = c->insecure,
        .timeout_ms = (long)(SCRAPE_TIMEOUT_US / US_PER_MS),
    };
    bool ok;

    s->magic = SCRAPE_MAGIC;
    s->chosen = chosen_new();
    buf_init(&s->page, SCRAPE_BYTES_MAX);
    pthread_mutex_init(&s->lock, NULL);
    thread_cond_init(&s->bell);
    s->fetch = fetch_new(&f);
    s->clk = c->clk != NULL ? c->clk : clk_system();
    s->every_us = c->every_us > 0 ? c->every_us : SCRAPE_EVERY_US;
    *out = NULL;
    ok = scrape_choose(s, c, e) && scrape_first(s, c, e);
    if (!ok) {
        ok = s->given_up;
        scrape_free(&s);
        return ok;
    }
    scrape_start(s);
    *out = s;
    return true;
}

void scrape_free(struct scrape **sp)
{
    struct scrape *s = *sp;
    int rc;

    if (s == NULL) {
        return;
    }
    OBJ_CHECK(s, SCRAPE_MAGIC);
    if (s->running) {
        pthread_mutex_lock(&s->lock);
        s->stop = true;
        pthread_cond_signal(&s->bell);
        pthread_mutex_unlock(&s->lock);
        fetch_stop(s->fetch);
        rc = pthread_join(s->thread, NULL);
        MUST(rc == 0);
    }
    fetch_free(&s->fetch);
    chosen_free(&s->chosen);
    buf_clear(&s->page);
    pthread_cond_destroy(&s->bell);
    pthread_mutex_destroy(&s->lock);
    s->magic = 0;
    free(s);
    *sp = NULL;
}

const struct server_names *scrape_names(const struct scrape *s)
{
    return chosen_names(s->chosen);
}

bool scrape_take(struct scrape *s, struct scrape_news *out)
{
    bool fresh;

    pthread_mutex_lock(&s->lock);
    fresh = s->fresh;
    if (fresh) {
        *out = s->news;
        s->fresh = false;
    }
    pthread_mutex_unlock(&s->lock);
    return fresh;
}
