/* SPDX-License-Identifier: MIT
 *
 * draw_change - before and after the last change of load, in one row: what each
 * step of a hunt brought, read at a glance at every width. */
#include "config.h"

#include "screen/draw.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "screen/show.h"

/* Below so many columns names and arrows are short: all figures stay. */
#define CHANGE_WIDE 100

/* Where the next pair goes. */
struct change_at {
    const struct draw *d;
    int row, col, end;
    bool narrow;
    enum role role; /* of what is after */
};

/* "p95 118 ms → 574 ms", where there is room for all of it. */
static void change_pair(struct change_at *c, const char *name,
                        enum role before_role, const char *before,
                        enum role after_role, const char *after)
{
    struct grid *g = c->d->g;
    int need = text_width(name) + text_width(before) + text_width(after) +
               (c->narrow ? 4 : 6);

    if (c->col + need > c->end) {
        return;
    }
    c->col = grid_put(g, c->row, c->col + 2, ROLE_FRAME, name);
    c->col = grid_put(g, c->row, c->col + 1, before_role, before);
    c->col = grid_put(g, c->row, c->col, ROLE_FRAME, c->narrow ? "→" : " → ");
    c->col = grid_put(g, c->row, c->col, after_role, after);
}

static const char *change_rate(char *buf, const struct change *m)
{
    return m->after_us > 0 ? num_rate(buf, m->after.rate) : "-";
}

static const char *change_share(char *buf, const struct change *m)
{
    return m->after_us > 0 ? num_percent(buf, m->after.error_rate) : "-";
}

static void change_percentile(struct change_at *c, const char *name, double p,
                              uint64_t was_us, uint64_t is_us)
{
    const struct change *m = &c->d->m->change;
    char x[48], y[48];

    show_latency(x, sizeof x, was_us, m->before.responses > 0);
    show_latency(y, sizeof y, is_us, m->after.responses > 0);
    change_pair(c, name, draw_thin(ROLE_TEXT, m->before.responses, p), x,
                draw_thin(c->role, m->after.responses, p), y);
}

/* "0.7 % → 2.1 %"; where columns are few one unit does for both. */
static void change_failed(struct change_at *c)
{
    const struct change *m = &c->d->m->change;
    char x[NUM_MAX], y[NUM_MAX];

    num_percent(x, m->before.error_rate);
    if (c->narrow) {
        x[strcspn(x, " ")] = '\0';
    }
    change_pair(c, c->narrow ? "err" : "failed", ROLE_TEXT, x, c->role,
                change_share(y, m));
}

static void change_none(const struct draw *d, struct box b)
{
    bool over = d->live->tick.state >= RUN_DRAINING;
    char x[NUM_MAX], text[96];

    snprintf(text, sizeof text, "before and after: no change of load by hand%s",
             over ? "" : " yet");
    /* Keys are told where they do something. */
    if (!over && ui_spectator_word(d->ui, ACTION_MORE_STEP, "x")[0] != '\0') {
        text_add(text, sizeof text, "   %s %s by %s",
                 ui_label(d->ui, ACTION_MORE_STEP),
                 ui_label(d->ui, ACTION_FEWER_STEP), num_count(x, d->ui->step));
    }
    grid_fit(d->g, b.row, b.col + 1, b.cols - 1, ROLE_FRAME, text);
}

const char *draw_so_far(const struct change *c, bool over, char *buf)
{
    snprintf(buf, NUM_MAX, "%u s%s",
             (unsigned)((c->after_us + 500000) / 1000000),
             over ? " only" : " so far");
    return buf;
}

const char *draw_change_from(const struct change *c, const char *arrow,
                             char *buf, size_t size)
{
    char n[NUM_MAX];
    size_t i;

    snprintf(buf, size, "%s", num_count(n, c->level_before));
    for (i = 0; i < c->n_turns; i++) {
        text_add(buf, size, "%s%s", arrow, num_count(n, c->turns[i]));
    }
    return buf;
}

void draw_change(const struct draw *d, struct box b)
{
    const struct model *m = d->m;
    const struct summary *was = &m->change.before, *is = &m->change.after;
    struct change_at c = {.d = d, .row = b.row, .end = b.col + b.cols};
    char x[NUM_MAX], y[NUM_MAX], label[NUM_MAX], from[CHANGE_FROM_MAX];
    bool over = m->tick.state >= RUN_DRAINING;
    /* Slots and ticks are not to the microsecond. */
    bool settled = m->change.after_us >= STORY_AFTER_US - 500000;

    if (!m->has_change) {
        change_none(d, b);
        return;
    }
    c.narrow = b.cols < CHANGE_WIDE;
    c.role = settled ? ROLE_TEXT : ROLE_THIN;
    num_clock(x, over ? m->change.t_us : m->change.age_us);
    c.col = grid_putf(d->g, b.row, b.col + 1, ROLE_MANUAL, "◆ %s%s%s",
                      over && !c.narrow ? "at " : "", x,
                      over || c.narrow ? "" : " ago");
    draw_change_from(&m->change, c.narrow ? "→" : " → ", from, sizeof from);
    num_count(y, m->change.level_after);
    change_pair(&c, model_changed(m, label), ROLE_TEXT, from, ROLE_LIVE, y);
    change_pair(&c, "req/s", ROLE_TEXT, num_rate(x, was->rate), c.role,
                change_rate(y, &m->change));
    change_percentile(&c, "p95", 95, was->p95_us, is->p95_us);
    change_failed(&c);
    change_percentile(&c, "p50", 50, was->p50_us, is->p50_us);
    if (!settled && c.col + 12 < c.end) {
        draw_so_far(&m->change, over, x);
        grid_put(d->g, b.row, c.col + 2, ROLE_FRAME, x);
    }
}
