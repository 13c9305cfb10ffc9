/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "target/answer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/must.h"
#include "target/call.h"

#define ANSWER_MAX        (64 * 1024)
#define ANSWER_JSON       "application/json; charset=utf-8"
#define ANSWER_PROMETHEUS "text/plain; version=0.0.4; charset=utf-8"

/* Why it did not work, for the body. */
static const char *const answer_errors[STATUS_COUNT] = {
    [STATUS_OK] = "",
    [STATUS_BAD_REQUEST] = "Body is not valid JSON",
    [STATUS_NOT_FOUND] = "Route not found",
    [STATUS_TOO_LARGE] = "Request body is too large",
    [STATUS_MEDIA_TYPE] = "Unsupported Media Type",
    [STATUS_TOO_MANY] = "Too many chat requests, please slow down",
    [STATUS_FAILED] = "Failed to process chat request",
    [STATUS_UNAVAILABLE] = "The service is overloaded, please try again later",
};

static void answer_add_number(struct MHD_Response *r, const char *name,
                              uint64_t value)
{
    char text[24];

    snprintf(text, sizeof text, "%" PRIu64, value);
    MHD_add_response_header(r, name, text);
}

static void answer_add_limit(const struct call *call, struct MHD_Response *r)
{
    uint64_t limit = call->service->model.rate_limit;
    uint64_t reset_ms =
        ((uint64_t)wall_now().us + call->limit.reset_us) / US_PER_MS;

    answer_add_number(r, "x-ratelimit-limit",
                      limit > 0 ? limit : ANSWER_NO_LIMIT);
    answer_add_number(r, "x-ratelimit-remaining", call->limit.remaining);
    answer_add_number(r, "x-ratelimit-reset", reset_ms);
    if (!call->limit.allowed) {
        answer_add_number(r, "retry-after",
                          (call->limit.reset_us + US_PER_SEC - 1) / US_PER_SEC);
    }
}

static bool answer_in_test_mode(const struct call *call)
{
    const char *v = call_header(call, "X-Vi-Test-Mode");

    return v != NULL && strcasecmp(v, "true") == 0;
}

static bool answer_wants_prometheus(const struct call *call)
{
    const char *accept = call_header(call, "Accept");
    const char *format = MHD_lookup_connection_value(
        call->conn, MHD_GET_ARGUMENT_KIND, "format");

    return (format != NULL && strcmp(format, "prom") == 0) ||
           (accept != NULL && strstr(accept, "text/plain") != NULL);
}

static void answer_write_ok(struct call *call, bool prometheus, struct buf *out)
{
    struct service *s = call->service;

    switch (call->endpoint) {
    case ENDPOINT_CHAT:
        reply_chat(&call->facts, out);
        break;
    case ENDPOINT_METRICS:
        if (prometheus) {
            tally_prometheus(&s->tally, capacity_strain(s->capacity),
                             tally_resident(), out);
        } else {
            tally_json(&s->tally, out);
        }
        break;
    case ENDPOINT_HEALTH:
        reply_health(wall_now(), out);
        break;
    case ENDPOINT_STREAM:
    case ENDPOINT_OTHER:
    case ENDPOINT_COUNT:
        MUST(false); /* answered elsewhere */
    }
}

static void answer_write(struct call *call, bool prometheus, struct buf *out)
{
    char text[512];

    if (call->status == STATUS_OK) {
        answer_write_ok(call, prometheus, out);
    } else if (call->status == STATUS_BAD_REQUEST && call->ask.faults_n > 0) {
        reply_invalid(&call->ask, call->id, wall_now(), out);
    } else {
        snprintf(text, sizeof text, "%s%s%s", answer_errors[call->status],
                 *call->lost != '\0' ? ": " : "", call->lost);
        reply_error(call->status, text, call->id, wall_now(), out);
    }
}

enum MHD_Result answer_give(struct call *call)
{
    bool prometheus =
        call->endpoint == ENDPOINT_METRICS && answer_wants_prometheus(call);
    struct MHD_Response *r;
    struct buf out;
    size_t n;

    buf_init(&out, ANSWER_MAX);
    answer_write(call, prometheus, &out);
    n = out.len;
    r = MHD_create_response_from_buffer(n, buf_take(&out),
                                        MHD_RESPMEM_MUST_FREE);
    if (r == NULL) {
        return MHD_NO;
    }
    MHD_add_response_header(r, "Content-Type",
                            prometheus ? ANSWER_PROMETHEUS : ANSWER_JSON);
    MHD_add_response_header(r, "Keep-Alive", "timeout=72");
    if (call->limited) {
        answer_add_limit(call, r);
    }
    if (call->endpoint == ENDPOINT_CHAT && call->status == STATUS_OK &&
        call->ask.canned == NULL && answer_in_test_mode(call)) {
        MHD_add_response_header(r, "x-vi-test-mode", "true");
    }
    return call_queue_take(call, call->status, r);
}
