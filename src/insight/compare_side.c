/* SPDX-License-Identifier: MIT
 *
 * compare_side - a run at one load: its windows put together to blocks, and
 * blocks drawn. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "insight/compare_internal.h"

void side_init(struct side *s, const struct compare_side *from, double load)
{
    size_t i;

    *s = (struct side){.w = xcalloc(from->n + 1, sizeof *s->w)};
    for (i = 0; i < from->n; i++) {
        if (fabs(from->list[i].load - load) < 0.5 && !from->list[i].felt &&
            from->list[i].active_us > 0) {
            s->w[s->n++] = &from->list[i];
            s->active_us += from->list[i].active_us;
        }
    }
    s->blocks = xcalloc(s->n + 1, sizeof *s->blocks);
    s->sum = xcalloc(COARSE_BUCKETS, sizeof *s->sum);
}

void side_clear(struct side *s)
{
    free(s->w);
    free(s->blocks);
    free(s->sum);
}

void side_none(struct side *s)
{
    memset(s->sum, 0, COARSE_BUCKETS * sizeof *s->sum);
    s->count = s->requests = s->failed = s->drawn_us = 0;
}

void side_draw(struct side *s, const struct block *b)
{
    size_t i, k;

    for (i = b->first; i < b->first + b->n; i++) {
        const struct window *w = s->w[i];

        for (k = 0; k < w->n; k++) {
            s->sum[w->us[k].bucket] += w->us[k].count;
            s->count += w->us[k].count;
        }
    }
    s->requests += b->requests;
    s->failed += b->failed;
    s->drawn_us += b->active_us;
}

/* The value at a rank, from 1, of what is drawn: evenly within its bucket. */
double side_rank(const struct side *s, uint64_t rank)
{
    uint64_t before = 0;
    unsigned i;

    for (i = 0; i < COARSE_BUCKETS; i++) {
        if (before + s->sum[i] >= rank && s->sum[i] > 0) {
            return (double)coarse_low(i) + (double)(coarse_width(i) - 1) *
                                               ((double)(rank - before) - 0.5) /
                                               (double)s->sum[i];
        }
        before += s->sum[i];
    }
    return 0;
}

double side_percentile(const struct side *s, double p)
{
    uint64_t rank = (uint64_t)ceil(p / 100 * (double)s->count);

    return s->count > 0 ? side_rank(s, rank > 0 ? rank : 1) : NAN;
}

/* Neighbours until a block lasts so long; what is left over goes to the last
 * one. */
void side_blocks(struct side *s, double block_us)
{
    size_t i;

    s->n_blocks = 0;
    for (i = 0; i < s->n; i++) {
        const struct window *w = s->w[i];
        struct block *b = s->n_blocks > 0 ? &s->blocks[s->n_blocks - 1] : NULL;

        if (b == NULL || (double)b->active_us >= block_us * 0.95) {
            b = &s->blocks[s->n_blocks++];
            *b = (struct block){.first = i};
        }
        b->n++;
        b->active_us += w->active_us;
        b->requests += w->requests;
        b->failed += w->failed;
    }
    if (s->n_blocks > 1 &&
        (double)s->blocks[s->n_blocks - 1].active_us < block_us / 2) {
        struct block *last = &s->blocks[--s->n_blocks], *b = last - 1;

        b->n += last->n;
        b->active_us += last->active_us;
        b->requests += last->requests;
        b->failed += last->failed;
    }
    for (i = 0; i < s->n_blocks; i++) {
        side_none(s);
        side_draw(s, &s->blocks[i]);
        s->blocks[i].p95 = log(fmax(side_percentile(s, 95), 1));
    }
}

/* How alike neighbours are; 0 where nothing differs, or nothing is there. */
double side_lag1(const struct side *s)
{
    double mean = 0, var = 0, cov = 0;
    size_t i, n = 0;

    for (i = 0; i < s->n_blocks; i++) {
        if (!isnan(s->blocks[i].p95)) {
            mean += s->blocks[i].p95;
            n++;
        }
    }
    if (n < 3 || n != s->n_blocks) {
        return 0;
    }
    mean /= (double)n;
    for (i = 0; i < n; i++) {
        double x = s->blocks[i].p95 - mean;

        var += x * x;
        cov += i + 1 < n ? x * (s->blocks[i + 1].p95 - mean) : 0;
    }
    /* A short series looks less alike than it is, by (1 + 4 r) / n (Marriott
     * and Pope 1954). */
    return var > 0 && n > 4 ? (cov / var * (double)n + 1) / ((double)n - 4) : 0;
}
