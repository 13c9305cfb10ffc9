/* SPDX-License-Identifier: MIT
 *
 * summary_anomalies - what went on that the load does not explain. */
#include "config.h"

#include "console/summary_internal.h"
#include "run/study_anomaly.h"

/* A page is read, a results file has them all. Of many stalls the first. */
#define ANOMALIES_LINES  12
#define ANOMALIES_STALLS 2

static void anomalies_line(struct summary_page *p, const char *line)
{
    buf_adds(p->out, "    ");
    summary_safe(p, line);
    buf_addc(p->out, '\n');
}

void summary_anomalies(struct summary_page *p)
{
    const struct study *s = story_study(p->story);
    const struct anomalies *a = study_anomalies(s);
    size_t n = anomalies_count(a), i, shown = 0, stalls = 0,
           left = anomalies_dropped(a);
    bool together;
    char line[256];

    if (n == 0) {
        return;
    }
    summary_title(p, "ANOMALIES");
    together = study_tell_stalls(s, line, sizeof line)[0] != '\0';
    if (together) {
        anomalies_line(p, line);
    }
    for (i = 0; i < n; i++) {
        const struct anomaly *x = anomalies_at(a, i);

        if (x->kind == ANOMALY_STALL && together &&
            stalls++ >= ANOMALIES_STALLS) {
            continue;
        }
        if (shown++ < ANOMALIES_LINES) {
            anomalies_line(p, study_tell_anomaly(s, x, line, sizeof line));
        } else {
            left++;
        }
    }
    if (left > 0) {
        buf_addf(p->out, "    %zu more are in the results file\n", left);
    }
}
