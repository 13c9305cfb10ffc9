/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/fail_on.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"

#define FAIL_LIMIT_MAX 1e15

/* A rule being read. */
struct fail_text {
    const char *text, *at;
    struct err *err;
};

/* What is read off a table, or out of JSON, is understood as well. */
static const struct {
    const char *name;
    enum compare_figure figure;
} fail_figures[] = {
    {"p50", COMPARE_P50},       {"p95", COMPARE_P95},
    {"p99", COMPARE_P99},       {"rate", COMPARE_RPS},
    {"req/s", COMPARE_RPS},     {"rps", COMPARE_RPS},
    {"errors", COMPARE_ERRORS}, {"error_rate", COMPARE_ERRORS},
};
enum { FAIL_FIGURES = sizeof fail_figures / sizeof fail_figures[0] };

static bool fail_wrong(struct fail_text *t, const char *fmt, ...)
    ATTR_PRINTF(2, 3);
static bool fail_wrong(struct fail_text *t, const char *fmt, ...)
{
    char text[300], safe[FAIL_ON_TEXT_MAX];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    err_set_at(t->err, ERR_SYNTAX, "--fail-on", 0, 0,
               "'%.120s', character %d: %s",
               text_safe(safe, sizeof safe, t->text),
               (int)(t->at - t->text) + 1, text);
    return false;
}

static void fail_blanks(struct fail_text *t)
{
    t->at += strspn(t->at, " \t");
}

/* What is found there, for a message. */
static const char *fail_found(const struct fail_text *t, char *buf, size_t size)
{
    char word[64], safe[200];

    if (*t->at == '\0') {
        snprintf(buf, size, "the end");
    } else {
        snprintf(word, sizeof word, "%.*s", (int)text_fit(t->at, 20), t->at);
        snprintf(buf, size, "'%s'", text_safe(safe, sizeof safe, word));
    }
    return buf;
}

static bool fail_figure(struct fail_text *t, struct fail_rule *r)
{
    size_t n = strcspn(t->at, " \t{<>"), i;
    const char *words[FAIL_FIGURES], *near;
    char word[64], found[128];

    for (i = 0; i < FAIL_FIGURES; i++) {
        words[i] = fail_figures[i].name;
        if (strlen(words[i]) == n && strncmp(t->at, words[i], n) == 0) {
            r->figure = fail_figures[i].figure;
            t->at += n;
            return true;
        }
    }
    snprintf(word, sizeof word, "%.*s", (int)(n < 60 ? n : 60), t->at);
    near = text_nearest(word, words, FAIL_FIGURES);
    return fail_wrong(t,
                      "expected p50, p95, p99, rate (or req/s) or errors, "
                      "found %s%s%s%s",
                      fail_found(t, found, sizeof found),
                      near != NULL ? " (did you mean " : "",
                      near != NULL ? near : "", near != NULL ? "?)" : "");
}

/* A value up to a comma or brace, or in quotes. */
static bool fail_value(struct fail_text *t, char out[FAIL_ON_TEXT_MAX])
{
    const char *from = t->at, *to;
    char quote = *from;

    if (quote == '"' || quote == '\'') {
        from++;
        to = strchr(from, quote);
        if (to == NULL) {
            return fail_wrong(t, "a quote that is never closed");
        }
        t->at = to + 1;
    } else {
        to = from + strcspn(from, ",}");
        t->at = to;
        while (to > from && (to[-1] == ' ' || to[-1] == '\t')) {
            to--;
        }
    }
    if (to == from) {
        t->at = from;
        return fail_wrong(t, "expected a value, or * for each");
    }
    snprintf(out, FAIL_ON_TEXT_MAX, "%.*s", (int)(to - from), from);
    fail_blanks(t);
    return true;
}

static bool fail_tag(struct fail_text *t, struct fail_rule *r)
{
    size_t n = strcspn(t->at, " \t:,}");
    bool name = n == 4 && strncmp(t->at, "name", n) == 0;
    bool stage = n == 5 && strncmp(t->at, "stage", n) == 0;
    bool scenario = n == 8 && strncmp(t->at, "scenario", n) == 0;
    char found[128];

    if (!name && !stage && !scenario) {
        return fail_wrong(t, "expected name, stage or scenario, found %s",
                          fail_found(t, found, sizeof found));
    }
    if ((scenario ? r->scenario : r->name)[0] != '\0') {
        return fail_wrong(t, "expected one name or one stage");
    }
    t->at += n;
    fail_blanks(t);
    if (*t->at != ':') {
        return fail_wrong(t, "expected ':', found %s",
                          fail_found(t, found, sizeof found));
    }
    t->at++;
    fail_blanks(t);
    if (!scenario) {
        r->kind = name ? VERSUS_ENDPOINT : VERSUS_STAGE;
    }
    return fail_value(t, scenario ? r->scenario : r->name);
}

static bool fail_tags(struct fail_text *t, struct fail_rule *r)
{
    const char *open = t->at;
    char found[128];

    do {
        t->at++;
        fail_blanks(t);
        if (!fail_tag(t, r)) {
            return false;
        }
    } while (*t->at == ',');
    if (*t->at != '}') {
        return fail_wrong(t, "expected ',' or '}', found %s",
                          fail_found(t, found, sizeof found));
    }
    t->at++;
    if (r->scenario[0] != '\0' && r->kind != VERSUS_STAGE) {
        t->at = open;
        return fail_wrong(t, "scenario: expected a stage beside it");
    }
    return true;
}

static const char *fail_units(enum compare_figure f)
{
    return f == COMPARE_ERRORS ? "% or pt, both points"
           : f == COMPARE_RPS  ? "% or /s"
                               : "%, ms or s";
}

static bool fail_unit(struct fail_text *t, struct fail_rule *r)
{
    static const struct {
        const char *word;
        double scale;
        enum fail_unit unit;
        char of; /* e: errors, r: rate, p: percentiles */
    } units[] = {
        {"%", 0.01, FAIL_SHARE, 0},    {"pt", 0.01, FAIL_SHARE, 'e'},
        {"/s", 1, FAIL_A_SECOND, 'r'}, {"us", 1, FAIL_US, 'p'},
        {"µs", 1, FAIL_US, 'p'},       {"ms", 1e3, FAIL_US, 'p'},
        {"s", 1e6, FAIL_US, 'p'},
    };
    char of = r->figure == COMPARE_ERRORS ? 'e'
              : r->figure == COMPARE_RPS  ? 'r'
                                          : 'p';
    char found[128];
    size_t i;

    for (i = 0; i < sizeof units / sizeof units[0]; i++) {
        size_t n = strlen(units[i].word);

        if (strncmp(t->at, units[i].word, n) == 0 &&
            (units[i].of == 0 || units[i].of == of)) {
            r->limit *= units[i].scale;
            r->unit = units[i].unit;
            t->at += n;
            return true;
        }
    }
    return fail_wrong(t, "expected a unit (%s), found %s",
                      fail_units(r->figure),
                      fail_found(t, found, sizeof found));
}

static bool fail_limit(struct fail_text *t, struct fail_rule *r)
{
    const char *end;
    char found[128];

    if (*t->at != '+' && *t->at != '-') {
        return fail_wrong(t,
                          "expected a change with its sign, such as +10%% or "
                          "-5%%, found %s (a limit on the value itself is a "
                          "threshold of the plan)",
                          fail_found(t, found, sizeof found));
    }
    if (t->at[1] == '+' || t->at[1] == '-' ||
        !num_double_prefix(t->at + 1, &r->limit, &end) ||
        !(fabs(r->limit) <= FAIL_LIMIT_MAX)) {
        t->at++;
        return fail_wrong(t, "expected a number, found %s",
                          fail_found(t, found, sizeof found));
    }
    r->limit = *t->at == '-' ? -r->limit : r->limit;
    t->at = end;
    fail_blanks(t);
    return fail_unit(t, r);
}

bool fail_rule_parse(const char *text, struct fail_rule *out, struct err *e)
{
    struct fail_text t = {.text = text, .at = text, .err = e};
    struct fail_rule r = {.kind = VERSUS_RUN};
    char found[128];

    if (strlen(text) >= sizeof r.text) {
        return fail_wrong(&t, "expected at most %d bytes, found %zu",
                          FAIL_ON_TEXT_MAX - 1, strlen(text));
    }
    snprintf(r.text, sizeof r.text, "%s", text);
    fail_blanks(&t);
    if (!fail_figure(&t, &r)) {
        return false;
    }
    fail_blanks(&t);
    if (*t.at == '{' && !fail_tags(&t, &r)) {
        return false;
    }
    fail_blanks(&t);
    if (*t.at != '<' && *t.at != '>') {
        return fail_wrong(&t, "expected < or >, found %s",
                          fail_found(&t, found, sizeof found));
    }
    r.above = *t.at++ == '>';
    fail_blanks(&t);
    if (!fail_limit(&t, &r)) {
        return false;
    }
    fail_blanks(&t);
    if (*t.at != '\0') {
        return fail_wrong(&t, "expected nothing more, found %s",
                          fail_found(&t, found, sizeof found));
    }
    *out = r;
    return true;
}

/* "spike 220" is meant by that, by "spike", and by its number, from 1. */
static bool fail_stage_is(const struct fail_rule *r,
                          const struct versus_row *row)
{
    const char *last = strrchr(row->name, ' ');
    size_t n = last != NULL ? (size_t)(last - row->name) : 0;
    uint64_t number;

    if (r->scenario[0] != '\0' && strcmp(r->scenario, "*") != 0 &&
        strcmp(r->scenario, row->scenario) != 0) {
        return false;
    }
    return strcmp(r->name, "*") == 0 || strcmp(r->name, row->name) == 0 ||
           (n > 0 && strlen(r->name) == n &&
            strncmp(r->name, row->name, n) == 0) ||
           (num_u64(r->name, 1, UINT32_MAX, &number) &&
            number == row->stage + 1);
}

bool fail_rule_is_of(const struct fail_rule *rule, const struct versus_row *row)
{
    if (rule->kind != row->kind) {
        return false;
    }
    switch (row->kind) {
    case VERSUS_RUN:
        return true;
    case VERSUS_ENDPOINT:
        break;
    case VERSUS_STAGE:
        return fail_stage_is(rule, row);
    }
    return strcmp(rule->name, "*") == 0 || strcmp(rule->name, row->name) == 0;
}

bool fail_rule_check(const struct fail_rule *rule, const struct versus *v,
                     struct err *e)
{
    const char *what = rule->kind == VERSUS_ENDPOINT ? "request" : "stage";
    char text[300] = "", safe[200], rule_safe[200];
    size_t i, n = 0;

    for (i = 0; i < v->n; i++) {
        if (fail_rule_is_of(rule, &v->rows[i])) {
            return true;
        }
        if (v->rows[i].kind == rule->kind && n++ < 8) {
            text_add(text, sizeof text, "%s'%.60s'", n > 1 ? ", " : "",
                     text_safe(safe, sizeof safe, v->rows[i].name));
        }
    }
    err_set_at(e, ERR_RANGE, "--fail-on", 0, 0,
               "'%.120s': neither run has such a %s; %s%s%s",
               text_safe(rule_safe, sizeof rule_safe, rule->text), what,
               n == 0 ? "they have none" : "there is ", text,
               n > 8 ? " and more" : "");
    return false;
}

/* The limit as a change of the figure. */
static double fail_share(const struct fail_rule *r,
                         const struct versus_figure *f)
{
    return r->unit == FAIL_SHARE ? r->limit : r->limit / f->a;
}

enum fail_state fail_rule_judge(const struct fail_rule *rule,
                                const struct versus_row *row, bool strict)
{
    const struct versus_figure *f = &row->of[rule->figure];
    double sign = rule->above ? 1 : -1, limit, low;

    if (!row->in_b) {
        return FAIL_GONE; /* of a stage there are no figures of before */
    }
    if (!row->in_a) {
        return FAIL_NEW;
    }
    if (!isfinite(f->change)) {
        return isfinite(f->a) && !isfinite(f->b) ? FAIL_GONE : FAIL_NEW;
    }
    limit = sign * fail_share(rule, f);
    if (!(sign * f->change > limit)) {
        return FAIL_HOLDS;
    }
    if (strict) {
        return FAIL_FAILS;
    }
    if (!f->moments.any) {
        return FAIL_SHORT;
    }
    low = rule->above ? f->moments.low : -f->moments.high;
    return low > fmin(limit, 0) ? FAIL_FAILS : FAIL_CHANCE;
}

bool fail_state_fails(enum fail_state s)
{
    return s == FAIL_FAILS || s == FAIL_GONE;
}

static const struct {
    const char *name, *text;
} fail_states[] = {
    [FAIL_HOLDS] = {"holds", "holds"},
    [FAIL_CHANCE] = {"may_be_chance", "beyond it, but that may be chance"},
    [FAIL_SHORT] = {"too_short", "beyond it, but there is too little to tell"},
    [FAIL_NEW] = {"nothing_before", "there was nothing to hold it against"},
    [FAIL_GONE] = {"nothing_now", "fails: there is nothing any more"},
    [FAIL_FAILS] = {"fails", "fails"},
};

const char *fail_state_name(enum fail_state s)
{
    return fail_states[s].name;
}

const char *fail_state_text(enum fail_state s)
{
    return fail_states[s].text;
}
