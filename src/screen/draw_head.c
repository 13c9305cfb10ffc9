/* SPDX-License-Identifier: MIT
 *
 * draw_head - the rows at the top: who and where, the stages over the time
 * axis; titles and frames. */
#include "config.h"

#include "screen/draw.h"

#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/text.h"
#include "chart/axis.h"
#include "screen/show.h"

void draw_title(struct grid *g, int row, int col, int cols, const char *title,
                const char *right, enum role right_role)
{
    int end = col + cols;
    int n = text_width(right);

    grid_fill(g, row, col, cols, ROLE_FRAME, 0x2500);
    if (cols < 8) {
        return;
    }
    grid_cp(g, row, col + 1, ROLE_FRAME, ' ');
    col = grid_fit(g, row, col + 2, cols - 4, ROLE_STRONG, title);
    grid_cp(g, row, col, ROLE_FRAME, ' ');
    if (n > 0 && col + n + 5 < end) {
        grid_cp(g, row, end - n - 3, ROLE_FRAME, ' ');
        grid_put(g, row, end - n - 2, right_role, right);
        grid_cp(g, row, end - 2, ROLE_FRAME, ' ');
    }
}

/* Hints stand three blanks apart: where not all of them have room, the last
 * ones stay, which say how to get out. */
static const char *frame_hint(const char *hint, int room)
{
    const char *next = hint;

    while (next != NULL && text_width(next) > room) {
        next = strstr(next, "   ");
        next += next != NULL ? 3 : 0;
    }
    return next != NULL ? next : "";
}

void draw_hit(struct grid *g, enum hit_kind kind, struct box b, uint32_t what)
{
    const struct hit hit = {kind, b.row, b.col, b.rows, b.cols, what};

    hits_add(&g->hits, &hit);
}

struct box draw_frame(struct grid *g, struct box b, const char *title,
                      const char *hint)
{
    int right = b.col + b.cols - 1, below = b.row + b.rows - 1, row;
    int n;

    draw_hit(g, HIT_FRAME, b, 0);
    hint = frame_hint(hint, b.cols - 7);
    n = text_width(hint);
    for (row = b.row; row <= below; row++) {
        grid_fill(g, row, b.col, b.cols, ROLE_TEXT, ' ');
        grid_cp(g, row, b.col, ROLE_FRAME, 0x2502);
        grid_cp(g, row, right, ROLE_FRAME, 0x2502);
    }
    grid_fill(g, b.row, b.col, b.cols, ROLE_FRAME, 0x2500);
    grid_fill(g, below, b.col, b.cols, ROLE_FRAME, 0x2500);
    grid_cp(g, b.row, b.col, ROLE_FRAME, 0x256d);
    grid_cp(g, b.row, right, ROLE_FRAME, 0x256e);
    grid_cp(g, below, b.col, ROLE_FRAME, 0x2570);
    grid_cp(g, below, right, ROLE_FRAME, 0x256f);
    grid_cp(g, b.row, b.col + 2, ROLE_FRAME, ' ');
    grid_cp(g, b.row,
            grid_fit(g, b.row, b.col + 3, b.cols - 6, ROLE_STRONG, title),
            ROLE_FRAME, ' ');
    if (n > 0) {
        grid_cp(g, below, right - n - 3, ROLE_FRAME, ' ');
        grid_put(g, below, right - n - 2, ROLE_FRAME, hint);
        grid_cp(g, below, right - 2, ROLE_FRAME, ' ');
    }
    return (struct box){b.row + 1, b.col + 2, b.rows - 2, b.cols - 4};
}

bool draw_lost(const struct tick *t)
{
    return t->state == RUN_FINISHED && t->outcome.exit_code < 0;
}

static void draw_state(const struct draw *d, int row, int *col)
{
    static const struct {
        uint32_t glyph;
        enum role role;
        const char *word;
    } states[] = {
        [RUN_STARTING] = {0x25cb, ROLE_WARN, "STARTING"},
        [RUN_RUNNING] = {0x25cf, ROLE_GOOD, "RUNNING"},
        [RUN_PAUSED] = {0x2016, ROLE_WARN, "PAUSED"},
        [RUN_DRAINING] = {0x25d0, ROLE_WARN, "DRAINING"},
        [RUN_FINISHED] = {0x25a0, ROLE_STRONG, "FINISHED"},
    };
    enum run_state s = d->m->any ? d->m->tick.state : RUN_STARTING;
    bool lost = d->m->any && draw_lost(&d->m->tick);

    MUST(s < sizeof states / sizeof states[0]);
    grid_cp(d->g, row, *col, states[s].role, states[s].glyph);
    *col = grid_put(d->g, row, *col + 2, lost ? ROLE_WARN : states[s].role,
                    lost ? "CONNECTION LOST" : states[s].word);
    if (d->m->any && d->m->tick.held && s == RUN_RUNNING) {
        *col = grid_put(d->g, row, *col + 1, ROLE_BANNER, " HELD ");
    }
    if (d->m->any && model_at(d->m)->spike) {
        char clock[NUM_MAX];

        *col =
            grid_putf(d->g, row, *col + 1, ROLE_MANUAL, "SPIKE ×3 %s",
                      num_clock(clock, model_at(d->m)->spike_left_us + 999999));
    }
}

/* When the run ends, to the nearest second: ten minutes that began with a few
 * milliseconds of setup are ten minutes. */
static const char *clock_end(char *buf, const struct tick *t)
{
    uint64_t end = t->t_us + t->left_us + 500000;

    return num_clock(buf, end > 1000000 ? end : 1000000);
}

/* "3:27 / 5:00", "12 / 100 iterations", or what has passed. */
static void draw_clock(const struct draw *d, int row, int *col)
{
    const struct tick *t = &d->m->tick;
    const struct tick_scenario *s = model_at(d->m);
    char now[NUM_MAX], end[NUM_MAX], done[NUM_MAX];
    bool over = t->state == RUN_DRAINING || t->state == RUN_FINISHED;

    *col = grid_put(d->g, row, *col, ROLE_STRONG, num_clock(now, t->t_us));
    if (s->iterations_total > 0 && !model_several(d->m)) {
        *col = grid_putf(d->g, row, *col, ROLE_TEXT, "  %s of %s iterations",
                         num_count(done, s->iterations),
                         num_count(end, s->iterations_total));
    } else if (!over && t->left_us < UINT64_MAX / 2) {
        *col =
            grid_putf(d->g, row, *col, ROLE_FRAME, " / %s", clock_end(end, t));
    }
}

int draw_stage_name(const struct draw *d, int row, int col, int cols,
                    size_t stage)
{
    char label[96], safe[96];

    text_safe(safe, sizeof safe,
              curve_stage_label(model_curve(d->m), stage, d->g->ascii, label,
                                sizeof label));
    return grid_fit(d->g, row, col, cols, ROLE_TEXT, safe);
}

/* Figures are not of now: that must be seen. */
static void draw_cursor_now(const struct draw *d, int row, int *col, int end)
{
    const struct model_cursor *c = &d->m->cursor;
    char text[64], clock[NUM_MAX];

    snprintf(text, sizeof text, " cursor %s ", num_clock(clock, c->from_us));
    *col = grid_fit(d->g, row, *col, end - *col, ROLE_BANNER, text);
    if (c->ahead && *col + 8 < end) {
        *col = grid_put(d->g, row, *col + 1, ROLE_PLAN, "planned");
    } else if (!c->ahead && model_paused(d->m, c->from_us, c->to_us) &&
               *col + 7 < end) {
        *col = grid_put(d->g, row, *col + 1, ROLE_WARN, "paused");
    }
    if (c->stage < model_curve(d->m)->n && *col + 8 < end) {
        *col = draw_stage_name(d, row, *col + 1, end - *col - 1, c->stage);
    }
    snprintf(text, sizeof text, "%s back to live",
             ui_label(d->ui, ACTION_CURSOR_LIVE));
    if (*col + text_width(text) + 1 < end) {
        *col = grid_put(d->g, row, *col + 2, ROLE_FRAME, text);
    }
}

static void draw_stage_now(const struct draw *d, int row, int *col, int end)
{
    const struct tick_scenario *t = model_at(d->m);
    const struct curve *c = model_curve(d->m);
    char label[96], safe[96], text[160], left[NUM_MAX];
    const struct curve_stage *s;

    if (draw_hunts(d) && t->state == SCENARIO_RUNNING) {
        draw_hunt_now(d, row, col, end);
        return;
    }
    if (t->state != SCENARIO_RUNNING) {
        if (t->state == SCENARIO_WAITING) {
            snprintf(text, sizeof text, "starts in %s",
                     num_clock(left, t->starts_in_us + 999999));
        } else {
            snprintf(text, sizeof text, "%s",
                     t->state == SCENARIO_DONE ? "ended" : "draining");
        }
        *col = grid_fit(d->g, row, *col, end - *col, ROLE_WARN, text);
        return;
    }
    MUST(t->stage < c->n);
    s = &c->stages[t->stage];
    text_safe(safe, sizeof safe,
              curve_stage_label(c, t->stage, d->g->ascii, label, sizeof label));
    snprintf(text, sizeof text, "stage %zu/%zu %s", t->stage + 1, c->n, safe);
    if (*col + text_width(text) <= end) {
        *col = grid_put(d->g, row, *col, ROLE_TEXT, text);
    } else {
        snprintf(text, sizeof text, "%zu/%zu %s", t->stage + 1, c->n, safe);
        *col = grid_fit(d->g, row, *col, end - *col, ROLE_TEXT, text);
    }
    if (s->end_us != UINT64_MAX && s->end_us >= t->stage_clock_us &&
        t->iterations_total == 0 && *col + 12 < end) {
        *col =
            grid_putf(d->g, row, *col + 1, ROLE_FRAME, "%s left",
                      num_clock(left, s->end_us - t->stage_clock_us + 999999));
    }
}

int draw_identity(const struct draw *d, int row)
{
    int col = 1;

    if (d->l.kind != LAYOUT_MINIMAL) {
        grid_cp(d->g, row, col, ROLE_LIVE, 0x25c6);
        col += 2;
    }
    col = grid_fit(d->g, row, col, 24, ROLE_STRONG, d->m->scenario) + 2;
    if (model_several(d->m)) {
        col = grid_putf(d->g, row, col - 1, ROLE_KEY, "[%zu/%zu]",
                        d->m->chosen + 1, d->m->tick.n_scenarios);
        col = grid_fit(d->g, row, col + 1, 16, ROLE_STRONG, d->m->part) + 2;
    }
    if (ui_replays(d->ui)) {
        draw_replay_state(d, row, &col);
    } else {
        draw_state(d, row, &col);
    }
    if (d->m->any) {
        col += 2;
        if (ui_replays(d->ui)) {
            draw_replay_clock(d, row, &col);
        } else {
            draw_clock(d, row, &col);
        }
    }
    return col;
}

/* Room for the longest, so that nothing moves when it turns. */
enum {
    HEAD_VERDICT = sizeof "so far: critical" - 1,
    HEAD_WHOLE = sizeof "run " - 1, /* of the run, not of the last seconds */
};

/* Right: what the figures mean so far, and where they come from. What is meant
 * is also in a panel, and for whom the load is was said before: neither is cut,
 * and the first goes before the second. */
static void draw_head_right(const struct draw *d, int row, int col, int end)
{
    /* Of a replay it is more to know of when it is than of where. */
    const char *right = ui_replays(d->ui) ? d->ui->replay.what : d->m->target;
    int room = text_width(right);
    char text[32];
    enum role role = draw_verdict_word(d, text, sizeof text);

    if (d->m->tick.state == RUN_FINISHED || d->m->cursor.on) {
        text[0] = '\0'; /* the outcome has it; it is of no moment */
    }
    if (col + 6 + HEAD_VERDICT + room <= end) {
        grid_right(d->g, row, end, room, ROLE_FRAME, right);
        end -= room + 3;
    } else if (text[0] == '\0' && col + 3 + room <= end) {
        grid_right(d->g, row, end, room, ROLE_FRAME, right);
        return;
    }
    if (text[0] != '\0' && col + 3 + HEAD_VERDICT <= end) {
        grid_put(d->g, row, end - HEAD_VERDICT, role, text);
        if (col + 3 + HEAD_VERDICT + HEAD_WHOLE <= end) {
            grid_put(d->g, row, end - HEAD_VERDICT - HEAD_WHOLE, role, "run ");
        }
    }
}

void draw_head(const struct draw *d, int row)
{
    int col = draw_identity(d, row) + 3, end = d->g->cols - 1;
    /* While running iterations end the stages are over. */
    bool live = d->m->any && (d->m->tick.state == RUN_RUNNING ||
                              d->m->tick.state == RUN_PAUSED);

    if (!d->m->any) {
        return;
    }
    if (d->m->cursor.on) {
        draw_cursor_now(d, row, &col, end);
    } else if (live) {
        draw_stage_now(d, row, &col, end);
    }
    draw_head_right(d, row, col, end);
}

/* As much of a stage's label as so many columns hold: with its VUs, its name,
 * the beginning of that, or only its number, as the header has it. Returns the
 * columns to be taken. */
static int draw_stage_word(const struct draw *d, size_t stage, int wide,
                           char *out, size_t size)
{
    char label[96];
    int room;

    text_safe(out, size,
              curve_stage_label(model_curve(d->m), stage, d->g->ascii, label,
                                sizeof label));
    room = text_width(out);
    if (room + 4 > wide && strrchr(out, ' ') != NULL) {
        *strrchr(out, ' ') = '\0';
        room = text_width(out);
    }
    if (room + 2 <= wide) {
        return room;
    }
    if (wide >= 7) {
        return wide - 2;
    }
    snprintf(out, size, "%zu", stage + 1);
    return text_width(out) + 2 <= wide ? text_width(out) : 0;
}

static void draw_stage(const struct draw *d, const struct model_stage *s)
{
    const struct curve *c = model_curve(d->m);
    const struct curve_stage *plan = &c->stages[s->index];
    int row = d->l.strip, from, to, wide, room;
    uint32_t fill = plan->to > plan->from   ? 0x2571
                    : plan->to < plan->from ? 0x2572
                                            : 0x2500;
    bool now = !s->ahead && s == &d->m->stages[0];
    char label[96];
    size_t i;

    for (i = 0; i < d->m->n_stages; i++) {
        if (!d->m->stages[i].ahead) {
            now = s == &d->m->stages[i];
        }
    }
    from = axis_at(&d->m->axis, s->start_us, d->l.chart);
    to = axis_at(&d->m->axis, s->end_us, d->l.chart);
    wide = to - from;
    if (wide <= 0) {
        return;
    }
    draw_hit(d->g, HIT_STAGE, (struct box){row, d->l.chart_col + from, 1, wide},
             (uint32_t)s->index);
    grid_fill(d->g, row, d->l.chart_col + from, wide, ROLE_FRAME, fill);
    if (fill == 0x2500 && wide >= 2) {
        grid_cp(d->g, row, d->l.chart_col + from, ROLE_FRAME, 0x251c);
        grid_cp(d->g, row, d->l.chart_col + to - 1, ROLE_FRAME, 0x2524);
    }
    room = draw_stage_word(d, s->index, wide, label, sizeof label);
    from += d->l.chart_col + (wide - room) / 2;
    if (room + 2 <= wide && room > 2) {
        grid_cp(d->g, row, from - 1, ROLE_FRAME, ' ');
        grid_cp(d->g, row, from + room, ROLE_FRAME, ' ');
    }
    grid_fit(d->g, row, from, room, now ? ROLE_LIVE : ROLE_FRAME, label);
}

void draw_stages(const struct draw *d)
{
    size_t i;

    if (draw_hunts(d)) {
        draw_hunt_turns(d);
        return;
    }
    for (i = 0; i < d->m->n_stages; i++) {
        draw_stage(d, &d->m->stages[i]);
    }
}
