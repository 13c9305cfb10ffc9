/* SPDX-License-Identifier: MIT
 *
 * read_headers - a request's headers, and who asks: what auth says becomes one
 * of them. */
#include "config.h"

#include "plan/read.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "plan/compile.h"
#include "plan/plan_internal.h"

#define HEADERS_MAX 100

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

static bool header_name_ok(struct reader *r, const char *name)
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

static bool header_breaks(const char *s, size_t n)
{
    return n > 0 && (memchr(s, '\r', n) != NULL || memchr(s, '\n', n) != NULL);
}

/* One of the elements that are put in by chance has a line break. */
static bool header_data_breaks(const struct plan_data *d)
{
    for (size_t i = 0; i < d->n; i++) {
        if (header_breaks(d->values[i], strlen(d->values[i]))) {
            return true;
        }
    }
    return false;
}

void read_one_line(struct reader *r, struct compile *c)
{
    bool breaks = header_breaks(buf_str(&c->literal), c->literal.len);

    for (size_t i = 0; i < c->value.n; i++) {
        struct value_part *p = &c->value.parts[i];

        if (p->kind == VALUE_LITERAL) {
            breaks = breaks || header_breaks(p->text, p->len);
            continue;
        }
        p->escape = ESCAPE_LINE;
        if (p->kind == VALUE_DATA &&
            header_data_breaks(&r->plan->data[p->index])) {
            reader_fail(r,
                        "a header's value has no line breaks, and an element "
                        "of data '%.120s' has one",
                        r->plan->data[p->index].name);
        }
    }
    if (breaks) {
        reader_fail(r, "a header's value has no line breaks");
    }
}

static void header_one(struct reader *r, const cJSON *m, struct header **list,
                       size_t *n)
{
    struct compile c;
    char *text = reader_scalar(r, m);

    if (text == NULL) {
        return;
    }
    compile_init(&c, READ_HEADER_BYTES);
    if (compile_text(r, &c, text, ESCAPE_NONE)) {
        read_one_line(r, &c);
        read_put_header(r, list, n, m->string, &c);
    }
    compile_clear(&c);
    free(text);
}

void read_headers(struct reader *r, const cJSON *v, struct header **list,
                  size_t *n)
{
    const cJSON *m;

    if (!reader_names(r, v, "headers", HEADERS_MAX)) {
        return;
    }
    cJSON_ArrayForEach(m, v)
    {
        size_t mark;

        if (!header_name_ok(r, m->string)) {
            continue;
        }
        if (read_has_header(*list, *n, m->string)) {
            reader_fail_key(r, m->string, "this header is given twice");
            continue;
        }
        mark = reader_enter(r, m->string);
        header_one(r, m, list, n);
        reader_leave(r, mark);
    }
}

/* A member that is known before the run, owned by the caller; NULL: it is not
 * there or wrong, and that is reported. */
static char *auth_settled(struct reader *r, const cJSON *v, const char *key)
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
    if (out != NULL && header_breaks(out, strlen(out))) {
        reader_fail(r, "a user name or password has no line breaks");
    }
    free(text);
    reader_leave(r, mark);
    return out;
}

/* {"user", "password"} of basic and digest; both are the caller's. false: a
 * mistake, reported, or an object that is none. */
static bool auth_credentials(struct reader *r, const cJSON *v,
                             struct credentials *c)
{
    if (!reader_object(r, v, KEY_BASIC)) {
        return false;
    }
    c->user = auth_settled(r, v, "user");
    c->password = auth_settled(r, v, "password");
    return c->user != NULL && c->password != NULL;
}

static void auth_basic(struct reader *r, const cJSON *v, struct header **list,
                       size_t *n)
{
    struct credentials who = {NULL, NULL};
    struct compile c;
    struct buf pair;

    buf_init(&pair, READ_HEADER_BYTES / 2);
    compile_init(&c, READ_HEADER_BYTES);
    if (auth_credentials(r, v, &who)) {
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

static void auth_bearer(struct reader *r, const cJSON *v, struct header **list,
                        size_t *n)
{
    const char *token = NULL;
    struct compile c;

    if (!reader_string(r, v, &token)) {
        return;
    }
    compile_init(&c, READ_HEADER_BYTES);
    if (*token != '\0') {
        compile_literal(&c, "Bearer ");
    }
    if (compile_text(r, &c, token, ESCAPE_NONE)) {
        read_one_line(r, &c);
        read_put_header(r, list, n, "Authorization", &c);
    }
    compile_clear(&c);
}

/* Without parts: it is not sent, nor is the default. */
static void auth_none(struct reader *r, struct header **list, size_t *n)
{
    struct compile c;

    compile_init(&c, READ_HEADER_BYTES);
    read_put_header(r, list, n, "Authorization", &c);
    compile_clear(&c);
}

/* Which way it is, and no second one; NULL: neither, reported. */
static const char *auth_way(struct reader *r, const cJSON *v)
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
    const char *way = cJSON_IsNull(v) ? NULL : auth_way(r, v);
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
        auth_none(r, list, n);
        return;
    }
    m = reader_get(v, way);
    mark = reader_enter(r, way);
    if (strcmp(way, "basic") == 0) {
        auth_basic(r, m, list, n);
    } else if (strcmp(way, "bearer") == 0) {
        auth_bearer(r, m, list, n);
    } else {
        if (auth_credentials(r, m, &who)) {
            *digest = credentials_copy(&who);
        }
        free(who.user);
        free(who.password);
        auth_none(r, list, n);
    }
    reader_leave(r, mark);
}
