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

/* s behind its operator and the blanks around it: "<", ">=", …; "~" or none at
 * all is what `plain` says. */
static const char *baseline_op(const char *s, enum threshold_op plain,
                               struct baseline_item *out)
{
    const char *at = s + strspn(s, " ~");
    bool less = *at == '<', more = *at == '>';

    out->about = !less && !more && *at != '=';
    out->limit.op = less         ? (at[1] == '=' ? OP_LE : OP_LT)
                    : more       ? (at[1] == '=' ? OP_GE : OP_GT)
                    : out->about ? plain
                                 : OP_EQ;
    return at + strspn(at, "<>=~ ");
}

static bool baseline_least(const struct baseline_item *out)
{
    return out->limit.op == OP_GT || out->limit.op == OP_GE;
}

static bool baseline_most(const struct baseline_item *out)
{
    return out->limit.op == OP_LT || out->limit.op == OP_LE;
}

/* "60/m", ">=10/s". */
static bool baseline_throughput(const char *s, struct baseline_item *out)
{
    const char *end = "";
    double v;

    if (!num_double_prefix(baseline_op(s, OP_GE, out), &v, &end) || v < 0 ||
        (strcmp(end, "/s") != 0 && strcmp(end, "/m") != 0 &&
         strcmp(end, "/h") != 0)) {
        return false;
    }
    out->unit = end[1];
    out->low = out->high = v / (out->unit == 's'   ? 1
                                : out->unit == 'm' ? 60
                                                   : 3600);
    return true;
}

/* ">99.9%", ">=0.999". */
static bool baseline_availability(const char *s, struct baseline_item *out)
{
    const char *end = "";
    double v;

    if (!num_double_prefix(baseline_op(s, OP_GE, out), &v, &end) || v < 0 ||
        v > 100 || (strcmp(end, "%") != 0 && *end != '\0') ||
        baseline_most(out)) {
        return false;
    }
    /* 99.9 is meant as 99.9 % with or without its sign. */
    out->low = out->high = *end == '%' || v > 1 ? v / 100 : v;
    return true;
}

/* "50-80", "50". */
static bool baseline_vus(const char *s, struct baseline_item *out)
{
    size_t n = strcspn(s, "-");
    uint64_t lo = 0, hi = 0;
    char from[16];

    if (n >= sizeof from) {
        return false;
    }
    (void)snprintf(from, sizeof from, "%.*s", (int)n, s);
    if (!num_u64(from, 1, PLAN_VUS_MAX, &lo)) {
        return false;
    }
    hi = lo;
    if (s[n] != '\0' && !num_u64(s + n + 1, lo, PLAN_VUS_MAX, &hi)) {
        return false;
    }
    out->low = (double)lo;
    out->high = (double)hi;
    return true;
}

/* "<30s". */
static bool baseline_time(const char *s, struct baseline_item *out)
{
    uint64_t us;

    if (!dur_parse(baseline_op(s, OP_LE, out), &us) || baseline_least(out)) {
        return false;
    }
    out->low = out->high = (double)us;
    return true;
}

static const struct {
    const char *name, *example;
    enum baseline_kind kind;
    bool (*read)(const char *s, struct baseline_item *out);
} baseline_words[] = {
    {"throughput", "60/m", BASELINE_THROUGHPUT, baseline_throughput},
    {"availability", ">99.9%", BASELINE_AVAILABILITY, baseline_availability},
    {"breaking_point", "50-80", BASELINE_BREAKING, baseline_vus},
    {"recovery_time", "<30s", BASELINE_RECOVERY, baseline_time},
};

static const size_t baseline_n_words =
    sizeof baseline_words / sizeof baseline_words[0];

static bool baseline_threshold(struct reader *r, const char *metric,
                               const char *expect, struct baseline_item *out)
{
    struct metric_info info;
    struct err e = ERR_INIT;

    if (!read_selector(r, metric, &out->limit.selector)) {
        return false;
    }
    info = plan_metric_info(r->plan, out->limit.selector.metric);
    if (!threshold_parse_expression(expect, info.type, info.contains,
                                    &out->limit, &e)) {
        reader_fail(r, "%s", e.text);
        threshold_clear(&out->limit);
        return false;
    }
    return true;
}

static bool baseline_ok(struct reader *r, const char *metric,
                        const char *expect, struct baseline_item *out)
{
    for (size_t i = 0; i < baseline_n_words; i++) {
        if (strcmp(metric, baseline_words[i].name) == 0) {
            out->kind = baseline_words[i].kind;
            if (!baseline_words[i].read(expect, out)) {
                reader_fail(r, "'%.120s': expected something like \"%s\"",
                            expect, baseline_words[i].example);
                return false;
            }
            return true;
        }
    }
    return baseline_threshold(r, metric, expect, out);
}

static void baseline_item(struct reader *r, const cJSON *v, const char *metric,
                          struct baseline_set *set, size_t *cap)
{
    struct baseline_item item = {.kind = BASELINE_METRIC};
    const char *expect = NULL;

    if (reader_name(r, v, &expect) && baseline_ok(r, metric, expect, &item)) {
        item.metric = xstrdup(metric);
        item.expect = xstrdup(expect);
        set->items = xgrow(set->items, set->n, cap, sizeof *set->items);
        set->items[set->n++] = item;
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
