/* SPDX-License-Identifier: MIT
 *
 * reply_parts - pieces of JSON that the target's answers (reply.c) and the
 * frames of its streams (frames.c) share. No I/O. */
#ifndef TARGET_REPLY_PARTS_H
#define TARGET_REPLY_PARTS_H

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "base/wall.h"
#include "target/reply.h"

/* What Vi says to every question. */
extern const char reply_output[];

/* Members of o. */
void reply_text(cJSON *o, const char *key, const char *value);
void reply_time(cJSON *o, const char *key, struct wall w);
/* The beginning of s, which came from a client. */
void reply_quoted(cJSON *o, const char *key, const char *s);
/* An array, with one element when only is not NULL, which it takes. Borrowed
 * from o. */
cJSON *reply_array(cJSON *o, const char *key, cJSON *only);
/* "citations", and "autonomy" when there are chimes. */
void reply_citations(const struct reply_facts *f, cJSON *o);
void reply_autonomy(const struct reply_facts *f, cJSON *o);

/* Objects, owned by the caller. */
cJSON *reply_chime(const struct reply_facts *f, unsigned i);
cJSON *reply_intent(const char *category, double confidence);
/* output, recordId and sessionId. */
cJSON *reply_answer(const struct reply_facts *f, const char *output);

/* Appends o in one line and deletes it. */
void reply_json_take(cJSON *o, struct buf *out);

#endif
