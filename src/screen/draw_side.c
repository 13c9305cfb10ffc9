/* SPDX-License-Identifier: MIT
 *
 * draw_side - the numbers right of the charts, each at the rows of its curve.
 * Numbers are of the last ten seconds unless they say otherwise. */
#include "config.h"

#include "screen/draw.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "measure/failure.h"
#include "plan/metric.h"
#include "screen/show.h"

/* Share of failed requests from which the good ones are shown apart. */
#define SIDE_ERRORS_SHOWN 0.01

/* Where the next line goes. */
struct side {
    const struct draw *d;
    int row, end; /* end: first row that is not free */
    int col;
    int value; /* column behind the values */
};

static struct side side_begin(const struct draw *d, struct span at)
{
    return (struct side){.d = d,
                         .row = at.row,
                         .end = at.row + at.n,
                         .col = d->l.side_col,
                         .value = d->l.side_col + 15};
}

/* "label     value extra"; false when there is no row left. */
static bool side_line(struct side *s, const char *label, enum role role,
                      const char *value, enum role extra_role,
                      const char *extra)
{
    struct grid *g = s->d->g;
    int room = s->d->l.side_col + s->d->l.side - 1 - s->value;

    if (s->row >= s->end) {
        return false;
    }
    grid_put(g, s->row, s->col, ROLE_FRAME, label);
    grid_right(g, s->row, s->value, 10, role, value);
    grid_fit(g, s->row, s->value + 1, room - 1, extra_role, extra);
    s->row++;
    return true;
}

enum role draw_thin(enum role role, uint64_t responses, double percentile)
{
    return responses < histo_samples_needed(percentile) ? ROLE_THIN : role;
}

const char *draw_doubt(const struct draw *d)
{
    return d->m->tick.health.suspect ? "?" : "";
}

static void side_vus(const struct draw *d)
{
    struct side s = side_begin(d, d->l.vus);
    const struct tick *t = &d->m->tick;
    char number[NUM_MAX], other[NUM_MAX], text[64];
    bool by_hand = t->manual || t->spike;

    snprintf(text, sizeof text, "plan %s", num_count(other, t->planned));
    side_line(&s,
              t->spike    ? "SPIKE"
              : t->manual ? "MANUAL"
                          : "VUs",
              by_hand ? ROLE_MANUAL : ROLE_LIVE, num_count(number, t->vus),
              ROLE_FRAME, text);
    if (by_hand) {
        grid_paint(d->g, d->l.vus.row, s.col, 6, ROLE_MANUAL);
    }
    if (t->wanted != t->vus && t->state == RUN_RUNNING) {
        snprintf(text, sizeof text, "asked");
        side_line(&s, text, ROLE_TEXT, num_count(number, t->wanted), ROLE_TEXT,
                  "");
    }
    if (t->draining > 0) {
        side_line(&s, "draining", ROLE_WARN, num_count(number, t->draining),
                  ROLE_TEXT, "");
    }
    side_line(&s, "in flight", ROLE_TEXT, num_count(number, t->in_flight),
              ROLE_TEXT, "");
    if (d->l.rps.n == 0) {
        side_line(&s, "req/s", ROLE_LIVE, num_rate(number, d->m->window.rate),
                  ROLE_TEXT, "");
    }
    side_line(&s, "requests", ROLE_TEXT, num_count(number, d->m->run.requests),
              ROLE_TEXT, "");
    snprintf(text, sizeof text, "most %s", num_count(other, t->vus_max));
    side_line(&s, "iterations", ROLE_TEXT,
              num_count(number, d->m->totals.iterations), ROLE_FRAME, "");
    side_line(&s, "VUs at most", ROLE_TEXT, num_count(number, t->vus_max),
              ROLE_TEXT, "");
}

static void side_rps(const struct draw *d)
{
    struct side s = side_begin(d, d->l.rps);
    char number[NUM_MAX], text[64];

    snprintf(text, sizeof text, "peak %s", num_rate(number, d->m->rps_peak));
    side_line(&s, "req/s", ROLE_LIVE, num_rate(number, d->m->window.rate),
              ROLE_FRAME, text);
    side_line(&s, "sent", ROLE_TEXT, num_bytes(number, d->m->run.sent),
              ROLE_TEXT, "");
    side_line(&s, "received", ROLE_TEXT, num_bytes(number, d->m->run.received),
              ROLE_TEXT, "");
}

/* A percentile of the last ten seconds, and what the rule on it says of them. */
static void side_percentile(struct side *s, const char *label, double p,
                            const struct summary *w, uint64_t us)
{
    const struct draw *d = s->d;
    const struct verdict *v =
        model_verdict(d->m, METRIC_HTTP_REQ_DURATION, p);
    char text[48], value[48], rule[48];
    enum role role = ROLE_TEXT;
    uint32_t mark = 0;

    if (v != NULL && !v->pending && w->responses > 0) {
        double limit = v->threshold->limit * 1e3;

        mark = v->window_ok ? 0x2713 : 0x2717;
        role = !v->window_ok                  ? ROLE_BAD
               : (double)us >= limit * 0.8 ? ROLE_WARN
                                              : ROLE_TEXT;
    }
    if (w == &d->m->window && p >= 95 && p <= 95 && role == ROLE_TEXT) {
        role = ROLE_LIVE;
    }
    rule[0] = '\0';
    if (v != NULL) {
        char limit[48];

        show_rule(d->m->info->plan, v->threshold, limit, sizeof limit);
        snprintf(rule, sizeof rule, "  %s", strchr(limit, ' ') + 1);
    }
    snprintf(value, sizeof value, "%s%s",
             show_latency(text, sizeof text, us, w->responses > 0),
             draw_doubt(d));
    if (side_line(s, label, draw_thin(role, w->responses, p), value, ROLE_LIMIT,
                  rule) &&
        mark != 0) {
        grid_cp(d->g, s->row - 1, s->value + 1,
                v->window_ok ? ROLE_GOOD : ROLE_BAD, mark);
    }
}

static void side_latency(const struct draw *d)
{
    struct side s = side_begin(d, d->l.latency);
    const struct summary *w = &d->m->window;
    char text[48], value[48];

    side_percentile(&s, "p50", 50, w, w->p50_us);
    side_percentile(&s, "p95", 95, w, w->p95_us);
    side_percentile(&s, "p99", 99, w, w->p99_us);
    /* Contract: with errors about, the answers that were expected stand
     * beside all of them. */
    if (w->error_rate > SIDE_ERRORS_SHOWN) {
        side_percentile(&s, "p95 good", 95, &d->m->window_good,
                        d->m->window_good.p95_us);
    }
    snprintf(value, sizeof value, "%s%s",
             show_latency(text, sizeof text, w->max_us, w->responses > 0),
             draw_doubt(d));
    side_line(&s, "max", ROLE_TEXT, value, ROLE_FRAME, "");
    side_line(&s, "p95 run",
              draw_thin(ROLE_FRAME, d->m->run.responses, 95),
              show_latency(text, sizeof text, d->m->run.p95_us,
                           d->m->run.responses > 0),
              ROLE_FRAME, "whole run");
    if (s.row < s.end) {
        grid_put(d->g, s.end - 1, s.col, ROLE_FRAME, "numbers: last 10 s");
    }
}

/* What share of the window's requests ended in each kind. */
static void side_kinds(struct side *s)
{
    const struct draw *d = s->d;
    uint64_t counts[ERRORS_COUNT] = {0};
    size_t i;
    int k;

    for (i = 0; i < d->m->n_errors; i++) {
        const struct error_line *e = &d->m->errors[i].line;

        counts[show_class_of(e->kind)] += e->window_count;
    }
    for (k = ERRORS_COUNT - 1; k >= 0; k--) {
        char number[NUM_MAX];

        if (counts[k] > 0 && d->m->window.requests > 0) {
            side_line(s, show_class((enum error_class)k),
                      show_class_role((enum error_class)k),
                      num_percent(number, (double)counts[k] /
                                              (double)d->m->window.requests),
                      ROLE_TEXT, "");
        }
    }
}

static void side_errors(const struct draw *d)
{
    struct side s = side_begin(d, d->l.errs);
    const struct verdict *v = model_verdict(d->m, METRIC_HTTP_REQ_FAILED, -1);
    char number[NUM_MAX], extra[64] = "whole run";
    bool bad = v != NULL && !v->ok && !v->pending;
    bool window_bad = v != NULL && !v->window_ok && !v->pending;

    side_line(&s, "failed", window_bad ? ROLE_BAD : ROLE_TEXT,
              num_percent(number, d->m->window.error_rate), ROLE_FRAME,
              "10 s");
    side_line(&s, "failed", bad ? ROLE_BAD : ROLE_TEXT,
              num_percent(number, d->m->run.error_rate), ROLE_FRAME, "run");
    if (v != NULL && s.row > d->l.errs.row + 1) {
        char rule[48];

        show_rule(d->m->info->plan, v->threshold, rule, sizeof rule);
        snprintf(extra, sizeof extra, "%s", strchr(rule, ' ') + 1);
        if (s.value + 12 < d->g->cols) {
            grid_put(d->g, s.row - 1, s.value + 5, ROLE_LIMIT, extra);
        }
    }
    side_kinds(&s);
}

void draw_side(const struct draw *d)
{
    side_vus(d);
    side_rps(d);
    side_latency(d);
    side_errors(d);
}
