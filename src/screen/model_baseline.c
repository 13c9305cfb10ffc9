/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/model_baseline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "chart/raster.h"
#include "screen/model_internal.h"

/* Is that the label of a stage of c? A stage with a name by its name, whatever
 * its level was; one without by what it does. */
static bool stage_fits(const struct curve *c, size_t stage, const char *label)
{
    const char *name = c->stages[stage].name;
    char text[128], safe[128];
    size_t n;

    if (name == NULL) {
        curve_stage_label(c, stage, true, text, sizeof text);
        return strcmp(text_safe(safe, sizeof safe, text), label) == 0;
    }
    n = strlen(text_safe(safe, sizeof safe, name));
    return strncmp(safe, label, n) == 0 && label[n] == ' ' &&
           strchr(label + n + 1, ' ') == NULL;
}

static bool stage_fits_any(const struct curve *c, const char *label)
{
    size_t i;

    for (i = 0; i < c->n; i++) {
        if (stage_fits(c, i, label)) {
            return true;
        }
    }
    return false;
}

/* Of the stages that the part was in, the one beside that; SIZE_MAX = none. Of
 * several with its name the nearest by place. */
static size_t stage_beside(const struct baseline_part *p, const struct curve *c,
                           size_t stage)
{
    size_t best = SIZE_MAX, off = SIZE_MAX, i;

    for (i = 0; i < p->n_visits; i++) {
        size_t at = p->visits[i].stage;
        size_t away = at > stage ? at - stage : stage - at;

        if (away < off && stage_fits(c, stage, p->visits[i].label)) {
            best = at;
            off = away;
        }
    }
    for (i = 0; i < p->n_visits && best == SIZE_MAX; i++) {
        /* By place, unless that has its like elsewhere. */
        if (p->visits[i].stage == stage &&
            !stage_fits_any(c, p->visits[i].label)) {
            best = stage;
        }
    }
    return best;
}

/* The visit number `nth` of a stage, or the last; NULL = none. */
static const struct baseline_visit *visit_nth(const struct baseline_part *p,
                                              size_t stage, size_t nth)
{
    const struct baseline_visit *found = NULL;
    size_t i;

    for (i = 0; i < p->n_visits; i++) {
        if (p->visits[i].stage == stage) {
            found = &p->visits[i];
            if (nth-- == 0) {
                break;
            }
        }
    }
    return found;
}

/* Lays part beside n stages over c, by time. Of a stage that was visited again
 * the k-th visit has the k-th beside it, or the last there was. Writes at most
 * n pairs; returns how many. */
static size_t baseline_pair_up(const struct baseline_part *part,
                               const struct curve *c,
                               const struct baseline_stage *stages, size_t n,
                               struct baseline_pair *out)
{
    size_t i, k, made = 0;

    for (i = 0; i < n; i++) {
        const struct baseline_stage *s = &stages[i];
        const struct baseline_visit *v;
        size_t beside = stage_beside(part, c, s->index), nth = 0;
        uint64_t length = s->end_us > s->start_us ? s->end_us - s->start_us : 0;

        for (k = 0; k < i; k++) {
            nth += stages[k].index == s->index;
        }
        v = beside != SIZE_MAX ? visit_nth(part, beside, nth) : NULL;
        if (v == NULL) {
            continue;
        }
        if (v->end_us - v->start_us < length) {
            length = v->end_us - v->start_us;
        }
        out[made++] = (struct baseline_pair){
            .from_us = s->start_us,
            .to_us = length < UINT64_MAX - s->start_us ? s->start_us + length
                                                       : UINT64_MAX,
            .was_us = v->start_us,
            .end_us = s->end_us,
            .was_end_us = v->end_us};
    }
    return made;
}

void model_source_baseline(struct model_source *s,
                           const struct baseline_run *run)
{
    const struct plan *p = story_info(s->story)->plan;
    size_t i;

    s->baseline = run;
    free(s->base_names);
    s->base_names = xcalloc(s->n_names + 1, sizeof *s->base_names);
    for (i = 0; run != NULL && i < s->n_names; i++) {
        s->base_names[i] = baseline_name_of(run, p->names[i]);
    }
}

void model_baseline_clear(struct model_baseline *b)
{
    free(b->pairs);
    free(b->dots);
    free(b->beside);
    *b = (struct model_baseline){.run = NULL};
}

static void baseline_pairs(struct model *m, const struct baseline_part *part)
{
    struct model_baseline *b = &m->baseline;
    struct baseline_stage *stages = xcalloc(m->n_stages + 1, sizeof *stages);
    size_t i;

    for (i = 0; i < m->n_stages; i++) {
        stages[i] = (struct baseline_stage){
            m->stages[i].index, m->stages[i].start_us, m->stages[i].end_us};
    }
    b->pairs = xcalloc(m->n_stages + 1, sizeof *b->pairs);
    b->n_pairs =
        baseline_pair_up(part, model_curve(m), stages, m->n_stages, b->pairs);
    free(stages);
}

const struct baseline_pair *baseline_pair_at(const struct model_baseline *b,
                                             uint64_t t_us)
{
    size_t i;

    for (i = 0; i < b->n_pairs; i++) {
        if (b->pairs[i].from_us <= t_us && t_us < b->pairs[i].to_us) {
            return &b->pairs[i];
        }
    }
    return NULL;
}

/* What the part's load was then, in the unit of this run's. */
static double baseline_level(const struct model *m,
                             const struct baseline_part *part, double level)
{
    uint64_t unit = model_curve(m)->time_unit_us;

    if (part->rate != (unit > 0)) {
        return NAN; /* VUs beside a rate say nothing */
    }
    return part->rate ? level * (double)unit / 1e6 : level;
}

/* The dot's own stretch of the earlier run: as wide as a dot is, within the
 * stage. */
static struct baseline_dot baseline_dot(const struct model *m,
                                        const struct baseline_part *part,
                                        const struct baseline_pair *p,
                                        uint64_t t_us, uint64_t half_us)
{
    const struct baseline_run *run = m->baseline.run;
    uint64_t was = p->was_us + (t_us - p->from_us);
    uint64_t from = was - p->was_us > half_us ? was - half_us : p->was_us;
    uint64_t to = was + half_us;
    struct baseline_sum sum = {0};
    struct baseline_figures f;
    struct baseline_dot d = {
        .level = baseline_level(m, part, baseline_at(&part->level, was))};

    baseline_sum_add(&sum, run, from, to);
    if (!baseline_sum_end(&sum, &f)) {
        f.rps = baseline_at(&run->rps, was);
        f.p95_us = baseline_at(&run->p95, was);
        f.errors = baseline_at(&run->errors, was);
    }
    d.rps = f.rps;
    d.p95_us = f.p95_us;
    d.errors = f.errors;
    return d;
}

void model_baseline_dots(struct model *m, const struct model_source *s)
{
    struct model_baseline *b = &m->baseline;
    const struct axis *a = &m->axis;
    const struct baseline_part *part;
    const struct baseline_pair *p;
    double span = (double)(a->to_us - a->from_us);
    size_t i;

    model_baseline_clear(b);
    if (s->baseline == NULL || !m->looked.baseline || m->looked.cols < 1) {
        return;
    }
    b->run = s->baseline;
    part = baseline_part_of(b->run, m->info->lineup->list[m->chosen].name);
    if (part == NULL) {
        return;
    }
    baseline_pairs(m, part);
    b->n_dots = (size_t)m->looked.cols * RASTER_DOTS_X;
    b->dots = xcalloc(b->n_dots, sizeof *b->dots);
    for (i = 0; i < b->n_dots; i++) {
        double step = span / (double)(b->n_dots - 1);
        uint64_t t = a->from_us + (uint64_t)llround((double)i * step);

        p = baseline_pair_at(b, t);
        b->dots[i] =
            p == NULL ? (struct baseline_dot){NAN, NAN, NAN, NAN}
                      : baseline_dot(m, part, p, t, (uint64_t)(step / 2) + 1);
    }
}

void model_baseline_peaks(const struct model_baseline *b,
                          struct baseline_peaks *peaks)
{
    size_t i;

    for (i = 0; i < b->n_dots; i++) {
        const struct baseline_dot *d = &b->dots[i];

        /* fmax takes the other where one is NAN. */
        peaks->level = fmax(peaks->level, d->level);
        peaks->rps = fmax(peaks->rps, d->rps);
        peaks->errors = fmax(peaks->errors, d->errors * 100);
        peaks->p95_hi = fmax(peaks->p95_hi, d->p95_us);
        if (d->p95_us > 0 &&
            (peaks->p95_lo <= 0 || d->p95_us < peaks->p95_lo)) {
            peaks->p95_lo = d->p95_us;
        }
    }
}

/* Adds what is beside from..to of this run. */
static void baseline_stretch(const struct model_baseline *b, uint64_t from_us,
                             uint64_t to_us, struct baseline_sum *sum)
{
    size_t i;

    for (i = 0; i < b->n_pairs; i++) {
        const struct baseline_pair *p = &b->pairs[i];
        uint64_t from = p->from_us > from_us ? p->from_us : from_us;
        uint64_t to = p->to_us < to_us ? p->to_us : to_us;

        if (from < to) {
            baseline_sum_add(sum, b->run, p->was_us + (from - p->from_us),
                             p->was_us + (to - p->from_us));
        }
    }
}

/* The load beside what is shown: at its end, in its middle, or the highest. */
static double baseline_load(const struct model *m,
                            const struct baseline_part *part)
{
    const struct model_cursor *c = &m->cursor;
    uint64_t t =
        c->on ? c->from_us + (c->to_us - c->from_us) / 2 : m->tick.t_us;
    const struct baseline_pair *p;
    double most = NAN;
    size_t i;

    if (!c->on && m->tick.state == RUN_FINISHED) {
        if (!part->rate) {
            return part->vus_max;
        }
        for (i = 0; i < part->level.n; i++) {
            most = fmax(most, part->level.points[i].value);
        }
        return most;
    }
    p = baseline_pair_at(&m->baseline, t);
    return p != NULL ? baseline_at(&part->level, p->was_us + (t - p->from_us))
                     : NAN;
}

void model_baseline_shown(struct model *m, const struct model_source *s)
{
    struct model_baseline *b = &m->baseline;
    const struct model_cursor *c = &m->cursor;
    const struct baseline_part *part;
    struct baseline_sum sum = {0};
    uint64_t now = m->tick.t_us;

    if (b->run == NULL) {
        return;
    }
    if (c->on) {
        baseline_stretch(b, c->from_us, c->to_us, &sum);
        b->any = baseline_sum_end(&sum, &b->shown);
    } else if (m->tick.state == RUN_FINISHED) {
        b->shown = b->run->run;
        b->any = true;
    } else {
        baseline_stretch(b, now > MODEL_WINDOW_US ? now - MODEL_WINDOW_US : 0,
                         now, &sum);
        b->any = baseline_sum_end(&sum, &b->shown);
    }
    part = baseline_part_of(b->run, m->info->lineup->list[m->chosen].name);
    b->level =
        part != NULL ? baseline_level(m, part, baseline_load(m, part)) : NAN;
    model_beside(m, s);
}
