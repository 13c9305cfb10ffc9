/* SPDX-License-Identifier: MIT
 *
 * errand - one request of the plan from its template to its end: expands it,
 * sends it, follows redirects hop by hop, reads its stream, and has the outcome
 * concluded. */
#ifndef LOAD_ERRAND_H
#define LOAD_ERRAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "load/crew.h"
#include "load/expand.h"
#include "load/jar.h"
#include "load/prepared.h"
#include "load/stream.h"
#include "load/timers.h"
#include "load/transport.h"

/* How long a stream is read on after its last event. */
#define ERRAND_LINGER_US US_PER_SEC

/* Embedded in its VU, which sets the first block once. */
struct errand {
    unsigned magic;
    struct crew *crew; /* borrowed, as all here */
    uint32_t vu;
    struct port *port;
    char **vars;
    struct jar **jar; /* the VU's cookies; NULL = none are kept */
    char *why;        /* NULL, or where to tell what failed */
    size_t why_size;
    void (*done)(void *ctx); /* never called from inside errand_start */
    void *ctx;

    /* The outcome, for done. */
    bool failed;    /* the request, or one of its checks */
    bool responded; /* a response came */

    /* While under way: */
    const struct request *request; /* NULL: none is */
    struct prepared *own;          /* NULL: goes out as the shared fixed one */
    const struct prepared *out;
    struct stream *stream;
    struct timer linger;
    struct timer hold; /* until the gate lets it through */
    bool holding;
    mono_us asked; /* holding: since */
    uint64_t hold_timeout_us;
    struct call call;
    mono_us began;   /* first hop */
    bool timed;      /* is it timed from due as well? */
    mono_us due;     /* this hop; 0 before the start: when it is begun */
    mono_us sent_at; /* this hop */
    unsigned hops;
    bool answered; /* this hop answers a challenge already */
    bool abroad;   /* a redirect left the host that credentials are for */
};

void errand_init(struct errand *e, struct crew *crew);
/* Sends r with the values of x. false: it is over at once, unresolved, and done
 * is not called. */
bool errand_start(struct errand *e, const struct request *r, struct expand *x);
/* Cuts off what is under way, without done and without a sample. true: some of
 * the request had gone out. */
bool errand_cancel(struct errand *e);

static inline bool errand_busy(const struct errand *e)
{
    return e->request != NULL;
}

#endif
