/* SPDX-License-Identifier: MIT
 *
 * draw_lines - what is said in one line: the log, before and after a change of
 * load, the generator's own health. */
#include "config.h"

#include "screen/draw.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "screen/show.h"

/* An event or note this young stands out. */
#define LINE_FRESH_US (5 * UINT64_C(1000000))
/* After a change of load the ten seconds shown are not all after it. */
#define LINE_SETTLED_US (10 * UINT64_C(1000000))

static void event_line(const struct draw *d, int row, int col, int cols,
                       const struct event *e, bool fresh)
{
    enum role role = e->bad ? ROLE_WARN : fresh ? ROLE_STRONG : ROLE_TEXT;
    char clock[NUM_MAX], safe[300], line[512], type[40];
    /* Texts say what was applied; a bare word needs its kind beside it. */
    bool bare = e->text[0] == '\0' || strcmp(e->text, e->value) == 0;

    grid_right(d->g, row, col + 7, 7, ROLE_FRAME, num_clock(clock, e->t_us));
    text_safe(safe, sizeof safe, e->text);
    if (safe[0] == '\0') {
        text_safe(safe, sizeof safe, e->value);
    }
    snprintf(type, sizeof type, "%s%s", bare ? e->type : "", bare ? ": " : "");
    if (strcmp(e->by, "plan") == 0 || e->by[0] == '\0' ||
        strcmp(e->by, "keyboard") == 0) {
        snprintf(line, sizeof line, "%s%s", type, safe);
    } else {
        char by[64];

        snprintf(line, sizeof line, "%s%s (%s)", type, safe,
                 text_safe(by, sizeof by, e->by));
    }
    grid_fit(d->g, row, col + 9, cols - 9, role, line);
}

void draw_log(const struct draw *d, struct box b, int selected)
{
    /* Newest first; the log is never frozen, as answers stand in it. */
    const struct model *m = d->live;
    int n = (int)m->n_events, i;
    int top = selected >= b.rows ? selected - b.rows + 1 : 0;

    for (i = 0; i < b.rows && top + i < n; i++) {
        const struct event *e = &m->events[n - 1 - top - i];
        bool fresh = top + i == 0 && m->tick.t_us - e->t_us < LINE_FRESH_US;

        event_line(d, b.row + i, b.col, b.cols, e, fresh);
        if (top + i == selected) {
            grid_paint(d->g, b.row + i, b.col, b.cols, ROLE_SELECTED);
        }
    }
}

bool draw_note(const struct draw *d, struct box b)
{
    if (d->ui->note[0] == '\0' || d->now_us - d->ui->note_us >= LINE_FRESH_US) {
        return false;
    }
    grid_fill(d->g, b.row, b.col, b.cols, ROLE_TEXT, ' ');
    grid_fit(d->g, b.row, b.col + 1, b.cols - 1, ROLE_WARN, d->ui->note);
    return true;
}

void draw_news(const struct draw *d, struct box b)
{
    const struct model *m = d->live;

    if (!draw_note(d, b) && m->n_events > 0) {
        draw_log(d, b, -1);
    }
}

/* "p95 118 ms → 574 ms"; returns the column behind. */
static int change_pair(const struct draw *d, int row, int col, const char *name,
                       enum role before_role, const char *before,
                       enum role after_role, const char *after)
{
    int need = text_width(name) + text_width(before) + text_width(after) + 6;

    if (col + need > d->g->cols) {
        return col;
    }
    col = grid_put(d->g, row, col + 2, ROLE_FRAME, name);
    col = grid_put(d->g, row, col + 1, before_role, before);
    col = grid_put(d->g, row, col, ROLE_FRAME, " → ");
    return grid_put(d->g, row, col, after_role, after);
}

void draw_change(const struct draw *d, struct box b)
{
    const struct model *m = d->m;
    const struct summary *was = &m->change.before, *is = &m->change.after;
    char x[48], y[48], clock[NUM_MAX], label[NUM_MAX];
    bool over = m->tick.state >= RUN_DRAINING;
    bool settled = m->change.age_us >= LINE_SETTLED_US;
    enum role role = settled ? ROLE_TEXT : ROLE_THIN;
    int col;

    if (!m->has_change) {
        grid_put(d->g, b.row, b.col + 1, ROLE_FRAME,
                 "before and after: no change of load by hand yet");
        return;
    }
    if (over) {
        col = grid_putf(d->g, b.row, b.col + 1, ROLE_MANUAL, "◆ at %s",
                        num_clock(clock, m->change.t_us));
    } else {
        col = grid_putf(d->g, b.row, b.col + 1, ROLE_MANUAL, "◆ %s ago",
                        num_clock(clock, m->change.age_us));
    }
    num_count(x, m->change.level_before);
    num_count(y, m->change.level_after);
    model_changed(m, label);
    col = change_pair(d, b.row, col, label, ROLE_TEXT, x, ROLE_LIVE, y);
    num_rate(x, was->rate);
    num_rate(y, is->rate);
    col = change_pair(d, b.row, col, "req/s", ROLE_TEXT, x, role, y);
    show_latency(x, sizeof x, was->p95_us, was->responses > 0);
    show_latency(y, sizeof y, is->p95_us, is->responses > 0);
    col = change_pair(d, b.row, col, "p95",
                      draw_thin(ROLE_TEXT, was->responses, 95), x,
                      draw_thin(role, is->responses, 95), y);
    num_percent(x, was->error_rate);
    num_percent(y, is->error_rate);
    col = change_pair(d, b.row, col, "failed", ROLE_TEXT, x, role, y);
    show_latency(x, sizeof x, was->p50_us, was->responses > 0);
    show_latency(y, sizeof y, is->p50_us, is->responses > 0);
    col = change_pair(d, b.row, col, "p50",
                      draw_thin(ROLE_TEXT, was->responses, 50), x,
                      draw_thin(role, is->responses, 50), y);
    if (!settled && !over && col + 14 < b.col + b.cols) {
        grid_putf(
            d->g, b.row, col + 2, ROLE_FRAME, "settling %s",
            num_clock(clock, LINE_SETTLED_US - m->change.age_us + 999999));
    }
}

void draw_generator(const struct draw *d, struct box b)
{
    const struct health *h = &d->m->tick.health;
    int row = b.row, col = b.col + 1, end = b.col + b.cols;
    char x[NUM_MAX], y[NUM_MAX], text[160];

    if (h->suspect) {
        char safe[128];

        snprintf(text, sizeof text, " generator suspect: %s ",
                 text_safe(safe, sizeof safe, h->why));
        grid_fit(d->g, row, col, b.cols - 2, ROLE_BANNER, text);
        return;
    }
    if (b.cols < 60) {
        snprintf(text, sizeof text, "gen %s  cpu %.0f%%  lag %.1fms",
                 h->ever_suspect ? "was suspect" : "ok", h->cpu * 100,
                 h->lag_p99_ms);
        grid_fit(d->g, row, col, b.cols - 2,
                 h->ever_suspect ? ROLE_WARN : ROLE_FRAME, text);
        return;
    }
    col = grid_put(d->g, row, col, ROLE_FRAME, "generator ");
    col = grid_put(d->g, row, col, h->ever_suspect ? ROLE_WARN : ROLE_GOOD,
                   h->ever_suspect ? "ok, was suspect" : "ok");
    snprintf(text, sizeof text, "   cpu %.0f %%   lag p99 %.1f ms",
             h->cpu * 100, h->lag_p99_ms);
    col = grid_fit(d->g, row, col, end - col, ROLE_TEXT, text);
    snprintf(text, sizeof text, "   fds %s/%s", num_count(x, h->fds),
             num_count(y, h->fds_max));
    if (col + text_width(text) < end) {
        col = grid_put(d->g, row, col, ROLE_TEXT, text);
    }
    snprintf(text, sizeof text, "   memory %s", num_bytes(x, h->rss_bytes));
    if (col + text_width(text) < end) {
        col = grid_put(d->g, row, col, ROLE_TEXT, text);
    }
    snprintf(text, sizeof text, "   connections %s   workers %u",
             num_count(x, d->m->tick.connections), d->m->info->workers);
    if (col + text_width(text) < end) {
        grid_put(d->g, row, col, ROLE_TEXT, text);
    }
}
