/* SPDX-License-Identifier: MIT
 *
 * ui_baseline - the earlier run's curves behind this one's, on or off. */
#include "config.h"

#include "screen/ui_internal.h"

unsigned ui_act_baseline(struct ui *ui, uint64_t now_us)
{
    const char *says = !ui->config.has_baseline
                           ? "no baseline: start with --baseline FILE, results "
                             "that {write} wrote"
                       : ui->baseline
                           ? "baseline off · {baseline} shows it again"
                           : "baseline on · base: what it was then, ~ about";
    char text[sizeof ui->note];

    ui->baseline = !ui->baseline && ui->config.has_baseline;
    ui_note(ui, ui_text(ui, says, text, sizeof text), now_us);
    return UI_DRAW;
}
