/* SPDX-License-Identifier: MIT
 *
 * selector - "metric{tag:value,…}" held against the plan: what the plan cannot
 * feed is a mistake, for such a threshold would pass or fail for nothing. */
#include "config.h"

#include "plan/read.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"

#define SELECTOR_TAGS_MAX  16
#define SELECTOR_WORDS_MAX 500

/* Words to choose from. */
struct selector_words {
    const char **list; /* owned; the words are borrowed */
    size_t n, cap;
};

static void selector_word(struct selector_words *w, const char *word)
{
    w->list = xgrow(w->list, w->n, &w->cap, sizeof *w->list);
    w->list[w->n++] = word;
}

static bool selector_has(const struct selector_words *w, const char *word)
{
    for (size_t i = 0; i < w->n; i++) {
        if (strcmp(w->list[i], word) == 0) {
            return true;
        }
    }
    return false;
}

/* The first few of them, each once: for people. */
static void selector_unique(struct selector_words *w)
{
    size_t n = w->n;

    w->n = 0;
    for (size_t i = 0; i < n && w->n < SELECTOR_WORDS_MAX; i++) {
        if (!selector_has(w, w->list[i])) {
            w->list[w->n++] = w->list[i];
        }
    }
}

/* Values of a tag that this plan can make; none = any may come. */
static void selector_values(const struct plan *p, enum tag_id tag,
                            struct selector_words *w)
{
    switch (tag) {
    case TAG_NAME:
        for (size_t i = 0; i < p->n_names; i++) {
            selector_word(w, p->names[i]);
        }
        break;
    case TAG_METHOD:
        for (size_t i = 0; i < p->n_requests; i++) {
            selector_word(w, p->requests[i]->method);
        }
        break;
    case TAG_GROUP:
        for (size_t i = 0; i < p->n_requests; i++) {
            selector_word(w, p->requests[i]->group);
        }
        break;
    case TAG_SCENARIO:
        for (size_t i = 0; i < p->n_lineups; i++) {
            for (size_t k = 0; k < p->lineups[i].n; k++) {
                selector_word(w, p->lineups[i].list[k].name);
            }
        }
        break;
    case TAG_CHECK:
        for (size_t i = 0; i < p->n_checks; i++) {
            selector_word(w, p->checks[i]->name);
        }
        break;
    case TAG_EXPECTED_RESPONSE:
        selector_word(w, "true");
        selector_word(w, "false");
        break;
    case TAG_STATUS:
    case TAG_ERROR:
    case TAG_OWN:
    case TAG_COUNT:
        break;
    }
}

/* What is counted by scenario, not by request. */
static bool selector_of_run(unsigned metric)
{
    return metric == METRIC_VUS || metric == METRIC_VUS_MAX ||
           metric == METRIC_ITERATIONS || metric == METRIC_ITERATION_DURATION ||
           metric == METRIC_DROPPED_ITERATIONS;
}

/* Values of the plan's own tag of that name on samples of the metric. */
static void selector_own_values(const struct plan *p, unsigned metric,
                                const char *name, struct selector_words *w)
{
    const char *value;

    for (size_t i = 0; i < p->n_requests && !selector_of_run(metric); i++) {
        value = tags_value(p->requests[i]->tags, p->requests[i]->n_tags, name);
        if (value != NULL) {
            selector_word(w, value);
        }
    }
    for (size_t i = 0; i < p->n_lineups && selector_of_run(metric); i++) {
        for (size_t k = 0; k < p->lineups[i].n; k++) {
            const struct scenario *s = &p->lineups[i].list[k];

            value = tags_value(s->tags, s->n_tags, name);
            if (value == NULL) {
                value = tags_value(p->tags, p->n_tags, name);
            }
            if (value != NULL) {
                selector_word(w, value);
            }
        }
    }
}

static bool selector_own_value(struct reader *r, unsigned metric,
                               const char *name, const char *value)
{
    struct selector_words w = {.n = 0};
    char hint[512];
    bool ok;

    selector_own_values(r->plan, metric, name, &w);
    ok = selector_has(&w, value);
    if (!ok) {
        selector_unique(&w);
        reader_fail(r, "nothing in this plan has the tag %.100s '%.120s'%s",
                    name, value,
                    reader_hint(hint, sizeof hint, value, w.list, w.n));
    }
    free(w.list);
    return ok;
}

static bool selector_value(struct reader *r, enum tag_id tag, const char *value)
{
    struct selector_words w = {.n = 0};
    const char *name = threshold_tag_name(tag);
    uint64_t status;
    char hint[512];
    bool ok = true;

    if (tag == TAG_STATUS && !num_u64(value, 100, 599, &status)) {
        reader_fail(r, "'%.120s' is no status (100 to 599)", value);
        return false;
    }
    if (tag == TAG_ERROR && *value == '\0') {
        reader_fail(r, "the tag error is empty");
        return false;
    }
    if (tag != TAG_STATUS && tag != TAG_ERROR) {
        selector_values(r->plan, tag, &w);
        ok = selector_has(&w, value);
    }
    if (!ok) {
        selector_unique(&w);
        reader_fail(r, "nothing in this plan has the %s '%.120s'%s", name,
                    value, reader_hint(hint, sizeof hint, value, w.list, w.n));
    }
    free(w.list);
    return ok;
}

#define SELECTOR_BIT(tag) (1u << (tag))
#define SELECTOR_OF_RUN   SELECTOR_BIT(TAG_SCENARIO)
#define SELECTOR_OF_REQUEST                                                    \
    (SELECTOR_OF_RUN | SELECTOR_BIT(TAG_NAME) | SELECTOR_BIT(TAG_METHOD) |     \
     SELECTOR_BIT(TAG_GROUP))
#define SELECTOR_OF_RESPONSE                                                   \
    (SELECTOR_OF_REQUEST | SELECTOR_BIT(TAG_STATUS) |                          \
     SELECTOR_BIT(TAG_EXPECTED_RESPONSE) | SELECTOR_BIT(TAG_ERROR))

/* Tags that samples of a metric carry, as bits. */
static unsigned selector_tags_of(unsigned metric)
{
    switch (metric) {
    case METRIC_HTTP_REQS:
    case METRIC_HTTP_REQ_DURATION:
    case METRIC_HTTP_REQ_INTENDED_DURATION:
    case METRIC_HTTP_REQ_BLOCKED:
    case METRIC_HTTP_REQ_CONNECTING:
    case METRIC_HTTP_REQ_TLS_HANDSHAKING:
    case METRIC_HTTP_REQ_SENDING:
    case METRIC_HTTP_REQ_WAITING:
    case METRIC_HTTP_REQ_RECEIVING:
    case METRIC_HTTP_REQ_FAILED:
    case METRIC_DATA_SENT:
    case METRIC_DATA_RECEIVED:
        return SELECTOR_OF_RESPONSE;
    case METRIC_CHECKS:
        return SELECTOR_OF_REQUEST | SELECTOR_BIT(TAG_CHECK);
    case METRIC_RECOVERY_TIME:
        return 0;
    case METRIC_VUS:
    case METRIC_VUS_MAX:
    case METRIC_ITERATIONS:
    case METRIC_ITERATION_DURATION:
    case METRIC_DROPPED_ITERATIONS:
        return SELECTOR_OF_RUN;
    default: /* the plan's own and streams: each by its request */
        return SELECTOR_OF_REQUEST;
    }
}

/* The tag of that name, if samples of the metric carry it; -1: a mistake,
 * reported. */
static int selector_tag(struct reader *r, unsigned metric, const char *name)
{
    static const char *const later[] = {"url",         "proto",   "error_code",
                                        "tls_version", "service", "subproto"};
    unsigned carried = selector_tags_of(metric);
    struct selector_words own = {.n = 0};
    const char *words[TAG_COUNT];
    char hint[256];
    size_t n = 0;

    if (carried == 0) {
        reader_fail(r, "%s is of the run as a whole, and has no tags",
                    plan_metric_info(r->plan, metric).name);
        return -1;
    }
    for (int i = 0; i < TAG_COUNT; i++) {
        const char *tag = threshold_tag_name((enum tag_id)i);

        if ((carried & SELECTOR_BIT(i)) == 0) {
            continue;
        }
        if (strcmp(tag, name) == 0) {
            return i;
        }
        words[n++] = tag;
    }
    selector_own_values(r->plan, metric, name, &own);
    free(own.list);
    if (own.n > 0) {
        return TAG_OWN;
    }
    for (size_t i = 0; i < sizeof later / sizeof later[0]; i++) {
        if (strcmp(later[i], name) == 0) {
            reader_fail(r, "the tag '%.120s' is not supported yet", name);
            return -1;
        }
    }
    reader_fail(r, "%s has no tag '%.120s'%s",
                plan_metric_info(r->plan, metric).name, name,
                reader_hint(hint, sizeof hint, name, words, n));
    return -1;
}

static const char *selector_blanks(const char *s)
{
    return s + strspn(s, " \t");
}

/* A value up to the comma, or in quotes, which may hold commas. Owned by the
 * caller; *end points behind it. */
static char *selector_take_value(const char *s, const char **end)
{
    const char *to;
    size_t n;

    if (*s == '"' || *s == '\'') {
        to = strchr(s + 1, *s);
        if (to != NULL) {
            *end = selector_blanks(to + 1);
            return xstrndup(s + 1, (size_t)(to - s) - 1);
        }
    }
    n = strcspn(s, ",");
    *end = s + n;
    while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t')) {
        n--;
    }
    return xstrndup(s, n);
}

/* One "tag:value" at the beginning of s; *end points behind it. */
static bool selector_pair(struct reader *r, const char *s, const char **end,
                          struct selector *sel)
{
    size_t n = strcspn(s, ":,");
    char *name, *value;
    bool ok = false;
    int tag;

    if (s[n] != ':') {
        reader_fail(r, "expected tag:value in the braces, not '%.120s'", s);
        return false;
    }
    name = xstrndup(s, n);
    value = selector_take_value(selector_blanks(s + n + 1), end);
    while (n > 0 && (name[n - 1] == ' ' || name[n - 1] == '\t')) {
        name[--n] = '\0';
    }
    tag = selector_tag(r, sel->metric, name);
    if (tag == TAG_OWN) {
        ok = selector_own_value(r, sel->metric, name, value);
    } else if (tag >= 0) {
        ok = selector_value(r, (enum tag_id)tag, value);
    }
    if (ok) {
        sel->tags[sel->n_tags++] =
            (struct selector_tag){(enum tag_id)tag, value, NULL};
        value = NULL;
    }
    if (ok && tag == TAG_OWN) {
        sel->tags[sel->n_tags - 1].name = name;
        name = NULL;
    }
    free(name);
    free(value);
    return ok;
}

/* The inside of the braces. */
static bool selector_pairs(struct reader *r, const char *s,
                           struct selector *sel)
{
    sel->tags = xcalloc(SELECTOR_TAGS_MAX, sizeof *sel->tags);
    for (;;) {
        s = selector_blanks(s);
        if (!selector_pair(r, s, &s, sel)) {
            return false;
        }
        if (*s == '\0') {
            return true;
        }
        if (*s != ',') {
            reader_fail(r, "expected a comma before '%.120s'", s);
            return false;
        }
        if (sel->n_tags == SELECTOR_TAGS_MAX) {
            reader_fail(r, "more than %d tags", SELECTOR_TAGS_MAX);
            return false;
        }
        s++;
    }
}

static int selector_metric(struct reader *r, const char *name)
{
    const struct plan *p = r->plan;
    struct selector_words w = {.n = 0};
    int id = plan_metric_id(p, name);
    char hint[256];

    if (id >= 0) {
        return id;
    }
    for (unsigned i = 0; i < METRIC_COUNT + p->n_metrics; i++) {
        selector_word(&w, plan_metric_info(p, i).name);
    }
    reader_fail(r, "no metric is named '%.120s'%s", name,
                reader_hint(hint, sizeof hint, name, w.list, w.n));
    free(w.list);
    return -1;
}

/* Requests are timed from when they were due in arrival rates alone. */
static bool selector_intended(struct reader *r, const struct selector *sel)
{
    const struct plan *p = r->plan;
    const char *name = NULL;

    for (size_t i = 0; i < sel->n_tags; i++) {
        if (sel->tags[i].tag == TAG_SCENARIO) {
            name = sel->tags[i].value;
        }
    }
    for (size_t i = 0; i < p->n_lineups; i++) {
        for (size_t k = 0; k < p->lineups[i].n; k++) {
            const struct scenario *s = &p->lineups[i].list[k];

            if (executor_is_arrival(s->executor) &&
                (name == NULL || strcmp(name, s->name) == 0)) {
                return true;
            }
        }
    }
    reader_fail(r,
                "http_req_intended_duration is measured in "
                "constant-arrival-rate and ramping-arrival-rate, and %s%.120s; "
                "http_req_duration is measured in all",
                name == NULL ? "no scenario is one" : "this is neither: ",
                name == NULL ? "" : name);
    return false;
}

bool read_selector(struct reader *r, const char *text, struct selector *sel)
{
    size_t n = strcspn(text, "{"), len = strlen(text);
    char *name = xstrndup(text, n), *inner;
    bool ok = false;
    int id = -1;

    memset(sel, 0, sizeof *sel);
    while (n > 0 && (name[n - 1] == ' ' || name[n - 1] == '\t')) {
        name[--n] = '\0';
    }
    id = selector_metric(r, name);
    n = strcspn(text, "{");
    if (id >= 0) {
        sel->metric = (unsigned)id;
        ok = text[n] == '\0';
    }
    if (id >= 0 && text[n] == '{') {
        if (text[len - 1] != '}') {
            reader_fail(r, "'{' without '}' at the end");
        } else {
            inner = xstrndup(text + n + 1, len - n - 2);
            ok = selector_pairs(r, inner, sel);
            free(inner);
        }
    }
    if (ok && sel->metric == METRIC_HTTP_REQ_INTENDED_DURATION) {
        ok = selector_intended(r, sel);
    }
    if (!ok) {
        for (size_t i = 0; i < sel->n_tags; i++) {
            free(sel->tags[i].value);
            free(sel->tags[i].name);
        }
        free(sel->tags);
        memset(sel, 0, sizeof *sel);
    }
    free(name);
    return ok;
}
