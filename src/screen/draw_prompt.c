/* SPDX-License-Identifier: MIT
 *
 * draw_prompt - questions that keys answer. */
#include "config.h"

#include "screen/draw.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "run/level.h"
#include "screen/show.h"

static struct box prompt_open(const struct draw *d, int rows, const char *title,
                              const char *hint)
{
    return draw_panel_open(d, 58, rows + 2, title, hint);
}

/* The field that is typed into, over room columns with its ends. */
void draw_field(const struct draw *d, int row, int col, int room)
{
    const struct edit *e = &d->ui->edit;
    struct edit_view v = edit_view(e, room - 2);
    char text[EDIT_MAX];

    snprintf(text, sizeof text, "%.*s", (int)(v.to - v.from), e->text + v.from);
    grid_cp(d->g, row, col, ROLE_FRAME, v.from > 0 ? 0x2026 : 0x258f);
    grid_put(d->g, row, col + 1, ROLE_STRONG, text);
    grid_cp(d->g, row, col + room - 1, ROLE_FRAME,
            v.to < e->len ? 0x2026 : 0x2595);
    d->g->cursor_row = row;
    d->g->cursor_col = col + 1 + v.cursor;
}

static void prompt_vus(const struct draw *d)
{
    const struct tick_scenario *t = model_at(d->live);
    bool several = model_several(d->live);
    struct ui_ask a = ui_ask_vus(d->ui->edit.text, t->wanted, t->wanted_max);
    char x[NUM_MAX], y[NUM_MAX], z[NUM_MAX], title[160], unit[NUM_MAX];
    struct box b;

    snprintf(title, sizeof title, "set %s%s%s",
             t->timed ? "the arrival rate" : "virtual users",
             several ? " of " : "", several ? d->live->part : "");
    b = prompt_open(d, 4, title, "Enter apply   Esc cancel");
    level_unit(unit, d->live->any ? model_curve(d->live)->time_unit_us : 0);

    grid_putf(d->g, b.row, b.col, ROLE_FRAME, "now %s   plan %s   most %s",
              num_count(x, t->wanted), num_count(y, t->planned),
              num_count(z, t->wanted_max));
    draw_field(d, b.row + 1,
               grid_put(d->g, b.row + 1, b.col, ROLE_TEXT, unit) + 2, 20);
    grid_fit(d->g, b.row + 2, b.col, b.cols,
             a.ok && !a.clamped    ? ROLE_GOOD
             : d->ui->refused      ? ROLE_BAD
             : d->ui->edit.len > 0 ? ROLE_WARN
                                   : ROLE_FRAME,
             a.text);
    if (d->ui->refused) {
        grid_putf(d->g, b.row + 3, b.col, ROLE_BAD,
                  "nothing was changed: still %s", num_count(x, t->wanted));
        return;
    }
    grid_putf(d->g, b.row + 3, b.col, ROLE_FRAME,
              "stays until %s, whatever the plan's stages say",
              ui_label(d->ui, ACTION_FOLLOW));
}

static void prompt_mark(const struct draw *d)
{
    struct box b = prompt_open(d, 2, "mark this moment",
                               "Enter set the mark   Esc cancel");

    grid_put(d->g, b.row, b.col, ROLE_TEXT, "word");
    draw_field(d, b.row, b.col + 6, b.cols - 7);
    grid_put(d->g, b.row + 1, b.col, ROLE_FRAME,
             "a line in the charts, an entry in the results");
}

/* In the row of keys: what it leaves over stays in sight. */
static void prompt_filter(const struct draw *d)
{
    int row = d->l.footer, end = d->g->cols;
    static const char hint[] = "Enter keep   Esc clear";
    int room = end - text_width(hint) - 4;

    draw_hit(d->g, HIT_FRAME, (struct box){row, 0, 1, end}, 0);
    grid_fill(d->g, row, 0, end, ROLE_TEXT, ' ');
    draw_field(d, row,
               grid_put(d->g, row, 1, ROLE_KEY, ui_label(d->ui, ACTION_FILTER)),
               room < 66 ? room : 66);
    grid_right(d->g, row, end - 1, text_width(hint), ROLE_FRAME, hint);
}

static void prompt_save(const struct draw *d)
{
    struct box b =
        prompt_open(d, 3, "save the run as a plan", "Enter save   Esc cancel");

    grid_put(d->g, b.row, b.col, ROLE_TEXT, "file");
    draw_field(d, b.row, b.col + 6, b.cols - 7);
    grid_put(d->g, b.row + 1, b.col, ROLE_FRAME,
             "empty: named by plan, scenario and time");
    grid_put(d->g, b.row + 2, b.col, ROLE_FRAME,
             "The load as it was steered becomes its stages.");
}

/* The longest of all. */
static uint64_t prompt_graceful_us(const struct model *m)
{
    uint64_t most = 0;
    size_t i;

    for (i = 0; m->info != NULL && i < m->info->lineup->n; i++) {
        uint64_t us = m->info->lineup->list[i].graceful_stop_us;

        most = us > most ? us : most;
    }
    return most;
}

static void prompt_end(const struct draw *d)
{
    struct box b =
        prompt_open(d, 2, "end this scenario?", "Enter or y end   Esc go on");
    char text[192];

    snprintf(text, sizeof text, "%s is in its last stage: no stage follows.",
             d->live->part);
    grid_fit(d->g, b.row, b.col, b.cols, ROLE_TEXT, text);
    grid_put(d->g, b.row + 1, b.col, ROLE_FRAME,
             "Its iterations end; the other scenarios go on.");
}

static void prompt_quit(const struct draw *d)
{
    struct box b =
        prompt_open(d, 3, "end the run?", "Enter or {quit} end   Esc go on");
    char grace[NUM_MAX], text[64];

    if (!d->live->any || d->live->tick.state == RUN_STARTING) {
        grid_put(d->g, b.row, b.col, ROLE_TEXT,
                 "No load has begun: setup is cut off, and nothing");
        grid_put(d->g, b.row + 1, b.col, ROLE_TEXT,
                 "is judged (exit code 107).");
        return;
    }
    grid_putf(d->g, b.row, b.col, ROLE_TEXT,
              "No iteration begins; running ones have %s to end,",
              num_period(grace, prompt_graceful_us(d->live)));
    grid_put(d->g, b.row + 1, b.col, ROLE_TEXT,
             "then thresholds decide and the report is shown.");
    grid_put(d->g, b.row + 2, b.col, ROLE_FRAME,
             ui_text(d->ui, "{cut} cuts it off at once.", text, sizeof text));
}

static void prompt_host(const struct draw *d)
{
    struct box b =
        prompt_open(d, 3, "more load there?", "Enter or y yes   Esc no");
    char safe[256];

    text_safe(safe, sizeof safe, d->ui->config.host);
    grid_put(d->g, b.row, b.col, ROLE_TEXT,
             "This load goes to a host that is "
             "not this machine:");
    grid_fit(d->g, b.row + 1, b.col + 2, b.cols - 2, ROLE_WARN, safe);
    grid_put(d->g, b.row + 2, b.col, ROLE_TEXT,
             "Steer it upwards? This is asked once.");
}

static void prompt_slip(const struct draw *d)
{
    const struct tick_scenario *t = model_at(d->live);
    const struct command *c = &d->ui->pending;
    int64_t asked =
        c->kind == COMMAND_ADD_VUS ? t->wanted + c->number : c->number;
    struct box b =
        prompt_open(d, 3, "so much load?", "Enter or y yes   Esc no");
    char x[NUM_MAX], y[NUM_MAX], unit[NUM_MAX];
    struct ui_slip slip;

    if (!d->live->any) {
        return;
    }
    (void)ui_slip(t, model_curve(d->live), asked, &slip);
    level_unit(unit, model_curve(d->live)->time_unit_us);
    if (asked > (int64_t)slip.level) {
        grid_putf(d->g, b.row, b.col, ROLE_WARN,
                  "asked %s %s: %s can be given, which is",
                  num_count(x, (uint64_t)asked), unit,
                  num_count(y, slip.level));
    } else {
        grid_putf(d->g, b.row, b.col, ROLE_WARN, "%s %s is",
                  num_count(x, slip.level), unit);
    }
    grid_putf(d->g, b.row + 1, b.col, ROLE_WARN,
              "%s times the most there is now, or planned (%s).",
              num_count(x, slip.level / slip.most), num_count(y, slip.most));
    grid_put(d->g, b.row + 2, b.col, ROLE_FRAME,
             "It would come at once, and spoil this run's figures.");
}

void draw_prompt(const struct draw *d)
{
    switch (d->ui->prompt) {
    case PROMPT_NONE:
    case PROMPT_COUNT:
        return;
    case PROMPT_VUS:
        prompt_vus(d);
        return;
    case PROMPT_MARK:
        prompt_mark(d);
        return;
    case PROMPT_FILTER:
        prompt_filter(d);
        return;
    case PROMPT_SAVE:
        prompt_save(d);
        return;
    case PROMPT_QUIT:
        prompt_quit(d);
        return;
    case PROMPT_HOST:
        prompt_host(d);
        return;
    case PROMPT_SLIP:
        prompt_slip(d);
        return;
    case PROMPT_END:
        prompt_end(d);
        return;
    case PROMPT_TIME:
        draw_replay_prompt(d);
        return;
    }
}
