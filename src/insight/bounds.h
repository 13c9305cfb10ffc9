/* SPDX-License-Identifier: MIT
 *
 * bounds - what holds of a closed system with think time Z (Lazowska et al.
 * 1984, asymptotic bounds): X <= min(N / (R0 + Z), 1 / D), R >= max(R0, N D -
 * Z), with the knee at N = (R0 + Z) / D. D, the time that a request keeps the
 * bottleneck busy, is known only where throughput was seen to stop growing.
 * And the knee of throughput over load without a model, as a label. Pure. */
#ifndef INSIGHT_BOUNDS_H
#define INSIGHT_BOUNDS_H

#include <stdbool.h>
#include <stddef.h>

/* Requests: less than a twentieth more is none. */
#define BOUNDS_FULL 1.05

struct bounds_level {
    double n;     /* users, mean */
    double x;     /* requests a second that did not fail */
    double r_s;   /* mean response time of these */
    double z_s;   /* mean time between a user's requests */
    double count; /* requests that x is of; 0 = x is exact */
};

struct bounds {
    bool thinks;  /* users think, for more than a tenth of a response's time */
    double z_s;   /* so long, at the lowest level */
    double r0_s;  /* responses take so long there */
    bool full;    /* throughput was seen to stop growing (below): */
    double x_max; /* requests a second, at most */
    double d_s;   /* 1 / x_max */
    double knee;  /* users from which on requests wait */
    bool fewer; /* or from fewer on: it is the lowest level, which does as much
                   as any: they wait there, and what a response takes without
                   waiting is not known */
};

/* Of n levels by rising load. Throughput has stopped growing where, from some
 * level on, none does more than a twentieth more by more than chance, the last
 * has a fifth more users or more, and it is not by chance that it does less
 * than the middle between that level and what its users would bring at that
 * level's rate. Two neighbours of these, no more than twice the users apart,
 * have to say so, too: between others a peak may have been. Chance: two
 * standard errors of the counts, as of Poisson processes. */
struct bounds bounds_of(const struct bounds_level *levels, size_t n);

/* Where throughput over load bends: two straight lines that meet there explain
 * six levels or more much better than one does (by more than 10 of Schwarz's
 * criterion, 1978), and the second rises at less than 0.3 of the first. Only a
 * label: it depends on the range that was measured. 0: there is none. */
double bounds_knee(const struct bounds_level *levels, size_t n);

#endif
