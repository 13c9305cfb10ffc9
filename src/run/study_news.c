/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/study_news.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "run/study_anomaly.h"
#include "run/study_internal.h"

/* Told before, and now of less between its two ends. Of a level that goes on,
 * it is not known yet whether it holds. */
static bool news_narrower(const struct study *s, const struct breaking *k)
{
    return k->high < s->told_high - 0.5 ||
           (k->low > s->told_low + 0.5 && !k->low_open);
}

/* What was told has passed by itself since: it was no break, and the next one
 * is the first. */
static bool news_passed(struct study *s, struct study_news *out)
{
    const struct breach_found *f = breach_passing(s->breach);

    s->told_break = 0;
    if (f == NULL) {
        return false;
    }
    out->type = "breaking_point";
    out->bad = false;
    out->t_us = f->end_us;
    snprintf(out->value, sizeof out->value, "passed");
    study_tell_answer(s, out->text, sizeof out->text);
    return out->text[0] != '\0';
}

/* As soon as it is sure; once more where a rule is broken after all, and
 * requests that fell were all that was known, and each time that it is known
 * better. */
static bool news_break(struct study *s, struct study_news *out)
{
    struct breaking k = study_breaking(s);
    unsigned char now = !k.any ? 0 : k.breach ? 2 : 1;
    bool first = now > s->told_break, narrower;

    if (now == 0 && s->told_break == 2) {
        return news_passed(s, out);
    }
    if (!first && (now < s->told_break || now == 0 || !news_narrower(s, &k))) {
        return false;
    }
    narrower = !first && k.high <= s->told_high + 0.5;
    s->told_break = now;
    s->told_low = k.low;
    s->told_high = k.high;
    out->type = "breaking_point";
    out->bad = true;
    out->t_us = k.at_us;
    snprintf(out->value, sizeof out->value, "%.0f", k.high);
    study_tell_answer(s, out->text, sizeof out->text);
    if (narrower) {
        text_add(out->text, sizeof out->text, "; narrower than before");
    }
    return true;
}

/* The last one that anything was wrong in; not what came within it. */
static const struct recovery_episode *news_last(const struct recovery *r)
{
    size_t i = recovery_count(r);

    while (i > 0) {
        const struct recovery_episode *e = recovery_at(r, --i);

        if (!e->within &&
            (e->cause != RECOVERY_MARK || e->state != RECOVERY_WATCHING)) {
            return e;
        }
    }
    return NULL;
}

/* Each time that it has held; the others are over. */
static bool news_recovery(struct study *s, struct study_news *out)
{
    const struct recovery_episode *e = news_last(s->recovery);
    bool told = e != NULL && s->told_back_us == e->t0_us + 1;
    char cause[160];

    if (e == NULL || e->state != RECOVERY_RECOVERED || told) {
        if (told && e->state != RECOVERY_RECOVERED) {
            s->told_back_us = 0; /* it did not stay */
        }
        return false;
    }
    s->told_back_us = e->t0_us + 1;
    out->type = "recovery";
    out->bad = false;
    out->t_us = e->t0_us + e->return_us;
    snprintf(out->value, sizeof out->value, "%.3f", (double)e->return_us / 1e6);
    study_tell_short(e, out->text, sizeof out->text);
    text_add(out->text, sizeof out->text, " %s",
             study_tell_cause(s, e, cause, sizeof cause));
    return true;
}

bool study_news(struct study *s, struct study_news *out)
{
    if (study_anomaly_news(s, out)) {
        return true;
    }
    return hunt_log_now(s->hunt) == NULL &&
           (news_break(s, out) || news_recovery(s, out));
}
