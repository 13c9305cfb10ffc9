/* SPDX-License-Identifier: MIT
 *
 * study_spike - what a recovery was a recovery from, said in a line. */
#include "config.h"

#include <stdio.h>

#include "base/num.h"
#include "base/text.h"
#include "run/study_internal.h"

static const char *spike_since(const struct study *s,
                               const struct recovery_episode *e, char *buf,
                               size_t size)
{
    char load[64];

    switch (e->cause) {
    case RECOVERY_FALL:
        /* It may have risen before, up to that. */
        snprintf(buf, size, "the load rose past %s",
                 study_tell_load(s, e->load_to, load, sizeof load));
        break;
    case RECOVERY_MARK:
        snprintf(buf, size, "the mark%s", e->before ? " was set" : "");
        break;
    case RECOVERY_OUTAGE:
        snprintf(buf, size, "the outage began");
        break;
    }
    return buf;
}

/* Up to when they are counted. */
static const char *spike_until(const struct recovery_episode *e)
{
    if (e->cause != RECOVERY_MARK) {
        return e->unserved ? "" : " before";
    }
    switch (e->state) {
    case RECOVERY_CANDIDATE:
    case RECOVERY_RECOVERED:
    case RECOVERY_HELD:
        return " until it was back";
    case RECOVERY_RECOVERING:
        return " so far";
    case RECOVERY_NOT:
    case RECOVERY_UNMEASURED:
    case RECOVERY_WATCHING:
    case RECOVERY_UNDISTURBED:
        break;
    }
    return " since";
}

const char *study_tell_spike(const struct study *s,
                             const struct recovery_episode *e, char *buf,
                             size_t size)
{
    char x[NUM_MAX], y[NUM_MAX], since[100], of[TELL_NAMES_MAX];

    buf[0] = '\0';
    spike_since(s, e, since, sizeof since);
    if (e->before) {
        snprintf(buf, size, "bad already when %s at %s", since,
                 num_when(y, e->rise_us));
    } else if (e->degraded) {
        snprintf(buf, size, "bad %s after %s at %s",
                 e->degrade_us < 1000000 ? "at once"
                                         : tell_span(x, e->degrade_us),
                 since, num_when(y, e->rise_us));
    }
    if (e->worst_us > 0) {
        /* Where what is back is of others, it is not to be taken for theirs. */
        text_add(buf, size, "%sp95%s up to %s", buf[0] != '\0' ? "; " : "",
                 e->reference == RECOVERY_BY_LIMIT && e->tolerance_us == 0
                     ? " of all requests"
                     : "",
                 num_latency(x, e->worst_us));
    }
    if (e->failed > 0) {
        text_add(buf, size, "%s%s of %s requests%s failed%s",
                 buf[0] != '\0' ? "; " : "", num_count(x, e->failed),
                 num_count(y, e->requests),
                 tell_names(s, &e->names, of, sizeof of), spike_until(e));
    }
    return buf;
}
