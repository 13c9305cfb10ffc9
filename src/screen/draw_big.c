/* SPDX-License-Identifier: MIT
 *
 * draw_big - the screen on a projector: four figures, the verdict, and one line
 * of the run's course, to be read from the back row. Of the last ten seconds,
 * and of the whole run when it is over. */
#include "config.h"

#include "screen/draw.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "chart/raster.h"
#include "plan/metric.h"
#include "run/level.h"
#include "screen/big.h"
#include "screen/show.h"

/* One figure in its part of the screen. */
struct big {
    const char *label;
    enum role label_role, role;
    char value[NUM_MAX]; /* in big letters */
    char unit[NUM_MAX];  /* behind it, in smaller ones */
    char below[128];     /* in plain text */
    enum role below_role;
};

static bool big_over(const struct draw *d)
{
    return d->m->tick.state == RUN_FINISHED;
}

static const struct summary *big_summary(const struct draw *d)
{
    return big_over(d) ? &d->m->run : &d->m->window;
}

/* The largest size whose widest figure fits, so that none changes it while it
 * grows; 0 = none does. The unit has half of it. */
static int big_size(const struct draw *d, int rows, int cols)
{
    int size = 6;

    while (size > 0 && (big_rows(size, d->g->ascii) > rows ||
                        big_width("8.88 ", size) +
                                big_width("ms", size > 1 ? size / 2 : 1) >
                            cols)) {
        size--;
    }
    return size;
}

/* "574 ms" is a value and its unit. */
static void big_split(struct big *f, const char *text)
{
    const char *blank = strchr(text, ' ');

    snprintf(f->value, sizeof f->value, "%.*s",
             (int)(blank != NULL ? blank - text : (int)strlen(text)), text);
    snprintf(f->unit, sizeof f->unit, "%s", blank != NULL ? blank + 1 : "");
}

/* A number of at most so many digits: "12,345", else "123k". */
static void big_number(struct big *f, double n, const char *full)
{
    if (n < 100000) {
        snprintf(f->value, sizeof f->value, "%s", full);
    } else {
        show_axis_count(f->value, sizeof f->value, n);
    }
}

/* What the load was: now that it is over there is none. */
static void big_load_over(const struct draw *d, struct big *f, uint64_t unit)
{
    const struct model *m = d->m;
    char full[NUM_MAX], name[NUM_MAX];

    f->role = f->label_role = ROLE_LIVE;
    if (unit > 0) {
        f->label = "rate";
        big_number(f, m->rate_mean, num_rate(full, m->rate_mean));
        snprintf(f->below, sizeof f->below, "%s on average",
                 level_unit(name, unit));
    } else {
        f->label = "peak VUs";
        big_number(f, m->vus_peak, num_count(full, m->vus_peak));
    }
}

static void big_load(const struct draw *d, struct big *f)
{
    const struct tick_scenario *t = model_at(d->m);
    uint64_t unit = model_curve(d->m)->time_unit_us;
    double level = unit > 0 ? t->rate * (double)unit / 1e6 : t->vus;
    char full[NUM_MAX], plan[NUM_MAX];

    f->label = unit > 0 ? "rate" : "VUs";
    if (big_over(d)) {
        big_load_over(d, f, unit);
        return;
    }
    num_count(plan, t->planned);
    if (unit > 0) {
        num_rate(full, level);
    } else {
        num_count(full, t->vus);
    }
    big_number(f, level, full);
    f->role = draw_by_hand(t) ? ROLE_MANUAL : ROLE_LIVE;
    f->label_role = f->role;
    if (unit > 0 && t->state > SCENARIO_RUNNING) {
        snprintf(f->below, sizeof f->below, "at end");
    } else {
        snprintf(f->below, sizeof f->below, "%s%s %s",
                 draw_by_hand(t) ? "MANUAL · " : "", draw_plan_word(d), plan);
    }
}

/* What the earlier run had, behind what is below already. */
static void big_base(const struct draw *d, struct big *f,
                     enum baseline_line line)
{
    char text[80];

    if (d->m->baseline.run != NULL) {
        enum role role =
            draw_baseline_brief(d, line, "base", text, sizeof text);
        size_t at = strlen(f->below);

        snprintf(f->below + at, sizeof f->below - at, "%s%s",
                 at > 0 ? " · " : "", text);
        f->below_role = f->below_role == ROLE_FRAME ? role : f->below_role;
    }
}

/* What a rule says of a figure, in its colour and below it. */
static void big_rule(const struct draw *d, struct big *f,
                     const struct verdict *v)
{
    char rule[96];
    bool bad;

    f->role = ROLE_STRONG;
    if (v == NULL) {
        return;
    }
    bad = !v->pending && !(big_over(d) ? v->ok : v->window_ok);
    f->role = v->pending ? ROLE_STRONG : bad ? ROLE_BAD_LINE : ROLE_GOOD;
    f->below_role = bad ? ROLE_BAD_LINE : ROLE_FRAME;
    show_rule(d->m->info->plan, v->threshold, rule, sizeof rule);
    snprintf(f->below, sizeof f->below, "%s limit %s",
             v->pending ? "…"
             : bad      ? "✗"
                        : "✓",
             strchr(rule, ' ') != NULL ? strchr(rule, ' ') + 1 : rule);
}

/* A limit that is held by quick failures. */
static void big_hollow(struct big *f, const struct summary *s)
{
    if (f->role == ROLE_GOOD && draw_hollow(s)) {
        f->role = f->below_role = ROLE_WARN;
        snprintf(f->below, sizeof f->below, "! most requests failed");
    }
}

/* load, requests a second, p95, errors: in this order. */
static void big_figure(const struct draw *d, int which, struct big *f)
{
    const struct summary *s = big_summary(d);
    char text[NUM_MAX + 8];

    *f = (struct big){.label_role = ROLE_STRONG, .below_role = ROLE_FRAME};
    switch (which) {
    case 0:
        big_load(d, f);
        return;
    case 1:
        f->label = "requests a second";
        f->role = ROLE_STRONG;
        big_number(f, s->rate, num_rate(text, s->rate));
        snprintf(f->below, sizeof f->below, "peak %s",
                 num_rate(text, d->m->rps_peak));
        big_base(d, f, BASELINE_RPS);
        return;
    case 2:
        f->label = "p95";
        big_split(f, show_latency_beside(
                         text, sizeof text, s->p95_us, s->responses > 0,
                         model_verdict(d->m, METRIC_HTTP_REQ_DURATION, 95)));
        big_rule(d, f, model_verdict(d->m, METRIC_HTTP_REQ_DURATION, 95));
        big_hollow(f, s);
        big_base(d, f, BASELINE_P95);
        f->role = draw_thin(f->role, s->responses, 95);
        return;
    default:
        f->label = "failed";
        big_split(f, num_percent(text, s->error_rate));
        big_rule(d, f, model_verdict(d->m, METRIC_HTTP_REQ_FAILED, -1));
        big_base(d, f, BASELINE_ERRORS);
        return;
    }
}

/* Of all thresholds; once the run is over, how it ended. */
static void big_verdict(const struct draw *d, struct big *f)
{
    char word[32];

    *f = (struct big){.label = draw_thresholds_title(d, 0),
                      .label_role = ROLE_STRONG,
                      .below_role = ROLE_FRAME};
    f->role = draw_tally(d, f->below, sizeof f->below);
    if (draw_verdict_word(d, word, sizeof word) != ROLE_TEXT) {
        text_add(f->below, sizeof f->below, " · %s", word);
    }
    if (big_over(d)) {
        int code = d->live->tick.outcome.exit_code;

        /* Below nothing: who followed it lost it. */
        f->role = code == 0 ? ROLE_GOOD : code < 0 ? ROLE_WARN : ROLE_BAD_LINE;
        snprintf(f->value, sizeof f->value, "%s",
                 code == 0  ? "PASSED"
                 : code < 0 ? "-"
                            : "FAILED");
    } else if (d->m->n_verdicts == 0) {
        snprintf(f->value, sizeof f->value, "-");
        snprintf(f->below, sizeof f->below, "none to judge by");
    } else {
        size_t failing = model_failing(d->m);

        f->role = failing > 0 ? ROLE_BAD_LINE : ROLE_GOOD;
        snprintf(f->value, sizeof f->value, "%s", failing > 0 ? "FAIL" : "OK");
    }
}

/* Columns that a unit takes. */
static int big_unit(int size)
{
    /* Without room for big letters it is a small unit. */
    return size == 0 ? 2 + 2
                     : 2 * size + big_width("ms", size > 1 ? size / 2 : 1);
}

/* Columns behind a figure's digits, for its unit. */
static int big_behind(const struct big *f, int size)
{
    return f->unit[0] == '\0' ? 0 : big_unit(size);
}

/* Digits that there may be, in columns: all figures end where the widest of
 * them does, one with a unit or one without. */
static int big_most(struct box b, int size, const struct big *f)
{
    int full = size > 0 ? size : 1;
    int count = big_width("88,888", full);
    int with_unit = big_width("8.88", full) + big_unit(size);
    int end = count > with_unit ? count : with_unit;

    return (end < b.cols ? end : b.cols) - big_behind(f, size);
}

/* The column in which a figure with its unit ends, and the text above and below
 * it: it does not depend on the value, unless that is longer than most. */
static int big_end(struct box b, int size, const struct big *f)
{
    return b.col + big_most(b, size, f) + big_behind(f, size);
}

/* A line of text that ends where the figure does, unless it is longer. */
static void big_text(const struct draw *d, struct box b, int row, int end,
                     enum role role, const char *text)
{
    int room = text_width(text);

    grid_fit(d->g, row, end - room > b.col ? end - room : b.col, b.cols, role,
             text);
}

/* Where there is no room for big letters: in bold ones. */
static void big_draw_plain(const struct draw *d, struct box b, int end,
                           const struct big *f)
{
    char text[2 * NUM_MAX + 2];

    snprintf(text, sizeof text, "%s %s", f->value, f->unit);
    big_text(d, b, b.row, end, f->label_role, f->label);
    big_text(d, b, b.row + 1, end, f->role, text);
    big_text(d, b, b.row + 2, end, f->below_role, f->below);
}

/* The figure itself; false: it is wider, or higher, than it may be. */
static bool big_draw_value(const struct draw *d, struct box b, int size,
                           const struct big *f)
{
    int small = size > 1 ? size / 2 : 1, full = size > 0 ? size : 1;
    int room = b.cols - big_behind(f, size), from, width;
    int rows = big_rows(full, d->g->ascii);

    while (full > 1 && big_width(f->value, full) > room) {
        full--; /* more than there ever was room for */
    }
    width = big_width(f->value, full);
    if (width > room || rows + 1 > b.rows) {
        return false;
    }
    from = big_most(b, size, f) - width;
    from = b.col + (from > 0 ? from : 0);
    big_put(d->g, b.row + 1, from, full, f->role, f->value);
    from += width + 2 * full;
    if (f->unit[0] != '\0' && size == 0) {
        grid_put(d->g, b.row + rows, from, f->role, f->unit);
    } else if (f->unit[0] != '\0') {
        big_put(d->g, b.row + 1 + rows - big_rows(small, d->g->ascii), from,
                small, f->role, f->unit);
    }
    return true;
}

/* Its label above it, and what belongs to it below: all end in one column. */
static void big_draw_figure(const struct draw *d, struct box b, int size,
                            const struct big *f)
{
    int rows = big_rows(size > 0 ? size : 1, d->g->ascii);
    int end = big_end(b, size, f);

    if (!big_draw_value(d, b, size, f)) {
        big_draw_plain(d, b, end, f);
        return;
    }
    big_text(d, b, b.row, end, f->label_role, f->label);
    if (rows + 1 < b.rows) {
        big_text(d, b, b.row + 1 + rows, end, f->below_role, f->below);
    }
}

/* p95 over the run, as an area. */
static void big_course(const struct draw *d, struct box b)
{
    const struct model *m = d->m;
    size_t k = 0;
    int i, row;

    for (i = 0; i < b.cols && m->reach_us > 0; i++) {
        double at = ((double)i + 0.5) / b.cols * (double)m->reach_us;
        int level;

        while (k < m->n_bins && (double)m->bins[k].end_us <= at) {
            k++;
        }
        if (k >= m->n_bins || (double)m->bins[k].start_us > at ||
            !bin_tells(&m->bins[k])) {
            continue;
        }
        level = raster_level(scale_at(&m->latency, (double)m->bins[k].p95_us),
                             8 * b.rows);
        level = level < 1 ? 1 : level;
        for (row = b.rows - 1; row >= 0 && level > 0; row--, level -= 8) {
            grid_cp(d->g, b.row + row, b.col + i, ROLE_LIVE,
                    0x2580u + (uint32_t)(level < 8 ? level : 8));
        }
    }
}

static void big_stage(const struct draw *d, struct box b)
{
    const struct tick_scenario *t = model_at(d->m);
    const struct curve *c = model_curve(d->m);
    const struct model_steps *steps = &d->m->steps;
    char clock[NUM_MAX], label[96], safe[96] = "", text[192];
    int room;

    num_clock(clock, d->m->tick.t_us);
    if (draw_hunts(d)) {
        hunt_tell_now(&d->m->tick.hunt, steps->unit, safe, sizeof safe);
    } else if (t->state == SCENARIO_RUNNING) {
        text_safe(
            safe, sizeof safe,
            curve_stage_label(c, t->stage, d->g->ascii, label, sizeof label));
    }
    snprintf(text, sizeof text, "%s  %s", clock, safe);
    grid_fit(d->g, b.row, b.col, b.cols, ROLE_STRONG, text);
    room = b.cols - text_width(text) - 2;
    if (steps->recovery && text_width(steps->recovery_short) <= room) {
        grid_right(d->g, b.row, b.col + b.cols, b.cols, draw_recovery_role(d),
                   draw_recovery_words(d, room));
    }
    big_course(d, (struct box){b.row + 1, b.col, b.rows - 2, b.cols});
    grid_put(d->g, b.row + b.rows - 1, b.col, ROLE_FRAME, "p95 over the run");
}

/* The verdict in a row of its own, where figures leave no room for more. */
static void big_verdict_line(const struct draw *d)
{
    char text[64];
    enum role role = draw_tally(d, text, sizeof text);

    if (grid_at(d->g, 1, 2)->cp == ' ' && grid_at(d->g, 1, 2)->role == 0) {
        grid_put(d->g, 1,
                 grid_put(d->g, 1, 2, ROLE_FRAME, draw_thresholds_title(d, 0)) +
                     2,
                 role, text);
    }
}

void draw_big(const struct draw *d)
{
    struct grid *g = d->g;
    int lines = (g->rows - 4) / 3 >= big_rows(1, g->ascii) + 2 ? 3 : 2;
    int rows = (g->rows - 4) / lines, cols = g->cols / 2 - 3, i;
    int size = big_size(d, rows - (rows > 8 ? 3 : 2), cols);
    struct big f;

    for (i = 0; i < 4; i++) {
        big_figure(d, i, &f);
        big_draw_figure(d,
                        (struct box){2 + i / 2 * rows,
                                     2 + i % 2 * (g->cols / 2), rows, cols},
                        size, &f);
    }
    if (lines == 2) {
        big_verdict_line(d);
        return;
    }
    big_verdict(d, &f);
    big_draw_figure(d, (struct box){2 + 2 * rows, 2, rows, cols}, size, &f);
    big_stage(d,
              (struct box){2 + 2 * rows, 2 + g->cols / 2,
                           2 + big_rows(size > 0 ? size : 1, g->ascii), cols});
}
