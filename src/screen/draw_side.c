/* SPDX-License-Identifier: MIT
 *
 * draw_side - the numbers right of the charts, each at the rows of its curve.
 * Numbers are of the last ten seconds unless they say otherwise, and of the
 * whole run when it is over. */
#include "config.h"

#include "screen/draw.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "measure/failure.h"
#include "plan/metric.h"
#include "run/level.h"
#include "screen/show.h"

/* Share of failed requests from which the good ones are shown apart. */
#define SIDE_ERRORS_SHOWN 0.01
/* Share of a limit from which a value stands out before it breaks it. */
#define SIDE_WARN_SHARE 0.8

/* Where the next line goes. */
struct side {
    const struct draw *d;
    int row, end; /* end: first row that is not free */
    int col;
    int value; /* column behind the values */
};

static struct side side_begin(const struct draw *d, struct lines at)
{
    return (struct side){.d = d,
                         .row = at.row,
                         .end = at.row + at.n,
                         .col = d->l.side_col,
                         .value = d->l.side_col +
                                  (d->l.kind == LAYOUT_COMPACT ? 16 : 20)};
}

/* Columns behind the values. */
static int side_room(const struct side *s)
{
    return s->d->l.side_col + s->d->l.side - 1 - s->value;
}

/* "label     value extra"; false when there is no row left. label_role ties it
 * to its line in the chart. */
static bool side_line_as(struct side *s, enum role label_role,
                         const char *label, enum role role, const char *value,
                         enum role extra_role, const char *extra)
{
    struct grid *g = s->d->g;

    if (s->row >= s->end) {
        return false;
    }
    grid_put(g, s->row, s->col, label_role, label);
    grid_right(g, s->row, s->value, 10, role, value);
    grid_fit(g, s->row, s->value + 1, side_room(s), extra_role, extra);
    s->row++;
    return true;
}

static bool side_line(struct side *s, const char *label, enum role role,
                      const char *value, enum role extra_role,
                      const char *extra)
{
    return side_line_as(s, ROLE_FRAME, label, role, value, extra_role, extra);
}

static bool side_over(const struct draw *d)
{
    return d->m->tick.state == RUN_FINISHED && !d->m->cursor.on;
}

/* A number that grows for as long as the run lasts. */
static void side_total(struct side *s, const char *label, uint64_t n)
{
    char number[NUM_MAX];

    if (s->d->l.kind == LAYOUT_COMPACT && n >= 1000000) {
        show_axis_count(number, sizeof number, (double)n);
    } else {
        num_count(number, n);
    }
    side_line(s, label, ROLE_TEXT, number, ROLE_TEXT, "");
}

/* An arrival rate: what begins against what was asked for, VUs at work of those
 * there may be, and what no VU was free for. */
static void side_arrivals(struct side *s, const struct tick_scenario *at,
                          bool narrow)
{
    uint64_t unit = model_curve(s->d->m)->time_unit_us;
    bool by_hand = draw_by_hand(at);
    char number[NUM_MAX], other[NUM_MAX], text[64], name[NUM_MAX];

    show_word_count(text, sizeof text, by_hand ? "of" : draw_plan_word(s->d),
                    at->wanted, num_count(other, at->wanted), side_room(s));
    if (at->state > SCENARIO_RUNNING) { /* none is asked for any more */
        snprintf(text, sizeof text, "at end");
    }
    side_line_as(s, by_hand ? ROLE_MANUAL : ROLE_LIVE,
                 !by_hand    ? level_unit(name, unit)
                 : at->spike ? "SPIKE"
                             : "MANUAL",
                 by_hand ? ROLE_MANUAL : ROLE_LIVE,
                 num_rate(number, at->rate * (double)unit / 1e6), ROLE_PLAN,
                 text);
    show_word_count(text, sizeof text, "of", at->vus_max,
                    num_count(other, at->vus_max), side_room(s));
    side_line(s, narrow ? "VUs" : "VUs in use", ROLE_TEXT,
              num_count(number, at->vus),
              at->vus >= at->vus_max ? ROLE_WARN : ROLE_FRAME, text);
    if (at->dropped_all > 0) {
        side_line_as(s, ROLE_BAD, "dropped", ROLE_BAD,
                     num_count(number, at->dropped_all), ROLE_BAD, "✗ no VU");
    }
    if (!narrow || s->d->l.load.n > 4) {
        side_line(s, "late p99", ROLE_TEXT,
                  show_latency(text, sizeof text, at->late_p99_us, true),
                  ROLE_TEXT, "");
    }
}

/* What the earlier run had, and how that is now; only with a baseline. */
static void side_base(struct side *s, enum baseline_line line,
                      const char *label, double now, bool any)
{
    const struct model_baseline *b = &s->d->m->baseline;
    const struct baseline_figures *f = &b->shown;
    double was = line == BASELINE_LEVEL ? b->level
                 : !b->any              ? NAN
                 : line == BASELINE_RPS ? f->rps
                 : line == BASELINE_P95 ? f->p95_us
                                        : f->errors;
    char value[48] = "-", delta[32];
    enum role role;

    if (b->run == NULL || (line == BASELINE_LEVEL && s->d->l.load.n < 6)) {
        return; /* of few rows, the load can do without */
    }
    role = draw_baseline_delta(line, any, now, was, delta, sizeof delta);
    if (!isnan(was)) {
        bool about = line == BASELINE_P95 && draw_baseline_about(s->d);

        value[0] = '~';
        draw_baseline_value(line, was, value + about, sizeof value - about);
    }
    label = line == BASELINE_LEVEL && model_at(s->d->m)->timed ? "rate base"
                                                               : label;
    side_line_as(s, ROLE_BASE, label, ROLE_BASE, value, role,
                 strcmp(delta, "-") == 0 ? "" : delta);
}

static void side_vus(const struct draw *d)
{
    struct side s = side_begin(d, d->l.load);
    const struct tick *t = &d->m->tick;
    const struct tick_scenario *at = model_at(d->m);
    char number[NUM_MAX], other[NUM_MAX], text[64];
    bool by_hand = draw_by_hand(at);
    bool narrow = d->l.kind == LAYOUT_COMPACT;
    uint32_t beside = side_over(d) ? d->m->vus_peak : at->planned;

    if (at->timed) {
        side_arrivals(&s, at, narrow);
    } else {
        show_word_count(text, sizeof text,
                        side_over(d) ? "peak" : draw_plan_word(d), beside,
                        num_count(other, beside), side_room(&s));
        side_line_as(&s, by_hand ? ROLE_MANUAL : ROLE_LIVE,
                     !by_hand    ? "VUs"
                     : at->spike ? "SPIKE"
                                 : "MANUAL",
                     by_hand ? ROLE_MANUAL : ROLE_LIVE,
                     num_count(number, at->vus), ROLE_PLAN, text);
    }
    side_base(&s, BASELINE_LEVEL, "VUs base", draw_baseline_load(d), true);
    if (model_several(d->m)) {
        side_line(&s, "all VUs", ROLE_TEXT, num_count(number, t->vus),
                  ROLE_TEXT, "");
    }
    /* Beside a row that is always there: what comes and goes must not move the
     * rows below. */
    text[0] = '\0';
    if (t->draining > 0) {
        show_word_count(text, sizeof text, "drain", t->draining,
                        num_count(other, t->draining), side_room(&s));
    } else if (!at->timed && at->wanted != at->vus && t->state == RUN_RUNNING) {
        show_word_count(text, sizeof text, "asked", at->wanted,
                        num_count(other, at->wanted), side_room(&s));
    }
    if (d->l.rps.n == 0 && at->timed) { /* rows are few, and this one counts */
        side_line(&s, "req/s", ROLE_LIVE,
                  num_rate(number, model_shown(d->m)->rate), ROLE_TEXT, "");
    }
    side_line(&s, "in flight", ROLE_TEXT, num_count(number, t->in_flight),
              t->draining > 0 ? ROLE_WARN : ROLE_TEXT, text);
    if (d->l.rps.n == 0 && !at->timed) {
        side_line(&s, "req/s", ROLE_LIVE,
                  num_rate(number, model_shown(d->m)->rate), ROLE_TEXT, "");
    }
    if (d->l.rps.n == 0) {
        side_base(&s, BASELINE_RPS, "base", model_shown(d->m)->rate, true);
    }
    side_total(&s, "requests", d->m->run.requests);
    side_total(&s, narrow ? "iters" : "iterations", d->m->totals.iterations);
    side_line(&s, "VU limit", ROLE_TEXT, num_count(number, t->vus_max),
              ROLE_TEXT, "");
}

static void side_rps(const struct draw *d)
{
    struct side s = side_begin(d, d->l.rps);
    char number[NUM_MAX], text[64];

    show_word_count(text, sizeof text, "peak", d->m->rps_peak,
                    num_rate(number, d->m->rps_peak), side_room(&s));
    side_line(&s, "req/s", ROLE_LIVE,
              d->m->cursor.on && !d->m->cursor.any
                  ? "-"
                  : num_rate(number, model_shown(d->m)->rate),
              ROLE_FRAME, text);
    side_base(&s, BASELINE_RPS, "base", model_shown(d->m)->rate,
              !d->m->cursor.on || d->m->cursor.any);
    if (d->m->cursor.on) {
        return; /* bytes are not kept by the second */
    }
    side_line(&s, "sent", ROLE_TEXT, num_bytes(number, d->m->run.sent),
              ROLE_TEXT, "");
    side_line(&s, "received", ROLE_TEXT, num_bytes(number, d->m->run.received),
              ROLE_TEXT, "");
}

/* A percentile of the last ten seconds, and what the rule on it says. */
static void side_percentile(struct side *s, const char *label, double p,
                            uint64_t us, enum role line)
{
    const struct draw *d = s->d;
    const struct summary *w = model_shown(d->m);
    const struct verdict *v = model_verdict(d->m, METRIC_HTTP_REQ_DURATION, p);
    bool holds = false, judged = v != NULL && draw_judged(d, v, &holds);
    bool hollow = holds && draw_hollow(w);
    char text[48], value[64], rule[64] = "";
    enum role role = line;

    if (judged) {
        role = !holds ? ROLE_BAD
               : hollow ||
                       (double)us >= v->threshold->limit * 1e3 * SIDE_WARN_SHARE
                   ? ROLE_WARN
                   : line;
    }
    if (v != NULL) {
        show_rule(d->m->info->plan, v->threshold, text, sizeof text);
        snprintf(rule, sizeof rule, "%s %s",
                 !judged  ? " "
                 : hollow ? "!"
                 : holds  ? (d->g->ascii ? "ok" : "✓")
                          : "✗",
                 strchr(text, ' ') + 1);
    }
    snprintf(value, sizeof value, "%s%s%s", draw_about(role, w->responses, p),
             show_latency_beside(text, sizeof text, us, w->responses > 0, v),
             draw_doubt(d));
    if (side_line_as(s, line, label, draw_thin(role, w->responses, p), value,
                     ROLE_LIMIT, rule) &&
        judged) {
        grid_paint(d->g, s->row - 1, s->value + 1, d->g->ascii ? 2 : 1,
                   !holds   ? ROLE_BAD
                   : hollow ? ROLE_WARN
                            : ROLE_GOOD);
    }
}

static void side_latency(const struct draw *d)
{
    struct side s = side_begin(d, d->l.latency);
    const struct summary *w = model_shown(d->m);
    char text[48], value[64];

    side_percentile(&s, "p50", 50, w->p50_us, ROLE_P50);
    side_percentile(&s, "p95", 95, w->p95_us, ROLE_LIVE);
    side_base(&s, BASELINE_P95, "p95 base", (double)w->p95_us,
              w->responses > 0);
    side_percentile(&s, "p99", 99, w->p99_us, ROLE_P99);
    /* With errors about, those without failures stand beside them all. */
    if (w->error_rate > SIDE_ERRORS_SHOWN && !d->m->cursor.on) {
        const struct summary *good =
            side_over(d) ? &d->m->run_good : &d->m->window_good;

        snprintf(
            value, sizeof value, "%s%s",
            show_latency(text, sizeof text, good->p95_us, good->responses > 0),
            draw_doubt(d));
        side_line(&s, "p95 ok", draw_thin(ROLE_TEXT, good->responses, 95),
                  value, ROLE_FRAME, side_room(&s) >= 10 ? "not failed" : "");
    }
    if (model_timed(d->m) &&
        !d->m->cursor.on) { /* what a user waited, with no VU to ask for him */
        side_line(&s, "p95 due", draw_thin(ROLE_TEXT, w->due, 95),
                  show_latency(text, sizeof text, w->due_p95_us, w->due > 0),
                  ROLE_FRAME, "from due");
        side_line(&s, "p99 due", draw_thin(ROLE_TEXT, w->due, 99),
                  show_latency(text, sizeof text, w->due_p99_us, w->due > 0),
                  ROLE_FRAME, "");
    }
    snprintf(value, sizeof value, "%s%s",
             show_latency(text, sizeof text, w->max_us, w->responses > 0),
             draw_doubt(d));
    side_line(&s, "max", ROLE_TEXT, value, ROLE_FRAME, "");
    if (!side_over(d)) {
        side_line(&s, "p95 run", draw_thin(ROLE_FRAME, d->m->run.responses, 95),
                  show_latency(text, sizeof text, d->m->run.p95_us,
                               d->m->run.responses > 0),
                  ROLE_FRAME, "");
    }
}

/* Errors by class: of the run, or of what is shown. */
static void side_counts(const struct model *m, bool run,
                        uint64_t counts[ERRORS_COUNT])
{
    size_t i;

    if (m->cursor.on && !run) {
        memcpy(counts, m->cursor.all.errors, ERRORS_COUNT * sizeof *counts);
        return;
    }
    memset(counts, 0, ERRORS_COUNT * sizeof *counts);
    for (i = 0; i < m->n_errors; i++) {
        const struct error_line *e = &m->errors[i].line;

        /* Failed checks are counted beside requests, not among them. */
        if (e->kind != FAILURE_CHECK) {
            counts[error_class_of(e->kind)] += run ? e->count : e->window_count;
        }
    }
}

/* The class with most errors, but for one of them; ERRORS_COUNT = none. */
static enum error_class side_most(const uint64_t counts[ERRORS_COUNT],
                                  enum error_class but)
{
    int best = ERRORS_COUNT, k;

    for (k = 0; k < ERRORS_COUNT; k++) {
        if (k != (int)but && counts[k] > 0 &&
            (best == ERRORS_COUNT || counts[k] > counts[best])) {
            best = k;
        }
    }
    return (enum error_class)best;
}

/* "5xx 3.8%" as the extra of a line: a class's share of requests, as its part
 * of the share that stands on that line. That one may be of when rules were
 * judged last, and counts are newer: a part is never larger than the whole. */
static enum role side_class(const struct side *s, enum error_class c,
                            const uint64_t *counts, double whole, char *buf,
                            size_t size)
{
    uint64_t sum = 0;
    int k;

    buf[0] = '\0';
    for (k = 0; k < ERRORS_COUNT; k++) {
        sum += counts[k];
    }
    if (c == ERRORS_COUNT || counts[c] == 0) {
        return ROLE_TEXT;
    }
    show_class_share(buf, size, c, whole * (double)counts[c] / (double)sum,
                     side_room(s));
    return show_class_role(c);
}

/* What is shown, with its first class; the run, with its: the same, if that is
 * what is shown, and then the next one. 429s stand apart wherever there are
 * any. */
static void side_errors(const struct draw *d)
{
    struct side s = side_begin(d, d->l.errs);
    const struct verdict *v = model_verdict(d->m, METRIC_HTTP_REQ_FAILED, -1);
    const struct summary *shown = model_shown(d->m), *run = &d->m->run;
    uint64_t counts[ERRORS_COUNT], all[ERRORS_COUNT];
    enum error_class most, next;
    char number[NUM_MAX], text[64];
    bool holds = true, judged = v != NULL && draw_judged(d, v, &holds);
    bool over = side_over(d), none = d->m->cursor.on && shown->requests == 0;
    enum role role;
    int k;

    side_counts(d->m, over, counts);
    side_counts(d->m, true, all);
    most = side_most(counts, ERRORS_COUNT);
    role = side_class(&s, most, counts, shown->error_rate, text, sizeof text);
    side_line(&s,
              over              ? "err run"
              : d->m->cursor.on ? "errors"
                                : "err 10 s",
              judged && !holds ? ROLE_BAD : ROLE_TEXT,
              none ? "-" : show_share_beside(number, shown->error_rate, v),
              role, text);
    if (d->l.errs.n > 2) {
        side_base(&s, BASELINE_ERRORS, "err base", shown->error_rate,
                  shown->requests > 0);
    }
    most = over ? most : ERRORS_COUNT; /* has been told */
    next = all[ERRORS_429] > 0 && most != ERRORS_429 ? ERRORS_429
                                                     : side_most(all, most);
    role = side_class(&s, next, all, run->error_rate, text, sizeof text);
    side_line(&s, over ? "failed" : "err run",
              v != NULL && !v->pending && !v->ok ? ROLE_BAD : ROLE_TEXT,
              over ? num_count(number, run->failed)
                   : show_share_beside(number, run->error_rate, v),
              role, text);
    if (v != NULL) {
        show_rule(d->m->info->plan, v->threshold, text, sizeof text);
        side_line(&s, "  limit", ROLE_LIMIT, strchr(text, ' ') + 1, ROLE_TEXT,
                  "");
    }
    for (k = ERRORS_COUNT - 1; k >= 0; k--) {
        if (all[k] > 0 && k != (int)most && k != (int)next) {
            role = side_class(&s, (enum error_class)k, all, run->error_rate,
                              text, sizeof text);
            side_line(&s, "", ROLE_TEXT, "", role, text);
        }
    }
}

/* Load and rate of the moment that the cursor stands at. */
static void side_cursor(const struct draw *d)
{
    struct side s = side_begin(d, d->l.load);
    const struct model_cursor *c = &d->m->cursor;
    bool any = c->any && c->level.any;
    char number[NUM_MAX], text[64] = "", label[NUM_MAX];

    level_unit(label, model_curve(d->m)->time_unit_us);
    if (c->planned_any) {
        show_word_count(
            text, sizeof text, draw_plan_word(d), c->planned,
            show_level(number, c->planned, model_curve(d->m)->time_unit_us),
            side_room(&s));
    }
    side_line_as(&s, any && c->level.manual ? ROLE_MANUAL : ROLE_LIVE,
                 any && c->level.manual ? "MANUAL" : label,
                 any && c->level.manual ? ROLE_MANUAL : ROLE_LIVE,
                 any ? show_level(number, c->level.level,
                                  model_curve(d->m)->time_unit_us)
                     : "-",
                 ROLE_PLAN, text);
    side_base(&s, BASELINE_LEVEL, "VUs base", draw_baseline_load(d), true);
    if (d->l.rps.n == 0) {
        side_line(&s, "req/s", ROLE_LIVE,
                  c->any ? num_rate(number, c->all.sum.rate) : "-", ROLE_TEXT,
                  "");
        side_base(&s, BASELINE_RPS, "base", c->all.sum.rate, c->any);
    }
    side_line(&s, "requests", ROLE_TEXT,
              c->any ? num_count(number, c->all.sum.requests) : "-", ROLE_FRAME,
              "");
    side_line(&s, "failed", c->all.sum.failed > 0 ? ROLE_WARN : ROLE_TEXT,
              c->any ? num_count(number, c->all.sum.failed) : "-", ROLE_FRAME,
              "");
    if (c->stage < model_curve(d->m)->n && s.row < s.end) {
        grid_put(d->g, s.row, s.col, ROLE_FRAME, "stage");
        draw_stage_name(d, s.row, s.col + 7, d->l.side - 8, c->stage);
    }
}

void draw_side(const struct draw *d)
{
    if (d->m->cursor.on) {
        side_cursor(d);
    } else {
        side_vus(d);
    }
    side_rps(d);
    side_latency(d);
    draw_heat_side(d);
    draw_recovery(d);
    side_errors(d);
    draw_service_side(d);
}
