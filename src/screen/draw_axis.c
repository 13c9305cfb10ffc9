/* SPDX-License-Identifier: MIT
 *
 * draw_axis - the time axis below the charts: times, what was marked, what was
 * done by hand, this moment and the one that the cursor stands at. */
#include "config.h"

#include "screen/draw.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "chart/axis.h"

/* Whether nothing stands yet in the columns from..to of the axis. */
static bool draw_axis_free(const struct draw *d, int from, int to)
{
    uint32_t line =
        d->g->ascii ? (uint32_t)(unsigned char)grid_ascii(0x254c) : 0x254c;
    int col;

    for (col = from; col <= to; col++) {
        const struct cell *c = grid_at(d->g, d->l.axis, d->l.chart_col + col);

        if (c == NULL || c->role != ROLE_FRAME || c->cp != line) {
            return false;
        }
    }
    return from >= 0 && to < d->l.chart;
}

/* A mark's word, at the foot of its line, where it covers nothing. */
static void draw_mark(const struct draw *d, const struct event *e)
{
    int col = axis_at(&d->m->axis, e->t_us, d->l.chart - 1), room;
    char word[64];

    if (!axis_has(&d->m->axis, e->t_us)) {
        return;
    }
    text_safe(word, sizeof word, e->value);
    room = text_width(word) < 16 ? text_width(word) : 16;
    if (draw_axis_free(d, col + 1, col + room)) {
        col++;
    } else if (draw_axis_free(d, col - room, col - 1)) {
        col -= room;
    } else {
        return;
    }
    grid_fit(d->g, d->l.axis, d->l.chart_col + col, room, ROLE_MARK, word);
}

static bool draw_is_mark(const struct event *e)
{
    return !e->bad && strcmp(e->type, "mark") == 0;
}

/* Where anomalies began; a click opens the list of them. */
static void draw_axis_findings(const struct draw *d)
{
    const struct model *m = d->m;
    size_t i = m->findings.n;

    while (i-- > 0) {
        const struct model_finding *f = &m->findings.list[i];
        int col =
            d->l.chart_col + axis_at(&m->axis, f->start_us, d->l.chart - 1);

        if (axis_has(&m->axis, f->start_us)) {
            grid_cp(d->g, d->l.axis, col, f->bad ? ROLE_BAD : ROLE_WARN, '!');
            draw_hit(d->g, HIT_KEY, (struct box){d->l.axis, col, 1, 1},
                     ui_typed(d->ui, ACTION_INSIGHTS));
        }
    }
}

/* Signs of anomalies, of marks, of changes of load by hand, and of now. */
static void draw_axis_signs(const struct draw *d)
{
    const struct model *m = d->m;
    int last = d->l.chart - 1, changes;
    size_t i;

    draw_axis_findings(d);
    /* A change covers a mark, and both an anomaly that they may be beside. */
    for (changes = 0; changes < 2; changes++) {
        for (i = 0; i < m->n_events; i++) {
            const struct event *e = &m->events[i];

            if (axis_has(&m->axis, e->t_us) &&
                (changes ? e->load && !e->bad : draw_is_mark(e))) {
                grid_cp(d->g, d->l.axis,
                        d->l.chart_col + axis_at(&m->axis, e->t_us, last),
                        changes ? ROLE_MANUAL : ROLE_MARK,
                        changes ? 0x25c6 : 0x2502);
            }
        }
    }
    if (m->tick.state != RUN_FINISHED && axis_has(&m->axis, m->tick.t_us)) {
        grid_cp(d->g, d->l.axis,
                d->l.chart_col + axis_at(&m->axis, m->tick.t_us, last),
                ROLE_NOW, 0x25b2);
    }
}

int draw_cursor_column(const struct draw *d)
{
    const struct model_cursor *c = &d->m->cursor;
    uint64_t middle = c->from_us + (c->to_us - c->from_us) / 2;

    return c->on && axis_has(&d->m->axis, middle)
               ? axis_at(&d->m->axis, middle, d->l.chart - 1)
               : -1;
}

/* Its moment stands beside its sign, whatever that covers. */
static void draw_axis_cursor(const struct draw *d)
{
    int col = draw_cursor_column(d), room;
    char text[NUM_MAX];

    if (col < 0) {
        return;
    }
    room = text_width(num_clock(text, d->m->cursor.from_us));
    grid_cp(d->g, d->l.axis, d->l.chart_col + col, ROLE_CURSOR, 0x25b2);
    col = col + 1 + room <= d->l.chart ? col + 1 : col - room;
    grid_put(d->g, d->l.axis, d->l.chart_col + col, ROLE_CURSOR, text);
}

/* Signs first, then words, then times: what has no room whole is left out. */
void draw_axis(const struct draw *d)
{
    const struct model *m = d->m;
    const struct axis *a = &m->axis;
    uint64_t step = axis_step(a->to_us - a->from_us, d->l.chart, 9), t;
    char text[NUM_MAX];
    size_t i;

    grid_fill(d->g, d->l.axis, d->l.chart_col, d->l.chart, ROLE_FRAME, 0x254c);
    if (m->axis.to_us - m->axis.from_us < m->reach_us) {
        /* A blank stays between it and the axis. */
        snprintf(text, sizeof text, "%s %s", ui_label(d->ui, ACTION_ZOOM),
                 m->looked.zoom == ZOOM_MINUTE ? "1min" : "5min");
        grid_right(d->g, d->l.axis, d->l.gutter - 1, d->l.gutter - 1,
                   ROLE_CURSOR, text_width(text) < d->l.gutter ? text : "zoom");
    }
    draw_axis_signs(d);
    draw_axis_cursor(d);
    for (i = m->n_events; i-- > 0;) {
        if (draw_is_mark(&m->events[i])) {
            draw_mark(d, &m->events[i]);
        }
    }
    for (t = (a->from_us + step - 1) / step * step; t <= a->to_us; t += step) {
        int col = axis_at(a, t, d->l.chart);
        int room = text_width(num_clock(text, t));

        if (draw_axis_free(d, col > 0 ? col - 1 : 0, col + room) ||
            (col + room == d->l.chart &&
             draw_axis_free(d, col - 1, col + room - 1))) {
            grid_put(d->g, d->l.axis, d->l.chart_col + col, ROLE_FRAME, text);
        }
    }
}
