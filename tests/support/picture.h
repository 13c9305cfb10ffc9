/* SPDX-License-Identifier: MIT
 *
 * picture - what a person sees of a story, and whether it is what somebody
 * elsewhere sees of the same run. */
#ifndef TESTS_SUPPORT_PICTURE_H
#define TESTS_SUPPORT_PICTURE_H

#include <stdbool.h>

#include "base/buf.h"
#include "run/story.h"
#include "screen/ui.h"

/* Adds its text, and then its roles, to out. */
void picture(struct story *story, int cols, int rows, bool done,
             enum ui_panel panel, struct buf *out);
/* A recovery that began long ago may stand a second apart, and be held against
 * a figure that is a little different, and so may breaking point and verdict:
 * frames are as coarse as that. All else is the same to the cell. */
bool same_text(const char *a, const char *b);

#endif
