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

/* Columns of an event's time, and the space behind it. */
#define LINE_CLOCK 9

/* A number keeps its unit: is the blank at k between them? */
static bool wrap_unit(const char *text, size_t k)
{
    static const char *const units[] = {"%", "s", "ms", "VUs", "VU", "req/s"};
    size_t n = strcspn(text + k + 1, " ,;:)"), i;

    for (i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (k > 0 && text[k - 1] >= '0' && text[k - 1] <= '9' &&
            strlen(units[i]) == n && strncmp(text + k + 1, units[i], n) == 0) {
            return true;
        }
    }
    return false;
}

/* Bytes of a text that its first row takes, broken between words. */
static size_t wrap_row(const char *text, int cols)
{
    size_t n = text_fit(text, cols), k = n;

    if (text[n] == '\0') {
        return n;
    }
    while (k > 0 && (text[k] != ' ' || wrap_unit(text, k))) {
        k--;
    }
    return k > n / 3 ? k : n; /* a path has no blanks */
}

int draw_wrap_rows(const char *text, int cols, int most)
{
    int rows = 1;

    for (; rows < most; rows++) {
        text += wrap_row(text, cols);
        if (*text == '\0') {
            break;
        }
        text += *text == ' ';
    }
    return rows;
}

void draw_wrap(const struct draw *d, struct box b, int indent, enum role role,
               const char *text)
{
    int cols = b.cols - indent, row;

    for (row = b.row; row < b.row + b.rows; row++) {
        size_t k = wrap_row(text, cols);

        if (row + 1 == b.row + b.rows || text[k] == '\0') {
            grid_fit(d->g, row, b.col + indent, cols, role, text);
            return;
        }
        grid_putf(d->g, row, b.col + indent, role, "%.*s", (int)k, text);
        text += k + (text[k] == ' ');
    }
}

/* Texts of events are ASCII, for logs; where the screen has an arrow, it is the
 * one that stands in the head. */
static void event_arrow(char *text, size_t size)
{
    char *at = strstr(text, "->");
    size_t n = strlen(text);

    if (at != NULL && n + 2 < size) {
        memmove(at + 3, at + 2, n - (size_t)(at - text) - 1);
        memcpy(at, "→", 3);
    }
}

static const char *event_text(const struct draw *d, const struct event *e,
                              char *line, size_t size)
{
    char safe[300], type[40];
    size_t kind = strlen(e->type);
    /* Texts say what was applied; a bare word needs its kind beside it, where
     * it does not begin with it ("mark 2"). */
    bool bare = e->text[0] == '\0' || strcmp(e->text, e->value) == 0;

    bare = bare &&
           (strncmp(e->value, e->type, kind) != 0 || e->value[kind] != ' ');
    text_safe(safe, sizeof safe, e->text);
    if (safe[0] == '\0') {
        text_safe(safe, sizeof safe, e->value);
    }
    if (strcmp(e->type, "stage") == 0 && !d->g->ascii) {
        event_arrow(safe, sizeof safe);
    }
    snprintf(type, sizeof type, "%s%s", bare ? e->type : "", bare ? ": " : "");
    if (strcmp(e->by, "plan") == 0 || e->by[0] == '\0' ||
        strcmp(e->by, "keyboard") == 0) {
        snprintf(line, size, "%s%s", type, safe);
    } else {
        char by[64];

        snprintf(line, size, "%s%s (%s)", type, safe,
                 text_safe(by, sizeof by, e->by));
    }
    return line;
}

static bool event_fresh(const struct model *m, const struct event *e)
{
    return m->tick.t_us - e->t_us < LINE_FRESH_US;
}

static void event_line(const struct draw *d, struct box b,
                       const struct event *e, bool fresh)
{
    enum role role = e->bad ? ROLE_WARN : fresh ? ROLE_STRONG : ROLE_TEXT;
    char clock[NUM_MAX], line[512];

    grid_right(d->g, b.row, b.col + 7, 7, ROLE_FRAME,
               num_clock(clock, e->t_us));
    draw_wrap(d, b, LINE_CLOCK, role, event_text(d, e, line, sizeof line));
}

void draw_log(const struct draw *d, struct box b, int selected)
{
    /* Newest first; the log is never frozen, as answers stand in it. */
    const struct model *m = d->live;
    const struct model_rows *list = &m->rows[LIST_EVENTS];
    /* Only the panel is filtered: answers are looked for elsewhere. */
    bool all = selected < 0;
    int n = all ? (int)m->n_events : (int)list->n, i;
    int top = draw_list_top(b.rows, n, selected);

    if (n == 0 && m->n_events > 0) {
        draw_nothing_found(d, b.row, b.col + 1);
    }
    draw_list_hits(d, b, selected, top);
    for (i = 0; i < b.rows && top + i < n; i++) {
        const struct event *e =
            &m->events[all ? (size_t)(n - 1 - top - i) : list->at[top + i]];
        event_line(d, (struct box){b.row + i, b.col, 1, b.cols}, e,
                   top + i == 0 && event_fresh(m, e));
        if (top + i == selected) {
            grid_paint(d->g, b.row + i, b.col, b.cols, ROLE_SELECTED);
        }
    }
    if (!all) {
        draw_more(d, b, n - top - b.rows);
    }
}

static void line_blank(const struct draw *d, struct box b)
{
    int row;

    for (row = b.row; row < b.row + b.rows; row++) {
        grid_fill(d->g, row, b.col, b.cols, ROLE_TEXT, ' ');
    }
}

/* A note is to be shown. */
static bool line_note(const struct draw *d)
{
    return d->ui->note[0] != '\0' && d->now_us - d->ui->note_us < LINE_FRESH_US;
}

bool draw_note(const struct draw *d, struct box b)
{
    if (!line_note(d)) {
        return false;
    }
    draw_hit(d->g, HIT_FRAME, b, 0);
    line_blank(d, b);
    draw_wrap(d, b, 1, ROLE_WARN, d->ui->note);
    return true;
}

/* The second of two marks is answered with what was between them. "": the
 * newest event is none. */
static const char *news_between(const struct model *m, char *text, size_t size)
{
    const struct event *e = &m->events[m->n_events - 1];
    char line[200];

    text[0] = '\0';
    if (m->steps.marks && e->t_us == m->steps.mark_to_us &&
        strcmp(e->type, command_name(COMMAND_MARK)) == 0) {
        snprintf(text, size, "%s, %s", m->steps.mark_to,
                 draw_between(&m->steps, line, sizeof line));
    }
    return text;
}

int draw_news_cols(const struct draw *d)
{
    const struct model *m = d->live;
    char text[512];

    if (line_note(d)) {
        return 1 + text_width(d->ui->note);
    }
    if (d->ui->done && d->ui->ended[0] != '\0') {
        return 1 + text_width(d->ui->ended);
    }
    if (m->n_events == 0 || !event_fresh(m, &m->events[m->n_events - 1])) {
        return 0;
    }
    if (news_between(m, text, sizeof text)[0] == '\0') {
        event_text(d, &m->events[m->n_events - 1], text, sizeof text);
    }
    return LINE_CLOCK + text_width(text);
}

void draw_news(const struct draw *d, struct box b)
{
    const struct model *m = d->live;
    char text[256];

    if (draw_note(d, b)) {
        return;
    }
    line_blank(d, b);
    if (d->ui->done && d->ui->ended[0] != '\0') {
        draw_wrap(d, b, 1, ROLE_STRONG, d->ui->ended);
    } else if (m->n_events > 0) {
        const struct event *e = &m->events[m->n_events - 1];

        event_line(d, b, e, event_fresh(m, e));
        if (news_between(m, text, sizeof text)[0] != '\0') {
            b.col += LINE_CLOCK;
            b.cols -= LINE_CLOCK;
            line_blank(d, b);
            draw_wrap(d, b, 0, ROLE_STRONG, text);
        }
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
        grid_fit(d->g, row, col, b.cols - 2, ROLE_BANNER,
                 show_parts(text, ": ", b.cols - 2));
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
