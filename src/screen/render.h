/* SPDX-License-Identifier: MIT
 *
 * render - a whole picture, from a model and what is open, into a grid of any
 * size. Pure C. */
#ifndef SCREEN_RENDER_H
#define SCREEN_RENDER_H

#include <stdint.h>

#include "screen/grid.h"
#include "screen/model.h"
#include "screen/ui.h"

/* shown: what the picture is of; live: how things stand now, the same unless
 * the picture is frozen. now_us: the clock that ui_key was given. Draws over
 * the whole of g. */
void render(struct grid *g, const struct model *shown, const struct model *live,
            const struct ui *ui, uint64_t now_us);

#endif
