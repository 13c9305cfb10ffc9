/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "target/reply.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "base/text.h"

/* Characters of the message that a citation repeats. */
#define REPLY_QUOTE 200

static const char *const reply_codes[] = {
    [STATUS_OK] = "",
    [STATUS_BAD_REQUEST] = "OPERATION_FAILED",
    [STATUS_NOT_FOUND] = "NOT_FOUND",
    [STATUS_TOO_LARGE] = "OPERATION_FAILED",
    [STATUS_MEDIA_TYPE] = "OPERATION_FAILED",
    [STATUS_TOO_MANY] = "RATE_LIMIT_EXCEEDED",
    [STATUS_FAILED] = "PROCESSING_ERROR",
    [STATUS_UNAVAILABLE] = "SERVICE_UNAVAILABLE",
};

static const char reply_output[] =
    "Here is how I see it. The question has two sides: what you want to reach, "
    "and what it may cost. I would start with the smallest step that can be "
    "undone, look at what it changes, and only then decide about the rest. "
    "If you tell me more about the setting, I can be more precise.";

static void reply_text(cJSON *o, const char *key, const char *value)
{
    cJSON_AddStringToObject(o, key, value);
}

static void reply_time(cJSON *o, const char *key, struct wall w)
{
    char when[40];

    wall_rfc3339(w, when, sizeof when);
    reply_text(o, key, when);
}

static cJSON *reply_array(cJSON *o, const char *key, cJSON *only)
{
    cJSON *a = cJSON_AddArrayToObject(o, key);

    if (only != NULL) {
        cJSON_AddItemToArray(a, only);
    }
    return a;
}

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

static void reply_quoted(cJSON *o, const char *key, const char *s)
{
    struct buf quote;

    buf_init(&quote, 4 * REPLY_QUOTE);
    reply_quote(s, &quote);
    reply_text(o, key, buf_str(&quote));
    buf_clear(&quote);
}

static void reply_citations(const struct reply_facts *f, cJSON *o)
{
    cJSON *c = cJSON_CreateObject();

    reply_text(c, "id", f->citation);
    reply_text(c, "type", "user_input");
    reply_text(c, "sourceId", "chat_input");
    reply_quoted(c, "sourceText", f->ask->message);
    cJSON_AddNumberToObject(c, "confidence", 0.5);
    reply_array(o, "citations", c);
}

static cJSON *reply_chime(const struct reply_facts *f, unsigned i)
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

static void reply_autonomy(const struct reply_facts *f, cJSON *o)
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

static cJSON *reply_intent(const char *category, double confidence)
{
    cJSON *o = cJSON_CreateObject();

    reply_text(o, "category", category);
    cJSON_AddNumberToObject(o, "confidence", confidence);
    return o;
}

static void reply_cognitive(cJSON *o, cJSON *intent, const char *mode)
{
    cJSON *c = cJSON_AddObjectToObject(o, "cognitive");

    cJSON_AddItemToObject(c, "intent", intent);
    reply_text(c, "decision", "completed");
    cJSON_AddBoolToObject(c, "memoryWritten", false);
    reply_text(c, "mode", mode);
    cJSON_AddBoolToObject(c, "hadViolation", false);
}

static cJSON *reply_answer(const struct reply_facts *f, const char *output)
{
    cJSON *o = cJSON_CreateObject();

    reply_text(o, "output", output);
    reply_text(o, "recordId", f->record);
    reply_text(o, "sessionId", f->session);
    return o;
}

static cJSON *reply_failure(enum status status, const char *code,
                            const char *message, uint64_t id, struct wall now)
{
    cJSON *o = cJSON_CreateObject();
    cJSON *error;
    char request[32];

    MUST(status != STATUS_OK);
    cJSON_AddBoolToObject(o, "success", false);
    error = cJSON_AddObjectToObject(o, "error");
    reply_text(error, "code", code);
    reply_text(error, "message", message);
    snprintf(request, sizeof request, "req-%" PRIx64, id);
    reply_text(o, "requestId", request);
    reply_time(o, "timestamp", now);
    return o;
}

static void reply_frame(const char *event, cJSON *data, struct buf *out)
{
    buf_addf(out, "event: %s\ndata: ", event);
    reply_json_take(data, out);
    buf_adds(out, "\n\n");
}

static cJSON *reply_perception(const struct reply_facts *f)
{
    cJSON *o = cJSON_CreateObject();
    cJSON *context = cJSON_CreateObject();
    cJSON *profile;

    reply_quoted(o, "input", f->ask->message);
    reply_text(o, "language", "en");
    cJSON_AddItemToObject(o, "context", context);
    reply_text(context, "sessionId", f->session);
    reply_array(context, "recentHistory", NULL);
    reply_array(context, "retrievedMemories", NULL);
    profile = cJSON_AddObjectToObject(context, "userProfile");
    reply_text(profile, "timezone", "UTC");
    reply_text(profile, "communicationStyle", "adaptive");
    cJSON_AddNumberToObject(profile, "completeness", 0);
    profile = cJSON_AddObjectToObject(context, "relationship");
    reply_text(profile, "type", "public");
    cJSON_AddNumberToObject(profile, "trustLevel", 0);
    reply_text(profile, "interactionMode", "formal");
    cJSON_AddNumberToObject(o, "confidence", 0.9);
    reply_time(o, "timestamp", f->now);
    return o;
}

static cJSON *reply_step(const char *id, const char *kind, const char *why)
{
    cJSON *o = cJSON_CreateObject();

    reply_text(o, "id", id);
    reply_text(o, "type", kind);
    reply_text(o, "description", why);
    reply_array(o, "dependsOn", NULL);
    return o;
}

static cJSON *reply_plan(void)
{
    cJSON *o = cJSON_CreateObject();
    cJSON *plan = cJSON_AddObjectToObject(o, "plan");
    cJSON *steps = reply_array(plan, "steps", NULL);
    cJSON *candidate = cJSON_CreateObject();

    cJSON_AddItemToArray(
        steps, reply_step("step-1", "recall",
                          "Look for what was said before on this subject"));
    cJSON_AddItemToArray(
        steps, reply_step("step-2", "respond",
                          "Answer in plain words, with one concrete example"));
    reply_text(plan, "reasoning",
               "A question of opinion without need of tools: recall what is "
               "known of the user, then answer directly and offer to go on.");
    reply_text(plan, "estimatedComplexity", "simple");
    reply_array(plan, "toolsNeeded", NULL);
    cJSON_AddBoolToObject(plan, "memoryAccessNeeded", true);
    reply_text(candidate, "id", "candidate-1");
    reply_text(candidate, "label", "direct answer");
    cJSON_AddNumberToObject(candidate, "score", 0.81);
    reply_array(candidate, "issues", NULL);
    cJSON_AddNumberToObject(candidate, "stepCount", 2);
    reply_array(o, "candidates", candidate);
    return o;
}

static cJSON *reply_executed(const char *id, const char *text)
{
    cJSON *o = cJSON_CreateObject();

    reply_text(o, "stepId", id);
    reply_text(o, "status", "completed");
    reply_text(o, "result", text);
    cJSON_AddNumberToObject(o, "attempts", 1);
    return o;
}

static cJSON *reply_execution(void)
{
    cJSON *o = cJSON_CreateObject();
    cJSON *steps = reply_array(o, "stepsExecuted", NULL);

    cJSON_AddItemToArray(
        steps, reply_executed("step-1", "No earlier talk on this subject."));
    cJSON_AddItemToArray(steps, reply_executed("step-2", reply_output));
    cJSON_AddBoolToObject(o, "success", true);
    reply_text(o, "output", reply_output);
    reply_array(o, "toolResults", NULL);
    return o;
}

static cJSON *reply_reflection(void)
{
    cJSON *o = cJSON_CreateObject();
    cJSON *found;

    reply_text(o, "summary",
               "The question was answered without tools; no policy was "
               "touched and nothing was worth remembering for later talks.");
    found = reply_array(o, "keyFindings", NULL);
    cJSON_AddItemToArray(found, cJSON_CreateString("direct answer was enough"));
    cJSON_AddItemToArray(found, cJSON_CreateString("more context would help"));
    cJSON_AddNumberToObject(o, "confidenceInResponse", 0.8);
    reply_array(o, "memoryCandidates", NULL);
    reply_array(o, "violations", NULL);
    return o;
}

static cJSON *reply_ambiguity(void)
{
    cJSON *o = cJSON_CreateObject();

    cJSON_AddBoolToObject(o, "detected", true);
    reply_text(o, "type", "missing_referent");
    cJSON_AddNumberToObject(o, "confidence", 0.72);
    reply_text(o, "clarificationPrompt", "What exactly do you mean by that?");
    return o;
}

void reply_json_take(cJSON *o, struct buf *out)
{
    char *text = cJSON_PrintUnformatted(o);

    MUST(text != NULL);
    buf_adds(out, text);
    cJSON_free(text);
    cJSON_Delete(o);
}

void reply_health(struct wall now, struct buf *out)
{
    cJSON *o = cJSON_CreateObject();

    reply_text(o, "status", "ok");
    reply_time(o, "timestamp", now);
    reply_text(o, "version", "0.1.0");
    reply_json_take(o, out);
}

void reply_chat(const struct reply_facts *f, struct buf *out)
{
    bool canned = f->ask->canned != NULL;
    cJSON *o = reply_answer(f, canned ? f->ask->canned : reply_output);

    if (canned) {
        reply_cognitive(o, cJSON_CreateString("fast_path"), "fast-path");
    } else {
        reply_citations(f, o);
        reply_autonomy(f, o);
        reply_cognitive(o, reply_intent("query", 0.75), "learning");
    }
    reply_json_take(o, out);
}

void reply_error(enum status status, const char *message, uint64_t id,
                 struct wall now, struct buf *out)
{
    reply_json_take(
        reply_failure(status, reply_codes[status], message, id, now), out);
}

void reply_invalid(const struct ask *a, uint64_t id, struct wall now,
                   struct buf *out)
{
    cJSON *o = reply_failure(STATUS_BAD_REQUEST, "VALIDATION_ERROR",
                             "Request body validation failed", id, now);
    cJSON *details = cJSON_AddObjectToObject(
        cJSON_GetObjectItemCaseSensitive(o, "error"), "details");
    cJSON *fields = cJSON_AddObjectToObject(details, "fields");

    for (size_t i = 0; i < a->faults_n; i++) {
        reply_array(fields, a->faults[i].field,
                    cJSON_CreateString(a->faults[i].message));
    }
    cJSON_AddNumberToObject(details, "count", (double)a->faults_n);
    reply_json_take(o, out);
}

unsigned reply_stream_begin(const struct reply_facts *f, struct buf *out)
{
    cJSON *ready = cJSON_CreateObject();

    for (unsigned i = 0; i < f->chimes; i++) {
        reply_frame("chime", reply_chime(f, i), out);
    }
    reply_text(ready, "sessionId", f->session);
    reply_frame("ready", ready, out);
    reply_frame("perception", reply_perception(f), out);
    return 1;
}

unsigned reply_stream_middle(const struct reply_facts *f, struct buf *out)
{
    cJSON *intent;

    if (f->ambiguous) {
        reply_frame("ambiguity_detected", reply_ambiguity(), out);
        return 1;
    }
    intent = reply_intent("query", 0.75);
    reply_text(intent, "reasoning", "The message asks and gives no order.");
    reply_frame("intent", intent, out);
    reply_frame("plan", reply_plan(), out);
    return 2;
}

unsigned reply_stream_end(const struct reply_facts *f, struct buf *out)
{
    const char *output =
        f->ambiguous ? "What exactly do you mean by that?" : reply_output;
    unsigned events = 0;
    cJSON *o;

    if (!f->ambiguous) {
        reply_frame("execution", reply_execution(), out);
        reply_frame("reflection", reply_reflection(), out);
        o = cJSON_CreateObject();
        reply_text(o, "output", output);
        reply_text(o, "thoughtId", f->citation);
        reply_frame("response", o, out);
        events = 3;
    }
    o = reply_answer(f, output);
    reply_citations(f, o);
    reply_autonomy(f, o);
    reply_frame("response", o, out);
    o = cJSON_CreateObject();
    reply_text(o, "recordId", f->record);
    reply_text(o, "sessionId", f->session);
    reply_frame("done", o, out);
    return events;
}

void reply_stream_error(const char *message, struct buf *out)
{
    cJSON *o = cJSON_CreateObject();

    reply_text(o, "message", message);
    reply_frame("error", o, out);
}

void reply_stream_heartbeat(struct buf *out)
{
    cJSON *o = cJSON_CreateObject();

    cJSON_AddBoolToObject(o, "ok", true);
    reply_frame("heartbeat", o, out);
}
