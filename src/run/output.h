/* SPDX-License-Identifier: MIT
 *
 * output - how a stream of a run's figures to somewhere else (--out) fares:
 * what its readers are told of it. In no tick: a replay has none. */
#ifndef RUN_OUTPUT_H
#define RUN_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OUTPUTS_MAX 16 /* of one run */

struct output {
    char kind[40];      /* "json" */
    char where[256];    /* safe to show, no credentials */
    uint64_t points;    /* sent */
    uint64_t dropped;   /* points: refused, given up, or no room; a second that
                           is too large to be coded counts as one */
    uint64_t retries;   /* tries after the first */
    uint64_t held_back; /* seconds put together, as it was slow */
    bool behind;        /* it is trying again */
    bool dead;          /* nothing goes there any more */
    bool waits;         /* the run is over, and it is waited for */
    char why[200]; /* what was wrong last, safe to show; "" = nothing was */
};

/* "sending", "trying_again", "ended": for programs. */
const char *output_state(const struct output *o);
/* "1,234 points, 34 dropped, trying again: connection refused, 5 tries again, 3
 * seconds put together"; with sep between them. Returns buf. */
const char *output_text(const struct output *o, const char *sep, char *buf,
                        size_t size);

#endif
