/* SPDX-License-Identifier: MIT
 *
 * What the summary has beyond k6's: requests by name, errors, what was
 * steered, the generator. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/clk.h"
#include "base/num.h"
#include "base/text.h"
#include "console/summary_internal.h"
#include "run/events.h"

#define PARTS_ERRORS_MAX 32
#define PARTS_EVENTS_MAX 200
#define PARTS_NAME       28
#define PARTS_NAME_MIN   12
/* Columns of a table of requests without names, and with its last column. */
#define PARTS_FIGURES 63
#define PARTS_WAYS    (PARTS_FIGURES + PARTS_NAME + 24)

/* Text padded to a number of columns; where it is too long its middle is left
 * out, for names differ at the end as often as at the beginning. */
static void parts_cell(struct summary_page *p, const char *s, int cols)
{
    struct buf b;
    int width;

    buf_init(&b, 1024);
    text_escape(&b, s, strlen(s));
    width = text_width(buf_str(&b));
    if (width > cols) {
        const char *tail = buf_str(&b);
        char head[256];
        uint32_t cp;

        snprintf(head, sizeof head, "%.*s", (int)text_fit(tail, cols / 2),
                 tail);
        buf_addf(p->out, "%s%s", head, p->options->ascii ? "~" : "…");
        cols -= text_width(head) + 1;
        while (text_width(tail) > cols) {
            size_t n = text_next(tail, strlen(tail), &cp);

            tail += n > 0 ? n : 1;
        }
        buf_adds(p->out, tail);
        width = text_width(tail);
    } else {
        buf_adds(p->out, buf_str(&b));
    }
    cols -= width;
    for (; cols > 0; cols--) {
        buf_addc(p->out, ' ');
    }
    buf_clear(&b);
}

/* Columns for the names of requests. */
static int parts_name(const struct summary_page *p)
{
    int room = p->options->columns - PARTS_FIGURES;

    if (!summary_narrower(p, PARTS_FIGURES + PARTS_NAME)) {
        return PARTS_NAME;
    }
    return room > PARTS_NAME_MIN ? room : PARTS_NAME_MIN;
}

void summary_requests(struct summary_page *p)
{
    const struct plan *plan = p->info->plan;
    bool narrow = summary_narrower(p, PARTS_WAYS);
    int name = parts_name(p);
    size_t i;

    if (plan->n_names == 0) {
        return;
    }
    summary_title(p, "REQUESTS BY NAME");
    buf_adds(p->out, "    ");
    parts_cell(p, "name", name);
    buf_addf(p->out, " %10s %8s %9s %9s %9s %8s%s\n", "count", "per s", "p50",
             "p95", "p99", "failed", narrow ? "" : "  lane, protocol");
    for (i = 0; i < plan->n_names; i++) {
        struct summary s = ledger_summary(p->ledger, (int)i, SPAN_RUN);
        char n[NUM_MAX], r[NUM_MAX], a[NUM_MAX], b[NUM_MAX], c[NUM_MAX],
            e[NUM_MAX], way[WAY_TEXT_MAX];
        bool any = s.responses > 0;
        way_bits ways = narrow ? 0 : ledger_ways(p->ledger, (int)i);

        if (s.requests == 0) {
            continue;
        }
        buf_adds(p->out, "    ");
        parts_cell(p, plan->names[i], name);
        buf_addf(
            p->out, " %10s %8s %9s %9s %9s %8s%s%s\n", num_count(n, s.requests),
            num_rate(r, s.rate), any ? num_latency(a, s.p50_us) : "-",
            any ? num_latency(b, s.p95_us) : "-",
            any ? num_latency(c, s.p99_us) : "-", num_percent(e, s.error_rate),
            ways != 0 ? "  " : "", way_text(way, sizeof way, ways));
    }
}

/* Of which request a line is: of the one that the message is from, and of that
 * in which it happens most, should it be another. */
static void parts_error_of(struct summary_page *p, const struct error_line *e)
{
    char *const *names = p->info->plan->names;
    int said = error_line_said_by(p->info->plan, e);

    if (e->name_index < 0) {
        return;
    }
    if (said != e->name_index) {
        buf_adds(p->out, ", this one in ");
        summary_safe(p, names[said]);
        buf_adds(p->out, ", most in ");
    } else {
        buf_adds(p->out, ", mostly ");
    }
    summary_safe(p, names[e->name_index]);
}

void summary_errors(struct summary_page *p)
{
    struct error_line lines[PARTS_ERRORS_MAX];
    size_t n = ledger_errors(p->ledger, lines, PARTS_ERRORS_MAX);
    size_t i;

    if (n == 0) {
        return;
    }
    summary_title(p, "ERRORS");
    for (i = 0; i < n && i < PARTS_ERRORS_MAX; i++) {
        const struct error_line *e = &lines[i];
        char count[NUM_MAX], first[NUM_MAX], last[NUM_MAX];
        char message[sizeof e->sample->message];

        buf_addf(p->out, "    %10s  %-12s", num_count(count, e->count),
                 failure_name(e->kind));
        summary_safe(
            p, error_line_message(p->info->plan, e, message, sizeof message));
        buf_addf(p->out, "  first %s, last %s", num_clock(first, e->first_us),
                 num_clock(last, e->last_us));
        parts_error_of(p, e);
        buf_addc(p->out, '\n');
    }
    if (n > PARTS_ERRORS_MAX) {
        buf_addf(p->out, "    and %zu more kinds\n", n - PARTS_ERRORS_MAX);
    }
}

/* Worth a line at the end: what a person did, what went wrong, and what makes
 * up for it: a threshold that recovers, a gap that explains a hole. */
static bool parts_notable(const struct event *e)
{
    static const char *const types[] = {"gap", "threshold", "health", "target"};
    size_t i;

    for (i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(e->type, types[i]) == 0) {
            return true;
        }
    }
    if (strcmp(e->type, "setup") == 0) {
        return strcmp(e->value, "passed") != 0; /* that is as it should be */
    }
    return e->bad || (strcmp(e->by, "plan") != 0 && e->by[0] != '\0');
}

bool summary_said_first(const struct summary_page *p, const char *text)
{
    const char *first = p->tick->outcome.text;
    size_t n = strlen(first);

    if (n > 3 && strcmp(first + n - 3, "...") == 0) {
        n -= 3; /* it was cut (text_brief) */
    }
    return n > 0 && strncmp(text, first, n) == 0;
}

/* What the first line has is but named. */
static void parts_event_text(struct summary_page *p, const struct event *e)
{
    const char *end = strstr(e->text, "; ");
    char text[sizeof e->text];

    snprintf(text, sizeof text, "%s", e->text);
    if (strcmp(e->type, "hunt") == 0 && end != NULL &&
        summary_said_first(p, e->text)) {
        text[end - e->text] = '\0';
    }
    summary_safe(p, text);
}

void summary_events(struct summary_page *p)
{
    size_t i, n = story_event_count(p->story), shown = 0, steps = 0;

    for (i = 0; i < n; i++) {
        const struct event *e = story_event(p->story, i);
        char num[NUM_MAX];

        if (!parts_notable(e)) {
            continue;
        }
        steps++;
        if (i + 1 < n && event_follows(story_event(p->story, i + 1), e)) {
            continue; /* the last one says what came of all */
        }
        if (shown == PARTS_EVENTS_MAX) {
            buf_adds(p->out, "    and more: see the results file\n");
            return;
        }
        if (shown++ == 0) {
            summary_title(p, "WHAT HAPPENED");
        }
        buf_addf(p->out, "    %7s  ", num_clock(num, e->t_us));
        parts_event_text(p, e);
        if (steps > 1) {
            buf_addf(p->out, ", in %zu steps", steps);
        }
        steps = 0;
        if (e->by[0] != '\0') {
            buf_adds(p->out, "  (");
            summary_safe(p, e->by);
            buf_addc(p->out, ')');
        }
        buf_addc(p->out, '\n');
    }
}

/* Requests that are in http_reqs and went nowhere. */
static uint64_t parts_unsent(const struct summary_page *p)
{
    struct error_line lines[PARTS_ERRORS_MAX];
    size_t n = ledger_errors(p->ledger, lines, PARTS_ERRORS_MAX), i;
    uint64_t unsent = 0;

    for (i = 0; i < n && i < PARTS_ERRORS_MAX; i++) {
        unsent += lines[i].kind == FAILURE_UNRESOLVED ? lines[i].count : 0;
    }
    return unsent;
}

/* Counts that are no metric of k6's, when they are not zero. */
static void parts_counts(struct summary_page *p, const struct totals *t)
{
    const struct {
        uint64_t n;
        const char *what;
    } rows[] = {
        {t->interrupted, "iterations cut off"},
        {t->interrupted_requests, "requests cut off, not counted as failed"},
        {parts_unsent(p),
         "requests counted, but never sent: a value had no content"},
        {t->retries, "requests sent again: their kept connection had died"},
        {t->rejected, "values rejected: negative, not a number, or too large"},
        {t->folded, "samples folded: too many different series"},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char num[NUM_MAX];

        if (rows[i].n > 0) {
            buf_addf(p->out, "    %s %s\n", num_count(num, rows[i].n),
                     rows[i].what);
        }
    }
}

void summary_generator(struct summary_page *p)
{
    const struct health *h = &p->tick->health;
    struct totals t = ledger_totals(p->ledger);
    char lag[NUM_MAX], max[NUM_MAX], rss[NUM_MAX], cpu[NUM_MAX], s[NUM_MAX];

    summary_title(p, "GENERATOR");
    buf_adds(p->out, "    ");
    summary_good(p, !h->ever_suspect);
    if (h->ever_suspect) {
        buf_addf(p->out,
                 " suspect for %s in all: these numbers may be the "
                 "generator's, not the service's",
                 h->suspect_us < 10 * US_PER_SEC ? num_latency(s, h->suspect_us)
                                                 : num_clock(s, h->suspect_us));
    } else if (p->tick->held_back > 0) {
        buf_addf(p->out,
                 " healthy, but --rps %u held back %s request%s: the load is "
                 "the cap's, not the plan's",
                 p->info->rps, num_count(s, p->tick->held_back),
                 p->tick->held_back == 1 ? "" : "s");
    } else if (p->tick->active_total_us == 0) {
        buf_adds(p->out, " healthy: there was no load that could strain it");
    } else {
        buf_adds(p->out, " healthy all the time: these numbers are the "
                         "service's");
    }
    buf_addf(p->out,
             "\n    loop lag p99 %s max %s, memory %s"
             "\n    busiest worker up to %s of a core\n",
             num_latency(lag, t.run_lag_p99_us), num_ms(max, h->lag_max_ms),
             num_bytes(rss, h->rss_bytes), num_percent(cpu, h->cpu_max));
    parts_counts(p, &t);
}
