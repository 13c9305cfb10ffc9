/* SPDX-License-Identifier: MIT
 *
 * recovery - how long the service took to be as it was before, after the load
 * fell, after a mark, or after an outage. The answer is the
 * first return that holds: latency, errors, throughput and (where load is a
 * rate) requests in flight are back in the band of the baseline, and stay there
 * for a dwell. Incremental and pure: moments in, episodes out; no clock.
 *
 * A window is the smallest of 1, 2, 5, 10, 15, 30 s with 60 requests in it,
 * counted from the moment that the clock starts. It is in the band when so many
 * responses above the tolerance, so many failures and so few requests could be
 * chance (binomial quantiles, 95 % for latency, 99.9 % for what throws it
 * back). So a slow return is told early rather than late, and what is stated
 * beside it holds the truth. Latency is of responses that were expected;
 * time-outs and errors are in the test of errors. Time is active time: a pause
 * does not count.
 *
 * Baseline: the last minute at the load before the rise, without its first and
 * last two seconds, at least 5 windows and 200 requests. One that is too short
 * is replaced by the limits of the plan, with low confidence; without one on
 * latency the answer is "not measurable". It is back when each of them holds,
 * of the requests that it is about; of these, windows (5 s then) go on for 60,
 * up to 30 s, and while there are none of what a latency's limit is about, it
 * is not known to be back; but what is rare, or what no scenario asks, is not
 * waited for (recovery_rules.c). A mark changes no load: only a baseline of
 * that load counts, or the limit if it was held just before; without them it
 * starts no clock.
 *
 * Each fall, mark and outage has its own clock. One that comes while nothing is
 * wrong ends what was watched before it: a mark that nothing has gone wrong
 * since leaves none; a recovery that holds is over, and what comes then is no
 * relapse of it. One that comes while the service is not back, or has not been
 * back for the dwell, is within the recovery that goes on: it is back when that
 * is, counted from its own clock. If that was back before a mark within it and
 * holds, the mark is watched from then on, for the rest of its minute. Steps of
 * one fall take what began between them back. */
#ifndef INSIGHT_RECOVERY_H
#define INSIGHT_RECOVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "insight/beat.h"
#include "insight/moment.h"
#include "insight/rule.h"

enum recovery_cause {
    RECOVERY_FALL,   /* the load fell by a fifth or more: from its end; what
                        follows within two seconds is the same fall, in steps */
    RECOVERY_MARK,   /* from the mark */
    RECOVERY_OUTAGE, /* for two seconds no response came, or none but 5xx: from
                        the first other one. Silence before a failure is of it
                        where five responses were due. Of some names while
                        others were served: outages_named.h */
};
/* "load", "mark", "outage". */
const char *recovery_cause_name(enum recovery_cause c);

enum recovery_state {
    RECOVERY_WATCHING,   /* nothing is wrong so far */
    RECOVERY_RECOVERING, /* out of the band */
    RECOVERY_CANDIDATE,  /* back in it, and has to hold */
    RECOVERY_RECOVERED,
    RECOVERY_NOT,         /* ended out of the band */
    RECOVERY_HELD,        /* ended before the dwell was over */
    RECOVERY_UNDISTURBED, /* nothing was wrong at any time */
    RECOVERY_UNMEASURED,  /* see why */
};
/* "watching", "recovering", "returned", "recovered", "not_recovered",
 * "held_briefly", "no_disturbance", "not_measurable". */
const char *recovery_state_name(enum recovery_state s);

/* What the band is made of. */
enum recovery_reference {
    RECOVERY_BY_NOTHING,
    RECOVERY_BY_BASELINE,
    RECOVERY_BY_LIMIT
};

enum recovery_confidence {
    RECOVERY_LOW,
    RECOVERY_MEDIUM,
    RECOVERY_HIGH, /* 1,000 requests or more in the dwell */
};
const char *recovery_confidence_name(enum recovery_confidence c);

/* Requests of the run. */
struct recovery_tally {
    uint64_t requests, failed;
};

/* The names that an outage was of. */
struct recovery_names {
    bool some;        /* others were served; else it was of all */
    unsigned request; /* the first, by its number in the plan */
    unsigned more;    /* so many others beside it */
};

struct recovery_episode {
    enum recovery_cause cause;
    enum recovery_state state;
    uint64_t t0_us;      /* run time at which the clock starts */
    uint64_t elapsed_us; /* since, until now or until it ended */
    uint64_t out_us; /* RECOVERING: so long it is known not to have been back,
                        to a window: a return is counted from there on */
    bool over;       /* nothing changes any more */
    bool past;       /* the load has risen again since: it is of before */
    bool within;     /* MARK, OUTAGE: it came while another recovery went on: */
    uint64_t during_us, within_us; /* t0 of that; so long after it */
    struct recovery_names names;   /* OUTAGE */
    bool unserved; /* OUTAGE, NOT: nothing was served again, and no clock began:
                      t0 is when the outage began */
    /* RECOVERED, CANDIDATE, HELD: since t0, at which it was back for good. */
    uint64_t return_us;
    /* How far off that may be. low: no window was clearly out since, less a
     * window; high: the end of up to three windows running that have so few
     * responses above the tolerance that it is hardly chance (1 %; of one or
     * two 0.1 %). */
    uint64_t low_us, high_us;
    uint64_t held_us, dwell_us;    /* how long it has held, and has to */
    bool relapsed;                 /* it was back before, and did not stay */
    uint64_t first_us, relapse_us; /* when it first was back; when no more */
    uint64_t window_us;            /* the grain of all that */
    uint64_t drain_us; /* VUs above the load were gone so long after t0 */
    double load_from, load_to; /* MARK, OUTAGE: the same */
    enum recovery_reference reference;
    bool usual;      /* BY_LIMIT: what the plan says is usual */
    uint64_t p95_us; /* BY_BASELINE: its p95 */
    bool limits;     /* BY_LIMIT: of the plan's other rules, too */
    uint64_t
        tolerance_us;  /* p95 of all may be so much; 0 = no limit is on it */
    double error_rate; /* failures may be so many */
    double base_load;  /* BY_BASELINE: its load */
    enum recovery_confidence confidence;
    bool suspect; /* the generator was, in the baseline or until it was back for
                     good: what was slow may have been that; low */
    /* All that ended before t0; before the return, or without one until now. */
    struct recovery_tally to_t0, to_return;
    /* What it was a recovery from. FALL: since the load was last no more than
     * it is now; MARK: since that; OUTAGE: since it began. */
    uint64_t rise_us;          /* run time at which that was */
    bool degraded;             /* it was out of the band before t0, or since: */
    uint64_t degrade_us;       /* so long after rise_us, for the first time */
    bool before;               /* FALL: it was out already: degrade_us is 0 */
    uint64_t requests, failed; /* from then on, up to t0; MARK: what to_return
                                  has more than to_t0, if anything was wrong;
                                  OUTAGE of some names: of these */
    uint64_t worst_us;         /* p95 of the worst window, up to the return; 0 =
                                  of none */
    const char *why; /* static: what makes it low or not measurable; "" */
};
#define RECOVERY_MAX 100 /* episodes kept; beyond, the oldest is dropped */

/* What holds where no baseline is good enough: the plan's. Without any limit on
 * latency there is none. */
struct recovery_limit {
    uint64_t p95_us;              /* of all requests; 0 = none */
    double error_rate;            /* of all; 0 = none: 1 % then */
    bool usual;                   /* p95_us is of what the plan says is usual */
    struct rule rules[RULES_MAX]; /* others than these two */
    bool aside[RULES_MAX]; /* of them: on what no scenario asks, but setup,
                              vu_setup or teardown */
    size_t n_rules;
};

/* What all episodes come to, dropped ones too: the longest return counts. One
 * of a fall is open, and without a time, as long as another step may follow. */
struct recovery_sum {
    size_t n;   /* in which something was wrong, or that could not be told */
    bool timed; /* of some of them a time is known: */
    uint64_t longest_us; /* the longest return; of one that goes on, and of one
                            that ended without, so long it was not back */
    bool open;           /* one goes on, and may come to more */
    bool lost;           /* one ended without a return that held, or could not
                            be measured */
    /* The one that says most: the first that is lost, else the one that goes
     * on, else the longest; of none all 0. */
    struct recovery_episode which;
    bool down;        /* an outage goes on, and no clock has begun: */
    uint64_t down_us; /* since, run time */
    struct recovery_names names; /* it is of */
};

/* A time as it is judged, and told everywhere: to a tenth of a second, as fine
 * as a load or a mark begins. */
uint64_t recovery_told(uint64_t us);

struct recovery; /* opaque */

/* Owned by the caller. */
struct recovery *recovery_new(const struct recovery_limit *limit);
void recovery_free(struct recovery **r);
/* A beat, before the moment that it is of: names are told apart by these
 * alone. */
void recovery_beat(struct recovery *r, const struct beat *b);
void recovery_feed(struct recovery *r, const struct moment *x);
/* Were some names not served at that run time, while others were? *since_us:
 * run time since when, where they were. */
bool recovery_named_now(const struct recovery *r, uint64_t us,
                        uint64_t *since_us);
/* The load ends: what is open stays as it is. An outage that goes on then is an
 * episode as well, if anything was served before it. */
void recovery_end(struct recovery *r);

/* Episodes in which something was wrong or could not be told, and those of a
 * fall in load; oldest first; borrowed until the next feed. A mark without
 * effect leaves none once it is known to have none. */
size_t recovery_count(const struct recovery *r);
const struct recovery_episode *recovery_at(const struct recovery *r, size_t i);
size_t recovery_dropped(const struct recovery *r);
/* The one that goes on, or went on last, without those within it; NULL = none.
 * Borrowed as above. */
const struct recovery_episode *recovery_now(const struct recovery *r);
struct recovery_sum recovery_sum(const struct recovery *r);

#endif
