/* SPDX-License-Identifier: MIT
 *
 * once - setup or teardown: VU 0 runs a flow one time, ends at the first
 * request or check that fails, and says which. */
#ifndef LOAD_ONCE_H
#define LOAD_ONCE_H

#include <stdint.h>

#include "load/crew.h"
#include "load/squad.h"
#include "load/vu.h"

struct once {
    struct crew *crew; /* borrowed */
    struct vu_owner owner;
    struct vu *vu;           /* owned; NULL before the first run */
    const struct flow *flow; /* borrowed */
    enum once_state state;
    bool begun, failed, cutting;
    char why[200];
    char text[256]; /* "setup: …" */
};

void once_init(struct once *o, struct crew *crew);
void once_clear(struct once *o);
/* Begins; one that still runs is cut off. */
void once_run(struct once *o, const struct flow *flow, uint64_t timeout_us);
/* Cuts off what runs: it has failed. Not from inside an exchange. */
void once_cut(struct once *o);

#endif
