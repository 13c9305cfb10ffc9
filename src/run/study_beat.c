/* SPDX-License-Identifier: MIT
 *
 * study_beat - what looks for anomalies is told of each tick, also where
 * several are now one: stalls and limits are finer than a second. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "run/command.h"
#include "run/study_internal.h"

/* A retry-after of more is no time to wait. */
#define RETRY_MAX_S 86400

/* "retry-after: 12" in the head of a response with status 429; < 0: not
 * there, or a date. */
static double retry_after(const char *head)
{
    static const char name[] = "retry-after:";
    const char *line = head;

    while (line != NULL && *line != '\0' && *line != '\r' && *line != '\n') {
        if (strncasecmp(line, name, sizeof name - 1) == 0) {
            char digits[16];
            uint64_t s;
            size_t n;

            line += sizeof name - 1;
            line += strspn(line, " \t");
            n = strspn(line, "0123456789");
            snprintf(digits, sizeof digits, "%.*s", n < 15 ? (int)n : 15, line);
            return num_u64(digits, 0, RETRY_MAX_S, &s) ? (double)s : -1;
        }
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    return -1;
}

static void study_retries(struct study *s, const struct delta *d)
{
    size_t i;

    for (i = 0; i < d->n_failures; i++) {
        if (d->failures[i].kind == FAILURE_HTTP_429) {
            double wait = retry_after(d->failures[i].text);

            if (wait >= 0) {
                anomalies_retry_after(s->anomalies, wait);
            }
        }
    }
}

/* As recovery has it of all requests: a service that says 429, or that the
 * request was wrong, is there. */
static bool study_unserved(enum failure f)
{
    enum error_class c = error_class_of(f);

    return f != FAILURE_NONE &&
           (c == ERRORS_CONNECT || c == ERRORS_TIMEOUT || c == ERRORS_5XX);
}

static struct beat_part study_part(const struct delta_series *d)
{
    return (struct beat_part){
        .request = d->request,
        .count = d->count,
        .response = failure_has_response(d->failure),
        .failed = d->failed > 0,
        .limited = d->status == 429,
        .refused = d->failure == FAILURE_REFUSED ||
                   d->failure == FAILURE_RESET || d->failure == FAILURE_CONNECT,
        .unserved = study_unserved(d->failure),
        .us = &d->phase[PHASE_DURATION],
    };
}

static void study_room(struct study *s, size_t rows)
{
    while (s->cap_parts < rows) {
        s->parts =
            xgrow(s->parts, s->cap_parts, &s->cap_parts, sizeof *s->parts);
    }
    while (s->cap_given < rows) {
        s->given =
            xgrow(s->given, s->cap_given, &s->cap_given, sizeof *s->given);
    }
    memset(s->given, 0, rows * sizeof *s->given);
}

/* What was never sent says nothing of the service. Of several ticks only the
 * first with a row is given its latencies: they are those of all. */
static void study_row(struct study *s, const struct delta *d, uint32_t row,
                      uint64_t count, struct beat *b)
{
    static const struct histo_sparse none;
    const struct delta_series *x = &d->series[row];
    struct beat_part *p = &s->parts[b->n];

    if (x->failure == FAILURE_UNRESOLVED || x->failure == FAILURE_LOCAL) {
        return;
    }
    *p = study_part(x);
    p->count = count;
    p->us = s->given[row] ? &none : p->us;
    s->given[row] = true;
    b->n++;
}

static void study_hear_beat(struct study *s, const struct beat *b)
{
    anomalies_beat(s->anomalies, b);
    recovery_beat(s->recovery, b);
}

static void study_beats(struct study *s, const struct tick *t,
                        const struct moment *x)
{
    const struct tick_part *part = t->parts;
    uint64_t at = x->start_us;
    size_t i;

    for (i = 0; i < t->n_beats; i++) {
        const struct tick_beat *k = &t->beats[i];
        struct beat b = {.start_us = at,
                         .end_us = at + k->dt_us,
                         .active_us = k->active_us,
                         .load = x->load,
                         .who = x->who,
                         .in_flight = k->in_flight,
                         .suspect = k->suspect,
                         .parts = s->parts};
        uint32_t n = k->n_parts;

        for (; n > 0; n--, part++) {
            study_row(s, t->delta, part->row, part->count, &b);
        }
        study_hear_beat(s, &b);
        at = b.end_us;
    }
}

uint64_t study_last_us(const struct tick *t)
{
    uint64_t at = t->t_us - t->dt_us, last = 0;
    size_t i;

    if (t->n_beats == 0) {
        return t->delta->n_series > 0 ? t->t_us : 0;
    }
    for (i = 0; i < t->n_beats; i++) {
        at += t->beats[i].dt_us;
        last = t->beats[i].n_parts > 0 ? at : last;
    }
    return last;
}

static void gap_beat(struct moment_gap *g, uint64_t start_us, uint64_t end_us,
                     uint64_t requests, uint64_t unserved)
{
    struct moment_gap b = {.trail_us = start_us};

    if (unserved * 2 > requests) {
        b.lead = b.trail = unserved;
    }
    if (unserved < requests) {
        b.served_us = b.trail > 0 ? start_us : end_us;
    }
    moment_gap_join(g, &b);
}

static void gap_row(const struct tick *t, uint32_t row, uint64_t count,
                    uint64_t *requests, uint64_t *unserved)
{
    *requests += count;
    *unserved += study_unserved(t->delta->series[row].failure) ? count : 0;
}

struct moment_gap study_gap(const struct tick *t)
{
    uint64_t at = t->t_us - t->dt_us, requests = 0, unserved = 0;
    const struct tick_part *part = t->parts;
    struct moment_gap g = {0};
    size_t i;

    for (i = 0; t->n_beats == 0 && i < t->delta->n_series; i++) {
        gap_row(t, (uint32_t)i, t->delta->series[i].count, &requests,
                &unserved);
    }
    if (t->n_beats == 0) {
        gap_beat(&g, at, t->t_us, requests, unserved);
    }
    for (i = 0; i < t->n_beats; i++) {
        uint32_t n = t->beats[i].n_parts;

        for (requests = unserved = 0; n > 0; n--, part++) {
            gap_row(t, part->row, part->count, &requests, &unserved);
        }
        gap_beat(&g, at, at + t->beats[i].dt_us, requests, unserved);
        at += t->beats[i].dt_us;
    }
    return g;
}

void study_beat(struct study *s, const struct tick *t, const struct moment *x)
{
    struct beat b = {.start_us = x->start_us,
                     .end_us = x->end_us,
                     .active_us = x->active_us,
                     .load = x->load,
                     .who = x->who,
                     .in_flight = x->in_flight,
                     .suspect = x->suspect};
    const struct delta *d = t->delta;
    size_t i;

    for (i = 0; i < t->n_events; i++) {
        study_note(s, &t->events[i]);
    }
    study_room(s, d->n_series + 1);
    study_retries(s, d);
    if (t->n_beats > 0) {
        study_beats(s, t, x);
        return;
    }
    for (i = 0; i < d->n_series; i++) {
        study_row(s, d, (uint32_t)i, d->series[i].count, &b);
    }
    b.parts = s->parts;
    study_hear_beat(s, &b);
}
