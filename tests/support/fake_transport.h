/* SPDX-License-Identifier: MIT
 *
 * fake_transport - a transport without a network: a test says how each call is
 * answered, and it happens on the virtual clock by timers. Keeps count of all
 * it was asked. */
#ifndef TESTS_SUPPORT_FAKE_TRANSPORT_H
#define TESTS_SUPPORT_FAKE_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clk.h"
#include "load/timers.h"
#include "load/transport.h"

/* How a call is answered. Texts are borrowed until it is done. */
struct fake_reply {
    uint64_t after_us;    /* until the head is there, or the failure */
    enum failure failure; /* NONE: a response */
    const char *message;  /* of a failure; NULL = none */
    unsigned status;
    unsigned retries;
    const char *head; /* field lines, each ended by CR LF; NULL = none */
    const char *body; /* NULL = empty */
    size_t body_len;  /* 0 = strlen */
    size_t piece;     /* bytes of a piece of the body; 0 = all at once */
    uint64_t gap_us;  /* between two pieces */
    uint64_t end_us;  /* from the last piece to the end */
};

/* What was handed over; valid during the answer function. */
struct fake_call {
    unsigned n;    /* counted from 0 */
    unsigned port; /* counted from 0 in order of opening */
    mono_us at;
    const struct call *call;
};

/* Fills *reply, which is a 200 after 1 ms beforehand. */
typedef void fake_answer_fn(void *ctx, const struct fake_call *call,
                            struct fake_reply *reply);

struct fake_transport {
    const struct clk *clk; /* borrowed, as all here */
    struct timers *timers;
    fake_answer_fn *answer; /* NULL = the reply as it is beforehand */
    void *ctx;

    unsigned started, done, cancelled, finished, opened, closed, dropped;
    unsigned once; /* of those started: for one call alone */
    unsigned in_flight, connections;
    unsigned open_ports;
    struct port *ports; /* all that are open */
};

/* f must stay where it is until fake_clear. */
void fake_init(struct fake_transport *f, const struct clk *clk,
               struct timers *timers);
/* All ports must be closed. */
void fake_clear(struct fake_transport *f);
struct transport fake_transport(struct fake_transport *f);

/* The value of a header line that a call sends, or NULL. */
const char *fake_header(const struct call *c, const char *name);

#endif
