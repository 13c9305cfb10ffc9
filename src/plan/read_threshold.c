/* SPDX-License-Identifier: MIT
 *
 * read_threshold - the limits that decide the verdict. */
#include "config.h"

#include "plan/read.h"

#include <string.h>

#include "base/xalloc.h"

#define THRESHOLD_LIMITS_MAX    1000
#define THRESHOLD_WINDOW_MIN_US UINT64_C(1000000)
#define THRESHOLD_WINDOW_MAX_US (UINT64_C(600) * 1000000)
/* ms: no return is told more finely. */
#define THRESHOLD_RETURN_MIN 1000

/* The same for each limit on one metric. */
struct threshold_subject {
    const char *text; /* "metric{tag:value}", borrowed */
    struct selector selector;
    struct metric_info info;
};

static void threshold_copy_selector(struct selector *to,
                                    const struct selector *from)
{
    to->metric = from->metric;
    to->n_tags = from->n_tags;
    to->tags = NULL;
    if (from->n_tags > 0) {
        to->tags = xcalloc(from->n_tags, sizeof *to->tags);
    }
    for (size_t i = 0; i < from->n_tags; i++) {
        to->tags[i].tag = from->tags[i].tag;
        to->tags[i].value = xstrdup(from->tags[i].value);
        to->tags[i].name =
            from->tags[i].name == NULL ? NULL : xstrdup(from->tags[i].name);
    }
}

/* Of returns it is the longest that counts, and that it is short. */
static bool threshold_return_form(struct reader *r, const char *expression)
{
    const char *word = expression + strspn(expression, " \t");
    size_t n = strcspn(word, "<>=!");

    if (word[n] == '<' && strncmp(word, "max", 3) == 0 &&
        strspn(word + 3, " \t") + 3 == n) {
        return true;
    }
    reader_fail(r,
                "'%.60s': of recovery_time the longest has an upper limit: "
                "expected one such as \"max<30s\"",
                expression);
    return false;
}

static bool threshold_return_fits(struct reader *r, const char *expression,
                                  const struct threshold *t)
{
    if (t->limit < THRESHOLD_RETURN_MIN) {
        reader_fail(r,
                    "'%.60s' is a limit of %.6g ms, and a return is told to "
                    "the second: with its unit, \"max<30s\"",
                    expression, t->limit);
        return false;
    }
    return true;
}

static void threshold_add(struct reader *r, const char *expression,
                          const struct threshold_subject *s,
                          struct threshold *t)
{
    struct plan *p = r->plan;
    struct err e = ERR_INIT;
    bool of_return = s->selector.metric == METRIC_RECOVERY_TIME;

    if (of_return && !threshold_return_form(r, expression)) {
        return;
    }
    if (!threshold_parse_expression(expression, s->info.type, s->info.contains,
                                    t, &e)) {
        reader_fail(r, "%s", e.text);
        return;
    }
    if (of_return && !threshold_return_fits(r, expression, t)) {
        return;
    }
    t->metric_text = xstrdup(s->text);
    t->expression = xstrdup(expression);
    threshold_copy_selector(&t->selector, &s->selector);
    p->thresholds = xgrow(p->thresholds, p->n_thresholds, &r->thresholds_cap,
                          sizeof *p->thresholds);
    p->thresholds[p->n_thresholds++] = *t;
}

static void threshold_limit_object(struct reader *r, const cJSON *v,
                                   const struct threshold_subject *s)
{
    struct threshold t = {.abort_on_fail = false};
    const char *expression = NULL;

    (void)reader_object(r, v, KEY_LIMIT);
    if (reader_get(v, "threshold") == NULL) {
        reader_fail(r, "'threshold' is missing: the limit");
    }
    (void)reader_m_bool(r, v, "abortOnFail", &t.abort_on_fail);
    (void)reader_m_duration(r, v, "delayAbortEval", 0, PLAN_DUR_MAX_US,
                            &t.delay_abort_us);
    (void)reader_m_duration(r, v, "window", THRESHOLD_WINDOW_MIN_US,
                            THRESHOLD_WINDOW_MAX_US, &t.window_us);
    if (t.window_us != 0 && s->selector.metric == METRIC_RECOVERY_TIME) {
        size_t mark = reader_enter(r, "window");

        reader_fail(r, "recovery_time is judged over the whole run: leave this "
                       "out");
        reader_leave(r, mark);
    }
    if (reader_m_string(r, v, "threshold", &expression)) {
        size_t mark = reader_enter(r, "threshold");

        threshold_add(r, expression, s, &t);
        reader_leave(r, mark);
    }
}

static void threshold_one(struct reader *r, const cJSON *v,
                          const struct threshold_subject *s)
{
    struct threshold t = {.abort_on_fail = false};

    if (cJSON_IsString(v)) {
        threshold_add(r, v->valuestring, s, &t);
    } else if (cJSON_IsObject(v)) {
        threshold_limit_object(r, v, s);
    } else {
        reader_fail(r,
                    "expected a limit such as \"p(95)<3000\" or an object "
                    "with threshold, not %s",
                    reader_kind(v));
    }
}

static void threshold_list(struct reader *r, const cJSON *v)
{
    struct threshold_subject s = {.text = v->string};
    struct threshold holder;
    const cJSON *m;
    size_t i = 0;

    if (!read_selector(r, v->string, &s.selector)) {
        return;
    }
    s.info = plan_metric_info(r->plan, s.selector.metric);
    if (!cJSON_IsArray(v)) {
        threshold_one(r, v, &s);
    } else if (reader_array(r, v, "limits", THRESHOLD_LIMITS_MAX)) {
        cJSON_ArrayForEach(m, v)
        {
            size_t mark = reader_enter_index(r, i++);

            threshold_one(r, m, &s);
            reader_leave(r, mark);
        }
    }
    memset(&holder, 0, sizeof holder);
    holder.selector = s.selector;
    threshold_clear(&holder);
}

void read_thresholds(struct reader *r, const cJSON *v)
{
    const cJSON *m;

    if (!reader_names(r, v, "thresholds", THRESHOLD_LIMITS_MAX)) {
        return;
    }
    cJSON_ArrayForEach(m, v)
    {
        size_t mark = reader_enter(r, m->string);

        threshold_list(r, m);
        reader_leave(r, mark);
    }
}
