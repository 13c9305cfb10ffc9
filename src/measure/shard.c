/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/shard.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "measure/shard_internal.h"
#include "measure/tap.h"

struct shard *shard_new(const struct plan *plan)
{
    struct shard *s = xcalloc(1, sizeof *s);
    size_t i;

    s->plan = plan;
    s->last = xcalloc(plan->n_requests + 1, sizeof *s->last);
    for (i = 0; i < plan->n_requests; i++) {
        s->last[i].row = KEYS_NONE;
    }
    s->checks = xcalloc(plan_check_rows(plan) + 1, sizeof *s->checks);
    s->lag = histo_new();
    return s;
}

void shard_free(struct shard **sp)
{
    struct shard *s = *sp;
    size_t i;
    int p;

    if (s == NULL) {
        return;
    }
    for (i = 0; i < s->series_keys.n; i++) {
        for (p = 0; p < PHASE_COUNT; p++) {
            histo_free(&s->series[i].phase[p]);
        }
    }
    for (i = 0; i < s->custom_keys.n; i++) {
        histo_free(&s->customs[i].trend);
    }
    keys_clear(&s->series_keys);
    keys_clear(&s->custom_keys);
    for (i = 0; i < LINEUP_MAX; i++) {
        histo_free(&s->scenarios[i].duration);
        histo_free(&s->scenarios[i].late);
    }
    histo_free(&s->lag);
    free(s->series);
    free(s->customs);
    free(s->last);
    free(s->checks);
    free(s->failures);
    free(s);
    *sp = NULL;
}

void shard_set_tap(struct shard *s, struct tap *t)
{
    s->tap = t;
}

static void shard_series_clear(struct shard_series *row)
{
    int p;

    row->count = 0;
    row->failed = 0;
    row->sent = 0;
    row->received = 0;
    row->ways = 0;
    for (p = 0; p < PHASE_COUNT; p++) {
        if (row->phase[p] != NULL) {
            histo_clear(row->phase[p]);
        }
    }
}

static void shard_custom_clear(struct shard_custom *row)
{
    row->hits = 0;
    row->total = 0;
    row->sum = 0;
    if (row->trend != NULL) {
        histo_clear(row->trend);
    }
}

static void shard_scenario_clear(struct shard_scenario *row)
{
    row->iterations = 0;
    row->interrupted = 0;
    row->dropped = 0;
    if (row->duration != NULL) {
        histo_clear(row->duration);
    }
    if (row->late != NULL) {
        histo_clear(row->late);
    }
}

void shard_clear(struct shard *s)
{
    size_t i;

    for (i = 0; i < s->series_keys.n; i++) {
        if (s->series[i].count != 0) {
            shard_series_clear(&s->series[i]);
        }
    }
    for (i = 0; i < s->custom_keys.n; i++) {
        shard_custom_clear(&s->customs[i]);
    }
    memset(s->checks, 0, (plan_check_rows(s->plan) + 1) * sizeof *s->checks);
    s->n_failures = 0;
    s->n_check_failures = 0;
    for (i = 0; i < LINEUP_MAX; i++) {
        shard_scenario_clear(&s->scenarios[i]);
    }
    s->interrupted_requests = 0;
    s->retries = 0;
    s->rejected = 0;
    s->folded = 0;
    histo_clear(s->lag);
}

/* The row of a key that is not the request's last one. A folded key is not
 * remembered as the last: every one that is folded counts as folded. */
static uint32_t shard_series_row(struct shard *s, struct shard_last *last,
                                 uint64_t key)
{
    bool folded = false;
    size_t had = s->series_keys.n;
    uint32_t row = series_key_add(&s->series_keys, s->plan, key, &folded);

    if (s->series_keys.n > had) {
        s->series = xgrow(s->series, had, &s->cap_series, sizeof *s->series);
        s->series[row] = (struct shard_series){0};
    }
    if (folded) {
        s->folded++;
    } else {
        last->key = key;
        last->row = row;
    }
    return row;
}

static void shard_record(struct histo **h, uint64_t us)
{
    if (*h == NULL) {
        *h = histo_new();
    }
    histo_record(*h, us);
}

static void shard_phases(struct shard_series *row, const struct sample *x)
{
    int p;

    if (row->phase[PHASE_DURATION] == NULL) {
        for (p = 0; p < PHASE_INTENDED; p++) {
            row->phase[p] = histo_new();
        }
    }
    if (x->intended > 0) {
        shard_record(&row->phase[PHASE_INTENDED], x->intended);
    }
    histo_record(row->phase[PHASE_DURATION], x->duration);
    histo_record(row->phase[PHASE_BLOCKED], x->blocked);
    histo_record(row->phase[PHASE_CONNECTING], x->connecting);
    histo_record(row->phase[PHASE_TLS], x->tls);
    histo_record(row->phase[PHASE_SENDING], x->sending);
    histo_record(row->phase[PHASE_WAITING], x->waiting);
    histo_record(row->phase[PHASE_RECEIVING], x->receiving);
}

void shard_request(struct shard *s, const struct sample *x)
{
    bool response = failure_has_response(x->failure);
    struct series_key k = {x->request, response ? x->status : 0, x->failure,
                           x->failed};
    uint64_t key = series_key_pack(&k);
    struct shard_series *row;
    struct shard_last *last;
    uint32_t at;

    MUST(x->request < s->plan->n_requests);
    last = &s->last[x->request];
    at = last->row;
    if (last->key != key || at == KEYS_NONE) {
        at = shard_series_row(s, last, key); /* may move s->series */
    }
    row = &s->series[at];
    row->count++;
    row->failed += x->failed;
    row->sent += x->sent;
    row->received += x->received;
    row->ways |= x->ways;
    if (response) {
        shard_phases(row, x);
    }
    if (s->tap != NULL) {
        struct tap_entry e = {.kind = TAP_REQUEST, .index = x->request};

        e.is.sample = *x;
        tap_put(s->tap, &e);
    }
}

void shard_check(struct shard *s, unsigned scenario, unsigned check, bool pass)
{
    size_t row = plan_check_row(s->plan, scenario, check);

    MUST(check < s->plan->n_checks && row < plan_check_rows(s->plan));
    if (pass) {
        s->checks[row].passes++;
    } else {
        s->checks[row].fails++;
    }
    if (s->tap != NULL) {
        tap_put(s->tap, &(struct tap_entry){.kind = TAP_CHECK,
                                            .index = check,
                                            .scenario = scenario,
                                            .is.hit = pass});
    }
}

static struct shard_custom *shard_custom_row(struct shard *s, unsigned metric,
                                             unsigned request)
{
    size_t had = s->custom_keys.n;
    uint32_t row;

    MUST(metric < METRIC_COUNT + s->plan->n_metrics);
    MUST(request < s->plan->n_requests);
    row = keys_add(&s->custom_keys, custom_key_pack(metric, request));
    if (s->custom_keys.n > had) {
        s->customs =
            xgrow(s->customs, had, &s->cap_customs, sizeof *s->customs);
        s->customs[row] = (struct shard_custom){0};
    }
    return &s->customs[row];
}

void shard_trend(struct shard *s, unsigned metric, unsigned request,
                 uint64_t milli)
{
    struct shard_custom *row = shard_custom_row(s, metric, request);

    if (row->trend == NULL) {
        row->trend = histo_new();
    }
    row->total++;
    histo_record(row->trend, milli);
    if (s->tap != NULL) {
        tap_put(s->tap, &(struct tap_entry){.kind = TAP_TREND,
                                            .metric = metric,
                                            .index = request,
                                            .is.n = milli});
    }
}

void shard_rate(struct shard *s, unsigned metric, unsigned request, bool hit)
{
    struct shard_custom *row = shard_custom_row(s, metric, request);

    row->total++;
    row->hits += hit;
    if (s->tap != NULL) {
        tap_put(s->tap, &(struct tap_entry){.kind = TAP_RATE,
                                            .metric = metric,
                                            .index = request,
                                            .is.hit = hit});
    }
}

void shard_count(struct shard *s, unsigned metric, unsigned request,
                 double value)
{
    struct shard_custom *row = shard_custom_row(s, metric, request);

    if (!isfinite(value)) {
        s->rejected++; /* one of them would be the sum for good */
        return;
    }
    row->total++;
    row->sum += value;
    if (s->tap != NULL) {
        tap_put(s->tap, &(struct tap_entry){.kind = TAP_COUNT,
                                            .metric = metric,
                                            .index = request,
                                            .is.value = value});
    }
}

void shard_rejected(struct shard *s, unsigned metric)
{
    (void)metric;
    s->rejected++;
}

void shard_iteration(struct shard *s, unsigned scenario, uint64_t duration_us)
{
    MUST(scenario < LINEUP_MAX);
    s->scenarios[scenario].iterations++;
    shard_record(&s->scenarios[scenario].duration, duration_us);
    if (s->tap != NULL) {
        tap_put(s->tap, &(struct tap_entry){.kind = TAP_ITERATION,
                                            .index = scenario,
                                            .is.n = duration_us});
    }
}

void shard_interrupted(struct shard *s, unsigned scenario, bool in_request)
{
    MUST(scenario < LINEUP_MAX);
    s->scenarios[scenario].interrupted++;
    s->interrupted_requests += in_request;
}

void shard_interrupted_setup(struct shard *s, bool in_request)
{
    s->interrupted_requests += in_request;
}

void shard_dropped(struct shard *s, unsigned scenario, uint64_t n)
{
    MUST(scenario < LINEUP_MAX);
    s->scenarios[scenario].dropped += n;
    if (s->tap != NULL && n > 0) {
        tap_put(s->tap, &(struct tap_entry){
                            .kind = TAP_DROPPED, .index = scenario, .is.n = n});
    }
}

void shard_late(struct shard *s, unsigned scenario, uint64_t us)
{
    MUST(scenario < LINEUP_MAX);
    shard_record(&s->scenarios[scenario].late, us);
}

void shard_retry(struct shard *s)
{
    s->retries++;
}

void shard_lag(struct shard *s, uint64_t us)
{
    histo_record(s->lag, us);
}

void shard_sse_first(struct shard *s, unsigned request, uint64_t us)
{
    shard_trend(s, METRIC_SSE_TIME_TO_FIRST_EVENT, request, us);
}

void shard_sse_gap(struct shard *s, unsigned request, uint64_t us)
{
    shard_trend(s, METRIC_SSE_EVENT_GAP, request, us);
}

void shard_sse_end(struct shard *s, unsigned request, uint64_t events,
                   bool complete)
{
    shard_count(s, METRIC_SSE_EVENTS, request, (double)events);
    shard_rate(s, METRIC_SSE_INCOMPLETE, request, !complete);
}

static uint64_t shard_failure_key(enum failure kind, unsigned request,
                                  unsigned status)
{
    struct series_key k = {(uint16_t)request, (uint16_t)status, kind, false};

    return series_key_pack(&k);
}

/* No request has it: packed series keys leave the uppermost bits free. */
static uint64_t shard_check_key(unsigned check)
{
    return UINT64_C(1) << 63 | check;
}

static unsigned shard_failures_of(const struct shard *s, uint64_t key)
{
    unsigned same = 0;
    size_t i;

    for (i = 0; i < s->n_failures; i++) {
        same += s->failure_keys[i] == key;
    }
    return same;
}

bool shard_wants_failure(const struct shard *s, enum failure kind,
                         unsigned request, unsigned status)
{
    return s->n_failures - s->n_check_failures < SHARD_FAILURES_MAX &&
           shard_failures_of(s, shard_failure_key(kind, request, status)) <
               SHARD_FAILURES_EACH;
}

bool shard_wants_check(const struct shard *s, unsigned check)
{
    return s->n_check_failures < SHARD_CHECKS_MAX &&
           shard_failures_of(s, shard_check_key(check)) == 0;
}

void shard_failure(struct shard *s, const struct failure_sample *x)
{
    bool check;

    MUST(x->request < s->plan->n_requests);
    MUST((unsigned)x->kind < FAILURE_COUNT);
    check = x->kind == FAILURE_CHECK;
    MUST(!check || x->check < s->plan->n_checks);
    if (!(check ? shard_wants_check(s, x->check)
                : shard_wants_failure(s, x->kind, x->request, x->status))) {
        return;
    }
    s->failures = xgrow(s->failures, s->n_failures, &s->cap_failures,
                        sizeof *s->failures);
    s->failure_keys[s->n_failures] =
        check ? shard_check_key(x->check)
              : shard_failure_key(x->kind, x->request, x->status);
    s->n_check_failures += check;
    s->failures[s->n_failures++] = *x;
}
