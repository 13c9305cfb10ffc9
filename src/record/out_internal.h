/* SPDX-License-Identifier: MIT
 *
 * out_internal - what tests need to know of out.c. */
#ifndef RECORD_OUT_INTERNAL_H
#define RECORD_OUT_INTERNAL_H

#include "record/out.h"

/* Waits until nothing waits, and all tries have ended: for tests, whose seconds
 * are shorter than a receiver's. */
void out_settle(struct out *o);

#endif
