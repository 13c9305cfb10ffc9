/* SPDX-License-Identifier: MIT
 *
 * hunt_code - what a tick says of a hunt, as bytes and back. */
#include "config.h"

#include <string.h>

#include "base/xalloc.h"
#include "record/tick_code.h"
#include "record/tick_code_internal.h"

/* Of one tick that stands for several: as many as a hunt has, and some. */
#define HUNT_PROBES_MAX (2 * SEARCH_PROBES_MAX)
#define HUNT_TIME_MAX   (UINT64_MAX / 4)
/* The rule's words follow; without them it is one on all requests. */
#define HUNT_BROKE    1u
#define HUNT_WORDS    2u
#define PROBE_SOFT    1u
#define PROBE_STEADY  2u
#define PROBE_ABORTED 4u
#define PROBE_WORDS   8u

static void answer_encode(struct buf *b, const struct search_answer *a)
{
    code_put(b, (uint64_t)a->outcome);
    code_put(b, a->low);
    code_put(b, a->high);
    code_put(b, a->point);
    code_put(b, a->confirmed);
    code_put(b, a->before);
    code_put(b, a->probes);
    code_put(b, a->soft);
}

static uint32_t get_count(struct code_in *in)
{
    return (uint32_t)code_get(in, UINT32_MAX, "a hunt's count");
}

static void answer_decode(struct code_in *in, struct search_answer *a)
{
    a->outcome = (enum search_outcome)code_get(in, SEARCH_UNCONFIRMED,
                                               "a hunt's outcome");
    a->low = get_count(in);
    a->high = get_count(in);
    a->point = get_count(in);
    a->confirmed = code_get_bool(in, "whether it is confirmed");
    a->before = get_count(in);
    a->probes = get_count(in);
    a->soft = get_count(in);
    if (a->outcome == SEARCH_FOUND &&
        (a->low > a->point || a->point > a->high)) {
        code_bad(in, "a hunt's answer");
    }
}

static void words_encode(struct buf *b, const struct rule_words *w)
{
    code_put(b, (uint64_t)w->kind);
    code_put_text(b, w->subject);
}

static void words_decode(struct code_in *in, struct rule_words *w)
{
    w->kind = (enum rule_kind)code_get(in, RULE_SHARE_MISSING, "a rule's kind");
    code_get_text(in, w->subject, sizeof w->subject, false, "a rule's words");
}

static void probe_encode(struct buf *b, const struct tick_probe *p)
{
    const struct probe_report *r = &p->report;

    code_put(b, p->start_us);
    code_put(b, p->end_us);
    code_put(b, p->load);
    code_put(b, (uint64_t)p->why);
    code_put(b, p->longer);
    code_put_double(b, p->percentile);
    code_put_double(b, p->limit);
    code_put(b, (uint64_t)r->verdict);
    code_put(b, (uint64_t)r->reason);
    code_put(b, (r->soft ? PROBE_SOFT : 0u) | (r->steady ? PROBE_STEADY : 0u) |
                    (r->aborted ? PROBE_ABORTED : 0u) | PROBE_WORDS);
    code_put_signed(b, r->rule);
    code_put(b, r->settle_us);
    code_put(b, r->measured_us);
    code_put(b, r->requests);
    code_put(b, r->failed);
    code_put_double(b, r->rps);
    code_put(b, r->p50_us);
    code_put(b, r->p95_us);
    code_put(b, r->value_us);
    code_put(b, r->low_us);
    code_put(b, r->high_us);
    code_put_double(b, r->error_rate);
    code_put_double(b, r->in_flight);
    code_put_text(b, r->why);
    words_encode(b, &p->words);
    code_put_double(b, r->share);
    code_put_text(b, p->without);
}

/* Returns its flags. */
static uint64_t report_decode(struct code_in *in, struct probe_report *r)
{
    uint64_t flags;
    int64_t rule;

    r->verdict = (enum search_verdict)code_get(in, SEARCH_INVALID, "a verdict");
    r->reason = (enum probe_reason)code_get(in, PROBE_GENERATOR, "a reason");
    flags = code_get(in, 15, "a probe's flags");
    r->soft = (flags & PROBE_SOFT) != 0;
    r->steady = (flags & PROBE_STEADY) != 0;
    r->aborted = (flags & PROBE_ABORTED) != 0;
    rule = code_get_signed(in, "a rule");
    if (rule < -1 || rule >= RULES_MAX) {
        code_bad(in, "a rule");
        rule = -1;
    }
    r->rule = (int)rule;
    r->settle_us = code_get(in, HUNT_TIME_MAX, "a time");
    r->measured_us = code_get(in, HUNT_TIME_MAX, "a time");
    r->requests = code_get(in, CODE_COUNT_MAX, "requests");
    r->failed = code_get(in, CODE_COUNT_MAX, "requests");
    r->rps = code_get_double(in, "a rate");
    r->p50_us = code_get(in, HUNT_TIME_MAX, "a latency");
    r->p95_us = code_get(in, HUNT_TIME_MAX, "a latency");
    r->value_us = code_get(in, HUNT_TIME_MAX, "a latency");
    r->low_us = code_get(in, HUNT_TIME_MAX, "a latency");
    r->high_us = code_get(in, HUNT_TIME_MAX, "a latency");
    r->error_rate = code_get_double(in, "a share");
    r->in_flight = code_get_double(in, "requests in flight");
    code_get_text(in, r->why, sizeof r->why, false, "why a probe is none");
    return flags;
}

/* It is written as a whole number. */
static double limit_decode(struct code_in *in)
{
    double limit = code_get_double(in, "a limit");

    if (!(limit >= 0 && limit < 1e15)) {
        code_bad(in, "a limit");
    }
    return limit;
}

static void probe_decode(struct code_in *in, struct tick_probe *p)
{
    p->start_us = code_get(in, HUNT_TIME_MAX, "a probe's start");
    p->end_us = code_get(in, HUNT_TIME_MAX, "a probe's end");
    p->load = get_count(in);
    p->why =
        (enum search_why)code_get(in, SEARCH_AFTERWARDS, "a probe's purpose");
    p->longer = code_get_bool(in, "whether it is longer");
    p->percentile = code_get_double(in, "a percentile");
    p->limit = limit_decode(in);
    p->report.without = -1;
    if ((report_decode(in, &p->report) & PROBE_WORDS) == 0) {
        p->words = rule_words_whole(p->percentile);
        p->report.share = p->report.error_rate;
        return;
    }
    words_decode(in, &p->words);
    p->report.share = code_get_double(in, "a share");
    code_get_text(in, p->without, sizeof p->without, false,
                  "what had no samples");
}

static void fault_encode(struct buf *b, const struct hunt_fault *f)
{
    code_put(b, (uint64_t)f->kind);
    code_put(b, f->status);
    code_put(b, f->lowest);
    code_put(b, f->failed);
    code_put(b, f->all);
    code_put_text(b, f->where);
    code_put_text(b, f->said);
}

static void fault_decode(struct code_in *in, struct hunt_fault *f)
{
    f->kind = (enum failure)code_get(in, FAILURE_COUNT - 1, "a kind of error");
    f->status = (unsigned)code_get(in, UINT16_MAX, "a status");
    f->lowest = code_get_bool(in, "whether it is at the lowest load");
    f->failed = code_get(in, CODE_COUNT_MAX, "failures");
    f->all = code_get(in, CODE_COUNT_MAX, "requests");
    code_get_text(in, f->where, sizeof f->where, false, "what fails");
    code_get_text(in, f->said, sizeof f->said, false, "what it said");
}

void hunt_encode(struct buf *b, const struct tick *t)
{
    const struct tick_hunt *h = &t->hunt;
    size_t i;

    code_put(b, (uint64_t)h->phase);
    if (h->phase == HUNT_OFF) {
        return;
    }
    code_put(b, h->quick);
    code_put(b, (uint64_t)h->why);
    code_put(b, h->load);
    code_put(b, h->number);
    code_put(b, h->phase_us);
    code_put(b, h->measure_us);
    answer_encode(b, &h->answer);
    code_put_double(b, h->rps);
    code_put(b, (h->broke ? HUNT_BROKE : 0u) | HUNT_WORDS);
    code_put(b, (uint64_t)h->by);
    code_put(b, h->missed);
    code_put(b, (uint64_t)h->cut);
    fault_encode(b, &h->fault);
    code_put_double(b, h->percentile);
    code_put_double(b, h->limit);
    words_encode(b, &h->words);
    code_put(b, h->value);
    code_put(b, t->n_probes);
    for (i = 0; i < t->n_probes; i++) {
        probe_encode(b, &t->probes[i]);
    }
}

void hunt_decode(struct code_in *in, struct tick_read *out)
{
    struct tick_hunt *h = &out->tick.hunt;
    uint64_t flags;
    size_t n, i;

    h->phase = (enum hunt_phase)code_get(in, HUNT_OVER, "a hunt's phase");
    if (h->phase == HUNT_OFF) {
        return;
    }
    h->quick = code_get_bool(in, "whether a hunt is quick");
    h->why = (enum search_why)code_get(in, SEARCH_AFTERWARDS, "a purpose");
    h->load = get_count(in);
    h->number = get_count(in);
    h->phase_us = code_get(in, HUNT_TIME_MAX, "a time");
    h->measure_us = code_get(in, HUNT_TIME_MAX, "a time");
    answer_decode(in, &h->answer);
    h->rps = code_get_double(in, "a rate");
    flags = code_get(in, HUNT_BROKE | HUNT_WORDS, "whether it broke");
    h->broke = (flags & HUNT_BROKE) != 0;
    h->by = (enum probe_reason)code_get(in, PROBE_GENERATOR, "a reason");
    h->missed = get_count(in);
    h->cut = (enum hunt_cut)code_get(in, HUNT_CUT_PLAN, "why it ended");
    fault_decode(in, &h->fault);
    h->percentile = code_get_double(in, "a percentile");
    h->limit = limit_decode(in);
    h->words = rule_words_whole(h->percentile);
    if ((flags & HUNT_WORDS) != 0) {
        words_decode(in, &h->words);
    }
    h->value = code_get(in, HUNT_TIME_MAX, "a value");
    n = code_get_count(in, HUNT_PROBES_MAX, 24, "probes");
    out->probes = xcalloc(n + 1, sizeof *out->probes);
    for (i = 0; i < n && !in->bad; i++) {
        probe_decode(in, &out->probes[i]);
    }
    out->tick.probes = out->probes;
    out->tick.n_probes = n;
}
