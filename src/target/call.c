/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "target/call.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/must.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "target/answer.h"

#define CALL_MAGIC   0xca11u
#define CALL_KEY_MAX 4096
/* Chat's short cut takes 3-10 ms. */
#define CALL_SHORT_LOW_US  3000
#define CALL_SHORT_HIGH_US 10000
/* Shares of the calls in which Vi makes a remark, and asks back. */
#define CALL_CHIMES    0.05
#define CALL_AMBIGUOUS 0.05

static bool call_is_chat(const struct call *call)
{
    return call->endpoint == ENDPOINT_CHAT || call->endpoint == ENDPOINT_STREAM;
}

static void call_address(const struct call *call, char *buf, size_t size)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(call->conn, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *a = info != NULL ? info->client_addr : NULL;

    buf[0] = '\0';
    if (a == NULL) {
        return;
    }
    if (a->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const void *)a;

        inet_ntop(AF_INET, &in->sin_addr, buf, (socklen_t)size);
    } else if (a->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const void *)a;

        inet_ntop(AF_INET6, &in6->sin6_addr, buf, (socklen_t)size);
    }
}

/* Counts the call with its client address (or the first one forwarded for)
 * and URL. */
static bool call_allowed(struct call *call)
{
    const char *forwarded = call_header(call, "X-Forwarded-For");
    char address[INET6_ADDRSTRLEN];
    struct buf key;

    if (call->service->limiter == NULL) {
        call->limit.allowed = true;
        call->limit.remaining = ANSWER_NO_LIMIT;
        call->limit.reset_us = LIMITER_WINDOW_US;
    } else {
        buf_init(&key, CALL_KEY_MAX);
        if (forwarded != NULL) {
            buf_add(&key, forwarded, strcspn(forwarded, ","));
        } else {
            call_address(call, address, sizeof address);
            buf_adds(&key, address);
        }
        buf_addc(&key, ':');
        buf_adds(&key, call->uri);
        call->limit =
            limiter_count(call->service->limiter, buf_str(&key), key.len);
        buf_clear(&key);
    }
    call->limited = true;
    return call->limit.allowed;
}

static void call_decide(struct call *call, enum status status)
{
    call->status = status;
    call->step = CALL_DUE;
    call_resume(call);
}

static void call_on_short(void *ctx)
{
    struct call *call = ctx;

    OBJ_CHECK(call, CALL_MAGIC);
    call_decide(call, STATUS_OK);
}

static void call_hold(struct call *call)
{
    call->step = CALL_HELD;
    call_suspend(call);
}

static void call_facts(struct call *call)
{
    struct service *s = call->service;
    struct reply_facts *f = &call->facts;

    f->ask = &call->ask;
    f->now = wall_now();
    rng_uuid(&s->rng, f->record);
    rng_uuid(&s->rng, f->citation);
    rng_uuid(&s->rng, f->session);
    if (call->ask.session[0] != '\0') {
        memcpy(f->session, call->ask.session, sizeof f->session);
    }
    f->chimes = service_chance(s, CALL_CHIMES) ? 1 : 0;
    f->ambiguous = service_chance(s, CALL_AMBIGUOUS);
}

/* A valid chat or stream: by the short cut, into the capacity, or away. */
static enum MHD_Result call_take_in(struct call *call)
{
    struct service *s = call->service;

    call_facts(call);
    if (call->endpoint == ENDPOINT_CHAT && call->ask.canned != NULL) {
        service_wake_at(s, &call->wake,
                        clk_now(s->clk) + rng_range(&s->rng, CALL_SHORT_LOW_US,
                                                    CALL_SHORT_HIGH_US),
                        call_on_short, call);
        call_hold(call);
        return MHD_YES;
    }
    s->tally.autonomy_events++;
    call->job.owner = call;
    if (!capacity_admit(s->capacity, &call->job)) {
        s->tally.chat_error++;
        call_decide(call, STATUS_UNAVAILABLE);
        return answer_give(call);
    }
    if (call->endpoint == ENDPOINT_STREAM) {
        return stream_open(call);
    }
    call_hold(call);
    return MHD_YES;
}

static bool call_is_json(const struct call *call)
{
    const char *type = call_header(call, "Content-Type");

    return type != NULL && strncasecmp(type, "application/json", 16) == 0;
}

/* In the order of the Vi runtime: body, rate limit, validation. */
static enum MHD_Result call_chat(struct call *call)
{
    enum ask_verdict verdict;

    if (call->body.cut) {
        call_decide(call, STATUS_TOO_LARGE);
        return answer_give(call);
    }
    if (!call_is_json(call)) {
        call_decide(call, STATUS_MEDIA_TYPE);
        return answer_give(call);
    }
    verdict = ask_parse(&call->ask, buf_str(&call->body), call->body.len);
    buf_clear(&call->body);
    if (verdict == ASK_NOT_JSON) {
        call_decide(call, STATUS_BAD_REQUEST);
    } else if (!call_allowed(call)) {
        call->service->tally.rate_limited++;
        call_decide(call, STATUS_TOO_MANY);
    } else if (verdict == ASK_INVALID) {
        call_decide(call, STATUS_BAD_REQUEST);
    } else {
        return call_take_in(call);
    }
    return answer_give(call);
}

/* The request is here in whole. */
static enum MHD_Result call_begin(struct call *call)
{
    struct service *s = call->service;

    if (s->model.crash_after > 0 && s->tally.answered >= s->model.crash_after) {
        s->crash = true;
        call_hold(call);
        return MHD_YES;
    }
    if (call_is_chat(call)) {
        return call_chat(call);
    }
    call_decide(call, call->endpoint == ENDPOINT_OTHER ? STATUS_NOT_FOUND
                                                       : STATUS_OK);
    return answer_give(call);
}

/* Keeps what no route was found for, fit to be quoted. */
static void call_lose(struct call *call, const char *method)
{
    char *route = xasprintf("%s %s", method, call->uri);

    text_safe(call->lost, sizeof call->lost, route);
    free(route);
}

void *call_on_uri(void *cls, const char *uri, struct MHD_Connection *conn)
{
    struct service *s = cls;
    struct call *call = xcalloc(1, sizeof *call);

    call->magic = CALL_MAGIC;
    call->service = s;
    call->conn = conn;
    call->uri = xstrdup(uri);
    call->id = ++s->ids;
    buf_init(&call->body, ASK_BODY_MAX);
    ask_init(&call->ask);
    call->next = s->calls;
    if (call->next != NULL) {
        call->next->prev = call;
    }
    s->calls = call;
    return call;
}

enum MHD_Result call_on_access(void *cls, struct MHD_Connection *conn,
                               const char *url, const char *method,
                               const char *version, const char *data,
                               size_t *size, void **con_cls)
{
    struct call *call = *con_cls;

    (void)cls;
    (void)conn;
    (void)version;
    OBJ_CHECK(call, CALL_MAGIC);
    if (call->service->closing) {
        return MHD_NO;
    }
    if (call->service->crash) {
        call_suspend(call);
        return MHD_YES;
    }
    switch (call->step) {
    case CALL_HEAD:
        call->endpoint = tally_route(method, url);
        if (call->endpoint == ENDPOINT_OTHER) {
            call_lose(call, method);
        }
        call->step = CALL_BODY;
        return MHD_YES;
    case CALL_BODY:
        if (*size > 0) {
            buf_add(&call->body, data, *size);
            *size = 0;
            return MHD_YES;
        }
        return call_begin(call);
    case CALL_DUE:
        return answer_give(call);
    case CALL_HELD:
    case CALL_ANSWERED:
        break;
    }
    return MHD_YES;
}

void call_on_end(void *cls, struct MHD_Connection *conn, void **con_cls,
                 enum MHD_RequestTerminationCode why)
{
    struct call *call = *con_cls;
    struct service *s = cls;

    (void)conn;
    (void)why;
    if (call == NULL) {
        return;
    }
    OBJ_CHECK(call, CALL_MAGIC);
    *con_cls = NULL;
    stream_close(call);
    capacity_leave(s->capacity, &call->job);
    service_wake_drop(s, &call->wake);
    if (call->prev != NULL) {
        call->prev->next = call->next;
    } else {
        s->calls = call->next;
    }
    if (call->next != NULL) {
        call->next->prev = call->prev;
    }
    ask_clear(&call->ask);
    buf_clear(&call->body);
    free(call->uri);
    call->magic = 0;
    free(call);
}

void call_on_news(struct call *call, enum capacity_news news)
{
    struct service *s = call->service;

    OBJ_CHECK(call, CALL_MAGIC);
    if (call->endpoint == ENDPOINT_STREAM) {
        stream_on_news(call, news);
        return;
    }
    switch (news) {
    case CAPACITY_STARTED:
        break;
    case CAPACITY_DONE:
        s->tally.chat_ok++;
        s->tally.chimes += call->facts.chimes;
        call_decide(call, STATUS_OK);
        break;
    case CAPACITY_EXPIRED:
        s->tally.chat_error++;
        call_decide(call, STATUS_FAILED);
        break;
    }
}

void call_suspend(struct call *call)
{
    if (!call->suspended) {
        call->suspended = true;
        MHD_suspend_connection(call->conn);
    }
}

void call_resume(struct call *call)
{
    if (call->suspended) {
        call->suspended = false;
        MHD_resume_connection(call->conn);
    }
}

const char *call_header(const struct call *call, const char *name)
{
    return MHD_lookup_connection_value(call->conn, MHD_HEADER_KIND, name);
}

enum MHD_Result call_queue_take(struct call *call, enum status status,
                                struct MHD_Response *r)
{
    enum MHD_Result ok = MHD_queue_response(call->conn, tally_code(status), r);

    MHD_destroy_response(r);
    if (ok == MHD_YES) {
        call->step = CALL_ANSWERED;
        tally_answer(&call->service->tally, call->endpoint, status);
    }
    return ok;
}
