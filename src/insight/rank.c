/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/rank.h"

#include <math.h>
#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "insight/binom.h"

bool rank_interval(uint64_t n, double p, uint64_t *low, uint64_t *high)
{
    *low = binom_quantile(n, p / 100, 0.025);
    *high = binom_quantile(n, p / 100, 0.975) + 1;
    return *low >= 1 && *high <= n;
}

/* P(U <= u) for u = 0 … n·m, of n and m values without ties: how many of the
 * orders have so many pairs the wrong way round. Owned by the caller. */
static double *rank_distribution(size_t n, size_t m)
{
    size_t most = n * m, i, u;
    double *f = xcalloc(most + 1, sizeof *f), total = 0, sum = 0;

    /* The generating function is the product of (1 - x^(m+i)) / (1 - x^i)
     * over i = 1 … n. */
    f[0] = 1;
    for (i = 1; i <= n; i++) {
        for (u = most; u >= m + i; u--) {
            f[u] -= f[u - m - i];
        }
        for (u = i; u <= most; u++) {
            f[u] += f[u - i];
        }
    }
    for (u = 0; u <= most; u++) {
        total += f[u];
    }
    for (u = 0; u <= most; u++) {
        sum += f[u];
        f[u] = sum / total;
    }
    return f;
}

static int rank_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* How many differences have to be left out at either end. */
static size_t rank_out(const double *cumulated, size_t most, double *held)
{
    size_t k = 0;

    while (k < most / 2 && 2 * cumulated[k] <= 0.05) {
        k++;
    }
    *held = k > 0 ? 1 - 2 * cumulated[k - 1] : 1 - 2 * cumulated[0];
    return k > 0 ? k - 1 : 0;
}

struct rank_shift rank_shift(const double *a, size_t n, const double *b,
                             size_t m)
{
    size_t most = n * m, i, k, out;
    double *d, *cumulated, u = 0, tail;
    struct rank_shift s = {0};

    MUST(n > 0 && m > 0 && n <= RANK_RUNS_MAX && m <= RANK_RUNS_MAX);
    d = xcalloc(most, sizeof *d);
    cumulated = rank_distribution(n, m);
    for (i = 0; i < n; i++) {
        for (k = 0; k < m; k++) {
            double x = b[k] - a[i];

            d[i * m + k] = x;
            u += x > 0 ? 1 : x < 0 ? 0 : 0.5;
        }
    }
    qsort(d, most, sizeof *d, rank_order);
    s.shift = most % 2 == 1 ? d[most / 2] : (d[most / 2 - 1] + d[most / 2]) / 2;
    out = rank_out(cumulated, most, &s.held);
    s.low = d[out];
    s.high = d[most - 1 - out];
    tail = fmin(u, (double)most - u);
    s.p = fmin(1, 2 * cumulated[(size_t)ceil(tail)]);
    free(d);
    free(cumulated);
    return s;
}
