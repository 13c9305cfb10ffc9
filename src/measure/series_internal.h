/* SPDX-License-Identifier: MIT
 *
 * series_internal - a series with a maximum of its own, for tests: merging is
 * to be seen without filling 16 MB. */
#ifndef MEASURE_SERIES_INTERNAL_H
#define MEASURE_SERIES_INTERNAL_H

#include "measure/series.h"

struct series *series_new_capped(size_t n_names, size_t bytes_max);

#endif
