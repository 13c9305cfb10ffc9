/* SPDX-License-Identifier: MIT
 *
 * target - a stand-in for the Vi runtime, with honest limits: an HTTP server
 * on loopback with its four endpoints (POST /v1/chat, POST /v1/chat/stream,
 * GET /v1/metrics, GET /v1/health) and the behaviour that a target_model asks
 * for. Used by `brunt target` and `brunt demo`. It prints nothing, exits
 * nowhere and handles no signals.
 *
 * All work is done by one thread of its own, which blocks all signals; start,
 * stop and the getters belong to the caller's thread.
 *
 * What its /v1/metrics counts:
 * - brunt_target_requests_total{endpoint,status}: every request whose head and
 *   body came in whole and that got a response, counted when the response is
 *   handed to the connection. endpoint is the path of one of the four, or
 *   "other" for what is answered with 404. A scrape counts itself after its
 *   body is made: what it reports is all that was answered before it. What
 *   libmicrohttpd turns away by itself (no HTTP, a head that is too long) is
 *   not in it, nor is what a stop or a crash left without an answer.
 * - vi_chat_requests_total{status}: chats and streams that were taken in hand:
 *   not the 400s and 429s, and not chat's short cut for greetings and dates.
 *   "error" has the 5xx and the streams that ended in an error event.
 * - vi_chat_rate_limited_total: the 429s.
 * - brunt_target_strain: 0 to 1, which share of the model's degrade it suffers
 *   from; it falls from 1 to 0 in recovery_s (target/capacity.h).
 * - process_resident_memory_bytes: of the whole process: under `brunt demo`
 *   that is the load generator as well. Left out where there is no /proc. */
#ifndef TARGET_TARGET_H
#define TARGET_TARGET_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "target/model.h"

struct target; /* opaque */

/* Told on the target's thread that model.crash_after has come, when all
 * connections have been reset. It may end the process (with _exit); when it
 * comes back, the target closes its sockets and is dead. */
typedef void target_crash_fn(void *ctx);

struct target_options {
    struct target_model model;
    unsigned port;             /* 0: a free one */
    target_crash_fn *on_crash; /* NULL: none */
    void *crash_ctx;           /* borrowed, until target_stop */
};

/* Model defaults, a free port, no callback. */
void target_options_init(struct target_options *o);

/* Listens on 127.0.0.1 and, where the machine has it, on ::1 with the same
 * port, and serves from then on. Raises the process's limit of descriptors to
 * what it may be. *o is copied. *t is owned by the caller. false: the port is
 * taken or may not be used, or no thread could be had. */
bool target_start(const struct target_options *o, struct target **t,
                  struct err *e) MUST_CHECK;

/* The port that it listens on. */
unsigned target_port(const struct target *t);

/* It has crashed as crash_after says, and on_crash came back or there is
 * none: the listening sockets and all connections are closed (reset). Stays
 * so until target_stop. Any thread. */
bool target_dead(const struct target *t);

/* Closes everything, whatever is still waiting for an answer, and frees *tp
 * and sets it to NULL; *tp may be NULL. */
void target_stop(struct target **tp);

#endif
