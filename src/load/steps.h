/* SPDX-License-Identifier: MIT
 *
 * steps - the script that a plan's flow is: a counter into its operations. */
#ifndef LOAD_STEPS_H
#define LOAD_STEPS_H

#include <stddef.h>
#include <stdint.h>

#include "load/action.h"
#include "plan/flow.h"

struct steps {
    const struct flow *flow; /* borrowed */
    size_t at;               /* next operation */
    uint64_t iter;
    uint32_t left[FLOW_DEPTH_MAX]; /* of each repeat it stands in */
};

/* s is borrowed by the script. */
struct script steps_script(struct steps *s, const struct flow *flow);

#endif
