/* SPDX-License-Identifier: MIT
 *
 * caller - what the program's own calls share (net/fetch.h, net/post.h): a
 * handle of libcurl with the options of all of them, a call that can be ended
 * from outside, why it failed. Inside this room only. */
#ifndef NET_CALLER_H
#define NET_CALLER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include <curl/curl.h>

struct caller {
    CURLM *multi;
    CURL *easy;
    struct curl_slist *headers;
    char why[CURL_ERROR_SIZE]; /* as libcurl has it; "" = it did not say */
    atomic_bool stopped;
    bool (*over)(void *ctx); /* NULL = nobody is asked */
    void *over_ctx;
};

struct caller_config {
    const char *url;    /* http or https; borrowed, as the next */
    const char *cacert; /* PEM file of authorities; NULL = the system's */
    bool insecure;      /* certificates are not verified */
    long timeout_ms;    /* of a whole call */
};

/* Fails for want of memory, or by a mistake in the program. */
#define CALLER_OPTION(c, opt, value)                                           \
    caller_checked(curl_easy_setopt((c)->easy, opt, value), #opt)
void caller_checked(CURLcode code, const char *option);

/* libcurl is initialised (load/startup.h). c is all zero. */
void caller_init(struct caller *c, const struct caller_config *config);
void caller_clear(struct caller *c);
/* One more line of the head, "Name: value"; copied. Before the first call. */
void caller_header(struct caller *c, const char *line);
/* One call, to its end or until it is over. */
CURLcode caller_perform(struct caller *c);
/* Status of the last answer; 0 = there was none. */
long caller_status(const struct caller *c);
/* Why it failed, in words for people. Returns buf. */
const char *caller_why(const struct caller *c, CURLcode code, char *buf,
                       size_t size);
/* Ends the call that goes on, and all that follow. Any thread. */
void caller_stop(struct caller *c);

#endif
