/* SPDX-License-Identifier: MIT
 *
 * study_spike - what a recovery was a recovery from, said in a line. */
#include "config.h"

#include <stdio.h>

#include "base/num.h"
#include "base/text.h"
#include "run/study_internal.h"

static const char *spike_since(enum recovery_cause c)
{
    static const char *const words[] = {
        [RECOVERY_FALL] = "the load rose",
        [RECOVERY_MARK] = "the mark",
        [RECOVERY_OUTAGE] = "the outage began",
    };

    return words[c];
}

const char *study_tell_spike(const struct recovery_episode *e, char *buf,
                             size_t size)
{
    char x[NUM_MAX], y[NUM_MAX];

    buf[0] = '\0';
    if (e->before) {
        snprintf(buf, size, "bad already when %s at %s", spike_since(e->cause),
                 num_clock(y, e->rise_us));
    } else if (e->degraded) {
        snprintf(buf, size, "bad %s after %s at %s",
                 e->degrade_us < 1000000 ? "at once"
                                         : tell_span(x, e->degrade_us),
                 spike_since(e->cause), num_clock(y, e->rise_us));
    }
    if (e->worst_us > 0) {
        text_add(buf, size, "%sp95 up to %s", buf[0] != '\0' ? "; " : "",
                 num_latency(x, e->worst_us));
    }
    if (e->failed > 0) {
        text_add(buf, size, "%s%s of %s requests failed before",
                 buf[0] != '\0' ? "; " : "", num_count(x, e->failed),
                 num_count(y, e->requests));
    }
    return buf;
}
