/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/warmup.h"

size_t warmup_mser(const double *z, size_t m, bool *steady)
{
    double sum = 0, squares = 0, least = 0, base;
    size_t best = 0, i;

    *steady = false;
    if (m < WARMUP_LEAST) {
        return 0;
    }
    /* From the end to the beginning, so that the rest grows by one a step;
     * around the last value, so that squares do not swallow differences. */
    base = z[m - 1];
    for (i = m; i-- > 0;) {
        double n = (double)(m - i), v = z[i] - base, error;

        sum += v;
        squares += v * v;
        error = (squares - sum * sum / n) / (n * n);
        if (i <= m / 2 && (i == m / 2 || error <= least)) {
            least = error;
            best = i;
        }
    }
    *steady = best < m / 2;
    return best;
}
