/* SPDX-License-Identifier: MIT
 *
 * model_detail - what only an open panel asks for: one request looked into, and
 * the checks. Of the moment it is taken; a picture that stands still is asked
 * for it later, and says so. */
#include "config.h"

#include "screen/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "measure/histo.h"
#include "plan/metric.h"
#include "screen/model_internal.h"

static const unsigned detail_metrics[MODEL_PHASES] = {
    METRIC_HTTP_REQ_BLOCKED,         METRIC_HTTP_REQ_CONNECTING,
    METRIC_HTTP_REQ_TLS_HANDSHAKING, METRIC_HTTP_REQ_SENDING,
    METRIC_HTTP_REQ_WAITING,         METRIC_HTTP_REQ_RECEIVING,
    METRIC_HTTP_REQ_DURATION,
};

static void detail_phases(struct model_detail *t, const struct ledger *l)
{
    struct histo *h = histo_new();
    int i;

    for (i = 0; i < MODEL_PHASES; i++) {
        struct model_phase *p = &t->phases[i];

        histo_clear(h);
        ledger_histo(l, detail_metrics[i], (int)t->name, h);
        p->n = histo_count(h);
        p->p50_us = histo_percentile(h, 50);
        p->p95_us = histo_percentile(h, 95);
        p->p99_us = histo_percentile(h, 99);
        p->max_us = histo_max(h);
    }
    histo_free(&h);
}

static void detail_status(void *ctx, int name_index, unsigned status,
                          enum failure kind, uint64_t count)
{
    struct model_detail *t = ctx;

    if (name_index != (int)t->name) {
        return;
    }
    if (t->n_statuses == MODEL_STATUSES_MAX) {
        t->statuses_more += count;
        return;
    }
    t->statuses[t->n_statuses++] = (struct model_status){status, kind, count};
}

static void detail_clear_checks(struct model *m)
{
    size_t i;

    for (i = 0; i < m->n_checks; i++) {
        free(m->checks[i].name);
        free(m->checks[i].request);
    }
    free(m->checks);
    m->checks = NULL;
    m->n_checks = 0;
}

static char *detail_safe(const char *text)
{
    char safe[256];

    return xstrdup(text_safe(safe, sizeof safe, text));
}

/* A flow that several scenarios run has its requests more than once, and each
 * of its checks once. */
static void detail_checks(struct model *m, const struct ledger *l)
{
    const struct plan *p = m->info->plan;
    bool *taken = xcalloc(p->n_checks + 1, sizeof *taken);
    size_t i, k;

    detail_clear_checks(m);
    m->checks = xcalloc(p->n_checks + 1, sizeof *m->checks);
    for (i = 0; i < p->n_requests; i++) {
        const struct request *r = p->requests[i];

        for (k = 0; k < r->n_checks; k++) {
            struct model_check *c = &m->checks[m->n_checks];

            if (taken[r->checks[k].index]) {
                continue;
            }
            taken[r->checks[k].index] = true;
            m->n_checks++;
            c->name = detail_safe(r->checks[k].name);
            c->request = detail_safe(p->names[r->name_index]);
            c->name_index = r->name_index;
            c->line = ledger_check(l, r->checks[k].index);
        }
    }
    free(taken);
}

void model_detail_clear(struct model *m)
{
    detail_clear_checks(m);
}

void model_detail_take(struct model *m, const struct ledger *l,
                       const struct model_want *w, bool fresh)
{
    struct model_detail *t = &m->detail;
    bool checks = w->checks || w->detail;

    if (checks && (fresh || m->checks == NULL)) {
        detail_checks(m, l);
    } else if (!checks) {
        detail_clear_checks(m);
    }
    if (!w->detail || w->detail_name >= m->info->plan->n_names) {
        *t = (struct model_detail){.on = false};
        return;
    }
    if (!fresh && t->on && t->name == w->detail_name) {
        return;
    }
    *t = (struct model_detail){
        .on = true, .name = w->detail_name, .later = !fresh};
    detail_phases(t, l);
    ledger_statuses(l, detail_status, t);
}
