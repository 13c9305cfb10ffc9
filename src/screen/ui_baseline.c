/* SPDX-License-Identifier: MIT
 *
 * ui_baseline - the earlier run's curves behind this one's, on or off. */
#include "config.h"

#include "screen/ui_internal.h"

unsigned ui_act_baseline(struct ui *ui, uint64_t now_us)
{
    if (!ui->config.has_baseline) {
        ui_note(ui,
                "no baseline: start with --baseline FILE, an earlier run's "
                "results (w writes such)",
                now_us);
        return UI_DRAW;
    }
    ui->baseline = !ui->baseline;
    ui_note(ui,
            ui->baseline ? "baseline on" : "baseline off · b shows it again",
            now_us);
    return UI_DRAW;
}
