/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/sham.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define BEAT_US UINT64_C(100000)
/* Of the normal distribution at 95 %. */
#define Z95 1.6448536269514722

enum { SERVED, FAILED, LIMITED, REFUSED };

void sham_init(struct sham *s, uint64_t seed)
{
    size_t i;

    memset(s, 0, sizeof *s);
    rng_seed(&s->rng, seed, 7);
    for (i = 0; i < SHAM_REQUESTS * SHAM_ENDS; i++) {
        s->times[i] = histo_new();
    }
    s->all = histo_new();
    s->good = histo_new();
    s->noise_phi = 0.8;
    s->load = 10;
    s->rate = 100;
    s->p95_ms = 114;
    s->sigma = 0.5;
    s->factor = 1;
    s->requests = 1;
    s->in_flight = 2;
    s->by = "plan";
}

void sham_clear(struct sham *s)
{
    size_t i;

    for (i = 0; i < SHAM_REQUESTS * SHAM_ENDS; i++) {
        histo_free(&s->times[i]);
        histo_sparse_clear(&s->us[i]);
    }
    histo_free(&s->all);
    histo_free(&s->good);
}

/* Knuth's way for few, the normal distribution for many. */
static uint64_t sham_poisson(struct sham *s, double mean)
{
    double limit = exp(-mean), p = 1;
    uint64_t n = 0;

    if (mean > 50) {
        return (uint64_t)fmax(0, mean + sqrt(mean) * rng_normal(&s->rng) + 0.5);
    }
    while ((p *= rng_unit(&s->rng)) > limit) {
        n++;
    }
    return n;
}

static uint64_t sham_latency(struct sham *s)
{
    double ms, slow = s->slow_share > 0 && rng_unit(&s->rng) < s->slow_share
                          ? s->slow_factor
                          : 1;

    if (s->exponential) {
        ms = -log(rng_unit(&s->rng)) * s->p95_ms / 3;
    } else {
        ms = s->p95_ms * exp(s->sigma * (rng_normal(&s->rng) - Z95));
    }
    return (uint64_t)(ms * exp(s->noise) * s->factor * slow * 1000);
}

/* Does a limit let another one through? */
static bool sham_passes(struct sham *s)
{
    if (s->bucket_rate > 0) {
        if (s->tokens < 1) {
            return false;
        }
        s->tokens--;
    }
    if (s->window_s > 0) {
        if (s->used >= s->quota) {
            return false;
        }
        s->used++;
    }
    return true;
}

static void sham_one(struct sham *s)
{
    size_t request =
        s->requests > 1 ? rng_range(&s->rng, 0, s->requests - 1) : 0;
    size_t end = SERVED;
    uint64_t us = 1000;

    if (s->refuses) {
        end = REFUSED;
    } else if (!sham_passes(s)) {
        end = LIMITED;
    } else if (s->fail[request] > 0 && rng_unit(&s->rng) < s->fail[request]) {
        end = FAILED;
    } else {
        us = sham_latency(s);
    }
    histo_record(s->times[request * SHAM_ENDS + end], us);
}

static void sham_part(struct sham *s, size_t i)
{
    size_t end = i % SHAM_ENDS;
    uint64_t n = histo_count(s->times[i]);

    if (n == 0) {
        return;
    }
    histo_sparse_clear(&s->us[i]);
    histo_to_sparse(s->times[i], &s->us[i]);
    histo_clear(s->times[i]);
    s->moment.requests += n;
    s->moment.failed += end != SERVED ? n : 0;
    if (end != SERVED) {
        s->moment.errors[end == REFUSED   ? ERRORS_CONNECT
                         : end == LIMITED ? ERRORS_429
                                          : ERRORS_5XX] += n;
    }
    if (end != REFUSED) {
        histo_add_sparse(s->all, &s->us[i]);
    }
    if (end == SERVED) {
        histo_add_sparse(s->good, &s->us[i]);
    }
    s->parts[s->beat.n++] = (struct beat_part){
        .request = (unsigned)(i / SHAM_ENDS),
        .count = n,
        .response = end != REFUSED,
        .failed = end != SERVED,
        .limited = end == LIMITED,
        .refused = end == REFUSED,
        .unserved = end == REFUSED || end == FAILED,
        .us = &s->us[i],
    };
}

/* A second begins. */
static void sham_second(struct sham *s)
{
    s->noise = s->noise_phi * s->noise +
               s->noise_sd * sqrt(1 - s->noise_phi * s->noise_phi) *
                   (s->noise_sd > 0 ? rng_normal(&s->rng) : 0);
    histo_clear(s->all);
    histo_clear(s->good);
    s->moment =
        (struct moment){.start_us = s->t_us, .all = s->all, .good = s->good};
}

static void sham_limits(struct sham *s)
{
    double t = (double)s->t_us / 1e6, dt = (double)BEAT_US / 1e6;

    s->tokens = fmin(s->tokens + s->bucket_rate * dt, s->bucket_size);
    if (s->window_s > 0 && fmod(t + 1e-6, s->window_s) < dt / 2) {
        s->used = 0;
    }
}

const struct beat *sham_beat(struct sham *s)
{
    double mean = s->silent ? 0 : s->rate * (double)BEAT_US / 1e6;
    uint64_t n, i;

    if (s->t_us % 1000000 == 0) {
        sham_second(s);
    }
    sham_limits(s);
    n = s->even ? (uint64_t)(mean + 0.5) : mean > 0 ? sham_poisson(s, mean) : 0;
    for (i = 0; i < n; i++) {
        sham_one(s);
    }
    s->beat = (struct beat){.start_us = s->t_us,
                            .end_us = s->t_us + BEAT_US,
                            .active_us = BEAT_US,
                            .load = s->load,
                            .in_flight = s->in_flight,
                            .parts = s->parts};
    for (i = 0; i < SHAM_REQUESTS * SHAM_ENDS; i++) {
        sham_part(s, i);
    }
    s->t_us += BEAT_US;
    s->moment.end_us = s->t_us;
    s->moment.active_us += BEAT_US;
    s->moment.load = s->load;
    s->moment.still = !s->ramp;
    s->moment.open = s->open;
    s->moment.vus = (uint32_t)s->load;
    s->moment.in_flight = s->in_flight;
    s->moment.due += s->open ? mean : 0;
    s->moment.begun += n;
    s->moment.stage = 1;
    snprintf(s->moment.by, sizeof s->moment.by, "%s", s->by);
    s->full = s->t_us % 1000000 == 0;
    return &s->beat;
}
