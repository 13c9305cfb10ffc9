/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/soak.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* A trend is worked out anew when there are so much more cells. */
#define SOAK_NEWS 16

static const struct trend_rule soak_rules[SOAK_SERIES] = {
    /* A tenth, as far as it can be measured. */
    [SOAK_P95] = {TREND_MEDIAN, 0.2, 0.1},
    [SOAK_ERRORS] = {TREND_MEAN, 0.01, 0},
    [SOAK_MEMORY] = {TREND_LOWEST, 10e6, 0.05},
    [SOAK_CPU] = {TREND_MEAN, 0.05, 0.1},
};

struct soak_cells {
    double x[SOAK_CELLS_MAX], weight[SOAK_CELLS_MAX];
};

struct soak {
    double at_s[SOAK_CELLS_MAX]; /* active time of the stretch */
    struct soak_cells series[SOAK_SERIES];
    size_t n;
    uint64_t cell_us; /* how long they are at least */
    /* The cell that is filled: */
    uint64_t open_us, requests, failed;
    struct histo *good;             /* owned */
    uint64_t memory;                /* lowest */
    double cpu;                     /* sum */
    uint64_t memory_seen, cpu_seen; /* moments that they are of */
    bool going;
    size_t told; /* cells when trends were last begun */
    int next;    /* the trend to work out; SOAK_SERIES = none */
    struct soak_report now, best;
};

struct soak *soak_new(void)
{
    struct soak *s = xcalloc(1, sizeof *s);

    s->good = histo_new();
    s->next = SOAK_SERIES;
    return s;
}

void soak_free(struct soak **s)
{
    if (*s == NULL) {
        return;
    }
    histo_free(&(*s)->good);
    free(*s);
    *s = NULL;
}

static void soak_compute(struct soak *s, int which)
{
    struct trend_cells c = {
        .at_s = s->at_s,
        .x = s->series[which].x,
        .weight = s->series[which].weight,
        .n = s->n,
        .cell_s = (double)s->cell_us / 1e6,
    };

    if (s->n > 0) { /* of few responses they are longer */
        c.cell_s = (double)(s->now.active_us - s->open_us) / 1e6 / (double)s->n;
    }
    s->now.trends[which] = trend_of(&c, &soak_rules[which]);
}

static void soak_open_cell(struct soak *s)
{
    s->open_us = s->requests = s->failed = 0;
    s->memory = s->memory_seen = s->cpu_seen = 0;
    s->cpu = 0;
    histo_clear(s->good);
}

static void soak_begin(struct soak *s, const struct moment *x)
{
    int i;

    s->n = 0;
    s->told = 0;
    s->next = SOAK_SERIES;
    s->cell_us = SOAK_CELL_US;
    soak_open_cell(s);
    s->going = true;
    s->now = (struct soak_report){
        .start_us = x->start_us, .load = x->load, .who = x->who};
    for (i = 0; i < SOAK_SERIES; i++) {
        soak_compute(s, i);
    }
}

void soak_end(struct soak *s)
{
    int i;

    if (!s->going) {
        return;
    }
    s->going = false;
    if (s->now.active_us <= s->best.active_us) {
        return;
    }
    for (i = 0; i < SOAK_SERIES; i++) {
        soak_compute(s, i);
    }
    s->best = s->now;
}

static double soak_merge(enum trend_kind kind, double a, double wa, double b,
                         double wb)
{
    if (isnan(a) || isnan(b)) {
        return isnan(a) ? b : a;
    }
    switch (kind) {
    case TREND_MEDIAN:
        return (a + b) / 2;
    case TREND_MEAN:
        break;
    case TREND_LOWEST:
        return a < b ? a : b;
    }
    return (a * wa + b * wb) / (wa + wb);
}

/* Two by two: the n-th and the one after it become one. */
static void soak_halve(struct soak *s)
{
    size_t i, k;

    s->n /= 2;
    for (i = 0; i < s->n; i++) {
        size_t a = 2 * i, b = a + 1;

        s->at_s[i] = (s->at_s[a] + s->at_s[b]) / 2;
        for (k = 0; k < SOAK_SERIES; k++) {
            struct soak_cells *c = &s->series[k];

            c->x[i] = soak_merge(soak_rules[k].kind, c->x[a], c->weight[a],
                                 c->x[b], c->weight[b]);
            c->weight[i] = c->weight[a] + c->weight[b];
        }
    }
    s->told = s->n < s->told ? s->n : s->told;
    s->cell_us *= 2;
}

static void soak_put(struct soak *s, enum soak_series which, double x, double n)
{
    s->series[which].x[s->n] = n > 0 ? x : NAN;
    s->series[which].weight[s->n] = n;
}

static void soak_close_cell(struct soak *s)
{
    uint64_t responses = histo_count(s->good);
    double middle = (double)s->now.active_us - (double)s->open_us / 2;

    if (s->n == SOAK_CELLS_MAX) {
        soak_halve(s);
    }
    s->at_s[s->n] = middle / 1e6;
    soak_put(s, SOAK_P95, (double)histo_percentile(s->good, 95) / 1e3,
             (double)responses);
    soak_put(s, SOAK_ERRORS,
             (double)s->failed / (s->requests > 0 ? (double)s->requests : 1),
             (double)s->requests);
    soak_put(s, SOAK_MEMORY, (double)s->memory, (double)s->memory_seen);
    soak_put(s, SOAK_CPU, s->cpu / (s->cpu_seen > 0 ? (double)s->cpu_seen : 1),
             (double)s->cpu_seen);
    s->n++;
    soak_open_cell(s);
    if (s->next == SOAK_SERIES && s->n > s->told + s->told / SOAK_NEWS) {
        s->told = s->n;
        s->next = 0;
    }
}

static void soak_server(struct soak *s, const struct moment *x)
{
    if (x->server_rss > 0) {
        s->now.server_memory = true;
        s->memory = s->memory_seen == 0 || x->server_rss < s->memory
                        ? x->server_rss
                        : s->memory;
        s->memory_seen++;
    }
    if (x->server_cpu_seen) {
        s->now.server_cpu = true;
        s->cpu += x->server_cpu;
        s->cpu_seen++;
    }
}

void soak_feed(struct soak *s, const struct moment *x)
{
    if (!x->still || x->load <= 0) {
        soak_end(s);
        return;
    }
    if (x->active_us == 0) {
        return; /* paused: neither better nor worse */
    }
    if (s->going &&
        (s->now.who != x->who || fabs(s->now.load - x->load) >= 0.5)) {
        soak_end(s);
    }
    if (!s->going) {
        soak_begin(s, x);
    }
    s->now.end_us = x->end_us;
    s->now.active_us += x->active_us;
    s->now.suspect_us += x->suspect_us;
    s->open_us += x->active_us;
    s->requests += x->requests;
    s->failed += x->failed;
    histo_merge(s->good, x->good);
    soak_server(s, x);
    if (s->open_us >= s->cell_us && (histo_count(s->good) >= SOAK_RESPONSES ||
                                     s->open_us >= SOAK_PATIENT_US)) {
        soak_close_cell(s);
    }
    if (s->next < SOAK_SERIES) {
        soak_compute(s, s->next++);
    }
}

const struct soak_report *soak_report(const struct soak *s)
{
    return s->going && s->now.active_us > s->best.active_us ? &s->now
                                                            : &s->best;
}
