/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "target/reply_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "base/text.h"

/* Characters of the message that a citation repeats. */
#define REPLY_QUOTE 200

const char reply_output[] =
    "Here is how I see it. The question has two sides: what you want to reach, "
    "and what it may cost. I would start with the smallest step that can be "
    "undone, look at what it changes, and only then decide about the rest. "
    "If you tell me more about the setting, I can be more precise.";

/* The beginning of a message; what is not UTF-8 in it becomes U+FFFD, since
 * JSON has no way to carry it. */
static void reply_quote(const char *s, struct buf *out)
{
    size_t n = strlen(s);
    char put[4];
    uint32_t cp;

    for (int i = 0; i < REPLY_QUOTE && n > 0; i++) {
        size_t step = text_next(s, n, &cp);

        buf_add(out, put, text_put(put, cp));
        s += step;
        n -= step;
    }
}

void reply_text(cJSON *o, const char *key, const char *value)
{
    cJSON_AddStringToObject(o, key, value);
}

void reply_time(cJSON *o, const char *key, struct wall w)
{
    char when[40];

    wall_rfc3339(w, when, sizeof when);
    reply_text(o, key, when);
}

cJSON *reply_array(cJSON *o, const char *key, cJSON *only)
{
    cJSON *a = cJSON_AddArrayToObject(o, key);

    if (only != NULL) {
        cJSON_AddItemToArray(a, only);
    }
    return a;
}

void reply_quoted(cJSON *o, const char *key, const char *s)
{
    struct buf quote;

    buf_init(&quote, 4 * REPLY_QUOTE);
    reply_quote(s, &quote);
    reply_text(o, key, buf_str(&quote));
    buf_clear(&quote);
}

cJSON *reply_intent(const char *category, double confidence)
{
    cJSON *o = cJSON_CreateObject();

    reply_text(o, "category", category);
    cJSON_AddNumberToObject(o, "confidence", confidence);
    return o;
}

cJSON *reply_answer(const struct reply_facts *f, const char *output)
{
    cJSON *o = cJSON_CreateObject();

    reply_text(o, "output", output);
    reply_text(o, "recordId", f->record);
    reply_text(o, "sessionId", f->session);
    return o;
}

void reply_citations(const struct reply_facts *f, cJSON *o)
{
    cJSON *c = cJSON_CreateObject();

    reply_text(c, "id", f->citation);
    reply_text(c, "type", "user_input");
    reply_text(c, "sourceId", "chat_input");
    reply_quoted(c, "sourceText", f->ask->message);
    cJSON_AddNumberToObject(c, "confidence", 0.5);
    reply_array(o, "citations", c);
}

cJSON *reply_chime(const struct reply_facts *f, unsigned i)
{
    cJSON *c = cJSON_CreateObject();
    char id[80];

    snprintf(id, sizeof id, "chime-chat-%s-%u", f->session, i);
    reply_text(c, "id", id);
    reply_text(c, "reason", "relevance above the policy's threshold");
    cJSON_AddNumberToObject(c, "score", 0.62);
    reply_time(c, "timestamp", f->now);
    return c;
}

void reply_autonomy(const struct reply_facts *f, cJSON *o)
{
    cJSON *chimes;

    if (f->chimes == 0) {
        return;
    }
    chimes =
        reply_array(cJSON_AddObjectToObject(o, "autonomy"), "chimes", NULL);
    for (unsigned i = 0; i < f->chimes; i++) {
        cJSON_AddItemToArray(chimes, reply_chime(f, i));
    }
}

void reply_json_take(cJSON *o, struct buf *out)
{
    char *text = cJSON_PrintUnformatted(o);

    MUST(text != NULL);
    buf_adds(out, text);
    cJSON_free(text);
    cJSON_Delete(o);
}
