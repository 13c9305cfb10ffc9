/* SPDX-License-Identifier: MIT
 *
 * test_ledger_figures - every figure a ledger gives, of every kind of metric
 * and by every tag, over the run and over windows, against the plain list of
 * all samples; what is copied out of it gives the same. */
#include "config.h"

#include "measure/ledger.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "base/xalloc.h"
#include "measure/ledger_copy.h"
#include "support/mini_plan.h"

#define TICKS     400
#define PER_TICK  12
#define SHORT_US  (2 * UINT64_C(1000000))
#define SELECTORS (sizeof selectors / sizeof selectors[0])

/* One request with what came of it. */
struct sent {
    int tick;
    struct sample x;
    bool check;         /* its check 0 or 2 passed (requests 0 and 1) */
    uint64_t own_milli; /* MINI_TIME */
    double chimes;      /* MINI_CHIMES */
    uint64_t events;    /* of a stream (request 1) */
};

struct tape {
    struct sent list[TICKS * PER_TICK];
    size_t n;
    uint64_t active_us[TICKS];
    uint64_t iterations[TICKS]; /* each lasting 1 ms a tick number */
    int ticks;
};

static const struct wanted {
    unsigned metric;
    enum tag_id tag; /* TAG_COUNT = none */
    const char *value;
} selectors[] = {
    {METRIC_HTTP_REQS, TAG_COUNT, NULL},
    {METRIC_HTTP_REQS, TAG_NAME, "chat"},
    {METRIC_HTTP_REQS, TAG_STATUS, "503"},
    {METRIC_HTTP_REQS, TAG_STATUS, "418"},
    {METRIC_HTTP_REQ_DURATION, TAG_COUNT, NULL},
    {METRIC_HTTP_REQ_DURATION, TAG_NAME, "stream"},
    {METRIC_HTTP_REQ_DURATION, TAG_METHOD, "GET"},
    {METRIC_HTTP_REQ_DURATION, TAG_STATUS, "200"},
    {METRIC_HTTP_REQ_DURATION, TAG_GROUP, "::talk"},
    {METRIC_HTTP_REQ_DURATION, TAG_SCENARIO, "spike"},
    {METRIC_HTTP_REQ_DURATION, TAG_SCENARIO, "soak"},
    {METRIC_HTTP_REQ_DURATION, TAG_EXPECTED_RESPONSE, "true"},
    {METRIC_HTTP_REQ_DURATION, TAG_EXPECTED_RESPONSE, "false"},
    {METRIC_HTTP_REQ_DURATION, TAG_ERROR, "http_503"},
    {METRIC_HTTP_REQ_DURATION, TAG_CHECK, "status is 200"},
    {METRIC_HTTP_REQ_BLOCKED, TAG_NAME, "chat"},
    {METRIC_HTTP_REQ_INTENDED_DURATION, TAG_NAME, "chat"},
    {METRIC_HTTP_REQ_INTENDED_DURATION, TAG_SCENARIO, "spike"},
    {METRIC_HTTP_REQ_CONNECTING, TAG_COUNT, NULL},
    {METRIC_HTTP_REQ_TLS_HANDSHAKING, TAG_COUNT, NULL},
    {METRIC_HTTP_REQ_SENDING, TAG_COUNT, NULL},
    {METRIC_HTTP_REQ_WAITING, TAG_COUNT, NULL},
    {METRIC_HTTP_REQ_RECEIVING, TAG_STATUS, "503"},
    {METRIC_HTTP_REQ_FAILED, TAG_COUNT, NULL},
    {METRIC_HTTP_REQ_FAILED, TAG_NAME, "chat"},
    {METRIC_HTTP_REQS, TAG_ERROR, "timeout"},
    {METRIC_HTTP_REQS, TAG_ERROR, "http_5xx"},
    {METRIC_HTTP_REQS, TAG_ERROR, "no such kind"},
    {METRIC_DATA_SENT, TAG_COUNT, NULL},
    {METRIC_DATA_RECEIVED, TAG_NAME, "chat"},
    {METRIC_ITERATIONS, TAG_COUNT, NULL},
    {METRIC_ITERATIONS, TAG_SCENARIO, "soak"},
    {METRIC_ITERATION_DURATION, TAG_SCENARIO, "spike"},
    {METRIC_CHECKS, TAG_COUNT, NULL},
    {METRIC_CHECKS, TAG_CHECK, "status is 200"},
    {METRIC_CHECKS, TAG_CHECK, "has output"},
    {METRIC_CHECKS, TAG_NAME, "stream"},
    {METRIC_CHECKS, TAG_GROUP, "::talk"},
    {MINI_TIME, TAG_COUNT, NULL},
    {MINI_TIME, TAG_NAME, "stream"},
    {MINI_ERRORS, TAG_COUNT, NULL},
    {MINI_ERRORS, TAG_METHOD, "POST"},
    {MINI_CHIMES, TAG_COUNT, NULL},
    {MINI_CHIMES, TAG_NAME, "chat"},
    {METRIC_SSE_TIME_TO_FIRST_EVENT, TAG_COUNT, NULL},
    {METRIC_SSE_EVENT_GAP, TAG_NAME, "stream"},
    {METRIC_SSE_EVENTS, TAG_COUNT, NULL},
    {METRIC_SSE_EVENTS, TAG_NAME, "chat"},
    {METRIC_SSE_INCOMPLETE, TAG_GROUP, "::talk"},
};

static const char *const request_name[] = {"chat", "stream", "chat", "health"};
static const char *const request_group[] = {"", "::talk", "", "::setup"};
static const char *const request_method[] = {"POST", "POST", "GET", "GET"};

/* Does the sample carry the tag's value? Said once more, from the contract. */
static bool sent_has(const struct sent *s, const struct wanted *w)
{
    char status[8];

    switch (w->tag) {
    case TAG_NAME:
        return strcmp(request_name[s->x.request], w->value) == 0;
    case TAG_GROUP:
        return strcmp(request_group[s->x.request], w->value) == 0;
    case TAG_METHOD:
        return strcmp(request_method[s->x.request], w->value) == 0;
    case TAG_SCENARIO: /* setup's requests have none */
        return strcmp(w->value, "spike") == 0 && s->x.request != 3;
    case TAG_STATUS:
        snprintf(status, sizeof status, "%d", s->x.status);
        return strcmp(status, w->value) == 0;
    case TAG_EXPECTED_RESPONSE:
        return strcmp(w->value, s->x.failed ? "false" : "true") == 0;
    case TAG_ERROR:
        return (s->x.failure != FAILURE_NONE &&
                strcmp(failure_name(s->x.failure), w->value) == 0) ||
               (s->x.status == 503 && strcmp(w->value, "http_503") == 0);
    case TAG_CHECK:
        return false; /* a check's alone: see sum_checks */
    case TAG_OWN:
    case TAG_COUNT:
        break;
    }
    return true;
}

/* What the samples of a selector add up to, the plain way. */
struct plain {
    uint64_t samples, hits;
    double sum;
    uint64_t *trend; /* owned */
};

static void plain_add(struct plain *p, uint64_t hits, double sum,
                      uint64_t trend)
{
    p->trend = xreallocarray(p->trend, p->samples + 1, sizeof *p->trend);
    p->trend[p->samples++] = trend;
    p->hits += hits;
    p->sum += sum;
}

static void plain_check(struct plain *p, const struct wanted *w,
                        const struct sent *s)
{
    bool is_check = w->tag == TAG_CHECK;

    if (s->x.request > 1 || (!is_check && !sent_has(s, w))) {
        return;
    }
    if (!is_check || strcmp(w->value, "status is 200") == 0) {
        plain_add(p, s->check, 0, 0);
    }
    if (s->x.request == 0 &&
        (!is_check || strcmp(w->value, "has output") == 0)) {
        plain_add(p, !s->check, 0, 0);
    }
}

static void plain_request(struct plain *p, unsigned metric,
                          const struct sent *s)
{
    bool response = failure_has_response(s->x.failure);
    const uint64_t phase[] = {s->x.duration,  s->x.blocked, s->x.connecting,
                              s->x.tls,       s->x.sending, s->x.waiting,
                              s->x.receiving, s->x.intended};

    if (metric >= METRIC_HTTP_REQ_DURATION &&
        metric <= METRIC_HTTP_REQ_INTENDED_DURATION) {
        if (response) {
            plain_add(p, 0, 0, phase[metric - METRIC_HTTP_REQ_DURATION]);
        }
    } else if (metric == METRIC_HTTP_REQS) {
        plain_add(p, 0, 1, 0);
    } else if (metric == METRIC_HTTP_REQ_FAILED) {
        plain_add(p, s->x.failed, 0, 0);
    } else if (metric == METRIC_DATA_SENT) {
        plain_add(p, 0, (double)s->x.sent, 0);
    } else if (metric == METRIC_DATA_RECEIVED) {
        plain_add(p, 0, (double)s->x.received, 0);
    } else if (metric == MINI_TIME) {
        plain_add(p, 0, 0, s->own_milli);
    } else if (metric == MINI_ERRORS) {
        plain_add(p, s->x.failed, 0, 0);
    } else if (metric == MINI_CHIMES) {
        plain_add(p, 0, s->chimes, 0);
    } else if (s->x.request == 1) { /* a stream */
        plain_add(p, metric == METRIC_SSE_INCOMPLETE && s->x.failed,
                  metric == METRIC_SSE_EVENTS ? (double)s->events : 0,
                  metric == METRIC_SSE_EVENT_GAP ? 7 : s->x.waiting + 1);
    }
}

static void plain_iterations(struct plain *p, const struct tape *t, int from,
                             const struct wanted *w)
{
    uint64_t k;
    int i;

    if (w->tag == TAG_SCENARIO && strcmp(w->value, "spike") != 0) {
        return;
    }
    for (i = from; i < t->ticks; i++) {
        for (k = 0; k < t->iterations[i]; k++) {
            plain_add(p, 0, 1, 1000 * (uint64_t)i);
        }
    }
}

static struct plain plain_of(const struct tape *t, const struct wanted *w,
                             int from)
{
    struct plain p = {0};
    size_t i;

    if (w->metric == METRIC_ITERATIONS ||
        w->metric == METRIC_ITERATION_DURATION) {
        plain_iterations(&p, t, from, w);
        return p;
    }
    for (i = 0; i < t->n; i++) {
        const struct sent *s = &t->list[i];

        if (s->tick < from) {
            continue;
        }
        if (w->metric == METRIC_CHECKS) {
            plain_check(&p, w, s);
        } else if (sent_has(s, w)) {
            plain_request(&p, w->metric, s);
        }
    }
    return p;
}

/* The first tick of a window: the shortest one that is at least so long. */
static int tape_window(const struct tape *t, uint64_t window_us)
{
    uint64_t sum = 0;
    int i;

    for (i = t->ticks; i > 0; i--) {
        if (sum >= window_us && t->active_us[i - 1] > 0) {
            break;
        }
        sum += t->active_us[i - 1];
    }
    return i;
}

static uint64_t tape_active(const struct tape *t, int from)
{
    uint64_t sum = 0;
    int i;

    for (i = from; i < t->ticks; i++) {
        sum += t->active_us[i];
    }
    return sum;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static void assert_near(double got, double want, double share)
{
    assert_true(fabs(got - want) <= fabs(want) * share + 1e-9);
}

/* extremes: 0 where they are exact, else how far they may be off. */
static void assert_trend(const struct ledger *l, const struct selector *s,
                         uint64_t window_us, const struct plain *p,
                         double extremes)
{
    static const double percentiles[] = {0, 50, 90, 95, 99, 100};
    static const struct ledger_ask asks[] = {{AGG_MAX, 0}, {AGG_MED, 0}};
    struct figure f, both[2];
    double sum = 0;
    size_t i;

    qsort(p->trend, p->samples, sizeof *p->trend, by_value);
    for (i = 0; i < p->samples; i++) {
        sum += (double)p->trend[i] / 1000;
    }
    f = ledger_figure(l, s, AGG_AVG, 0, window_us);
    assert_near(f.value, sum / (double)p->samples, 1e-9);
    f = ledger_figure(l, s, AGG_MIN, 0, window_us);
    assert_near(f.value, (double)p->trend[0] / 1000, extremes);
    f = ledger_figure(l, s, AGG_MAX, 0, window_us);
    assert_near(f.value, (double)p->trend[p->samples - 1] / 1000, extremes);
    for (i = 0; i < sizeof percentiles / sizeof percentiles[0]; i++) {
        double x = ceil(percentiles[i] * (double)p->samples / 100);
        size_t rank = x < 1 ? 1 : (size_t)x;

        f = ledger_figure(l, s, AGG_P, percentiles[i], window_us);
        assert_near(f.value, (double)p->trend[rank - 1] / 1000, 0.001);
        assert_int_equal(f.thin,
                         p->samples < histo_samples_needed(percentiles[i]));
    }
    f = ledger_figure(l, s, AGG_MED, 0, window_us);
    assert_near(f.value, (double)p->trend[(p->samples + 1) / 2 - 1] / 1000,
                0.001);
    ledger_figures(l, s, asks, 2, both); /* of the run, at once */
    assert_true(window_us != 0 || both[1].value == f.value);
    f = ledger_figure(l, s, AGG_MAX, 0, 0);
    assert_true(both[0].value == f.value && both[0].samples == f.samples);
}

static void assert_figures(const struct tape *t, const struct plan *plan,
                           const struct ledger *l, const struct wanted *w,
                           const struct selector *s, uint64_t window_us)
{
    int from = window_us == 0 ? 0 : tape_window(t, window_us);
    struct plain p = plain_of(t, w, from);
    enum metric_type type = plan_metric_info(plan, w->metric).type;
    struct figure f;

    if (type == METRIC_TREND) {
        f = ledger_figure(l, s, AGG_AVG, 0, window_us);
    } else {
        f = ledger_figure(l, s, AGG_RATE, 0, window_us);
    }
    assert_int_equal(f.fed, p.samples > 0);
    assert_int_equal(f.samples, p.samples);
    if (p.samples == 0) {
        assert_true(f.value == 0);
    } else if (type == METRIC_TREND) {
        assert_trend(l, s, window_us, &p, window_us == 0 ? 0 : 0.001);
    } else if (type == METRIC_RATE) {
        assert_near(f.value, (double)p.hits / (double)p.samples, 1e-12);
    } else {
        assert_near(f.value, p.sum * 1e6 / (double)tape_active(t, from), 1e-9);
        f = ledger_figure(l, s, AGG_COUNT, 0, window_us);
        assert_near(f.value, p.sum, 1e-12);
    }
    free(p.trend);
}

static void tape_one(struct tape *t, struct rng *dice, struct shard *shard)
{
    static const struct {
        uint16_t status;
        enum failure failure;
    } outcome[] = {{200, FAILURE_NONE},     {200, FAILURE_NONE},
                   {503, FAILURE_HTTP_5XX}, {429, FAILURE_HTTP_429},
                   {0, FAILURE_TIMEOUT},    {200, FAILURE_STREAM}};
    struct sent *s = &t->list[t->n++];
    unsigned o = (unsigned)rng_range(dice, 0, 5);

    *s = (struct sent){.tick = t->ticks};
    s->x.request = (uint16_t)rng_range(dice, 0, 3);
    s->x.status = outcome[o].status;
    s->x.failure = outcome[o].failure;
    s->x.failed = s->x.failure != FAILURE_NONE;
    s->x.blocked = rng_range(dice, 0, 20);
    s->x.connecting = rng_range(dice, 0, 900);
    s->x.tls = rng_range(dice, 0, 5000);
    s->x.sending = rng_range(dice, 1, 50);
    s->x.waiting = rng_range(dice, 100, 3000000);
    s->x.receiving = rng_range(dice, 1, 200000);
    s->x.duration = s->x.sending + s->x.waiting + s->x.receiving;
    s->x.intended = s->x.duration + rng_range(dice, 1, 9000000);
    s->x.sent = rng_range(dice, 70, 90);
    s->x.received = rng_range(dice, 0, 5000);
    s->check = rng_range(dice, 0, 2) > 0;
    s->own_milli = rng_range(dice, 0, 100000);
    s->chimes = (double)rng_range(dice, 0, 3);
    s->events = rng_range(dice, 0, 12);
    shard_request(shard, &s->x);
    if (s->x.request < 2) {
        shard_check(shard, 0, s->x.request == 0 ? 0 : 2, s->check);
    }
    if (s->x.request == 0) {
        shard_check(shard, 0, 1, !s->check);
    }
    if (s->x.request == 1) {
        shard_sse_first(shard, 1, s->x.waiting + 1);
        shard_sse_gap(shard, 1, 7);
        shard_sse_end(shard, 1, s->events, !s->x.failed);
    }
    shard_trend(shard, MINI_TIME, s->x.request, s->own_milli);
    shard_rate(shard, MINI_ERRORS, s->x.request, s->x.failed);
    shard_count(shard, MINI_CHIMES, s->x.request, s->chimes);
}

/* A tick of 60 to 140 ms, or one of a pause, in which now and then something
 * that was under way comes in. */
static void tape_tick(struct tape *t, struct rng *dice, struct shard *shard,
                      const struct plan *plan, struct ledger *l)
{
    bool pause = t->ticks % 50 >= 40;
    uint64_t active = pause ? 0 : rng_range(dice, 60000, 140000);
    uint64_t n = rng_range(dice, 0, pause ? 1 : PER_TICK), i;
    struct ledger_gauges g = {.vus = 3, .vus_max = 10};
    struct delta *d;

    for (i = 0; i < n; i++) {
        tape_one(t, dice, shard);
    }
    t->active_us[t->ticks] = active;
    t->iterations[t->ticks] = n / 2;
    for (i = 0; i < n / 2; i++) {
        shard_iteration(shard, 0, 1000 * (uint64_t)t->ticks);
    }
    shard_lag(shard, 5);
    d = delta_new(plan, &shard, 1);
    shard_clear(shard);
    ledger_feed(l, (uint64_t)(t->ticks + 1) * 100000, active, &g, d);
    delta_free(&d);
    t->ticks++;
}

/* announced: the ledger is told beforehand what it will be asked. */
/* Is the metric one that requests have? */
static bool of_requests(unsigned metric)
{
    return metric != METRIC_CHECKS && metric != METRIC_ITERATIONS &&
           metric != METRIC_ITERATION_DURATION;
}

/* What is copied of one name, or of one after the other, gives the figures that
 * the ledger gives, of itself. */
static void assert_copied(const struct mini_plan *m, const struct ledger *l,
                          const struct wanted *w, const struct selector *s)
{
    static const struct ledger_ask asks[METRIC_TREND + 1][6] = {
        [METRIC_COUNTER] = {{AGG_COUNT, 0}, {AGG_RATE, 0}},
        [METRIC_RATE] = {{AGG_RATE, 0}},
        [METRIC_TREND] = {{AGG_MIN, 0},
                          {AGG_AVG, 0},
                          {AGG_MED, 0},
                          {AGG_MAX, 0},
                          {AGG_P, 95},
                          {AGG_COUNT, 0}},
    };
    static const size_t n_asks[] = {
        [METRIC_COUNTER] = 2, [METRIC_RATE] = 1, [METRIC_TREND] = 6};
    struct ledger_copy *c = ledger_copy_new(&m->plan, &m->lineup, s->metric);
    enum metric_type type = plan_metric_info(&m->plan, s->metric).type;
    size_t i;

    /* Something of another name, which is to be forgotten. */
    ledger_copy_add(c, l, 1);
    ledger_copy_reset(c);
    for (i = 0; i < m->plan.n_names; i++) {
        if (w->tag == TAG_COUNT || strcmp(m->plan.names[i], w->value) == 0) {
            ledger_copy_add(c, l, i);
        }
    }
    for (i = 0; i < n_asks[type]; i++) {
        struct figure want, got;

        ledger_figures(l, s, &asks[type][i], 1, &want);
        got =
            ledger_copy_figure(c, asks[type][i].agg, asks[type][i].percentile);
        assert_int_equal(got.fed, want.fed);
        assert_int_equal(got.thin, want.thin);
        assert_int_equal(got.samples, want.samples);
        assert_true(fabs(got.value - want.value) <= 1e-9 * fabs(want.value));
    }
    ledger_copy_free(&c);
}

static void figures_agree(bool announced, uint64_t seed)
{
    struct tape *t = xcalloc(1, sizeof *t);
    struct mini_plan m;
    struct selector_tag tags[SELECTORS];
    struct selector s[SELECTORS];
    char values[SELECTORS][32];
    struct shard *shard;
    struct ledger *l;
    struct rng dice;
    size_t i;

    mini_plan_init(&m);
    shard = shard_new(&m.plan);
    l = ledger_new(&m.plan, &m.lineup);
    for (i = 0; i < SELECTORS; i++) {
        const struct wanted *w = &selectors[i];

        snprintf(values[i], sizeof values[i], "%s", w->value ? w->value : "");
        tags[i] = (struct selector_tag){w->tag, values[i], NULL};
        s[i] = (struct selector){w->metric, &tags[i], w->tag != TAG_COUNT};
        if (announced) {
            ledger_want(l, &s[i], 0);
            ledger_want(l, &s[i], SHORT_US);
        }
    }
    rng_seed(&dice, seed, 0);
    while (t->ticks < TICKS) {
        tape_tick(t, &dice, shard, &m.plan, l);
        if (t->ticks % 57 != 1 && t->ticks != TICKS) {
            continue;
        }
        for (i = 0; i < SELECTORS; i++) {
            const struct wanted *w = &selectors[i];

            assert_figures(t, &m.plan, l, w, &s[i], 0);
            assert_figures(t, &m.plan, l, w, &s[i], LEDGER_WINDOW_US);
            if (announced) {
                assert_figures(t, &m.plan, l, w, &s[i], SHORT_US);
            }
            if ((w->tag == TAG_COUNT || w->tag == TAG_NAME) &&
                of_requests(w->metric)) {
                assert_copied(&m, l, w, &s[i]);
            }
        }
    }
    ledger_free(&l);
    shard_free(&shard);
    free(t);
}

static void figures_announced_are_those_of_the_samples(void **state)
{
    (void)state;
    figures_agree(true, 31);
}

static void figures_asked_at_once_are_those_of_the_samples(void **state)
{
    (void)state;
    figures_agree(false, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_announced_are_those_of_the_samples),
        cmocka_unit_test(figures_asked_at_once_are_those_of_the_samples),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
