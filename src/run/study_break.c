/* SPDX-License-Identifier: MIT
 *
 * study_break - where the service breaks: what a study knows of it, and how
 * that is said. */
#include "config.h"

#include <math.h>
#include <stdio.h>

#include "base/num.h"
#include "base/text.h"
#include "run/study.h"
#include "run/study_internal.h"

struct breaking study_breaking(const struct study *s)
{
    return breaking_of(s->breach, s->plateaus);
}

/* "at 60-70 VUs", "at 62 VUs", "at 70 VUs or below". */
static void break_place(const struct study *s, double low, double high,
                        char *buf, size_t size)
{
    char from[NUM_MAX], to[64];

    study_tell_load(s, ceil(high), to, sizeof to);
    if (low <= 0) {
        snprintf(buf, size, "at %s or below", to);
    } else if (ceil(high) - floor(low) <= 1) { /* of whole VUs it is this one */
        snprintf(buf, size, "at %s", to);
    } else {
        snprintf(buf, size, "at %s-%s", num_count(from, num_whole(low)), to);
    }
}

/* Which of the errors there are most. */
static const char *break_errors(const struct plateau *level)
{
    static const char *const names[ERRORS_COUNT] = {
        [ERRORS_OTHER] = "errors",
        [ERRORS_CONNECT] = "refused connections",
        [ERRORS_TIMEOUT] = "time-outs",
        [ERRORS_4XX] = "errors (HTTP 4xx)",
        [ERRORS_429] = "a rate limit (HTTP 429)",
        [ERRORS_5XX] = "errors (HTTP 5xx)",
    };
    int most = ERRORS_OTHER, k;

    for (k = 0; level != NULL && k < ERRORS_COUNT; k++) {
        most = level->errors[k] > level->errors[most] ? k : most;
    }
    return names[most];
}

/* Latency is how it shows. Where more load brought no more throughput, what
 * limits is that requests wait for one another. */
static const char *break_latency(const struct study *s)
{
    return s->scaling.bounds.full ? "latency (queueing)"
                                  : breach_by_name(BREACH_LATENCY);
}

/* level: where it was held there, else NULL. */
static const char *break_by(const struct study *s, int rule,
                            const struct plateau *level)
{
    return rule < 0                                      ? "throughput"
           : study_rule(s, (size_t)rule)->percentile < 0 ? break_errors(level)
                                                         : break_latency(s);
}

/* The level at its upper end, if that was held and broke a rule: its figures
 * are surer than those of the worst window. */
static const struct plateau *break_level(const struct study *s,
                                         const struct breaking *k)
{
    size_t n = plateaus_count(s->plateaus), i;

    for (i = 0; i < n && k->by != BREACH_THROUGHPUT; i++) {
        const struct plateau *p = plateaus_at(s->plateaus, i);

        if (p->broken >= 0 && fabs(p->load - k->high) < 0.5) {
            return p;
        }
    }
    return NULL;
}

/* "p95 up to 3.10 s, limit 2 s" where no level was held there. */
static void break_worst(const struct study *s, const struct breaking *k,
                        char *buf, size_t size)
{
    const struct breach_found *f = &k->found;
    char x[NUM_MAX], y[NUM_MAX];

    if (!k->breach) {
        snprintf(buf, size, "only %s req/s there, %s before",
                 num_rate(x, k->fell_rps), num_rate(y, k->rps));
    } else if (k->by == BREACH_THROUGHPUT && f->worst <= 0) {
        snprintf(buf, size, "nothing was answered");
    } else if (k->by == BREACH_THROUGHPUT) {
        snprintf(buf, size, "only %s of what was due began, at worst",
                 num_percent(x, f->worst));
    } else {
        study_tell_broken(s, (size_t)f->rule,
                          k->by == BREACH_LATENCY ? (double)f->worst_us
                                                  : f->worst,
                          true, buf, size);
    }
}

/* A level that broke a rule and was left too early for a breach; none with as
 * much load or more was good. -1 = none. */
static int break_early(const struct study *s)
{
    struct bracket b = plateaus_bracket(s->plateaus);
    size_t n = plateaus_count(s->plateaus), i;

    for (i = 0; i < n && b.bad >= 0; i++) {
        const struct plateau *p = plateaus_at(s->plateaus, i);

        if (p->broken < 0 && p->requests > 0 &&
            p->load >= plateaus_at(s->plateaus, (size_t)b.bad)->load) {
            return -1;
        }
    }
    return b.bad;
}

static void break_probably(const struct study *s, size_t bad, char *buf,
                           size_t size)
{
    struct bracket b = plateaus_bracket(s->plateaus);
    const struct plateau *p = plateaus_at(s->plateaus, bad);
    double low =
        b.good >= 0 ? plateaus_at(s->plateaus, (size_t)b.good)->load : 0;
    char place[96], why[96];

    break_place(s, low, p->load, place, sizeof place);
    study_tell_broken(s, (size_t)p->broken, p->value, false, why, sizeof why);
    snprintf(buf, size, "probably breaks %s, limited by %s: %s", place,
             break_by(s, p->broken, p), why);
}

/* The most load that was good; 0 = none. */
static double break_good(const struct study *s)
{
    struct bracket b = plateaus_bracket(s->plateaus);
    double ramp = breach_good_load(s->breach);
    double held =
        b.good >= 0 ? plateaus_at(s->plateaus, (size_t)b.good)->load : 0;

    return fmax(ramp, held);
}

static void break_short(const struct study *s, const struct breaking *k,
                        char *buf, size_t size)
{
    const struct plateau *level = break_level(s, k);
    int rule = level != NULL ? level->broken : k->breach ? k->found.rule : -1;
    char place[96], why[128];

    break_place(s, k->low, k->high, place, sizeof place);
    if (level != NULL) {
        study_tell_broken(s, (size_t)rule, level->value, false, why,
                          sizeof why);
    } else {
        break_worst(s, k, why, sizeof why);
    }
    snprintf(buf, size, "breaks %s, limited by %s: %s", place,
             break_by(s, rule, level), why);
}

const char *study_tell_answer(const struct study *s, char *buf, size_t size)
{
    struct breaking k = study_breaking(s);
    int early = k.any ? -1 : break_early(s);
    double good = break_good(s);
    char load[64];

    buf[0] = '\0';
    if (k.any) {
        break_short(s, &k, buf, size);
    } else if (early >= 0) {
        break_probably(s, (size_t)early, buf, size);
    } else if (good > 0) {
        snprintf(buf, size, "no break up to %s",
                 study_tell_load(s, good, load, sizeof load));
    }
    return buf;
}

bool study_broke(const struct study *s)
{
    return study_breaking(s).any || break_early(s) >= 0;
}

const char *study_tell_break(const struct study *s, char *buf, size_t size)
{
    struct breaking k = study_breaking(s);
    char x[NUM_MAX];

    buf[0] = '\0';
    if (!k.any) {
        return buf;
    }
    break_short(s, &k, buf, size);
    if (k.breach) {
        text_add(buf, size, "; it lasted %s", tell_span(x, k.found.lasted_us));
    }
    if (k.breach && k.rps > 0) {
        text_add(buf, size, "; %s req/s before it", num_rate(x, k.rps));
    }
    if (k.breach && k.found.suspect) {
        text_add(buf, size, "; the generator was suspect then");
    }
    return buf;
}

const struct scaling *study_scaling(const struct study *s)
{
    return &s->scaling;
}

static void scaling_line(const struct study *s, char *buf, size_t size)
{
    const struct scaling *a = &s->scaling;
    const struct usl_fit *f = &a->usl;
    char load[64], low[NUM_MAX], high[NUM_MAX], rate[NUM_MAX], z[NUM_MAX];

    if (a->bounds.full && !f->valid) {
        snprintf(buf, size, "at most %s req/s: from %s on requests wait",
                 num_rate(rate, a->bounds.x_max),
                 study_tell_load(s, ceil(a->bounds.knee), load, sizeof load));
        if (a->bounds.thinks) {
            text_add(buf, size, " (%s of think time)",
                     num_latency(z, num_whole(a->bounds.z_s * 1e6)));
        }
    } else if (f->peak) {
        snprintf(buf, size,
                 "throughput peaks at %s (%s to %s, scalability law): %s req/s",
                 study_tell_load(s, f->n_star, load, sizeof load),
                 num_count(low, num_whole(f->n_star_ci.low)),
                 num_count(high, num_whole(ceil(f->n_star_ci.high))),
                 num_rate(rate, f->x_star));
    } else if (f->valid) {
        snprintf(buf, size, "no peak of throughput up to %s",
                 study_tell_load(s, a->n_max, load, sizeof load));
    }
}

const char *study_tell_scaling(const struct study *s, char *buf, size_t size)
{
    char load[64];

    buf[0] = '\0';
    scaling_line(s, buf, size);
    if (s->scaling.knee > 0) {
        text_add(buf, size, "%sit bends at about %s",
                 buf[0] != '\0' ? "; " : "throughput over load: ",
                 study_tell_load(s, s->scaling.knee, load, sizeof load));
    }
    return buf;
}

const char *study_tell_suspect(const struct study *s, char *buf, size_t size)
{
    const struct plateau *p;
    char at[NUM_MAX], users[64], sum[64];

    buf[0] = '\0';
    if (s->scaling.suspect < 0) {
        return buf;
    }
    p = plateaus_at(s->plateaus, (size_t)s->scaling.suspect);
    snprintf(buf, size,
             "suspect: at %s %s were at work, but their iterations add up to "
             "%s (Little's law): some hang, or it was not steady",
             num_clock(at, p->start_us),
             study_tell_load(s, p->users, users, sizeof users),
             study_tell_load(s, p->little.expected, sum, sizeof sum));
    return buf;
}
