/* SPDX-License-Identifier: MIT
 *
 * request - one request of the plan as data, with what is asked of its
 * response. */
#ifndef PLAN_REQUEST_H
#define PLAN_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "base/regexp.h"
#include "plan/scenario.h"
#include "plan/value.h"

/* A header is not sent when all of it, or every ${…} in it, expands to nothing:
 * "Bearer ${TOKEN}" without a token. What is known before the run is settled
 * here: such a header is then not in the list, and one with an env variable
 * that is not empty is always sent. */
struct header {
    char *name; /* owned, as written */
    struct value value;
    bool optional; /* not sent when none of the parts that are no literal
                      expands to anything */
};

/* What a request says of one of the cookies in its Cookie header. */
struct request_cookie {
    char *name;   /* owned */
    bool replace; /* sent in the place of one of the VU's jar; else that one is
                     sent in its place */
};

/* Who answers a Digest challenge (RFC 7616). */
struct credentials {
    char *user, *password; /* owned */
};

/* Which lane carries a request. AUTO: the direct one where it can. */
enum plan_lane { PLAN_LANE_AUTO, PLAN_LANE_DIRECT, PLAN_LANE_LIBCURL };

enum json_type {
    JSON_ANY,
    JSON_STRING,
    JSON_NUMBER,
    JSON_BOOLEAN,
    JSON_ARRAY,
    JSON_OBJECT,
    JSON_NULL,
};

/* One named check; every condition that is set must hold. */
struct check {
    unsigned index;        /* place in plan->checks */
    char *name;            /* owned */
    int status;            /* 0 = not asked */
    char *contains;        /* in the body; NULL = not asked */
    struct regexp *regexp; /* owned; the body, or with header that header,
                              matches; NULL = not asked */
    uint64_t max_us;       /* longest duration; 0 = not asked */
    char *json;         /* JSON Pointer; NULL = not asked. Must exist, and: */
    cJSON *json_equals; /* NULL = any value */
    enum json_type json_type; /* JSON_ANY = any */
    uint64_t json_min_length; /* characters, elements or members */
    char *header;             /* response header's name; NULL = not asked */
    char *header_equals;      /* NULL = any value */
    char *header_contains;    /* NULL = any value */
    char *sse;                /* an event of this name came; NULL = not asked;
                                 "*" is any event */
    uint64_t sse_min_count;   /* at least so many, 1 by default */
};

/* Does the check need the body kept? */
static inline bool check_needs_body(const struct check *c)
{
    return c->contains != NULL || c->json != NULL ||
           (c->regexp != NULL && c->header == NULL);
}

/* Where a value is taken from. */
enum extract_from {
    EXTRACT_JSON,   /* what a JSON Pointer names in the body */
    EXTRACT_HEADER, /* the first response header of that name */
    EXTRACT_COOKIE, /* the last Set-Cookie of that name in the response */
    EXTRACT_REGEXP, /* the first match in the body */
};

struct extract {
    unsigned var; /* place in plan->vars */
    enum extract_from from;
    char *name;            /* owned: pointer, header or cookie */
    struct regexp *regexp; /* owned: EXTRACT_REGEXP */
    unsigned group;        /* of the match; 0 = all of it */
    char *by_default;      /* owned: when nothing is found; NULL: no value */
};

static inline bool extract_needs_body(const struct extract *e)
{
    return e->from == EXTRACT_JSON || e->from == EXTRACT_REGEXP;
}

enum feed_kind {
    FEED_DURATION, /* a trend of the request's duration, ms */
    FEED_FAILED,   /* a rate: 1 when the request or one of its checks failed */
    FEED_COUNT,    /* a counter: a number's value, an array's length */
    FEED_VALUE,    /* a trend of a number */
    FEED_HEADER,   /* a trend of the number in a header */
    FEED_SSE,      /* a trend of the time to the first event of a name, ms */
};

/* Of one request. */
#define FEED_SSE_MAX 64

struct feed {
    unsigned metric; /* metric id, >= METRIC_COUNT */
    enum feed_kind kind;
    char *json; /* JSON Pointer of FEED_COUNT and FEED_VALUE, owned */
    char *name; /* header or event of FEED_HEADER and FEED_SSE, owned */
};

/* Bounds of the statuses that are expected; default 200..399. */
struct status_range {
    int lo, hi;
};

struct sse_rule {
    bool on;
    char *until; /* event that completes the stream; NULL = its end does */
    char *error; /* event that makes it failed; NULL = none */
    char *first; /* event that sse_time_to_first_event counts to; NULL = any */
};

struct request {
    unsigned index; /* place in plan->requests */
    unsigned
        name_index; /* place in plan->names: requests of one name share it */
    int lineup;     /* a scenario that runs beside others, or has env or tags of
                       its own, has its flow's requests for it alone: its lineup
                       in plan->lineups; -1 = whichever scenario runs the flow */
    unsigned scenario; /* its index in that lineup; 0 for lineup -1 */
    struct tag *tags;  /* owned: its own, its scenario's and the plan's */
    size_t n_tags;
    const char *method;     /* static, "GET" */
    char *name;             /* owned */
    char *group;            /* owned: "" or "::outer::inner", k6's way */
    struct value url;       /* with the query appended */
    struct header *headers; /* owned; plan's http.headers, content type and auth
                               already merged in, this request's own win. In
                               setup without those of http.headers that hold
                               what setup itself extracts */
    size_t n_headers;
    struct request_cookie *cookies; /* owned: those of "cookies" */
    size_t n_cookies;
    struct credentials *digest; /* owned: a 401 with a Digest challenge is
                                   answered; no header of its own says
                                   Authorization then; NULL = it is not */
    struct value body;          /* n == 0: none */
    bool has_body;
    enum plan_lane lane;
    uint64_t timeout_us;
    unsigned max_redirects;
    struct status_range *expected; /* owned */
    size_t n_expected;
    struct sse_rule sse;
    struct check *checks; /* owned */
    size_t n_checks;
    struct extract *extracts; /* owned */
    size_t n_extracts;
    struct feed *feeds; /* owned */
    size_t n_feeds;
    bool keep_body; /* some check, extract or feed reads it */
    bool fixed;     /* method, URL, headers and body expand to the same bytes
                       each time */
};

/* A copy, owned by the caller; NULL of NULL. */
struct credentials *credentials_copy(const struct credentials *c);
/* Frees *c and sets it to NULL; *c may be NULL. */
void credentials_free(struct credentials **c);
/* Frees what r owns; r itself stays. */
void request_clear(struct request *r);

#endif
