/* SPDX-License-Identifier: MIT
 *
 * read_request - a request step of the plan. */
#include "config.h"

#include "plan/read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "plan/compile.h"
#include "plan/url.h"

#define REQUEST_URL_MAX        16384 /* bytes, without what is put in */
#define REQUEST_TIMEOUT_MAX_US (UINT64_C(3600) * 1000000)
#define REQUEST_REDIRECTS_MAX  100
#define REQUEST_STATUSES_MAX   100

static const struct {
    const char *key, *method;
} request_methods[] = {
    {"get", "GET"},         {"post", "POST"},     {"put", "PUT"},
    {"patch", "PATCH"},     {"delete", "DELETE"}, {"head", "HEAD"},
    {"options", "OPTIONS"},
};

static const size_t request_n_methods =
    sizeof request_methods / sizeof request_methods[0];

/* Method and URL as written; false when there is none. */
static bool request_method(struct reader *r, const cJSON *v, struct request *q,
                           const char **key, const char **url)
{
    *key = NULL;
    for (size_t i = 0; i < request_n_methods; i++) {
        const char *k = request_methods[i].key;

        if (reader_get(v, k) == NULL) {
            continue;
        }
        if (*key != NULL) {
            reader_fail_key(r, k,
                            "a step makes one request, and this one is "
                            "a %s already",
                            *key);
            continue;
        }
        *key = k;
        q->method = request_methods[i].method;
    }
    return *key != NULL && reader_m_string(r, v, *key, url);
}

/* What stands before anything that is known at run time only must begin a URL
 * that can be requested. */
static void request_check_url(struct reader *r, const struct value *url)
{
    const char *wrong;

    if (url->n > 0 && url->parts[0].kind != VALUE_LITERAL) {
        return;
    }
    if (url->n == 0) {
        reader_fail(r, "the URL is empty");
        return;
    }
    wrong = url_wrong(url->parts[0].text, url->n == 1);
    if (wrong != NULL) {
        reader_fail(r, "'%.120s' %s", url->parts[0].text, wrong);
    }
}

static void request_url(struct reader *r, const char *url, struct request *q)
{
    /* A fragment is never sent. */
    char *text = xstrndup(url, strcspn(url, "#"));
    struct compile c;

    compile_init(&c, REQUEST_URL_MAX);
    if (compile_url(r, &c, text) && compile_done(r, &c, &q->url)) {
        request_check_url(r, &q->url);
    }
    compile_clear(&c);
    free(text);
}

static bool request_has_query(const struct value *url)
{
    for (size_t i = 0; i < url->n; i++) {
        const struct value_part *p = &url->parts[i];

        if (p->kind == VALUE_LITERAL && strchr(p->text, '?') != NULL) {
            return true;
        }
    }
    return false;
}

/* Goes behind the query that the URL itself may have. */
static void request_query(struct reader *r, const cJSON *v, struct request *q)
{
    struct compile mark, pairs;
    struct value sign, more;

    compile_init(&mark, 1);
    compile_literal(&mark, request_has_query(&q->url) ? "&" : "?");
    (void)compile_done(r, &mark, &sign);
    compile_init(&pairs, REQUEST_URL_MAX);
    read_pairs(r, v, &pairs);
    (void)compile_done(r, &pairs, &more);
    if (more.n > 0) {
        value_join(&q->url, &sign);
        value_join(&q->url, &more);
    }
    value_clear(&sign);
    value_clear(&more);
}

static void request_add_status(struct request *q, int lo, int hi)
{
    q->expected =
        xreallocarray(q->expected, q->n_expected + 1, sizeof *q->expected);
    q->expected[q->n_expected++] = (struct status_range){lo, hi};
}

/* 200, or "200-299". */
static void request_status(struct reader *r, const cJSON *v, struct request *q)
{
    uint64_t lo = 0, hi = 0;
    char from[4] = "";

    if (cJSON_IsNumber(v)) {
        if (reader_u64(r, v, 100, 599, &lo)) {
            request_add_status(q, (int)lo, (int)lo);
        }
        return;
    }
    if (!cJSON_IsString(v)) {
        reader_fail(r, "expected a status such as 200 or \"200-299\", not %s",
                    reader_kind(v));
        return;
    }
    (void)snprintf(from, sizeof from, "%.3s", v->valuestring);
    if (strlen(v->valuestring) != 7 || v->valuestring[3] != '-' ||
        !num_u64(from, 100, 599, &lo) ||
        !num_u64(v->valuestring + 4, 100, 599, &hi) || lo > hi) {
        reader_fail(r, "'%.120s' is no range of statuses (such as \"200-299\")",
                    v->valuestring);
        return;
    }
    request_add_status(q, (int)lo, (int)hi);
}

static void request_expected(struct reader *r, const cJSON *v,
                             struct request *q)
{
    const cJSON *m;
    size_t i = 0;

    if (!cJSON_IsArray(v)) {
        request_status(r, v, q);
        return;
    }
    if (!reader_array(r, v, "statuses", REQUEST_STATUSES_MAX)) {
        return;
    }
    cJSON_ArrayForEach(m, v)
    {
        size_t mark = reader_enter_index(r, i++);

        request_status(r, m, q);
        reader_leave(r, mark);
    }
}

static void request_sse(struct reader *r, const cJSON *v, struct request *q)
{
    const char *s = NULL;

    if (cJSON_IsBool(v)) {
        q->sse.on = cJSON_IsTrue(v) != 0;
        return;
    }
    if (!cJSON_IsObject(v)) {
        reader_fail(
            r,
            "expected true, or an object with until, error and first, not "
            "%s",
            reader_kind(v));
        return;
    }
    (void)reader_object(r, v, KEY_SSE);
    q->sse.on = true;
    if (reader_m_name(r, v, "until", &s)) {
        q->sse.until = xstrdup(s);
    }
    if (reader_m_name(r, v, "error", &s)) {
        q->sse.error = xstrdup(s);
    }
    if (reader_m_name(r, v, "first", &s)) {
        q->sse.first = xstrdup(s);
    }
}

static unsigned request_name_index(struct reader *r, const char *name)
{
    struct plan *p = r->plan;

    for (size_t i = 0; i < p->n_names; i++) {
        if (strcmp(p->names[i], name) == 0) {
            return (unsigned)i;
        }
    }
    p->names = xgrow(p->names, p->n_names, &r->names_cap, sizeof *p->names);
    p->names[p->n_names] = xstrdup(name);
    return (unsigned)p->n_names++;
}

/* Without a name of its own: method and URL as written, so that ids in a URL
 * do not multiply names. */
static void request_name(struct reader *r, const cJSON *v, const char *url,
                         struct request *q)
{
    const char *name = NULL;

    if (reader_m_name(r, v, "name", &name)) {
        q->name = xstrdup(name);
    } else {
        q->name = xasprintf("%s %s", q->method, url);
        if (strlen(q->name) > PLAN_NAME_MAX) {
            q->name[text_fit(q->name, PLAN_NAME_MAX / 2)] = '\0';
        }
    }
    q->name_index = request_name_index(r, q->name);
}

typedef void request_part_fn(struct reader *r, const cJSON *v,
                             struct request *q);

static void request_headers(struct reader *r, const cJSON *v, struct request *q)
{
    read_headers(r, v, &q->headers, &q->n_headers);
}

static void request_auth(struct reader *r, const cJSON *v, struct request *q)
{
    read_auth(r, v, &q->headers, &q->n_headers, &q->digest);
}

/* In this order: auth and body look at the headers, checks at sse. */
static const struct {
    const char *key;
    request_part_fn *read;
} request_parts[] = {
    {"query", request_query},
    {"headers", request_headers},
    {"auth", request_auth},
    {"cookies", read_cookies},
    {"expected_status", request_expected},
    {"sse", request_sse},
    {"checks", read_checks},
    {"extract", read_extracts},
    {"metrics", read_feeds},
};

static bool request_keeps_body(const struct request *q)
{
    for (size_t i = 0; i < q->n_checks; i++) {
        if (check_needs_body(&q->checks[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < q->n_feeds; i++) {
        if (q->feeds[i].json != NULL) {
            return true;
        }
    }
    for (size_t i = 0; i < q->n_extracts; i++) {
        if (extract_needs_body(&q->extracts[i])) {
            return true;
        }
    }
    return false;
}

static void request_lane(struct reader *r, const cJSON *v, struct request *q)
{
    const cJSON *m = reader_get(v, "lane");
    size_t mark;

    q->lane = r->plan->http.lane;
    if (m == NULL) {
        return;
    }
    mark = reader_enter(r, "lane");
    read_lane(r, m, &q->lane);
    if (q->lane == PLAN_LANE_DIRECT && r->plan->http.compression) {
        reader_fail(r, "http.compression is libcurl's work");
    }
    reader_leave(r, mark);
}

static void request_rest(struct reader *r, const cJSON *v, struct request *q)
{
    uint64_t redirects = r->plan->http.max_redirects;

    q->timeout_us = r->plan->http.timeout_us;
    (void)reader_m_duration(r, v, "timeout", 1000, REQUEST_TIMEOUT_MAX_US,
                            &q->timeout_us);
    (void)reader_m_u64(r, v, "redirects", 0, REQUEST_REDIRECTS_MAX, &redirects);
    q->max_redirects = (unsigned)redirects;
    for (size_t i = 0; i < sizeof request_parts / sizeof request_parts[0];
         i++) {
        const cJSON *m = reader_get(v, request_parts[i].key);

        if (m != NULL) {
            size_t mark = reader_enter(r, request_parts[i].key);

            request_parts[i].read(r, m, q);
            reader_leave(r, mark);
        }
    }
    request_lane(r, v, q);
    read_body(r, v, q);
    read_request_tags(r, v, q);
    if (q->n_expected == 0) {
        request_add_status(q, 200, 399);
    }
    q->keep_body = request_keeps_body(q);
}

const struct request *read_request(struct reader *r, const cJSON *v,
                                   const char *group)
{
    struct plan *p = r->plan;
    const char *key, *url;
    struct request *q;
    size_t mark;

    if (p->n_requests >= PLAN_REQUESTS_MAX) {
        reader_fail(r, "more than %d requests", PLAN_REQUESTS_MAX);
        return NULL;
    }
    q = xcalloc(1, sizeof *q);
    (void)reader_object(r, v, KEY_REQUEST);
    if (!request_method(r, v, q, &key, &url)) {
        free(q);
        return NULL;
    }
    p->requests = xgrow(p->requests, p->n_requests, &r->requests_cap,
                        sizeof *p->requests);
    q->index = (unsigned)p->n_requests;
    q->lineup = r->own.lineup;
    q->scenario = r->own.scenario;
    p->requests[p->n_requests++] = q;
    r->own.twin++;
    q->group = xstrdup(group);
    request_name(r, v, url, q);
    mark = reader_enter(r, key);
    request_url(r, url, q);
    reader_leave(r, mark);
    request_rest(r, v, q);
    return q;
}
