/* SPDX-License-Identifier: MIT
 *
 * errand - every hop is an exchange and a sample of its own; checks, feeds and
 * variables see the last. The time-out spans all hops, as in k6. */
#include "config.h"

#include "load/errand.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/file.h"
#include "base/must.h"
#include "load/conclude.h"
#include "load/cookies.h"
#include "load/digest.h"
#include "load/gate.h"
#include "load/redirect.h"
#include "load/ruling.h"

#define ERRAND_MAGIC 0x65727221u

static bool errand_on_body(void *ctx, const char *data, size_t n, mono_us at)
{
    struct errand *e = ctx;

    OBJ_CHECK(e, ERRAND_MAGIC);
    stream_feed(e->stream, e->crew->shard, data, n, at);
    if (stream_over(e->stream) && e->linger.place == 0) {
        timers_arm(e->crew->timers, &e->linger, at + ERRAND_LINGER_US);
    }
    return true;
}

static void errand_linger_fire(void *ctx, mono_us now)
{
    struct errand *e = ctx;

    (void)now;
    OBJ_CHECK(e, ERRAND_MAGIC);
    e->crew->transport.ops->finish(e->crew->transport.self, e->port);
}

/* Gives back what only an exchange under way needs. */
static void errand_release(struct errand *e)
{
    timers_disarm(e->crew->timers, &e->linger);
    stream_put(&e->crew->streams, &e->stream);
    prepared_put(&e->crew->prepared, &e->own);
    e->out = NULL;
    e->request = NULL;
}

/* What of the jar goes there goes with it, in a copy of its own. */
static void errand_add_cookies(struct errand *e)
{
    struct prepared *p;
    struct buf line;

    buf_init(&line, COOKIES_LINE_MAX);
    if (cookies_line(*e->jar, e->request, prepared_cookie(e->out),
                     prepared_url(e->out), &line)) {
        if (e->own == NULL) {
            p = prepared_get(&e->crew->prepared);
            prepared_copy(p, e->out);
            e->own = p;
            e->out = p;
        }
        prepared_set_cookie(e->own, buf_str(&line));
    }
    buf_clear(&line);
}

/* Hands it to the transport. */
static void errand_go(struct errand *e, uint64_t timeout_us)
{
    struct crew *crew = e->crew;
    const struct request *r = e->request;

    if (e->jar != NULL && *e->jar != NULL) {
        errand_add_cookies(e);
    }
    if (r->sse.on) {
        stream_put(&crew->streams, &e->stream);
        e->stream = stream_get(&crew->streams, r, crew_now(crew));
    }
    prepared_call(e->out, &e->call);
    e->call.timeout_us = timeout_us;
    e->call.keep_body = r->keep_body;
    e->call.decode = crew->plan->http.compression;
    e->call.libcurl = e->call.decode || r->lane == PLAN_LANE_LIBCURL;
    e->call.direct = r->lane == PLAN_LANE_DIRECT;
    e->call.once = crew->plan->http.reuse == REUSE_NEVER;
    e->call.max_body = crew->plan->http.max_response_bytes;
    e->call.fixed = e->own == NULL ? e->out : NULL;
    e->call.on_body = r->sse.on ? errand_on_body : NULL;
    crew->in_flight++;
    e->sent_at = crew_now(crew);
    crew->transport.ops->start(crew->transport.self, e->port, &e->call);
}

static void errand_hold_fire(void *ctx, mono_us now)
{
    struct errand *e = ctx;

    (void)now;
    OBJ_CHECK(e, ERRAND_MAGIC);
    e->holding = false;
    /* The wait is no time of the service's: time-outs do not count it. */
    e->began += crew_now(e->crew) - e->asked;
    errand_go(e, e->hold_timeout_us);
}

/* Sends it, when the cap on requests a second lets it through. */
static void errand_send(struct errand *e, uint64_t timeout_us)
{
    mono_us now, at;

    if (e->crew->gate == NULL) {
        errand_go(e, timeout_us);
        return;
    }
    now = crew_now(e->crew);
    at = gate_take(e->crew->gate, now);
    if (at <= now) {
        errand_go(e, timeout_us);
        return;
    }
    e->holding = true;
    e->asked = now;
    e->hold_timeout_us = timeout_us;
    timers_arm(e->crew->timers, &e->hold, at);
}

/* From the moment the hop was due to the end of its response; 0 = nobody asks.
 * What the loop takes to notice the end, and what a stream is read on for, is
 * no time of the service's. */
static uint64_t errand_intended(const struct errand *e,
                                const struct exchange *x)
{
    uint64_t us;

    if (!e->timed || x == NULL) {
        return 0;
    }
    us = x->blocked + x->connecting + x->tls + x->sending + x->waiting +
         x->receiving + (e->sent_at > e->due ? e->sent_at - e->due : 0);
    return us > 0 ? us : 1;
}

static bool errand_conclude(struct errand *e, const struct exchange *x,
                            const struct ruling *ruling)
{
    struct conclude c = {
        .crew = e->crew,
        .request = e->request,
        .x = x,
        .stream = e->stream,
        .ruling = ruling,
        .method = e->out != NULL ? e->out->method : e->request->method,
        .url = e->out != NULL ? prepared_url(e->out) : NULL,
        .vu = e->vu,
        .vars = e->vars,
        .why = e->why,
        .intended = errand_intended(e, x),
        .why_size = e->why_size,
    };

    return conclude_request(&c);
}

/* Sends once more, as p, which it takes: the exchange x is a sample of its own.
 */
static void errand_again_take(struct errand *e, const struct exchange *x,
                              struct prepared *p)
{
    struct crew *crew = e->crew;
    uint64_t gone = crew_now(crew) - e->began;
    uint64_t timeout_us = e->request->timeout_us;

    conclude_hop(crew, e->request, x, errand_intended(e, x));
    timers_disarm(crew->timers, &e->linger);
    prepared_put(&crew->prepared, &e->own);
    e->own = p;
    e->out = p;
    e->due = crew_now(crew);
    errand_send(e,
                timeout_us > gone + US_PER_MS ? timeout_us - gone : US_PER_MS);
}

static void errand_follow(struct errand *e, const struct exchange *x,
                          const struct redirect *next)
{
    struct prepared *p = prepared_get(&e->crew->prepared);
    struct prepared_hop hop = {.method = next->method,
                               .url = next->url,
                               .keep_body = next->keep_body,
                               .keep_secrets = next->keep_secrets,
                               .drop_auth = e->request->digest != NULL};

    prepared_follow(p, e->out, &hop);
    e->hops++;
    e->answered = false;
    e->abroad = e->abroad || !next->keep_secrets;
    errand_again_take(e, x, p);
}

/* Not for secrecy, only not the same twice (RFC 7616, section 3.4): what the
 * service chose, and who asks when. */
static void errand_cnonce(const struct errand *e, const struct exchange *x,
                          char out[65])
{
    struct buf text;

    buf_init(&text, EXCHANGE_HEAD_MAX + 64);
    (void)buf_addf(&text, "%" PRIu32 " %" PRIu64 " ", e->vu, crew_now(e->crew));
    (void)buf_add(&text, buf_str(&x->head), x->head.len);
    file_sha256(buf_str(&text), text.len, out);
    out[32] = '\0';
    buf_clear(&text);
}

/* A 401 whose challenge can be answered is answered, once a hop: as with a
 * redirect, both exchanges are samples (k6 does the same), and the first one
 * went as expected. */
static bool errand_digest(struct errand *e, const struct exchange *x)
{
    char cnonce[65];
    struct digest_ask ask = {.who = e->request->digest,
                             .method = e->out->method,
                             .url = prepared_url(e->out),
                             .cnonce = cnonce};
    struct prepared *p;
    struct buf line;
    bool ok;

    if (x->failure != FAILURE_NONE || x->status != 401 || e->answered ||
        e->abroad) {
        return false;
    }
    errand_cnonce(e, x, cnonce);
    buf_init(&line, DIGEST_LINE_MAX);
    ok = digest_answer(&ask, buf_str(&x->head), x->head.len, &line);
    if (ok) {
        p = prepared_get(&e->crew->prepared);
        prepared_copy(p, e->out);
        prepared_add_line(p, buf_str(&line));
        e->answered = true;
        errand_again_take(e, x, p);
    }
    buf_clear(&line);
    return ok;
}

static void errand_finish(struct errand *e, const struct exchange *x,
                          const struct redirect *next)
{
    struct ruling ruling;

    ruling_make(&ruling, e->request, x, e->stream, next);
    e->failed = !errand_conclude(e, x, &ruling);
    e->responded = x->failure == FAILURE_NONE;
    errand_release(e);
    e->done(e->ctx);
}

static void errand_on_done(void *ctx, struct exchange *x)
{
    struct errand *e = ctx;
    struct crew *crew;
    struct redirect next = {.kind = REDIRECT_NONE};

    OBJ_CHECK(e, ERRAND_MAGIC);
    crew = e->crew;
    crew->in_flight--;
    for (unsigned i = 0; i < x->retries; i++) {
        shard_retry(crew->shard);
    }
    if (crew->plan->http.reuse == REUSE_NEVER) {
        crew->transport.ops->drop_connections(crew->transport.self, e->port);
    }
    if (e->jar != NULL && x->failure == FAILURE_NONE &&
        jar_is_set(buf_str(&x->head), x->head.len)) {
        cookies_store(e->jar, prepared_url(e->out), x);
    }
    if (e->request->digest != NULL && errand_digest(e, x)) {
        return;
    }
    if (x->failure == FAILURE_NONE && e->request->max_redirects > 0) {
        redirect_read(&next, e->out->method, prepared_url(e->out), x->status,
                      buf_str(&x->head), x->head.len);
    }
    if (next.kind == REDIRECT_FOLLOW && e->hops < e->request->max_redirects) {
        errand_follow(e, x, &next);
    } else {
        errand_finish(e, x, &next);
    }
    redirect_clear(&next);
}

void errand_init(struct errand *e, struct crew *crew)
{
    *e = (struct errand){.magic = ERRAND_MAGIC, .crew = crew};
    e->linger.fire = errand_linger_fire;
    e->linger.ctx = e;
    e->hold.fire = errand_hold_fire;
    e->hold.ctx = e;
    e->call.on_done = errand_on_done;
    e->call.ctx = e;
}

/* A request that is the same each time is expanded once for the whole squad. */
static bool errand_prepare_fixed(struct errand *e, struct expand *x)
{
    struct prepared **fixed = &e->crew->fixed[e->request->index];

    if (*fixed == NULL) {
        struct prepared *p = prepared_get(&e->crew->prepared);

        if (!prepared_fill(p, e->request, x)) {
            prepared_put(&e->crew->prepared, &p);
            return false;
        }
        *fixed = p;
    }
    e->out = *fixed;
    return true;
}

static bool errand_prepare(struct errand *e, struct expand *x)
{
    if (e->request->fixed) {
        return errand_prepare_fixed(e, x);
    }
    e->own = prepared_get(&e->crew->prepared);
    if (!prepared_fill(e->own, e->request, x)) {
        prepared_put(&e->crew->prepared, &e->own);
        return false;
    }
    e->out = e->own;
    return true;
}

bool errand_start(struct errand *e, const struct request *r, struct expand *x)
{
    struct ruling ruling = {.failure = FAILURE_UNRESOLVED};

    MUST(e->request == NULL);
    e->request = r;
    e->hops = 0;
    e->answered = false;
    e->abroad = false;
    e->began = crew_now(e->crew);
    e->due = e->due != 0 ? e->due : e->began;
    x->why[0] = '\0';
    if (errand_prepare(e, x)) {
        errand_send(e, r->timeout_us);
        return true;
    }
    (void)snprintf(ruling.message, sizeof ruling.message, "%s",
                   x->why[0] != '\0' ? x->why
                                     : failure_help(FAILURE_UNRESOLVED));
    e->failed = !errand_conclude(e, NULL, &ruling);
    e->responded = false;
    errand_release(e);
    return false;
}

bool errand_cancel(struct errand *e)
{
    bool sent = false;

    if (!errand_busy(e)) {
        return false;
    }
    if (e->holding) {
        timers_disarm(e->crew->timers, &e->hold);
        e->holding = false;
    } else {
        e->crew->transport.ops->cancel(e->crew->transport.self, e->port, &sent);
        e->crew->in_flight--;
    }
    errand_release(e);
    return sent;
}
