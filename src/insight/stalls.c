/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/stalls.h"

#include <math.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/xalloc.h"

#define STALLS_LEAST_US  UINT64_C(1000000)
#define STALLS_HALF_US   (30 * UINT64_C(1000000)) /* half of what is known */
#define STALLS_RESPONSES 20
#define STALLS_TIMES     3
/* Seconds in 100 hours. */
#define STALLS_CHANCE 3.6e5
/* Responses that waited in a stall come within so much of its end: they do not
 * make the next one usual. */
#define STALLS_AFTER_US UINT64_C(1000000)

struct stalls_half {
    struct histo *us; /* owned; responses */
    uint64_t responses, active_us;
    double load_us; /* load, times the active time it was asked for */
};

struct stalls {
    struct stalls_half now, was;
    uint64_t after_us; /* active time in which responses do not count */
    bool gap, told;
    struct stall open; /* of the gap */
    bool flying;       /* something was in flight at the end of the last beat */
    struct histo *sum; /* owned: scratch */
};

struct stalls *stalls_new(void)
{
    struct stalls *s = xcalloc(1, sizeof *s);

    s->now.us = histo_new();
    s->was.us = histo_new();
    s->sum = histo_new();
    return s;
}

void stalls_free(struct stalls **s)
{
    if (*s == NULL) {
        return;
    }
    histo_free(&(*s)->now.us);
    histo_free(&(*s)->was.us);
    histo_free(&(*s)->sum);
    free(*s);
    *s = NULL;
}

static void stalls_half_turn(struct stalls *s)
{
    struct stalls_half half = s->was;

    s->was = s->now;
    s->now = half;
    histo_clear(s->now.us);
    s->now.responses = s->now.active_us = 0;
    s->now.load_us = 0;
}

/* What is usual, without the gap itself. */
static void stalls_learn(struct stalls *s, const struct beat *b)
{
    size_t i;

    if (s->now.active_us >= STALLS_HALF_US) {
        stalls_half_turn(s);
    }
    s->now.active_us += b->active_us;
    s->now.load_us += b->load * (double)b->active_us;
    for (i = 0; i < b->n; i++) {
        s->now.responses += b->parts[i].response ? b->parts[i].count : 0;
        if (b->parts[i].response && s->after_us == 0) {
            histo_add_sparse(s->now.us, b->parts[i].us);
        }
    }
    s->after_us -= s->after_us < b->active_us ? s->after_us : b->active_us;
}

/* The longest that a gap may be here without being a stall; 0 = unknown. */
static uint64_t stalls_patience(struct stalls *s, const struct beat *b)
{
    uint64_t n = s->now.responses + s->was.responses;
    double active_us = (double)(s->now.active_us + s->was.active_us);
    double load = (s->now.load_us + s->was.load_us) / fmax(active_us, 1);
    /* Two standard errors less: of few responses it may be too much. */
    double rate =
        fmax((double)n - 2 * sqrt((double)n), 1) * 1e6 / fmax(active_us, 1);
    double least, usual;

    if (n < STALLS_RESPONSES || load <= 0 || b->load <= 0) {
        return 0;
    }
    /* Less that asks is answered less often. */
    rate *= fmin(b->load / load, 1);
    histo_clear(s->sum);
    histo_merge(s->sum, s->now.us);
    histo_merge(s->sum, s->was.us);
    usual = (double)(s->open.in_flight > 1 ? histo_percentile(s->sum, 99)
                                           : histo_max(s->sum));
    least = log(fmax(STALLS_CHANCE * rate, 2)) / rate * 1e6;
    return num_whole(
        fmax(fmax((double)STALLS_LEAST_US, least), STALLS_TIMES * usual));
}

static enum stalls_news stalls_close(struct stalls *s, const struct beat *b,
                                     struct stall *out)
{
    bool told = s->told;

    s->gap = s->told = false;
    if (!told) { /* a gap as there are many */
        s->now.active_us += s->open.lasted_us;
        s->now.load_us += b->load * (double)s->open.lasted_us;
        return STALLS_NOTHING;
    }
    s->after_us = STALLS_AFTER_US;
    *out = s->open;
    return STALLS_OVER;
}

/* A beat without an answer. */
static enum stalls_news stalls_wait(struct stalls *s, const struct beat *b,
                                    struct stall *out)
{
    bool told = s->told;
    uint64_t patience;

    if (!s->gap) {
        s->gap = true;
        s->open = (struct stall){.start_us = b->start_us};
    }
    s->open.end_us = b->end_us;
    s->open.lasted_us += b->active_us;
    s->open.suspect = s->open.suspect || b->suspect;
    if (s->open.in_flight < b->in_flight) {
        s->open.in_flight = b->in_flight;
    }
    if (!told) {
        if (s->open.lasted_us <= STALLS_LEAST_US) {
            return STALLS_NOTHING;
        }
        patience = stalls_patience(s, b);
        if (patience == 0 || s->open.lasted_us <= patience) {
            return STALLS_NOTHING;
        }
    }
    s->told = true;
    *out = s->open;
    return told ? STALLS_GOES_ON : STALLS_BEGUN;
}

enum stalls_news stalls_feed(struct stalls *s, const struct beat *b,
                             struct stall *out)
{
    bool flew = s->flying, answered = false, refused = false;
    enum stalls_news news = STALLS_NOTHING;
    size_t i;

    if (b->active_us == 0) {
        return STALLS_NOTHING;
    }
    s->flying = b->in_flight > 0;
    for (i = 0; i < b->n; i++) {
        answered = answered || b->parts[i].response;
        refused = refused || b->parts[i].refused;
    }
    if (!answered && !refused && flew && s->flying) {
        return stalls_wait(s, b, out);
    }
    if (s->gap) {
        news = stalls_close(s, b, out);
    }
    stalls_learn(s, b);
    return news;
}
