/* SPDX-License-Identifier: MIT
 *
 * draw_panel - what opens over the picture: help and lists. */
#include "config.h"

#include "screen/draw.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "run/level.h"
#include "screen/show.h"

struct box draw_panel_open(const struct draw *d, int cols, int rows,
                           const char *title, const char *hint)
{
    struct box b = {.cols = cols, .rows = rows};
    char keys[160];

    b.cols = b.cols > d->g->cols ? d->g->cols : b.cols;
    /* The state above and the keys below stay in sight where there is room. */
    b.rows = b.rows > d->g->rows - 2 ? d->g->rows - 2 : b.rows;
    b.row = 1 + (d->g->rows - 2 - b.rows) / 2;
    b.col = (d->g->cols - b.cols) / 2;
    /* Numbers that the frame would cut in two are left out. */
    if (d->l.side_col > 0 && b.col + b.cols > d->l.side_col) {
        int row, col = b.col + b.cols;

        for (row = b.row; row < b.row + b.rows; row++) {
            grid_fill(d->g, row, col, d->g->cols - col, ROLE_TEXT, ' ');
        }
    }
    return draw_frame(d->g, b, title, ui_text(d->ui, hint, keys, sizeof keys));
}

/* Either the whole width or clearly less: no stray columns beside it. */
static int panel_cols(const struct draw *d)
{
    return d->g->cols < 150 ? d->g->cols : 116;
}

struct box draw_panel_list(const struct draw *d, int n, const char *title,
                           const char *hint)
{
    int cols = panel_cols(d);
    int rows = n + 4 > d->g->rows - 2 ? d->g->rows - 2 : n + 4;

    return draw_panel_open(d, cols, rows < 8 ? 8 : rows, title, hint);
}

/* What can be clicked. */
static const char help_mouse[] = "mouse: row, title, stage, chart, key";
/* Of a baseline, where there is one. */
static const char *const help_base[UI_HELP_BASE] = {
    "base: the earlier run at this point",
    "~ before a figure: only about right",
};

static void help_key(const struct draw *d, struct box b, int row, enum action a)
{
    char text[64];

    grid_put(d->g, row, b.col + 1, ROLE_KEY, ui_label(d->ui, a));
    grid_fit(d->g, row, b.col + 8, b.cols - 8, ROLE_TEXT,
             ui_key_help(d->ui, a, text, sizeof text));
}

static int help_group(const struct draw *d, struct box b, int row,
                      enum key_group group)
{
    int i;

    if (row >= b.row + b.rows) {
        return row;
    }
    grid_put(d->g, row++, b.col, ROLE_STRONG, ui_group_name(d->ui, group));
    for (i = 0; i < ACTION_COUNT && row < b.row + b.rows; i++) {
        const struct keymap_row *r = keymap_row((enum action)i);

        if (r->group == group && ui_has(d->ui, d->live, (enum action)i)) {
            help_key(d, b, row++, (enum action)i);
        }
    }
    return row + 1;
}

/* One row of the help in a single column: keys under their groups; false:
 * there are no more. */
static bool help_row(const struct draw *d, struct box b, int row, int n)
{
    int group, i;

    for (group = 0; group < KEYS_GROUPS; group++) {
        if (n-- == 0) {
            grid_put(d->g, row, b.col, ROLE_STRONG,
                     ui_group_name(d->ui, (enum key_group)group));
            return true;
        }
        for (i = 0; i < ACTION_COUNT; i++) {
            const struct keymap_row *r = keymap_row((enum action)i);

            if (r->group == (enum key_group)group &&
                ui_has(d->ui, d->live, (enum action)i) && n-- == 0) {
                help_key(d, b, row, (enum action)i);
                return true;
            }
        }
    }
    if (n > 0 && (n > UI_HELP_BASE || !d->ui->config.has_baseline)) {
        return false;
    }
    grid_fit(d->g, row, b.col + 1, b.cols - 1, n > 0 ? ROLE_BASE : ROLE_FRAME,
             n > 0 ? help_base[n - 1] : help_mouse);
    return true;
}

enum { HELP_COLS = 80, HELP_SIGNS = 6, HELP_WORDS = 2 };

/* Where not all has room at once: the list of the keys, to be scrolled, in as
 * many columns as fit. */
static void panel_help_list(const struct draw *d)
{
    int across = d->g->cols >= HELP_COLS ? 2 : 1;
    int n = ui_list_length(d->ui, d->live), i;
    struct box b =
        draw_panel_open(d, across > 1 ? HELP_COLS : 60, n / across + 3, "keys",
                        "↑↓ PgUp PgDn End move   {back} close");
    int shown = b.rows * across, most = n > shown ? n - shown : 0;
    int top = d->ui->selected >= shown ? d->ui->selected - shown + 1 : 0;

    top = top < most ? top : most;
    for (i = 0; i < shown && b.rows > 0; i++) {
        struct box at = {b.row + i % b.rows,
                         b.col + i / b.rows * (b.cols / across), 1,
                         b.cols / across};

        if (!help_row(d, at, at.row, top + i)) {
            break;
        }
        if (top + i == d->ui->selected) {
            grid_paint(d->g, at.row, at.col, at.cols, ROLE_SELECTED);
        }
    }
    draw_more(d, b, most - top);
}

/* Rows of a group with its heading. */
static int help_rows(const struct draw *d, enum key_group group)
{
    int n = 1, i;

    for (i = 0; i < ACTION_COUNT; i++) {
        n += keymap_row((enum action)i)->group == group &&
             ui_has(d->ui, d->live, (enum action)i);
    }
    return n;
}

static const struct {
    enum role role;
    const char *text;
} help_signs[HELP_SIGNS - 1] = {
    /* below their heading */
    {ROLE_FRAME, "✓ holds  ✗ broken  … nothing yet"},
    {ROLE_THIN, "grey: too few samples to say"},
    {ROLE_FRAME, "p95 ok: without failures"},
    {ROLE_WARN, "! at a limit: holds, but most failed"},
    {ROLE_WARN, "! on the axis: an anomaly began"},
};

/* Two columns of keys, with the signs below. */
static void panel_help(const struct draw *d)
{
    int base = d->ui->config.has_baseline ? UI_HELP_BASE : 0, i;
    int first = help_rows(d, KEYS_LOAD) + 1 + help_rows(d, KEYS_STAGES) + 1 +
                HELP_SIGNS + base;
    int second =
        help_rows(d, KEYS_RUN) + 1 + help_rows(d, KEYS_LOOK) + 1 + HELP_WORDS;
    int need = (first > second ? first : second) + 2;
    struct box b, left, right;
    int end, row;

    if (d->g->cols < HELP_COLS || d->g->rows < need + 2) {
        panel_help_list(d);
        return;
    }
    b = draw_panel_open(d, HELP_COLS, need, "keys", "{back} close");
    left = right = b;
    end = b.row + b.rows;
    left.cols = right.cols = b.cols / 2;
    right.col += b.cols / 2;
    row = help_group(d, left, b.row, KEYS_LOAD);
    row = help_group(d, left, row, KEYS_STAGES);
    if (row < end) {
        grid_put(d->g, row++, left.col, ROLE_STRONG, "signs");
    }
    for (i = 0; i < HELP_SIGNS - 1 && row < end; i++) {
        grid_put(d->g, row++, left.col + 1, help_signs[i].role,
                 help_signs[i].text);
    }
    for (i = 0; i < base && row < end; i++) {
        grid_put(d->g, row++, left.col + 1, ROLE_BASE, help_base[i]);
    }
    row = help_group(d, right, b.row, KEYS_RUN);
    row = help_group(d, right, row, KEYS_LOOK);
    if (row < end) {
        grid_put(d->g, row, right.col + 1, ROLE_FRAME,
                 "Ctrl-C ends, twice cuts off");
    }
    if (row + 1 < end) {
        grid_fit(d->g, row + 1, right.col + 1, right.cols - 1, ROLE_FRAME,
                 help_mouse);
    }
}

/* When it was last back, as far as the log reaches; false: it is not told. */
static bool threshold_back(const struct model *m, const struct threshold *t,
                           uint64_t *us)
{
    char rule[160];
    size_t i;

    snprintf(rule, sizeof rule, "%s %s", t->metric_text, t->expression);
    for (i = m->n_events; i-- > 0;) {
        const struct event *e = &m->events[i];

        if (strcmp(e->type, "threshold") == 0 && !e->bad &&
            strcmp(e->value, rule) == 0) {
            *us = e->t_us;
            return true;
        }
    }
    return false;
}

/* The selected one in words: the rule in full, when it failed, what comes of
 * it. */
static void threshold_story(const struct draw *d, struct box b,
                            const struct verdict *v)
{
    const struct threshold *t = v->threshold;
    char text[640], safe[256], when[NUM_MAX], back[48] = "", span[NUM_MAX];
    uint64_t us;

    grid_fill(d->g, b.row, b.col, b.cols, ROLE_FRAME, 0x2500);
    snprintf(text, sizeof text, "%s: %s", t->metric_text, t->expression);
    grid_fit(d->g, b.row + 1, b.col + 1, b.cols - 1, ROLE_STRONG,
             text_safe(safe, sizeof safe, text));
    if (draw_baseline_rule(d, t, text, sizeof text)) {
        grid_right(d->g, b.row + 1, b.col + b.cols - 1, 30, ROLE_BASE, text);
    }
    if (threshold_back(d->m, t, &us) && v->ever_failed) {
        snprintf(back, sizeof back, ", last back %s", num_clock(span, us));
    }
    if (v->ever_failed) {
        snprintf(text, sizeof text, "first failed %s%s%s",
                 num_clock(when, v->first_failed_us), back,
                 v->ok ? "" : ", fails now");
    } else {
        snprintf(text, sizeof text, "%s",
                 v->pending                  ? "nothing decided yet"
                 : draw_verdict_hollow(d, v) ? "holds, but most responses are "
                                               "failures"
                                             : "never failed so far");
    }
    text_add(text, sizeof text, "%s%s", v->why[0] != '\0' ? ": " : "", v->why);
    text_add(text, sizeof text, " · %s%s%s",
             t->window_us > 0 ? "judged over the last " : "judged over the run",
             t->window_us > 0 ? num_period(span, t->window_us) : "",
             draw_hunts_for(d, t)
                 ? " · the hunt's limit: each load is held against it"
             : draw_hunts(d)                  ? " · not the hunt's limit"
             : t->abort_on_fail               ? " · failing aborts the run"
             : text_width(text) + 36 > b.cols ? ""
                                              : " · does not abort");
    grid_fit(d->g, b.row + 2, b.col + 1, b.cols - 1,
             v->ever_failed && !v->ok ? ROLE_WARN : ROLE_TEXT, text);
}

/* In the last rows of the panel, as many as the list can spare; returns how
 * many. */
static int panel_verdict(const struct draw *d, struct box b)
{
    int n = (int)d->m->n_verdicts, rows = draw_verdict_rows(d, b.cols);
    int spare = b.rows - (n > 0 ? 4 + (n < 5 ? n : 5) : 1);

    rows = rows < spare ? rows : spare;
    if (rows < 2) {
        return 0;
    }
    b.row += b.rows - rows;
    b.rows = rows;
    draw_verdict(d, b);
    return rows;
}

static void panel_thresholds(const struct draw *d)
{
    const struct model *m = d->m;
    char title[96], tally[64];
    struct box b;

    (void)draw_tally(d, tally, sizeof tally);
    snprintf(title, sizeof title, "%s   %s",
             draw_thresholds_title(d, panel_cols(d)), tally);
    b = draw_panel_list(
        d, (int)m->n_verdicts + 4 + draw_verdict_rows(d, panel_cols(d) - 4),
        title, "↑↓ move   {back} close");
    b.rows -= panel_verdict(d, b);
    if (m->n_verdicts == 0) {
        grid_put(d->g, b.row, b.col, ROLE_FRAME, "the plan has none");
        return;
    }
    b.rows -= 3;
    if ((size_t)d->ui->selected < m->n_verdicts) {
        threshold_story(d, (struct box){b.row + b.rows, b.col, 3, b.cols},
                        &m->verdicts[d->ui->selected]);
    }
    draw_thresholds(d, b, d->ui->selected);
}

static void panel_requests(const struct draw *d)
{
    char title[320], text[96], way[WAY_TEXT_MAX], span[48];
    struct box b;

    way_text(way, sizeof way, d->m->ways);
    snprintf(text, sizeof text, "requests, %s%s%s",
             draw_span(d, span, sizeof span), way[0] != '\0' ? "   " : "", way);
    draw_filtered(d, text, title, sizeof title);
    b = draw_panel_list(
        d, (int)d->m->n_requests, title,
        "↑↓ move   Enter look   {sort} {sort-way} sort   {filter} filter   "
        "{back} close");
    draw_requests(d, b, d->ui->selected);
}

static void panel_log(const struct draw *d)
{
    const struct model *m = d->live;
    char title[320], text[96], n[NUM_MAX];
    struct box b;

    snprintf(text, sizeof text, "log   %s entries, newest first",
             num_count(n, m->n_events_all));
    draw_filtered(d, text, title, sizeof title);
    b = draw_panel_list(d, d->g->rows, title,
                        "↑↓ scroll   {filter} filter   {back} close");
    draw_log(d, b, d->ui->selected);
}

/* Columns that a stage's name may take. */
static int stage_name_cols(struct box b)
{
    return b.cols >= 74 ? 22 : b.cols - 43 > 6 ? b.cols - 43 : 6;
}

static void stage_row(const struct draw *d, int row, struct box b, size_t i)
{
    const struct curve *c = model_curve(d->live);
    const struct tick_scenario *t = model_at(d->live);
    const struct curve_stage *s = &c->stages[i];
    char label[96], safe[96], x[NUM_MAX], y[NUM_MAX];
    bool over = t->state == SCENARIO_DRAINING || t->state == SCENARIO_DONE;
    bool now = i == t->stage && t->state == SCENARIO_RUNNING;
    int name = stage_name_cols(b),
        lasts = b.col + name + (b.cols < 74 ? 29 : 32);

    if (s->name != NULL) {
        text_safe(safe, sizeof safe, s->name);
    } else {
        /* Its VUs have a column. */
        curve_stage_label(c, i, d->g->ascii, label, sizeof label);
        label[strcspn(label, " ")] = '\0';
        text_safe(safe, sizeof safe, label);
    }
    grid_putf(d->g, row, b.col + 1, ROLE_FRAME, "%3zu", i + 1);
    grid_fit(d->g, row, b.col + 6, name, now ? ROLE_LIVE : ROLE_TEXT, safe);
    grid_putf(d->g, row, b.col + name + 7, ROLE_TEXT, "%5s → %s",
              num_count(x, s->from), num_count(y, s->to));
    if (s->end_us == UINT64_MAX) {
        grid_put(d->g, row, lasts - 6, ROLE_FRAME, "no end");
    } else {
        grid_right(d->g, row, lasts, 8, ROLE_TEXT,
                   num_dur(x, (s->end_us - s->start_us) / 100000 * 100000));
    }
    if (now) {
        snprintf(label, sizeof label, "● %s in",
                 num_clock(x, t->stage_clock_us > s->start_us
                                  ? t->stage_clock_us - s->start_us
                                  : 0));
        grid_fit(d->g, row, lasts + 2, b.col + b.cols - lasts - 2, ROLE_LIVE,
                 label);
    } else if (over || t->stage_clock_us >= s->end_us) {
        grid_put(d->g, row, lasts + 2, ROLE_FRAME, "done");
    }
}

static void panel_stages(const struct draw *d)
{
    size_t n = d->live->any ? model_curve(d->live)->n : 0, i;
    bool several = model_several(d->live);
    char title[160], unit[NUM_MAX];
    struct box b;
    int top, name;

    snprintf(title, sizeof title, "stages%s%s", several ? " of " : "",
             several ? d->live->part : "");
    /* The whole width or clearly less: no stray columns beside it. */
    b = draw_panel_open(d, d->g->cols < 84 ? d->g->cols : 78, (int)n + 6, title,
                        "↑↓ choose   Enter jump   {back} close");
    top = d->ui->selected >= b.rows - 3 ? d->ui->selected - b.rows + 4 : 0;
    name = stage_name_cols(b);
    grid_put(d->g, b.row, b.col + 3, ROLE_FRAME, "#  stage");
    grid_put(d->g, b.row, b.col + name + 11, ROLE_FRAME,
             level_unit(unit, n > 0 ? model_curve(d->live)->time_unit_us : 0));
    grid_right(d->g, b.row, b.col + name + (b.cols < 74 ? 29 : 32), 8,
               ROLE_FRAME, "lasts");
    draw_list_hits(d, (struct box){b.row + 1, b.col, b.rows - 3, b.cols},
                   d->ui->selected, top);
    for (i = (size_t)top; i < n && (int)i - top < b.rows - 3; i++) {
        int row = b.row + 1 + (int)i - top;

        stage_row(d, row, b, i);
        if ((int)i == d->ui->selected) {
            grid_cp(d->g, row, b.col, ROLE_KEY, 0x25b8);
            grid_paint(d->g, row, b.col, b.cols, ROLE_SELECTED);
        }
    }
    draw_more(d, b, (int)n - top - (b.rows - 3));
    grid_put(d->g, b.row + b.rows - 1, b.col + 1, ROLE_FRAME,
             ui_replays(d->ui) ? "A jump goes to where the stage began."
             : b.cols < 66     ? "A jump runs the stage and all after it."
                           : "A jump runs the stage and all after it; the end "
                             "moves with it.");
}

static void panel_draw(const struct draw *d)
{
    switch (d->ui->panel) {
    case PANEL_NONE:
        return;
    case PANEL_HELP:
        panel_help(d);
        return;
    case PANEL_ERRORS:
        draw_errors_panel(d);
        return;
    case PANEL_THRESHOLDS:
        panel_thresholds(d);
        return;
    case PANEL_REQUESTS:
        panel_requests(d);
        return;
    case PANEL_LOG:
        panel_log(d);
        return;
    case PANEL_STAGES:
        panel_stages(d);
        return;
    case PANEL_CHECKS:
        draw_checks(d);
        return;
    case PANEL_GENERATOR:
        draw_health(d);
        return;
    case PANEL_INSIGHTS:
        draw_findings(d);
        return;
    case PANEL_REQUEST:
        draw_detail(d);
        return;
    case PANEL_SAMPLE:
        draw_sample(d);
        return;
    case PANEL_STEPS:
        draw_steps(d);
        return;
    }
}

void draw_panel(const struct draw *d)
{
    panel_draw(d);
    /* Where notes stand otherwise is covered. */
    if (d->ui->panel != PANEL_NONE) {
        draw_note(d, (struct box){d->l.footer, 0, 1, d->g->cols});
    }
}
