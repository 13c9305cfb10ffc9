/* SPDX-License-Identifier: MIT
 *
 * recovery_within - marks and outages that come while a recovery goes on: the
 * service is back for them when it is back for that, counted from their own
 * clock. */
#include "config.h"

#include "insight/recovery_internal.h"

/* From the clock of the recovery to that of one within it. */
static uint64_t within_less(uint64_t us, uint64_t within_us)
{
    return us > within_us ? us - within_us : 0;
}

static bool within_back(const struct recovery_episode *of)
{
    return of->state == RECOVERY_CANDIDATE || of->state == RECOVERY_RECOVERED ||
           of->state == RECOVERY_HELD;
}

/* How it was bad: before the mark already, or from some time after it on.
 * from_us: end of the window that says so, by the clock of the recovery. */
static void within_degraded(struct recovery_episode *e,
                            const struct recovery_episode *of, uint64_t from_us)
{
    uint64_t at_us = of->rise_us + of->degrade_us;

    if (e->degraded || e->state == RECOVERY_WATCHING) {
        return;
    }
    e->degraded = true;
    e->degrade_us = at_us > e->t0_us
                        ? at_us - e->t0_us
                        : within_less(from_us, e->within_us + e->window_us);
}

static void within_follow(struct recovery_episode *e,
                          const struct recovery_episode *of, uint64_t from_us)
{
    uint64_t by_us = e->within_us;

    e->state = of->state;
    e->over = of->over;
    e->suspect = of->suspect;
    e->confidence = of->confidence;
    e->why = of->why;
    e->held_us = of->held_us;
    e->dwell_us = of->dwell_us;
    e->window_us = of->window_us;
    e->to_return = of->to_return;
    e->return_us = within_less(of->return_us, by_us);
    e->low_us = within_less(of->low_us, by_us);
    e->high_us = within_less(of->high_us, by_us);
    e->elapsed_us = within_less(of->elapsed_us, by_us);
    e->out_us = within_less(of->out_us, by_us);
    e->relapsed = of->relapsed && of->relapse_us > by_us;
    e->first_us = e->relapsed ? within_less(of->first_us, by_us) : 0;
    e->relapse_us = e->relapsed ? of->relapse_us - by_us : 0;
    if (e->cause == RECOVERY_MARK && within_back(of) &&
        of->return_us <= by_us) {
        e->state = of->over ? RECOVERY_UNDISTURBED : RECOVERY_WATCHING;
    }
    within_degraded(e, of, from_us);
}

void recovery_within_add(struct recovery *r, const struct moment *x,
                         enum recovery_cause cause)
{
    struct recovery_episode *e = recovery_add(r);
    const struct recovery_episode *of = recovery_last(r);

    *e = *of;
    e->cause = cause;
    e->names = (struct recovery_names){0};
    e->within = true;
    e->t0_us = e->rise_us = x->start_us;
    e->during_us = of->t0_us;
    e->within_us = r->from_us + r->counts.active_us;
    e->to_t0 = r->asked;
    e->load_from = e->load_to = x->load;
    e->drain_us = e->worst_us = e->requests = e->failed = e->degrade_us = 0;
    e->degraded = e->before =
        cause == RECOVERY_MARK && of->state == RECOVERY_RECOVERING;
    if (cause == RECOVERY_OUTAGE) {
        recovery_outage_fill(r, e);
    }
    within_follow(e, of, r->from_us);
}

/* Nothing is of a mark that nothing went wrong since; nor of one that was set
 * after a return that cannot be told. */
static void within_asked(struct recovery_episode *e)
{
    bool none = e->state == RECOVERY_WATCHING ||
                e->state == RECOVERY_UNDISTURBED ||
                e->to_return.requests < e->to_t0.requests;

    if (e->cause == RECOVERY_MARK) {
        e->requests = none ? 0 : e->to_return.requests - e->to_t0.requests;
        e->failed = none ? 0 : e->to_return.failed - e->to_t0.failed;
    }
}

void recovery_within(struct recovery *r)
{
    size_t i;

    for (i = r->at; i < r->n; i++) {
        struct recovery_episode *e = &r->list[i];

        if (i > r->at) {
            within_follow(e, &r->list[r->at], r->from_us);
        } else if (e->state == RECOVERY_RECOVERING) {
            e->to_return = r->asked;
        }
        within_asked(e);
    }
}

void recovery_asked(struct recovery *r, const struct moment *x)
{
    r->asked.requests += x->requests;
    r->asked.failed += x->failed;
    if (r->going && x->active_us == 0) {
        recovery_within(r);
    }
}

/* The windows go on as they are, of another clock. */
static void within_goes_on(struct recovery *r)
{
    struct recovery_episode *e = &r->list[r->n - 1];

    r->at = r->n - 1;
    r->going = true;
    r->from_us = within_less(r->from_us, e->within_us);
    r->begun = r->no_vu = 0;
    r->n_dwell = 0;
    r->clear_end_us = 0;
    r->empty = r->clear = 0;
    r->drained = true;
    r->fresh = r->missing = false;
    e->within = false;
    e->within_us = e->during_us = 0;
    e->over = false;
    e->state = RECOVERY_WATCHING;
    e->return_us = e->low_us = e->high_us = e->held_us = 0;
    e->elapsed_us = r->from_us;
}

bool recovery_hand_on(struct recovery *r)
{
    struct recovery_episode mark;

    recovery_within(r);
    mark = r->list[r->n - 1];
    if (!mark.within || mark.state != RECOVERY_WATCHING) {
        return false;
    }
    recovery_close(r); /* which takes it away */
    *recovery_add(r) = mark;
    within_goes_on(r);
    return true;
}
