/* SPDX-License-Identifier: MIT
 *
 * ledger - what a reader of the feed makes of it: totals of the whole run, the
 * sliding window of the last ten seconds, and series over time. Fed one delta
 * a tick; asked for any figure at any time. Memory is constant over time and
 * requests. No clock, no I/O, no locks. */
#ifndef MEASURE_LEDGER_H
#define MEASURE_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/delta.h"
#include "measure/server.h"
#include "measure/summary.h"
#include "plan/plan.h"

#define LEDGER_WINDOW_US (10 * UINT64_C(1000000))

struct ledger; /* opaque */
struct series; /* measure/series.h */

/* lineup: what runs, for the scenario tag. Both borrowed and outlive the
 * ledger. */
struct ledger *ledger_new(const struct plan *plan, const struct lineup *lineup);
void ledger_free(struct ledger **l);

/* For a reader that never asks for the series over time, before the first feed:
 * it then keeps none (16 MB, and up to half of the time of a feed); and of the
 * window only figures that were wanted (ledger_want), what is told of
 * scenarios, and the lag. */
void ledger_without_series(struct ledger *l);

/* Before the first feed: the window is of whole seconds (those of the series'
 * slots), as many as ten seconds of active time need, and the one that has
 * begun. It is then the same at the end of a second, however many feeds that
 * came in. */
void ledger_in_seconds(struct ledger *l);

/* The gauges of the moment a tick closed. */
struct ledger_gauges {
    uint32_t vus;     /* active: running iterations, draining ones apart */
    uint32_t vus_max; /* most that the run has had room for */
    uint32_t planned; /* by the plan's curve at this moment */
    bool manual;      /* load is set by hand */
    struct server_seen server;
    bool several; /* the tick stands for several: in the middle of them */
    uint32_t vus_middle, planned_middle;
    /* Lowest and highest within the tick, where it stands for several: both 0
     * are as vus. */
    uint32_t vus_low, vus_high;
    /* The first two of each scenario, by its index in the lineup. */
    uint32_t scenario_vus[LINEUP_MAX], scenario_vus_max[LINEUP_MAX];
};
/* Adds a tick that lasted active_us of active time (pauses are not part of it;
 * 0 is allowed) and ended at t_us of run time. Takes nothing; d is borrowed for
 * the call. */
void ledger_feed(struct ledger *l, uint64_t t_us, uint64_t active_us,
                 const struct ledger_gauges *g, const struct delta *d);

/* Which part of the past. */
enum span { SPAN_RUN, SPAN_WINDOW };

/* A figure of the run or the window. */
struct figure {
    bool fed;         /* false: no sample ever matched; the rest is 0 */
    bool thin;        /* a percentile of fewer samples than it needs */
    uint64_t samples; /* behind it */
    double value;     /* in the metric's unit: ms, bytes, a share, a number;
                         per second for a counter's rate */
};
/* agg must fit the metric's type; percentile for AGG_P, 0..100. window_us: as
 * asked by a threshold, at most LEDGER_WINDOW_MAX_US (0 = whole run); it is
 * rounded up to ticks, or to a 200th of itself where that is longer. A window
 * other than LEDGER_WINDOW_US must have been announced for this selector. A
 * gauge, and dropped_iterations, is fed from the first tick on: the run itself
 * knows them. */
struct figure ledger_figure(const struct ledger *l, const struct selector *s,
                            enum threshold_agg agg, double percentile,
                            uint64_t window_us);
/* Several figures of one selector over the whole run, into out: what makes them
 * is added up but once. */
struct ledger_ask {
    enum threshold_agg agg;
    double percentile; /* AGG_P: 0..100 */
};
void ledger_figures(const struct ledger *l, const struct selector *s,
                    const struct ledger_ask *asks, size_t n,
                    struct figure *out);
/* Announces that this selector (borrowed, outlives the ledger) will be asked
 * for again and again, over the run and over window_us (0 = the ten seconds):
 * its sums are then kept up to date. Before the first feed. */
#define LEDGER_WINDOW_MAX_US (600 * UINT64_C(1000000))
void ledger_want(struct ledger *l, const struct selector *s,
                 uint64_t window_us);

/* Requests by outcome, for tables and the screen's numbers. name_index picks
 * one request name, -1 all. A window's min and max are those of their
 * buckets. */
struct summary ledger_summary(const struct ledger *l, int name_index,
                              enum span span);
/* The same of expected responses only ({expected_response:true}). */
struct summary ledger_summary_expected(const struct ledger *l, int name_index,
                                       enum span span);
/* How the requests of a name, or all (-1), went in the whole run. */
way_bits ledger_ways(const struct ledger *l, int name_index);

/* Errors, one for each kind and, for statuses, each code; by falling count.
 * Behind them each check that failed, of kind FAILURE_CHECK with status 0: they
 * are counted beside the requests, whether or not those failed by themselves.
 * The LEDGER_CHECKS_MAX that failed most have lines of their own; further ones
 * share a last line, which is of two checks at least. */
#define LEDGER_CHECKS_MAX 64
struct error_line {
    enum failure kind;
    uint16_t status; /* 0 = no response; STATUS_OTHER: see SHARD_SERIES_MAX */
    unsigned check;  /* plan->checks index, of a line of one check; else 0 */
    size_t checks;   /* FAILURE_CHECK: how many the line is of */
    uint64_t count, window_count;
    uint64_t first_us, last_us; /* run time, to the tick that brought it; first
                                   to the sample's time where there is one */
    int name_index;             /* request name it happens most at; -1: none */
    const struct failure_sample *sample; /* the latest; NULL if none; borrowed
                                            until the next feed */
};
/* Lines with a sample of their own, beside those of checks; further statuses
 * have none. */
#define LEDGER_SAMPLES_MAX 256
/* Fills at most max lines; returns how many there are in all. */
size_t ledger_errors(const struct ledger *l, struct error_line *out,
                     size_t max);
/* What such a line says, escaped, into buf: its sample's message; without one
 * the check's name, or what the kind means. Returns buf. */
const char *error_line_message(const struct plan *plan,
                               const struct error_line *line, char *buf,
                               size_t size);

/* The request name that the message is of: not always the one it happens most
 * at; -1: of none. */
int error_line_said_by(const struct plan *plan, const struct error_line *line);

struct check_line {
    uint64_t passes, fails, window_fails;
};
struct check_line ledger_check(const struct ledger *l, unsigned check);
/* Checks of one name on several requests are one check, as in k6: the sum of
 * those that have the name of this one. false: an earlier one has it, too, and
 * out is as it was. */
bool ledger_check_named(const struct ledger *l, unsigned check,
                        struct check_line *out);

/* What is no request, of one scenario of the lineup. Lateness is that of starts
 * against their due time, of arrival rates, in µs; a window's maximum is that
 * of its bucket. */
struct scenario_line {
    uint64_t iterations, interrupted, dropped;
    uint64_t late_p99_us, late_max_us;
};
struct scenario_line ledger_scenario(const struct ledger *l, unsigned scenario,
                                     enum span span);

/* Totals that are not requests. */
struct totals {
    uint64_t active_us; /* time that rates are made of */
    uint64_t iterations, interrupted, interrupted_requests, retries, rejected,
        folded, dropped;
    uint64_t checks_passed, checks_failed;
    uint32_t vus, vus_min, vus_max;
    uint64_t lag_p99_us;                 /* of timers, last ten seconds */
    uint64_t run_lag_p99_us, lag_max_us; /* whole run */
};
struct totals ledger_totals(const struct ledger *l);

/* Histogram of a trend for results files: built-in (phases,
 * iteration_duration, sse_…) or the plan's own; name_index -1 = all. Adds into
 * out (µs, or thousandths of the unit). */
void ledger_histo(const struct ledger *l, unsigned metric, int name_index,
                  struct histo *out);
/* Requests by status: calls fn for each request name, status (0 = no response,
 * STATUS_OTHER = folded) and failure that occurred, in this order. The counts
 * add up to ledger_summary's requests. */
typedef void ledger_status_fn(void *ctx, int name_index, unsigned status,
                              enum failure kind, uint64_t count);
void ledger_statuses(const struct ledger *l, ledger_status_fn *fn, void *ctx);

/* The series over time; borrowed, changes with each feed. Stays empty after
 * ledger_without_series. */
const struct series *ledger_series(const struct ledger *l);
size_t ledger_bytes(const struct ledger *l);

#endif
