/* SPDX-License-Identifier: MIT
 *
 * layout - what stands where at which size. Pure arithmetic. */
#ifndef SCREEN_LAYOUT_H
#define SCREEN_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

/* Below this there is one line that says so. */
enum { LAYOUT_COLS_MIN = 60, LAYOUT_ROWS_MIN = 16 };

enum layout_kind {
    LAYOUT_NONE,    /* too small for anything */
    LAYOUT_MINIMAL, /* numbers and one line each, from 60x16 */
    LAYOUT_COMPACT, /* charts over one column of lists, from 80x24 */
    LAYOUT_NORMAL,  /* lists side by side, from 110x34 */
    LAYOUT_WIDE,    /* every list beside the charts, from 160x44 */
};

/* Latency over time. */
enum heat_mode {
    HEAT_AUTO, /* as there is room */
    HEAT_LINES,
    HEAT_BOTH, /* lines and a heatmap; without room for both HEAT_ONLY */
    HEAT_ONLY,
};

/* Charts of what is watched of the service itself. */
enum service_mode {
    SERVICE_AUTO, /* as there is room beside all else */
    SERVICE_FULL, /* in place of requests, where room is scarce */
    SERVICE_NONE,
};
enum { LAYOUT_SERVICE_MAX = 8 };

/* A stretch of rows; n == 0: not shown. */
struct lines {
    int row, n;
};

struct layout {
    enum layout_kind kind;
    int cols, rows;
    int gutter;           /* columns of labels left of the charts */
    int chart_col, chart; /* first column of the charts, how many */
    int side_col, side;   /* the numbers right of them */
    int strip;            /* row of stages; -1 = none */
    struct lines load, rps, latency, errs; /* bands of charts */
    enum heat_mode heat_mode;              /* not HEAT_AUTO */
    bool heat_fits;    /* lines and heatmap have room beside one another */
    struct lines heat; /* n == 0: none; in HEAT_ONLY the rows of latency */
    struct lines service[LAYOUT_SERVICE_MAX]; /* one for each that is shown: */
    int n_service, service_first;   /* so many of them, from this one on */
    int service_auto, service_full; /* how many those modes have room for */
    int axis;                       /* row of the time axis */
    struct lines requests;          /* table with its title and heading */
    int requests_cols;
    struct lines thresholds; /* list with its title; in LAYOUT_NORMAL errors and
                               thresholds share the space right of requests */
    int change;              /* row of before and after; -1 = in the side */
    int generator;    /* row of the generator's health; -1: in the side */
    struct lines log; /* newest events */
    int footer;       /* row of keys */
    int trend;        /* columns of a trend in the table */
};

/* What there is to be shown. */
struct layout_want {
    int cols, rows;                  /* of the screen */
    size_t n_requests, n_thresholds; /* rows that the lists could use */
    enum heat_mode heat;
    size_t n_service; /* that are watched; 0 = nobody looks */
    enum service_mode service;
    size_t service_first; /* SERVICE_FULL: from this one on */
};
struct layout layout_make(const struct layout_want *w);

#endif
