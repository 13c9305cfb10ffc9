/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "plan/metric.h"
#include "run/events.h"
#include "run/level.h"
#include "screen/model_internal.h"
#include "screen/show.h"

static void model_source_make(struct model_source *s)
{
    size_t i;

    s->all = bins_new(-1);
    s->n_names = story_info(s->story)->plan->n_names;
    s->by_name = xcalloc(s->n_names + 1, sizeof *s->by_name);
    s->rank = xcalloc(s->n_names + 1, sizeof *s->rank);
    for (i = 0; i < s->n_names; i++) {
        s->by_name[i] = bins_new((int)i);
    }
    s->heat = heat_new();
}

struct model_source *model_source_new(struct story *story)
{
    struct model_source *s = xcalloc(1, sizeof *s);

    s->story = story;
    s->generation = story_generation(story);
    model_source_make(s);
    return s;
}

static void model_source_drop(struct model_source *s)
{
    size_t i;

    for (i = 0; i < s->n_names; i++) {
        bins_free(&s->by_name[i]);
    }
    free(s->by_name);
    free(s->rank);
    bins_free(&s->all);
    heat_free(&s->heat);
}

void model_source_free(struct model_source **s)
{
    if (*s == NULL) {
        return;
    }
    model_source_drop(*s);
    free((*s)->base_names);
    free(*s);
    *s = NULL;
}

/* The story has begun anew: what was kept of it is of another past. */
static void model_source_renew(struct model_source *s)
{
    struct model_source anew = {.story = s->story,
                                .generation = story_generation(s->story),
                                .baseline = s->baseline,
                                .base_names = s->base_names};

    model_source_drop(s);
    *s = anew;
    model_source_make(s);
}

void model_init(struct model *m)
{
    *m = (struct model){.any = false};
}

static void model_clear_requests(struct model *m)
{
    size_t i;

    for (i = 0; i < m->n_requests; i++) {
        free(m->requests[i].name);
        free(m->requests[i].trend);
    }
    free(m->requests);
    m->requests = NULL;
    m->n_requests = 0;
}

void model_clear(struct model *m)
{
    int i;

    model_clear_requests(m);
    model_detail_clear(m);
    free(m->verdicts);
    free(m->errors);
    free(m->events);
    free(m->bins);
    free(m->levels);
    free(m->stages);
    free(m->pauses);
    free(m->heat);
    free(m->cursor.figures);
    for (i = 0; i < LIST_COUNT; i++) {
        free(m->rows[i].at);
    }
    model_baseline_clear(&m->baseline);
    model_hunt_clear(&m->hunt);
    model_init(m);
}

static const char *model_method(const struct plan *p, size_t name)
{
    const char *method = NULL;
    size_t i;

    for (i = 0; i < p->n_requests; i++) {
        const struct request *r = p->requests[i];

        if (r->name_index != name) {
            continue;
        }
        if (method != NULL && strcmp(method, r->method) != 0) {
            return "";
        }
        method = r->method;
    }
    return method != NULL ? method : "";
}

/* A request without a name of its own is called by its method and URL; the
 * method has a column, and where requests go is said once. */
static const char *model_short_name(const char *name, const char *method,
                                    const char *target)
{
    static const char base[] = "${BASE_URL}";
    const char *host = strstr(target, "://");
    size_t n = strlen(method), origin = 0;

    if (host != NULL) {
        origin = (size_t)(host + 3 - target) + strcspn(host + 3, "/?#");
    }
    if (n > 0 && strncmp(name, method, n) == 0 && name[n] == ' ') {
        name += n + 1;
    }
    if (strncmp(name, base, sizeof base - 1) == 0 &&
        name[sizeof base - 1] != '\0') {
        name += sizeof base - 1;
    } else if (origin > 0 && strncmp(name, target, origin) == 0 &&
               name[origin] == '/') {
        name += origin;
    }
    return name;
}

static void model_take_requests(struct model *m, struct model_source *s,
                                const struct ledger *l)
{
    const struct plan *p = m->info->plan;
    size_t i;

    model_clear_requests(m);
    m->ways = ledger_ways(l, -1);
    m->requests = xcalloc(s->n_names + 1, sizeof *m->requests);
    for (i = 0; i < s->n_names; i++) {
        struct model_request *r = &m->requests[m->n_requests++];
        char safe[256];

        r->index = i;
        r->method = model_method(p, i);
        r->name = xstrdup(text_safe(
            safe, sizeof safe,
            model_short_name(p->names[i], r->method, m->info->target)));
        r->run = ledger_summary(l, (int)i, SPAN_RUN);
        r->window = ledger_summary(l, (int)i, SPAN_WINDOW);
        r->ways = ledger_ways(l, (int)i);
    }
}

static void model_error_label(struct model_error *e, const struct plan *p)
{
    char name[sizeof e->label - 4];

    if (e->line.kind == FAILURE_CHECK && e->line.checks == 1) {
        text_safe(name, sizeof name, p->checks[e->line.check]->name);
        snprintf(e->label, sizeof e->label, "✗ %s", name);
    } else {
        show_error(&e->line, e->label, sizeof e->label);
    }
}

static void model_take_errors(struct model *m, const struct ledger *l)
{
    struct error_line lines[MODEL_ERRORS_MAX];
    size_t i;

    m->n_errors_all = ledger_errors(l, lines, MODEL_ERRORS_MAX);
    m->n_errors =
        m->n_errors_all < MODEL_ERRORS_MAX ? m->n_errors_all : MODEL_ERRORS_MAX;
    free(m->errors);
    m->errors = xcalloc(m->n_errors + 1, sizeof *m->errors);
    for (i = 0; i < m->n_errors; i++) {
        struct model_error *e = &m->errors[i];
        const struct plan *p = m->info->plan;

        e->line = lines[i];
        e->has_sample = lines[i].sample != NULL;
        if (e->has_sample) {
            e->sample = *lines[i].sample;
        }
        e->line.sample = NULL;
        model_error_label(e, p);
        if (lines[i].name_index >= 0 &&
            (size_t)lines[i].name_index < p->n_names) {
            text_safe(e->name, sizeof e->name, p->names[lines[i].name_index]);
        }
    }
}

/* Bursts of keys are a line each. */
static void model_take_events(struct model *m, const struct story *st)
{
    size_t n = story_event_count(st), from, i, steps = 1;

    from = n > MODEL_EVENTS_MAX ? n - MODEL_EVENTS_MAX : 0;
    m->n_events_all = n + story_events_lost(st);
    m->n_events = 0;
    free(m->events);
    m->events = xcalloc(n - from + 1, sizeof *m->events);
    for (i = from; i < n; i++) {
        const struct event *x = story_event(st, i);
        bool more = i > from && event_follows(x, story_event(st, i - 1));
        struct event *e;
        size_t at;

        steps = more ? steps + 1 : 1;
        m->n_events += more ? 0 : 1;
        m->n_events_all -= more ? 1 : 0;
        e = &m->events[m->n_events - 1];
        *e = *x;
        at = strlen(e->text);
        if (steps > 1) {
            snprintf(e->text + at, sizeof e->text - at, ", in %zu steps",
                     steps);
        }
    }
}

static void model_take_outputs(struct model *m, const struct story *st)
{
    const struct output *list = story_outputs(st, &m->n_outputs);

    memcpy(m->outputs, list, m->n_outputs * sizeof *list);
}

static void model_take_verdicts(struct model *m, const struct tick *t)
{
    free(m->verdicts);
    m->n_verdicts = t->n_verdicts;
    m->verdicts = xcalloc(t->n_verdicts + 1, sizeof *m->verdicts);
    if (t->n_verdicts > 0) {
        memcpy(m->verdicts, t->verdicts, t->n_verdicts * sizeof *m->verdicts);
    }
    m->tick = *t;
    m->tick.delta = NULL;
    m->tick.verdicts = NULL;
    m->tick.events = NULL;
    m->tick.n_verdicts = 0;
    m->tick.n_events = 0;
}

/* The rule sees both spans, or neither counts. */
static const struct verdict *model_seen(const struct model *m, unsigned metric,
                                        double percentile)
{
    const struct verdict *v = model_verdict(m, metric, percentile);

    return v != NULL && v->run.fed && v->window.fed &&
                   v->threshold->window_us == 0
               ? v
               : NULL;
}

/* Rules are judged less often than the picture is drawn: a figure that one is
 * on is shown as the rule saw it, not as a second value beside it. That of the
 * last ten seconds as well: "now" is one moment. */
static void model_same_moment(struct model *m)
{
    const struct {
        double percentile;
        uint64_t *run, *window;
    } rows[] = {{50, &m->run.p50_us, &m->window.p50_us},
                {90, &m->run.p90_us, &m->window.p90_us},
                {95, &m->run.p95_us, &m->window.p95_us},
                {99, &m->run.p99_us, &m->window.p99_us}};
    const struct verdict *v = model_seen(m, METRIC_HTTP_REQ_FAILED, -1);
    size_t i;

    if (v != NULL) {
        m->run.error_rate = v->run.value;
        m->window.error_rate = v->window.value;
    }
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        v = model_seen(m, METRIC_HTTP_REQ_DURATION, rows[i].percentile);
        if (v != NULL) {
            *rows[i].run = num_whole(v->run.value * 1e3 + 0.5);
            *rows[i].window = num_whole(v->window.value * 1e3 + 0.5);
        }
    }
}

static void model_take_names(struct model *m, const struct model_want *w)
{
    const struct lineup *l = m->info->lineup;

    m->chosen = w->scenario < l->n ? w->scenario : 0;
    text_safe(m->target, sizeof m->target, m->info->target);
    text_safe(m->scenario, sizeof m->scenario, l->name);
    text_safe(m->part, sizeof m->part, l->list[m->chosen].name);
}

void model_update(struct model *m, struct model_source *s,
                  const struct model_want *w)
{
    struct story *st = s->story;
    const struct ledger *l;
    const struct tick *t;

    story_lock(st);
    if (s->generation != story_generation(st)) {
        model_source_renew(s);
        model_clear(m);
    }
    m->info = story_info(st);
    model_take_names(m, w);
    t = story_tick(st);
    if (t != NULL) {
        l = story_ledger(st);
        m->any = true;
        model_take_verdicts(m, t);
        m->run = ledger_summary(l, -1, SPAN_RUN);
        m->window = ledger_summary(l, -1, SPAN_WINDOW);
        model_same_moment(m);
        m->run_good = ledger_summary_expected(l, -1, SPAN_RUN);
        m->window_good = ledger_summary_expected(l, -1, SPAN_WINDOW);
        m->totals = ledger_totals(l);
        model_take_requests(m, s, l);
        model_take_errors(m, l);
        model_take_events(m, st);
        model_take_outputs(m, st);
        model_time_unreachable(m, ledger_series(l));
        model_time_peak(m, ledger_series(l));
        model_steps_take(&m->steps, st);
        model_findings_take(&m->findings, story_study(st));
        model_hunt_take(&m->hunt, st);
        model_server_take(m, s);
        appraise(st, &m->appraisal);
        m->has_change = story_last_change(st, &m->change);
        if (m->has_change) {
            m->change_event = *m->change.event;
            m->change.event = NULL;
        }
        model_time_stages(m);
        model_time_pauses(m);
        model_view_reach(m, s);
        model_detail_take(m, l, w, true);
        model_view(m, s, w);
    }
    story_unlock(st);
}

const struct verdict *model_verdict(const struct model *m, unsigned metric,
                                    double percentile)
{
    size_t i;

    for (i = 0; i < m->n_verdicts; i++) {
        const struct threshold *t = m->verdicts[i].threshold;
        bool fits = percentile < 0
                        ? t->agg == AGG_RATE
                        : t->agg == AGG_P && t->percentile >= percentile &&
                              t->percentile <= percentile;

        if (t->selector.metric == metric && t->selector.n_tags == 0 && fits &&
            (t->op == OP_LT || t->op == OP_LE)) {
            return &m->verdicts[i];
        }
    }
    return NULL;
}

const char *model_changed(const struct model *m, char *label)
{
    return level_unit(label, m->info->curves[m->change.scenario].time_unit_us);
}

bool model_timed(const struct model *m)
{
    size_t i;

    for (i = 0; i < m->tick.n_scenarios; i++) {
        if (m->tick.scenarios[i].timed) {
            return true;
        }
    }
    return false;
}

size_t model_failing(const struct model *m)
{
    size_t n = 0, i;

    for (i = 0; i < m->n_verdicts; i++) {
        n += !m->verdicts[i].ok && !m->verdicts[i].pending;
    }
    return n;
}
