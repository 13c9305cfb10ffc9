/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/xalloc.h"

#define MATCH_BIT(tag) (1u << (tag))
#define MATCH_OF_RUN   (MATCH_BIT(TAG_SCENARIO) | MATCH_BIT(TAG_OWN))
#define MATCH_OF_REQUEST                                                       \
    (MATCH_BIT(TAG_NAME) | MATCH_BIT(TAG_METHOD) | MATCH_BIT(TAG_GROUP) |      \
     MATCH_OF_RUN)
#define MATCH_OF_RESPONSE                                                      \
    (MATCH_BIT(TAG_STATUS) | MATCH_BIT(TAG_EXPECTED_RESPONSE) |                \
     MATCH_BIT(TAG_ERROR))

struct match_row {
    enum match_source source;
    enum phase phase;
    unsigned tags; /* bits of those it carries */
};

static const struct match_row match_table[METRIC_COUNT] = {
#define REQUEST_ROW(id, source, phase)                                         \
    [METRIC_##id] = {source, phase, MATCH_OF_REQUEST | MATCH_OF_RESPONSE}
    REQUEST_ROW(HTTP_REQS, MATCH_REQS, 0),
    REQUEST_ROW(HTTP_REQ_DURATION, MATCH_PHASE, PHASE_DURATION),
    REQUEST_ROW(HTTP_REQ_INTENDED_DURATION, MATCH_PHASE, PHASE_INTENDED),
    REQUEST_ROW(HTTP_REQ_BLOCKED, MATCH_PHASE, PHASE_BLOCKED),
    REQUEST_ROW(HTTP_REQ_CONNECTING, MATCH_PHASE, PHASE_CONNECTING),
    REQUEST_ROW(HTTP_REQ_TLS_HANDSHAKING, MATCH_PHASE, PHASE_TLS),
    REQUEST_ROW(HTTP_REQ_SENDING, MATCH_PHASE, PHASE_SENDING),
    REQUEST_ROW(HTTP_REQ_WAITING, MATCH_PHASE, PHASE_WAITING),
    REQUEST_ROW(HTTP_REQ_RECEIVING, MATCH_PHASE, PHASE_RECEIVING),
    REQUEST_ROW(HTTP_REQ_FAILED, MATCH_FAILED, 0),
    REQUEST_ROW(DATA_SENT, MATCH_SENT, 0),
    REQUEST_ROW(DATA_RECEIVED, MATCH_RECEIVED, 0),
#undef REQUEST_ROW
#define RUN_ROW(id, source) [METRIC_##id] = {source, 0, MATCH_OF_RUN}
    RUN_ROW(ITERATIONS, MATCH_ITERATIONS),
    RUN_ROW(ITERATION_DURATION, MATCH_ITERATION_DURATION),
    RUN_ROW(DROPPED_ITERATIONS, MATCH_DROPPED),
    RUN_ROW(VUS, MATCH_GAUGE),
    RUN_ROW(VUS_MAX, MATCH_GAUGE),
#undef RUN_ROW
    [METRIC_CHECKS] = {MATCH_CHECKS, 0,
                       MATCH_OF_REQUEST | MATCH_BIT(TAG_CHECK)},
#define CUSTOM_ROW(id) [METRIC_##id] = {MATCH_CUSTOM, 0, MATCH_OF_REQUEST}
    CUSTOM_ROW(SSE_TIME_TO_FIRST_EVENT),
    CUSTOM_ROW(SSE_EVENT_GAP),
    CUSTOM_ROW(SSE_EVENTS),
    CUSTOM_ROW(SSE_INCOMPLETE),
#undef CUSTOM_ROW
    /* No sample is one of these: see judge_returned. */
    [METRIC_RECOVERY_TIME] = {MATCH_CUSTOM, 0, 0},
};

static const struct match_row match_own = {MATCH_CUSTOM, 0, MATCH_OF_REQUEST};

static bool match_bit(unsigned bits, unsigned i)
{
    return (bits & MATCH_BIT(i)) != 0;
}

static bool match_request(const struct plan *plan, const struct match *m,
                          const struct request *r, const struct selector_tag *t)
{
    switch (t->tag) {
    case TAG_NAME:
        return strcmp(r->name, t->value) == 0;
    case TAG_METHOD:
        return strcmp(r->method, t->value) == 0;
    case TAG_GROUP:
        return strcmp(r->group, t->value) == 0;
    case TAG_SCENARIO:
        return match_bit(m->scenarios, r->scenario) && !plan_aside(plan, r);
    case TAG_OWN:
        return tags_have(r->tags, r->n_tags, t->name, t->value);
    case TAG_STATUS:
    case TAG_CHECK:
    case TAG_EXPECTED_RESPONSE:
    case TAG_ERROR:
    case TAG_COUNT:
        break; /* not a request's */
    }
    return true;
}

static void match_requests(struct match *m, const struct plan *plan,
                           const struct selector *s)
{
    size_t i, k;

    m->requests = xcalloc(plan->n_requests + 1, sizeof *m->requests);
    for (i = 0; i < plan->n_requests; i++) {
        m->requests[i] = true;
        for (k = 0; k < s->n_tags && m->requests[i]; k++) {
            m->requests[i] =
                match_request(plan, m, plan->requests[i], &s->tags[k]);
        }
    }
}

/* A check is its request's, and has its name besides. */
static void match_checks(struct match *m, const struct plan *plan,
                         const struct lineup *lineup, const struct selector *s)
{
    size_t i, k, t;

    m->n_checks = plan->n_checks;
    m->checks = xcalloc(plan_check_rows(plan) + 1, sizeof *m->checks);
    for (i = 0; i < plan->n_requests; i++) {
        const struct request *r = plan->requests[i];

        for (k = 0; k < r->n_checks && plan_runs(plan, lineup, r); k++) {
            bool yes = m->requests[i];

            for (t = 0; t < s->n_tags; t++) {
                yes = yes && (s->tags[t].tag != TAG_CHECK ||
                              strcmp(r->checks[k].name, s->tags[t].value) == 0);
            }
            MUST(r->checks[k].index < plan->n_checks);
            m->checks[plan_check_row(plan, r->scenario, r->checks[k].index)] =
                yes;
        }
    }
}

static void match_error(struct match *m, const char *value)
{
    uint64_t status;
    int f;

    for (f = 0; f < FAILURE_COUNT; f++) {
        if (f != FAILURE_NONE &&
            strcmp(failure_name((enum failure)f), value) == 0) {
            m->failure = f;
            return;
        }
    }
    if (strncmp(value, "http_", 5) == 0 &&
        num_u64(value + 5, 400, 599, &status)) {
        m->error_status = (int)status;
        m->failure = (int)failure_of_status((unsigned)status);
        return;
    }
    m->never = true;
}

static void match_tag(struct match *m, const struct selector_tag *t)
{
    uint64_t status;

    if (t->tag == TAG_STATUS) {
        if (num_u64(t->value, 0, STATUS_OTHER - 1, &status)) {
            m->status = (int)status;
        } else {
            m->never = true;
        }
    } else if (t->tag == TAG_EXPECTED_RESPONSE) {
        m->expected = strcmp(t->value, "true") == 0;
        m->never |= !m->expected && strcmp(t->value, "false") != 0;
    } else if (t->tag == TAG_ERROR) {
        match_error(m, t->value);
    }
}

static bool match_scenario_has(const struct plan *plan,
                               const struct scenario *s,
                               const struct selector_tag *t)
{
    if (t->tag == TAG_SCENARIO) {
        return strcmp(s->name, t->value) == 0;
    }
    if (tags_value(s->tags, s->n_tags, t->name) != NULL) {
        return tags_have(s->tags, s->n_tags, t->name, t->value);
    }
    return tags_have(plan->tags, plan->n_tags, t->name, t->value);
}

/* What is counted by scenario; what is a request's, by the request. */
static void match_scenarios(struct match *m, const struct plan *plan,
                            const struct lineup *lineup,
                            const struct selector_tag *t)
{
    unsigned bits = 0;
    size_t i;

    for (i = 0; i < lineup->n; i++) {
        if (match_scenario_has(plan, &lineup->list[i], t)) {
            bits |= MATCH_BIT(i);
        }
    }
    m->scenarios &= bits;
    m->never |= m->scenarios == 0;
}

static bool match_is_of_run(enum match_source source)
{
    return source == MATCH_ITERATIONS || source == MATCH_ITERATION_DURATION ||
           source == MATCH_DROPPED || source == MATCH_GAUGE;
}

void match_init(struct match *m, const struct plan *plan,
                const struct lineup *lineup, const struct selector *s)
{
    const struct match_row *row =
        s->metric < METRIC_COUNT ? &match_table[s->metric] : &match_own;
    size_t i;

    *m = (struct match){.metric = s->metric,
                        .type = plan_metric_info(plan, s->metric).type,
                        .source = row->source,
                        .phase = row->phase,
                        .scenarios = MATCH_ALL_SCENARIOS,
                        .status = -1,
                        .expected = -1,
                        .failure = -1,
                        .error_status = -1};
    for (i = 0; i < s->n_tags; i++) {
        m->never |= (row->tags & MATCH_BIT(s->tags[i].tag)) == 0;
        match_tag(m, &s->tags[i]);
        if (s->tags[i].tag == TAG_SCENARIO ||
            (s->tags[i].tag == TAG_OWN && match_is_of_run(m->source))) {
            match_scenarios(m, plan, lineup, &s->tags[i]);
        }
    }
    match_requests(m, plan, s);
    if (m->source == MATCH_CHECKS) {
        match_checks(m, plan, lineup, s);
    }
}

void match_clear(struct match *m)
{
    free(m->requests);
    free(m->checks);
    m->requests = NULL;
    m->checks = NULL;
}

bool match_series(const struct match *m, const struct series_key *k)
{
    return !m->never && m->requests[k->request] &&
           (m->status < 0 || m->status == k->status) &&
           (m->expected < 0 || m->expected == !k->failed) &&
           (m->failure < 0 || m->failure == (int)k->failure) &&
           (m->error_status < 0 || m->error_status == k->status);
}

bool match_custom(const struct match *m, unsigned metric, unsigned request)
{
    return !m->never && m->metric == metric && m->requests[request];
}

bool match_scenario(const struct match *m, unsigned scenario)
{
    return !m->never && match_bit(m->scenarios, scenario);
}

bool match_check(const struct match *m, unsigned scenario, unsigned check)
{
    return !m->never && m->checks[scenario * m->n_checks + check];
}

bool match_same(const struct selector *a, const struct selector *b)
{
    size_t i;

    if (a->metric != b->metric || a->n_tags != b->n_tags) {
        return false;
    }
    for (i = 0; i < a->n_tags; i++) {
        const struct selector_tag *x = &a->tags[i], *y = &b->tags[i];

        if (x->tag != y->tag || strcmp(x->value, y->value) != 0 ||
            (x->tag == TAG_OWN && strcmp(x->name, y->name) != 0)) {
            return false;
        }
    }
    return true;
}
