/* SPDX-License-Identifier: MIT
 *
 * conductor_server - what is seen of the service itself: its own process,
 * looked at once a second, and its page of metrics, which another thread
 * reads. */
#include "config.h"

#include "run/conductor_internal.h"

bool conductor_server_open(struct conductor *c, struct err *e)
{
    const struct conductor_watch *w = &c->config.watch;
    struct conductor_server *s = &c->server;

    tick_server_clear(&s->of_pid);
    tick_server_clear(&s->of_page);
    tick_server_clear(&s->last);
    if ((w->pid != 0 && !pidwatch_new(w->pid, &s->pid, e)) ||
        (w->metrics != NULL && !scrape_new(w->metrics, &s->scrape, e))) {
        return false;
    }
    c->config.watch.metrics = NULL; /* was borrowed for this */
    if (s->scrape != NULL) {
        c->info.server = *scrape_names(s->scrape);
    }
    return true;
}

void conductor_server_close(struct conductor *c)
{
    pidwatch_free(&c->server.pid);
    scrape_free(&c->server.scrape);
}

static void server_process(struct conductor *c, mono_us now)
{
    struct conductor_server *s = &c->server;
    bool was = s->of_pid.alive;

    if (s->pid == NULL || (s->at != 0 && now - s->at < CONDUCTOR_PROC_US)) {
        return;
    }
    s->at = now;
    pidwatch_read(s->pid, now, &s->of_pid);
    if (was && !s->of_pid.alive) {
        struct event *e = conductor_event(c, now, "server", "",
                                          "the service's process %u is gone: "
                                          "its memory and CPU end here",
                                          c->config.watch.pid);

        event_set_value(e, "gone");
        e->bad = true;
    }
}

static void server_tell(struct conductor *c, mono_us now,
                        const struct server_item *items, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        struct event *e =
            conductor_event(c, now, "server", "", "%s", items[i].text);

        event_set_value(e, items[i].value);
        e->bad = items[i].bad;
    }
}

static void server_page(struct conductor *c, mono_us now)
{
    struct conductor_server *s = &c->server;
    struct server_item items[SERVER_ITEMS_MAX];
    struct scrape_news news;

    if (s->scrape == NULL) {
        return;
    }
    if (!scrape_take(s->scrape, &news)) {
        if (s->of_page.alive && clk_now(clk_system()) > s->page_until) {
            /* The next one is late: what it was is no longer so. */
            tick_server_clear(&s->of_page);
            s->of_page.watched = true;
        }
        return;
    }
    server_tell(c, now, items, server_news_take(&s->news, &news, now, items));
    s->of_page = news.server;
    s->page_until = news.until_us;
}

const struct tick_server *conductor_server(struct conductor *c, mono_us now)
{
    struct conductor_server *s = &c->server;
    uint64_t said = c->config.watch.limit_bytes;
    struct server_item item;

    server_process(c, now);
    server_page(c, now);
    s->last = s->of_page;
    if (s->pid != NULL) {
        /* The process itself is seen more often. */
        s->last.watched = true;
        s->last.alive = s->of_pid.alive || s->of_page.alive;
        s->last.rss_bytes = s->of_pid.rss_bytes;
        s->last.cpu = s->of_pid.cpu;
        if (s->last.limit_bytes == 0) {
            s->last.limit_bytes = s->of_pid.limit_bytes;
        }
    }
    if (said > 0) {
        s->last.limit_bytes = said;
    }
    server_tell(c, now, &item,
                server_news_memory(&s->news, &s->last, now, &item));
    return &s->last;
}
