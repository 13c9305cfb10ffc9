/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/server.h"

void server_seen_add(struct server_seen *a, const struct server_seen *b)
{
    size_t i;

    if (b->rss_bytes > 0) {
        a->rss_bytes = b->rss_bytes;
    }
    a->cpu_n += b->cpu_n;
    a->cpu_sum += b->cpu_sum;
    for (i = 0; i < SERVER_OTHERS_MAX; i++) {
        if (server_seen_other(b, i)) {
            a->other[i] = b->other[i];
        }
    }
    a->others |= b->others;
}
