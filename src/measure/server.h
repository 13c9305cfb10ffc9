/* SPDX-License-Identifier: MIT
 *
 * server - what was seen of the service itself within some time: its memory,
 * its CPU, and what else was chosen of its metrics. */
#ifndef MEASURE_SERVER_H
#define MEASURE_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Beside memory and CPU. */
#define SERVER_OTHERS_MAX 6

/* All zero: nothing was seen. */
struct server_seen {
    uint64_t rss_bytes; /* at its end; 0 = not seen */
    uint32_t cpu_n;     /* ticks that saw it; 0 = none */
    uint32_t others;    /* a bit for each of the next that was seen */
    double cpu_sum;     /* cores, of all of these ticks */
    double other[SERVER_OTHERS_MAX]; /* at its end */
};

/* b, the later one, goes into a. */
void server_seen_add(struct server_seen *a, const struct server_seen *b);

/* So that sums of such are the same in whichever order they are made: cores in
 * 65,536ths. */
static inline double server_cpu_grain(double cpu)
{
    return cpu < 0 || cpu > 1e9 ? cpu
                                : (double)(uint64_t)(cpu * 65536 + 0.5) / 65536;
}

/* Cores, the mean of those ticks; only where cpu_n > 0. */
static inline double server_seen_cpu(const struct server_seen *s)
{
    return s->cpu_sum / s->cpu_n;
}

static inline bool server_seen_any(const struct server_seen *s)
{
    return s->rss_bytes > 0 || s->cpu_n > 0 || s->others != 0;
}

static inline bool server_seen_other(const struct server_seen *s, size_t i)
{
    return (s->others >> i & 1) != 0;
}

#endif
