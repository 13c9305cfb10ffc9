/* SPDX-License-Identifier: MIT
 *
 * model_baseline - an earlier run laid beside this one, stage by stage: each
 * stage of the chosen scenario that was, is, or is planned has the earlier
 * run's stage of the same name (or, without one, of the same place) beside it
 * from its start on. Where the earlier one was not so long, or had no such
 * stage, there is nothing. */
#ifndef SCREEN_MODEL_BASELINE_H
#define SCREEN_MODEL_BASELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/curve.h"
#include "record/baseline.h"

/* What model_shown is of while the run goes on. */
#define MODEL_WINDOW_US (10 * UINT64_C(1000000))

/* A stage of this run, and the earlier one's beside it. */
struct baseline_pair {
    uint64_t from_us, to_us;     /* of this run; as long as both are */
    uint64_t was_us;             /* of the earlier one: its start */
    uint64_t end_us, was_end_us; /* when each of the two stages ended */
};

/* One dot of a chart. What is NAN is not there. */
struct baseline_dot {
    double level; /* as bin_level.level */
    double rps, p95_us, errors;
};

/* What requests by name are held against. */
enum baseline_by {
    BASELINE_BY_NOTHING,
    BASELINE_BY_WINDOW, /* the same ten seconds of the same stage */
    BASELINE_BY_LONGER, /* ten seconds with a longer window up to the same
                           moment: the file has no other */
    BASELINE_BY_MOMENT, /* the ten seconds about the cursor: hardly the same */
    BASELINE_BY_RUN,    /* whole runs */
    BASELINE_BY_STEADY, /* a whole run that has nothing else of them, and had
                           the load that is on now all the time */
};
struct baseline_beside {
    bool any;
    uint64_t requests; /* that its percentile is of; UINT64_MAX = enough */
    struct baseline_figures was;
};

struct model_baseline {
    const struct baseline_run *run; /* borrowed; NULL: none, or not shown */
    struct baseline_pair *pairs;    /* owned; by time */
    size_t n_pairs;
    struct baseline_dot *dots; /* owned; evenly over the axis, both ends */
    size_t n_dots;
    bool any;                      /* something is beside what is shown: */
    struct baseline_figures shown; /* of the same stretch as model_shown */
    double level; /* the load there, as bin_level.level; of the whole run the
                     highest; NAN = none */
    bool names;   /* some of the plan's requests are in it */
    enum baseline_by by;
    struct baseline_beside *beside; /* owned: by index of the plan's names; NULL
                                       with BASELINE_BY_NOTHING */
};

/* A stage of this run: which, and when. */
struct baseline_stage {
    size_t index;
    uint64_t start_us, end_us;
};

struct model;
struct model_source;
/* Earlier run, or NULL; borrowed as long as the source is. */
void model_source_baseline(struct model_source *s,
                           const struct baseline_run *run);
void model_baseline_clear(struct model_baseline *b);
/* The curves: once stages and axis are known. */
void model_baseline_dots(struct model *m, const struct model_source *s);
/* The highest of what is in sight, and the lowest latency; what is 0 or higher
 * already stays. */
struct baseline_peaks {
    double level, rps, errors; /* errors: per cent */
    double p95_lo, p95_hi;     /* µs; lo 0: none yet */
};
void model_baseline_peaks(const struct model_baseline *b,
                          struct baseline_peaks *peaks);
/* The figures: once the cursor is. */
void model_baseline_shown(struct model *m, const struct model_source *s);
/* Those of requests by name, after them (model_beside.c). */
void model_beside(struct model *m, const struct model_source *s);
/* The pair that a moment of this run is in; NULL = nothing is beside it. */
const struct baseline_pair *baseline_pair_at(const struct model_baseline *b,
                                             uint64_t t_us);
/* What a request has beside it now; NULL = nothing. */
const struct baseline_beside *model_baseline_name(const struct model *m,
                                                  size_t name_index);

#endif
