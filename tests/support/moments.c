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
    size_t i;

    histo_free(&s->all);
    histo_free(&s->good);
    for (i = 0; i < s->n_parts; i++) {
        histo_free(&s->parts[i].all);
        histo_free(&s->parts[i].good);
    }
}

struct moments_part *moments_add_part(struct moments *s, double share)
{
    struct moments_part *p = &s->parts[s->n_parts++];

    *p = (struct moments_part){
        .share = share, .factor = 1, .all = histo_new(), .good = histo_new()};
    return p;
}

static void parts_clear(struct moments *s)
{
    size_t i;

    for (i = 0; i < s->n_parts; i++) {
        histo_clear(s->parts[i].all);
        histo_clear(s->parts[i].good);
        s->sifted[i] =
            (struct sifted){.all = s->parts[i].all, .good = s->parts[i].good};
    }
}

/* The one that the next request is of; n_parts = of none. */
static size_t parts_draw(struct moments *s)
{
    double u = s->n_parts > 0 ? rng_unit(&s->rng) : 0;
    size_t i = 0;

    while (i < s->n_parts && u >= s->parts[i].share) {
        u -= s->parts[i++].share;
    }
    return i;
}

static void parts_take(struct moments *s, size_t i, uint64_t us, bool fails)
{
    if (i == s->n_parts) {
        return;
    }
    s->sifted[i].n++;
    s->sifted[i].bad += fails;
    histo_record(s->parts[i].all, us);
    if (!fails) {
        histo_record(s->parts[i].good, us);
    }
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
                       .suspect_us = s->suspect ? 1000000 : 0,
                       .requests = (uint64_t)s->rate,
                       .all = s->all,
                       .good = s->good,
                       .parts = s->sifted,
                       .n_parts = s->n_parts};
    double mu = log(s->p95_ms) - Z95 * SIGMA;
    uint64_t i;

    histo_clear(s->all);
    histo_clear(s->good);
    parts_clear(s);
    s->noise = s->noise_phi * s->noise +
               s->noise_sd * sqrt(1 - s->noise_phi * s->noise_phi) *
                   rng_normal(&s->rng);
    for (i = 0; i < x.requests; i++) {
        size_t of = parts_draw(s);
        const struct moments_part *p = of < s->n_parts ? &s->parts[of] : NULL;
        double ms = exp(mu + SIGMA * rng_normal(&s->rng) + s->noise) *
                    s->factor * (p != NULL ? p->factor : 1);
        bool fails = rng_unit(&s->rng) < s->fail + (p != NULL ? p->fail : 0);
        uint64_t us = (uint64_t)((fails ? 1 : ms) * 1000);

        histo_record(s->all, us);
        parts_take(s, of, us, fails);
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
