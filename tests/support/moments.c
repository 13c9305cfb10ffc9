/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/moments.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SIGMA 0.5
/* Of the normal distribution at 95 %. */
#define Z95 1.6448536269514722

void moments_init(struct moments *s, uint64_t seed)
{
    memset(s, 0, sizeof *s);
    rng_seed(&s->rng, seed, 1);
    s->all = histo_new();
    s->good = histo_new();
    s->noise_phi = 0.8;
    s->load = 10;
    s->rate = 100;
    s->p95_ms = 114;
    s->factor = 1;
    s->error = ERRORS_5XX;
    s->by = "plan";
}

void moments_clear(struct moments *s)
{
    histo_free(&s->all);
    histo_free(&s->good);
}

struct moment moments_next(struct moments *s)
{
    struct moment x = {.start_us = s->t_us,
                       .end_us = s->t_us + 1000000,
                       .active_us = 1000000,
                       .load = s->load,
                       .who = s->who,
                       .still = !s->ramp,
                       .vus = (uint32_t)s->load,
                       .draining = s->draining,
                       .in_flight = s->in_flight,
                       .suspect = s->suspect,
                       .requests = (uint64_t)s->rate,
                       .all = s->all,
                       .good = s->good};
    double mu = log(s->p95_ms) - Z95 * SIGMA;
    uint64_t i;

    histo_clear(s->all);
    histo_clear(s->good);
    s->noise = s->noise_phi * s->noise +
               s->noise_sd * sqrt(1 - s->noise_phi * s->noise_phi) *
                   rng_normal(&s->rng);
    for (i = 0; i < x.requests; i++) {
        double ms =
            exp(mu + SIGMA * rng_normal(&s->rng) + s->noise) * s->factor;
        bool fails = rng_unit(&s->rng) < s->fail;
        uint64_t us = (uint64_t)((fails ? 1 : ms) * 1000);

        histo_record(s->all, us);
        if (fails) {
            x.failed++;
            x.errors[s->error]++;
        } else {
            histo_record(s->good, us);
        }
    }
    snprintf(x.by, sizeof x.by, "%s", s->by);
    s->t_us += 1000000;
    return x;
}
