/* SPDX-License-Identifier: MIT
 *
 * draw_verdict - what the figures mean so far: below the thresholds, which
 * decide. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "screen/draw.h"
#include "screen/show.h"

/* The line above it, and what it is in a word; rows of one reason at most. */
enum { VERDICT_LEAST = 2, REASON_ROWS = 2 };

static enum role verdict_role_of(enum verdict_level level)
{
    switch (level) {
    case VERDICT_GOOD:
        return ROLE_GOOD;
    case VERDICT_WARNING:
        return ROLE_WARN;
    case VERDICT_CRITICAL:
        return ROLE_BAD;
    case VERDICT_UNKNOWN:
    case VERDICT_LEVELS:
        break;
    }
    return ROLE_FRAME;
}

enum role draw_verdict_word(const struct draw *d, char *buf, size_t size)
{
    enum verdict_level level =
        d->m->any ? d->m->appraisal.report.level : VERDICT_UNKNOWN;

    buf[0] = '\0';
    if (level == VERDICT_UNKNOWN) {
        return ROLE_TEXT;
    }
    snprintf(buf, size, "%s%s",
             d->m->tick.state == RUN_FINISHED ? "verdict " : "so far: ",
             verdict_level_name(level));
    return verdict_role_of(level);
}

int draw_verdict_rows(const struct draw *d, int cols)
{
    const struct appraisal *a = &d->m->appraisal;
    int rows = VERDICT_LEAST + (appraisal_hint(a, 0) != NULL ? 1 : 0);
    size_t i;

    for (i = 0; i < a->report.n; i++) {
        rows += draw_wrap_rows(a->reasons[i], cols - 3, REASON_ROWS);
    }
    return rows;
}

static void verdict_hints(const struct draw *d, struct box b, int row)
{
    const struct appraisal *a = &d->m->appraisal;
    char text[320] = "look at: ", safe[256];
    const char *line;
    size_t i, n;

    for (i = 0; (line = appraisal_hint(a, i)) != NULL; i++) {
        n = strlen(text);
        text_safe(safe, sizeof safe, line);
        if (i > 0 && text_width(text) + text_width(safe) + 3 > b.cols) {
            break; /* no half of one */
        }
        snprintf(text + n, sizeof text - n, "%s%s", i > 0 ? "; " : "", safe);
    }
    if (i > 0) {
        grid_fit(d->g, row, b.col + 1, b.cols - 1, ROLE_FRAME, text);
    }
}

void draw_verdict(const struct draw *d, struct box b)
{
    const struct appraisal *a = &d->m->appraisal;
    bool over = d->m->tick.state == RUN_FINISHED;
    int row = b.row + 1, end = b.row + b.rows, col;
    char text[sizeof a->reasons[0]];
    size_t i;

    if (b.rows < VERDICT_LEAST) {
        return;
    }
    grid_fill(d->g, b.row, b.col, b.cols, ROLE_FRAME, 0x2500);
    col = grid_put(d->g, row, b.col + 1, ROLE_FRAME,
                   over ? "verdict  " : "verdict so far  ");
    snprintf(text, sizeof text, "%s", a->text);
    grid_fit(d->g, row++, col, b.col + b.cols - col,
             verdict_role_of(a->report.level),
             show_parts(text, "; ", b.col + b.cols - col));
    for (i = 0; i < a->report.n && row < end; i++) {
        int most = end - row < REASON_ROWS ? end - row : REASON_ROWS, rows;

        snprintf(text, sizeof text, "%s", a->reasons[i]);
        show_parts(text, ", ", (b.cols - 3) * most);
        rows = draw_wrap_rows(text, b.cols - 3, most);
        draw_wrap(d, (struct box){row, b.col + 3, rows, b.cols - 3}, 0,
                  verdict_role_of(a->report.reasons[i].rule->level), text);
        row += rows;
    }
    if (row < end) {
        verdict_hints(d, b, row);
    }
}
