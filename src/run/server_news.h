/* SPDX-License-Identifier: MIT
 *
 * server_news - what is told of a service: that its page of metrics does not
 * come, that it is back, that the service began anew; that its memory went over
 * its limit, and came back. Each so often at most: what comes and goes all the
 * time is no news any more, and events are kept. Pure: pages and times are
 * passed in. */
#ifndef RUN_SERVER_NEWS_H
#define RUN_SERVER_NEWS_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/clk.h"
#include "run/scrape.h"
#include "run/tick.h"

/* Silences, beginnings, and times over the limit, that are told. */
#define SERVER_TOLD_MAX 20

/* Zeroed where nothing has been told yet. */
struct server_news {
    mono_us silent_since;        /* 0 = a page comes */
    mono_us over_since;          /* memory is over its limit; 0 = it is not */
    unsigned silent, anew, over; /* how often */
};

struct server_item {
    const char *value; /* "silent", "back", "restarted", "over", "within";
                          static */
    bool bad;
    char text[256];
};
/* One page, or that there was none, can be two of them. */
#define SERVER_ITEMS_MAX 2

/* What page (as scrape_take gives it, at now) is to be told of. Returns how
 * many items there are. */
size_t server_news_take(struct server_news *s, const struct scrape_news *page,
                        mono_us now, struct server_item *items) MUST_CHECK;
/* What is to be told of its memory, as it is at now, whoever saw it: back is
 * what is clearly back, by a twentieth of the limit. Returns 1, or 0. */
size_t server_news_memory(struct server_news *s, const struct tick_server *seen,
                          mono_us now, struct server_item *item) MUST_CHECK;

#endif
