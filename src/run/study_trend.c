/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/study_trend.h"

#include <math.h>
#include <stdio.h>

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

bool study_trend_full(const struct study *s, size_t i, struct trend_full *out)
{
    uint64_t limit = study_server_limit(s);

    if (trend_which(s, i) != SOAK_MEMORY || limit == 0 ||
        !trend_time_to(&study_soak(s)->trends[i], (double)limit, &out->s,
                       &out->low_s, &out->high_s)) {
        return false;
    }
    out->limit = (double)limit;
    return true;
}

static const char *tell_long(char *buf, size_t size, double s)
{
    if (s < 5400) {
        snprintf(buf, size, "%.0f min", s / 60);
    } else if (s < 2 * 86400) {
        snprintf(buf, size, "%.1f h", s / 3600);
    } else {
        snprintf(buf, size, "%.0f days", s / 86400);
    }
    return buf;
}

/* ", full (16.8 GB) in 6.1 h" */
static void tell_full(const struct study *s, size_t i, char *buf, size_t size)
{
    struct trend_full f;
    char limit[NUM_MAX], in[32];

    if (study_trend_full(s, i, &f)) {
        text_add(buf, size, ", full (%s) in %s",
                 num_bytes(limit, num_whole(f.limit)),
                 tell_long(in, sizeof in, f.s));
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
    struct trend_full f;
    char in[32];

    buf[0] = '\0';
    if (study_trend_full(s, i, &f)) {
        snprintf(buf, size, "full in %s", tell_long(in, sizeof in, f.s));
    }
    return buf;
}
