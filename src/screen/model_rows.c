/* SPDX-License-Identifier: MIT
 *
 * model_rows - which rows the lists have, and in which order: sorted as asked
 * for, without those that a filter leaves out. Takes nothing anew from the
 * story, so a picture that stands still can be sorted and filtered as well. */
#include "config.h"

#include "screen/model.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "screen/model_internal.h"
#include "screen/show.h"

/* Rows that change places ten times a second cannot be read. */
#define ROWS_SORT_US (2 * UINT64_C(1000000))

/* Is filter somewhere in text, whatever the case of its ASCII letters? */
static bool model_matches(const char *filter, const char *text)
{
    size_t i;

    if (filter[0] == '\0') {
        return true;
    }
    for (; *text != '\0'; text++) {
        for (i = 0; filter[i] != '\0' && tolower((unsigned char)text[i]) ==
                                             tolower((unsigned char)filter[i]);
             i++) {
        }
        if (filter[i] == '\0') {
            return true;
        }
    }
    return false;
}

/* The figure to sort by, the largest first; false: there is none yet. */
static bool rows_figure(const struct model *m, const struct model_request *r,
                        enum sort by, double *key)
{
    const struct summary *s = model_request_shown(m, r);

    *key = 0;
    switch (by) {
    case SORT_BY_P95:
        *key = (double)s->p95_us;
        return s->responses > 0;
    case SORT_BY_P99:
        *key = (double)s->p99_us;
        return s->responses > 0;
    case SORT_BY_RATE:
        *key = s->rate;
        return true;
    case SORT_BY_REQUESTS: /* as the column has it */
        *key = (double)(m->cursor.on ? s->requests : r->run.requests);
        return true;
    case SORT_BY_ERRORS:
        *key = s->error_rate;
        return s->requests > 0;
    case SORT_BY_NAME:
        return true;
    case SORT_COUNT:
        break;
    }
    MUST(!"a column");
    return false;
}

/* What has no figure comes last, whichever way. */
static int rows_order(const void *a, const void *b)
{
    const struct model_request *x = a, *y = b;

    if (x->keyed != y->keyed) {
        return x->keyed ? -1 : 1;
    }
    if (x->key < y->key || x->key > y->key) {
        return x->key > y->key ? -1 : 1;
    }
    if (x->run.requests != y->run.requests) {
        return x->run.requests > y->run.requests ? -1 : 1;
    }
    return strcmp(x->name, y->name);
}

static int rows_order_name(const void *a, const void *b)
{
    const struct model_request *x = a, *y = b;
    int by = strcmp(x->name, y->name);

    return by != 0 ? by : x->index < y->index ? -1 : x->index > y->index;
}

static int rows_order_eman(const void *a, const void *b)
{
    return rows_order_name(b, a);
}

static int rows_order_rank(const void *a, const void *b)
{
    const struct model_request *x = a, *y = b;

    return x->rank < y->rank ? -1 : x->rank > y->rank;
}

/* Sorts the table anew now and then, when it is to be sorted otherwise, and
 * when the run is over; meanwhile every row keeps its place. */
static void rows_sort(struct model *m, struct model_source *s,
                      const struct model_want *w)
{
    bool over = m->tick.state == RUN_FINISHED;
    bool rises = sort_rises(w->sort, w->sort_turned);
    bool same = s->sorted && over == s->sorted_over && w->sort == s->sort &&
                w->sort_turned == s->sort_turned &&
                m->cursor.on == s->sorted_cursor;
    size_t i;

    if (same && !m->cursor.on &&
        (over || m->tick.t_us - s->sorted_us < ROWS_SORT_US)) {
        for (i = 0; i < m->n_requests; i++) {
            m->requests[i].rank = s->rank[m->requests[i].index];
        }
        qsort(m->requests, m->n_requests, sizeof *m->requests, rows_order_rank);
        return;
    }
    for (i = 0; i < m->n_requests; i++) {
        struct model_request *r = &m->requests[i];

        r->keyed = rows_figure(m, r, w->sort, &r->key);
        r->key = rises ? -r->key : r->key;
    }
    qsort(m->requests, m->n_requests, sizeof *m->requests,
          w->sort != SORT_BY_NAME ? rows_order
          : rises                 ? rows_order_name
                                  : rows_order_eman);
    for (i = 0; i < m->n_requests; i++) {
        s->rank[m->requests[i].index] = i;
    }
    s->sorted = true;
    s->sorted_over = over;
    s->sorted_cursor = m->cursor.on;
    s->sorted_us = m->tick.t_us;
    s->sort = w->sort;
    s->sort_turned = w->sort_turned;
}

static bool rows_request(const struct model *m, size_t i, const char *filter)
{
    const struct model_request *r = &m->requests[i];

    return model_matches(filter, r->name) || model_matches(filter, r->method);
}

static bool rows_error(const struct model *m, size_t i, const char *filter)
{
    const struct model_error *e = &m->errors[i];

    return model_matches(filter, e->label) ||
           model_matches(filter, failure_name(e->line.kind)) ||
           model_matches(filter, e->name) ||
           (e->has_sample && model_matches(filter, e->sample.message));
}

/* The log has the newest first. */
static bool rows_event(const struct model *m, size_t i, const char *filter)
{
    const struct event *e = &m->events[i];

    return model_matches(filter, e->text) || model_matches(filter, e->type) ||
           model_matches(filter, e->value) || model_matches(filter, e->by);
}

static bool rows_check(const struct model *m, size_t i, const char *filter)
{
    const struct model_check *c = &m->checks[i];

    return model_matches(filter, c->name) || model_matches(filter, c->request);
}

/* Newest first already. */
static bool rows_finding(const struct model *m, size_t i, const char *filter)
{
    const struct model_finding *f = &m->findings.list[i];

    return model_matches(filter, f->kind) || model_matches(filter, f->text);
}

static void rows_pick(struct model *m, enum model_list list, size_t n,
                      bool (*fits)(const struct model *m, size_t i,
                                   const char *filter),
                      const char *filter)
{
    struct model_rows *r = &m->rows[list];
    size_t i;

    free(r->at);
    r->at = xcalloc(n + 1, sizeof *r->at);
    r->n = 0;
    for (i = 0; i < n; i++) {
        if (fits(m, i, filter)) {
            r->at[r->n++] = i;
        }
    }
}

void model_rows_make(struct model *m, struct model_source *s,
                     const struct model_want *w)
{
    struct model_rows *log = &m->rows[LIST_EVENTS];
    size_t i;

    rows_sort(m, s, w);
    rows_pick(m, LIST_REQUESTS, m->n_requests, rows_request, w->filter);
    rows_pick(m, LIST_ERRORS, m->n_errors, rows_error, w->filter);
    rows_pick(m, LIST_EVENTS, m->n_events, rows_event, w->filter);
    rows_pick(m, LIST_CHECKS, m->n_checks, rows_check, w->filter);
    rows_pick(m, LIST_FINDINGS, m->findings.n, rows_finding, w->filter);
    for (i = 0; i < log->n / 2; i++) {
        size_t other = log->at[log->n - 1 - i];

        log->at[log->n - 1 - i] = log->at[i];
        log->at[i] = other;
    }
}
