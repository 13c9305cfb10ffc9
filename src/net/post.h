/* SPDX-License-Identifier: MIT
 *
 * post - an HTTP POST for the program's own use, again and again on a
 * connection of its own, over libcurl. Waits for the answer, so a thread of its
 * own calls it: nothing of the load goes through here, and nothing of the load
 * waits. Redirects are not followed: what is posted, and its credentials, go
 * where they were meant to go. */
#ifndef NET_POST_H
#define NET_POST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

#define POST_RETRY_AFTER_MAX_MS UINT64_C(3600000)
#define POST_RAW_MAX            255u

struct post; /* opaque */

struct post_config {
    const char *url;             /* as post_url_ok has it; borrowed for the call
                                    of post_new, as all that follows. User and
                                    password in it are for basic authentication */
    const char *const *headers;  /* "Name: value", NULL behind the last; NULL =
                                    none */
    const char *user, *password; /* basic authentication, before those of the
                                    URL; NULL = none */
    const char *cacert; /* PEM file of authorities; NULL = the system's */
    bool insecure;      /* certificates are not verified */
    const char *cert, *cert_key; /* PEM files of what is shown of oneself; NULL
                                    = nothing, the key is in cert */
    long timeout_ms;             /* of the whole call */
};

struct post_answer {
    long status;             /* 100..999; 0 = there was none */
    uint64_t retry_after_ms; /* Retry-After (RFC 9110, 10.2.3): seconds or a
                                date; 0 = none, or past; at most
                                POST_RETRY_AFTER_MAX_MS */
    char text[200];          /* beginning of the body: one line, safe to show */
    char raw[POST_RAW_MAX];  /* the same as it came */
    size_t raw_len;          /* bytes of it */
};

/* Is it a URL to post to: http or https, with a host? shown: the same without
 * user, password, query and fragment, safe to show; "" where it is none. */
bool post_url_ok(const char *url, char *shown, size_t size,
                 struct err *e) MUST_CHECK;

/* libcurl is initialised (load/startup.h). Never NULL. */
struct post *post_new(const struct post_config *c);
void post_free(struct post **p);
/* One call. true: an answer came, of whatever status; its body may be cut off
 * or too large, which does not matter. false: e says why in words for people,
 * without credentials; it is not known whether the other side has the data. */
bool post_send(struct post *p, const void *data, size_t n,
               struct post_answer *a, struct err *e) MUST_CHECK;
/* Ends the call that goes on, and all that follow. Any thread. */
void post_stop(struct post *p);

#endif
