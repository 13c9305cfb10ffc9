/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/server_news.h"

#include <stdio.h>

#include "base/num.h"

/* The last one says that it is the last. */
static const char *news_end(unsigned told)
{
    return told == SERVER_TOLD_MAX ? "; from here on that is not told" : "";
}

static size_t news_silence(struct server_news *s,
                           const struct scrape_news *page, mono_us now,
                           struct server_item *item)
{
    char dur[NUM_MAX];

    if (page->server.alive == (s->silent_since == 0)) {
        return 0;
    }
    if (!page->server.alive) {
        s->silent_since = now > 0 ? now : 1;
        s->silent += s->silent <= SERVER_TOLD_MAX ? 1 : 0;
        item->value = "silent";
        item->bad = true;
        snprintf(item->text, sizeof item->text,
                 "no page of the service's metrics: %s%s", page->why,
                 news_end(s->silent));
    } else {
        item->value = "back";
        item->bad = false;
        snprintf(item->text, sizeof item->text,
                 "the service's metrics are back after %s",
                 num_clock(dur, now - s->silent_since));
        s->silent_since = 0;
    }
    return s->silent <= SERVER_TOLD_MAX ? 1 : 0;
}

static size_t news_anew(struct server_news *s, const struct scrape_news *page,
                        struct server_item *item)
{
    if (!page->restarted || s->anew == SERVER_TOLD_MAX) {
        return 0;
    }
    s->anew++;
    item->value = "restarted";
    item->bad = true;
    snprintf(item->text, sizeof item->text,
             "the service has begun anew: its count of CPU time fell%s",
             news_end(s->anew));
    return 1;
}

size_t server_news_take(struct server_news *s, const struct scrape_news *page,
                        mono_us now, struct server_item *items)
{
    size_t n = news_silence(s, page, now, items);

    return n + news_anew(s, page, &items[n]);
}

/* It is back when it is below so much of the limit. */
#define NEWS_BACK_SHARE 0.95

size_t server_news_memory(struct server_news *s, const struct tick_server *seen,
                          mono_us now, struct server_item *item)
{
    double of = (double)seen->limit_bytes;
    bool was = s->over_since != 0;
    char rss[NUM_MAX], limit[NUM_MAX], dur[NUM_MAX];

    if (!seen->alive || seen->rss_bytes == 0 || seen->limit_bytes == 0 ||
        was == ((double)seen->rss_bytes > (was ? of * NEWS_BACK_SHARE : of))) {
        return 0;
    }
    num_bytes(rss, seen->rss_bytes);
    num_bytes(limit, seen->limit_bytes);
    if (!was) {
        s->over_since = now > 0 ? now : 1;
        s->over += s->over <= SERVER_TOLD_MAX ? 1 : 0;
        item->value = "over";
        item->bad = true;
        snprintf(item->text, sizeof item->text,
                 "the service's memory is over its limit: %s of %s%s", rss,
                 limit, news_end(s->over));
    } else {
        item->value = "within";
        item->bad = false;
        snprintf(item->text, sizeof item->text,
                 "the service's memory is within its limit again after %s: %s "
                 "of %s",
                 num_clock(dur, now - s->over_since), rss, limit);
        s->over_since = 0;
    }
    return s->over <= SERVER_TOLD_MAX ? 1 : 0;
}
