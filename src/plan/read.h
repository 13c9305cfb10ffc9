/* SPDX-License-Identifier: MIT
 *
 * read - the parts of the plan's parser, each a file of its own. All take the
 * value at the reader's path, report what is wrong with it, and put what is
 * right into the plan. Inside this room only. */
#ifndef PLAN_READ_H
#define PLAN_READ_H

#include "plan/reader.h"

#define READ_HEADER_BYTES 8192 /* of a header's value */

/* The plan's top level: everything below (read_plan.c). */
void read_plan(struct reader *r, const cJSON *doc, const struct plan_input *in);

/* env and the settings that go into them (read_env.c). */
void read_env(struct reader *r, const cJSON *doc, const struct plan_input *in);
/* secrets, once all that could be one is known (read_env.c). */
void read_secrets(struct reader *r, const cJSON *v);
/* data (read_data.c). */
void read_data(struct reader *r, const cJSON *v);
/* The path of a file, or folder, that is there and can be read, owned by the
 * caller. NULL: it is not, and that is reported (read_file.c). */
char *read_file_name(struct reader *r, const cJSON *v, bool folder);
/* The run reads that file (copied): nothing is to be written over it
 * (read_file.c). */
void read_source(struct reader *r, const char *path);
/* Reads it whole into b, whose maximum bounds it (read_file.c). */
bool read_file_whole(struct reader *r, const char *path, struct buf *b);
/* What http says of connections (read_dial.c). */
void read_dial(struct reader *r, const cJSON *v);
/* http, but for its headers (read_http.c). */
void read_http(struct reader *r, const cJSON *v);
/* http's headers and auth into the reader's defaults (read_http.c). */
void read_http_headers(struct reader *r, const cJSON *v);
/* Gives every request from `from` on the default headers it does not override,
 * but for those whose variables it cannot have: setup goes without what it
 * extracts itself, vu_setup too, and teardown without what vu_setup extracts
 * (read_http.c). */
void read_merge_headers(struct reader *r, size_t from);

/* What http.headers use of data files counts for flow too (read_steps.c). */
void read_default_data(struct reader *r, struct flow *flow);
/* A list of steps into a flow of that name (read_steps.c). */
void read_steps(struct reader *r, const cJSON *v, const char *name,
                struct flow *flow);

/* A request step; borrowed from the plan. NULL when it has no method and URL
 * (read_request.c). */
const struct request *read_request(struct reader *r, const cJSON *v,
                                   const char *group);
/* Its headers and auth (read_headers.c), and its body (read_body.c). */
void read_headers(struct reader *r, const cJSON *v, struct header **list,
                  size_t *n);
/* What auth asks for becomes a header of the list; with null and with digest,
 * an Authorization without parts, and with digest *digest is set. */
void read_auth(struct reader *r, const cJSON *v, struct header **list,
               size_t *n, struct credentials **digest);
void read_body(struct reader *r, const cJSON *v, struct request *q);
/* "key=value&…" of an object of scalars into a value (read_body.c). */
struct compile;
void read_pairs(struct reader *r, const cJSON *v, struct compile *c);
/* Adds a header of that value; takes c. One that is not sent is kept without
 * parts until the defaults have been merged: it overrides one of them
 * (read_headers.c). */
void read_put_header(struct reader *r, struct header **list, size_t *n,
                     const char *name, struct compile *c);
/* Makes c, of texts compiled as they are, a header's value: line breaks that
 * are known now are mistakes, those of the run are for expand_value. */
void read_one_line(struct reader *r, struct compile *c);
/* A token of RFC 9110: what a header's or cookie's name is. */
bool read_is_token(const char *s);
/* http.cookies, and a request's own (read_cookies.c). */
void read_jar(struct reader *r, const cJSON *v);
void read_cookies(struct reader *r, const cJSON *v, struct request *q);
/* The bytes of a file, and parts, into a body (read_parts.c). */
void read_body_file(struct reader *r, const cJSON *v, struct compile *c);
void read_multipart(struct reader *r, const cJSON *v, struct compile *c);
/* The type of such a body, owned by the caller (read_parts.c). */
char *read_multipart_type(const struct reader *r);
/* "auto", "direct" or "libcurl" (read_http.c). */
void read_lane(struct reader *r, const cJSON *v, enum plan_lane *lane);
/* Does the list have a header of that name? */
bool read_has_header(const struct header *list, size_t n, const char *name);
/* A regular expression in a member; owned by the caller; NULL: not there or
 * wrong, which is reported (read_check.c). */
struct regexp *read_regexp(struct reader *r, const cJSON *v, const char *key);
/* Its checks (read_check.c). */
void read_checks(struct reader *r, const cJSON *v, struct request *q);
/* What it extracts, and the metrics it feeds (read_feed.c). */
void read_extracts(struct reader *r, const cJSON *v, struct request *q);
void read_feeds(struct reader *r, const cJSON *v, struct request *q);

/* A flow of that name into the plan's; what setup extracts is visible in it
 * (read_plan.c). */
void read_flow(struct reader *r, const cJSON *v, const char *name);
/* An object of tags into a new list, owned by the caller (read_tags.c). */
void read_tags(struct reader *r, const cJSON *v, struct tag **list, size_t *n);
/* A request's own tags, and those of its scenario and the plan that it does not
 * override (read_tags.c). */
void read_request_tags(struct reader *r, const cJSON *v, struct request *q);
/* What a scenario says of the plan's variables (read_tags.c). */
void read_scenario_env(struct reader *r, const cJSON *v, struct scenario *s);
/* http.headers once more, with variables as they are now (read_plan.c). */
void read_headers_again(struct reader *r);
/* scenarios (read_lineup.c). */
void read_scenarios(struct reader *r, const cJSON *v);
/* One of them, which has its name and index (read_scenario.c). */
void read_scenario(struct reader *r, const cJSON *v, struct scenario *s);
/* thresholds (read_threshold.c). */
void read_thresholds(struct reader *r, const cJSON *v);
/* "metric{tag:value}" checked against the plan (selector.c). false: a mistake,
 * reported; *s is then empty. */
bool read_selector(struct reader *r, const char *text, struct selector *s);
/* baselines (read_baseline.c). */
void read_baselines(struct reader *r, const cJSON *v);
/* verdict (read_verdict.c). */
void read_verdict(struct reader *r, const cJSON *v);

#endif
