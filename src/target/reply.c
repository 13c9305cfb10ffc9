/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "target/reply.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/must.h"
#include "target/reply_parts.h"

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

static void reply_cognitive(cJSON *o, cJSON *intent, const char *mode)
{
    cJSON *c = cJSON_AddObjectToObject(o, "cognitive");

    cJSON_AddItemToObject(c, "intent", intent);
    reply_text(c, "decision", "completed");
    cJSON_AddBoolToObject(c, "memoryWritten", false);
    reply_text(c, "mode", mode);
    cJSON_AddBoolToObject(c, "hadViolation", false);
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
