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

/* Did nothing come before that pair in either run? */
static bool beside_first(const struct model *m, const struct baseline_pair *p)
{
    const struct baseline_part *part = baseline_part_of(
        m->baseline.run, m->info->lineup->list[m->chosen].name);

    return p->from_us == m->stages[0].start_us && part != NULL &&
           part->n_visits > 0 && p->was_us == part->visits[0].start_us;
}

/* Is what came before now, back for so long in both runs, beside each other as
 * well? A stage's first ten seconds have the one before it in them: that must
 * be the same one, whatever it was held for, or none in both. */
static bool beside_since(const struct model *m, uint64_t back_us)
{
    const struct model_baseline *b = &m->baseline;
    uint64_t t = m->tick.t_us, was;
    const struct baseline_pair *p = baseline_pair_at(b, t);

    if (p == NULL) {
        return false;
    }
    was = p->was_us + (t - p->from_us);
    for (; t - p->from_us < back_us || was - p->was_us < back_us; p--) {
        if (p == b->pairs) {
            return beside_first(m, p);
        }
        if (p[-1].end_us != p->from_us || p[-1].was_end_us != p->was_us) {
            return false;
        }
    }
    return true;
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

/* Results of a long run have fewer points, each of a longer window. */
static bool beside_longer(const struct baseline_run *run)
{
    size_t i;

    for (i = 0; i < run->n_names; i++) {
        if (run->names[i].n > 0 && run->names[i].window_us != MODEL_WINDOW_US) {
            return true;
        }
    }
    return false;
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
        return beside_longer(run) ? BASELINE_BY_LONGER : BASELINE_BY_WINDOW;
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
    case BASELINE_BY_LONGER:
        if (beside_since(m, name->window_us)) {
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
