/* SPDX-License-Identifier: MIT
 *
 * baselines_code - the baselines of a plan as bytes: a spectator's recovery
 * knows by them, as the run's own does, what is usual. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "record/plan_code_internal.h"

#define BASELINES_MAX       100u
#define BASELINES_ITEMS_MAX (1u << 16)

static void item_encode(struct buf *b, const struct baseline_item *it)
{
    code_put_text(b, it->metric);
    code_put_text(b, it->expect);
    code_put(b, (uint64_t)it->kind);
    code_put(b, it->about);
    code_put_double(b, it->low);
    code_put_double(b, it->high);
    code_put(b, (uint64_t)(unsigned char)it->unit);
    code_put(b, (uint64_t)it->limit.op);
    if (it->kind == BASELINE_METRIC) {
        selector_encode(b, &it->limit.selector);
        code_put(b, (uint64_t)it->limit.agg);
        code_put_double(b, it->limit.percentile);
        code_put_double(b, it->limit.limit);
    }
}

void baselines_encode(struct buf *b, const struct plan *p)
{
    size_t i, k, m;

    code_put(b, p->n_baselines);
    for (i = 0; i < p->n_baselines; i++) {
        const struct baseline *base = &p->baselines[i];

        code_put_text(b, base->name);
        code_put(b, base->n);
        for (k = 0; k < base->n; k++) {
            code_put_text(b, base->sets[k].scenario);
            code_put(b, base->sets[k].n);
            for (m = 0; m < base->sets[k].n; m++) {
                item_encode(b, &base->sets[k].items[m]);
            }
        }
    }
}

static void limit_decode(struct code_in *in, const struct plan *p,
                         struct threshold *t)
{
    selector_decode(in, p, &t->selector);
    t->agg = (enum threshold_agg)code_get(in, AGG_P, "a baseline's limit");
    t->percentile = code_get_double(in, "a percentile");
    t->limit = code_get_double(in, "a limit");
    if (t->percentile < 0 || t->percentile > 100 ||
        !agg_fits(t->agg, plan_metric_info(p, t->selector.metric).type)) {
        code_bad(in, "a baseline's limit");
    }
}

static void item_decode(struct code_in *in, const struct plan *p,
                        struct baseline_item *it)
{
    it->metric = code_get_string(in, PLAN_TEXT_MAX, "a baseline's metric");
    it->expect = code_get_string(in, PLAN_TEXT_MAX, "a baseline's limit");
    it->kind = (enum baseline_kind)code_get(in, BASELINE_RECOVERY,
                                            "a kind of baseline");
    it->about = code_get_bool(in, "whether about");
    it->low = code_get_double(in, "a baseline's figure");
    it->high = code_get_double(in, "a baseline's figure");
    it->unit = (char)code_get(in, 127, "a unit of time");
    it->limit.op = (enum threshold_op)code_get(in, OP_NE, "a comparison");
    if (it->low < 0 || it->high < it->low) {
        code_bad(in, "a baseline's figure");
    }
    if (it->kind == BASELINE_THROUGHPUT &&
        (it->unit == '\0' || strchr("smh", it->unit) == NULL)) {
        code_bad(in, "a unit of time");
    }
    if (it->kind == BASELINE_METRIC) {
        limit_decode(in, p, &it->limit);
    }
}

static void set_decode(struct code_in *in, const struct plan *p,
                       struct baseline_set *set)
{
    size_t n;

    set->scenario = code_get_string(in, PLAN_TEXT_MAX, "a scenario");
    n = code_get_count(in, BASELINES_ITEMS_MAX, 21, "a baseline's lines");
    set->items = xcalloc(n + 1, sizeof *set->items);
    for (; set->n < n && !in->bad; set->n++) {
        item_decode(in, p, &set->items[set->n]);
    }
}

void baselines_decode(struct code_in *in, struct plan *p)
{
    size_t n = code_get_count(in, BASELINES_MAX, 2, "baselines"), sets;

    p->baselines = xcalloc(n + 1, sizeof *p->baselines);
    while (p->n_baselines < n && !in->bad) {
        struct baseline *b = &p->baselines[p->n_baselines++];

        b->name = code_get_string(in, PLAN_TEXT_MAX, "a baseline");
        sets = code_get_count(in, BASELINES_MAX, 2, "a baseline's scenarios");
        b->sets = xcalloc(sets + 1, sizeof *b->sets);
        while (b->n < sets && !in->bad) {
            set_decode(in, p, &b->sets[b->n++]);
        }
    }
}
