/* SPDX-License-Identifier: MIT
 *
 * study_break - where the service breaks: what a study knows of it, and how
 * that is said. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "run/study.h"
#include "run/study_internal.h"

struct breaking study_breaking(const struct study *s)
{
    return breaking_of(s->breach, s->plateaus);
}

/* "between 60 and 70 VUs", "at 70 VUs or below". */
static void break_place(const struct study *s, const struct breaking *k,
                        char *buf, size_t size)
{
    char low[NUM_MAX], high[64];

    study_tell_load(s, ceil(k->high), high, sizeof high);
    if (k->low <= 0) {
        snprintf(buf, size, "at %s or below", high);
    } else {
        snprintf(buf, size, "between %s and %s",
                 num_count(low, (uint64_t)k->low), high);
    }
}

/* "p95 over 2.00 s for 34s, up to 3.10 s". */
static void break_evidence(const struct study *s, const struct breaking *k,
                           char *buf, size_t size)
{
    const struct breach_found *f = &k->found;
    char x[NUM_MAX], y[NUM_MAX], z[NUM_MAX];
    const char *lasted =
        num_dur(x, (f->lasted_us + 500000) / 1000000 * 1000000);

    if (!k->breach) {
        snprintf(buf, size, "requests fall to %s/s", num_rate(y, k->fell_rps));
        return;
    }
    switch (k->by) {
    case BREACH_LATENCY: {
        const struct plateau_rule *r = study_rule(s, (size_t)f->rule);

        snprintf(buf, size, "p%g over %s for %s, up to %s", r->percentile,
                 num_latency(y, (uint64_t)r->limit), lasted,
                 num_latency(z, f->worst_us));
        return;
    }
    case BREACH_ERRORS:
        snprintf(buf, size, "errors over %s for %s, up to %s",
                 num_percent(y, study_rule(s, (size_t)f->rule)->limit), lasted,
                 num_percent(z, f->worst));
        return;
    case BREACH_THROUGHPUT:
        snprintf(buf, size, "less than is asked for is done for %s, down to %s",
                 lasted, num_percent(y, f->worst));
        return;
    }
}

const char *study_tell_break(const struct study *s, char *buf, size_t size)
{
    struct breaking k = study_breaking(s);
    char place[96], evidence[128], x[NUM_MAX], rate[64] = "";

    buf[0] = '\0';
    if (!k.any) {
        return buf;
    }
    break_place(s, &k, place, sizeof place);
    break_evidence(s, &k, evidence, sizeof evidence);
    if (k.rps > 0) {
        snprintf(rate, sizeof rate, ", %s req/s", num_rate(x, k.rps));
    }
    snprintf(buf, size, "breaks %s%s: %s%s", place, rate, evidence,
             k.breach && k.found.suspect ? "; the generator was suspect then"
                                         : "");
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
    size_t n;

    if (a->bounds.full && !f->valid) {
        snprintf(buf, size, "at most %s req/s: from %s on requests wait",
                 num_rate(rate, a->bounds.x_max),
                 study_tell_load(s, ceil(a->bounds.knee), load, sizeof load));
        if (a->bounds.thinks) {
            n = strlen(buf);
            snprintf(buf + n, size - n, " (%s of think time)",
                     num_latency(z, (uint64_t)(a->bounds.z_s * 1e6)));
        }
    } else if (f->peak) {
        snprintf(buf, size,
                 "throughput peaks at %s (%s to %s, scalability law): %s req/s",
                 study_tell_load(s, f->n_star, load, sizeof load),
                 num_count(low, (uint64_t)f->n_star_ci.low),
                 num_count(high, (uint64_t)ceil(f->n_star_ci.high)),
                 num_rate(rate, f->x_star));
    } else if (f->valid) {
        snprintf(buf, size, "no peak of throughput up to %s",
                 study_tell_load(s, a->n_max, load, sizeof load));
    }
}

const char *study_tell_scaling(const struct study *s, char *buf, size_t size)
{
    char load[64];
    size_t n;

    buf[0] = '\0';
    scaling_line(s, buf, size);
    n = strlen(buf);
    if (s->scaling.knee > 0) {
        snprintf(buf + n, size - n, "%sit bends at about %s",
                 n > 0 ? "; " : "throughput over load: ",
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
