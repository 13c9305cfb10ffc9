/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/model_findings.h"

#include <stdio.h>

#include "base/num.h"
#include "run/study_anomaly.h"

static void figure_limit(const struct throttle_answer *t, char *buf,
                         size_t size)
{
    char x[NUM_MAX];

    if (t->way == THROTTLE_UNKNOWN) {
        snprintf(buf, size, "%s 429",
                 num_percent(x, (double)t->limited /
                                    (double)(t->limited + t->passed)));
    } else {
        study_tell_rate(t->rate, buf, size);
    }
}

static void figure_of(const struct anomaly *x, char *buf, size_t size)
{
    char a[NUM_MAX], b[NUM_MAX];

    buf[0] = '\0';
    switch (x->kind) {
    case ANOMALY_STALL:
        snprintf(buf, size, "%s in flight", num_count(a, x->u.stall.in_flight));
        break;
    case ANOMALY_OUTAGE:
        snprintf(buf, size, "%s lost", num_count(a, x->u.outage.lost));
        break;
    case ANOMALY_LIMIT:
        figure_limit(&x->u.limit.t, buf, size);
        break;
    case ANOMALY_ERRORS:
        snprintf(buf, size, "%s fail",
                 num_percent(a, (double)x->u.errors.failed /
                                    (double)x->u.errors.requests));
        break;
    case ANOMALY_MODES:
        snprintf(buf, size, "%s, %s",
                 num_latency(a, num_whole(x->u.modes.m.low_us)),
                 num_latency(b, num_whole(x->u.modes.m.high_us)));
        break;
    case ANOMALY_QUEUE:
        snprintf(buf, size, "%s req/s", num_rate(a, x->u.queue.is.rate));
        break;
    case ANOMALY_WARMUP:
    case ANOMALY_CHANGE:
        snprintf(buf, size, "p95 %+.0f %%",
                 (x->u.shift.after_us / x->u.shift.before_us - 1) * 100);
        break;
    case ANOMALY_KINDS:
        break;
    }
}

static void finding_take(struct model_finding *f, const struct study *s,
                         const struct anomaly *x)
{
    const char *kind = anomaly_kind_name(x->kind);
    size_t i;

    f->start_us = study_anomaly_us(s, x);
    study_tell_since(s, x, f->at);
    f->end_us = x->end_us == x->start_us ? f->start_us : x->end_us;
    f->over = x->over;
    f->bad = x->kind <= ANOMALY_ERRORS;
    for (i = 0; kind[i] != '\0' && i + 1 < sizeof f->kind; i++) {
        f->kind[i] = kind[i];
        if (kind[i] == '_') {
            f->kind[i] = ' ';
        }
    }
    f->kind[i] = '\0';
    figure_of(x, f->figure, sizeof f->figure);
    study_tell_anomaly(s, x, f->text, sizeof f->text);
}

/* They come in the order in which they ended; a place for each by its
 * beginning. */
void model_findings_take(struct model_findings *m, const struct study *s)
{
    const struct anomalies *a = study_anomalies(s);
    size_t n = anomalies_count(a), i, k;

    m->n_all = n + anomalies_dropped(a);
    m->n = 0;
    for (i = n; i-- > 0 && m->n < MODEL_FINDINGS_MAX; m->n++) {
        const struct anomaly *x = anomalies_at(a, i);

        for (k = m->n;
             k > 0 && m->list[k - 1].start_us < study_anomaly_us(s, x); k--) {
            m->list[k] = m->list[k - 1];
        }
        finding_take(&m->list[k], s, x);
    }
}
