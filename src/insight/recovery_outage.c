/* SPDX-License-Identifier: MIT
 *
 * recovery_outage - when nothing is served, since when, and from when on it is
 * again. */
#include "config.h"

#include "insight/recovery_internal.h"

/* Silence in which so many responses were due is none of a slow load. */
#define OUTAGE_DUE 5

/* Nobody served: no response came, or none but 5xx. A service that says 429, or
 * that the request was wrong, is there. */
static uint64_t outage_unserved(const struct moment *x)
{
    return x->errors[ERRORS_CONNECT] + x->errors[ERRORS_TIMEOUT] +
           x->errors[ERRORS_5XX];
}

/* It was back, and held, until this outage began: that is no relapse. */
static void outage_no_relapse(struct recovery *r, uint64_t lasted_us)
{
    struct recovery_episode *e = recovery_last(r);
    uint64_t now_us = r->from_us + r->counts.active_us;

    if (e->state == RECOVERY_RECOVERING && r->fresh &&
        r->clear_us + lasted_us + e->window_us >= now_us) {
        *e = r->kept;
    }
    r->clear = e->state == RECOVERY_RECOVERED ? 0 : r->clear;
}

/* What goes wrong after a fall or a mark is theirs as well. */
static void outage_harms(struct recovery *r, uint64_t at_us)
{
    struct recovery_episode *e = recovery_last(r);

    if (e->state == RECOVERY_RECOVERING) {
        return;
    }
    if (!e->degraded) {
        e->degraded = true;
        e->degrade_us = at_us > e->rise_us ? at_us - e->rise_us : 0;
    }
    recovery_out(r);
}

void recovery_outage_begun(struct recovery *r, const struct moment *x,
                           uint64_t at_us, uint64_t lasted_us)
{
    if (r->going) {
        outage_no_relapse(r, lasted_us);
    }
    if (r->going && recovery_last(r)->state == RECOVERY_RECOVERED) {
        recovery_close(r);
    }
    if (r->going) {
        outage_harms(r, at_us);
    } else {
        base_keep(&r->base, x);
        base_reset(&r->base, x->load, x->who);
    }
}

void recovery_outage_fill(const struct recovery *r, struct recovery_episode *e)
{
    e->rise_us = r->of.at_us;
    e->requests = r->of.requests;
    e->failed = r->of.failed;
    e->names = r->of.names;
    e->degraded = true;
}

void recovery_outage_over(struct recovery *r, const struct moment *x,
                          const struct recovery_outage *of)
{
    r->of = *of;
    if (r->going) {
        recovery_within_add(r, x, RECOVERY_OUTAGE);
        return;
    }
    base_watch(&r->base, x);
    recovery_begin(r, x, RECOVERY_OUTAGE, x->load);
    if (r->going) {
        recovery_out(r);
    }
}

/* Of the end of x so much is behind that run time, active time. */
static uint64_t outage_behind(const struct moment *x, uint64_t at_us)
{
    uint64_t us = x->end_us > at_us ? x->end_us - at_us : 0;

    return us < x->active_us ? us : x->active_us;
}

/* Some are served: what is behind the last of them may be how one begins. */
static void outage_served(struct recovery *r, const struct moment *x)
{
    struct recovery_gap *g = &r->gap;
    bool known = x->gap.served_us > 0;
    uint64_t ended_us = x->last_us > 0 ? x->last_us : x->end_us;

    *g = (struct recovery_gap){.at_us = known ? x->gap.served_us : ended_us};
    if (known && x->gap.trail > 0) {
        g->failed = x->gap.trail;
        g->fail_at_us = x->gap.trail_us;
        g->fail_us = outage_behind(x, g->fail_at_us);
    }
    if (g->failed > 0 || x->in_flight > 0) {
        g->silent_us = outage_behind(x, g->at_us) - g->fail_us;
    }
}

/* Nothing comes: that may be how an outage begins. */
static void outage_silence(struct recovery *r, const struct moment *x)
{
    struct recovery_gap *g = &r->gap;

    if (x->in_flight == 0 || x->load <= 0) {
        *g = (struct recovery_gap){0};
    } else if (g->failed > 0) {
        g->fail_us += x->active_us;
    } else {
        g->at_us = g->at_us > 0 ? g->at_us : x->start_us;
        g->silent_us += x->active_us;
    }
}

/* Nothing but failures, for the first time: since when was it so? */
static void outage_since(struct recovery *r, const struct moment *x)
{
    const struct recovery_gap *g = &r->gap;
    bool still = g->failed == 0 && g->at_us > 0 && x->gap.served_us == 0;
    uint64_t us = g->silent_us; /* up to the first failure */

    if (still && x->gap.trail > 0) {
        us += x->active_us - outage_behind(x, x->gap.trail_us);
    }
    r->outage = (struct recovery_outage){.at_us = g->failed > 0 ? g->fail_at_us
                                                                : x->start_us,
                                         .requests = g->failed,
                                         .failed = g->failed};
    r->outage_us = g->fail_us;
    if (r->served_us > 0 &&
        (double)r->served / r->served_us * x->load * (double)us >= OUTAGE_DUE) {
        r->outage.at_us = g->at_us;
        r->outage_us += g->silent_us;
    }
}

static void outage_goes_on(struct recovery *r, const struct moment *x)
{
    bool out = r->outage_us >= RECOVERY_OUTAGE_US;

    if (r->outage_us == 0) {
        outage_since(r, x);
    }
    r->gap = (struct recovery_gap){0};
    r->outage_us += x->active_us;
    r->outage.requests += outage_unserved(x); /* at an edge not all are */
    r->outage.failed += outage_unserved(x);
    if (!out && r->outage_us >= RECOVERY_OUTAGE_US) {
        recovery_outage_begun(r, x, r->outage.at_us, r->outage_us);
    }
}

void recovery_outage(struct recovery *r, const struct moment *x)
{
    bool out = r->outage_us >= RECOVERY_OUTAGE_US;
    bool begins = x->down && r->outage_us == 0;
    bool nothing = x->requests > 0 ? begins || outage_unserved(x) >= x->requests
                                   : x->in_flight > 0 && r->outage_us > 0;

    if (nothing) {
        outage_goes_on(r, x);
        return;
    }
    if (x->requests == 0) {
        outage_silence(r, x);
        return;
    }
    if (out) { /* before the first that is served; its last edge */
        uint64_t n = x->down ? outage_unserved(x) : x->gap.lead;

        r->outage.requests += n;
        r->outage.failed += n;
    }
    r->outage_us = 0;
    outage_served(r, x);
    r->served += x->requests;
    r->served_us += x->load * (double)x->active_us;
    /* What goes on of some names is one with it. */
    if (out && !recovery_named_at(r, r->now_us) && !r->named_over) {
        recovery_outage_over(r, x, &r->outage);
    }
}

void recovery_outage_left(struct recovery *r, const struct recovery_outage *of,
                          uint64_t lasted_us, const char *why)
{
    struct recovery_episode *e = recovery_add(r);

    r->at = r->n - 1;
    r->of = *of;
    recovery_outage_fill(r, e);
    e->cause = RECOVERY_OUTAGE;
    e->state = RECOVERY_NOT;
    e->over = e->unserved = true;
    e->t0_us = of->at_us;
    e->elapsed_us = e->out_us = lasted_us;
    e->load_from = e->load_to = r->load;
    e->why = why;
}

void recovery_outage_end(struct recovery *r)
{
    if (r->outage_us >= RECOVERY_OUTAGE_US && r->served > 0) {
        recovery_outage_left(r, &r->outage, r->outage_us,
                             "nothing was served again");
    } else {
        recovery_named_end(r);
    }
}
