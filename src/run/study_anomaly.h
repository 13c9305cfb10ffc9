/* SPDX-License-Identifier: MIT
 *
 * study_anomaly - the anomalies of a study, said in a line each, with what
 * happened beside them: what log, results, summary and screen have in common.
 */
#ifndef RUN_STUDY_ANOMALY_H
#define RUN_STUDY_ANOMALY_H

#include "insight/anomalies.h"
#include "run/study.h"

/* Borrowed until the next feed. */
const struct anomalies *study_anomalies(const struct study *s);

/* All return buf. "stall of 3.2 s at 0:41: nothing was answered, 50 in flight",
 * "p95 went from 114 ms to 137 ms (+20 %) at 4:58 (mark: deploy 42)", "… at
 * 5:00 (±5s); no stage, key or mark was near". 256 bytes are enough. */
const char *study_tell_anomaly(const struct study *s, const struct anomaly *x,
                               char *buf, size_t size);
/* A limit on requests, in 1/s: "100 a minute", "50 a second". */
const char *study_tell_rate(double rate, char *buf, size_t size);
/* "12 stalls of 1.2 to 1.4 s, about every 10 s"; "" of fewer than three. */
const char *study_tell_stalls(const struct study *s, char *buf, size_t size);
/* The stage, key or mark beside it: "at 4:58: mark: deploy 42"; "" where there
 * was none, and for those that say where they begin by themselves. */
const char *study_tell_beside(const struct study *s, const struct anomaly *x,
                              char *buf, size_t size);
/* Run time at which it began: of a change of p95 that of what is beside it,
 * where that is not further away than the change is known to. */
uint64_t study_anomaly_us(const struct study *s, const struct anomaly *x);
/* The same as a clock, "4:58"; returns buf, of at least NUM_MAX bytes. */
const char *study_tell_since(const struct study *s, const struct anomaly *x,
                             char *buf);
/* Name of the request that it is of; NULL: of none alone. Borrowed. */
const char *study_anomaly_request(const struct study *s,
                                  const struct anomaly *x);

/* What is to be said of anomalies since the last time, one after the other: of
 * stalls when they are over, or have gone on for three seconds; of limits when
 * they are found and when they are known. false: there is nothing more. */
struct study_news;
bool study_anomaly_news(struct study *s, struct study_news *out);

#endif
