/* SPDX-License-Identifier: MIT
 *
 * points_internal - what points.c (what is known of tags before the run) and
 * points_tick.c (a tick's samples by them) share. */
#ifndef RECORD_POINTS_INTERNAL_H
#define RECORD_POINTS_INTERNAL_H

#include "record/points.h"

struct points_own {
    struct tag *list; /* owned; its texts are the plan's */
    size_t n;
};

/* What samples of a request are told by. */
struct points_request {
    const struct request *request;
    const char *scenario; /* NULL: none */
    char *url;            /* owned */
    struct points_own own;
    /* Indices of the first request of the same tags: with and without URL. */
    unsigned like_url, like;
};

struct points {
    const struct run_info *info;
    struct points_request *requests; /* owned; by index in the plan */
    struct points_own scenarios[LINEUP_MAX];
    unsigned *checks;      /* owned; by plan_check_row: index of a request */
    unsigned *checks_like; /* owned; by index: the first one of its name */
    struct tick_rooms rooms;
};

#endif
