/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/book.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void book_init(struct book *b, const struct plan *plan,
               const struct keys *series_keys, const struct keys *custom_keys)
{
    *b = (struct book){.series_keys = series_keys, .custom_keys = custom_keys};
    b->plan = plan;
    b->n_checks = plan_check_rows(plan);
    b->checks = xcalloc(b->n_checks + 1, sizeof *b->checks);
    b->late = histo_new();
    b->lag = histo_new();
}

void book_clear(struct book *b)
{
    size_t i;
    int p;

    for (i = 0; i < b->n_series; i++) {
        for (p = 0; p < PHASE_COUNT; p++) {
            histo_free(&b->series[i].phase[p]);
        }
    }
    for (i = 0; i < b->n_customs; i++) {
        histo_free(&b->customs[i].trend);
    }
    free(b->series);
    free(b->customs);
    free(b->checks);
    for (i = 0; i < LINEUP_MAX; i++) {
        histo_free(&b->scenarios[i].duration);
        histo_free(&b->scenarios[i].late);
    }
    histo_free(&b->late);
    histo_free(&b->lag);
}

/* The keys are many at the beginning of a run and then hardly ever new, so
 * growing by what is needed is enough. */
static void book_grow(struct book *b)
{
    size_t n = b->series_keys->n;

    if (n > b->n_series) {
        b->series = xreallocarray(b->series, n, sizeof *b->series);
        memset(b->series + b->n_series, 0,
               (n - b->n_series) * sizeof *b->series);
        b->n_series = n;
    }
    n = b->custom_keys->n;
    if (n > b->n_customs) {
        b->customs = xreallocarray(b->customs, n, sizeof *b->customs);
        memset(b->customs + b->n_customs, 0,
               (n - b->n_customs) * sizeof *b->customs);
        b->n_customs = n;
    }
}

static void book_histo_add(struct histo **h, const struct histo_sparse *s)
{
    if (s->count == 0) {
        return;
    }
    if (*h == NULL) {
        *h = histo_new();
    }
    histo_add_sparse(*h, s);
}

static void book_histo_sub(struct histo *h, const struct histo_sparse *s)
{
    if (s->count > 0) {
        histo_sub_sparse(h, s);
    }
}

static struct book_check *book_check(const struct book *b,
                                     const struct delta_check *c)
{
    return &b->checks[plan_check_row(b->plan, c->scenario, c->check)];
}

void book_add(struct book *b, const struct page *page)
{
    const struct delta *d = page->delta;
    size_t i;
    int p;

    book_grow(b);
    for (i = 0; i < d->n_series; i++) {
        const struct delta_series *s = &d->series[i];
        struct book_series *row = &b->series[page->series[i]];

        row->count += s->count;
        row->sent += s->sent;
        row->received += s->received;
        for (p = 0; p < PHASE_COUNT; p++) {
            book_histo_add(&row->phase[p], &s->phase[p]);
        }
    }
    for (i = 0; i < d->n_customs; i++) {
        const struct delta_custom *c = &d->customs[i];
        struct book_custom *row = &b->customs[page->customs[i]];

        row->hits += c->hits;
        row->total += c->total;
        row->sum += c->sum;
        book_histo_add(&row->trend, &c->trend);
    }
    for (i = 0; i < d->n_checks; i++) {
        struct book_check *row = book_check(b, &d->checks[i]);

        row->passes += d->checks[i].passes;
        row->fails += d->checks[i].fails;
    }
    for (i = 0; i < d->n_scenarios; i++) {
        const struct delta_scenario *s = &d->scenarios[i];
        struct book_scenario *row = &b->scenarios[s->scenario];

        row->iterations += s->iterations;
        row->interrupted += s->interrupted;
        row->dropped += s->dropped;
        book_histo_add(&row->duration, &s->duration);
        book_histo_add(&row->late, &s->late);
    }
    b->active_us += page->active_us;
    b->iterations += d->iterations;
    b->interrupted += d->interrupted;
    b->interrupted_requests += d->interrupted_requests;
    b->retries += d->retries;
    b->rejected += d->rejected;
    b->folded += d->folded;
    b->dropped += d->dropped;
    book_histo_add(&b->late, &d->late);
    book_histo_add(&b->lag, &d->lag);
}

void book_sub(struct book *b, const struct page *page)
{
    const struct delta *d = page->delta;
    size_t i;
    int p;

    for (i = 0; i < d->n_series; i++) {
        const struct delta_series *s = &d->series[i];
        struct book_series *row = &b->series[page->series[i]];

        row->count -= s->count;
        row->sent -= s->sent;
        row->received -= s->received;
        for (p = 0; p < PHASE_COUNT; p++) {
            book_histo_sub(row->phase[p], &s->phase[p]);
        }
    }
    for (i = 0; i < d->n_customs; i++) {
        const struct delta_custom *c = &d->customs[i];
        struct book_custom *row = &b->customs[page->customs[i]];

        row->hits -= c->hits;
        row->total -= c->total;
        /* Sums of fractions do not come out even: nothing left is nothing. */
        row->sum = row->total == 0 ? 0 : row->sum - c->sum;
        book_histo_sub(row->trend, &c->trend);
    }
    for (i = 0; i < d->n_checks; i++) {
        struct book_check *row = book_check(b, &d->checks[i]);

        row->passes -= d->checks[i].passes;
        row->fails -= d->checks[i].fails;
    }
    for (i = 0; i < d->n_scenarios; i++) {
        const struct delta_scenario *s = &d->scenarios[i];
        struct book_scenario *row = &b->scenarios[s->scenario];

        row->iterations -= s->iterations;
        row->interrupted -= s->interrupted;
        row->dropped -= s->dropped;
        book_histo_sub(row->duration, &s->duration);
        book_histo_sub(row->late, &s->late);
    }
    b->active_us -= page->active_us;
    b->iterations -= d->iterations;
    b->interrupted -= d->interrupted;
    b->interrupted_requests -= d->interrupted_requests;
    b->retries -= d->retries;
    b->rejected -= d->rejected;
    b->folded -= d->folded;
    b->dropped -= d->dropped;
    book_histo_sub(b->late, &d->late);
    book_histo_sub(b->lag, &d->lag);
}

static size_t book_histo_bytes(const struct histo *h)
{
    return h == NULL ? 0 : histo_bytes(h);
}

size_t book_bytes(const struct book *b)
{
    size_t n = b->n_series * sizeof *b->series +
               b->n_customs * sizeof *b->customs +
               b->n_checks * sizeof *b->checks + histo_bytes(b->lag) +
               histo_bytes(b->late);
    size_t i;
    int p;

    for (i = 0; i < b->n_series; i++) {
        for (p = 0; p < PHASE_COUNT; p++) {
            n += book_histo_bytes(b->series[i].phase[p]);
        }
    }
    for (i = 0; i < b->n_customs; i++) {
        n += book_histo_bytes(b->customs[i].trend);
    }
    for (i = 0; i < LINEUP_MAX; i++) {
        n += book_histo_bytes(b->scenarios[i].duration) +
             book_histo_bytes(b->scenarios[i].late);
    }
    return n;
}
