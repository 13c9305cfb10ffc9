/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "target/frames.h"

#include "target/reply_parts.h"

static void frames_put(const char *event, cJSON *data, struct buf *out)
{
    buf_addf(out, "event: %s\ndata: ", event);
    reply_json_take(data, out);
    buf_adds(out, "\n\n");
}

static void frames_profile(cJSON *context)
{
    cJSON *o = cJSON_AddObjectToObject(context, "userProfile");

    reply_text(o, "timezone", "UTC");
    reply_text(o, "communicationStyle", "adaptive");
    cJSON_AddNumberToObject(o, "completeness", 0);
    o = cJSON_AddObjectToObject(context, "relationship");
    reply_text(o, "type", "public");
    cJSON_AddNumberToObject(o, "trustLevel", 0);
    reply_text(o, "interactionMode", "formal");
    o = cJSON_AddObjectToObject(context, "selfModel");
    reply_text(o, "name", "Vi");
    reply_text(o, "purpose",
               "To think along with those who ask, to say what is known and "
               "what is not, and to remember what matters to them.");
    reply_text(o, "tone", "warm, plain, unhurried");
    cJSON_AddNumberToObject(o, "version", 1);
    o = cJSON_AddObjectToObject(context, "continuity");
    reply_text(o, "summary",
               "First meeting: no earlier sessions, no open promises, no "
               "preferences on record besides those of the profile.");
    reply_array(o, "openThreads", NULL);
    reply_array(o, "commitments", NULL);
    cJSON_AddNumberToObject(o, "sessionsBefore", 0);
}

static cJSON *frames_perception(const struct reply_facts *f)
{
    cJSON *o = cJSON_CreateObject();
    cJSON *context = cJSON_CreateObject();

    reply_quoted(o, "input", f->ask->message);
    reply_text(o, "language", "en");
    cJSON_AddItemToObject(o, "context", context);
    reply_text(context, "sessionId", f->session);
    reply_array(context, "recentHistory", NULL);
    reply_array(context, "retrievedMemories", NULL);
    frames_profile(context);
    cJSON_AddNumberToObject(o, "confidence", 0.9);
    reply_time(o, "timestamp", f->now);
    return o;
}

static cJSON *frames_step(const char *id, const char *kind, const char *why)
{
    cJSON *o = cJSON_CreateObject();

    reply_text(o, "id", id);
    reply_text(o, "type", kind);
    reply_text(o, "description", why);
    reply_array(o, "dependsOn", NULL);
    return o;
}

static cJSON *frames_candidate(const char *id, const char *label, double score)
{
    cJSON *o = cJSON_CreateObject();

    reply_text(o, "id", id);
    reply_text(o, "label", label);
    cJSON_AddNumberToObject(o, "score", score);
    reply_array(o, "issues", NULL);
    cJSON_AddNumberToObject(o, "stepCount", 2);
    reply_array(o, "constraintsViolated", NULL);
    return o;
}

static cJSON *frames_plan(void)
{
    cJSON *o = cJSON_CreateObject();
    cJSON *plan = cJSON_AddObjectToObject(o, "plan");
    cJSON *steps = reply_array(plan, "steps", NULL);
    cJSON *candidates = cJSON_AddArrayToObject(o, "candidates");

    cJSON_AddItemToArray(
        steps, frames_step("step-1", "recall",
                           "Look for what was said before on this subject"));
    cJSON_AddItemToArray(
        steps, frames_step("step-2", "respond",
                           "Answer in plain words, with one concrete example"));
    cJSON_AddItemToArray(
        steps, frames_step("step-3", "reflect",
                           "Check the answer against policy and tone"));
    reply_text(plan, "reasoning",
               "A question of opinion without need of tools: recall what is "
               "known of the user, then answer directly and offer to go on.");
    reply_text(plan, "estimatedComplexity", "simple");
    reply_array(plan, "toolsNeeded", NULL);
    cJSON_AddBoolToObject(plan, "memoryAccessNeeded", true);
    cJSON_AddItemToArray(
        candidates, frames_candidate("candidate-1", "direct answer", 0.81));
    cJSON_AddItemToArray(
        candidates, frames_candidate("candidate-2", "ask back first", 0.44));
    return o;
}

static cJSON *frames_executed(const char *id, const char *text)
{
    cJSON *o = cJSON_CreateObject();

    reply_text(o, "stepId", id);
    reply_text(o, "status", "completed");
    reply_text(o, "result", text);
    cJSON_AddNumberToObject(o, "attempts", 1);
    return o;
}

static cJSON *frames_execution(void)
{
    cJSON *o = cJSON_CreateObject();
    cJSON *steps = reply_array(o, "stepsExecuted", NULL);

    cJSON_AddItemToArray(
        steps, frames_executed("step-1", "No earlier talk on this subject."));
    cJSON_AddItemToArray(steps, frames_executed("step-2", reply_output));
    cJSON_AddItemToArray(
        steps, frames_executed("step-3", "In keeping with policy; the tone is "
                                         "friendly and to the point."));
    cJSON_AddBoolToObject(o, "success", true);
    reply_text(o, "output", reply_output);
    reply_array(o, "toolResults", NULL);
    return o;
}

static cJSON *frames_reflection(void)
{
    cJSON *o = cJSON_CreateObject();
    cJSON *found;

    reply_text(o, "summary",
               "The question was answered without tools; no policy was "
               "touched and nothing was worth remembering for later talks.");
    found = reply_array(o, "keyFindings", NULL);
    cJSON_AddItemToArray(found, cJSON_CreateString("direct answer was enough"));
    cJSON_AddItemToArray(found, cJSON_CreateString("more context would help"));
    cJSON_AddItemToArray(
        found, cJSON_CreateString("the user may come back to the second part "
                                  "of the question, about what it may cost"));
    cJSON_AddNumberToObject(o, "confidenceInResponse", 0.8);
    reply_array(o, "memoryCandidates", NULL);
    reply_array(o, "violations", NULL);
    return o;
}

static cJSON *frames_ambiguity(void)
{
    cJSON *o = cJSON_CreateObject();

    cJSON_AddBoolToObject(o, "detected", true);
    reply_text(o, "type", "missing_referent");
    cJSON_AddNumberToObject(o, "confidence", 0.72);
    reply_text(o, "clarificationPrompt", "What exactly do you mean by that?");
    return o;
}

unsigned frames_begin(const struct reply_facts *f, struct buf *out)
{
    cJSON *ready = cJSON_CreateObject();

    for (unsigned i = 0; i < f->chimes; i++) {
        frames_put("chime", reply_chime(f, i), out);
    }
    reply_text(ready, "sessionId", f->session);
    frames_put("ready", ready, out);
    frames_put("perception", frames_perception(f), out);
    return 1;
}

unsigned frames_middle(const struct reply_facts *f, struct buf *out)
{
    cJSON *intent;

    if (f->ambiguous) {
        frames_put("ambiguity_detected", frames_ambiguity(), out);
        return 1;
    }
    intent = reply_intent("query", 0.75);
    reply_text(intent, "reasoning", "The message asks and gives no order.");
    frames_put("intent", intent, out);
    frames_put("plan", frames_plan(), out);
    return 2;
}

unsigned frames_end(const struct reply_facts *f, struct buf *out)
{
    const char *output =
        f->ambiguous ? "What exactly do you mean by that?" : reply_output;
    unsigned events = 0;
    cJSON *o;

    if (!f->ambiguous) {
        frames_put("execution", frames_execution(), out);
        frames_put("reflection", frames_reflection(), out);
        o = cJSON_CreateObject();
        reply_text(o, "output", output);
        reply_text(o, "thoughtId", f->citation);
        frames_put("response", o, out);
        events = 3;
    }
    o = reply_answer(f, output);
    reply_citations(f, o);
    reply_autonomy(f, o);
    frames_put("response", o, out);
    o = cJSON_CreateObject();
    reply_text(o, "recordId", f->record);
    reply_text(o, "sessionId", f->session);
    frames_put("done", o, out);
    return events;
}

void frames_error(const char *message, struct buf *out)
{
    cJSON *o = cJSON_CreateObject();

    reply_text(o, "message", message);
    frames_put("error", o, out);
}

void frames_heartbeat(struct buf *out)
{
    cJSON *o = cJSON_CreateObject();

    cJSON_AddBoolToObject(o, "ok", true);
    frames_put("heartbeat", o, out);
}
