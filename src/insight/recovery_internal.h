/* SPDX-License-Identifier: MIT
 *
 * recovery_internal - what the files that make recovery share: recovery.c
 * (load and marks: when a clock starts and ends), recovery_outage.c (outages of
 * all), recovery_named.c (of some names),
 * recovery_within.c (clocks within a recovery), recovery_window.c (what each
 * window does to it), recovery_sum.c (what they all come to). */
#ifndef INSIGHT_RECOVERY_INTERNAL_H
#define INSIGHT_RECOVERY_INTERNAL_H

#include "insight/climb.h"
#include "insight/outages_named.h"
#include "insight/recovery.h"
#include "insight/recovery_base.h"

/* Windows of a dwell: 60 s of one second at most. */
#define RECOVERY_WINDOWS 64

struct recovery_window {
    struct band_counts counts;
    uint64_t from_us; /* since t0 */
    bool named;       /* some names were not served in it */
    bool in;
    struct recovery_tally before; /* all that ended before it */
};

/* What came since the last request that was served, as long as an outage may
 * have begun with it. */
struct recovery_gap {
    uint64_t at_us;     /* run time by which that had ended; 0 = nothing was in
                           flight since */
    uint64_t silent_us; /* active time from then on in which nothing came */
    uint64_t failed;    /* that was not served: */
    uint64_t fail_at_us, fail_us; /* from that run time on; active time since */
};

/* What a clock is of, or will be. */
struct recovery_outage {
    uint64_t at_us; /* run time at which it began */
    uint64_t requests, failed;
    struct recovery_names names;
};

struct recovery {
    struct base base;
    struct recovery_episode *list; /* owned */
    size_t n, cap, dropped;
    size_t at; /* the one that goes on, or went on last: those behind it are
                  within it */
    struct recovery_sum gone;  /* of the dropped ones */
    bool going;                /* that one goes on */
    struct band_ref ref;       /* of it */
    struct band_counts counts; /* of the window that is being filled */
    struct band_counts latest; /* and of its last second or so */
    uint64_t from_us;          /* where that begins, since t0 */
    uint64_t begun, no_vu;     /* iterations since t0 */
    struct recovery_window dwell[RECOVERY_WINDOWS]; /* of a candidate */
    size_t n_dwell;
    bool surely;           /* some of them say that it is well */
    uint64_t clear_end_us; /* end of the last that was clearly out, since t0 */
    uint64_t clear_length_us; /* of that */
    bool missing;   /* of what a rule is about nothing came in the last one */
    unsigned empty; /* windows without a request in a row */
    unsigned clear; /* while watched, or recovered: clearly out in a row */
    uint64_t clear_us; /* since when, of t0 */
    bool fed;
    uint64_t now_us;   /* run time up to which it is */
    double load, peak; /* last one; highest since the last fall */
    uint64_t who;      /* made the last one */
    bool falling;
    double fall_from;   /* load at the top of the last fall */
    uint64_t fall_end;  /* run time at which its last step ended; 0 = none */
    bool was_in;        /* the second before was within the limit */
    bool drained;       /* VUs above the load are gone, since t0 */
    uint64_t outage_us; /* active time of an outage */
    struct climb climb;
    struct recovery_outage outage; /* of all: that goes on, or went on last */
    struct recovery_outage of;     /* whose clock begins */
    struct outages_named *names;   /* owned */
    struct outage named;           /* of some names, as the outage above: */
    bool named_on;                 /* it goes on */
    bool named_begun;              /* it has, since the last moment */
    uint64_t named_told_us, named_off_us; /* run time: that was known by then;
                                             and that the last one was over */
    bool named_over; /* one is, and no moment has come up to its end: */
    struct outage named_done;
    bool named_window; /* it went on in the window that is being filled */
    struct recovery_gap gap;
    uint64_t served;  /* requests, at any time */
    double served_us; /* load, times the time it was asked for, meanwhile */
    bool fresh; /* it relapsed, and has not been back since: as it was before */
    struct recovery_episode kept;
    /* All that ended before the window that is being filled, and until now. */
    struct recovery_tally from, asked;
};

/* Steps down that follow each other so closely are one fall: by hand ten keys
 * make it. */
#define RECOVERY_STEPS_US (2 * UINT64_C(1000000))
/* Before a window is full, the last of so long says whether it is still bad. */
#define RECOVERY_LATEST_US UINT64_C(1000000)
#define RECOVERY_LATEST_N  10 /* responses; with fewer all that came says it */
/* Nobody that serves for so long is an outage. */
#define RECOVERY_OUTAGE_US (2 * UINT64_C(1000000))

/* Adds an episode (recovery_sum.c). */
void recovery_sum_add(struct recovery_sum *s, const struct recovery_episode *e);
/* A new one, all zero, behind the others. */
struct recovery_episode *recovery_add(struct recovery *r);
/* A clock begins at x. */
void recovery_begin(struct recovery *r, const struct moment *x,
                    enum recovery_cause cause, double from);
/* The episode that goes on, or went on last. */
struct recovery_episode *recovery_last(struct recovery *r);
/* It is out of the band, for the first time or again. */
void recovery_out(struct recovery *r);
/* The episode ends as it is. A mark without effect is none. */
void recovery_close(struct recovery *r);
/* It ends while a rule's requests are missing, or before a window was full in
 * which nothing was clearly wrong: whether it was back cannot be told. */
void recovery_unseen(struct recovery *r);
/* What an outage's clock is of. */
void recovery_outage_fill(const struct recovery *r, struct recovery_episode *e);
/* One has lasted for so long, active time, that it is one. */
void recovery_outage_begun(struct recovery *r, const struct moment *x,
                           uint64_t at_us, uint64_t lasted_us);
/* It is served again, in x. */
void recovery_outage_over(struct recovery *r, const struct moment *x,
                          const struct recovery_outage *of);
/* Were some names out at that run time, as was known then? Beats may be ahead
 * of moments. (recovery_named.c) */
bool recovery_named_at(const struct recovery *r, uint64_t us);
/* Is it answered by nothing but errors, or not at all? (recovery_outage.c) */
void recovery_outage(struct recovery *r, const struct moment *x);
/* One that goes on when the load ends. */
void recovery_outage_end(struct recovery *r);
/* It is an episode by itself. */
void recovery_outage_left(struct recovery *r, const struct recovery_outage *of,
                          uint64_t lasted_us, const char *why);
/* Are some names not served, while others are? (recovery_named.c) */
void recovery_named(struct recovery *r, const struct moment *x);
void recovery_named_end(struct recovery *r);
/* The outage of names that goes on, or went on last. */
struct recovery_outage recovery_named_of(const struct recovery *r);
/* A clock begins at x within the recovery that goes on (recovery_within.c). */
void recovery_within_add(struct recovery *r, const struct moment *x,
                         enum recovery_cause cause);
/* Counts what ended in x. */
void recovery_asked(struct recovery *r, const struct moment *x);
/* They are as the recovery that they are within; marks have what was asked
 * since. */
void recovery_within(struct recovery *r);
/* Nothing is wrong: what goes on is over, and the last mark within it that
 * nothing has gone wrong since goes on. false: there is none. */
bool recovery_hand_on(struct recovery *r);
/* A window is full. */
void recovery_window(struct recovery *r, struct recovery_window *w);

#endif
