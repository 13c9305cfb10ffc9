/* SPDX-License-Identifier: MIT
 *
 * study_trend - the trends of a study, by name and unit, and said in a line:
 * what results, summary and screen have in common of them. */
#ifndef RUN_STUDY_TREND_H
#define RUN_STUDY_TREND_H

#include "run/study.h"

struct study_trend {
    enum soak_series which;
    const char *series;     /* "p95", "error_rate": as results have it */
    const char *unit;       /* of slopes: "ms/min" */
    const char *level_unit; /* of level and growth: "ms" */
    double per_minute;      /* turns slopes of t into that unit */
    const struct trend *t;  /* borrowed until the next feed */
};

/* How many there are; 0 = the load never stayed the same. */
size_t study_trends(const struct study *s);
struct study_trend study_trend(const struct study *s, size_t i);
/* When a growing series comes to its limit. */
struct trend_full {
    double limit; /* in level_unit */
    enum trend_reach reach;
    struct trend_time time;
};
/* TREND_NEVER where it has no limit, too. */
struct trend_full study_trend_full(const struct study *s, size_t i);
/* Worth a line of its own beside figures: there was time enough for it. */
bool study_trends_told(const struct study *s);

/* All return buf. "40 VUs for 12:00 from 1:10" */
const char *study_tell_soak(const struct study *s, char *buf, size_t size);
/* "p95 growing 2.1 ms/min (1.2 to 3.0), by 25 ms in 12:00", "p95 stable: 114
 * ms, between -0.3 and 0.4 ms/min", "p95: too short to tell, needs 5 min of the
 * same load", "server memory growing 2.10 MB/min (2.10 to 2.11), by 29.4 MB in
 * 14:00, full (800 MB) in 5.8 h (5.7 to 5.9 h; at this pace, 14 min seen)". */
const char *study_tell_trend(const struct study *s, size_t i, char *buf,
                             size_t size);
/* For narrow places: "growing 2.10 MB/min", "stable", "falling 0.30 cores/h",
 * "settling"; "trend: needs 5 min" where it cannot be told yet. */
const char *study_tell_trend_short(const struct study *s, size_t i, char *buf,
                                   size_t size);
/* "full in 6.1 h", "full in more than 2.3 h", to go with it; "" where it never
 * is. */
const char *study_tell_trend_end(const struct study *s, size_t i, char *buf,
                                 size_t size);

#endif
