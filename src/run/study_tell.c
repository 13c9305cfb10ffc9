/* SPDX-License-Identifier: MIT
 *
 * study_tell - what a study knows, said in a line. */
#include "config.h"

#include "run/study.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/num.h"
#include "run/study_internal.h"

static void tell(char *buf, size_t size, const char *fmt, ...)
    ATTR_PRINTF(3, 4);

/* Adds to what is there. */
static void tell(char *buf, size_t size, const char *fmt, ...)
{
    size_t n = strlen(buf);
    va_list args;

    va_start(args, fmt);
    vsnprintf(buf + n, size - n, fmt, args);
    va_end(args);
}

const char *study_tell_load(const struct study *s, double load, char *buf,
                            size_t size)
{
    char n[NUM_MAX], unit[NUM_MAX];

    snprintf(buf, size, "%s %s", num_count(n, (uint64_t)(load + 0.5)),
             study_unit(s->info, unit));
    return buf;
}

static void tell_figures(const struct plateau *p, char *buf, size_t size)
{
    char x[NUM_MAX], y[NUM_MAX];

    tell(buf, size, "%s req/s", num_rate(x, p->rps));
    if (p->responses > 0) {
        tell(buf, size, ", p95 %s", num_latency(y, p->p95_us));
    }
    if (p->failed > 0) {
        tell(buf, size, ", errors %s", num_percent(x, p->error_rate));
    }
}

const char *study_tell_steps(const struct study *s, char *buf, size_t size)
{
    struct bracket b = plateaus_bracket(s->plateaus);
    char x[64], rule[64];
    int slow;

    buf[0] = '\0';
    if (b.good >= 0) {
        const struct plateau *p = plateaus_at(s->plateaus, (size_t)b.good);

        tell(buf, size,
             b.bad >= 0 || b.fell >= 0 ? "last good %s: " : "good up to %s: ",
             study_tell_load(s, p->load, x, sizeof x));
        tell_figures(p, buf, size);
    }
    if (b.bad >= 0) {
        const struct plateau *p = plateaus_at(s->plateaus, (size_t)b.bad);

        tell(buf, size, "%s%s %s %s", b.good >= 0 ? " · " : "",
             study_tell_load(s, p->load, x, sizeof x),
             b.good >= 0 ? "too much:" : "too much already:",
             study_rule_text(s, (size_t)p->broken, rule, sizeof rule));
    }
    /* Where a rule is broken, too, that says more; that they fall says more
     * than that they do not grow. */
    slow = b.fell >= 0 && b.fell != b.bad ? b.fell : b.flat;
    if (slow >= 0 && slow != b.bad) {
        const struct plateau *p = plateaus_at(s->plateaus, (size_t)slow);

        tell(buf, size, "%sreq/s %s from %s on", buf[0] ? " · " : "",
             p->fell ? "fall" : "hardly grow",
             study_tell_load(s, p->load, x, sizeof x));
    }
    return buf;
}

const char *study_tell_short(const struct recovery_episode *e, char *buf,
                             size_t size)
{
    char x[NUM_MAX];

    switch (e->state) {
    case RECOVERY_WATCHING:
    case RECOVERY_UNDISTURBED:
        snprintf(buf, size, "undisturbed");
        return buf;
    case RECOVERY_RECOVERING:
        snprintf(buf, size, "recovering %s", num_clock(x, e->elapsed_us));
        return buf;
    case RECOVERY_CANDIDATE:
        snprintf(buf, size, "back at %s, so far", num_clock(x, e->return_us));
        return buf;
    case RECOVERY_RECOVERED:
        snprintf(buf, size, "recovered %s%s", e->return_us > 0 ? "in " : "",
                 e->return_us > 0 ? num_clock(x, e->return_us) : "at once");
        return buf;
    case RECOVERY_NOT:
        snprintf(buf, size, "not back after %s", num_clock(x, e->elapsed_us));
        return buf;
    case RECOVERY_HELD:
        snprintf(buf, size, "back at %s, unsure", num_clock(x, e->return_us));
        return buf;
    case RECOVERY_UNMEASURED:
        break;
    }
    snprintf(buf, size, "not measurable");
    return buf;
}

static void tell_relapse(const struct recovery_episode *e, char *buf,
                         size_t size)
{
    char x[NUM_MAX], y[NUM_MAX];

    if (e->relapsed) {
        tell(buf, size, ", after a first return at %s that ended at %s",
             num_clock(x, e->first_us), num_clock(y, e->relapse_us));
    }
}

const char *study_tell_state(const struct recovery_episode *e, char *buf,
                             size_t size)
{
    char x[NUM_MAX], y[NUM_MAX], z[NUM_MAX];

    switch (e->state) {
    case RECOVERY_WATCHING:
    case RECOVERY_UNDISTURBED:
        snprintf(buf, size, "no disturbance to recover from");
        return buf;
    case RECOVERY_RECOVERING:
    case RECOVERY_NOT:
        snprintf(buf, size, "not recovered after %s",
                 num_clock(x, e->elapsed_us));
        break;
    case RECOVERY_CANDIDATE:
    case RECOVERY_HELD:
        snprintf(buf, size, "back at %s, and %s for %s of %s",
                 num_clock(x, e->return_us),
                 e->state == RECOVERY_HELD ? "held only" : "holding",
                 num_dur(y, e->held_us / 1000000 * 1000000),
                 num_dur(z, e->dwell_us));
        break;
    case RECOVERY_RECOVERED:
        if (e->return_us > 0) {
            snprintf(buf, size, "recovered after %s (±%s)",
                     num_clock(x, e->return_us), num_dur(y, e->window_us));
        } else {
            snprintf(buf, size, "recovered at once, within %s",
                     num_dur(y, e->window_us));
        }
        break;
    case RECOVERY_UNMEASURED:
        snprintf(buf, size, "not measurable: %s", e->why);
        return buf;
    }
    tell_relapse(e, buf, size);
    return buf;
}

const char *study_tell_terms(const struct study *s,
                             const struct recovery_episode *e, char *buf,
                             size_t size)
{
    char x[64], y[NUM_MAX];

    buf[0] = '\0';
    switch (e->cause) {
    case RECOVERY_FALL:
        tell(buf, size, "load %s → %s", num_count(y, (uint64_t)e->load_from),
             study_tell_load(s, e->load_to, x, sizeof x));
        break;
    case RECOVERY_MARK:
        tell(buf, size, "mark");
        break;
    case RECOVERY_OUTAGE:
        tell(buf, size, "first answer after an outage");
        break;
    }
    tell(buf, size, " at %s", num_clock(y, e->t0_us));
    if (e->reference == RECOVERY_BY_NOTHING) {
        return buf;
    }
    tell(buf, size, "; p95 within %s", num_latency(y, e->tolerance_us));
    if (e->reference == RECOVERY_BY_BASELINE) {
        tell(buf, size, " (before: %s)", num_latency(y, e->p95_us));
    }
    tell(buf, size, ", errors within %s", num_percent(y, e->error_rate));
    if (e->state != RECOVERY_UNMEASURED) {
        tell(buf, size, "; confidence %s%s%s",
             recovery_confidence_name(e->confidence),
             e->why[0] != '\0' ? ": " : "", e->why);
    }
    return buf;
}
