/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/sim.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "measure/delta.h"
#include "run/level.h"
#include "support/returns.h"

/* Plain arithmetic only: a libm differs in the last digit, a golden does
 * not. */

static const char sim_plan[] =
    "{\"name\":\"demo\",\"env\":{\"BASE_URL\":\"http://127.0.0.1:3000\"},"
    "\"flow\":["
    "{\"post\":\"${BASE_URL}/v1/chat\",\"name\":\"ChatRequest\","
    "\"checks\":{\"chat status is 200\":{\"status\":200},"
    "\"chat has output\":{\"json\":\"/output\"}},"
    "\"metrics\":{\"chat_duration\":\"duration\"}},"
    "{\"think\":\"100ms\"},"
    "{\"post\":\"${BASE_URL}/v1/chat/stream\",\"name\":\"ChatStream\"},"
    "{\"get\":\"${BASE_URL}/v1/metrics\",\"name\":\"Metrics\"},"
    "{\"get\":\"${BASE_URL}/v1/places?near=${BASE_URL}\"}],"
    "\"scenarios\":{\"spike\":{\"executor\":\"ramping-vus\",\"startVUs\":0,"
    "\"stages\":["
    "{\"duration\":\"10s\",\"target\":20,\"name\":\"warm-up\"},"
    "{\"duration\":\"20s\",\"target\":20},"
    "{\"duration\":\"3s\",\"target\":100},"
    "{\"duration\":\"30s\",\"target\":100,\"name\":\"spike\"},"
    "{\"duration\":\"5s\",\"target\":20},"
    "{\"duration\":\"40s\",\"target\":20,\"name\":\"recover\"}]}},"
    "\"thresholds\":{"
    "\"http_req_duration\":[\"p(95)<500\",\"p(99)<5000\"],"
    "\"http_req_failed\":[\"rate<0.01\"],"
    "\"http_req_duration{name:ChatRequest}\":[\"p(95)<800\"],"
    "\"checks\":[\"rate>0.95\"]}}";

const char sim_plan_mixed[] =
    "{\"name\":\"demo\",\"env\":{\"BASE_URL\":\"http://127.0.0.1:3000\"},"
    "\"flow\":["
    "{\"post\":\"${BASE_URL}/v1/chat\",\"name\":\"ChatRequest\","
    "\"checks\":{\"chat status is 200\":{\"status\":200}}},"
    "{\"get\":\"${BASE_URL}/v1/metrics\",\"name\":\"Metrics\"}],"
    "\"scenarios\":{\"mixed\":["
    "{\"name\":\"browse\",\"executor\":\"ramping-vus\",\"startVUs\":0,"
    "\"stages\":["
    "{\"duration\":\"10s\",\"target\":20,\"name\":\"warm-up\"},"
    "{\"duration\":\"40s\",\"target\":20},"
    "{\"duration\":\"10s\",\"target\":0}]},"
    "{\"name\":\"checkout\",\"executor\":\"constant-arrival-rate\","
    "\"rate\":30,\"duration\":\"60s\",\"startTime\":\"15s\","
    "\"preAllocatedVUs\":10,\"maxVUs\":40}]},"
    "\"thresholds\":{\"http_req_duration\":[\"p(95)<500\"],"
    "\"http_req_intended_duration\":[\"p(95)<2000\"],"
    "\"dropped_iterations\":[\"count<100\"]}}";

const char sim_plan_arrivals[] =
    "{\"name\":\"demo\",\"env\":{\"BASE_URL\":\"http://127.0.0.1:3000\"},"
    "\"flow\":["
    "{\"post\":\"${BASE_URL}/v1/chat\",\"name\":\"ChatRequest\","
    "\"checks\":{\"chat status is 200\":{\"status\":200}}},"
    "{\"get\":\"${BASE_URL}/v1/metrics\",\"name\":\"Metrics\"}],"
    "\"scenarios\":{\"orders\":{"
    "\"executor\":\"ramping-arrival-rate\",\"startRate\":10,"
    "\"preAllocatedVUs\":10,\"maxVUs\":60,\"stages\":["
    "{\"duration\":\"10s\",\"target\":50,\"name\":\"warm-up\"},"
    "{\"duration\":\"20s\",\"target\":50},"
    "{\"duration\":\"5s\",\"target\":200},"
    "{\"duration\":\"25s\",\"target\":200,\"name\":\"rush\"},"
    "{\"duration\":\"5s\",\"target\":50},"
    "{\"duration\":\"20s\",\"target\":50}]}},"
    "\"thresholds\":{\"http_req_duration\":[\"p(95)<500\"],"
    "\"http_req_intended_duration\":[\"p(95)<2000\"],"
    "\"dropped_iterations\":[\"count<100\"]}}";

const char sim_plan_returns[] =
    "{\"name\":\"demo\",\"env\":{\"BASE_URL\":\"http://127.0.0.1:3000\"},"
    "\"flow\":["
    "{\"post\":\"${BASE_URL}/v1/chat\",\"name\":\"ChatRequest\"},"
    "{\"get\":\"${BASE_URL}/v1/metrics\",\"name\":\"Metrics\"}],"
    "\"scenarios\":{\"spike\":{\"executor\":\"ramping-vus\",\"startVUs\":20,"
    "\"stages\":["
    "{\"duration\":\"30s\",\"target\":20},"
    "{\"duration\":\"3s\",\"target\":100},"
    "{\"duration\":\"30s\",\"target\":100,\"name\":\"spike\"},"
    "{\"duration\":\"5s\",\"target\":20},"
    "{\"duration\":\"40s\",\"target\":20,\"name\":\"recover\"}]}},"
    "\"thresholds\":{\"http_req_duration\":[\"p(95)<5s\"],"
    "\"recovery_time\":[\"max<2s\",\"max<30s\"]}}";

const char sim_plan_soak[] =
    "{\"name\":\"demo\",\"env\":{\"BASE_URL\":\"http://127.0.0.1:3000\"},"
    "\"flow\":["
    "{\"post\":\"${BASE_URL}/v1/chat\",\"name\":\"ChatRequest\"},"
    "{\"get\":\"${BASE_URL}/v1/metrics\",\"name\":\"Metrics\"}],"
    "\"scenarios\":{\"soak\":{\"executor\":\"constant-vus\",\"vus\":20,"
    "\"duration\":\"20m\"}},"
    "\"thresholds\":{\"http_req_duration\":[\"p(95)<500\"]}}";

/* plan: taken. */
static void sim_begin(struct sim *s, struct plan *plan, uint64_t seed)
{
    size_t i;

    MUST(plan != NULL);
    memset(s, 0, sizeof *s);
    s->plan = plan;
    s->n = s->plan->lineups[0].n;
    for (i = 0; i < s->n; i++) {
        curve_init(&s->curves[i], &s->plan->lineups[0].list[i], 1.0);
    }
    s->info = (struct run_info){.plan = s->plan,
                                .lineup = &s->plan->lineups[0],
                                .curves = s->curves,
                                .time_scale = 1.0,
                                .seed = seed,
                                .workers = 2};
    s->info.started.us = INT64_C(1795500000000000);
    plan_target(s->plan, s->info.target, sizeof s->info.target);
    s->story = story_new(&s->info);
    s->ledger = ledger_new(s->plan, s->info.lineup);
    s->judge = judge_new(s->plan, s->ledger);
    s->study = returns_study(&s->info);
    s->shard = shard_new(s->plan);
    for (i = 0; i < s->n; i++) {
        const struct scenario *sc = &s->info.lineup->list[i];
        uint32_t most = s->curves[i].max_vus;

        s->steers[i] = steer_new(&(struct steer_config){
            .curve = &s->curves[i],
            .graceful_stop_us = sc->graceful_stop_us,
            .graceful_ramp_down_us = sc->graceful_ramp_down_us,
            .max_vus = executor_is_arrival(sc->executor) ? most : 500,
            .limit = "descriptor limit"});
    }
    s->tick.n_scenarios = s->n;
    rng_seed(&s->rng, seed, 1);
    s->rate_scale = 1;
    s->tick_us = TICK_US;
    s->tick.outcome.exit_code = -1;
    s->tick.outcome.status = STATUS_RUNNING;
    s->tick.vus_max = 500;
    s->tick.state = RUN_STARTING;
    s->stage_seen = SIZE_MAX;
}

void sim_init(struct sim *s, const char *plan_text, uint64_t seed)
{
    const char *text = plan_text != NULL ? plan_text : sim_plan;
    struct plan_input in = {"sim.json", NULL, 0, NULL};
    struct plan_errors errors = {NULL, 0, 0};
    struct plan *p = plan_parse(text, strlen(text), &in, &errors);

    if (p == NULL) {
        fprintf(stderr, "sim.json: %s\n", errors.list[0].text);
    }
    sim_begin(s, p, seed);
}

void sim_init_file(struct sim *s, const char *path, uint64_t seed)
{
    struct plan_input in = {path, NULL, 0, NULL};
    struct plan_errors errors = {NULL, 0, 0};

    sim_begin(s, plan_load(path, &in, &errors), seed);
}

void sim_clear(struct sim *s)
{
    size_t i;

    for (i = 0; i < s->n; i++) {
        steer_free(&s->steers[i]);
        curve_clear(&s->curves[i]);
    }
    shard_free(&s->shard);
    judge_free(&s->judge);
    study_free(&s->study);
    ledger_free(&s->ledger);
    story_free(&s->story);
    plan_free(&s->plan);
}

static struct event *sim_new_event(struct sim *s, const char *type)
{
    struct event *e = &s->events[s->n_events];

    if (s->n_events < SIM_EVENTS_MAX - 1) {
        s->n_events++;
    }
    *e = (struct event){.t_us = s->tick.t_us};
    snprintf(e->type, sizeof e->type, "%s", type);
    snprintf(e->by, sizeof e->by, "plan");
    return e;
}

void sim_event(struct sim *s, const char *type, const char *text, bool bad)
{
    struct event *e = sim_new_event(s, type);

    snprintf(e->text, sizeof e->text, "%s", text);
    e->bad = bad;
}

static void sim_news(struct sim *s, size_t i, const struct steer_news *n,
                     const char *by)
{
    struct event *e = sim_new_event(s, n->type);
    const char *name = s->info.lineup->list[i].name;

    e->scenario = s->n > 1 ? (unsigned)i + 1 : 0;
    snprintf(e->value, sizeof e->value, "%s", n->value);
    snprintf(e->text, sizeof e->text, "%s%s%s", s->n > 1 ? name : "",
             s->n > 1 ? ": " : "", n->text);
    snprintf(e->by, sizeof e->by, "%s", by);
    e->load = n->load;
    e->bad = !n->ok;
}

static void sim_steer(struct sim *s, const struct command *c)
{
    bool all = c->kind == COMMAND_HOLD || c->kind == COMMAND_PAUSE ||
               c->kind == COMMAND_STOP || c->kind == COMMAND_CUT;
    unsigned which = c->scenario > 0 ? c->scenario : s->steered;
    struct steer_news n;
    size_t i;

    for (i = 0; i < s->n; i++) {
        if (all || i == (which > 0 ? which - 1 : 0)) {
            steer_command(s->steers[i], s->tick.t_us, c, &n);
        }
    }
    sim_news(s, all || which == 0 ? 0 : which - 1, &n,
             s->by != NULL ? s->by : "keyboard");
}

void sim_command(struct sim *s, enum command_kind kind, int64_t number,
                 const char *text)
{
    struct command c = {.kind = kind, .number = number};

    if (kind == COMMAND_MARK || kind == COMMAND_WRITE) {
        struct event *e = sim_new_event(s, command_name(kind));

        snprintf(e->value, sizeof e->value, "%s", text);
        snprintf(e->text, sizeof e->text, "%s%s",
                 kind == COMMAND_WRITE ? "wrote demo-spike.json" : text, "");
        snprintf(e->by, sizeof e->by, "keyboard");
        return;
    }
    sim_steer(s, &c);
}

/* Latency of one request in µs: a base that depends on the request, a queue
 * that depends on the load, and a tail. */
static uint64_t sim_latency(struct sim *s, unsigned request, double load)
{
    static const uint64_t base[] = {60000, 90000, 8000, 25000};
    double over = load > 0.5 ? (load - 0.5) * 4 : 0;
    double us = (double)base[request % 4] * (1 + over * over);
    uint64_t dice = rng_range(&s->rng, 0, 999);

    us *= 0.7 + (double)rng_range(&s->rng, 0, 600) / 1000;
    if (dice > 950) {
        us *= 2;
    }
    if (dice > 990) {
        us *= 2.5;
    }
    return (uint64_t)us + 300;
}

static void sim_fail(struct sim *s, struct sample *x, enum failure kind,
                     unsigned status)
{
    struct failure_sample f = {.t_us = s->tick.t_us,
                               .vu = 7,
                               .request = x->request,
                               .status = (uint16_t)status,
                               .kind = kind,
                               .took_us = x->duration};

    x->failure = kind;
    x->status = (uint16_t)status;
    x->failed = true;
    snprintf(f.message, sizeof f.message, "%s", failure_help(kind));
    if (status > 0) {
        snprintf(f.text, sizeof f.text,
                 "HTTP/1.1 %u Service Unavailable\nretry-after: 2\n"
                 "content-type: application/json\n\n"
                 "{\"error\":\"pool exhausted\",\"detail\":"
                 "\"\\x1b[31mno conn\\x1b[0m\\u{202E}\"}",
                 status);
    }
    if (shard_wants_failure(s->shard, kind, x->request, status)) {
        shard_failure(s->shard, &f);
    }
}

/* All checks of the first request hold, or none does. */
static void sim_checks(struct sim *s, const struct sample *x)
{
    const struct request *r = s->plan->requests[0];
    size_t i;

    for (i = 0; x->request == 0 && i < r->n_checks; i++) {
        unsigned check = r->checks[i].index;
        struct failure_sample f = {.t_us = s->tick.t_us,
                                   .vu = 7,
                                   .status = x->status,
                                   .kind = FAILURE_CHECK,
                                   .check = check,
                                   .took_us = x->duration};

        shard_check(s->shard, 0, check, x->status == 200);
        if (x->status == 200) {
            continue;
        }
        snprintf(f.message, sizeof f.message, "%s: not in status %u",
                 r->checks[i].name, x->status);
        if (shard_wants_check(s->shard, check)) {
            shard_failure(s->shard, &f);
        }
    }
}

static void sim_request(struct sim *s, unsigned request, double load)
{
    uint64_t us = sim_latency(s, request, load + s->tired);
    struct sample x = {.request = (uint16_t)request,
                       .status = 200,
                       .waiting = us,
                       .duration = us,
                       .ways = request == 0 && s->ways != 0
                                   ? WAY_DIRECT | WAY_HTTP_1_1 | s->ways
                                   : s->ways,
                       .sent = 300,
                       .received = 900};
    uint64_t dice = rng_range(&s->rng, 0, 999);

    if (s->curves[s->n - 1].time_unit_us > 0) { /* in a queue before it */
        x.intended = us + us / 4 + (uint64_t)(s->tired * 400000);
    }
    if (s->dead) {
        x.duration = 0;
        sim_fail(s, &x, FAILURE_REFUSED, 0);
    } else if (s->refuses && dice > 20) {
        x.waiting = x.duration = 1000 + dice;
        sim_fail(s, &x, FAILURE_HTTP_5XX, 503);
    } else if (s->hangs && dice > 300) {
        x.duration = 0;
        sim_fail(s, &x, FAILURE_TIMEOUT, 0);
    } else if (s->limits && dice > 600) {
        sim_fail(s, &x, FAILURE_HTTP_429, 429);
    } else if (s->tired > 0.2 && (double)dice < 60 * s->tired) {
        sim_fail(s, &x, FAILURE_HTTP_5XX, 503);
    } else if (s->tired > 0.4 && dice > 992) {
        x.duration = 0;
        sim_fail(s, &x, FAILURE_TIMEOUT, 0);
    }
    shard_request(s->shard, &x);
    sim_checks(s, &x);
}

static void sim_load(struct sim *s)
{
    double load = s->tick.vus / 100.0;
    double n = s->tick.vus * 0.55 * s->rate_scale / (1 + s->tired);
    unsigned count = (unsigned)n, i;

    s->tired += load > 0.6 ? 0.004 : -0.012;
    s->tired = s->tired < 0 ? 0 : s->tired > 1 ? 1 : s->tired;
    if ((double)rng_range(&s->rng, 0, 999) < (n - (double)count) * 1000) {
        count++;
    }
    for (i = 0; i < count; i++) {
        unsigned dice = (unsigned)rng_range(&s->rng, 0, 9);

        unsigned request = dice < 6 ? 0 : dice < 8 ? 1 : dice < 9 ? 2 : 3;

        sim_request(s, request % (unsigned)s->plan->n_requests, load);
        if (dice < 6) {
            /* As long as Little's law has it. */
            shard_iteration(s->shard, 0,
                            (uint64_t)(TICK_US * s->tick.vus / (0.6 * n)));
        }
    }
    shard_lag(s->shard, 200 + rng_range(&s->rng, 0, 300));
}

/* VUs that an arrival rate needs, of those there may be; what begins, and what
 * is dropped for want of them. An iteration takes 0.4 s, and longer when the
 * service is down. */
static void sim_arrivals(struct sim *s, size_t i, const struct steer_view *v,
                         struct tick_scenario *t)
{
    const struct scenario *sc = &s->info.lineup->list[i];
    double per_tick = v->paused || t->state != SCENARIO_RUNNING
                          ? 0
                          : (double)v->wanted * (double)s->tick_us /
                                (double)s->curves[i].time_unit_us;
    double took = 4 * (1 + 3 * s->tired), most = sc->max_vus / took;
    double begun = per_tick < most ? per_tick : most;

    s->owed[i] += begun;
    t->begun = (uint64_t)s->owed[i];
    s->owed[i] -= (double)t->begun;
    t->dropped = (uint64_t)(per_tick - begun + 0.5);
    t->dropped_all += t->dropped;
    shard_dropped(s->shard, (unsigned)i, t->dropped);
    t->vus = (uint32_t)(begun * took + 0.5);
    t->allocated =
        t->vus > sc->pre_allocated_vus ? t->vus : sc->pre_allocated_vus;
    t->rate = pulse_beat(&s->pulses[i], t->begun, t->ran_us);
    t->late_p99_us = 180 + v->wanted;
    t->late_max_us = 2300;
}

static void sim_scenario(struct sim *s, size_t i)
{
    struct steer_view v = steer_view(s->steers[i], s->tick.t_us);
    struct tick_scenario *t = &s->tick.scenarios[i];
    uint32_t before = t->vus;

    t->state = v.phase == LOAD_WAIT  ? SCENARIO_WAITING
               : v.phase == LOAD_RUN ? SCENARIO_RUNNING
               : s->finished         ? SCENARIO_DONE
                                     : SCENARIO_DRAINING;
    t->starts_in_us = v.starts_in_us;
    t->manual = v.manual;
    t->spike = v.spike;
    t->spike_left_us = v.spike_left_us;
    t->stage_clock_us = v.clock_us;
    t->left_us = v.left_us;
    t->stage = v.stage;
    t->wanted = v.wanted;
    t->planned = v.planned;
    t->timed = s->curves[i].time_unit_us > 0;
    t->vus_max = t->timed ? s->curves[i].max_vus : 500;
    t->wanted_max = t->timed ? LEVEL_RATE_MAX : 500;
    t->ran_us = t->state == SCENARIO_RUNNING && !v.paused ? s->tick_us : 0;
    if (t->timed) {
        sim_arrivals(s, i, &v, t);
    } else {
        t->vus = v.paused ? 0 : v.wanted;
    }
    t->draining = before > t->vus ? before - t->vus : t->draining / 2;
    if (t->state == SCENARIO_DRAINING && s->n > 1 &&
        t->vus + t->draining == 0) {
        t->state = SCENARIO_DONE;
    }
}

/* How far the least far scenario is: the run. */
static enum load_phase sim_phase(const struct sim *s)
{
    enum load_phase least = LOAD_CUT;
    size_t i;

    for (i = 0; i < s->n; i++) {
        struct steer_view v = steer_view(s->steers[i], s->tick.t_us);
        enum load_phase p = v.waiting ? LOAD_RUN : v.phase;

        least = p < least ? p : least;
    }
    return least;
}

/* What is seen of the service itself. */
static void sim_server(const struct sim *s, struct tick_server *t)
{
    double leak = s->leak_mb_min / 60 * (double)s->tick.t_us;

    t->watched = !s->unwatched;
    t->alive = t->watched && !s->silent;
    t->rss_bytes = 0;
    t->cpu = (double)NAN;
    if (t->alive) {
        t->rss_bytes =
            402000000 + 1000000 * (uint64_t)s->tick.vus + (uint64_t)leak;
        t->cpu = 0.02 * s->tick.vus;
    }
    if (t->limit_bytes == 0) {
        t->limit_bytes = 4000000000;
    }
}

/* Plain fields of the tick, from the steering. */
static void sim_gauges(struct sim *s)
{
    struct steer_view v = steer_view(s->steers[0], s->tick.t_us);
    struct tick *t = &s->tick;
    enum load_phase phase = sim_phase(s);
    size_t i;

    for (i = 0; i < s->n; i++) {
        sim_scenario(s, i);
    }
    tick_sum(&s->info, t);
    t->held = v.held;
    t->in_flight = t->vus - t->vus / 5;
    t->connections = t->vus + t->draining;
    if (t->connections_max < t->connections) {
        t->connections_max = t->connections;
    }
    t->connections_opened += t->vus / 10;
    if (!s->finished) {
        t->state = phase == LOAD_WAIT  ? RUN_STARTING
                   : phase != LOAD_RUN ? RUN_DRAINING
                   : v.paused          ? RUN_PAUSED
                                       : RUN_RUNNING;
    }
    t->active_us = phase == LOAD_WAIT || v.paused ? 0 : s->tick_us;
    t->health.cpu = 0.1 + t->vus * 0.002;
    t->health.cpu_process = t->health.cpu * 1.4;
    t->health.lag_p99_ms = 0.4;
    t->health.lag_max_ms = 3.1;
    t->health.rss_bytes = 41000000;
    t->health.fds = 18 + t->connections;
    t->health.fds_max = 65536;
    sim_server(s, &t->server);
}

static void sim_length(struct sim *s)
{
    if (s->jitter_us > 0) {
        s->tick_us = TICK_US - s->jitter_us +
                     rng_range(&s->rng, 0, 2 * (uint64_t)s->jitter_us);
    }
}

void sim_tick(struct sim *s)
{
    struct verdict verdicts[16];
    struct steer_news n;
    struct ledger_gauges g;
    struct delta *d;
    size_t i;

    if (!s->setup && !s->begun) {
        s->begun = true;
        for (i = 0; i < s->n; i++) {
            steer_start(s->steers[i], s->tick.t_us);
        }
    }
    sim_length(s);
    s->tick.t_us += s->tick_us;
    for (i = 0; i < s->n; i++) {
        while (steer_due(s->steers[i], s->tick.t_us, &n)) {
            sim_news(s, i, &n, "plan");
        }
    }
    sim_gauges(s);
    if (s->tick.active_us > 0 && !s->finished) {
        sim_load(s);
    }
    s->tick.dt_us = s->tick_us;
    s->tick.active_total_us += s->tick.active_us;
    d = delta_new(s->plan, &s->shard, 1);
    s->tick.delta = d;
    g = tick_gauges(&s->info, &s->tick, &s->rooms);
    ledger_feed(s->ledger, s->tick.t_us, s->tick.active_us, &g, d);
    returns_tick(s->study, s->judge, &s->tick);
    if (s->tick.state == RUN_FINISHED) {
        judge_end(s->judge, s->tick.t_us, s->tick.active_total_us);
    } else {
        judge_eval(s->judge, s->tick.t_us, s->tick.active_total_us);
    }
    MUST(judge_count(s->judge) <= 16);
    for (i = 0; i < judge_count(s->judge); i++) {
        verdicts[i] = *judge_verdict(s->judge, i);
    }
    s->tick.verdicts = verdicts;
    s->tick.n_verdicts = judge_count(s->judge);
    s->tick.events = s->events;
    s->tick.n_events = s->n_events;
    story_feed(s->story, &s->tick);
    if (s->tap != NULL) {
        s->tap(s->tap_ctx, &s->tick);
    }
    s->tick.seq++;
    s->tick.verdicts = NULL;
    s->tick.n_verdicts = 0;
    s->tick.events = NULL;
    s->n_events = s->tick.n_events = 0;
    s->tick.delta = NULL;
    delta_free(&d);
    shard_clear(s->shard);
}

void sim_run(struct sim *s, unsigned seconds)
{
    unsigned i;

    for (i = 0; i < seconds * 10; i++) {
        sim_tick(s);
    }
}

void sim_finish(struct sim *s, int exit_code)
{
    size_t i;

    s->finished = true;
    for (i = 0; i < s->n && s->begun; i++) { /* else they wait for ever */
        steer_cut(s->steers[i], s->tick.t_us);
    }
    s->tick.state = RUN_FINISHED;
    for (i = 0; i < s->n; i++) {
        s->tick.scenarios[i].vus = s->tick.scenarios[i].draining = 0;
    }
    s->tick.outcome.exit_code = exit_code;
    s->tick.outcome.status = exit_code == 0 ? STATUS_PASSED : STATUS_FAILED;
    snprintf(s->tick.outcome.text, sizeof s->tick.outcome.text, "%s",
             exit_code == 0 ? "all thresholds hold" : "thresholds failed");
    sim_tick(s);
}
