/* SPDX-License-Identifier: MIT
 *
 * baseline - an earlier run out of its results JSON ("brunt-results/1") or its
 * recording, for this one to be held against: its curves over time, when its
 * stages were, and its figures, overall and by request name. The file may come
 * from anywhere: it is read in bounds and checked as a whole. Never changes
 * once it is read: any thread. */
#ifndef RECORD_BASELINE_H
#define RECORD_BASELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "run/story.h"

enum {
    BASELINE_BYTES_MAX = 64 << 20, /* of the file */
    BASELINE_POINTS_MAX = 100000,  /* of a curve */
    BASELINE_NAMES_MAX = 10000,    /* request names */
    BASELINE_EVENTS_MAX = 100000,
    BASELINE_MOMENTS_MAX = 200000, /* of all request names together */
};

/* What a figure or a point has where it has none is NAN. */
struct baseline_point {
    uint64_t start_us, end_us; /* run time */
    double value;
};
struct baseline_curve {
    struct baseline_point *points; /* owned; by time, gapless */
    size_t n;
};

/* A stage while the run was in it; one that was jumped to again has several. */
struct baseline_visit {
    size_t stage; /* index in the scenario's curve */
    char *label;  /* owned: "spike 220" (curve_stage_label, in ASCII); "" =
                     unknown */
    uint64_t start_us, end_us;
};

struct baseline_part { /* a scenario of the lineup */
    char *name;        /* owned */
    bool rate;         /* level: iterations begun a second, else VUs */
    struct baseline_curve level;
    double vus_max; /* most VUs at work at a time; NAN = unknown */
    double steady;  /* that it was all but a tenth of the time, give or take a
                       tenth; NAN = it varied */
    struct baseline_visit *visits; /* owned; by time */
    size_t n_visits, cap_visits;
};

/* Figures of a stretch of time. */
struct baseline_figures {
    double rps; /* 1/s */
    double p95_us;
    double errors; /* share, 0..1 */
    double p50_us, p99_us;
};

/* What the screen had of a request name at a moment: of the window that ended
 * then, its percentile that of merged histograms. */
struct baseline_moment {
    uint64_t t_us; /* run time: the window's end */
    double requests;
    struct baseline_figures was;
};

struct baseline_name { /* a request name */
    char *name;        /* owned */
    struct baseline_figures run;
    struct baseline_moment *at; /* owned; by time; none in files of earlier
                                   versions */
    size_t n;
    uint64_t step_us;   /* from one to the next */
    uint64_t window_us; /* how long the window is */
};

struct baseline_run {
    char *file;     /* owned: as given */
    char *scenario; /* owned: the lineup's name */
    char *started;  /* owned: RFC 3339 */
    bool over;      /* not written while it was running */
    char *damage;   /* owned: where its recording is damaged, behind all that is
                       here; NULL = nowhere */
    uint64_t length_us;
    struct baseline_figures run;            /* whole run */
    struct baseline_curve rps, p95, errors; /* values as in figures */
    struct baseline_curve p50, p99;         /* may be empty */
    struct baseline_curve vus;              /* at work; may be empty */
    double iterations;                      /* 1/s, whole run; NAN = unknown */
    struct baseline_part *parts;            /* owned; at least one */
    size_t n_parts;
    struct baseline_name *names; /* owned */
    size_t n_names;
    bool over_time;         /* some of them have moments */
    struct window *windows; /* owned; none in files of earlier versions */
    size_t n_windows;
    struct coarse *coarse;        /* owned: what they point into */
    struct story_earlier earlier; /* all that, for a story */
};

/* Reads a file. NULL: e says what is wrong, where, what was expected and what
 * to do. Owned by the caller. */
struct baseline_run *baseline_read(const char *path, struct err *e) MUST_CHECK;
/* The same from n bytes of text; file names it in errors. */
struct baseline_run *baseline_parse(const char *text, size_t n,
                                    const char *file, struct err *e) MUST_CHECK;
/* The same from a recording, whose results are made of what is in it; file
 * names the run. Of one that was cut off or is damaged, or that a run is still
 * writing, what there is. */
struct baseline_run *baseline_recorded(const char *path, const char *file,
                                       struct err *e) MUST_CHECK;
void baseline_free(struct baseline_run **b);

/* The scenario of that name; the only one, whatever its name; NULL = none. */
const struct baseline_part *baseline_part_of(const struct baseline_run *b,
                                             const char *name);
const struct baseline_name *baseline_name_of(const struct baseline_run *b,
                                             const char *name);

/* The value at that moment of the earlier run; NAN = none. */
double baseline_at(const struct baseline_curve *c, uint64_t t_us);
/* The mean over its time; NAN = it has none. */
double baseline_mean(const struct baseline_curve *c);
/* What a request name had nearest to that moment; NULL = nothing. */
const struct baseline_moment *baseline_then(const struct baseline_name *name,
                                            uint64_t t_us);
/* Figures of several stretches of the earlier run put together; all zero is
 * none. */
struct baseline_sum {
    double seconds, requests, failed;
    double *p95; /* owned: the points' own */
    size_t n, cap, points;
};
/* Adds the points whose middle lies within from..to. */
void baseline_sum_add(struct baseline_sum *s, const struct baseline_run *b,
                      uint64_t from_us, uint64_t to_us);
/* The mean rate, the share of errors of all requests, and of p95 the median of
 * the points' own: what a file keeps of them cannot be merged; of other
 * percentiles nothing. Empties s. false: there was no point, and *out is
 * untouched. */
bool baseline_sum_end(struct baseline_sum *s, struct baseline_figures *out);

#endif
