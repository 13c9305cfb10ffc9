/* SPDX-License-Identifier: MIT
 *
 * answer - a response as checks, extracts and feeds look at it: its JSON is
 * parsed once, and only when somebody asks for it. */
#ifndef LOAD_ANSWER_H
#define LOAD_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "load/stream.h"
#include "load/transport.h"

struct answer {
    const struct exchange *x;    /* borrowed; NULL: nothing was sent */
    const struct stream *stream; /* borrowed; NULL: no stream was asked for */
    struct regexp_scratch *scratch; /* borrowed; for patterns */
    cJSON *json;
    bool json_tried;
};

void answer_init(struct answer *a, const struct exchange *x,
                 const struct stream *stream);
void answer_clear(struct answer *a);
/* Did a complete response come? */
bool answer_came(const struct answer *a);
/* The body as JSON; NULL: it is none, or was cut. Borrowed. */
const cJSON *answer_json(struct answer *a);
/* The value at a JSON Pointer, or NULL. Borrowed. */
const cJSON *answer_at(struct answer *a, const char *pointer);

#endif
