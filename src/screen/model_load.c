/* SPDX-License-Identifier: MIT
 *
 * model_load - the course of the chosen scenario's load: the level that the
 * plan wants and the one there was, in each bin of the picture. */
#include "config.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "screen/model_internal.h"

void model_load(struct model *m, const struct course *c)
{
    uint64_t unit = model_curve(m)->time_unit_us;
    bool plain = m->tick.n_scenarios == 1 && unit == 0;
    struct course_slot all = {0};
    size_t i;

    (void)course_over(c, m->chosen, 0, UINT64_MAX, &all);
    m->vus_peak = all.vus_max;
    m->rate_mean = all.ran_us > 0
                       ? (double)all.begun * (double)unit / (double)all.ran_us
                       : 0;
    free(m->levels);
    m->levels = xcalloc(m->n_bins + 1, sizeof *m->levels);
    for (i = 0; i < m->n_bins; i++) {
        m->levels[i] = plain ? bin_level_of_run(&m->bins[i])
                             : bin_level_of(c, m->chosen, unit, &m->bins[i]);
    }
}
