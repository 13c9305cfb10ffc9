/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"

struct judge {
    const struct ledger *ledger; /* borrowed */
    struct verdict *verdicts;    /* owned */
    size_t n;
    struct judge_returns returns;
};

/* It is made of no samples. */
static bool judge_of_returns(const struct threshold *t)
{
    return t->selector.metric == METRIC_RECOVERY_TIME;
}

struct judge *judge_new(const struct plan *plan, struct ledger *l)
{
    struct judge *j = xcalloc(1, sizeof *j);
    size_t i;

    j->ledger = l;
    j->n = plan->n_thresholds;
    j->verdicts = xcalloc(j->n + 1, sizeof *j->verdicts);
    for (i = 0; i < j->n; i++) {
        const struct threshold *t = &plan->thresholds[i];

        j->verdicts[i].threshold = t;
        j->verdicts[i].pending = true;
        if (judge_of_returns(t)) {
            j->verdicts[i].window_ok = true;
            continue;
        }
        ledger_want(l, &t->selector, LEDGER_WINDOW_US);
        if (t->window_us != 0) {
            ledger_want(l, &t->selector, t->window_us);
        }
    }
    return j;
}

void judge_free(struct judge **j)
{
    if (*j != NULL) {
        free((*j)->verdicts);
        free(*j);
        *j = NULL;
    }
}

/* The share of the limit that is left. Of a limit of 0 there are no shares:
 * kept or not is all that can be said. */
static double judge_margin(const struct threshold *t, double value)
{
    bool holds = threshold_holds(t->op, value, t->limit);
    double room = 0;

    switch (t->op) {
    case OP_LT:
    case OP_LE:
        room = t->limit - value;
        break;
    case OP_GT:
    case OP_GE:
        room = value - t->limit;
        break;
    case OP_EQ:
    case OP_NE:
        return holds ? 0 : -1;
    }
    if (t->limit == 0) {
        return holds ? 0 : -1;
    }
    return room / fabs(t->limit);
}

/* A count only grows: what is not there yet may still come. */
static bool judge_may_come(const struct threshold *t, double value)
{
    switch (t->op) {
    case OP_GT:
    case OP_GE:
    case OP_EQ:
        return t->agg == AGG_COUNT && t->window_us == 0 && value <= t->limit;
    case OP_LT:
    case OP_LE:
    case OP_NE:
        return false;
    }
    return false;
}

static void judge_failing(struct verdict *v, uint64_t t_us)
{
    if (!v->ok && !v->pending && !v->ever_failed) {
        v->ever_failed = true;
        v->first_failed_us = t_us;
    }
}

/* One that goes on says only what it takes at least: it may be too long
 * already, but not yet short enough. Without any there is nothing to fail. */
static void judge_return(struct verdict *v, const struct judge_returns *r,
                         uint64_t t_us, bool end)
{
    const struct threshold *t = v->threshold;
    bool timed = r->any && r->timed;
    bool holds =
        !r->lost && (!timed || threshold_holds(t->op, r->ms, t->limit));

    v->run = (struct figure){
        .fed = timed, .samples = timed ? 1 : 0, .value = timed ? r->ms : 0};
    v->pending = !end && holds && (r->open || !r->any);
    v->ok = holds && !v->pending;
    v->margin = timed ? judge_margin(t, r->ms) : holds ? 1 : -1;
    memcpy(v->why, r->why, sizeof v->why);
    judge_failing(v, t_us);
}

static void judge_one(struct judge *j, struct verdict *v, uint64_t t_us,
                      bool end)
{
    const struct threshold *t = v->threshold;
    struct figure f = ledger_figure(j->ledger, &t->selector, t->agg,
                                    t->percentile, t->window_us);

    v->window = ledger_figure(j->ledger, &t->selector, t->agg, t->percentile,
                              LEDGER_WINDOW_US);
    v->window_ok = !v->window.fed ||
                   threshold_holds(t->op, v->window.value, t->limit) ||
                   (!end && judge_may_come(t, v->window.value));
    if (!f.fed) { /* a window that ran empty keeps its last verdict */
        v->pending = v->pending && !end;
        judge_failing(v, t_us);
        return;
    }
    v->run = f;
    v->ok = threshold_holds(t->op, f.value, t->limit);
    v->pending = !end && !v->ok && judge_may_come(t, f.value);
    v->margin = judge_margin(t, f.value);
    judge_failing(v, t_us);
}

static int judge_all(struct judge *j, uint64_t t_us, uint64_t active_us,
                     bool end)
{
    int abort_by = -1;
    size_t i;

    for (i = 0; i < j->n; i++) {
        struct verdict *v = &j->verdicts[i];

        if (judge_of_returns(v->threshold)) {
            judge_return(v, &j->returns, t_us, end);
        } else {
            judge_one(j, v, t_us, end);
        }
        if (abort_by < 0 && v->threshold->abort_on_fail && !v->pending &&
            !v->ok && active_us >= v->threshold->delay_abort_us) {
            abort_by = (int)i;
        }
    }
    return abort_by;
}

void judge_returned(struct judge *j, const struct judge_returns *r)
{
    j->returns = *r;
}

int judge_eval(struct judge *j, uint64_t t_us, uint64_t active_us)
{
    return judge_all(j, t_us, active_us, false);
}

int judge_end(struct judge *j, uint64_t t_us, uint64_t active_us)
{
    return judge_all(j, t_us, active_us, true);
}

size_t judge_count(const struct judge *j)
{
    return j->n;
}

const struct verdict *judge_verdict(const struct judge *j, size_t i)
{
    MUST(i < j->n);
    return &j->verdicts[i];
}
