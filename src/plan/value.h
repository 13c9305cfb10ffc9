/* SPDX-License-Identifier: MIT
 *
 * value - a text with ${…} in it, compiled once when the plan is read and
 * expanded for each request. Environment variables are settled before the run
 * and become literal text at compile time. */
#ifndef PLAN_VALUE_H
#define PLAN_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum value_kind {
    VALUE_LITERAL,   /* text as it is, already escaped for its place */
    VALUE_DATA,      /* a random element of plan->data[index] */
    VALUE_COLUMN,    /* column of the row that the VU holds of
                        plan->data[index], a file */
    VALUE_VU,        /* the VU's number, from 1 */
    VALUE_ITER,      /* the VU's iteration, from 0 */
    VALUE_UUID,      /* a new UUID at each use */
    VALUE_VU_UUID,   /* the VU's own, for its whole life */
    VALUE_RANDOM,    /* an integer lo..hi */
    VALUE_TIMESTAMP, /* milliseconds since 1970 */
    VALUE_FILE,      /* the bytes of plan->files[index], as they are */
    VALUE_VAR,       /* what an earlier step extracted: plan->vars[index] */
};

/* How what is put in must be written at its place. */
enum value_escape {
    ESCAPE_NONE,
    ESCAPE_JSON, /* inside a JSON string */
    ESCAPE_URL,  /* percent-encoded, RFC 3986 unreserved kept */
    ESCAPE_LINE, /* a header value, without CR, LF and NUL: a request that
                    would have them is refused before (load/expand.h) */
};

struct value_part {
    enum value_kind kind;
    enum value_escape escape;
    bool number;    /* ${x:number}: unquoted in JSON; what is no number makes
                       the request "unresolved" */
    uint32_t index; /* of data or variable */
    uint32_t column;
    int64_t lo, hi; /* VALUE_RANDOM */
    char *text;     /* VALUE_LITERAL: owned, len bytes */
    size_t len;
};

struct value {
    struct value_part *parts; /* owned */
    size_t n;
    bool fixed; /* literal text and files only: expands to the same bytes each
                   time */
};

/* Appends n bytes of s as they must be written at such a place. In a URL a
 * value is percent-encoded, unless the URL begins with it: then it is a URL
 * itself and stands as it is (ESCAPE_LINE). */
void value_escape(struct buf *out, enum value_escape how, const char *s,
                  size_t n);
/* Is the text a number as JSON writes it? What ${x:number} asks. */
bool value_is_number(const char *s, size_t n);

/* Moves the parts of more behind those of v; more is empty then. */
void value_join(struct value *v, struct value *more);
/* A deep copy into *to, which is owned by the caller. */
void value_copy(struct value *to, const struct value *from);
void value_clear(struct value *v);

#endif
