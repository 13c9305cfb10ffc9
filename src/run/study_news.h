/* SPDX-License-Identifier: MIT
 *
 * study_news - what a study has found out since it was last asked, each once:
 * anomalies, where the service breaks, and each return from a disturbance. Of a
 * hunt only the first: it breaks the service on purpose, and says the rest
 * itself. */
#ifndef RUN_STUDY_NEWS_H
#define RUN_STUDY_NEWS_H

#include <stdbool.h>
#include <stdint.h>

#include "run/study.h"

struct study_news {
    const char *type; /* of an event: "anomaly", "breaking_point", "recovery";
                         static */
    char value[32]; /* the kind of anomaly; the load at which it broke; seconds
                       until it was back */
    bool bad;       /* a fault rather than a remark */
    uint64_t t_us;  /* where it began; recovery: where it was back */
    char text[256];
};
/* One after the other; false: there is nothing more. */
bool study_news(struct study *s, struct study_news *out);

#endif
