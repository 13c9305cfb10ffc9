/* SPDX-License-Identifier: MIT
 *
 * read_baseline - figures that were seen or promised, to compare a run with.
 * They decide nothing, so they are held lightly: what they say must be
 * readable, not fed. */
#include "config.h"

#include "plan/read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/xalloc.h"

#define BASELINE_MAX       100
#define BASELINE_ITEMS_MAX 200

/* s without an operator or "~" and blanks before it. */
static const char *baseline_plain(const char *s)
{
    return s + strspn(s, "<>=~ ");
}

/* "60/m", ">=10/s". */
static bool baseline_throughput(const char *s)
{
    const char *end = "";
    double v;

    return num_double_prefix(baseline_plain(s), &v, &end) && v >= 0 &&
           (strcmp(end, "/s") == 0 || strcmp(end, "/m") == 0 ||
            strcmp(end, "/h") == 0);
}

/* ">99.9%", ">=0.999". */
static bool baseline_availability(const char *s)
{
    const char *end = "";
    double v;

    return num_double_prefix(baseline_plain(s), &v, &end) && v >= 0 &&
           v <= 100 && (strcmp(end, "%") == 0 || *end == '\0');
}

/* "50-80", "50". */
static bool baseline_vus(const char *s)
{
    size_t n = strcspn(s, "-");
    uint64_t lo, hi;
    char from[16];

    if (n >= sizeof from) {
        return false;
    }
    (void)snprintf(from, sizeof from, "%.*s", (int)n, s);
    if (!num_u64(from, 1, PLAN_VUS_MAX, &lo)) {
        return false;
    }
    return s[n] == '\0' || num_u64(s + n + 1, lo, PLAN_VUS_MAX, &hi);
}

/* "<30s". */
static bool baseline_time(const char *s)
{
    uint64_t us;

    return dur_parse(baseline_plain(s), &us);
}

static const struct {
    const char *name, *example;
    bool (*ok)(const char *s);
} baseline_words[] = {
    {"throughput", "60/m", baseline_throughput},
    {"availability", ">99.9%", baseline_availability},
    {"breaking_point", "50-80", baseline_vus},
    {"recovery_time", "<30s", baseline_time},
};

static const size_t baseline_n_words =
    sizeof baseline_words / sizeof baseline_words[0];

static bool baseline_threshold(struct reader *r, const char *metric,
                               const char *expect)
{
    struct threshold t;
    struct selector s;
    struct metric_info info;
    struct err e = ERR_INIT;

    if (!read_selector(r, metric, &s)) {
        return false;
    }
    memset(&t, 0, sizeof t);
    t.selector = s;
    info = plan_metric_info(r->plan, s.metric);
    if (!threshold_parse_expression(expect, info.type, info.contains, &t, &e)) {
        reader_fail(r, "%s", e.text);
        threshold_clear(&t);
        return false;
    }
    threshold_clear(&t);
    return true;
}

static bool baseline_ok(struct reader *r, const char *metric,
                        const char *expect)
{
    for (size_t i = 0; i < baseline_n_words; i++) {
        if (strcmp(metric, baseline_words[i].name) == 0) {
            if (!baseline_words[i].ok(expect)) {
                reader_fail(r, "'%.120s': expected something like \"%s\"",
                            expect, baseline_words[i].example);
                return false;
            }
            return true;
        }
    }
    return baseline_threshold(r, metric, expect);
}

static void baseline_item(struct reader *r, const cJSON *v, const char *metric,
                          struct baseline_set *set, size_t *cap)
{
    const char *expect = NULL;

    if (reader_name(r, v, &expect) && baseline_ok(r, metric, expect)) {
        set->items = xgrow(set->items, set->n, cap, sizeof *set->items);
        set->items[set->n++] =
            (struct baseline_item){xstrdup(metric), xstrdup(expect)};
    }
}

/* {metric: limit or [limits]} */
static void baseline_set(struct reader *r, const cJSON *v,
                         struct baseline_set *set)
{
    const cJSON *m, *x;
    size_t cap = 0;

    if (!reader_names(r, v, "figures", BASELINE_ITEMS_MAX)) {
        return;
    }
    cJSON_ArrayForEach(m, v)
    {
        size_t mark = reader_enter(r, m->string);
        size_t i = 0;

        if (!cJSON_IsArray(m)) {
            baseline_item(r, m, m->string, set, &cap);
        } else if (reader_array(r, m, "limits", BASELINE_ITEMS_MAX)) {
            cJSON_ArrayForEach(x, m)
            {
                size_t inner = reader_enter_index(r, i++);

                baseline_item(r, x, m->string, set, &cap);
                reader_leave(r, inner);
            }
        }
        reader_leave(r, mark);
    }
}

static void baseline_scenario(struct reader *r, const char *name)
{
    const struct plan *p = r->plan;
    const char **words = xcalloc(p->n_lineups + 1, sizeof *words);
    char hint[256];

    for (size_t i = 0; i < p->n_lineups; i++) {
        words[i] = p->lineups[i].name;
    }
    if (strcmp(name, "*") != 0 && plan_lineup(p, name) == NULL) {
        reader_fail_key(
            r, name, "no scenario has this name (* is all)%s",
            reader_hint(hint, sizeof hint, name, words, p->n_lineups));
    }
    free(words);
}

static void baseline_read(struct reader *r, const cJSON *v, struct baseline *b)
{
    const cJSON *m;

    if (!reader_names(r, v, "scenarios", BASELINE_MAX)) {
        return;
    }
    b->sets = xcalloc((size_t)cJSON_GetArraySize(v) + 1, sizeof *b->sets);
    cJSON_ArrayForEach(m, v)
    {
        struct baseline_set *set = &b->sets[b->n++];
        size_t mark;

        baseline_scenario(r, m->string);
        mark = reader_enter(r, m->string);
        set->scenario = xstrdup(m->string);
        baseline_set(r, m, set);
        reader_leave(r, mark);
    }
}

void read_baselines(struct reader *r, const cJSON *v)
{
    struct plan *p = r->plan;
    const cJSON *m;

    if (!reader_names(r, v, "baselines", BASELINE_MAX)) {
        return;
    }
    p->baselines =
        xcalloc((size_t)cJSON_GetArraySize(v) + 1, sizeof *p->baselines);
    cJSON_ArrayForEach(m, v)
    {
        struct baseline *b = &p->baselines[p->n_baselines++];
        size_t mark = reader_enter(r, m->string);

        b->name = xstrdup(m->string);
        baseline_read(r, m, b);
        reader_leave(r, mark);
    }
}
