/* SPDX-License-Identifier: MIT
 *
 * draw_span - of which time the figures on the screen are, how far they can be
 * trusted, what rules say of those, and what failed then. */
#include "config.h"

#include "screen/draw.h"

#include <stdio.h>

#include "base/must.h"
#include "base/num.h"
#include "screen/show.h"

const char *draw_span(const struct draw *d, char *buf, size_t size)
{
    const struct model_cursor *c = &d->m->cursor;
    char from[NUM_MAX], to[NUM_MAX];

    if (!c->on) {
        snprintf(buf, size, "%s",
                 d->m->tick.state == RUN_FINISHED ? "whole run" : "last 10 s");
        return buf;
    }
    num_clock(from, c->from_us);
    num_clock(to, c->to_us);
    if (c->to_us - c->from_us <= 1000000) {
        snprintf(buf, size, "at %s", from);
    } else {
        snprintf(buf, size, "%s–%s", from, to);
    }
    return buf;
}

enum role draw_thin(enum role role, uint64_t responses, double percentile)
{
    bool bad = role == ROLE_BAD || role == ROLE_BAD_LINE;

    return responses < histo_samples_needed(percentile) && !bad ? ROLE_THIN
                                                                : role;
}

const char *draw_about(enum role role, uint64_t responses, double percentile)
{
    return role == ROLE_BAD && responses > 0 &&
                   responses < histo_samples_needed(percentile)
               ? "~"
               : "";
}

bool draw_hollow(const struct summary *s)
{
    uint64_t none = s->requests > s->responses ? s->requests - s->responses : 0;

    /* Without a response there is no duration that could make p95 low. */
    return s->failed > none && (s->failed - none) * 2 > s->responses;
}

const char *draw_doubt(const struct draw *d)
{
    return d->m->tick.health.suspect ? "?" : "";
}

bool draw_by_hand(const struct tick_scenario *at)
{
    return (at->manual || at->spike) && at->state <= SCENARIO_RUNNING;
}

static bool span_holds(const struct threshold *t, double v)
{
    switch (t->op) {
    case OP_LT:
        return v < t->limit;
    case OP_LE:
        return v <= t->limit;
    case OP_GT:
        return v > t->limit;
    case OP_GE:
        return v >= t->limit;
    case OP_EQ:
        return v <= t->limit && v >= t->limit;
    case OP_NE:
        return v < t->limit || v > t->limit;
    }
    MUST(!"an operator");
    return false;
}

bool draw_judged(const struct draw *d, const struct verdict *v, bool *holds)
{
    const struct model *m = d->m;

    if (m->cursor.on) {
        const struct figure *f = &m->cursor.figures[v - m->verdicts];

        *holds = f->fed && span_holds(v->threshold, f->value);
        return f->fed;
    }
    if (m->tick.state == RUN_FINISHED) {
        *holds = v->ok;
        return !v->pending && m->run.requests > 0;
    }
    *holds = v->window_ok;
    return !v->pending && v->window.fed;
}

/* Slots know classes of errors, not kinds. */
void draw_errors_at(const struct draw *d, struct box b)
{
    const struct model_cursor *c = &d->m->cursor;
    char text[NUM_MAX], share[32];
    int row = b.row, k;

    for (k = ERRORS_COUNT - 1; k >= 0; k--) {
        if (c->all.errors[k] == 0 || row >= b.row + b.rows) {
            continue;
        }
        grid_fit(d->g, row, b.col + 1, b.cols - 18,
                 show_class_role((enum error_class)k),
                 show_class_text((enum error_class)k));
        grid_right(d->g, row, b.col + b.cols - 8, 9, ROLE_TEXT,
                   num_count(text, c->all.errors[k]));
        num_percent(share,
                    c->all.sum.requests > 0
                        ? (double)c->all.errors[k] / (double)c->all.sum.requests
                        : 0);
        grid_right(d->g, row++, b.col + b.cols - 1, 7, ROLE_FRAME, share);
    }
    if (row == b.row) {
        grid_put(d->g, row, b.col + 1, ROLE_FRAME,
                 c->any ? "none" : "nothing ran then");
    }
}
