/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/modes.h"

#include <math.h>

#define MODES_WIDTH  0.1
#define MODES_APART  5 /* bins: exp(0.5) is 1.65, and 4 are less than 1.5 */
#define MODES_MASS   0.05
#define MODES_VALLEY 0.6
#define MODES_SURE   2.5

size_t modes_bin(uint64_t us)
{
    double bin = us > 1 ? log((double)us) / MODES_WIDTH : 0;

    return bin < MODES_BINS - 1 ? (size_t)bin : MODES_BINS - 1;
}

/* Middle of a bin. */
static double modes_at(size_t bin)
{
    return exp(((double)bin + 0.5) * MODES_WIDTH);
}

static void modes_smooth(const uint32_t *bins, double *out)
{
    static const double kernel[] = {1, 2, 3, 2, 1};
    size_t i, k;

    for (i = 0; i < MODES_BINS; i++) {
        out[i] = 0;
        for (k = 0; k < 5; k++) {
            size_t at = i + k;

            if (at >= 2 && at - 2 < MODES_BINS) {
                out[i] += kernel[k] * bins[at - 2] / 9;
            }
        }
    }
}

static size_t modes_lowest(const double *s, size_t from, size_t to)
{
    size_t i, at = from;

    for (i = from; i <= to; i++) {
        at = s[i] < s[at] ? i : at;
    }
    return at;
}

/* Is `minor` a hump of its own beside the highest one? */
static bool modes_pair(const uint32_t *bins, const double *s, double total,
                       size_t top, size_t minor, struct modes *out)
{
    size_t low = top < minor ? top : minor, high = top < minor ? minor : top;
    size_t cut, i;
    double m = s[minor], v, above = 0;

    if (high - low < MODES_APART) {
        return false;
    }
    cut = modes_lowest(s, low, high);
    v = s[cut];
    for (i = cut; i < MODES_BINS; i++) {
        above += bins[i];
    }
    if (v > MODES_VALLEY * m || (m - v) * sqrt(3) / sqrt(m + v) <= MODES_SURE ||
        above < MODES_MASS * total || total - above < MODES_MASS * total) {
        return false;
    }
    *out = (struct modes){true, modes_at(low), modes_at(high), above / total};
    return true;
}

struct modes modes_find(const uint32_t bins[MODES_BINS])
{
    struct modes found = {false, 0, 0, 0};
    double s[MODES_BINS], total = 0, best = 0;
    size_t top = 0, i;

    for (i = 0; i < MODES_BINS; i++) {
        total += bins[i];
    }
    if (total < MODES_LEAST) {
        return found;
    }
    modes_smooth(bins, s);
    for (i = 0; i < MODES_BINS; i++) {
        top = s[i] > s[top] ? i : top;
    }
    for (i = 0; i < MODES_BINS; i++) {
        struct modes m;

        if (i != top && s[i] > best && modes_pair(bins, s, total, top, i, &m)) {
            best = s[i];
            found = m;
        }
    }
    return found;
}
