/* SPDX-License-Identifier: MIT
 *
 * queueing - why do responses take longer than before? Either requests wait:
 * more are in flight, and no more are done a second; or the service needs more
 * time for each: as many are in flight, and fewer are done. Little's law (1961)
 * says that in flight is rate times response time, so two of the three tell.
 * Pure arithmetic. */
#ifndef INSIGHT_QUEUEING_H
#define INSIGHT_QUEUEING_H

#include <stdbool.h>

/* A stretch of the run, as it was on average. */
struct queueing_side {
    double rate;       /* responses a second */
    double in_flight;  /* requests */
    double response_s; /* mean */
};

enum queueing {
    QUEUEING_NOT,     /* responses do not take longer, by a quarter at least */
    QUEUEING_UNKNOWN, /* some of both, or something else */
    QUEUEING_WAITING, /* they wait */
    QUEUEING_SLOWER,  /* the service is slower */
};
/* "", "unknown", "waiting", "slower". */
const char *queueing_name(enum queueing q);

/* Responses take longer, and more requests are in flight in proportion:
 * whatever became of the rate. */
bool queueing_piles(const struct queueing_side *before,
                    const struct queueing_side *after);
/* open: as much is asked for as before, by a rate of arrival or by as many
 * users (who think, so that more of them may be in flight); grows: requests in
 * flight were still becoming more at the end of `after`. More in flight at the
 * same rate is then what any slower service has, and a queue is what keeps
 * growing. */
enum queueing queueing_of(const struct queueing_side *before,
                          const struct queueing_side *after, bool open,
                          bool grows);

#endif
