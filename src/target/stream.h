/* SPDX-License-Identifier: MIT
 *
 * stream - the answer of POST /v1/chat/stream: headers at once, then frames
 * while its job waits, is served and ends. Target's thread only. */
#ifndef TARGET_STREAM_H
#define TARGET_STREAM_H

#include <microhttpd.h>

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/clk.h"
#include "target/capacity.h"

struct call;

/* The part of a call that only streams use. */
struct stream {
    bool open;
    struct buf out; /* frames not sent yet, from sent on */
    size_t sent;
    mono_us middle_at; /* when the middle frames are due; 0: not to come */
    mono_us beat_at;   /* the next heartbeat */
    bool ended;        /* nothing is added any more */
};

/* Sends the headers; the call's job is in the capacity already. */
enum MHD_Result stream_open(struct call *call);
void stream_on_news(struct call *call, enum capacity_news news);
/* The connection is gone. */
void stream_close(struct call *call);

#endif
