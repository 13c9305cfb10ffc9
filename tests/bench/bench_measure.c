/* SPDX-License-Identifier: MIT
 *
 * bench_measure - what measuring costs: a value, a request, a tick of many
 * series, a verdict. Prints lines of "WHAT SCALE UNIT VALUE"; asserts
 * nothing. */
#include "config.h"

#include <stdio.h>

#include "base/clk.h"
#include "base/rng.h"
#include "measure/judge.h"
#include "measure/shard.h"
#include "support/mini_feed.h"

#define VALUES 65536u
#define ROUNDS 40u

/* Latencies over five octaves from 1 ms on. */
static void bench_values(uint64_t *v)
{
    struct rng r;
    unsigned i;

    rng_seed(&r, 1, 0);
    for (i = 0; i < VALUES; i++) {
        v[i] = UINT64_C(1000) << rng_range(&r, 0, 4);
        v[i] += rng_range(&r, 0, v[i] - 1);
    }
}

static void bench_histo(const uint64_t *v)
{
    struct histo *h = histo_new();
    uint64_t began = clk_thread_cpu_us();
    unsigned n, i;

    for (n = 0; n < ROUNDS * 10; n++) {
        for (i = 0; i < VALUES; i++) {
            histo_record(h, v[i]);
        }
    }
    printf("histo_record 1 ns %.2f\n", (double)(clk_thread_cpu_us() - began) *
                                           1e3 / (double)histo_count(h));
    histo_free(&h);
}

static void bench_shard(const uint64_t *v)
{
    struct mini_plan m;
    struct shard *s;
    uint64_t began;
    unsigned n, i;

    mini_plan_init(&m);
    s = shard_new(&m.plan);
    began = clk_thread_cpu_us();
    for (n = 0; n < ROUNDS; n++) {
        for (i = 0; i < VALUES; i++) {
            struct sample x = {.request = (uint16_t)(i % MINI_REQUESTS),
                               .status = 200,
                               .sending = 20,
                               .waiting = v[i],
                               .receiving = v[i] / 20,
                               .duration = 20 + v[i] + v[i] / 20,
                               .sent = 70,
                               .received = 800};

            shard_request(s, &x);
        }
        shard_clear(s);
    }
    printf("shard_request 1 ns %.2f\n",
           (double)(clk_thread_cpu_us() - began) * 1e3 / (ROUNDS * VALUES));
    shard_free(&s);
}

/* Four requests with five statuses each, n of each of these a tick. */
static void bench_tick(const uint64_t *v, unsigned n)
{
    static const unsigned statuses[] = {200, 201, 404, 429, 503};
    static const char *const names[] = {"chat", "stream", "health"};
    static struct mini_feed f;
    struct judge *j;
    uint64_t feed = 0, eval = 0, began;
    unsigned t, i, k;

    mini_plan_init(&f.mini);
    for (i = 0; i < MINI_THRESHOLDS; i++) {
        mini_threshold(&f.mini, METRIC_HTTP_REQ_DURATION + i % 7, TAG_NAME,
                       names[i % 3], AGG_P, 95, OP_LT, 500);
    }
    mini_feed_init(&f);
    j = judge_new(&f.mini.plan, f.ledger);
    for (t = 0; t < 200; t++) {
        for (i = 0; i < 20; i++) {
            for (k = 0; k < n; k++) {
                mini_feed_requests(&f, i % 4, statuses[i / 4],
                                   v[(t * 9973 + i * 331 + k * 13) % VALUES],
                                   1);
            }
        }
        began = clk_thread_cpu_us();
        mini_feed_tick(&f);
        feed += clk_thread_cpu_us() - began;
        began = clk_thread_cpu_us();
        judge_eval(j, f.t_us, f.active_us);
        eval += clk_thread_cpu_us() - began;
    }
    printf("tick_merge %u us %.1f\n", n * 20, (double)feed / 200);
    printf("tick_judge %u us %.1f\n", n * 20, (double)eval / 200);
    printf("ledger %u MB %.2f\n", n * 20, (double)ledger_bytes(f.ledger) / 1e6);
    judge_free(&j);
    mini_feed_clear(&f);
}

int main(void)
{
    static uint64_t v[VALUES];

    bench_values(v);
    bench_histo(v);
    bench_shard(v);
    bench_tick(v, 5);
    bench_tick(v, 50);
    bench_tick(v, 500);
    return 0;
}
