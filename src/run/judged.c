/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/judged.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"

bool judged_run(const struct tick *tick, bool no_thresholds)
{
    return (tick->n_verdicts > 0 && !no_thresholds) ||
           tick->outcome.status != STATUS_PASSED;
}

/* "p(95)" of "p(95)<3000". */
static const char *judged_agg(const struct threshold *t, char *buf, size_t size)
{
    char word[128];

    snprintf(word, sizeof word, "%.*s", (int)strcspn(t->expression, "<>=! "),
             t->expression);
    return text_safe(buf, size, word);
}

static const char *judged_value(const struct plan *plan,
                                const struct verdict *v, char *buf, size_t size)
{
    struct metric_info info =
        plan_metric_info(plan, v->threshold->selector.metric);
    double value = v->run.value, limit = v->threshold->limit;
    char num[NUM_MAX];

    if (info.type == METRIC_RATE) {
        num_percent_beside(num, value, limit);
    } else if (v->threshold->agg != AGG_COUNT && info.contains == METRIC_TIME) {
        num_ms_beside(num, value, limit);
    } else if (info.type == METRIC_COUNTER && v->threshold->agg == AGG_RATE) {
        num_rate(num, value);
        snprintf(buf, size, "%s/s", num);
        return buf;
    } else if (info.contains == METRIC_TIME) {
        num_ms(num, value);
    } else if (info.contains == METRIC_DATA) {
        num_bytes(num, num_whole(value));
    } else {
        num_plain(num, value);
    }
    snprintf(buf, size, "%s", num);
    return buf;
}

const char *judged_over(const struct threshold *t, char *buf, size_t size)
{
    char period[NUM_MAX];

    buf[0] = '\0';
    if (t->window_us > 0) {
        snprintf(buf, size, " over the last %s",
                 num_period(period, t->window_us));
    }
    return buf;
}

const char *judged_text(const struct plan *plan, const struct verdict *v,
                        char *buf, size_t size)
{
    char word[128], value[64], over[64];

    buf[0] = '\0';
    judged_agg(v->threshold, word, sizeof word);
    if (v->run.fed) {
        text_add(buf, size, "%s=%s", word,
                 judged_value(plan, v, value, sizeof value));
    } else if (v->why[0] == '\0') {
        text_add(buf, size, "%s: nothing fed it", word);
    }
    text_add(buf, size, "%s", judged_over(v->threshold, over, sizeof over));
    if (v->why[0] != '\0') {
        text_add(buf, size, "%s%s", v->run.fed ? ", " : "", v->why);
    }
    return buf;
}

/* Thresholds say how many of that check may fail, and hold? */
static bool judged_excused(const struct tick *tick, const char *check)
{
    bool any = false;
    size_t i, k;

    for (i = 0; i < tick->n_verdicts; i++) {
        const struct verdict *v = &tick->verdicts[i];
        const struct selector *s = &v->threshold->selector;
        bool mine = s->metric == METRIC_CHECKS;

        for (k = 0; k < s->n_tags && mine; k++) {
            mine = s->tags[k].tag == TAG_CHECK &&
                   strcmp(s->tags[k].value, check) == 0;
        }
        if (mine && !v->ok) {
            return false;
        }
        any = any || mine;
    }
    return any;
}

bool judged_check(const struct plan *plan, const struct ledger *l,
                  const struct tick *tick, bool no_thresholds, size_t check,
                  struct judged_check *out)
{
    if (!ledger_check_named(l, (unsigned)check, &out->line)) {
        return false;
    }
    out->excused = out->line.fails > 0 && !no_thresholds &&
                   judged_excused(tick, plan->checks[check]->name);
    return true;
}
