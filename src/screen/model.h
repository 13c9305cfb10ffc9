/* SPDX-License-Identifier: MIT
 *
 * model - all that one picture shows, copied out of a story under its lock, so
 * that drawing holds no lock and a frozen picture stays as it was. Texts that
 * came from outside are already escaped. Knows neither curses nor sizes, but
 * for how fine the charts are. */
#ifndef SCREEN_MODEL_H
#define SCREEN_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chart/axis.h"
#include "chart/bins.h"
#include "chart/level.h"
#include "chart/scale.h"
#include "measure/stretch.h"
#include "plan/curve.h"
#include "run/appraisal.h"
#include "run/story.h"
#include "screen/edit.h"
#include "screen/layout.h"
#include "screen/model_baseline.h"
#include "screen/model_findings.h"
#include "screen/model_hunt.h"
#include "screen/model_server.h"
#include "screen/model_steps.h"
#include "screen/sort.h"

enum {
    MODEL_ERRORS_MAX = 64,  /* kinds of error that are kept */
    MODEL_EVENTS_MAX = 500, /* newest events that are kept */
};

/* Requests of one name. */
struct model_request {
    char *name;         /* owned, escaped */
    const char *method; /* static; "" when requests of several methods share
                           the name */
    size_t index;       /* of the name in the plan */
    size_t rank;        /* place in the table, when that was last sorted */
    bool keyed;         /* it then had a figure to sort by: */
    double key;         /* the largest comes first */
    struct summary run, window, at; /* at: in sight of the cursor */
    way_bits ways;                  /* of the whole run */
    struct bin *trend; /* owned; over the same time axis as the charts */
    size_t n_trend;
};

/* A stage where it was, or where it is planned to be, on the time axis. */
struct model_stage {
    uint64_t start_us, end_us; /* run time */
    size_t index;              /* in the curve */
    bool ahead;                /* begins after now */
};

/* A pause by hand: no iteration began. */
struct model_pause {
    uint64_t from_us, to_us; /* run time */
};

/* Lists, and the rows of each: indices, without what the filter leaves out. */
enum model_list {
    LIST_REQUESTS,
    LIST_ERRORS,
    LIST_EVENTS,
    LIST_CHECKS,
    LIST_FINDINGS,
    LIST_COUNT
};
struct model_rows {
    size_t *at; /* owned */
    size_t n;
};

/* One request looked into, over the whole run. */
enum {
    MODEL_PHASES = 7,        /* blocked, connecting, TLS, sending, waiting,
                                receiving; and the three last of them */
    MODEL_STATUSES_MAX = 40, /* of one request name that are kept */
};
struct model_phase {
    uint64_t n, p50_us, p95_us, p99_us, max_us;
};
struct model_status {
    unsigned status; /* 0 = no response, STATUS_OTHER = folded */
    enum failure kind;
    uint64_t count;
};
struct model_detail {
    bool on;
    bool later;  /* taken when the picture stood still already: of then */
    size_t name; /* index in the plan */
    struct model_phase phases[MODEL_PHASES];
    struct model_status statuses[MODEL_STATUSES_MAX];
    size_t n_statuses;
    uint64_t statuses_more; /* requests with further ones */
};
/* A check, and how often it passed. */
struct model_check {
    char *name, *request; /* owned, escaped */
    size_t name_index;    /* of its request */
    struct check_line line;
};

/* How much of the run is in sight. */
enum zoom { ZOOM_RUN, ZOOM_FIVE_MINUTES, ZOOM_MINUTE, ZOOM_COUNT };
/* That long; UINT64_MAX for ZOOM_RUN. */
uint64_t zoom_us(enum zoom z);

/* What is looked at; ui_want says it. */
struct model_want {
    int cols;       /* columns of a chart */
    int trend_cols; /* the same of a row of the table */
    enum zoom zoom;
    bool linear; /* latency on a linear scale, not a log one */
    enum heat_mode heat;
    bool heat_fits;                 /* there is room for lines and heatmap */
    int heat_rows;                  /* of the heatmap; 0 = none */
    int service_auto, service_full; /* charts of the service that have room:
                                       see layout */
    bool baseline;                  /* the earlier run is, if there is one */
    bool cursor;                    /* a moment is chosen: cursor_us */
    uint64_t cursor_us;
    size_t scenario; /* whose stages and load; one that is not there is the
                        first */
    enum sort sort;  /* of the requests */
    bool sort_turned;
    bool checks;           /* they are looked at */
    bool detail;           /* a request is looked into: */
    size_t detail_name;    /* its index in the plan's names */
    char filter[EDIT_MAX]; /* rows without this text are left out; "" = none */
};
/* One moment, a bin wide, that all figures are of. */
struct model_cursor {
    bool on;
    uint64_t from_us, to_us; /* run time */
    bool any;                /* there was a run then: all and level hold */
    bool ahead;              /* it is still to come: there is only the plan */
    bool planned_any;
    double planned; /* level that the plan wants then */
    struct stretch all;
    struct server_seen server; /* all zero: nothing was seen of it then */
    struct bin_level level;
    size_t stage;           /* index in the curve; SIZE_MAX = none */
    struct figure *figures; /* owned; a value for each verdict, fed: it has one
                             */
};

struct model_error {
    struct error_line line; /* its sample: see below */
    bool has_sample;
    struct failure_sample sample;
    char name[128];  /* request it happens most at, escaped; "" if none */
    char label[128]; /* as show_error has it; of a check "✗ its name" */
};

struct model {
    const struct run_info *info; /* borrowed; NULL before the first update */
    bool any;                    /* a tick has come: the rest is filled */
    size_t chosen;    /* the scenario whose stages and load are shown: index in
                         the lineup */
    struct tick tick; /* its pointers are NULL */
    struct verdict *verdicts; /* owned */
    size_t n_verdicts;
    struct appraisal appraisal;
    way_bits ways; /* of all requests, whole run */
    struct summary run, window, run_good, window_good; /* good: responses that
                                                           were expected */
    struct totals totals;
    struct model_request *requests; /* owned; sorted as asked for, by what is
                                       shown: a moment, last 10 s, the run */
    size_t n_requests;
    struct model_error *errors; /* owned */
    size_t n_errors;            /* kept */
    size_t n_errors_all;
    struct model_check *checks; /* owned; only when they are looked at */
    size_t n_checks;
    struct model_detail detail;
    struct event *events; /* owned; oldest first, escaped */
    size_t n_events, n_events_all;
    struct model_rows rows[LIST_COUNT]; /* those of events: newest first */
    struct bin *bins;                   /* owned */
    size_t n_bins;
    struct bin_level *levels; /* owned: by bin */
    struct model_want looked; /* what it was made for */
    uint64_t reach_us;        /* the whole run's time: 0..reach */
    struct axis axis;         /* the part of it that is in sight */
    uint64_t bin_us;          /* how wide a bin is; 0 = not known yet */
    struct model_cursor cursor;
    struct model_baseline baseline;
    struct model_stage *stages; /* owned; by time */
    size_t n_stages;
    struct model_pause *pauses; /* owned; by time */
    size_t n_pauses;
    struct scale level, rps, latency, spread,
        errs;      /* level: of the load, in the scenario's unit; spread: of
                      the heatmap; errs: per cent */
    uint8_t *heat; /* owned: levels of chart/heat.h, heat_rows to a bin, the
                      lowest first */
    int heat_rows;
    double rps_peak;   /* requests a second in the best whole second of the run,
                          however wide it is drawn; in slots of more where the
                          run is so long that there are no seconds */
    uint32_t vus_peak; /* the chosen scenario's, whole run */
    double rate_mean;  /* iterations that began in its time unit while it ran;
                          0 = it has no rate */
    bool has_change;
    struct change change; /* its event: see below */
    struct event change_event;
    struct model_steps steps;
    struct model_findings findings;
    struct model_hunt hunt;
    struct model_server server;
    struct output outputs[OUTPUTS_MAX]; /* where it is streamed to */
    size_t n_outputs;
    bool unreachable;        /* nothing answers any more, or nothing ever did */
    uint64_t unreachable_us; /* run time since when */
    char target[256];        /* escaped */
    char scenario[128];      /* escaped: the lineup's name */
    char part[128];          /* escaped: the chosen scenario's, of several */
};

/* The chosen scenario, once there is a tick; and its curve. */
static inline const struct tick_scenario *model_at(const struct model *m)
{
    return &m->tick.scenarios[m->chosen];
}
static inline const struct curve *model_curve(const struct model *m)
{
    return &m->info->curves[m->chosen];
}
/* Several scenarios run together. */
static inline bool model_several(const struct model *m)
{
    return m->any && m->tick.n_scenarios > 1;
}
/* What the last change's level is counted in; only with has_change. Returns
 * label, NUM_MAX bytes. */
const char *model_changed(const struct model *m, char *label);
/* Some scenario has an arrival rate: its starts have a due time. */
bool model_timed(const struct model *m);

/* What a model is made from, and what is kept from one to the next. */
struct model_source; /* opaque */

/* Borrows the story. */
struct model_source *model_source_new(struct story *story);
void model_source_free(struct model_source **s);
void model_init(struct model *m);
void model_clear(struct model *m);

/* Brings m up to date with the story, whose lock it takes meanwhile. */
void model_update(struct model *m, struct model_source *s,
                  const struct model_want *w);
/* Another look at the past that m shows: m stays as of its tick. */
void model_look(struct model *m, struct model_source *s,
                const struct model_want *w);
/* What figures are of: the cursor's moment, the whole run once it is over, or
 * the last ten seconds. */
const struct summary *model_shown(const struct model *m);
const struct summary *model_request_shown(const struct model *m,
                                          const struct model_request *r);

/* The verdict on a plain threshold of that metric without tags: p(percentile)
 * of a trend, the rate of a rate (percentile < 0). NULL = none. */
const struct verdict *model_verdict(const struct model *m, unsigned metric,
                                    double percentile);
/* Was it paused at any time within from..to? */
bool model_paused(const struct model *m, uint64_t from_us, uint64_t to_us);
/* How many verdicts fail; undecided ones do not. */
size_t model_failing(const struct model *m);

#endif
