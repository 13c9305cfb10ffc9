/* SPDX-License-Identifier: MIT
 *
 * server_news - what is told of a service's page of metrics: that it does not
 * come, that it is back, that the service began anew. Each so often at most:
 * what comes and goes all the time is no news any more, and events are kept.
 * Pure: pages and times are passed in. */
#ifndef RUN_SERVER_NEWS_H
#define RUN_SERVER_NEWS_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/clk.h"
#include "run/scrape.h"

/* Silences, and beginnings, that are told. */
#define SERVER_TOLD_MAX 20

/* Zeroed where nothing has been told yet. */
struct server_news {
    mono_us silent_since;  /* 0 = a page comes */
    unsigned silent, anew; /* how often */
};

struct server_item {
    const char *value; /* "silent", "back", "restarted"; static */
    bool bad;
    char text[256];
};
/* One page, or that there was none, can be two of them. */
#define SERVER_ITEMS_MAX 2

/* What page (as scrape_take gives it, at now) is to be told of. Returns how
 * many items there are. */
size_t server_news_take(struct server_news *s, const struct scrape_news *page,
                        mono_us now, struct server_item *items) MUST_CHECK;

#endif
