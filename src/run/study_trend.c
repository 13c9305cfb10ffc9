/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/study_trend.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clk.h"
#include "base/must.h"
#include "base/num.h"
#include "base/text.h"

/* A shorter stretch is no soak, and nobody asks for its trend. */
#define TREND_TOLD_US (60 * US_PER_SEC)
/* A slope that takes longer to come to a hundredth is told by the hour. */
#define TREND_SLOW 0.01

static const struct {
    const char *series, *title, *unit, *level_unit;
    const char *show; /* what people call the unit */
    double shown;     /* of it in one of x's */
} trend_rows[SOAK_SERIES] = {
    [SOAK_P95] = {"p95", "p95", "ms/min", "ms", " ms", 1},
    [SOAK_ERRORS] = {"error_rate", "errors", "1/min", "1", " %", 100},
    [SOAK_MEMORY] = {"server_memory", "server memory", "bytes/min", "bytes",
                     " MB", 1e-6},
    [SOAK_CPU] = {"server_cpu", "server CPU", "cores/min", "cores", " cores",
                  1},
};

size_t study_trends(const struct study *s)
{
    const struct soak_report *r = study_soak(s);

    if (r->active_us == 0) {
        return 0;
    }
    return (size_t)SOAK_MEMORY + r->server_memory + r->server_cpu;
}

/* Where memory was never seen, CPU takes its place. */
static enum soak_series trend_which(const struct study *s, size_t i)
{
    MUST(i < SOAK_SERIES);
    return i == SOAK_MEMORY && !study_soak(s)->server_memory
               ? SOAK_CPU
               : (enum soak_series)i;
}

struct study_trend study_trend(const struct study *s, size_t i)
{
    enum soak_series which = trend_which(s, i);

    return (struct study_trend){
        .which = which,
        .series = trend_rows[which].series,
        .unit = trend_rows[which].unit,
        .level_unit = trend_rows[which].level_unit,
        .per_minute = 60,
        .t = &study_soak(s)->trends[which],
    };
}

bool study_trends_told(const struct study *s)
{
    return study_soak(s)->active_us >= TREND_TOLD_US;
}

const char *study_tell_soak(const struct study *s, char *buf, size_t size)
{
    const struct soak_report *r = study_soak(s);
    char load[64], from[NUM_MAX], dur[NUM_MAX];

    snprintf(buf, size, "%s for %s from %s",
             study_tell_load(s, r->load, load, sizeof load),
             num_clock(dur, r->active_us), num_when(from, r->start_us));
    return buf;
}

/* Three digits, whatever the sign: "-0.30", "2.10", "114". */
static const char *tell_number(char *buf, size_t size, double v)
{
    double abs = fabs(v);

    snprintf(buf, size, "%.*f",
             abs >= 99.95   ? 0
             : abs >= 9.995 ? 1
                            : 2,
             abs < 0.005 ? 0 : v);
    return buf;
}

/* What slopes are told in: "ms/min", or "ms/h" where that says little. */
struct trend_scale {
    double by; /* of a slope a second */
    char unit[16];
};

static struct trend_scale tell_scale(const struct trend *t, size_t i)
{
    double most = fmax(fabs(t->low), fabs(t->high)) * 60;
    double whole = i == SOAK_ERRORS ? 1 : fabs(t->level);
    bool hours = most < TREND_SLOW * whole;
    struct trend_scale s = {.by = trend_rows[i].shown * (hours ? 3600 : 60)};

    snprintf(s.unit, sizeof s.unit, "%s/%s", trend_rows[i].show,
             hours ? "h" : "min");
    return s;
}

/* "5 min": rounded up, so that it is enough. */
static const char *tell_needs(char *buf, size_t size, double s)
{
    snprintf(buf, size, "%.0f min", ceil(s / 60 - 1e-9));
    return buf;
}

/* "p95 rose in one step, by about 22 ms": the anomaly says from where, by other
 * means. */
static void tell_step(const struct trend *t, size_t i, char *buf, size_t size)
{
    double by = fabs(t->growth) * trend_rows[i].shown;

    snprintf(buf, size, "%s %s in one step, by about %.*f%s",
             trend_rows[i].title,
             t->state == TREND_STEPPED_UP ? "rose" : "fell",
             by >= 9.95   ? 0
             : by >= 0.95 ? 1
                          : 2,
             by, trend_rows[i].show);
}

/* "-0.30 to 0.41 ms/min" */
static void tell_range(const struct trend *t, const struct trend_scale *scale,
                       char *buf, size_t size)
{
    char low[32], high[32];

    snprintf(buf, size, "%s to %s%s",
             tell_number(low, sizeof low, t->low * scale->by),
             tell_number(high, sizeof high, t->high * scale->by), scale->unit);
}

/* "growing 2.1 ms/min (1.2 to 3.0), by 25 ms in 12:00" */
static void tell_slope(const struct trend *t, const char *how, size_t i,
                       char *buf, size_t size)
{
    struct trend_scale scale = tell_scale(t, i);
    char slope[32], low[32], high[32], by[32], dur[NUM_MAX];

    snprintf(buf, size, "%s %s %s%s (%s to %s), by %s%s in %s",
             trend_rows[i].title, how,
             tell_number(slope, sizeof slope, t->slope * scale.by), scale.unit,
             tell_number(low, sizeof low, t->low * scale.by),
             tell_number(high, sizeof high, t->high * scale.by),
             tell_number(by, sizeof by, t->growth * trend_rows[i].shown),
             trend_rows[i].show, num_clock(dur, num_whole(t->span_s * 1e6)));
}

static void tell_open(const struct trend *t, size_t i, char *buf, size_t size)
{
    const char *title = trend_rows[i].title;
    struct trend_scale scale;
    char needs[32], range[96];

    tell_needs(needs, sizeof needs, t->needs_s);
    if (t->state == TREND_SHORT) {
        snprintf(buf, size, "%s: too short to tell, needs %s of the same load",
                 title, needs);
    } else if (t->state == TREND_UNSETTLED) {
        snprintf(buf, size, "%s: not steady yet, needs %s or more", title,
                 needs);
    } else {
        scale = tell_scale(t, i);
        tell_range(t, &scale, range, sizeof range);
        snprintf(buf, size, "%s: too noisy to tell (%s), needs %s or more",
                 title, range, needs);
    }
}

struct trend_full study_trend_full(const struct study *s, size_t i)
{
    struct trend_full f = {.limit = (double)study_server_limit(s)};

    if (trend_which(s, i) == SOAK_MEMORY && f.limit > 0) {
        f.reach = trend_time_to(&study_soak(s)->trends[i], f.limit, &f.time);
    }
    return f;
}

/* What times are told in: "%.1f" of so many seconds each. */
struct trend_long {
    double seconds;
    int digits;
    const char *unit;
};

static struct trend_long tell_long_of(double s)
{
    return s < 5400        ? (struct trend_long){60, 0, "min"}
           : s < 2 * 86400 ? (struct trend_long){3600, 1, "h"}
                           : (struct trend_long){86400, 0, "days"};
}

static const char *tell_long(char *buf, size_t size, double s)
{
    struct trend_long l = tell_long_of(s);

    snprintf(buf, size, "%.*f %s", l.digits, s / l.seconds, l.unit);
    return buf;
}

/* The same, rounded down: of what it takes more than. */
static const char *tell_least(char *buf, size_t size, double s)
{
    struct trend_long l = tell_long_of(s);
    double step = l.seconds / (l.digits > 0 ? 10 : 1);

    snprintf(buf, size, "%.*f %s", l.digits,
             floor(s / step + 1e-9) * step / l.seconds, l.unit);
    return buf;
}

/* "5.7 to 5.9 h", "40 min to 2.1 h", "3.0 h or more"; "" where both ends are
 * told as the time is. */
static const char *tell_between(const struct trend_time *t, char *buf,
                                size_t size)
{
    char is[32], low[32], high[32];
    struct trend_long l = tell_long_of(t->low);

    tell_long(is, sizeof is, t->s);
    tell_long(low, sizeof low, t->low);
    buf[0] = '\0';
    if (isinf(t->high)) {
        snprintf(buf, size, "%s or more", low);
        return buf;
    }
    tell_long(high, sizeof high, t->high);
    if (strcmp(low, is) == 0 && strcmp(high, is) == 0) {
        return buf;
    }
    if (strcmp(l.unit, tell_long_of(t->high).unit) == 0) {
        snprintf(buf, size, "%.*f to %s", l.digits, t->low / l.seconds, high);
    } else {
        snprintf(buf, size, "%s to %s", low, high);
    }
    return buf;
}

/* ", full (16.8 GB) in 35 min (34 to 36 min)"; what is far away says how little
 * was seen of it: ", full (800 MB) in 5.8 h (5.7 to 5.9 h; at this pace, 14 min
 * seen)", ", full (800 MB) in more than 2.3 h (14 min seen)" */
static void tell_full(const struct study *s, size_t i, char *buf, size_t size)
{
    struct trend_full f = study_trend_full(s, i);
    char limit[NUM_MAX], in[32], between[80], seen[32];

    if (f.reach == TREND_NEVER) {
        return;
    }
    text_add(buf, size, ", full (%s) in ",
             num_bytes(limit, num_whole(f.limit)));
    tell_long(seen, sizeof seen, study_soak(s)->trends[i].span_s);
    if (f.reach == TREND_BEYOND) {
        text_add(buf, size, "more than %s (%s seen)",
                 tell_least(in, sizeof in, f.time.beyond_s), seen);
        return;
    }
    text_add(buf, size, "%s", tell_long(in, sizeof in, f.time.s));
    tell_between(&f.time, between, sizeof between);
    if (f.time.far) {
        text_add(buf, size, " (%s%sat this pace, %s seen)", between,
                 between[0] != '\0' ? "; " : "", seen);
    } else if (between[0] != '\0') {
        text_add(buf, size, " (%s)", between);
    }
}

/* A p95 that moved while the generator was late may have moved by that. */
static void tell_suspect(const struct study *s, size_t row, char *buf,
                         size_t size)
{
    const struct soak_report *r = study_soak(s);
    char x[NUM_MAX];

    if (row == SOAK_P95 && r->suspect_us > 0) {
        text_add(buf, size, "; the generator was suspect for %s of it",
                 num_clock(x, r->suspect_us));
    }
}

const char *study_tell_trend(const struct study *s, size_t i, char *buf,
                             size_t size)
{
    const struct trend *t = study_trend(s, i).t;
    struct trend_scale scale;
    char level[32], range[96];
    size_t row = trend_which(s, i);

    switch (t->state) {
    case TREND_SHORT:
    case TREND_UNSETTLED:
    case TREND_UNSURE:
        tell_open(t, row, buf, size);
        break;
    case TREND_STABLE:
        scale = tell_scale(t, row);
        tell_range(t, &scale, range, sizeof range);
        snprintf(
            buf, size, "%s stable at %s%s (%s)", trend_rows[row].title,
            tell_number(level, sizeof level, t->level * trend_rows[row].shown),
            trend_rows[row].show, range);
        break;
    case TREND_GROWING:
        tell_slope(t, "growing", row, buf, size);
        tell_full(s, i, buf, size);
        tell_suspect(s, row, buf, size);
        break;
    case TREND_FALLING:
        tell_slope(t, "falling", row, buf, size);
        tell_suspect(s, row, buf, size);
        break;
    case TREND_STEPPED_UP:
    case TREND_STEPPED_DOWN:
        tell_step(t, row, buf, size);
        tell_suspect(s, row, buf, size);
        break;
    case TREND_SETTLING:
        tell_slope(t, "settling, on average", row, buf, size);
        tell_suspect(s, row, buf, size);
        break;
    }
    return buf;
}

const char *study_tell_trend_short(const struct study *s, size_t i, char *buf,
                                   size_t size)
{
    const struct trend *t = study_trend(s, i).t;
    struct trend_scale scale = tell_scale(t, trend_which(s, i));
    char number[32];

    switch (t->state) {
    case TREND_SHORT:
    case TREND_UNSETTLED:
    case TREND_UNSURE:
        snprintf(buf, size, "trend: needs %s",
                 tell_needs(number, sizeof number, t->needs_s));
        break;
    case TREND_STABLE:
        snprintf(buf, size, "stable");
        break;
    case TREND_SETTLING:
        snprintf(buf, size, "settling");
        break;
    case TREND_STEPPED_UP:
    case TREND_STEPPED_DOWN:
        snprintf(buf, size, "a step %s",
                 t->state == TREND_STEPPED_UP ? "up" : "down");
        break;
    case TREND_GROWING:
    case TREND_FALLING:
        snprintf(buf, size, "%s %s%s",
                 t->state == TREND_GROWING ? "growing" : "falling",
                 tell_number(number, sizeof number, fabs(t->slope) * scale.by),
                 scale.unit);
        break;
    }
    return buf;
}

const char *study_tell_trend_end(const struct study *s, size_t i, char *buf,
                                 size_t size)
{
    struct trend_full f = study_trend_full(s, i);
    char in[32];

    buf[0] = '\0';
    switch (f.reach) {
    case TREND_NEVER:
        break;
    case TREND_WITHIN:
        snprintf(buf, size, "full in %s", tell_long(in, sizeof in, f.time.s));
        break;
    case TREND_BEYOND:
        snprintf(buf, size, "full in more than %s",
                 tell_least(in, sizeof in, f.time.beyond_s));
        break;
    }
    return buf;
}
