/* SPDX-License-Identifier: MIT
 *
 * recovery_band - is a window as a reference has it: by latency, errors,
 * throughput and backlog, or by the plan's rules, within what chance does. */
#include "config.h"

#include <math.h>

#include "insight/binom.h"
#include "insight/recovery_base.h"

#define BAND_SURE   0.999
#define BAND_BEYOND 0.999999 /* so far out that once is enough */

void band_add(const struct band_ref *r, struct band_counts *c,
              const struct moment *x)
{
    c->active_us += x->active_us;
    if (r->in_us > 0) {
        c->n += histo_count(x->good);
        c->above += histo_count_above(x->good, r->in_us);
        c->clear += histo_count_above(x->good, r->out_us);
    }
    c->requests += x->requests;
    c->failed += x->failed;
    c->in_flight = x->in_flight;
    c->load_us += x->load * (double)x->active_us;
    c->open = c->open || x->open;
    c->who = x->who;
    if (r->rules != NULL) {
        band_rules_add(r->rules, c, x);
    }
}

bool band_silent(const struct band_counts *c)
{
    return c->requests == 0 && c->in_flight > 0;
}

static bool band_errors_in(const struct band_ref *r,
                           const struct band_counts *c, double sure)
{
    return c->failed <= binom_quantile(c->requests, r->error_limit, sure);
}

/* One-sided: more than before is no harm. */
static bool band_rate_in(const struct band_ref *r, const struct band_counts *c,
                         double errors)
{
    double m = 0.9 * r->per_load * c->load_us / 1e6;

    return (double)c->requests >= m - errors * sqrt(m);
}

static bool band_backlog_in(const struct band_ref *r,
                            const struct band_counts *c)
{
    return !c->open || r->in_flight <= 0 ||
           (double)c->in_flight <= r->in_flight;
}

static bool band_out(const struct band_ref *r, const struct band_counts *c,
                     double sure, double errors)
{
    return c->clear > binom_quantile(c->n, BAND_P, sure) ||
           !band_errors_in(r, c, sure) || !band_rate_in(r, c, errors) ||
           !band_backlog_in(r, c) ||
           (r->rules != NULL && band_rules_out(r->rules, c, sure));
}

bool band_clearly_out(const struct band_ref *r, const struct band_counts *c)
{
    return band_out(r, c, BAND_SURE, 3);
}

bool band_surely_out(const struct band_ref *r, const struct band_counts *c)
{
    /* How many are usual in a window is known of a baseline alone. */
    return (band_silent(c) && !r->by_limit) || band_out(r, c, BAND_BEYOND, 5);
}

bool band_in(const struct band_ref *r, const struct band_counts *c)
{
    return c->above <= binom_quantile(c->n, BAND_P, BAND_LATENCY) &&
           band_errors_in(r, c, BAND_SURE) && band_rate_in(r, c, 3) &&
           band_backlog_in(r, c) &&
           (r->rules == NULL || band_rules_in(r->rules, c));
}
