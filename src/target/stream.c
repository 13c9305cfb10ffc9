/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "target/stream.h"

#include <string.h>

#include "base/must.h"
#include "target/call.h"
#include "target/frames.h"

#define STREAM_BEAT_US (15 * US_PER_SEC)
#define STREAM_MAX     (64 * 1024) /* bytes of frames that wait to be sent */
#define STREAM_BLOCK   4096

static void stream_on_wake(void *ctx);

static void stream_plan(struct call *call)
{
    struct stream *st = &call->stream;
    mono_us due = st->beat_at;

    if (st->middle_at != 0 && st->middle_at < due) {
        due = st->middle_at;
    }
    service_wake_at(call->service, &call->wake, due, stream_on_wake, call);
}

static void stream_middle(struct call *call)
{
    struct stream *st = &call->stream;

    if (st->middle_at != 0) {
        st->middle_at = 0;
        call->service->tally.autonomy_events +=
            frames_middle(&call->facts, &st->out);
    }
}

static void stream_on_wake(void *ctx)
{
    struct call *call = ctx;
    struct stream *st = &call->stream;
    mono_us now = clk_now(call->service->clk);

    if (st->middle_at != 0 && st->middle_at <= now) {
        stream_middle(call);
    }
    if (st->beat_at <= now) {
        frames_heartbeat(&st->out);
        st->beat_at += STREAM_BEAT_US;
    }
    stream_plan(call);
    call_resume(call);
}

/* libmicrohttpd asks for more: what is there, or a rest until there is. */
static ssize_t stream_on_read(void *cls, uint64_t pos, char *buf, size_t max)
{
    struct call *call = cls;
    struct stream *st = &call->stream;
    size_t n = st->out.len - st->sent;

    (void)pos;
    if (n > max) {
        n = max;
    }
    if (n > 0) {
        memcpy(buf, st->out.data + st->sent, n);
        st->sent += n;
        if (st->sent == st->out.len) {
            buf_reset(&st->out);
            st->sent = 0;
        }
        return (ssize_t)n;
    }
    if (st->ended) {
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    call_suspend(call);
    return 0;
}

static void stream_end(struct call *call)
{
    call->stream.ended = true;
    service_wake_drop(call->service, &call->wake);
    call_resume(call);
}

static void stream_done(struct call *call)
{
    struct service *s = call->service;
    struct stream *st = &call->stream;

    stream_middle(call);
    if (service_chance(s, s->model.stream_error)) {
        s->tally.chat_error++;
        frames_error("The language model broke off", &st->out);
    } else {
        s->tally.chat_ok++;
        s->tally.autonomy_events += frames_end(&call->facts, &st->out);
    }
    stream_end(call);
}

enum MHD_Result stream_open(struct call *call)
{
    struct stream *st = &call->stream;
    struct MHD_Response *r = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, STREAM_BLOCK, stream_on_read, call, NULL);

    if (r == NULL) {
        return MHD_NO;
    }
    st->open = true;
    buf_init(&st->out, STREAM_MAX);
    st->beat_at = clk_now(call->service->clk) + STREAM_BEAT_US;
    stream_plan(call);
    MHD_add_response_header(r, "Content-Type", "text/event-stream");
    MHD_add_response_header(r, "Cache-Control", "no-cache, no-transform");
    MHD_add_response_header(r, "X-Accel-Buffering", "no");
    return call_queue_take(call, STATUS_OK, r);
}

void stream_on_news(struct call *call, enum capacity_news news)
{
    struct service *s = call->service;
    struct stream *st = &call->stream;

    switch (news) {
    case CAPACITY_STARTED:
        s->tally.chimes += call->facts.chimes;
        s->tally.autonomy_events += frames_begin(&call->facts, &st->out);
        st->middle_at = clk_now(s->clk) + call->job.service_us / 2 + 1;
        stream_plan(call);
        call_resume(call);
        break;
    case CAPACITY_DONE:
        stream_done(call);
        break;
    case CAPACITY_EXPIRED:
        s->tally.chat_error++;
        frames_error("timeout exceeded when trying to connect", &st->out);
        stream_end(call);
        break;
    }
}

void stream_close(struct call *call)
{
    struct stream *st = &call->stream;

    if (!st->open) {
        return;
    }
    if (!st->ended) {
        call->service->tally.chat_error++;
    }
    st->open = false;
    buf_clear(&st->out);
}
