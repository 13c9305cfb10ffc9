/* SPDX-License-Identifier: MIT
 *
 * transport - one exchange, seen from a VU: it hands over a prepared request
 * and gets back timings, status, headers and body, or an error by kind. What
 * carries it (libcurl's multi interface today, the direct lane later, a fake in
 * tests) stands behind this seam. All on the worker's thread. */
#ifndef LOAD_TRANSPORT_H
#define LOAD_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clk.h"
#include "measure/failure.h"

/* Bounds on what a service may send. */
#define EXCHANGE_HEAD_MAX   (64u << 10) /* status line and headers */
#define EXCHANGE_BODY_MAX   (1u << 20)  /* of a body that is kept */
#define EXCHANGE_SAMPLE_MAX 1024u /* of one that is not: for error samples */
#define EXCHANGE_TOTAL_MAX  (1ull << 32) /* received at all, then TOO_LARGE */

enum http_proto { PROTO_NONE, PROTO_HTTP_1_0, PROTO_HTTP_1_1, PROTO_HTTP_2 };

enum lane { LANE_NONE, LANE_CURL, LANE_DIRECT };

/* What came of a call. Valid until on_done returns, or starts the port anew. */
struct exchange {
    enum failure failure; /* of the transport alone: REFUSED, RESET, TIMEOUT …;
                             NONE when a complete response came, whatever its
                             status */
    unsigned status;      /* 0 when failure is set: no response */
    enum http_proto proto;
    enum lane lane;   /* that carried it */
    bool reused;      /* went over a kept connection */
    unsigned retries; /* kept connections found dead before any byte came */
    /* µs; see plan/metric.def. All 0 when failure is set. duration is
     * sending + waiting + receiving. */
    uint64_t blocked, connecting, tls, sending, waiting, receiving;
    uint64_t took;           /* from start to done, also of failures */
    uint64_t sent, received; /* bytes on the wire as far as known, headers
                                included */
    struct buf head;         /* status line and header lines as received */
    struct buf body;         /* whole body when keep_body, else its first
                                EXCHANGE_SAMPLE_MAX bytes; .cut when it was larger */
    char message[128]; /* one line about a failure; may hold hostile bytes */
};

struct call {
    /* What to send; borrowed until done. */
    const char *method;
    const char *url;
    const char *const *headers; /* "Name: value", without CR or LF */
    size_t n_headers;
    const char *body;
    size_t body_len;
    bool has_body;
    uint64_t timeout_us; /* whole exchange, connect included */
    bool keep_body;
    bool decode; /* ask for a packed body, and unpack it (libcurl's work) */
    uint64_t max_body; /* a larger one is TOO_LARGE, as it is unpacked; 0 =
                          EXCHANGE_TOTAL_MAX */
    bool libcurl;      /* only libcurl can do it: the lane is not chosen */
    bool once;   /* its connection is dropped behind it, and need not be kept */
    bool direct; /* the direct lane was asked for: HTTP/1.1, over https too */
    const void *fixed; /* not NULL: a call with the same value of fixed was
                          byte for byte the same request, so options set then
                          may stay */
    /* A piece of the body as it arrived, before any is kept; NULL = not asked.
     * Return false to end the exchange here as if it were complete (the
     * connection is then lost). */
    bool (*on_body)(void *ctx, const char *data, size_t n, mono_us at);
    /* Done, well or not; the port may be started again from inside. */
    void (*on_done)(void *ctx, struct exchange *x);
    void *ctx;
};

/* Bytes of a body that the call takes. */
static inline uint64_t call_max_body(const struct call *c)
{
    return c->max_body > 0 ? c->max_body : EXCHANGE_TOTAL_MAX;
}

/* A VU's own place in the transport: its connections, and one call at a time.
 */
struct port;

struct transport_ops {
    /* Opens the port of that VU, which decides its source address; never fails
     * (what the machine cannot give shows as LOCAL failures of calls). */
    struct port *(*open)(void *self, uint32_t vu);
    /* Closes it and its connections; a call in progress is cancelled. Never
     * called from inside on_done or on_body of the same port. */
    void (*close)(void *self, struct port **p);
    /* Starts a call. c is borrowed until on_done or cancel. on_done is never
     * called from inside start. */
    void (*start)(void *self, struct port *p, const struct call *c);
    /* Ends a call without on_done. *sent tells whether any byte of the request
     * had gone out. No call in progress: does nothing. */
    void (*cancel)(void *self, struct port *p, bool *sent);
    /* Ends a call as if its response were complete here: on_done follows with
     * what has come so far (failure NONE; RESET when not even a whole head
     * has), from inside or at the next turn, and the connection is lost. Where
     * on_body is asked for, its times end with the newest piece: what was
     * waited for in vain is not the service's. For a stream whose last event
     * came and whose end does not. Never called from inside on_body. No call in
     * progress: does nothing. */
    void (*finish)(void *self, struct port *p);
    /* Closes the port's kept connections (reuse "iteration", "never"). Only
     * while no call is in progress; may be called from inside on_done. */
    void (*drop_connections)(void *self, struct port *p);
    /* Connections open now. */
    unsigned (*connections)(void *self);
    /* Most that were open at a time since this was last asked. */
    unsigned (*connections_most)(void *self);
    /* Opened so far, since the transport was made; those that were refused or
     * came to nothing, too. */
    uint64_t (*opened)(void *self);
};

struct transport {
    const struct transport_ops *ops;
    void *self; /* borrowed */
};

#endif
