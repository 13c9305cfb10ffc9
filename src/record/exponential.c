/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/exponential.h"

#include <math.h>

#define EXPONENTIAL_AN_OCTAVE (1 << EXPONENTIAL_SCALE)

/* Upper bounds of an octave's buckets, of [0.5, 1), but for 1 itself. */
static const double exponential_bounds[EXPONENTIAL_AN_OCTAVE] = {
    0.5,
    0.54525386633262882,
    0.59460355750136051,
    0.64841977732550483,
    0.70710678118654757,
    0.77110541270397037,
    0.84089641525371450,
    0.91700404320467123,
};

int32_t exponential_bucket(double value)
{
    int exponent, i = 0;
    double fraction = frexp(value, &exponent);

    while (i < EXPONENTIAL_AN_OCTAVE && exponential_bounds[i] < fraction) {
        i++;
    }
    return (exponent - 1) * EXPONENTIAL_AN_OCTAVE + i;
}
