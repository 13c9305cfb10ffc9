/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/rule_words.h"

#include <stdio.h>

#include "base/num.h"

struct rule_words rule_words_whole(double percentile)
{
    struct rule_words w = {RULE_SHARE, "errors"};

    if (percentile >= 0) {
        w.kind = RULE_TIME;
        snprintf(w.subject, sizeof w.subject, "p%g", percentile);
    }
    return w;
}

const char *rule_words_value(const struct rule_words *w, double value,
                             char *buf)
{
    switch (w->kind) {
    case RULE_TIME:
        return num_latency(buf, num_whole(value));
    case RULE_SHARE:
        return num_percent(buf, value);
    case RULE_SHARE_MISSING:
        break;
    }
    return num_percent(buf, 1 - value);
}

const char *rule_words_tell(const struct rule_words *w, double limit, char *buf,
                            size_t size)
{
    char x[NUM_MAX];

    snprintf(buf, size, "%s %s%s", w->subject,
             w->kind == RULE_SHARE_MISSING ? ">" : "<",
             rule_words_value(w, limit, x));
    return buf;
}

const char *rule_words_over(const struct rule_words *w, double limit, char *buf,
                            size_t size)
{
    bool missing = w->kind == RULE_SHARE_MISSING;
    char x[NUM_MAX];

    snprintf(buf, size, "%s %c %s", w->subject, missing ? '<' : '>',
             w->kind == RULE_TIME
                 ? num_limit_ms(x, limit / 1e3)
                 : num_limit_percent(x, missing ? 1 - limit : limit));
    return buf;
}

const char *rule_words_broken(const struct rule_words *w, double limit,
                              double value, bool worst, char *buf, size_t size)
{
    char x[NUM_MAX], y[NUM_MAX];

    switch (w->kind) {
    case RULE_TIME:
        snprintf(buf, size, "%s %s%s, limit %s", w->subject,
                 worst ? "up to " : "",
                 num_ms_beside(x, value / 1e3, limit / 1e3),
                 num_limit_ms(y, limit / 1e3));
        return buf;
    case RULE_SHARE:
        snprintf(buf, size, "%s %s%s, limit %s", w->subject,
                 worst ? "up to " : "", num_percent_beside(x, value, limit),
                 num_limit_percent(y, limit));
        return buf;
    case RULE_SHARE_MISSING:
        break;
    }
    snprintf(buf, size, "%s %s%s, limit %s", w->subject,
             worst ? "down to " : "",
             num_percent_beside(x, 1 - value, 1 - limit),
             num_limit_percent(y, 1 - limit));
    return buf;
}
