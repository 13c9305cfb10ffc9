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
#include "run/tick.h"

struct study; /* opaque */

/* info is borrowed and outlives the study. */
struct study *study_new(const struct run_info *info);
void study_free(struct study **s);
void study_feed(struct study *s, const struct tick *t);

/* Borrowed until the next feed. */
const struct plateaus *study_plateaus(const struct study *s);
const struct recovery *study_recovery(const struct study *s);
/* As of now; any is false where nothing broke. */
struct breaking study_breaking(const struct study *s);
/* The trends of the longest stretch of the same load. */
const struct soak_report *study_soak(const struct study *s);
/* What the levels say of throughput. Borrowed until the next feed. */
const struct scaling *study_scaling(const struct study *s);
/* Bytes that the service's memory may be; 0 = unknown. */
uint64_t study_server_limit(const struct study *s);

/* The rules that plateaus are held against: the plan's thresholds on
 * http_req_duration's percentiles and on http_req_failed, whole run or window;
 * without one on failures, 5 % of them. */
size_t study_rules(const struct study *s);
const struct plateau_rule *study_rule(const struct study *s, size_t i);
/* "p95 <3 s", "errors <5 %". Returns buf. */
const char *study_rule_text(const struct study *s, size_t i, char *buf,
                            size_t size);
/* What the load of plateaus and recoveries is counted in: "VUs", "it/s"; of
 * scenarios of several kinds "load". Returns buf, NUM_MAX bytes. */
const char *study_unit(const struct run_info *info, char *buf);

/* For people, in one line each; all return buf. */
/* "last good 60 VUs: 412 req/s, p95 1.2 s; 70 VUs break p95 <3 s", "nothing
 * broken up to 60 VUs: …"; "" without a plateau. */
const char *study_tell_steps(const struct study *s, char *buf, size_t size);
/* "breaks between 60 and 70 VUs, 240 req/s: p95 over 2.00 s for 34s, up to
 * 3.10 s"; "" where nothing broke. */
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
/* "recovered after 0:31", "back since 0:12, has held 4 of 10 s", "not recovered
 * after 0:50"; short ones are for narrow places: "recovering 0:17". */
const char *study_tell_state(const struct recovery_episode *e, char *buf,
                             size_t size);
const char *study_tell_short(const struct recovery_episode *e, char *buf,
                             size_t size);
/* What came before it and what it was held against: "load 100 → 10 VUs at 2:00;
 * p95 within 142 ms; confidence high". */
const char *study_tell_terms(const struct study *s,
                             const struct recovery_episode *e, char *buf,
                             size_t size);

#endif
