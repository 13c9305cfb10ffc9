/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "chart/heat.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/xalloc.h"

/* Shares over which a level begins: what is rare is faint, and not lost. */
static const double heat_steps[HEAT_LEVELS] = {0, 0.03, 0.10, 0.25, 0.50};

struct column {
    uint64_t start_us, end_us, samples;
    bool complete;
    uint32_t counts[HEAT_ROWS_MAX]; /* full at 2^32-1 */
};

struct heat {
    struct scale scale; /* what the columns were made for */
    int rows;
    uint64_t edges[HEAT_ROWS_MAX]; /* µs: a row begins there */
    struct column *list;           /* owned; one for each bin */
    size_t n, cap;
};

struct heat *heat_new(void)
{
    return xcalloc(1, sizeof(struct heat));
}

void heat_free(struct heat **h)
{
    if (*h != NULL) {
        free((*h)->list);
        free(*h);
        *h = NULL;
    }
}

double heat_edge(const struct scale *scale, int rows, int row)
{
    return scale_value(scale, (double)row / (double)rows);
}

static void heat_count(struct column *c, int row, uint64_t n)
{
    c->counts[row] = n > UINT32_MAX - c->counts[row]
                         ? UINT32_MAX
                         : c->counts[row] + (uint32_t)n;
    c->samples += n;
}

/* Buckets and edges both rise. A bucket counts where its low end lies. */
static void heat_add(const struct heat *h, struct column *c,
                     const struct histo_packed *p)
{
    struct histo_walk w = histo_packed_walk(p);
    int row = 0;

    while (histo_walk_next(&w)) {
        uint64_t low = histo_bucket_low(w.bucket);

        while (row + 1 < h->rows && h->edges[row + 1] <= low) {
            row++;
        }
        heat_count(c, row, w.count);
    }
}

static void heat_make(const struct heat *h, struct column *c,
                      const struct series *s, const struct bin *b)
{
    size_t i;

    *c = (struct column){
        .start_us = b->start_us, .end_us = b->end_us, .complete = b->complete};
    for (i = series_find(s, b->start_us);
         i < series_count(s) && series_slot(s, i)->start_us < b->end_us; i++) {
        heat_add(h, c, &series_slot(s, i)->duration);
    }
}

static void heat_begin(struct heat *h, const struct scale *scale, int rows)
{
    int i;

    h->scale = *scale;
    h->rows = rows;
    h->n = 0;
    for (i = 0; i < rows; i++) {
        double edge = heat_edge(scale, rows, i);

        h->edges[i] = num_whole(edge);
    }
}

/* Ends that differ by nothing are the same. */
static bool heat_same(double a, double b)
{
    return !(a < b) && !(a > b);
}

void heat_update(struct heat *h, const struct series *s, const struct bins *b,
                 const struct scale *scale, int rows)
{
    size_t n = bins_count(b), kept = 0, i;

    MUST(rows > 0 && rows <= HEAT_ROWS_MAX);
    if (rows != h->rows || scale->log != h->scale.log ||
        !heat_same(scale->lo, h->scale.lo) ||
        !heat_same(scale->hi, h->scale.hi)) {
        heat_begin(h, scale, rows);
    }
    /* Columns that are out of sight in front. */
    while (kept < h->n &&
           (n == 0 || h->list[kept].start_us < bins_at(b, 0)->start_us)) {
        kept++;
    }
    h->n -= kept;
    if (h->n > 0 && kept > 0) {
        memmove(h->list, h->list + kept, h->n * sizeof *h->list);
    }
    for (i = 0; i < n; i++) {
        const struct bin *bin = bins_at(b, i);

        if (i < h->n && h->list[i].complete &&
            h->list[i].start_us == bin->start_us &&
            h->list[i].end_us == bin->end_us) {
            continue;
        }
        if (i >= h->n) {
            h->list = xgrow(h->list, i, &h->cap, sizeof *h->list);
            h->n = i + 1;
        }
        heat_make(h, &h->list[i], s, bin);
    }
    h->n = n;
}

int heat_rows(const struct heat *h)
{
    return h->rows;
}

uint32_t heat_requests(const struct heat *h, size_t bin, int row)
{
    return bin < h->n && row >= 0 && row < h->rows ? h->list[bin].counts[row]
                                                   : 0;
}

double heat_share(const struct heat *h, size_t bin, int row)
{
    uint32_t n = heat_requests(h, bin, row);

    return n == 0 ? 0 : (double)n / (double)h->list[bin].samples;
}

double heat_from(int level)
{
    MUST(level >= 1 && level <= HEAT_LEVELS);
    return heat_steps[level - 1];
}

int heat_level(double share)
{
    int level = 0;

    while (level < HEAT_LEVELS && share > heat_steps[level]) {
        level++;
    }
    return level;
}
