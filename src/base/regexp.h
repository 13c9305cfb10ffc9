/* SPDX-License-Identifier: MIT
 *
 * regexp - regular expressions as Perl has them (PCRE2): compiled once, then
 * shared by all threads; what a match needs to write is each thread's own. */
#ifndef BASE_REGEXP_H
#define BASE_REGEXP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"

#define REGEXP_PATTERN_MAX 4096 /* bytes of a pattern */
#define REGEXP_GROUPS_MAX  99

struct regexp;         /* opaque, immutable */
struct regexp_scratch; /* opaque, of one thread */

/* NULL: the pattern is wrong, and e says where: "at character 5: missing
 * closing parenthesis". Else owned by the caller. Matches characters, not
 * bytes; bytes that are not UTF-8 match nothing. */
struct regexp *regexp_new(const char *pattern, struct err *e) MUST_CHECK;
void regexp_free(struct regexp **r);
/* Groups in parentheses, 0 to REGEXP_GROUPS_MAX. */
unsigned regexp_groups(const struct regexp *r);
/* The number of a group that has a name, (?<name>…), or -1. */
int regexp_group(const struct regexp *r, const char *name);

/* Owned by the caller. */
struct regexp_scratch *regexp_scratch_new(void);
void regexp_scratch_free(struct regexp_scratch **s);

enum regexp_result {
    REGEXP_FOUND,
    REGEXP_NOT_FOUND,
    REGEXP_TOO_HARD, /* given up: more steps, depth or memory than allowed */
};

/* Looks in n bytes of text for the first match. Found: *at (borrowed from text)
 * and *len are that group of it, 0 being the whole; NULL and 0 when the group
 * took no part. at and len may be NULL. */
enum regexp_result regexp_find(const struct regexp *r, struct regexp_scratch *s,
                               const char *text, size_t n, unsigned group,
                               const char **at, size_t *len);

#endif
