/* SPDX-License-Identifier: MIT
 *
 * read_http - what holds for every request. */
#include "config.h"

#include "plan/read.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/xalloc.h"
#include "plan/compile.h"

#define HTTP_TIMEOUT_US     (UINT64_C(60) * 1000000)
#define HTTP_TIMEOUT_MAX_US (UINT64_C(3600) * 1000000)
#define HTTP_REDIRECTS      10
#define HTTP_RESPONSE_MAX   (UINT64_C(1) << 32)
#define HTTP_REQUEST_MAX    (UINT64_C(60) << 20)
#define HTTP_REDIRECTS_MAX  100

static void http_reuse(struct reader *r, const cJSON *v)
{
    static const char *const words[] = {
        [REUSE_VU] = "vu",
        [REUSE_ITERATION] = "iteration",
        [REUSE_NEVER] = "never",
    };
    const char *s = NULL;
    char hint[64];

    if (!reader_m_string(r, v, "reuse", &s)) {
        return;
    }
    if (strcmp(s, words[REUSE_VU]) == 0) {
        r->plan->http.reuse = REUSE_VU;
    } else if (strcmp(s, words[REUSE_ITERATION]) == 0) {
        r->plan->http.reuse = REUSE_ITERATION;
    } else if (strcmp(s, words[REUSE_NEVER]) == 0) {
        r->plan->http.reuse = REUSE_NEVER;
    } else {
        reader_fail_member(r, "reuse", "'%.120s' is not known%s", s,
                           reader_hint(hint, sizeof hint, s, words, 3));
    }
}

void read_lane(struct reader *r, const cJSON *v, enum plan_lane *lane)
{
    static const char *const words[] = {
        [PLAN_LANE_AUTO] = "auto",
        [PLAN_LANE_DIRECT] = "direct",
        [PLAN_LANE_LIBCURL] = "libcurl",
    };
    const char *s = NULL;
    char hint[64];

    if (!reader_string(r, v, &s)) {
        return;
    }
    for (int i = PLAN_LANE_AUTO; i <= PLAN_LANE_LIBCURL; i++) {
        if (strcmp(s, words[i]) == 0) {
            *lane = (enum plan_lane)i;
            return;
        }
    }
    reader_fail(r, "'%.120s' is not known%s", s,
                reader_hint(hint, sizeof hint, s, words, 3));
}

static void http_lane(struct reader *r, const cJSON *v)
{
    read_lane(r, v, &r->plan->http.lane);
}

/* How many bytes, and whether they are packed. */
static void http_bytes(struct reader *r, const cJSON *v)
{
    struct plan_http *http = &r->plan->http;

    (void)reader_m_bool(r, v, "compression", &http->compression);
    (void)reader_m_u64(r, v, "maxResponseBytes", 1, HTTP_RESPONSE_MAX,
                       &http->max_response_bytes);
    (void)reader_m_u64(r, v, "maxRequestBytes", 1, HTTP_REQUEST_MAX,
                       &http->max_request_bytes);
    if (http->compression && http->lane == PLAN_LANE_DIRECT) {
        reader_fail_key(r, "compression",
                        "is libcurl's work: leave out \"lane\": \"direct\"");
    }
}

void read_http(struct reader *r, const cJSON *v)
{
    struct plan_http *http = &r->plan->http;
    uint64_t redirects = HTTP_REDIRECTS;
    const cJSON *m;

    http->timeout_us = HTTP_TIMEOUT_US;
    http->max_redirects = HTTP_REDIRECTS;
    http->max_response_bytes = HTTP_RESPONSE_MAX;
    http->max_request_bytes = HTTP_REQUEST_MAX;
    if (v == NULL || !reader_object(r, v, KEY_HTTP)) {
        return;
    }
    (void)reader_m_duration(r, v, "timeout", 1000, HTTP_TIMEOUT_MAX_US,
                            &http->timeout_us);
    (void)reader_m_u64(r, v, "redirects", 0, HTTP_REDIRECTS_MAX, &redirects);
    http->max_redirects = (unsigned)redirects;
    read_dial(r, v);
    http_reuse(r, v);
    reader_m(r, v, "cookies", read_jar);
    reader_m(r, v, "lane", http_lane);
    http_bytes(r, v);
    cJSON_ArrayForEach(m, reader_get(v, "headers"))
    {
        if (m->string != NULL && strcasecmp(m->string, "Content-Type") == 0) {
            r->default_type = true;
        }
    }
}

static void http_headers(struct reader *r, const cJSON *v)
{
    read_headers(r, v, &r->defaults, &r->n_defaults);
}

static void http_auth(struct reader *r, const cJSON *v)
{
    if (cJSON_IsNull(v)) {
        reader_fail(r, "expected an object, not null: null switches this off "
                       "for one request, in its own auth");
        return;
    }
    credentials_free(&r->default_digest);
    read_auth(r, v, &r->defaults, &r->n_defaults, &r->default_digest);
}

void read_http_headers(struct reader *r, const cJSON *v)
{
    reader_m(r, v, "headers", http_headers);
    reader_m(r, v, "auth", http_auth);
}

/* Has it a variable that is none of the first n? */
static bool http_needs_var(const struct value *v, size_t n)
{
    for (size_t i = 0; i < v->n; i++) {
        if (v->parts[i].kind == VALUE_VAR && v->parts[i].index >= n) {
            return true;
        }
    }
    return false;
}

/* How many of the variables the i-th request can have by what was done before
 * it. */
static size_t http_vars(const struct reader *r, size_t i)
{
    if (i < r->setup_end) {
        return 0;
    }
    if (i < r->vu_setup_end || (i >= r->teardown_at && i < r->teardown_end)) {
        return r->n_setup_vars;
    }
    return r->n_vu_vars;
}

static bool http_is_fixed(const struct request *q)
{
    for (size_t i = 0; i < q->n_headers; i++) {
        if (!q->headers[i].value.fixed) {
            return false;
        }
    }
    return q->url.fixed && (!q->has_body || q->body.fixed);
}

static void http_merge(struct reader *r, struct request *q, size_t n_vars)
{
    struct header *list =
        xcalloc(r->n_defaults + q->n_headers + 1, sizeof *list);
    size_t n = 0;

    if (!read_has_header(q->headers, q->n_headers, "Authorization")) {
        q->digest = credentials_copy(r->default_digest);
    }
    for (size_t i = 0; i < r->n_defaults; i++) {
        const struct header *d = &r->defaults[i];

        if (d->value.n == 0 ||
            read_has_header(q->headers, q->n_headers, d->name) ||
            http_needs_var(&d->value, n_vars)) {
            continue;
        }
        list[n].name = xstrdup(d->name);
        list[n].optional = d->optional;
        value_copy(&list[n++].value, &d->value);
    }
    for (size_t i = 0; i < q->n_headers; i++) {
        if (q->headers[i].value.n == 0) {
            free(q->headers[i].name);
        } else {
            list[n++] = q->headers[i];
        }
    }
    free(q->headers);
    q->headers = list;
    q->n_headers = n;
    q->fixed = http_is_fixed(q);
}

void read_merge_headers(struct reader *r, size_t from)
{
    for (size_t i = from; i < r->plan->n_requests; i++) {
        http_merge(r, r->plan->requests[i], http_vars(r, i));
    }
}
