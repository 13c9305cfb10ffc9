/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/vitals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/xalloc.h"

/* CPU time is looked at over ten seconds of ticks, and says nothing before the
 * first one is over: connecting costs more than going on. A lag's p99 of fewer
 * samples than two seconds of probes is but their maximum. */
#define VITALS_ROWS    100u
#define VITALS_CPU_MIN US_PER_SEC
#define VITALS_LAG_MIN (2 * US_PER_SEC)

struct vitals_row {
    mono_us at;
    uint64_t cpu_process_us;
};

struct vitals {
    unsigned workers;
    struct vitals_row rows[VITALS_ROWS]; /* a ring */
    uint64_t *cpu_us;   /* owned: VITALS_ROWS times workers, beside rows */
    uint64_t *now_us;   /* owned: workers; of the reading to come */
    unsigned n, next;   /* rows used; where the next one goes */
    uint64_t loaded_us; /* how long there has been load */
    struct health health;
};

struct vitals *vitals_new(unsigned workers)
{
    struct vitals *v = xcalloc(1, sizeof *v);

    MUST(workers >= 1);
    v->workers = workers;
    v->cpu_us = xcalloc((size_t)VITALS_ROWS * workers, sizeof *v->cpu_us);
    v->now_us = xcalloc(workers, sizeof *v->now_us);
    return v;
}

void vitals_free(struct vitals **vp)
{
    struct vitals *v = *vp;

    if (v == NULL) {
        return;
    }
    free(v->cpu_us);
    free(v->now_us);
    free(v);
    *vp = NULL;
}

void vitals_worker(struct vitals *v, unsigned i, uint64_t cpu_us)
{
    MUST(i < v->workers);
    v->now_us[i] = cpu_us;
}

static double vitals_share(uint64_t from_us, uint64_t to_us, uint64_t span_us)
{
    return to_us > from_us ? (double)(to_us - from_us) / (double)span_us : 0;
}

static void vitals_cpu(struct vitals *v, const struct vitals_reading *r)
{
    unsigned first = v->n < VITALS_ROWS ? 0 : v->next, i;
    const struct vitals_row *old = &v->rows[first];
    uint64_t span = v->n > 0 ? r->at - old->at : 0;

    v->health.cpu = 0;
    v->health.cpu_process = 0;
    if (span >= VITALS_CPU_MIN) {
        v->health.cpu_process =
            vitals_share(old->cpu_process_us, r->cpu_process_us, span);
        for (i = 0; i < v->workers; i++) {
            double share = vitals_share(
                v->cpu_us[(size_t)first * v->workers + i], v->now_us[i], span);

            v->health.cpu = share > v->health.cpu ? share : v->health.cpu;
        }
    }
    if (v->health.cpu > v->health.cpu_max) {
        v->health.cpu_max = v->health.cpu;
    }
    v->rows[v->next].at = r->at;
    v->rows[v->next].cpu_process_us = r->cpu_process_us;
    memcpy(&v->cpu_us[(size_t)v->next * v->workers], v->now_us,
           v->workers * sizeof *v->now_us);
    v->next = (v->next + 1) % VITALS_ROWS;
    v->n += v->n < VITALS_ROWS ? 1u : 0u;
}

static void vitals_judge(struct vitals *v)
{
    struct health *h = &v->health;
    char num[NUM_MAX];

    h->why[0] = '\0';
    if (v->loaded_us >= VITALS_LAG_MIN && h->lag_p99_ms > VITALS_LAG_MS) {
        snprintf(h->why, sizeof h->why, "loop lag p99 %s",
                 num_ms(num, h->lag_p99_ms));
    } else if (h->cpu > VITALS_CPU) {
        snprintf(h->why, sizeof h->why, "a worker's CPU at %s",
                 num_percent(num, h->cpu));
    } else if ((double)h->fds > VITALS_FDS * (double)h->fds_max) {
        snprintf(h->why, sizeof h->why, "%u of %u descriptors open", h->fds,
                 h->fds_max);
    }
    h->suspect = h->why[0] != '\0';
}

void vitals_read(struct vitals *v, const struct vitals_reading *r)
{
    struct health *h = &v->health;
    unsigned last = (v->next + VITALS_ROWS - 1) % VITALS_ROWS;
    uint64_t since = v->n > 0 ? r->at - v->rows[last].at : 0;

    h->lag_p99_ms = (double)r->lag_p99_us / 1000.0;
    h->lag_max_ms = (double)r->lag_max_us / 1000.0;
    h->rss_bytes = r->rss_bytes;
    h->fds = r->fds;
    h->fds_max = r->fds_max;
    h->late_workers = r->late_workers;
    v->loaded_us += r->loaded ? since : 0;
    vitals_cpu(v, r);
    vitals_judge(v);
    if (!r->loaded) {
        h->suspect = false;
        h->why[0] = '\0';
    }
    if (h->suspect && !h->ever_suspect) {
        memcpy(h->first_why, h->why, sizeof h->first_why);
    }
    if (h->suspect) {
        h->ever_suspect = true;
        h->suspect_us += since;
    }
}

const struct health *vitals_health(const struct vitals *v)
{
    return &v->health;
}
