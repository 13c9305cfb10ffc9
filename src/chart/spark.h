/* SPDX-License-Identifier: MIT
 *
 * spark - a small drawing of values as one line of text. */
#ifndef CHART_SPARK_H
#define CHART_SPARK_H

#include <stdbool.h>
#include <stddef.h>

/* Writes n values, 0..top each, as one character a value: eighths of a block
 * ("▁" to "█"), or with ascii "_.-=+*%#"; a blank for 0. top <= 0 draws blanks.
 * size holds 3 bytes a value and a NUL, else what fits is written. Returns
 * out. */
const char *spark_text(const double *values, size_t n, double top, bool ascii,
                       char *out, size_t size);

#endif
