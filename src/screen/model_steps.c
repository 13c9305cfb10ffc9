/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/model_steps.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "run/study_trend.h"

/* The slot of the second mark is closed by then. */
#define STEPS_SLOT_US (3 * UINT64_C(1000000))

/* A clock that was stopped earlier than this told nothing. */
#define STEPS_SAID_US UINT64_C(1000000)

static void steps_take_words(struct model_step *x, const struct study *s)
{
    const struct plateau *p = &x->p;
    const struct rules *rules = study_rules(s);

    x->broken[0] = x->over[0] = x->after[0] = x->more[0] = '\0';
    x->p95_over = x->failed_over = false;
    if (p->broken >= 0) {
        const struct rule *r = &rules->list[p->broken];

        study_tell_broken(s, (size_t)p->broken, p->value, false, x->broken,
                          sizeof x->broken);
        rule_words_over(&rules->words[p->broken], r->limit, x->over,
                        sizeof x->over);
        x->p95_over = r->part == 0 && fabs(r->percentile - 95) < 1e-9;
        x->failed_over = r->part == 0 && r->percentile < 0;
    }
    if (p->after > 0) {
        study_tell_load(s, p->after, x->after, sizeof x->after);
    }
    if (p->flat) {
        study_tell_load(s, p->flat_from, x->more, sizeof x->more);
    }
}

static void steps_take_list(struct model_steps *m, const struct study *s)
{
    const struct plateaus *p = study_plateaus(s);
    struct bracket b = plateaus_bracket(p);
    size_t n = plateaus_count(p), i, from;

    from = n > MODEL_STEPS_MAX ? n - MODEL_STEPS_MAX : 0;
    m->n_all = n + plateaus_dropped(p);
    m->n = n - from;
    for (i = from; i < n; i++) {
        struct model_step *x = &m->list[i - from];

        x->p = *plateaus_at(p, i);
        x->best = (int)i == b.best;
        x->first_bad = (int)i == b.first_bad;
        x->good = (int)i == b.good && (b.bad >= 0 || b.fell >= 0);
        x->open = i + 1 == n && plateaus_open(p);
        steps_take_words(x, s);
    }
    m->still = plateaus_now(p, &m->since_us, &m->settled_us);
    study_tell_steps(s, m->line, sizeof m->line);
    study_tell_answer(s, m->answer, sizeof m->answer);
    m->broke = study_broke(s);
    study_tell_break(s, m->breaks, sizeof m->breaks);
    study_tell_scaling(s, m->scaling, sizeof m->scaling);
    study_tell_suspect(s, m->suspect, sizeof m->suspect);
}

/* A hunt says where it breaks, as far as it knows. */
static void steps_take_hunt(struct model_steps *m, const struct study *s)
{
    const struct tick_hunt *h = hunt_log_now(study_hunt(s));

    m->hunts = h != NULL && h->phase != HUNT_OVER;
    if (h == NULL) {
        return;
    }
    hunt_tell_answer(h, m->unit, m->breaks, sizeof m->breaks);
    m->broke = !m->hunts && h->answer.outcome == SEARCH_FOUND;
    m->answer[0] = '\0';
    text_add(m->answer, sizeof m->answer, "%s%s", m->hunts ? "hunt: " : "",
             m->breaks);
}

/* Is it worth showing beside the figures? Where nothing went wrong there is
 * nothing to say, unless a mark asked. */
static bool steps_tells(const struct recovery_episode *e, bool over)
{
    switch (e->state) {
    case RECOVERY_WATCHING:
        return e->cause == RECOVERY_MARK && !over;
    case RECOVERY_UNDISTURBED:
        return false;
    case RECOVERY_NOT: /* another change came before there was anything to say
                        */
        return e->elapsed_us >= STEPS_SAID_US && (over || !e->past);
    case RECOVERY_UNMEASURED:
        return over;
    case RECOVERY_RECOVERING:
    case RECOVERY_CANDIDATE:
    case RECOVERY_RECOVERED:
    case RECOVERY_HELD:
        break;
    }
    return over || !e->past;
}

/* What is told live: a mark that nothing has gone wrong since does not take the
 * place of a recovery at the same load. */
static const struct recovery_episode *steps_now(const struct recovery *r)
{
    const struct recovery_episode *e = recovery_now(r);
    size_t i = recovery_count(r);

    while (e->cause == RECOVERY_MARK && e->state == RECOVERY_WATCHING &&
           i > 0) {
        const struct recovery_episode *x = recovery_at(r, --i);

        if (x < e && !x->within) {
            return x->state == RECOVERY_RECOVERED && !x->past ? x : e;
        }
    }
    return e;
}

/* The last one, as long as the load does not rise again; at the end of the run
 * the last one that says something. */
static void steps_take_recovery(struct model_steps *m, const struct study *s,
                                bool over)
{
    const struct tick_hunt *h = hunt_log_now(study_hunt(s));
    const struct recovery *r = study_recovery(s);
    const struct recovery_episode *e;
    size_t n = recovery_count(r);
    /* A hunt that is at the wheel has the one clock that counts. */
    bool other = h != NULL && h->phase < HUNT_YOURS;

    if (n == 0) {
        m->recovery = false;
        return;
    }
    e = steps_now(r);
    m->recovery = !other && steps_tells(e, over);
    while (over && !m->recovery && n > 0) {
        const struct recovery_episode *x = recovery_at(r, --n);

        if (!x->within && x < e) {
            m->recovery = steps_tells(x, over);
            e = x;
        }
    }
    m->episode = *e;
    study_tell_short(&m->episode, m->recovery_short, sizeof m->recovery_short);
    study_tell_brief(s, &m->episode, true, m->recovery_which,
                     sizeof m->recovery_which);
    study_tell_brief(s, &m->episode, false, m->recovery_brief,
                     sizeof m->recovery_brief);
    study_tell_state(&m->episode, m->recovery_state, sizeof m->recovery_state);
    study_tell_terms(s, &m->episode, m->recovery_terms,
                     sizeof m->recovery_terms);
}

static void steps_take_trends(struct model_steps *m, const struct study *s)
{
    size_t i;

    m->n_trends = study_trends_told(s) ? study_trends(s) : 0;
    if (m->n_trends > 0) {
        study_tell_soak(s, m->trends_of, sizeof m->trends_of);
    }
    for (i = 0; i < m->n_trends; i++) {
        m->trend_states[i] = study_trend(s, i).t->state;
        study_tell_trend(s, i, m->trends[i], sizeof m->trends[i]);
    }
}

static void steps_take_marks(struct model_steps *m, const struct story *st)
{
    const struct event *last = NULL, *before = NULL;
    uint64_t now = story_tick(st)->t_us;
    size_t i = story_event_count(st);

    while (i-- > 0 && before == NULL) {
        const struct event *e = story_event(st, i);

        if (strcmp(e->type, command_name(COMMAND_MARK)) != 0) {
            continue;
        }
        if (last == NULL) {
            last = e;
        } else {
            before = e;
        }
    }
    if (before == NULL) {
        m->marks = false;
        return;
    }
    if (m->marks && m->mark_from_us == before->t_us &&
        m->mark_to_us == last->t_us && now > last->t_us + STEPS_SLOT_US) {
        return; /* nothing of it changes any more */
    }
    m->marks = true;
    m->mark_from_us = before->t_us;
    m->mark_to_us = last->t_us;
    text_safe(m->mark_from, sizeof m->mark_from, before->value);
    text_safe(m->mark_to, sizeof m->mark_to, last->value);
    m->between_any = stretch_sum(ledger_series(story_ledger(st)), -1,
                                 before->t_us, last->t_us, &m->between);
}

void model_steps_take(struct model_steps *m, const struct story *st)
{
    const struct study *s = story_study(st);

    study_unit(story_info(st), m->unit);
    steps_take_list(m, s);
    steps_take_hunt(m, s);
    steps_take_recovery(m, s, story_tick(st)->state >= RUN_DRAINING);
    steps_take_trends(m, s);
    steps_take_marks(m, st);
}
