/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/rest.h"

#include <math.h>

#include "base/num.h"
#include "insight/binom.h"

#define REST_LATENCY_Q 0.95
#define REST_SECOND_Q  0.999 /* of one second: what throws it back */
#define REST_ERRORS_UP 0.01
#define REST_UP        1.2
#define REST_UP_US     10000
/* Of a part: so many samples, or so long without. */
#define REST_FEW     5
#define REST_WAIT_US (15 * UINT64_C(1000000))
/* So sure it has to be that it was quicker before. */
#define REST_BEFORE_Q 0.999

void rest_begin(struct rest *r, double percentile, unsigned part,
                uint64_t tolerance_us, double error_rate)
{
    *r = (struct rest){.percentile = percentile,
                       .part = part,
                       .tolerance_us = tolerance_us,
                       .error_rate = error_rate,
                       .state = REST_GOING};
}

void rest_settles(struct rest *r, const struct rest_before *before)
{
    r->before = r->tolerance_us > 0 ? before : NULL;
}

uint64_t rest_tolerance(uint64_t b_us, uint64_t limit_us)
{
    double us = fmax(REST_UP * (double)b_us, (double)b_us + REST_UP_US);

    return b_us == 0 || us > (double)limit_us ? limit_us : num_whole(us);
}

/* Nothing asked and nothing answered is calm; an answer may take its time. */
static bool rest_waits(struct rest *r, const struct moment *x)
{
    if (x->requests > 0 || x->in_flight == 0) {
        r->silent_us = 0;
        return false;
    }
    r->silent_us += x->active_us;
    return r->silent_us <= r->tolerance_us + 1000000;
}

static double rest_errors(const struct rest *r)
{
    return fmax(2 * r->error_rate, r->error_rate + REST_ERRORS_UP);
}

static bool rest_in_band(const struct rest *r, const struct moment *x,
                         uint64_t n, uint64_t over)
{
    double allowed = 1 - r->percentile / 100;

    return over <= binom_quantile(n, allowed, REST_SECOND_Q) &&
           x->failed <=
               binom_quantile(x->requests, rest_errors(r), REST_SECOND_Q);
}

/* Was it within the limit before, and better than it is now? More of the
 * responses were well below the median of now than could be chance, or less
 * requests failed. */
static bool rest_was_better(const struct rest *r)
{
    const struct rest_before *b = r->before;
    uint64_t n = histo_count(b->good);
    uint64_t now = num_whole(steady_median(&r->steady) / REST_UP);
    uint64_t quick = n - histo_count_above(b->good, now);
    uint64_t over = histo_count_above(b->good, r->tolerance_us);
    double failed = steady_failed(&r->steady);

    if (over > binom_quantile(n, 1 - r->percentile / 100, REST_LATENCY_Q) ||
        b->failed >
            binom_quantile(b->requests, rest_errors(r), REST_LATENCY_Q)) {
        return false;
    }
    return quick > binom_quantile(n, 0.5, REST_BEFORE_Q) ||
           b->requests - b->failed >
               binom_quantile(b->requests, 1 - failed, REST_BEFORE_Q);
}

/* It is no longer on the way, and nothing says that it has a way to go. */
static bool rest_steady(const struct rest *r)
{
    bool last = r->since_us >= REST_MAX_US;
    bool is = last ? steady_may_be(&r->steady)
                   : r->good_us == 0 && steady_is(&r->steady);

    return r->before != NULL && is && !rest_was_better(r);
}

/* A tick more or less does not make another second. */
static bool rest_dwelt(const struct rest *r)
{
    return r->good_us + 100000 >=
           (r->part == 0 || r->n >= REST_FEW ? REST_DWELL_US : REST_WAIT_US);
}

enum rest_state rest_feed(struct rest *r, const struct moment *x)
{
    const struct histo *good = moment_part(x, r->part).good;
    uint64_t over = histo_count_above(good, r->tolerance_us);
    uint64_t n = histo_count(good);

    if (r->state != REST_GOING) {
        return r->state;
    }
    r->since_us += x->active_us;
    if (r->before != NULL) {
        steady_feed(&r->steady, x, r->part);
    }
    if (rest_waits(r, x)) {
        /* neither good nor bad */
    } else if (r->silent_us == 0 && rest_in_band(r, x, n, over)) {
        r->good_us += x->active_us;
        r->n += n;
        r->over += over;
    } else {
        r->good_us = r->n = r->over = 0;
    }
    if (rest_dwelt(r)) {
        if (r->over <=
            binom_quantile(r->n, 1 - r->percentile / 100, REST_LATENCY_Q)) {
            r->state = REST_DONE;
            return r->state;
        }
        r->good_us = r->n = r->over = 0;
    }
    if (rest_steady(r)) {
        r->state = REST_STEADY;
    } else if (r->since_us >= REST_MAX_US) {
        r->state = REST_MISSED;
    }
    return r->state;
}
