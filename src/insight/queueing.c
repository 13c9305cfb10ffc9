/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "insight/queueing.h"

#include <math.h>

/* Responses that take so much longer are longer. */
#define QUEUEING_LEAST 1.25
/* Rates within so much of each other are the same. */
#define QUEUEING_SAME 0.1
/* Of the longer time, in logarithms, what more in flight has to explain, and
 * what it may explain at most. */
#define QUEUEING_MOST_OF 0.7
#define QUEUEING_LITTLE  0.3

const char *queueing_name(enum queueing q)
{
    static const char *const names[] = {
        [QUEUEING_NOT] = "",
        [QUEUEING_UNKNOWN] = "unknown",
        [QUEUEING_WAITING] = "waiting",
        [QUEUEING_SLOWER] = "slower",
    };

    return names[q];
}

bool queueing_piles(const struct queueing_side *before,
                    const struct queueing_side *after)
{
    return before->in_flight > 0 && before->response_s > 0 &&
           after->response_s >= QUEUEING_LEAST * before->response_s &&
           log(after->in_flight / before->in_flight) >=
               QUEUEING_MOST_OF * log(after->response_s / before->response_s);
}

enum queueing queueing_of(const struct queueing_side *before,
                          const struct queueing_side *after, bool open,
                          bool grows)
{
    double longer, more, rate;

    if (before->rate <= 0 || after->rate <= 0 || before->response_s <= 0 ||
        after->response_s < QUEUEING_LEAST * before->response_s) {
        return QUEUEING_NOT;
    }
    if (before->in_flight <= 0 || after->in_flight <= 0) {
        return QUEUEING_UNKNOWN;
    }
    longer = log(after->response_s / before->response_s);
    more = log(after->in_flight / before->in_flight);
    rate = log(after->rate / before->rate);
    if (more >= QUEUEING_MOST_OF * longer && fabs(rate) <= QUEUEING_SAME) {
        return !open || grows ? QUEUEING_WAITING : QUEUEING_SLOWER;
    }
    if (more <= QUEUEING_LITTLE * longer && rate <= -QUEUEING_LITTLE * longer) {
        return QUEUEING_SLOWER;
    }
    return QUEUEING_UNKNOWN;
}
