/* SPDX-License-Identifier: MIT
 *
 * request - the end of a request's life. */
#include "config.h"

#include "plan/request.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "plan/plan_internal.h"

struct credentials *credentials_copy(const struct credentials *c)
{
    struct credentials *copy;

    if (c == NULL) {
        return NULL;
    }
    copy = xcalloc(1, sizeof *copy);
    copy->user = xstrdup(c->user);
    copy->password = xstrdup(c->password);
    return copy;
}

void credentials_free(struct credentials **c)
{
    if (*c == NULL) {
        return;
    }
    free((*c)->user);
    free((*c)->password);
    free(*c);
    *c = NULL;
}

static void request_clear_checks(struct request *r)
{
    for (size_t i = 0; i < r->n_checks; i++) {
        struct check *c = &r->checks[i];

        free(c->name);
        free(c->contains);
        regexp_free(&c->regexp);
        free(c->json);
        cJSON_Delete(c->json_equals);
        free(c->header);
        free(c->header_equals);
        free(c->header_contains);
        free(c->sse);
    }
    free(r->checks);
}

void request_clear(struct request *r)
{
    for (size_t i = 0; i < r->n_headers; i++) {
        free(r->headers[i].name);
        value_clear(&r->headers[i].value);
    }
    free(r->headers);
    credentials_free(&r->digest);
    for (size_t i = 0; i < r->n_cookies; i++) {
        free(r->cookies[i].name);
    }
    free(r->cookies);
    for (size_t i = 0; i < r->n_extracts; i++) {
        free(r->extracts[i].name);
        free(r->extracts[i].by_default);
        regexp_free(&r->extracts[i].regexp);
    }
    free(r->extracts);
    for (size_t i = 0; i < r->n_feeds; i++) {
        free(r->feeds[i].json);
        free(r->feeds[i].name);
    }
    free(r->feeds);
    request_clear_checks(r);
    value_clear(&r->url);
    value_clear(&r->body);
    free(r->expected);
    tags_free(&r->tags, r->n_tags);
    free(r->name);
    free(r->group);
    free(r->sse.until);
    free(r->sse.error);
    free(r->sse.first);
}
