/* SPDX-License-Identifier: MIT
 *
 * strain - does the service still feel an overload that is over? What it does
 * then under less load says little of that load. It is itself again when a
 * recovery that is followed says so; and, unless that says that it is not, when
 * five seconds behind each other, and all of them together, are as an earlier
 * level says that they should be: p95 and failures (see rest), and at least
 * four fifths of the requests. Incremental and pure. */
#ifndef INSIGHT_STRAIN_H
#define INSIGHT_STRAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "insight/moment.h"
#include "insight/rest.h"

/* What a recovery after a fall in load says of a moment, where there is one. */
enum strain_heard {
    STRAIN_NOBODY,
    STRAIN_RECOVERING,
    STRAIN_RETURNED, /* it has to hold */
    STRAIN_RECOVERED,
};

/* What an earlier level says of the load of a moment. */
struct strain_band {
    uint64_t p95_us; /* at most */
    double rps;      /* about so many, or more; 0 = nothing is known */
    double error_rate;
};

enum strain_now {
    STRAIN_NONE,
    STRAIN_FELT,
    STRAIN_PERHAPS, /* felt so far; nothing shows of it since the last FELT */
    STRAIN_OVER,    /* with this moment; what was PERHAPS was not */
};

struct strain {
    bool on;
    double load; /* the most that it was overloaded at */
    enum strain_heard heard;
    uint64_t bad_us; /* that rules were broken, up to now */
    struct rest rest;
    double due, done; /* requests, while rest is in the band */
};

/* The service was overloaded at this load. */
void strain_begin(struct strain *s, double load);
/* A recovery from so much load, before the moment that it speaks of. */
void strain_hear(struct strain *s, enum strain_heard h, double load);
/* bad: it surely breaks a rule. */
enum strain_now strain_feed(struct strain *s, const struct moment *x, bool bad,
                            const struct strain_band *b);
/* The load whose overload is still felt at this lower one; 0 = none. */
double strain_of(const struct strain *s, double load);

#endif
