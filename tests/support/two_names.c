/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/two_names.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define STEP_US    UINT64_C(10000)
#define BEAT_US    UINT64_C(100000)
#define HANG_US    UINT64_C(5000000)
#define TIMEOUT_US UINT64_C(4000000)
#define SIGMA      0.4

enum two_end {
    END_SERVED,
    END_5XX,
    END_REFUSED,
    END_TIMEOUT,
    END_429,
    END_404
};

static uint64_t two_think(struct two_names *w)
{
    return (uint64_t)(w->think_ms * (0.5 + rng_unit(&w->rng)) * 1000);
}

void two_init(struct two_names *w, uint64_t seed)
{
    size_t i;

    memset(w, 0, sizeof *w);
    rng_seed(&w->rng, seed, 11);
    for (i = 0; i < TWO_NAMES_MAX * TWO_ENDS; i++) {
        w->times[i] = histo_new();
    }
    w->all = histo_new();
    w->good = histo_new();
    w->vus = 12;
    w->names = 2;
    w->think_ms = 300;
    for (i = 0; i < TWO_NAMES_MAX; i++) {
        w->name[i] =
            (struct two_name){.share = 1, .ms = i == 0 ? 80 : 2, .factor = 1};
    }
    for (i = 0; i < TWO_VUS_MAX; i++) {
        w->vu[i].due_us = two_think(w);
    }
}

void two_clear(struct two_names *w)
{
    size_t i;

    for (i = 0; i < TWO_NAMES_MAX * TWO_ENDS; i++) {
        histo_free(&w->times[i]);
        histo_sparse_clear(&w->us[i]);
    }
    histo_free(&w->all);
    histo_free(&w->good);
}

/* The next name from that on which this iteration asks; else it thinks. */
static void two_ask(struct two_names *w, struct two_vu *u, unsigned name)
{
    while (name < w->names && w->name[name].share < 1 &&
           rng_unit(&w->rng) >= w->name[name].share) {
        name++;
    }
    u->asks = name < w->names;
    u->name = name;
    u->from_us = w->t_us;
    u->due_us =
        w->t_us +
        (u->asks ? (uint64_t)(w->name[name].ms * 1000 * w->name[name].factor *
                              exp(SIGMA * rng_normal(&w->rng)))
                 : two_think(w));
}

/* Has it ended, and how? */
static bool two_ended(struct two_names *w, const struct two_vu *u,
                      enum two_end *end)
{
    const struct two_name *n = &w->name[u->name];
    uint64_t since_us = w->t_us - u->from_us;

    switch (n->way) {
    case TWO_SERVES:
        *end =
            n->fail > 0 && rng_unit(&w->rng) < n->fail ? END_5XX : END_SERVED;
        return w->t_us >= u->due_us;
    case TWO_FAILS:
        *end = END_5XX;
        return true;
    case TWO_HANGS:
        *end = END_5XX;
        return since_us >= HANG_US;
    case TWO_REFUSES:
        *end = END_REFUSED;
        return true;
    case TWO_SILENT:
        *end = END_TIMEOUT;
        return since_us >= TIMEOUT_US;
    case TWO_LIMITS:
        *end = END_429;
        return true;
    case TWO_DENIES:
        *end = END_404;
        return true;
    }
    return false;
}

static void two_step(struct two_names *w)
{
    enum two_end end;
    unsigned i;

    for (i = 0; i < w->vus; i++) {
        struct two_vu *u = &w->vu[i];

        if (!u->asks) {
            if (w->t_us >= u->due_us) {
                two_ask(w, u, 0);
            }
        } else if (two_ended(w, u, &end)) {
            w->counts[u->name * TWO_ENDS + end]++;
            histo_record(w->times[u->name * TWO_ENDS + end],
                         w->t_us - u->from_us + 1);
            two_ask(w, u, u->name + 1);
        }
    }
}

static void two_part(struct two_names *w, size_t i)
{
    static const enum error_class classes[] = {
        [END_5XX] = ERRORS_5XX,         [END_REFUSED] = ERRORS_CONNECT,
        [END_TIMEOUT] = ERRORS_TIMEOUT, [END_429] = ERRORS_429,
        [END_404] = ERRORS_4XX,
    };
    enum two_end end = (enum two_end)(i % TWO_ENDS);
    bool response = end != END_REFUSED && end != END_TIMEOUT;

    if (w->counts[i] == 0) {
        return;
    }
    histo_sparse_clear(&w->us[i]);
    if (!response) {
        histo_clear(w->times[i]);
    }
    histo_to_sparse(w->times[i], &w->us[i]);
    histo_clear(w->times[i]);
    w->moment.requests += w->counts[i];
    if (end != END_SERVED) {
        w->moment.failed += w->counts[i];
        w->moment.errors[classes[end]] += w->counts[i];
    } else {
        histo_add_sparse(w->good, &w->us[i]);
    }
    histo_add_sparse(w->all, &w->us[i]);
    w->moment.last_us = w->beat.end_us;
    w->parts[w->beat.n++] = (struct beat_part){
        .request = (unsigned)(i / TWO_ENDS),
        .count = w->counts[i],
        .response = response,
        .failed = end != END_SERVED,
        .limited = end == END_429,
        .refused = end == END_REFUSED,
        .unserved = end == END_5XX || !response,
        .us = &w->us[i],
    };
    w->counts[i] = 0;
}

static uint32_t two_flying(const struct two_names *w)
{
    uint32_t n = 0;
    unsigned i;

    for (i = 0; i < w->vus; i++) {
        n += w->vu[i].asks;
    }
    return n;
}

static void two_second(struct two_names *w)
{
    histo_clear(w->all);
    histo_clear(w->good);
    w->moment =
        (struct moment){.start_us = w->t_us, .all = w->all, .good = w->good};
}

const struct beat *two_beat(struct two_names *w)
{
    uint64_t end_us = w->t_us + BEAT_US;
    size_t i;

    if (w->t_us % 1000000 == 0) {
        two_second(w);
    }
    w->beat = (struct beat){.start_us = w->t_us,
                            .end_us = end_us,
                            .active_us = BEAT_US,
                            .load = w->vus,
                            .who = 1,
                            .parts = w->parts};
    for (; w->t_us < end_us; w->t_us += STEP_US) {
        two_step(w);
    }
    for (i = 0; i < TWO_NAMES_MAX * TWO_ENDS; i++) {
        two_part(w, i);
    }
    w->beat.in_flight = two_flying(w);
    w->moment.end_us = end_us;
    w->moment.active_us += BEAT_US;
    w->moment.load = w->vus;
    w->moment.who = 1;
    w->moment.still = true;
    w->moment.vus = w->vus;
    w->moment.in_flight = w->beat.in_flight;
    w->moment.stage = 1;
    snprintf(w->moment.by, sizeof w->moment.by, "plan");
    w->full = end_us % 1000000 == 0;
    return &w->beat;
}
