/* SPDX-License-Identifier: MIT
 *
 * recovery_watch - what came since a baseline was left, and against the plan's
 * limit at any time: was it out of the band, and when. */
#include "config.h"

#include <string.h>

#include "insight/recovery_base.h"

/* Joins the two that are nearest. */
static void base_join(struct band_ref *r)
{
    size_t at = 0, i;

    for (i = 1; i + 1 < r->n_out; i++) {
        if (r->out[i + 1].start_us - r->out[i].end_us <
            r->out[at + 1].start_us - r->out[at].end_us) {
            at = i;
        }
    }
    r->out[at].end_us = r->out[at + 1].end_us;
    r->n_out--;
    memmove(&r->out[at + 1], &r->out[at + 2],
            (r->n_out - at - 1) * sizeof r->out[0]);
}

static void base_out(struct band_ref *r, uint64_t start_us, uint64_t end_us)
{
    if (r->n_out > 0 && start_us <= r->out[r->n_out - 1].end_us) {
        r->out[r->n_out - 1].end_us = end_us;
        return;
    }
    if (r->n_out == BAND_OUT_MAX) {
        base_join(r);
    }
    r->out[r->n_out++] =
        (struct band_out){.start_us = start_us, .end_us = end_us};
}

bool band_out_since(const struct band_ref *r, uint64_t from_us, uint64_t *at_us)
{
    size_t i;

    for (i = 0; i < r->n_out; i++) {
        if (r->out[i].end_us + r->window_us > from_us) {
            *at_us = r->out[i].start_us;
            return true;
        }
    }
    return false;
}

static void base_watch_one(struct band_ref *r, const struct moment *x)
{
    bool clear;

    if (!r->any) {
        return;
    }
    r->seen_us = r->seen.active_us == 0 ? x->start_us : r->seen_us;
    band_add(r, &r->seen, x);
    /* At another load another throughput is right. */
    r->seen.load_us = 0;
    r->seen.open = false;
    if (!band_full(r, &r->seen)) {
        return;
    }
    clear = band_silent(&r->seen) || band_clearly_out(r, &r->seen);
    if (clear && (r->clear_us > 0 || band_surely_out(r, &r->seen))) {
        r->disturbed = true;
        base_out(r, r->clear_us > 0 ? r->clear_us : r->seen_us, x->end_us);
    }
    r->clear_us = clear ? r->seen_us : 0;
    r->seen = (struct band_counts){0};
}

void base_watch(struct base *b, const struct moment *x)
{
    size_t i;

    for (i = 0; i < b->n_kept; i++) {
        base_watch_one(&b->kept[i], x);
    }
    band_rules_note(&b->rules, x);
    base_watch_one(&b->by_limit, x);
}

static void base_forget_one(struct band_ref *r)
{
    r->seen = (struct band_counts){0};
    r->clear_us = 0;
    r->disturbed = false;
}

void base_forget(struct base *b)
{
    size_t i;

    for (i = 0; i < b->n_kept; i++) {
        base_forget_one(&b->kept[i]);
    }
    base_forget_one(&b->by_limit);
}

void base_disturbed(struct base *b)
{
    size_t i;

    for (i = 0; i < b->n_kept; i++) {
        b->kept[i].disturbed = true;
    }
    b->by_limit.disturbed = true;
}

bool base_within(const struct base *b, const struct moment *x)
{
    struct band_counts c = {0};

    band_add(&b->by_limit, &c, x);
    c.load_us = 0;
    c.open = false;
    return b->by_limit.any && band_in(&b->by_limit, &c);
}
