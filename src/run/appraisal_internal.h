/* SPDX-License-Identifier: MIT
 *
 * appraisal_internal - what the files of appraisal share. */
#ifndef RUN_APPRAISAL_INTERNAL_H
#define RUN_APPRAISAL_INTERNAL_H

#include "run/appraisal.h"

/* The facts of a story whose lock is held. normal: the level that is normal
 * load; NULL = none. */
void appraisal_facts(const struct story *s, const struct plateau *normal,
                     struct verdict_facts *f);

#endif
