/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/render.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "screen/draw.h"

/* The first of the texts that the row has room for, in its middle; none where
 * there is room for none: half a word says nothing. */
static void render_middle(const struct draw *d, int row,
                          const char *const *texts)
{
    char text[128];
    int room;

    for (; *texts != NULL; texts++) {
        room = text_width(ui_text(d->ui, *texts, text, sizeof text));
        if (room <= d->g->cols) {
            grid_put(d->g, row, (d->g->cols - room) / 2, ROLE_STRONG, text);
            return;
        }
    }
}

/* Too small for anything but a word. */
static void render_none(const struct draw *d)
{
    static const char *const ends[][5] = {
        {"test is running · {quit} ends it", "running · {quit} ends it",
         "{quit} ends it", "{quit}", NULL},
        {"test is over · {quit} leaves", "over · {quit} leaves",
         "{quit} leaves", "{quit}", NULL}};
    int row = d->g->rows / 2, done = d->ui->done ? 1 : 0;
    char have[48], need[24], size[16], whole[96], text[128];
    const char *const needs[] = {have, need, size, NULL};
    const char *const both[] = {whole, have, need, size, ends[done][3], NULL};

    snprintf(size, sizeof size, "%dx%d", LAYOUT_COLS_MIN, LAYOUT_ROWS_MIN);
    snprintf(need, sizeof need, "need %s", size);
    snprintf(have, sizeof have, "%s, have %dx%d", need, d->g->cols, d->g->rows);
    snprintf(whole, sizeof whole, "%s · %s", have, ends[done][0]);
    if (d->g->rows < 2 ||
        text_width(ui_text(d->ui, whole, text, sizeof text)) <= d->g->cols) {
        render_middle(d, row, both);
        return;
    }
    render_middle(d, row - 1, needs);
    render_middle(d, row, ends[done]);
}

/* Where there is no room for the service's charts, but in place of requests,
 * the title of these says by which key. */
static void render_service_key(const struct draw *d, int col, int end)
{
    const char *key = ui_label(d->ui, ACTION_SERVICE);
    int row = d->l.requests.row, from = col + 1;

    if (d->m->server.n == 0 || d->l.n_service > 0 ||
        d->ui->service != SERVICE_AUTO || from + text_width(key) + 9 > end) {
        return;
    }
    grid_cp(d->g, row, col, ROLE_FRAME, ' ');
    col = grid_put(d->g, row, from, ROLE_KEY, key);
    col = grid_put(d->g, row, col, ROLE_FRAME, " service ");
    draw_hit(d->g, HIT_KEY, (struct box){row, from, 1, col - 1 - from},
             ui_typed(d->ui, ACTION_SERVICE));
}

static void render_requests_title(const struct draw *d)
{
    const struct layout *l = &d->l;
    char title[256], right[96], text[64], span[48];

    snprintf(text, sizeof text, "requests, %s",
             draw_span(d, span, sizeof span));
    draw_filtered(d, text, title, sizeof title);
    draw_requests_right(d, l->requests.n - 2, right, sizeof right);
    draw_title(d->g, l->requests.row, 0, l->requests_cols, title, right,
               ROLE_FRAME);
    if (l->kind == LAYOUT_COMPACT) {
        render_service_key(d, 4 + text_width(title),
                           l->requests_cols - text_width(right) - 4);
    }
}

static void render_lists_compact(const struct draw *d)
{
    const struct layout *l = &d->l;
    struct grid *g = d->g;
    char right[96];
    enum role role;

    if (l->requests.n > 0) {
        render_requests_title(d);
        draw_requests(d,
                      (struct box){l->requests.row + 1, 0, l->requests.n - 1,
                                   l->requests_cols},
                      -1);
    }
    if (l->thresholds.n == 0) {
        return;
    }
    role = draw_tally(d, right, sizeof right);
    draw_title(g, l->thresholds.row, 0, g->cols,
               draw_thresholds_title(d, g->cols), right, role);
    draw_threshold_chips(d, (struct box){l->thresholds.row + 1, 0,
                                         l->thresholds.n - 1, g->cols});
}

/* Errors and thresholds share the space right of the requests. */
static void render_lists_normal(const struct draw *d)
{
    const struct layout *l = &d->l;
    struct grid *g = d->g;
    int col = l->requests_cols + 1, cols = g->cols - col;
    int row = l->requests.row, rows = l->requests.n;
    int want = (int)d->m->n_verdicts, errors;
    const struct summary *of =
        d->m->cursor.on ? &d->m->cursor.all.sum : &d->m->run;
    char right[64], a[NUM_MAX], b[NUM_MAX], title[256], text[64], span[48];
    enum role role;

    render_requests_title(d);
    draw_requests(d, (struct box){row + 1, 0, rows - 1, l->requests_cols}, -1);
    if (want > rows - 5) {
        want = rows - 5;
    }
    errors = rows - 2 - want;
    snprintf(right, sizeof right, "%s of %s", num_count(a, of->failed),
             num_count(b, of->requests));
    snprintf(text, sizeof text, "errors, %s",
             d->m->cursor.on ? draw_span(d, span, sizeof span) : "whole run");
    draw_filtered(d, text, title, sizeof title);
    draw_title(g, row, col, cols, title, right, ROLE_FRAME);
    draw_errors(d, (struct box){row + 1, col, errors, cols}, -1);
    row += 1 + errors;
    role = draw_tally(d, right, sizeof right);
    draw_title(g, row, col, cols, draw_thresholds_title(d, cols), right, role);
    draw_thresholds(d, (struct box){row + 1, col, want, cols}, -1);
}

/* One row for both where rows are few: what happened matters more than numbers
 * that are as they should be. */
static void render_generator_and_news(const struct draw *d)
{
    int cols = d->g->cols;
    int col = d->m->tick.health.suspect        ? cols * 2 / 3
              : d->m->tick.health.ever_suspect ? 40
                                               : 32;

    if (draw_answers(d) &&
        (draw_news_cols(d) == 0 || d->m->tick.health.suspect)) {
        draw_answer(d, (struct box){d->l.generator, 0, 1, cols});
        return; /* a suspicion has its banner */
    }
    if (draw_news_cols(d) > cols - col && !d->m->tick.health.suspect) {
        col = 0; /* it is told whole first */
    } else {
        draw_generator(d, (struct box){d->l.generator, 0, 1, col - 1});
    }
    draw_news(d, (struct box){d->l.generator, col, 1, cols - col});
}

/* The newest event first; a note takes its place for a while. */
static void render_log(const struct draw *d, struct box b)
{
    int rows = draw_news_cols(d) > b.cols && b.rows > 1 ? 2 : 1;

    draw_log(d,
             (struct box){b.row + rows - 1, b.col, b.rows - rows + 1, b.cols},
             -1);
    draw_news(d, (struct box){b.row, b.col, rows, b.cols});
}

static void render_below(const struct draw *d)
{
    const struct layout *l = &d->l;
    int cols = d->g->cols;
    struct box log = {l->log.row, 0, l->log.n, cols};

    if (l->kind == LAYOUT_WIDE) {
        log.col = l->side_col;
        log.cols = l->side;
        draw_title(d->g, log.row, log.col, log.cols, "log", "newest first",
                   ROLE_FRAME);
        log.row++;
        log.rows--;
        render_log(d, log);
        return;
    }
    if (log.rows == 0 && d->ui->done && draw_answers(d)) {
        /* What was found out is what is left of a run. */
        if (draw_answer_rows(d, cols, 2) > 1 && d->ui->ended[0] == '\0') {
            draw_answer(d, (struct box){l->change, 0, 2, cols});
            return;
        }
        draw_answer(d, (struct box){l->change, 0, 1, cols});
        draw_news(d, (struct box){l->generator, 0, 1, cols});
        return;
    }
    if (log.rows == 0 && draw_news_cols(d) > cols &&
        !d->m->tick.health.suspect) {
        /* What is new is told whole, before what stands there else. */
        draw_news(d, (struct box){l->change, 0, 2, cols});
        return;
    }
    if (log.rows == 0 && d->m->has_change) {
        draw_change(d, (struct box){l->change, 0, 1, cols});
        render_generator_and_news(d);
        return;
    }
    if (log.rows == 0) {
        draw_news(d, (struct box){l->change, 0, 1, cols});
    } else {
        draw_change(d, (struct box){l->change, 0, 1, cols});
        render_log(d, log);
    }
    if (draw_answer_rows(d, cols, 2) > 1 && log.rows > 0 && !d->m->has_change) {
        draw_answer(d, (struct box){l->change, 0, 2, cols});
    } else if (draw_answers(d)) {
        draw_answer(d, (struct box){l->generator, 0, 1, cols});
    } else {
        draw_generator(d, (struct box){l->generator, 0, 1, cols});
    }
}

static void render_full(const struct draw *d)
{
    draw_head(d, 0);
    draw_banner(d, 1);
    if (d->m->any) {
        draw_charts(d);
        if (d->l.kind == LAYOUT_WIDE) {
            draw_side_wide(d);
            render_lists_compact(d);
        } else if (d->l.kind == LAYOUT_NORMAL) {
            draw_side(d);
            render_lists_normal(d);
        } else {
            draw_side(d);
            render_lists_compact(d);
        }
        render_below(d);
    } else {
        grid_put(d->g, d->g->rows / 2, d->g->cols / 2 - 14, ROLE_FRAME,
                 "waiting for the first figures");
    }
    draw_footer(d, d->l.footer);
}

/* Where figures leave no row between them, the answer waits for news to be
 * old. */
static void render_big_below(const struct draw *d)
{
    int rows = d->g->rows, cols = d->g->cols;

    if (draw_answers(d) && rows >= 20) {
        draw_answer(d, (struct box){rows - 3, 0, 1, cols});
    } else if (draw_answers(d) && (d->ui->done || draw_news_cols(d) == 0)) {
        draw_answer(d, (struct box){rows - 2, 0, 1, cols});
        return;
    }
    draw_news(d, (struct box){rows - 2, 0, 1, cols});
}

/* For a projector. Everything else, prompts and panels too, is as ever. */
static void render_big(struct draw *d)
{
    d->l.strip = -1;
    d->l.side_col = d->g->cols - 20;
    draw_head(d, 0);
    draw_banner(d, 1);
    if (d->m->any) {
        draw_big(d);
        render_big_below(d);
    }
    draw_footer(d, d->l.footer);
}

void render(struct grid *g, const struct model *shown, const struct model *live,
            const struct ui *ui, uint64_t now_us)
{
    struct draw d = {
        .g = g, .m = shown, .live = live, .ui = ui, .now_us = now_us};
    int i;

    for (i = 0; i < g->rows; i++) {
        grid_fill(g, i, 0, g->cols, ROLE_TEXT, ' ');
    }
    g->cursor_row = g->cursor_col = -1;
    g->scroll_most = 0;
    hits_reset(&g->hits);
    d.l = ui_layout(ui, shown, g->cols, g->rows);
    if (d.l.kind == LAYOUT_NONE) {
        render_none(&d);
        return;
    }
    if (ui->big) {
        render_big(&d);
    } else if (d.l.kind == LAYOUT_MINIMAL) {
        draw_minimal(&d);
    } else {
        render_full(&d);
    }
    draw_banner_whole(&d);
    draw_panel(&d);
    draw_prompt(&d);
}
