/* SPDX-License-Identifier: MIT
 *
 * draw_baseline - an earlier run behind this one: its curves, and how figures
 * are now against what they were. Like is compared with like: a window or the
 * cursor's moment with the same time of the same stage, the whole run with the
 * whole run. */
#include "config.h"

#include "screen/draw.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "plan/metric.h"
#include "run/level.h"
#include "screen/band.h"
#include "screen/show.h"

/* Less is not worth a colour. */
#define DELTA_SHOWN 0.05
/* The same of a share of errors. */
#define DELTA_ERRORS_SHOWN 0.001

static double baseline_value(const struct baseline_dot *d,
                             enum baseline_line line)
{
    switch (line) {
    case BASELINE_LEVEL:
        return d->level;
    case BASELINE_RPS:
        return d->rps;
    case BASELINE_P95:
        return d->p95_us;
    case BASELINE_ERRORS:
        break;
    }
    return d->errors > 0 ? d->errors * 100 : NAN; /* none is no line */
}

void draw_baseline_line(struct band *b, enum baseline_line line)
{
    static const struct raster_pen pen = {.every = 3, .ink = INK_BASE};
    const struct model_baseline *base = &b->d->m->baseline;
    bool have = false;
    int y0 = 0;
    size_t i;

    for (i = 0; i < base->n_dots; i++) {
        double v = baseline_value(&base->dots[i], line);
        int y;

        if (isnan(v)) {
            have = false;
            continue;
        }
        y = band_y(b, v);
        raster_line(&b->dots, have ? (int)i - 1 : (int)i, have ? y0 : y, (int)i,
                    y, &pen);
        have = true;
        y0 = y;
    }
}

enum role draw_baseline_delta(enum baseline_line line, bool any, double now,
                              double was, char *buf, size_t size)
{
    double delta = now - was, share = delta / was;
    bool points = line == BASELINE_ERRORS, more;

    if (!any || isnan(now) || isnan(was) || (!points && !(was > 0))) {
        snprintf(buf, size, "-");
        return ROLE_FRAME;
    }
    if (points) {
        snprintf(buf, size, "%+.1f pt", delta * 100);
        more = delta > DELTA_ERRORS_SHOWN;
        return more                          ? ROLE_WARN
               : delta < -DELTA_ERRORS_SHOWN ? ROLE_GOOD
                                             : ROLE_FRAME;
    }
    if (share >= 9.995) {
        snprintf(buf, size, "x%.3g", fmin(now / was, 99999));
    } else {
        snprintf(buf, size, "%+.0f %%", share * 100);
    }
    if (fabs(share) < DELTA_SHOWN || line == BASELINE_LEVEL) {
        return ROLE_FRAME;
    }
    more = share > 0;
    return more == (line == BASELINE_RPS) ? ROLE_GOOD : ROLE_WARN;
}

const char *draw_baseline_value(enum baseline_line line, double was, char *buf,
                                size_t size)
{
    char text[48] = "-";

    if (!isnan(was)) {
        if (line == BASELINE_P95) {
            show_latency(text, sizeof text, num_whole(was + 0.5), true);
        } else if (line == BASELINE_ERRORS) {
            num_percent(text, was);
        } else if (line == BASELINE_LEVEL && fabs(was - round(was)) < 1e-6) {
            num_count(text, num_whole(was + 0.5));
        } else {
            num_rate(text, was);
        }
    }
    snprintf(buf, size, "%s", text);
    return buf;
}

double draw_baseline_load(const struct draw *d)
{
    const struct model_cursor *c = &d->m->cursor;
    const struct tick_scenario *at = model_at(d->m);

    if (c->on) {
        return c->any && c->level.any ? c->level.level : NAN;
    }
    if (d->m->tick.state == RUN_FINISHED) {
        return at->timed ? NAN : (double)d->m->vus_peak;
    }
    return at->timed ? at->rate * (double)model_curve(d->m)->time_unit_us / 1e6
                     : at->vus;
}

bool draw_baseline_about(const struct draw *d)
{
    return d->m->cursor.on || d->m->tick.state != RUN_FINISHED;
}

enum role draw_baseline_brief(const struct draw *d, enum baseline_line line,
                              const char *name, char *buf, size_t size)
{
    const struct model_baseline *b = &d->m->baseline;
    const struct summary *s = model_shown(d->m);
    bool any = line == BASELINE_P95 ? s->responses > 0 : s->requests > 0;
    double now = line == BASELINE_RPS   ? s->rate
                 : line == BASELINE_P95 ? (double)s->p95_us
                                        : s->error_rate;
    double was = line == BASELINE_RPS   ? b->shown.rps
                 : line == BASELINE_P95 ? b->shown.p95_us
                                        : b->shown.errors;
    char value[48], delta[32];
    enum role role =
        draw_baseline_delta(line, b->any && any, now, was, delta, sizeof delta);

    draw_baseline_value(line, b->any ? was : NAN, value, sizeof value);
    snprintf(buf, size, "%s %s%s%s%s", name,
             line == BASELINE_P95 && b->any && draw_baseline_about(d) ? "~"
                                                                      : "",
             value, strcmp(delta, "-") == 0 ? "" : " ",
             strcmp(delta, "-") == 0 ? "" : delta);
    return role;
}

const char *draw_baseline_span(const struct draw *d)
{
    return d->m->cursor.on                    ? "the same moment"
           : d->m->tick.state == RUN_FINISHED ? "whole run"
                                              : "the same 10 s";
}

bool draw_baseline_rule(const struct draw *d, const struct threshold *t,
                        char *buf, size_t size)
{
    const struct baseline_run *run = d->m->baseline.run;
    bool p95 = t->selector.metric == METRIC_HTTP_REQ_DURATION &&
               t->agg == AGG_P && t->percentile >= 95 && t->percentile <= 95;
    bool errors =
        t->selector.metric == METRIC_HTTP_REQ_FAILED && t->agg == AGG_RATE;
    bool named = t->selector.n_tags == 1 && t->selector.tags[0].tag == TAG_NAME;
    const struct baseline_name *name;
    const struct baseline_figures *f;
    char value[48];

    if (run == NULL || !(p95 || errors) ||
        t->selector.n_tags > (named ? 1 : 0)) {
        return false;
    }
    name = named ? baseline_name_of(run, t->selector.tags[0].value) : NULL;
    f = !named ? &run->run : name != NULL ? &name->run : NULL;
    if (f == NULL || isnan(p95 ? f->p95_us : f->errors)) {
        return false;
    }
    snprintf(buf, size, "baseline %s",
             draw_baseline_value(p95 ? BASELINE_P95 : BASELINE_ERRORS,
                                 p95 ? f->p95_us : f->errors, value,
                                 sizeof value));
    return true;
}

bool draw_baseline_names(const struct draw *d)
{
    return d->m->baseline.run != NULL && d->m->baseline.names;
}

const char *draw_baseline_title(const struct draw *d)
{
    switch (d->m->baseline.by) {
    case BASELINE_BY_MOMENT:
    case BASELINE_BY_LONGER:
        return "~base";
    case BASELINE_BY_STEADY:
        return "~run";
    case BASELINE_BY_NOTHING:
    case BASELINE_BY_WINDOW:
    case BASELINE_BY_RUN:
        break;
    }
    return "vs base";
}

const char *draw_baseline_lacks(const struct draw *d)
{
    const struct model_baseline *b = &d->m->baseline;

    return !draw_baseline_names(d) || b->run->over_time ||
                   d->m->tick.state == RUN_FINISHED
               ? ""
           : b->by == BASELINE_BY_STEADY
               ? "base: older file, its whole run"
               : "base: older file, compared at the end";
}

enum role draw_baseline_name(const struct draw *d,
                             const struct model_request *r,
                             enum baseline_line line, char *buf, size_t size)
{
    const struct baseline_beside *b = model_baseline_name(d->m, r->index);
    const struct summary *s = model_request_shown(d->m, r);
    double now = line == BASELINE_RPS   ? s->rate
                 : line == BASELINE_P95 ? (double)s->p95_us
                                        : s->error_rate;
    bool any = line == BASELINE_P95 ? s->responses > 0 : s->requests > 0;
    uint64_t least;
    enum role role;
    double was;

    if (b == NULL) {
        return draw_baseline_delta(line, false, now, NAN, buf, size);
    }
    was = line == BASELINE_RPS   ? b->was.rps
          : line == BASELINE_P95 ? b->was.p95_us
                                 : b->was.errors;
    least = s->requests < b->requests ? s->requests : b->requests;
    role = draw_baseline_delta(line, any, now, was, buf, size);
    if (d->m->baseline.by == BASELINE_BY_LONGER) {
        return ROLE_FRAME;
    }
    return draw_thin(role, least, line == BASELINE_P95 ? 95 : 50);
}

static void baseline_row(const struct draw *d, struct box b, int row,
                         const char *name, const char *now, const char *was,
                         enum role role, const char *delta)
{
    if (row >= b.row + b.rows) {
        return;
    }
    grid_put(d->g, row, b.col + 1, ROLE_FRAME, name);
    grid_right(d->g, row, b.col + 27, 12, ROLE_TEXT, now);
    grid_right(d->g, row, b.col + 42, 12, ROLE_BASE, was);
    grid_right(d->g, row, b.col + b.cols - 1, 12, role, delta);
}

int draw_baseline_wide(const struct draw *d, struct box b)
{
    const struct model_baseline *base = &d->m->baseline;
    char label[NUM_MAX];
    const char *unit = level_unit(label, model_curve(d->m)->time_unit_us);
    const struct summary *s = model_shown(d->m);
    const struct baseline_figures *f = &base->shown;
    const struct {
        enum baseline_line line;
        const char *name;
        bool any;
        double now, was;
    } rows[] = {
        {BASELINE_LEVEL, unit, true, draw_baseline_load(d), base->level},
        {BASELINE_RPS, "requests/s", true, s->rate, f->rps},
        {BASELINE_P95, "p95", s->responses > 0, (double)s->p95_us, f->p95_us},
        {BASELINE_ERRORS, "failed", s->requests > 0, s->error_rate, f->errors},
    };
    int n = (int)(sizeof rows / sizeof rows[0]), i;

    for (i = 0; i < n; i++) {
        char now[48], was[48], delta[32];
        bool any = base->any || rows[i].line == BASELINE_LEVEL;
        enum role role =
            draw_baseline_delta(rows[i].line, any && rows[i].any, rows[i].now,
                                rows[i].was, delta, sizeof delta);
        bool about =
            rows[i].line == BASELINE_P95 && base->any && draw_baseline_about(d);

        was[0] = '~';
        draw_baseline_value(rows[i].line, any ? rows[i].was : NAN, was + about,
                            sizeof was - about);
        baseline_row(d, b, b.row + i, rows[i].name,
                     draw_baseline_value(rows[i].line,
                                         rows[i].any ? rows[i].now : NAN, now,
                                         sizeof now),
                     was, role, delta);
    }
    return n;
}
