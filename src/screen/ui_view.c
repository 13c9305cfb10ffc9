/* SPDX-License-Identifier: MIT
 *
 * ui_view - what part of the run is looked at, and how: time cursor, zoom,
 * scale, heatmap. */
#include "config.h"

#include "screen/ui_internal.h"

#include <stdio.h>

#define UI_ZOOM_NONE "the whole run is in sight: it is no longer than a minute"
#define UI_SERVICE_NONE                                                        \
    "nobody looks at the service itself: --server-pid and --server-metrics do"
#define UI_SERVICE_OWN                                                         \
    "the demo's service is part of this process: start 'brunt target' apart, " \
    "then 'brunt run --server-pid PID'"

enum { UI_CURSOR_FAR = 10 }; /* columns at once, with Shift */

struct layout ui_layout(const struct ui *ui, const struct model *m, int cols,
                        int rows)
{
    const struct layout_want w = {.cols = cols,
                                  .rows = rows,
                                  .n_requests = m->n_requests,
                                  .n_thresholds = m->n_verdicts,
                                  .heat = ui->heat,
                                  .n_service = m->server.n,
                                  .service = ui->service,
                                  .service_first = ui->service_first};

    return layout_make(&w);
}

struct model_want ui_want(const struct ui *ui, const struct layout *l)
{
    struct model_want w = {.cols = l->chart,
                           .trend_cols = l->trend,
                           .scenario = ui->chosen,
                           .zoom = ui->zoom,
                           .linear = ui->linear,
                           .heat = l->heat_mode,
                           .heat_fits = l->heat_fits,
                           .heat_rows = l->heat.n,
                           .service_auto = l->service_auto,
                           .service_full = l->service_full,
                           .baseline = ui->baseline,
                           .cursor = ui->cursor,
                           .cursor_us = ui->cursor_us,
                           .sort = ui->sort,
                           .sort_turned = ui->sort_turned,
                           .checks = ui->panel == PANEL_CHECKS,
                           .detail = ui->panel == PANEL_REQUEST,
                           .detail_name = ui->request};

    snprintf(w.filter, sizeof w.filter, "%s", ui_filter(ui));
    return w;
}

/* From the newest column on; it stays within the run and what is planned. */
static void ui_cursor_move(struct ui *ui, const struct model *m, int by,
                           uint64_t now_us)
{
    uint64_t bin = m->bin_us, last, now, at;
    uint64_t far = (uint64_t)(by < 0 ? -by : by);

    if (!m->any || bin == 0) {
        ui_note(ui, "there are no figures yet", now_us);
        return;
    }
    last = m->reach_us > 0 ? (m->reach_us - 1) / bin : 0;
    now = ui->frozen ? ui->frozen_t_us : m->tick.t_us;
    now = now > 0 ? (now - 1) / bin : 0;
    at = ui->cursor ? ui->cursor_us / bin : now;
    if (by < 0) {
        at = at > far ? at - far : 0;
    } else {
        at = at + far;
    }
    ui->cursor = true;
    ui->cursor_us = (at < last ? at : last) * bin;
}

void ui_cursor_at(struct ui *ui, const struct model *m, int col, int cols)
{
    const struct model *seen = ui_shown(ui, m);
    uint64_t bin = seen->bin_us, last, at;

    if (!seen->any || bin == 0 || seen->axis.to_us <= seen->axis.from_us) {
        return;
    }
    last = seen->reach_us > 0 ? (seen->reach_us - 1) / bin : 0;
    at = axis_middle(&seen->axis, col, cols) / bin;
    ui->cursor = true;
    ui->cursor_us = (at < last ? at : last) * bin;
}

void ui_zoom_by(struct ui *ui, const struct model *m, bool closer,
                uint64_t now_us)
{
    int next = (int)ui->zoom;

    if (!closer) {
        next -= next > ZOOM_RUN;
    } else {
        do {
            next++;
        } while (next < ZOOM_COUNT && zoom_us((enum zoom)next) >= m->reach_us);
    }
    if (next < ZOOM_COUNT) {
        ui->zoom = (enum zoom)next;
    } else if (ui->zoom == ZOOM_RUN) {
        ui_note(ui, UI_ZOOM_NONE, now_us);
    }
}

/* The next one that shows less than all. */
static void ui_zoom(struct ui *ui, const struct model *m, uint64_t now_us)
{
    int next = (int)ui->zoom;

    do {
        next = (next + 1) % ZOOM_COUNT;
    } while (next != ZOOM_RUN && zoom_us((enum zoom)next) >= m->reach_us);
    if (next == (int)ui->zoom) {
        ui_note(ui, UI_ZOOM_NONE, now_us);
    }
    ui->zoom = (enum zoom)next;
}

/* What is on the screen may not be what was asked for: there is no room for
 * it, or keys came faster than pictures. */
static void ui_heat(struct ui *ui, const struct model *m)
{
    enum heat_mode now = ui->heat == HEAT_AUTO ? m->looked.heat : ui->heat;

    if (now == HEAT_BOTH && !m->looked.heat_fits) {
        now = HEAT_ONLY;
    }
    ui->heat = now == HEAT_LINES  ? HEAT_BOTH
               : now == HEAT_BOTH ? HEAT_ONLY
                                  : HEAT_LINES;
}

/* Shows the service's charts where they are hidden, or not all of them are in
 * sight; then the next of them; and hides them behind the last. */
static void ui_service(struct ui *ui, const struct model *m, uint64_t now_us)
{
    int fits = m->looked.service_auto, full = m->looked.service_full;
    size_t n = m->server.n, next = ui->service_first + (size_t)full;
    char text[96];

    if (n == 0) {
        ui_note(ui, ui->config.own_service ? UI_SERVICE_OWN : UI_SERVICE_NONE,
                now_us);
        return;
    }
    if (ui->service == SERVICE_AUTO && (size_t)fits < n) {
        ui->service = SERVICE_FULL;
    } else if (ui->service == SERVICE_FULL && full > 0 && next < n) {
        ui->service_first = next;
        return;
    } else if (ui->service == SERVICE_NONE) {
        ui->service = fits > 0 ? SERVICE_AUTO : SERVICE_FULL;
    } else {
        ui->service = fits > 0 ? SERVICE_NONE : SERVICE_AUTO;
    }
    ui->service_first = 0;
    if (ui->service == SERVICE_NONE ||
        (ui->service == SERVICE_AUTO && fits == 0)) {
        ui_note(ui,
                ui_text(ui,
                        "the service's charts are hidden · {service} shows "
                        "them",
                        text, sizeof text),
                now_us);
    }
}

bool ui_view_act(struct ui *ui, const struct model *m, enum action a,
                 uint64_t now_us)
{
    switch (a) {
    case ACTION_CURSOR_BACK:
        ui_cursor_move(ui, m, -1, now_us);
        return true;
    case ACTION_CURSOR_ON:
        ui_cursor_move(ui, m, 1, now_us);
        return true;
    case ACTION_CURSOR_FAR_BACK:
        ui_cursor_move(ui, m, -UI_CURSOR_FAR, now_us);
        return true;
    case ACTION_CURSOR_FAR_ON:
        ui_cursor_move(ui, m, UI_CURSOR_FAR, now_us);
        return true;
    case ACTION_CURSOR_LIVE:
        ui->cursor = false;
        return true;
    case ACTION_ZOOM:
        ui_zoom(ui, m, now_us);
        return true;
    case ACTION_SCALE:
        ui->linear = !ui->linear;
        return true;
    case ACTION_HEATMAP:
        ui_heat(ui, m);
        return true;
    case ACTION_SERVICE:
        ui_service(ui, m, now_us);
        return true;
    default:
        return false;
    }
}
