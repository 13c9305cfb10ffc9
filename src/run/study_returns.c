/* SPDX-License-Identifier: MIT
 *
 * study_returns - what all recoveries of a run come to, as its thresholds are
 * told of them, and in words what the longest time does not say. */
#include "config.h"

#include <stdio.h>

#include "base/num.h"
#include "run/study_internal.h"

/* Nothing is answered, and no clock has begun that could be read. */
static void returns_down(const struct study *s, const struct recovery_names *n,
                         uint64_t since_us, char *buf, size_t size)
{
    char at[NUM_MAX], of[TELL_NAMES_MAX];

    snprintf(buf, size, "every request%s %s since %s",
             tell_names(s, n, of, sizeof of), s->ended ? "failed" : "fails",
             num_when(at, since_us));
}

static void returns_why(const struct study *s, const struct recovery_sum *m,
                        char *buf, size_t size)
{
    const struct recovery_episode *e = &m->which;
    char x[NUM_MAX], y[NUM_MAX], at[NUM_MAX];

    num_when(at, e->t0_us);
    switch (e->state) {
    case RECOVERY_WATCHING:
    case RECOVERY_UNDISTURBED:
        snprintf(buf, size, "nothing to recover from");
        return;
    case RECOVERY_RECOVERING:
    case RECOVERY_CANDIDATE:
        study_tell_short(e, buf, size);
        return;
    case RECOVERY_RECOVERED:
        buf[0] = '\0';
        if (m->n > 1) {
            snprintf(buf, size, "the longest of %zu, after %s", m->n, at);
        }
        return;
    case RECOVERY_NOT:
        if (e->unserved) {
            returns_down(s, &e->names, e->t0_us, buf, size);
            return;
        }
        snprintf(buf, size, "not back within the %s that it had after %s",
                 study_tell_took(x, e->elapsed_us), at);
        return;
    case RECOVERY_HELD:
        snprintf(buf, size,
                 "back in %s after %s, but watched for %u of %s only",
                 study_tell_took(x, e->return_us), at,
                 (unsigned)(e->held_us / 1000000), tell_span(y, e->dwell_us));
        return;
    case RECOVERY_UNMEASURED:
        break;
    }
    snprintf(buf, size, "not measurable after %s: %s", at, e->why);
}

void study_returns(const struct study *s, struct judge_returns *out)
{
    struct recovery_sum m = recovery_sum(s->recovery);

    *out = (struct judge_returns){
        .any = m.n > 0 || m.down,
        .timed = m.timed,
        .ms = (double)m.longest_us / 1e3,
        .open = !s->ended && (m.open || m.down),
        .lost = m.lost || (s->ended && m.down),
    };
    if (m.down && !m.lost) {
        returns_down(s, &m.names, m.down_us, out->why, sizeof out->why);
    } else {
        returns_why(s, &m, out->why, sizeof out->why);
    }
}
