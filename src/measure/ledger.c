/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "measure/ledger_internal.h"
#include "measure/shard_internal.h"

#define LEDGER_SECOND_US UINT64_C(1000000)
/* What a window of latencies that are spread widely takes, where it is kept in
 * seconds. */
#define LEDGER_RESERVED (2u << 20)

static void ledger_check_names(struct ledger *l)
{
    const struct plan *plan = l->plan;
    size_t i, k;

    l->check_names = xcalloc(plan->n_checks + 1, sizeof *l->check_names);
    for (i = 0; i < plan->n_requests; i++) {
        const struct request *r = plan->requests[i];

        for (k = 0; k < r->n_checks; k++) {
            MUST(r->checks[k].index < plan->n_checks);
            l->check_names[r->checks[k].index] = (uint16_t)r->name_index;
        }
    }
}

struct ledger *ledger_new(const struct plan *plan, const struct lineup *lineup)
{
    struct ledger *l = xcalloc(1, sizeof *l);
    size_t n = plan->n_names + 1;

    l->plan = plan;
    l->lineup = lineup;
    book_init(&l->run, plan, &l->series_keys, &l->custom_keys);
    book_init(&l->window, plan, &l->series_keys, &l->custom_keys);
    ledger_check_names(l);
    l->ways = xcalloc(plan->n_names + 1, sizeof *l->ways);
    l->series = series_new(plan->n_names);
    l->kept = fifo_new();
    l->duration = histo_new();
    l->by_name = xcalloc(n, sizeof *l->by_name);
    l->requests_by_name = xcalloc(n, sizeof *l->requests_by_name);
    l->failed_by_name = xcalloc(n, sizeof *l->failed_by_name);
    return l;
}

void ledger_without_series(struct ledger *l)
{
    MUST(!l->fed);
    l->no_series = true;
}

void ledger_in_seconds(struct ledger *l)
{
    MUST(!l->fed);
    l->in_seconds = true;
    l->open_us = UINT64_MAX;
    fifo_reserve(l->kept, LEDGER_RESERVED);
}

static void ledger_page_clear(struct ledger *l, struct ledger_page *p)
{
    fifo_let_go(l->kept, p->delta);
    fifo_let_go(l->kept, p->series);
    fifo_let_go(l->kept, p->customs);
}

void ledger_free(struct ledger **lp)
{
    struct ledger *l = *lp;
    size_t i;

    if (l == NULL) {
        return;
    }
    for (i = 0; i < l->n_views; i++) {
        view_free(&l->views[i]);
    }
    for (i = 0; i < l->fault_keys.n; i++) {
        free(l->faults[i].sample);
    }
    for (i = 0; i < l->plan->n_names; i++) {
        histo_free(&l->by_name[i]);
    }
    book_clear(&l->run);
    book_clear(&l->window);
    keys_clear(&l->series_keys);
    keys_clear(&l->custom_keys);
    keys_clear(&l->fault_keys);
    series_free(&l->series);
    histo_free(&l->duration);
    fifo_free(&l->kept);
    free(l->pages);
    free(l->views);
    free(l->faults);
    free(l->check_names);
    free(l->ways);
    free(l->by_name);
    free(l->requests_by_name);
    free(l->failed_by_name);
    free(l);
    *lp = NULL;
}

void ledger_want(struct ledger *l, const struct selector *s, uint64_t window_us)
{
    size_t i;

    MUST(!l->fed);
    if (window_us == 0) {
        window_us = LEDGER_WINDOW_US;
    } else if (window_us > LEDGER_WINDOW_MAX_US) {
        window_us = LEDGER_WINDOW_MAX_US;
    }
    for (i = 0; i < l->n_views; i++) {
        if (view_is(l->views[i], s, window_us)) {
            return;
        }
    }
    l->views = xgrow(l->views, l->n_views, &l->cap_views, sizeof *l->views);
    l->views[l->n_views++] = view_new(l->plan, l->lineup, s, window_us);
}

/* Numbers the parts of d by the ledger's keys. */
static void ledger_page_rows(struct ledger *l, const struct delta *d,
                             struct ledger_page *p)
{
    size_t i;

    p->series = fifo_take(l->kept, d->n_series * sizeof *p->series);
    p->customs = fifo_take(l->kept, d->n_customs * sizeof *p->customs);
    for (i = 0; i < d->n_series; i++) {
        const struct delta_series *s = &d->series[i];
        struct series_key k = {s->request, s->status, s->failure,
                               s->failed > 0};
        bool folded = false;

        MUST(s->request < l->plan->n_requests);
        p->series[i] = series_key_add(&l->series_keys, l->plan,
                                      series_key_pack(&k), &folded);
        l->folded += folded ? s->count : 0;
    }
    for (i = 0; i < d->n_customs; i++) {
        MUST(d->customs[i].request < l->plan->n_requests);
        p->customs[i] =
            keys_add(&l->custom_keys, custom_key_pack(d->customs[i].metric,
                                                      d->customs[i].request));
    }
}

static void ledger_push_page(struct ledger *l, const struct ledger_page *p)
{
    if (l->n_pages == l->cap_pages) {
        size_t cap = l->cap_pages == 0 ? 128 : l->cap_pages * 2;
        struct ledger_page *pages = xcalloc(cap, sizeof *pages);
        size_t i;

        for (i = 0; i < l->n_pages; i++) {
            pages[i] = l->pages[(l->first_page + i) % l->cap_pages];
        }
        free(l->pages);
        l->pages = pages;
        l->cap_pages = cap;
        l->first_page = 0;
    }
    l->pages[(l->first_page + l->n_pages) % l->cap_pages] = *p;
    l->n_pages++;
}

static const struct ledger_page *ledger_page(const struct ledger *l, size_t i)
{
    return &l->pages[(l->first_page + i) % l->cap_pages];
}

/* How many pages may leave: the window is as long as asked without them. What
 * came in while no time passed leaves together with the page behind it, and
 * where seconds matter, what is of one second. */
static size_t ledger_pages_due(const struct ledger *l)
{
    uint64_t active_us = 0;
    size_t n = 0;

    while (n < l->n_pages && active_us == 0) {
        uint64_t start_us = ledger_page(l, n)->start_us;

        do {
            active_us += ledger_page(l, n++)->active_us;
        } while (l->in_seconds && n < l->n_pages &&
                 ledger_page(l, n)->start_us == start_us);
    }
    return active_us > 0 && l->window.active_us - active_us >= LEDGER_WINDOW_US
               ? n
           : l->n_pages > LEDGER_PAGES_MAX ? 1
                                           : 0;
}

static void ledger_expire(struct ledger *l)
{
    size_t n;

    for (n = ledger_pages_due(l); n > 0; n = ledger_pages_due(l)) {
        for (; n > 0; n--) {
            struct ledger_page *p = &l->pages[l->first_page];
            struct page page = {p->delta, p->series, p->customs, p->active_us};

            book_sub(&l->window, &page);
            ledger_page_clear(l, p);
            l->first_page = (l->first_page + 1) % l->cap_pages;
            l->n_pages--;
        }
    }
}

/* The second that a page is of. */
static uint64_t ledger_second(struct ledger *l, uint64_t t_us,
                              uint64_t active_us)
{
    uint64_t at = series_place(t_us, active_us, LEDGER_SECOND_US, l->open_us);

    if (l->open_us == UINT64_MAX || at > l->open_us) {
        l->open_us = at;
    }
    return l->open_us;
}

/* Takes what p owns. */
static void ledger_books_take(struct ledger *l, struct ledger_page *p,
                              const struct delta *d)
{
    struct page page = {d, p->series, p->customs, p->active_us};
    struct delta windowed = *d;

    book_add(&l->run, &page);
    windowed.n_failures = windowed.n_seen = 0;
    if (l->no_series) {
        windowed.n_series = windowed.n_customs = 0;
    }
    if (p->active_us == 0) {
        /* Timers go on being late or not in a pause, tick after tick. */
        windowed.lag = (struct histo_sparse){0};
        if (delta_empty(&windowed)) {
            ledger_page_clear(l, p);
            return; /* a pause moves nothing */
        }
    }
    p->delta = delta_keep(l->kept, &windowed);
    page.delta = p->delta;
    book_add(&l->window, &page);
    ledger_push_page(l, p);
    ledger_expire(l);
}

static void ledger_fault(struct ledger *l, enum failure kind, uint32_t code,
                         uint64_t t_us)
{
    size_t had = l->fault_keys.n;
    uint32_t row = keys_add(&l->fault_keys, fault_key_pack(kind, code));

    if (l->fault_keys.n > had) {
        l->faults = xgrow(l->faults, had, &l->cap_faults, sizeof *l->faults);
        l->faults[row] = (struct ledger_fault){.first_us = t_us};
    }
    l->faults[row].last_us = t_us;
}

static void ledger_sample(struct ledger *l, const struct failure_sample *x)
{
    bool check = x->kind == FAILURE_CHECK;
    size_t *n = check ? &l->n_check_samples : &l->n_samples;
    uint32_t code = failure_code(x->kind, x->status, x->check);
    uint32_t row = keys_find(&l->fault_keys, fault_key_pack(x->kind, code));
    struct ledger_fault *f;

    if (row == KEYS_NONE) {
        return; /* folded */
    }
    f = &l->faults[row];
    if (x->t_us < f->first_us) {
        f->first_us = x->t_us;
    }
    if (f->sample == NULL) {
        if (*n == (check ? LEDGER_CHECKS_MAX : LEDGER_SAMPLES_MAX)) {
            return;
        }
        (*n)++;
        f->sample = xmalloc(sizeof *f->sample);
    } else if (f->sample->t_us > x->t_us) {
        return;
    }
    *f->sample = *x;
}

/* Several ticks that are now one say when each kind of error was in them. Those
 * below had were known before. */
static void ledger_seen(struct ledger *l, const struct delta *d, size_t had)
{
    size_t i;

    for (i = 0; i < d->n_seen; i++) {
        const struct delta_seen *s = &d->seen[i];
        uint32_t row =
            keys_find(&l->fault_keys, fault_key_pack(s->kind, s->code));

        if (row == KEYS_NONE) {
            continue; /* folded */
        }
        l->faults[row].last_us = s->last_us;
        if (row >= had) {
            l->faults[row].first_us = s->first_us;
        }
    }
}

/* By the ledger's own rows: what is folded there is folded here. */
static void ledger_faults(struct ledger *l, uint64_t t_us,
                          const struct delta *d, const uint32_t *rows)
{
    size_t had = l->fault_keys.n, i;

    for (i = 0; i < d->n_series; i++) {
        struct series_key k = series_key_unpack(l->series_keys.list[rows[i]]);

        if (k.failure != FAILURE_NONE && k.failure != FAILURE_CHECK) {
            ledger_fault(l, k.failure, failure_code(k.failure, k.status, 0),
                         t_us);
        }
    }
    for (i = 0; i < d->n_checks; i++) {
        if (d->checks[i].fails > 0) {
            ledger_fault(l, FAILURE_CHECK, d->checks[i].check, t_us);
        }
    }
    ledger_seen(l, d, had);
    for (i = 0; i < d->n_failures; i++) {
        ledger_sample(l, &d->failures[i]);
    }
}

static void ledger_series_row(struct ledger *l, const struct delta_series *s,
                              uint64_t *errors)
{
    unsigned name = ledger_name(l, s->request);

    l->requests_by_name[name] += s->count;
    l->failed_by_name[name] += s->failed;
    if (s->failure != FAILURE_NONE) {
        errors[error_class_of(s->failure)] += s->count;
    }
    if (s->phase[PHASE_DURATION].count == 0) {
        return;
    }
    histo_add_sparse(l->duration, &s->phase[PHASE_DURATION]);
    if (l->by_name[name] == NULL) {
        l->by_name[name] = histo_new();
    }
    histo_add_sparse(l->by_name[name], &s->phase[PHASE_DURATION]);
}

static void ledger_feed_series(struct ledger *l, uint64_t t_us,
                               uint64_t active_us,
                               const struct ledger_gauges *g,
                               const struct delta *d)
{
    uint64_t errors[ERRORS_COUNT] = {0};
    struct series_add add = {.t_us = t_us,
                             .active_us = active_us,
                             .vus = g->several ? g->vus_middle : g->vus,
                             .vus_low = g->vus_low,
                             .vus_high = g->vus_high,
                             .planned =
                                 g->several ? g->planned_middle : g->planned,
                             .manual = g->manual,
                             .server = g->server,
                             .duration = l->duration,
                             .by_name = l->by_name,
                             .requests_by_name = l->requests_by_name,
                             .failed_by_name = l->failed_by_name,
                             .errors = errors};
    size_t i;

    histo_clear(l->duration);
    for (i = 0; i < l->plan->n_names; i++) {
        l->requests_by_name[i] = 0;
        l->failed_by_name[i] = 0;
        if (l->by_name[i] != NULL) {
            histo_clear(l->by_name[i]);
        }
    }
    for (i = 0; i < d->n_series; i++) {
        ledger_series_row(l, &d->series[i], errors);
    }
    series_feed(l->series, &add);
}

static void ledger_feed_gauges(struct ledger *l, const struct ledger_gauges *g)
{
    uint32_t low = g->vus_high > 0 ? g->vus_low : g->vus;
    uint32_t high = g->vus_high > 0 ? g->vus_high : g->vus;

    if (!l->fed || low < l->vus_min) {
        l->vus_min = low;
    }
    if (high > l->vus_max) {
        l->vus_max = high;
    }
    l->gauges = *g;
}

void ledger_feed(struct ledger *l, uint64_t t_us, uint64_t active_us,
                 const struct ledger_gauges *g, const struct delta *d)
{
    struct ledger_page p = {.active_us = active_us};
    size_t i;

    if (l->in_seconds) {
        p.start_us = ledger_second(l, t_us, active_us);
    }

    ledger_page_rows(l, d, &p);
    ledger_faults(l, t_us, d, p.series);
    for (i = 0; i < d->n_series; i++) {
        l->ways[ledger_name(l, d->series[i].request)] |= d->series[i].ways;
    }
    ledger_books_take(l, &p, d);
    for (i = 0; i < l->n_views; i++) {
        view_feed(l->views[i], d, active_us);
    }
    if (!l->no_series) {
        ledger_feed_series(l, t_us, active_us, g, d);
    }
    ledger_feed_gauges(l, g);
    l->fed = true;
}
