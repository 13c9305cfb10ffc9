/* SPDX-License-Identifier: MIT
 *
 * contrast - is what differs between two runs, moment by moment, more than
 * chance? Differences of the same moments (or places of a ramp) of both: what
 * the load itself does to a figure falls out of them. Neighbours are put
 * together until they no longer are alike, then Student's t. Pure arithmetic.
 */
#ifndef INSIGHT_CONTRAST_H
#define INSIGHT_CONTRAST_H

#include <stdbool.h>
#include <stddef.h>

/* Fewer say nothing. */
#define CONTRAST_MOMENTS_MIN 8

struct contrast {
    bool any;         /* the rest holds: there were enough moments */
    size_t n;         /* moments, whether enough or not */
    double mean;      /* of the differences */
    double low, high; /* it lies there, at 95 % */
};

/* Of n differences by time, all finite. part: of each the part of the run that
 * it belongs to (a stage), or NULL; that one part differs more than another is
 * no chance, so that what counts is how moments of the same part vary. least: a
 * standard error that it has at least, as of what was never seen and may be
 * there all the same. */
struct contrast contrast_of(const double *d, const unsigned *part, size_t n,
                            double least);

#endif
