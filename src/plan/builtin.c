/* SPDX-License-Identifier: MIT
 *
 * builtin - the plans that are inside the program: data/plans, turned into
 * bytes by the build. */
#include "config.h"

#include "plan/plan.h"

#include <string.h>

#include "plan/builtin.h"

const char *plan_builtin(const char *name, size_t *n)
{
    for (const struct builtin *b = builtin_plans; b->name != NULL; b++) {
        if (strcmp(b->name, name) == 0) {
            *n = b->size;
            return b->text;
        }
    }
    return NULL;
}
