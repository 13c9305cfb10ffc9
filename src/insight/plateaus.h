/* SPDX-License-Identifier: MIT
 *
 * plateaus - the steps of a run: each stretch of constant load that lasted, by
 * plan or by hand, with what the service did once it had settled; which of them
 * held the rules, and between which loads it stopped doing so. Time in which
 * the service was not there at all is part of none; nor is time in which it
 * still felt an overload of before, where it came to itself at the same load.
 * Where it did not, the plateau says so, and says nothing of its load.
 * Incremental and pure: moments in, plateaus out; no clock. */
#ifndef INSIGHT_PLATEAUS_H
#define INSIGHT_PLATEAUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "insight/little.h"
#include "insight/moment.h"
#include "insight/rule.h"
#include "insight/strain.h"

/* Seconds end where ticks do, up to a tick early: so much less is as good. */
#define PLATEAUS_TICK_US UINT64_C(150000)
/* So long after a change requests still come from before it; longer, up to the
 * second, while VUs drain. Active time. */
#define PLATEAUS_SETTLE_US (2 * UINT64_C(1000000) - PLATEAUS_TICK_US)
#define PLATEAUS_DRAIN_US  (10 * UINT64_C(1000000))
/* Settled time that a plateau is made of at least. */
#define PLATEAUS_LEAST_US (3 * UINT64_C(1000000) - PLATEAUS_TICK_US)
/* So long before and after what broke a rule for a while, and it was not the
 * load; as long as a breach takes. */
#define PLATEAUS_HELD_US (10 * UINT64_C(1000000) - PLATEAUS_TICK_US)
/* Plateaus that are kept; beyond, the oldest is dropped and counted. */
#define PLATEAUS_MAX 1000

struct plateau {
    uint64_t start_us, end_us; /* run time, settling included */
    uint64_t settled_us;       /* active time that the figures are of */
    double load;
    uint64_t who; /* made it: see moment */
    uint32_t vus; /* at its end */
    unsigned stage;
    char by[MOMENT_BY_MAX];
    uint64_t requests, responses, failed; /* settled, as what follows */
    uint64_t errors[ERRORS_COUNT];        /* of the failed, by class */
    double rps;                           /* a second of active time */
    uint64_t good;                        /* responses that did not fail */
    double goodput;                       /* of them a second */
    double good_us;                       /* their mean time */
    double error_rate;                    /* share of requests, 0 if none */
    uint64_t p50_us, p95_us, p99_us;      /* 0 = no response */
    bool rate;                            /* its load is a rate of arrival */
    double users;                         /* VUs at work, mean of the time */
    uint64_t iterations;                  /* ended */
    double response_us;                   /* mean of responses */
    double think_us; /* mean time of a VU between them; failed requests
                        without response count as this */
    bool suspect;    /* the generator was, in some of it */
    struct little_answer little; /* LITTLE_UNKNOWN where load is a rate */
    int broken;                  /* the first rule that it breaks; -1 = none */
    double value;                /* what it has there: µs, or a share */
    bool sudden; /* it was a plateau that held before it did, and all but what
                    was bad since holds */
    bool passed; /* that was for a while: it held before and after, and says
                    nothing of its load */
    bool flat;   /* more load than an earlier one that holds, and hardly more
                    requests a second: there is no more to be had */
    bool fell;   /* flat, and clearly fewer than that earlier one */
    double flat_from; /* flat: load of that earlier one */
    double after; /* the service was overloaded at so much load before, and was
                     not yet itself again: no measure of this load. 0 = it was
                     itself */
};

struct plateaus; /* opaque */

/* Copies the rules. Owned by the caller. */
struct plateaus *plateaus_new(const struct rule *rules, size_t n_rules);
void plateaus_free(struct plateaus **s);
void plateaus_feed(struct plateaus *s, const struct moment *x);
/* What a recovery from so much load says of the next moment. */
void plateaus_hear(struct plateaus *s, enum strain_heard h, double load);
/* A breach that began at that run time has passed by itself. */
void plateaus_pass(struct plateaus *s, uint64_t at_us);
/* The load ends: the last plateau is closed. */
void plateaus_end(struct plateaus *s);

/* Rule i of those it was given. */
const struct rule *plateaus_rule(const struct plateaus *s, size_t i);
/* Closed plateaus, oldest first, and the one that goes on as the last once it
 * has its time. Borrowed until the next feed. */
size_t plateaus_count(const struct plateaus *s);
const struct plateau *plateaus_at(const struct plateaus *s, size_t i);
size_t plateaus_dropped(const struct plateaus *s);
/* The last plateau goes on. */
bool plateaus_open(const struct plateaus *s);
/* So much load before the present one was too much, and is still felt; 0 =
 * none. */
double plateaus_after(const struct plateaus *s);
/* How long the present load has been asked for, active time, and how much of
 * that counts; false: it is not constant. */
bool plateaus_now(const struct plateaus *s, uint64_t *since_us,
                  uint64_t *settled_us);

/* What the plateaus say together, but for those after an overload, and those
 * in which what broke a rule passed; of one set
 * of scenarios: that which broke first, or else held the most load. Indices, -1
 * = none. What broke once more load had held before is only narrowed by what
 * comes later: a level that held before the first that did not is not taken
 * back. */
struct bracket {
    int best;      /* most requests a second of those that hold */
    int first_bad; /* the first in time that breaks a rule */
    int good; /* of most load among those that hold, below `bad` and `fell`;
                 that did not fall themselves */
    int bad;  /* of least load among those that break a rule */
    int flat; /* of least load among those that are flat */
    int fell; /* of least load among those that fell */
};
struct bracket plateaus_bracket(const struct plateaus *s);

#endif
