/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/study_anomaly.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clk.h"
#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "run/command.h"
#include "run/study_internal.h"
#include "run/study_news.h"

/* A stall that lasts is told before it ends. */
#define NEWS_STALL_US (3 * US_PER_SEC)

const struct anomalies *study_anomalies(const struct study *s)
{
    return s->anomalies;
}

const char *study_anomaly_request(const struct study *s,
                                  const struct anomaly *x)
{
    unsigned request = 0;

    switch (x->kind) {
    case ANOMALY_LIMIT:
        if (!x->u.limit.one) {
            return NULL;
        }
        request = x->u.limit.request;
        break;
    case ANOMALY_ERRORS:
        request = x->u.errors.request;
        break;
    case ANOMALY_MODES:
        request = x->u.modes.request;
        break;
    case ANOMALY_OUTAGE:
        if (!x->u.outage.named) {
            return NULL;
        }
        request = x->u.outage.request;
        break;
    case ANOMALY_STALL:
    case ANOMALY_QUEUE:
    case ANOMALY_WARMUP:
    case ANOMALY_CHANGE:
    case ANOMALY_KINDS:
        return NULL;
    }
    return request < s->info->plan->n_requests
               ? s->info->plan->requests[request]->name
               : NULL;
}

static void tell_stall(const struct anomaly *x, char *buf, size_t size)
{
    const struct stall *t = &x->u.stall;
    char at[NUM_MAX];

    num_when(at, t->start_us);
    if (x->over) {
        snprintf(buf, size,
                 "stall of %.1f s at %s: nothing was answered, %u in flight",
                 (double)t->lasted_us / 1e6, at, t->in_flight);
    } else {
        snprintf(buf, size, "stall since %s: nothing is answered, %u in flight",
                 at, t->in_flight);
    }
    if (t->suspect) {
        text_add(buf, size, "; the generator was suspect then");
    }
}

/* Of some names, while others were served. */
static void tell_outage_of(const struct study *s, const struct anomaly *x,
                           char *buf, size_t size)
{
    const struct outage *o = &x->u.outage;
    struct recovery_names names = {true, o->request, o->more};
    char at[NUM_MAX], lost[NUM_MAX], span[NUM_MAX] = "", of[TELL_NAMES_MAX];

    if (x->over) {
        snprintf(span, sizeof span, " for %.1f s",
                 (double)(o->end_us - o->start_us) / 1e6);
    }
    snprintf(buf, size,
             "outage%s%s %s %s: none of %s requests was served, while others "
             "%s",
             tell_names(s, &names, of, sizeof of), span,
             x->over ? "at" : "since", num_when(at, o->start_us),
             num_count(lost, o->lost), x->over ? "were" : "are");
}

static void tell_outage(const struct anomaly *x, char *buf, size_t size)
{
    const struct outage *o = &x->u.outage;
    char at[NUM_MAX], lost[NUM_MAX];

    num_when(at, o->start_us);
    num_count(lost, o->lost);
    if (x->over) {
        snprintf(buf, size,
                 "down for %.1f s at %s: %s requests were refused or broken "
                 "off, then it served again, as after a crash and a restart",
                 (double)(o->end_us - o->start_us) / 1e6, at, lost);
    } else {
        snprintf(buf, size, "down since %s: %s requests refused or broken off",
                 at, lost);
    }
}

const char *study_tell_rate(double rate, char *buf, size_t size)
{
    char x[NUM_MAX];

    if (rate * 60 < 600) {
        snprintf(buf, size, "%.0f a minute", rate * 60);
    } else {
        snprintf(buf, size, "%s a second", num_count(x, num_whole(rate + 0.5)));
    }
    return buf;
}

/* " for one address": what one gets, as nobody else asks for this run. */
static void tell_address(const struct study *s, char *buf, size_t size)
{
    const struct dial *d = &s->info->plan->http.dial;
    uint64_t n = d->locals.n > 0 ? addresses_count(&d->locals) : 1;
    char x[NUM_MAX];

    if (d->proxy != NULL) {
        return; /* its address is the one that is seen */
    }
    if (n == 1) {
        text_add(buf, size, " for one address");
    } else {
        text_add(buf, size, " for %s addresses together", num_count(x, n));
    }
}

static void tell_way(const struct study *s, const struct throttle_answer *t,
                     char *buf, size_t size)
{
    char rate[64];

    if (t->way == THROTTLE_UNKNOWN) {
        snprintf(buf, size, "the limit is not known yet");
        return;
    }
    snprintf(buf, size, "the limit is about %s",
             study_tell_rate(t->rate, rate, sizeof rate));
    tell_address(s, buf, size);
    if (t->way == THROTTLE_WINDOW) {
        text_add(buf, size, ", in windows of %.0f s", t->window_s);
    } else if (t->burst > 0) {
        text_add(buf, size, ", after a burst of %.0f", t->burst);
    } else {
        text_add(buf, size, ", evenly");
    }
}

static void tell_limit(const struct study *s, const struct anomaly *x,
                       char *buf, size_t size)
{
    const struct throttles_found *l = &x->u.limit;
    const struct throttle_answer *t = &l->t;
    const char *name = study_anomaly_request(s, x);
    char cut[61]; /* at a whole character */
    char at[NUM_MAX], share[NUM_MAX], way[160], retry[64] = "";

    tell_way(s, t, way, sizeof way);
    if (l->retry_after_s > l->retry_least_s) {
        snprintf(retry, sizeof retry, "; retry-after %.0f to %.0f s",
                 l->retry_least_s, l->retry_after_s);
    } else if (l->retry_after_s >= 0) {
        snprintf(retry, sizeof retry, "; retry-after %.0f s", l->retry_after_s);
    }
    snprintf(buf, size, "rate limited from %s on%s%s: status 429 for %s; %s%s",
             num_when(at, t->start_us), name != NULL ? " at " : "",
             name != NULL ? text_safe(cut, sizeof cut, name) : "",
             num_percent(share,
                         (double)t->limited / (double)(t->limited + t->passed)),
             way, retry);
}

static void tell_errors(const struct study *s, const struct anomaly *x,
                        char *buf, size_t size)
{
    const struct culprit_found *f = &x->u.errors;
    const char *name = study_anomaly_request(s, x);
    char cut[81];
    char at[NUM_MAX], a[NUM_MAX], b[NUM_MAX], c[NUM_MAX], d[NUM_MAX];

    snprintf(buf, size,
             "errors %s %s at %s: %s of %s fail, of all others %s of %s",
             f->from_start ? "at" : "begin at",
             text_safe(cut, sizeof cut, name != NULL ? name : "?"),
             num_when(at, f->start_us), num_count(a, f->failed),
             num_count(b, f->requests), num_count(c, f->other_failed),
             num_count(d, f->others));
}

static void tell_modes(const struct study *s, const struct anomaly *x,
                       char *buf, size_t size)
{
    const struct modes *m = &x->u.modes.m;
    const char *name = study_anomaly_request(s, x);
    char cut[81];
    char low[NUM_MAX], high[NUM_MAX], a[NUM_MAX], b[NUM_MAX];

    snprintf(
        buf, size, "%s has two kinds of responses: about %s (%s), and %s (%s)",
        text_safe(cut, sizeof cut, name != NULL ? name : "?"),
        num_latency(low, num_whole(m->low_us)), num_percent(a, 1 - m->share),
        num_latency(high, num_whole(m->high_us)), num_percent(b, m->share));
}

static void tell_queue(const struct study *s, const struct anomaly *x,
                       char *buf, size_t size)
{
    const struct anomaly_queue *q = &x->u.queue;
    char from[NUM_MAX], to[64], rate[NUM_MAX], a[NUM_MAX], b[NUM_MAX];

    snprintf(buf, size,
             "requests wait in line: from %s to %s no more than %s req/s are "
             "done, and responses take %s instead of %s",
             num_count(from, num_whole(q->load_from + 0.5)),
             study_tell_load(s, q->load_to, to, sizeof to),
             num_rate(rate, q->most), num_ms(a, q->is.response_s * 1e3),
             num_ms(b, q->was.response_s * 1e3));
}

static void tell_shift(const struct study *s, const struct anomaly *x,
                       char *buf, size_t size)
{
    const struct shift *f = &x->u.shift;
    const struct study_note *beside = study_beside(s, x);
    bool cause = beside != NULL && beside->t_us + f->block_us >= f->at_us;
    char at[NUM_MAX], was[NUM_MAX], is[NUM_MAX], grain[NUM_MAX], text[128];

    num_latency(was, num_whole(f->before_us));
    num_latency(is, num_whole(f->after_us));
    if (f->warmup) {
        snprintf(buf, size, "warm-up: p95 was %s until %s, then %s", was,
                 num_when(at, f->at_us), is);
        return;
    }
    snprintf(buf, size, "p95 went from %s to %s (%+.0f %%) at %s", was, is,
             (f->after_us / f->before_us - 1) * 100,
             study_tell_since(s, x, at));
    if (cause) {
        text_add(buf, size, " (%s)", beside->text);
    } else {
        text_add(buf, size, " (±%s)", num_period(grain, f->grain_us));
    }
    text_add(buf, size, "%s%s",
             f->why == QUEUEING_WAITING  ? ": requests wait in line"
             : f->why == QUEUEING_SLOWER ? ": the service is slower"
                                         : "",
             f->suspect ? "; the generator was suspect then" : "");
    if (!cause) {
        study_tell_beside(s, x, text, sizeof text);
        text_add(buf, size, "; %s",
                 text[0] != '\0' ? text : "no stage, key or mark was near");
    }
}

const char *study_tell_anomaly(const struct study *s, const struct anomaly *x,
                               char *buf, size_t size)
{
    buf[0] = '\0';
    switch (x->kind) {
    case ANOMALY_STALL:
        tell_stall(x, buf, size);
        break;
    case ANOMALY_OUTAGE:
        if (x->u.outage.named) {
            tell_outage_of(s, x, buf, size);
        } else {
            tell_outage(x, buf, size);
        }
        break;
    case ANOMALY_LIMIT:
        tell_limit(s, x, buf, size);
        break;
    case ANOMALY_ERRORS:
        tell_errors(s, x, buf, size);
        break;
    case ANOMALY_MODES:
        tell_modes(s, x, buf, size);
        break;
    case ANOMALY_QUEUE:
        tell_queue(s, x, buf, size);
        break;
    case ANOMALY_WARMUP:
    case ANOMALY_CHANGE:
        tell_shift(s, x, buf, size);
        break;
    case ANOMALY_KINDS:
        break;
    }
    return buf;
}

static int stalls_order(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

const char *study_tell_stalls(const struct study *s, char *buf, size_t size)
{
    const struct anomalies *a = s->anomalies;
    uint64_t gaps[ANOMALIES_EACH], least = UINT64_MAX, most = 0, last = 0;
    char from[NUM_MAX], to[NUM_MAX];
    size_t i, n = 0;

    buf[0] = '\0';
    for (i = 0; i < anomalies_count(a); i++) {
        const struct stall *t = &anomalies_at(a, i)->u.stall;

        if (anomalies_at(a, i)->kind != ANOMALY_STALL) {
            continue;
        }
        least = t->lasted_us < least ? t->lasted_us : least;
        most = t->lasted_us > most ? t->lasted_us : most;
        gaps[n++] = t->start_us - last;
        last = t->start_us;
    }
    if (n < 3) {
        return buf;
    }
    snprintf(from, sizeof from, "%.1f", (double)least / 1e6);
    snprintf(to, sizeof to, "%.1f", (double)most / 1e6);
    snprintf(buf, size, "%zu stalls of %s%s%s s",
             anomalies_found(a, ANOMALY_STALL), from,
             strcmp(from, to) == 0 ? "" : " to ",
             strcmp(from, to) == 0 ? "" : to);
    /* The first gap is none. */
    qsort(gaps + 1, n - 1, sizeof *gaps, stalls_order);
    if (gaps[n - 1] - gaps[1] <= gaps[(n + 1) / 2] / 5) {
        text_add(buf, size, ", about every %.0f s",
                 (double)gaps[(n + 1) / 2] / 1e6);
    }
    return buf;
}

/* Is there anything to say of it now? *told goes on to 2: all is said. */
static bool news_due(const struct anomaly *x, unsigned char *told)
{
    unsigned char was = *told;

    switch (x->kind) {
    case ANOMALY_STALL:
        *told = x->over ? 2 : x->u.stall.lasted_us >= NEWS_STALL_US ? 1 : was;
        break;
    case ANOMALY_OUTAGE: /* that one of all began is told by watch */
        *told = x->over ? 2 : x->u.outage.named ? 1 : was;
        break;
    case ANOMALY_LIMIT:
        *told = x->u.limit.t.way != THROTTLE_UNKNOWN ? 2 : 1;
        break;
    case ANOMALY_ERRORS:
    case ANOMALY_MODES:
    case ANOMALY_QUEUE:
    case ANOMALY_WARMUP:
    case ANOMALY_CHANGE:
    case ANOMALY_KINDS:
        *told = 2;
        break;
    }
    return *told != was;
}

bool study_anomaly_news(struct study *s, struct study_news *out)
{
    size_t i, n = anomalies_count(s->anomalies);

    while (s->news_from < n && s->told[s->news_from] == 2) {
        s->news_from++;
    }
    for (i = s->news_from; i < n; i++) {
        const struct anomaly *x = anomalies_at(s->anomalies, i);

        if (s->told[i] < 2 && news_due(x, &s->told[i])) {
            out->type = "anomaly";
            snprintf(out->value, sizeof out->value, "%s",
                     anomaly_kind_name(x->kind));
            out->bad = x->kind <= ANOMALY_ERRORS;
            out->t_us = x->start_us;
            study_tell_anomaly(s, x, out->text, sizeof out->text);
            return true;
        }
    }
    return false;
}
