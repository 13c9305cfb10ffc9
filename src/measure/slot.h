/* SPDX-License-Identifier: MIT
 *
 * slot - what two slots of a series come to together, but for their
 * histograms, which the series itself merges. For series.c alone. */
#ifndef MEASURE_SLOT_H
#define MEASURE_SLOT_H

#include "measure/series.h"

/* b, the later one, goes into a. */
void slot_merge(struct slot *a, const struct slot *b, size_t n_names);

#endif
