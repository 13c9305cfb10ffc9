/* SPDX-License-Identifier: MIT
 *
 * draw_banner - the row below the head: what must not be missed, or else the
 * stages. */
#include "config.h"

#include "screen/draw.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "measure/failure.h"
#include "screen/show.h"

/* Why nothing answers: what happens most of what comes without an answer. */
static void draw_silence(const struct model *m, char *buf, size_t size)
{
    const struct error_line *most = NULL;
    size_t i;

    buf[0] = '\0';
    for (i = 0; i < m->n_errors; i++) {
        const struct error_line *e = &m->errors[i].line;

        if (!failure_has_response(e->kind) &&
            (most == NULL || e->window_count > most->window_count)) {
            most = e;
        }
    }
    if (most != NULL) {
        show_error(most, buf, size);
    }
}

/* How a run ended. */
struct banner_end {
    const char *word, *why; /* borrowed */
    bool plain;             /* a panel has why */
    int code;
};

/* In so many columns. What goes first is how to leave, which the keys say; then
 * why, where a panel has that; then what the figures mean. A reason that is
 * longer still comes last: it may be cut, a code that is not 0 not. */
static void banner_end(const struct draw *d, const struct banner_end *e,
                       int room, char *text, size_t size)
{
    enum verdict_level level = d->live->appraisal.report.level;
    bool means = level != VERDICT_UNKNOWN;
    const struct {
        bool ok, why, means, leaves;
    } ways[] = {{means, true, true, true},
                {means, true, true, false},
                {means && e->plain, false, true, true},
                {means && e->plain, false, true, false},
                {true, true, false, true},
                {true, true, false, false}};
    size_t i;

    for (i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        snprintf(text, size, "%s%s%s · exit code %d%s%s", e->word,
                 ways[i].why ? " · " : "", ways[i].why ? e->why : "", e->code,
                 ways[i].means ? " · verdict " : "",
                 ways[i].means ? verdict_level_name(level) : "");
        if (ways[i].leaves) {
            text_add(text, size, " · %s leaves", ui_label(d->ui, ACTION_QUIT));
        }
        if (ways[i].ok && text_width(text) <= room) {
            return;
        }
    }
    if (e->code != 0) { /* 0 says less than why */
        snprintf(text, size, "%s · exit code %d · %s", e->word, e->code,
                 e->why);
    }
}

static void draw_outcome(const struct draw *d, int room, char *text,
                         size_t size)
{
    const struct outcome *o = &d->live->tick.outcome;
    struct banner_end e = {
        .word = o->status == STATUS_PASSED        ? "PASSED"
                : o->status == STATUS_ABORTED     ? "ABORTED"
                : o->status == STATUS_INTERRUPTED ? "INTERRUPTED"
                                                  : "FAILED",
        .why = o->text,
        .plain = (o->exit_code == 0 || o->exit_code == 99) && !d->live->hunt.on,
        .code = o->exit_code};

    if (draw_lost(&d->live->tick)) {
        snprintf(text, size, "CONNECTION LOST · %s leaves · %s",
                 ui_label(d->ui, ACTION_QUIT), o->text);
        if (text_width(text) > room) {
            snprintf(text, size, "%s", o->text); /* the state says the rest */
        }
        return;
    }
    banner_end(d, &e, room, text, size);
}

/* Of a run that no threshold judged: neither good nor bad, unless nothing was
 * good. */
static enum role draw_ended(const struct draw *d, int room, char *text,
                            size_t size)
{
    char failed[192];
    bool bad = draw_all_failed(d->live, failed, sizeof failed);
    struct banner_end e = {.word = "ENDED",
                           .why = bad ? failed
                                  : d->live->n_verdicts == 0
                                      ? "no thresholds to judge by"
                                      : "thresholds do not count",
                           .plain = !bad};

    if (d->live->hunt.on) { /* what it found stands with the answers */
        snprintf(text, size, "HUNT OVER · exit code 0 · %s leaves",
                 ui_label(d->ui, ACTION_QUIT));
        return ROLE_PASSED;
    }
    banner_end(d, &e, room, text, size);
    return bad ? ROLE_FAILED : ROLE_SELECTED;
}

/* What a run that has ended waits for, and for how long at most. */
static void draw_waits(const struct model *m, char *text, size_t size)
{
    const struct lineup *l = m->info->lineup;
    uint64_t grace = 0;
    char span[NUM_MAX];
    size_t i;

    for (i = 0; i < l->n; i++) {
        uint64_t us = l->list[i].graceful_stop_us;

        grace = us > grace ? us : grace;
    }
    if (m->tick.draining == 0) {
        snprintf(text, size, "DRAINING · waits for %s",
                 m->info->plan->teardown.n > 0 ? "the plan's teardown"
                                               : "the last figures");
        return;
    }
    snprintf(text, size, "DRAINING · waits for %u iteration%s, gracefulStop %s",
             m->tick.draining, m->tick.draining == 1 ? "" : "s",
             num_period(span, grace));
}

/* As seen now; what was seen last counts for nothing once it is silent. */
static bool banner_memory(const struct tick_server *s)
{
    return s->watched && s->alive && s->limit_bytes > 0 &&
           s->rss_bytes > s->limit_bytes;
}

/* Of a replay: the run was, by itself. */
static void draw_paused(const struct draw *d, char *text, size_t size)
{
    bool replay = ui_replays(d->ui);
    char n[NUM_MAX];

    snprintf(text, size, "PAUSED · no iteration begins, %s in flight%s%s%s",
             num_count(n, d->live->tick.in_flight), replay ? "" : " · ",
             replay ? "" : ui_label(d->ui, ACTION_PAUSE),
             replay ? "" : " goes on");
}

/* Where the last figures are still to go. */
static bool draw_output_waits(const struct model *m, char *text, size_t size)
{
    size_t i;

    for (i = 0; i < m->n_outputs; i++) {
        if (m->outputs[i].waits) {
            snprintf(text, size,
                     "OVER · waiting for %s, Ctrl-C does not wait · %s",
                     m->outputs[i].kind, m->outputs[i].where);
            return true;
        }
    }
    return false;
}

/* Of a run that is over. */
static enum role draw_over(const struct draw *d, int room, char *text,
                           size_t size)
{
    bool ok = d->live->tick.outcome.exit_code == 0;

    if (draw_output_waits(d->live, text, size)) {
        return ROLE_BANNER;
    }
    if (ok && (d->live->n_verdicts == 0 || d->live->info->no_thresholds)) {
        return draw_ended(d, room, text, size);
    }
    draw_outcome(d, room, text, size);
    return ok ? ROLE_PASSED : ROLE_FAILED;
}

/* What must not be missed, in so many columns; false: nothing. */
static bool draw_banner_text(const struct draw *d, int room, char *text,
                             size_t size, enum role *role)
{
    const struct tick *t = &d->live->tick;
    char a[NUM_MAX], b[NUM_MAX], what[96];

    *role = ROLE_BANNER;
    if (d->ui->frozen) {
        snprintf(text, size,
                 "VIEW FROZEN %s · test runs on, now at %s · %s goes on",
                 num_clock(a, d->now_us - d->ui->frozen_us),
                 num_clock(b, t->t_us), ui_label(d->ui, ACTION_FREEZE));
        return true;
    }
    if (!d->live->any) {
        return false;
    }
    if (draw_replay_cut(d, text, size)) {
        return true;
    }
    if (t->state == RUN_FINISHED) {
        *role = draw_over(d, room, text, size);
        return true;
    }
    if (d->live->unreachable) {
        *role = ROLE_FAILED;
        draw_silence(d->live, what, sizeof what);
        snprintf(text, size, "TARGET UNREACHABLE since %s: %s",
                 num_clock(a, d->live->unreachable_us), what);
        return true;
    }
    if (t->state == RUN_PAUSED) {
        draw_paused(d, text, size);
        return true;
    }
    if (t->state == RUN_DRAINING) {
        draw_waits(d->live, text, size);
        return true;
    }
    if (!t->health.suspect && banner_memory(&t->server)) {
        snprintf(text, size,
                 "MEMORY OVER ITS LIMIT: %s of %s · the service's, not this "
                 "program's",
                 num_bytes(a, t->server.rss_bytes),
                 num_bytes(b, t->server.limit_bytes));
        show_parts(text, " · the service's", room);
        return true;
    }
    if (t->health.suspect) {
        snprintf(text, size,
                 "GENERATOR SUSPECT: %s · these figures may be this machine's",
                 t->health.why);
        show_parts(text, " · these", room);
        return true;
    }
    return false;
}

/* Beside the state, so that the stages stay in sight; false: no room there, or
 * it is one that must not be missed. */
static bool draw_banner_beside(const struct draw *d, int row, const char *text,
                               enum role role)
{
    char leaves[32]; /* the keys say so, too */
    enum run_state s = d->m->any ? d->m->tick.state : RUN_STARTING;
    int col, cols = d->g->cols;
    char words[512], shorter[512];

    snprintf(leaves, sizeof leaves, " · %s leaves",
             ui_label(d->ui, ACTION_QUIT));
    if (d->l.strip != row || d->ui->frozen || d->live->unreachable ||
        (s != RUN_FINISHED && s != RUN_PAUSED && s != RUN_DRAINING)) {
        return false;
    }
    col = draw_identity(d, row - 1) + 2;
    snprintf(words, sizeof words, "%s", text);
    if (s == RUN_FINISHED &&
        draw_banner_text(d, cols - col - 2, shorter, sizeof shorter, &role)) {
        text_safe(words, sizeof words, shorter);
    }
    show_parts(words, leaves, cols - col - 2);
    if (col + text_width(words) + 2 > cols) {
        return false;
    }
    grid_fill(d->g, row - 1, col, cols - col, role, ' ');
    grid_put(d->g, row - 1, col + 1, role, words);
    draw_stages(d);
    return true;
}

void draw_banner(const struct draw *d, int row)
{
    char text[512], safe[512];
    enum role role;
    int room, cols = d->g->cols;

    if (!draw_banner_text(d, cols - 2, text, sizeof text, &role)) {
        if (d->l.strip == row && d->m->any) {
            draw_stages(d);
        }
        if (d->l.kind == LAYOUT_COMPACT || d->l.kind == LAYOUT_NORMAL) {
            char span[48];

            grid_putf(d->g, row, d->l.side_col,
                      d->m->cursor.on ? ROLE_CURSOR : ROLE_FRAME, "numbers: %s",
                      draw_span(d, span, sizeof span));
        }
        return;
    }
    text_safe(safe, sizeof safe, text);
    if (draw_banner_beside(d, row, safe, role)) {
        return;
    }
    room = text_width(safe);
    grid_fill(d->g, row, 0, cols, role, ' ');
    grid_fit(d->g, row, room + 2 < cols ? (cols - room) / 2 : 1, cols - 2, role,
             safe);
}

/* The load never began: no chart has anything to show, and why is all that
 * counts. */
void draw_banner_whole(const struct draw *d)
{
    bool idle = d->live->any && d->live->tick.state == RUN_FINISHED &&
                d->live->totals.vus_max == 0;
    int cols = d->g->cols, rows, i;
    char text[512], safe[512];
    enum role role;

    if (!idle || !draw_banner_text(d, cols - 2, text, sizeof text, &role)) {
        return;
    }
    text_safe(safe, sizeof safe, text);
    rows = draw_wrap_rows(safe, cols - 2, 4);
    if (rows < 2) {
        return; /* it has its row */
    }
    for (i = 0; i < rows; i++) {
        grid_fill(d->g, 1 + i, 0, cols, role, ' ');
    }
    draw_wrap(d, (struct box){1, 0, rows, cols - 1}, 1, role, safe);
}
