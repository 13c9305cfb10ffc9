/* SPDX-License-Identifier: MIT
 *
 * scrape - a service's page of metrics, read again and again by a thread of its
 * own on a connection of its own (net/fetch.h): however slow, large or hostile
 * the page, neither the load nor the conductor waits for it. */
#ifndef RUN_SCRAPE_H
#define RUN_SCRAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/clk.h"
#include "base/err.h"
#include "run/tick.h"

/* From one page's beginning to the next one's; longer, up to four times as long
 * as a page takes to come and to be read: to watch a service must not be a load
 * of its own, here or there. */
#define SCRAPE_EVERY_US (2 * US_PER_SEC)
/* A page that takes longer, or is larger, is none. */
#define SCRAPE_TIMEOUT_US (5 * US_PER_SEC)
#define SCRAPE_BYTES_MAX  (8u << 20)

struct scrape; /* opaque */

struct scrape_config {
    const char *url;           /* borrowed for the call, as what follows */
    const char *const *series; /* --server-series, as they were written */
    size_t n_series;
    const char *cacert; /* NULL = the system's */
    bool insecure;
    uint64_t wait_us; /* the first page may take so long to come */
    /* While it is waited for, asked ten times a second, on the thread that
     * calls: true gives it up. NULL = it is waited for. */
    bool (*over)(void *ctx);
    void *over_ctx;
    /* NULL = the system's, as it has to be outside of tests: what pages take.
     * Called by scrape's thread, too. */
    const struct clk *clk;
    uint64_t every_us; /* 0 = SCRAPE_EVERY_US */
};

/* Reads the first page, and then on. Fails, with the remedy, where the URL or a
 * series is none, no page comes, or it has not what was chosen. true, and *out
 * NULL: it was given up. */
bool scrape_new(const struct scrape_config *c, struct scrape **out,
                struct err *e) MUST_CHECK;
/* Ends at once, whatever is under way. NULL is fine. */
void scrape_free(struct scrape **s);
/* Borrowed. */
const struct server_names *scrape_names(const struct scrape *s);

struct scrape_news {
    struct tick_server server; /* alive: a page came */
    bool restarted;            /* the service began anew since the last one */
    char why[160];             /* no page: why; safe to show */
    mono_us until_us; /* when this is too old, if nothing follows; by the
                         system's clock */
};
/* What the last page said, or that there was none; false: nothing new since the
 * last call, *out untouched. Never waits. */
bool scrape_take(struct scrape *s, struct scrape_news *out) MUST_CHECK;

#endif
