/* SPDX-License-Identifier: MIT
 *
 * out_kind - what a kind of --out has to know: how a second of a run becomes
 * bytes, and where they go. All of it is called on the output's own thread, but
 * for open, close and stop; it may wait there as long as it likes, if stop ends
 * it. What is tried again, and when, what is dropped, and what is counted, is
 * out.c's. */
#ifndef RECORD_OUT_KIND_H
#define RECORD_OUT_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clk.h"
#include "base/err.h"
#include "record/points.h"
#include "run/tick.h"

/* Waiting between tries: a seam, so that tests need not. */
struct out_time {
    const struct clk *clk;
    void (*wait)(void *ctx, uint64_t us);
    void *ctx;
};

typedef void out_env_fn(void *ctx, const char *name, const char *value);
struct taps;

/* What an output is made from; borrowed for the call of open, but for info,
 * which outlives it. */
struct out_config {
    const struct run_info *info;
    const char *place; /* behind "=": a file, a URL, host:port; NULL = none */
    /* Environment, as k6 names its options; NULL = not set. May be NULL. */
    const char *(*env)(void *ctx, const char *name);
    /* Calls fn with each name in it that begins so, and its value. May be NULL.
     */
    void (*env_each)(void *ctx, const char *prefix, out_env_fn *fn,
                     void *fn_ctx);
    void *env_ctx;
    struct taps *taps; /* borrowed as long as the output: every sample, for one
                          output; NULL = nobody fills them */
    const struct out_time *time; /* borrowed as long as the output; NULL: the
                                    system's */
};
/* NULL = not set, or empty. */
const char *out_env(const struct out_config *c, const char *name);

/* A second of the run, or several that were put together as the receiver was
 * slow: sums and histograms are of all of it. */
struct out_second {
    const struct run_info *info;
    const struct tick *tick; /* valid for the call, as the next; NULL: no
                                second has ended (see every_ms) */
    struct points *points;   /* for points_each of that tick */
    int64_t unix_ms;         /* its end, wall time; rises strictly */
    bool last;               /* nothing comes after it */
};

enum out_sent {
    OUT_SENT,    /* it is there */
    OUT_LATER,   /* again, after wait_ms or, where that is 0, a back-off */
    OUT_REFUSED, /* not this one, whatever is done: it is dropped and counted */
    OUT_DEAD,    /* nothing will ever go again (a full disk) */
};
struct out_reply {
    enum out_sent sent;
    bool arrived;      /* OUT_LATER: all points are there, counted from now on;
                          what is to follow has none */
    uint64_t wait_ms;  /* as the receiver said (Retry-After); 0 = it did not */
    uint64_t rejected; /* OUT_SENT: points of it that were not taken */
    char why[200];     /* for people, safe to show, no credentials; of what was
                          sent a remark, told like the rest; "" = none */
};

/* What encode may write. */
#define OUT_PAYLOAD_MAX (16u << 20)
/* And why it does not. */
#define OUT_LOST_PAYLOAD                                                       \
    "a second of it is more than 16 MiB, and no more is sent: fewer names of " \
    "requests and checks, or shorter tags"

/* What did not become bytes. */
struct out_lost {
    size_t points;
    const char *why; /* static, for people: what was too much, and what to do;
                        of the first; NULL = nothing was lost */
};
static inline void out_lost_add(struct out_lost *l, size_t points,
                                const char *why)
{
    l->why = l->why == NULL && points > 0 ? why : l->why;
    l->points += points;
}

struct out_kind {
    const char *name;      /* as k6 has it: "experimental-prometheus-rw" */
    const char *place;     /* "FILE"; "[URL]" = it may be left out */
    const char *place_env; /* variable that has it where it is left out; NULL =
                              none */
    bool file;             /* it is a file that is made, or written over */
    bool samples;          /* it wants out_config.taps */
    /* encode is called at least so often while the run goes on, with no tick
     * where no second has ended, and again as long as there is something to
     * send; 0: for each second alone, once. */
    unsigned every_ms;
    const char *help; /* what it is, in one line */
    /* Checks everything that can be known before the run, opens files, does not
     * wait for a receiver. NULL: e says what is wrong and what to do. A kind
     * whose library is not there is refused here, with the package to install.
     */
    void *(*open)(const struct out_config *c, struct err *e);
    /* Where it goes, for people: without credentials. Borrowed. */
    const char *(*where)(const void *ctx);
    /* Appends a second to payload, which is empty; returns how many points
     * are in it. What payload cannot take (buf_add is false) is left out whole
     * and is not counted here but added to *lost, which is empty, with the
     * reason. A second whose payload stays empty is not sent. */
    size_t (*encode)(void *ctx, const struct out_second *s, struct buf *payload,
                     struct out_lost *lost);
    /* One try. *r is all zero: OUT_SENT. */
    void (*send)(void *ctx, const struct buf *payload, struct out_reply *r);
    /* Any thread: ends a send that goes on, and those that come; NULL: it never
     * lasts. */
    void (*stop)(void *ctx);
    /* Lets go of everything. */
    void (*close)(void *ctx);
};

/* One for each kind: see out_kind.def for the list. */
#define OUT_KIND(id, symbol) extern const struct out_kind symbol;
#include "record/out_kind.def"
#undef OUT_KIND

/* The i-th; NULL behind the last. */
const struct out_kind *out_kind_at(size_t i);

#endif
