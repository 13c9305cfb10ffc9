/* SPDX-License-Identifier: MIT
 *
 * recovery_named - when some names are not served while others are, and from
 * when on they are again. */
#include "config.h"

#include "insight/recovery_internal.h"

void recovery_beat(struct recovery *r, const struct beat *b)
{
    struct outage o;

    switch (outages_named_feed(r->names, b, &o)) {
    case OUTAGES_NOTHING:
        return;
    case OUTAGES_BEGUN:
        r->named_on = r->named_begun = true;
        r->named_told_us = b->end_us;
        break;
    case OUTAGES_GOES_ON:
        break;
    case OUTAGES_OVER:
        r->named_on = false;
        r->named_over = true;
        r->named_off_us = b->end_us;
        r->named_done = o;
        break;
    }
    r->named = o;
}

static struct recovery_outage named_of(const struct outage *o)
{
    return (struct recovery_outage){
        .at_us = o->start_us,
        .requests = o->lost,
        .failed = o->lost,
        .names = {.some = true, .request = o->request, .more = o->more}};
}

struct recovery_outage recovery_named_of(const struct recovery *r)
{
    return named_of(&r->named);
}

bool recovery_named_at(const struct recovery *r, uint64_t us)
{
    return r->named_told_us > 0 && us >= r->named_told_us &&
           (r->named_on || us < r->named_off_us);
}

/* Nobody knows whether it is back; a recovery that goes on is of more. */
static void named_unasked(struct recovery *r, const struct recovery_outage *of)
{
    if (r->going) {
        return;
    }
    recovery_outage_left(r, of, r->named_done.end_us - of->at_us,
                         "nobody asked for it any more");
    recovery_last(r)->state = RECOVERY_UNMEASURED;
}

/* Beats may be ahead of moments: it is over in the one that it ended in. */
void recovery_named(struct recovery *r, const struct moment *x)
{
    struct recovery_outage of = named_of(&r->named);

    r->named_window = r->named_window || recovery_named_at(r, x->start_us) ||
                      recovery_named_at(r, x->end_us);
    if (r->named_begun && x->end_us >= r->named_told_us) {
        recovery_outage_begun(r, x, of.at_us, x->end_us - of.at_us);
        r->named_begun = false;
    }
    if (r->named_over && x->end_us >= r->named_off_us) {
        of = named_of(&r->named_done);
        if (r->named_done.unasked) {
            named_unasked(r, &of);
        } else {
            recovery_outage_over(r, x, &of);
        }
        r->named_over = false;
    }
}

bool recovery_named_now(const struct recovery *r, uint64_t us,
                        uint64_t *since_us)
{
    *since_us = r->named.start_us;
    return recovery_named_at(r, us);
}

void recovery_named_end(struct recovery *r)
{
    struct recovery_outage of = recovery_named_of(r);

    if (r->named_on) {
        recovery_outage_left(r, &of, r->now_us - of.at_us,
                             "it was not served again");
    }
}
