/* SPDX-License-Identifier: MIT
 *
 * model_server - what a picture shows of the service itself, where somebody
 * looks at it (--server-pid, --server-metrics): its memory, its CPU, and other
 * series that were chosen. Part of a model. */
#ifndef SCREEN_MODEL_SERVER_H
#define SCREEN_MODEL_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chart/scale.h"
#include "insight/trend.h"
#include "measure/server.h"
#include "run/tick.h"

enum {
    GAUGE_MEMORY,
    GAUGE_CPU,
    GAUGE_OTHERS, /* and one for each of them, by its index in run_info */
    MODEL_GAUGES_MAX = GAUGE_OTHERS + SERVER_OTHERS_MAX
};

struct model_gauge {
    unsigned which;        /* see above */
    const char *name;      /* static, or the run_info's: safe to show */
    enum server_unit unit; /* of others */
    bool known;
    double now;   /* bytes, cores, or as unit says; of the cursor's moment, if
                     there is one */
    double limit; /* of memory, bytes; 0 = not known */
    struct scale scale;
    enum trend_state state; /* of: */
    char trend[48];         /* "growing 2.10 MB/min"; "" = too early to say */
    char end[32];           /* "full in 6.1 h", "full in more than 2.3 h"; "" =
                               not known, or never */
};

struct model_server {
    size_t n; /* 0 = nobody looks */
    struct model_gauge list[MODEL_GAUGES_MAX];
    bool alive;        /* false: no figure comes any more: */
    bool gone;         /* its process ended; else it is silent */
    uint64_t since_us; /* run time; UINT64_MAX = not known */
    uint64_t first_us; /* when it was seen first; UINT64_MAX = never yet */
};

/* A gauge's value among what was seen; false: it was not. */
bool model_gauge_seen(const struct model_gauge *g, const struct server_seen *s,
                      double *v);

#endif
