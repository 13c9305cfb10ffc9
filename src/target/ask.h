/* SPDX-License-Identifier: MIT
 *
 * ask - what a chat request asks for: its JSON body, read and validated as the
 * Vi runtime does it. No I/O. */
#ifndef TARGET_ASK_H
#define TARGET_ASK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

/* A body may hold this many bytes (Fastify's default); a larger one is 413. */
#define ASK_BODY_MAX   (1024 * 1024)
#define ASK_FAULTS_MAX 8

enum ask_verdict {
    ASK_OK,
    ASK_NOT_JSON, /* 400, not even JSON */
    ASK_INVALID,  /* 400, faults say why */
};

struct ask_fault {
    const char *field;   /* "sessionId"; "" = the body itself; constant */
    const char *message; /* constant */
};

struct ask {
    char *message;      /* owned; the whole of it */
    char session[37];   /* a UUID; "" = none was given */
    const char *canned; /* the answer of chat's short cut (greetings, dates,
                           names), which costs no capacity; constant, or
                           NULL = it takes the long way */
    struct ask_fault faults[ASK_FAULTS_MAX];
    size_t faults_n;
};

/* Empty: nothing owned. */
void ask_init(struct ask *a);
void ask_clear(struct ask *a);
/* Reads n bytes of body into a, which is empty. */
enum ask_verdict ask_parse(struct ask *a, const char *body, size_t n);
/* Is s a UUID in its usual form, of any version, in either case? */
bool ask_is_uuid(const char *s);

#endif
