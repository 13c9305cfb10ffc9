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

static struct queueing_side queue_side(const struct plateau *p)
{
    return (struct queueing_side){.rate = p->goodput,
                                  .in_flight = p->goodput * p->good_us / 1e6,
                                  .response_s = p->good_us / 1e6};
}

static bool queue_counts(const struct plateau *x)
{
    return x->good >= QUEUE_REQUESTS && !x->rate && x->after <= 0;
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

        if (queue_counts(x) && x->who == last->who &&
            x->load * QUEUE_LOAD <= last->load &&
            x->goodput >= QUEUE_SAME * most &&
            (best == NULL || x->load < best->load)) {
            best = x;
        }
    }
    return best;
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

    if (before == NULL) {
        return false;
    }
    *q = (struct anomaly_queue){.who = last->who,
                                .load_from = before->load,
                                .load_to = last->load,
                                .most = most,
                                .was = queue_side(before),
                                .is = queue_side(last)};
    return queueing_of(&q->was, &q->is, false, false) == QUEUEING_WAITING;
}
