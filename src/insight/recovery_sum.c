/* SPDX-License-Identifier: MIT
 *
 * recovery_sum - what all episodes of a run come to: the longest return, and
 * whether each of them was one. */
#include "config.h"

#include "insight/recovery_internal.h"

/* What is to be told, when there are several: the highest. */
enum sum_rank { SUM_NOTHING, SUM_RETURN, SUM_OPEN, SUM_LOST };

static enum sum_rank sum_rank(const struct recovery_episode *e)
{
    switch (e->state) {
    case RECOVERY_WATCHING:
    case RECOVERY_UNDISTURBED:
        return SUM_NOTHING;
    case RECOVERY_RECOVERED:
        return SUM_RETURN;
    case RECOVERY_RECOVERING:
    case RECOVERY_CANDIDATE:
        return SUM_OPEN;
    case RECOVERY_NOT:
    case RECOVERY_HELD:
    case RECOVERY_UNMEASURED:
        break;
    }
    return SUM_LOST;
}

/* The time that it took, or takes at least; false: nothing is known of it. A
 * return is the beginning of a window, which may be the one that is being
 * filled: all of the time that has gone by would say too much. */
static bool sum_time(const struct recovery_episode *e, uint64_t *us)
{
    switch (e->state) {
    case RECOVERY_RECOVERING:
        *us = e->out_us;
        return true;
    case RECOVERY_CANDIDATE:
    case RECOVERY_RECOVERED:
    case RECOVERY_HELD:
        *us = e->return_us;
        return true;
    case RECOVERY_NOT:
        *us = e->unserved ? 0 : e->elapsed_us;
        return !e->unserved;
    case RECOVERY_WATCHING:
    case RECOVERY_UNDISTURBED:
    case RECOVERY_UNMEASURED:
        break;
    }
    return false;
}

uint64_t recovery_told(uint64_t us)
{
    return (us + 50000) / 100000 * 100000;
}

void recovery_sum_add(struct recovery_sum *s, const struct recovery_episode *e)
{
    enum sum_rank rank = sum_rank(e);
    enum sum_rank was = s->n > 0 ? sum_rank(&s->which) : SUM_NOTHING;
    uint64_t us = 0;

    if (rank == SUM_NOTHING) {
        return;
    }
    if (rank > was || (rank == SUM_RETURN && was == rank &&
                       e->return_us > s->which.return_us)) {
        s->which = *e;
    }
    s->n++;
    s->open = s->open || rank == SUM_OPEN;
    s->lost = s->lost || rank == SUM_LOST;
    s->timed = sum_time(e, &us) || s->timed;
    us = recovery_told(us);
    s->longest_us = us > s->longest_us ? us : s->longest_us;
}

/* The fall may go on by another step, which takes it and what is within it
 * back. */
static bool sum_early(const struct recovery *r,
                      const struct recovery_episode *e)
{
    return r->fed && e >= &r->list[r->at] &&
           r->list[r->at].cause == RECOVERY_FALL &&
           r->list[r->at].t0_us == r->fall_end &&
           r->now_us - r->fall_end <= RECOVERY_STEPS_US;
}

/* Whatever it is by now, it is open, and its time decides nothing. */
static void sum_add_early(struct recovery_sum *s,
                          const struct recovery_episode *e)
{
    if (sum_rank(e) == SUM_NOTHING) {
        return;
    }
    if (s->n == 0 || sum_rank(&s->which) < SUM_OPEN) {
        s->which = *e;
    }
    s->n++;
    s->open = true;
}

static void sum_down(const struct recovery *r, struct recovery_sum *s)
{
    bool all = r->outage_us >= RECOVERY_OUTAGE_US;
    struct recovery_outage of = all ? r->outage : recovery_named_of(r);

    s->down = all || r->named_on;
    if (s->down) {
        s->down_us = of.at_us;
        s->names = of.names;
    }
}

struct recovery_sum recovery_sum(const struct recovery *r)
{
    struct recovery_sum s = r->gone;
    size_t i;

    for (i = 0; i < r->n; i++) {
        if (sum_early(r, &r->list[i])) {
            sum_add_early(&s, &r->list[i]);
        } else {
            recovery_sum_add(&s, &r->list[i]);
        }
    }
    sum_down(r, &s);
    return s;
}
