/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/anomalies.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "insight/anomalies_internal.h"

/* The index of one that goes on and found no room. */
#define ANOMALIES_LOST (-2)
/* A level of load is another when it is more than a tenth away. */
#define ANOMALIES_LEVEL 0.1
/* Two humps are to be seen twice, in so many responses each. */
#define HUMPS_FIRST 1000
#define HUMPS_MOST  16000
/* In both places the same humps: within a quarter. */
#define HUMPS_SAME 0.22314355131420976 /* ln 1.25 */

/* Latencies of one request at one level of load. */
struct humps {
    uint32_t bins[MODES_BINS];
    uint32_t n, enough;
    struct modes was; /* of the responses before these */
    bool told;
};

struct anomalies {
    struct anomaly *list; /* owned */
    size_t n, cap;
    size_t found[ANOMALY_KINDS]; /* all of them */
    /* Indices of those that go on; -1 = none, ANOMALIES_LOST. */
    int stall, outage, named, limit, queue;
    struct stalls *stalls; /* owned, as the next three */
    struct outages_named *outages_named;
    struct culprit *culprit;
    struct shifts *shifts;
    struct outages outages;
    double level; /* of load, that humps are of */
    double load;  /* of the last moment, and who made it */
    uint64_t who;
    uint64_t level_who; /* made level */
    struct humps humps[ANOMALIES_REQUESTS];
    struct throttles throttles;
};

const char *anomaly_kind_name(enum anomaly_kind k)
{
    static const char *const names[] = {
        [ANOMALY_STALL] = "stall",      [ANOMALY_OUTAGE] = "outage",
        [ANOMALY_LIMIT] = "rate_limit", [ANOMALY_ERRORS] = "errors_begin",
        [ANOMALY_MODES] = "bimodal",    [ANOMALY_QUEUE] = "queueing",
        [ANOMALY_WARMUP] = "warm_up",   [ANOMALY_CHANGE] = "change",
    };

    return names[k];
}

static void humps_clear(struct humps *h)
{
    memset(h->bins, 0, sizeof h->bins);
    h->n = 0;
    h->enough = HUMPS_FIRST;
    h->was.two = false;
}

struct anomalies *anomalies_new(void)
{
    struct anomalies *a = xcalloc(1, sizeof *a);
    size_t i;

    a->stall = a->outage = a->named = a->limit = a->queue = -1;
    a->stalls = stalls_new();
    a->outages_named = outages_named_new();
    a->culprit = culprit_new();
    a->shifts = shifts_new();
    throttles_init(&a->throttles);
    for (i = 0; i < ANOMALIES_REQUESTS; i++) {
        humps_clear(&a->humps[i]);
    }
    return a;
}

void anomalies_free(struct anomalies **a)
{
    if (*a == NULL) {
        return;
    }
    stalls_free(&(*a)->stalls);
    outages_named_free(&(*a)->outages_named);
    culprit_free(&(*a)->culprit);
    shifts_free(&(*a)->shifts);
    free((*a)->list);
    free(*a);
    *a = NULL;
}

/* NULL: there are too many of the kind already. */
static struct anomaly *anomalies_add(struct anomalies *a, enum anomaly_kind k,
                                     uint64_t start_us, uint64_t end_us)
{
    struct anomaly *x;

    if (++a->found[k] > ANOMALIES_EACH) {
        return NULL;
    }
    a->list = xgrow(a->list, a->n, &a->cap, sizeof *a->list);
    x = &a->list[a->n++];
    memset(x, 0, sizeof *x);
    x->kind = k;
    x->start_us = start_us;
    x->end_us = end_us;
    x->over = true;
    return x;
}

/* One that may go on: the entry at *index, or a new one there. */
static struct anomaly *anomalies_open(struct anomalies *a, enum anomaly_kind k,
                                      int *index)
{
    struct anomaly *x;

    if (*index != -1) {
        return *index >= 0 ? &a->list[*index] : NULL;
    }
    x = anomalies_add(a, k, 0, 0);
    *index = x != NULL ? (int)a->n - 1 : ANOMALIES_LOST;
    if (x != NULL) {
        x->over = false;
    }
    return x;
}

static void anomalies_stall(struct anomalies *a, const struct beat *b)
{
    struct stall s;
    enum stalls_news news = stalls_feed(a->stalls, b, &s);
    struct anomaly *x;

    if (news == STALLS_NOTHING) {
        return;
    }
    x = anomalies_open(a, ANOMALY_STALL, &a->stall);
    if (x != NULL) {
        x->u.stall = s;
        x->start_us = s.start_us;
        x->end_us = s.end_us;
        x->over = news == STALLS_OVER;
    }
    a->stall = news == STALLS_OVER ? -1 : a->stall;
}

static void anomalies_outage(struct anomalies *a, enum outages_news news,
                             const struct outage *o, int *index)
{
    struct anomaly *x;

    if (news == OUTAGES_NOTHING) {
        return;
    }
    x = anomalies_open(a, ANOMALY_OUTAGE, index);
    if (x != NULL) {
        x->u.outage = *o;
        x->start_us = o->start_us;
        x->end_us = o->end_us;
        x->over = news == OUTAGES_OVER;
    }
    *index = news == OUTAGES_OVER ? -1 : *index;
}

/* Of all, and of some names while others are served. */
static void anomalies_outages(struct anomalies *a, const struct beat *b)
{
    struct outage o = {0};
    enum outages_news news = outages_feed(&a->outages, b, &o);

    anomalies_outage(a, news, &o, &a->outage);
    news = outages_named_feed(a->outages_named, b, &o);
    anomalies_outage(a, news, &o, &a->named);
}

static void anomalies_errors(struct anomalies *a, const struct beat *b)
{
    struct culprit_found f;
    struct anomaly *x;

    if (!culprit_feed(a->culprit, b, &f)) {
        return;
    }
    x = anomalies_add(a, ANOMALY_ERRORS, f.start_us, f.start_us);
    if (x != NULL) {
        x->u.errors = f;
    }
}

static void anomalies_limit(struct anomalies *a, const struct beat *b)
{
    struct throttles_found l;
    struct anomaly *x;

    if (!throttles_feed(&a->throttles, b)) {
        return;
    }
    l = throttles_find(&a->throttles, b->end_us);
    if (!l.t.any) {
        return;
    }
    x = anomalies_open(a, ANOMALY_LIMIT, &a->limit);
    if (x != NULL) {
        x->u.limit = l;
        x->start_us = l.t.start_us;
        x->end_us = l.t.end_us;
        x->over = l.over;
    }
}

static bool humps_same(const struct modes *a, const struct modes *b)
{
    return fabs(log(a->low_us / b->low_us)) <= HUMPS_SAME &&
           fabs(log(a->high_us / b->high_us)) <= HUMPS_SAME;
}

/* There are enough: are the humps those of the responses before? A latency
 * that only became another in between has both but once. */
static void humps_look(struct anomalies *a, struct humps *h, unsigned request,
                       uint64_t now_us)
{
    struct modes m = modes_find(h->bins);
    struct anomaly *x;
    uint32_t n = h->n, enough = m.two ? h->enough : 2 * h->enough;

    if (m.two && h->was.two && !h->told && humps_same(&m, &h->was)) {
        h->told = true;
        x = anomalies_add(a, ANOMALY_MODES, now_us, now_us);
        if (x != NULL) {
            x->u.modes = (struct anomaly_modes){request, n, m};
        }
    }
    humps_clear(h);
    h->was = m;
    h->enough = enough < HUMPS_MOST ? enough : HUMPS_MOST;
}

static void humps_add(struct humps *h, const struct histo_sparse *us)
{
    uint32_t i;

    for (i = 0; i < us->n; i++) {
        const struct histo_pair *p = &us->pairs[i];

        h->bins[modes_bin(histo_bucket_low(p->bucket))] += p->count;
        h->n += p->count;
    }
}

static void anomalies_humps(struct anomalies *a, const struct beat *b)
{
    size_t i;

    if (b->who != a->level_who ||
        fabs(b->load - a->level) > ANOMALIES_LEVEL * a->level) {
        a->level = b->load;
        a->level_who = b->who;
        for (i = 0; i < ANOMALIES_REQUESTS; i++) {
            humps_clear(&a->humps[i]);
        }
    }
    for (i = 0; i < b->n; i++) {
        const struct beat_part *p = &b->parts[i];

        if (p->response && !p->failed && p->request < ANOMALIES_REQUESTS) {
            humps_add(&a->humps[p->request], p->us);
        }
    }
    for (i = 0; i < ANOMALIES_REQUESTS; i++) {
        if (a->humps[i].n >= a->humps[i].enough) {
            humps_look(a, &a->humps[i], (unsigned)i, b->end_us);
        }
    }
}

void anomalies_beat(struct anomalies *a, const struct beat *b)
{
    if (b->active_us == 0) {
        return;
    }
    anomalies_stall(a, b);
    anomalies_outages(a, b);
    anomalies_errors(a, b);
    anomalies_limit(a, b);
    anomalies_humps(a, b);
}

static void anomalies_shift(struct anomalies *a, const struct shift *s)
{
    struct anomaly *x;

    x = s->warmup ? anomalies_add(a, ANOMALY_WARMUP, s->start_us, s->at_us)
                  : anomalies_add(a, ANOMALY_CHANGE, s->at_us, s->at_us);
    if (x != NULL) {
        x->u.shift = *s;
    }
}

/* The load is where nothing waited, or one of others. */
static bool anomalies_calm(const struct anomalies *a,
                           const struct anomaly_queue *q)
{
    return a->who != q->who || a->load <= q->load_from;
}

void anomalies_moment(struct anomalies *a, const struct moment *x)
{
    struct shift s;

    a->load = x->load;
    if (shifts_feed(a->shifts, x, &s)) {
        anomalies_shift(a, &s);
    }
    a->who = x->who;
    if (a->queue >= 0) {
        struct anomaly *q = &a->list[a->queue];

        q->over = q->over || anomalies_calm(a, &q->u.queue);
    }
}

/* The one of these scenarios, of those that were told. */
static int queue_find(const struct anomalies *a, uint64_t who)
{
    size_t i;

    for (i = 0; i < a->n; i++) {
        if (a->list[i].kind == ANOMALY_QUEUE && a->list[i].u.queue.who == who) {
            return (int)i;
        }
    }
    return a->found[ANOMALY_QUEUE] > ANOMALIES_EACH ? ANOMALIES_LOST : -1;
}

void anomalies_plateau(struct anomalies *a, const struct plateaus *p)
{
    struct anomaly_queue q;
    const struct plateau *last = anomalies_last(p);
    struct anomaly *x;
    bool waits;

    if (last == NULL) {
        return;
    }
    a->queue = queue_find(a, last->who);
    if (a->queue >= 0) { /* what was said of it has to be true of this, too */
        x = &a->list[a->queue];
        x->u.queue.most = fmax(
            x->u.queue.most, anomalies_most(p, last->who, x->u.queue.load_to));
    }
    waits = anomalies_waits(p, last, &q);
    x = waits ? anomalies_open(a, ANOMALY_QUEUE, &a->queue) : NULL;
    if (x == NULL) {
        return;
    }
    x->over = anomalies_calm(a, &q);
    if (x->end_us > 0 && x->u.queue.load_to >= q.load_to) {
        x->end_us = last->end_us;
        return;
    }
    x->start_us = x->end_us > 0 ? x->start_us : last->start_us;
    x->end_us = last->end_us;
    x->u.queue = q;
}

void anomalies_retry_after(struct anomalies *a, double s)
{
    throttles_retry_after(&a->throttles, s);
}

void anomalies_end(struct anomalies *a)
{
    struct shift s;

    if (shifts_end(a->shifts, &s)) {
        anomalies_shift(a, &s);
    }
}

size_t anomalies_count(const struct anomalies *a)
{
    return a->n;
}

const struct anomaly *anomalies_at(const struct anomalies *a, size_t i)
{
    MUST(i < a->n);
    return &a->list[i];
}

size_t anomalies_found(const struct anomalies *a, enum anomaly_kind k)
{
    return a->found[k];
}

size_t anomalies_dropped(const struct anomalies *a)
{
    size_t all = 0, k;

    for (k = 0; k < ANOMALY_KINDS; k++) {
        all += a->found[k];
    }
    return all - a->n;
}
