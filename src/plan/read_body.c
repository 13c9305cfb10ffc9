/* SPDX-License-Identifier: MIT
 *
 * read_body - what a request sends: headers, auth and body. */
#include "config.h"

#include "plan/read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "plan/compile.h"
#include "plan/plan_internal.h"

#define BODY_HEADERS_MAX  100
#define BODY_HEADER_BYTES 8192
/* Whole numbers beyond this are not kept exactly by the JSON reader. */
#define BODY_EXACT_MAX 9007199254740992.0

bool read_has_header(const struct header *list, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcasecmp(list[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* RFC 9110: a token. */
bool read_is_token(const char *s)
{
    static const char marks[] = "!#$%&'*+-.^_`|~";

    if (*s == '\0') {
        return false;
    }
    for (; *s != '\0'; s++) {
        bool letter = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') ||
                      (*s >= '0' && *s <= '9');

        if (!letter && strchr(marks, *s) == NULL) {
            return false;
        }
    }
    return true;
}

static bool body_header_name_ok(struct reader *r, const char *name)
{
    if (!read_is_token(name)) {
        reader_fail_key(r, name, "not a header's name");
        return false;
    }
    if (strcasecmp(name, "Content-Length") == 0 ||
        strcasecmp(name, "Transfer-Encoding") == 0) {
        reader_fail_key(r, name, "made from the body: leave it out");
        return false;
    }
    return true;
}

void read_put_header(struct reader *r, struct header **list, size_t *n,
                     const char *name, struct compile *c)
{
    bool nothing = c->later == 0 && !c->settled_text &&
                   (c->settled > 0 || c->literal.len == 0);
    struct header *h;

    *list = xreallocarray(*list, *n + 1, sizeof **list);
    h = &(*list)[(*n)++];
    memset(h, 0, sizeof *h);
    h->name = xstrdup(name);
    h->optional = c->later > 0 && !c->settled_text;
    (void)compile_done(r, c, &h->value);
    if (nothing) {
        value_clear(&h->value);
    }
}

/* Of what is put in at run time they are left out (ESCAPE_LINE). */
static void body_one_line(struct reader *r, const char *text, const char *what)
{
    if (strpbrk(text, "\r\n") != NULL) {
        reader_fail(r, "%s has no line breaks", what);
    }
}

static void body_header(struct reader *r, const cJSON *m, struct header **list,
                        size_t *n)
{
    struct compile c;
    char *text = reader_scalar(r, m);

    if (text == NULL) {
        return;
    }
    compile_init(&c, BODY_HEADER_BYTES);
    if (compile_text(r, &c, text, ESCAPE_NONE)) {
        body_one_line(r, buf_str(&c.literal), "a header's value");
        for (size_t i = 0; i < c.value.n; i++) {
            c.value.parts[i].escape = ESCAPE_LINE;
        }
        read_put_header(r, list, n, m->string, &c);
    }
    compile_clear(&c);
    free(text);
}

void read_headers(struct reader *r, const cJSON *v, struct header **list,
                  size_t *n)
{
    const cJSON *m;

    if (!reader_names(r, v, "headers", BODY_HEADERS_MAX)) {
        return;
    }
    cJSON_ArrayForEach(m, v)
    {
        size_t mark;

        if (!body_header_name_ok(r, m->string)) {
            continue;
        }
        if (read_has_header(*list, *n, m->string)) {
            reader_fail_key(r, m->string, "this header is given twice");
            continue;
        }
        mark = reader_enter(r, m->string);
        body_header(r, m, list, n);
        reader_leave(r, mark);
    }
}

/* A member that is known before the run, owned by the caller; NULL: it is not
 * there or wrong, and that is reported. */
static char *body_settled(struct reader *r, const cJSON *v, const char *key)
{
    const cJSON *m = reader_get(v, key);
    char *out = NULL, *text;
    size_t mark;

    if (m == NULL) {
        reader_fail(r, "'%.120s' is missing", key);
        return NULL;
    }
    mark = reader_enter(r, key);
    text = reader_scalar(r, m);
    if (text != NULL) {
        out = compile_settled(r, text);
    }
    if (out != NULL) {
        body_one_line(r, out, "a user name or password");
    }
    free(text);
    reader_leave(r, mark);
    return out;
}

/* {"user", "password"} of basic and digest; both are the caller's. false: a
 * mistake, reported, or an object that is none. */
static bool body_credentials(struct reader *r, const cJSON *v,
                             struct credentials *c)
{
    if (!reader_object(r, v, KEY_BASIC)) {
        return false;
    }
    c->user = body_settled(r, v, "user");
    c->password = body_settled(r, v, "password");
    return c->user != NULL && c->password != NULL;
}

static void body_basic(struct reader *r, const cJSON *v, struct header **list,
                       size_t *n)
{
    struct credentials who = {NULL, NULL};
    struct compile c;
    struct buf pair;

    buf_init(&pair, BODY_HEADER_BYTES / 2);
    compile_init(&c, BODY_HEADER_BYTES);
    if (body_credentials(r, v, &who)) {
        if (strchr(who.user, ':') != NULL) {
            reader_fail(r, "a user name has no ':'");
        }
        (void)buf_addf(&pair, "%s:%s", who.user, who.password);
        if (*who.user != '\0' || *who.password != '\0') {
            compile_literal(&c, "Basic ");
            text_base64(&c.literal, buf_str(&pair), pair.len);
            plan_hide(r->plan, buf_str(&pair),
                      buf_str(&c.literal) + strlen("Basic "));
        }
        read_put_header(r, list, n, "Authorization", &c);
    }
    compile_clear(&c);
    buf_clear(&pair);
    free(who.user);
    free(who.password);
}

static void body_bearer(struct reader *r, const cJSON *v, struct header **list,
                        size_t *n)
{
    const char *token = NULL;
    struct compile c;

    if (!reader_string(r, v, &token)) {
        return;
    }
    compile_init(&c, BODY_HEADER_BYTES);
    if (*token != '\0') {
        compile_literal(&c, "Bearer ");
    }
    body_one_line(r, token, "a header's value");
    if (compile_text(r, &c, token, ESCAPE_LINE)) {
        read_put_header(r, list, n, "Authorization", &c);
    }
    compile_clear(&c);
}

/* Without parts: it is not sent, nor is the default. */
static void body_no_auth(struct reader *r, struct header **list, size_t *n)
{
    struct compile c;

    compile_init(&c, BODY_HEADER_BYTES);
    read_put_header(r, list, n, "Authorization", &c);
    compile_clear(&c);
}

/* Which way it is, and no second one; NULL: neither, reported. */
static const char *body_auth_way(struct reader *r, const cJSON *v)
{
    static const char *const ways[] = {"basic", "bearer", "digest"};
    size_t before = reader_mistakes(r), n = 0;
    const char *way = NULL;

    if (!reader_object(r, v, KEY_AUTH)) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (reader_get(v, ways[i]) != NULL) {
            way = ways[i];
            n++;
        }
    }
    if (n != 1 && reader_mistakes(r) == before) {
        reader_fail(r, "expected one of basic, bearer and digest");
    }
    return n == 1 ? way : NULL;
}

void read_auth(struct reader *r, const cJSON *v, struct header **list,
               size_t *n, struct credentials **digest)
{
    const char *way = cJSON_IsNull(v) ? NULL : body_auth_way(r, v);
    struct credentials who = {NULL, NULL};
    const cJSON *m;
    size_t mark;

    if (way == NULL && !cJSON_IsNull(v)) {
        return;
    }
    if (read_has_header(*list, *n, "Authorization")) {
        reader_fail(r, "headers have Authorization already");
        return;
    }
    if (way == NULL) {
        body_no_auth(r, list, n);
        return;
    }
    m = reader_get(v, way);
    mark = reader_enter(r, way);
    if (strcmp(way, "basic") == 0) {
        body_basic(r, m, list, n);
    } else if (strcmp(way, "bearer") == 0) {
        body_bearer(r, m, list, n);
    } else {
        if (body_credentials(r, m, &who)) {
            *digest = credentials_copy(&who);
        }
        free(who.user);
        free(who.password);
        body_no_auth(r, list, n);
    }
    reader_leave(r, mark);
}

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
    compile_init(&c, BODY_HEADER_BYTES);
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
