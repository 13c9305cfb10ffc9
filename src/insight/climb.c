/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/climb.h"

#include <math.h>
#include <string.h>

#define CLIMB_SAME 0.1

void climb_init(struct climb *c)
{
    memset(c, 0, sizeof *c);
    c->good = histo_new();
}

void climb_clear(struct climb *c)
{
    histo_free(&c->good);
}

static struct climb_level *climb_at(struct climb *c, size_t i)
{
    return &c->levels[(c->first + i) % CLIMB_LEVELS];
}

static bool climb_same(double a, double b)
{
    return fabs(a - b) <= fmax(CLIMB_SAME * b, 0.5);
}

static struct climb_level *climb_level(struct climb *c, const struct moment *x)
{
    struct climb_level *l;

    if (c->n > 0 && climb_same(x->load, climb_at(c, c->n - 1)->load)) {
        return climb_at(c, c->n - 1);
    }
    if (c->n == CLIMB_LEVELS) {
        c->first = (c->first + 1) % CLIMB_LEVELS;
        c->n--;
    }
    l = climb_at(c, c->n++);
    *l = (struct climb_level){.start_us = x->start_us, .load = x->load};
    histo_clear(c->good);
    c->window_us = 0;
    return l;
}

void climb_add(struct climb *c, const struct moment *x)
{
    struct climb_level *l = climb_level(c, x);
    uint64_t n, p95;

    l->requests += x->requests;
    l->failed += x->failed;
    histo_merge(c->good, x->good);
    c->window_us += x->active_us;
    n = histo_count(c->good);
    if (n < CLIMB_RESPONSES &&
        (n < CLIMB_FEWEST || c->window_us < CLIMB_PATIENCE)) {
        return;
    }
    p95 = histo_percentile(c->good, 95);
    l->worst_us = p95 > l->worst_us ? p95 : l->worst_us;
    histo_clear(c->good);
    c->window_us = 0;
}

struct climb_sum climb_since(const struct climb *c, double load)
{
    struct climb_sum sum = {0};
    bool up = false; /* before the end of the way down */
    size_t i = c->n;

    while (i-- > 0) {
        const struct climb_level *l = &c->levels[(c->first + i) % CLIMB_LEVELS];

        bool low = l->load <= load || climb_same(l->load, load);

        if (low && up) {
            break;
        }
        up = up || !low;
        sum.start_us = l->start_us;
        sum.requests += l->requests;
        sum.failed += l->failed;
        sum.worst_us = l->worst_us > sum.worst_us ? l->worst_us : sum.worst_us;
    }
    return up ? sum : (struct climb_sum){0};
}
