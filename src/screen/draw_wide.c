/* SPDX-License-Identifier: MIT
 *
 * draw_wide - what stands beside the charts on a large screen: load, latency,
 * thresholds, errors and the generator, each with a title. */
#include "config.h"

#include "screen/draw.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "chart/heat.h"
#include "plan/metric.h"
#include "run/level.h"
#include "screen/show.h"

/* Where the next section goes. */
struct column_at {
    const struct draw *d;
    int row, end; /* end: first row below */
    int col, cols;
};

static bool wide_title(struct column_at *c, int least, const char *title,
                       const char *right, enum role role)
{
    if (c->row + 1 + least > c->end) {
        c->row = c->end;
        return false;
    }
    draw_title(c->d->g, c->row, c->col, c->cols, title, right, role);
    c->row++;
    return true;
}

/* "label  value   label  value" */
static void wide_pair(struct column_at *c, const char *label, enum role role,
                      const char *value, const char *label2, const char *value2)
{
    struct grid *g = c->d->g;

    if (c->row >= c->end) {
        return;
    }
    grid_put(g, c->row, c->col + 1, ROLE_FRAME, label);
    grid_right(g, c->row, c->col + 27, 14, role, value);
    grid_put(g, c->row, c->col + 32, ROLE_FRAME, label2);
    grid_right(g, c->row, c->col + c->cols - 1, 16, ROLE_TEXT, value2);
    c->row++;
}

/* An arrival rate: what begins against what was asked for, VUs at work of those
 * there may be, and what no VU was free for. */
static void wide_arrivals(struct column_at *c, const struct tick_scenario *at)
{
    const struct model *m = c->d->m;
    uint64_t unit = model_curve(m)->time_unit_us;
    bool by_hand = draw_by_hand(at);
    char x[NUM_MAX], y[NUM_MAX], text[64] = "at end", name[NUM_MAX];

    if (at->state <= SCENARIO_RUNNING) { /* later none is asked for */
        snprintf(text, sizeof text, "%s %s",
                 by_hand ? "of" : draw_plan_word(c->d),
                 num_count(y, at->wanted));
    }
    wide_pair(c,
              !by_hand    ? level_unit(name, unit)
              : at->spike ? "SPIKE"
                          : "MANUAL",
              by_hand ? ROLE_MANUAL : ROLE_LIVE,
              num_rate(x, at->rate * (double)unit / 1e6), "", text);
    snprintf(text, sizeof text, "%s of %s", num_count(x, at->vus),
             num_count(y, at->vus_max));
    num_count(y, at->dropped_all);
    wide_pair(c, "VUs in use", at->vus >= at->vus_max ? ROLE_WARN : ROLE_TEXT,
              text, "dropped", y);
    if (at->dropped_all > 0) {
        grid_paint(c->d->g, c->row - 1, c->col + 32, c->cols - 32, ROLE_BAD);
    }
    show_latency(text, sizeof text, at->late_p99_us, true);
    wide_pair(c, "starts late p99", ROLE_TEXT, text, "latest",
              show_latency(name, sizeof name, at->late_max_us, true));
}

/* The moment that the cursor stands at. */
static void wide_cursor(struct column_at *c)
{
    const struct model *m = c->d->m;
    const struct model_cursor *at = &m->cursor;
    const struct summary *s = &at->all.sum;
    bool any = at->any && at->level.any;
    char x[NUM_MAX], y[NUM_MAX], text[64], label[NUM_MAX];

    if (!wide_title(c, 5, "load", draw_span(c->d, text, sizeof text),
                    ROLE_CURSOR)) {
        return;
    }
    snprintf(text, sizeof text, "%s %s", draw_plan_word(c->d),
             at->planned_any
                 ? show_level(y, at->planned, model_curve(m)->time_unit_us)
                 : "-");
    wide_pair(c,
              any && at->level.manual
                  ? "MANUAL"
                  : level_unit(label, model_curve(m)->time_unit_us),
              any && at->level.manual ? ROLE_MANUAL : ROLE_LIVE,
              any ? show_level(x, at->level.level, model_curve(m)->time_unit_us)
                  : "-",
              "", text);
    if (at->stage < model_curve(m)->n) {
        draw_stage_name(c->d, c->row, c->col + 11, c->cols - 12, at->stage);
    }
    wide_pair(c, "stage", ROLE_TEXT, "", "", "");
    wide_pair(c, "requests/s", ROLE_LIVE, at->any ? num_rate(x, s->rate) : "-",
              "requests", at->any ? num_count(y, s->requests) : "-");
    wide_pair(c, "failed", s->failed > 0 ? ROLE_WARN : ROLE_TEXT,
              at->any ? num_count(x, s->failed) : "-", "share",
              s->requests > 0 ? num_percent(y, s->error_rate) : "-");
    c->row++;
}

static void wide_load(struct column_at *c)
{
    const struct model *m = c->d->m;
    const struct tick *t = &m->tick;
    const struct tick_scenario *at = model_at(m);
    bool over = t->state == RUN_FINISHED, by_hand = draw_by_hand(at);
    char x[NUM_MAX], y[NUM_MAX], by[64];

    if (!wide_title(c, 5, "load", over ? "whole run" : "last 10 s",
                    ROLE_FRAME)) {
        return;
    }
    if (at->timed) {
        wide_arrivals(c, at);
    } else {
        snprintf(by, sizeof by, "%s %s", over ? "peak" : draw_plan_word(c->d),
                 num_count(y, over ? m->vus_peak : at->planned));
        wide_pair(c,
                  !by_hand    ? "VUs"
                  : at->spike ? "SPIKE"
                              : "MANUAL",
                  by_hand ? ROLE_MANUAL : ROLE_LIVE, num_count(x, at->vus), "",
                  by);
    }
    if (by_hand) {
        grid_paint(c->d->g, c->row - (at->timed ? 3 : 1), c->col + 1, 6,
                   ROLE_MANUAL);
    }
    wide_pair(c, "asked for", ROLE_TEXT, num_count(x, at->wanted), "draining",
              num_count(y, t->draining));
    wide_pair(c, "in flight", ROLE_TEXT, num_count(x, t->in_flight), "VU limit",
              num_count(y, t->vus_max));
    wide_pair(c, "requests/s", ROLE_LIVE,
              num_rate(x, over ? m->run.rate : m->window.rate), "peak",
              num_rate(y, m->rps_peak));
    wide_pair(c, "requests", ROLE_TEXT, num_count(x, m->run.requests),
              "iterations", num_count(y, m->totals.iterations));
    wide_pair(c, "sent", ROLE_TEXT, num_bytes(x, m->run.sent), "received",
              num_bytes(y, m->run.received));
    c->row++;
}

/* In the column of the last ten seconds. */
static const struct summary *wide_now(const struct model *m)
{
    return m->cursor.on ? &m->cursor.all.sum : &m->window;
}

static void wide_latency_row(struct column_at *c, const char *label, double p,
                             uint64_t now, uint64_t good, uint64_t run)
{
    const struct draw *d = c->d;
    const struct model *m = d->m;
    const struct verdict *v = model_verdict(m, METRIC_HTTP_REQ_DURATION, p);
    const struct summary *s = wide_now(m);
    char text[48], value[64];
    int row = c->row;
    bool holds = true;
    bool bad = v != NULL && !v->pending && s->responses > 0 && !v->window_ok;

    if (row >= c->end) {
        return;
    }
    if (m->cursor.on) {
        bad = v != NULL && draw_judged(d, v, &holds) && !holds;
    }
    grid_put(d->g, row, c->col + 1, ROLE_FRAME, label);
    snprintf(value, sizeof value, "%s%s%s",
             draw_about(bad ? ROLE_BAD : ROLE_STRONG, s->responses, p),
             show_latency_beside(text, sizeof text, now, s->responses > 0, v),
             draw_doubt(d));
    grid_right(d->g, row, c->col + 18, 12,
               draw_thin(bad ? ROLE_BAD : ROLE_STRONG, s->responses, p), value);
    if (m->window.error_rate > 0.01 && !m->cursor.on) {
        grid_right(d->g, row, c->col + 30, 11,
                   draw_thin(ROLE_TEXT, m->window_good.responses, p),
                   show_latency(text, sizeof text, good,
                                m->window_good.responses > 0));
    }
    grid_right(
        d->g, row, c->col + 42, 11, draw_thin(ROLE_TEXT, m->run.responses, p),
        show_latency_beside(text, sizeof text, run, m->run.responses > 0, v));
    if (v != NULL) {
        show_rule(m->info->plan, v->threshold, text, sizeof text);
        grid_right(d->g, row, c->col + c->cols - 1, 15, ROLE_LIMIT, text);
        if (!v->pending) {
            draw_sign(d, row, c->col + 44, v->ok, draw_verdict_hollow(d, v));
        }
    }
    c->row++;
}

/* From the moment a request was due: http_req_intended_duration. */
static void wide_due_row(struct column_at *c, const char *label, double p,
                         uint64_t now, uint64_t run)
{
    const struct model *m = c->d->m;
    char text[48];

    if (c->row >= c->end) {
        return;
    }
    grid_put(c->d->g, c->row, c->col + 1, ROLE_FRAME, label);
    grid_right(c->d->g, c->row, c->col + 18, 10,
               draw_thin(ROLE_TEXT, m->window.due, p),
               show_latency(text, sizeof text, now, m->window.due > 0));
    grid_right(c->d->g, c->row, c->col + 42, 11,
               draw_thin(ROLE_TEXT, m->run.due, p),
               show_latency(text, sizeof text, run, m->run.due > 0));
    c->row++;
}

static void wide_latency(struct column_at *c)
{
    const struct draw *d = c->d;
    const struct summary *w = wide_now(d->m), *g = &d->m->window_good;
    const struct summary *r = &d->m->run;
    char span[48];

    if (!wide_title(c, 6, "latency", "http_req_duration", ROLE_FRAME)) {
        return;
    }
    grid_right(d->g, c->row, c->col + 18, 13,
               d->m->cursor.on ? ROLE_CURSOR : ROLE_FRAME,
               d->m->cursor.on ? draw_span(d, span, sizeof span) : "last 10 s");
    if (w->error_rate > 0.01 && !d->m->cursor.on) {
        grid_right(d->g, c->row, c->col + 30, 11, ROLE_FRAME, "not failed");
    }
    grid_right(d->g, c->row, c->col + 42, 11, ROLE_FRAME, "whole run");
    c->row++;
    wide_latency_row(c, "p50", 50, w->p50_us, g->p50_us, r->p50_us);
    wide_latency_row(c, "p90", 90, w->p90_us, g->p90_us, r->p90_us);
    wide_latency_row(c, "p95", 95, w->p95_us, g->p95_us, r->p95_us);
    wide_latency_row(c, "p99", 99, w->p99_us, g->p99_us, r->p99_us);
    if (model_timed(d->m) && !d->m->cursor.on) {
        wide_due_row(c, "p95 due", 95, w->due_p95_us, r->due_p95_us);
        wide_due_row(c, "p99 due", 99, w->due_p99_us, r->due_p99_us);
    }
    wide_latency_row(c, "max", 0, w->max_us, g->max_us, r->max_us);
    c->row++;
}

/* Rows for the kinds of errors: always as many, so that what is below does not
 * move for a new one; over, what there are. */
static int wide_error_rows(const struct model *m)
{
    int n = m->n_errors > 0 ? (int)m->n_errors : 1;

    return m->tick.state == RUN_FINISHED && !m->cursor.on && n < 5 ? n : 5;
}

/* All scenarios of several, one row each; the chosen one is marked. */
static void wide_scenarios(struct column_at *c)
{
    const struct model *m = c->d->m;
    struct grid *g = c->d->g;
    char right[48];
    size_t i;

    snprintf(right, sizeof right, "%s chooses",
             ui_label(c->d->ui, ACTION_SCENARIO));
    if (!model_several(m) ||
        !wide_title(c, 2, "scenarios", right, ROLE_FRAME)) {
        return;
    }
    for (i = 0; i < m->tick.n_scenarios && c->row < c->end; i++, c->row++) {
        const struct tick_scenario *s = &m->tick.scenarios[i];
        uint64_t unit = m->info->curves[i].time_unit_us;
        char name[64], text[64], n[NUM_MAX];
        bool waits = s->state == SCENARIO_WAITING;

        grid_cp(g, c->row, c->col + 1, ROLE_KEY, i == m->chosen ? 0x25b8 : ' ');
        text_safe(name, sizeof name, m->info->lineup->list[i].name);
        grid_fit(g, c->row, c->col + 3, 18,
                 i == m->chosen ? ROLE_STRONG : ROLE_TEXT, name);
        snprintf(text, sizeof text, "%s%s",
                 waits ? "in " : scenario_state_name(s->state),
                 waits ? num_clock(n, s->starts_in_us + 999999) : "");
        grid_fit(g, c->row, c->col + 22, 9, ROLE_FRAME, text);
        grid_right(g, c->row, c->col + 45, 14,
                   draw_by_hand(s) ? ROLE_MANUAL : ROLE_TEXT,
                   level_text(text, sizeof text, s->wanted, unit));
        if (s->dropped_all > 0) {
            snprintf(text, sizeof text, "dropped %s",
                     num_count(n, s->dropped_all));
            grid_right(g, c->row, c->col + c->cols - 1, 15, ROLE_BAD, text);
        } else if (unit > 0) {
            snprintf(text, sizeof text, "%s VUs", num_count(n, s->vus));
            grid_right(g, c->row, c->col + c->cols - 1, 15, ROLE_FRAME, text);
        }
    }
    c->row++;
}

static void wide_list(struct column_at *c, const char *title, const char *right,
                      enum role role, int rows,
                      void (*draw)(const struct draw *, struct box, int))
{
    if (!wide_title(c, 1, title, right, role)) {
        return;
    }
    if (c->row + rows > c->end) {
        rows = c->end - c->row;
    }
    draw(c->d, (struct box){c->row, c->col, rows, c->cols}, -1);
    c->row += rows + 1;
}

static void wide_answer(struct column_at *c)
{
    struct box b = {c->row, c->col, c->end - c->row, c->cols};

    c->row += draw_answer_wide(c->d, b);
}

static void wide_trends(struct column_at *c)
{
    const struct model_steps *s = &c->d->m->steps;
    size_t i;

    if (s->n_trends == 0 ||
        !wide_title(c, (int)s->n_trends, "trends", s->trends_of, ROLE_FRAME)) {
        return;
    }
    for (i = 0; i < s->n_trends; i++) {
        grid_fit(c->d->g, c->row++, c->col + 1, c->cols - 1,
                 draw_trend_role(s->trend_states[i]), s->trends[i]);
    }
    c->row++;
}

static void wide_change(struct column_at *c)
{
    const struct model *m = c->d->m;
    const struct summary *was = &m->change.before, *is = &m->change.after;
    char x[48], y[48], right[192], clock[NUM_MAX], label[NUM_MAX];
    char from[CHANGE_FROM_MAX];
    bool over = m->tick.state >= RUN_DRAINING;

    if (!m->has_change) {
        return; /* other figures have the room */
    }
    num_clock(clock, over ? m->change.t_us : m->change.age_us);
    x[0] = '\0';
    if (m->change.after_us < STORY_AFTER_US - 500000) {
        snprintf(x, sizeof x, ", %s", draw_so_far(&m->change, over, y));
    }
    snprintf(right, sizeof right, "%s%s%s%s", over ? "at " : "", clock,
             over ? "" : " ago", x);
    if (!wide_title(c, 1, "before → after the last change of load", right,
                    ROLE_MANUAL)) {
        return;
    }
    draw_change_from(&m->change, " → ", from, sizeof from);
    snprintf(right, sizeof right, "%s → %s", from,
             num_count(y, m->change.level_after));
    wide_pair(c, model_changed(m, label), ROLE_TEXT, right, "", "");
    snprintf(right, sizeof right, "%s → %s", num_rate(x, was->rate),
             m->change.after_us > 0 ? num_rate(y, is->rate) : "-");
    grid_right(c->d->g, c->row - 1, c->col + c->cols - 1, 22, ROLE_TEXT, right);
    grid_put(c->d->g, c->row - 1, c->col + 32, ROLE_FRAME, "req/s");
    snprintf(right, sizeof right, "%s → %s",
             show_latency(x, sizeof x, was->p95_us, was->responses > 0),
             show_latency(y, sizeof y, is->p95_us, is->responses > 0));
    grid_put(c->d->g, c->row, c->col + 1, ROLE_FRAME, "p95");
    grid_right(c->d->g, c->row, c->col + 27, 22,
               draw_thin(ROLE_TEXT,
                         is->responses < was->responses ? is->responses
                                                        : was->responses,
                         95),
               right);
    snprintf(right, sizeof right, "%s → %s", num_percent(x, was->error_rate),
             m->change.after_us > 0 ? num_percent(y, is->error_rate) : "-");
    grid_put(c->d->g, c->row, c->col + 32, ROLE_FRAME, "failed");
    grid_right(c->d->g, c->row, c->col + c->cols - 1, 22, ROLE_TEXT, right);
    c->row += 2;
}

static void wide_baseline(struct column_at *c)
{
    const struct draw *d = c->d;
    char right[48];
    struct box b;

    snprintf(right, sizeof right, "%s%s", draw_baseline_span(d),
             draw_baseline_about(d) ? ", ~ a median" : "");
    if (d->m->baseline.run == NULL ||
        !wide_title(c, 4, "now, baseline, difference", right, ROLE_BASE)) {
        return;
    }
    b = (struct box){c->row, c->col, c->end - c->row, c->cols};
    c->row += draw_baseline_wide(d, b) + 1;
}

static void wide_generator(struct column_at *c)
{
    const struct draw *d = c->d;
    const struct health *h = &d->m->tick.health;
    char x[64], y[64], n[NUM_MAX], n2[NUM_MAX];

    if (!wide_title(c, 1, "generator",
                    h->suspect        ? "SUSPECT"
                    : h->ever_suspect ? "ok, was suspect"
                                      : "ok",
                    h->suspect        ? ROLE_BANNER
                    : h->ever_suspect ? ROLE_WARN
                                      : ROLE_GOOD)) {
        return;
    }
    snprintf(x, sizeof x, "%.0f %%", h->cpu * 100);
    snprintf(y, sizeof y, "%.2f cores", h->cpu_process);
    wide_pair(c, "busiest worker", h->cpu > 0.85 ? ROLE_WARN : ROLE_TEXT, x,
              "process", y);
    snprintf(x, sizeof x, "%.1f ms", h->lag_p99_ms);
    snprintf(y, sizeof y, "%.1f ms", h->lag_max_ms);
    wide_pair(c, "loop lag p99", h->lag_p99_ms > 10 ? ROLE_WARN : ROLE_TEXT, x,
              "largest", y);
    snprintf(x, sizeof x, "%s/%s", num_count(n, h->fds),
             num_count(n2, h->fds_max));
    wide_pair(c, "descriptors", ROLE_TEXT, x, "memory",
              num_bytes(n, h->rss_bytes));
    snprintf(x, sizeof x, "%u", d->m->info->workers);
    wide_pair(c, "workers", ROLE_TEXT, x, "connections",
              num_count(n, d->m->tick.connections));
}

/* What the shades of the heatmap mean. */
static void wide_heat(struct column_at *c)
{
    if (c->d->l.heat.n == 0 ||
        !wide_title(c, 1, "heatmap", "share of a column's requests",
                    ROLE_FRAME)) {
        return;
    }
    draw_heat_key(c->d, c->row, c->col + 1, 1, HEAT_LEVELS);
    c->row += 2;
}

void draw_side_wide(const struct draw *d)
{
    const struct model *m = d->m;
    struct column_at c = {.d = d,
                          .row = d->l.load.row,
                          .end = d->l.axis + 1,
                          .col = d->l.side_col,
                          .cols = d->l.side};
    char right[64], n[NUM_MAX], n2[NUM_MAX];
    const struct summary *of;
    enum role role;
    int rows = 1 + (m->n_verdicts > 8 ? 8 : (int)m->n_verdicts);

    if (m->cursor.on) {
        wide_cursor(&c);
    } else {
        wide_load(&c);
    }
    wide_scenarios(&c);
    wide_latency(&c);
    c.row +=
        draw_service_wide(d, (struct box){c.row, c.col, c.end - c.row, c.cols});
    wide_baseline(&c);
    wide_change(&c);
    wide_answer(&c);
    role = draw_tally(d, right, sizeof right);
    wide_list(&c, draw_thresholds_title(d, c.cols), right, role, rows,
              draw_thresholds);
    of = m->cursor.on ? &m->cursor.all.sum : &m->run;
    snprintf(right, sizeof right, "%s of %s requests", num_count(n, of->failed),
             num_count(n2, of->requests));
    wide_list(&c, m->cursor.on ? "errors then" : "errors, whole run", right,
              m->cursor.on ? ROLE_CURSOR : ROLE_FRAME, wide_error_rows(m),
              draw_errors);
    wide_trends(&c);
    wide_heat(&c);
    wide_generator(&c);
}
