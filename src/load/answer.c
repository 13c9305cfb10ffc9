/* SPDX-License-Identifier: MIT
 *
 * answer - cJSON itself refuses nesting beyond CJSON_NESTING_LIMIT, so a
 * hostile body cannot exhaust the stack. Names that stand twice are the
 * service's business here. */
#include "config.h"

#include "load/answer.h"

#include "base/json.h"

void answer_init(struct answer *a, const struct exchange *x,
                 const struct stream *stream)
{
    *a = (struct answer){.x = x, .stream = stream};
}

void answer_clear(struct answer *a)
{
    cJSON_Delete(a->json);
    a->json = NULL;
    a->json_tried = false;
}

bool answer_came(const struct answer *a)
{
    return a->x != NULL && a->x->failure == FAILURE_NONE;
}

static bool answer_blank(const char *s, const char *end)
{
    while (s < end && (*s == ' ' || *s == '\t' || *s == '\r' || *s == '\n')) {
        s++;
    }
    return s == end;
}

const cJSON *answer_json(struct answer *a)
{
    const struct buf *body;
    const char *end = NULL;

    if (a->json_tried) {
        return a->json;
    }
    a->json_tried = true;
    if (!answer_came(a) || a->x->body.cut) {
        return NULL;
    }
    body = &a->x->body;
    a->json = cJSON_ParseWithLengthOpts(buf_str(body), body->len, &end, false);
    if (a->json != NULL && !answer_blank(end, body->data + body->len)) {
        cJSON_Delete(a->json);
        a->json = NULL;
    }
    return a->json;
}

const cJSON *answer_at(struct answer *a, const char *pointer)
{
    const cJSON *root = answer_json(a);

    return root != NULL ? json_pointer(root, pointer) : NULL;
}
