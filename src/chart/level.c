/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "chart/level.h"

struct bin_level bin_level_of_run(const struct bin *b)
{
    return (struct bin_level){.any = b->active_us > 0,
                              .manual = b->manual,
                              .level = b->vus,
                              .most = b->vus_max,
                              .planned = b->planned,
                              .wanted = b->planned};
}

static struct bin_level level_of_slot(const struct course_slot *s,
                                      uint64_t unit_us, bool settled)
{
    struct bin_level l = {
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

struct bin_level bin_level_of(const struct course *c, size_t scenario,
                              uint64_t unit_us, const struct bin *b)
{
    bool settled = b->complete || b->active_us * 2 >= b->end_us - b->start_us;
    struct course_slot s;

    if (!course_over(c, scenario, b->start_us, b->end_us, &s)) {
        return (struct bin_level){.any = false};
    }
    return level_of_slot(&s, unit_us, settled);
}
