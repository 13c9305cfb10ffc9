/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/student.h"

#include <math.h>

#include "base/must.h"

#define STUDENT_PI 3.14159265358979323846

/* P(|T| > t), by the finite series for whole degrees (Abramowitz and Stegun
 * 1964, 26.7.3 and 26.7.4). */
static double student_beyond(double t, unsigned n)
{
    double theta = atan(t / sqrt((double)n));
    double c = cos(theta), c2 = c * c, sum = 0, term = 1;
    unsigned k;

    if (n % 2 == 1) {
        for (k = 1; k + 2 <= n; k += 2) {
            term = k == 1 ? c : term * c2 * (k - 1) / k;
            sum += term;
        }
        return 1 - 2 / STUDENT_PI * (theta + sin(theta) * sum);
    }
    for (k = 0; k + 2 <= n; k += 2) {
        term = k == 0 ? 1 : term * c2 * (k - 1) / k;
        sum += term;
    }
    return 1 - sin(theta) * sum;
}

double student_two_sided(double p, unsigned degrees)
{
    double low = 0, high = 1;
    unsigned i;

    MUST(p > 0 && p < 1 && degrees > 0);
    while (student_beyond(high, degrees) > p && high < 1e12) {
        high *= 2;
    }
    /* Halving: as many times as a double has digits. */
    for (i = 0; i < 60; i++) {
        double mid = (low + high) / 2;

        if (student_beyond(mid, degrees) > p) {
            low = mid;
        } else {
            high = mid;
        }
    }
    return (low + high) / 2;
}
