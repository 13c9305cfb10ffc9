/* SPDX-License-Identifier: MIT
 *
 * model_load - the course of the chosen scenario's load: the level that the
 * plan wants and the one there was, in each bin of the picture. */
#include "config.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "screen/model_internal.h"

/* VUs of the only scenario are the run's. */
static struct model_level level_of_bin(const struct bin *b)
{
    return (struct model_level){.any = b->active_us > 0,
                                .manual = b->manual,
                                .level = b->vus,
                                .most = b->vus_max,
                                .planned = b->planned,
                                .wanted = b->planned};
}

static struct model_level level_of_slot(const struct course_slot *s,
                                        uint64_t unit_us, bool settled)
{
    struct model_level l = {
        .manual = s->manual, .planned = s->planned, .wanted = s->wanted};

    if (unit_us == 0) {
        l.any = s->ran_us > 0 || s->vus > 0;
        l.level = s->vus;
        l.most = s->vus_max;
        return l;
    }
    /* A rate of a moment that has only begun says nothing. */
    l.any = s->ran_us > 0 && settled;
    if (l.any) {
        l.level = (double)s->begun * (double)unit_us / (double)s->ran_us;
        l.most = l.level;
    }
    return l;
}

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
        const struct bin *b = &m->bins[i];
        bool settled =
            b->complete || b->active_us * 2 >= b->end_us - b->start_us;
        struct course_slot s;

        if (plain) {
            m->levels[i] = level_of_bin(b);
        } else if (course_over(c, m->chosen, b->start_us, b->end_us, &s)) {
            m->levels[i] = level_of_slot(&s, unit, settled);
        }
    }
}
