/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/rule_words.h"

#include <stdio.h>

#include "base/num.h"

const char *rule_words_tell(const struct rule_words *w, double limit, char *buf,
                            size_t size)
{
    char x[NUM_MAX];

    switch (w->kind) {
    case RULE_TIME:
        snprintf(buf, size, "%s <%s", w->subject,
                 num_latency(x, num_whole(limit)));
        return buf;
    case RULE_SHARE:
        snprintf(buf, size, "%s <%s", w->subject, num_percent(x, limit));
        return buf;
    case RULE_SHARE_MISSING:
        break;
    }
    snprintf(buf, size, "%s >%s", w->subject, num_percent(x, 1 - limit));
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
