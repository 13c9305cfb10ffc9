/* SPDX-License-Identifier: MIT
 *
 * digest - what answers a Digest challenge (RFC 7616): MD5, SHA-256, either as
 * -sess too, with qop "auth" or, as RFC 2069 had it, without. Pure but for the
 * hashes, which are libcrypto's. */
#ifndef LOAD_DIGEST_H
#define LOAD_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "plan/request.h"

/* Bounds a challenge, which comes from the service, and the answer. */
#define DIGEST_VALUE_MAX 1024
#define DIGEST_LINE_MAX  (16u << 10)

/* All borrowed. */
struct digest_ask {
    const struct credentials *who;
    const char *method;
    const char *url;    /* as it is requested */
    const char *cnonce; /* hex digits, new for each answer */
};

/* Appends "Authorization: Digest …" to line, for the strongest challenge in
 * the head (status line and fields, n bytes) that can be answered. false: there
 * is none, and line is as it was. */
bool digest_answer(const struct digest_ask *ask, const char *head, size_t n,
                   struct buf *line) MUST_CHECK;

#endif
