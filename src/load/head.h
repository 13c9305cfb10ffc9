/* SPDX-License-Identifier: MIT
 *
 * head - header lines as they came from a service: finds fields in them, and
 * trusts nothing. Pure. */
#ifndef LOAD_HEAD_H
#define LOAD_HEAD_H

#include <stdbool.h>
#include <stddef.h>

/* A part of the head; borrowed from it. */
struct head_text {
    const char *s; /* not terminated */
    size_t n;
};
struct head_field {
    struct head_text name, value; /* without white space around them */
};

/* Where a walk through the lines stands. */
struct head_walk {
    const char *at, *end;
};

/* Begins at the fields of the last status line in head: what stands before it
 * belongs to interim responses. */
void head_begin(struct head_walk *w, const char *head, size_t n);
/* The next field. Lines that are none (no colon, no name, a name with white
 * space in it, a folded continuation) are passed over. false: no more. */
bool head_next(struct head_walk *w, struct head_field *f);

/* The first value of a field, names compared without case; false: not there. */
bool head_find(const char *head, size_t n, const char *name,
               struct head_text *value);
bool head_name_is(const struct head_text *name, const char *want);
/* Authorization, Proxy-Authorization, Cookie or Set-Cookie: never shown. */
bool head_is_secret(const struct head_text *name);

#endif
