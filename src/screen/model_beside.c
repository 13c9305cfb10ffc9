/* SPDX-License-Identifier: MIT
 *
 * model_beside - what an earlier run had of each request, beside what is shown
 * of it now: the same window of the same stage, where its results have it. */
#include "config.h"

#include <math.h>

#include "base/xalloc.h"
#include "measure/histo.h"
#include "screen/model_baseline.h"
#include "screen/model_internal.h"

/* Loads that are called the same. */
#define LOAD_OFF 0.1

/* Is what came before t, back for so long, beside each other as well? A stage's
 * first ten seconds have the one before it in them: that must be the same one,
 * whatever it was held for. */
static bool beside_since(const struct model_baseline *b, uint64_t t_us,
                         uint64_t back_us)
{
    const struct baseline_pair *p = baseline_pair_at(b, t_us);
    uint64_t from = t_us > back_us ? t_us - back_us : 0;

    for (; p != NULL && p->from_us > from && p > b->pairs; p--) {
        if (p[-1].end_us != p->from_us || p[-1].was_end_us != p->was_us) {
            return false;
        }
    }
    return p != NULL;
}

/* The load is on that the earlier run had all the time. */
static bool beside_steady(const struct model *m)
{
    const struct baseline_run *run = m->baseline.run;
    const struct baseline_part *part =
        baseline_part_of(run, m->info->lineup->list[m->chosen].name);
    const struct tick_scenario *at = model_at(m);
    double now = at->timed ? at->rate : (double)at->vus;

    return part != NULL && run->n_parts == 1 && m->tick.n_scenarios == 1 &&
           part->rate == at->timed &&
           fabs(now - part->steady) <= LOAD_OFF * part->steady;
}

static enum baseline_by beside_by(const struct model *m)
{
    const struct baseline_run *run = m->baseline.run;

    if (m->cursor.on) {
        return run->over_time && m->cursor.any ? BASELINE_BY_MOMENT
                                               : BASELINE_BY_NOTHING;
    }
    if (m->tick.state == RUN_FINISHED) {
        return BASELINE_BY_RUN;
    }
    if (run->over_time) {
        return BASELINE_BY_WINDOW;
    }
    return beside_steady(m) ? BASELINE_BY_STEADY : BASELINE_BY_NOTHING;
}

static void beside_then(const struct model_baseline *b,
                        const struct baseline_name *name, uint64_t t_us,
                        uint64_t ahead_us, struct baseline_beside *out)
{
    const struct baseline_pair *p = baseline_pair_at(b, t_us);
    const struct baseline_moment *then =
        p != NULL
            ? baseline_then(name, p->was_us + (t_us - p->from_us) + ahead_us)
            : NULL;

    if (then != NULL) {
        out->any = true;
        out->requests = isnan(then->requests) ? 0 : (uint64_t)then->requests;
        out->was = then->was;
    }
}

static void beside_name(const struct model *m, const struct baseline_name *name,
                        struct baseline_beside *out)
{
    const struct model_baseline *b = &m->baseline;
    const struct model_cursor *c = &m->cursor;

    switch (b->by) {
    case BASELINE_BY_WINDOW:
        if (beside_since(b, m->tick.t_us, name->window_us)) {
            beside_then(b, name, m->tick.t_us, 0, out);
        }
        return;
    case BASELINE_BY_MOMENT:
        beside_then(b, name, c->from_us + (c->to_us - c->from_us) / 2,
                    name->window_us / 2, out);
        return;
    case BASELINE_BY_RUN:
    case BASELINE_BY_STEADY:
        *out = (struct baseline_beside){true, UINT64_MAX, name->run};
        return;
    case BASELINE_BY_NOTHING:
        return;
    }
}

void model_beside(struct model *m, const struct model_source *s)
{
    struct model_baseline *b = &m->baseline;
    size_t i;

    b->by = beside_by(m);
    b->beside = xcalloc(s->n_names + 1, sizeof *b->beside);
    for (i = 0; i < s->n_names; i++) {
        if (s->base_names[i] != NULL) {
            b->names = true;
            beside_name(m, s->base_names[i], &b->beside[i]);
        }
    }
}

const struct baseline_beside *model_baseline_name(const struct model *m,
                                                  size_t name_index)
{
    const struct model_baseline *b = &m->baseline;

    return b->run != NULL && b->beside != NULL && b->beside[name_index].any
               ? &b->beside[name_index]
               : NULL;
}
