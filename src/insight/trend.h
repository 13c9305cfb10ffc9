/* SPDX-License-Identifier: MIT
 *
 * trend - does a series grow over a soak, how fast, and is that more than
 * chance? Theil-Sen slope (Theil 1950, Sen 1968) with its interval, and the
 * Mann-Kendall test (Mann 1945, Kendall 1975) with ties and with the variance
 * that autocorrelation leaves of it (Hamed and Rao 1998). Pure arithmetic: no
 * clock, no I/O; the work is bounded by TREND_BLOCKS_MAX.
 *
 * Cells of some seconds are put together to blocks of 30 s, twice as long as
 * long as neighbours are alike and enough blocks are left: seconds of a service
 * are no independent tries, and a test that takes them for such finds a trend
 * in every other healthy run. Growth that is significant and too small to
 * matter is none. */
#ifndef INSIGHT_TREND_H
#define INSIGHT_TREND_H

#include <stdbool.h>
#include <stddef.h>

/* A test of them has half as many slopes as their square. */
#define TREND_BLOCKS_MAX 120
/* Fewer say nothing. */
#define TREND_BLOCKS_MIN 10
/* Blocks get longer only where so many are left. */
#define TREND_BLOCKS_KEEP 20
#define TREND_BLOCK_S     30.0
/* Of minima: at least this, and two periods of a garbage collector. */
#define TREND_WINDOW_S 60.0

/* Mann-Kendall and Theil-Sen of n points, n >= 2. */
struct trend_test {
    double s;      /* pairs that rise less pairs that fall */
    double var;    /* of s: with ties, without autocorrelation */
    double factor; /* of var: Hamed and Rao's, at least 1 */
    double z;      /* (|s| - 1) / sqrt(var * factor), signed; 0 of constants */
    double slope;  /* x a unit of t */
    double low, high; /* of slope, 95 % */
    double lag1;      /* autocorrelation of what the slope leaves */
};
/* t rises. n <= TREND_BLOCKS_MAX. */
struct trend_test trend_test(const double *t, const double *x, size_t n);
/* The same, with a factor of at least (1 + r) / (1 - r), r being lag1 without
 * the bias that it has of few points around their own line, (2 + 4 r) / n
 * (Marriott and Pope 1954): of ten points no lag is ever significant, and ten
 * alike neighbours would be taken for a trend. Where the line leaves less than
 * a tenth of what it grows by, lag1 is 0 and the factor 1. */
struct trend_test trend_test_careful(const double *t, const double *x,
                                     size_t n);

/* How a block is made of its cells. */
enum trend_kind {
    TREND_MEDIAN,
    TREND_MEAN,   /* weighted */
    TREND_LOWEST, /* what is left after each garbage collection */
};

struct trend_rule {
    enum trend_kind kind;
    /* Growth over the time looked at that matters, the larger of: */
    double floor;       /* in x's unit */
    double floor_share; /* of the level */
};

/* Cells in the order of time; borrowed. */
struct trend_cells {
    const double *at_s; /* middle */
    const double *x;    /* NAN = nothing was seen */
    const double *weight;
    size_t n;
    double cell_s; /* how long a cell is, about */
};

enum trend_state {
    TREND_SHORT,     /* too short to tell */
    TREND_UNSETTLED, /* nowhere like its end: no steady state yet */
    TREND_UNSURE,    /* what noise leaves open is more than what matters */
    TREND_STABLE,    /* no growth that matters */
    TREND_GROWING,
    TREND_FALLING,
    TREND_STEPPED_UP,   /* it became another at once, and a line says less */
    TREND_STEPPED_DOWN, /* of it than a step does; never LOWEST */
    TREND_SETTLING,     /* LOWEST: it grew, and does so more and more slowly */
};
/* "too_short", "unsettled", "unsure", "stable", "growing", "falling",
 * "stepped_up", "stepped_down", "settling". */
const char *trend_state_name(enum trend_state s);

struct trend {
    enum trend_state state;
    bool any; /* the figures below are of something */
    /* In x's unit a second; low..high holds it at 95 %. */
    double slope, low, high;
    double level; /* the middle block */
    double last;  /* by the line, at the end */
    /* last_low: at the end, with the least slope, and the level at its lowest
     * (95 %); last_high: with the most, at its highest. */
    double last_low, last_high;
    double growth;   /* over span_s, in x's unit; STEPPED: by the step */
    double z;        /* above 2.58: not by chance (1 %) */
    double warmup_s; /* left out at the beginning: what the service does until
                        it is itself, which is worse than what follows; of
                        LOWEST it may be less as well */
    double span_s;   /* that was looked at */
    double block_s;
    size_t blocks;
    double needs_s; /* SHORT, UNSETTLED, UNSURE: so long in all, about */
};
struct trend trend_of(const struct trend_cells *cells,
                      const struct trend_rule *rule);

/* When a growing series comes to a limit. */
enum trend_reach {
    TREND_NEVER,  /* it does not grow, or nothing is sure of when */
    TREND_WITHIN, /* s, low and high hold */
    TREND_BEYOND, /* later than beyond_s; when, nobody can know */
};
/* Seconds from the end on. */
struct trend_time {
    double s;         /* left over the slope; 0 = it is there already */
    double low, high; /* by the intervals of slope and level, 95 % each, if it
                         goes on as it did; high may be INFINITY */
    bool far;         /* it is more than TREND_AHEAD times span_s away */
    double beyond_s;  /* of BEYOND: what is sure of it */
};
/* Noise makes most of what lies far beyond what was looked at: more than so
 * many times of span_s away a time is told only where the slope is known so
 * well that the latest is no more than TREND_APART times the earliest. */
#define TREND_AHEAD 10
#define TREND_APART 2
enum trend_reach trend_time_to(const struct trend *t, double limit,
                               struct trend_time *out);

#endif
