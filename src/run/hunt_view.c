/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/hunt_view.h"

#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/text.h"

/* Bytes that what a service said is worth telling in. */
#define TELL_SAID_LEAST 32

const char *hunt_verdict_name(enum search_verdict v)
{
    return v == SEARCH_HOLDS    ? "holds"
           : v == SEARCH_BREAKS ? "breaks"
                                : "invalid";
}

const char *hunt_cut_name(enum hunt_cut c)
{
    static const char *const names[] = {
        [HUNT_CUT_NONE] = "none",
        [HUNT_CUT_TIME] = "time",
        [HUNT_CUT_SILENT] = "unreachable",
        [HUNT_CUT_PLAN] = "plan",
    };

    MUST(c <= HUNT_CUT_PLAN);
    return names[c];
}

static void tell_load(char *buf, size_t size, uint32_t load, const char *unit)
{
    char n[NUM_MAX];
    bool one = load == 1 && strcmp(unit, "VUs") == 0;

    text_add(buf, size, "%s %s", num_count(n, load), one ? "VU" : unit);
}

const char *hunt_tell_now(const struct tick_hunt *h, const char *unit,
                          char *buf, size_t size)
{
    char x[NUM_MAX], y[NUM_MAX];

    buf[0] = '\0';
    switch (h->phase) {
    case HUNT_OFF:
        return buf;
    case HUNT_YOURS:
        text_add(buf, size, "hunt paused: yours; a takes it back");
        return buf;
    case HUNT_OVER:
        text_add(buf, size, "hunt over");
        return buf;
    case HUNT_COOL:
        text_add(buf, size, "after ");
        tell_load(buf, size, h->load, unit);
        text_add(buf, size, ": recovering, %s", num_clock(x, h->phase_us));
        return buf;
    case HUNT_RAMP:
    case HUNT_SETTLE:
    case HUNT_MEASURE:
        break;
    }
    text_add(buf, size, "probe %u (%s): ", h->number, search_why_name(h->why));
    tell_load(buf, size, h->load, unit);
    if (h->phase == HUNT_MEASURE) {
        text_add(buf, size, ", measuring %s of %s", num_clock(x, h->phase_us),
                 num_clock(y, h->measure_us));
    } else if (h->phase == HUNT_SETTLE) {
        text_add(buf, size, ", settling %s of %s at most",
                 num_clock(x, h->phase_us), num_clock(y, PROBE_SETTLE_US));
    } else {
        text_add(buf, size, ", on the way %s", num_clock(x, h->phase_us));
    }
    return buf;
}

static void tell_errors(const struct tick_probe *p, bool breaks, char *buf,
                        size_t size)
{
    const struct rule_words *w = &p->words;
    char x[NUM_MAX], y[NUM_MAX];

    text_add(buf, size, "%s %s %s %s", w->subject,
             rule_words_value(w, p->report.share, x),
             !breaks                         ? "of"
             : w->kind == RULE_SHARE_MISSING ? "under"
                                             : "over",
             rule_words_value(w, p->limit, y));
}

static void tell_latency(const struct tick_probe *p, bool breaks, char *buf,
                         size_t size)
{
    const struct probe_report *r = &p->report;
    char x[NUM_MAX], y[NUM_MAX];

    if (r->value_us == 0) {
        text_add(buf, size, "no response");
        return;
    }
    text_add(buf, size, "%s %s %s %s", p->words.subject,
             num_latency(x, r->value_us), breaks ? "over" : "of",
             num_latency(y, num_whole(p->limit)));
    if (r->low_us != r->high_us) {
        text_add(buf, size, " (%s to %s)", num_latency(x, r->low_us),
                 num_latency(y, r->high_us));
    }
}

static void tell_reason(const struct tick_probe *p, char *buf, size_t size)
{
    const struct probe_report *r = &p->report;
    bool breaks = r->verdict == SEARCH_BREAKS;
    char x[NUM_MAX];

    switch (r->reason) {
    case PROBE_LATENCY:
        tell_latency(p, breaks, buf, size);
        return;
    case PROBE_ERRORS:
        if (!breaks && r->share <= 0 && r->value_us > 0 &&
            p->words.kind == RULE_SHARE) {
            text_add(buf, size, "no %s", p->words.subject);
        } else {
            tell_errors(p, breaks, buf, size);
        }
        if (r->p95_us > 0) { /* how far that is from its limit, too */
            text_add(buf, size, ", p95 %s", num_latency(x, r->p95_us));
        }
        return;
    case PROBE_THROUGHPUT:
        if (p->without[0] != '\0') {
            text_add(buf, size, "no sample of %s any more", p->without);
            return;
        }
        text_add(buf, size, "%s",
                 r->requests > 0 ? "less is done than is asked for"
                                 : "nothing was answered");
        return;
    case PROBE_SATURATED:
        text_add(buf, size, "requests in flight grow and grow");
        return;
    case PROBE_GENERATOR:
        text_add(buf, size, "%s", r->why);
        return;
    }
    MUST(!"a reason");
}

const char *hunt_tell_probe(const struct tick_probe *p, const char *unit,
                            char *buf, size_t size)
{
    const struct probe_report *r = &p->report;
    char x[NUM_MAX];

    buf[0] = '\0';
    tell_load(buf, size, p->load, unit);
    if (r->verdict == SEARCH_INVALID) {
        text_add(buf, size, ": not enough to say, again: ");
    } else {
        text_add(buf, size,
                 " %s%s: ", r->verdict == SEARCH_HOLDS ? "hold" : "break",
                 p->load == 1 ? "s" : "");
    }
    tell_reason(p, buf, size);
    text_add(buf, size, ", %s req/s", num_rate(x, r->rps));
    if (p->without[0] != '\0' && r->verdict == SEARCH_HOLDS) {
        text_add(buf, size, "; %sno sample of %s", r->soft ? "unsure: " : "",
                 p->without);
    } else if (r->soft) {
        text_add(buf, size, "; %schance may have decided",
                 r->reason == PROBE_THROUGHPUT ? "" : "close: ");
    }
    return buf;
}

static void tell_found(const struct tick_hunt *h, const char *unit, char *buf,
                       size_t size)
{
    const struct search_answer *a = &h->answer;
    uint32_t low = a->point - a->low, high = a->high - a->point;
    char x[NUM_MAX];

    text_add(buf, size, "%s ± %u %s", num_count(x, a->point),
             low > high ? low : high, unit);
    if (h->rps > 0) {
        text_add(buf, size, ", %s requests a second", num_rate(x, h->rps));
    }
    if (h->broke) {
        text_add(buf, size, ", limited by %s", probe_reason_name(h->by));
    }
    if (!a->confirmed) {
        text_add(buf, size, "; unconfirmed");
    }
    if (a->before > 0) {
        text_add(buf, size, "; before its first overload it held %s",
                 num_count(x, a->before));
    }
}

/* As far as it has come. */
static void tell_between(const struct search_answer *a, const char *unit,
                         char *buf, size_t size)
{
    char x[NUM_MAX], y[NUM_MAX];

    if (a->low > 0 && a->high > 0) {
        text_add(buf, size, "between %s and %s %s", num_count(x, a->low),
                 num_count(y, a->high), unit);
    } else if (a->low > 0) {
        text_add(buf, size, "more than ");
        tell_load(buf, size, a->low, unit);
    } else if (a->high > 0) {
        text_add(buf, size, "less than ");
        tell_load(buf, size, a->high, unit);
    } else {
        text_add(buf, size, "nothing known yet");
    }
}

/* What failed, and what to do. */
static void tell_silent(const struct tick_hunt *h, char *buf, size_t size)
{
    static const struct {
        enum failure kind;
        const char *remedy;
    } rows[] = {
        {FAILURE_REFUSED, "is the service running, and is its port right?"},
        {FAILURE_DNS, "is the host's name right?"},
        {FAILURE_TLS, "is its certificate to be trusted?"},
        {FAILURE_PROTOCOL, "is it http or https that it speaks?"},
        {FAILURE_UNRESOLVED, "what does the plan extract, and from what?"},
    };
    const char *remedy = "is it running, and is its address right?";
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        remedy = rows[i].kind == h->fault.kind ? rows[i].remedy : remedy;
    }
    text_add(buf, size, "nothing answered: %s; %s",
             h->fault.kind != FAILURE_NONE ? failure_help(h->fault.kind)
                                           : "no request came to an end",
             remedy);
}

/* "HTTP 415 on all 42 requests of Chat", "HTTP 500 on 9 of 42 …". */
static void tell_fault(const struct hunt_fault *f, char *buf, size_t size)
{
    char x[NUM_MAX], y[NUM_MAX];

    if (f->kind == FAILURE_CHECK) {
        text_add(buf, size, "check '%s' has failed all %s times", f->where,
                 num_count(x, f->failed));
        return;
    }
    if (f->status > 0) {
        text_add(buf, size, "HTTP %u", f->status);
    } else {
        text_add(buf, size, "%s", failure_help(f->kind));
    }
    if (f->failed == f->all) {
        text_add(buf, size, " on all %s requests", num_count(x, f->all));
    } else {
        text_add(buf, size, " on %s of %s requests", num_count(x, f->failed),
                 num_count(y, f->all));
    }
    if (f->where[0] != '\0') {
        text_add(buf, size, " of %s", f->where);
    }
}

/* What came last: it may be cut. */
static void tell_plan(const struct tick_hunt *h, const char *unit, char *buf,
                      size_t size)
{
    const struct hunt_fault *f = &h->fault;
    char said[HUNT_SAID_MAX];
    size_t room;

    text_add(buf, size, "the plan fails%s",
             f->lowest ? " at " : ", whatever the load");
    if (f->lowest) {
        tell_load(buf, size, 1, unit);
    }
    text_add(buf, size, ": ");
    tell_fault(f, buf, size);
    text_add(buf, size, "; look with brunt run PLAN -u 1 -i 5");
    room = size - strlen(buf);
    if (f->said[0] != '\0' && room > TELL_SAID_LEAST) {
        room -= sizeof "; it says: ";
        room = room < sizeof said ? room : sizeof said;
        text_add(buf, size, "; %s: %s",
                 f->kind == FAILURE_CHECK ? "why" : "it says",
                 text_brief(said, room, f->said));
    }
}

/* The lowest load that was tried breaks. */
static void tell_below(const struct tick_hunt *h, const char *unit, char *buf,
                       size_t size)
{
    bool share = h->by == PROBE_ERRORS;
    char text[RULE_TEXT_MAX];
    bool whole =
        strcmp(rule_words_whole(h->percentile).subject, h->words.subject) == 0;

    if (h->answer.high > 1 || (h->by != PROBE_LATENCY && !share) ||
        h->value == 0) {
        text_add(buf, size, "breaks at ");
        tell_load(buf, size, h->answer.high, unit);
        text_add(buf, size, " already%s%s%s",
                 h->answer.high > 1 ? ": begin lower (" : "",
                 h->answer.high == 1        ? ""
                 : strcmp(unit, "VUs") == 0 ? "-u 1"
                                            : "--rate 1",
                 h->answer.high > 1 ? ")" : "");
        return;
    }
    text_add(buf, size, "even ");
    tell_load(buf, size, 1, unit);
    text_add(buf, size, " is over the limit: %s; %s",
             rule_words_broken(&h->words, h->limit,
                               (double)h->value / (share ? 1e6 : 1), false,
                               text, sizeof text),
             /* of a lower limit, as on checks, less is more */
             whole ? "raise --limit" : "loosen that threshold");
}

const char *hunt_tell_answer(const struct tick_hunt *h, const char *unit,
                             char *buf, size_t size)
{
    const struct search_answer *a = &h->answer;
    char x[NUM_MAX];

    buf[0] = '\0';
    if (h->cut == HUNT_CUT_SILENT) {
        tell_silent(h, buf, size);
        return buf;
    }
    if (h->cut == HUNT_CUT_PLAN) {
        tell_plan(h, unit, buf, size);
        return buf;
    }
    switch (a->outcome) {
    case SEARCH_OPEN:
        tell_between(a, unit, buf, size);
        text_add(buf, size, "%s", a->probes > 0 ? " so far" : "");
        return buf;
    case SEARCH_FOUND:
        tell_found(h, unit, buf, size);
        return buf;
    case SEARCH_NONE:
        text_add(buf, size, "no breaking point up to %s %s",
                 num_count(x, a->low), unit);
        return buf;
    case SEARCH_BELOW:
        tell_below(h, unit, buf, size);
        return buf;
    case SEARCH_GENERATOR:
        tell_between(a, unit, buf, size);
        text_add(buf, size, ": the generator is at its limit");
        return buf;
    case SEARCH_UNCONFIRMED:
        tell_between(a, unit, buf, size);
        text_add(buf, size, ", unconfirmed%s",
                 h->missed > 1 ? ": the service does not come to itself after "
                                 "overload"
                               : "");
        return buf;
    }
    MUST(!"an outcome");
    return buf;
}

const char *hunt_tell_whole(const struct tick_hunt *h, const char *unit,
                            char *buf, size_t size)
{
    hunt_tell_answer(h, unit, buf, size);
    if (h->cut == HUNT_CUT_TIME) {
        text_add(
            buf, size,
            "; its time was up: give it more (-d), or a first load nearer to "
            "the limit (%s)",
            strcmp(unit, "VUs") == 0 ? "-u" : "--rate");
    }
    return buf;
}
