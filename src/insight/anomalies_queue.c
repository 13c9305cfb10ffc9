/* SPDX-License-Identifier: MIT
 *
 * anomalies_queue - do requests wait at the last level that was left? What the
 * levels of the same scenarios before it say. */
#include "config.h"

#include <math.h>

#include "insight/anomalies_internal.h"

/* Of plateaus that are held against each other. */
#define QUEUE_REQUESTS 100
#define QUEUE_LOAD     1.25
#define QUEUE_SAME     0.95
/* Where the level before did less: of what its load grew by, in logarithms, so
 * much more is done at most; of what a rate asks for, so much less is. */
#define QUEUE_GAIN 0.25
#define QUEUE_DONE 0.9
/* Standard errors of the counts. */
#define QUEUE_SURE 2

static struct queueing_side queue_side(const struct plateau *p)
{
    return (struct queueing_side){.rate = p->goodput,
                                  .in_flight = p->goodput * p->good_us / 1e6,
                                  .response_s = p->good_us / 1e6};
}

static bool queue_counts(const struct plateau *x)
{
    return x->good >= QUEUE_REQUESTS && x->after <= 0;
}

double anomalies_most(const struct plateaus *p, uint64_t who, double load)
{
    size_t n = plateaus_count(p) - (plateaus_open(p) ? 1 : 0), i;
    double most = 0;

    for (i = 0; i < n; i++) {
        const struct plateau *x = plateaus_at(p, i);

        if (queue_counts(x) && x->who == who && x->load <= load) {
            most = fmax(most, x->goodput);
        }
    }
    return most;
}

/* The closed plateau of clearly less load that did as much as any: of several
 * the one of the least load. */
static const struct plateau *queue_before(const struct plateaus *p, size_t n,
                                          const struct plateau *last,
                                          double most)
{
    const struct plateau *best = NULL;
    size_t i;

    for (i = 0; i < n; i++) {
        const struct plateau *x = plateaus_at(p, i);

        if (queue_counts(x) && x->who == last->who && x->rate == last->rate &&
            x->load * QUEUE_LOAD <= last->load &&
            x->goodput >= QUEUE_SAME * most &&
            (best == NULL || x->load < best->load)) {
            best = x;
        }
    }
    return best;
}

/* The next lower one, where that is much less: what it did leaves no doubt that
 * the last one should have done more. */
static const struct plateau *queue_below(const struct plateaus *p, size_t n,
                                         const struct plateau *last)
{
    const struct plateau *best = NULL;
    double more, error;
    size_t i;

    for (i = 0; i < n; i++) {
        const struct plateau *x = plateaus_at(p, i);

        if (queue_counts(x) && x->who == last->who && x->rate == last->rate &&
            x->load > 0 && x->load * QUEUE_LOAD <= last->load &&
            (best == NULL || x->load > best->load)) {
            best = x;
        }
    }
    if (best == NULL) {
        return NULL;
    }
    more = log(last->goodput / best->goodput);
    if (last->rate) { /* what was done before was what was asked for */
        error = QUEUE_SURE / sqrt((double)last->good);
        return more + error <= log(QUEUE_DONE * last->load / best->load) ? best
                                                                         : NULL;
    }
    error = QUEUE_SURE * sqrt(1 / (double)last->good + 1 / (double)best->good);
    return more + error <= QUEUE_GAIN * log(last->load / best->load) &&
                   last->goodput >= best->goodput
               ? best
               : NULL;
}

const struct plateau *anomalies_last(const struct plateaus *p)
{
    size_t n = plateaus_count(p) - (plateaus_open(p) ? 1 : 0);

    return n >= 2 && queue_counts(plateaus_at(p, n - 1)) ? plateaus_at(p, n - 1)
                                                         : NULL;
}

bool anomalies_waits(const struct plateaus *p, const struct plateau *last,
                     struct anomaly_queue *q)
{
    size_t n = plateaus_count(p) - (plateaus_open(p) ? 1 : 0);
    double most = anomalies_most(p, last->who, last->load);
    const struct plateau *before = queue_before(p, n - 1, last, most);
    const struct plateau *below = queue_below(p, n - 1, last);

    if (last->rate || before == NULL) { /* a rate is done, or it is not */
        before = below;
    }
    if (before == NULL) {
        return false;
    }
    *q = (struct anomaly_queue){.who = last->who,
                                .load_from = before->load,
                                .load_to = last->load,
                                .most = most,
                                .was = queue_side(before),
                                .is = queue_side(last)};
    return queueing_piles(&q->was, &q->is) &&
           (below == before ||
            queueing_of(&q->was, &q->is, false, false) == QUEUEING_WAITING);
}
