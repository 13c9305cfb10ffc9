/* SPDX-License-Identifier: MIT
 *
 * threshold - k6's threshold expressions, parsed. */
#include "config.h"

#include "plan/threshold.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/num.h"
#include "base/text.h"

#define THRESHOLD_TEXT_MAX 100
/* In any unit: times stay times in µs, and numbers whole ones. */
#define THRESHOLD_LIMIT_MAX 1e15

static const char *const threshold_tags[] = {
    [TAG_NAME] = "name",
    [TAG_METHOD] = "method",
    [TAG_STATUS] = "status",
    [TAG_GROUP] = "group",
    [TAG_SCENARIO] = "scenario",
    [TAG_CHECK] = "check",
    [TAG_EXPECTED_RESPONSE] = "expected_response",
    [TAG_ERROR] = "error",
    [TAG_OWN] = "",
};

static const char *const threshold_ops[] = {
    [OP_LT] = "<",  [OP_LE] = "<=", [OP_GT] = ">",
    [OP_GE] = ">=", [OP_EQ] = "==", [OP_NE] = "!=",
};

static const struct {
    const char *name;
    enum threshold_agg agg;
    unsigned types; /* bits: types that have it */
} threshold_aggs[] = {
    {"count", AGG_COUNT, 1u << METRIC_COUNTER},
    {"rate", AGG_RATE, 1u << METRIC_COUNTER | 1u << METRIC_RATE},
    {"value", AGG_VALUE, 1u << METRIC_GAUGE},
    {"avg", AGG_AVG, 1u << METRIC_TREND},
    {"min", AGG_MIN, 1u << METRIC_TREND},
    {"max", AGG_MAX, 1u << METRIC_TREND},
    {"med", AGG_MED, 1u << METRIC_TREND},
};

static const size_t threshold_n_aggs =
    sizeof threshold_aggs / sizeof threshold_aggs[0];

const char *threshold_tag_name(enum tag_id tag)
{
    return threshold_tags[tag];
}

const char *threshold_op_name(enum threshold_op op)
{
    return threshold_ops[op];
}

bool threshold_holds(enum threshold_op op, double value, double limit)
{
    switch (op) {
    case OP_LT:
        return value < limit;
    case OP_LE:
        return value <= limit;
    case OP_GT:
        return value > limit;
    case OP_GE:
        return value >= limit;
    case OP_EQ:
        return value >= limit && value <= limit;
    case OP_NE:
        return value < limit || value > limit;
    }
    MUST(false);
    return false;
}

void threshold_clear(struct threshold *t)
{
    for (size_t i = 0; i < t->selector.n_tags; i++) {
        free(t->selector.tags[i].value);
        free(t->selector.tags[i].name);
    }
    free(t->selector.tags);
    free(t->metric_text);
    free(t->expression);
    memset(t, 0, sizeof *t);
}

/* "avg, min, max, med, p(N)": what a metric of this type has. */
static const char *threshold_choices(enum metric_type type, char *buf,
                                     size_t size)
{
    buf[0] = '\0';
    for (size_t i = 0; i < threshold_n_aggs; i++) {
        if ((threshold_aggs[i].types & 1u << type) != 0) {
            text_add(buf, size, "%s%s", buf[0] == '\0' ? "" : ", ",
                     threshold_aggs[i].name);
        }
    }
    if (type == METRIC_TREND) {
        text_add(buf, size, ", p(N)");
    }
    return buf;
}

static bool threshold_percentile(const char *word, double *p)
{
    size_t len = strlen(word);
    char inner[32];

    if (len < 4 || len - 3 >= sizeof inner || strncmp(word, "p(", 2) != 0 ||
        word[len - 1] != ')') {
        return false;
    }
    (void)snprintf(inner, sizeof inner, "%.*s", (int)(len - 3), word + 2);
    return num_double(inner, p) && *p >= 0 && *p <= 100;
}

static bool threshold_agg(const char *word, enum metric_type type,
                          struct threshold *t, struct err *e)
{
    char choices[64];
    double p = 0;

    if (type == METRIC_TREND && threshold_percentile(word, &p)) {
        t->agg = AGG_P;
        t->percentile = p;
        return true;
    }
    for (size_t i = 0; i < threshold_n_aggs; i++) {
        if (strcmp(word, threshold_aggs[i].name) == 0 &&
            (threshold_aggs[i].types & 1u << type) != 0) {
            t->agg = threshold_aggs[i].agg;
            return true;
        }
    }
    err_set(e, ERR_RANGE, "'%s' is nothing a %s has (%s)", word,
            metric_type_name(type),
            threshold_choices(type, choices, sizeof choices));
    return false;
}

/* The operator that s begins with, the longer one first; its bytes. */
static size_t threshold_op(const char *s, enum threshold_op *op)
{
    size_t best = 0;

    for (size_t i = 0; i < sizeof threshold_ops / sizeof threshold_ops[0];
         i++) {
        size_t n = strlen(threshold_ops[i]);

        if (n > best && strncmp(s, threshold_ops[i], n) == 0) {
            best = n;
            *op = (enum threshold_op)i;
        }
    }
    /* k6 has === as well. */
    return best == 2 && strncmp(s, "===", 3) == 0 ? 3 : best;
}

/* A plain number, or for a metric of times a duration, in ms. */
static bool threshold_limit(const char *s, enum metric_contains contains,
                            double *limit)
{
    uint64_t us;

    if (num_double(s, limit)) {
        return true;
    }
    if (contains != METRIC_TIME || !dur_parse(s, &us)) {
        return false;
    }
    *limit = (double)us / 1000;
    return true;
}

static void threshold_trim(char *s)
{
    size_t n = strlen(s), from = strspn(s, " \t");

    while (n > from && (s[n - 1] == ' ' || s[n - 1] == '\t')) {
        n--;
    }
    memmove(s, s + from, n - from);
    s[n - from] = '\0';
}

bool threshold_parse_expression(const char *text, enum metric_type type,
                                enum metric_contains contains,
                                struct threshold *t, struct err *e)
{
    struct threshold got = *t;
    char word[THRESHOLD_TEXT_MAX], limit[THRESHOLD_TEXT_MAX];
    size_t at = strcspn(text, "<>=!"), op;

    if (strlen(text) >= THRESHOLD_TEXT_MAX) {
        err_set(e, ERR_SYNTAX, "an expression of %zu bytes (at most %d)",
                strlen(text), THRESHOLD_TEXT_MAX - 1);
        return false;
    }
    op = threshold_op(text + at, &got.op);
    (void)snprintf(word, sizeof word, "%.*s", (int)at, text);
    (void)snprintf(limit, sizeof limit, "%s", text + at + op);
    threshold_trim(word);
    threshold_trim(limit);
    if (op == 0 || *word == '\0' || *limit == '\0') {
        err_set(e, ERR_SYNTAX,
                "'%s' is no threshold: expected one such as \"%s\"", text,
                type == METRIC_TREND     ? "p(95)<3000"
                : type == METRIC_RATE    ? "rate<0.05"
                : type == METRIC_COUNTER ? "count>100"
                                         : "value<100");
        return false;
    }
    if (!threshold_agg(word, type, &got, e)) {
        return false;
    }
    if (!threshold_limit(limit, contains, &got.limit)) {
        err_set(e, ERR_SYNTAX, "'%s' is not a number%s", limit,
                contains == METRIC_TIME ? " of ms, nor a time such as 3s"
                : type == METRIC_RATE
                    ? ": a rate is a share from 0 to 1 (5 % is 0.05)"
                    : "");
        return false;
    }
    if (fabs(got.limit) > THRESHOLD_LIMIT_MAX) {
        err_set(e, ERR_RANGE,
                "'%s': no metric comes to more than 1e15: a smaller limit, or "
                "none",
                limit);
        return false;
    }
    if (type == METRIC_RATE && !(got.limit >= 0 && got.limit <= 1)) {
        err_set(e, ERR_RANGE,
                "'%s': a rate is a share from 0 to 1 (5 %% is 0.05)", limit);
        return false;
    }
    *t = got;
    return true;
}
