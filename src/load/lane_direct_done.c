/* SPDX-License-Identifier: MIT
 *
 * lane_direct_done - what came of a call, in the same words and by the same
 * instants as the libcurl lane's (see lane_curl_done.c). */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "load/lane_direct_internal.h"

struct direct_reply *direct_reply_get(struct port *p)
{
    struct lane_direct *l = p->lane;
    struct direct_reply *r = l->replies;

    MUST(p->reply == NULL);
    if (r != NULL) {
        l->replies = r->next;
        l->n_replies--;
    } else {
        r = xcalloc(1, sizeof *r);
        buf_init(&r->x.head, EXCHANGE_HEAD_MAX);
        buf_init(&r->x.body, EXCHANGE_SAMPLE_MAX);
    }
    buf_reset(&r->x.body);
    r->x.body.max =
        p->call->keep_body ? EXCHANGE_BODY_MAX : EXCHANGE_SAMPLE_MAX;
    http1_read_begin(&r->reader, &r->x.head, p->wire->is_head, &l->known);
    r->received = r->body_bytes = 0;
    p->reply = r;
    return r;
}

static void direct_reply_free(struct direct_reply *r)
{
    buf_clear(&r->x.head);
    buf_clear(&r->x.body);
    free(r);
}

/* What was large is not held. */
static void direct_buf_shrink(struct buf *b)
{
    if (b->cap > DIRECT_REPLY_KEPT) {
        buf_clear(b);
    }
}

void direct_reply_put(struct lane_direct *l, struct direct_reply **rp)
{
    struct direct_reply *r = *rp;

    *rp = NULL;
    if (r == NULL) {
        return;
    }
    if (l->n_replies == DIRECT_REPLIES_KEPT) {
        direct_reply_free(r);
        return;
    }
    direct_buf_shrink(&r->x.head);
    direct_buf_shrink(&r->x.body);
    r->next = l->replies;
    l->replies = r;
    l->n_replies++;
}

void direct_replies_clear(struct lane_direct *l)
{
    while (l->replies != NULL) {
        struct direct_reply *r = l->replies;

        l->replies = r->next;
        direct_reply_free(r);
    }
}

static uint64_t direct_between(mono_us from, mono_us to)
{
    return to > from ? to - from : 0;
}

static void direct_fill_times(const struct port *p, struct exchange *x,
                              mono_us end)
{
    mono_us first = p->first != 0 && p->first < end ? p->first : end;
    /* A response that came while the request was still being written ends the
     * sending. */
    mono_us sent = p->sent != 0 && p->sent < first ? p->sent : first;
    uint64_t before = direct_between(p->start, p->begin);

    x->connecting = p->connecting < before ? p->connecting : before;
    x->tls = p->tls < before - x->connecting ? p->tls : before - x->connecting;
    x->blocked = before - x->connecting - x->tls;
    x->sending = direct_between(p->begin, sent);
    x->waiting = direct_between(sent, first);
    x->receiving = direct_between(first, end);
}

/* What holds of every end. */
static struct exchange *direct_fill(struct port *p, mono_us at)
{
    struct direct_reply *r = p->reply != NULL ? p->reply : direct_reply_get(p);
    struct exchange *x = &r->x;

    x->lane = LANE_DIRECT;
    x->failure = FAILURE_NONE;
    x->message[0] = '\0';
    x->took = direct_between(p->start, at);
    x->retries = p->retried ? 1 : 0;
    x->reused = p->reused;
    x->received = r->received;
    x->sent = p->sent_bytes;
    x->proto = r->reader.status == 0  ? PROTO_NONE
               : r->reader.minor == 0 ? PROTO_HTTP_1_0
                                      : PROTO_HTTP_1_1;
    return x;
}

void direct_done(struct port *p, mono_us at)
{
    struct exchange *x = direct_fill(p, at);

    x->status = p->reply->reader.status;
    direct_fill_times(p, x, at);
    direct_tell(p, p->reply->reader.keep);
}

static const char *direct_text(const struct port *p, enum failure failure,
                               char *into, size_t size)
{
    bool head = p->reply != NULL && p->reply->reader.head_done;

    if (failure == FAILURE_TIMEOUT) {
        (void)snprintf(into, size, "%s within %.6g s",
                       p->begin == 0 ? "no connection"
                       : !head       ? "no response"
                                     : "no complete response",
                       (double)p->call->timeout_us / US_PER_SEC);
    } else {
        MUST(failure == FAILURE_TOO_LARGE);
        (void)snprintf(into, size, "response %s larger than %llu bytes",
                       head ? "body" : "head",
                       head ? (unsigned long long)call_max_body(p->call)
                            : (unsigned long long)EXCHANGE_HEAD_MAX);
    }
    return into;
}

void direct_fail(struct port *p, enum failure failure, const char *text,
                 mono_us at)
{
    char made[sizeof p->reply->x.message];
    struct exchange *x;

    if (text == NULL) {
        text = direct_text(p, failure, made, sizeof made);
    }
    x = direct_fill(p, at);
    x->failure = failure;
    x->status = 0;
    x->blocked = x->connecting = x->tls = 0;
    x->sending = x->waiting = x->receiving = 0;
    (void)snprintf(x->message, sizeof x->message, "%.127s", text);
    direct_tell(p, false);
}
