/* SPDX-License-Identifier: MIT
 *
 * report_marks - what the charts of a report have in common beside their time:
 * the stages, or what a hunt did, and the moments that are marked. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/json.h"
#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "record/report_chart.h"
#include "run/command.h"
#include "run/events.h"
#include "run/study_anomaly.h"

/* Of a run that is steered all the time the first; all are in the table. */
#define MARKS_MAX 400

static struct chart_stage *stages_add(struct chart_sheet *s, uint64_t start_us)
{
    struct chart_stage *x;

    if (s->n_stages > 0) {
        x = &s->stages[s->n_stages - 1];
        if (x->start_us == start_us) {
            return x; /* one that was jumped over */
        }
        x->end_us = start_us;
    }
    s->stages =
        xgrow(s->stages, s->n_stages, &s->cap_stages, sizeof *s->stages);
    x = &s->stages[s->n_stages++];
    *x = (struct chart_stage){.start_us = start_us, .end_us = s->axis.to_us};
    return x;
}

/* "62 ✓", "rest", "by hand". */
static void stages_of_hunt(struct chart_sheet *s)
{
    const struct hunt_log *l = study_hunt(s->page->study);
    char n[NUM_MAX];
    size_t i;

    for (i = 0; i < hunt_log_turns(l); i++) {
        const struct hunt_turn *t = hunt_log_turn(l, i);
        struct chart_stage *x = stages_add(s, t->from_us);

        x->end_us = t->to_us;
        if (t->doing == HUNT_TRIES) {
            snprintf(x->name, sizeof x->name, "%s%s", num_count(n, t->load),
                     !t->decided || t->verdict == SEARCH_INVALID ? ""
                     : t->verdict == SEARCH_HOLDS                ? " ✓"
                                                                 : " ✗");
        } else {
            snprintf(x->name, sizeof x->name, "%s",
                     t->doing == HUNT_RESTS ? "rest" : "by hand");
        }
    }
}

void chart_stages(struct chart_sheet *s, size_t scenario)
{
    const struct report_page *p = s->page;
    const struct curve *c = &p->info->curves[scenario];
    size_t i;

    s->n_stages = 0;
    if (p->hunt) {
        stages_of_hunt(s);
        return;
    }
    for (i = 0; i < story_event_count(p->story); i++) {
        const struct event *e = story_event(p->story, i);
        int stage = event_stage(e, scenario, c->n);

        if (stage >= 0) {
            curve_stage_label(c, (size_t)stage, false,
                              stages_add(s, e->t_us)->name,
                              sizeof s->stages->name);
        }
    }
    if (s->n_stages == 0) {
        curve_stage_label(c, p->tick->scenarios[scenario].stage, false,
                          stages_add(s, s->axis.from_us)->name,
                          sizeof s->stages->name);
    }
}

/* false: there are enough. */
static bool marks_add(struct chart_sheet *s, const char *look, uint64_t t_us,
                      const char *text)
{
    struct chart_mark *m;

    if (s->n_marks == MARKS_MAX) {
        return false;
    }
    s->marks = xgrow(s->marks, s->n_marks, &s->cap_marks, sizeof *s->marks);
    m = &s->marks[s->n_marks++];
    *m = (struct chart_mark){.t_us = t_us, .to_us = t_us, .look = look};
    snprintf(m->text, sizeof m->text, "%s", text);
    return true;
}

static bool marks_is(const struct event *e, enum command_kind kind)
{
    return !e->bad && strcmp(e->type, command_name(kind)) == 0;
}

/* How an event looks in the charts; NULL: it is none of theirs. */
static const char *marks_look(const struct event *e)
{
    bool plan = e->by[0] == '\0' || strcmp(e->by, "plan") == 0;

    if (marks_is(e, COMMAND_MARK)) {
        return "mark";
    }
    if (e->bad) {
        return "bad";
    }
    if (strcmp(e->type, "gap") == 0) {
        return "pause";
    }
    return e->load && !plan ? "hand" : NULL;
}

static void marks_of_events(struct chart_sheet *s)
{
    const struct story *story = s->page->story;
    size_t n = story_event_count(story), i, pause = 0;
    bool paused = false;

    for (i = 0; i < n; i++) {
        const struct event *e = story_event(story, i);
        const char *look = marks_look(e);

        if (marks_is(e, COMMAND_PAUSE)) {
            bool on = strcmp(e->value, "on") == 0;

            if (on && !paused) {
                pause = s->n_marks;
                paused = marks_add(s, "pause", e->t_us, e->text);
                if (paused) {
                    s->marks[pause].to_us = s->axis.to_us;
                }
            } else if (!on && paused) {
                s->marks[pause].to_us = e->t_us;
                paused = false;
            }
            continue;
        }
        /* Of a burst of keys the last says what came of it. */
        if (look != NULL &&
            !(i + 1 < n && event_follows(story_event(story, i + 1), e)) &&
            marks_add(s, look, e->t_us, e->text) && look[0] == 'm') {
            text_brief(s->marks[s->n_marks - 1].word, sizeof s->marks->word,
                       e->value);
        }
    }
}

static void marks_of_insights(struct chart_sheet *s)
{
    const struct study *study = s->page->study;
    const struct anomalies *a = study_anomalies(study);
    const struct recovery *r = study_recovery(study);
    char line[256], text[300];
    size_t i;

    for (i = 0; i < anomalies_count(a); i++) {
        const struct anomaly *x = anomalies_at(a, i);

        marks_add(s, "find", study_anomaly_us(study, x),
                  study_tell_anomaly(study, x, line, sizeof line));
    }
    for (i = 0; i < recovery_count(r) && !s->page->hunt; i++) {
        const struct recovery_episode *e = recovery_at(r, i);

        if (e->state != RECOVERY_RECOVERED || e->return_us == 0 || e->within) {
            continue;
        }
        snprintf(text, sizeof text, "the clock of a recovery starts: %s",
                 study_tell_cause(study, e, line, sizeof line));
        marks_add(s, "back", e->t0_us, text);
        marks_add(s, "back", e->t0_us + e->return_us,
                  study_tell_state(e, line, sizeof line));
    }
}

void chart_marks(struct chart_sheet *s)
{
    marks_of_events(s);
    marks_of_insights(s);
}

void chart_marks_legend(const struct chart_sheet *s)
{
    static const struct {
        const char *look, *name;
    } looks[] = {
        {"mark", "marks"},     {"hand", "load changed by hand"},
        {"pause", "pauses"},   {"bad", "went wrong"},
        {"find", "anomalies"}, {"back", "recovery: from when, and back"},
    };
    struct buf *out = s->page->out;
    bool any = false;
    size_t i, k;

    for (i = 0; i < sizeof looks / sizeof looks[0]; i++) {
        for (k = 0;
             k < s->n_marks && strcmp(s->marks[k].look, looks[i].look) != 0;
             k++) {
        }
        if (k < s->n_marks) {
            buf_addf(out, "%s<li><i class=\"v-%s\"></i>%s</li>",
                     any ? "" : "<ul class=\"legend\">", looks[i].look,
                     looks[i].name);
            any = true;
        }
    }
    buf_adds(out, any ? "</ul>\n" : "");
}

/* A word in the room from x on; what is cut ends with an ellipsis. */
static void words_put(struct chart_sheet *s, const char *class,
                      const char *word, uint64_t from_us, uint64_t to_us, int y)
{
    double from = chart_x(s, from_us), room = chart_x(s, to_us) - from - 4;
    int cols = (int)(room / CHART_LETTER);
    struct buf *out = s->page->out;
    char cut[128];

    snprintf(cut, sizeof cut, "%s", word);
    if (text_width(word) > cols) {
        snprintf(cut, sizeof cut, "%.*s…",
                 (int)text_fit(word, cols > 0 ? cols - 1 : 0), word);
    }
    buf_addf(out,
             "<text class=\"%s\" x=\"%.1f\" y=\"%d\" data-from=\"%.3f\" "
             "data-to=\"%.3f\" data-word=\"",
             class, PLOT_X + from + 3, y, (double)from_us / 1e6,
             (double)to_us / 1e6);
    html_text(out, word);
    buf_adds(out, "\">");
    html_text(out, cols > 2 ? cut : "");
    buf_adds(out, "</text>\n");
}

void chart_words(struct chart_sheet *s)
{
    uint64_t room = (s->axis.to_us - s->axis.from_us) / 8;
    size_t i;

    for (i = 0; i < s->n_stages; i++) {
        words_put(s, "name", s->stages[i].name, s->stages[i].start_us,
                  s->stages[i].end_us, PLOT_Y + 11);
    }
    for (i = 0; i < s->n_marks; i++) {
        const struct chart_mark *m = &s->marks[i];

        if (m->word[0] != '\0') {
            words_put(s, "word", m->word, m->t_us,
                      m->t_us + room < s->axis.to_us ? m->t_us + room
                                                     : s->axis.to_us,
                      PLOT_Y + 23);
        }
    }
}

/* A string of JSON, in which nothing may end the element that it stands in. */
static void marks_string(struct buf *out, const char *text)
{
    cJSON *o = cJSON_CreateString(text);
    char *json = json_print(o, false);
    const char *c;

    for (c = json; *c != '\0'; c++) {
        if (*c == '<' || *c == '>' || *c == '&') {
            buf_addf(out, "\\u%04x", (unsigned char)*c);
        } else {
            buf_addc(out, *c);
        }
    }
    free(json);
    cJSON_Delete(o);
}

void chart_marks_data(const struct chart_sheet *s, struct buf *out)
{
    size_t i;

    buf_adds(out, "\"marks\":[");
    for (i = 0; i < s->n_marks; i++) {
        const struct chart_mark *m = &s->marks[i];

        buf_addf(out, "%s[%.3f,%.3f,", i > 0 ? ",\n" : "",
                 (double)m->t_us / 1e6, (double)m->to_us / 1e6);
        marks_string(out, m->text);
        buf_addc(out, ']');
    }
    buf_addc(out, ']');
}
