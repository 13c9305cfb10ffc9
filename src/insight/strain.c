/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/strain.h"

#include <math.h>

/* Rules that are broken for so long are an overload, however short the level;
 * a tick more or less does not make another second. */
#define STRAIN_BAD_US (2 * UINT64_C(1000000) - 150000)
/* Of the requests that there should be, and standard errors of chance. */
#define STRAIN_SHARE 0.8
#define STRAIN_SURE  3

static void strain_rest(struct strain *s)
{
    rest_begin(&s->rest, 95, 0, 0, 0);
    s->due = s->done = 0;
}

void strain_begin(struct strain *s, double load)
{
    if (!s->on) {
        s->on = true;
        s->load = load;
        strain_rest(s);
    }
    s->load = fmax(s->load, load);
}

void strain_hear(struct strain *s, enum strain_heard h, double load)
{
    s->heard = h;
    if (h == STRAIN_RECOVERING) {
        strain_begin(s, load);
    }
}

/* As much is done as should be. */
static bool strain_works(const struct strain *s)
{
    return s->done >= STRAIN_SHARE * s->due - STRAIN_SURE * sqrt(s->due);
}

/* true: a moment of the band, as all since the last that was not. */
static bool strain_band(struct strain *s, const struct moment *x,
                        const struct strain_band *b)
{
    if (s->rest.state == REST_MISSED) {
        strain_rest(s); /* it has all the time there is */
    }
    s->rest.tolerance_us = b->p95_us;
    s->rest.error_rate = b->error_rate;
    s->due += b->rps * (double)x->active_us / 1e6;
    s->done += (double)x->requests;
    (void)rest_feed(&s->rest, x);
    if (s->rest.state == REST_DONE && !strain_works(s)) {
        strain_rest(s);
        return false;
    }
    if (s->rest.good_us == 0) {
        s->due = s->done = 0;
    }
    return s->rest.good_us > 0;
}

enum strain_now strain_feed(struct strain *s, const struct moment *x, bool bad,
                            const struct strain_band *b)
{
    bool in;

    s->bad_us = bad ? s->bad_us + x->active_us : 0;
    if (s->bad_us >= STRAIN_BAD_US) {
        strain_begin(s, x->load);
    }
    if (!s->on) {
        return STRAIN_NONE;
    }
    in = strain_band(s, x, b);
    switch (s->heard) {
    case STRAIN_NOBODY:
    case STRAIN_RETURNED:
        s->on = s->rest.state != REST_DONE;
        break;
    case STRAIN_RECOVERING:
        strain_rest(s);
        return STRAIN_FELT;
    case STRAIN_RECOVERED:
        s->on = false;
        break;
    }
    return !s->on ? STRAIN_OVER : in ? STRAIN_PERHAPS : STRAIN_FELT;
}

double strain_of(const struct strain *s, double load)
{
    return s->on && load < s->load - 0.5 ? s->load : 0;
}
