/* SPDX-License-Identifier: MIT
 *
 * redirect - where a response sends the request next, by RFC 9110 as k6 (Go)
 * follows it: 301, 302 and 303 turn all but GET and HEAD into a GET without
 * body, 307 and 308 repeat the request as it was. Pure. */
#ifndef LOAD_REDIRECT_H
#define LOAD_REDIRECT_H

#include <stdbool.h>
#include <stddef.h>

enum redirect_kind {
    REDIRECT_NONE, /* this is the last response */
    REDIRECT_FOLLOW,
    REDIRECT_REFUSED, /* it points to where no request can go; why says it */
};

struct redirect {
    enum redirect_kind kind;
    char *url;          /* REDIRECT_FOLLOW: absolute, http or https; owned */
    const char *method; /* static */
    bool keep_body;
    bool keep_secrets; /* the same host, and not from https to http */
    char why[128];     /* one line; may hold hostile bytes */
};

/* From a response with this status and head to method url. Cleared by
 * redirect_clear. */
void redirect_read(struct redirect *r, const char *method, const char *url,
                   unsigned status, const char *head, size_t head_len);
void redirect_clear(struct redirect *r);

#endif
