/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/lsq.h"

#include <math.h>
#include <string.h>

#include "base/must.h"

/* A pivot this small beside its column's diagonal is rounding. */
#define LSQ_TINY 1e-13

void lsq_init(struct lsq *q, size_t m)
{
    MUST(m > 0 && m <= LSQ_MAX);
    memset(q, 0, sizeof *q);
    q->m = m;
}

void lsq_add(struct lsq *q, const double *row, double y)
{
    size_t i, k;

    for (i = 0; i < q->m; i++) {
        for (k = 0; k < q->m; k++) {
            q->a[i][k] += row[i] * row[k];
        }
        q->b[i] += row[i] * y;
    }
    q->yy += y * y;
    q->n++;
}

/* The lower triangle L of a = L L' (Cholesky), on a scaled to a diagonal of
 * ones, as coefficients may be of very different sizes. */
static bool lsq_factor(const struct lsq *q, double l[LSQ_MAX][LSQ_MAX],
                       double *scale)
{
    size_t i, k, j;

    for (i = 0; i < q->m; i++) {
        if (!(q->a[i][i] > 0)) {
            return false;
        }
        scale[i] = 1 / sqrt(q->a[i][i]);
    }
    for (i = 0; i < q->m; i++) {
        for (k = 0; k <= i; k++) {
            double sum = q->a[i][k] * scale[i] * scale[k];

            for (j = 0; j < k; j++) {
                sum -= l[i][j] * l[k][j];
            }
            if (i != k) {
                l[i][k] = sum / l[k][k];
            } else if (sum > LSQ_TINY) {
                l[i][i] = sqrt(sum);
            } else {
                return false;
            }
        }
    }
    return true;
}

/* L L' x = b. */
static void lsq_back(const struct lsq *q, double l[LSQ_MAX][LSQ_MAX],
                     const double *b, double *x)
{
    size_t i, k;

    for (i = 0; i < q->m; i++) {
        x[i] = b[i];
        for (k = 0; k < i; k++) {
            x[i] -= l[i][k] * x[k];
        }
        x[i] /= l[i][i];
    }
    for (i = q->m; i-- > 0;) {
        for (k = i + 1; k < q->m; k++) {
            x[i] -= l[k][i] * x[k];
        }
        x[i] /= l[i][i];
    }
}

bool lsq_solve(const struct lsq *q, double *c)
{
    double l[LSQ_MAX][LSQ_MAX], scale[LSQ_MAX], b[LSQ_MAX] = {0};
    size_t i;

    if (!lsq_factor(q, l, scale)) {
        return false;
    }
    for (i = 0; i < q->m; i++) {
        b[i] = q->b[i] * scale[i];
    }
    lsq_back(q, l, b, c);
    for (i = 0; i < q->m; i++) {
        c[i] *= scale[i];
    }
    return true;
}

bool lsq_spread(const struct lsq *q, double *se)
{
    double l[LSQ_MAX][LSQ_MAX], scale[LSQ_MAX], x[LSQ_MAX] = {0};
    size_t i;

    if (!lsq_factor(q, l, scale)) {
        return false;
    }
    for (i = 0; i < q->m; i++) {
        double e[LSQ_MAX] = {0};

        e[i] = 1;
        lsq_back(q, l, e, x);
        se[i] = sqrt(x[i]) * scale[i];
    }
    return true;
}

double lsq_rest(const struct lsq *q, const double *c)
{
    double rest = q->yy;
    size_t i, k;

    for (i = 0; i < q->m; i++) {
        rest -= 2 * c[i] * q->b[i];
        for (k = 0; k < q->m; k++) {
            rest += c[i] * c[k] * q->a[i][k];
        }
    }
    return rest > 0 ? rest : 0;
}
