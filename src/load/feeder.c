/* SPDX-License-Identifier: MIT
 *
 * feeder - counters only go up, also beyond the last row: what a counter said
 * is never said again, which is all that unique needs. */
#include "config.h"

#include "load/feeder.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/must.h"
#include "base/num.h"
#include "base/xalloc.h"

#define FEEDER_MAGIC 0x66656564u

struct feeder_file {
    const struct plan_data *data; /* borrowed */
    _Atomic uint64_t next;        /* rows handed out */
    atomic_bool short_of;         /* somebody asked for one that is not there */
    bool told;
};

struct feeder {
    unsigned magic;
    const struct plan *plan;   /* borrowed */
    struct feeder_file *files; /* owned: plan->n_feeds */
};

struct feeder *feeder_new(const struct plan *plan)
{
    struct feeder *f;

    if (plan->n_feeds == 0) {
        return NULL;
    }
    f = xcalloc(1, sizeof *f);
    f->magic = FEEDER_MAGIC;
    f->plan = plan;
    f->files = xcalloc(plan->n_feeds, sizeof *f->files);
    for (size_t i = 0; i < plan->n_data; i++) {
        if (plan->data[i].table != NULL) {
            f->files[plan->data[i].feed].data = &plan->data[i];
        }
    }
    return f;
}

void feeder_free(struct feeder **fp)
{
    if (*fp == NULL) {
        return;
    }
    OBJ_CHECK(*fp, FEEDER_MAGIC);
    free((*fp)->files);
    (*fp)->magic = 0;
    free(*fp);
    *fp = NULL;
}

uint32_t *feeder_rows_new(const struct plan *plan)
{
    uint32_t *rows = NULL;

    if (plan->n_feeds > 0) {
        rows = xcalloc(plan->n_feeds, sizeof *rows);
    }
    for (size_t i = 0; i < plan->n_feeds; i++) {
        rows[i] = FEEDER_NONE;
    }
    return rows;
}

/* Row k, counted from 0 over the whole run. false: none, and the iteration is
 * not to begin. */
static bool feeder_row(struct feeder_file *file, uint64_t k, uint32_t *row)
{
    const struct plan_data *d = file->data;

    if (k < d->n || d->pick == DATA_SEQUENTIAL || d->when_done == DATA_WRAP) {
        *row = (uint32_t)(k % d->n);
        return true;
    }
    atomic_store_explicit(&file->short_of, true, memory_order_relaxed);
    *row = FEEDER_NONE;
    return d->when_done == DATA_FAIL;
}

bool feeder_take(struct feeder *f, const struct flow *flow, uint32_t vu,
                 struct rng *rng, uint32_t *rows)
{
    bool all = true;

    OBJ_CHECK(f, FEEDER_MAGIC);
    for (size_t i = 0; i < flow->n_data && all; i++) {
        const struct plan_data *d = &f->plan->data[flow->data[i]];
        struct feeder_file *file = &f->files[d->feed];
        uint32_t *row = &rows[d->feed];

        switch (d->pick) {
        case DATA_RANDOM:
            *row = (uint32_t)rng_range(rng, 0, d->n - 1);
            break;
        case DATA_VU:
            all = feeder_row(file, vu > 0 ? vu - 1 : 0, row);
            break;
        case DATA_SEQUENTIAL:
        case DATA_UNIQUE:
            all = feeder_row(
                file,
                atomic_fetch_add_explicit(&file->next, 1, memory_order_relaxed),
                row);
            break;
        }
    }
    return all;
}

bool feeder_is_done(const struct feeder *f, const struct flow *flow)
{
    for (size_t i = 0; i < flow->n_data; i++) {
        const struct plan_data *d = &f->plan->data[flow->data[i]];

        if (d->pick == DATA_UNIQUE && d->when_done == DATA_STOP &&
            atomic_load_explicit(&f->files[d->feed].next,
                                 memory_order_relaxed) >= d->n) {
            return true;
        }
    }
    return false;
}

bool feeder_news(struct feeder *f, char *text, size_t size)
{
    for (size_t i = 0; i < f->plan->n_feeds; i++) {
        struct feeder_file *file = &f->files[i];
        const struct plan_data *d = file->data;
        char rows[NUM_MAX];

        if (file->told ||
            !atomic_load_explicit(&file->short_of, memory_order_relaxed)) {
            continue;
        }
        file->told = true;
        (void)num_count(rows, d->n);
        if (d->pick == DATA_VU) {
            (void)snprintf(
                text, size, "data '%s': %s row%s for as many VUs: %s", d->name,
                rows, d->n == 1 ? "" : "s",
                d->when_done == DATA_STOP ? "those beyond them do not run"
                                          : "those beyond them have none");
        } else {
            (void)snprintf(text, size, "data '%s': all %s rows are used: %s",
                           d->name, rows,
                           d->when_done == DATA_STOP
                               ? "no iteration begins any more"
                               : "requests that need one fail");
        }
        return true;
    }
    return false;
}
