/* SPDX-License-Identifier: MIT
 *
 * call - one request, from its first line to the end of its answer: decides
 * what it gets, holds its connection while it has to wait, and gives the
 * answer (answer.h, stream.h). Target's thread only. */
#ifndef TARGET_CALL_H
#define TARGET_CALL_H

#include <microhttpd.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "target/ask.h"
#include "target/capacity.h"
#include "target/limiter.h"
#include "target/reply.h"
#include "target/service.h"
#include "target/stream.h"
#include "target/tally.h"

enum call_step {
    CALL_HEAD,     /* its headers have not come in whole */
    CALL_BODY,     /* nor has its body */
    CALL_HELD,     /* suspended until its answer is due */
    CALL_DUE,      /* answer and status are fixed, not handed over yet */
    CALL_ANSWERED, /* handed to the connection (a stream may go on) */
};

struct call {
    unsigned magic;
    enum call_step step;
    struct service *service;     /* borrowed */
    struct MHD_Connection *conn; /* borrowed */
    struct call *prev;           /* of service->calls */
    struct call *next;
    uint64_t id;
    char *uri; /* owned; with the query */
    enum endpoint endpoint;
    char lost[256]; /* method and uri of what has no endpoint */
    struct buf body;
    bool suspended;
    bool limited; /* limit holds something to tell */
    struct limiter_verdict limit;
    struct ask ask;
    struct reply_facts facts;
    enum status status; /* once it is due */
    struct capacity_job job;
    struct wake wake; /* chat's short cut; a stream's next frame */
    struct stream stream;
};

/* libmicrohttpd's callbacks; cls is the struct service. */
void *call_on_uri(void *cls, const char *uri, struct MHD_Connection *conn);
enum MHD_Result call_on_access(void *cls, struct MHD_Connection *conn,
                               const char *url, const char *method,
                               const char *version, const char *data,
                               size_t *size, void **con_cls);
void call_on_end(void *cls, struct MHD_Connection *conn, void **con_cls,
                 enum MHD_RequestTerminationCode why);

/* The capacity has something for it: a service_news_fn. */
void call_on_news(struct call *call, enum capacity_news news);

/* A request header, or NULL. Borrowed until the call ends. */
const char *call_header(const struct call *call, const char *name);

/* Lets libmicrohttpd go on with a suspended connection. */
void call_resume(struct call *call);
void call_suspend(struct call *call);

/* Hands r over with that status, counts it, and lets go of r. */
enum MHD_Result call_queue_take(struct call *call, enum status status,
                                struct MHD_Response *r);

#endif
