/* SPDX-License-Identifier: MIT
 *
 * prepared - one buffer holds all the text, because it is the unit that is
 * pooled: a VU that thinks holds none. Places are offsets until the text has
 * stopped growing. */
#include "config.h"

#include "load/prepared.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/xalloc.h"
#include "load/head.h"

/* A pooled buffer that grew beyond this for one large body is not kept. */
#define PREPARED_KEEP (256u << 10)

static struct prepared *prepared_new(void)
{
    struct prepared *p = xcalloc(1, sizeof *p);

    buf_init(&p->text, PREPARED_TEXT_MAX);
    return p;
}

void prepared_free(struct prepared **p)
{
    if (*p == NULL) {
        return;
    }
    buf_clear(&(*p)->text);
    free((*p)->line_at);
    free((*p)->lines);
    free(*p);
    *p = NULL;
}

struct prepared *prepared_get(struct prepared_pool *pool)
{
    struct prepared *p = pool->free;

    if (p == NULL) {
        return prepared_new();
    }
    pool->free = p->next;
    p->next = NULL;
    return p;
}

void prepared_put(struct prepared_pool *pool, struct prepared **pp)
{
    struct prepared *p = *pp;

    if (p == NULL) {
        return;
    }
    *pp = NULL;
    if (p->text.cap > PREPARED_KEEP) {
        buf_clear(&p->text);
    } else {
        buf_reset(&p->text);
    }
    p->n_lines = 0;
    p->jar_line = 0;
    p->has_body = false;
    p->shared = NULL;
    p->next = pool->free;
    pool->free = p;
}

void prepared_pool_clear(struct prepared_pool *pool)
{
    while (pool->free != NULL) {
        struct prepared *p = pool->free;

        pool->free = p->next;
        prepared_free(&p);
    }
}

static void prepared_line_begin(struct prepared *p)
{
    p->line_at = xgrow(p->line_at, p->n_lines, &p->cap_at, sizeof *p->line_at);
    p->line_at[p->n_lines++] = p->text.len;
}

static void prepared_line_drop(struct prepared *p)
{
    p->text.len = p->line_at[--p->n_lines];
}

/* The text stands still from here on. */
static void prepared_settle(struct prepared *p)
{
    if (p->n_lines > p->cap_lines) {
        p->lines = xreallocarray(p->lines, p->n_lines, sizeof *p->lines);
        p->cap_lines = p->n_lines;
    }
    for (size_t i = 0; i < p->n_lines; i++) {
        p->lines[i] = p->text.data + p->line_at[i];
    }
}

static bool prepared_fill_header(struct prepared *p, const struct header *h,
                                 struct expand *x)
{
    bool blank;

    prepared_line_begin(p);
    buf_adds(&p->text, h->name);
    buf_adds(&p->text, ": ");
    if (!expand_value(x, &h->value, &p->text, &blank)) {
        return false;
    }
    if (blank && h->optional) {
        prepared_line_drop(p);
        return true;
    }
    return buf_addc(&p->text, '\0');
}

static bool prepared_fill_url(struct prepared *p, const struct request *r,
                              struct expand *x)
{
    p->url = p->text.len;
    if (!expand_value(x, &r->url, &p->text, NULL)) {
        return false;
    }
    if (p->text.len - p->url > PREPARED_URL_MAX) {
        (void)snprintf(x->why, sizeof x->why, "the URL is longer than %u bytes",
                       PREPARED_URL_MAX);
        return false;
    }
    return buf_addc(&p->text, '\0');
}

static bool prepared_fill_body(struct prepared *p, const struct request *r,
                               struct expand *x)
{
    const struct value *v = &r->body;

    p->has_body = r->has_body;
    p->body = p->text.len;
    p->body_len = 0;
    if (v->n == 1 && v->parts[0].kind == VALUE_FILE) {
        const struct plan_file *f = &x->plan->files[v->parts[0].index];

        p->shared = f->data;
        p->body_len = f->n;
        return true;
    }
    if (r->has_body && !expand_value(x, v, &p->text, NULL)) {
        return false;
    }
    p->body_len = p->text.len - p->body;
    if (p->body_len > x->plan->http.max_request_bytes) {
        (void)snprintf(x->why, sizeof x->why,
                       "the body has more than the %llu bytes of "
                       "http.maxRequestBytes",
                       (unsigned long long)x->plan->http.max_request_bytes);
        return false;
    }
    return true;
}

bool prepared_fill(struct prepared *p, const struct request *r,
                   struct expand *x)
{
    p->method = r->method;
    if (!prepared_fill_url(p, r, x)) {
        return false;
    }
    for (size_t i = 0; i < r->n_headers; i++) {
        if (!prepared_fill_header(p, &r->headers[i], x)) {
            return false;
        }
    }
    if (!prepared_fill_body(p, r, x)) {
        return false;
    }
    prepared_settle(p);
    return true;
}

/* Does a header line of ours outlive the hop? */
static bool prepared_keeps(const char *line, const struct prepared_hop *hop)
{
    static const char *const of_body[] = {
        "content-type", "content-length", "content-encoding",
        "content-language", "content-location"};
    struct head_text name = {line, strcspn(line, ":")};

    if (!hop->keep_secrets &&
        (head_is_secret(&name) || head_name_is(&name, "host"))) {
        return false;
    }
    if (hop->drop_auth && head_name_is(&name, "authorization")) {
        return false;
    }
    for (size_t i = 0;
         !hop->keep_body && i < sizeof of_body / sizeof of_body[0]; i++) {
        if (head_name_is(&name, of_body[i])) {
            return false;
        }
    }
    return true;
}

/* The i-th line as the plan has it: what a jar added is for one hop. NULL: it
 * was the jar's alone. */
static const char *prepared_own_line(const struct prepared *p, size_t i)
{
    if (i + 1 != p->jar_line) {
        return p->lines[i];
    }
    return p->own_cookie != SIZE_MAX ? p->text.data + p->own_cookie : NULL;
}

void prepared_follow(struct prepared *p, const struct prepared *from,
                     const struct prepared_hop *hop)
{
    p->method = hop->method;
    p->url = p->text.len;
    buf_add(&p->text, hop->url, strlen(hop->url) + 1);
    for (size_t i = 0; i < from->n_lines; i++) {
        const char *line = prepared_own_line(from, i);

        if (line != NULL && prepared_keeps(line, hop)) {
            prepared_line_begin(p);
            buf_add(&p->text, line, strlen(line) + 1);
        }
    }
    p->has_body = from->has_body && hop->keep_body;
    p->body = p->text.len;
    p->body_len = 0;
    if (p->has_body) {
        p->shared = from->shared;
        p->body_len = from->body_len;
        if (p->shared == NULL) {
            buf_add(&p->text, from->text.data + from->body, from->body_len);
        }
    }
    prepared_settle(p);
}

void prepared_copy(struct prepared *p, const struct prepared *from)
{
    struct prepared_hop same = {.method = from->method,
                                .url = prepared_url(from),
                                .keep_body = true,
                                .keep_secrets = true};

    prepared_follow(p, from, &same);
}

/* The Cookie line's place, or n_lines. */
static size_t prepared_cookie_line(const struct prepared *p)
{
    size_t i = 0;

    while (i < p->n_lines && strncasecmp(p->lines[i], "cookie:", 7) != 0) {
        i++;
    }
    return i;
}

const char *prepared_cookie(const struct prepared *p)
{
    size_t i = prepared_cookie_line(p);
    const char *line = i < p->n_lines ? prepared_own_line(p, i) : NULL;

    return line != NULL ? line + 7 + strspn(line + 7, " ") : NULL;
}

void prepared_set_cookie(struct prepared *p, const char *value)
{
    size_t i = prepared_cookie_line(p);

    p->own_cookie = i < p->n_lines ? p->line_at[i] : SIZE_MAX;
    if (i == p->n_lines) {
        prepared_line_begin(p);
    }
    p->line_at[i] = p->text.len;
    p->jar_line = i + 1;
    buf_adds(&p->text, "Cookie: ");
    buf_add(&p->text, value, strlen(value) + 1);
    prepared_settle(p);
}

void prepared_add_line(struct prepared *p, const char *line)
{
    prepared_line_begin(p);
    buf_add(&p->text, line, strlen(line) + 1);
    prepared_settle(p);
}

const char *prepared_url(const struct prepared *p)
{
    return p->text.data + p->url;
}

void prepared_call(const struct prepared *p, struct call *c)
{
    c->method = p->method;
    c->url = prepared_url(p);
    c->headers = p->lines;
    c->n_headers = p->n_lines;
    c->body = p->shared != NULL ? p->shared
              : p->has_body     ? p->text.data + p->body
                                : NULL;
    c->body_len = p->body_len;
    c->has_body = p->has_body;
}
