/* SPDX-License-Identifier: MIT
 *
 * draw_steps - the hunt: the list of the load's steps, each beside the one
 * before, what they say together, where it breaks, the recovery, and what was
 * between two marks. */
#include "config.h"

#include "screen/draw.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "screen/show.h"

/* Columns, counted from the list's left: where each ends, and where the word
 * begins. */
enum { STEPS_AT = 8, STEPS_LOAD = 15, STEPS_RATE = 24 };

struct steps_cols {
    int rate_more, p95, p95_more, failed, word; /* more: 0 = left out */
};

static const struct steps_cols *steps_cols(struct box b)
{
    static const struct steps_cols wide = {32, 42, 50, 58, 60},
                                   narrow = {0, 34, 0, 42, 44};

    return b.cols < wide.word ? &narrow : &wide;
}

/* "+34 %", "×2.4" from three times on, "" where nothing can be said. */
static const char *steps_more(char *buf, size_t size, double was, double is)
{
    double by = was > 0 ? is / was : 0;

    buf[0] = '\0';
    if (by >= 9.95) {
        snprintf(buf, size, "×%.0f", by);
    } else if (by >= 3) {
        snprintf(buf, size, "×%.1f", by);
    } else if (by > 0) {
        snprintf(buf, size, "%+.0f %%", (by - 1) * 100);
    }
    return buf;
}

static enum role steps_broken(const struct model_step *s, int room, char *buf,
                              size_t size)
{
    size_t n;

    snprintf(buf, size, "✗ %s", s->broken);
    if (text_width(buf) > room) {
        snprintf(buf, size, "✗ %s", s->over);
        show_parts(buf, strstr(s->over, " > ") != NULL ? " >" : " <", room);
    }
    n = strlen(buf);
    if (s->first_bad && text_width(buf) + 7 <= room) {
        snprintf(buf + n, size - n, ", first");
    }
    return ROLE_BAD;
}

/* Each with a word for what is best about it, or worst. */
static enum role steps_word(const struct model_step *s, int room, char *buf,
                            size_t size)
{
    if (s->after[0] != '\0') {
        snprintf(buf, size, "recovering from %s", s->after);
        if (text_width(buf) > room) {
            snprintf(buf, size, "recovering");
        }
        return ROLE_WARN;
    }
    if (s->broken[0] != '\0') {
        return steps_broken(s, room, buf, size);
    }
    if (s->p.flat && !s->good && !s->best) {
        snprintf(buf, size, "%s req/s than at %s",
                 s->p.fell ? "fewer" : "hardly more", s->more);
        show_parts(buf, " than at", room);
        return ROLE_WARN;
    }
    snprintf(buf, size, "%s%s%s", s->good ? "last good" : "",
             s->good && s->best ? ", " : "", s->best ? "most req/s held" : "");
    if (text_width(buf) > room) {
        buf[strcspn(buf, ",")] = '\0';
    }
    return s->p.flat ? ROLE_WARN : ROLE_GOOD;
}

static void steps_row(const struct draw *d, int row, struct box b,
                      const struct model_step *s, const struct model_step *was)
{
    const struct plateau *p = &s->p;
    bool any = p->responses > 0;
    enum role role = s->open ? ROLE_LIVE : ROLE_TEXT, word_role;
    enum role p95 = s->p95_over ? ROLE_BAD : role;
    const struct steps_cols *c = steps_cols(b);
    char x[64], word[RULE_TEXT_MAX + 16], by[80];
    int room = b.cols - c->word, width;

    grid_right(d->g, row, b.col + STEPS_AT, 7, ROLE_FRAME,
               num_when(x, p->start_us));
    grid_right(d->g, row, b.col + STEPS_LOAD, 6, role,
               num_count(x, num_whole(p->load + 0.5)));
    grid_right(d->g, row, b.col + STEPS_RATE, 8, role, num_rate(x, p->rps));
    snprintf(word, sizeof word, "%s%s", draw_about(p95, p->responses, 95),
             show_latency(x, sizeof x, p->p95_us, any));
    grid_right(d->g, row, b.col + c->p95, 9, draw_thin(p95, p->responses, 95),
               word);
    grid_right(d->g, row, b.col + c->failed, 7,
               s->failed_over  ? ROLE_BAD
               : p->failed > 0 ? ROLE_WARN
                               : role,
               num_percent(x, p->error_rate));
    if (was != NULL && c->rate_more > 0) {
        grid_right(d->g, row, b.col + c->rate_more, 7, ROLE_FRAME,
                   steps_more(x, sizeof x, was->p.rps, p->rps));
        grid_right(
            d->g, row, b.col + c->p95_more, 7, ROLE_FRAME,
            steps_more(x, sizeof x, (double)was->p.p95_us, (double)p->p95_us));
    }
    word_role = steps_word(s, room, word, sizeof word);
    grid_fit(d->g, row, b.col + c->word, room, word_role, word);
    width = text_width(word);
    if (room > width + 12) {
        text_safe(x, sizeof x, p->by);
        snprintf(by, sizeof by, "by %s", x);
        grid_fit(d->g, row, b.col + c->word + (width > 0 ? width + 2 : 0),
                 room - width - 2, ROLE_FRAME, by);
    }
}

static void steps_heading(const struct draw *d, int row, struct box b)
{
    const struct steps_cols *c = steps_cols(b);
    char unit[NUM_MAX];

    snprintf(unit, sizeof unit, "%s", d->live->steps.unit);
    grid_right(d->g, row, b.col + STEPS_AT, 7, ROLE_FRAME, "since");
    grid_right(d->g, row, b.col + STEPS_LOAD, 6, ROLE_FRAME, unit);
    grid_right(d->g, row, b.col + STEPS_RATE, 8, ROLE_FRAME, "req/s");
    grid_right(d->g, row, b.col + c->p95, 9, ROLE_FRAME, "p95");
    grid_right(d->g, row, b.col + c->failed, 7, ROLE_FRAME, "failed");
    if (c->rate_more > 0) {
        grid_right(d->g, row, b.col + c->rate_more, 7, ROLE_FRAME, "change");
        grid_right(d->g, row, b.col + c->p95_more, 7, ROLE_FRAME, "change");
    }
}

/* What is going on at this moment. */
static void steps_now(const struct draw *d, int row, struct box b)
{
    const struct model_steps *s = &d->live->steps;
    char x[NUM_MAX], text[96];

    if (d->live->tick.state >= RUN_DRAINING) {
        return;
    }
    if (!s->still) {
        snprintf(text, sizeof text, "now: the load is in a ramp");
    } else if (s->settled_us < PLATEAUS_LEAST_US) {
        snprintf(text, sizeof text, "now: settling, wait %s for its figures",
                 num_period(x, s->since_us < 5000000
                                   ? (5999999 - s->since_us) / 1000000 * 1000000
                                   : 1000000));
    } else {
        snprintf(text, sizeof text, "now: figures of %s, settled",
                 num_period(x, s->settled_us / 1000000 * 1000000));
    }
    grid_fit(d->g, row, b.col, b.cols, ROLE_FRAME, text);
}

const char *draw_between(const struct model_steps *s, char *buf, size_t size)
{
    const struct summary *f = &s->between.sum;
    char n[NUM_MAX], x[NUM_MAX], p95[48], e[NUM_MAX];

    if (!s->between_any) {
        snprintf(buf, size, "no whole second between the marks");
        return buf;
    }
    snprintf(buf, size, "%s since %s: %s req/s  p95 %s  failed %s",
             num_clock(n, s->mark_to_us - s->mark_from_us), s->mark_from,
             num_rate(x, f->rate),
             show_latency(p95, sizeof p95, f->p95_us, f->responses > 0),
             num_percent(e, f->error_rate));
    return buf;
}

/* Upwards from row; returns the next free one. */
static int steps_trends(const struct draw *d, struct box b, int row)
{
    const struct model_steps *s = &d->live->steps;
    size_t i = s->n_trends;
    char text[128];

    if (i == 0 || row < b.row + 5 + (int)i) {
        return row;
    }
    while (i-- > 0) {
        grid_fit(d->g, row--, b.col + 2, b.cols - 2,
                 draw_trend_role(s->trend_states[i]), s->trends[i]);
    }
    snprintf(text, sizeof text, "trends: %s", s->trends_of);
    grid_fit(d->g, row--, b.col, b.cols, ROLE_FRAME, text);
    return row;
}

/* A text that ends in that row, over as many as it needs and the list can
 * spare. Returns the row above it. */
static int steps_text(const struct draw *d, struct box b, int row,
                      enum role role, const char *text)
{
    int spare = row - b.row - 5, rows;

    if (spare < 1) {
        return row;
    }
    rows = draw_wrap_rows(text, b.cols, spare < 3 ? spare : 3);
    draw_wrap(d, (struct box){row - rows + 1, b.col, rows, b.cols}, 0, role,
              text);
    return row - rows;
}

/* Below the list; returns the first row that is taken. */
static int steps_below(const struct draw *d, struct box b)
{
    const struct model_steps *s = &d->live->steps;
    int row = b.row + b.rows - 1;
    char text[256], line[200], keys[96], n[NUM_MAX];

    if (ui_replays(d->ui)) { /* there is no load to steer */
        text[0] = '\0';
        ui_text(
            d->ui,
            "{more-step} {fewer-step} ten seconds   {step-more} {step-less} a "
            "minute   {next} {previous} a stage",
            keys, sizeof keys);
    } else if (d->live->tick.state < RUN_DRAINING) {
        snprintf(text, sizeof text, "%s by %s   ",
                 ui_text(d->ui, "{more-step} more, {fewer-step} less", keys,
                         sizeof keys),
                 num_count(n, d->ui->step));
        ui_text(d->ui,
                "{step-more} {step-less} change that   {save} saves a plan",
                keys, sizeof keys);
    } else { /* no more load to steer */
        text[0] = '\0';
        ui_text(d->ui, "{save} saves the steps as a plan", keys, sizeof keys);
    }
    text_add(text, sizeof text, "%s", keys);
    grid_fit(d->g, row--, b.col, b.cols, ROLE_FRAME, text);
    steps_now(d, row--, b);
    if (s->marks && row > b.row + 4) {
        snprintf(text, sizeof text, "%s%s: %s",
                 strncmp(s->mark_to, "mark ", 5) == 0 ? "" : "mark ",
                 s->mark_to, draw_between(s, line, sizeof line));
        grid_fit(d->g, row--, b.col, b.cols, ROLE_TEXT,
                 show_parts(text, "  ", b.cols));
    }
    if (s->recovery) {
        row = steps_text(d, b, row, ROLE_FRAME, s->recovery_terms);
        row = steps_text(d, b, row, ROLE_STRONG, s->recovery_state);
    }
    row = steps_trends(d, b, row);
    return row + 1;
}

enum { STEPS_FINDINGS = 4, STEPS_FINDING_ROWS = 2 };

/* Where it breaks first, then what the steps and the levels say; "": nothing.
 */
static const char *steps_finding(const struct draw *d, int i, enum role *role)
{
    const struct model_steps *s = &d->live->steps;

    switch (i) {
    case 0:
        *role = s->broke ? ROLE_BAD : ROLE_GOOD;
        return s->line[0] == '\0'     ? ""
               : s->breaks[0] != '\0' ? s->breaks
                                      : s->answer;
    case 1:
        *role = ROLE_STRONG;
        return s->line[0] != '\0' ? s->line
               : model_several(d->m)
                   ? "No step yet: a step is of all scenarios "
                     "together, the same for five seconds."
                   : "No step yet: a load that stays the "
                     "same for five seconds is one.";
    case 2:
        *role = ROLE_TEXT;
        return s->scaling;
    default:
        *role = ROLE_WARN;
        return s->suspect;
    }
}

/* They stand over the top rows of the box, which they make smaller. */
static void steps_findings(const struct draw *d, struct box *b)
{
    int i;

    for (i = 0; i < STEPS_FINDINGS; i++) {
        enum role role;
        const char *say = steps_finding(d, i, &role);
        int most = b->rows - 9, rows;
        char text[320];

        if (say[0] == '\0' || most < 1) {
            continue;
        }
        most = most < STEPS_FINDING_ROWS ? most : STEPS_FINDING_ROWS;
        snprintf(text, sizeof text, "%s", say);
        show_parts(text, " · ", b->cols * most);
        rows = draw_wrap_rows(text, b->cols, most);
        draw_wrap(d, (struct box){b->row, b->col, rows, b->cols}, 0, role,
                  text);
        b->row += rows;
        b->rows -= rows;
    }
}

/* Rows that all of it would fill, with room for five steps; no blank ones in
 * the middle of it. */
static int steps_rows(const struct draw *d, int cols)
{
    const struct model_steps *s = &d->live->steps;
    int findings = 0, below = s->marks ? 3 : 2, list = s->n > 5 ? (int)s->n : 5;
    enum role role;
    int i;

    for (i = 0; i < STEPS_FINDINGS; i++) {
        const char *say = steps_finding(d, i, &role);

        findings +=
            say[0] != '\0' ? draw_wrap_rows(say, cols, STEPS_FINDING_ROWS) : 0;
    }
    if (s->recovery) {
        below += draw_wrap_rows(s->recovery_terms, cols, 3) +
                 draw_wrap_rows(s->recovery_state, cols, 3);
    }
    below += s->n_trends > 0 ? (int)s->n_trends + 1 : 0;
    list += 1 + 1 + below; /* its heading, and a blank row */
    return findings + (list > 11 ? list : 11);
}

/* The one before that it is held against: neither is one at which an overload
 * was still felt. */
static const struct model_step *steps_before(const struct model_steps *s,
                                             size_t i)
{
    size_t at = i;

    while (s->list[i].after[0] == '\0' && at-- > 0) {
        if (s->list[at].after[0] == '\0') {
            return &s->list[at];
        }
    }
    return NULL;
}

void draw_steps(const struct draw *d)
{
    const struct model_steps *s = &d->live->steps;
    struct box b;
    char title[96], n[NUM_MAX];
    int cols = d->g->cols < 150 ? d->g->cols : 116, row, end, top, i;

    /* The rule, always: what is not in the list was shorter. */
    snprintf(title, sizeof title,
             "steps of the load   %s held 5 s or more, newest first",
             num_count(n, s->n_all));
    b = draw_panel_open(d, cols, 2 + steps_rows(d, cols - 4), title,
                        "↑↓ scroll   {back} close");
    steps_findings(d, &b);
    steps_heading(d, b.row, b);
    end = steps_below(d, b);
    row = b.row + 1;
    top = d->ui->selected >= end - row ? d->ui->selected - (end - row) + 1 : 0;
    draw_list_hits(d, (struct box){row, b.col, end - row, b.cols},
                   d->ui->selected, top);
    for (i = top; i < (int)s->n && row < end; i++, row++) {
        size_t at = s->n - 1 - (size_t)i;

        steps_row(d, row, b, &s->list[at], steps_before(s, at));
        if (i == d->ui->selected) {
            grid_paint(d->g, row, b.col, b.cols, ROLE_SELECTED);
        }
    }
    draw_more(d, b, (int)s->n - i);
}

enum role draw_trend_role(enum trend_state s)
{
    switch (s) {
    case TREND_GROWING:
    case TREND_STEPPED_UP:
        return ROLE_WARN;
    case TREND_STABLE:
        return ROLE_GOOD;
    case TREND_FALLING:
    case TREND_STEPPED_DOWN:
    case TREND_SETTLING:
        return ROLE_TEXT;
    case TREND_SHORT:
    case TREND_UNSETTLED:
    case TREND_UNSURE:
        break;
    }
    return ROLE_FRAME;
}

/* The last ten seconds break a rule on latency or failures. */
static bool steps_bad_now(const struct model *m)
{
    size_t i;

    for (i = 0; i < m->n_verdicts && m->tick.state < RUN_DRAINING; i++) {
        const struct verdict *v = &m->verdicts[i];
        unsigned metric = v->threshold->selector.metric;

        if ((metric == METRIC_HTTP_REQ_DURATION ||
             metric == METRIC_HTTP_REQ_FAILED) &&
            !v->pending && v->window.fed && !v->window_ok) {
            return true;
        }
    }
    return false;
}

enum role draw_recovery_role(const struct draw *d)
{
    const struct recovery_episode *e = &d->m->steps.episode;

    if (e->state == RECOVERY_RECOVERED || e->state == RECOVERY_WATCHING) {
        return steps_bad_now(d->m) ? ROLE_TEXT : ROLE_GOOD;
    }
    return e->state == RECOVERY_UNMEASURED ? ROLE_FRAME : ROLE_WARN;
}

const char *draw_recovery_words(const struct draw *d, int room)
{
    const struct model_steps *m = &d->m->steps;

    return text_width(m->recovery_which) <= room   ? m->recovery_which
           : text_width(m->recovery_brief) <= room ? m->recovery_brief
                                                   : m->recovery_short;
}

/* Always in the last row of the band, so that no figure moves. */
void draw_recovery(const struct draw *d)
{
    const struct model_steps *m = &d->m->steps;
    int row = d->l.latency.row + d->l.latency.n - 1;

    if (!m->recovery || d->l.latency.n < 4) {
        return;
    }
    grid_fill(d->g, row, d->l.side_col, d->l.side, ROLE_TEXT, ' ');
    grid_fit(d->g, row, d->l.side_col, d->l.side - 1, draw_recovery_role(d),
             draw_recovery_words(d, d->l.side - 1));
}
