/* SPDX-License-Identifier: MIT
 *
 * read_body - what a request sends behind its headers. */
#include "config.h"

#include "plan/read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plan/compile.h"

/* Whole numbers beyond this are not kept exactly by the JSON reader. */
#define BODY_EXACT_MAX 9007199254740992.0

static void body_json(struct reader *r, const cJSON *v, struct compile *c);

static void body_json_list(struct reader *r, const cJSON *v, struct compile *c)
{
    bool object = cJSON_IsObject(v) != 0;
    const cJSON *m;
    size_t i = 0;

    compile_literal(c, object ? "{" : "[");
    cJSON_ArrayForEach(m, v)
    {
        size_t mark =
            object ? reader_enter(r, m->string) : reader_enter_index(r, i);

        if (i++ > 0) {
            compile_literal(c, ",");
        }
        if (object) {
            compile_literal(c, "\"");
            (void)compile_text(r, c, m->string, ESCAPE_JSON);
            compile_literal(c, "\":");
        }
        body_json(r, m, c);
        reader_leave(r, mark);
    }
    compile_literal(c, object ? "}" : "]");
}

/* Recursion is bounded by JSON_DEPTH_MAX, which the text was read with. */
static void body_json(struct reader *r, const cJSON *v, struct compile *c)
{
    char *printed;

    if (cJSON_IsString(v)) {
        (void)compile_json_string(r, c, v->valuestring);
        return;
    }
    if (cJSON_IsObject(v) || cJSON_IsArray(v)) {
        body_json_list(r, v, c);
        return;
    }
    if (cJSON_IsNumber(v) && fabs(v->valuedouble) > BODY_EXACT_MAX) {
        reader_fail(r, "a number beyond 2^53 would not be sent exactly: put it "
                       "into env or data as a string and write "
                       "\"${NAME:number}\"");
        return;
    }
    printed = cJSON_PrintUnformatted(v);
    compile_literal(c, printed == NULL ? "null" : printed);
    cJSON_free(printed);
}

static void body_pair(struct reader *r, const cJSON *m, const char *key,
                      struct compile *c)
{
    char *text = reader_scalar(r, m);

    if (text == NULL) {
        return;
    }
    if (c->value.n > 0 || c->literal.len > 0) {
        compile_literal(c, "&");
    }
    (void)compile_text(r, c, key, ESCAPE_URL);
    compile_literal(c, "=");
    (void)compile_text(r, c, text, ESCAPE_URL);
    free(text);
}

void read_pairs(struct reader *r, const cJSON *v, struct compile *c)
{
    const cJSON *m, *x;

    if (!reader_names(r, v, "names and values", PLAN_LIST_MAX)) {
        return;
    }
    cJSON_ArrayForEach(m, v)
    {
        size_t mark = reader_enter(r, m->string);
        size_t i = 0;

        if (!cJSON_IsArray(m)) {
            body_pair(r, m, m->string, c);
            reader_leave(r, mark);
            continue;
        }
        cJSON_ArrayForEach(x, m)
        {
            size_t inner = reader_enter_index(r, i++);

            body_pair(r, x, m->string, c);
            reader_leave(r, inner);
        }
        reader_leave(r, mark);
    }
}

static void body_type(struct reader *r, struct request *q, const char *type)
{
    struct compile c;

    if (read_has_header(q->headers, q->n_headers, "Content-Type")) {
        return;
    }
    compile_init(&c, READ_HEADER_BYTES);
    compile_literal(&c, type);
    read_put_header(r, &q->headers, &q->n_headers, "Content-Type", &c);
}

static const char *body_kind(struct reader *r, const cJSON *v)
{
    static const char *const kinds[] = {"json", "form", "body", "body_file",
                                        "multipart"};
    const char *found = NULL;

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (reader_get(v, kinds[i]) == NULL) {
            continue;
        }
        if (found != NULL) {
            reader_fail_key(r, kinds[i],
                            "a request has one body, and this "
                            "one has %s already",
                            found);
        } else {
            found = kinds[i];
        }
    }
    return found;
}

static void body_multipart(struct reader *r, const cJSON *v, struct request *q,
                           struct compile *c)
{
    char *type = read_multipart_type(r);

    if (read_has_header(q->headers, q->n_headers, "Content-Type")) {
        reader_fail(r, "headers have Content-Type already: multipart makes it, "
                       "with its boundary");
    } else {
        body_type(r, q, type);
    }
    read_multipart(r, v, c);
    free(type);
}

/* What is known of the body's size before the run. */
static void body_size(struct reader *r, const struct request *q)
{
    uint64_t most = r->plan->http.max_request_bytes, n = 0;

    for (size_t i = 0; i < q->body.n; i++) {
        const struct value_part *p = &q->body.parts[i];

        n += p->kind == VALUE_LITERAL ? p->len
             : p->kind == VALUE_FILE  ? r->plan->files[p->index].n
                                      : 0;
    }
    if (n > most) {
        reader_fail(r,
                    "%s%llu bytes, and http.maxRequestBytes is %llu: raise it, "
                    "or send less",
                    q->body.fixed ? "" : "at least ", (unsigned long long)n,
                    (unsigned long long)most);
    }
}

void read_body(struct reader *r, const cJSON *v, struct request *q)
{
    const char *kind = body_kind(r, v), *text = NULL;
    const cJSON *m = kind == NULL ? NULL : reader_get(v, kind);
    struct compile c;
    size_t mark;

    if (kind == NULL) {
        return;
    }
    mark = reader_enter(r, kind);
    if (strcmp(q->method, "HEAD") == 0) {
        reader_fail(r, "a HEAD request has no body");
    }
    compile_init(&c, PLAN_BODY_MAX);
    if (strcmp(kind, "json") == 0) {
        body_json(r, m, &c);
        if (!r->default_type) {
            body_type(r, q, "application/json");
        }
    } else if (strcmp(kind, "form") == 0) {
        read_pairs(r, m, &c);
        body_type(r, q, "application/x-www-form-urlencoded");
    } else if (strcmp(kind, "body_file") == 0) {
        read_body_file(r, m, &c);
    } else if (strcmp(kind, "multipart") == 0) {
        body_multipart(r, m, q, &c);
    } else if (reader_string(r, m, &text)) {
        (void)compile_text(r, &c, text, ESCAPE_NONE);
    }
    (void)compile_done(r, &c, &q->body);
    q->has_body = true;
    body_size(r, q);
    reader_leave(r, mark);
}
