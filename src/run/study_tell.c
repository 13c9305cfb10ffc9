/* SPDX-License-Identifier: MIT
 *
 * study_tell - what a study knows, said in a line. */
#include "config.h"

#include "run/study.h"

#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/text.h"
#include "run/study_internal.h"

#define TELL_NARROW 25

static uint64_t whole_load(double load)
{
    return num_whole(load + 0.5);
}

const char *study_tell_load(const struct study *s, double load, char *buf,
                            size_t size)
{
    char n[NUM_MAX], unit[NUM_MAX];
    uint64_t whole = whole_load(load);

    study_unit(s->info, unit);
    if (whole == 1 && strcmp(unit, "VUs") == 0) {
        snprintf(unit, sizeof unit, "VU");
    }
    snprintf(buf, size, "%s %s", num_count(n, whole), unit);
    return buf;
}

const char *study_tell_broken(const struct study *s, size_t rule, double value,
                              bool worst, char *buf, size_t size)
{
    MUST(rule < s->rules.n);
    return rule_words_broken(&s->rules.words[rule], s->rules.list[rule].limit,
                             value, worst, buf, size);
}

static void tell_figures(const struct plateau *p, char *buf, size_t size)
{
    char x[NUM_MAX], y[NUM_MAX];

    text_add(buf, size, "%s req/s", num_rate(x, p->rps));
    if (p->responses > 0) {
        text_add(buf, size, ", p95 %s", num_latency(y, p->p95_us));
    }
    if (p->failed > 0) {
        text_add(buf, size, ", errors %s", num_percent(x, p->error_rate));
    }
}

const char *study_tell_steps(const struct study *s, char *buf, size_t size)
{
    struct bracket b = plateaus_bracket(s->plateaus);
    char x[64], rule[RULE_TEXT_MAX];
    int slow;

    buf[0] = '\0';
    if (b.good >= 0) {
        const struct plateau *p = plateaus_at(s->plateaus, (size_t)b.good);

        text_add(buf, size,
                 b.bad >= 0 || b.fell >= 0 ? "last good %s: "
                                           : "good up to %s: ",
                 study_tell_load(s, p->load, x, sizeof x));
        tell_figures(p, buf, size);
    }
    if (b.bad >= 0) {
        const struct plateau *p = plateaus_at(s->plateaus, (size_t)b.bad);

        text_add(buf, size, "%s%s %s %s", b.good >= 0 ? " · " : "",
                 study_tell_load(s, p->load, x, sizeof x),
                 b.good >= 0 ? "too much:" : "too much already:",
                 study_tell_broken(s, (size_t)p->broken, p->value, false, rule,
                                   sizeof rule));
    }
    /* Where a rule is broken, too, that says more; that they fall says more
     * than that they do not grow. */
    slow = b.fell >= 0 && b.fell != b.bad ? b.fell : b.flat;
    if (slow >= 0 && slow != b.bad) {
        const struct plateau *p = plateaus_at(s->plateaus, (size_t)slow);

        text_add(buf, size, "%sreq/s %s from %s on", buf[0] ? " · " : "",
                 p->fell ? "fall" : "hardly grow",
                 study_tell_load(s, p->load, x, sizeof x));
        if (!p->fell && b.fell >= 0) {
            p = plateaus_at(s->plateaus, (size_t)b.fell);
            text_add(buf, size, ", and fall from %s on",
                     study_tell_load(s, p->load, x, sizeof x));
        }
    }
    return buf;
}

const char *tell_span(char *buf, uint64_t us)
{
    uint64_t s = (us + 500000) / 1000000;

    if (s < 100) {
        snprintf(buf, NUM_MAX, "%u s", (unsigned)s);
        return buf;
    }
    return num_dur(buf, s * 1000000);
}

const char *study_tell_took(char *buf, uint64_t us)
{
    unsigned tenths = (unsigned)(recovery_told(us) / 100000);

    if (tenths >= 1000 || tenths % 10 == 0) {
        return tell_span(buf, us);
    }
    snprintf(buf, NUM_MAX, "%u.%u s", tenths / 10, tenths % 10);
    return buf;
}

static const char *names_first(const struct study *s,
                               const struct recovery_names *n)
{
    const struct plan *p = s->info->plan;

    return n->request < p->n_requests ? p->requests[n->request]->name : "?";
}

const char *study_recovery_request(const struct study *s,
                                   const struct recovery_episode *e)
{
    return e->names.some ? names_first(s, &e->names) : NULL;
}

const char *tell_names(const struct study *s, const struct recovery_names *n,
                       char *buf, size_t size)
{
    char cut[61];

    buf[0] = '\0';
    if (n->some) {
        text_add(buf, size, " of %s",
                 text_safe(cut, sizeof cut, names_first(s, n)));
    }
    if (n->some && n->more > 0) {
        text_add(buf, size, " and %u other%s", n->more,
                 n->more == 1 ? "" : "s");
    }
    return buf;
}

/* "in 8 s", "at once". */
static const char *tell_in(char *buf, size_t size, uint64_t us)
{
    char x[NUM_MAX];

    snprintf(buf, size, "%s%s", us > 0 ? "in " : "",
             us > 0 ? study_tell_took(x, us) : "at once");
    return buf;
}

/* "holds 4/10 s": whole seconds. */
static const char *tell_held(char *buf, size_t size,
                             const struct recovery_episode *e)
{
    char x[NUM_MAX];

    snprintf(buf, size, "%u/%s", (unsigned)((e->held_us + 500000) / 1000000),
             tell_span(x, e->dwell_us));
    return buf;
}

/* No two windows running were out, but p95 of some responses was. */
static bool tell_moment(const struct recovery_episode *e)
{
    return e->tolerance_us > 0 && e->worst_us > e->tolerance_us;
}

/* In narrow places the unit is what can be left out. */
static void tell_narrow(char *buf)
{
    size_t n = strlen(buf);

    if (n > TELL_NARROW + 1 && strcmp(&buf[n - 2], " s") == 0) {
        buf[n - 2] = '\0';
    }
}

const char *study_tell_short(const struct recovery_episode *e, char *buf,
                             size_t size)
{
    char x[64], y[64];

    switch (e->state) {
    case RECOVERY_WATCHING:
    case RECOVERY_UNDISTURBED:
        snprintf(buf, size, "%s",
                 e->cause == RECOVERY_MARK ? "mark: nothing wrong"
                 : tell_moment(e)          ? "slow for a moment only"
                                           : "nothing was wrong");
        return buf;
    case RECOVERY_RECOVERING:
        snprintf(buf, size, "recovering for %s", study_tell_took(x, e->out_us));
        return buf;
    case RECOVERY_CANDIDATE:
        snprintf(buf, size, "back %s, holds %s",
                 tell_in(x, sizeof x, e->return_us), tell_held(y, sizeof y, e));
        tell_narrow(buf);
        return buf;
    case RECOVERY_RECOVERED:
        snprintf(buf, size, "recovered %s", tell_in(x, sizeof x, e->return_us));
        return buf;
    case RECOVERY_NOT:
        snprintf(buf, size, "not recovered in %s%s",
                 study_tell_took(x, e->elapsed_us),
                 e->unserved && !e->names.some ? ": nothing is served" : "");
        return buf;
    case RECOVERY_HELD:
        snprintf(buf, size, "back %s, not sure",
                 tell_in(x, sizeof x, e->return_us));
        return buf;
    case RECOVERY_UNMEASURED:
        break;
    }
    snprintf(buf, size, "recovery not measurable");
    return buf;
}

/* From what: once it is over, there may have been others since. */
static bool tell_past(const struct recovery_episode *e)
{
    return e->state == RECOVERY_RECOVERED || e->state == RECOVERY_NOT ||
           e->state == RECOVERY_HELD || e->state == RECOVERY_UNMEASURED;
}

const char *study_tell_brief(const struct study *s,
                             const struct recovery_episode *e, bool loads,
                             char *buf, size_t size)
{
    char at[NUM_MAX], x[NUM_MAX], y[NUM_MAX], of[TELL_NAMES_MAX];

    study_tell_short(e, buf, size);
    if (!tell_past(e)) {
        return buf;
    }
    num_when(at, e->t0_us);
    if (!loads) {
        text_add(buf, size, " (%s)", at);
    } else if (e->cause == RECOVERY_FALL) {
        text_add(buf, size, " (%s→%s ", num_count(x, whole_load(e->load_from)),
                 num_count(y, whole_load(e->load_to)));
        text_add(buf, size, "at %s)", at);
    } else {
        text_add(buf, size, " (%s%s at %s)", recovery_cause_name(e->cause),
                 tell_names(s, &e->names, of, sizeof of), at);
    }
    return buf;
}

static void tell_relapse(const struct recovery_episode *e, char *buf,
                         size_t size)
{
    char x[NUM_MAX], y[NUM_MAX];

    if (e->relapsed) {
        text_add(buf, size, ", after a first return in %s that ended at %s",
                 study_tell_took(x, e->first_us),
                 study_tell_took(y, e->relapse_us));
    }
}

/* How far off a return may be. */
static uint64_t tell_off(const struct recovery_episode *e)
{
    uint64_t early = e->return_us - e->low_us, late = e->high_us - e->return_us;

    return early > late ? early : late;
}

/* What "recovered" means: where it was before, or below the limit. */
static const char *tell_where(const struct recovery_episode *e)
{
    if (e->reference == RECOVERY_BY_LIMIT && e->limits) {
        return e->usual ? "within the baseline of the plan and its limits"
                        : "within the limits";
    }
    if (e->reference == RECOVERY_BY_LIMIT) {
        return e->usual ? "within the baseline of the plan"
                        : "within the limit";
    }
    switch (e->cause) {
    case RECOVERY_FALL:
        return "where they were before the load rose";
    case RECOVERY_MARK:
        return "where they were before the mark";
    case RECOVERY_OUTAGE:
        return "where they were before the outage";
    }
    return "";
}

static void tell_undisturbed(const struct recovery_episode *e, char *buf,
                             size_t size)
{
    char x[NUM_MAX];

    if (e->cause == RECOVERY_MARK) {
        snprintf(buf, size, "nothing has gone wrong in the %s since the mark",
                 tell_span(x, e->elapsed_us));
    } else {
        snprintf(buf, size, "%s: there was nothing to recover from",
                 tell_moment(e) ? "slow for a moment only"
                                : "nothing was wrong");
    }
}

const char *study_tell_state(const struct recovery_episode *e, char *buf,
                             size_t size)
{
    char x[64], y[NUM_MAX], z[64];
    const char *what = e->limits ? "" : "p95 and errors ";

    switch (e->state) {
    case RECOVERY_WATCHING:
    case RECOVERY_UNDISTURBED:
        tell_undisturbed(e, buf, size);
        return buf;
    case RECOVERY_RECOVERING:
    case RECOVERY_NOT:
        if (e->unserved) {
            snprintf(buf, size,
                     "not recovered in %s: %s served again up to the end",
                     study_tell_took(x, e->elapsed_us),
                     e->names.some ? "it was not" : "nothing was");
            return buf;
        }
        snprintf(buf, size, "%s %s: %snot yet back %s",
                 e->state == RECOVERY_NOT ? "not recovered in"
                                          : "recovering for",
                 study_tell_took(x, e->state == RECOVERY_NOT ? e->elapsed_us
                                                             : e->out_us),
                 e->limits ? "" : "p95, errors or throughput ", tell_where(e));
        break;
    case RECOVERY_CANDIDATE:
    case RECOVERY_HELD:
        snprintf(buf, size, "back in %s, and %s for %s: %s%s",
                 study_tell_took(x, e->return_us),
                 e->state == RECOVERY_HELD ? "watched only" : "holding so far",
                 tell_held(z, sizeof z, e), what, tell_where(e));
        break;
    case RECOVERY_RECOVERED:
        snprintf(buf, size, "recovered %s: %sback %s, %s%s",
                 tell_in(x, sizeof x, e->return_us), what, tell_where(e),
                 e->return_us > 0 ? "give or take " : "within ",
                 tell_span(y, tell_off(e)));
        break;
    case RECOVERY_UNMEASURED:
        snprintf(buf, size, "recovery not measurable: %s", e->why);
        return buf;
    }
    tell_relapse(e, buf, size);
    return buf;
}

static void tell_outage_cause(const struct recovery_episode *e, const char *of,
                              char *buf, size_t size)
{
    if (e->unserved) {
        text_add(buf, size, "since the outage%s began", of);
    } else if (e->names.some) {
        text_add(buf, size, "after the outage%s ended", of);
    } else {
        text_add(buf, size, "after the first answer that followed an outage");
    }
}

const char *study_tell_cause(const struct study *s,
                             const struct recovery_episode *e, char *buf,
                             size_t size)
{
    char x[64], y[NUM_MAX], of[TELL_NAMES_MAX];

    buf[0] = '\0';
    switch (e->cause) {
    case RECOVERY_FALL:
        text_add(buf, size, "after the load fell from %s to %s",
                 num_count(y, whole_load(e->load_from)),
                 study_tell_load(s, e->load_to, x, sizeof x));
        break;
    case RECOVERY_MARK:
        text_add(buf, size, "after the mark");
        break;
    case RECOVERY_OUTAGE:
        tell_outage_cause(e, tell_names(s, &e->names, of, sizeof of), buf,
                          size);
        break;
    }
    text_add(buf, size, " at %s", num_when(y, e->t0_us));
    if (e->within) {
        text_add(buf, size, ", during the recovery that began at %s",
                 num_when(y, e->during_us));
    }
    return buf;
}

const char *study_tell_terms(const struct study *s,
                             const struct recovery_episode *e, char *buf,
                             size_t size)
{
    study_tell_cause(s, e, buf, size);
    if (e->reference == RECOVERY_BY_NOTHING) {
        return buf;
    }
    tell_back(s, e, buf, size);
    if (e->state != RECOVERY_UNMEASURED) {
        text_add(buf, size, "; confidence %s%s%s",
                 recovery_confidence_name(e->confidence),
                 e->why[0] != '\0' ? ": " : "", e->why);
        if (e->suspect) {
            text_add(buf, size, "%s the generator was suspect then",
                     e->why[0] != '\0' ? ";" : ":");
        }
    }
    return buf;
}
