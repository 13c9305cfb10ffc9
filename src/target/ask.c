/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "target/ask.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cjson/cJSON.h>

#include "base/json.h"
#include "base/xalloc.h"

/* Longer messages are no short question. */
#define ASK_SHORT 512

struct ask_short {
    bool whole; /* the message is that word, else it holds it */
    const char *text;
    const char *answer;
};

#define ASK_HELLO "I'm Vi, and I'm listening. What is on your mind?"
#define ASK_DATE  "I go by the server's clock, in UTC."
#define ASK_NAME  "You have not told me a name yet. What shall I call you?"

static const struct ask_short ask_shorts[] = {
    {true, "hi", ASK_HELLO},
    {true, "hello", ASK_HELLO},
    {true, "hey", ASK_HELLO},
    {true, "vi", ASK_HELLO},
    {true, "hi vi", ASK_HELLO},
    {true, "hello vi", ASK_HELLO},
    {true, "hey vi", ASK_HELLO},
    {false, "time is it", ASK_DATE},
    {false, "what time", ASK_DATE},
    {false, "current time", ASK_DATE},
    {false, "date is it", ASK_DATE},
    {false, "what day", ASK_DATE},
    {false, "today", ASK_DATE},
    {false, "day and time", ASK_DATE},
    {false, "date and time", ASK_DATE},
    {false, "my name", ASK_NAME},
    {false, "who am i", ASK_NAME},
    {false, "who i am", ASK_NAME},
};

static void ask_fault(struct ask *a, const char *field, const char *message)
{
    if (a->faults_n < ASK_FAULTS_MAX) {
        a->faults[a->faults_n].field = field;
        a->faults[a->faults_n].message = message;
        a->faults_n++;
    }
}

/* Trimmed and in lower case, as far as it fits. */
static void ask_plain(char *out, size_t size, const char *s)
{
    size_t n = 0;

    while (isspace((unsigned char)*s)) {
        s++;
    }
    for (; *s != '\0' && n + 1 < size; s++) {
        out[n++] = (char)tolower((unsigned char)*s);
    }
    while (n > 0 && isspace((unsigned char)out[n - 1])) {
        n--;
    }
    out[n] = '\0';
}

static const char *ask_canned(const char *message)
{
    char plain[ASK_SHORT];

    ask_plain(plain, sizeof plain, message);
    for (size_t i = 0; i < sizeof ask_shorts / sizeof ask_shorts[0]; i++) {
        const struct ask_short *s = &ask_shorts[i];

        if (s->whole ? strcmp(plain, s->text) == 0
                     : strstr(plain, s->text) != NULL) {
            return s->answer;
        }
    }
    return NULL;
}

static void ask_message(struct ask *a, const cJSON *v)
{
    if (v == NULL) {
        ask_fault(a, "message", "Required");
    } else if (!cJSON_IsString(v)) {
        ask_fault(a, "message", "Expected string");
    } else if (v->valuestring[0] == '\0') {
        ask_fault(a, "message", "String must contain at least 1 character(s)");
    } else {
        a->message = xstrdup(v->valuestring);
        a->canned = ask_canned(a->message);
    }
}

static void ask_session(struct ask *a, const cJSON *v)
{
    if (v == NULL) {
        return;
    }
    if (!cJSON_IsString(v)) {
        ask_fault(a, "sessionId", "Expected string");
    } else if (!ask_is_uuid(v->valuestring)) {
        ask_fault(a, "sessionId", "Invalid uuid");
    } else {
        memcpy(a->session, v->valuestring, sizeof a->session);
    }
}

static void ask_context(struct ask *a, const cJSON *v)
{
    const cJSON *history;
    const cJSON *line;

    if (v == NULL) {
        return;
    }
    if (!cJSON_IsObject(v)) {
        ask_fault(a, "context", "Expected object");
        return;
    }
    history = cJSON_GetObjectItemCaseSensitive(v, "recentHistory");
    if (history != NULL && !cJSON_IsArray(history)) {
        ask_fault(a, "context.recentHistory", "Expected array");
        return;
    }
    cJSON_ArrayForEach(line, history)
    {
        if (!cJSON_IsString(line)) {
            ask_fault(a, "context.recentHistory", "Expected string");
            return;
        }
    }
}

void ask_init(struct ask *a)
{
    memset(a, 0, sizeof *a);
}

void ask_clear(struct ask *a)
{
    free(a->message);
    ask_init(a);
}

enum ask_verdict ask_parse(struct ask *a, const char *body, size_t n)
{
    cJSON *root = json_parse(body, n, "", NULL);
    const cJSON *trace;

    if (root == NULL) {
        return ASK_NOT_JSON;
    }
    if (!cJSON_IsObject(root)) {
        ask_fault(a, "", "Expected object");
    } else {
        ask_message(a, cJSON_GetObjectItemCaseSensitive(root, "message"));
        ask_session(a, cJSON_GetObjectItemCaseSensitive(root, "sessionId"));
        ask_context(a, cJSON_GetObjectItemCaseSensitive(root, "context"));
        trace = cJSON_GetObjectItemCaseSensitive(root, "includeTrace");
        if (trace != NULL && !cJSON_IsBool(trace)) {
            ask_fault(a, "includeTrace", "Expected boolean");
        }
    }
    cJSON_Delete(root);
    return a->faults_n == 0 ? ASK_OK : ASK_INVALID;
}

bool ask_is_uuid(const char *s)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

    if (strlen(s) != sizeof form - 1) {
        return false;
    }
    for (size_t i = 0; form[i] != '\0'; i++) {
        if (form[i] == '-' ? s[i] != '-' : !isxdigit((unsigned char)s[i])) {
            return false;
        }
    }
    return true;
}
