/* SPDX-License-Identifier: MIT
 *
 * draw_minimal - a small terminal: each figure with one line of its course. */
#include "config.h"

#include "screen/draw.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "chart/raster.h"
#include "plan/metric.h"
#include "run/level.h"
#include "screen/show.h"

enum minimal_what {
    MINIMAL_VUS,
    MINIMAL_RPS,
    MINIMAL_P95,
    MINIMAL_P99,
    MINIMAL_ERR
};

/* Height 0..1 of a bin's value; false = it has none. */
static bool minimal_height(const struct model *m, enum minimal_what what,
                           const struct bin *b, const struct bin_level *l,
                           double *v)
{
    switch (what) {
    case MINIMAL_VUS:
        *v = scale_at(&m->level, l->level);
        return l->any;
    case MINIMAL_RPS:
        *v = b->active_us > 0
                 ? scale_at(&m->rps, b->rated * 1e6 / (double)b->active_us)
                 : 0;
        return b->active_us > 0;
    case MINIMAL_P95:
    case MINIMAL_P99:
        *v = scale_at(&m->latency,
                      (double)(what == MINIMAL_P95 ? b->p95_us : b->p99_us));
        *v = *v > 0.01 ? *v : 0.01;
        return bin_tells(b);
    case MINIMAL_ERR:
        *v = b->requests > 0 ? scale_at(&m->errs, (double)b->failed * 100 /
                                                      (double)b->requests)
                             : 0;
        return b->requests > 0;
    }
    return false;
}

/* A pause within a column of the course. */
static bool minimal_paused(const struct model *m, int col, int cols)
{
    uint64_t span = m->axis.to_us - m->axis.from_us;
    uint64_t from = m->axis.from_us + span / (uint64_t)cols * (uint64_t)col;

    return model_paused(m, from, from + span / (uint64_t)cols);
}

/* Goes on from bin k to the one that is at that time; false = there is none. */
static bool minimal_bin(const struct model *m, uint64_t at_us, size_t *k)
{
    while (*k < m->n_bins && m->bins[*k].end_us <= at_us) {
        (*k)++;
    }
    return *k < m->n_bins && m->bins[*k].start_us <= at_us;
}

static void minimal_course(const struct draw *d, int row, int col, int cols,
                           enum minimal_what what)
{
    const struct model *m = d->m;
    size_t k = 0;
    int i;

    for (i = 0; i < cols && m->axis.to_us > 0; i++) {
        uint64_t at = axis_middle(&m->axis, i, cols);
        double v;

        if (minimal_bin(m, at, &k) &&
            minimal_height(m, what, &m->bins[k], &m->levels[k], &v) && v > 0) {
            grid_cp(d->g, row, col + i,
                    what == MINIMAL_ERR                          ? ROLE_E_5XX
                    : m->levels[k].manual && what == MINIMAL_VUS ? ROLE_MANUAL
                                                                 : ROLE_LIVE,
                    0x2580u + (uint32_t)raster_level(v, 8));
        } else if (minimal_paused(m, i, cols)) {
            grid_cp(d->g, row, col + i, ROLE_THIN, 0x2591);
        }
    }
}

static void minimal_line(const struct draw *d, int row, const char *label,
                         enum role role, const char *value, const char *extra,
                         enum minimal_what what)
{
    grid_put(d->g, row, 1, ROLE_FRAME, label);
    grid_right(d->g, row, 15, 9, role, value);
    grid_fit(d->g, row, 16, 11, ROLE_FRAME, extra);
    draw_hit(d->g, HIT_CHART, (struct box){row, 28, 1, d->g->cols - 30}, 0);
    minimal_course(d, row, 28, d->g->cols - 30, what);
}

/* The course of something of the service's own. */
static void minimal_gauge_course(const struct draw *d, int row, int col,
                                 int cols, const struct model_gauge *g)
{
    const struct model *m = d->m;
    size_t k = 0;
    int i;

    for (i = 0; i < cols && m->axis.to_us > 0; i++) {
        uint64_t at = axis_middle(&m->axis, i, cols);
        double v;

        if (!minimal_bin(m, at, &k)) {
            continue;
        }
        if (model_gauge_seen(g, &m->bins[k].server, &v)) {
            int level = raster_level(scale_at(&g->scale, v), 8);

            grid_cp(d->g, row, col + i, ROLE_LIVE,
                    0x2580u + (uint32_t)(level > 0 ? level : 1));
        } else if (m->bins[k].start_us >= m->server.first_us) {
            grid_cp(d->g, row, col + i, ROLE_THIN, 0x2591);
        }
    }
}

/* In place of the requests; the title says where the first of them goes. */
static void minimal_service(const struct draw *d, int at)
{
    const struct layout *l = &d->l;
    char text[96], title[128];
    int i, end = d->g->rows - 3;

    for (i = 0; i < l->n_service; i++) {
        const struct model_gauge *g = &d->m->server.list[l->service_first + i];
        int row = at + 1 + i;
        enum role role;

        if (i == 0) {
            role = draw_gauge_words(d->m, g, 36, text, sizeof text);
            snprintf(title, sizeof title, "service: %s", g->name);
            draw_title(d->g, at, 0, d->g->cols, title, text, role);
        }
        if (row >= end) {
            return;
        }
        role = draw_gauge(g, text, sizeof text);
        grid_fit(d->g, row, 1, 14, ROLE_FRAME, g->name);
        grid_right(d->g, row, 26, 10, role, text);
        draw_hit(d->g, HIT_CHART, (struct box){row, 28, 1, d->g->cols - 30}, 0);
        minimal_gauge_course(d, row, 28, d->g->cols - 30, g);
    }
}

static bool minimal_over(const struct draw *d)
{
    return d->m->tick.state == RUN_FINISHED && !d->m->cursor.on;
}

static void minimal_percentile(const struct draw *d, int row, const char *label,
                               double p, uint64_t us, enum minimal_what what)
{
    const struct verdict *v = model_verdict(d->m, METRIC_HTTP_REQ_DURATION, p);
    uint64_t responses = model_shown(d->m)->responses;
    bool holds = false, judged = v != NULL && draw_judged(d, v, &holds);
    char value[80], text[64], extra[80] = "";
    bool bad = judged && !holds;
    bool hollow = judged && holds && draw_hollow(model_shown(d->m));
    enum role role = bad ? ROLE_BAD : hollow ? ROLE_WARN : ROLE_STRONG;

    if (v != NULL) {
        show_rule(d->m->info->plan, v->threshold, text, sizeof text);
        snprintf(extra, sizeof extra, "%s %s",
                 !judged  ? "…"
                 : bad    ? "✗"
                 : hollow ? "!"
                          : "✓",
                 strchr(text, ' ') + 1);
    }
    show_latency_beside(text, sizeof text, us, responses > 0, v);
    snprintf(value, sizeof value, "%s%s%s", draw_about(role, responses, p),
             text, draw_doubt(d));
    minimal_line(d, row, label, draw_thin(role, responses, p), value, extra,
                 what);
}

static void minimal_figures(const struct draw *d)
{
    const struct model *m = d->m;
    const struct tick_scenario *t = model_at(m);
    const struct summary *s = model_shown(m);
    uint64_t unit = model_curve(m)->time_unit_us;
    char x[NUM_MAX], y[NUM_MAX], extra[64], label[NUM_MAX];
    bool over = minimal_over(d);
    bool by_hand = m->cursor.on ? m->cursor.level.manual : draw_by_hand(t);
    uint32_t beside = over && unit == 0 ? m->vus_peak : t->planned;

    if (t->dropped_all > 0) {
        snprintf(extra, sizeof extra, "✗%s lost", num_count(y, t->dropped_all));
    } else if (unit > 0 && t->state > SCENARIO_RUNNING) {
        snprintf(extra, sizeof extra, "at end");
    } else {
        show_word_count(extra, sizeof extra, over ? "peak" : draw_plan_word(d),
                        beside, num_count(y, beside), 11);
    }
    if (m->cursor.on) {
        const struct model_cursor *c = &m->cursor;

        snprintf(x, sizeof x, "-");
        extra[0] = '\0';
        if (c->any && c->level.any) {
            show_level(x, c->level.level, model_curve(m)->time_unit_us);
        }
        if (c->planned_any) {
            show_word_count(
                extra, sizeof extra, draw_plan_word(d), c->planned,
                show_level(y, c->planned, model_curve(m)->time_unit_us), 11);
        }
    } else if (unit > 0) {
        num_rate(x, t->rate * (double)unit / 1e6);
    } else {
        num_count(x, t->vus);
    }
    minimal_line(d, 2, by_hand ? "MANUAL" : level_unit(label, unit),
                 by_hand ? ROLE_MANUAL : ROLE_LIVE, x, extra, MINIMAL_VUS);
    if (t->dropped_all > 0 && !m->cursor.on) {
        grid_paint(d->g, 2, 16, 11, ROLE_BAD);
    }
    show_word_count(extra, sizeof extra, "peak", m->rps_peak,
                    num_rate(y, m->rps_peak), 11);
    minimal_line(d, 3, "req/s", ROLE_STRONG, num_rate(x, s->rate), extra,
                 MINIMAL_RPS);
    minimal_percentile(d, 4, "p95", 95, s->p95_us, MINIMAL_P95);
    minimal_percentile(d, 5, "p99", 99, s->p99_us, MINIMAL_P99);
    if (over) {
        snprintf(extra, sizeof extra, "whole run");
    } else {
        snprintf(extra, sizeof extra, "run %s",
                 num_percent(y, m->run.error_rate));
    }
    minimal_line(d, 6, "failed", s->failed > 0 ? ROLE_WARN : ROLE_STRONG,
                 num_percent(x, s->error_rate), extra, MINIMAL_ERR);
}

static void minimal_list(const struct draw *d, int at)
{
    char right[64], title[160], by[24];
    struct grid *g = d->g;

    if (d->l.n_service > 0) {
        minimal_service(d, at);
        return;
    }
    snprintf(right, sizeof right, "by %s",
             sort_text(d->ui->sort, d->ui->sort_turned, by, sizeof by));
    draw_title(g, at, 0, g->cols,
               draw_filtered(d, "requests", title, sizeof title), right,
               ROLE_FRAME);
    draw_requests(d, (struct box){at + 1, 0, g->rows - 3 - at - 1, g->cols},
                  -1);
}

/* Of which time figures are; and what else there is to say beside that. */
static void minimal_span(const struct draw *d)
{
    struct grid *g = d->g;
    char span[48], text[80];

    grid_fill(g, 1, 0, g->cols, ROLE_FRAME, 0x2500);
    if (!d->m->any) {
        return;
    }
    /* Below a banner it is not seen; the last figure then says it. */
    grid_putf(g, 1, 1, d->m->cursor.on ? ROLE_CURSOR : ROLE_FRAME,
              " numbers: %s ", draw_span(d, span, sizeof span));
    if (d->m->steps.recovery) {
        snprintf(text, sizeof text, " %s ", draw_recovery_words(d, 24));
        grid_fit(g, 1, 24, 26, draw_recovery_role(d), text);
    } else if (d->m->baseline.run != NULL) {
        enum role base =
            draw_baseline_brief(d, BASELINE_P95, "p95 base", text, sizeof text);

        grid_putf(g, 1, 26, base, " %s ", text);
    }
}

/* The last rows above the keys: what was found out, what is new. The recovery,
 * which has no room beside where it breaks, then stands behind the state, where
 * a run that is over has only its service. */
static void minimal_below(const struct draw *d)
{
    struct grid *g = d->g;
    bool answers = draw_answers(d);
    int rows = draw_news_cols(d) > g->cols && !d->m->tick.health.suspect &&
                       !(answers && d->ui->done)
                   ? 2
                   : 1;
    bool told = true;

    if (draw_answer_rows(d, g->cols, 2) > 1 && d->ui->ended[0] == '\0') {
        draw_answer(d, (struct box){g->rows - 3, 0, 2, g->cols});
        return;
    }
    if (rows == 1 && answers) {
        told = draw_answer(d, (struct box){g->rows - 3, 0, 1, g->cols});
    } else if (rows == 1) {
        draw_generator(d, (struct box){g->rows - 3, 0, 1, g->cols});
    }
    draw_news(d, (struct box){g->rows - 1 - rows, 0, rows, g->cols});
    if (!told && minimal_over(d)) {
        int col = draw_identity(d, 0);
        const char *text = draw_recovery_words(d, g->cols - 3 - col);
        int from = g->cols - 1 - text_width(text);

        if (col + 2 <= from) {
            grid_fill(g, 0, col, g->cols - col, ROLE_TEXT, ' ');
            grid_put(g, 0, from, draw_recovery_role(d), text);
        }
    }
}

void draw_minimal(const struct draw *d)
{
    struct grid *g = d->g;
    int rows = g->rows - 16, thresholds = 2 + rows / 2;
    int need = ((int)d->m->n_verdicts + 1) / 2, at;
    char right[64];
    enum role role;

    thresholds = need < thresholds ? (need > 0 ? need : 1) : thresholds;
    draw_head(d, 0);
    minimal_span(d);
    draw_banner(d, 1);
    if (!d->m->any) {
        grid_put(g, 3, 1, ROLE_FRAME, "waiting for the first figures");
        draw_footer(d, d->l.footer);
        return;
    }
    minimal_figures(d);
    role = draw_tally(d, right, sizeof right);
    draw_title(g, 7, 0, g->cols, draw_thresholds_title(d, g->cols), right,
               role);
    draw_threshold_chips(d, (struct box){8, 0, thresholds, g->cols});
    at = 8 + thresholds;
    minimal_list(d, at);
    minimal_below(d);
    draw_footer(d, d->l.footer);
}
