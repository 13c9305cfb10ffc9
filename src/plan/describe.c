/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "plan/describe.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/clk.h"
#include "base/must.h"
#include "base/num.h"
#include "base/text.h"

/* As Go writes it: no smaller unit is left out, "1m0s". */
static const char *describe_dur(char *buf, uint64_t us)
{
    uint64_t s = us / US_PER_SEC;
    char rest[NUM_MAX];

    if (us == UINT64_MAX) {
        snprintf(buf, NUM_MAX, "ever");
    } else if (s < 60) {
        num_dur(buf, us);
    } else {
        num_dur(rest, us - s / 60 * 60 * US_PER_SEC);
        if (s < 3600) {
            snprintf(buf, NUM_MAX, "%" PRIu64 "m%.16s", s / 60, rest);
        } else {
            snprintf(buf, NUM_MAX, "%" PRIu64 "h%" PRIu64 "m%.12s", s / 3600,
                     s / 60 % 60, rest);
        }
    }
    return buf;
}

static uint64_t describe_length(const struct scenario *s)
{
    uint64_t us = 0;
    size_t i;

    for (i = 0; i < s->n_stages; i++) {
        us += s->stages[i].duration_us;
    }
    return us;
}

static uint32_t describe_peak(const struct scenario *s, uint32_t from)
{
    size_t i;

    for (i = 0; i < s->n_stages; i++) {
        from = s->stages[i].target > from ? s->stages[i].target : from;
    }
    return from;
}

/* As k6 says it, but in the plan's own unit of time, in which a rate is steered
 * and shown. */
static const char *describe_rate(char *buf, const struct scenario *s,
                                 uint32_t level)
{
    char dur[NUM_MAX];

    if (s->time_unit_us == US_PER_SEC) {
        snprintf(buf, NUM_MAX, "%u.00 iterations/s", level);
    } else if (s->time_unit_us == 60 * US_PER_SEC) {
        snprintf(buf, NUM_MAX, "%u iterations/m", level);
    } else if (s->time_unit_us == 3600 * US_PER_SEC) {
        snprintf(buf, NUM_MAX, "%u iterations/h", level);
    } else {
        snprintf(buf, NUM_MAX, "%u iterations/%.12s", level,
                 num_dur(dur, s->time_unit_us));
    }
    return buf;
}

static const char *describe_plural(size_t n)
{
    return n == 1 ? "" : "s";
}

/* "maxVUs: 20", "maxVUs: 10-20". */
static void describe_vus(const struct scenario *s, char *facts, size_t size)
{
    if (s->pre_allocated_vus < s->max_vus) {
        text_add(facts, size, "maxVUs: %u-%u, ", s->pre_allocated_vus,
                 s->max_vus);
    } else {
        text_add(facts, size, "maxVUs: %u, ", s->max_vus);
    }
    if (s->when_busy == BUSY_QUEUE) {
        text_add(facts, size, "whenBusy: queue, ");
    }
}

/* What there is to do; facts are those that only this executor has. */
static void describe_work(const struct scenario *s, char *buf, size_t size,
                          char *facts, size_t facts_size)
{
    char dur[NUM_MAX], span[NUM_MAX], rate[NUM_MAX];
    uint32_t peak = describe_peak(s, s->start_vus);
    size_t n = s->n_stages;

    describe_dur(dur, s->duration_us);
    describe_dur(span, describe_length(s));
    switch (s->executor) {
    case EXECUTOR_CONSTANT_VUS:
        text_add(buf, size, "%u looping VU%s for %s", s->vus,
                 describe_plural(s->vus), dur);
        return;
    case EXECUTOR_RAMPING_VUS:
        text_add(buf, size, "Up to %u looping VU%s for %s over %zu stage%s",
                 peak, describe_plural(peak), span, n, describe_plural(n));
        text_add(facts, facts_size, "gracefulRampDown: %s, ",
                 describe_dur(dur, s->graceful_ramp_down_us));
        return;
    case EXECUTOR_SHARED_ITERATIONS:
        text_add(buf, size, "%" PRIu64 " iteration%s shared among %u VU%s",
                 s->iterations, describe_plural((size_t)s->iterations), s->vus,
                 describe_plural(s->vus));
        text_add(facts, facts_size, "maxDuration: %s, ", dur);
        return;
    case EXECUTOR_PER_VU_ITERATIONS:
        text_add(buf, size, "%" PRIu64 " iteration%s for each of %u VU%s",
                 s->iterations, describe_plural((size_t)s->iterations), s->vus,
                 describe_plural(s->vus));
        text_add(facts, facts_size, "maxDuration: %s, ", dur);
        return;
    case EXECUTOR_CONSTANT_ARRIVAL_RATE:
        text_add(buf, size, "%s for %s", describe_rate(rate, s, s->rate), dur);
        describe_vus(s, facts, facts_size);
        return;
    case EXECUTOR_RAMPING_ARRIVAL_RATE:
        text_add(buf, size, "Up to %s for %s over %zu stage%s",
                 describe_rate(rate, s, describe_peak(s, s->start_rate)), span,
                 n, describe_plural(n));
        describe_vus(s, facts, facts_size);
        return;
    case EXECUTOR_COUNT:
        break;
    }
    MUST(!"an executor");
}

const char *scenario_describe(const struct plan *p, const struct scenario *s,
                              char *buf, size_t size)
{
    char facts[512] = "", dur[NUM_MAX];

    buf[0] = '\0';
    describe_work(s, buf, size, facts, sizeof facts);
    /* Scenarios of several have copies of it. */
    if (strcmp(p->flows[s->flow].name, "default") != 0) {
        text_add(facts, sizeof facts, "exec: %.100s, ", p->flows[s->flow].name);
    }
    if (s->start_time_us > 0) {
        text_add(facts, sizeof facts, "startTime: %s, ",
                 describe_dur(dur, s->start_time_us));
    }
    text_add(facts, sizeof facts, "gracefulStop: %s",
             describe_dur(dur, s->graceful_stop_us));
    text_add(buf, size, " (%s)", facts);
    return buf;
}
