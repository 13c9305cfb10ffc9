/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "chart/scale.h"

#include <math.h>

/* A log scale shows at least this ratio, or noise would fill the chart. */
#define SCALE_LOG_RATIO_MIN 10.0

/* Rounding must not push 0.3 = 3 * 0.1 over a step that it stands on. */
#define SCALE_SLACK 1e-9

static double scale_power(double v)
{
    return pow(10, floor(log10(v) + SCALE_SLACK));
}

double scale_nice_up(double v)
{
    static const double steps[] = {1, 2, 5, 10};
    double power;
    size_t i;

    if (!(v > 0)) {
        return 0;
    }
    power = scale_power(v);
    for (i = 0; i < 3; i++) {
        if (v <= steps[i] * power * (1 + SCALE_SLACK)) {
            return steps[i] * power;
        }
    }
    return 10 * power;
}

double scale_close_up(double v)
{
    static const double steps[] = {1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};
    double power;
    size_t i = 0;

    if (!(v > 0)) {
        return 0;
    }
    power = scale_power(v);
    while (i + 1 < sizeof steps / sizeof steps[0] &&
           v > steps[i] * power * (1 + SCALE_SLACK)) {
        i++;
    }
    return steps[i] * power;
}

double scale_nice_down(double v)
{
    double power;

    if (!(v > 0)) {
        return 0;
    }
    power = scale_power(v);
    if (v >= 5 * power * (1 - SCALE_SLACK)) {
        return 5 * power;
    }
    return v >= 2 * power * (1 - SCALE_SLACK) ? 2 * power : power;
}

void scale_init(struct scale *s, bool log)
{
    *s = (struct scale){.log = log};
}

/* Is it time to move an end that has had room? *since is kept up to date. */
static bool scale_room(bool room, uint64_t now_us, uint64_t *since)
{
    if (!room) {
        *since = 0;
        return false;
    }
    if (*since == 0) {
        *since = now_us + 1;
    }
    if (now_us + 1 - *since < SCALE_ROOM_US) {
        return false;
    }
    *since = 0;
    return true;
}

void scale_fit(struct scale *s, double lo, double hi, uint64_t now_us)
{
    double want_hi = s->log ? scale_nice_up(hi) : scale_close_up(hi);
    double want_lo = 0;

    if (want_hi <= 0) {
        return;
    }
    if (s->log) {
        want_lo = scale_nice_down(lo > 0 ? lo : hi / 1000);
        if (want_hi < want_lo * SCALE_LOG_RATIO_MIN) {
            want_hi = scale_nice_up(want_lo * SCALE_LOG_RATIO_MIN);
        }
    }
    if (s->hi <= 0) {
        s->hi = want_hi;
        s->lo = want_lo;
        return;
    }
    if (want_hi > s->hi ||
        scale_room(want_hi < s->hi, now_us, &s->hi_room_us)) {
        s->hi = want_hi;
        s->hi_room_us = 0;
    }
    if (want_lo < s->lo ||
        scale_room(want_lo > s->lo, now_us, &s->lo_room_us)) {
        s->lo = want_lo;
        s->lo_room_us = 0;
    }
}

double scale_at(const struct scale *s, double v)
{
    double at;

    if (!(s->hi > s->lo) || !(v > s->lo)) {
        return 0;
    }
    if (v >= s->hi) {
        return 1;
    }
    at = s->log ? log(v / s->lo) / log(s->hi / s->lo)
                : (v - s->lo) / (s->hi - s->lo);
    return at < 0 ? 0 : at > 1 ? 1 : at;
}

double scale_value(const struct scale *s, double at)
{
    if (!(s->hi > s->lo)) {
        return 0;
    }
    return s->log ? s->lo * pow(s->hi / s->lo, at)
                  : s->lo + (s->hi - s->lo) * at;
}

static double scale_next(double v)
{
    return scale_nice_up(v * 1.5);
}

/* Powers of ten and their 2 and 5, all or every third, between the ends. */
static size_t scale_ticks_log(const struct scale *s, double *out, size_t max)
{
    size_t steps = 0, stride, n = 0, i = 0;
    double v;

    for (v = s->lo; v < s->hi * (1 - SCALE_SLACK); v = scale_next(v)) {
        steps++;
    }
    stride = (steps + max - 2) / (max - 1);
    if (stride == 2) {
        stride = 3; /* a decade: 1, 10, 100 reads better than 1, 5, 20 */
    }
    for (v = s->lo; v < s->hi * (1 - SCALE_SLACK); v = scale_next(v)) {
        if (i++ % stride == 0 && n < max - 1) {
            out[n++] = v;
        }
    }
    out[n++] = s->hi;
    return n;
}

/* Steps that people count in. */
static bool scale_counts(double step)
{
    static const double steps[] = {1, 2, 2.5, 3, 4, 5};
    double at = step / scale_power(step);
    size_t i;

    for (i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (fabs(at - steps[i]) < 1e-6) {
            return true;
        }
    }
    return false;
}

size_t scale_ticks(const struct scale *s, double *out, size_t max)
{
    static const size_t parts[] = {5, 4, 3, 2};
    size_t parts_now = 1, n, i;

    if (!(s->hi > s->lo) || max < 2) {
        return 0;
    }
    if (s->log) {
        return scale_ticks_log(s, out, max);
    }
    for (i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i] < max && scale_counts(s->hi / (double)parts[i])) {
            parts_now = parts[i];
            break;
        }
    }
    for (n = 0; n <= parts_now; n++) {
        out[n] = s->hi * (double)n / (double)parts_now;
    }
    return n;
}
