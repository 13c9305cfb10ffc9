/* SPDX-License-Identifier: MIT
 *
 * draw_replay - what a picture of a replay says of the replay itself. */
#include "config.h"

#include "screen/draw.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"

void draw_replay_state(const struct draw *d, int row, int *col)
{
    const struct replay_now *r = &d->ui->replay;
    bool still = r->paused || r->ended;

    grid_cp(d->g, row, *col, still ? ROLE_WARN : ROLE_GOOD,
            r->ended    ? 0x25a0
            : r->paused ? 0x2016
                        : 0x25b8);
    *col = grid_put(d->g, row, *col + 2, ROLE_BANNER, " REPLAY ");
    if (!still) {
        *col = grid_putf(d->g, row, *col + 1, ROLE_GOOD, "%u×", r->speed);
    } else {
        *col = grid_put(d->g, row, *col + 1, ROLE_WARN,
                        r->ended ? "at its end" : "paused");
    }
}

void draw_replay_clock(const struct draw *d, int row, int *col)
{
    char now[NUM_MAX], end[NUM_MAX];

    *col =
        grid_put(d->g, row, *col, ROLE_STRONG, num_clock(now, d->m->tick.t_us));
    *col = grid_putf(d->g, row, *col, ROLE_FRAME, " of %s",
                     num_clock(end, d->ui->replay.total_us));
}

bool draw_replay_cut(const struct draw *d, char *text, size_t size)
{
    const struct replay_now *r = &d->ui->replay;

    if (!ui_replays(d->ui) || !r->ended || !r->cut) {
        return false;
    }
    snprintf(text, size, "THE RECORDING ENDS HERE · %s", r->why);
    return true;
}

void draw_replay_prompt(const struct draw *d)
{
    struct box b =
        draw_panel_open(d, 58, 5, "go to a time", "Enter go   Esc cancel");
    struct replay_time t = replay_time(d->ui->edit.text, d->live->tick.t_us,
                                       d->ui->replay.total_us);
    char now[NUM_MAX], end[NUM_MAX];

    grid_putf(d->g, b.row, b.col, ROLE_FRAME, "now %s   of %s",
              num_clock(now, d->live->tick.t_us),
              num_clock(end, d->ui->replay.total_us));
    draw_field(d, b.row + 1,
               grid_put(d->g, b.row + 1, b.col, ROLE_TEXT, "time") + 2, 20);
    grid_fit(d->g, b.row + 2, b.col, b.cols,
             t.ok                  ? ROLE_GOOD
             : d->ui->edit.len > 0 ? ROLE_WARN
                                   : ROLE_FRAME,
             t.text);
}
