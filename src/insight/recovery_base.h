/* SPDX-License-Identifier: MIT
 *
 * recovery_base - baselines: what the service was like at a load before that
 * load was left; whether a window is like it (recovery_band.c), and keeps the
 * plan's rules (recovery_rules.c); and what came since (recovery_watch.c).
 * Inside insight only. */
#ifndef INSIGHT_RECOVERY_BASE_H
#define INSIGHT_RECOVERY_BASE_H

#include "base/fifo.h"
#include "insight/recovery.h"
#include "insight/rule.h"

#define BASE_BEFORE_US (60 * UINT64_C(1000000)) /* a baseline is of so much */
#define BASE_EDGE_US   (2 * UINT64_C(1000000))  /* left out at both its ends */
#define BASE_WINDOWS   5                        /* least of them */
#define BASE_REQUESTS  200                      /* least of them */
#define BASE_KEPT      32                       /* loads that are remembered */

#define BAND_P       0.05 /* of responses above the tolerance: it is a p95 */
#define BAND_LATENCY 0.95

/* So long samples of a rule are waited for. */
#define BAND_WAIT_US (30 * UINT64_C(1000000))

/* What was asked for: requests, and load times active time. */
struct band_asked {
    double requests, load_us;
};

/* One of the plan's rules. */
struct band_rule {
    unsigned part;          /* see moment_part */
    bool latency;           /* on a percentile; else on what is bad */
    double share;           /* may be above the limit, or bad */
    uint64_t in_us, out_us; /* as those of a band */
    bool aside;             /* see recovery_limit */
    bool seen;              /* there were samples: */
    uint64_t n;             /* so many */
    uint64_t who; /* scenarios that ran whenever there were: see moment; none
                     seen: that ran last */
    struct band_asked asked, since; /* while those ran: up to the last sample;
                                       since */
};

struct band_rules {
    struct band_rule list[RULES_MAX];
    size_t n;
};

/* Samples of a rule. */
struct band_tally {
    uint64_t n, above, clear; /* above: or bad; clear: beyond out, or bad */
    uint64_t all;             /* n, and those without a latency */
};

/* Counts of a window, against a reference. */
struct band_counts {
    uint64_t active_us, n; /* n: expected responses */
    uint64_t above, clear; /* of them: above tolerance, beyond out */
    uint64_t requests, failed;
    uint32_t in_flight;
    double load_us; /* load, times the active time it was asked for */
    bool open;
    uint64_t who; /* that ran, at its end */
    struct band_tally rules[RULES_MAX];
};

/* Times out of a band, oldest first, run time: windows that follow each other
 * are one. Of too many the two that are nearest become one. */
#define BAND_OUT_MAX 16
struct band_out {
    uint64_t start_us, end_us;
};

/* A band that windows are held against. */
struct band_ref {
    bool any;
    bool by_limit;
    double load;       /* that it is of */
    uint64_t who;      /* made that: see moment */
    uint64_t taken_us; /* run time */
    uint64_t window_us, dwell_us;
    uint64_t p95_us, in_us, out_us; /* tolerance; beyond out it is clear; of a
                                       limit 0 = none on all requests */
    double error_rate;              /* of the baseline; 0 for a limit */
    double error_limit;             /* share that may fail */
    double per_load;  /* requests a second for each of the load; 0 = no test */
    double in_flight; /* most that is in the band; 0 = no test */
    const struct band_rules *rules; /* by_limit: that hold as well; NULL = none.
                                       Borrowed from the base */
    bool noisy;                     /* p95 moves by itself: low confidence */
    bool suspect;                   /* the generator was, in some of it */
    bool useless; /* fails too often, or is beyond the limit, itself */
    /* What came since it was left, in windows of its own: */
    struct band_counts seen; /* of the one that is being filled */
    uint64_t seen_us;        /* run time at which that begins */
    uint64_t clear_us;       /* where the one before began, if it was clearly
                                out; else 0 */
    bool disturbed; /* it was out, beyond what chance does; forgotten where a
                       recovery begins */
    struct band_out out[BAND_OUT_MAX]; /* when; this is not forgotten: a later
                                          recovery may be of a spike that began
                                          before */
    size_t n_out;
};

/* A second of the ring. */
struct base_part {
    uint64_t active_us, requests, failed;
    uint32_t in_flight;
    bool suspect;
    struct histo_packed good;
    void *piece; /* of the base's fifo: what good is packed into; or NULL */
};
#define BASE_PARTS 128

struct base {
    struct recovery_limit limit;
    struct base_part parts[BASE_PARTS]; /* a ring */
    size_t n, first;
    uint64_t active_us;  /* of the ring */
    uint64_t skipped_us; /* left out at its beginning so far */
    double load;         /* of the ring: where it began */
    uint64_t who;        /* made it */
    double last_load;    /* at its newest second: a tenth away at most */
    struct band_ref kept[BASE_KEPT];
    size_t n_kept;
    struct band_ref by_limit;
    struct band_rules rules; /* of it */
    struct histo *pool;      /* owned: scratch */
    struct fifo *pieces;     /* owned: what the parts have */
};

/* b stays where it is until it is cleared. */
void base_init(struct base *b, const struct recovery_limit *limit);
void base_clear(struct base *b);
/* Empties the ring: what comes next is another load. */
void base_reset(struct base *b, double load, uint64_t who);
/* A stretch at the ring's load. */
void base_add(struct base *b, const struct moment *x);
/* Is this the ring's load, to a tenth, of the same scenarios? */
bool base_same(const struct base *b, const struct moment *x);
/* Makes a baseline of the ring, if it is good enough, and keeps it. */
void base_keep(struct base *b, const struct moment *at);
/* The first time out of the band that ended after from_us, or in a window
 * before it: since when, which may be before that. */
bool band_out_since(const struct band_ref *r, uint64_t from_us,
                    uint64_t *at_us);
/* What windows at that load of those scenarios are held against: a baseline of
 * that load, else of one up to twice as much or half, else the limit. any is
 * false when there is nothing. Copied. */
struct band_ref base_for(const struct base *b, double load, uint64_t who);
/* Why there is nothing: static. */
const char *base_without(const struct base *b);
/* Notes of each of them whether what came since is out of it. */
void base_watch(struct base *b, const struct moment *x);
/* Nothing has been seen that was out of any; something was. */
void base_forget(struct base *b);
void base_disturbed(struct base *b);
/* Is x within the limit? false without one. */
bool base_within(const struct base *b, const struct moment *x);

void band_add(const struct band_ref *r, struct band_counts *c,
              const struct moment *x);
/* Is the window long enough? Where rules are about few requests it goes on, up
 * to 30 s, for 60 samples of each, unless it is surely out before that; not for
 * what is so rare that it has none so far. */
bool band_full(const struct band_ref *r, const struct band_counts *c);
/* Nothing came of what a rule on latency is about, which there was whenever
 * these scenarios ran, and often: whether that is well is not known. */
bool band_missing(const struct band_ref *r, const struct band_counts *c);
/* Nothing came of what a rule is about, however rare that is. */
bool band_unasked(const struct band_ref *r, const struct band_counts *c);
/* It answered nothing while something was asked. */
bool band_silent(const struct band_counts *c);
/* Latency beyond doubt, errors, throughput or backlog: any of them is out. */
bool band_clearly_out(const struct band_ref *r, const struct band_counts *c);
/* So far out that one window says it: what is clearly out happens by chance
 * once in some minutes. Two behind each other say the same. */
bool band_surely_out(const struct band_ref *r, const struct band_counts *c);
/* All are in. */
bool band_in(const struct band_ref *r, const struct band_counts *c);

/* Of the plan's limit: what is beside p95 and errors of all requests. */
void band_rules_init(struct band_rules *l, const struct recovery_limit *limit);
/* Notes of which of them there are samples. */
void band_rules_note(struct band_rules *l, const struct moment *x);
/* Adds the samples of a stretch. */
void band_rules_add(const struct band_rules *l, struct band_counts *c,
                    const struct moment *x);
/* So many above the limit, or bad, could be chance: of each of them; what has
 * no samples says nothing. */
bool band_rules_in(const struct band_rules *l, const struct band_counts *c);
/* Of one of them it could not, to that certainty. */
bool band_rules_out(const struct band_rules *l, const struct band_counts *c,
                    double sure);
/* Adds what another window has. */
void band_rules_join(struct band_counts *c, const struct band_counts *from,
                     size_t n);

#endif
