/* SPDX-License-Identifier: MIT
 *
 * frame - where ticks are put together for the wire and for recordings; a story
 * does the same, so it is in the room below. */
#ifndef RECORD_FRAME_H
#define RECORD_FRAME_H

#include "run/frame.h"

#endif
