/* SPDX-License-Identifier: MIT
 *
 * study_break - where the service breaks: what a study knows of it, and how
 * that is said. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "run/study.h"
#include "run/study_internal.h"

/* The most load below that one that a hunt says was held, or that was held by
 * somebody else; 0 = none. */
static double break_held(const struct study *s, double below)
{
    size_t i;
    double most = 0;

    for (i = 0; i < hunt_log_count(s->hunt); i++) {
        const struct tick_probe *x = hunt_log_at(s->hunt, i);

        if (x->report.verdict == SEARCH_HOLDS && x->load < below) {
            most = fmax(most, x->load);
        }
    }
    for (i = 0; i < plateaus_count(s->plateaus); i++) {
        const struct plateau *p = plateaus_at(s->plateaus, i);

        if (strcmp(p->by, "hunt") != 0 && p->broken < 0 && p->after <= 0 &&
            p->requests > 0 && p->load < below) {
            most = fmax(most, p->load);
        }
    }
    return most;
}

/* A hunt tries a level for as long as it takes to say that it holds: what looks
 * well before that, or has looked well and was refused, is none that was held.
 */
struct breaking study_breaking(const struct study *s)
{
    struct breaking k = breaking_of(s->breach, s->plateaus);
    double held;

    if (k.any && k.low > 0 && hunt_log_count(s->hunt) > 0) {
        held = break_held(s, fmin(k.low + 0.5, k.high));
        if (held < k.low - 0.5) {
            breaking_from(&k, s->plateaus, held);
        }
    }
    return k;
}

/* "at 60-70 VUs (at 1:23)", "at 62 VUs (at 1:23)", "at 70 VUs or below (at
 * 1:23)". */
static void break_place(const struct study *s, double low, double high,
                        bool held, uint64_t at_us, char *buf, size_t size)
{
    char from[NUM_MAX], to[64], at[NUM_MAX];

    study_tell_load(s, ceil(high), to, sizeof to);
    if (low <= 0 && !held) {
        snprintf(buf, size, "at %s or below", to);
    } else if (low <= 0 ||
               ceil(high) - floor(low) <= 1) { /* of whole VUs it is this one */
        snprintf(buf, size, "at %s", to);
    } else {
        snprintf(buf, size, "at %s-%s", num_count(from, num_whole(low)), to);
    }
    text_add(buf, size, " (at %s)", num_when(at, at_us));
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

/* level: where it was held there, else NULL. */
static const char *break_by(const struct study *s, int rule,
                            const struct plateau *level)
{
    return rule < 0 ? "throughput"
           : s->rules.list[rule].percentile >= 0
               ? breach_by_name(BREACH_LATENCY)
           : s->rules.list[rule].part > 0 ? breach_by_name(BREACH_ERRORS)
                                          : break_errors(level);
}

/* The level at its upper end, if that was held and broke the same rule: its
 * figures are surer than those of the worst window. */
static const struct plateau *break_level(const struct study *s,
                                         const struct breaking *k)
{
    size_t n = plateaus_count(s->plateaus), i;

    for (i = 0; i < n && k->by != BREACH_THROUGHPUT; i++) {
        const struct plateau *p = plateaus_at(s->plateaus, i);

        if (p->broken == k->found.rule && p->after <= 0 && p->who == k->who &&
            fabs(p->load - k->high) < 0.5) {
            return p;
        }
    }
    return NULL;
}

/* So it is where it was bad from the level's begin on: else they are of what
 * was good before it, too. */
static bool break_all(const struct plateau *level, const struct breaking *k)
{
    return level != NULL &&
           k->found.start_us < level->start_us + BREACH_LEAST_US;
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
            p->who == plateaus_at(s->plateaus, (size_t)b.bad)->who &&
            p->load >= plateaus_at(s->plateaus, (size_t)b.bad)->load) {
            return -1;
        }
    }
    return b.bad;
}

/* One at which requests a second fell and nothing else was wrong, that was left
 * too early; while it goes on, it may still turn out otherwise. */
static int break_fewer(const struct study *s)
{
    struct bracket b = plateaus_bracket(s->plateaus);
    bool last = b.fell + 1 == (int)plateaus_count(s->plateaus);

    return b.fell < 0 || b.good < 0 ||
                   plateaus_at(s->plateaus, (size_t)b.fell)->broken >= 0 ||
                   (last && plateaus_open(s->plateaus))
               ? -1
               : b.fell;
}

static void break_probably(const struct study *s, size_t bad, char *buf,
                           size_t size)
{
    struct bracket b = plateaus_bracket(s->plateaus);
    const struct plateau *p = plateaus_at(s->plateaus, bad);
    const struct plateau *good =
        b.good >= 0 ? plateaus_at(s->plateaus, (size_t)b.good) : NULL;
    char place[96], why[RULE_TEXT_MAX], x[NUM_MAX], y[NUM_MAX];

    break_place(s, good != NULL ? good->load : 0, p->load, false, p->start_us,
                place, sizeof place);
    if (p->broken >= 0) {
        study_tell_broken(s, (size_t)p->broken, p->value, false, why,
                          sizeof why);
    } else {
        snprintf(why, sizeof why, "only %s req/s there, %s before",
                 num_rate(x, p->rps),
                 num_rate(y, good != NULL ? good->rps : 0));
    }
    snprintf(buf, size, "probably breaks %s, limited by %s: %s", place,
             break_by(s, p->broken, p), why);
}

/* The level that says that it probably breaks; -1 = none. */
static int break_maybe(const struct study *s)
{
    int early = break_early(s);

    return early >= 0 ? early : break_fewer(s);
}

struct breaking study_probably(const struct study *s)
{
    int at = study_breaking(s).any ? -1 : break_maybe(s);

    return at < 0 ? (struct breaking){0}
                  : breaking_at(s->plateaus, (size_t)at,
                                plateaus_bracket(s->plateaus).good);
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
    int rule = k->breach ? k->found.rule : -1;
    char place[96], why[RULE_TEXT_MAX];

    break_place(s, k->low, k->high, k->breach && k->found.held, k->at_us, place,
                sizeof place);
    if (break_all(level, k)) {
        study_tell_broken(s, (size_t)rule, level->value, false, why,
                          sizeof why);
    } else {
        break_worst(s, k, why, sizeof why);
    }
    snprintf(buf, size, "breaks %s, limited by %s: %s", place,
             break_by(s, rule, level), why);
}

/* A disturbance is told beside it: somebody saw it. */
static void break_passing(const struct study *s, char *buf, size_t size)
{
    const struct breach_found *f = breach_passing(s->breach);
    struct breaking k = {.breach = true};
    char why[RULE_TEXT_MAX], x[NUM_MAX];

    if (f == NULL) {
        return;
    }
    k.found = *f;
    k.by = f->by;
    break_worst(s, &k, why, sizeof why);
    text_add(buf, size, "; %s for %s", why, tell_span(x, f->lasted_us));
    text_add(buf, size, " at %s, %s", num_when(x, f->start_us),
             f->out_us > 0
                 ? "while some requests were not served, and others were"
                 : "under a load that held before and after");
}

/* At the end: nobody is to take comfort of what was before. */
static bool break_gone(const struct study *s)
{
    bool gone = false;
    size_t i;

    for (i = 0; i < anomalies_count(s->anomalies); i++) {
        const struct anomaly *x = anomalies_at(s->anomalies, i);

        gone = gone || (x->kind == ANOMALY_OUTAGE && !x->over);
    }
    return gone;
}

/* Of a plan that says nothing of latency a slow service does not break: what
 * it was held against is told. */
static void break_none(const struct study *s, double good, char *buf,
                       size_t size)
{
    char load[64], rule[RULE_TEXT_MAX];

    if (good <= 0 || break_gone(s)) {
        return;
    }
    snprintf(buf, size, "no break up to %s",
             study_tell_load(s, good, load, sizeof load));
    if (s->rules.n == 1 && s->rules.n_latency == 0) {
        text_add(buf, size, ": %s", study_rule_text(s, 0, rule, sizeof rule));
    }
    break_passing(s, buf, size);
}

const char *study_tell_answer(const struct study *s, char *buf, size_t size)
{
    struct breaking k = study_breaking(s);
    int early = k.any ? -1 : break_maybe(s);

    buf[0] = '\0';
    if (k.any) {
        break_short(s, &k, buf, size);
    } else if (early >= 0) {
        break_probably(s, (size_t)early, buf, size);
    } else {
        break_none(s, break_good(s), buf, size);
    }
    return buf;
}

bool study_broke(const struct study *s)
{
    return study_breaking(s).any || break_maybe(s) >= 0;
}

const char *study_tell_break(const struct study *s, char *buf, size_t size)
{
    struct breaking k = study_breaking(s);
    char x[NUM_MAX], load[64];

    buf[0] = '\0';
    if (!k.any) {
        return buf;
    }
    break_short(s, &k, buf, size);
    if (k.breach) {
        text_add(buf, size, "; it lasted %s", tell_span(x, k.found.lasted_us));
    }
    if (k.breach && k.rps > 0 && k.rps_held) {
        text_add(buf, size, "; %s req/s at %s", num_rate(x, k.rps),
                 study_tell_load(s, k.low, load, sizeof load));
    } else if (k.breach && k.rps > 0) {
        text_add(buf, size, "; %s req/s in the ", num_rate(x, k.rps));
        text_add(buf, size, "%s before it", tell_span(x, k.rps_us));
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

/* Levels that did more, of which most failed, are in the list of levels. */
static const char *scaling_of_what(const struct study *s, double most)
{
    size_t i;

    for (i = 0; i < plateaus_count(s->plateaus); i++) {
        const struct plateau *p = plateaus_at(s->plateaus, i);

        if (p->who == s->scaling.who && p->rps > BOUNDS_FULL * most) {
            return " that do not fail";
        }
    }
    return "";
}

static void scaling_bounds(const struct study *s, char *buf, size_t size)
{
    const struct bounds *b = &s->scaling.bounds;
    double most = scaling_limit(s->plateaus, s->scaling.who, b->x_max);
    char load[64], rate[NUM_MAX], z[NUM_MAX];

    if (most <= 0) {
        return;
    }
    snprintf(buf, size, "at most %s req/s%s: from %s%s on requests wait",
             num_rate(rate, most), scaling_of_what(s, most),
             study_tell_load(s, b->fewer ? b->knee : ceil(b->knee), load,
                             sizeof load),
             b->fewer ? " or fewer" : "");
    if (b->thinks) {
        text_add(buf, size, " (%s of think time)",
                 num_latency(z, num_whole(b->z_s * 1e6)));
    }
}

static void scaling_line(const struct study *s, char *buf, size_t size)
{
    const struct scaling *a = &s->scaling;
    const struct usl_fit *f = &a->usl;
    double most = f->peak ? scaling_limit(s->plateaus, a->who, f->x_star) : 0;
    char load[64], low[NUM_MAX], high[NUM_MAX], rate[NUM_MAX];

    if (a->bounds.full && !f->peak) {
        scaling_bounds(s, buf, size);
    } else if (f->peak && most > 0) {
        snprintf(buf, size,
                 "throughput peaks at %s (%s to %s, scalability law): %s req/s"
                 "%s",
                 study_tell_load(s, f->n_star, load, sizeof load),
                 num_count(low, num_whole(f->n_star_ci.low)),
                 num_count(high, num_whole(ceil(f->n_star_ci.high))),
                 num_rate(rate, most), scaling_of_what(s, most));
    } else if (f->valid && !f->peak) {
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
             num_when(at, p->start_us),
             study_tell_load(s, p->users, users, sizeof users),
             study_tell_load(s, p->little.expected, sum, sizeof sum));
    return buf;
}
