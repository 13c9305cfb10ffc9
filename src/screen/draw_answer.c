/* SPDX-License-Identifier: MIT
 *
 * draw_answer - what the run has found out, in words and without a key: where
 * the service breaks, and how it recovered. As soon as it is known; that
 * nothing broke is known at the end. */
#include "config.h"

#include "screen/draw.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "screen/show.h"

/* Room behind the answer in which the generator says a few words. */
enum { ANSWER_GENERATOR = 38 };

bool draw_all_failed(const struct model *m, char *buf, size_t size)
{
    const struct model_error *most = NULL;
    size_t i;

    if (!m->any || m->run.requests == 0 || m->run.failed < m->run.requests) {
        return false;
    }
    for (i = 0; i < m->n_errors; i++) {
        if (m->errors[i].line.kind != FAILURE_CHECK &&
            (most == NULL || m->errors[i].line.count > most->line.count)) {
            most = &m->errors[i];
        }
    }
    snprintf(buf, size, "every request failed%s%s", most != NULL ? ": " : "",
             most != NULL ? most->label : "");
    return true;
}

/* Without ", limited by …". */
static const char *answer_brief(const char *text, char *buf, size_t size)
{
    const char *by = strstr(text, ", limited by ");
    const char *why = by != NULL ? strchr(by, ':') : NULL;

    if (why == NULL) {
        snprintf(buf, size, "%s", text);
    } else {
        snprintf(buf, size, "%.*s%s", (int)(by - text), text, why);
    }
    return buf;
}

/* Where it breaks; "": nothing to say yet. */
static enum role draw_breaks(const struct draw *d, char *buf, size_t size)
{
    const struct model_steps *s = &d->m->steps;
    bool over = d->m->tick.state >= RUN_DRAINING;

    buf[0] = '\0';
    if (over && !draw_hunts(d) && draw_all_failed(d->m, buf, size)) {
        return ROLE_BAD; /* a hunt says more of it */
    }
    if (s->broke || s->hunts || over) {
        snprintf(buf, size, "%s", s->answer);
    }
    return s->broke ? ROLE_BAD : s->hunts ? ROLE_LIVE : ROLE_GOOD;
}

bool draw_answers(const struct draw *d)
{
    bool over = d->m->tick.state >= RUN_DRAINING;
    char text[240];

    /* What a hunt knows stays in sight beside a suspicion. */
    if (!d->m->any || (d->m->tick.health.suspect && !over && !draw_hunts(d))) {
        return false;
    }
    draw_breaks(d, text, sizeof text);
    return text[0] != '\0' || (d->m->steps.recovery && over);
}

int draw_answer_rows(const struct draw *d, int cols, int most)
{
    char text[240];

    if (!draw_hunts(d) || !d->ui->done || !draw_answers(d)) {
        return 1;
    }
    draw_breaks(d, text, sizeof text);
    return draw_wrap_rows(text, cols - 1, most);
}

/* The recovery behind it, as much of it as there is room for. */
static int answer_recovery(const struct draw *d, struct box b, int col)
{
    const char *gap = col > b.col + 1 ? " · " : "";
    int room = b.col + b.cols - col - text_width(gap);
    const char *text = draw_recovery_words(d, room);

    if (!d->m->steps.recovery || text_width(text) > room) {
        return col;
    }
    col = grid_put(d->g, b.row, col, ROLE_FRAME, gap);
    return grid_put(d->g, b.row, col, draw_recovery_role(d), text);
}

bool draw_answer(const struct draw *d, struct box b)
{
    char text[240], brief[240];
    enum role role = draw_breaks(d, text, sizeof text);
    int col = b.col + 1, room = b.cols - 1, from;

    if (b.rows > 1) {
        for (from = 0; from < b.rows; from++) {
            grid_fill(d->g, b.row + from, b.col, b.cols, ROLE_TEXT, ' ');
        }
        draw_wrap(d, b, 1, role, text);
        return true;
    }
    grid_fill(d->g, b.row, b.col, b.cols, ROLE_TEXT, ' ');
    if (text_width(text) > room) {
        answer_brief(text, brief, sizeof brief);
        snprintf(text, sizeof text, "%s", brief);
        show_parts(text, "; ", room);
    }
    from = grid_fit(d->g, b.row, col, room, role, text);
    col = answer_recovery(d, b, from);
    if (b.col + b.cols - col > ANSWER_GENERATOR + 3) {
        draw_generator(d, (struct box){b.row,
                                       b.col + b.cols - ANSWER_GENERATOR - 1, 1,
                                       ANSWER_GENERATOR + 1});
    }
    return col > from || !d->m->steps.recovery;
}

/* Whole lines: a title, a text and another, and a blank row. Returns the rows
 * taken. */
static int answer_section(const struct draw *d, struct box b, const char *title,
                          enum role role, const char *text, const char *more)
{
    int rows = 1;

    if (b.rows < 3) {
        return 0;
    }
    draw_title(d->g, b.row, b.col, b.cols, title, "", ROLE_FRAME);
    for (; text != NULL && rows < b.rows; text = more, more = NULL) {
        int room = b.rows - rows;
        int n = draw_wrap_rows(text, b.cols - 1, room < 4 ? room : 4);

        draw_wrap(d, (struct box){b.row + rows, b.col, n, b.cols}, 1, role,
                  text);
        rows += n;
        role = ROLE_FRAME;
    }
    return rows + 1;
}

int draw_answer_wide(const struct draw *d, struct box b)
{
    const struct model_steps *s = &d->m->steps;
    int from = b.row, end = b.row + b.rows;
    char text[240], failed[192];
    enum role role = draw_breaks(d, text, sizeof text);
    const char *title = !draw_all_failed(d->m, failed, sizeof failed)
                            ? "breaking point"
                        : draw_hunts(d) ? "the hunt"
                                        : "the service";

    if (text[0] != '\0') {
        b.row += answer_section(d, b, title, role, text, NULL);
        b.rows = end - b.row;
    }
    if (s->recovery) {
        b.row += answer_section(d, b, "recovery", draw_recovery_role(d),
                                s->recovery_state, s->recovery_terms);
    }
    return b.row - from;
}
