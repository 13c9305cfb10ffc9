/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "insight/anomalies.h"
#include "insight/binom.h"
#include "insight/breaking.h"
#include "insight/plateaus.h"
#include "insight/recovery.h"
#include "insight/scaling.h"
#include "insight/soak.h"
#include "support/seeds.h"
#include "support/sham.h"

/* This exercises: healthy runs of ten minutes, of which nothing is to be said:
 * p95 that moves slowly by itself, a few errors, loads of four shapes, rates of
 * 5 to 200 requests a second. Of all that insight knows, at most two runs in a
 * hundred have an alarm of any kind. RUNS of the environment (100) says how
 * many; with more than that a table of them is printed. */

enum alarm {
    ALARM_BREAK,
    ALARM_TREND,
    ALARM_RECOVERY,
    ALARM_SCALING,  /* a limit of throughput, a peak or a bend */
    ALARM_PROBABLY, /* a level that breaks a rule, falls or hardly grows */
    ALARM_LITTLE,   /* users are missed */
    ALARM_ANOMALY,  /* and its kind */
    ALARM_KINDS = ALARM_ANOMALY + ANOMALY_KINDS
};

enum shape { SHAPE_CONSTANT, SHAPE_STEPS, SHAPE_RAMP, SHAPE_SPIKE, SHAPES };

struct run {
    struct sham s;
    struct plateaus *plateaus;
    struct breach *breach;
    struct recovery *recovery;
    struct soak *soak;
    struct anomalies *anomalies;
};

static const struct rule rules[] = {{95, 300000, 0}, {-1, 0.05, 0}};

static void run_open(struct run *r, uint64_t seed)
{
    static const double rates[] = {5, 20, 50, 100, 200};
    const struct recovery_limit limit = {.p95_us = 300000, .error_rate = 0.05};
    size_t i;

    sham_init(&r->s, seed);
    r->s.noise_sd = 0.05;
    r->s.noise_phi = 0.8;
    r->s.rate = rates[seed % 5];
    r->s.requests = (unsigned)(1 + seed / 5 % 3);
    for (i = 0; i < SHAM_REQUESTS; i++) {
        r->s.fail[i] = seed % 2 == 0 ? 0.002 : 0;
    }
    r->plateaus = plateaus_new(rules, 2);
    r->breach = breach_new(rules, 2);
    r->recovery = recovery_new(&limit);
    r->soak = soak_new();
    r->anomalies = anomalies_new();
}

static void run_close(struct run *r)
{
    sham_clear(&r->s);
    plateaus_free(&r->plateaus);
    breach_free(&r->breach);
    recovery_free(&r->recovery);
    soak_free(&r->soak);
    anomalies_free(&r->anomalies);
}

/* Each request is an iteration of a user who thinks for the rest of it. */
static void run_users(const struct run *r, struct moment *x)
{
    x->vus_us = r->s.load * (double)x->active_us;
    x->iterations = x->requests;
    x->iteration_us = x->vus_us;
    x->iteration_us2 =
        x->requests > 0 ? x->vus_us * x->vus_us / (double)x->requests * 1.3 : 0;
}

static void run_for(struct run *r, unsigned seconds)
{
    size_t closed = 0;
    unsigned i;

    for (i = 0; i < seconds * 10; i++) {
        const struct beat *b = sham_beat(&r->s);

        anomalies_beat(r->anomalies, b);
        recovery_beat(r->recovery, b);
        if (!r->s.full) {
            continue;
        }
        run_users(r, &r->s.moment);
        plateaus_feed(r->plateaus, &r->s.moment);
        breach_feed(r->breach, &r->s.moment);
        recovery_feed(r->recovery, &r->s.moment);
        soak_feed(r->soak, &r->s.moment);
        anomalies_moment(r->anomalies, &r->s.moment);
        if (plateaus_count(r->plateaus) != closed) {
            closed = plateaus_count(r->plateaus);
            anomalies_plateau(r->anomalies, r->plateaus);
        }
    }
}

/* So many times the load, and so many requests. */
static void run_load(struct run *r, double factor)
{
    r->s.load *= factor;
    r->s.rate *= factor;
}

static void run_shape(struct run *r, enum shape shape)
{
    unsigned i;

    switch (shape) {
    case SHAPE_CONSTANT:
        run_for(r, 600);
        break;
    case SHAPE_STEPS:
        for (i = 0; i < 4; i++) {
            run_for(r, 150);
            run_load(r, i < 2 ? 1.5 : 1 / 2.25);
        }
        break;
    case SHAPE_RAMP:
        r->s.ramp = true;
        for (i = 0; i < 60; i++) {
            run_load(r, 1.0116); /* twice in all */
            run_for(r, 1);
        }
        r->s.ramp = false;
        run_for(r, 540);
        break;
    case SHAPE_SPIKE:
        run_for(r, 240);
        run_load(r, 4);
        run_for(r, 60);
        run_load(r, 0.25);
        run_for(r, 300);
        break;
    case SHAPES:
        break;
    }
    plateaus_end(r->plateaus);
    breach_end(r->breach);
    recovery_end(r->recovery);
    soak_end(r->soak);
    anomalies_end(r->anomalies);
}

/* Counts what is alarming; true: anything is. */
static bool run_alarms(const struct run *r, unsigned *kinds)
{
    const struct soak_report *soak = soak_report(r->soak);
    unsigned of[ALARM_KINDS] = {0}, k;
    struct scaling scaling = scaling_of(r->plateaus);
    struct bracket bracket = plateaus_bracket(r->plateaus);
    bool any = false;
    size_t i;

    of[ALARM_SCALING] =
        scaling.bounds.full || scaling.usl.peak || scaling.knee > 0;
    of[ALARM_LITTLE] = scaling.suspect >= 0;
    of[ALARM_PROBABLY] =
        bracket.bad >= 0 || bracket.fell >= 0 || bracket.flat >= 0;
    of[ALARM_BREAK] = breaking_of(r->breach, r->plateaus).any;
    for (i = 0; i < SOAK_MEMORY; i++) {
        of[ALARM_TREND] |=
            soak->active_us > 0 && (soak->trends[i].state == TREND_GROWING ||
                                    soak->trends[i].state == TREND_STEPPED_UP);
    }
    for (i = 0; i < recovery_count(r->recovery); i++) {
        enum recovery_state s = recovery_at(r->recovery, i)->state;

        of[ALARM_RECOVERY] |=
            s != RECOVERY_UNDISTURBED && s != RECOVERY_UNMEASURED;
    }
    for (k = 0; k < ANOMALY_KINDS; k++) {
        of[ALARM_ANOMALY + k] =
            anomalies_found(r->anomalies, (enum anomaly_kind)k) > 0;
    }
    for (k = 0; k < ALARM_KINDS; k++) {
        kinds[k] += of[k];
        any = any || of[k] > 0;
    }
    return any;
}

static void print_table(unsigned runs, unsigned any, const unsigned *kinds)
{
    static const char *const names[] = {
        "breaking point",       "trend",    "recovery",
        "throughput over load", "probably", "Little"};
    unsigned k;

    print_message("%u healthy runs, %u with an alarm\n", runs, any);
    for (k = 0; k < ALARM_KINDS; k++) {
        print_message("    %-16s %u\n",
                      k < ALARM_ANOMALY ? names[k]
                                        : anomaly_kind_name((enum anomaly_kind)(
                                              k - ALARM_ANOMALY)),
                      kinds[k]);
    }
}

static void calm_runs_have_no_alarms(void **state)
{
    const unsigned runs = seeds_of("RUNS", 100);
    unsigned kinds[ALARM_KINDS] = {0}, any = 0, seed;
    uint64_t most;

    (void)state;
    for (seed = 1; seed <= runs; seed++) {
        struct run r;

        run_open(&r, seed);
        run_shape(&r, (enum shape)(seed / 15 % SHAPES));
        any += run_alarms(&r, kinds);
        run_close(&r);
    }
    /* A thousand say what the rate is; of a hundred it may be more by
     * chance. */
    most = runs < 1000 ? binom_quantile(runs, 0.02, 0.99) : runs / 50;
    if (runs > 100 || any > most) {
        print_table(runs, any, kinds);
    }
    assert_true(any <= most);
}

/* What would be an alarm is one: else the test above could not fail. */
static void ill_runs_have_them(void **state)
{
    unsigned kinds[ALARM_KINDS] = {0};
    struct run r;

    (void)state;
    run_open(&r, 3); /* 100 requests a second */
    run_for(&r, 120);
    run_load(&r, 4);
    r.s.factor = 5;
    r.s.rate = 100;
    run_for(&r, 60);
    run_load(&r, 0.25);
    r.s.rate = 100;
    run_for(&r, 20);
    r.s.factor = 1;
    run_for(&r, 120);
    r.s.silent = true;
    run_for(&r, 5);
    run_shape(&r, SHAPES);
    assert_true(run_alarms(&r, kinds));
    assert_int_equal(kinds[ALARM_BREAK], 1);
    assert_int_equal(kinds[ALARM_PROBABLY], 1);
    assert_int_equal(kinds[ALARM_RECOVERY], 1);
    assert_int_equal(kinds[ALARM_ANOMALY + ANOMALY_STALL], 1);
    run_close(&r);
}

/* All that is known, to the last bit. */
static void told(const struct run *r, char *buf, size_t size)
{
    const struct soak_report *soak = soak_report(r->soak);
    struct breaking k = breaking_of(r->breach, r->plateaus);
    size_t n = 0, i;

    buf[0] = '\0';
#define TELL(...) n += (size_t)snprintf(buf + n, size - n, __VA_ARGS__)
    for (i = 0; i < plateaus_count(r->plateaus); i++) {
        const struct plateau *p = plateaus_at(r->plateaus, i);

        TELL("%a %a %a %u;", p->rps, p->error_rate, p->response_us,
             (unsigned)p->p95_us);
    }
    for (i = 0; i < recovery_count(r->recovery); i++) {
        const struct recovery_episode *e = recovery_at(r->recovery, i);

        TELL("%d %u %u %u %u %a;", (int)e->state, (unsigned)e->return_us,
             (unsigned)e->degrade_us, (unsigned)e->worst_us,
             (unsigned)e->failed, e->error_rate);
    }
    TELL("%d %a %a %a;", k.any, k.low, k.high, k.rps);
    for (i = 0; i < SOAK_MEMORY; i++) {
        TELL("%a %a %a;", soak->trends[i].slope, soak->trends[i].z,
             soak->trends[i].level);
    }
    for (i = 0; i < anomalies_count(r->anomalies); i++) {
        const struct anomaly *x = anomalies_at(r->anomalies, i);

        TELL("%d %u %u", (int)x->kind, (unsigned)x->start_us,
             (unsigned)x->end_us);
        if (x->kind >= ANOMALY_WARMUP) {
            TELL(" %a %a", x->u.shift.before_us, x->u.shift.after_us);
        }
        TELL(";");
    }
#undef TELL
    assert_true(n < size);
}

/* What is looked at meanwhile changes nothing. */
static void ill_run(struct run *r, bool looked_at, char *buf, size_t size)
{
    unsigned kinds[ALARM_KINDS] = {0}, i;

    run_open(r, 3);
    for (i = 0; i < 300; i++) {
        if (i == 120 || i == 180) {
            run_load(r, i == 120 ? 4 : 0.25);
        }
        r->s.factor = i >= 120 && i < 200 ? 5 : i < 30 ? 3 : 1;
        r->s.fail[0] = i >= 250 ? 0.3 : 0;
        r->s.silent = i >= 220 && i < 225;
        run_for(r, 1);
        if (looked_at) {
            run_alarms(r, kinds);
            told(r, buf, size);
        }
    }
    run_shape(r, SHAPES);
    told(r, buf, size);
    run_close(r);
}

static void the_same_series_gives_the_same_insights(void **state)
{
    static char a[16384], b[16384];
    struct run r;

    (void)state;
    ill_run(&r, false, a, sizeof a);
    ill_run(&r, false, b, sizeof b);
    assert_string_equal(a, b);
    ill_run(&r, true, b, sizeof b);
    assert_string_equal(a, b);
    assert_true(strlen(a) > 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calm_runs_have_no_alarms),
        cmocka_unit_test(ill_runs_have_them),
        cmocka_unit_test(the_same_series_gives_the_same_insights),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
