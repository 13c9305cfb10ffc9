/* SPDX-License-Identifier: MIT
 *
 * draw_hunt - a hunt for the breaking point, which has no stages: what it does
 * now in the head, and what it did when over the time axis. */
#include "config.h"

#include "screen/draw.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "chart/axis.h"
#include "screen/show.h"

bool draw_hunts(const struct draw *d)
{
    return d->m->any && d->m->hunt.on;
}

bool draw_hunts_for(const struct draw *d, const struct threshold *t)
{
    return draw_hunts(d) && d->m->hunt.is_for[t - d->m->info->plan->thresholds];
}

const char *draw_plan_word(const struct draw *d)
{
    return draw_hunts(d) ? "hunt" : "plan";
}

/* Who has the wheel, and how it is given back. */
static void hunt_hands(const struct draw *d, char *buf, size_t size)
{
    const struct tick *t = &d->m->tick;

    if (t->held && !t->manual) {
        snprintf(buf, size, "hunt paused: held; %s goes on",
                 ui_label(d->ui, ACTION_HOLD));
    } else if (t->state == RUN_PAUSED && !t->manual) {
        snprintf(buf, size, "hunt paused; %s goes on",
                 ui_label(d->ui, ACTION_PAUSE));
    } else {
        snprintf(buf, size, "hunt paused: yours; %s takes it back",
                 ui_label(d->ui, ACTION_FOLLOW));
    }
}

/* Its last parts go where there is no room: what it does comes first. */
void draw_hunt_now(const struct draw *d, int row, int *col, int end)
{
    const struct tick_hunt *h = &d->m->tick.hunt;
    char text[160];

    if (h->phase == HUNT_YOURS) {
        hunt_hands(d, text, sizeof text);
        show_parts(text, "; ", end - *col);
    } else {
        hunt_tell_now(h, d->m->steps.unit, text, sizeof text);
        show_parts(text, ", ", end - *col);
        show_parts(text, ": ", end - *col);
    }
    *col = grid_fit(d->g, row, *col, end - *col,
                    h->phase == HUNT_YOURS ? ROLE_MANUAL : ROLE_LIVE, text);
}

/* What a turn is, and what came of it: "62" and a sign, "rest", "by hand". */
static enum role hunt_word(const struct hunt_turn *t, bool now, char *buf,
                           size_t size, uint32_t *sign)
{
    char n[NUM_MAX];

    *sign = 0;
    switch (t->doing) {
    case HUNT_RESTS:
        snprintf(buf, size, "rest");
        return now ? ROLE_LIVE : ROLE_FRAME;
    case HUNT_HANDS:
        snprintf(buf, size, "by hand");
        return ROLE_MANUAL;
    case HUNT_TRIES:
        break;
    }
    snprintf(buf, size, "%s", num_count(n, t->load));
    if (t->decided) {
        *sign = t->verdict == SEARCH_HOLDS    ? 0x2713
                : t->verdict == SEARCH_BREAKS ? 0x2717
                                              : '?';
    }
    return now ? ROLE_LIVE : ROLE_TEXT;
}

static enum role hunt_sign_role(const struct hunt_turn *t)
{
    return t->verdict == SEARCH_HOLDS    ? ROLE_GOOD
           : t->verdict == SEARCH_BREAKS ? ROLE_BAD
                                         : ROLE_WARN;
}

static void hunt_turn_draw(const struct draw *d, const struct hunt_turn *t,
                           bool now)
{
    int row = d->l.strip, from = axis_at(&d->m->axis, t->from_us, d->l.chart);
    int to = axis_at(&d->m->axis, t->to_us, d->l.chart);
    int wide = to - from, room;
    bool tries = t->doing == HUNT_TRIES, hands = t->doing == HUNT_HANDS;
    char word[NUM_MAX];
    uint32_t sign;
    enum role role = hunt_word(t, now, word, sizeof word, &sign);

    if (wide <= 0) {
        return;
    }
    from += d->l.chart_col;
    grid_fill(d->g, row, from, wide, hands ? ROLE_MANUAL : ROLE_FRAME,
              tries ? 0x2500 : 0x254c);
    if (tries && wide >= 3) {
        grid_cp(d->g, row, from, ROLE_FRAME, 0x251c);
        grid_cp(d->g, row, from + wide - 1, ROLE_FRAME, 0x2524);
    }
    if (hands && wide < 9) {
        snprintf(word, sizeof word, "hand");
    }
    room = text_width(word) + (sign != 0 ? 1 : 0);
    if (room + 2 > wide && sign != 0) { /* the sign says more than the load */
        word[0] = '\0';
        room = 1;
    }
    if (room > wide) {
        return;
    }
    from += (wide - room) / 2;
    if (room + 4 <= wide) {
        grid_cp(d->g, row, from - 1, ROLE_FRAME, ' ');
        grid_cp(d->g, row, from + room, ROLE_FRAME, ' ');
    }
    from = grid_put(d->g, row, from, role, word);
    if (sign != 0) {
        grid_cp(d->g, row, from, hunt_sign_role(t), sign);
    }
}

void draw_hunt_turns(const struct draw *d)
{
    const struct model_hunt *h = &d->m->hunt;
    bool over = d->m->tick.hunt.phase == HUNT_OVER;
    size_t i;

    for (i = 0; i < h->n; i++) {
        hunt_turn_draw(d, &h->turns[i], !over && i + 1 == h->n);
    }
}
