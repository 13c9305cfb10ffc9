/* SPDX-License-Identifier: MIT
 *
 * study - makes of a run's ticks the seconds that insight is fed, and keeps
 * what it says: the steps of the load, recoveries, where it breaks, and trends.
 * Part of a story, under its lock; a replay's ticks make the same of it. */
#ifndef RUN_STUDY_H
#define RUN_STUDY_H

#include <stddef.h>

#include "insight/breaking.h"
#include "insight/plateaus.h"
#include "insight/recovery.h"
#include "insight/soak.h"
#include "insight/scaling.h"
#include "insight/windows.h"
#include "measure/judge.h"
#include "run/hunt_log.h"
#include "run/rules.h"
#include "run/tick.h"

struct study; /* opaque */

/* info is borrowed and outlives the study. */
struct study *study_new(const struct run_info *info);
void study_free(struct study **s);
/* Before the first feed: it is asked for what other runs are compared with. */
void study_keep_windows(struct study *s);
void study_feed(struct study *s, const struct tick *t);
/* Its two halves, for who has ticks for the first and puts them together
 * (run/frame.h) for the second, which is all but what a hunt says of itself. */
void study_feed_hunt(struct study *s, const struct tick *t);
void study_feed_load(struct study *s, const struct tick *t);

/* Borrowed until the next feed. */
const struct plateaus *study_plateaus(const struct study *s);
const struct recovery *study_recovery(const struct study *s);
/* As of now; any is false where nothing broke. */
struct breaking study_breaking(const struct study *s);
/* Where that knows of none, a level that was left too early to be sure: where
 * it probably breaks; any is false where there is none of these either. */
struct breaking study_probably(const struct study *s);
/* The trends of the longest stretch of the same load. */
const struct soak_report *study_soak(const struct study *s);
/* What all recoveries come to, for thresholds on recovery_time. */
void study_returns(const struct study *s, struct judge_returns *out);
/* What another run is compared with, where it is kept: else NULL. Borrowed
 * until the next feed. */
const struct windows *study_windows(const struct study *s);
/* What the levels say of throughput. Borrowed until the next feed. */
const struct scaling *study_scaling(const struct study *s);
/* What a hunt for the breaking point has tried and found. */
const struct hunt_log *study_hunt(const struct study *s);
/* Bytes that the service's memory may be; 0 = unknown. */
uint64_t study_server_limit(const struct study *s);
/* The service's memory against its limit, over the run. */
struct study_memory {
    bool seen;                  /* with a limit: */
    double share;               /* the most of the limit that it took */
    uint64_t bytes, limit;      /* then */
    bool over;                  /* it was more, at some time: */
    uint64_t first_us, last_us; /* run time */
};
const struct study_memory *study_memory(const struct study *s);

/* What plateaus are held against; they, and breaches, number them so. */
const struct rules *study_rules(const struct study *s);
/* "p95 <3 s", "errors of Chat <5 %". Returns buf. */
const char *study_rule_text(const struct study *s, size_t i, char *buf,
                            size_t size);
/* What the load of plateaus and recoveries is counted in: "VUs", "it/s"; of
 * scenarios of several kinds "load". Returns buf, NUM_MAX bytes. */
const char *study_unit(const struct run_info *info, char *buf);

/* For people, in one line each; all return buf. */
/* "last good 60 VUs: 412 req/s, p95 1.2 s · 70 VUs too much: p95 3.85 s, limit
 * 3 s", "good up to 60 VUs: …"; "" without a plateau. */
const char *study_tell_steps(const struct study *s, char *buf, size_t size);
/* A rule, and what is against it: "p95 3.85 s, limit 3 s", "errors 12.0 %,
 * limit 5 %". value: µs, or a share; worst: it is the highest of several. */
const char *study_tell_broken(const struct study *s, size_t rule, double value,
                              bool worst, char *buf, size_t size);
/* The answer to "where does it break?", for all pictures: "breaks at 60-70 VUs
 * (at 1:23), limited by latency: p95 3.85 s, limit 3 s", "probably breaks …"
 * where the level was left within seconds, "no break up to 60 VUs", and after
 * that "; p95 up to 3.10 s, limit 2 s for 12 s at 0:40, under a load that held
 * before and after"; "" while nothing can be said. What limits it is what the
 * breach was found by, and stays that. */
const char *study_tell_answer(const struct study *s, char *buf, size_t size);
/* It says that it breaks, surely or probably. */
bool study_broke(const struct study *s);
/* The same with its evidence, where it is sure that it breaks; else "". */
const char *study_tell_break(const struct study *s, char *buf, size_t size);
/* "throughput peaks at 97 VUs (84 to 157), 1,884 req/s", "no peak of throughput
 * up to 64 VUs", "at most 50.0 req/s: from 51 VUs on requests wait"; "" where
 * the levels do not say. */
const char *study_tell_scaling(const struct study *s, char *buf, size_t size);
/* "suspect: at 1:20 70 VUs were at work, but …"; "" where Little's law holds.
 */
const char *study_tell_suspect(const struct study *s, char *buf, size_t size);
/* "70 VUs", in the unit of the run's load. */
const char *study_tell_load(const struct study *s, double load, char *buf,
                            size_t size);
/* "9 s", "16.4 s", "1m45s": a time of a recovery, the same in all places:
 * tenths where there are any, whole seconds from 100 s on. Returns buf, NUM_MAX
 * bytes. */
const char *study_tell_took(char *buf, uint64_t us);
/* "recovered in 31 s: p95 and errors back where they were before the load rose,
 * give or take 1 s", "back … in 12 s, and holding so far for 4/10 s", "not
 * recovered in 50 s: …"; short ones are for narrow places: "recovering for 17
 * s", "back in 8 s, holds 4/10 s", 25 columns at most while times are short.
 * The seconds are those of the return, to a window, from the first to the last
 * word of it. */
const char *study_tell_state(const struct recovery_episode *e, char *buf,
                             size_t size);
const char *study_tell_short(const struct recovery_episode *e, char *buf,
                             size_t size);
/* The short one and, once it is over, of what: "recovered in 8 s (2:00)";
 * loads: "recovered in 8 s (100→10 at 2:00)", "… (mark at 2:00)", "… (outage of
 * Chat at 2:00)". */
const char *study_tell_brief(const struct study *s,
                             const struct recovery_episode *e, bool loads,
                             char *buf, size_t size);
/* Name of the request that an outage was of, or the first of several; NULL: of
 * all, or it was none. Borrowed. */
const char *study_recovery_request(const struct study *s,
                                   const struct recovery_episode *e);
/* "after the load fell from 100 to 10 VUs at 2:00", "after the outage of Chat
 * and 2 others ended at 2:00". */
const char *study_tell_cause(const struct study *s,
                             const struct recovery_episode *e, char *buf,
                             size_t size);
/* What it was a recovery from: "bad 4 s after the load rose past 10 VUs at
 * 1:00; p95 up to 1.14 s; 150 of 2,000 requests failed": past what it fell back
 * to, by a tenth; "" where nothing is known of it. */
const char *study_tell_spike(const struct study *s,
                             const struct recovery_episode *e, char *buf,
                             size_t size);
/* What it was held against, where that are limits of the plan (else none): how
 * many, and the i-th, "p95 of Chat <5 s"; in the order of the plan, but for
 * what it says is usual, which stands for its limit on p95 of all, and first.
 * Returns buf. */
size_t study_back_count(const struct study *s,
                        const struct recovery_episode *e);
const char *study_back_text(const struct study *s,
                            const struct recovery_episode *e, size_t i,
                            char *buf, size_t size);
/* What came before it and what it was held against: "after the load fell from
 * 100 to 10 VUs at 2:00; back means p95 up to 142 ms (118 ms before) and errors
 * up to 1.0 %; confidence high"; where other limits count than on p95 and
 * errors of all, "back means p95 of Chat <5 s and errors <5 % (the limits)":
 * the first three, and how many more. */
const char *study_tell_terms(const struct study *s,
                             const struct recovery_episode *e, char *buf,
                             size_t size);

#endif
