/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "story_kit.h"

#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "base/rng.h"
#include "returns.h"

struct story_kit kit;

void story_kit_init(struct story_kit *k, const char *plan_text)
{
    struct plan_input in = {"kit.json", NULL, 0, NULL};
    struct plan_errors errors = {NULL, 0, 0};
    size_t i;

    memset(k, 0, sizeof *k);
    k->plan = plan_parse(plan_text, strlen(plan_text), &in, &errors);
    if (k->plan == NULL) {
        fprintf(stderr, "kit.json: %s\n", errors.list[0].text);
    }
    MUST(k->plan != NULL);
    for (i = 0; i < k->plan->lineups[0].n; i++) {
        curve_init(&k->curves[i], &k->plan->lineups[0].list[i], 1.0);
    }
    k->info.plan = k->plan;
    k->info.lineup = &k->plan->lineups[0];
    k->info.curves = k->curves;
    k->tick.n_scenarios = k->plan->lineups[0].n;
    k->info.time_scale = 1.0;
    k->info.started.us = INT64_C(1795500000000000);
    k->info.workers = 1;
    k->info.seed = 42;
    snprintf(k->info.target, sizeof k->info.target, "http://127.0.0.1:1");
    k->story = story_new(&k->info);
    k->ledger = ledger_new(k->plan, k->info.lineup);
    k->judge = judge_new(k->plan, k->ledger);
    k->study = returns_study(&k->info);
    k->shard = shard_new(k->plan);
    k->tick.outcome.exit_code = -1;
    k->tick.state = RUN_RUNNING;
}

void story_kit_clear(struct story_kit *k)
{
    size_t i;

    shard_free(&k->shard);
    judge_free(&k->judge);
    study_free(&k->study);
    ledger_free(&k->ledger);
    story_free(&k->story);
    for (i = 0; i < k->tick.n_scenarios; i++) {
        curve_clear(&k->curves[i]);
    }
    plan_free(&k->plan);
}

void story_kit_begin(const char *plan_text, uint32_t vus)
{
    story_kit_init(&kit, plan_text);
    kit.tick.wanted = kit.tick.vus = kit.tick.planned = vus;
}

int story_kit_end(void **state)
{
    (void)state;
    story_kit_clear(&kit);
    return 0;
}

void story_kit_requests(struct story_kit *k, unsigned request, unsigned status,
                        uint64_t duration_us, unsigned n)
{
    struct sample x = {
        .request = (uint16_t)request,
        .status = (uint16_t)status,
        .failure = status < 400 ? FAILURE_NONE : failure_of_status(status),
        .failed = status >= 400,
        .waiting = duration_us,
        .duration = duration_us,
        .sent = 100,
        .received = 200,
    };

    while (n-- > 0) {
        shard_request(k->shard, &x);
    }
}

void story_kit_feed(struct story_kit *k, unsigned ticks, unsigned n,
                    uint64_t duration_us, unsigned odd, unsigned status)
{
    while (ticks-- > 0) {
        story_kit_requests(k, 0, 200, duration_us, n - odd);
        story_kit_requests(k, 0, status, duration_us, odd);
        story_kit_tick(k, NULL);
    }
}

void story_kit_by_hand(struct story_kit *k, uint32_t vus)
{
    k->tick.wanted = k->tick.vus = vus;
    k->tick.manual = true;
}

void story_kit_refused(struct story_kit *k, unsigned request)
{
    struct sample x = {.request = (uint16_t)request,
                       .failure = FAILURE_REFUSED,
                       .failed = true};
    struct failure_sample f = {.t_us = k->tick.t_us,
                               .vu = 3,
                               .request = (uint16_t)request,
                               .kind = FAILURE_REFUSED};

    snprintf(f.message, sizeof f.message, "connection refused");
    shard_request(k->shard, &x);
    if (shard_wants_failure(k->shard, FAILURE_REFUSED, request, 0)) {
        shard_failure(k->shard, &f);
    }
}

void story_kit_leak(struct story_kit *k, unsigned seconds, double up_to_mb)
{
    struct rng rng;
    unsigned i;

    rng_seed(&rng, 5, 1);
    story_kit_by_hand(k, 20);
    k->tick.server = (struct tick_server){
        .watched = true, .alive = true, .limit_bytes = 800000000};
    for (i = 0; i < seconds; i++) {
        k->tick.server.rss_bytes = 41000000 + i * UINT64_C(35000) +
                                   (uint64_t)(up_to_mb * 1e6 * rng_unit(&rng));
        story_kit_feed(k, 10, 2, 20000, 0, 200);
    }
    k->tick.state = RUN_DRAINING;
    story_kit_tick(k, NULL);
}

void story_kit_tick(struct story_kit *k, const char *event_text)
{
    struct delta *d = delta_new(k->plan, &k->shard, 1);
    struct event e = {.t_us = k->tick.t_us, .type = "mark", .by = "keyboard"};
    struct verdict verdicts[8];
    struct ledger_gauges g;
    size_t i;

    k->tick.dt_us = TICK_US;
    k->tick.active_us = TICK_US;
    k->tick.t_us += TICK_US;
    k->tick.health.suspect_us += k->tick.health.suspect ? TICK_US : 0;
    k->tick.active_total_us += TICK_US;
    if (k->tick.n_scenarios == 1) {
        struct tick_scenario *one = &k->tick.scenarios[0];

        one->state = SCENARIO_RUNNING;
        one->stage_clock_us = k->tick.t_us;
        one->vus = k->tick.vus;
        one->draining = k->tick.draining;
        one->vus_max = k->tick.vus_max;
        one->wanted = k->tick.wanted;
        one->planned = k->tick.planned;
        one->manual = k->tick.manual;
    }
    k->tick.delta = d;
    g = tick_gauges(&k->info, &k->tick, &k->rooms);
    ledger_feed(k->ledger, k->tick.t_us, TICK_US, &g, d);
    returns_tick(k->study, k->judge, &k->tick);
    if (k->tick.state == RUN_FINISHED) {
        judge_end(k->judge, k->tick.t_us, k->tick.active_total_us);
    } else {
        judge_eval(k->judge, k->tick.t_us, k->tick.active_total_us);
    }
    MUST(judge_count(k->judge) <= 8);
    for (i = 0; i < judge_count(k->judge); i++) {
        verdicts[i] = *judge_verdict(k->judge, i);
    }
    k->tick.verdicts = verdicts;
    k->tick.n_verdicts = judge_count(k->judge);
    if (event_text != NULL) {
        snprintf(e.value, sizeof e.value, "%s", event_text);
        snprintf(e.text, sizeof e.text, "%s", event_text);
        k->tick.events = &e;
        k->tick.n_events = 1;
    } else {
        k->tick.events = NULL;
        k->tick.n_events = 0;
    }
    story_feed(k->story, &k->tick);
    if (k->tap != NULL) {
        k->tap(&k->tick);
    }
    k->tick.seq++;
    k->tick.verdicts = NULL;
    k->tick.n_verdicts = 0;
    k->tick.events = NULL;
    k->tick.n_events = 0;
    k->tick.delta = NULL;
    delta_free(&d);
    shard_clear(k->shard);
}

void story_kit_spike(struct story_kit *k, unsigned bad, unsigned good)
{
    story_kit_by_hand(k, 10);
    story_kit_feed(k, 400, 10, 20000, 0, 200);
    story_kit_by_hand(k, 100);
    story_kit_feed(k, 100, 10, 500000, 0, 200);
    story_kit_by_hand(k, 10);
    story_kit_feed(k, bad, 10, 500000, 0, 200);
    story_kit_feed(k, good, 10, 20000, 0, 200);
}

void story_kit_early_spike(struct story_kit *k)
{
    story_kit_feed(k, 20, 1, 20000, 0, 200);
    story_kit_by_hand(k, 100);
    story_kit_feed(k, 50, 10, 2000000, 0, 200);
    story_kit_by_hand(k, 10);
    story_kit_feed(k, 50, 10, 20000, 0, 200);
}
