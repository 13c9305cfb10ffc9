/* SPDX-License-Identifier: MIT
 *
 * model_internal - what the files that make a model share. */
#ifndef SCREEN_MODEL_INTERNAL_H
#define SCREEN_MODEL_INTERNAL_H

#include "chart/heat.h"
#include "screen/model.h"

struct model_source {
    struct story *story;                     /* borrowed */
    unsigned generation;                     /* of it, that the rest is of */
    const struct baseline_run *baseline;     /* borrowed; NULL = none */
    const struct baseline_name **base_names; /* owned, n_names: its names beside
                                                the plan's; NULL = none */
    struct bins *all;                        /* owned */
    struct bins **by_name;                   /* owned, n_names */
    size_t n_names;
    size_t *rank;       /* owned: a name's place in the table, when that was
                           last sorted */
    uint64_t sorted_us; /* run time of that */
    bool sorted, sorted_over; /* ever; and when the run was over */
    bool sorted_cursor;       /* by figures of a moment */
    enum sort sort;           /* as it was */
    bool sort_turned;
    uint64_t reach_us;      /* as it was; 0 = not settled */
    uint64_t bin_us;        /* width of a bin, as it was */
    struct model_want seen; /* what was looked at last */
    struct heat *heat;      /* owned */
    size_t server_slots;    /* so many were looked at for the next three: */
    bool memory_seen, cpu_seen;
    uint64_t server_first_us; /* of the first with anything of the service */
    struct scale gauges[MODEL_GAUGES_MAX];
    struct scale level, rps, latency, spread, errs;
};

/* Stages on the time axis: those that were from the events, those to come from
 * the curve. */
void model_time_stages(struct model *m);
/* The pauses, from the events as well. */
void model_time_pauses(struct model *m);
/* The chosen scenario's load over the bins. */
void model_load(struct model *m, const struct course *c);
/* How far the whole run reaches. */
void model_view_reach(struct model *m, struct model_source *s);
/* Everything that depends on what is looked at; under the story's lock, once
 * what is of the moment is filled. */
void model_view(struct model *m, struct model_source *s,
                const struct model_want *w);
/* What is watched of the service, once the rest of the moment is known; and
 * what of it depends on what is looked at. */
void model_server_take(struct model *m, struct model_source *s);
void model_server_view(struct model *m, struct model_source *s);
void model_cursor(struct model *m, const struct series *s,
                  const struct model_want *w);
/* What open panels ask for; fresh: m is being brought up to date, under the
 * story's lock. */
void model_detail_take(struct model *m, const struct ledger *l,
                       const struct model_want *w, bool fresh);
void model_detail_clear(struct model *m);
/* The rows of all lists; once what is shown is known. */
void model_rows_make(struct model *m, struct model_source *s,
                     const struct model_want *w);
/* Samples that a bin has to have for the scale to begin at its latency: a
 * handful (setup, the first moments) does not say how low the chart begins. */
uint64_t model_time_enough(const struct model *m);
/* Fits the scales (kept in s) to what is shown now. */
void model_time_scales(struct model *m, struct model_source *s);
/* Does the service answer? The series as the lock protects it. */
void model_time_unreachable(struct model *m, const struct series *s);
/* The best whole second of the run. */
void model_time_peak(struct model *m, const struct series *s);

#endif
