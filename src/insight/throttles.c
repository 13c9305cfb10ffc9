/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/throttles.h"

#include <string.h>

#include "base/num.h"

/* Without a 429 for so long, and for so many times as long as usual, a limit is
 * no longer felt; where it is not known to be even it may be silent for most of
 * a window. */
#define THROTTLES_GAPS     3
#define THROTTLES_QUIET_US (10 * UINT64_C(1000000))
#define THROTTLES_SHUT_US  (60 * UINT64_C(1000000))

void throttles_init(struct throttles *l)
{
    size_t i;

    memset(l, 0, sizeof *l);
    l->retry_least_s = l->retry_after_s = -1;
    throttle_init(&l->all);
    for (i = 0; i < THROTTLES_REQUESTS; i++) {
        throttle_init(&l->one[i]);
    }
}

/* Each of them is fed each beat, so that their seconds are the same. */
bool throttles_feed(struct throttles *l, const struct beat *b)
{
    struct {
        uint64_t passed, limited;
    } sum[THROTTLES_REQUESTS + 1] = {{0, 0}};
    uint64_t passed = 0, limited = 0, second = l->all.second;
    size_t i;

    for (i = 0; i < b->n; i++) {
        const struct beat_part *p = &b->parts[i];
        size_t at =
            p->request < THROTTLES_REQUESTS ? p->request : THROTTLES_REQUESTS;

        if (!p->response) {
            continue;
        }
        sum[at].limited += p->limited ? p->count : 0;
        sum[at].passed += p->limited ? 0 : p->count;
        limited += p->limited ? p->count : 0;
        passed += p->limited ? 0 : p->count;
        l->limited[at] = l->limited[at] || p->limited;
    }
    throttle_feed(&l->all, b->end_us, b->active_us, passed, limited);
    for (i = 0; i < THROTTLES_REQUESTS; i++) {
        throttle_feed(&l->one[i], b->end_us, b->active_us, sum[i].passed,
                      sum[i].limited);
    }
    return l->all.limited_for > 0 && l->all.second != second;
}

void throttles_retry_after(struct throttles *l, double s)
{
    if (l->retry_after_s < 0 || s < l->retry_least_s) {
        l->retry_least_s = s;
    }
    l->retry_after_s = s > l->retry_after_s ? s : l->retry_after_s;
}

static uint64_t throttles_quiet_us(const struct throttle_answer *t)
{
    uint64_t quiet_us = num_whole(1e6 * THROTTLES_GAPS * t->gap_s);
    uint64_t shut_us = num_whole(2e6 * t->window_s);

    if (t->way == THROTTLE_STEADY) {
        return quiet_us > THROTTLES_QUIET_US ? quiet_us : THROTTLES_QUIET_US;
    }
    return shut_us > THROTTLES_SHUT_US ? shut_us : THROTTLES_SHUT_US;
}

struct throttles_found throttles_find(const struct throttles *l,
                                      uint64_t now_us)
{
    struct throttles_found f = {.retry_least_s = l->retry_least_s,
                                .retry_after_s = l->retry_after_s};
    unsigned i, n = 0;

    for (i = 0; i <= THROTTLES_REQUESTS; i++) {
        n += l->limited[i];
        f.request = l->limited[i] ? i : f.request;
    }
    f.one = n == 1 && f.request < THROTTLES_REQUESTS;
    f.t = throttle_answer(f.one ? &l->one[f.request] : &l->all);
    f.over = now_us - f.t.end_us > throttles_quiet_us(&f.t);
    return f;
}
