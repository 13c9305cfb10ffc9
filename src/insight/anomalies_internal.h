/* SPDX-License-Identifier: MIT
 *
 * anomalies_internal - what the files that make anomalies share: anomalies.c
 * (what is told), anomalies_queue.c (what levels say of requests that wait). */
#ifndef INSIGHT_ANOMALIES_INTERNAL_H
#define INSIGHT_ANOMALIES_INTERNAL_H

#include "insight/anomalies.h"

/* The last closed plateau, if there is one before it and it says something of
 * its load; else NULL. Borrowed, as of plateaus_at. */
const struct plateau *anomalies_last(const struct plateaus *p);
/* The most requests a second that did not fail, of the closed plateaus of these
 * scenarios up to that load. */
double anomalies_most(const struct plateaus *p, uint64_t who, double load);
/* Requests wait at that last one, and did not at a clearly lower load; false:
 * *q may have been written to, and says nothing. */
bool anomalies_waits(const struct plateaus *p, const struct plateau *last,
                     struct anomaly_queue *q);

#endif
