/* SPDX-License-Identifier: MIT
 *
 * Whatever is read as the header of a run or as one of its ticks, a story takes
 * it; and written again it reads the same. The first byte says which it is; a
 * tick is of the run of the plan below, which is also sim.c's. */
#include "config.h"

#include "fuzz.h"

#include <string.h>

#include "base/must.h"
#include "record/info_code.h"
#include "record/tick_code.h"
#include "run/story.h"

#define ROOM (8u << 20)

/* Shaped as the run that the corpus is from: requests, checks, metrics,
 * thresholds and stages are as many. */
static const char plan_text[] =
    "{\"name\":\"demo\",\"flow\":["
    "{\"post\":\"http://127.0.0.1/\",\"name\":\"ChatRequest\","
    "\"checks\":{\"chat status is 200\":{\"status\":200}},"
    "\"metrics\":{\"chat_duration\":\"duration\"}},"
    "{\"post\":\"http://127.0.0.1/\",\"name\":\"ChatStream\"},"
    "{\"get\":\"http://127.0.0.1/\",\"name\":\"Metrics\"},"
    "{\"get\":\"http://127.0.0.1/\",\"name\":\"Places\"}],"
    "\"scenarios\":{\"spike\":{\"executor\":\"ramping-vus\",\"startVUs\":0,"
    "\"stages\":[{\"duration\":\"10s\",\"target\":20},"
    "{\"duration\":\"20s\",\"target\":20},{\"duration\":\"3s\",\"target\":100},"
    "{\"duration\":\"30s\",\"target\":100},{\"duration\":\"5s\",\"target\":20},"
    "{\"duration\":\"40s\",\"target\":20}]}},"
    "\"thresholds\":{"
    "\"http_req_duration\":[\"p(95)<500\",\"p(99)<5000\"],"
    "\"http_req_failed\":[\"rate<0.01\"],"
    "\"http_req_duration{name:ChatRequest}\":[\"p(95)<800\"],"
    "\"checks\":[\"rate>0.95\"]}}";

static const struct run_info *fuzz_info(void)
{
    static struct run_info info;
    static struct curve curve;

    if (info.plan == NULL) {
        struct plan_input in = {"fuzz.json", NULL, 0, NULL};
        struct plan_errors errors = {NULL, 0, 0};
        struct plan *p = plan_parse(plan_text, strlen(plan_text), &in, &errors);

        MUST(p != NULL);
        info.plan = p;
        info.lineup = &p->lineups[0];
        curve_init(&curve, &p->lineups[0].list[0], 1.0);
        info.curves = &curve;
        info.time_scale = 1.0;
    }
    return &info;
}

static void fuzz_info_code(const void *data, size_t n)
{
    struct info_read one, two;
    struct err e = ERR_INIT;
    struct buf b, again;

    if (!info_decode(data, n, &one, &e)) {
        MUST(e.text[0] != '\0');
        return;
    }
    buf_init(&b, ROOM);
    buf_init(&again, ROOM);
    if (info_encode(&one.info, &b)) {
        struct story *s = story_new(&one.info);

        MUST(info_decode(b.data, b.len, &two, &e));
        MUST(info_encode(&two.info, &again));
        MUST(again.len == b.len && memcmp(again.data, b.data, b.len) == 0);
        info_read_clear(&two);
        story_free(&s);
    }
    info_read_clear(&one);
    buf_clear(&b);
    buf_clear(&again);
}

static void fuzz_tick_code(const void *data, size_t n)
{
    const struct run_info *info = fuzz_info();
    struct tick_read one, two;
    struct err e = ERR_INIT;
    struct buf b, again;
    struct story *s;
    int i;

    if (!tick_decode(info, data, n, &one, &e)) {
        MUST(e.text[0] != '\0');
        return;
    }
    buf_init(&b, ROOM);
    buf_init(&again, ROOM);
    MUST(tick_encode(&one.tick, &b));
    MUST(tick_decode(info, b.data, b.len, &two, &e));
    MUST(tick_encode(&two.tick, &again));
    MUST(again.len == b.len && memcmp(again.data, b.data, b.len) == 0);
    s = story_new(info);
    for (i = 0; i < 3; i++) {
        story_feed(s, &one.tick);
        one.tick.t_us += LEDGER_WINDOW_US / 2;
        one.tick.active_us = LEDGER_WINDOW_US;
    }
    story_free(&s);
    tick_read_clear(&one);
    tick_read_clear(&two);
    buf_clear(&b);
    buf_clear(&again);
}

int fuzz_one(const uint8_t *data, size_t n)
{
    if (n > 0 && data[0] == 0) {
        fuzz_info_code(data + 1, n - 1);
    } else if (n > 0) {
        fuzz_tick_code(data + 1, n - 1);
    }
    return 0;
}
