/* SPDX-License-Identifier: MIT
 *
 * ui_step - how far a step of the load goes: what ] and [ add and take. */
#include "config.h"

#include "screen/ui_internal.h"

#include <stdio.h>

#include "base/num.h"

static const uint32_t step_sizes[] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000};
enum { STEP_SIZES = sizeof step_sizes / sizeof step_sizes[0] };

unsigned ui_act_step(struct ui *ui, bool more, uint64_t now_us)
{
    char text[96], n[NUM_MAX], keys[64];
    size_t i = 0;

    if (more) {
        while (i + 1 < STEP_SIZES && step_sizes[i] <= ui->step) {
            i++;
        }
    } else {
        i = STEP_SIZES - 1;
        while (i > 0 && step_sizes[i] >= ui->step) {
            i--;
        }
    }
    ui->step = step_sizes[i];
    snprintf(text, sizeof text, "%s go in steps of %s now",
             ui_text(ui, "{more-step} and {fewer-step}", keys, sizeof keys),
             num_count(n, ui->step));
    ui_note(ui, text, now_us);
    return UI_DRAW;
}
