/* SPDX-License-Identifier: MIT
 *
 * study_break - where the service breaks: what a study knows of it, and how
 * that is said. */
#include "config.h"

#include <math.h>
#include <stdio.h>

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
