/* SPDX-License-Identifier: MIT
 *
 * probe_judge - what the seconds of a probe say. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "insight/binom.h"
#include "insight/probe_internal.h"

#define PROBE_FAR_SECONDS 5
#define PROBE_FAR_US      (PROBE_FAR_SECONDS * UINT64_C(1000000))
/* Requests that "far beyond" is said of. */
#define PROBE_FAR_LEAST 20
#define PROBE_FAR_Q     0.999
#define PROBE_FAR_SHARE 2 /* times what is allowed */
#define PROBE_ERRORS_UP 0.01
/* Responses of which none is beyond half the limit hold it. */
#define PROBE_FEW 20
/* Fewer do where all were far within, see probe.h. */
#define PROBE_FEWER 8
/* So many do of a rule that allows this share, p95, or more; of one that allows
 * less as many times more are wanted. */
#define PROBE_FEW_SHARE 0.05
#define PROBE_BEGUN     0.95
#define PROBE_EDGE      2 /* iterations that a count may be off by */
/* Of the seconds: more with a fault, and it was not the service. */
#define PROBE_FAULTS     0.5
#define PROBE_RHO_MAX    0.9
#define PROBE_GROWS_T    3.0
#define PROBE_GROWS_ENDS 1.5 /* the last third over the first */
#define PROBE_GROWS_BY   5.0 /* requests, at least */
/* Of nothing: any share is nearer to its limit. */
#define PROBE_UNSEEN (-0.5)

static double probe_allowed(const struct probe *p, size_t r)
{
    return probe_latency(p, r) ? 1 - p->rules[r].percentile / 100
                               : p->rules[r].limit;
}

/* How many times the binomial variance the seconds have: 1 or more. */
static double probe_excess(const struct probe *p, size_t r, double share)
{
    double var = share * (1 - share), sum = 0, lag = 0, last = 0, rho, excess;
    size_t m = 0, i;

    if (var <= 0) {
        return 1;
    }
    for (i = p->from; i < p->n; i++) {
        const struct probe_second *s = &p->seconds[i];
        double n = s->of[r];
        double e = n > 0 ? (s->over[r] - share * n) / sqrt(var * n) : 0;

        sum += e * e;
        lag += i > p->from ? e * last : 0;
        last = e;
        m += n > 0;
    }
    if (m < 3 || sum <= 0) {
        return 1;
    }
    rho = fmin(fmax(lag / sum, 0), PROBE_RHO_MAX);
    excess = sum / (double)(m - 1) * (1 + rho) / (1 - rho);
    return fmax(excess, 1);
}

/* Of rule r over the seconds from..n, so many standard errors on each side. */
static struct probe_share probe_share(const struct probe *p, size_t r, double z)
{
    struct probe_share x = {.allowed = probe_allowed(p, r), .worth = 1};
    double n, centre, half;
    size_t i;

    for (i = p->from; i < p->n; i++) {
        x.n += p->seconds[i].of[r];
        x.k += p->seconds[i].over[r];
    }
    if (x.n == 0) {
        x.high = 1;
        return x;
    }
    x.share = (double)x.k / (double)x.n;
    x.worth = 1 / probe_excess(p, r, x.share);
    n = fmax((double)x.n * x.worth, 1);
    centre = (x.share + z * z / (2 * n)) / (1 + z * z / n);
    half = z * sqrt(x.share * (1 - x.share) / n + z * z / (4 * n * n)) /
           (1 + z * z / n);
    x.low = x.k == 0 ? 0 : fmax(centre - half, 0);
    x.high = fmin(centre + half, 1);
    return x;
}

/* Of one rule, pooled over the last seconds. */
static bool probe_rule_far(const struct probe *p, size_t r)
{
    double allowed = probe_allowed(p, r);
    uint64_t n = 0, k = 0;
    size_t i;

    for (i = p->n - PROBE_FAR_SECONDS; i < p->n; i++) {
        const struct probe_second *s = &p->seconds[i];

        n += s->of[r];
        k += s->far[r];
    }
    if (!probe_latency(p, r)) {
        allowed = fmax(allowed, PROBE_ERRORS_UP);
    }
    return n >= PROBE_FAR_LEAST &&
           (double)k > PROBE_FAR_SHARE * allowed * (double)n &&
           k > binom_quantile(n, PROBE_FAR_SHARE * allowed, PROBE_FAR_Q);
}

/* How long two responses may take, by the limits on them; where there is none,
 * by what else there is. */
static uint64_t probe_patience_us(const struct probe *p)
{
    double response = 0, other = 0;
    uint64_t us;
    size_t r;

    for (r = 0; r < p->n_rules; r++) {
        if (!probe_latency(p, r) || p->out[r]) {
            continue;
        }
        if ((p->marks[r] & PROBE_NO_RESPONSE) == 0) {
            response = fmax(response, p->rules[r].limit);
        } else {
            other = fmax(other, p->rules[r].limit);
        }
    }
    us = num_whole(2 * (response > 0 ? response : other));
    return us > PROBE_FAR_US ? us : PROBE_FAR_US;
}

/* Nothing was answered, for as long as two responses may take. */
static bool probe_silent(const struct probe *p)
{
    uint64_t silent_us = 0, most_us = probe_patience_us(p);
    size_t i;

    for (i = p->n; i-- > 0 && silent_us < most_us;) {
        const struct probe_second *s = &p->seconds[i];

        if (s->requests > 0 || s->in_flight < 0.5) {
            return false;
        }
        silent_us += s->active_us;
    }
    return silent_us >= most_us;
}

int probe_far(const struct probe *p)
{
    size_t r;

    if (p->n < PROBE_FAR_SECONDS) {
        return -1;
    }
    for (r = 0; r < p->n_rules; r++) {
        if (!p->out[r] && probe_rule_far(p, r)) {
            return (int)r;
        }
    }
    return probe_silent(p) ? (int)p->n_rules : -1;
}

/* By least squares over seconds, whose errors are taken for independent: what
 * is asked for is much, and the ends of the stretch have to say it, too. */
bool probe_grows(const struct probe *p, size_t from)
{
    double m = (double)(p->n - from), sx = 0, sy = 0, sxx = 0, sxy = 0, ss = 0;
    double first = 0, last = 0, slope, error;
    size_t third = (p->n - from) / 3, i;

    if (!p->open || third < 3) {
        return false;
    }
    for (i = from; i < p->n; i++) {
        double x = (double)(i - from), y = p->seconds[i].in_flight;

        sx += x;
        sy += y;
        sxx += x * x;
        sxy += x * y;
        first += i - from < third ? y : 0;
        last += i >= p->n - third ? y : 0;
    }
    slope = (m * sxy - sx * sy) / (m * sxx - sx * sx);
    for (i = from; i < p->n; i++) {
        double x = (double)(i - from) - sx / m;
        double e = p->seconds[i].in_flight - sy / m - slope * x;

        ss += e * e;
    }
    error = sqrt(ss / (m - 2) / (sxx - sx * sx / m));
    return slope > 0 && slope > PROBE_GROWS_T * error &&
           last > PROBE_GROWS_ENDS * first &&
           last - first > PROBE_GROWS_BY * (double)third;
}

static void probe_figures(struct probe *p, int rule)
{
    struct probe_report *f = &p->report;
    double in_flight = 0;
    size_t i;

    f->measured_us = p->measured_us;
    f->requests = f->failed = 0;
    for (i = p->from; i < p->n; i++) {
        f->requests += p->seconds[i].requests;
        f->failed += p->seconds[i].failed;
        in_flight += p->seconds[i].in_flight;
    }
    f->in_flight = p->n > p->from ? in_flight / (double)(p->n - p->from) : 0;
    f->rps = p->measured_us > 0
                 ? (double)f->requests * 1e6 / (double)p->measured_us
                 : 0;
    f->error_rate =
        f->requests > 0 ? (double)f->failed / (double)f->requests : 0;
    f->p50_us = histo_percentile(p->good.of[0], 50);
    f->p95_us = histo_percentile(p->good.of[0], 95);
    f->rule = rule;
}

/* The percentile of a rule and what it may be: at the shares between which what
 * is allowed lies, for as many requests as they are worth. */
static void probe_value(struct probe *p, size_t r, double z)
{
    struct probe_share x = probe_share(p, r, z);
    double n = fmax((double)x.n * x.worth, 1);
    double half = z * sqrt(x.allowed * (1 - x.allowed) / n);
    const struct histo *good = p->good.of[p->rules[r].part];
    struct probe_report *f = &p->report;

    f->value_us = histo_percentile(good, p->rules[r].percentile);
    f->low_us = histo_percentile(good, 100 * fmax(1 - x.allowed - half, 0));
    f->high_us = histo_percentile(good, 100 * fmin(1 - x.allowed + half, 1));
    p->value_rule = (int)r;
}

/* What is shown beside the verdict: the deciding rule's, or the first that is
 * on latency. */
static void probe_show(struct probe *p, int rule, double z)
{
    size_t r;

    probe_figures(p, rule);
    p->report.value_us = p->report.low_us = p->report.high_us = 0;
    p->report.share = 0;
    p->report.without = -1;
    p->value_rule = -1;
    if (rule >= 0 && probe_latency(p, (size_t)rule)) {
        probe_value(p, (size_t)rule, z);
        return;
    }
    if (rule >= 0) {
        p->report.share = probe_share(p, (size_t)rule, z).share;
    }
    for (r = 0; r < p->n_rules; r++) {
        if (probe_latency(p, r) && probe_rule_on(p, r)) {
            probe_value(p, r, z);
            return;
        }
    }
}

void probe_break(struct probe *p, enum probe_reason reason, int rule)
{
    probe_show(p, rule, 1.645);
    p->report.verdict = SEARCH_BREAKS;
    p->report.reason = reason;
    p->report.soft = false;
    p->state = PROBE_DECIDED;
}

static enum probe_reason probe_reason_of(const struct probe *p, size_t r)
{
    return probe_latency(p, r) ? PROBE_LATENCY : PROBE_ERRORS;
}

/* No failure at all is as few as there can be; so are responses that are all
 * far within the limit, where they are too few for an interval. */
static bool probe_within(const struct probe *p, size_t r,
                         const struct probe_share *x)
{
    double n;

    if (x->n == 0) {
        return p->rules[r].part == 0 && !probe_latency(p, r);
    }
    if (x->k > 0 || x->high <= x->allowed) {
        return x->high <= x->allowed;
    }
    if (!probe_latency(p, r)) {
        return true;
    }
    n = (double)x->n / fmax(PROBE_FEW_SHARE / x->allowed, 1);
    return (n >= PROBE_FEW && (double)histo_max(p->good.of[p->rules[r].part]) <=
                                  p->rules[r].limit / 2) ||
           (p->easy && n >= PROBE_FEWER);
}

/* What was not the service's doing. true: that is the verdict. */
static bool probe_fault(struct probe *p)
{
    size_t n = 0, i;

    for (i = p->from; i < p->n; i++) {
        n += p->seconds[i].fault;
    }
    if ((double)n <= PROBE_FAULTS * (double)(p->n - p->from)) {
        return false;
    }
    probe_show(p, -1, 1.645);
    p->report.verdict = SEARCH_INVALID;
    p->report.reason = PROBE_GENERATOR;
    p->report.soft = false;
    memcpy(p->report.why, p->fault, sizeof p->report.why);
    return true;
}

/* Of a rate: as much begins as is due? Where responses hold their limit, and
 * still there is no VU for them, it is not the service. */
static bool probe_short(struct probe *p, bool holds)
{
    double due = 0, begun = 0, dropped = 0;
    size_t i;

    for (i = p->from; i < p->n; i++) {
        due += p->seconds[i].due;
        begun += p->seconds[i].begun;
        dropped += p->seconds[i].dropped;
    }
    if (!p->open || begun + PROBE_EDGE >= PROBE_BEGUN * due) {
        return false;
    }
    probe_show(p, -1, 1.645);
    p->report.soft = false;
    p->report.verdict = SEARCH_BREAKS;
    p->report.reason = PROBE_THROUGHPUT;
    if (holds) {
        p->report.verdict = SEARCH_INVALID;
        p->report.reason = PROBE_GENERATOR;
        snprintf(p->report.why, sizeof p->report.why,
                 dropped > 0 ? "no VU was free: more of them (--max-vus)"
                             : "iterations began late");
    }
    return true;
}

/* The rule that decides: the first that is broken; else the one whose share is
 * nearest to what it allows. */
struct probe_rules {
    bool broken, open; /* one is; one is neither that nor held */
    size_t nearest;
    double near; /* share over what is allowed */
    int without; /* a rule that is about samples which there are none of */
};

/* How far a percentile is, as a share of its limit. */
static double probe_reach(const struct probe *p, size_t r)
{
    return (double)histo_percentile(p->good.of[p->rules[r].part],
                                    p->rules[r].percentile) /
           p->rules[r].limit;
}

/* Of two rules that nothing is beyond, one of them about a part: is r the
 * nearer one? */
static bool probe_closer(const struct probe *p, size_t r, size_t than)
{
    return (p->rules[r].part > 0 || p->rules[than].part > 0) &&
           probe_latency(p, r) && probe_latency(p, than) &&
           probe_reach(p, r) > probe_reach(p, than);
}

static struct probe_rules probe_rules(const struct probe *p, double z)
{
    struct probe_rules x = {.near = -1, .without = -1};
    uint64_t n = 0;
    size_t r;

    for (r = 0; r < p->n_rules; r++) {
        struct probe_share s = probe_share(p, r, z);
        double near = s.allowed > 0 ? s.share / s.allowed : s.share > 0 ? 2 : 0;

        if (s.n == 0 && p->rules[r].part > 0 && !p->out[r]) {
            x.without = x.without < 0 ? (int)r : x.without;
            near = PROBE_UNSEEN;
        }
        if (!probe_rule_on(p, r)) {
            continue;
        }
        n += s.n;
        if (s.n > 0 && s.low > s.allowed) {
            x.broken = true;
            x.nearest = r;
            return x;
        }
        x.open = x.open || !probe_within(p, r, &s);
        if (near > x.near ||
            (near >= x.near && probe_closer(p, r, x.nearest))) {
            x.near = near;
            x.nearest = r;
        }
    }
    x.open = x.open || n == 0;
    return x;
}

static bool probe_unanswered(const struct probe *p)
{
    size_t i = 0;

    while (i < p->n && p->seconds[i].requests == 0) {
        i++;
    }
    return i == p->n;
}

/* There was no answer: none at all, or of rule `gone` none any more. */
static void probe_missed(struct probe *p, int gone)
{
    probe_show(p, -1, 1.645);
    p->report.verdict = SEARCH_BREAKS;
    p->report.reason = PROBE_THROUGHPUT;
    p->report.soft = true;
    p->report.without = gone;
}

bool probe_decide(struct probe *p, double z)
{
    struct probe_rules x = probe_rules(p, z);
    struct probe_report *f = &p->report;
    bool breaks = x.broken || (x.open && x.near > 1);
    int gone = probe_gone(p);
    bool none = probe_unanswered(p);

    if (probe_fault(p) || probe_short(p, !breaks && !none && gone < 0)) {
        return true;
    }
    if (!x.broken && probe_grows(p, p->from)) {
        probe_break(p, PROBE_SATURATED, -1);
        return true;
    }
    if (!breaks && (none || gone >= 0)) {
        probe_missed(p, none ? -1 : gone);
        return false;
    }
    probe_show(p, (int)x.nearest, 1.645);
    f->reason = probe_reason_of(p, x.nearest);
    f->verdict = breaks ? SEARCH_BREAKS : SEARCH_HOLDS;
    f->without = breaks ? -1 : x.without;
    f->soft = x.open && !x.broken;
    return !f->soft;
}
