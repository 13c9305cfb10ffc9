/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/outages_named.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"

/* Answers that tell how often a name fails, and how often it is asked: so many,
 * up to twice. */
#define NAMED_HALF 64
/* Failures that chance makes less often than this are none of chance. */
#define NAMED_CHANCE 1e-6
/* While nothing is served of anything, less will do to say that a name is gone
 * as well. */
#define NAMED_CHANCE_ALL 0.01
/* Silence in which so many answers were due is none of a slow load. */
#define NAMED_DUE 5
/* What is of the same time is within this. */
#define NAMED_TOGETHER_US UINT64_C(1000000)
/* Of a name that is out nothing ends for so long, and for twice as long as
 * anything of it took to: nobody asks for it any more. */
#define NAMED_UNASKED_US (30 * UINT64_C(1000000))
/* So long after the first failure it still is not served: who waited with those
 * that failed would have been by then. */
#define NAMED_STILL_US UINT64_C(500000)

struct named_half {
    uint64_t n, lost; /* answers */
    double load_us;   /* load, times the active time in which they came */
};

/* Of a beat. */
struct named_beat {
    uint64_t served, lost;
    uint64_t slow_us; /* the slowest of those lost */
    bool unknown;     /* of one of those it is not known how long it took */
};

struct named {
    uint64_t served; /* at any time */
    struct named_half now, was;
    double mark_us;    /* load, times time, up to which it is in them */
    uint64_t ended_us; /* active time, and run time: end of the last beat in
                          which one ended */
    uint64_t ended_at_us;
    double ended_load_us;
    /* None was served since: */
    uint64_t lost;
    uint64_t begun_us, at_us; /* active time, and run time, of its beginning */
    uint64_t first_us, last_us; /* active time: end of the first and the last
                                   beat of those lost */
    uint64_t in_gap;            /* of those, while nothing was served at all */
    uint64_t quiet_us;          /* longest time in which none ended */
    bool out;
    bool told; /* it is one of those of the open outage */
    struct named_beat beat;
};

struct outages_named {
    struct named list[OUTAGES_NAMES];
    unsigned touched[OUTAGES_NAMES]; /* by the beat */
    size_t n_touched, n_out;
    uint64_t active_us; /* in all */
    double load_us;     /* load, times active time */
    uint64_t served_us; /* active time: end of the last beat in which anything
                           was served */
    uint64_t idle_us;   /* active time, and run time, up to which nothing was in
                           flight */
    uint64_t idle_at_us;
    bool served; /* anything is, in this beat */
    struct outage open;
};

struct outages_named *outages_named_new(void)
{
    return xcalloc(1, sizeof(struct outages_named));
}

void outages_named_free(struct outages_named **s)
{
    free(*s);
    *s = NULL;
}

/* 0 = not known: there was no response, or the latencies are those of a part
 * before. */
static uint64_t named_slowest(const struct histo_sparse *us)
{
    return us->max;
}

static void named_part(struct outages_named *s, const struct beat_part *p)
{
    struct named *x = &s->list[p->request];
    struct named_beat *k = &x->beat;
    uint64_t us;

    if (k->served == 0 && k->lost == 0) {
        s->touched[s->n_touched++] = p->request;
    }
    if (!p->unserved) {
        k->served += p->count;
        return;
    }
    us = named_slowest(p->us);
    k->lost += p->count;
    k->slow_us = us > k->slow_us ? us : k->slow_us;
    k->unknown = k->unknown || us == 0;
}

static void named_beat(struct outages_named *s, const struct beat *b)
{
    size_t i;

    s->active_us += b->active_us;
    s->load_us += b->load * (double)b->active_us;
    s->n_touched = 0;
    s->served = false;
    for (i = 0; i < b->n; i++) {
        s->served = s->served || !b->parts[i].unserved;
        if (b->parts[i].request < OUTAGES_NAMES) {
            named_part(s, &b->parts[i]);
        }
    }
}

/* Do so many failures in a row come by chance less often than that? */
static bool named_rare(const struct named *x, uint64_t lost, double chance)
{
    double n = (double)(x->now.n + x->was.n);
    double share = ((double)(x->now.lost + x->was.lost) + 1) / (n + 2);

    return (double)lost * log(share) < log(chance);
}

static void named_learn(struct outages_named *s, struct named *x,
                        uint64_t served, uint64_t lost)
{
    if (x->now.n >= NAMED_HALF) {
        x->was = x->now;
        x->now = (struct named_half){0};
    }
    x->served += served;
    x->now.n += served + lost;
    x->now.lost += lost;
    x->now.load_us += s->load_us - x->mark_us;
    x->mark_us = s->load_us;
}

/* It fails for the first time: since when was it not served? */
static void named_begin(const struct outages_named *s, struct named *x,
                        const struct beat *b)
{
    uint64_t before_us = s->active_us - b->active_us;
    double rate_us = x->now.load_us + x->was.load_us;
    double due = rate_us > 0 ? (double)(x->now.n + x->was.n) / rate_us *
                                   (s->load_us - x->ended_load_us)
                             : 0;

    x->begun_us = before_us;
    x->at_us = b->start_us;
    if (due < NAMED_DUE || x->ended_us >= before_us) {
        return;
    }
    x->begun_us = x->ended_us;
    x->at_us = x->ended_at_us;
    if (s->idle_us > x->begun_us) {
        x->begun_us = s->idle_us;
        x->at_us = s->idle_at_us;
    }
    if (!x->beat.unknown && x->begun_us + x->beat.slow_us < s->active_us) {
        x->begun_us = s->active_us - x->beat.slow_us;
        x->at_us = b->end_us - x->beat.slow_us;
    }
}

/* It comes back where nothing was served: was it gone as well? Then all that
 * went was. */
static bool named_all_went(const struct outages_named *s)
{
    size_t i;

    for (i = 0; i < s->n_touched; i++) {
        const struct named *x = &s->list[s->touched[i]];

        if (x->beat.served > 0 && !x->out && x->in_gap > 0 &&
            named_rare(x, x->in_gap, NAMED_CHANCE_ALL)) {
            return true;
        }
    }
    return false;
}

static void named_forget(struct named *x)
{
    x->lost = x->in_gap = x->quiet_us = 0;
}

/* Something is served again. */
static void named_gap_over(struct outages_named *s)
{
    bool all = named_all_went(s);
    size_t i;

    for (i = 0; i < OUTAGES_NAMES; i++) {
        struct named *x = &s->list[i];

        if (all && x->lost > 0 && !x->out &&
            x->begun_us + NAMED_TOGETHER_US >= s->served_us) {
            named_forget(x);
            x->mark_us = s->load_us;
        }
        x->in_gap = 0;
    }
}

/* true: that ends an outage, or a part of it. */
static bool named_served(struct outages_named *s, struct named *x)
{
    bool out = x->out;

    if (out) {
        x->mark_us = s->load_us; /* what it was in it says nothing of it */
        x->out = false;
        s->n_out--;
        named_learn(s, x, x->beat.served, x->beat.lost);
    } else {
        named_learn(s, x, x->beat.served, x->lost + x->beat.lost);
    }
    named_forget(x);
    return out;
}

static void named_lost(struct outages_named *s, struct named *x,
                       const struct beat *b)
{
    uint64_t before_us;

    if (x->lost == 0) {
        named_begin(s, x, b);
        x->first_us = s->active_us;
    }
    before_us = x->lost == 0 ? x->begun_us : x->ended_us;
    if (s->active_us - before_us > x->quiet_us) {
        x->quiet_us = s->active_us - before_us;
    }
    x->lost += x->beat.lost;
    x->in_gap += s->served ? 0 : x->beat.lost;
    x->last_us = s->active_us;
    if (x->out) {
        s->open.lost += x->beat.lost;
    }
}

/* Its last failure, and what was served of others, are so much later, and of
 * the same time: where others hang as well, that is of all of them. */
static bool named_long(const struct outages_named *s, const struct named *x)
{
    bool later = x->last_us < s->served_us;
    uint64_t until = later ? x->last_us : s->served_us;
    uint64_t last = later ? s->served_us : x->last_us;

    return s->active_us >= x->first_us + NAMED_STILL_US &&
           until >= x->begun_us + OUTAGES_NAMED_US &&
           last - until <= NAMED_TOGETHER_US;
}

/* Are there more that are out? */
static void named_look(struct outages_named *s)
{
    unsigned i;

    for (i = 0; i < OUTAGES_NAMES; i++) {
        struct named *x = &s->list[i];

        if (x->out || x->lost < OUTAGES_NAMED_LEAST ||
            x->served < OUTAGES_NAMED_SERVED || !named_long(s, x) ||
            !named_rare(x, x->lost, NAMED_CHANCE)) {
            continue;
        }
        if (s->n_out++ == 0) {
            s->open = (struct outage){
                .start_us = x->at_us, .named = true, .request = i};
        } else if (!x->told) {
            s->open.more++;
        }
        s->open.start_us =
            x->at_us < s->open.start_us ? x->at_us : s->open.start_us;
        s->open.lost += x->lost;
        x->out = x->told = true;
    }
}

/* Those that are out and that nobody asks for any more: true: that was the last
 * of them. The outage was seen up to its last failure. */
static bool named_unasked(struct outages_named *s)
{
    size_t i, n = s->n_out;
    uint64_t end_us = 0;

    for (i = 0; i < OUTAGES_NAMES && n > 0; i++) {
        struct named *x = &s->list[i];
        uint64_t quiet_us = s->active_us - x->ended_us;

        if (x->out && quiet_us >= NAMED_UNASKED_US &&
            quiet_us >= 2 * x->quiet_us) {
            x->out = false;
            x->mark_us = s->load_us;
            s->n_out--;
            named_forget(x);
            end_us = x->ended_at_us > end_us ? x->ended_at_us : end_us;
        }
    }
    s->open.end_us = end_us > 0 ? end_us : s->open.end_us;
    return n > 0 && s->n_out == 0;
}

/* The outage is over: the names of the next one are others. */
static void named_over(struct outages_named *s)
{
    size_t i;

    for (i = 0; i < OUTAGES_NAMES; i++) {
        s->list[i].told = false;
    }
}

/* What the beat did to each; true: some of what was out is served. */
static bool named_turn(struct outages_named *s, const struct beat *b)
{
    bool back = false;
    size_t i;

    for (i = 0; i < s->n_touched; i++) {
        struct named *x = &s->list[s->touched[i]];

        if (x->ended_us == 0) {
            x->mark_us = s->load_us - b->load * (double)b->active_us;
        }
        if (x->beat.served > 0) {
            back = named_served(s, x) || back;
        } else {
            named_lost(s, x, b);
        }
        x->ended_us = s->active_us;
        x->ended_at_us = b->end_us;
        x->ended_load_us = s->load_us;
        x->beat = (struct named_beat){0};
    }
    return back;
}

enum outages_news outages_named_feed(struct outages_named *s,
                                     const struct beat *b, struct outage *out)
{
    bool was = s->n_out > 0, back;

    if (b->active_us == 0) {
        return OUTAGES_NOTHING;
    }
    named_beat(s, b);
    if (s->served) {
        named_gap_over(s);
    }
    back = named_turn(s, b);
    if (s->served) {
        s->served_us = s->active_us;
    }
    if (b->in_flight == 0) {
        s->idle_us = s->active_us;
        s->idle_at_us = b->end_us;
    }
    if (back && s->n_out == 0) {
        s->open.end_us = b->start_us;
        named_over(s);
        *out = s->open;
        return OUTAGES_OVER;
    }
    if (named_unasked(s)) {
        s->open.unasked = true;
        named_over(s);
        *out = s->open;
        return OUTAGES_OVER;
    }
    named_look(s);
    if (s->n_out == 0) {
        return OUTAGES_NOTHING;
    }
    s->open.end_us = b->end_us;
    *out = s->open;
    return was ? OUTAGES_GOES_ON : OUTAGES_BEGUN;
}
